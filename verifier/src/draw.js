// From the key to the seats: sections 3 to 6 of the protocol. Exact numbers only: BigInt and fractions of BigInt.

import { chacha20orig } from "@noble/ciphers/chacha.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

export const U64 = 1n << 64n;
const TICKET_BYTES = 16;

export const mac = (key, ...parts) => hmac(sha256, key, concatBytes(...parts));
/** `"text" ‖ 00`, which opens everything that is hashed here. */
export const tag = (text) => utf8ToBytes(`lodd/1 ${text}\0`);

/** K of section 3. */
export const seedKey = (secret, announcementHash, r) => mac(secret, tag("seed"), announcementHash, r);

/** K(a) of a constrained draw; `attempt` below 2^32. */
export function attemptKey(key, attempt) {
  const counted = new Uint8Array(4);
  new DataView(counted.buffer).setUint32(0, attempt);
  return mac(key, tag("attempt"), counted);
}

export const gcd = (a, b) => (b === 0n ? a : gcd(b, a % b));
/** Least common multiple; once it is 2^64 or more it is refused, and grows no further. */
export const lcm = (a, b) => (a >= U64 ? a : (a / gcd(a, b)) * b);

/** The key stream: 20 rounds, 64-bit counter from 0, 64-bit zero nonce. */
export const keyStream = (key, length) => chacha20orig(key, new Uint8Array(8), new Uint8Array(length));

/** below(s) of section 5 from the stream of a key: 1 ≤ s < 2^64. */
export function below(key, s) {
  const refused = (U64 - s) % s;
  for (let words = 8; ; words *= 2) {
    const stream = new DataView(keyStream(key, words * 8).buffer);
    // The second half only: the first was looked at in the round before.
    for (let at = words === 8 ? 0 : words / 2; at < words; at += 1) {
      const product = stream.getBigUint64(at * 8, true) * s;
      if (product % U64 >= refused) return product / U64;
    }
  }
}

/** ⌊n/d + u/D⌋, where d divides D. */
const floorSum = ([n, d], u, D) => (n * (D / d) + u) / D;
const plus = ([a, b], [c, d]) => [a * d + c * b, b * d];

/** Reduces n/d. */
export function reduced([n, d]) {
  const by = gcd(n, d);
  return [n / by, d / by];
}

/** The denominators D of section 5: one for two arms, one a block for more; none for seats. */
export function denominators(design) {
  const { arms, blocks } = design;
  if (!blocks[0].probabilities) return [];
  if (arms.length === 2) return [blocks.reduce((D, it) => lcm(D, it.probabilities[0][1]), 1n)];
  return blocks.map((it) => it.probabilities.reduce((D, p) => lcm(D, expectation(it, p)[1]), 1n));
}

const expectation = (block, [n, d]) => reduced([BigInt(block.units) * n, d]);

/** Seats of every arm in every block, block × arm. `key` is K, or K(a) of an attempt. */
export function seats(design, key) {
  if (!design.blocks[0].probabilities) return design.blocks.map((it) => it.seats);
  return design.arms.length === 2 ? twoArms(design, key) : design.blocks.map((it) => moreArms(it, key));
}

/** Two arms: one running sum over all blocks, in an order that follows from the key. */
function twoArms(design, key) {
  const [D] = denominators(design);
  const u = below(mac(key, tag("round")), D);
  const order = design.blocks
    .map((block, index) => [bytesToHex(mac(key, tag("order"), utf8ToBytes(block.label))), index])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const seated = [];
  let sum = [0n, 1n];
  for (const [, index] of order) {
    const { units, probabilities } = design.blocks[index];
    const before = floorSum(sum, u, D);
    sum = reduced(plus(sum, [BigInt(units) * probabilities[0][0], probabilities[0][1]]));
    const first = Number(floorSum(sum, u, D) - before);
    seated[index] = [first, units - first];
  }
  return seated;
}

/** More arms: the fractions of a block's expectations are rounded together. */
function moreArms(block, key) {
  const expected = block.probabilities.map((p) => expectation(block, p));
  const D = expected.reduce((all, [, d]) => lcm(all, d), 1n);
  const u = below(mac(key, tag("round"), utf8ToBytes(block.label)), D);
  let sum = [0n, 1n];
  return expected.map(([n, d]) => {
    const before = floorSum(sum, u, D);
    sum = reduced(plus(sum, [n % d, d]));
    return Number(n / d + floorSum(sum, u, D) - before);
  });
}

/** The tickets of a block: 16 bytes a unit, in the order of their ordinals. */
export function tickets(key, block) {
  const blockKey = mac(key, tag("block"), utf8ToBytes(block.label));
  return keyStream(blockKey, block.units * TICKET_BYTES);
}

export const ticketHex = (all, ordinal) =>
  bytesToHex(all.subarray(ordinal * TICKET_BYTES, (ordinal + 1) * TICKET_BYTES));

/** Ordinals from the lowest ticket to the highest; equal tickets by ordinal. */
export function ranking(all) {
  const words = new DataView(all.buffer, all.byteOffset, all.byteLength);
  const units = all.length / TICKET_BYTES;
  const order = Uint32Array.from({ length: units }, (_, ordinal) => ordinal);
  // The first four bytes decide nearly always.
  const heads = Uint32Array.from(order, (ordinal) => words.getUint32(ordinal * TICKET_BYTES));
  const compare = (a, b) => {
    if (heads[a] !== heads[b]) return heads[a] - heads[b];
    for (let at = 4; at < TICKET_BYTES; at += 4) {
      const [x, y] = [a, b].map((it) => words.getUint32(it * TICKET_BYTES + at));
      if (x !== y) return x - y;
    }
    return a - b;
  };
  return order.sort(compare);
}

/** The arm (its index) of each rank: the first arm takes the lowest. */
export function armOfRank(seated, rank) {
  let last = 0;
  return seated.findIndex((count) => (last += count) >= rank);
}

/** One block drawn: the tickets, and rank and arm of each ordinal. */
export function drawBlock(key, block, seated) {
  const all = tickets(key, block);
  const ranks = new Uint32Array(block.units);
  const arms = new Uint8Array(block.units);
  ranking(all).forEach((ordinal, place) => {
    ranks[ordinal] = place + 1;
  });
  const ends = seated.map((_, arm) => seated.slice(0, arm + 1).reduce((a, b) => a + b, 0));
  ranks.forEach((rank, ordinal) => {
    arms[ordinal] = ends.findIndex((end) => rank <= end);
  });
  return { tickets: all, ranks, arms };
}

/**
 * Whether a constrained attempt is accepted (section 6): for every covariate, the means of the first arm and of all
 * others differ by at most its limit. `columns`: one Float64Array of integers per limit, in the order of leaves.csv.
 */
export function accepted(design, key, columns) {
  const seated = seats(design, key);
  const first = columns.map(() => 0);
  const total = columns.map((column) => column.reduce((a, b) => a + b, 0));
  let count = 0;
  let start = 0;
  design.blocks.forEach((block, index) => {
    const places = seated[index][0];
    for (const ordinal of ranking(tickets(key, block)).subarray(0, places)) {
      columns.forEach((column, which) => {
        first[which] += column[start + ordinal];
      });
    }
    count += places;
    start += block.units;
  });
  const others = start - count;
  if (count === 0 || others === 0) return false;
  return design.constraint.limits.every(({ most: [n, d] }, which) => {
    const apart = BigInt(first[which]) * BigInt(others) - BigInt(total[which] - first[which]) * BigInt(count);
    return (apart < 0n ? -apart : apart) * d <= n * BigInt(count) * BigInt(others);
  });
}
