// An office's families in a real browser: families.mjs LINK EMPTY FAMILY [SCREENSHOTS]. LINK lets the office's
// lead in; EMPTY somebody of an office that has no families and has delivered nothing; FAMILY is a pseudonym.

import assert from "node:assert/strict";
import { holds, opened, tabTo, watched } from "./hold.mjs";

const [link, empty, family, shots] = process.argv.slice(2);
const browser = await opened();
/** The arms' names; `the follow-up` is also what a consent is to. */
const never = /Oppfølging|Ordinære|Follow-up|Ordinary|KONTROLL|KRYSSET/;
const weights = [];

/** Somebody let in, and their page. */
async function entered(link) {
  const context = await browser.newContext({ locale: "nb-NO" });
  const page = await context.newPage();
  const origin = new URL(link).origin;
  const errors = watched(page, origin);
  await page.goto(link);
  await page.click("main button");
  await page.waitForURL(`${origin}/`);
  return { context, page, origin, errors };
}

const held = async (page, name, lang = "nb") => weights.push([name, await holds(page, name, { lang, shots, never })]);

/** A page in the three languages. */
async function translated({ page, origin }, name, path) {
  for (const lang of ["nb", "nn", "en"]) {
    await page.goto(`${origin}/sprak/${lang}`);
    await page.goto(origin + path);
    await held(page, name, lang);
  }
  await page.goto(`${origin}/sprak/nb`);
  await page.goto(origin + path);
}

const lead = await entered(link);
const { page, origin, context } = lead;
const text = () => page.locator("main").innerText();
const own = `${origin}/familier/${family}`;
await translated(lead, "familier", "/familier");
await tabTo(page, `a[href='/familier/${family}']`);
await page.keyboard.press("Enter");
await page.waitForURL(own);
await translated(lead, "familie", `/familier/${family}`);

// Somebody new, by keyboard.
const fill = async (selector, typed) => {
  await tabTo(page, selector);
  await page.keyboard.type(typed);
};
await tabTo(page, "#medlem-inn-medlem");
await page.selectOption("#medlem-inn-rolle", "BARN");
await fill("#medlem-inn-fodselsar", "2026");
await page.selectOption("#medlem-inn-hvorfor", "FODT");
await page.fill("#medlem-inn-dato", "2026-11-20");
await tabTo(page, "form[action='/gjor/medlem-inn'] button");
await page.keyboard.press("Enter");
await page.waitForURL(`${origin}/gjor/medlem-inn`);
assert.match(await text(), /er med i/);
assert.ok(await page.locator(".summary.good").evaluate((it) => it === document.activeElement), "what came of it is read first");
await held(page, "familie-fort");
await page.click(`a[href='/familier/${family}']`);
assert.match(await text(), new RegExp(`${family}-B\\d.*Barn.*2026`));

// What is wrong is said above, with a link to the field, and beside it; what was written stands there.
await page.fill("#flytting-kommune", "oslo");
await page.locator("form[action='/gjor/flytting']").evaluate((it) => (it.noValidate = true));
await page.click("form[action='/gjor/flytting'] button");
await page.waitForURL(`${origin}/gjor/flytting`);
assert.ok(await page.locator(".summary[role=alert]:not([hidden])").evaluate((it) => it === document.activeElement), "the errors are read first");
assert.equal(await page.locator("#flytting-kommune").inputValue(), "oslo");
const describedby = await page.locator("#flytting-kommune").getAttribute("aria-describedby");
assert.equal(describedby, "flytting-kommune-hint flytting-kommune-feil");
await held(page, "familie-feil");
await page.click(".summary a[href='#flytting-dato']");
assert.ok(await page.locator("#flytting-dato").evaluate((it) => it === document.activeElement), "the link goes to the field");

// The session ends while a form is filled: what is written stays, and can be sent when somebody is back.
await page.goto(own);
await page.selectOption("#trekk-hvem", family);
await page.selectOption("#trekk-samtykke", "FORSKNING");
await page.fill("#trekk-dato", "2026-12-01");
const cookies = await context.cookies();
await context.clearCookies();
await page.click("form[action='/gjor/trekk'] button");
await page.locator("#okt", { hasText: "Økten er over" }).waitFor();
assert.equal(await page.locator("#trekk-dato").inputValue(), "2026-12-01");
await held(page, "familie-okt-over");
await context.addCookies(cookies);
await page.click("form[action='/gjor/trekk'] button");
await page.waitForURL(`${origin}/gjor/trekk`);
assert.match(await text(), /har trukket samtykket/);

// The lead takes it back.
await page.goto(own);
const event = await page.locator("#angre-hendelse option", { hasText: "trukket fra 01.12.2026" }).getAttribute("value");
await page.selectOption("#angre-hendelse", event);
await page.selectOption("#angre-arsak", "FEIL_PERSON");
await page.click("form[action='/gjor/angre'] button");
await page.waitForURL(`${origin}/gjor/angre`);
assert.match(await text(), /Tilbakekalt/);
await page.goto(own);
assert.match(await text(), /tatt tilbake/);
await held(page, "familie-etterpa");
assert.equal((await page.goto(`${origin}/familier/KAS-3333-3`)).status(), 404);
await held(page, "familie-borte");
assert.deepEqual(lead.errors, []);

// An office that has nothing: nothing due, nothing delivered, no family.
const other = await entered(empty);
for (const [name, path] of [["tom-hjem", "/"], ["tom-historikk", "/historikk"], ["tom-familier", "/familier"]]) {
  await translated(other, name, path);
}
assert.deepEqual(other.errors, []);
const [heaviest, bytes] = weights.toSorted((a, b) => b[1] - a[1])[0];
console.log(`${weights.length} states held; the heaviest page is ${heaviest}: ${bytes} bytes with style and script`);
await browser.close();
