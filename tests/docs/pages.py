# SPDX-License-Identifier: MIT
"""The fenced blocks of the pages, and the marked sections of the sources that pages show."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

FENCE = re.compile(r'^(`{3,})([a-z]*)(?: title="([^"]+)")?$')
MARKER = re.compile(r"^( *)(//|#) \[([a-z_0-9]+)\](?: (.*))?$")


@dataclass(frozen=True)
class Block:
    page: str  # as the pages are named from the root: docs/verify.md
    line: int  # of its fence
    language: str
    title: str  # the name of the file that it is, or nothing
    text: str

    def __str__(self):
        return f"{self.page}:{self.line}"


def pages(root=ROOT):
    return [root / "README.md", *sorted((root / "docs").glob("*.md"))]


def blocks_of(page, root=ROOT):
    blocks, opened = [], None
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if opened is None:
            found = FENCE.match(line.lstrip())
            if found and not line.startswith("`"):
                raise SystemExit(f"{page}:{number}: a fence is indented")
            if found:
                opened, lines = (number, *found.groups()), []
            elif line.startswith("```") or line.startswith("~~~"):
                raise SystemExit(f"{page}:{number}: a fence has an unknown form: {line}")
        elif line == opened[1]:
            first, _, language, title = opened
            text = "".join(each + "\n" for each in lines)
            blocks.append(Block(str(page.relative_to(root)), first, language, title or "", text))
            opened = None
        else:
            lines.append(line)
    if opened:
        raise SystemExit(f"{page}:{opened[0]}: the fence is not closed")
    return blocks


def sections_of(source):
    """What stands between `// [name]` and `// [name]`, without the indentation of the marker. Text
    behind the first marker is a comment of the section. What is marked again under the same name
    goes on with it, after an empty line."""
    sections, opened = {}, None
    for number, line in enumerate(source.read_text().splitlines(), 1):
        marker = MARKER.match(line)
        if marker and (opened is None or marker[3] == opened[2]):
            indent, sign, name, text = marker.groups()
            if opened is None:
                opened, lines = (number, indent, name), [f"{sign} {text}"] if text else []
            elif text:
                raise SystemExit(f"{source}:{number}: the section {name} is open already")
            else:
                part = "".join(each + "\n" for each in lines)
                sections[name] = sections[name] + "\n" + part if name in sections else part
                opened = None
        elif opened:
            lines.append(line.removeprefix(opened[1]))
    if opened:
        raise SystemExit(f"{source}:{opened[0]}: the section {opened[2]} does not end")
    return sections


def sources(root=ROOT):
    """The files whose sections pages show. The build compiles them, or a test runs them."""
    kinds = {".cpp", ".hpp", ".conf", ".service"}
    examples = (each for each in (root / "examples").rglob("*") if each.suffix in kinds)
    roads = root / "tests/consumer/CMakeLists.txt"
    return sorted([*examples, *([roads] if roads.exists() else [])])
