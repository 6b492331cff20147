#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes known_answers.jsonl from the test data of two Debian 12 packages: of the source package
botan, whose data includes Project Wycheproof's, and of python3-cryptography-vectors, which has those
of NIST and of RFCs; and from rules, what these two lack.

  make.py BOTAN_DATA CRYPTOGRAPHY_VECTORS >known_answers.jsonl
"""

import hashlib
import hmac
import json
import os
import re
import sys

P256_FRAME = "3059301306072a8648ce3d020106082a8648ce3d03010703420004"
P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551
ED25519_ORDER = 2**252 + 27742317777372353535851937790883648493


def emit(source, algorithm, key, message, signature, valid, about=""):
    print(json.dumps({"source": source, "about": about, "algorithm": algorithm, "key": key.lower(),
                      "message": message.lower(), "signature": signature.lower(), "valid": valid}))


def botan_rows(path):
    """Botan's format: a value stands until it is given again; a comment is about the next test."""
    values, section, comment = {}, "", ""
    with open(path, encoding="utf-8") as file:
        for line in file:
            line = line.strip()
            if line.startswith("#"):
                comment = line.lstrip("# ")
            elif line.startswith("["):
                section = line.strip("[]")
            elif " =" in line:
                name, value = (part.strip() for part in line.split("=", 1))
                values[name] = value
                yield section, name, dict(values), comment


def wycheproof_ecdsa(data):
    for _, name, row, comment in botan_rows(os.path.join(data, "pubkey/ecdsa_wycheproof.vec")):
        if name != "Signature" or (row["Group"], row["Hash"]) != ("secp256r1", "SHA-256"):
            continue
        point = "".join(row[each].removeprefix("0x").zfill(64) for each in ("Px", "Py"))
        emit("Wycheproof", "ecdsa_p256", P256_FRAME + point, row["Msg"], row["Signature"],
             row["Valid"] == "1", comment)


def wycheproof_ed25519(data):
    for file in ("ed25519_verify.vec", "ed25519.vec"):
        begun = False
        for section, name, row, comment in botan_rows(os.path.join(data, "pubkey", file)):
            begun = begun or comment.startswith(("Wycheproof", "From Wycheproof", "Test "))
            if section != "Pure" or name != "Signature" or not begun:
                continue
            if file == "ed25519.vec" and "Pubkey" not in row and "PublicKey" not in row:
                continue
            key = row.get("Pubkey") or row["PublicKey"]
            emit("Wycheproof", "ed25519", key, row["Msg"], row["Signature"],
                 row.get("Valid", "1") == "1", comment)


def botan_hmac(data):
    named = {"HMAC(SHA-1)": "hmac_sha1", "HMAC(SHA-160)": "hmac_sha1",
             "HMAC(SHA-256)": "hmac_sha256", "HMAC(SHA-512)": "hmac_sha512"}
    for section, name, row, comment in botan_rows(os.path.join(data, "mac/hmac.vec")):
        if name == "Out" and section in named and row["Key"]:
            emit("Botan", named[section], row["Key"], row["In"], row["Out"], True, comment)


def rfc_hmac(vectors):
    for file, algorithm in (("rfc-2202-sha1", "hmac_sha1"), ("rfc-4231-sha256", "hmac_sha256"),
                            ("rfc-4231-sha512", "hmac_sha512")):
        row = {}
        with open(os.path.join(vectors, "HMAC", file + ".txt"), encoding="utf-8") as lines:
            for line in lines:
                if " = " in line and not line.startswith("#"):
                    name, value = line.strip().split(" = ")
                    row[name] = value.strip('"')
                    if name == "MD":
                        emit(file.replace("-", " ").upper(), algorithm, row["Key"], row["Msg"],
                             row["MD"], True)


