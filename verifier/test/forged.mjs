// Log-in that must not succeed: forged.mjs LODD FOLDER. A provider of our own signs what no honest one
// would; each attempt is answered with the very same page.

import assert from "node:assert/strict";
import { createHash, createHmac } from "node:crypto";
import { SignJWT, UnsecuredJWT, exportJWK, exportSPKI, generateKeyPair } from "jose";
import { SECRET, ask, begin, csrf, fakeIssuer, form, serve } from "./many.mjs";

const [lodd, dir] = process.argv.slice(2);
const now = () => Math.floor(Date.now() / 1000);
const own = await generateKeyPair("RS256", { extractable: true });
const next = await generateKeyPair("ES256", { extractable: true });
const edwards = await generateKeyPair("EdDSA", { extractable: true });
const stranger = await generateKeyPair("RS256", { extractable: true });
const jwk = async (pair, kid, alg) => ({ ...(await exportJWK(pair.publicKey)), kid, alg, use: "sig" });
const keys = [await jwk(own, "a", "RS256")];
let isDown = false;

const claims = (nonce) => ({ iss: provider.issuer, aud: "lodd", sub: "04056612345-kari", nonce, iat: now(), exp: now() + 300, role: ["kontor", "annet"], consumer: { ID: "0192:974761076" } });
const signed = (payload, key = own.privateKey, header = { alg: "RS256", kid: "a" }) => new SignJWT(payload).setProtectedHeader(header).sign(key);
const base64 = (it) => Buffer.from(JSON.stringify(it)).toString("base64url");

/** What can be wrong with a token, and nothing else wrong with it. */
const FORGERIES = {
  "no signature": (it) => new UnsecuredJWT(it).encode(),
  "alg none with a signature": async (it) => `${base64({ alg: "none", kid: "a" })}.${(await signed(it)).split(".").slice(1).join(".")}`,
  "signature cut off": async (it) => `${(await signed(it)).split(".").slice(0, 2).join(".")}.`,
  "another's key": (it) => signed(it, stranger.privateKey),
  "another's key, unknown": (it) => signed(it, stranger.privateKey, { alg: "RS256", kid: "z" }),
  "key in the header": async (it) => signed(it, stranger.privateKey, { alg: "RS256", kid: "a", jwk: await exportJWK(stranger.publicKey) }),
  "our secret as key": (it) => signed(it, new TextEncoder().encode(SECRET), { alg: "HS256", kid: "a" }),
  "the public key as secret": async (it) => {
    const head = `${base64({ alg: "HS256", kid: "a" })}.${base64(it)}`;
    return `${head}.${createHmac("sha256", await exportSPKI(own.publicKey)).update(head).digest("base64url")}`;
  },
  "another algorithm than the key's": (it) => signed(it, own.privateKey, { alg: "RS512", kid: "a" }).catch(async () => `${base64({ alg: "RS512", kid: "a" })}.${(await signed(it)).split(".").slice(1).join(".")}`),
  "something that must be understood": (it) => new SignJWT(it).setProtectedHeader({ alg: "RS256", kid: "a", crit: ["b64"], b64: true }).sign(own.privateKey, { crit: { b64: true } }),
  "another word in it": async (it) => {
    const [head, , signature] = (await signed(it)).split(".");
    return `${head}.${base64({ ...it, sub: "another" })}.${signature}`;
  },
  "wrong nonce": (it) => signed({ ...it, nonce: `${it.nonce}x` }),
  "no nonce": ({ nonce, ...it }) => signed(it),
  "another audience": (it) => signed({ ...it, aud: "lodd2" }),
  "no audience": ({ aud, ...it }) => signed(it),
  "many audiences, given to none": (it) => signed({ ...it, aud: ["lodd", "andre"] }),
  "given to another": (it) => signed({ ...it, azp: "andre" }),
  "another issuer": (it) => signed({ ...it, iss: "https://login.example.no" }),
  "no issuer": ({ iss, ...it }) => signed(it),
  "expired": (it) => signed({ ...it, iat: now() - 900, exp: now() - 120 }),
  "no end": ({ exp, ...it }) => signed(it),
  "an end in words": (it) => signed({ ...it, exp: "2099" }),
  "not yet": (it) => signed({ ...it, nbf: now() + 600 }),
  "from the future": (it) => signed({ ...it, iat: now() + 600, exp: now() + 900 }),
  "never issued": ({ iat, ...it }) => signed(it),
  "nobody": (it) => signed({ ...it, sub: "" }),
  "no token": async () => "",
  "no token at all": async () => undefined,
  "words": async () => "a.b.c",
};
const GOOD = {
  "good": (it) => signed(it),
  "the next key": (it) => signed(it, next.privateKey, { alg: "ES256", kid: "b" }),
  "a third key": (it) => signed(it, edwards.privateKey, { alg: "EdDSA", kid: "c" }),
  "many audiences, given to us": (it) => signed({ ...it, aud: ["lodd", "andre"], azp: "lodd" }),
};

