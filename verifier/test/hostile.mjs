// Whatever the bytes are, there is a verdict that refuses them; and each thing it can say is said in every language.
// Without a browser: the same modules as in the page.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gather } from "../src/intake.js";
import { LANGUAGES, told } from "../src/text.js";
import { verifyDraw } from "../src/verify.js";

const VECTORS = fileURLToPath(new URL("../../crates/lodd-draw/tests/vectors/draw", import.meta.url));
const bytes = (text) => new TextEncoder().encode(text);
const read = (name, number = "0001") => {
  const dir = join(VECTORS, name, number);
  return Object.fromEntries(readdirSync(dir).filter((it) => it !== "private.csv").map((it) => [it, new Uint8Array(readFileSync(join(dir, it)))]));
};
const sha256 = (it) => createHash("sha256").update(it).digest("hex");

/** Says a finding in every language; fails where a sentence is missing. */
function saidEverywhere(finding) {
  for (const [lang, text] of Object.entries(LANGUAGES)) {
    assert.ok(text.kinds[finding.kind], `${lang}: no sentence for ${finding.kind}`);
    for (const value of [finding.expected, finding.found]) assert.ok(!/undefined|NaN/.test(told(text, value)), JSON.stringify(finding));
  }
}

async function refused(files, kind, what) {
  const verdict = await verifyDraw({ files });
  assert.equal(verdict.ok, false, what);
  verdict.findings.forEach(saidEverywhere);
  const kinds = verdict.findings.map((it) => it.kind);
  assert.ok(!kinds.includes("internal"), `${what}: ${JSON.stringify(verdict.findings)}`);
  assert.ok(kinds.includes(kind), `${what}: ${kind} is not among ${kinds}`);
}

/** Every change of the announcement that must be refused for its own sake, before any hash is compared. */
const ANNOUNCEMENTS = {
  "a repeated key": ['"draw": 1,', '"draw": 1, "draw": 1,', "repeatedKey"],
  "a repeated key, written otherwise": ['"draw": 1,', '"draw": 1, "dr\\u0061w": 1,', "repeatedKey"],
  "an unknown key": ['"draw": 1,', '"draw": 1, "extra": 1,', "unknownKey"],
  "a key named __proto__": ['"draw": 1,', '"draw": 1, "__proto__": {},', "unknownKey"],
  "a missing key": ['"draw": 1,', "", "missingKey"],
  "a float": ['"draw": 1,', '"draw": 1.0,', "notInteger"],
  "an exponent": ['"draw": 1,', '"draw": 1e0,', "notInteger"],
  "a sign": ['"draw": 1,', '"draw": -1,', "notInteger"],
  "a leading zero": ['"draw": 1,', '"draw": 01,', "notInteger"],
  "a huge number": ['"draw": 1,', `"draw": ${"9".repeat(5000)},`, "notInteger"],
  "draw 0": ['"draw": 1,', '"draw": 0,', "wrongForm"],
  "draw 10000": ['"draw": 1,', '"draw": 10000,', "wrongForm"],
  "a number as text": ['"draw": 1,', '"draw": "1",', "wrongForm"],
  "another protocol": ['"lodd/1"', '"lodd/2"', "protocol"],
  "upper-case hex": ['"plan": "6d58', '"plan": "6D58', "wrongForm"],
  "a label with a space": ['"follow-up"', '"follow up"', "wrongForm"],
  "a label with a line feed": ['"follow-up"', '"follow-up\\n"', "wrongForm"],
  "an arm twice": ['"ordinary"', '"follow-up"', "repeated"],
  "no rehearsal": ['"vector-rehearsal"', '"vector"', "rehearsalLabel"],
  "a beacon of no kind": ['"kind": "fixed"', '"kind": "constructor"', "wrongForm"],
  "a beacon whose kind is a list": ['"kind": "fixed"', '"kind": ["fixed"]', "wrongForm"],
  "a beacon without a kind": ['"kind": "fixed"', "", "wrongForm"],
  "another chain": ['"kind": "fixed"', `"kind": "drand", "chain": "${"8990e7a9".repeat(8)}", "round": 5`, "chain"],
  "zeros in draw 2": ['"draw": 1,', '"draw": 2,', "firstOfChain"],
  "half a surrogate pair": ['"follow-up"', '"\\ud800"', "notUtf8"],
  "a byte order mark": ["{", "\ufeff{", "notUtf8"],
  "text after the end": ["{", "{} {", "notJson"],
  "a trailing comma": ['"follow-up",', '"follow-up",,', "notJson"],
  "a raw control character": ['"follow-up"', '"follow\u0001up"', "notJson"],
  "seats that do not sum": ['"seats": [', '"seats": [7, 1], "x": [', "sum"],
  "units beyond 2^24": ['"units": 1', '"units": 16777217, "x": 1', "wrongForm"],
};

