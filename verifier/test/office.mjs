// A clerk's day on the offices' page, in a real browser: office.mjs LINK FOLDER PYTHON [SCREENSHOTS].
// FOLDER holds broken.csv, one of whose rows has a code that is none.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { holds, opened, tabTo, watched } from "./hold.mjs";

const [link, folder, python, shots] = process.argv.slice(2);
const MEND = fileURLToPath(new URL("../../tests/python/mend.py", import.meta.url));
const origin = new URL(link).origin;
if (shots) mkdirSync(shots, { recursive: true });

const browser = await opened();
const options = { locale: "nb-NO", acceptDownloads: true };
const context = await browser.newContext(options);
const page = await context.newPage();
const errors = watched(page, origin);
// Choosers are caught from the first on: turning that on takes longer than a key press.
page.on("filechooser", () => {});

const text = () => page.locator("body").innerText();

const weights = [];

/** Whatever state a page is in: what hold.mjs asks of it, and no arm of any family. */
async function held(name, lang = "nb", at = page) {
  const never = /Oppfølging|Ordinære|follow-up|ordinary/i;
  weights.push([name, await holds(at, name, { lang, shots, never })]);
}

/** The same page in the other two languages, and back. */
async function translated(name, path) {
  for (const lang of ["nn", "en"]) {
    await page.goto(`${origin}/sprak/${lang}`);
    await page.goto(origin + path);
    await held(name, lang);
  }
  await page.goto(`${origin}/sprak/nb`);
  await page.goto(origin + path);
}

async function downloaded(selector) {
  const [download] = await Promise.all([page.waitForEvent("download"), page.click(selector)]);
  const path = join(folder, download.suggestedFilename());
  await download.saveAs(path);
  return path;
}

// Nobody is let in without the link, and the link shows a button first.
await page.goto(`${origin}/historikk`);
assert.equal(new URL(page.url()).pathname, "/inn");
await held("stengt");
await page.goto(link);
await held("inn");
await tabTo(page, "main button");
await page.keyboard.press("Enter");
await page.waitForURL(`${origin}/`);
await held("hjem");
await translated("hjem", "/");
assert.match(await text(), /Nav Øvelse/);
assert.match(await text(), /3 måneder/);
/** Rows that are missing, of all families. */
const missing = async () => (await page.locator("td.n").allInnerTexts()).filter((it) => it.includes("/")).reduce((all, it) => all + Number(it.split("/")[0]), 0);
const before = await missing();

// The form, in the office's own language, taken, filled with a spreadsheet library and sent by keyboard.
/** A file chosen by keyboard: the space bar on the field opens the system's chooser. */
async function chosen(file) {
  await tabTo(page, "#fil");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.keyboard.press("Space")]);
  await chooser.setFiles(file);
}
async function pressed(selector) {
  await tabTo(page, selector);
  await page.keyboard.press("Enter");
}
/** Looked at: by the keyboard, from choosing to the page that says what was found. */
async function looked(file) {
  await chosen(file);
  await pressed("form.send button");
  await page.waitForURL(`${origin}/levering`);
}
await tabTo(page, "a[href='/skjema.xlsx']");
const [taken] = await Promise.all([page.waitForEvent("download"), page.keyboard.press("Enter")]);
const form = join(folder, taken.suggestedFilename());
await taken.saveAs(form);
const filled = join(folder, "filled.xlsx");
execFileSync(python, [MEND, form, "Voksne", "ARBEID", "DELTDI", filled]);
await looked(filled);
assert.match(await text(), /Voksne!/);
assert.match(await text(), /Mente du «DELTID»/);
await held("skjema-galt");
await pressed("button[formaction='/levering/avbryt']");
await page.waitForURL(`${origin}/`);

// Nothing chosen: the page says so above the form, with a link to the field, and beside it.
await page.locator("form.send").evaluate((it) => (it.noValidate = true));
await pressed("form.send button");
await page.locator(".summary a[href='#fil']").waitFor();
assert.ok(await page.locator(".summary[role=alert]:not([hidden])").evaluate((it) => it === document.activeElement), "the error is read first");
assert.equal(await page.locator("#fil").getAttribute("aria-describedby"), "fil-hint fil-feil");
await held("ingen-fil");

