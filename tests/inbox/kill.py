#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kill.py SERVER: kills a receiver with an inbox, again and again, under load.

Sends signed deliveries to the example inbox_receiver over real HTTP, kills it with SIGKILL at
random times and starts it again. In the end every event that was answered with 200 has to have had
its effect exactly once, no event twice, and no entry may be left over. Exits with 0 if so.

With --expect-broken it exits with 0 only if that did NOT hold: for programs that are broken on
purpose, so that it is known that this test can fail.
"""

import argparse
import base64
import collections
import hashlib
import hmac
import http.client
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

KEY = b"0123456789abcdefghijklmnopqrstuv"
SECRET = "whsec_" + base64.b64encode(KEY).decode()
PATH = "/webhooks/seatsio"
SQLITE_TABLE = "webhookpp_entries"
POSTGRES_TABLE = "webhookpp.entries"


class Server:
    """The program under test, which is started and killed many times."""

    def __init__(self, command, log_path):
        self.command = command
        self.log_path = log_path
        self.process = None
        self.port = 0

    def start(self):
        environment = dict(os.environ, SEATSIO_SECRET=SECRET)
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(
                self.command + ["--port", str(self.port)], env=environment,
                stdout=subprocess.PIPE, stderr=log)
        # Its workers may have handled something before it listens.
        lines = iter(self.process.stdout.readline, b"")
        line = next((text.decode() for text in lines if text.startswith(b"listening on ")), None)
        if line is None:
            with open(self.log_path, encoding="utf-8", errors="replace") as log:
                raise RuntimeError(f"the server does not start: {log.read()[-1000:]}")
        # The same port each time: a sender knows one address.
        self.port = int(line.split(":")[2].split("/")[0])
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=30)

    def stop(self, timeout):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=timeout)


class Postgres:
    """A server of its own, in a directory of its own, that only this machine can reach."""

    def __init__(self, programs, directory):
        self.programs = programs
        # Servers refuse to run as root.
        self.become = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        self.directory = os.path.join(directory, "postgres")
        os.mkdir(self.directory)
        if self.become:
            os.chmod(directory, 0o755)
            shutil.chown(self.directory, "postgres")
        data = os.path.join(self.directory, "data")
        subprocess.run(self.become + [f"{programs}/initdb", "-D", data, "-A", "trust", "-U",
                                      "postgres", "--no-sync"],
                       check=True, stdout=subprocess.DEVNULL, timeout=120)
        with open(os.path.join(directory, "postgres.log"), "wb") as log:
            self.process = subprocess.Popen(
                self.become + [f"{programs}/postgres", "-D", data, "-k", self.directory,
                               "-c", "listen_addresses="],
                stdout=log, stderr=log)
        self.store = f"postgresql:///postgres?host={self.directory}&user=postgres"
        for _ in range(600):
            ready = subprocess.run([f"{programs}/pg_isready", "-q", "-h", self.directory],
                                   timeout=30, check=False)
            if ready.returncode == 0:
                return
            time.sleep(0.1)
        self.stop()
        raise RuntimeError("PostgreSQL does not start")

    def stop(self):
        with open(os.path.join(self.directory, "data", "postmaster.pid"), encoding="ascii") as file:
            os.kill(int(file.readline()), signal.SIGINT)
        self.process.wait(timeout=60)


class Senders:
    """Threads that deliver events as a provider does: until they are answered with 200."""

    def __init__(self, server, count, seed):
        self.server = server
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.next_item = 1
        self.acknowledged = set()
        self.sent = set()
        self.answers = collections.Counter()
        self.latencies = []
        self.threads = [
            threading.Thread(target=self.work, args=(random.Random(f"{seed} {i}"),), daemon=True)
            for i in range(count)
        ]
        for thread in self.threads:
            thread.start()

    def work(self, chance):
        while not self.stopping.is_set():
            with self.lock:
                item = self.next_item
                self.next_item += 1
                self.sent.add(item)
            self.deliver(item, chance)

    def deliver(self, item, chance):
        for _ in range(1000):
            if self.stopping.is_set():
                return
            status = self.post(item)
            with self.lock:
                self.answers[status] += 1
            if status == 200:
                with self.lock:
                    self.acknowledged.add(item)
                # Now and then a provider has not seen the answer, and sends once more.
                if chance.random() < 0.1:
                    continue
                return
            time.sleep(0.002 if status is None else 0.01)

    def post(self, item):
        body = (f'{{"id":{item},"type":"chart.published",'
                f'"timestamp":"2024-01-10T10:03:02.147433Z",'
                f'"data":{{"workspaceKey":"ws","key":"chart-{item}"}}}}').encode()
        message_id, now = f"msg_{item}", str(int(time.time()))
        mac = hmac.new(KEY, f"{message_id}.{now}.".encode() + body, hashlib.sha256).digest()
        headers = {
            "Content-Type": "application/json", "webhook-id": message_id,
            "webhook-timestamp": now, "webhook-signature": "v1," + base64.b64encode(mac).decode(),
        }
        began = time.monotonic()
        try:
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=20)
            connection.request("POST", PATH, body, headers)
            status = connection.getresponse().status
            connection.close()
        except (OSError, http.client.HTTPException):
            return None
        if status == 200:
            with self.lock:
                self.latencies.append(time.monotonic() - began)
        return status

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(timeout=30)


def query(store, statement, programs=None):
    """Rows of a statement, of either database, as tuples of text."""
    if programs:
        printed = subprocess.run(
            [f"{programs}/psql", "--no-psqlrc", "--tuples-only", "--no-align", "--field-separator=\t",
             "--command", statement, store],
            check=True, capture_output=True, text=True, timeout=120).stdout
        return [tuple(line.split("\t")) for line in printed.splitlines() if line]
    database = sqlite3.connect(f"file:{store}?mode=ro", uri=True, timeout=30)
    try:
        rows = database.execute(statement).fetchall()
        return [tuple(str(value) for value in row) for row in rows]
    finally:
        database.close()


def wait_until_worked_off(ask, table, seconds):
    """Waits until nothing is ready or leased, or nothing has changed for so long; returns how many
    entries are."""
    waiting = None
    while waiting != 0:
        before = waiting
        for _ in range(seconds * 10):
            waiting = int(ask(f"SELECT count(*) FROM {table} WHERE state < 2")[0][0])
            if waiting != before:
                break
            time.sleep(0.1)
        else:
            break
    return waiting


def problems_of(ask, table, senders):
    """What is wrong with the database, given what was sent and acknowledged."""
    found = []
    effects = collections.Counter(
        int(item) for (item,) in ask("SELECT item FROM seatsio_changes"))
    lost = senders.acknowledged - set(effects)
    doubled = [item for item, count in effects.items() if count > 1]
    invented = set(effects) - senders.sent
    stuck = int(ask(f"SELECT count(*) FROM {table} WHERE state < 2")[0][0])
    dead = int(ask(f"SELECT count(*) FROM {table} WHERE state = 3")[0][0])
    for what, items in (("lost", lost), ("with two effects", doubled), ("invented", invented)):
        if items:
            found.append(f"{len(items)} events {what}, such as {sorted(items)[:5]}")
    if stuck:
        found.append(f"{stuck} entries stuck")
    if dead:
        found.append(f"{dead} entries dead")
    if table == SQLITE_TABLE:
        check = ask("PRAGMA integrity_check")
        if check != [("ok",)]:
            found.append(f"integrity_check: {check[:3]}")
    return found, len(effects)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("server")
    parser.add_argument("--postgres", metavar="DIRECTORY",
                        help="start PostgreSQL with the programs there, and take that for SQLite")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--senders", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--expect-broken", metavar="FAULT",
                        help="the server is one that is broken on purpose, in this way")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    chance = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as directory:
        postgres = Postgres(arguments.postgres, directory) if arguments.postgres else None
        try:
            return run(arguments, chance, directory, postgres)
        finally:
            if postgres:
                postgres.stop()


def run(arguments, chance, directory, postgres):
    """Kills and counts; returns the exit status."""
    store = postgres.store if postgres else os.path.join(directory, "inbox.db")
    table = POSTGRES_TABLE if postgres else SQLITE_TABLE

    def ask(statement):
        return query(store, statement, arguments.postgres)

    # With as many kills an entry may well be hit more often than would do usually.
    command = [arguments.server, "--store", store, "--lease", "1", "--attempts", "1000"]
    if arguments.expect_broken:
        command += ["--fault", arguments.expect_broken]
    server = Server(command, os.path.join(directory, "log"))
    server.start()
    senders = Senders(server, arguments.senders, arguments.seed)
    began = time.monotonic()
    for _ in range(arguments.kills):
        # From within the start of the workers to far into the load.
        time.sleep(chance.choice((0.01, 0.05, 0.15, 0.4)) * (0.5 + chance.random()))
        server.kill()
        server.start()
    senders.stop()
    seconds = time.monotonic() - began
    waiting = wait_until_worked_off(ask, table, 30)
    worked_off = time.monotonic() - began - seconds
    status = server.stop(timeout=60)
    problems, effects = problems_of(ask, table, senders)
    if status != 0:
        problems.append(f"the server ended with {status} when it was asked to stop")
    print(f"{arguments.kills} kills in {seconds:.0f} s, {len(senders.sent)} events sent, "
          f"{len(senders.acknowledged)} acknowledged, {effects} effects, {waiting} waiting "
          f"{worked_off:.0f} s later; "
          f"answers {dict(senders.answers.most_common())}")
    for problem in problems:
        print("problem: " + problem)
    if not senders.acknowledged:
        print("problem: nothing was acknowledged, so nothing was tested")
        return 1
    if arguments.expect_broken:
        print("this program is broken, and that was " + ("seen" if problems else "NOT SEEN"))
        return 0 if problems else 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
