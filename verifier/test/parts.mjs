// The parts of the draw against vectors of their own: below(s), the key stream, the tree.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { below, keyStream } from "../src/draw.js";
import { treeHash } from "../src/lists.js";
import { VECTORS } from "./browser.mjs";

const read = (name) => JSON.parse(readFileSync(join(VECTORS, name), "utf8"));

const belows = read("below.json");
assert.equal(belows.length, 9);
for (const it of belows) assert.equal(below(hexToBytes(it.key), BigInt(it.s)), BigInt(it.below), it.s);

const stream = read("chacha20.json");
assert.equal(bytesToHex(keyStream(hexToBytes(stream.key), 128)), stream.first_128_bytes);

const trees = read("merkle.json");
assert.equal(trees.length, 65);
for (const { leaves, root } of trees) {
  const entries = Array.from({ length: leaves }, (_, n) => n);
  assert.equal(bytesToHex(await treeHash(entries, (n) => Uint8Array.of(n), async () => {})), root, `${leaves} leaves`);
}
