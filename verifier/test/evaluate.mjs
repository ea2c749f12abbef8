// A day of the evaluator's or the auditor's in a real browser: evaluate.mjs LINK evaluator|release|auditor
// FOLDER [SCREENSHOTS]. The evaluator's pilot has all its answers in and no plan locked; that of a release has
// estimates; the auditor's FOLDER has kvittering.json, genuine, and endret.json, tampered with.

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { chromium } from "playwright-core";

const [link, day, folder, shots] = process.argv.slice(2);
const CHROMIUM = process.env.LODD_CHROMIUM ?? "/usr/bin/chromium";
assert.ok(existsSync(CHROMIUM), `no ${CHROMIUM}: run \`cargo xtask test --install\``);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const origin = new URL(link).origin;
const WIDTHS = [320, 768, 1280];
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"];
if (shots) mkdirSync(shots, { recursive: true });

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const options = { locale: "nb-NO", acceptDownloads: true, reducedMotion: "reduce" };
const context = await browser.newContext(options);
const page = await context.newPage();
page.setDefaultTimeout(120_000);
const errors = [];
page.on("pageerror", (it) => errors.push(String(it)));
page.on("console", (it) => it.type() === "error" && !/status of 4\d\d/.test(it.text()) && errors.push(it.text()));
page.on("request", (it) => assert.ok(it.url().startsWith(origin) || it.url().startsWith("data:"), `another site is asked: ${it.url()}`));

const text = () => page.locator("main").innerText();