/** The same for probabilities: two arms in blocks of 8 to 11. */
const FRACTIONS = {
  "not in lowest terms": "2/24",
  "one over one": "1/1",
  "zero below": "1/0",
  "zero with a denominator": "0/5",
  "a leading zero": "07/12",
  "a sign": "+7/12",
  "a float": "0.5",
  "too large": "1/18446744073709551616",
  "huge": `1/${"9".repeat(100000)}`,
};

async function announcementsRefused() {
  const good = read("one-unit");
  const text = new TextDecoder().decode(good["announcement.json"]);
  for (const [what, [from, to, kind]] of Object.entries(ANNOUNCEMENTS)) {
    assert.ok(text.includes(from), what);
    await refused({ ...good, "announcement.json": bytes(text.replace(from, to)) }, kind, what);
  }
  const drawn = read("constrained-prob");
  const fractions = new TextDecoder().decode(drawn["announcement.json"]);
  for (const [what, fraction] of Object.entries(FRACTIONS)) {
    await refused({ ...drawn, "announcement.json": bytes(fractions.replace('"7/12"', `"${fraction}"`)) }, "wrongForm", what);
  }
  await refused({ ...drawn, "announcement.json": bytes(fractions.replace('"7/12"', '"1/12"')) }, "sum", "a sum of 1/2");
  const wide = fractions
    .replace('"7/12"', '"1/18446744073709551557"').replace('"5/12"', '"18446744073709551556/18446744073709551557"');
  await refused({ ...drawn, "announcement.json": bytes(wide) }, "denominator", "a common denominator of 2^64 or more");
  for (const [what, it, kind] of [
    ["nothing", "", "notJson"],
    ["deep nesting", "[".repeat(200000), "tooDeep"],
    ["a list", "[]", "wrongType"],
    ["null", "null", "wrongType"],
  ]) {
    await refused({ ...good, "announcement.json": bytes(it) }, kind, what);
  }
  await refused({}, "missingFile", "no file");
}

/** Files whose hashes agree, so that only the rule itself can refuse them. */
async function rulesHold() {
  const good = read("witnessed");
  const text = new TextDecoder().decode(good["reveal.json"]);
  for (const [what, from, to, kind] of [
    ["decomposed text", "ø", "o\u0308", "notPlain"],
    ["white space at the end", 'foss"', 'foss "', "notPlain"],
    ["a next-line character at the end", 'foss"', 'foss\u0085"', "notPlain"],
    ["an escape that is not needed", "ø", "\\u00f8", "form"],
    ["another indentation", '\n  "secret"', '\n   "secret"', "form"],
    ["no final line feed", "}\n}\n", "}\n}", "form"],
    ["an attempt without a constraint", "  }\n}", '  },\n  "attempt": 0\n}', "unexpected"],
    ["another beacon", '"kind": "witnessed",\n    "value": "4-2-6-1-1-5 Hønefoss"', `"kind": "fixed",\n    "seed": "${"0".repeat(64)}"`, "beaconKind"],
  ]) {
    assert.ok(text.includes(from), what);
    await refused({ ...good, "reveal.json": bytes(text.replace(from, to)) }, kind, what);
  }
  const voided = read("void-chain");
  const end = new TextDecoder().decode(voided["void.json"]);
  await refused({ ...voided, "void.json": bytes(end.replace(/"secret": .*/, '"secret": null')) }, "wrongForm", "a void without its secret");
  await refused({ ...voided, "reveal.json": good["reveal.json"] }, "revealAndVoid", "a void and a reveal");
  await refused({ ...good, "reveal.json": undefined }, "resultAlone", "a result without a reveal");
  const missing = read("constrained");
  const attempt = new TextDecoder().decode(missing["reveal.json"]);
  for (const [what, to, kind] of [["no attempt", "", "missingKey"], ["an attempt out of range", ',\n  "attempt": 100000', "wrongForm"]]) {
    await refused({ ...missing, "reveal.json": bytes(attempt.replace(/,\n  "attempt": \d+/, to)) }, kind, what);
  }
}

