// A family's slip (section 8): that it stood on the locked list, and what it drew.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { armOfRank, tag, ticketHex, tickets } from "./draw.js";
import { readSlip } from "./files.js";
import { Findings, say } from "./findings.js";
import { isIncluded } from "./lists.js";

/** Checks a slip against a draw that is being verified: `{ file, ok, slip, findings, notes }`. */
export async function checkSlip(file, bytes, draw, pace) {
  const findings = new Findings();
  const notes = [];
  const slip = readSlip(bytes, file, findings);
  if (slip) {
    const differs = (field, kind, expected, found, against) => {
      if (expected !== found) findings.add("slip", file, field, kind, { expected: `${expected}`, found: `${found}`, against: [against] });
    };
    differs("announcement", "announcement", draw.hash, slip.announcement, "announcement.json");
    const block = draw.told.sound ? place(slip, draw.told, findings, file, differs) : null;
    if (block && draw.key) {
      await pace();
      ticketAndSeat(slip, block, draw, differs);
    } else {
      notes.push(say("slipTicketNotChecked"));
    }
  }
  if (slip && !draw.told.sound) findings.add("slip", file, "", "slipNoDraw");
  return { file, ok: findings.list.length === 0, slip, findings: findings.list, notes };
}

/** The slip's place on the locked list; the index of its block, or null if it has none. */
function place(slip, told, findings, file, differs) {
  const at = told.blocks.findIndex((it) => it.label === slip.block);
  if (at < 0) {
    findings.add("slip", file, "block", "unknownBlock", { found: slip.block, against: ["announcement.json"] });
    return null;
  }
  const units = told.blocks[at].units;
  if (slip.ordinal >= units) {
    findings.add("slip", file, "ordinal", "wrongForm", { expected: say("anInteger", 0, units - 1), found: `${slip.ordinal}` });
    return null;
  }
  const before = told.blocks.slice(0, at).reduce((sum, it) => sum + it.units, 0);
  differs("index", "slipIndex", before + slip.ordinal, slip.index, "announcement.json");
  const leaf = sha256(concatBytes(tag("leaf"), hexToBytes(slip.salt), utf8ToBytes(slip.id)));
  if (!isIncluded({ ...slip, leaf }, told.units, told.root)) {
    const found = bytesToHex(leaf);
    findings.add("slip", file, "path", "notIncluded", { expected: say("inTree", told.root), found, against: ["announcement.json"] });
  }
  return { at, label: slip.block, units };
}

/** The ticket, its rank in the block and the arm, from the announcement and the reveal alone. */
function ticketAndSeat(slip, block, draw, differs) {
  const all = tickets(draw.key, block);
  const mine = ticketHex(all, slip.ordinal);
  let rank = 1;
  for (let other = 0; other < block.units; other += 1) {
    const theirs = ticketHex(all, other);
    if (theirs < mine || (theirs === mine && other < slip.ordinal)) rank += 1;
  }
  const seated = draw.seated[block.at];
  differs("ticket", "slipTicket", mine, slip.ticket, "reveal.json");
  differs("rank", "slipRank", rank, slip.rank, "reveal.json");
  differs("arm", "slipArm", draw.told.arms[armOfRank(seated, rank)], slip.arm, "reveal.json");
}