/** Nothing axe finds, nothing cut off at 320 pixels. */
async function held(name, lang = "nb") {
  assert.equal(await page.locator("html").getAttribute("lang"), lang);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    const over = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
    assert.ok(over <= 0, `${name}: ${over} pixels are cut off at ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `${day}-${name}-${lang}-${width}.png`), fullPage: true });
    // The policy of the page lets no script in; axe comes in over the debugger, past it.
    const session = await context.newCDPSession(page);
    await session.send("Runtime.evaluate", { expression: AXE });
    const run = await session.send("Runtime.evaluate", {
      expression: `axe.run(document, { runOnly: ${JSON.stringify(TAGS)} }).then((it) => JSON.stringify(it.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))`,
      awaitPromise: true,
      returnByValue: true,
    });
    assert.deepEqual(JSON.parse(run.result.value), [], `${name} at ${width}`);
    await session.detach();
  }
}

/** To an element by the keyboard alone. */
async function tabTo(selector) {
  for (let at = 0; at < 80; at += 1) {
    await page.keyboard.press("Tab");
    if (await page.locator(selector).evaluate((it) => it === document.activeElement)) return;
  }
  assert.fail(`${selector} can't be reached by the keyboard`);
}

const form = (deed) => `form[action='/gjor/${deed}']`;

/** Sends a form by the keyboard, and waits for what came of it. */
async function send(deed) {
  await tabTo(`${form(deed)} button`);
  await Promise.all([page.waitForURL(`${origin}/gjor/${deed}`), page.keyboard.press("Enter")]);
}

async function open(path) {
  const response = await page.goto(origin + path);
  assert.equal(response.status(), 200, path);
}

/** Each page in both Norwegian languages. */
async function everyPage(paths) {
  for (const lang of ["nn", "nb"]) {
    await page.goto(`${origin}/sprak/${lang}`);
    for (const path of paths) {
      await open(path);
      await held(path.slice(1), lang);
    }
  }
}

/** The same pages without JavaScript, in the same session. */
async function without(work) {
  const plain = await browser.newContext({ ...options, javaScriptEnabled: false });
  await plain.addCookies(await context.cookies());
  const bare = await plain.newPage();
  bare.setDefaultTimeout(120_000);
  await work(bare);
  await plain.close();
}

await page.goto(link);
await page.click("main button");
await page.waitForURL((it) => it.pathname !== "/inn");

async function evaluator() {
  const PAGES = ["/svar", "/flyt", "/plan", "/resultater", "/frigivelser"];
  // The menu has the evaluator's pages and no other's.
  await open("/svar");
  const menu = await page.locator("nav a").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
  assert.deepEqual(menu.filter((it) => PAGES.includes(it)), PAGES);
  for (const other of ["/", "/familier", "/liste", "/trekninger", "/plasser", "/bevis", "/journal", "/innsyn"]) assert.ok(!menu.includes(other), other);
  assert.match(await text(), /ØVELSE/);
  await open("/flyt");
  assert.match(await text(), /Lås først planen/);
  // Nothing is opened before the plan is locked.
  await open("/resultater");
  await send("panel");
  assert.match(await text(), /analyseplanen må låses før utfallene åpnes/);
  await held("avvist");
  await open("/plan");
  assert.match(await text(), /Planen er ikke låst/);
  await held("plan-foer");
  await send("planlaas");
  assert.match(await text(), /Analyseplanen er låst/);
  await held("laast");
  await open("/plan");
  assert.match(await text(), /låst, før noe utfall ble åpnet/);
  assert.equal(await page.locator(form("planlaas")).count(), 0);
  const hash = (await text()).match(/[0-9a-f]{64}/)[0];
  await open("/flyt");
  assert.match(await text(), /Lag det under Resultater/);
  // Panel, estimates, report.
  await open("/resultater");
  await send("panel");
  assert.match(await text(), /Panelet er bygd/);
  await held("panel-laget");
  await open("/resultater");
  await send("estimat");
  assert.match(await text(), /kjøring 1/);
  await held("regnet");
  await open("/resultater");
  assert.match(await text(), /Planen er kjørt 1 gang\./);
  await page.uncheck(`${form("rapport")} input[name=pdf]`);
  await page.uncheck(`${form("rapport")} input[name=xlsx]`);
  await send("rapport");
  assert.match(await text(), /Rapporten er skrevet/);
  await held("rapport-skrevet");
  // The report is a page of its own; the table of estimates is a file.
  await open("/resultater");
  await page.click("a[href='/filer/report.nb.html']");
  await page.waitForURL(`${origin}/filer/report.nb.html`);
  assert.match(await page.locator("body").innerText(), new RegExp(hash));
  await page.goBack();
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[href='/filer/estimates.parquet']")]);
  await download.saveAs(join(folder, "taken.parquet"));
  assert.ok(readFileSync(join(folder, "taken.parquet")).equals(readFileSync(join(folder, "out/estimates.parquet"))));
  // Nothing of this pilot may be published: the page says why, and what to do, without JavaScript too.
  await without(async (bare) => {
    await bare.goto(`${origin}/frigivelser`);
    await bare.uncheck(`${form("rapport")} input[name=pdf]`);
    await bare.click(`${form("rapport")} button`);
    assert.equal(bare.url(), `${origin}/gjor/rapport`);
    const said = await bare.locator("main").innerText();
    assert.match(said, /en gruppe i trekningen er under terskelen/);
    assert.match(said, /vent til flere er trukket/);
  });
  assert.ok(!existsSync(join(folder, "public")));
  await everyPage(PAGES);
}

async function release() {
  await open("/frigivelser");
  assert.match(await text(), /IKKE TRUKKET HER/);
  await page.uncheck(`${form("rapport")} input[name=pdf]`);
  await page.uncheck(`${form("rapport")} input[name=xlsx]`);
  await send("rapport");
  assert.match(await text(), /Den offentlige rapporten er skrevet/);
  assert.match(await text(), /tall er holdt tilbake/);
  await held("offentlig-skrevet");
  await open("/frigivelser");
  await page.click("a[href='/offentlig/report.nn.html']");
  await page.waitForURL(`${origin}/offentlig/report.nn.html`);
  assert.match(await page.locator("body").innerText(), /OFFENTLEG/);
  await page.goBack();
  await tabTo(`${form("frigivelse")} input[name=label]`);
  await page.keyboard.type("Rapport 2027");
  await page.keyboard.press("Enter");
  await page.waitForURL(`${origin}/gjor/frigivelse`);
  assert.match(await text(), /to personer/);
  await held("to-personer");
  await everyPage(["/frigivelser", "/resultater", "/flyt", "/plan", "/svar"]);
}

async function auditor() {
  const PAGES = ["/bevis", "/journal", "/kvitteringer", "/innsyn"];
  await open("/bevis");
  const menu = await page.locator("nav a").evaluateAll((all) => all.map((it) => it.getAttribute("href")));
  assert.deepEqual(menu.filter((it) => PAGES.includes(it)), PAGES);
  assert.match(await text(), /De åpne filene er som da de ble ført/);
  await send("journalsjekk");
  assert.match(await text(), /Journalen stemmer/);
  await held("stemmer");
  const head = (await text()).match(/[0-9a-f]{64}/)[0];
  await open("/journal");
  assert.ok((await page.locator("tbody tr").first().innerText()).includes(head), "the newest entry is first");
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("a[href='/journal/journal.csv']")]);
  assert.equal(download.suggestedFilename(), "journal.csv");
  // A genuine receipt, one that was changed, and a file that is none.
  const check = async (at, file) => {
    await at.goto(`${origin}/kvitteringer`);
    await at.setInputFiles("input[type=file]", file);
    await at.click(`${form("kvitteringssjekk")} button`);
    await at.waitForURL(`${origin}/gjor/kvitteringssjekk`);
    return at.locator("main").innerText();
  };
  assert.match(await check(page, join(folder, "kvittering.json")), /Kvitteringen stemmer/);
  await held("kvittering-stemmer");
  assert.match(await check(page, join(folder, "endret.json")), /stemmer ikke med journalen/);
  assert.match(await text(), /file_sha256/);
  await held("kvittering-stemmer-ikke");
  const none = { name: "41017050034.json", mimeType: "application/json", buffer: Buffer.from("[]") };
  const said = await check(page, none);
  assert.match(said, /er ingen kvittering/);
  assert.doesNotMatch(said, /41017050034/);
  await without(async (bare) => {
    assert.match(await check(bare, join(folder, "kvittering.json")), /Kvitteringen stemmer/);
  });
  await everyPage(PAGES);
}

await { evaluator, release, auditor }[day]();
assert.deepEqual(errors, []);
await browser.close();
