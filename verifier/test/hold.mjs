// What every page must hold, in whatever state it is: `holds(page, name, …)` throws with what does not.
// Shared by the tests of the pages; axe comes in over the debugger, past the page's own policy.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const CHROMIUM = process.env.LODD_CHROMIUM ?? "/usr/bin/chromium";
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** CSS pixels; 320 is what 1280 becomes at 400 % zoom. */
const WIDTHS = [320, 768, 1280];
/** A page with its style and script, uncompressed. */
const WEIGHT_MAX = 100_000;
/** WCAG 2.2's 2.5.8; 2.1 asks for none at AA. */
const TARGET_MIN = 24;
/** WCAG 2.1's 1.4.12. */
const SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important; } p { margin-bottom: 2em !important; }";

/** A browser, and whatever it said was wrong: empty at the end, or the test fails. */
export async function opened() {
  assert.ok(existsSync(CHROMIUM), `no ${CHROMIUM}: run \`cargo xtask test --install\``);
  return chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
}

/** Collects a page's errors, and refuses every request to another host than its own. */
export function watched(page, origin) {
  const errors = [];
  page.on("pageerror", (it) => errors.push(String(it)));
  page.on("console", (it) => it.type() === "error" && !/status of 4\d\d/.test(it.text()) && errors.push(it.text()));
  page.on("request", (it) => {
    const own = it.url().startsWith(`${origin}/`) || it.url() === origin || it.url().startsWith("data:");
    if (!own) errors.push(`another site is asked: ${it.url()}`);
  });
  return errors;
}

async function over(page) {
  return page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
}

/** What axe finds. */
async function axe(session, name) {
  await session.send("Runtime.evaluate", { expression: AXE });
  const run = await session.send("Runtime.evaluate", {
    expression: "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((it) => JSON.stringify(it.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))",
    awaitPromise: true,
    returnByValue: true,
  });
  assert.deepEqual(JSON.parse(run.result.value), [], name);
}

const valued = (node, name) => node.properties?.find((it) => it.name === name)?.value?.value;

/** What a screen reader is given: tables and fields by name, cells under headings, errors beside fields. */
async function heard(session, name) {
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const by = new Map(nodes.map((it) => [it.nodeId, it]));
  const role = (it) => (it.ignored ? "" : it.role?.value);
  const below = function* (node, stop) {
    for (const id of node.childIds ?? []) {
      const child = by.get(id);
      if (!child) continue;
      yield child;
      if (role(child) !== stop) yield* below(child, stop);
    }
  };
  const headings = nodes.filter((it) => role(it) === "heading").map((it) => valued(it, "level"));
  assert.equal(headings.filter((it) => it === 1).length, 1, `${name}: one first heading`);
  for (const [at, level] of headings.entries()) {
    assert.ok(at === 0 || level <= headings[at - 1] + 1, `${name}: heading ${at} skips a level: ${headings}`);
  }
  const NAMED = ["table", "region", "navigation", "button", "link", "textbox", "combobox", "checkbox", "spinbutton", "Date", "listbox", "progressbar", "heading"];
  for (const node of nodes.filter((it) => NAMED.includes(role(it)))) {
    assert.ok(node.name?.value?.trim(), `${name}: a ${role(node)} without a name`);
  }
  for (const table of nodes.filter((it) => role(it) === "table")) {
    const rows = [...below(table, "row")].filter((it) => role(it) === "row");
    const cells = rows.map((row) => [...below(row)].map(role).filter((it) => /cell|header/.test(it)));
    assert.ok(cells.length > 1 && cells[0].every((it) => it === "columnheader"), `${name}: ${table.name.value}: ${cells[0]}`);
    for (const row of cells.slice(1)) {
      assert.equal(row.length, cells[0].length, `${name}: ${table.name.value}: a row of another length`);
      assert.equal(row[0], "rowheader", `${name}: ${table.name.value}: a row without a heading`);
    }
  }
  for (const field of nodes.filter((it) => valued(it, "invalid") === "true")) {
    assert.ok(field.description?.value?.trim(), `${name}: ${field.name?.value} does not say what is wrong with it`);
  }
}

/** Whatever can be pressed is large enough, but for links within a sentence. */
async function targets(page, name) {
  const small = await page.evaluate((least) => {
    const all = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")];
    const shown = all.filter((it) => it.checkVisibility() && !it.matches(".skip") && !(it.matches("a:not(.button)") && it.closest("p, td, li:not(header li)")));
    return shown.map((it) => [it.outerHTML.slice(0, 120), it.getBoundingClientRect()]).filter(([, box]) => box.width < least || box.height < least).map(([html, box]) => `${html}: ${box.width} × ${box.height}`);
  }, TARGET_MIN);
  assert.deepEqual(small, [], `${name}: too small to press`);
}

