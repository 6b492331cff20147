#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The workflows run the parts of .ci/run, every one, and with no rights but to read.

Actions are pinned by commit, with their version beside it; each job ends within a time.
"""
import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
mistakes = []

parts = re.search(r"^parts=\((.*)\)", (SOURCE / ".ci/run").read_text(), re.MULTILINE).group(1)
ci = (SOURCE / ".github/workflows/ci.yml").read_text()
matrix = re.search(r"part: \[(.*)\]", ci).group(1)
if matrix.split(", ") != parts.split():
    mistakes.append(f"ci.yml runs {matrix}, and .ci/run has {parts}")
if "- run: .ci/run ${{ matrix.part }}" not in ci:
    mistakes.append("ci.yml does not run .ci/run")

for file in sorted((SOURCE / ".github/workflows").glob("*.yml")):
    text = file.read_text()
    rights = re.findall(r"^ *permissions:(.*(?:\n +.*)*)", text, re.MULTILINE)
    if rights != ["\n  contents: read"]:
        mistakes.append(f"{file.name} has the permissions {rights}")
    if "secrets." in text or "pull_request_target" in text:
        mistakes.append(f"{file.name} lets others' changes see secrets")
    if "\nconcurrency:\n" not in text:
        mistakes.append(f"{file.name} runs for commits that nobody waits for")
    for action in re.findall(r"uses: (.*)", text):
        if not re.fullmatch(r"[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", action):
            mistakes.append(f"{file.name} uses {action}, which is not pinned")
    for job in re.split(r"\n  (?=\w+:\n)", text.split("\njobs:\n")[1]):
        if not re.search(r"^    timeout-minutes: \d+$", job, re.MULTILINE):
            mistakes.append(f"{file.name}: {job.strip().splitlines()[0]} has no timeout")

if mistakes:
    sys.exit("\n".join(mistakes))
print(f"the workflows run {len(parts.split())} parts of .ci/run")
