// Verifies a draw as a stranger would, from its files alone (section 9 of the protocol).

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { randomness, signatureHolds } from "./beacon.js";
import { accepted, attemptKey, seats, seedKey, tag } from "./draw.js";
import { readAnnouncement, readReveal, readVoid, ZERO } from "./files.js";
import { Findings, say } from "./findings.js";
import { compareResult, countsAgree, readCovariates, readLeaves, resultOf, rootOf } from "./lists.js";
import { checkSlip } from "./slip.js";

export const DRAW_FILES = ["announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv", "void.json"];
/** More than a page should hold in memory; `lodd draw verify` takes any size. */
const BYTES_MAX = 256 * 2 ** 20;

const hashOf = (bytes) => bytesToHex(sha256(bytes));
const commitmentOf = (secret) => hashOf(Uint8Array.of(...tag("secret"), ...hexToBytes(secret)));

/**
 * Verifies one draw. Never throws, unless `pace` does.
 *
 * `draw`: `{ number, files, previous, covariates, slips }`, where `files` and `previous` (the folder of the draw before) map
 * file names to bytes, `number` is the folder's number or null, `slips` maps names to bytes.
 * `pace` is awaited often, so that a page stays responsive.
 *
 * Gives `{ ok, findings, notes, checks, slips, result, … }`: `checks` says of each part "ok", "failed" or "open" (not checked).
 */
export async function verifyDraw(draw, pace = async () => {}) {
  const check = new Check(draw, pace);
  try {
    await check.all();
  } catch (error) {
    if (error?.name === "AbortError") throw error;
    check.findings.add("form", "", "", "internal", { found: String(error?.message ?? error) });
  }
  return check.verdict();
}

const present = (files) => Object.fromEntries(Object.entries(files).filter(([, it]) => it instanceof Uint8Array));

class Check {
  constructor({ number = null, files = {}, previous = null, covariates = null, slips = {} }, pace) {
    Object.assign(this, { number, files: present(files), previous: previous && present(previous), covariates, slipFiles: present(slips), pace });
    this.findings = new Findings();
    this.notes = [];
    this.done = new Set();
    this.told = { sound: false, units: 0 };
    this.slips = [];
  }

  async all() {
    if (!this.sizes()) return;
    const announcement = this.files["announcement.json"];
    if (announcement === undefined) return this.findings.add("form", "announcement.json", "", "missingFile");
    this.hash = hashOf(announcement);
    this.told = readAnnouncement(announcement, this.findings);
    this.done.add("form");
    this.folderNumber();
    this.plan();
    await this.list();
    this.ending();
    this.chain();
    await this.constraint();
    await this.result();
    for (const [file, bytes] of Object.entries(this.slipFiles)) {
      this.slips.push(await checkSlip(file, bytes, this, this.pace));
    }
  }

  note(word, ...args) {
    this.notes.push(say(word, ...args));
  }

  sizes() {
    for (const [file, { length }] of Object.entries({ ...this.files, ...this.slipFiles })) {
      if (length > BYTES_MAX) this.findings.add("form", file, "", "tooLarge", { expected: `≤ ${BYTES_MAX}`, found: `${length}` });
    }
    return this.findings.list.length === 0;
  }

  /** A finding if two values differ; the fault can be in either file. */
  agree(check, [file, field], kind, expected, found, against) {
    this.done.add(check);
    if (expected !== found) this.findings.add(check, file, field, kind, { expected, found, against });
  }

  folderNumber() {
    const { draw } = this.told;
    if (this.number !== null && draw && this.number !== draw) {
      this.findings.add("chain", "announcement.json", "draw", "folderNumber", { expected: `${this.number}`, found: `${draw}` });
    }
  }

  plan() {
    const plan = this.files["plan.toml"];
    if (plan === undefined) return this.findings.add("plan", "plan.toml", "", "missingFile");
    const { plan: expected } = this.told;
    if (expected) this.agree("plan", ["plan.toml", ""], "plan", expected, hashOf(plan), ["announcement.json"]);
  }

  async list() {
    const leaves = this.files["leaves.csv"];
    if (leaves === undefined) return this.note("leavesWithheld");
    const rows = await readLeaves(leaves, this.findings, this.pace);
    if (!rows || !this.told.sound || !countsAgree(rows, this.told, this.findings)) return;
    const { root } = this.told;
    const found = await rootOf(rows, this.pace);
    this.agree("list", ["leaves.csv", "root"], "root", root, found, ["announcement.json"]);
    this.rows = rows;
  }

