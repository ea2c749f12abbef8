// The JSON files of a draw (sections 2 and 8 of the protocol): bytes to values, or to findings.

import { denominators, gcd, U64 } from "./draw.js";
import { QUICKNET } from "./beacon.js";
import { Reading, say, shown } from "./findings.js";
import { JsonError, oneForm, parseJson } from "./json.js";

export const PROTOCOL = "lodd/1";
export const ZERO = "0".repeat(64);
const UNITS_MAX = 2 ** 24;
const U64_MAX = U64 - 1n;

/** The JSON value of a file, or undefined and a finding. */
function parsed(reading, bytes) {
  try {
    return parseJson(bytes);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { reason, line, found } = error;
    reading.findings.add(reading.check, reading.file, "", reason, { line, found });
    return undefined;
  }
}

/** What announcement.json says. `sound` is false when anything in it is wrong. */
export function readAnnouncement(bytes, findings) {
  const reading = new Reading(findings, "form", "announcement.json");
  const before = findings.list.length;
  const keys = ["protocol", "pilot", "draw", "previous", "ended", "plan", "commitment", "beacon", "arms", "blocks", "root"];
  const raw = reading.object(parsed(reading, bytes), "", keys, ["constraint"]);
  if (!raw) return { sound: false };
  protocol(reading, raw.protocol);
  const told = {
    pilot: reading.label(raw.pilot, "pilot"),
    draw: Number(reading.integer(raw.draw, "draw", 1, 9999)) || null,
    beacon: readAnnouncedBeacon(reading, raw.beacon),
    arms: readLabels(reading, raw.arms, "arms", 2),
    constraint: raw.constraint === undefined ? null : readConstraint(reading, raw.constraint),
  };
  for (const key of ["previous", "ended", "plan", "commitment", "root"]) told[key] = reading.hex(raw[key], key);
  told.blocks = told.arms && readBlocks(reading, raw.blocks, told.arms.length);
  if (told.pilot && told.beacon?.kind === "fixed" && !told.pilot.endsWith("-rehearsal")) {
    reading.fail("pilot", "rehearsalLabel", "…-rehearsal", told.pilot);
  }
  if (findings.list.length === before) denominatorsFit(reading, told);
  told.sound = findings.list.length === before;
  told.units = (told.sound && told.blocks.reduce((sum, it) => sum + it.units, 0)) || 0;
  return told;
}

function protocol(reading, value) {
  if (value !== undefined && value !== PROTOCOL) reading.fail("protocol", "protocol", PROTOCOL, shown(value));
}

/** A beacon's object, whose keys depend on its kind. */
function beaconOf(reading, value, keysOf) {
  if (!(value instanceof Map)) return reading.object(value, "beacon", []);
  const kind = value.get("kind");
  if (typeof kind === "string" && Object.hasOwn(keysOf, kind)) {
    return reading.object(value, "beacon", ["kind", ...keysOf[kind]]);
  }
  return reading.fail("beacon.kind", "wrongForm", Object.keys(keysOf).join(" / "), kind === undefined ? "" : shown(kind));
}

function readAnnouncedBeacon(reading, value) {
  const raw = beaconOf(reading, value, { drand: ["chain", "round"], witnessed: ["description"], fixed: [] });
  if (raw?.kind === "drand") {
    if (raw.chain !== undefined && raw.chain !== QUICKNET.chain) {
      reading.fail("beacon.chain", "chain", QUICKNET.chain, shown(raw.chain));
    }
    return { kind: "drand", round: reading.integer(raw.round, "beacon.round", 1, U64_MAX) };
  }
  if (raw?.kind === "witnessed") {
    return { kind: "witnessed", description: reading.text(raw.description, "beacon.description") };
  }
  return raw && { kind: "fixed" };
}

function readLabels(reading, value, field, least) {
  const labels = reading.list(value, field, least, 64);
  if (!labels) return null;
  labels.forEach((it, n) => {
    const label = reading.label(it, `${field}[${n}]`);
    if (label !== null && labels.indexOf(label) < n) reading.fail(`${field}[${n}]`, "repeated", "", label);
  });
  return labels;
}

function readBlocks(reading, value, arms) {
  const list = reading.list(value, "blocks", 1, 10000);
  if (!list) return null;
  const shares = list[0] instanceof Map && list[0].has("probabilities") ? "probabilities" : "seats";
  const blocks = list.map((it, n) => readBlock(reading, it, `blocks[${n}]`, shares, arms));
  blocks.forEach((it, n) => {
    const last = blocks[n - 1]?.label;
    if (it?.label && last && last >= it.label) {
      reading.fail(`blocks[${n}].label`, "notAscending", say("after", last), it.label);
    }
  });
  return blocks;
}

