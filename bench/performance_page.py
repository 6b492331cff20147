# SPDX-License-Identifier: MIT
"""Makes docs/performance.md of what scripts/bench printed, which comes from standard input."""

import os
import platform
import re
import shutil
import subprocess
import sys

# Google Benchmark's own listing: the tables behind it have the same medians.
LISTING = re.compile(r"_(median|cv)\b|^-{10,}$|^Benchmark  ")

PAGE = """# Performance

This page is made by `scripts/bench`, which prints the same on your machine.

## How it is measured

- A time is worth little without one to compare it with. Each row is a ratio to a named baseline that was measured in the same run on the same machine; that is what to look at, and what the budgets are for.
- Rows of one table run by turns, in random order where Google Benchmark runs them, nine times each (the programs of other languages too; the servers five times). What is shown are medians.
- *floor* is the least that OpenSSL needs for the same MAC without deprecated calls: two prepared digest states are copied into one context, updated and finished. It reads no header, no clock, and decodes no signature. `HMAC()` is what most programs call.
- *verify* has ten headers, of which three count, and reads the clock.
- The library is compiled by {compiler} with `-O2`.

*over budget* and *under budget* mark what is to become better. Between such runs `scripts/instruction-counts` keeps watch: a change that makes a main path longer by more than 3 % of its instructions does not land.

## The machine

| | |
|---|---|
{machine}

## Results

```
{tables}
```

{limits}"""

# Written by hand, of profiles: has to be read again when the tables change much.
LIMITS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "limits.md")


def first_line(*command):
    if not shutil.which(command[0]):
        return None
    said = subprocess.run(command, check=False, stdout=subprocess.PIPE, text=True).stdout
    return said.splitlines()[0].strip() if said else None


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = re.findall(r"model name\s*:\s*(.*)", file.read())
    return f"{models[0] if models else platform.machine()}, {os.cpu_count()} cores"


def system():
    with open("/etc/os-release", encoding="utf-8") as file:
        return re.search(r'PRETTY_NAME="(.*)"', file.read())[1]


def version(package):
    return first_line("dpkg-query", "--show", "--showformat=${Version}\\n", package)


def main():
    machine = {
        "Processor": processor(),
        "System": system(),
        "Compiler": first_line("g++", "--version"),
        "OpenSSL": version("libssl-dev"),
        "simdjson": version("libsimdjson-dev"),
        "nlohmann/json": version("nlohmann-json3-dev"),
        "SQLite": version("libsqlite3-dev"),
        "Node.js": first_line("node", "--version"),
        "Rust": first_line("/usr/bin/rustc", "--version"),
        "Python": platform.python_version(),
    }
    lines = [line.rstrip() for line in sys.stdin if not LISTING.search(line)]
    tables = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()
    with open(LIMITS, encoding="utf-8") as file:
        limits = file.read()
    print(PAGE.format(compiler=f"GCC {machine['Compiler'].split()[-1]}", tables=tables, limits=limits,
                      machine="\n".join(f"| {name} | {value} |" for name, value in machine.items()
                                        if value)), end="")


if __name__ == "__main__":
    main()
