#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check.py: every fenced block of README.md and docs/*.md is compiled or run somewhere.

A block is accounted for if it is
- a marked section of a source in examples/, word by word; every section is shown by a page;
- `sh` or `console`: run.py runs it, and compares what it prints with what the page shows;
- a file with a title, which a later command on the page uses;
- or in the list below, with the reason.
"""

import sys
from pathlib import Path

from pages import ROOT, blocks_of, pages, sections_of, sources

# Page, how the block begins, why nothing compiles or runs it.
EXCEPTIONS = [
    ("README.md", "scripts/demo", ".ci/run runs both scripts, and one of them runs this check"),
    ("docs/getting-started.md", "apt-get", "scripts/install-packages does; tests install nothing"),
    ("docs/frameworks.md", "python3 tests/conformance", "scripts/conformance does, for minutes"),
    ("docs/performance.md", "", "scripts/bench prints the page"),
]

RUN = {"sh", "console"}


def is_exception(block):
    return any(block.page == page and block.text.startswith(begin) for page, begin, _ in EXCEPTIONS)


def complaints(root=ROOT):
    """Says what is wrong, a line each."""
    blocks = [block for page in pages(root) for block in blocks_of(page, root)]
    sections = {}  # by text
    for source in sources(root):
        for name, text in sections_of(source).items():
            sections.setdefault(text, f"{source.relative_to(root)} [{name}]")
    shown = {block.text for block in blocks}
    for text, where in sections.items():
        if text not in shown:
            yield f"{where}: no page shows this section:\n{text}"
    for page, begin, _ in EXCEPTIONS:
        if not any(each.page == page and each.text.startswith(begin) for each in blocks):
            yield f"{page}: the exception is not needed: {begin}"
    for at, block in enumerate(blocks):
        later = [each for each in blocks[at + 1 :] if each.page == block.page]
        if not block.language:
            if not is_exception(block):
                yield f"{block}: the fence names no language"
        elif block.title:
            if not is_used(block.title, later):
                yield f"{block}: no command on the page uses {block.title}"
        elif block.language not in RUN and block.text not in sections and not is_exception(block):
            yield f"{block}: nothing compiles or runs this {block.language}:\n{block.text}"


def is_used(title, later):
    commands = [each.text for each in later if each.language in RUN and not is_exception(each)]
    if title.endswith("CMakeLists.txt"):
        return any("cmake " in each for each in commands)
    # Also by way of another file, such as a CMakeLists.txt.
    return bool(commands) and any(title in each.text for each in later)


def main():
    found = list(complaints(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT))
    for each in found:
        print(each)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
