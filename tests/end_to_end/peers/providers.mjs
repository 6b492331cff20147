// SPDX-License-Identifier: MIT
// node providers.mjs TOOL: webhookpp and the JavaScript packages of Stripe and of GitHub have to
// agree. The packages sign for the tool; the tool signs for them.
//
// Needs `npm ci` in this directory.

import { sign as signGitHub, verify as verifyGitHub } from "@octokit/webhooks-methods";
import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Stripe from "stripe";

const [tool] = process.argv.slice(2);
if (!tool) {
    console.error("usage: node providers.mjs TOOL");
    process.exit(2);
}
const work = mkdtempSync(join(tmpdir(), "webhookpp-providers-"));
const now = () => Math.floor(Date.now() / 1000);

let passed = 0;
let failed = 0;
function check(sentence, holds, seen) {
    holds ? ++passed : ++failed;
    console.log(holds ? `ok - ${sentence}` : `not ok - ${sentence} (saw: ${seen})`);
}

// Keys go through the environment, K0 K1 ...
function run(command, scheme, secrets, body, more) {
    writeFileSync(join(work, "body"), body);
    const keys = Object.fromEntries(secrets.map((each, i) => [`K${i}`, each]));
    return spawnSync(tool, [
        command, "--scheme", scheme, "--body", join(work, "body"),
        ...Object.keys(keys).flatMap((name) => ["--key-env", name]), ...more,
    ], { env: { ...process.env, ...keys }, encoding: "utf8", timeout: 10_000 });
}

const stripe = new Stripe("sk_test_none");
const providers = [
    {
        name: "stripe",
        header: "Stripe-Signature",
        newSecret: () => "whsec_" + randomBytes(24).toString("hex"),
        sign: async (secret, body, sent = now()) => stripe.webhooks.generateTestHeaderString(
            { payload: body, secret, timestamp: sent }),
        verify: async (secret, body, value) => {
            try {
                stripe.webhooks.constructEvent(body, value, secret);
                return true;
            } catch {
                return false;
            }
        },
        signsTime: true,
    },
    {
        name: "github",
        header: "X-Hub-Signature-256",
        newSecret: () => randomBytes(20).toString("base64url"),
        sign: (secret, body) => signGitHub(secret, body),
        verify: (secret, body, value) => verifyGitHub(secret, body, value),
        signsTime: false,
    },
];

async function test(provider) {
    const { name, header } = provider;
    const secret = provider.newSecret();
    const unrelated = provider.newSecret();
    const body = JSON.stringify({ id: "evt_1", object: "event", text: "é 😀" });
    const value = await provider.sign(secret, body);
    const verify = (text, given, secrets) =>
        run("verify", name, secrets, text, ["--header", `${header}: ${given}`]);
    const expect = (sentence, status, result) => check(`${name}: webhookpp verify ${sentence}`,
        result.status === status, `${result.status} ${result.stderr}`);

    expect("accepts what the package signs", 0, verify(body, value, [secret]));
    expect("accepts it with a second key", 0, verify(body, value, [unrelated, secret]));
    expect("refuses another body", 1, verify(body + " ", value, [secret]));
    expect("refuses another key", 1, verify(body, value, [unrelated]));
    const flipped = value.replace(/.$/, (last) => (last === "0" ? "1" : "0"));
    expect("refuses another signature", 1, verify(body, flipped, [secret]));
    if (provider.signsTime) {
        const stale = await provider.sign(secret, body, now() - 600);
        expect("refuses what was signed ten minutes ago", 1, verify(body, stale, [secret]));
    }

    const signed = run("sign", name, [secret], body, ["--timestamp", String(now()), "--id", "1"]);
    const line = signed.stdout.split("\n").find((each) => each.startsWith(header + ": ")) ?? "";
    const ours = line.slice(header.length + 2);
    const seen = signed.stdout + signed.stderr;
    check(`${name}: the package accepts what webhookpp sign signs`,
        await provider.verify(secret, body, ours), seen);
    check(`${name}: the package refuses it with another body`,
        !await provider.verify(secret, body + " ", ours), seen);
    check(`${name}: the package refuses it with another key`,
        !await provider.verify(unrelated, body, ours), seen);
}

try {
    for (const provider of providers) await test(provider);
} catch (error) {
    check("the packages can be compared", false, error.stack);
} finally {
    rmSync(work, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
