// A clerk's day on the offices' page, in a real browser: office.mjs LINK FOLDER PYTHON [SCREENSHOTS].
// FOLDER holds broken.csv, one of whose rows has a code that is none.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const [link, folder, python, shots] = process.argv.slice(2);
const CHROMIUM = process.env.LODD_CHROMIUM ?? "/usr/bin/chromium";
assert.ok(existsSync(CHROMIUM), `no ${CHROMIUM}: run \`cargo xtask test --install\``);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const MEND = fileURLToPath(new URL("../../tests/python/mend.py", import.meta.url));
const origin = new URL(link).origin;
const WIDTHS = [320, 768, 1280];
if (shots) mkdirSync(shots, { recursive: true });

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const options = { locale: "nb-NO", acceptDownloads: true, reducedMotion: "reduce" };
const context = await browser.newContext(options);
const page = await context.newPage();
const errors = [];
page.on("pageerror", (it) => errors.push(String(it)));
page.on("console", (it) => it.type() === "error" && !/status of 4\d\d/.test(it.text()) && errors.push(it.text()));
page.on("request", (it) => assert.ok(it.url().startsWith(origin) || it.url().startsWith("data:"), `another site is asked: ${it.url()}`));

const text = () => page.locator("body").innerText();

/** Whatever state a page is in: nothing axe finds, nothing cut off at 320 pixels, no arm of any family. */
async function held(name, lang = "nb") {
  assert.equal(await page.locator("html").getAttribute("lang"), lang);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name}: ${over} pixels are cut off at ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${lang}-${width}.png`), fullPage: true });
  }
  // The policy of the page lets no script in; axe comes in over the debugger, past it.
  const session = await context.newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: AXE });
  const run = await session.send("Runtime.evaluate", {
    expression: "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((it) => JSON.stringify(it.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))",
    awaitPromise: true,
    returnByValue: true,
  });
  assert.deepEqual(JSON.parse(run.result.value), [], name);
  await session.detach();
  assert.doesNotMatch(await text(), /Oppfølging|Ordinære|follow-up|ordinary/i, `${name} shows an arm`);
}

async function downloaded(selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

/** To an element by the keyboard alone. */
async function tabTo(selector) {
  for (let at = 0; at < 60; at += 1) {
    await page.keyboard.press("Tab");
    if (await page.locator(selector).evaluate((it) => it === document.activeElement)) return;
  }
  assert.fail(`${selector} can't be reached by the keyboard`);
}

// Nobody is let in without the link, and the link shows a button first.
await page.goto(`${origin}/historikk`);
assert.equal(new URL(page.url()).pathname, "/inn");
await held("stengt");
await page.goto(link);
await held("inn");
await tabTo("main button");
await page.keyboard.press("Enter");
await page.waitForURL(`${origin}/`);
await held("hjem");
assert.match(await text(), /Nav Øvelse/);
assert.match(await text(), /3 måneder/);
/** Rows that are missing, of all families. */
const missing = async () => (await page.locator("td.n").allInnerTexts()).filter((it) => it.includes("/")).reduce((all, it) => all + Number(it.split("/")[0]), 0);
const before = await missing();

// The form, in the office's own language.
const form = await downloaded("a[href='/skjema.xlsx']");
assert.equal(readFileSync(form).subarray(0, 2).toString(), "PK");

