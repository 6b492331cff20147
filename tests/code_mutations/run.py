# SPDX-License-Identifier: MIT
"""Changes the library in thousands of small ways, one at a time, and counts which of these mutants
the tests notice. Those that they do not notice are listed in survivors.txt, each with its reason.

  scripts/mutate-code [--jobs N] [--show] [HEADER...]   headers below include/webhookpp
  scripts/mutate-code --self-test

Fails if less than nine tenths of the mutants are noticed, if one that survives is not listed, or if
one that is listed does not survive.
"""

import argparse
import collections
import concurrent.futures
import itertools
import math
import os
import re
import shutil
import subprocess
import sys
import time

import mutants

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
TREE = os.path.join(ROOT, "build", "mutants", "tree")
BUILD = os.path.join(ROOT, "build", "mutants", "build")
INCLUDE = os.path.join("include", "webhookpp")
ENOUGH = 0.9

# What decides whether a delivery is accepted, what it says, and what becomes of it.
HEADERS = """
  bearer bounded_body check_age collected_headers expected_handshake handshake header_source
  incremental_verifier key_ring local_time message_key parser receiver registration replay_guard
  reply request retry_schedule timestamp tolerance value_traits verified_message verified_stream
  crypto/base64 crypto/base64url crypto/ecdsa crypto/ed25519 crypto/hex crypto/hmac crypto/key
  crypto/key_form crypto/memory crypto/openssl_errors crypto/random crypto/secret_text
  detail/body_facts detail/byte_buffer detail/challenge detail/characters detail/copied_headers
  detail/date_time detail/delivery_gate detail/endpoint_url
  detail/flag_lock detail/form_fields detail/group_commit detail/guard_link detail/handshake_check
  detail/handshake_reader detail/handshake_value detail/header_field detail/header_name
  detail/host_text detail/key_mistake detail/key_readings detail/key_text detail/option_check
  detail/owner detail/plain_text detail/running_attempts detail/running_verification
  detail/scheme_check detail/scheme_headers detail/sent_time detail/sent_token
  detail/signature_tokens detail/signed_message detail/signed_url detail/verification
  detail/verification_steps detail/verifier_core detail/work_dispatch
  json/decode json/document json/nlohmann json/oversized_numbers json/simdjson json/source_text
  entry inbox inbox_receiver work worker stores/memory
  stores/detail/key_hash stores/detail/memory_entries stores/detail/memory_keys
""".split()

# Programs whose cases run alone, and commands that are one case.
CASES = ["unit_tests", "inbox_tests"]
VECTORS = os.path.join(ROOT, "tests", "vectors")
WHOLE = [
    ["allocation_tests"],
    ["freed_memory_tests"],
    ["stack_tests"],
    ["differential_tests", "20000", os.path.join(VECTORS, "events.jsonl"),
     os.path.join(VECTORS, "provider_events.jsonl")],
    ["mutate_deliveries", "--count", "30000", "--seed", "1"],
    *(["fault_injection_tests", "1000", part] for part in
      ("scratch", "set-up", "verification", "parsing", "receivers", "bearer", "random",
       "identities", "handshakes", "memory", "sqlite")),
]
PROGRAMS = [*CASES, *sorted({command[0] for command in WHOLE})]
# They take seconds and are about time, by which no mutant is judged.
LEFT_OUT = {"large bodies cost bounded work, and larger ones none",
            "workers stop at once wherever their threads are"}
# The quick ones are run first.
SECONDS = [0, 0.02, 0.2, 2, math.inf]


def copy_tree(but):
    """The files of the project as they are, but for those that will be mutated. What did not change
    keeps its time, so that it is not built again."""
    listed = subprocess.run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, check=True,
                            capture_output=True, text=True).stdout.split("\n")
    for name in filter(None, listed):
        source = os.path.join(ROOT, name)
        if name not in but and os.path.isfile(source):
            place(source, os.path.join(TREE, name))


