// drand's own facts: two signatures of quicknet, and what is not one. An invalid signature is an answer, never an error.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { INSIDE, packed, vectorDraws, withPage } from "./browser.mjs";

// As published by drand's network (rounds 1000 and 123).
const ROUND_1000 = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39";
const RANDOMNESS_1000 = "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd";
const ROUND_123 = "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92";

const flipped = (hex, at) => hex.slice(0, at) + (parseInt(hex[at], 16) ^ 1).toString(16) + hex.slice(at + 1);
const FIELD = 0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaabn;
const compressed = (x) => (x | (1n << 383n)).toString(16).padStart(96, "0");

function power(base, exponent) {
  let result = 1n;
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * base) % FIELD;
    base = (base * base) % FIELD;
  }
  return result;
}

/** The least x > 0 for which x³ + 4 is a square (on the curve, and not in the subgroup) or is none (off the curve). */
function abscissa(square) {
  for (let x = 1n; ; x += 1n) {
    if ((power(x ** 3n + 4n, (FIELD - 1n) / 2n) === 1n) === square) return x;
  }
}

const INVALID = {
  "the signature of another round": [999, ROUND_1000],
  "another round's number": [1000, ROUND_123],
  "a flipped bit at the start": [1000, flipped(ROUND_1000, 3)],
  "a flipped bit in the middle": [1000, flipped(ROUND_1000, 48)],
  "a flipped bit at the end": [1000, flipped(ROUND_1000, 95)],
  "the point's negative": [1000, (BigInt(`0x${ROUND_1000}`) ^ (1n << 381n)).toString(16)],
  "not compressed": [1000, (BigInt(`0x${ROUND_1000}`) ^ (1n << 383n)).toString(16).padStart(96, "0")],
  "truncated by a byte": [1000, ROUND_1000.slice(0, 94)],
  "one byte": [1000, "b4"],
  "nothing": [1000, ""],
  "too long": [1000, `${ROUND_1000}00`],
  "infinity": [1000, `c0${"0".repeat(94)}`],
  "infinity with rubbish": [1000, `c0${"0".repeat(93)}1`],
  "off the curve": [1000, compressed(abscissa(false))],
  "on the curve, outside the subgroup": [1000, compressed(abscissa(true))],
  "x beyond the field": [1000, compressed(FIELD + 1n)],
  "all ones": [1000, "f".repeat(96)],
  "all zeros": [1000, "0".repeat(96)],
};

await withPage(async (page) => {
  await page.evaluate(INSIDE);
  const holds = (round, hex) =>
    page.evaluate(([n, it]) => loddSignatureHolds(BigInt(n), Uint8Array.from(it.match(/../g) ?? [], (byte) => parseInt(byte, 16))), [round, hex]);
  assert.equal(await holds(1000, ROUND_1000), true);
  assert.equal(await holds(123, ROUND_123), true);
  assert.equal(createHash("sha256").update(Buffer.from(ROUND_1000, "hex")).digest("hex"), RANDOMNESS_1000);
  for (const [what, [round, hex]] of Object.entries(INVALID)) assert.equal(await holds(round, hex), false, what);

  // The same inside a draw: a finding that names the field, and no exception.
  const draw = packed(vectorDraws().find((it) => it.name === "drand-round-1000/0001"));
  const reveal = Buffer.from(draw.files["reveal.json"], "base64").toString();
  assert.ok(reveal.includes(ROUND_1000));
  for (const [what, [round, hex]] of Object.entries(INVALID)) {
    const bad = reveal.replace(ROUND_1000, hex).replace('"round": 1000', `"round": ${round}`);
    const files = { ...draw.files, "reveal.json": Buffer.from(bad).toString("base64") };
    const { ok, findings } = await page.evaluate(async (it) => {
      const { ok, findings } = await loddVerify(unpacked(it));
      return { ok, findings };
    }, { ...draw, files });
    assert.equal(ok, false, what);
    const signature = findings.find((it) => it.field === "beacon.signature");
    assert.equal(signature?.kind, "signature", `${what}: ${JSON.stringify(findings)}`);
    assert.ok(!findings.some((it) => it.kind === "internal"), what);
  }
});
console.log(`2 signatures of quicknet, ${Object.keys(INVALID).length} that are none`);