function readBlock(reading, value, field, shares, arms) {
  const raw = reading.object(value, field, ["label", "units", shares]);
  if (!raw) return null;
  const units = Number(reading.integer(raw.units, `${field}.units`, 1, UNITS_MAX));
  const block = { label: reading.label(raw.label, `${field}.label`), units };
  const where = `${field}.${shares}`;
  const list = reading.list(raw[shares], where, arms, arms);
  if (!list) return block;
  const before = reading.findings.list.length;
  if (shares === "seats") {
    block.seats = list.map((it, n) => Number(reading.integer(it, `${where}[${n}]`, 0, UNITS_MAX)));
    const sum = block.seats.reduce((a, b) => a + b, 0);
    if (reading.findings.list.length === before && sum !== units) reading.fail(where, "sum", String(units), String(sum));
  } else {
    block.probabilities = list.map((it, n) => readFraction(reading, it, `${where}[${n}]`));
    if (reading.findings.list.length === before) sumsToOne(reading, where, block.probabilities);
  }
  return block;
}

/** A fraction in lowest terms as [numerator, denominator], below 2^64 each. */
function readFraction(reading, value, field) {
  if (value === undefined) return null;
  const [, top, bottom] = (typeof value === "string" && /^(0|[1-9]\d{0,19})(?:\/([1-9]\d{0,19}))?$/.exec(value)) || [];
  const [n, d] = [BigInt(top ?? 0), BigInt(bottom ?? 1)];
  const canonical = top !== undefined && (bottom === undefined || (d > 1n && gcd(n, d) === 1n));
  return canonical && n <= U64_MAX && d <= U64_MAX
    ? [n, d]
    : reading.fail(field, "wrongForm", say("aFraction"), shown(value));
}

function sumsToOne(reading, field, fractions) {
  const [n, d] = fractions.reduce(([a, b], [x, y]) => {
    const by = gcd(b, y);
    return [a * (y / by) + x * (b / by), (b / by) * y];
  }, [0n, 1n]);
  if (n !== d) reading.fail(field, "sum", "1", `${n / gcd(n, d)}/${d / gcd(n, d)}`);
}

function denominatorsFit(reading, told) {
  const sizes = denominators(told);
  const wide = sizes.findIndex((D) => D >= U64);
  if (wide < 0) return;
  const field = told.arms.length === 2 ? "blocks" : `blocks[${wide}].probabilities`;
  reading.fail(field, "denominator", "< 2^64", say("atLeast", "2^64"));
}

function readConstraint(reading, value) {
  const raw = reading.object(value, "constraint", ["covariates", "limits", "max_attempts"]);
  if (!raw) return null;
  const limits = (reading.list(raw.limits, "constraint.limits", 1, 64) ?? []).map((it, n, all) => {
    const field = `constraint.limits[${n}]`;
    const limit = reading.object(it, field, ["name", "max_difference"]);
    const name = limit && reading.label(limit.name, `${field}.name`);
    const first = all.findIndex((other) => other instanceof Map && other.get("name") === name);
    if (name && first < n) reading.fail(`${field}.name`, "repeated", "", name);
    return { name, most: limit && readFraction(reading, limit.max_difference, `${field}.max_difference`) };
  });
  return {
    covariates: reading.hex(raw.covariates, "constraint.covariates"),
    limits,
    maxAttempts: Number(reading.integer(raw.max_attempts, "constraint.max_attempts", 1, 2 ** 32)),
  };
}

/** The keys of reveal.json's beacon beside its kind. */
const REVEALED = { drand: ["round", "signature"], witnessed: ["value"], fixed: ["seed"] };

/** What reveal.json says, or null; `told` is the announcement. */
export function readReveal(bytes, told, findings) {
  const reading = new Reading(findings, "form", "reveal.json");
  const before = findings.list.length;
  const raw = reading.object(parsed(reading, bytes), "", ["protocol", "announcement", "secret", "beacon"], ["attempt"]);
  if (!raw) return null;
  protocol(reading, raw.protocol);
  const reveal = {
    announcement: reading.hex(raw.announcement, "announcement"),
    secret: reading.hex(raw.secret, "secret"),
    beacon: readRevealedBeacon(reading, raw.beacon),
    attempt: readAttempt(reading, raw.attempt, told),
  };
  if (findings.list.length > before) return null;
  const { kind } = reveal.beacon;
  const beacon = ordered(raw.beacon, ["kind", ...REVEALED[kind]]);
  const keys = ["protocol", "announcement", "secret", "beacon", ...(raw.attempt === undefined ? [] : ["attempt"])];
  inOneForm(reading, bytes, new Map(keys.map((key) => [key, key === "beacon" ? beacon : raw[key]])));
  return reveal;
}

