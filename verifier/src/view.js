// A verdict as elements of the page. What stands in a file becomes text, never markup.

import { roundTime } from "./beacon.js";
import { time, told, whole } from "./text.js";

/** An element with properties and children; strings become text. */
export function h(name, props = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(props)) {
    if (key === "class") element.className = value;
    else element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((it) => it !== null));
  return element;
}

const MARKS = { ok: "✓", refused: "✗", failed: "✗", partial: "!", open: "–", void: "–" };
const mark = (state) => h("span", { class: `mark ${state}`, "aria-hidden": "true" }, MARKS[state]);
const BLOCKS_OPEN_MAX = 12;

/** Which of the five headings a verdict has. */
export function outcome(verdict) {
  if (!verdict.drawOk) return "refused";
  if (verdict.state !== "revealed") return verdict.state ?? "refused";
  return verdict.notes.length > 0 ? "partial" : "ok";
}

/** One draw's verdict. `lang` is the key of its language, `text` the language. */
export function verdictView(verdict, folder, lang, text) {
  const kind = outcome(verdict);
  const title = verdict.pilot && verdict.draw ? text.drawTitle(verdict.draw, verdict.pilot) : text.drawUnknown;
  return h(
    "article",
    { class: kind },
    h("p", { class: "which-draw" }, folder ? `${title} (${folder})` : title),
    h("h2", { class: "verdict" }, mark(kind), h("span", {}, text.heading[kind])),
    h("p", {}, text.lead[kind]),
    verdict.rehearsal ? stamp(text) : null,
    findingsView(verdict.findings, verdict.omitted, text),
    notesView(verdict.notes, text),
    verdict.slips.map((it) => slipView(it, verdict, text)),
    factsView(verdict, lang, text),
    verdict.announcement ? compareView(verdict, text) : null,
    armsView(verdict, text),
    checksView(verdict.checks, text),
    h("h3", {}, text.limitsTitle),
    h("ul", { class: "notes" }, text.cannotKnow.map((it) => h("li", {}, it))),
  );
}

const stamp = (text) => h("p", { class: "stamp" }, h("strong", {}, text.rehearsal), h("span", {}, text.rehearsalMeaning));

function pairs(entries) {
  const shown = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return h("dl", {}, shown.map(([key, value]) => [h("dt", {}, key), h("dd", {}, value)]));
}

function findingsView(findings, omitted, text) {
  if (findings.length === 0) return null;
  const list = h("ul", { class: "findings" }, findings.map((it) => h("li", {}, findingView(it, text))));
  const more = omitted > 0 ? h("p", {}, text.omitted(omitted)) : null;
  return h("div", {}, h("h3", {}, text.findingsTitle(findings.length + omitted)), list, more);
}

function findingView(finding, text) {
  const value = (it) => h("code", {}, it === "" ? text.nothing : told(text, it));
  const said = finding.expected !== "" || finding.found !== "";
  return [
    h("h4", {}, ...placeOf(finding, text)),
    h("p", {}, text.kinds[finding.kind]),
    said ? pairs([[text.expected, finding.expected === "" ? null : value(finding.expected)], [text.found, value(finding.found)]]) : null,
    finding.against.length > 0 ? h("p", { class: "hint" }, text.against(finding.against.join(", "))) : null,
  ];
}

/** The file, whose it is, the line and the field. */
function placeOf({ file, whose, line, field }, text) {
  const place = file ? [h("code", {}, file)] : [];
  if (whose === "previous") place.push(` ${text.previousDraw}`);
  if (line !== null) place.push(`, ${text.line(line)}`);
  if (field) place.push(", ", text.field(field));
  return place;
}

function notesView(notes, text) {
  if (notes.length === 0) return null;
  const said = notes.map(({ word, args }) => h("li", {}, text.notes[word](...args.map(whole))));
  return h("div", {}, h("h3", {}, text.notesTitle), h("ul", { class: "notes" }, said));
}

