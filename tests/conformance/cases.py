# SPDX-License-Identifier: MIT
"""The cases: each sends something to a receiver and says what became of it.

`wanted` lists every outcome that is right, the best one first. An outcome is a status, followed by
the receiver's reason where the receiver was asked, or `closed` where the connection ended without
an answer. What a framework cannot help doing otherwise stands in differences.py.
"""

import concurrent.futures
import dataclasses
import gzip
import secrets
import time
import zlib
from collections.abc import Callable

import wire
from messages import Message
from probe import Probe
from wire import Connection, head

KIB = 1024
MIB = 1024 * KIB
FORGED = b"v1," + b"A" * 43 + b"="

MISMATCH = "401 signature_mismatch"
MISSING = "401 missing_header"
DUPLICATE = "401 duplicate_header"
NOT_JSON = "400 malformed_json"
TOO_LARGE = ("413 body_too_large", "413")
BAD_REQUEST = ("400", "closed")
# A server that reads a request in another way than it was meant, and asks the receiver, is safe.
REFUSED = (*BAD_REQUEST, MISMATCH, MISSING)
NOT_FOUND = ("404", "405")


@dataclasses.dataclass(frozen=True)
class Case:
    """`slow` ones are left out of the short form; `waiting` ones run side by side, after all
    others: they wait for what the server does by itself."""

    id: str
    group: str
    name: str
    wanted: tuple[str, ...]
    run: Callable[[Probe], str]
    slow: bool = False
    waiting: bool = False


CASES: list[Case] = []


def case(group: str, name: str, *wanted: str, slow: bool = False, waiting: bool = False):
    """Adds what it decorates to the cases."""
    def add(run):
        CASES.append(Case(f"case{len(CASES) + 1}", group, name, wanted, run, slow, waiting))
        return run
    return add


def length(size: int) -> tuple[bytes, bytes]:
    return (b"Content-Length", b"%d" % size)


CHUNKED = (b"Transfer-Encoding", b"chunked")

# ---- Header names and values ---------------------------------------------------------------------

HEADERS = "headers"


def add_spellings() -> None:
    for name, spell in (("lower", bytes.lower), ("Canonical", bytes.title), ("UPPER", bytes.upper)):
        @case(HEADERS, f"names in {name} case", "200")
        def _(probe: Probe, spell=spell) -> str:
            message = probe.message()
            return probe.post(message, [(spell(n), v) for n, v in message.headers()])


add_spellings()


@case(HEADERS, "svix-* names", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, message.headers(b"svix"))


@case(HEADERS, "forged svix-* beside genuine webhook-*", MISMATCH)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    svix = [(b"svix-id", b"msg_forged"), *message.headers(b"svix")[1:]]
    return probe.post(message, message.headers() + svix)


@case(HEADERS, "each header twice, equal", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, message.headers() + message.headers())


def add_differing_duplicates() -> None:
    others = (("id", b"msg_other"), ("timestamp", b"1700000000"), ("signature", FORGED))
    for index, (name, other) in enumerate(others):
        for first in ("genuine", "forged"):
            # A server that shows one of the two only may take the genuine one: its signature holds.
            @case(HEADERS, f"two {name}s, the {first} one first", DUPLICATE)
            def _(probe: Probe, index=index, other=other, first=first) -> str:
                message = probe.message()
                headers = message.headers()
                at = index + 1 if first == "genuine" else index
                headers.insert(at, (headers[index][0].title(), other))
                return probe.post(message, headers)


add_differing_duplicates()


@case(HEADERS, "no space behind the colon", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    lines = [name + b":" + value for name, value in message.headers()]
    return raw(probe, message, lines)


@case(HEADERS, "spaces around values", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, [(n, b"  " + v + b"   ") for n, v in message.headers()])


@case(HEADERS, "tabs around values", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, [(n, b"\t" + v + b"\t ") for n, v in message.headers()])


@case(HEADERS, "a space before the colon", *REFUSED)
def _(probe: Probe) -> str:
    message = probe.message()
    return raw(probe, message, [name + b" : " + value for name, value in message.headers()])


@case(HEADERS, "webhook_id instead of webhook-id", MISSING, *BAD_REQUEST)
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, [(b"webhook_id", message.id), *message.headers()[1:]])


# A server whose headers are C strings shows what stands in front of the NUL, and that is genuine.
@case(HEADERS, "an unsigned NUL and more behind the id", "400", "closed", "401 invalid_id",
      MISMATCH)
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, [(b"webhook-id", message.id + b"\0more"), *message.headers()[1:]])


