#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""run.py PAGE BIN_DIR: does what a page tells its reader, in the order of the page.
run.py --list: prints the pages that tell their reader to do something, with `;` between them.

In an empty directory, in which `webhookpp` is the source code, and with the programs of BIN_DIR:
writes each block with a title to the file of that name, and runs each block of `sh`, which has to
succeed, and each command of a `console` (`$ ...`), which has to print what the page shows. A line
`...` stands for any lines. One shell runs all, so variables and background jobs stay. The port 8080
becomes one that is free.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

from check import RUN, is_exception
from pages import ROOT, blocks_of, pages

SECONDS = 300


def steps_of(blocks):
    """Each step: block, kind, what to run or write, what to print or where to write."""
    for block in blocks:
        if is_exception(block):
            continue
        if block.title:
            yield block, "file", block.text, block.title
        elif block.language == "sh":
            yield block, "sh", block.text, None
        elif block.language == "console":
            yield from ((block, "console", *each) for each in commands_of(block))


def commands_of(block):
    """The commands of a console, each with what is printed after it."""
    commands, goes_on = [], False
    for line in block.text.splitlines(keepends=True):
        if goes_on:
            commands[-1][0] += line
        elif line.startswith("$ "):
            commands.append([line[2:], ""])
        elif commands:
            commands[-1][1] += line
        else:
            raise SystemExit(f"{block}: a console begins with `$ ` and a command")
        goes_on = (goes_on or line.startswith("$ ")) and line.endswith("\\\n")
    return commands


def agrees(printed, shown):
    """Whether the lines are the same, where `...` is any lines."""
    if not shown:
        return not printed
    if shown[0] == "...":
        return any(agrees(printed[skip:], shown[1:]) for skip in range(len(printed) + 1))
    return bool(printed) and printed[0] == shown[0] and agrees(printed[1:], shown[1:])


def free_port():
    with socket.socket() as any_port:
        any_port.bind(("127.0.0.1", 0))
        return str(any_port.getsockname()[1])


def script_of(steps, notes):
    """Runs the steps up to the first `sh` that fails; leaves output and status in `notes`."""
    lines, port = [], free_port()
    for number, (_, kind, text, target) in enumerate(steps):
        step = notes / f"step_{number}"
        step.write_text(text.replace("8080", port))
        if kind == "file":
            lines.append(f"mkdir -p \"$(dirname '{target}')\" && cp '{step}' '{target}'")
            continue
        lines.append("set -e" if kind == "sh" else "set +e")
        lines.append(f"source '{step}' >'{step}.out' 2>&1 </dev/null")
        lines.append(f"echo $? >'{step}.status'")
    return "\n".join(lines) + "\n"


def failure(steps, notes):
    """The first step that did not do what the page says, in words."""
    for number, (block, kind, text, shown) in enumerate(steps):
        if kind == "file":
            continue
        out = notes / f"step_{number}.out"
        printed = out.read_text(errors="replace") if out.exists() else ""
        if not (notes / f"step_{number}.status").exists():
            return f"{block}: failed:\n{text}{printed}"
        if kind == "console" and not agrees(printed.splitlines(), shown.splitlines()):
            return f"{block}: {text}prints\n{printed}and not\n{shown}"
    return None


def run(page, programs, root=ROOT):
    """Returns what went wrong, or nothing."""
    steps = list(steps_of(blocks_of(page, root)))
    if not any(kind != "file" for _, kind, _, _ in steps):
        return f"{page}: has nothing to run"
    with tempfile.TemporaryDirectory() as directory:
        notes, session = Path(directory) / "notes", Path(directory) / "session"
        notes.mkdir()
        session.mkdir()
        (session / "webhookpp").symlink_to(root)
        path = f"{programs}:{os.environ['PATH']}"
        environment = {**os.environ, "LC_ALL": "C", "no_proxy": "*", "PATH": path}
        shell = subprocess.Popen(
            ["bash", "-c", script_of(steps, notes)],
            cwd=session, env=environment, start_new_session=True,
        )
        try:
            shell.wait(SECONDS)
        except subprocess.TimeoutExpired:
            return f"{page}: takes more than {SECONDS} s"
        finally:
            # What the page has started in the background is of the same group.
            try:
                os.killpg(shell.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
            shell.wait(10)
        return failure(steps, notes)


def main():
    if sys.argv[1:] == ["--list"]:
        named = [page for page in pages() if any(s[1] != "file" for s in steps_of(blocks_of(page)))]
        print(";".join(str(page.relative_to(ROOT)) for page in named), end="")
        return 0
    wrong = run(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
    if wrong:
        print(wrong)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
