#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Sends the same requests to every example receiver, and compares what becomes of them.

Python's standard library only. Listens and sends on the loopback interface only.
"""

import argparse
import concurrent.futures
import pathlib
import signal
import sys
import threading
import time

sys.dont_write_bytecode = True

import receivers
import report
import runner
import self_test
from differences import DIFFERENCES

DEFAULT_DIRECTORY = receivers.ROOT / "build" / "dev" / "bin"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true", help="leave out what takes half a minute")
    parser.add_argument("--only", action="append", metavar="NAME", default=[],
                        choices=[each.name for each in receivers.FRAMEWORKS],
                        help="only this receiver; may be repeated: %(choices)s")
    parser.add_argument("--program", action="append", type=pathlib.Path, metavar="FILE", default=[],
                        help="a receiver of your own instead, which takes and prints what the "
                        "examples do; may be repeated")
    parser.add_argument("--bin-dir", action="append", type=pathlib.Path, metavar="DIRECTORY",
                        default=[], help="where the programs are; may be repeated; "
                        f"{DEFAULT_DIRECTORY.relative_to(receivers.ROOT)} if left out")
    parser.add_argument("--nginx-dir", type=pathlib.Path, metavar="DIRECTORY",
                        default=receivers.ROOT / "examples" / "frameworks",
                        help="where the configurations of nginx are")
    parser.add_argument("--all", action="store_true", help="fail if one of them is not there")
    parser.add_argument("--jobs", type=int, default=4,
                        help="receivers at once: they mostly wait (%(default)s)")
    parser.add_argument("--markdown", action="store_true",
                        help="print docs/conformance.md")
    parser.add_argument("--self-test", action="store_true",
                        help="prove that receivers with known faults are found out")
    parser.add_argument("--verbose", action="store_true", help="say what each case came to")
    return parser.parse_args()


def find_programs(options: argparse.Namespace) -> dict[receivers.Framework, pathlib.Path]:
    """The receivers that were built and asked for."""
    if options.program:
        return {receivers.Framework(file.stem, file.name): file.resolve()
                for file in options.program if file.is_file()}
    found = {}
    for framework in receivers.FRAMEWORKS:
        if options.only and framework.name not in options.only:
            continue
        if framework.nginx and not (options.nginx_dir / framework.nginx).is_file():
            print(f"{framework.name}: there is no {framework.nginx}", file=sys.stderr)
            continue
        for directory in options.bin_dir or [DEFAULT_DIRECTORY]:
            program = directory.resolve() / framework.program
            if program.is_file():
                found[framework] = program
                break
        else:
            print(f"{framework.name}: {framework.program} is not built", file=sys.stderr)
    return found


def run(options: argparse.Namespace) -> int:
    programs = find_programs(options)
    wanted = len(options.program) or len(set(options.only)) or (
        len(receivers.FRAMEWORKS) if options.all else 1)
    if len(programs) < wanted:
        print("There are not all receivers that are to be run.", file=sys.stderr)
        return 1
    cases = runner.selected(options.short)
    output = threading.Lock()

    def run_one(framework: receivers.Framework):
        def say(text: str) -> None:
            if options.verbose:
                with output:
                    print(f"{framework.name}: {text}", file=sys.stderr)
        start = time.monotonic()
        try:
            nginx = options.nginx_dir / framework.nginx if framework.nginx else None
            seen = runner.run_cases([str(programs[framework])], nginx, cases, say)
        except receivers.StartError as error:
            return str(error)
        with output:
            print(f"{framework.name}: {len(seen)} cases in {time.monotonic() - start:.0f} s",
                  file=sys.stderr)
        return seen

    with concurrent.futures.ThreadPoolExecutor(max(1, options.jobs)) as pool:
        results = dict(zip(programs, pool.map(run_one, programs)))
    problems = [f"{framework.name}: does not start: {text}"
                for framework, text in results.items() if isinstance(text, str)]
    seen = {framework.name: result for framework, result in results.items()
            if not isinstance(result, str)}
    if seen:
        judgement = report.judge(seen, cases, runner.selected(False), DIFFERENCES)
        problems += judgement.problems
        if options.markdown:
            report.print_markdown(seen, cases, judgement, DIFFERENCES)
        else:
            report.print_table(seen, cases, judgement)
            report.print_excused(judgement, DIFFERENCES)
    for problem in problems:
        print(f"not ok - {problem}", file=sys.stderr)
    total = sum(len(each) for each in seen.values())
    print(f"{len(seen)} receivers, {total} outcomes, {len(problems)} problems", file=sys.stderr)
    return 1 if problems else 0


def main() -> int:
    def end(number, _):
        raise SystemExit(128 + number)
    signal.signal(signal.SIGTERM, end)
    options = arguments()
    try:
        return self_test.run() if options.self_test else run(options)
    finally:
        receivers.end_all()


if __name__ == "__main__":
    sys.exit(main())