// Nothing chosen; a file that is none; then the broken one, looked at before anything is stored.
await page.setInputFiles("#fil", { name: "bilde.xlsx", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\n") });
await tabTo("form.send button");
await page.keyboard.press("Enter");
await page.waitForURL(`${origin}/levering`);
assert.match(await text(), /Må rettes før filen kan lagres/);
assert.equal(await page.locator("button:not([formaction])", { hasText: /^Lagre$/ }).count(), 0);
await held("avvist");
await page.click("button[formaction='/levering/avbryt']");
await page.setInputFiles("#fil", join(folder, "broken.csv"));
await page.click("form.send button");
await page.waitForURL(`${origin}/levering`);
assert.match(await text(), /D2/);
assert.match(await text(), /Mente du «DELTID»/);
assert.match(await text(), /Ingenting er lagret ennå/);
await held("sjekk");
await page.goto(`${origin}/sprak/nn`);
await page.goto(`${origin}/levering`);
await held("sjekk", "nn");
await page.goto(`${origin}/`);
await held("hjem", "nn");
assert.match(await text(), /Last ned skjemaet/);
await page.goto(`${origin}/sprak/nb`);
await page.goto(`${origin}/historikk`);
const stored = await page.locator("tbody tr").count();

// Stored: the receipt, what waits, and the file to mend, which is mended with a spreadsheet library.
await page.goto(`${origin}/levering`);
await page.getByRole("button", { name: "Lagre", exact: true }).click();
await page.waitForURL(`${origin}/levering/lagre`);
assert.match(await text(), /Filen er lagret/);
await held("lagret");
const mend = await downloaded("a[href='/levering/retting.xlsx']");
const mended = join(folder, "mended.xlsx");
execFileSync(python, [MEND, mend, "Voksne", "ARBEID", "DELTID", mended]);
await page.goto(`${origin}/`);
assert.match(await text(), /På vent/);
await page.setInputFiles("#fil", mended);
await page.click("form.send button");
await page.waitForURL(`${origin}/levering`);
assert.doesNotMatch(await text(), /Settes på vent/);
await page.getByRole("button", { name: "Lagre", exact: true }).click();
await page.waitForURL(`${origin}/levering/lagre`);
const receipt = await page.locator("a", { hasText: "Vis kvitteringen" }).getAttribute("href");
await page.goto(origin + receipt);
assert.match(await text(), /Nav Øvelse/);
assert.match(await text(), /[0-9a-f]{64}/);

// The same file again is the same receipt.
await page.goto(`${origin}/`);
assert.doesNotMatch(await text(), /På vent/);
assert.equal(await missing(), before - 12, "one adult of each of twelve families has been told of");
await page.setInputFiles("#fil", mended);
await page.click("form.send button");
await page.waitForURL(`${origin}/levering`);
await page.getByRole("button", { name: "Lagre", exact: true }).click();
assert.match(await text(), /var lagret fra før/);
assert.equal(await page.locator("a", { hasText: "Vis kvitteringen" }).getAttribute("href"), receipt);
await page.goto(`${origin}/historikk`);
assert.equal(await page.locator("tbody tr").count(), stored + 2);
await held("historikk");
await page.goto(`${origin}/tilgjengelighet`);
await held("tilgjengelighet");
assert.equal((await page.goto(`${origin}/kvittering/1`)).status(), 404);

// The same without JavaScript, in the same session.
const cookies = await context.cookies();
assert.deepEqual(
  cookies.map((it) => [it.name, it.httpOnly, it.secure, it.sameSite, it.path]),
  [["__Host-lodd", true, true, "Lax", "/"]],
);
const plain = await browser.newContext({ ...options, javaScriptEnabled: false });
await plain.addCookies(cookies);
const bare = await plain.newPage();
await bare.goto(`${origin}/`);
await bare.setInputFiles("#fil", mended);
await bare.click("form.send button");
assert.equal(bare.url(), `${origin}/levering`);
assert.match(await bare.locator("main").innerText(), /Filen kan lagres/);
await plain.close();

// Logged out: the session is worth nothing, and neither is the link.
await page.goto(`${origin}/`);
await page.getByRole("button", { name: "Logg ut" }).click();
await page.waitForURL(`${origin}/inn`);
await page.goto(`${origin}/historikk`);
assert.equal(new URL(page.url()).pathname, "/inn");
await page.goto(link);
await page.click("main button");
assert.match(await text(), /brukt eller for gammel/);
await held("brukt");
assert.deepEqual(errors, []);
await browser.close();