function readRevealedBeacon(reading, value) {
  const raw = beaconOf(reading, value, REVEALED);
  if (raw?.kind === "fixed") return { kind: "fixed", seed: reading.hex(raw.seed, "beacon.seed") };
  if (raw?.kind === "witnessed") return { kind: "witnessed", value: reading.plain(raw.value, "beacon.value") };
  if (raw?.kind !== "drand") return null;
  const round = reading.integer(raw.round, "beacon.round", 1, U64_MAX);
  const held = new Reading(reading.findings, "beacon", reading.file);
  const signature = raw.signature === undefined ? null : raw.signature;
  const holds = typeof signature === "string" && /^[0-9a-f]{96}$/.test(signature);
  if (!holds) held.fail("beacon.signature", "signature", say("hexDigits", 96), shown(signature));
  return { kind: "drand", round, signature };
}

/** The attempt of a constrained draw; null where there is none. */
function readAttempt(reading, value, told) {
  if (!told.sound) return null;
  const { constraint } = told;
  if (!constraint) return value === undefined ? null : reading.fail("attempt", "unexpected", "", shown(value));
  const most = constraint.maxAttempts - 1;
  if (value === undefined) return reading.fail("attempt", "missingKey", say("anInteger", 0, most), "");
  const attempt = reading.integer(value, "attempt", 0, most);
  return attempt === null ? null : Number(attempt);
}

/** What void.json says, or null. */
export function readVoid(bytes, told, findings) {
  const reading = new Reading(findings, "form", "void.json");
  const before = findings.list.length;
  const keys = ["protocol", "announcement", "reason", "secret"];
  const raw = reading.object(parsed(reading, bytes), "", keys);
  if (!raw) return null;
  protocol(reading, raw.protocol);
  const withheld = raw.secret === null && (!told.beacon || told.beacon.kind === "drand");
  const found = {
    announcement: reading.hex(raw.announcement, "announcement"),
    reason: reading.text(raw.reason, "reason"),
    secret: withheld ? null : reading.hex(raw.secret, "secret"),
  };
  if (findings.list.length > before) return null;
  inOneForm(reading, bytes, ordered(raw, keys));
  return found;
}

/** What a slip says, or null. */
export function readSlip(bytes, file, findings) {
  const reading = new Reading(findings, "slip", file);
  const before = findings.list.length;
  const keys = ["protocol", "announcement", "id", "salt", "block", "ordinal", "index", "path", "ticket", "rank", "arm"];
  const raw = reading.object(parsed(reading, bytes), "", keys);
  if (!raw) return null;
  protocol(reading, raw.protocol);
  const number = (key, least) => Number(reading.integer(raw[key], key, least, 10000 * UNITS_MAX));
  const path = reading.list(raw.path, "path", 0, 64);
  const slip = {
    announcement: reading.hex(raw.announcement, "announcement"),
    id: nfc(reading, raw.id),
    salt: reading.hex(raw.salt, "salt"),
    block: reading.label(raw.block, "block"),
    ordinal: number("ordinal", 0),
    index: number("index", 0),
    path: path?.map((it, n) => reading.hex(it, `path[${n}]`)),
    ticket: reading.hex(raw.ticket, "ticket", 32),
    rank: number("rank", 1),
    arm: reading.label(raw.arm, "arm"),
  };
  if (findings.list.length > before) return null;
  inOneForm(reading, bytes, ordered(raw, keys));
  return slip;
}

function nfc(reading, value) {
  const text = reading.text(value, "id");
  if (text === null || text.normalize("NFC") === text) return text;
  return reading.fail("id", "notPlain", text.normalize("NFC"), text);
}

function ordered(raw, keys) {
  return new Map(keys.map((key) => [key, raw instanceof Map ? raw.get(key) : raw[key]]));
}

function inOneForm(reading, bytes, value) {
  const expected = oneForm(value);
  for (const { line, ours, theirs } of differences(expected, bytes).slice(0, 1)) {
    reading.findings.add(reading.check, reading.file, "", "form", { line, expected: ours, found: theirs });
  }
}

/** The lines, from 1, in which two files differ; null where one has no such line. */
export function differences(expected, found) {
  if (expected.length === found.length && expected.every((byte, at) => byte === found[at])) return [];
  const lines = (bytes) => new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes).split("\n");
  const [ours, theirs] = [lines(expected), lines(found)];
  const differing = [];
  for (let at = 0; at < Math.max(ours.length, theirs.length); at += 1) {
    if (ours[at] !== theirs[at]) differing.push({ line: at + 1, ours: ours[at] ?? "", theirs: theirs[at] ?? "" });
  }
  return differing;
}
