#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Gives the same deliveries, genuine and bent, to webhookpp, to the JavaScript packages of providers
and to the rules written down again in Python. They have to agree; where a package does not, a rule
of ours has to say why, by its name. What no rule explains fails.

  deliveries.py TOOL [--node NODE] [--count N] [--seed S]

TOOL is the command line tool; without --node the packages are not asked.
"""

import argparse
import base64
import collections
import hashlib
import hmac
import json
import os
import random
import re
import subprocess
import sys
import tempfile

NOW = 1_700_000_000
PACKAGES = ["svix", "standardwebhooks", "stripe", "octokit"]
PEERS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "end_to_end", "peers")
HEADERS = {"stripe": "Stripe-Signature", "github": "X-Hub-Signature-256",
           "slack": "X-Slack-Signature", "shopify": "X-Shopify-Hmac-Sha256"}


def mac(key, *parts):
    message = b"".join(part.encode() if isinstance(part, str) else part for part in parts)
    return hmac.new(key, message, hashlib.sha256).digest()


def in_base64(data):
    return base64.b64encode(data).decode()


# What is sent: genuine deliveries, and what bends them.


class Sender:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self, least, most, letters="abcXYZ019 -_.,:{}\"\\/é😀\n"):
        return "".join(self.random.choices(letters, k=self.random.randint(least, most)))

    def chance(self, of_hundred):
        return self.random.randrange(100) < of_hundred

    def time(self):
        off = self.random.choice([0, 0, 0, 1, 299, 300, 301, 600, 10**6])
        return NOW + self.random.choice([off, -off])

    def spelled_time(self, time):
        """How a timestamp may be written, often as it should be."""
        if self.chance(85):
            return str(time)
        return self.random.choice([f"0{time}", f"+{time}", f"{time}.0", f"{time}abc", f" {time}",
                                   f"{time}000", f"-{time}", "", "0", "abc", f"{time} ", "NaN",
                                   f"{time}\u00a0", hex(time), f"{time}e0"])

    def delivery(self, number):
        scheme = self.random.choice(["standard_webhooks", "standard_webhooks", "stripe", "stripe",
                                     "github", "slack", "shopify"])
        body = "" if self.chance(3) else self.text(1, 200)
        if scheme == "standard_webhooks":
            key, headers = self.standard_webhooks(body)
        else:
            key = self.text(8, 40, "abcXYZ019-_")
            headers = getattr(self, scheme)(key.encode(), body)
        if self.chance(10):
            body += self.random.choice([" ", "\n", "x"])
        if self.chance(5):
            key += "x"
        if self.chance(15):
            headers = self.bend(headers)
        return {"id": str(number), "scheme": scheme, "keys": [key],
                "headers": headers, "now": NOW,
                "body_base64": in_base64(body.encode())}

    def bend(self, headers):
        at = self.random.randrange(len(headers))
        name, value = headers[at]
        place = self.random.randrange(len(value) + 1)
        bent = self.random.choice([
            value[:place] + self.random.choice("aA0 ,=.+/-_\t") + value[place:],
            value[:place] + self.random.choice("aA0,=.+/-_") + value[place + 1:],
            value[:place] + value[place + 1:], value.upper(), value.rstrip("="), " " + value,
            value + " ", value + "\t", value + "=", value[:place]])
        if self.chance(5):
            return headers[:at] + headers[at + 1:]
        return headers[:at] + [[name, bent]] + headers[at + 1:]

    def listed(self, genuine, others, separator):
        """A list with the genuine one at some place, or without it."""
        elements = [self.random.choice(others) for _ in range(self.random.choice(
            [0, 0, 0, 1, 2, 3, 14, 15, 16, 20]))]
        if self.chance(90):
            elements.insert(self.random.randint(0, len(elements)), genuine)
        return separator.join(elements)

    def standard_webhooks(self, body):
        size = 24 if self.chance(90) else self.random.choice([1, 15, 16, 64, 75, 76])
        key = self.random.randbytes(size)
        secret = in_base64(key) if self.chance(4) else "whsec_" + in_base64(key)
        ident = "msg_" + self.text(1, 20, "abcXYZ019") if self.chance(90) else self.random.choice(
            ["a.b", "", "x" * 256, "x" * 257, "a b", "a,b", "é", " msg", "msg\t"])
        time = self.time()
        written = self.spelled_time(time)
        signed = written if self.chance(50) else str(time)
        good = "v1," + in_base64(mac(key, ident, ".", signed, ".", body))
        wrong = "v1," + in_base64(mac(b"another", body))
        signature = self.listed(good, [
            wrong, "v1a," + wrong[3:], "v2," + good[3:], "v1", "v1,", "", "V1," + good[3:],
            good + ",x", good[3:], good[:-1], "v1,!!!!"], "  " if self.chance(5) else " ")
        family = self.random.choice(["webhook", "webhook", "svix"])
        headers = [[f"{family}-id", ident], [f"{family}-timestamp", written],
                   [f"{family}-signature", signature]]
        if self.chance(5):
            other = "svix" if family == "webhook" else "webhook"
            headers += [[f"{other}-id", ident], [f"{other}-timestamp", written],
                        [f"{other}-signature", wrong]]
        return secret, headers

    def stripe(self, key, body):
        time = self.time()
        written = self.spelled_time(time)
        signed = written if self.chance(50) else str(time)
        good = "v1=" + mac(key, signed, ".", body).hex()
        wrong = "v1=" + mac(b"another", body).hex()
        listed = self.listed(good, [wrong, "v0=" + good[3:], "v1", "v1=", "", "x=y",
                                    good.upper(), good + "=x", " " + good, good[:-1]], ",")
        time_element = f"t={written}"
        if self.chance(5):
            time_element = self.random.choice(["", "t", time_element + ",t=1", "t=1," + time_element])
        parts = [part for part in (time_element, listed) if part]
        if self.chance(10):
            parts.reverse()
        return [["Stripe-Signature", (", " if self.chance(5) else ",").join(parts)]]

    def github(self, key, body):
        good = mac(key, body).hex()
        return [["X-Hub-Signature-256", self.random.choice(
            ["sha256=" + good] * 8 + [good, "sha1=" + good, "SHA256=" + good, "sha256=",
                                      "sha256=" + good.upper(), "sha256= " + good])]]

    def slack(self, key, body):
        written = self.spelled_time(self.time())
        good = "v0=" + mac(key, "v0:", written, ":", body).hex()
        return [["X-Slack-Request-Timestamp", written],
                ["X-Slack-Signature", self.random.choice(
                    [good] * 8 + [good[3:], "v1=" + good[3:], good.upper()])]]

    def shopify(self, key, body):
        good = mac(key, body)
        return [["X-Shopify-Hmac-Sha256", self.random.choice(
            [in_base64(good)] * 8 + [good.hex(), in_base64(good).rstrip("="),
                                     base64.urlsafe_b64encode(good).decode()])]]


# The rules, written down again.


def header(sent, name):
    """The value as it counts: without blanks around it, and nothing if it is empty."""
    values = {value.strip(" \t") for key, value in sent["headers"] if key.lower() == name.lower()}
    values.discard("")
    return values.pop() if len(values) == 1 else None


def is_time(text):
    return re.fullmatch("(0|[1-9][0-9]{0,11})", text or "", re.ASCII) is not None


def is_recent(sent, text):
    return is_time(text) and abs(sent["now"] - int(text)) <= 300


def decoded(text):
    """The MAC in base64, if it is spelled in the one right way."""
    try:
        data = base64.b64decode(text, validate=True)
    except ValueError:
        return None
    return data if len(data) == 32 and in_base64(data) == text else None


def has_mac(candidates, right):
    return any(each is not None and hmac.compare_digest(each, right) for each in candidates)


def from_hex(text):
    return bytes.fromhex(text) if re.fullmatch("[0-9a-f]{64}", text, re.ASCII) else None


def by_standard_webhooks(sent, body):
    secret = sent["keys"][0]
    if not secret.startswith("whsec_"):
        return False
    try:
        key = base64.b64decode(secret[6:], validate=True)
    except ValueError:
        return False
    if not 16 <= len(key) <= 75 or in_base64(key) != secret[6:]:
        return False
    for family in ("svix", "webhook"):
        ident, time, listed = (header(sent, f"{family}-{each}")
                               for each in ("id", "timestamp", "signature"))
        if ident and time and listed:
            break
    else:
        return False
    if not re.fullmatch("[!-~]{1,256}", ident) or "." in ident or not is_time(time):
        return False
    tokens = [token for token in listed.split(" ") if token]
    if len(tokens) > 16:
        return False
    candidates = [decoded(token[3:]) for token in tokens if token.startswith("v1,")]
    return has_mac(candidates, mac(key, ident, ".", time, ".", body)) and is_recent(sent, time)


def by_stripe(sent, body):
    listed = header(sent, HEADERS["stripe"])
    if not listed:
        return False
    elements = [element.strip(" \t") for element in listed.split(",")]
    times = [element[2:] for element in elements if element.startswith("t=")]
    others = [element for element in elements if element and not element.startswith("t=")]
    if len(times) != 1 or not is_time(times[0]) or len(others) > 16:
        return False
    candidates = [from_hex(element[3:]) for element in others if element.startswith("v1=")]
    right = mac(sent["keys"][0].encode(), times[0], ".", body)
    return has_mac(candidates, right) and is_recent(sent, times[0])


def by_github(sent, body):
    value = header(sent, HEADERS["github"]) or ""
    return value.startswith("sha256=") and has_mac([from_hex(value[7:])],
                                                   mac(sent["keys"][0].encode(), body))


def by_slack(sent, body):
    time = header(sent, "X-Slack-Request-Timestamp")
    value = header(sent, HEADERS["slack"]) or ""
    return (is_recent(sent, time) and value.startswith("v0=") and
            has_mac([from_hex(value[3:])],
                    mac(sent["keys"][0].encode(), "v0:", time, ":", body)))


def by_shopify(sent, body):
    return has_mac([decoded(header(sent, HEADERS["shopify"]) or "")],
                   mac(sent["keys"][0].encode(), body))


RULES_AGAIN = {"standard_webhooks": by_standard_webhooks, "stripe": by_stripe,
               "github": by_github, "slack": by_slack, "shopify": by_shopify}


# Why a package may say otherwise.


def raw(sent, name):
    return next((value for key, value in sent["headers"] if key.lower() == name.lower()), "")


def raw_times(sent):
    if sent["scheme"] == "stripe":
        return re.findall(r"(?:^|,)[ \t]*t=([^,]*)", raw(sent, HEADERS["stripe"]))
    return [raw(sent, f"{family}-timestamp") for family in ("webhook", "svix")
            if raw(sent, f"{family}-timestamp")]


def raw_signatures(sent):
    if sent["scheme"] == "stripe":
        return raw(sent, HEADERS["stripe"]).split(",")
    return " ".join(raw(sent, f"{family}-signature") for family in ("webhook", "svix")).split(" ")


def has_bad_time(sent):
    # Of a header's value also the blanks before it do not count.
    before = "" if sent["scheme"] == "stripe" else " \t"
    return any(not is_time(each.lstrip(before).rstrip(" \t")) for each in raw_times(sent))


def has_bad_id(sent):
    return any(not re.fullmatch("[!-~]{1,256}", value.strip(" \t")) or "." in value
               for name, value in sent["headers"] if name.endswith("-id"))


def has_bad_key(sent):
    secret = sent["keys"][0]
    return sent["scheme"] == "standard_webhooks" and (
        not secret.startswith("whsec_") or not 16 <= len(secret[6:].rstrip("=")) * 3 // 4 <= 75 or
        len(secret[6:]) % 4 != 0)


def is_early(sent):
    return any(is_time(each.strip()) and int(each) > sent["now"] + 300 for each in raw_times(sent))


def has_blanks(sent):
    return any(value != value.strip(" \t") for _, value in sent["headers"])


def has_two_families(sent):
    return len({name.split("-")[0] for name, _ in sent["headers"]}) > 1


def has_tail(sent):
    separator = "=" if sent["scheme"] == "stripe" else ","
    return any(each.strip().startswith("v1") and each.count(separator) > 1
               for each in raw_signatures(sent))


# Which verdict of ours each rule explains, the name of the rule, and whether it says so.
EXPLAINED = [
    ("reject", "a timestamp is 1 to 12 digits without a leading zero", has_bad_time),
    ("reject", "an id is 1 to 256 visible characters without a dot", has_bad_id),
    ("reject", "a secret is whsec_ and 16 to 75 bytes in canonical base64", has_bad_key),
    ("reject", "the time of sending is not far in the future either", is_early),
    ("reject", "one timestamp and no other", lambda sent: len(raw_times(sent)) != 1 and
     sent["scheme"] == "stripe"),
    ("reject", "16 signatures at most", lambda sent: len(raw_signatures(sent)) > 16),
    ("reject", "nothing stands behind a signature", has_tail),
    ("either", "a complete svix-* triple decides", has_two_families),
    ("either", "blanks around a header's value do not count", has_blanks),
    ("accept", "blanks around an element do not count", lambda sent: any(
        each != each.strip() for each in raw_signatures(sent))),
    ("accept", "an element without a value is skipped", lambda sent: sent["scheme"] == "stripe" and
     any(re.match("v1(=(=|$)|$)", each.strip()) for each in raw_signatures(sent))),
    ("accept", "an empty body can be signed", lambda sent: sent["body_base64"] == ""),
]


def explanation(sent, ours, peer):
    if ours == "accept" and peer == "standardwebhooks" and not any(
            name.startswith("webhook-") for name, _ in sent["headers"]):
        return "svix-* headers are read too"
    for verdict, rule, applies in EXPLAINED:
        if verdict in (ours, "either") and applies(sent):
            return rule
    return None


def run(command):
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    options = argparse.ArgumentParser(description=__doc__,
                                      formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("tool")
    options.add_argument("--node")
    options.add_argument("--count", type=int, default=20_000)
    options.add_argument("--seed", type=int, default=1)
    chosen = options.parse_args()

    sender = Sender(chosen.seed)
    deliveries = [sender.delivery(number) for number in range(chosen.count)]
    # Header values are bytes; what is no Latin-1 arrives as UTF-8.
    for sent in deliveries:
        sent["headers"] = [[name, value.encode().decode("latin-1")]
                           for name, value in sent["headers"]]
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        for sent in deliveries:
            file.write(json.dumps(sent) + "\n")
        file.flush()
        ours = [answer["verdict"] for answer in
                run([chosen.tool, "verify", "--vectors", file.name])]
        theirs = (run([chosen.node, os.path.join(PEERS, "verdicts.mjs"), file.name])
                  if chosen.node else [{}] * len(deliveries))

    asked = collections.Counter()
    accepted = collections.Counter()
    reasons = collections.Counter()
    unexplained = []
    for sent, own, others in zip(deliveries, ours, theirs, strict=True):
        own = "reject" if own == "bad_key" else own
        body = base64.b64decode(sent["body_base64"])
        again = "accept" if RULES_AGAIN[sent["scheme"]](sent, body) else "reject"
        for peer, verdict in {"Python": again, **others}.items():
            asked[peer] += 1
            accepted[peer] += verdict == own == "accept"
            if verdict == own:
                continue
            why = explanation(sent, own, peer) if peer != "Python" else None
            if why:
                reasons[peer, f"{own}: {why}"] += 1
            else:
                unexplained.append((peer, own, verdict, sent))

    for peer, count in asked.items():
        print(f"{peer}: {count} deliveries, {accepted[peer]} accepted by both")
    for (peer, why), count in sorted(reasons.items()):
        print(f"  {peer} differs {count:5} times; ours {why}")
    for peer, own, verdict, sent in unexplained[:10]:
        print(f"not explained: ours {own}, {peer} {verdict}: {json.dumps(sent)}")
    print(f"{len(unexplained)} differences are not explained")
    few = [peer for peer in ["Python", *(PACKAGES if chosen.node else [])]
           if asked[peer] == 0 or accepted[peer] < asked[peer] / 20]
    if few:
        print("too few were accepted to tell anything:", ", ".join(few))
    return 1 if unexplained or few else 0


if __name__ == "__main__":
    sys.exit(main())
