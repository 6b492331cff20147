#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tool_shows_no_key.py TOOL: whatever the command line tool is given for a key, good or bad, it prints
no six bytes of it in a row, as text, hex or base64. Only `sign` prints tokens, which is its work."""

import base64
import os
import re
import subprocess
import sys
import tempfile

PIECE = 6
# Keys of which no English text has six bytes.
KEYS = {"text": "k9Zq-Wv3xJ_7Lr2Qp8Tn5Bd", "whsec": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "hex": "9f86d081884c7d659a2feaa0c55ad015", "credentials": "Zq9xkWv:7Lr2-Qp8Tn5Bd"}


def bent(key):
    return [key, " " + key, key + "\n", '"' + key + '"', "v1," + key, "whsec_" + key, "whpk_" + key,
            "whsk_" + key, "-----BEGIN PRIVATE KEY-----\n" + key, key + "!", key[1:], key * 2,
            "x" * 4096 + key]


def spellings(key):
    key = key.removeprefix("whsec_")
    values = [key.encode()]
    for decode in (base64.b64decode, bytes.fromhex):
        try:
            values.append(decode(key))
        except ValueError:
            pass
    for value in values:
        yield value
        yield value.hex().encode()
        yield value.hex().upper().encode()
        for skipped in range(3):
            yield base64.b64encode(value[skipped:]).rstrip(b"=")[:-1]


def shows(printed, key):
    return next((spelled[at:at + PIECE] for spelled in spellings(key)
                 for at in range(len(spelled) - PIECE + 1)
                 if spelled[at:at + PIECE] in printed), None)


def main():
    tool = sys.argv[1]
    if shows(b"one k9Zq-W two", KEYS["text"]) != b"k9Zq-W":
        print("not ok - a part of a key is not found")
        return 1
    usage = subprocess.run([tool, "verify", "--help"], stdout=subprocess.PIPE, text=True, check=True)
    schemes = re.search(r"--scheme SCHEME\s+[^:]*: ([a-z0-9_, ]+)", usage.stdout).group(1).split(", ")
    runs = failures = 0
    with tempfile.TemporaryDirectory() as directory:
        body = os.path.join(directory, "body")
        key_file = os.path.join(directory, "key")
        with open(body, "w", encoding="utf-8") as file:
            file.write("{}")

        def run(command, key, given, *more):
            nonlocal runs, failures
            done = subprocess.run(
                [tool, command, "--body", body, *more], env={**os.environ, "K0": given},
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20, check=False)
            runs += 1
            shown = shows(done.stdout, key)
            if shown or done.returncode < 0:
                failures += 1
                print(f"not ok - {command} {more}: shows {shown}, status {done.returncode}")

        # Every scheme with one key of each kind; every bad key with some schemes.
        for scheme in schemes:
            for key in KEYS.values():
                run("explain", key, key, "--scheme", scheme, "--key-env", "K0", "--header",
                    "webhook-signature: v1,AAAA", "--header", "X-Hub-Signature-256: sha256=00")
        for scheme in ("standard_webhooks", "github", "samsara", "airtable", "discord", "sendgrid",
                       "basic_auth", "bearer_token", "url_token"):
            for kind in KEYS.values():
                for given in bent(kind):
                    command = "verify" if runs % 2 else "explain"
                    run(command, kind, given, "--scheme", scheme, "--key-env", "K0")
        for given in bent(KEYS["whsec"]):
            run("sign", KEYS["whsec"], given, "--scheme", "standard_webhooks", "--key-env", "K0", "--id", "msg_1")
        # Keys where something else is wanted: a variable's name, a file's content, a scheme.
        for key in KEYS.values():
            run("verify", key, "", "--scheme", "github", "--key-env", key)
            with open(key_file, "w", encoding="utf-8") as file:
                file.write(key + "\nand more\n")
            run("explain", key, "", "--scheme", "github", "--key-file", key_file)
    print(f"{runs} runs, {failures} of which show a part of a key")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
