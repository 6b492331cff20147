// SPDX-License-Identifier: MIT
// The npm packages of providers: each verifies one delivery and parses its body.
// Prints how many nanoseconds each row takes for the delivery in a file.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [file, seconds, modules] = process.argv.slice(2);
const load = createRequire(join(modules, "package.json"));
const svix = load("svix");
const standard = load("standardwebhooks");
const Stripe = load("stripe");

const sample = JSON.parse(readFileSync(file, "utf8"));
const headers = Object.fromEntries(sample.headers.map(([name, value]) => [name.toLowerCase(), value]));
const stripeHeaders = Object.fromEntries(
  sample.stripe_headers.map(([name, value]) => [name.toLowerCase(), value]));

function measure(name, run) {
  // Until the compiler of the engine has done what it can.
  for (let i = 0; i < 20_000; ++i) run();
  const begin = process.hrtime.bigint();
  const end = begin + BigInt(Math.round(Number(seconds) * 1e9));
  let times = 0;
  let now = begin;
  do {
    for (let i = 0; i < 100; ++i) {
      if (run().data.items.length !== 8) throw new Error("the delivery was not handled");
    }
    times += 100;
    now = process.hrtime.bigint();
  } while (now < end);
  console.log(`${name}\t${(Number(now - begin) / times).toFixed(1)}`);
}

const bySvix = new svix.Webhook(sample.secret);
measure("svix", () => {
  bySvix.verify(sample.body, headers);
  return JSON.parse(sample.body);
});
const byStandard = new standard.Webhook(sample.secret);
measure("standardwebhooks", () => byStandard.verify(sample.body, headers));
const stripe = new (Stripe.default ?? Stripe)("sk_test_not_used");
measure("stripe", () => stripe.webhooks.constructEvent(
  sample.body, stripeHeaders["stripe-signature"], sample.stripe_secret));
