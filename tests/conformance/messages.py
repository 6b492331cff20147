# SPDX-License-Identifier: MIT
"""Deliveries as seats.io sends them, signed by the rules of Standard Webhooks.

Signs with Python's hmac and no code of webhookpp, so that a mistake of the library's cannot hide
itself here.
"""

import base64
import dataclasses
import hashlib
import hmac
import json
import secrets
import time

KEY = secrets.token_bytes(24)
SECRET = "whsec_" + base64.b64encode(KEY).decode()

Headers = list[tuple[bytes, bytes]]


def signature(message_id: bytes, timestamp: bytes, body: bytes, key: bytes = KEY) -> bytes:
    """The value of `webhook-signature` for these bytes."""
    signed = b".".join((message_id, timestamp, body))
    return b"v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest())


def event(name: str, size: int = 0) -> bytes:
    """An event about the chart `name`. At least `size` bytes: a member in front fills them."""
    rest = json.dumps({"id": 7, "type": "chart.created",
                       "timestamp": "2024-01-10T10:03:02.147433Z",
                       "data": {"workspaceKey": "ws-1", "key": name}}, separators=(",", ":"))
    if size == 0:
        return rest.encode()
    start = '{"pad":"'
    end = '",' + rest[1:]
    return (start + "x" * (size - len(start) - len(end)) + end).encode()


@dataclasses.dataclass
class Message:
    """One delivery. `genuine`: whether accepting it would be right."""

    name: str
    body: bytes
    genuine: bool = True
    id: bytes = dataclasses.field(default_factory=lambda: b"msg_" + secrets.token_hex(8).encode())
    timestamp: bytes = dataclasses.field(default_factory=lambda: b"%d" % time.time())
    signature: bytes = b""

    def __post_init__(self):
        if not self.signature:
            self.sign(self.body)

    def sign(self, body: bytes, key: bytes = KEY) -> None:
        """Signs `body` instead of the bytes that will be sent."""
        self.signature = signature(self.id, self.timestamp, body, key)

    def headers(self, prefix: bytes = b"webhook") -> Headers:
        """The three headers that prove who sent it: id, timestamp, signature."""
        return [(prefix + b"-id", self.id), (prefix + b"-timestamp", self.timestamp),
                (prefix + b"-signature", self.signature)]
