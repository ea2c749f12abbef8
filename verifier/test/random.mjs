// Random draws made by an independent program: node random.mjs DIR. Each verifies in the page, with the same result.

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { folders, INSIDE, packed, withPage } from "./browser.mjs";

const dir = process.argv[2];
const BATCH = 50;

/** All draws below the folder as packed for the page, with the slips beside the first of each chain. */
function draws() {
  return folders(dir).flatMap((pilot) =>
    folders(join(dir, pilot)).map((number) => {
      const before = number === "0001" ? null : join(dir, pilot, String(Number(number) - 1).padStart(4, "0"));
      const draw = packed({ number: Number(number), dir: join(dir, pilot, number), before });
      const slip = join(dir, pilot, `slip-${number}.json`);
      const slips = existsSync(slip) ? { "slip.json": readFileSync(slip).toString("base64") } : {};
      return { name: `${pilot}/${number}`, draw: { ...draw, slips } };
    }),
  );
}

const all = draws();
assert.ok(all.length > 0, `no draws in ${dir}`);
const seen = { slips: 0, results: 0, covariates: 0, voids: 0 };
await withPage(async (page) => {
  await page.evaluate(INSIDE);
  for (let at = 0; at < all.length; at += BATCH) {
    const batch = all.slice(at, at + BATCH);
    const found = await page.evaluate(async (them) => {
      const verdicts = [];
      for (const it of them) {
        const draw = unpacked(it);
        const { ok, state, findings, checks, slips, result } = await loddVerify(draw);
        const same = state === "revealed" ? textOf(result) === textOf(draw.files["result.csv"]) : result === null;
        const slipsRight = slips.every((one) => one.ok && one.notes.length === (state === "revealed" ? 0 : 1));
        verdicts.push({ ok, state, findings, checks, same, slipsRight, slips: slips.map((one) => one.findings) });
      }
      return verdicts;
    }, batch.map((it) => it.draw));
    found.forEach(({ ok, state, findings, checks, same, slipsRight, slips }, n) => {
      const { name, draw } = batch[n];
      assert.ok(ok && same && slipsRight, `${name}: ${JSON.stringify({ findings, same, slips })}`);
      const ended = state === "revealed" ? "ok" : "open";
      assert.deepEqual([checks.list, checks.chain, checks.result, checks.beacon], ["ok", "ok", ended, ended], name);
      if (draw.covariates && state === "revealed") assert.equal(checks.constraint, "ok", name);
      seen.slips += Object.keys(draw.slips).length;
      seen.results += state === "revealed" ? 1 : 0;
      seen.covariates += draw.covariates ? 1 : 0;
      seen.voids += state === "void" ? 1 : 0;
    });
  }
});
assert.ok(seen.results > all.length / 2 && seen.slips && seen.covariates && seen.voids, JSON.stringify(seen));
console.log(`${all.length} draws`, JSON.stringify(seen));
