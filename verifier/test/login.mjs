// Log-in with a real provider, in a real browser: login.mjs LODD FOLDER [SCREENSHOTS].

import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { createServer } from "node:http";
import { join } from "node:path";
import { Provider } from "oidc-provider";
import { chromium } from "playwright-core";
import { SECRET, ask, freePort, serve } from "./many.mjs";

const [lodd, dir, shots] = process.argv.slice(2);
const CHROMIUM = process.env.LODD_CHROMIUM ?? "/usr/bin/chromium";
assert.ok(existsSync(CHROMIUM), `no ${CHROMIUM}: run \`cargo xtask test --install\``);
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
if (shots) mkdirSync(shots, { recursive: true });

// The accounts, and what the provider says of each.
const ACCOUNTS = {
  kari: { org: "974761076", roles: ["saksbehandler"] },
  leif: { org: "974761076", roles: ["leder", "saksbehandler"] },
  anne: { org: "889640782", roles: ["forsker"] },
  berit: { org: "889640782", roles: ["forsker"] },
  ola: { org: "974761076", roles: ["vaktmester"] },
};
const access = [
  ["leder", "974761076", "lead", "kast"],
  ["saksbehandler", "974761076", "clerk", "kast"],
  ["forsker", "889640782", "researcher"],
].map(([roles, org, role, office]) => `[[access]]\nwhen = { roles = "${roles}", "tilhorighet.org" = "${org}" }\nrole = "${role}"\n${office ? `office = "${office}"\n` : ""}`).join("\n");

const port = await freePort();
const issuer = `http://127.0.0.1:${await freePort()}`;
const origin = `http://127.0.0.1:${port}`;
const provider = new Provider(issuer, {
  clients: [{ client_id: "lodd", client_secret: SECRET, redirect_uris: [`${origin}/inn/tilbake`], post_logout_redirect_uris: [`${origin}/inn`], grant_types: ["authorization_code"] }],
  conformIdTokenClaims: false,
  claims: { openid: ["sub"], lodd: ["roles", "tilhorighet", "name", "pid"] },
  scopes: ["openid", "lodd"],
  pkce: { required: () => true },
  cookies: { keys: ["prove"] },
  findAccount: (_, id) => ACCOUNTS[id] && {
    accountId: id,
    claims: () => ({ sub: id, name: `${id} Prøvesen`, pid: "04056612345", roles: ACCOUNTS[id].roles, tilhorighet: { org: ACCOUNTS[id].org } }),
  },
});
const there = createServer(provider.callback());
await new Promise((done) => there.listen(new URL(issuer).port, "127.0.0.1", done));
const server = await serve(lodd, dir, { issuer, access, port });

const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"] });
const errors = [];

/** A browser of somebody's own. */
async function somebody(options = {}) {
  const context = await browser.newContext({ locale: "nb-NO", reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  page.on("console", (it) => it.type() === "error" && it.location().url.startsWith(origin) && !/status of [45]\d\d/.test(it.text()) && errors.push(it.text()));
  return page;
}

/** Nothing that axe finds, and nothing cut off at 320 pixels. */
async function held(page, name, lang = "nb") {
  assert.equal(await page.locator("html").getAttribute("lang"), lang);
  for (const width of [320, 768, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    assert.ok((await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth)) <= 0, `${name} at ${width}`);
    if (shots) await page.screenshot({ path: join(shots, `${name}-${lang}-${width}.png`), fullPage: true });
  }
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: AXE });
  const run = await session.send("Runtime.evaluate", {
    expression: "axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }).then((it) => JSON.stringify(it.violations.map((v) => [v.id, v.nodes.map((n) => n.html)])))",
    awaitPromise: true,
    returnByValue: true,
  });
  assert.deepEqual(JSON.parse(run.result.value), [], name);
}

/** From our button through the provider's own pages and back. */
async function logIn(page, who) {
  await page.goto(`${origin}/historikk`);
  assert.equal(new URL(page.url()).pathname, "/inn");
  await page.getByRole("button", { name: "Logg inn" }).press("Enter");
  await page.waitForURL(`${issuer}/**`);
  await page.fill("input[name=login]", who);
  await page.fill("input[name=password]", "x");
  await page.click("button[type=submit]");
  await page.click("button[type=submit]");
  await page.waitForURL(`${origin}/**`);
}
const text = (page) => page.locator("main").innerText();
const path = (page) => new URL(page.url()).pathname;

