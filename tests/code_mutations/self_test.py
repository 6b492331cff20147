# SPDX-License-Identifier: MIT
"""Holds what finds and counts mutants to a sample of which all of them are known: good tests notice
each, and weak tests exactly those that they should."""

import os
import subprocess
import sys
import tempfile

import mutants

HERE = os.path.dirname(os.path.abspath(__file__))
SAMPLE = """
inline bool is_in_window(int age, int most) {
    if (most < 0) return false;
    return age >= 0 && age <= most;
}
inline int twice(int of) {
    int sum = of;
    sum += of;
    return sum;
}
"""
NAMES = """
is_in_window: `most < 0` is always true
is_in_window: `most < 0` is always false
is_in_window: `most < 0` with `<=` for `<`
is_in_window: `if (most < [0]) return false;` is one more
is_in_window: `false` is negated
is_in_window: `age >= 0 && age <= most` with `||` for `&&`
is_in_window: `age >= 0` is left out of `&&`
is_in_window: `age <= most` is left out of `&&`
is_in_window: `age >= 0` with `>` for `>=`
is_in_window: `return age >= [0] && age <= most;` is one more
is_in_window: `age <= most` with `<` for `<=`
twice: `sum += of` is left out
""".strip().split("\n")
# An age below zero is within no window, so that a window below zero needs no line of its own.
EQUIVALENT = {"is_in_window: `most < 0` is always false"}
GOOD = """is_in_window(0, 0) && is_in_window(0, 5) && is_in_window(5, 5) && !is_in_window(6, 5) &&
          !is_in_window(-1, 5) && !is_in_window(0, -1) && !is_in_window(-1, -1) && twice(2) == 4"""
WEAK = "is_in_window(3, 5) && twice(0) == 0"
WEAK_NOTICES = {"is_in_window: `most < 0` is always true"}


def noticed(directory, condition):
    """The names of all mutants of the sample, and of those with which the condition is false."""
    with open(os.path.join(directory, "sample.hpp"), "w", encoding="utf-8") as file:
        file.write(SAMPLE)
    finder = mutants.Finder(directory, ["sample.hpp"])
    finder.parse(["-std=c++20"])
    finder.write(directory)
    source = os.path.join(directory, "sample.cpp")
    with open(source, "w", encoding="utf-8") as file:
        file.write(f'#include "sample.hpp"\nint main() {{ return {condition} ? 0 : 1; }}\n')
    program = os.path.join(directory, "sample")
    subprocess.run(["g++", "-std=c++20", "-include", os.path.join(HERE, "mutants.hpp"), source,
                    "-o", program], check=True)

    def passes(number):
        environment = os.environ | {"WEBHOOKPP_MUTANT": str(number)}
        return subprocess.run([program], env=environment).returncode == 0

    if not passes(-1):
        sys.exit("not ok - the sample fails without a mutant")
    names = [mutant.name.removeprefix("sample.hpp, ") for mutant in finder.mutants]
    return names, {name for number, name in enumerate(names) if not passes(number)}


def main():
    failures = 0
    with tempfile.TemporaryDirectory() as directory:
        for what, condition, expected in (("good", GOOD, set(NAMES) - EQUIVALENT),
                                          ("weak", WEAK, WEAK_NOTICES)):
            names, found = noticed(directory, condition)
            for name in set(names) ^ set(NAMES):
                failures += 1
                print(f"not ok - expected or found only: {name}")
            for name in found ^ expected:
                failures += 1
                print(f"not ok - {what} tests should have said otherwise: {name}")
    print("ok - mutants of a sample" if not failures else f"{failures} failures")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