const used = new Set();
const provider = await fakeIssuer(
  () => ({ keys }),
  async (code, asked) => {
    const { how, nonce, challenge } = JSON.parse(Buffer.from(code, "base64url"));
    const verifier = asked.get("code_verifier") ?? "";
    // As a provider does: a code is good once, and with the verifier of its challenge.
    if (createHash("sha256").update(verifier).digest("base64url") !== challenge || used.has(code)) return undefined;
    used.add(code);
    return ({ ...FORGERIES, ...GOOD })[how](claims(nonce));
  },
  { metadata: { end_session_endpoint: undefined }, down: () => isDown },
);
const access = `[[access]]\nwhen = { role = "kontor", "consumer.ID" = "0192:974761076" }\nrole = "clerk"\noffice = "kast"\n`;
const server = await serve(lodd, dir, { issuer: provider.issuer, access });
const { origin } = server;

const codeOf = (there, how) => base64({ how, nonce: there.searchParams.get("nonce"), challenge: there.searchParams.get("code_challenge") });
const back = (code, state, more = {}) => `/inn/tilbake?${new URLSearchParams({ code, state, ...more })}`;

// What the browser is sent away with.
const first = await begin(origin);
const sent = Object.fromEntries(first.there.searchParams);
assert.equal(first.there.origin + first.there.pathname, `${provider.issuer}/authorize`);
assert.deepEqual(
  [sent.response_type, sent.client_id, sent.redirect_uri, sent.scope, sent.code_challenge_method],
  ["code", "lodd", `${origin}/inn/tilbake`, "openid lodd", "S256"],
);
for (const name of ["state", "nonce", "code_challenge"]) assert.match(sent[name], /^[A-Za-z0-9_-]{43}$/, name);
const second = await begin(origin);
for (const name of ["state", "nonce", "code_challenge"]) assert.notEqual(second.there.searchParams.get(name), sent[name], name);

