# SPDX-License-Identifier: MIT
"""Measures what verification and typed events take from the requests that a server answers, with wrk
and the example receivers of seats.io. Each is asked for three things by turns: a path that it does
not have (HTTP alone: the body is read and dropped), a delivery with a wrong signature, and a genuine
one, which is decoded, handed to a handler and printed.

  servers.py DIRECTORY     where the receivers are
"""

import base64
import hashlib
import hmac
import json
import os
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 5
SECONDS = 3
CONNECTIONS = 16
SECRET = b"32 bytes of secret for measuring"
SERVERS = [("cpp-httplib", "seatsio_receiver"), ("Boost.Beast", "beast_receiver")]
BODY = json.dumps({
    "id": 1467233, "type": "chart.published", "timestamp": "2024-01-10T10:03:02.147433Z",
    "data": {"workspaceKey": "5d2b1c70-8a44-4c57-9d0e-3f6a1b7c9e25",
             "key": "e2f0a9b4-17c3-4d68-b5aa-90c4d1e7f836"}}, separators=(",", ":"))


def script_of(genuine):
    """What wrk sends, for a few minutes from now."""
    sent = str(int(time.time()))
    content = f"msg_2KWPBgLlAfxdpx2AI54pPJ85f4W.{sent}.{BODY}".encode()
    key = SECRET if genuine else b"another"
    signature = base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()
    headers = {"Content-Type": "application/json", "webhook-id": "msg_2KWPBgLlAfxdpx2AI54pPJ85f4W",
               "webhook-timestamp": sent, "webhook-signature": "v1," + signature}
    lines = ['wrk.method = "POST"', f"wrk.body = {json.dumps(BODY)}"]
    lines += [f'wrk.headers["{name}"] = "{value}"' for name, value in headers.items()]
    return "\n".join(lines)


def load(url, genuine):
    """Requests a second, and the milliseconds within which 99 % of them were answered."""
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(script_of(genuine))
        script.flush()
        said = subprocess.run(
            ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "--latency", "-s", script.name, url],
            check=True, stdout=subprocess.PIPE, text=True).stdout
    refused = int((re.search(r"Non-2xx or 3xx responses: (\d+)", said) or ["", "0"])[1])
    answered = int(re.search(r"(\d+) requests in", said)[1])
    if "Socket errors" in said or refused != (0 if genuine else answered):
        raise RuntimeError(f"{url}: not what was expected:\n{said}")
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)\b", said).groups()
    return (float(re.search(r"Requests/sec:\s+([\d.]+)", said)[1]),
            float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


def measure(program):
    secret = "whsec_" + base64.b64encode(SECRET).decode()
    with subprocess.Popen([program, "--port", "0"], stdout=subprocess.PIPE, text=True,
                          stderr=subprocess.DEVNULL,
                          env={**os.environ, "SEATSIO_SECRET": secret}) as server:
        url = re.search(r"http://[\d.]+:\d+", server.stdout.readline())[0]
        # What it prints is read, as by a log.
        drain = subprocess.Popen(["cat"], stdin=server.stdout, stdout=subprocess.DEVNULL)
        try:
            asked = {"HTTP alone": (url + "/nowhere", False),
                     "wrong signature": (url + "/webhooks/seatsio", False),
                     "genuine": (url + "/webhooks/seatsio", True)}
            found = {what: [] for what in asked}
            for _ in range(ROUNDS):
                for what, (target, genuine) in asked.items():
                    found[what].append(load(target, genuine))
        finally:
            server.send_signal(signal.SIGTERM)
            drain.wait(10)
    return {what: [statistics.median(each) for each in zip(*values)]
            for what, values in found.items()}


def main():
    if not shutil.which("wrk"):
        print("wrk is not installed: no server is measured")
        return
    layout = "{:<14} {:<18} {:>12} {:>7} {:>9} {:>7}"
    print("\n" + layout.format("server", f"{len(BODY)} B", "requests/s", "ratio", "p99 ms", "ratio"))
    for name, receiver in SERVERS:
        program = os.path.join(sys.argv[1], receiver)
        if not os.path.exists(program):
            continue
        found = measure(program)
        alone = found["HTTP alone"]
        for what, (rate, p99) in found.items():
            print(layout.format(name, what, f"{rate:.0f}", f"{rate / alone[0]:.2f}", f"{p99:.2f}",
                                f"{p99 / alone[1]:.2f}"), flush=True)


if __name__ == "__main__":
    main()