// A file that is none.
await page.goto(`${origin}/`);
await looked({ name: "bilde.xlsx", mimeType: "image/png", buffer: Buffer.from("\x89PNG\r\n\x1a\n") });
assert.match(await text(), /Må rettes før filen kan lagres/);
assert.ok(await page.locator(".summary[role=alert]:not([hidden])").evaluate((it) => it === document.activeElement), "the error is read first");
assert.equal(await page.locator("button:not([formaction])", { hasText: /^Lagre$/ }).count(), 0);
await held("avvist");
await translated("avvist", "/levering");
await pressed("button[formaction='/levering/avbryt']");
await page.waitForURL(`${origin}/`);

// Everything that can be found in a file that can be stored: something held, something to look at, a note.
const csv = readFileSync(join(folder, "broken.csv"), "utf8");
const kinds = `\ufeff${csv}${csv.trimEnd().split("\n").at(-1)}\n`;
await looked({ name: "alt.csv", mimeType: "text/csv", buffer: Buffer.from(kinds) });
assert.deepEqual(
  await page.locator("nav.kinds a").evaluateAll((all) => all.map((it) => it.getAttribute("href"))),
  ["#vent", "#varsel", "#info"],
);
await pressed("nav.kinds a[href='#varsel']");
assert.equal(new URL(page.url()).hash, "#varsel");
await page.goto(`${origin}/levering`);
await held("alt");
await translated("alt", "/levering");
await pressed("button[formaction='/levering/avbryt']");
await page.waitForURL(`${origin}/`);

// The broken file, looked at before anything is stored.
await looked(join(folder, "broken.csv"));
assert.match(await text(), /D2/);
assert.match(await text(), /Mente du «DELTID»/);
assert.match(await text(), /Ingenting er lagret ennå/);
await held("sjekk");
await page.goto(`${origin}/historikk`);
const stored = await page.locator("tbody tr").count();

// A file that has been looked at is offered again, until it is stored or left.
await page.goto(`${origin}/`);
assert.match(await text(), /broken\.csv/);
await held("venter");
await pressed("a[href='/levering']");
await page.waitForURL(`${origin}/levering`);

// The session ends between look and store: nothing is lost, and nothing is stored until somebody is back.
let cookies = await context.cookies();
assert.deepEqual(
  cookies.map((it) => [it.name, it.httpOnly, it.secure, it.sameSite, it.path]),
  [["__Host-lodd", true, true, "Lax", "/"]],
);
const store = page.getByRole("button", { name: "Lagre", exact: true });
const gone = page.locator("#okt", { hasText: "Økten er over – logg inn i en ny fane og prøv igjen" });
await context.clearCookies();
await tabTo(page, "#gode");
await page.keyboard.press("Space");
await store.click();
await gone.waitFor();
assert.ok(await page.locator("#okt").evaluate((it) => it === document.activeElement), "that the session is over is read");
assert.equal(await gone.locator("a").getAttribute("target"), "_blank");
assert.ok(await page.locator("#gode").isChecked());
await held("okt-over");
await context.addCookies(cookies);
// Sent without a script it is a page that says so, and the file waits for the same person.
await context.clearCookies();
await page.locator("main form").evaluate((it) => it.submit());
await page.waitForURL(`${origin}/levering/lagre`);
assert.match(await text(), /Økten er over/);
await held("okt-401");
await context.addCookies(cookies);
await page.goto(`${origin}/`);
await pressed("a[href='/levering']");
await page.waitForURL(`${origin}/levering`);

// Stored: the receipt, what waits, and the file to mend, which is mended with a spreadsheet library.
await tabTo(page, "form[action='/levering/lagre'] button");
await page.keyboard.press("Enter");
await page.waitForURL(`${origin}/levering/lagre`);
assert.match(await text(), /Filen er lagret/);
await held("lagret");
await page.emulateMedia({ media: "print" });
assert.deepEqual(await page.locator("header.top, footer, .buttons").evaluateAll((all) => all.filter((it) => it.checkVisibility()).length), 0);
await page.emulateMedia({ media: "screen" });
const mend = await downloaded("a[href='/levering/retting.xlsx']");
const mended = join(folder, "mended.xlsx");
execFileSync(python, [MEND, mend, "Voksne", "ARBEID", "DELTID", mended]);
await page.goto(`${origin}/`);
assert.match(await text(), /På vent/);
assert.doesNotMatch(await text(), /Du har en fil som ikke er lagret/);
assert.ok(await page.locator("a[href='/levering/retting.xlsx']").isVisible(), "the file to mend can still be taken");
await held("pa-vent");
await translated("pa-vent", "/");

