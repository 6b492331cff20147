#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""beast_with_sockets.py SERVER: sends to an example receiver what curl cannot send: trailers,
truncated bodies, pipelined requests, bodies without an end, and very slow ones."""

import base64
import hashlib
import hmac
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

PATH = "/webhooks/seatsio"
EVENT = (b'{"id":7,"type":"chart.created","timestamp":"2024-01-10T10:03:02.147433Z",'
         b'"data":{"workspaceKey":"ws-1","key":"thing-1"}}')
LIMIT = 1024 * 1024
TIMEOUT = 10  # of the server, for one request

key = os.urandom(24)
failed = 0
lock = threading.Lock()


def check(sentence, good, seen=""):
    global failed
    with lock:
        failed += not good
        print(f"ok - {sentence}" if good else f"not ok - {sentence} (saw: {str(seen)[:300]})")


def signed(body, without=()):
    """The headers that sign `body`, as (name, value)."""
    now = str(int(time.time()))
    mac = hmac.new(key, b"msg_1." + now.encode() + b"." + body, hashlib.sha256).digest()
    headers = {"Webhook-Id": "msg_1", "Webhook-Timestamp": now,
               "Webhook-Signature": "v1," + base64.b64encode(mac).decode()}
    return {name: value for name, value in headers.items() if name not in without}


def head(headers, path=PATH, version="1.1", **more):
    more = {name.replace("_", "-"): value for name, value in more.items()}
    lines = [f"POST {path} HTTP/{version}", "Host: localhost"]
    lines += [f"{name}: {value}" for name, value in {**headers, **more}.items()]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def whole(body=EVENT, **more):
    return head(signed(body), Content_Length=len(body), **more) + body


def chunked(body, size, trailer=b""):
    pieces = [body[i:i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(p), p) for p in pieces) + b"0\r\n" + trailer + b"\r\n"


class Connection:
    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.buffer = b""

    def send(self, data):
        try:
            self.socket.sendall(data)
        except ConnectionError:
            pass  # it shows when there is no answer
        return self

    def half_close(self):
        self.socket.shutdown(socket.SHUT_WR)
        return self

    def _more(self):
        try:
            data = self.socket.recv(65536)
        except ConnectionError:
            data = b""
        self.buffer += data
        return bool(data)

    def status(self):
        """The status of the next response; 0 when the connection has ended instead."""
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                return 0
        text, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        length = re.search(rb"(?i)content-length: *(\d+)", text)
        length = int(length[1]) if length else 0
        while len(self.buffer) < length:
            if not self._more():
                return 0
        self.buffer = self.buffer[length:]
        return int(text.split()[1])

    def quiet_for(self, seconds):
        self.socket.settimeout(seconds)
        try:
            return not self.socket.recv(1)
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(30)

    def ended(self):
        while self._more():
            pass
        return self.buffer == b""


def main():
    secret = "whsec_" + base64.b64encode(key).decode()
    with tempfile.NamedTemporaryFile(mode="r", encoding="utf-8") as log:
        with open(log.name, "wb") as out:
            server = subprocess.Popen([sys.argv[1], "--port", "0"], stdout=out,
                                      env={**os.environ, "SEATSIO_SECRET": secret})
        try:
            checks(server, log)
        finally:
            if server.poll() is None:
                server.kill()
                server.wait()
    print(f"{failed} failed")
    return failed != 0


def checks(server, log):
    def printed():
        log.seek(0)
        return log.read()

    until = time.monotonic() + 10
    while not (listening := re.search(r":(\d+)/.*\n", printed())) and time.monotonic() < until:
        time.sleep(0.02)
    port = int(listening[1])
    connect = lambda: Connection(port)  # noqa: E731

    def accepted():
        # The server prints before it answers or closes the connection.
        return printed().count("\naccepted")

    def slow(sentence, first, then):
        began = time.monotonic()
        connection = connect().send(first)
        try:
            connection.socket.settimeout(0.5)
            while time.monotonic() - began < 3 * TIMEOUT:
                try:
                    if not connection.socket.recv(1):
                        break
                except TimeoutError:
                    connection.socket.sendall(then)
        except ConnectionError:
            pass
        took = time.monotonic() - began
        check(sentence, TIMEOUT - 2 < took < TIMEOUT + 3, took)

    headers = head(signed(EVENT), Content_Length=100000)
    slow_ones = [
        threading.Thread(target=slow, args=arguments) for arguments in (
            ("a connection with nothing to say is ended", b"", b""),
            ("headers that drip in are cut off", b"POST / HTTP/1.1\r\nX: ", b"x"),
            ("a body that drips in is cut off", headers, b"x"),
            ("a refused body that drips in is cut off", head({}, Content_Length=100000), b"x"),
            ("an idle connection is ended after an answer", head({}, Content_Length=0), b""))]
    for thread in slow_ones:
        thread.start()

    check("a whole delivery is accepted", connect().send(whole()).status() == 200)
    chunks = head(signed(EVENT), Transfer_Encoding="chunked")
    for size in (1000, 7, 1):
        status = connect().send(chunks + chunked(EVENT, size)).status()
        check(f"chunks of {size} bytes are put together", status == 200, status)

    for name in ("Webhook-Id", "Webhook-Timestamp", "Webhook-Signature"):
        fields = signed(EVENT)
        trailer = f"{name}: {fields[name]}\r\n".encode()
        request = head(signed(EVENT, [name]), Transfer_Encoding="chunked", Trailer=name)
        before = accepted()
        for pause in (0, 0.1):
            connection = connect().send(request)
            time.sleep(pause)
            status = connection.send(chunked(EVENT, 50, trailer)).status()
            check(f"a trailer {name} is not taken for a header", status == 401, status)
            status = connection.send(whole()).status()
            check("  and nothing of it stays for the next request", status == 200, status)
        check("  nor is the event handled", accepted() - before == 2, printed()[-200:])

    before = accepted()
    for name, body in (("with a length", whole()[:-1]),
                       ("of which nothing came", head(signed(b""), Content_Length=10)),
                       ("in chunks", chunks + chunked(EVENT, 50)[:-5]),
                       ("without the last line", chunks + chunked(EVENT, 50)[:-2])):
        status = connect().send(body).half_close().status()
        check(f"a truncated body {name} gets no answer", status == 0, status)
    check("  and is not handled", accepted() == before, printed()[-200:])

    connection = connect().send(whole() * 3 + whole(path="/other") + whole())
    statuses = [connection.status() for _ in range(5)]
    check("pipelined requests are answered in order", statuses == [200, 200, 200, 404, 200],
          statuses)

    good = head(signed(EVENT), Content_Length=len(EVENT), Expect="100-Continue")
    connection = connect().send(good)
    status = connection.status()
    check("a sender that expects it is told to continue", status == 100, status)
    status = connection.send(EVENT).status()
    check("  and its delivery is accepted", status == 200, status)
    status = connection.send(whole()).status()
    check("  and the connection goes on", status == 200, status)
    status = connect().send(good + EVENT).status()
    check("one that does not wait for it is not told to", status == 200, status)
    old = head(signed(EVENT), version="1.0", Content_Length=len(EVENT), Expect="100-continue")
    connection = connect().send(old)
    check("one with HTTP/1.0 does not know it", connection.quiet_for(0.3))
    status = connection.send(EVENT).status()
    check("  and is answered", status == 200 and connection.ended(), status)
    for status, request in ((401, head({}, Content_Length=10, Expect="100-continue")),
                            (413, head(signed(b""), Content_Length=LIMIT + 1,
                                       Expect="100-continue")),
                            (404, head({}, path="/", Content_Length=9, Expect="100-continue"))):
        connection = connect().send(request)
        seen = connection.status()
        check(f"one whose headers decide it is answered with {status} at once",
              seen == status and connection.ended(), seen)

    large = b"x" * (4 * LIMIT)
    for name, request in (("with a length", head(signed(large), Content_Length=len(large)) + large),
                          ("in chunks", head(signed(large), Transfer_Encoding="chunked") +
                           chunked(large, 10000))):
        connection = connect().send(request)
        status = connection.status()
        check(f"a body over the limit {name} is read, and answered with 413", status == 413, status)
        status = connection.send(whole()).status()
        check("  and the connection goes on", status == 200, status)
    for request, expected in ((head({}, Content_Length=len(large)) + large, 413),
                              (head({}, Content_Length=LIMIT) + large[:LIMIT], 401),
                              (head({}, path="/", Content_Length=LIMIT) + large[:LIMIT], 404)):
        connection = connect().send(request)
        status = connection.status()
        check(f"a refused body is read, and answered with {expected}", status == expected, status)
        status = connection.send(whole()).status()
        check("  and the connection goes on", status == 200, status)
    for length in (10**12, 2**64 - 1):
        connection = connect().send(head(signed(EVENT), Content_Length=length))
        status = connection.status()
        check(f"nobody waits for {length} bytes", status == 413 and connection.ended(), status)
    for length in ("18446744073709551616", "-1", "1,2", "0x10"):
        connection = connect().send(head(signed(EVENT), Content_Length=length) + EVENT)
        check(f"a Content-Length of {length} is none", connection.ended(), connection.buffer)

    def endless(sentence, start, piece):
        connection = connect().send(start)
        sent = 0
        try:
            while sent < 100 * LIMIT:
                connection.socket.sendall(piece)
                sent += len(piece)
        except ConnectionError:
            pass
        check(sentence, sent < 40 * LIMIT, sent)

    endless("chunks without end are cut off", chunks, b"10000\r\n" + b"x" * 65536 + b"\r\n")
    endless("tiny chunks without end are cut off", chunks, b"1\r\nx\r\n" * 1000)
    endless("an extension of a chunk without end is cut off", chunks + b"1;", b"x" * 10000)
    endless("chunks with large extensions are cut off", chunks,
            b"1;" + b"x" * 8000 + b"\r\nx\r\n")
    endless("trailers without end are cut off", chunks + b"0\r\n", b"X: " + b"x" * 997 + b"\r\n")
    endless("headers without end are cut off", b"POST / HTTP/1.1\r\n", b"X: " + b"x" * 99 + b"\r\n")

    both = head(signed(EVENT), Content_Length=len(EVENT), Transfer_Encoding="chunked")
    for name, request in (("length and chunks", both + chunked(EVENT, 50)),
                          ("two lengths", head(signed(EVENT), content_length=len(EVENT),
                                               Content_Length=len(EVENT) - 1) + EVENT),
                          ("no HTTP", b"\x16\x03\x01" + b"\xff" * 600 + b"\r\n\r\n")):
        before = accepted()
        connection = connect().send(request)
        check(f"{name}: the connection ends", connection.ended() and accepted() == before,
              connection.buffer)

    for thread in slow_ones:
        thread.join()
    idle = [connect() for _ in range(40)]
    waiting = connect().send(headers)
    check("a connection after all that is served" if "sync" not in sys.argv[1] else "still alive",
          "sync" in sys.argv[1] or connect().send(whole()).status() == 200)
    with open(f"/proc/{server.pid}/status", encoding="ascii") as status_file:
        peak = int(re.search(r"VmHWM:\s*(\d+)", status_file.read())[1])
    print(f"# peak memory: {peak} kB")
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    status = server.wait(20)
    took = time.monotonic() - began
    check("SIGTERM ends the server in good order, with connections open",
          status == 0 and took < 2 and printed().endswith("\nstopped\n"),
          (status, took, printed()[-200:]))
    del idle, waiting


sys.exit(main())