@case(HEADERS, "an unsigned byte 0xFF behind the id", "401 invalid_id", "400", "closed", MISMATCH,
      MISSING)
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, [(b"webhook-id", message.id + b"\xff"), *message.headers()[1:]])


@case(HEADERS, "a folded header that is not ours", *REFUSED, "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, extra=[(b"X-Note", b"one\r\n two")])


@case(HEADERS, "a folded signature", *REFUSED, "200")
def _(probe: Probe) -> str:
    message = probe.message()
    folded = FORGED + b"\r\n " + message.signature
    return probe.post(message, message.headers()[:2] + [(b"webhook-signature", folded)])


@case(HEADERS, "the id only in a folded line of another header", "400", "closed", MISSING)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    folded = b"one\r\n webhook-id: " + message.id
    return probe.post(message, [(b"X-Note", folded), *message.headers()[1:]])


@case(HEADERS, "50 headers before them", "200")
def _(probe: Probe) -> str:
    return many_headers(probe, 50)


@case(HEADERS, "120 headers before them", "200", "431", "413", *BAD_REQUEST)
def _(probe: Probe) -> str:
    return many_headers(probe, 120)


@case(HEADERS, "2,000 headers before them", "431", "413", *BAD_REQUEST, "200")
def _(probe: Probe) -> str:
    return many_headers(probe, 2000)


def many_headers(probe: Probe, count: int) -> str:
    message = probe.message()
    fillers = [(b"X-Filler-%d" % i, b"filler") for i in range(count)]
    return probe.post(message, fillers + message.headers())


@case(HEADERS, "a signature header of 9 KiB", "413 header_too_large", "431", "413", *BAD_REQUEST)
def _(probe: Probe) -> str:
    message = probe.message()
    message.signature += b" " + b"x" * (9 * KIB)
    return probe.post(message)


@case(HEADERS, "a header of 256 KiB that is not ours", "431", "413", *BAD_REQUEST)
def _(probe: Probe) -> str:
    return probe.post(probe.message(), extra=[(b"X-Filler", b"x" * (256 * KIB))])


def raw(probe: Probe, message: Message, lines: list[bytes], body: bytes | None = None) -> str:
    """Posts with these header lines, and a Content-Length."""
    body = message.body if body is None else body
    everything = [b"POST " + wire.PATH + b" HTTP/1.1", b"Host: 127.0.0.1", *lines,
                  b"Content-Length: %d" % len(body), b"", body]
    with Connection(probe.port) as connection:
        connection.send(b"\r\n".join(everything))
        return probe.outcome(connection.read_reply(), message)


# ---- Bodies as they were sent --------------------------------------------------------------------

# That a body came as it was sent shows in what is wrong with it: malformed_json says that its
# signature was right, signature_mismatch that its bytes are others.

BODIES = "bodies"


@case(BODIES, "no body, Content-Length 0", NOT_JSON)
def _(probe: Probe) -> str:
    return probe.post(probe.message(b""))


@case(BODIES, "neither Content-Length nor Transfer-Encoding", NOT_JSON, "411", *BAD_REQUEST)
def _(probe: Probe) -> str:
    return probe.post(probe.message(b""), framed=b"")


@case(BODIES, "1 KiB", "200")
def _(probe: Probe) -> str:
    return probe.post(probe.message(size=KIB))


@case(BODIES, "1 KiB with curl", "200")
def _(probe: Probe) -> str:
    return probe.curl(probe.message(size=KIB))


@case(BODIES, "1 MiB", "200")
def _(probe: Probe) -> str:
    return probe.post(probe.message(size=MIB))


@case(BODIES, "NUL bytes and invalid UTF-8", NOT_JSON)
def _(probe: Probe) -> str:
    return probe.post(probe.message(b"\0\xff\xfe\xc3(\r\n\r\n\0" + bytes(range(256)) * 4))


@case(BODIES, "64 KiB of random bytes", NOT_JSON)
def _(probe: Probe) -> str:
    return probe.post(probe.message(secrets.token_bytes(64 * KIB)))


@case(BODIES, "64 KiB of random bytes in chunks", NOT_JSON)
def _(probe: Probe) -> str:
    return probe.post_chunked(probe.message(secrets.token_bytes(64 * KIB)), 1000)


@case(BODIES, "white space around the JSON", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    message.body = b"\r\n\t " + message.body + b" \r\n\r\n"
    message.sign(message.body)
    return probe.post(message)


def encoded(probe: Probe, coding: bytes, pack, signs_packed: bool) -> str:
    message = probe.message(genuine=signs_packed)
    plain, message.body = message.body, pack(message.body)
    message.sign(message.body if signs_packed else plain)
    return probe.post(message, extra=[(b"Content-Encoding", coding)])


@case(BODIES, "gzip, signed as sent", NOT_JSON)
def _(probe: Probe) -> str:
    return encoded(probe, b"gzip", gzip.compress, True)


@case(BODIES, "gzip, signed unpacked", MISMATCH)
def _(probe: Probe) -> str:
    return encoded(probe, b"gzip", gzip.compress, False)


@case(BODIES, "deflate, signed as sent", NOT_JSON)
def _(probe: Probe) -> str:
    return encoded(probe, b"deflate", zlib.compress, True)


@case(BODIES, "deflate, signed unpacked", MISMATCH)
def _(probe: Probe) -> str:
    return encoded(probe, b"deflate", zlib.compress, False)


@case(BODIES, "gzip that unpacks to 64 MiB, signed as sent", NOT_JSON)
def _(probe: Probe) -> str:
    return encoded(probe, b"gzip", lambda _: gzip.compress(bytes(64 * MIB), 9), True)


@case(BODIES, "JSON that is called gzip", "200")
def _(probe: Probe) -> str:
    return probe.post(probe.message(), extra=[(b"Content-Encoding", b"gzip")])


@case(BODIES, "JSON that is called br", "200")
def _(probe: Probe) -> str:
    return probe.post(probe.message(), extra=[(b"Content-Encoding", b"br")])


@case(BODIES, "JSON that is called multipart/form-data", "200")
def _(probe: Probe) -> str:
    kind = b"multipart/form-data; boundary=b"
    return probe.post(probe.message(), extra=[(b"Content-Type", kind)])


@case(BODIES, "multipart/form-data", NOT_JSON)
def _(probe: Probe) -> str:
    part = b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\n%s\r\n--b--\r\n'
    kind = b"multipart/form-data; boundary=b"
    return probe.post(probe.message(part % (b"x" * 2000)), extra=[(b"Content-Type", kind)])


@case(BODIES, "JSON that is called a form", "200")
def _(probe: Probe) -> str:
    kind = b"application/x-www-form-urlencoded"
    return probe.post(probe.message(), extra=[(b"Content-Type", kind)])


@case(BODIES, "a form of 10 KB", NOT_JSON)
def _(probe: Probe) -> str:
    kind = b"application/x-www-form-urlencoded"
    return probe.post(probe.message(b"a=%41+b&" * 1250), extra=[(b"Content-Type", kind)])


@case(BODIES, "no Content-Type", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return raw(probe, message, [n + b": " + v for n, v in message.headers()])


@case(BODIES, "Expect: 100-continue, 1 MiB with curl", "200")
def _(probe: Probe) -> str:
    return probe.curl(probe.message(size=MIB), "-H", "Expect: 100-continue")


@case(BODIES, "Expect: 100-continue, answered within 1 s", "100, 200", "no 100, 200")
def _(probe: Probe) -> str:
    message = probe.message()
    headers = [*message.headers(), length(len(message.body)), (b"Expect", b"100-continue")]
    with Connection(probe.port) as connection:
        connection.send(head(headers))
        said = "100" if connection.read_interim(1) else "no 100"
        connection.send(message.body)
        return said + ", " + probe.outcome(connection.read_reply(), message)


# ---- Limits --------------------------------------------------------------------------------------

LIMITS = "limits"


@case(LIMITS, "1 MiB and 1 byte", *TOO_LARGE)
def _(probe: Probe) -> str:
    return probe.post(probe.message(size=MIB + 1, genuine=False))


@case(LIMITS, "1 MiB and 1 byte with curl", *TOO_LARGE)
def _(probe: Probe) -> str:
    return probe.curl(probe.message(size=MIB + 1, genuine=False))


@case(LIMITS, "1 MiB and 1 byte in chunks", *TOO_LARGE)
def _(probe: Probe) -> str:
    return probe.post_chunked(probe.message(size=MIB + 1, genuine=False), 64 * KIB)


@case(LIMITS, "1 MiB and 1 byte, the first 1 MiB signed", *TOO_LARGE)
def _(probe: Probe) -> str:
    message = probe.message(size=MIB, genuine=False)
    message.body += b" "
    return probe.post(message)


@case(LIMITS, "5 MiB", *TOO_LARGE, "closed")
def _(probe: Probe) -> str:
    return probe.post(probe.message(size=5 * MIB, genuine=False))


@case(LIMITS, "5 MiB in chunks", *TOO_LARGE, "closed")
def _(probe: Probe) -> str:
    return probe.post_chunked(probe.message(size=5 * MIB, genuine=False), 64 * KIB)


@case(LIMITS, "5 MiB, forged", MISMATCH, *TOO_LARGE, "closed")
def _(probe: Probe) -> str:
    message = probe.message(size=5 * MIB, genuine=False)
    message.signature = FORGED
    return probe.post(message)


@case(LIMITS, "64 MiB in chunks: memory used", "less than 8 MiB")
def _(probe: Probe) -> str:
    message = probe.message(b"", genuine=False)
    return memory_used(probe, message, [CHUNKED], wire.chunked(bytes(MIB), 64 * KIB)[:-5] * 64)


@case(LIMITS, "1 TB announced: memory used", "less than 8 MiB")
def _(probe: Probe) -> str:
    message = probe.message(b"", genuine=False)
    return memory_used(probe, message, [length(10**12)], bytes(KIB))


def memory_used(probe: Probe, message: Message, framing, framed: bytes) -> str:
    probe.receiver.forget_peak_memory()
    before = probe.receiver.peak_memory()
    with Connection(probe.port) as connection:
        connection.send(head(message.headers() + framing) + framed)
        reply = connection.read_reply(seconds=2)
    outcome = probe.outcome(reply, message)
    if reply.success():
        return outcome
    used = (probe.receiver.peak_memory() - before) // MIB
    # Up to twice the limit while a body grows, and what the allocator keeps around it.
    return "less than 8 MiB" if used < 8 else f"{used} MiB"


# ---- Framing -------------------------------------------------------------------------------------

FRAMING = "framing"


def add_chunk_sizes() -> None:
    for size in (1, 7, 1024, 65536):
        @case(FRAMING, f"chunks of {size:,} bytes", "200")
        def _(probe: Probe, size=size) -> str:
            return probe.post_chunked(probe.message(size=min(200 * size, 300_000)), size)


add_chunk_sizes()


@case(FRAMING, "1 MiB in chunks with curl", "200")
def _(probe: Probe) -> str:
    return probe.curl(probe.message(size=MIB), "-H", "Transfer-Encoding: chunked")


@case(FRAMING, "chunk extensions", "200", *BAD_REQUEST)
def _(probe: Probe) -> str:
    return probe.post_chunked(probe.message(size=KIB), 100, b';a=b;c="d"')


@case(FRAMING, "chunks one by one, 50 ms apart", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    with Connection(probe.port) as connection:
        connection.send(head([*message.headers(), CHUNKED]))
        for start in range(0, len(message.body), 20):
            connection.send(wire.chunked(message.body[start:start + 20], 20)[:-5])
            time.sleep(0.05)
        connection.send(b"0\r\n\r\n")
        return probe.outcome(connection.read_reply(), message)


@case(FRAMING, "Transfer-Encoding: CHUNKED", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, framed=wire.chunked(message.body, 50),
                      extra=[(b"Transfer-Encoding", b"CHUNKED")])


@case(FRAMING, "a trailer that is not ours", "200", *BAD_REQUEST)
def _(probe: Probe) -> str:
    return probe.post_chunked(probe.message(), 50, trailers=[(b"X-Note", b"one")])


def add_trailers() -> None:
    for index, name in enumerate((b"Webhook-Id", b"Webhook-Timestamp", b"Webhook-Signature")):
        @case(FRAMING, f"{name.decode()} only in a trailer", MISSING, *BAD_REQUEST)
        def _(probe: Probe, index=index, name=name) -> str:
            message = probe.message(genuine=False)
            headers = message.headers()
            _, value = headers.pop(index)
            return probe.post_chunked(message, 50, trailers=[(name, value)], headers=headers,
                                      extra=[(b"Trailer", name)])


add_trailers()


@case(FRAMING, "a forged signature, the genuine one in a trailer", MISMATCH, *BAD_REQUEST)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    headers = message.headers()[:2] + [(b"webhook-signature", FORGED)]
    return probe.post_chunked(message, 50, trailers=message.headers()[2:], headers=headers)


@case(FRAMING, "a bad chunk size", *REFUSED, "413")
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    framed = b"zz\r\n" + message.body + b"\r\n0\r\n\r\n"
    return probe.post(message, framed=framed, extra=[CHUNKED])


@case(FRAMING, "a chunk size of more than 64 bits", *REFUSED, "413")
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    framed = b"1%016x\r\n%s\r\n0\r\n\r\n" % (len(message.body), message.body)
    return probe.post(message, framed=framed, extra=[CHUNKED])


@case(FRAMING, "a Content-Length of more than 64 bits", *REFUSED, "413")
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    size = (1 << 64) + len(message.body)
    return probe.post(message, framed=message.body, extra=[length(size)])


def add_bad_lengths() -> None:
    for text in (b"-1", b"+%d", b"0x%x", b"%d x"):
        @case(FRAMING, f"Content-Length: {text.decode().replace('%d', 'N').replace('%x', 'N')}",
              *REFUSED, "411", "413")
        def _(probe: Probe, text=text) -> str:
            message = probe.message()
            value = text % len(message.body) if b"%" in text else text
            return probe.post(message, framed=message.body, extra=[(b"Content-Length", value)])


add_bad_lengths()


@case(FRAMING, "Content-Length twice, equal", "400", "closed", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, framed=message.body, extra=[length(len(message.body))] * 2)


@case(FRAMING, "Content-Length twice, the right one first", *REFUSED)
def _(probe: Probe) -> str:
    message = probe.message()
    size = len(message.body)
    return probe.post(message, framed=message.body, extra=[length(size), length(size - 9)])


@case(FRAMING, "Content-Length twice, the right one last", *REFUSED)
def _(probe: Probe) -> str:
    message = probe.message()
    size = len(message.body)
    return probe.post(message, framed=message.body, extra=[length(size - 9), length(size)])


def add_length_and_chunks() -> None:
    for first in ("Content-Length", "Transfer-Encoding"):
        @case(FRAMING, f"both, {first} first", "400", "closed", "200")
        def _(probe: Probe, first=first) -> str:
            message = probe.message()
            framed = wire.chunked(message.body, 50)
            both = [length(len(framed)), CHUNKED]
            return probe.post(message, framed=framed,
                              extra=both if first == "Content-Length" else both[::-1])


add_length_and_chunks()


@case(FRAMING, "both, and a request behind the last chunk", "400", "closed", "200")
def _(probe: Probe) -> str:
    # By RFC 9112, section 6.3, the server closes the connection behind such a request.
    # By the chunks there are two requests, by the Content-Length one.
    message, second = probe.message(), probe.message()
    framed = wire.chunked(message.body, 50) + request(second)
    headers = [*message.headers(), length(len(framed)), CHUNKED]
    return followed(probe, message, head(headers) + framed, second)


@case(FRAMING, "an unknown Transfer-Encoding", "501", "411", *REFUSED)
def _(probe: Probe) -> str:
    message = probe.message()
    headers = [*message.headers(), (b"Transfer-Encoding", b"xchunked"), length(len(message.body))]
    with Connection(probe.port) as connection:
        connection.send(head(headers) + message.body)
        return probe.outcome(connection.read_reply(seconds=3), message)


def request(message: Message) -> bytes:
    return head([*message.headers(), length(len(message.body))]) + message.body


def followed(probe: Probe, message: Message, sent: bytes, hidden: Message) -> str:
    """Sends this, and says what was answered to it, and what came behind that if anything did."""
    with Connection(probe.port) as connection:
        connection.send(sent)
        outcome = probe.outcome(connection.read_reply(), message)
        if outcome == "closed":
            return outcome
        second = connection.read_reply(seconds=0.5)
        probe.read_log()
        if second.success() and not hidden.genuine:
            probe.false_acceptances.append(f"answered {second.text()} to what was no request")
        return outcome if second.status is None else f"{outcome}, {second.text()}"


# ---- Bodies that break off -----------------------------------------------------------------------

BROKEN = "bodies that break off"
NOT_WHOLE = ("closed", "400", "408")


@case(BROKEN, "half of a body, then the end", *NOT_WHOLE)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    size = len(message.body)
    return cut_off(probe, message, [length(size)], message.body[:size // 2])


@case(BROKEN, "the signed part of a longer body, then the end", *NOT_WHOLE)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    return cut_off(probe, message, [length(len(message.body) + 100)], message.body)


@case(BROKEN, "the signed 600 KB of a longer body, then the end", *NOT_WHOLE)
def _(probe: Probe) -> str:
    message = probe.message(size=600_000, genuine=False)
    return cut_off(probe, message, [length(len(message.body) + 100)], message.body)


@case(BROKEN, "nothing of a body, nothing signed, then the end", *NOT_WHOLE)
def _(probe: Probe) -> str:
    message = probe.message(b"", genuine=False)
    return cut_off(probe, message, [length(100)], b"")


@case(BROKEN, "all chunks but the last, then the end", *NOT_WHOLE)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    return cut_off(probe, message, [CHUNKED], wire.chunked(message.body, 50)[:-5])


@case(BROKEN, "the middle of a chunk, then the end", *NOT_WHOLE)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    return cut_off(probe, message, [CHUNKED],
                   b"%x\r\n%s" % (len(message.body) + 100, message.body))


def cut_off(probe: Probe, message: Message, framing, sent: bytes) -> str:
    with Connection(probe.port) as connection:
        connection.send(head(message.headers() + framing) + sent)
        connection.half_close()
        return probe.outcome(connection.read_reply(seconds=3), message)


@case(BROKEN, "the signed part of a longer body, then a reset", "no event")
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    return broken_off(probe, message, [length(len(message.body) + 100)], message.body)


@case(BROKEN, "all chunks but the last, then a reset", "no event")
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    return broken_off(probe, message, [CHUNKED], wire.chunked(message.body, 50)[:-5])


def broken_off(probe: Probe, message: Message, framing, sent: bytes) -> str:
    with Connection(probe.port) as connection:
        connection.send(head(message.headers() + framing) + sent)
        time.sleep(0.1)
        connection.reset()
    time.sleep(0.2)
    probe.read_log()
    return "an event" if probe.accepted else "no event"


@case(BROKEN, "more bytes than the signed Content-Length", "200")
def _(probe: Probe) -> str:
    message = probe.message()
    return probe.post(message, framed=message.body + b"more",
                      extra=[length(len(message.body)), (b"Connection", b"close")])


@case(BROKEN, "a signed part and more, all of it the body", MISMATCH)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    message.body += b" "
    return probe.post(message)


# ---- Forgeries -----------------------------------------------------------------------------------

FORGERIES = "forgeries"


@case(FORGERIES, "a forged signature", MISMATCH)
def _(probe: Probe) -> str:
    return probe.post(probe.message(genuine=False, signature=FORGED))


@case(FORGERIES, "signed with another key", MISMATCH)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    message.sign(message.body, secrets.token_bytes(24))
    return probe.post(message)


@case(FORGERIES, "one byte of the body changed", MISMATCH)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    message.body = message.body.replace(b"ws-1", b"ws-2")
    return probe.post(message)


@case(FORGERIES, "ten minutes old", "401 timestamp_too_old")
def _(probe: Probe) -> str:
    return probe.post(probe.message(genuine=False, timestamp=b"%d" % (time.time() - 600)))


@case(FORGERIES, "ten minutes ahead", "401 timestamp_too_new")
def _(probe: Probe) -> str:
    return probe.post(probe.message(genuine=False, timestamp=b"%d" % (time.time() + 600)))


@case(FORGERIES, "no headers at all", MISSING)
def _(probe: Probe) -> str:
    return probe.post(probe.message(genuine=False), headers=[])


@case(FORGERIES, "an empty signature", MISSING)
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    return probe.post(message, message.headers()[:2] + [(b"webhook-signature", b"")])


@case(FORGERIES, "an id with a dot", "401 invalid_id")
def _(probe: Probe) -> str:
    return probe.post(probe.message(genuine=False, id=b"msg.1"))


@case(FORGERIES, "the answer is the receiver's, with its headers", "401 and its text")
def _(probe: Probe) -> str:
    message = probe.message(genuine=False, signature=FORGED)
    reply = probe.send(message)
    outcome = probe.outcome(reply, message)
    if (reply.body == b"the delivery could not be verified\n" and
            reply.headers.get(b"content-type") == b"text/plain; charset=utf-8"):
        return f"{reply.text()} and its text"
    return outcome + " with other text"


# ---- Methods and paths ---------------------------------------------------------------------------

ROUTES = "methods and paths"


def add_methods() -> None:
    for method in (b"GET", b"HEAD", b"PUT", b"DELETE", b"post"):
        @case(ROUTES, method.decode(), *NOT_FOUND, "400", "501", "closed")
        def _(probe: Probe, method=method) -> str:
            message = probe.message(genuine=False)
            return probe.post(message, method=method)


add_methods()


def add_paths() -> None:
    for path in (b"/", wire.PATH + b"/", wire.PATH + b"/more", wire.PATH.upper(), b"*"):
        @case(ROUTES, f"POST to {path.decode()}", *NOT_FOUND, "400", "closed")
        def _(probe: Probe, path=path) -> str:
            return probe.post(probe.message(genuine=False), target=path)


add_paths()


@case(ROUTES, "POST to the path with a query", "200", *NOT_FOUND)
def _(probe: Probe) -> str:
    return probe.post(probe.message(), target=wire.PATH + b"?a=b")


@case(ROUTES, "POST to the whole URL", "200", *NOT_FOUND, "400", "closed")
def _(probe: Probe) -> str:
    return probe.post(probe.message(), target=b"http://127.0.0.1" + wire.PATH)


@case(ROUTES, "HTTP/1.0", "200")
def _(probe: Probe) -> str:
    return probe.post(probe.message(), version=b"HTTP/1.0")


@case(ROUTES, "HTTP/1.0 with curl", "200")
def _(probe: Probe) -> str:
    return probe.curl(probe.message(), "--http1.0")


@case(ROUTES, "what is not HTTP", "400", "closed", "408")
def _(probe: Probe) -> str:
    message = probe.message(genuine=False)
    with Connection(probe.port) as connection:
        connection.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200) + b"\r\n\r\n")
        connection.half_close()
        return probe.outcome(connection.read_reply(), message)


# ---- Connections ---------------------------------------------------------------------------------

CONNECTIONS = "connections"


def one_after_another(probe: Probe, *messages: tuple[Message, bytes]) -> str:
    """Sends each on the same connection when the one before it was answered."""
    outcomes: list[str] = []
    with Connection(probe.port) as connection:
        for message, sent in messages:
            connection.send(sent)
            outcomes.append(probe.outcome(connection.read_reply(), message))
    return ", ".join(outcomes)


@case(CONNECTIONS, "two genuine on one connection", "200, 200", "200, closed")
def _(probe: Probe) -> str:
    one, two = probe.message(), probe.message()
    return one_after_another(probe, (one, request(one)), (two, request(two)))


@case(CONNECTIONS, "a forged and then a genuine", f"{MISMATCH}, 200", f"{MISMATCH}, closed")
def _(probe: Probe) -> str:
    one, two = probe.message(genuine=False, signature=FORGED), probe.message()
    return one_after_another(probe, (one, request(one)), (two, request(two)))


@case(CONNECTIONS, "a genuine and then a forged", f"200, {MISMATCH}", "200, closed")
def _(probe: Probe) -> str:
    one, two = probe.message(), probe.message(genuine=False, signature=FORGED)
    return one_after_another(probe, (one, request(one)), (two, request(two)))


@case(CONNECTIONS, "the headers of the first do not count for the second",
      f"200, {MISSING}", "200, closed")
def _(probe: Probe) -> str:
    one = probe.message()
    two = probe.message(one.body, genuine=False)
    bare = head([length(len(two.body))]) + two.body
    return one_after_another(probe, (one, request(one)), (two, bare))


@case(CONNECTIONS, "two genuine, sent at once", "200, 200", "200, closed")
def _(probe: Probe) -> str:
    one, two = probe.message(), probe.message()
    with Connection(probe.port) as connection:
        connection.send(request(one) + request(two))
        replies = [connection.read_reply(seconds=3), connection.read_reply(seconds=3)]
    probe.read_log()
    text = ", ".join(reply.text() for reply in replies)
    accepted = sum(reply.success() for reply in replies)
    return text if accepted == len(probe.accepted) else f"{text}, {len(probe.accepted)} accepted"


@case(CONNECTIONS, "a body that is too large, and then a genuine", "413, 200", "413, closed",
      "closed")
def _(probe: Probe) -> str:
    one, two = probe.message(size=2 * MIB, genuine=False), probe.message()
    with Connection(probe.port) as connection:
        connection.send(request(one))
        first = connection.read_reply()
        if first.status is None:
            return probe.outcome(first, one)
        connection.send(request(two))
        second = connection.read_reply()
    probe.read_log()
    return f"{first.text()}, {second.text()}"


# A body that is refused before it was read must not be taken for the next request.
HIDDEN = "requests hidden in bodies"


def hidden_in(probe: Probe, first: Message, headers, count: int = 1, **first_line) -> str:
    hidden = probe.message(genuine=False)
    body = request(hidden) * count
    return followed(probe, first, head([*headers, length(len(body))], **first_line) + body,
                    hidden)


@case(HIDDEN, "in one with a forged signature", MISMATCH, "closed")
def _(probe: Probe) -> str:
    first = probe.message(genuine=False, signature=FORGED)
    return hidden_in(probe, first, first.headers())


@case(HIDDEN, "in one without signature", MISSING, "closed")
def _(probe: Probe) -> str:
    return hidden_in(probe, probe.message(genuine=False), [])


@case(HIDDEN, "in one without signature, in chunks", MISSING, "closed")
def _(probe: Probe) -> str:
    first, hidden = probe.message(genuine=False), probe.message(genuine=False)
    sent = head([CHUNKED]) + wire.chunked(request(hidden), 10 * KIB)
    return followed(probe, first, sent, hidden)


@case(HIDDEN, "in one of 2 MiB", *TOO_LARGE, "closed")
def _(probe: Probe) -> str:
    first = probe.message(genuine=False)
    return hidden_in(probe, first, first.headers(), count=6000)


@case(HIDDEN, "in one of 2 MiB without signature", MISSING, *TOO_LARGE, "closed")
def _(probe: Probe) -> str:
    return hidden_in(probe, probe.message(genuine=False), [], count=6000)


@case(HIDDEN, "in one to another path", "404", "405", "closed")
def _(probe: Probe) -> str:
    return hidden_in(probe, probe.message(genuine=False), [], target=b"/other")


@case(HIDDEN, "in one of 2 MiB to another path", "404", "405", "413", "closed")
def _(probe: Probe) -> str:
    return hidden_in(probe, probe.message(genuine=False), [], count=6000, target=b"/other")


def add_hidden_methods() -> None:
    for method in (b"GET", b"PUT", b"DELETE"):
        @case(HIDDEN, f"in the body of a {method.decode()}", "404", "405", "400", "501", "closed")
        def _(probe: Probe, method=method) -> str:
            return hidden_in(probe, probe.message(genuine=False), [], method=method)


add_hidden_methods()


@case(HIDDEN, "in one that waits for 100 Continue", MISSING, "417", "413", "closed")
def _(probe: Probe) -> str:
    return hidden_in(probe, probe.message(genuine=False), [(b"Expect", b"100-continue")])


# ---- Many and slow senders -----------------------------------------------------------------------

SENDERS = "many and slow senders"


@case(SENDERS, "16 genuine and 16 forged at once", "all right")
def _(probe: Probe) -> str:
    genuine = [probe.message(size=KIB * (1 + i)) for i in range(16)]
    forged = [probe.message(size=KIB * (1 + i), genuine=False) for i in range(16)]
    for message in forged:
        message.sign(b"something else")
    mixed = [message for pair in zip(genuine, forged) for message in pair]
    with concurrent.futures.ThreadPoolExecutor(len(mixed)) as pool:
        replies = list(pool.map(probe.send, mixed))
    probe.read_log()
    wrong = 0
    for message, reply in zip(mixed, replies):
        if reply.success() and not message.genuine:
            probe.false_acceptances.append(f"answered {reply.text()} to {message.name}")
        right = 200 if message.genuine else 401
        wrong += reply.status != right or (message.name in probe.accepted) != message.genuine
    return "all right" if wrong == 0 else f"{wrong} of {len(mixed)} wrong"


@case(SENDERS, "another is served while one pauses for 2 s", "200, then 200")
def _(probe: Probe) -> str:
    slow, quick = probe.message(), probe.message()
    sent = request(slow)
    start = time.monotonic()
    with Connection(probe.port) as connection:
        connection.send(sent[:-30])
        reply = probe.send(quick)
        waited = time.monotonic() - start
        first = probe.outcome(reply, quick)
        if waited > 1.5:
            first += f" after {waited:.0f} s"
        time.sleep(max(0.0, 2 - waited))
        connection.send(sent[-30:])
        return f"{first}, then {probe.outcome(connection.read_reply(), slow)}"


@case(SENDERS, "another is served while 40 pause", "200")
def _(probe: Probe) -> str:
    slow, quick = probe.message(genuine=False), probe.message()
    connections = [Connection(probe.port) for _ in range(40)]
    try:
        for connection in connections:
            connection.send(request(slow)[:-30])
        with Connection(probe.port) as other:
            other.send(request(quick))
            reply = other.read_reply(seconds=3)
        return probe.outcome(reply, quick).partition(" ")[0] if reply.status else "not within 3 s"
    finally:
        for connection in connections:
            connection.__exit__()


# In time is within the probe's patience.
CUT_OFF = "cut off in time"
NOT_CUT_OFF = "kept open"


def add_waiting() -> None:
    for where, keep in (("the header", 60), ("the body", None)):
        for pause, what in ((None, "stops in"), (1.0, "sends one byte a second of")):
            @case(SENDERS, f"one that {what} {where}", CUT_OFF, slow=True, waiting=True)
            def _(probe: Probe, keep=keep, pause=pause) -> str:
                message = probe.message(size=KIB, genuine=False)
                sent = request(message)
                at = keep or len(sent) - 800
                with Connection(probe.port) as connection:
                    connection.send(sent[:at])
                    until = time.monotonic() + probe.patience
                    while time.monotonic() < until:
                        if connection.closed_within(pause or probe.patience):
                            return CUT_OFF
                        if pause:
                            connection.send(sent[at:at + 1], seconds=1)
                            at += 1
                    return NOT_CUT_OFF


add_waiting()


@case(SENDERS, "an idle connection after an answer", CUT_OFF, slow=True, waiting=True)
def _(probe: Probe) -> str:
    message = probe.message()
    with Connection(probe.port) as connection:
        connection.send(request(message))
        connection.read_reply()
        return CUT_OFF if connection.closed_within(probe.patience) else NOT_CUT_OFF
