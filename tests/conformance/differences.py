# SPDX-License-Identifier: MIT
"""Where a framework does not do what the cases want, what it does, and why that is tolerable.

Nothing here can excuse a false acceptance. But a framework that shows the receiver only a part of
the headers, such as one of two duplicates, may accept by what it shows: the signature over that is
genuine, and the receiver has acted on nothing else.

An entry that no longer happens is a failure of the run, so that this stays true; `sometimes` is for
what depends on who is quicker.
"""

import dataclasses


@dataclasses.dataclass(frozen=True)
class Difference:
    """What a framework may do instead in a case, and why."""

    outcomes: tuple[str, ...]
    reason: str
    sometimes: bool = False


# By framework and name of the case.
DIFFERENCES: dict[tuple[str, str], Difference] = {}


def differ(frameworks: str, outcomes: str, cases: list[str], reason: str,
           sometimes: bool = False) -> None:
    """Adds entries. `frameworks` are separated by spaces, `outcomes` by ` or `."""
    for framework in frameworks.split():
        for case in cases:
            entry = Difference(tuple(outcomes.split(" or ")), reason, sometimes)
            assert DIFFERENCES.setdefault((framework, case), entry) is entry, (framework, case)


# ---- Headers -------------------------------------------------------------------------------------

FIRST_ONLY = "keeps the first of headers with the same name, and drops the others"
differ("pistache", "200", [f"two {name}s, the genuine one first"
                           for name in ("id", "timestamp", "signature")], FIRST_ONLY)
differ("pistache", "401 signature_mismatch", [f"two {name}s, the forged one first"
                                              for name in ("id", "timestamp", "signature")],
       FIRST_ONLY)
differ("microhttpd evhttp", "200", ["an unsigned NUL and more behind the id"],
       "shows headers as C strings, which end at the NUL")
differ("civetweb", "400", ["tabs around values"], "takes a tab for no white space")
differ("civetweb", "200", ["a space before the colon"], "drops it")
differ("civetweb", "401 missing_header", ["120 headers before them"],
       "keeps the first 64 headers, and drops the others")
differ("qt", "401 missing_header",
       ["120 headers before them", "2,000 headers before them",
        "a header of 256 KiB that is not ours"],
       "Qt 6.4 shows no headers at all where there are too many, or too large ones")

# ---- Framing: what is taken for the body is what must be signed ----------------------------------

LENIENT = "reads the number in front, and takes no offence at the rest"
differ("httplib poco qt civetweb evhttp", "200", ["Content-Length: +N"], LENIENT)
differ("httplib civetweb", "200", ["Content-Length: N x"], LENIENT)
differ("civetweb", "no answer", ["a Content-Length of more than 64 bits"],
       "takes it for the largest number, and may wait for that many bytes until its time is up",
       sometimes=True)
differ("httplib poco qt civetweb microhttpd evhttp", "200",
       ["Content-Length twice, the right one first"], "takes the first of two lengths")
differ("httplib poco beast beast_sync", "200", ["an unknown Transfer-Encoding"],
       "ignores it, and takes as many bytes as the Content-Length says")
differ("qt microhttpd", "no answer", ["an unknown Transfer-Encoding"],
       "reads on until the connection ends or its time is up")
differ("microhttpd", "200, 200", ["both, and a request behind the last chunk"],
       "goes by the chunks, and keeps the connection: both requests are genuine")
differ("evhttp", "413", ["chunk extensions"], "does not know chunk extensions")

# ---- Bodies that break off -----------------------------------------------------------------------

differ("microhttpd", "no answer",
       ["half of a body, then the end", "the signed part of a longer body, then the end",
        "the signed 600 KB of a longer body, then the end",
        "nothing of a body, nothing signed, then the end",
        "all chunks but the last, then the end", "the middle of a chunk, then the end"],
       "may not see that the sender has ended, and gives up when its time is up", sometimes=True)

# ---- Many and slow senders -----------------------------------------------------------------------

differ("httplib poco restinio civetweb beast_sync", "not within 3 s",
       ["another is served while 40 pause"],
       "has fewer threads, or takes fewer connections, than that, and each waits for its sender")

DRIPS = ("one that sends one byte a second of the header",
         "one that sends one byte a second of the body")
NOT_CUT = "kept open"
PAUSES = "limits the pauses between pieces, and not the time of the whole"
differ("httplib", NOT_CUT, [*DRIPS], PAUSES)
differ("poco evhttp microhttpd", NOT_CUT, [DRIPS[0]], PAUSES)
differ("evhttp civetweb fastcgi pistache nginx_proxy", NOT_CUT, [DRIPS[1]], PAUSES)
