// SPDX-License-Identifier: MIT
// node verdicts.mjs FILE: what the JavaScript packages of Svix, Standard Webhooks, Stripe and GitHub
// say of the deliveries in a file of test vectors. Prints an object a line: package to verdict.
//
// Needs `npm ci` in this directory.

import { verify as verifyGitHub } from "@octokit/webhooks-methods";
import { readFileSync } from "node:fs";
import * as standardwebhooks from "standardwebhooks";
import Stripe from "stripe";
import * as svix from "svix";

const stripe = new Stripe("sk_test_none");

async function verdictOf(verify) {
    try {
        return (await verify()) === false ? "reject" : "accept";
    } catch {
        return "reject";
    }
}

// The value of a header as the packages get it; undefined if it is absent.
const value = ({ headers }, wanted) =>
    headers.find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];

const packages = {
    standard_webhooks: {
        svix: (sent, body) => new svix.Webhook(sent.keys[0]).verify(
            body, Object.fromEntries(sent.headers)) || true,
        standardwebhooks: (sent, body) => new standardwebhooks.Webhook(sent.keys[0]).verify(
            body, Object.fromEntries(sent.headers), { jsonParse: false }) || true,
    },
    stripe: {
        stripe: (sent, body) => stripe.webhooks.signature.verifyHeader(
            body, value(sent, "Stripe-Signature"), sent.keys[0], 300, undefined, sent.now * 1000),
    },
    github: {
        octokit: (sent, body) =>
            verifyGitHub(sent.keys[0], body, value(sent, "X-Hub-Signature-256")),
    },
};

for (const line of readFileSync(process.argv[2], "utf8").trimEnd().split("\n")) {
    const sent = JSON.parse(line);
    const body = Buffer.from(sent.body_base64, "base64").toString();
    Date.now = () => sent.now * 1000;
    const verdicts = {};
    for (const [name, verify] of Object.entries(packages[sent.scheme] ?? {})) {
        verdicts[name] = await verdictOf(() => verify(sent, body));
    }
    console.log(JSON.stringify(verdicts));
}
