// What the pages cost: load.mjs LODD FOLDER OFFICES ROUNDS. Offices k000 and on deliver at-once-ROUND-OFFICE.csv all at
// once, first on the page, then as machines; then each page is asked for by itself. Prints milliseconds and bytes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as jose from "jose";
import { NO_LIMITS, anyone, ask, csrf, form, multipart, serve } from "./many.mjs";

const [lodd, dir, offices, rounds] = process.argv.slice(2);
const { issuer, sign, logIn } = await anyone(jose);
const all = [...Array(Number(offices)).keys()].map((it) => `k${String(it).padStart(3, "0")}`);
const central = ["researcher", "evaluator", "auditor"];
const access = all.map((it) => `[[access]]\nwhen = { sub = "${it}" }\nrole = "clerk"\noffice = "${it}"\n`).concat(central.map((it) => `[[access]]\nwhen = { sub = "${it}" }\nrole = "${it}"\n`)).join("");
const machines = all.map((it) => `[[machine]]\nissuer = "${issuer}"\naudience = "lodd"\nscope = "levering"\nwhen = { client_id = "${it}" }\noffice = "${it}"\n`).join("");
const clock = ["--clock", "2020-09-01T08:00:00Z"];
const server = await serve(lodd, dir, { issuer, access, machines, limits: NO_LIMITS, clock });
const { origin } = server;
const memory = () => Number(readFileSync(`/proc/${server.child.pid}/status`, "utf8").match(/VmRSS:\s+([0-9]+)/)[1]) / 1024;
await ask(origin, "/helse");
console.log(`idle memory ${memory().toFixed(0)} MB (goal 100)`);

const at = (took, part) => took.toSorted((a, b) => a - b)[Math.floor((took.length - 1) * part)];
const line = (name, took) => console.log(`${name}: p50 ${(at(took, 0.5) / 1e3).toFixed(2)} s, p99 ${(at(took, 0.99) / 1e3).toFixed(2)} s, at most ${(at(took, 1) / 1e3).toFixed(2)} s`);
async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
const people = await Promise.all(all.map(async (office) => {
  const cookie = await logIn(origin, office);
  return { office, cookie, word: csrf(await ask(origin, "/tilgjengelighet", { cookie })) };
}));
const file = (round, it) => ({ name: "status.csv", bytes: readFileSync(join(dir, `at-once-${round}-${it}.csv`)) });
const [looked, stored, machine] = [[], [], []];
for (let round = 1; round <= Number(rounds); round += 1) {
  if (round % 2) {
    looked.push(...await Promise.all(people.map(({ cookie, word }, it) => timed(async () => {
      const sent = multipart({ csrf: word }, file(round, it));
      const answer = await ask(origin, "/levering", { method: "POST", cookie, body: sent.body, headers: { ...sent.headers, origin } });
      assert.equal(answer.status, 303, answer.text);
    }))));
    stored.push(...await Promise.all(people.map(({ cookie, word }) => timed(async () => {
      const answer = await form(origin, "/levering/lagre", { csrf: word, rettelse: "on" }, cookie);
      assert.equal(answer.status, 200, answer.text);
    }))));
  } else {
    machine.push(...await Promise.all(all.map(async (office, it) => {
      const authorization = `Bearer ${await sign({ aud: "lodd", scope: "levering", client_id: office, sub: office })}`;
      return timed(async () => {
        const answer = await ask(origin, "/api/levering", { method: "POST", headers: { authorization, "content-type": "text/csv" }, body: file(round, it).bytes });
        assert.equal(answer.status, 201, answer.text);
      });
    })));
  }
}
line(`${all.length} files at once, looked at`, looked);
line(`${all.length} files at once, stored (goal p99 2)`, stored);
line(`${all.length} machines at once, stored (goal p99 2)`, machine);
console.log(`memory after that ${memory().toFixed(0)} MB`);

const assets = (await Promise.all(["/lodd.css", "/lodd.js"].map((it) => ask(origin, it)))).reduce((sum, it) => sum + Buffer.byteLength(it.text), 0);
const pages = {
  [all[0]]: ["/", "/historikk", "/familier"],
  researcher: ["/liste", "/trekninger", "/plasser", "/frigivelser"],
  evaluator: ["/svar", "/flyt", "/plan", "/resultater"],
  auditor: ["/bevis", "/journal", "/kvitteringer", "/innsyn"],
};
for (const [who, paths] of Object.entries(pages)) {
  const cookie = await logIn(origin, who);
  for (const path of paths) {
    const took = [];
    let answer;
    for (let n = 0; n < 11; n += 1) took.push(await timed(async () => { answer = await ask(origin, path, { cookie }); }));
    assert.equal(answer.status, 200, path);
    console.log(`${path.padEnd(14)} ${at(took, 0.5).toFixed(1).padStart(7)} ms (goal 50) ${((Buffer.byteLength(answer.text) + assets) / 1024).toFixed(0).padStart(5)} kB with style and script (goal 100)`);
  }
}
process.exit(0);
