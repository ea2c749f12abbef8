// The beacons: what the 32 bytes R are (section 3 of the protocol), and drand's signature.

import { bls12_381 } from "@noble/curves/bls12-381.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";

/** drand's network quicknet, pinned: no other chain is known here. */
export const QUICKNET = {
  chain: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
  key:
    "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451" +
    "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a",
  tag: "BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_",
  genesis: 1692803367n,
  period: 3n,
};

/** Unix time in seconds of a round (1, 2, …), both BigInt. */
export const roundTime = (round) => QUICKNET.genesis + QUICKNET.period * (round - 1n);

function be64(n) {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, n);
  return bytes;
}

/** Whether these bytes are quicknet's signature of a round. Any bytes give an answer. */
export function signatureHolds(round, signature) {
  try {
    const bls = bls12_381.shortSignatures;
    const point = bls12_381.G1.Point.fromBytes(signature);
    point.assertValidity();
    if (bytesToHex(point.toBytes()) !== bytesToHex(signature)) return false;
    const message = bls.hash(sha256(be64(round)), QUICKNET.tag);
    return bls.verify(point, message, hexToBytes(QUICKNET.key));
  } catch {
    return false;
  }
}

/** R of a beacon as it stands in reveal.json, once its form is known to be right. */
export function randomness(beacon) {
  if (beacon.kind === "fixed") return hexToBytes(beacon.seed);
  if (beacon.kind === "witnessed") return sha256(utf8ToBytes(beacon.value));
  return sha256(hexToBytes(beacon.signature));
}