def place(source, target):
    """Copies a file, if there is another one."""
    with open(source, "rb") as file:
        text = file.read()
    if os.path.exists(target):
        with open(target, "rb") as file:
            if file.read() == text:
                return
    os.makedirs(os.path.dirname(target), exist_ok=True)
    shutil.copy(source, target)


def build(headers):
    """Builds the programs with all mutants that compile, and returns those."""
    files = [os.path.join(INCLUDE, name + ".hpp") for name in headers]
    left_out = set()
    mutated = os.path.join(ROOT, "build", "mutants", "mutated")
    for name in files:
        os.makedirs(os.path.dirname(os.path.join(mutated, name)), exist_ok=True)
    copy_tree(but=set(files))
    flags = (f"-std=c++20 -w -O1 -include {os.path.join(HERE, 'mutants.hpp')} "
             "-D_GLIBCXX_ASSERTIONS -fsanitize=undefined -fno-sanitize-recover=all")
    subprocess.run(["cmake", "--preset", "dev", "-B", BUILD, "-DCMAKE_BUILD_TYPE=None",
                    f"-DCMAKE_CXX_FLAGS={flags}", "-DWEBHOOKPP_WARNINGS_AS_ERRORS=OFF"],
                   cwd=TREE, check=True, stdout=subprocess.DEVNULL)
    for _ in range(12):
        finder = mutants.Finder(ROOT, files, left_out)
        finder.parse(["-std=c++20", "-I" + os.path.join(ROOT, "include")])
        finder.write(mutated)
        for name in files:
            place(os.path.join(mutated, name), os.path.join(TREE, name))
        done = subprocess.run(["cmake", "--build", BUILD, "--target", *PROGRAMS, "--",
                               "-k", "0"], capture_output=True, text=True)
        if done.returncode == 0:
            return finder.mutants
        found = lines_with_errors(done.stdout + done.stderr, files)
        new = {(mutant.file, mutant.line, mutant.change) for mutant in finder.mutants
               if (mutant.file, mutant.line) in found}
        if not new:
            sys.exit("cannot be built:\n" + (done.stdout + done.stderr)[-4000:])
        print(f"{len(new)} mutants do not compile", flush=True)
        left_out |= new
    sys.exit("cannot be built: too many mutants do not compile")


def lines_with_errors(output, files):
    """Files and lines of the errors or, for errors in other files, of what led there."""
    errors, others = set(), set()
    for file, line, rest in re.findall(r"(include/webhookpp/[\w/.]+):(\d+):(.*)", output):
        if file in files:
            (errors if " error: " in rest else others).add((file, int(line)))
    return errors or others


class Case:
    """What can be run alone, the mutants that it meets, and the seconds that it takes."""

    def __init__(self, command, name=None):
        self.command = command
        self.name = name
        self.met = frozenset()
        self.seconds = 0.0