// The session ends between choosing and sending: the file stays chosen.
await page.setInputFiles("#fil", mended);
const files = () => page.locator("#fil").evaluate((it) => it.files.length);
cookies = await context.cookies();
await context.clearCookies();
await page.click("form.send button");
await gone.waitFor();
assert.equal(await files(), 1);
await held("okt-over-valgt");
await context.addCookies(cookies);
// … and in the middle of the sending, when the server no longer knows who sends.
await page.route("**/levering", async (route) => {
  assert.equal(route.request().method(), "POST");
  await context.clearCookies();
  await route.continue();
}, { times: 1 });
await page.click("form.send button");
await gone.waitFor();
assert.equal(await files(), 1);
await context.addCookies(cookies);
// Whoever has logged in again in another tab has another word to sign with.
await page.locator("form.send input[name=csrf]").evaluate((it) => (it.value = "0"));
await page.click("form.send button");
await page.waitForURL(`${origin}/levering`);
assert.doesNotMatch(await text(), /Settes på vent/);
await store.click();
await page.waitForURL(`${origin}/levering/lagre`);
const receipt = await page.locator("a", { hasText: "Vis kvitteringen" }).getAttribute("href");
await pressed(`a[href='${receipt}']`);
await page.waitForURL(origin + receipt);
assert.match(await text(), /Nav Øvelse/);
assert.match(await text(), /[0-9a-f]{64}/);
await held("kvittering");
const printed = (await page.pdf({ format: "A4" })).toString("latin1");
assert.equal(printed.match(/\/Type\s*\/Page\b/g).length, 1, "the receipt is one sheet of paper");

// The same file again is the same receipt.
await page.goto(`${origin}/`);
assert.doesNotMatch(await text(), /På vent/);
assert.equal(await missing(), before - 12, "one adult of each of twelve families has been told of");
await page.setInputFiles("#fil", mended);
await page.click("form.send button");
await page.waitForURL(`${origin}/levering`);
await store.click();
await page.getByText("var lagret fra før").waitFor();
assert.equal(await page.locator("a", { hasText: "Vis kvitteringen" }).getAttribute("href"), receipt);
await page.goto(`${origin}/historikk`);
assert.equal(await page.locator("tbody tr").count(), stored + 2);
await held("historikk");
await translated("historikk", "/historikk");
await page.goto(`${origin}/tilgjengelighet`);
await held("tilgjengelighet");
await translated("tilgjengelighet", "/tilgjengelighet");
assert.equal((await page.goto(`${origin}/kvittering/1`)).status(), 404);
await held("borte");
await translated("borte", "/kvittering/1");

// Two minutes before the session ends the page says so, and a button goes on with it.
const idle = await context.newPage();
await idle.clock.install();
await idle.goto(`${origin}/`);
const soon = idle.locator("#okt p", { hasText: "Økten er over om to minutter" });
await idle.clock.fastForward("12:50");
assert.ok(!(await soon.isVisible()));
await idle.clock.fastForward("00:20");
await soon.waitFor();
await idle.clock.resume();
await held("okt-snart", "nb", idle);
await idle.getByRole("button", { name: "Fortsett økten" }).click();
await soon.waitFor({ state: "hidden" });
await idle.clock.fastForward("15:10");
await idle.locator("#okt", { hasText: "Økten er over – logg inn" }).waitFor();
await idle.close();

// The same without JavaScript, in the same session.
const plain = await browser.newContext({ ...options, javaScriptEnabled: false });
await plain.addCookies(await context.cookies());
const bare = await plain.newPage();
await bare.goto(`${origin}/`);
await bare.setInputFiles("#fil", mended);
await bare.click("form.send button");
assert.equal(bare.url(), `${origin}/levering`);
assert.match(await bare.locator("main").innerText(), /Filen kan lagres/);
await plain.close();

// Logged out: the session is worth nothing, and neither is the link.
await page.goto(`${origin}/`);
await pressed("header form button");
await page.waitForURL(`${origin}/inn`);
await page.goto(`${origin}/historikk`);
assert.equal(new URL(page.url()).pathname, "/inn");
await page.goto(`${origin}/tilgjengelighet`);
await held("tilgjengelighet-uten-innlogging");
await page.goto(link);
await page.click("main button");
assert.match(await text(), /brukt eller for gammel/);
await held("brukt");
assert.deepEqual(errors, []);
const [heaviest, bytes] = weights.toSorted((a, b) => b[1] - a[1])[0];
console.log(`${weights.length} states held; the heaviest page is ${heaviest}: ${bytes} bytes with style and script`);
await browser.close();
