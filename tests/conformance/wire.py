# SPDX-License-Identifier: MIT
"""HTTP/1.1 by hand over a socket, so that a request can be as wrong as a case needs it; and curl.

Every wait here ends: none is longer than what its caller passes.
"""

import dataclasses
import os
import re
import select
import socket
import struct
import subprocess
import tempfile
import time

PATH = b"/webhooks/seatsio"
ANSWER_SECONDS = 10.0


@dataclasses.dataclass
class Reply:
    """What came back. `status` is None where no answer came: `why` says how that went."""

    status: int | None = None
    why: str = ""
    headers: dict[bytes, bytes] = dataclasses.field(default_factory=dict)
    body: bytes = b""
    interim: list[int] = dataclasses.field(default_factory=list)

    def text(self) -> str:
        return self.why if self.status is None else str(self.status)

    def success(self) -> bool:
        return self.status is not None and 200 <= self.status < 300


def head(headers, method: bytes = b"POST", target: bytes = PATH,
         version: bytes = b"HTTP/1.1") -> bytes:
    """The request line, the header lines and the empty line behind them."""
    lines = [method + b" " + target + b" " + version, b"Host: 127.0.0.1"]
    lines += [name + b": " + value for name, value in headers]
    return b"\r\n".join(lines) + b"\r\n\r\n"


def chunked(body: bytes, size: int, extension: bytes = b"", trailers=()) -> bytes:
    """`body` in chunks of `size` bytes, with the last chunk and `trailers`."""
    parts = []
    for start in range(0, len(body), size):
        piece = body[start:start + size]
        parts.append(b"%X%s\r\n%s\r\n" % (len(piece), extension, piece))
    parts.append(b"0\r\n")
    parts += [name + b": " + value + b"\r\n" for name, value in trailers]
    return b"".join(parts) + b"\r\n"


class Connection:
    """A connection to the receiver. To be used in a `with` statement."""

    def __init__(self, port: int):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=ANSWER_SECONDS)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._received = b""
        self._ended = False

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._socket.close()

    def half_close(self) -> None:
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._ended = True

    def reset(self) -> None:
        """Breaks the connection off: whoever reads at the other end sees an error."""
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._socket.close()

    def send(self, data: bytes, seconds: float = ANSWER_SECONDS) -> bool:
        """Sends while it listens, as a server may answer before it has read all. Returns whether
        everything was sent."""
        rest = memoryview(data)
        until = time.monotonic() + seconds
        while rest and not self._ended and time.monotonic() < until:
            readable, writable, _ = select.select([self._socket], [self._socket], [], 0.5)
            if readable:
                self._receive()
            if writable and not self._ended:
                try:
                    rest = rest[self._socket.send(rest[:1 << 18]):]
                except BlockingIOError:
                    pass
                except OSError:
                    self._drain()
            elif not writable and self._received:
                break  # it has answered and no longer reads
        return not rest

    def read_reply(self, method: bytes = b"POST", seconds: float = ANSWER_SECONDS) -> Reply:
        """The next answer that is not an interim one."""
        until = time.monotonic() + seconds
        reply = Reply()
        while True:
            end = self._wait_for(lambda: self._received.find(b"\r\n\r\n") + 1, until)
            if not end:
                reply.why = self._silence()
                return reply
            first, *lines = self._received[:end - 1].split(b"\r\n")
            self._received = self._received[end + 3:]
            found = re.fullmatch(rb"HTTP/1\.[01] ([1-5]\d\d)( .*)?", first)
            if not found:
                reply.why = "unreadable answer"
                return reply
            status = int(found[1])
            if status < 200:
                reply.interim.append(status)
                continue
            reply.status = status
            for line in lines:
                name, _, value = line.partition(b":")
                reply.headers[name.lower()] = value.strip()
            if method != b"HEAD" and status not in (204, 304):
                self._read_body(reply, until)
            return reply

    def read_interim(self, seconds: float) -> bool:
        """Whether `100 Continue` came within that time."""
        return bool(self._wait_for(lambda: self._received.startswith(b"HTTP/1.1 100"),
                                   time.monotonic() + seconds))

    def closed_within(self, seconds: float) -> bool:
        """Whether the other end has closed within that time; what it sent is dropped."""
        self._wait_for(lambda: False, time.monotonic() + seconds)
        return self._ended

    def _read_body(self, reply: Reply, until: float) -> None:
        if b"content-length" in reply.headers:
            size = int(reply.headers[b"content-length"])
            self._wait_for(lambda: len(self._received) >= size, until)
            reply.body, self._received = self._received[:size], self._received[size:]
        elif reply.headers.get(b"transfer-encoding", b"").lower() == b"chunked":
            self._read_chunks(reply, until)
        else:
            self._wait_for(lambda: False, until)
            reply.body, self._received = self._received, b""

    def _read_chunks(self, reply: Reply, until: float) -> None:
        while self._wait_for(lambda: b"\r\n" in self._received, until):
            line, _, self._received = self._received.partition(b"\r\n")
            size = int(line.partition(b";")[0], 16)
            if not self._wait_for(lambda: len(self._received) >= size + 2, until):
                return
            reply.body += self._received[:size]
            self._received = self._received[size + 2:]
            if size == 0:
                return

    def _wait_for(self, condition, until: float):
        while True:
            value = condition()
            left = until - time.monotonic()
            if value or self._ended or left <= 0:
                return value
            if select.select([self._socket], [], [], left)[0]:
                self._receive()

    def _receive(self) -> None:
        try:
            piece = self._socket.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            piece = b""
        self._received += piece
        self._ended = not piece

    def _drain(self) -> None:
        # Sending has failed: the answer may have come before that.
        while not self._ended:
            if not select.select([self._socket], [], [], 0)[0]:
                self._ended = True
            else:
                self._receive()

    def _silence(self) -> str:
        if not self._ended:
            return "no answer"
        return "broken answer" if self._received else "closed"


def curl(port: int, headers, body: bytes, *options: str) -> Reply:
    """Posts `body` with curl."""
    command = ["curl", "-q", "--noproxy", "*", "--silent", "--max-time", "20",
               "--write-out", "%{stderr}%{http_code}", "-H", "Content-Type: application/json"]
    for name, value in headers:
        command += ["-H", f"{name.decode()}: {value.decode()}"]
    with tempfile.NamedTemporaryFile(prefix="conformance_") as file:
        file.write(body)
        file.flush()
        command += ["--data-binary", f"@{file.name}", *options,
                    f"http://127.0.0.1:{port}{PATH.decode()}"]
        done = subprocess.run(command, capture_output=True, timeout=30, check=False,
                              env={"PATH": os.environ["PATH"]})
    status = int(done.stderr[-3:] or b"0")
    if status == 0:
        return Reply(why="no answer" if done.returncode == 28 else "closed")
    return Reply(status=status, body=done.stdout)