def hmac_rules():
    """Keys and messages of many sizes, and MACs changed in the ways that Project Wycheproof changes
    them; of the shortened ones it has valid ones too, which no scheme here has."""
    for name in ("sha1", "sha256", "sha512"):
        def some(size, *what):
            return hashlib.shake_256(f"{name} {what}".encode()).digest(size)

        def row(key, message, mac, valid, about):
            emit("rule", f"hmac_{name}", key.hex(), message.hex(), mac.hex(), valid, about)

        block = hashlib.new(name).block_size
        for size in (1, 10, 16, 32, block - 1, block, block + 1, 2 * block):
            for length in (0, 1, 16, block - 1, block, 2 * block + 1):
                key, message = some(size, "key"), some(length, "message", size)
                row(key, message, hmac.digest(key, message, name), True,
                    f"a key of {size} bytes, a message of {length}")
        key = some(32, "key")
        for message in (b"", some(16, "message")):
            mac = hmac.digest(key, message, name)
            number, bits = int.from_bytes(mac, "little"), 8 * len(mac)

            def flipped(*which):
                return (number ^ sum(1 << each for each in which)).to_bytes(len(mac), "little")

            def each_byte(change):
                return bytes(change(byte) for byte in mac)

            for which in (0, 1, 7, 8, 31, 32, 33, 63, 64, 71, 77, 80, 96, 97, 103, 127,
                          bits - 8, bits - 7, bits - 2, bits - 1):
                row(key, message, flipped(which), False, f"bit {which} is flipped")
            for pair in ((0, 64), (31, 63), (63, 127)):
                row(key, message, flipped(*pair), False, f"bits {pair[0]} and {pair[1]} are flipped")
            for about, changed in (
                    ("all bits are flipped", each_byte(lambda byte: byte ^ 0xff)),
                    ("all zero", bytes(len(mac))),
                    ("all ones", b"\xff" * len(mac)),
                    ("the highest bit of each byte is flipped", each_byte(lambda byte: byte ^ 0x80)),
                    ("the lowest bit of each byte is flipped", each_byte(lambda byte: byte ^ 1)),
                    ("empty", b""),
                    ("only the first byte", mac[:1]),
                    ("only the first ten bytes", mac[:10]),
                    ("only the first half", mac[:len(mac) // 2]),
                    ("without the last byte", mac[:-1]),
                    ("without the first byte", mac[1:]),
                    ("a byte more", mac + b"\0"),
                    ("twice", mac + mac),
                    ("backwards", mac[::-1]),
                    ("of the key and the message exchanged", hmac.digest(message, key, name)),
                    ("no key: only hashed", hashlib.new(name, message).digest()),
                    ("the key in front: only hashed", hashlib.new(name, key + message).digest())):
                row(key, message, changed, False, about)


def der_integer(number):
    size = number.bit_length() // 8 + 1
    return f"02{size:02x}{number.to_bytes(size, 'big').hex()}"


def der(r, s):
    both = der_integer(r) + der_integer(s)
    return f"30{len(both) // 2:02x}{both}"


def nist_ecdsa(vectors):
    path = os.path.join(vectors, "asymmetric/ECDSA/FIPS_186-3/SigVer.rsp")
    with open(path, encoding="utf-8") as file:
        section = file.read().split("[P-256,SHA-256]")[1].split("[")[0]
    for block in re.findall(r"Msg = .*?Result = .*?\n", section, re.DOTALL):
        row = dict(line.split(" = ", 1) for line in block.strip().splitlines())
        key = P256_FRAME + row["Qx"].zfill(64) + row["Qy"].zfill(64)
        r, s = int(row["R"], 16), int(row["S"], 16)
        valid = row["Result"].startswith("P")
        emit("NIST", "ecdsa_p256", key, row["Msg"], der(r, s), valid, row["Result"].strip())
        if valid:
            for about, other, expected in (
                    ("s is n - s: another spelling, which ECDSA has", (r, P256_ORDER - s), True),
                    ("s is s + n", (r, s + P256_ORDER), False),
                    ("r is r + n", (r + P256_ORDER, s), False),
                    ("r and s are exchanged", (s, r), False)):
                emit("rule", "ecdsa_p256", key, row["Msg"], der(*other), expected, about)


def djb_ed25519(vectors):
    """Each 16th of 1,024, and of each what an S that is not reduced makes of it."""
    with open(os.path.join(vectors, "asymmetric/Ed25519/sign.input"), encoding="utf-8") as file:
        for number, line in enumerate(file):
            if number % 16 != 0:
                continue
            _, key, message, signed = line.strip().split(":")[:4]
            signature = signed[:128]
            emit("Ed25519 sign.input", "ed25519", key, message, signature, True,
                 f"line {number + 1}")
            s = int.from_bytes(bytes.fromhex(signature[64:]), "little")
            for times in (1, 2, 8):
                more = s + times * ED25519_ORDER
                if more < 2**256:
                    emit("rule", "ed25519", key, message,
                         signature[:64] + more.to_bytes(32, "little").hex(), False,
                         f"S is S + {times} L")


def main():
    data, vectors = sys.argv[1:]
    wycheproof_ecdsa(data)
    wycheproof_ed25519(data)
    botan_hmac(data)
    rfc_hmac(vectors)
    nist_ecdsa(vectors)
    djb_ed25519(vectors)
    hmac_rules()


main()
