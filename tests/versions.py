#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The version stands in version.hpp; what cannot read it there says the same.

CMakeLists.txt and conanfile.py read it. vcpkg.json, the changelog, and texts that name the version
to look for do not; nor does vcpkg.json read which optional components there are.
"""
import json
import re
import sys
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[1]
mistakes = []


def expect(found, wanted, where):
    if found != wanted:
        mistakes.append(f"{where}: {found}, and not {wanted}")


def read(name):
    return (SOURCE / name).read_text(encoding="utf-8")


header = read("include/webhookpp/version.hpp")
numbers = re.findall(r"#define WEBHOOKPP_VERSION_(?:MAJOR|MINOR|PATCH) (\d+)", header)
version = re.search(r'#define WEBHOOKPP_VERSION_STRING "(.*)"', header).group(1)
expect(".".join(numbers), version, "numbers in version.hpp")

expect(re.search(r"^## (\S+)", read("CHANGELOG.md"), re.MULTILINE).group(1), version,
       "CHANGELOG.md")

manifest = json.loads(read("packaging/vcpkg/ports/webhookpp/vcpkg.json"))
expect(manifest["version-semver"], version, "vcpkg.json")
options = re.findall(r'option\(WEBHOOKPP_(\w+) "Define webhookpp::', read("CMakeLists.txt"))
expect(list(manifest["features"]), sorted(name.lower() for name in options),
       "features in vcpkg.json")
# A default feature would be there for who asked for none.
expect("default-features" in manifest, False, "default features in vcpkg.json")
names = [name if isinstance(name, str) else name["name"] for name in manifest["dependencies"]]
expect(names, sorted(names), "order of dependencies in vcpkg.json")

texts = [path for pattern in ("*.md", "docs/*.md", "packaging/**/*", "tests/consumer/**/*",
                              "examples/**/CMakeLists.txt") for path in SOURCE.glob(pattern)]
looked_for = [(path.relative_to(SOURCE), found) for path in texts if path.is_file()
              for found in re.findall(r"find_package\(webhookpp (\d+\.\d+)(?![\d.]* QUIET\))",
                                      path.read_text(encoding="utf-8"))]
if not looked_for:
    mistakes.append("no text names the version to look for")
for path, found in looked_for:
    expect(found, ".".join(numbers[:2]), f"{path}: find_package")

if mistakes:
    sys.exit("\n".join(mistakes))
print(f"{version} everywhere, in {len(looked_for)} calls of find_package too")
