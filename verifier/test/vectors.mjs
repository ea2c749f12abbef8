// Every vector verifies in the page, with its result byte for byte; every changed byte is refused.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { INSIDE, packed, VECTORS, vectorDraws, withPage } from "./browser.mjs";

/** The files of which each byte is changed: all of the small draws, the reveals of others. drand's have quicknet.mjs. */
const CHANGED = {
  "one-unit/0001": null,
  "constrained/0001": ["announcement.json", "reveal.json"],
  "void-chain/0001": null,
  "void-chain/0002": null,
  "witnessed/0001": ["reveal.json"],
  "prob-3arm/0001": ["reveal.json"],
};

async function verifies(page, draw) {
  const given = packed(draw);
  const found = await page.evaluate(async (it) => {
    const { result, ...verdict } = await loddVerify(unpacked(it));
    const { ok, findings, checks, notes, announcement } = verdict;
    return { ok, findings, checks, notes: notes.map(({ word }) => word), announcement, result: textOf(result) };
  }, given);
  assert.ok(found.ok, `${draw.name}: ${JSON.stringify(found.findings)}`);
  const voided = existsSync(join(draw.dir, "void.json"));
  assert.deepEqual(found.notes, voided ? ["void"] : [], draw.name);
  const expected = voided ? null : readFileSync(join(draw.dir, "result.csv"), "utf8");
  assert.equal(found.result, expected, `${draw.name}: result.csv`);
  const open = Object.entries(found.checks).filter(([, state]) => state !== "ok").map(([part]) => part);
  assert.deepEqual(open, voided ? ["beacon", "result"] : [], draw.name);
}

/** Inside the page: from where to where a void's reason stands, in bytes. */
const REASON = () => {
  window.reasonOf = (bytes) => {
    const { index, 1: reason } = /"reason": "(.*)"/.exec(textOf(bytes));
    const start = new TextEncoder().encode(`${textOf(bytes).slice(0, index)}"reason": "`).length;
    return [start, start + new TextEncoder().encode(reason).length];
  };
};

/** Changes each byte of each public file in turn; gives the changes that went unseen or did not name the file. */
async function unseen(page, draw, only) {
  return page.evaluate(async ([it, only]) => {
    const good = unpacked(it);
    const missed = [];
    let tried = 0;
    for (const [file, bytes] of Object.entries(good.files)) {
      if (only && !only.includes(file)) continue;
      // A changed reason of a void shows only against the next draw: see below.
      const reason = file === "void.json" ? reasonOf(bytes) : [0, 0];
      for (let at = 0; at < bytes.length; at += 1) {
        if (at >= reason[0] && at < reason[1]) continue;
        const bad = bytes.slice();
        bad[at] ^= 1 << (at % 7);
        const { ok, findings } = await loddVerify({ ...good, files: { ...good.files, [file]: bad } });
        const named = findings.some((one) => one.file === file || one.against.includes(file));
        tried += 1;
        if (ok || !named || findings.some((one) => one.kind === "internal")) missed.push(`${file} byte ${at}`);
      }
    }
    return { missed, tried };
  }, [packed(draw), only]);
}

/** The same for the files of the draw before, which the chain binds. */
async function unseenBefore(page, draw) {
  return page.evaluate(async (it) => {
    const good = unpacked(it);
    const missed = [];
    let tried = 0;
    for (const file of ["announcement.json", "void.json"]) {
      const bytes = good.previous[file];
      for (let at = 0; at < bytes.length; at += 1) {
        const bad = bytes.slice();
        bad[at] ^= 1 << (at % 7);
        const { ok, findings } = await loddVerify({ ...good, previous: { ...good.previous, [file]: bad } });
        const named = findings.some((one) => one.file === file || one.against.includes(file));
        tried += 1;
        if (ok || !named) missed.push(`before: ${file} byte ${at}`);
      }
    }
    return { missed, tried };
  }, packed(draw));
}

async function slipsVerify(page, draws) {
  const dir = join(VECTORS, "slips");
  const names = readdirSync(dir).sort();
  assert.equal(names.length, 2);
  const slips = Object.fromEntries(names.map((it) => [it, readFileSync(join(dir, it)).toString("base64")]));
  const draw = packed(draws.find((it) => it.name === "seats-2arm/0001"));
  const { found, missed, tried } = await page.evaluate(async (it) => {
    const good = unpacked(it);
    const { slips: found } = await loddVerify(good);
    const missed = [];
    let tried = 0;
    for (const [file, bytes] of Object.entries(good.slips)) {
      for (let at = 0; at < bytes.length; at += 1) {
        const bad = bytes.slice();
        bad[at] ^= 1 << (at % 7);
        const { ok, slips: [{ findings }] } = await loddVerify({ ...good, slips: { [file]: bad } });
        tried += 1;
        if (ok || !findings.some((one) => one.file === file)) missed.push(`${file} byte ${at}`);
      }
    }
    return { found: found.map(({ ok, slip, notes }) => ({ ok, arm: slip.arm, notes })), missed, tried };
  }, { ...draw, slips });
  assert.deepEqual(found.map(({ ok, notes }) => [ok, notes]), [[true, []], [true, []]]);
  assert.deepEqual(missed, []);
  assert.ok(tried > 1200, `${tried}`);
}

await withPage(async (page) => {
  await page.evaluate(INSIDE);
  await page.evaluate(REASON);
  const draws = vectorDraws();
  for (const draw of draws) await verifies(page, draw);
  await slipsVerify(page, draws);
  let all = 0;
  for (const [name, only] of Object.entries(CHANGED)) {
    const draw = draws.find((it) => it.name === name);
    assert.ok(draw, name);
    const { missed, tried } = await unseen(page, draw, only);
    assert.deepEqual(missed, [], name);
    all += tried;
  }
  const before = await unseenBefore(page, draws.find((it) => it.name === "void-chain/0002"));
  assert.deepEqual(before.missed, []);
  assert.ok(all > 8000, `${all} bytes changed`);
  console.log(`${draws.length} draws, ${all + before.tried} changed bytes`);
});
