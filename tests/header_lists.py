#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each header is listed once in cmake/headers.cmake, with the target that it belongs to, and includes
only headers of that target and of those below it."""
import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
INCLUDE = SOURCE / "include/webhookpp"
BELOW = {"core": [], "webhookpp": ["core"]}  # the others stand on both

lists = {name: headers.split() for name, headers in re.findall(
    r"^set\(webhookpp_(\w+)_headers\s+(.*?)\)",
    (SOURCE / "cmake/headers.cmake").read_text(), re.MULTILINE | re.DOTALL)}
mistakes = []

listed = sorted(header for headers in lists.values() for header in headers)
there = sorted(path.relative_to(INCLUDE).as_posix() for path in INCLUDE.rglob("*.hpp"))
mistakes += [f"{header} is listed twice" for header in set(listed) if listed.count(header) > 1]
mistakes += [f"{header} is not listed" for header in sorted(set(there) - set(listed))]

for target, headers in lists.items():
    within = set(headers).union(*(lists[name] for name in BELOW.get(target, ["core", "webhookpp"])))
    for header in headers:
        included = re.findall(r"^#include <webhookpp/(.*?)>", (INCLUDE / header).read_text(),
                              re.MULTILINE)
        mistakes += [f"{header} is in {target}, and includes {other}" for other in included
                     if other not in within]

for mistake in mistakes:
    print(mistake)
print(f"{len(listed)} headers in {len(lists)} lists")
sys.exit(1 if mistakes or not lists else 0)