/** Another attempt with its own result: right in every file, and only the covariates show it. */
async function laterAttemptsShow() {
  const { "covariates.csv": covariates, ...good } = read("constrained");
  const reveal = new TextDecoder().decode(good["reveal.json"]);
  const kinds = {};
  for (const attempt of [0, 1, 3, 4, 5, 6, 7, 8]) {
    const changed = bytes(reveal.replace(/"attempt": \d+/, `"attempt": ${attempt}`));
    const { result } = await verifyDraw({ files: { ...good, "reveal.json": changed } });
    const files = { ...good, "reveal.json": changed, "result.csv": result };
    const without = await verifyDraw({ files });
    assert.ok(without.ok, `attempt ${attempt}`);
    assert.deepEqual(without.notes, [{ word: "constraintNotChecked", args: [100000] }]);
    const { ok, findings } = await verifyDraw({ files, covariates });
    assert.equal(ok, false, `attempt ${attempt}`);
    findings.forEach(saidEverywhere);
    for (const it of findings) kinds[it.kind] = (kinds[it.kind] ?? 0) + 1;
  }
  // The vector's attempt is 2: those before it fail, those after it come too late.
  assert.deepEqual(kinds, { attemptFails: 2, earlierAttempt: 6 });
}

/** An attempt in which one side has nobody is none, although the means of nobody differ from nothing. */
async function anEmptySideIsNone() {
  const { "covariates.csv": covariates, ...good } = read("constrained");
  const text = new TextDecoder().decode(good["announcement.json"]);
  for (const first of [true, false]) {
    const seats = (whole, units) => `"units": ${units},\n      "seats": [${first ? `0, ${units}` : `${units}, 0`}]`;
    const announcement = text.replace(/"units": (\d+),\s+"seats": \[[^\]]*\]/g, seats);
    const reveal = new TextDecoder().decode(good["reveal.json"])
      .replace(sha256(good["announcement.json"]), sha256(announcement)).replace(/"attempt": \d+/, '"attempt": 0');
    const files = { ...good, "announcement.json": bytes(announcement), "reveal.json": bytes(reveal) };
    files["result.csv"] = (await verifyDraw({ files })).result;
    const { findings } = await verifyDraw({ files, covariates });
    assert.deepEqual(findings.map((it) => it.kind), ["attemptFails"]);
  }
}

/** Bytes cut, repeated, put elsewhere, made of nothing: from a fixed stream, so that a failure can be repeated. */
async function rubbish() {
  let state = sha256("lodd");
  const next = (below) => {
    state = sha256(state);
    return Number(BigInt(`0x${state.slice(0, 12)}`) % BigInt(below));
  };
  const sources = ["seats-4arm", "constrained", "void-chain", "prob-3arm"].map((it) => read(it));
  for (let n = 0; n < 1500; n += 1) {
    const { "covariates.csv": covariates, ...files } = sources[n % sources.length];
    const names = Object.keys(files);
    const name = names[next(names.length)];
    const good = files[name];
    const [a, b] = [next(good.length), next(good.length)].sort((x, y) => x - y);
    const made = [
      () => good.slice(0, a),
      () => Uint8Array.of(...good.slice(0, b), ...good.slice(a)),
      () => Uint8Array.of(...good.slice(b), ...good.slice(0, b)),
      () => Uint8Array.from({ length: a }, () => next(256)),
      () => Uint8Array.of(...good.slice(0, a), next(256), next(256), ...good.slice(a)),
      () => files[names[next(names.length)]],
    ][next(6)]();
    const changed = sha256(made) !== sha256(good);
    const verdict = await verifyDraw({ files: { ...files, [name]: made }, covariates: covariates ?? null });
    if (name !== "void.json") assert.equal(verdict.ok, !changed, `${n}: ${name}`);
    verdict.findings.forEach(saidEverywhere);
    assert.ok(!verdict.findings.some((it) => it.kind === "internal"), JSON.stringify(verdict.findings));
    gather({ main: Object.entries({ ...files, [name]: made }).map(([path, it]) => ({ path, bytes: it })) });
  }
}

/** The three languages say the same things, and nothing that is never said. */
function languagesAgree() {
  const paths = (text, before = "") =>
    Object.entries(text).flatMap(([key, value]) =>
      value && typeof value === "object" ? paths(value, `${before}${key}.`) : [`${before}${key} ${typeof value}`]);
  const [first, ...others] = Object.values(LANGUAGES).map((it) => paths(it));
  assert.ok(first.length > 150, `${first.length}`);
  for (const other of others) assert.deepEqual(other, first);
  const source = fileURLToPath(new URL("../src", import.meta.url));
  const code = readdirSync(source).filter((it) => it.endsWith(".js")).map((it) => readFileSync(join(source, it), "utf8")).join("\n");
  const { kinds, words, notes } = LANGUAGES.nb;
  for (const key of [...Object.keys(kinds), ...Object.keys(words), ...Object.keys(notes)]) {
    assert.ok(code.includes(`"${key}"`) || ["open", "void"].includes(key), `${key} is never said`);
  }
}

languagesAgree();
await announcementsRefused();
await rulesHold();
await laterAttemptsShow();
await anEmptySideIsNone();
await rubbish();
