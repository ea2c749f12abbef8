// Too much, too slow, and an end in the middle: limits.mjs LODD FOLDER.

import assert from "node:assert/strict";
import { connect } from "node:net";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { ask, fakeIssuer, form, serve } from "./many.mjs";

const [lodd, dir] = process.argv.slice(2);
const now = () => Math.floor(Date.now() / 1000);
const own = await generateKeyPair("ES256");
const keys = [{ ...(await exportJWK(own.publicKey)), kid: "a", use: "sig" }];
let delay = 0;
const provider = await fakeIssuer(() => ({ keys }), async (code) => {
  await new Promise((done) => setTimeout(done, delay));
  return new SignJWT({ iss: provider.issuer, aud: "lodd", role: "clerk", sub: code.split("|")[0], nonce: code.split("|")[1], iat: now(), exp: now() + 300 }).setProtectedHeader({ alg: "ES256", kid: "a" }).sign(own.privateKey);
});
const access = "[[access]]\nwhen = { role = \"clerk\" }\nrole = \"clerk\"\noffice = \"kast\"\n";
const limits = "[limits]\nrequests_a_minute = 20\nuploads_a_minute = 3\nlog_ins_a_minute = 12\naddress_a_minute = 60\nheader_seconds = 2\nbody_seconds = 4\n";
const server = await serve(lodd, dir, { issuer: provider.issuer, access, limits, before: "trusted_proxies = [\"127.0.0.1\"]" });
const { origin, port } = server;
const from = (address) => ({ "x-forwarded-for": address });

async function enter(who, address) {
  const page = await form(origin, "/inn/start", {}, undefined, from(address));
  if (page.status !== 200) return page;
  const there = new URL(page.text.match(/content="0;url=([^"]+)"/)[1].replaceAll("&#38;", "&").replaceAll("&amp;", "&"));
  return ask(origin, `/inn/tilbake?${new URLSearchParams({ code: `${who}|${there.searchParams.get("nonce")}`, state: there.searchParams.get("state") })}`, { cookie: page.cookie, headers: from(address) });
}
function refused(answer, name) {
  assert.equal(answer.status, 429, name);
  const seconds = Number(answer.headers["retry-after"]);
  assert.ok(seconds >= 1 && seconds <= 60, `${name}: ${seconds}`);
  assert.match(answer.text, new RegExp(`om ${seconds} sekunder`), name);
  return seconds;
}

// A person: so many requests, and another from the same address is not held up by it.
const kari = await enter("kari", "10.0.0.1");
assert.equal(kari.status, 303);
const leif = await enter("leif", "10.0.0.1");
const statuses = [];
let last;
for (let at = 0; at < 22; at += 1) {
  last = await ask(origin, "/historikk", { cookie: kari.cookie, headers: from(`10.0.1.${at}`) });
  statuses.push(last.status);
}
assert.deepEqual(statuses.slice(0, 20), Array(20).fill(200));
const wait = refused(last, "a person");
assert.equal((await ask(origin, "/historikk", { cookie: leif.cookie, headers: from("10.0.0.1") })).status, 200);
await new Promise((done) => setTimeout(done, wait * 1000 + 100));
assert.equal((await ask(origin, "/historikk", { cookie: kari.cookie, headers: from("10.0.0.1") })).status, 200, "and later they can");

// A person's files.
const anne = await enter("anne", "10.0.0.3");
const sent = [];
for (let at = 0; at < 4; at += 1) sent.push(await form(origin, "/levering", { csrf: "0" }, anne.cookie, from("10.0.0.3")));
assert.deepEqual(sent.map((it) => it.status === 429), [false, false, false, true]);
refused(sent[3], "files");

// An address: attempts to log in, more strictly than the rest; another address is another's.
const attempts = [];
for (let at = 0; at < 13; at += 1) attempts.push(await form(origin, "/inn/start", {}, undefined, from("10.0.0.4")));
assert.deepEqual(attempts.map((it) => it.status), [...Array(12).fill(200), 429]);
refused(attempts[12], "log-in");
assert.equal((await ask(origin, "/inn", { headers: from("10.0.0.4") })).status, 200);
assert.equal((await form(origin, "/inn/start", {}, undefined, from("10.0.0.5"))).status, 200);
// What stands before the proxy's own word is the sender's: it makes nobody another.
assert.equal((await form(origin, "/inn/start", {}, undefined, from("1.2.3.4, 10.0.0.4"))).status, 429);
let all;
for (let at = 0; at < 61; at += 1) all = await ask(origin, "/inn", { headers: from("10.0.0.6") });
refused(all, "an address");

/** A line that says `words` and then a byte now and then: how long it was let. */
function slow(words, drip, every = 500) {
  return new Promise((done) => {
    const begun = Date.now();
    const socket = connect(port, "127.0.0.1");
    let text = "";
    const timer = setInterval(() => socket.writable && socket.write(drip), every);
    socket.on("data", (it) => { text += it; });
    socket.on("error", () => {});
    socket.on("close", () => { clearInterval(timer); done({ seconds: (Date.now() - begun) / 1000, text }); });
    socket.write(words);
  });
}
const host = `Host: 127.0.0.1:${port}\r\n`;
const [headers, nothing, body] = await Promise.all([
  slow(`GET /inn HTTP/1.1\r\n${host}X-A: `, "a"),
  slow("", ""),
  slow(`POST /levering HTTP/1.1\r\n${host}Cookie: ${anne.cookie}\r\nX-Forwarded-For: 10.0.0.7\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ncsrf=`, "a"),
]);
for (const [name, it, most] of [["headers", headers, 4], ["nothing", nothing, 4]]) {
  assert.ok(it.seconds >= 1.5 && it.seconds <= most, `${name}: ${it.seconds} s`);
}
// The limit on files was reached above: the body is not even waited for, or no longer than its time.
assert.ok(body.seconds <= 8, `body: ${body.seconds} s ${body.text}`);
const berit = await enter("berit", "10.0.0.8");
const slowly = await slow(`POST /ut HTTP/1.1\r\n${host}Cookie: ${berit.cookie}\r\nX-Forwarded-For: 10.0.0.8\r\nConnection: close\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n\r\ncsrf=`, "a");
assert.ok(slowly.seconds >= 3.5 && slowly.seconds <= 8, `body: ${slowly.seconds} s ${slowly.text}`);
assert.equal((await ask(origin, "/historikk", { cookie: berit.cookie, headers: from("10.0.0.9") })).status, 200);

// Told to stop in the middle: what was begun is answered, nothing new is taken, and it ends.
delay = 1500;
const ola = enter("ola", "10.0.0.10");
await new Promise((done) => setTimeout(done, 700));
const ended = new Promise((done) => server.child.once("exit", (code) => done(code)));
server.child.kill("SIGTERM");
await new Promise((done) => setTimeout(done, 200));
await assert.rejects(ask(origin, "/inn"), /ECONNREFUSED|ECONNRESET/);
assert.equal((await ola).status, 303, "what was begun is answered");
assert.equal(await Promise.race([ended, new Promise((done) => setTimeout(done, 8000, "late"))]), 0);
process.exit(0);
