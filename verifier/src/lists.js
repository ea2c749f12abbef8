// The lists of a draw: leaves.csv with its Merkle root (RFC 9162), the private covariates.csv, and result.csv.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { drawBlock, ticketHex } from "./draw.js";
import { say } from "./findings.js";
import { differences } from "./files.js";
import { utf8 } from "./json.js";

const PACE_ROWS = 2048;
const ROW = /^([A-Za-z0-9_.-]{1,64}),([0-9a-f]{64})$/;

/** The lines of a text file after its header; null and a finding if it has not the form. */
function linesOf(bytes, header, [findings, check, file]) {
  const text = utf8(bytes);
  if (text === null) return void findings.add(check, file, "", "notUtf8");
  const lines = text.split("\n");
  if (lines[0] !== header) {
    findings.add(check, file, "", "header", { line: 1, expected: header, found: lines[0] });
    return null;
  }
  if (lines.pop() !== "") {
    return void findings.add(check, file, "", "noFinalLine", { line: lines.length + 1 });
  }
  return lines.slice(1);
}

/** The rows `block,leaf` of leaves.csv, in order, each once; null if anything is wrong with them. */
export async function readLeaves(bytes, findings, pace) {
  const rows = linesOf(bytes, "block,leaf", [findings, "list", "leaves.csv"]);
  if (!rows) return null;
  const before = findings.list.length;
  const seen = new Set();
  let last = ["", ""];
  for (const [n, row] of rows.entries()) {
    if (n % PACE_ROWS === 0) await pace();
    const [, block, leaf] = ROW.exec(row) ?? [];
    const fail = (kind, expected) => findings.add("list", "leaves.csv", "", kind, { line: n + 2, expected, found: row });
    if (block === undefined) {
      fail("row", say("leafRow"));
      continue;
    }
    if (seen.has(leaf)) fail("repeated", "");
    else if (block < last[0] || (block === last[0] && leaf < last[1])) fail("notAscending", say("after", last.join(",")));
    seen.add(leaf);
    last = [block, leaf];
  }
  return findings.list.length > before ? null : rows;
}

/** Whether the rows are of the announced blocks, each with its number of units. */
export function countsAgree(rows, told, findings) {
  const counts = new Map(told.blocks.map((it) => [it.label, 0]));
  const before = findings.list.length;
  rows.forEach((row, n) => {
    const label = row.slice(0, row.indexOf(","));
    const against = ["announcement.json"];
    if (counts.has(label)) counts.set(label, counts.get(label) + 1);
    else findings.add("list", "leaves.csv", "block", "unknownBlock", { line: n + 2, found: label, against });
  });
  told.blocks.forEach(({ label, units }, n) => {
    const found = counts.get(label);
    const [expected, against] = [say("unitsOf", label, units), ["announcement.json"]];
    if (found !== units) {
      findings.add("list", "leaves.csv", `blocks[${n}].units`, "units", { expected, found: String(found), against });
    }
  });
  return findings.list.length === before;
}

/** What the tree holds for a row: block label ‖ 00 ‖ leaf. */
const rowEntry = (row) => {
  const comma = row.indexOf(",");
  return concatBytes(utf8ToBytes(`${row.slice(0, comma)}\0`), hexToBytes(row.slice(comma + 1)));
};

const node = (left, right) => sha256(concatBytes(Uint8Array.of(1), left, right));
export const entryHash = (entry) => sha256(concatBytes(Uint8Array.of(0), entry));

/** RFC 9162 tree hash: full subtrees wait on a stack until their right-hand sibling is there. */
export async function treeHash(rows, entryOf, pace) {
  const stack = [];
  let count = 0;
  for (const row of rows) {
    if (count % PACE_ROWS === 0) await pace();
    let hash = entryHash(entryOf(row));
    for (let full = count; full % 2 === 1; full = Math.floor(full / 2)) hash = node(stack.pop(), hash);
    stack.push(hash);
    count += 1;
  }
  if (count === 0) return sha256(new Uint8Array());
  return stack.reduceRight((right, left) => node(left, right));
}

