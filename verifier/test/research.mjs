// A researcher's draw in a real browser, and a stranger who checks it:
// research.mjs LINK STAGE LANG FOLDER [SCREENSHOTS], STAGE `announce` or, later, `reveal`.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [link, stage, lang, folder, shots] = process.argv.slice(2);
const CHROMIUM = process.env.LODD_CHROMIUM ?? "/usr/bin/chromium";
assert.ok(existsSync(CHROMIUM), `no ${CHROMIUM}: run \`cargo xtask test --install\``);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const origin = new URL(link).origin;
const WIDTHS = [320, 768, 1280];
if (shots) mkdirSync(shots, { recursive: true });

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const options = { locale: `${lang}-NO`, acceptDownloads: true };
const context = await browser.newContext(options);
const errors = [];

function watched(page) {
  page.on("pageerror", (it) => errors.push(String(it)));
  page.on("console", (it) => it.type() === "error" && !/status of 4\d\d/.test(it.text()) && errors.push(it.text()));
  page.on("request", (it) => assert.ok(/^(data|blob):/.test(it.url()) || it.url().startsWith(origin), `another site is asked: ${it.url()}`));
  return page;
}

let page = watched(await context.newPage());
const text = () => page.locator("main").innerText();

/** Whatever state a page is in: nothing axe finds, nothing cut off at 320 pixels. */
async function held(name, language = lang) {
  assert.equal(await page.locator("html").getAttribute("lang"), language);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name}: ${over} pixels are cut off at ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `research-${name}-${language}-${width}.png`), fullPage: true });
    // The policy of the page lets no script in; axe comes in over the debugger, past it.
    const session = await page.context().newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: AXE });
    const run = await session.send("Runtime.evaluate", {
      expression: "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((it) => JSON.stringify(it.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))",
      awaitPromise: true,
      returnByValue: true,
    });
    assert.deepEqual(JSON.parse(run.result.value), [], `${name} at ${width}`);
    await session.detach();
  }
}

/** Nothing in bokmål but the pilot's own name, the program's commands and page, and what the protocol says. */
async function nynorsk(name) {
  const said = (await text()).replace(/Øvelse: en trekning fra bunnen av|kontroller-trekning\.html/g, "");
  assert.doesNotMatch(said, /trekning|\bikke |\bhva |\bfamilier\b|\bhvor/i, `${name} has bokmål`);
}

/** The same page in the other Norwegian, and back. */
async function inNynorsk(path, name) {
  await page.goto(`${origin}/sprak/nn`);
  await page.goto(origin + path);
  await held(name, "nn");
  await nynorsk(name);
  await page.goto(`${origin}/sprak/${lang}`);
  await page.goto(origin + path);
}

/** To an element by the keyboard alone. */
async function tabTo(selector) {
  for (let at = 0; at < 80; at += 1) {
    await page.keyboard.press("Tab");
    if (await page.locator(selector).evaluate((it) => it === document.activeElement)) return;
  }
  assert.fail(`${selector} can't be reached by the keyboard`);
}

async function enter() {
  await page.goto(link);
  await page.click("main button");
  await page.waitForURL(`${origin}/trekninger`);
}

/** The wait for a round, 26 hours by the server's clock whatever the browser's says: whole minutes to who
 * wants less motion, said aloud four times, and nothing loaded again when it is over. */
async function waits(reducedMotion) {
  const other = await browser.newContext({ ...options, reducedMotion });
  await other.addCookies(await context.cookies());
  const it = watched(await other.newPage());
  await it.clock.install({ time: new Date("2031-01-01T00:00:00Z") });
  await it.goto(`${origin}/trekninger`);
  await it.selectOption("#kunngjoring-decides", "drand");
  await it.check("#kunngjoring-rehearsal");
  await it.getByRole("button", { name: "Se hva som låses" }).click();
  await it.locator("[role=timer]").waitFor();
  const left = async () => (await it.locator("[role=timer]").innerText()).replaceAll("\u00a0", " ");
  assert.match(await it.locator("[data-until]").innerText(), /Runden kommer 02\.09\.2026 kl\. 12\.00\.\d\d/);
  assert.match(await left(), reducedMotion === "reduce" ? /^Tid igjen: 1 d [12] t \d+ min$/ : /^Tid igjen: 1 d [12] t \d+ min \d+ s$/);
  const said = it.locator("[data-until] ~ [role=status]");
  assert.equal(await said.innerText(), "");
  await it.clock.runFor("25:00:30");
  assert.match((await said.innerText()).replaceAll("\u00a0", " "), /^Tid igjen: (1 t|59 min)/);
  let asked = 0;
  it.on("request", () => (asked += 1));
  await it.clock.runFor("01:01:00");
  assert.equal(await said.innerText(), "Tidspunktet er kommet. Last siden på nytt.");
  assert.equal(await it.locator("[role=timer]").count(), 0);
  assert.equal(asked, 0, "the page was loaded again");
  await other.close();
}