function factsView(verdict, lang, text) {
  const { beacon, constraint } = verdict;
  const from = {
    drand: () => beacon.round !== null && text.beaconDrand(whole(beacon.round), time(lang, roundTime(beacon.round))),
    witnessed: () => text.beaconWitnessed,
    fixed: () => text.beaconFixed,
  };
  const limits = constraint?.limits.filter((it) => it.name && it.most) ?? [];
  const fraction = ([n, d]) => (d === 1n ? `${n}` : `${n}/${d}`);
  return h(
    "div",
    {},
    h("h3", {}, text.facts),
    pairs([
      [text.pilot, verdict.pilot],
      [text.number, verdict.draw && String(verdict.draw)],
      [text.units, verdict.units ? whole(verdict.units) : null],
      [text.beacon, (beacon && from[beacon.kind]?.()) || null],
      [text.willBeRead, beacon?.description ?? null],
      [text.wasRead, verdict.revealed?.value ?? null],
      [text.limits, limits.length > 0 ? limits.map((it) => h("div", {}, text.limit(it.name, fraction(it.most)))) : null],
      [text.attempt, verdict.attempt === null ? null : whole(verdict.attempt)],
      [text.reason, verdict.reason],
    ].map(([key, value]) => [key, Array.isArray(value) ? h("div", {}, value) : value])),
  );
}

/** The announcement's hash, and a field to hold another against it. */
function compareView(verdict, text) {
  const id = `compare-${verdict.announcement.slice(0, 12)}`;
  const input = h("input", { id, type: "text", autocomplete: "off", spellcheck: "false", "aria-describedby": `${id}-hint` });
  const output = h("output", { for: id });
  input.addEventListener("input", () => {
    const pasted = input.value.replace(/\s/g, "").toLowerCase();
    const same = pasted === verdict.announcement;
    output.className = same ? "ok-text" : "failed-text";
    output.textContent = pasted === "" ? "" : same ? `✓ ${text.compareSame}` : `✗ ${text.compareOther}`;
  });
  return h(
    "div",
    { class: "compare" },
    h("h3", {}, text.announcementHash),
    h("p", { class: "hash" }, verdict.announcement),
    h("label", { for: id }, text.compareLabel),
    input,
    output,
    h("p", { class: "hint", id: `${id}-hint` }, text.compareHint),
  );
}

const headRow = (first, rest) =>
  h("thead", {}, h("tr", {}, h("th", { scope: "col" }, first), rest.map((it) => h("th", { scope: "col", class: "number" }, it))));
const bodyRow = (first, rest) =>
  h("tr", {}, h("th", { scope: "row" }, first), rest.map((it) => h("td", { class: "number" }, it)));

function armsView({ arms, blocks, state }, text) {
  if (arms.length === 0 || state === "void") return null;
  const shown = (units) => (units === null ? text.undecided : whole(units));
  const rows = arms.map(({ arm, units }) => bodyRow(arm, [shown(units)]));
  const all = h("table", {}, h("caption", {}, text.armsCaption), headRow(text.arm, [text.count]), h("tbody", {}, rows));
  if (blocks.length < 2 || blocks[0].seated === null) return all;
  const lines = blocks.map((it) => bodyRow(it.label, [...it.seated.map(whole), whole(it.units)]));
  const table = h("table", {}, headRow(text.block, [...arms.map((it) => it.arm), text.total]), h("tbody", {}, lines));
  const open = blocks.length <= BLOCKS_OPEN_MAX ? { open: "" } : {};
  const region = h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": text.blocksCaption(blocks.length) }, table);
  return h("div", {}, all, h("details", open, h("summary", {}, text.blocksCaption(blocks.length)), region));
}

function checksView(checks, text) {
  const item = ([part, state]) =>
    h("li", {}, mark(state), h("span", { class: "what" }, text.checks[part]), h("span", { class: `state ${state}-text` }, text.state[state]));
  return h("div", {}, h("h3", {}, text.checksTitle), h("ul", { class: "checks" }, Object.entries(checks).map(item)));
}

function slipView({ file, ok, slip, findings, notes }, verdict, text) {
  const state = !ok ? "failed" : notes.length > 0 ? "open" : "ok";
  const heading = { failed: text.slipRefused, open: text.slipPartial, ok: text.slipOk }[state];
  const units = verdict.blocks.find((it) => it.label === slip?.block)?.units;
  const facts = ok && [
    [text.slipId, slip.id],
    [text.block, slip.block],
    [text.slipPlace, whole(slip.index)],
    [text.slipTicket, h("code", {}, slip.ticket)],
    [text.rank, units ? text.slipRank(whole(slip.rank), whole(units)) : null],
    [text.arm, slip.arm],
  ];
  return h(
    "div",
    { class: "slip" },
    h("h3", {}, text.slipTitle(file)),
    h("p", { class: `${state}-text` }, mark(state), " ", h("strong", {}, heading)),
    findingsView(findings, 0, text),
    notes.length > 0 ? h("p", {}, notes.map((it) => text.notes[it.word]())) : null,
    facts ? pairs(facts) : null,
  );
}