// A clerk sees the office, a lead too, and neither what is another's.
const kari = await somebody();
await kari.goto(`${origin}/inn`);
await held(kari, "logg-inn");
await logIn(kari, "kari");
assert.equal(path(kari), "/");
assert.match(await text(kari), /Nav Øvelse/);
assert.equal((await kari.goto(`${origin}/trekninger`)).status(), 404);
const leif = await somebody();
await logIn(leif, "leif");
assert.match(await text(leif), /Nav Øvelse/);

// Somebody with no access is told so, and no more.
const ola = await somebody();
await logIn(ola, "ola");
assert.equal(path(ola), "/inn/tilbake");
assert.match(await text(ola), /ikke gitt tilgang/);
assert.doesNotMatch(await text(ola), /vaktmester|974761076|Øvelse/);
await held(ola, "ikke-tilgang");
await ola.goto(`${origin}/`);
assert.equal(path(ola), "/inn");

// Two researchers, each with a menu of their own; the first without JavaScript.
const anne = await somebody({ javaScriptEnabled: false });
await logIn(anne, "anne");
assert.equal(path(anne), "/trekninger");
const berit = await somebody();
await logIn(berit, "berit");

// What takes two persons: Anne asks, can't say yes herself, and Berit can.
const cookie = async (page) => (await page.context().cookies(origin)).filter((it) => it.name === "__Host-lodd").map((it) => `${it.name}=${it.value}`).join("; ");
const word = async (page) => page.locator("input[name=csrf]").first().getAttribute("value");
await anne.goto(`${origin}/venter`);
const asked = await ask(origin, "/gjor/annullering", {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded", origin },
  cookie: await cookie(anne),
  body: new URLSearchParams({ csrf: await word(anne), draw: "1", reason: "to familier sto to ganger" }).toString(),
});
assert.deepEqual([asked.status, asked.headers.location], [303, "/venter"], asked.text);
await anne.goto(`${origin}/venter`);
assert.equal(await anne.getByRole("button", { name: "Ja, gjør det" }).count(), 0);
assert.match(await text(anne), /En annen må si ja/);
const by = (await text(anne)).match(/researcher [0-9a-f]{10}, page/)[0];
const yes = async (page, id) => ask(origin, `/venter/${id}/ja`, {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded", origin },
  cookie: await cookie(page),
  body: new URLSearchParams({ csrf: await word(page) }).toString(),
});
await kari.goto(`${origin}/`);
await leif.goto(`${origin}/`);
for (const [page, name] of [[anne, "whoever asked"], [kari, "a clerk"], [leif, "a lead"]]) {
  assert.equal((await yes(page, 1)).status, 404, name);
}
await berit.goto(`${origin}/venter`);
assert.match(await text(berit), new RegExp(by));
await held(berit, "venter");
await Promise.all([berit.waitForNavigation(), berit.getByRole("button", { name: "Ja, gjør det" }).click()]);
assert.equal(await berit.locator(".summary.good").count(), 1, await text(berit));
await berit.goto(`${origin}/venter`);
assert.equal(await berit.getByRole("button", { name: "Ja, gjør det" }).count(), 0);
assert.equal((await yes(berit, 1)).status, 404, "nobody says yes twice");

// Out: our session is over, and the provider's own log-out is offered and takes people back.
await kari.goto(`${origin}/`);
await kari.getByRole("button", { name: "Logg ut" }).click();
assert.match(await text(kari), /Du er logget ut/);
await held(kari, "logget-ut");
await kari.goto(`${origin}/historikk`);
assert.equal(path(kari), "/inn");
await leif.goto(`${origin}/`);
await leif.getByRole("button", { name: "Logg ut" }).click();
await leif.getByRole("link", { name: "Logg ut der også" }).click();
await leif.waitForURL(`${issuer}/session/end**`);
await leif.click("button[type=submit]");
await leif.waitForURL((url) => url.origin === issuer || url.pathname === "/inn");
await leif.goto(`${origin}/inn`);
await leif.getByRole("button", { name: "Logg inn" }).click();
await leif.waitForURL(`${issuer}/**`);
assert.equal(await leif.locator("input[name=login]").count(), 1, "the provider's session is over too");

assert.deepEqual(errors, []);
assert.doesNotMatch(server.stderr(), /04056612345|Prøvesen/);
server.child.kill("SIGTERM");
await new Promise((done) => server.child.once("exit", done));
assert.equal(server.child.exitCode, 0);
await browser.close();
process.exit(0);