def call(command, names, limit, **environment):
    """Whether the command, or the cases of these names, passes in time."""
    command = [os.path.join(BUILD, "bin", command[0]), *command[1:]]
    listed = None
    if names:
        listed = os.path.join(BUILD, "cases-" + "-".join(environment.values()).replace("/", "_"))
        with open(listed, "w", encoding="utf-8") as file:
            file.writelines(name.replace(",", "\\,") + "\n" for name in names)
        command += ["--abort", "--warn", "NoTests", "-f", listed]
    try:
        return subprocess.run(command, cwd=BUILD, env=os.environ | environment, timeout=limit,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        if listed:
            os.remove(listed)


def try_alone(number, case):
    """Runs a case without a mutant, to see which it meets."""
    met = os.path.join(BUILD, f"met-{number}")
    begun = time.monotonic()
    if not call(case.command, [case.name] if case.name else [], 600, WEBHOOKPP_MUTANTS_MET=met):
        sys.exit(f"fails without a mutant: {' '.join(case.command)} {case.name or ''}")
    case.seconds = time.monotonic() - begun
    if os.path.exists(met):  # or it has met none
        with open(met, encoding="ascii") as file:
            case.met = frozenset(map(int, file.read().split()))
        os.remove(met)


def all_cases():
    cases = []
    for program in CASES:
        listed = subprocess.run([os.path.join(BUILD, "bin", program), "--list-test-names-only"],
                                capture_output=True, text=True).stdout
        cases += [Case([program], name) for name in map(str.strip, listed.splitlines())
                  if name and name not in LEFT_OUT]
    return cases + [Case(command) for command in WHOLE]


def is_noticed(mutant, cases):
    """Whether one of the cases that meet the mutant fails with it."""
    cases = [case for case in cases if mutant.number in case.met]
    for least, most in itertools.pairwise(SECONDS):
        for command in [*([program] for program in CASES), *WHOLE]:
            here = [case for case in cases
                    if case.command == command and least <= case.seconds < most]
            names = [case.name for case in here if case.name]
            limit = 10 + 10 * sum(case.seconds for case in here)
            if here and not call(command, names, limit, WEBHOOKPP_MUTANT=str(mutant.number)):
                return True
    return False


def expected_survivors():
    """The reasons of those that are listed, by name."""
    reasons = {}
    with open(os.path.join(HERE, "survivors.txt"), encoding="utf-8") as file:
        for line in file:
            if line.strip() and not line.startswith("#"):
                name, _, reason = line.rstrip("\n").partition(" -- ")
                reasons[name] = reason
    return reasons


def survivors_of(found, cases, expected, pool):
    """Runs all mutants, and prints each that survives without being listed as soon as it does."""
    survivors = []
    begun = time.monotonic()
    results = pool.map(lambda mutant: is_noticed(mutant, cases), found)
    for tried, (mutant, is_dead) in enumerate(zip(found, results), start=1):
        if not is_dead:
            survivors.append(mutant)
            if mutant.name not in expected:
                is_met = any(mutant.number in case.met for case in cases)
                print(f"{'survived' if is_met else 'not met'}: line {mutant.line} of {mutant.name}",
                      flush=True)
        if tried % 500 == 0:
            print(f"{tried - len(survivors)} of {tried} are noticed; "
                  f"{time.monotonic() - begun:.0f} seconds", flush=True)
    return survivors


def report(found, survivors, expected):
    """Prints what that comes to. Returns whether it is enough."""
    of_file = collections.Counter(mutant.file for mutant in found)
    left = collections.Counter(mutant.file for mutant in survivors)
    for name in sorted(of_file):
        print(f"{of_file[name] - left[name]:5} of {of_file[name]:5}  {name}")
    names = {mutant.name for mutant in survivors}
    gone = [name for name in expected
            if name not in names and name.split(", ")[0] in of_file]
    for name in gone:
        print(f"listed, but does not survive: {name}")
    noticed = len(found) - len(survivors)
    listed = len(names & expected.keys())
    print(f"{noticed} of {len(found)} mutants are noticed: {noticed / len(found):.1%}; "
          f"{listed} of the others are listed")
    return noticed >= ENOUGH * len(found) and listed == len(survivors) and not gone


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("headers", nargs="*", metavar="HEADER", default=HEADERS)
    options.add_argument("--jobs", type=int, default=os.cpu_count())
    options.add_argument("--show", action="store_true", help="print each mutant, and run nothing")
    chosen = options.parse_args()
    headers = [name.removesuffix(".hpp") for name in chosen.headers]

    found = build(headers)
    if chosen.show:
        for mutant in found:
            print(f"{mutant.number}: line {mutant.line} of {mutant.name}")
        return 0
    cases = all_cases()
    with concurrent.futures.ThreadPoolExecutor(chosen.jobs) as pool:
        list(pool.map(try_alone, range(len(cases)), cases))
        print(f"{len(found)} mutants, {len(cases)} cases", flush=True)
        expected = expected_survivors()
        survivors = survivors_of(found, cases, expected, pool)
    return 0 if report(found, survivors, expected) else 1


if __name__ == "__main__":
    sys.exit(main())
