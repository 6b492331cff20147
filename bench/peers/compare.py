# SPDX-License-Identifier: MIT
"""Runs the same work in this library and in its peers, by turns, and prints ratios of medians.

  compare.py PROGRAM MODULES CARGO_TARGET

PROGRAM is the benchmark `peers` of this library, MODULES the directory with the npm packages, and
CARGO_TARGET the one that the program in Rust is built into. What is not installed is left out.
"""

import collections
import os
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROUNDS = 9
SECONDS = "0.2"


def rust_program(target):
    """The built program, or nothing without Debian's cargo and packages."""
    cargo = "/usr/bin/cargo"
    if not os.path.exists(cargo) or not os.path.exists("/usr/share/cargo/registry"):
        return None
    built = subprocess.run(
        [cargo, "build", "--quiet", "--release", "--offline", "--target-dir", target],
        cwd=os.path.join(HERE, "rust"), check=False,
        env={**os.environ, "CARGO_HOME": os.path.join(target, "home"), "RUSTC": "/usr/bin/rustc"})
    return os.path.join(target, "release", "peer") if built.returncode == 0 else None


def commands(program, modules, target, sample):
    yield "webhookpp", [program, sample, SECONDS]
    rust = rust_program(target)
    if rust:
        yield "Rust", [rust, sample, SECONDS]
    if shutil.which("node") and os.path.exists(os.path.join(modules, "node_modules")):
        yield "npm", ["node", os.path.join(HERE, "npm.mjs"), sample, SECONDS, modules]
    yield "Python", [sys.executable, os.path.join(HERE, "python.py"), sample, SECONDS]


def measure(program, modules, target):
    """The median of each row, in nanoseconds."""
    times = collections.defaultdict(list)
    with tempfile.TemporaryDirectory() as directory:
        sample = os.path.join(directory, "sample.json")
        subprocess.run([program, sample], check=True)
        runs = list(commands(program, modules, target, sample))
        for _ in range(ROUNDS):
            for who, command in runs:
                output = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
                for line in output.stdout.splitlines():
                    name, nanoseconds = line.split("\t")
                    times[f"{who}: {name}"].append(float(nanoseconds))
    return {name: statistics.median(values) for name, values in times.items()}


# What is measured, what it is compared with, and how many times as long it may take.
ROWS = [
    ("verify", "Rust: verify", None),
    ("verify", "Python: verify", None),
    ("all, simdjson", "Rust: all", 0.7),
    ("all, simdjson", "Rust: bare", 1.0),
    ("all, simdjson", "npm: svix", 0.1),
    ("all, simdjson", "npm: standardwebhooks", None),
    ("all, simdjson", "Python: all", None),
    ("all, nlohmann", "webhookpp: parse, nlohmann", 0.8),
    ("all, nlohmann", "npm: svix", None),
    ("all, Stripe, simdjson", "npm: stripe", None),
]


def main():
    medians = measure(*sys.argv[1:])
    layout = "{:<24} {:>8}   {:<28} {:>8} {:>7} {:>7}"
    print("\n" + layout.format("1 KiB, elapsed time", "ns", "compared with", "ns", "ratio", "budget"))
    for name, other, budget in ROWS:
        if other not in medians:
            continue
        own = medians[f"webhookpp: {name}"]
        ratio = own / medians[other]
        over = "  over budget" if budget and ratio > budget else ""
        print(layout.format(name, f"{own:.0f}", other, f"{medians[other]:.0f}", f"{ratio:.2f}",
                            budget or "") + over)
    print("`all`: ten headers, signature, age, body into a typed event, dispatch over six types. Rust's\n"
          "`bare` is without headers, age and dispatch; the npm packages and Python end with an untyped\n"
          "object.")


if __name__ == "__main__":
    main()