export const rootOf = async (rows, pace) => bytesToHex(await treeHash(rows, rowEntry, pace));

/** RFC 9162, 2.1.3.2: whether an entry stands at `index` of a tree of `size` entries with this root. */
export function isIncluded({ block, leaf, index, path }, size, root) {
  if (index >= size) return false;
  let [at, last] = [index, size - 1];
  let hash = entryHash(concatBytes(utf8ToBytes(`${block}\0`), leaf));
  for (const sibling of path.map((it) => hexToBytes(it))) {
    if (last === 0) return false;
    if (at % 2 === 1 || at === last) {
      hash = node(sibling, hash);
      while (at % 2 === 0 && at !== 0) [at, last] = [at / 2, Math.floor(last / 2)];
    } else {
      hash = node(hash, sibling);
    }
    [at, last] = [Math.floor(at / 2), Math.floor(last / 2)];
  }
  return last === 0 && bytesToHex(hash) === root;
}

/** The columns of covariates.csv, one Float64Array a limit, for the rows of leaves.csv; null if anything is wrong. */
export async function readCovariates(bytes, rows, limits, findings, pace) {
  const at = [findings, "constraint", "covariates.csv"];
  const found = linesOf(bytes, ["block", "leaf", ...limits.map((it) => it.name)].join(","), at);
  if (!found) return null;
  const before = findings.list.length;
  if (found.length !== rows.length) {
    findings.add(...at, "", "rowCount", { expected: String(rows.length), found: String(found.length) });
    return null;
  }
  const columns = limits.map(() => new Float64Array(rows.length));
  for (const [n, row] of found.entries()) {
    if (n % PACE_ROWS === 0) await pace();
    const [block, leaf, ...values] = row.split(",");
    const fail = (kind, expected) => findings.add(...at, "", kind, { line: n + 2, expected, found: row });
    if (`${block},${leaf}` !== rows[n]) fail("otherRow", rows[n]);
    else if (values.length !== limits.length || !values.every(isValue)) fail("row", say("covariateRow", limits.length));
    else values.forEach((value, which) => (columns[which][n] = Number(value)));
  }
  return findings.list.length > before ? null : columns;
}

const isValue = (text) => /^(0|-?[1-9]\d{0,9})$/.test(text) && Math.abs(Number(text)) <= 2 ** 31;

/** The bytes of result.csv (section 7). */
export async function resultOf(told, rows, key, seated, pace) {
  const chunks = ["block,ordinal,leaf,ticket,rank,arm\n"].map(utf8ToBytes);
  let start = 0;
  for (const [n, block] of told.blocks.entries()) {
    await pace();
    const drawn = drawBlock(key, block, seated[n]);
    let text = "";
    for (let ordinal = 0; ordinal < block.units; ordinal += 1) {
      const leaf = rows[start + ordinal].slice(block.label.length + 1);
      const ticket = ticketHex(drawn.tickets, ordinal);
      text += `${block.label},${ordinal},${leaf},${ticket},${drawn.ranks[ordinal]},${told.arms[drawn.arms[ordinal]]}\n`;
      if (ordinal % PACE_ROWS === PACE_ROWS - 1) {
        chunks.push(utf8ToBytes(text));
        text = "";
        await pace();
      }
    }
    chunks.push(utf8ToBytes(text));
    start += block.units;
  }
  return concatBytes(...chunks);
}

/** Every line of a result that differs from what the draw gives. */
export function compareResult(expected, found, findings) {
  const against = ["announcement.json", "leaves.csv", "reveal.json"];
  for (const { line, ours, theirs } of differences(expected, found)) {
    findings.add("result", "result.csv", "", "result", { line, expected: ours, found: theirs, against });
  }
}