/** The same page to somebody without JavaScript. */
async function bare(path) {
  const plain = await browser.newContext({ ...options, javaScriptEnabled: false });
  await plain.addCookies(await context.cookies());
  const it = watched(await plain.newPage());
  await it.goto(origin + path);
  return [it, () => plain.close()];
}

async function announces() {
  await enter();
  assert.match(await text(), /Ingen trekning er kunngjort ennå/);
  await held("ingen-trekning");

  // Nobody has been screened: the list can't be locked, and the page says why.
  await page.selectOption("#kunngjoring-decides", "witnessed");
  await page.fill("#kunngjoring-witnessed", "seks terningkast");
  await page.check("#kunngjoring-rehearsal");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Se hva som låses" }).click()]);
  assert.match(await text(), /familiene er ikke vurdert/);
  await held("ikke-vurdert");

  // The roster, and the screening, by the keyboard.
  await page.goto(`${origin}/liste`);
  assert.match(await text(), /Familiene er ikke vurdert ennå/);
  await held("liste");
  await tabTo("form[action='/gjor/vurdering'] button");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}/gjor/vurdering`);
  assert.match(await text(), /12 av 12 familier oppfyller kriteriene/);
  await page.getByRole("link", { name: "Til lista" }).click();
  assert.match(await text(), /12 av 12 familier oppfyller kriteriene, slik de var 20\.08\.2026/);
  assert.match(await text(), /[0-9a-f]{64}/);
  assert.equal(await page.locator("table").last().locator("tbody tr").count(), 12);
  await held("vurdert");
  await inNynorsk("/liste", "vurdert");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[href='/liste/vurdering.csv']")]);
  const csv = readFileSync(await download.path(), "utf8").trim().split("\n");
  assert.equal(csv.length, 13);
  assert.ok(csv.slice(1).every((it) => /^KAS-[^,]+,kast,true,$/.test(it)), csv[1]);

  // What would be locked, seen without JavaScript; then locked.
  await inNynorsk("/trekninger", "trekninger");
  const [plain, close] = await bare("/trekninger");
  await plain.selectOption("#kunngjoring-decides", "witnessed");
  await plain.fill("#kunngjoring-witnessed", "seks terningkast");
  await plain.check("#kunngjoring-rehearsal");
  await plain.getByRole("button", { name: "Se hva som låses" }).click();
  assert.match(await plain.locator("main").innerText(), /Ingenting er låst ennå/);
  await close();
  await waits("no-preference");
  await waits("reduce");
  await page.selectOption("#kunngjoring-decides", "witnessed");
  await page.fill("#kunngjoring-witnessed", "seks terningkast");
  await page.check("#kunngjoring-rehearsal");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Se hva som låses" }).click()]);
  const seen = await text();
  for (const words of [/liste med 12 familier/, /seks terningkast/, /Oppfølging/, /ikke sammenlignet med andre prosjekters lister/]) assert.match(seen, words);
  await held("se");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Lås lista og kunngjør" }).click()]);
  assert.match(await text(), /Trekning 1 .*er kunngjort/);
  assert.match(await text(), /[0-9a-f]{64}/);
  await held("kunngjort");
  await page.goto(`${origin}/trekninger`);
  assert.match(await text(), /Trekning 1 er åpen/);
  assert.equal(await page.locator("form[action='/gjor/kunngjoring']").count(), 0);
  await page.getByRole("link", { name: "Trekning 1", exact: true }).click();
  await held("apen");
  await inNynorsk("/trekninger/1", "apen");

  // One person can't void it here.
  await page.fill("#annullering-reason", "prøve");
  await Promise.all([page.waitForNavigation(), page.getByRole("button", { name: "Be om å annullere" }).click()]);
  assert.match(await text(), /kommandolinjen/);
  // A stranger sees the announcement and nothing of an outcome.
  await stranger(async () => {
    await page.goto(`${origin}/apent`);
    assert.match(await text(), /kunngjort, ikke trukket ennå/);
    await held("apent");
    await page.getByRole("link", { name: "Trekning 1", exact: true }).click();
    assert.match(await text(), /Ingenting er trukket ennå/);
    assert.deepEqual(await files(), ["announcement.json", "plan.toml", "leaves.csv"]);
    await held("apent-kunngjort");
  });
}

const files = () => page.locator("a[href^='/apent/1/']").allInnerTexts();

/** Somebody who has not been let in. */
async function stranger(body, language = lang) {
  const own = page;
  const other = await browser.newContext({ ...options, locale: `${language}-NO` });
  page = watched(await other.newPage());
  await body();
  page = own;
  await other.close();
}

async function reveals() {
  await enter();
  await page.goto(`${origin}/trekninger/1`);
  await held("foer-trekning");
  await page.fill("#trekning-value", "4-2-6-1-1-5");
  await tabTo("form[action='/gjor/trekning'] button");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}/gjor/trekning`);
  assert.match(await text(), /Trekning 1 er gjort: follow-up 4, ordinary 8/);
  assert.match(await text(), /Kontroller før noen får vite resultatet/);
  await held("gjort");
  await page.goto(`${origin}/trekninger/1`);
  for (const words of [/ingen sier stopp/, /Balanse/, /Barn under 18 år hjemme/, /Rekkefølgen på lista mot trekningen/, /4-2-6-1-1-5/]) assert.match(await text(), words);
  const row = await page.locator("table").first().locator("tbody tr").innerText();
  assert.match(row, /Nav Øvelse\s+12\s+4\s+8/);
  await held("trukket");
  await inNynorsk("/trekninger/1", "trukket");
  await page.goto(`${origin}/trekninger/1/record.nb.html`);
  assert.match(await page.locator("body").innerText(), /4-2-6-1-1-5/);
  await page.goto(`${origin}/plasser`);
  assert.equal(await page.locator("table").nth(1).locator("tbody tr").count(), 4);
  await held("plasser");
  await inNynorsk("/plasser", "plasser");
  await stranger(checks);
  await stranger(async () => {
    await page.goto(`${origin}/apent/1`);
    await held("apent-trukket", "nn");
    await nynorsk("apent-trukket");
  }, "nn");
}