  /** reveal.json or void.json, or neither: then the draw is open. */
  ending() {
    const { "reveal.json": reveal, "void.json": voided, "result.csv": result } = this.files;
    this.state = voided ? "void" : reveal ? "revealed" : "open";
    if (reveal && voided) this.findings.add("form", "void.json", "", "revealAndVoid", { against: ["reveal.json"] });
    if (result && !reveal) this.findings.add("result", "result.csv", "", "resultAlone");
    if (voided) this.bound("void.json", readVoid(voided, this.told, this.findings));
    if (reveal) this.revealed(readReveal(reveal, this.told, this.findings));
    if (this.state !== "revealed") this.note(this.state);
  }

  /** What holds of reveal.json and void.json alike: the announcement's hash and the secret. */
  bound(file, ended) {
    if (!ended) return;
    this.agree("form", [file, "announcement"], "announcement", this.hash, ended.announcement, ["announcement.json"]);
    const { commitment } = this.told;
    if (ended.secret === null) return this.note("noSecret");
    if (!commitment) return;
    this.agree("secret", [file, "secret"], "secret", commitment, commitmentOf(ended.secret), ["announcement.json"]);
    this.reason = ended.reason;
  }

  revealed(reveal) {
    if (!reveal) return;
    this.bound("reveal.json", reveal);
    const { beacon: promised } = this.told;
    const { beacon } = reveal;
    if (!promised) return;
    const against = ["announcement.json"];
    this.agree("beacon", ["reveal.json", "beacon.kind"], "beaconKind", promised.kind, beacon.kind, against);
    if (beacon.kind === "drand" && promised.kind === "drand" && promised.round !== null) {
      const [expected, found] = [promised.round, beacon.round].map(String);
      this.agree("beacon", ["reveal.json", "beacon.round"], "round", expected, found, against);
      if (!signatureHolds(beacon.round, hexToBytes(beacon.signature))) {
        const about = { expected: say("signatureOf", found), found: beacon.signature };
        this.findings.add("beacon", "reveal.json", "beacon.signature", "signature", about);
      }
    }
    if (this.told.sound && promised.kind === beacon.kind) this.key = this.keyOf(reveal);
    this.reveal = reveal;
  }

  keyOf({ secret, beacon, attempt }) {
    this.base = seedKey(hexToBytes(secret), hexToBytes(this.hash), randomness(beacon));
    return attempt === null ? this.base : attemptKey(this.base, attempt);
  }

  chain() {
    const { draw, previous, ended } = this.told;
    if (!draw || !previous || !ended) return;
    for (const [field, hash] of Object.entries({ previous, ended })) {
      const expected = draw === 1 ? ZERO : say("notZeros");
      if ((draw === 1) !== (hash === ZERO)) {
        this.findings.add("chain", "announcement.json", field, "firstOfChain", { expected, found: hash });
      }
    }
    if (draw === 1) return this.done.add("chain");
    if (!this.previous) return this.note("chainNotChecked", draw - 1);
    this.before({ draw, previous, ended });
  }

  /** The draw before: its number and pilot, and what this draw's announcement binds of it. */
  before({ draw, previous, ended }) {
    const findings = new Findings("previous");
    const files = this.previous;
    const end = ["void.json", "reveal.json"].filter((file) => files[file]);
    const announced = files["announcement.json"];
    if (!announced) findings.add("chain", "announcement.json", "", "missingFile");
    if (end.length === 0) findings.add("chain", "reveal.json", "", "notEnded");
    if (end.length === 2) findings.add("chain", "void.json", "", "revealAndVoid", { against: ["reveal.json"] });
    if (announced) {
      const told = readAnnouncement(announced, findings);
      const differs = (field, kind, expected, found) => {
        if (found && found !== expected) findings.add("chain", "announcement.json", field, kind, { expected: `${expected}`, found: `${found}` });
      };
      differs("draw", "previousNumber", draw - 1, told.draw);
      differs("pilot", "previousPilot", this.told.pilot ?? told.pilot, told.pilot);
      if (files["void.json"]) readVoid(files["void.json"], told, findings);
      else if (files["reveal.json"]) readReveal(files["reveal.json"], told, findings);
      this.agree("chain", ["announcement.json", "previous"], "previous", hashOf(announced), previous, ["announcement.json"]);
    }
    if (end.length > 0) {
      this.agree("chain", ["announcement.json", "ended"], "ended", hashOf(files[end[0]]), ended, [end[0]]);
    }
    this.findings.list.push(...findings.list.map((it) => ({ ...it, check: "chain" })));
  }

