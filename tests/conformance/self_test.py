# SPDX-License-Identifier: MIT
"""Proves that the run finds faults: receivers that are wrong in known ways have to be found out,
one that is right must not, and the table of differences must neither hide anything nor go stale."""

import concurrent.futures
import pathlib
import sys

import report
import runner
from differences import Difference
from runner import Observation

TINY = pathlib.Path(__file__).with_name("tiny_receiver.py")
PATIENCE = 10.0  # seconds: twice what the tiny receiver has
FALSE = "FALSE ACCEPTANCE"

# For each fault of the tiny receiver: cases that must find it, and what they must say.
FOUND_BY: dict[str, list[tuple[str, str]]] = {
    "accepts_all": [("a forged signature", FALSE), ("no headers at all", FALSE),
                    ("gzip, signed unpacked", FALSE), ("ten minutes old", FALSE),
                    ("Webhook-Id only in a trailer", FALSE), ("1 KiB", "200 without an event"),
                    ("16 genuine and 16 forged at once", FALSE)],
    "reads_trailers": [("Webhook-Id only in a trailer", FALSE),
                       ("Webhook-Timestamp only in a trailer", FALSE),
                       ("Webhook-Signature only in a trailer", FALSE)],
    "unpacks_gzip": [("gzip, signed unpacked", FALSE),
                     ("gzip, signed as sent", "401 signature_mismatch")],
    "unpacks_any_gzip": [("gzip, signed unpacked", FALSE)],
    "takes_cut_off": [("the signed part of a longer body, then the end", FALSE),
                      ("all chunks but the last, then the end", FALSE),
                      ("the middle of a chunk, then the end", FALSE)],
    "leaves_body_unread": [("in one without signature", FALSE),
                           ("in one of 2 MiB without signature", FALSE)],
    "keeps_headers": [("the headers of the first do not count for the second", FALSE)],
    "mixes_up_threads": [("16 genuine and 16 forged at once", FALSE)],
    "cuts_long_bodies": [("1 MiB and 1 byte, the first 1 MiB signed", FALSE)],
    "cuts_at_nul": [("an unsigned NUL and more behind the id", "200, and not")],
    "joins_folded_lines": [("the id only in a folded line of another header", FALSE)],
    "first_duplicate_only": [("two ids, the genuine one first", "200, and not"),
                             ("two signatures, the genuine one first", "200, and not")],
    "bodies_as_text": [("NUL bytes and invalid UTF-8", "401 signature_mismatch")],
    "parses_forms": [("multipart/form-data", "401 signature_mismatch"),
                     ("a form of 10 KB", "401 signature_mismatch")],
    "case_sensitive": [("names in UPPER case", "401 missing_header")],
    "forgets_413": [("1 MiB and 1 byte", FALSE), ("1 MiB and 1 byte in chunks", FALSE)],
    "any_method": [("GET", FALSE), ("PUT", FALSE)],
    "unbounded": [("64 MiB in chunks: memory used", "MiB, and not"), ("5 MiB", FALSE)],
    "dies_of_nul": [("an unsigned NUL and more behind the id", "died: exit 3")],
    "exits_with_1": [("SIGTERM while two connections are open", "exit 1"),
                     ("--port 0, then SIGINT", "exit 1")],
    "ignores_sigterm": [("SIGTERM while two connections are open", "still running after 10 s")],
    "talks": [("prints its secret", "printed")],
    "waits_for_ever": [("one that stops in the header", "kept open"),
                       ("one that stops in the body", "kept open")],
}


class Checks:
    def __init__(self):
        self.failed = 0
        self.passed = 0

    def check(self, sentence: str, holds: bool, seen: object = "") -> None:
        self.passed += holds
        self.failed += not holds
        print(f"ok - {sentence}" if holds else f"not ok - {sentence} (saw: {seen})")


def faulty(fault: str) -> list[str]:
    """The problems found with the receiver that has this fault, in the cases that have to find it;
    where there is no fault, in all cases that have to find one, and all quick ones."""
    everything = runner.selected(short=False)
    finding = {each: {name for name, _ in found} for each, found in FOUND_BY.items()}
    names = finding[fault] if fault else set().union(*finding.values())
    cases = [case for case in everything
             if case.name in names or (not fault and not case.slow)]
    assert names <= {case.name for case in cases}, fault
    command = [sys.executable, str(TINY), *(["--fault", fault] if fault else [])]
    seen = runner.run_cases(command, None, cases, patience=PATIENCE)
    return report.judge({"tiny": seen}, cases, everything, {}).problems


def check_table(checks: Checks) -> None:
    """The judgement itself, on made-up observations."""
    case = next(each for each in runner.selected(short=True) if each.name == "1 KiB")

    def problems(outcome: str, differences, fatal=()) -> list[str]:
        seen = {"tiny": {case.id: Observation(outcome, list(fatal))}}
        return report.judge(seen, [case], runner.selected(short=False), differences).problems

    entry = {("tiny", "1 KiB"): Difference(("500",), "for a reason")}
    checks.check("what is wanted is no problem", problems("200", {}) == [])
    checks.check("a difference that is not in the table is one", len(problems("500", {})) == 1)
    checks.check("one that is in the table is none", problems("500", entry) == [])
    checks.check("another one in the same case is one", len(problems("503", entry)) == 1)
    checks.check("an entry that no longer happens is one", len(problems("200", entry)) == 1)
    rare = {("tiny", "1 KiB"): Difference(("500",), "for a reason", sometimes=True)}
    checks.check("but none if it happens only sometimes", problems("200", rare) == [])
    checks.check("an entry for a case that does not exist is one",
                 len(problems("200", {("tiny", "no such case"): entry["tiny", "1 KiB"]})) == 1)
    checks.check("an entry without a reason is one",
                 len(problems("500", {("tiny", "1 KiB"): Difference(("500",), "")})) == 1)
    checks.check("an entry for a receiver that was not run is none",
                 problems("200", {("other", "1 KiB"): Difference(("500",), "for a reason")}) == [])
    checks.check("no entry excuses a false acceptance",
                 len(problems("500", entry, [f"{FALSE}: made up"])) == 1)


def run() -> int:
    checks = Checks()
    check_table(checks)
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        faults = ["", *FOUND_BY]
        for fault, problems in zip(faults, pool.map(faulty, faults)):
            if not fault:
                checks.check("nothing is found where nothing is wrong", problems == [],
                             "; ".join(problems))
            for name, text in FOUND_BY.get(fault, []):
                found = [each for each in problems if f": {name}: " in each and text in each]
                checks.check(f"{fault} is found by: {name}", bool(found), "; ".join(problems))
    print(f"{checks.passed} passed, {checks.failed} failed")
    return 1 if checks.failed else 0