/** Takes the files from the open page, and checks them on the page that is served, the network shut off. */
async function checks() {
  await page.goto(`${origin}/apent/1`);
  await held("apent-trukket");
  const names = await files();
  assert.deepEqual(names, ["announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv"]);
  const to = join(folder, "apent/0001");
  const paths = [];
  for (const name of names) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.click(`a[href='/apent/1/${name}']`)]);
    assert.equal(download.suggestedFilename(), name);
    paths.push(join(to, name));
    await download.saveAs(paths.at(-1));
  }
  assert.doesNotMatch(readFileSync(join(to, "leaves.csv"), "utf8"), /KAS-/);
  await page.getByRole("link", { name: "Siden som kontrollerer en trekning" }).click();
  await page.waitForURL(`${origin}/kontroller/kontroller-trekning.html`);
  await page.context().setOffline(true);
  await page.setInputFiles("#files", paths);
  await page.locator("#verdicts:not([hidden])").waitFor();
  const verdict = await page.locator("#verdicts").innerText();
  assert.match(verdict, /Trekningen stemmer/);
  assert.match(verdict, /4-2-6-1-1-5/);
  if (shots) await page.screenshot({ path: join(shots, "research-kontrollert.png"), fullPage: true });
}

await { announce: announces, reveal: reveals }[stage]();
assert.deepEqual(errors, []);
await browser.close();
