# SPDX-License-Identifier: MIT
"""Sends the requests of one case to one receiver, and sees what becomes of them."""

import re
import time

import wire
from messages import Message, event
from receivers import Receiver

ACCEPTED = re.compile(r"accepted chart created: (\S+) in workspace ")
REFUSED = re.compile(r"refused \d+ (\w+) ")
PATIENCE = 70.0  # seconds: the examples have limits of up to a minute


class Probe:
    """What a case gets to work with. `false_acceptances` collects what must never happen, and
    `patience` is how many seconds a receiver has to cut off what does not go on."""

    def __init__(self, receiver: Receiver, case_id: str, messages: dict[str, Message],
                 patience: float = PATIENCE):
        self.receiver = receiver
        self.port = receiver.port
        self.patience = patience
        self.false_acceptances: list[str] = []
        self._case_id = case_id
        self._messages = messages
        self._made = 0
        self.accepted: list[str] = []
        self.refused: list[str] = []

    def message(self, body: bytes | None = None, size: int = 0, **fields) -> Message:
        """A delivery, genuine unless it is said not to be. Without a body, an event of `size`."""
        self._made += 1
        name = f"{self._case_id}-{self._made}"
        made = Message(name, event(name, size) if body is None else body, **fields)
        self._messages[name] = made
        return made

    def read_log(self) -> None:
        """Sees what the receiver has printed since the last time."""
        self.accepted, self.refused = [], []
        for line in self.receiver.new_lines():
            if found := ACCEPTED.match(line):
                # Another case's message is no outcome of this one, even if it is printed late.
                if found[1].startswith(self._case_id + "-"):
                    self.accepted.append(found[1])
                message = self._messages.get(found[1])
                if message is not None and not message.genuine:
                    self.false_acceptances.append(f"accepted {found[1]}")
            elif found := REFUSED.match(line):
                self.refused.append(found[1])

    def outcome(self, reply: wire.Reply, message: Message) -> str:
        """What became of a request, in short: the status, and the receiver's reason if it is its
        own status and not one of the server's."""
        if reply.status is None:
            time.sleep(0.1)  # it may print later
        self.read_log()
        text = reply.text()
        if reply.success():
            if not message.genuine:
                self.false_acceptances.append(f"answered {text} to {message.name}")
            if message.name not in self.accepted:
                return f"{text} without an event"
            return text
        if self.accepted:
            return f"{text}, but accepted"
        return " ".join([text, *self.refused[:1]])

    def send(self, message: Message, headers=None, framed: bytes | None = None, extra=(),
             **first_line) -> wire.Reply:
        """Posts a message over a connection of its own. `framed` replaces the Content-Length and
        the body: it is what follows the header lines in `extra`."""
        headers = list(message.headers() if headers is None else headers) + list(extra)
        if framed is None:
            headers.append((b"Content-Length", b"%d" % len(message.body)))
            framed = message.body
        if not any(name.lower() == b"content-type" for name, _ in headers):
            headers.append((b"Content-Type", b"application/json"))
        with wire.Connection(self.port) as connection:
            connection.send(wire.head(headers, **first_line) + framed)
            return connection.read_reply(first_line.get("method", b"POST"))

    def post(self, message: Message, headers=None, framed: bytes | None = None, extra=(),
             **first_line) -> str:
        """`send`, and its outcome."""
        return self.outcome(self.send(message, headers, framed, extra, **first_line), message)

    def post_chunked(self, message: Message, size: int, extension: bytes = b"", trailers=(),
                     headers=None, extra=()) -> str:
        return self.post(message, headers,
                         wire.chunked(message.body, size, extension, trailers),
                         [(b"Transfer-Encoding", b"chunked"), *extra])

    def curl(self, message: Message, *options: str, headers=None) -> str:
        reply = wire.curl(self.port, message.headers() if headers is None else headers,
                          message.body, *options)
        return self.outcome(reply, message)
