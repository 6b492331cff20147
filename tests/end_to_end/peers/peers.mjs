// SPDX-License-Identifier: MIT
// node peers.mjs SERVER TOOL: webhookpp and the JavaScript packages of Svix and of Standard Webhooks
// have to agree. The packages sign for the example server and for the tool; the tool signs for them.
//
// Needs `npm ci` in this directory. Of the two packages svix builds on the other one and adds the
// svix-* header names.

import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as standardwebhooks from "standardwebhooks";
import * as svix from "svix";

const [server, tool] = process.argv.slice(2);
if (!server || !tool) {
    console.error("usage: node peers.mjs SERVER TOOL");
    process.exit(2);
}
const peers = [
    { name: "svix", Webhook: svix.Webhook, prefix: "svix" },
    { name: "standardwebhooks", Webhook: standardwebhooks.Webhook, prefix: "webhook" },
];

const newSecret = (size = 24) => "whsec_" + randomBytes(size).toString("base64");
const oldSecret = newSecret();
const secret = newSecret();
const unrelatedSecret = newSecret();
const work = mkdtempSync(join(tmpdir(), "webhookpp-peers-"));

let passed = 0;
let failed = 0;
function check(sentence, holds, seen) {
    holds ? ++passed : ++failed;
    console.log(holds ? `ok - ${sentence}` : `not ok - ${sentence} (saw: ${seen})`);
}

// Text outside ASCII, so that a difference in encoding shows.
const event = (key) => JSON.stringify({
    id: 7,
    type: "chart.published",
    timestamp: "2024-01-10T10:03:02.147Z",
    data: { workspaceKey: "ws-1", key },
});

// What `peer` sends for `body`: one signature for each of `secrets`, in one header.
function delivery(peer, body, secrets, sent = Math.floor(Date.now() / 1000)) {
    const id = "msg_" + randomBytes(12).toString("hex");
    const signatures = secrets.map((each) =>
        new peer.Webhook(each).sign(id, new Date(sent * 1000), body));
    const headers = {
        [`${peer.prefix}-id`]: id,
        [`${peer.prefix}-timestamp`]: String(sent),
        [`${peer.prefix}-signature`]: signatures.join(" "),
    };
    return { headers, body };
}

// The ways to change a genuine delivery of `peer` that nobody may accept.
function forgeries(peer, { headers, body }) {
    const header = (name, change) => {
        const full = `${peer.prefix}-${name}`;
        return { headers: { ...headers, [full]: change(headers[full]) }, body };
    };
    return {
        body: { headers, body: body.replace("ws-1", "ws-2") },
        id: header("id", (id) => id + "0"),
        timestamp: header("timestamp", (sent) => String(Number(sent) - 1)),
        signature: header("signature", (text) =>
            text.replace(/^v1,./, (start) => "v1," + (start.endsWith("A") ? "B" : "A"))),
    };
}

// The server.

const child = spawn(server, ["--port", "0"], {
    env: { ...process.env, SEATSIO_SECRET: secret },
    stdio: ["ignore", "pipe", "inherit"],
});
let printed = "";
child.stdout.setEncoding("utf8").on("data", (text) => { printed += text; });
child.on("error", (error) => { printed += error.message; });

// Waits until the server has printed what `pattern` matches; null if it does not in time.
async function waitFor(pattern) {
    for (let i = 0; i < 200 && !pattern.test(printed); ++i) await sleep(25);
    return pattern.exec(printed);
}

function post(url, { headers, body }) {
    return new Promise((resolve, reject) => {
        // An agent of its own takes no proxy from the environment.
        const options = { method: "POST", headers, agent: new http.Agent(), timeout: 10_000 };
        const request = http.request(url, options, (response) => {
            response.resume().on("end", () => resolve(response.statusCode));
        });
        request.on("timeout", () => request.destroy(new Error("no answer")));
        request.on("error", reject).end(body);
    });
}

async function testServer(url, peer) {
    const key = `chart-é-😀-${peer.name}`;
    const genuine = delivery(peer, event(key), [secret]);
    check(`${peer.name}: the server accepts what it signs`,
        await post(url, genuine) === 200 && await waitFor(new RegExp(`chart published: ${key} in`)),
        printed);
    const rotated = delivery(peer, event(key + "-rotated"), [oldSecret, secret]);
    check(`${peer.name}: the server accepts two signatures in one header`,
        await post(url, rotated) === 200 && await waitFor(new RegExp(`: ${key}-rotated in`)),
        printed);
    for (const [what, forged] of Object.entries(forgeries(peer, genuine))) {
        const status = await post(url, forged);
        check(`${peer.name}: the server refuses another ${what}`, status === 401, status);
    }
    const other = await post(url, delivery(peer, event(key), [unrelatedSecret]));
    check(`${peer.name}: the server refuses another key`, other === 401, other);
    const stale = delivery(peer, event(key), [secret], Math.floor(Date.now() / 1000) - 600);
    const late = await post(url, stale);
    check(`${peer.name}: the server refuses what was signed ten minutes ago`, late === 401, late);
}

