#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A receiver in Python for the self-test: right by default, and wrong in one way with --fault.

It is no server to copy: it does just as much HTTP as the cases need.
"""

import argparse
import base64
import gzip
import hmac
import json
import os
import signal
import socketserver
import sys
import threading
import time

sys.dont_write_bytecode = True

import messages
import wire

LIMIT = 1 << 20
FAULTS = ["accepts_all", "reads_trailers", "unpacks_gzip", "unpacks_any_gzip", "takes_cut_off",
          "leaves_body_unread", "keeps_headers", "mixes_up_threads", "cuts_long_bodies",
          "cuts_at_nul", "joins_folded_lines", "first_duplicate_only", "bodies_as_text",
          "parses_forms", "case_sensitive", "waits_for_ever", "forgets_413",
          "any_method", "unbounded", "exits_with_1", "ignores_sigterm", "dies_of_nul", "talks"]


class Refused(Exception):
    """The request is answered with this status, and the connection closed."""

    def __init__(self, status: int):
        super().__init__(status)
        self.status = status


def say(text: str) -> None:
    os.write(1, (text + "\n").encode())


class Handler(socketserver.StreamRequestHandler):
    timeout = 5  # seconds, for each read
    fault = ""
    last_accepted = 0.0

    def handle(self):
        self.request.settimeout(None if self.fault == "waits_for_ever" else self.timeout)
        self.fields = []
        try:
            while self.serve_one():
                pass
        except Refused as refused:
            self.answer(refused.status, b"")
        except OSError:
            pass

    def serve_one(self) -> bool:
        line = self.rfile.readline(9000)
        if not line:
            return False
        words = line.split()
        if len(words) != 3 or not words[2].startswith(b"HTTP/1."):
            raise Refused(400)
        self.read_header()
        if words[1].partition(b"?")[0] != wire.PATH:
            raise Refused(404)
        if words[0] != b"POST" and self.fault != "any_method":
            raise Refused(405)
        if self.fault == "leaves_body_unread" and not self.all_of("webhook-signature"):
            self.answer(*self.judge(b""))
            return True
        body = self.read_body()
        if self.fault == "mixes_up_threads":
            # What another thread has found out meanwhile is taken for one's own.
            verdict = self.judge(body)
            if verdict[0] == 200:
                Handler.last_accepted = time.monotonic()
            time.sleep(0.02)
            recent = time.monotonic() - Handler.last_accepted < 0.1
            self.answer(*((200, b"ok\n") if recent else verdict))
        else:
            self.answer(*self.judge(body))
        return words[2] == b"HTTP/1.1" and len(self.all_of("connection")) == 0

    def read_header(self):
        fields = []
        while (line := self.rfile.readline(9000)) not in (b"\r\n", b""):
            if line[:1] in b" \t":
                if self.fault != "joins_folded_lines":
                    raise Refused(400)
                line = line.strip() + b"\r\n"
            name, colon, value = line.partition(b":")
            if not line.endswith(b"\r\n") or not colon or name != name.strip() or \
                    len(fields) > 1000:
                raise Refused(400)
            name, value = name.decode("latin-1"), value.strip(b" \t\r\n").decode("latin-1")
            if self.fault == "cuts_at_nul":
                value = value.partition("\0")[0]
            elif "\0" in value:
                if self.fault == "dies_of_nul":
                    os._exit(3)
                raise Refused(400)
            fields.append((name, value))
        self.fields = self.fields + fields if self.fault == "keeps_headers" else fields

    def all_of(self, name: str) -> list[str]:
        if self.fault == "case_sensitive":
            return [v for n, v in self.fields if n == name]
        return [v for n, v in self.fields if n.lower() == name]

    def read_body(self) -> bytes:
        lengths, codings = self.all_of("content-length"), self.all_of("transfer-encoding")
        if len(set(lengths)) > 1 or (lengths and codings):
            raise Refused(400)
        if "100-continue" in self.all_of("expect"):
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        if codings:
            if codings[0].lower() != "chunked":
                raise Refused(501)
            return self.read_chunks()
        if not lengths:
            return b""
        if not lengths[0].isascii() or not lengths[0].isdigit():
            raise Refused(400)
        size = int(lengths[0])
        if size >= 1 << 63:
            raise Refused(400)
        if size > LIMIT and self.fault not in ("unbounded", "forgets_413", "cuts_long_bodies"):
            self.drop(size)
            raise Refused(413)
        body = self.read_exactly(size)
        return body[:LIMIT] if self.fault == "cuts_long_bodies" else body

    def drop(self, size: int):
        left = min(size, 8 * LIMIT)
        while left > 0 and (piece := self.rfile.read(min(left, 65536))):
            left -= len(piece)

    def read_exactly(self, size: int) -> bytes:
        data = self.rfile.read(size)
        if len(data) < size and self.fault != "takes_cut_off":
            raise Refused(400)
        return data

    def read_chunks(self) -> bytes:
        body, size = b"", 0
        while True:
            line = self.rfile.readline(9000)
            if not line and self.fault == "takes_cut_off":
                return body
            try:
                chunk = int(line.partition(b";")[0], 16)
            except ValueError:
                raise Refused(400) from None
            if chunk > 1 << 32:
                raise Refused(400)
            size += chunk
            if size > 8 * LIMIT and self.fault != "unbounded":
                raise Refused(413)
            piece = self.read_exactly(chunk)
            if size <= LIMIT + 65536 or self.fault in ("unbounded", "forgets_413"):
                body += piece
            if chunk == 0:
                break
            self.rfile.readline(3)
        while (line := self.rfile.readline(9000)) not in (b"\r\n", b""):
            if self.fault == "reads_trailers":
                name, _, value = line.decode("latin-1").partition(":")
                self.fields.append((name, value.strip()))
        if size > LIMIT and self.fault not in ("unbounded", "forgets_413"):
            raise Refused(413)
        return body

    def one_of(self, name: str) -> str:
        values = [value for value in self.all_of(name) if value]
        if not values:
            raise LookupError("missing_header")
        if len(set(values)) > 1 and self.fault != "first_duplicate_only":
            raise LookupError("duplicate_header")
        if len(values[0]) > 8192:
            raise LookupError("header_too_large")
        return values[0]

    def judge(self, body: bytes) -> tuple[int, bytes]:
        """The status and the text of the answer to this body; prints what becomes of it."""
        if self.fault == "accepts_all":
            return 200, b"ok\n"
        if self.fault == "bodies_as_text":
            body = body.decode("utf-8", errors="replace").encode()
        if self.fault == "parses_forms" and "form" in "".join(self.all_of("content-type")):
            body = b""
        packed = "gzip" in self.all_of("content-encoding") and body[:2] == b"\x1f\x8b"
        plain = gzip.decompress(body) if packed and len(body) < 9000 else body
        try:
            prefix = "svix" if self.all_of("svix-id") else "webhook"
            message_id = self.one_of(prefix + "-id")
            timestamp = self.one_of(prefix + "-timestamp")
            given = self.one_of(prefix + "-signature").split()
            if "." in message_id or not message_id.isascii() or "\0" in message_id:
                raise LookupError("invalid_id")
            age = time.time() - int(timestamp)
            signed = [plain if self.fault == "unpacks_gzip" else body]
            if self.fault == "unpacks_any_gzip":
                signed.append(plain)
            if not any(hmac.compare_digest(
                    messages.signature(message_id.encode(), timestamp.encode(), each, KEY),
                    one.encode("latin-1")) for each in signed for one in given):
                raise LookupError("signature_mismatch")
            if abs(age) > 300:
                raise LookupError("timestamp_too_old" if age > 0 else "timestamp_too_new")
        except LookupError as error:
            code = error.args[0]
            status = 413 if code == "header_too_large" else 401
            say(f"refused {status} {code} header")
            return status, b"the delivery could not be verified\n"
        try:
            key = json.loads(plain if "unpacks" in self.fault else body)["data"]["key"]
        except (ValueError, KeyError):
            say("refused 400 malformed_json body")
            return 400, b"the event could not be decoded\n"
        say(f"accepted chart created: {key} in workspace ws-1")
        return 200, b"ok\n"

    def answer(self, status: int, text: bytes):
        self.wfile.write(b"HTTP/1.1 %d X\r\nContent-Type: text/plain; charset=utf-8\r\n"
                         b"Content-Length: %d\r\n\r\n%s" % (status, len(text), text))


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, *_):
        pass


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--fault", choices=FAULTS, default="")
    options = parser.parse_args()
    Handler.fault = options.fault
    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT, signal.SIGTERM])
    try:
        server = Server(("127.0.0.1", options.port), Handler)
    except OSError as error:
        print(error, file=sys.stderr)
        return 1
    threading.Thread(target=server.serve_forever, daemon=True).start()
    if options.fault == "talks":
        say(os.environ["SEATSIO_SECRET"])
    say(f"listening on http://127.0.0.1:{server.server_address[1]}{wire.PATH.decode()}")
    signal.sigwait([signal.SIGINT, signal.SIGTERM])
    if options.fault == "ignores_sigterm":
        time.sleep(60)
    say("stopped")
    return 1 if options.fault == "exits_with_1" else 0


KEY = base64.b64decode(os.environ["SEATSIO_SECRET"].removeprefix("whsec_"))

if __name__ == "__main__":
    sys.exit(main())