// A good one is let in, by a new session, once.
const entered = await ask(origin, back(codeOf(first.there, "good"), sent.state), { cookie: first.cookie });
assert.deepEqual([entered.status, entered.headers.location], [303, "/"], entered.text);
assert.notEqual(entered.cookie, first.cookie, "the session has a new id");
assert.match(entered.headers["set-cookie"][0], /HttpOnly; SameSite=Lax; Secure; Path=\//);
const home = await ask(origin, "/", { cookie: entered.cookie });
assert.match(home.text, /Nav Øvelse/);
assert.equal((await ask(origin, "/", { cookie: first.cookie })).status, 303, "the session of before is worth nothing");
const basic = provider.asked.find((it) => it.url === "/token").authorization;
assert.equal(Buffer.from(basic.slice(6), "base64").toString(), `lodd:${SECRET}`);
assert.doesNotMatch(provider.asked.find((it) => it.url === "/token").body, new RegExp(SECRET));

// Everything that is wrong is refused with one and the same page, and nobody is let in.
const refused = await ask(origin, "/inn/tilbake", {});
assert.equal(refused.status, 403);
async function mustBeRefused(name, path, cookie) {
  const answer = await ask(origin, path, { cookie });
  assert.deepEqual([answer.status, answer.text === refused.text], [403, true], `${name}: ${answer.status} ${answer.text.slice(0, 300)}`);
  assert.equal((await ask(origin, "/", { cookie: answer.cookie })).status, 303, `${name}: let in`);
}
for (const how of Object.keys(FORGERIES)) {
  const { cookie, there } = await begin(origin);
  await mustBeRefused(how, back(codeOf(there, how), there.searchParams.get("state")), cookie);
}
const attempt = async () => {
  const { cookie, there } = await begin(origin);
  return { cookie, there, code: codeOf(there, "good"), state: there.searchParams.get("state") };
};
{
  const it = await attempt();
  await mustBeRefused("forged state", back(it.code, `${it.state.slice(0, -1)}${it.state.endsWith("A") ? "B" : "A"}`), it.cookie);
  await mustBeRefused("the right state after a wrong one", back(it.code, it.state), it.cookie);
}
{
  const [mine, theirs] = [await attempt(), await attempt()];
  await mustBeRefused("another's state", back(theirs.code, theirs.state), mine.cookie);
  await mustBeRefused("no session", back(theirs.code, theirs.state));
}
{
  const it = await attempt();
  await mustBeRefused("no code", back("", it.state), it.cookie);
}
{
  const it = await attempt();
  await mustBeRefused("broken off", `/inn/tilbake?${new URLSearchParams({ error: "access_denied", state: it.state })}`, it.cookie);
}
{
  const it = await attempt();
  await mustBeRefused("from another provider", back(it.code, it.state, { iss: "https://login.example.no" }), it.cookie);
}
{
  const it = await attempt();
  await mustBeRefused("state twice", `${back(it.code, it.state)}&state=x`, it.cookie);
}
{
  const it = await attempt();
  const good = await ask(origin, back(it.code, it.state), { cookie: it.cookie });
  assert.equal(good.status, 303);
  await mustBeRefused("used twice, old session", back(it.code, it.state), it.cookie);
  const again = await ask(origin, back(it.code, it.state), { cookie: good.cookie });
  assert.equal(again.status, 403, "used twice, new session");
  assert.equal((await ask(origin, "/", { cookie: good.cookie })).status, 200, "and whoever is in stays in");
  const replayed = await attempt();
  await mustBeRefused("another's code", back(it.code, replayed.state), replayed.cookie);
}

// Nowhere to be sent but to the provider and home.
for (const path of ["/inn?retur=https://evil.example", "/inn/tilbake?next=https://evil.example", "/inn//evil.example", "//evil.example/inn"]) {
  const answer = await ask(origin, path);
  assert.doesNotMatch(answer.headers.location ?? "", /evil/, path);
  assert.doesNotMatch(answer.text, /evil/, path);
}
for (const fields of [{ retur: "https://evil.example" }, { redirect_uri: "https://evil.example" }]) {
  assert.doesNotMatch((await form(origin, "/inn/start?retur=https://evil.example", fields)).text, /evil/);
}
const elsewhere = await ask(origin, "/inn/start", { method: "POST", headers: { host: "evil.example" }, body: "" });
assert.equal(elsewhere.status, 421);
for (const headers of [{ origin: "https://evil.example" }, { "sec-fetch-site": "cross-site" }]) {
  assert.equal((await form(origin, "/inn/start", {}, undefined, headers)).status, 403);
}

// A provider that describes itself as another is none.
{
  const other = await fakeIssuer(() => ({ keys }), async () => undefined, { metadata: { issuer: provider.issuer } });
  const led = await serve(lodd, dir, { issuer: other.issuer, access });
  const start = await form(led.origin, "/inn/start", {});
  assert.equal(start.status, 503, start.text);
  assert.doesNotMatch(start.text, /authorize/);
  led.child.kill();
}

// A session that a stranger chose is not the one that is let in.
const planted = await ask(origin, "/inn", { cookie: "__Host-lodd=AAAAAAAAAAAAAAAAAAAAAA" });
assert.equal(planted.status, 200);
const fixed = await begin(origin, "__Host-lodd=AAAAAAAAAAAAAAAAAAAAAA");
assert.notEqual(fixed.cookie, "__Host-lodd=AAAAAAAAAAAAAAAAAAAAAA");

// A new key is asked for when it is met, and not more often than every five seconds.
const asks = () => provider.asked.filter((it) => it.url === "/jwks").length;
const before = asks();
for (let at = 0; at < 5; at += 1) {
  const it = await attempt();
  await mustBeRefused("unknown key again", back(codeOf(it.there, "another's key, unknown"), it.state), it.cookie);
}
assert.ok(asks() - before <= 1, "a stranger's keys do not make us ask and ask");
keys.push(await jwk(next, "b", "ES256"), await jwk(edwards, "c", "EdDSA"));
await new Promise((done) => setTimeout(done, 5200));
const known = asks();
for (const how of ["the next key", "a third key", "many audiences, given to us", "good"]) {
  const it = await attempt();
  const good = await ask(origin, back(codeOf(it.there, how), it.state), { cookie: it.cookie });
  assert.equal(good.status, 303, `${how}: ${good.text}`);
}
assert.equal(asks() - known, 1, "both new keys were asked for at once");

// Log-out ends our session; what it leaves behind is worth nothing.
const out = await form(origin, "/ut", { csrf: csrf(home) }, entered.cookie);
assert.equal(out.status, 200);
assert.match(out.text, /Du er logget ut/);
assert.equal((await ask(origin, "/", { cookie: entered.cookie })).status, 303);

// The provider is down: said so, and nothing lost. What is known of it is used meanwhile.
isDown = true;
const it = await attempt();
const failed = await ask(origin, back(it.code, it.state), { cookie: it.cookie });
assert.equal(failed.status, 503);
assert.match(failed.text, /svarer ikke nå/);

// The pilot's other roads in are closed.
assert.equal((await form(origin, "/inn", { kode: "0" })).status, 404);
assert.doesNotMatch(server.stderr(), /kari|04056612345/);
process.exit(0);