// The tool. Keys go through the environment, K0 K1 ...

function run(command, secrets, body, more) {
    writeFileSync(join(work, "body"), body);
    const keys = Object.fromEntries(secrets.map((each, i) => [`K${i}`, each]));
    return spawnSync(tool, [
        command, "--scheme", "standard_webhooks", "--body", join(work, "body"),
        ...Object.keys(keys).flatMap((name) => ["--key-env", name]), ...more,
    ], { env: { ...process.env, ...keys }, encoding: "utf8", timeout: 10_000 });
}

function verify({ headers, body }, secrets) {
    const options = Object.entries(headers).flatMap(([name, value]) =>
        ["--header", `${name}: ${value}`]);
    return run("verify", secrets, body, options);
}

function testVerify(peer) {
    const name = `${peer.name}: webhookpp verify`;
    const genuine = delivery(peer, event("chart-é"), [secret]);
    const expect = (sentence, status, result) =>
        check(`${name} ${sentence}`, result.status === status, `${result.status} ${result.stderr}`);
    expect("accepts what it signs", 0, verify(genuine, [secret]));
    for (const [what, forged] of Object.entries(forgeries(peer, genuine))) {
        expect(`refuses another ${what}`, 1, verify(forged, [secret]));
    }
    expect("refuses another key", 1, verify(genuine, [unrelatedSecret]));
    const rotated = delivery(peer, event("chart-1"), [oldSecret, secret]);
    expect("accepts two signatures with the old key", 0, verify(rotated, [oldSecret]));
    expect("accepts two signatures with the new key", 0, verify(rotated, [secret]));
    expect("accepts two signatures with both keys", 0, verify(rotated, [secret, oldSecret]));
    expect("refuses two signatures by other keys", 1, verify(rotated, [unrelatedSecret]));
    for (const size of [16, 25, 32, 64, 75]) {
        const sized = newSecret(size);
        expect(`accepts a key of ${size} bytes`, 0,
            verify(delivery(peer, event("chart-1"), [sized]), [sized]));
    }
}

function testSign(peer) {
    const body = event("chart-é-😀");
    const signed = run("sign", [oldSecret, secret], body,
        ["--id", "msg_1", "--timestamp", String(Math.floor(Date.now() / 1000))]);
    const headers = Object.fromEntries(signed.stdout.trim().split("\n").map((line) => {
        const [name, value] = line.split(": ");
        return [name.replace(/^webhook/, peer.prefix), value];
    }));
    const verdict = (text, by, given = headers) => {
        try {
            new peer.Webhook(by).verify(text, given);
            return "accepted";
        } catch (error) {
            return error.message;
        }
    };
    const expect = (sentence, expected, seen) =>
        check(`${peer.name} ${sentence}`, seen === expected, seen + signed.stderr);
    const refused = "No matching signature found";
    expect("accepts what webhookpp sign signs", "accepted", verdict(body, secret));
    expect("accepts it with the old key too", "accepted", verdict(body, oldSecret));
    expect("refuses it with another body", refused, verdict(body + " ", secret));
    expect("refuses it with another key", refused, verdict(body, unrelatedSecret));
    expect("refuses it with another id", refused,
        verdict(body, secret, { ...headers, [`${peer.prefix}-id`]: "msg_2" }));
}

try {
    const listening = await waitFor(/^listening on (http:\/\/127\.0\.0\.1:\d+\S*)\n/);
    check("the server says where it listens", listening, printed);
    for (const peer of peers) {
        if (listening) await testServer(listening[1], peer);
        testVerify(peer);
        testSign(peer);
    }
    if (listening) {
        child.kill("SIGTERM");
        await Promise.race([once(child, "exit"), sleep(10_000, null, { ref: false })]);
        check("the server ends in good order", child.exitCode === 0, child.exitCode);
    }
} catch (error) {
    check("the peers can be compared", false, error.stack);
} finally {
    child.kill("SIGKILL");
    rmSync(work, { recursive: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
