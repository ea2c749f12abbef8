// The page in a real browser, opened from its file as anyone would, and the vectors to give it.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("../..", import.meta.url));
export const PAGE = join(root, "docs/kontroller-trekning.html");
export const VECTORS = join(root, "crates/lodd-draw/tests/vectors");
const CHROMIUM = process.env.LODD_CHROMIUM ?? "/usr/bin/chromium";

/** Runs `body(page)` on the opened page, or on another file; fails if the page asked for anything but itself or had an uncaught error. */
export async function withPage(body, options = {}, file = PAGE) {
  assert.ok(existsSync(CHROMIUM), `no ${CHROMIUM}: run \`cargo xtask test --install\``);
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
  try {
    const page = await browser.newPage(options);
    const asked = [];
    const errors = [];
    page.on("request", (it) => asked.push(it.url()));
    page.on("pageerror", (it) => errors.push(String(it)));
    page.on("console", (it) => it.type() === "error" && errors.push(it.text()));
    const address = pathToFileURL(file).href;
    await page.goto(address);
    await body(page);
    assert.deepEqual(asked, [address], "the page reached for something");
    assert.deepEqual(errors, []);
  } finally {
    await browser.close();
  }
}

export const folders = (dir) => readdirSync(dir).filter((it) => statSync(join(dir, it)).isDirectory()).sort();

/** The draws of the vectors: `{ name, number, dir, before }`. */
export function vectorDraws() {
  const all = [];
  for (const name of folders(join(VECTORS, "draw"))) {
    for (const number of folders(join(VECTORS, "draw", name))) {
      const dir = join(VECTORS, "draw", name, number);
      const before = number === "0001" ? null : join(VECTORS, "draw", name, "0001");
      all.push({ name: `${name}/${number}`, number: Number(number), dir, before });
    }
  }
  assert.ok(all.length >= 14, `${all.length} vectors`);
  return all;
}

const PRIVATE = ["private.csv", "covariates.csv"];
const base64 = (path) => readFileSync(path).toString("base64");

/** A draw as `window.loddVerify` takes it, but with its files in base64 on their way into the page. */
export function packed({ number, dir, before }) {
  const files = (from) => Object.fromEntries(readdirSync(from).filter((it) => !PRIVATE.includes(it)).map((it) => [it, base64(join(from, it))]));
  const covariates = join(dir, "covariates.csv");
  return {
    number,
    files: files(dir),
    previous: before && files(before),
    covariates: existsSync(covariates) ? base64(covariates) : null,
  };
}

/** What runs inside the page before other code there: base64 to bytes and back, and `unpacked`. */
export const INSIDE = () => {
  window.bytesOf = (text) => Uint8Array.from(atob(text), (it) => it.charCodeAt(0));
  const all = (files) => files && Object.fromEntries(Object.entries(files).map(([name, it]) => [name, bytesOf(it)]));
  window.unpacked = (draw) => ({
    ...draw,
    files: all(draw.files),
    previous: all(draw.previous),
    covariates: draw.covariates && bytesOf(draw.covariates),
    slips: all(draw.slips) ?? {},
  });
  window.textOf = (bytes) => bytes && new TextDecoder().decode(bytes);
};