/** The bytes of a page and of what it asks for. */
async function weight(page, name) {
  const bytes = await page.evaluate(async () => {
    const own = new TextEncoder().encode(document.documentElement.outerHTML).length;
    const others = performance.getEntriesByType("resource").filter((it) => /\.(css|js)$/.test(it.name));
    return own + others.reduce((all, it) => all + it.decodedBodySize, 0);
  });
  assert.ok(bytes <= WEIGHT_MAX, `${name} weighs ${bytes} bytes`);
  return bytes;
}

/** Text that is set further apart is neither cut off nor hidden. */
async function spaced(page, name) {
  const cut = await page.evaluate((css) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(css);
    document.adoptedStyleSheets = [sheet];
    const clipped = [...document.querySelectorAll("main *")].filter((it) => {
      const style = getComputedStyle(it);
      const hides = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
      return hides && it.checkVisibility() && (it.scrollWidth > it.clientWidth + 1 || it.scrollHeight > it.clientHeight + 1) && !it.matches("input, select, textarea, progress");
    });
    const wide = document.scrollingElement.scrollWidth - innerWidth;
    document.adoptedStyleSheets = [];
    return [clipped.map((it) => it.outerHTML.slice(0, 120)), wide > 0 ? [`${wide} pixels too wide`] : []].flat();
  }, SPACED);
  assert.deepEqual(cut, [], `${name}: cut off with wider spacing`);
}

/** Nothing moves for who asked for no motion; with forced colours buttons and focus can be seen. */
async function adapted(page, name) {
  await page.emulateMedia({ reducedMotion: "reduce", forcedColors: "active" });
  const wrong = await page.evaluate(() => {
    const moving = [...document.querySelectorAll("*")].filter((it) => {
      const style = getComputedStyle(it);
      return [style.transitionDuration, style.animationDuration].some((all) => all.split(",").some((one) => parseFloat(one) > 0));
    });
    const flat = [...document.querySelectorAll("button, .button, .summary")].filter((it) => it.checkVisibility() && !it.matches(".quiet") && getComputedStyle(it).borderStyle === "none");
    return [...moving, ...flat].map((it) => it.outerHTML.slice(0, 120));
  });
  assert.deepEqual(wrong, [], `${name}: moves, or can't be seen`);
  await page.emulateMedia({ reducedMotion: "no-preference", forcedColors: "none" });
}

/** A real page zoom of 400 %: four device pixels for each of 320 × 256. */
async function zoomed(page, session, name) {
  await session.send("Emulation.setDeviceMetricsOverride", { width: 320, height: 256, deviceScaleFactor: 4, mobile: false });
  assert.ok((await over(page)) <= 0, `${name}: cut off at 400 %`);
  await session.send("Emulation.clearDeviceMetricsOverride");
}

/**
 * Holds a page to all of it. `shots` is the folder that pictures go to, if any; `never` what must not stand
 * in its text. Gives the bytes of the page.
 */
export async function holds(page, name, { lang = "nb", shots, never } = {}) {
  assert.equal(await page.locator("html").getAttribute("lang"), lang, name);
  assert.ok((await page.title()).trim(), `${name}: no title`);
  const session = await page.context().newCDPSession(page);
  await zoomed(page, session, name);
  if (shots) mkdirSync(shots, { recursive: true });
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const wide = await over(page);
    assert.ok(wide <= 0, `${name}: ${wide} pixels are cut off at ${width}`);
    await spaced(page, `${name} at ${width}`);
    await targets(page, `${name} at ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${lang}-${width}.png`), fullPage: true });
    // Layout does not depend on the language as much as the words do.
    if (width === 1280 || (width === 320 && lang === "nb")) {
      await axe(session, `${name} at ${width}`);
      await heard(session, `${name} at ${width}`);
    }
  }
  await adapted(page, name);
  await session.detach();
  if (never) assert.doesNotMatch(await page.locator("body").innerText(), never, `${name} shows what it must not`);
  return weight(page, name);
}

/** To an element by the keyboard alone; where the focus is must be seen. */
export async function tabTo(page, selector) {
  for (let at = 0; at < 80; at += 1) {
    await page.keyboard.press("Tab");
    const unseen = await page.evaluate(() => {
      const it = document.activeElement;
      const seen = it === document.body || getComputedStyle(it).outlineStyle !== "none" || getComputedStyle(it).boxShadow !== "none";
      return seen ? "" : it.outerHTML.slice(0, 200);
    });
    assert.equal(unseen, "", `the focus can't be seen on the way to ${selector}`);
    if (await page.locator(selector).first().evaluate((it) => it === document.activeElement)) return;
  }
  assert.fail(`${selector} can't be reached by the keyboard`);
}