  async constraint() {
    const { sound, constraint } = this.told;
    if (!sound || !constraint) return;
    if (!this.covariates) {
      if (this.state === "revealed") this.note("constraintNotChecked", constraint.maxAttempts);
      return;
    }
    const against = ["announcement.json"];
    this.agree("constraint", ["covariates.csv", ""], "covariates", constraint.covariates, hashOf(this.covariates), against);
    const columns = this.rows && (await readCovariates(this.covariates, this.rows, constraint.limits, this.findings, this.pace));
    if (!columns || !this.base || this.findings.failed("constraint")) {
      this.done.delete("constraint");
      return this.note("constraintNotChecked", constraint.maxAttempts);
    }
    await this.attempts(columns);
  }

  /** Every attempt before the one in reveal.json fails, and that one holds. */
  async attempts(columns) {
    const { attempt } = this.reveal;
    const fail = (kind, expected) =>
      this.findings.add("constraint", "reveal.json", "attempt", kind, { expected, found: `${attempt}`, against: ["covariates.csv"] });
    for (let a = 0; a <= attempt; a += 1) {
      await this.pace({ attempt: a, attempts: attempt + 1 });
      const holds = accepted(this.told, attemptKey(this.base, a), columns);
      if (holds && a < attempt) return fail("earlierAttempt", `${a}`);
      if (!holds && a === attempt) fail("attemptFails", say("anAcceptedAttempt"));
    }
  }

  async result() {
    const found = this.files["result.csv"];
    if (this.key) this.seated = seats(this.told, this.key);
    if (this.key && this.rows) {
      this.drawn = await resultOf(this.told, this.rows, this.key, this.seated, this.pace);
      if (found) {
        this.done.add("result");
        return compareResult(this.drawn, found, this.findings);
      }
    }
    if (found && this.state === "revealed") this.note("resultNotChecked");
    else if (this.state === "revealed") this.note("resultWithheld");
  }

  /** Seats of each arm over all blocks; null where they are not decided yet. */
  counts() {
    const { sound, arms, blocks } = this.told;
    if (!sound) return [];
    const seated = this.seated ?? (blocks[0].seats ? blocks.map((it) => it.seats) : null);
    return arms.map((arm, n) => ({ arm, units: seated ? seated.reduce((sum, it) => sum + it[n], 0) : null }));
  }

  checks() {
    const { constraint, sound } = this.told;
    const parts = ["form", "plan", "list", "chain", "secret", "beacon", ...(constraint ? ["constraint"] : []), "result"];
    const state = (part) => (this.findings.failed(part) ? "failed" : this.done.has(part) && sound ? "ok" : "open");
    return Object.fromEntries(parts.map((part) => [part, state(part)]));
  }

  verdict() {
    const { told, findings, reveal } = this;
    const slipsOk = this.slips.every((it) => it.ok);
    return {
      ok: findings.list.length === 0 && slipsOk,
      drawOk: findings.list.length === 0,
      protocol: "lodd/1",
      pilot: told.pilot ?? null,
      draw: told.draw ?? null,
      announcement: this.hash ?? null,
      state: this.state ?? null,
      rehearsal: told.beacon?.kind === "fixed" || Boolean(told.pilot?.endsWith("-rehearsal")),
      units: told.units,
      arms: this.counts(),
      blocks: told.sound ? told.blocks.map((it, n) => ({ ...it, seated: this.seated?.[n] ?? it.seats ?? null })) : [],
      beacon: told.beacon ?? null,
      revealed: reveal?.beacon ?? null,
      attempt: reveal?.attempt ?? null,
      constraint: told.constraint ?? null,
      reason: this.reason ?? null,
      checks: this.checks(),
      notes: this.notes,
      findings: findings.list,
      omitted: findings.omitted,
      slips: this.slips,
      result: this.drawn ?? null,
    };
  }
}
