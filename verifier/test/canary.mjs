// Personal data sent to every place that takes any: canary.mjs LODD FOLDER CANARIES. What the program leaves
// behind is searched by whoever calls; here it is what it answers and counts.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { ask, begin, csrf, fakeIssuer, form, freePort, serve } from "./many.mjs";

const [lodd, dir, words] = process.argv.slice(2);
const CANARIES = words.split(",");
const [number, name, phone] = CANARIES;
const now = () => Math.floor(Date.now() / 1000);
const own = await generateKeyPair("ES256");
const keys = [{ ...(await exportJWK(own.publicKey)), kid: number, use: "sig" }];
const sign = (claims) => new SignJWT({ iat: now(), exp: now() + 300, ...claims }).setProtectedHeader({ alg: "ES256", kid: number }).sign(own.privateKey);
const personal = { sub: number, pid: number, name, given_name: name, phone_number: phone, email: `${name}@example.no`, sid: phone };
const provider = await fakeIssuer(() => ({ keys }), (code) => sign({ iss: provider.issuer, aud: "lodd", role: code.split("|")[0], nonce: code.split("|")[1], ...personal }));
const AUDIENCE = "levering";
const access = ["clerk", "lead", "researcher", "evaluator", "auditor"].map((it) => `[[access]]\nwhen = { role = "${it}" }\nrole = "${it}"\n${["clerk", "lead"].includes(it) ? "office = \"kast\"\n" : ""}`).join("");
const machines = `[[machine]]\nissuer = "${provider.issuer}"\naudience = "${AUDIENCE}"\nscope = "l"\nwhen = { "consumer.ID" = "${number}" }\noffice = "kast"\n`;
const metrics = await freePort();
const server = await serve(lodd, dir, { issuer: provider.issuer, access, machines, metrics, before: "trusted_proxies = [\"127.0.0.1\"]" });
const { origin } = server;
const file = readFileSync(join(dir, "tre-maneder.csv"));
// A line of a name, a number and a phone in each header that a program might write down.
const headers = { "user-agent": `${name} ${number}`, referer: `${origin}/?navn=${encodeURIComponent(name)}`, "x-request-id": number, "x-forwarded-for": `${phone}, 10.1.2.3`, "accept-language": `nb,${number}` };
const query = `?pid=${number}&navn=${encodeURIComponent(name)}&tlf=${phone}`;
const routes = ["/", "/skjema.xlsx", "/levering", "/historikk", `/kvittering/${number}`, "/familier", `/familier/${number}`, `/familier/${name}`, "/liste", "/trekninger", `/trekninger/${number}`, "/plasser", "/svar", "/flyt", "/plan", "/resultater", "/frigivelser", "/bevis", "/journal", "/kvitteringer", "/innsyn", "/apent", `/apent/${number}`, `/apent/${number}/${name}.csv`, `/filer/${number}.csv`, `/${number}`, `/sprak/${number}`, "/inn", "/helse", "/venter", `/venter/${number}/ja`];
const deeds = ["medlem-inn", "medlem-ut", "flytting", "trekk", "angre", "vurdering", "kunngjoring", "trekning", "annullering", "tilbud", "svar-paa-tilbud", "ledig-plass", "tilbud-slutt", "nokkelbytte", "planlaas", "panel", "estimat", "rapport", "frigivelse", "journalsjekk", "kvitteringssjekk"].filter((it) => it !== "annullering" && it !== "frigivelse" && it !== "nokkelbytte");

/** A file in a form, as browsers send it. */
function filed(word, fileName, bytes) {
  const part = (head, body) => Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n`), Buffer.from(body), Buffer.from("\r\n")]);
  return Buffer.concat([part("name=\"csrf\"", word), part(`name="fil"; filename="${fileName}"`, bytes), Buffer.from("--x--\r\n")]);
}

for (const role of ["clerk", "lead", "researcher", "evaluator", "auditor", "ingen"]) {
  const { cookie, there } = await begin(origin);
  const back = new URLSearchParams({ code: `${role}|${there.searchParams.get("nonce")}`, state: there.searchParams.get("state"), navn: name });
  const entered = await ask(origin, `/inn/tilbake?${back}`, { cookie, headers });
  assert.equal(entered.status, role === "ingen" ? 403 : 303, role);
  for (const it of CANARIES) assert.ok(!entered.text.includes(it), role);
  const own = entered.cookie;
  for (const path of routes) {
    const answer = await ask(origin, `${encodeURI(path)}${query}`, { cookie: own, headers });
    assert.ok(answer.status < 600, path);
    for (const it of CANARIES) assert.ok(!answer.text.includes(it), `${role} ${path} says ${it}`);
  }
  const page = await ask(origin, "/venter", { cookie: own });
  const home = page.text.includes("csrf") ? page : await ask(origin, "/", { cookie: own });
  if (!home.text.includes("csrf")) continue;
  const word = csrf(home);
  for (const deed of deeds) await form(origin, `/gjor/${deed}${query}`, { csrf: word, familie: number, navn: name, grunn: phone, [name]: number }, own, headers);
  for (const [fileName, bytes] of [[`${number} ${name}.csv`, file], [`${name}.xlsx`, "PK\x03\x04"], [`${phone}.exe`, number], ["a.csv", `${name};${number}\n${phone}\n`]]) {
    const body = filed(word, fileName, bytes);
    await ask(origin, `/levering${query}`, { method: "POST", cookie: own, body, headers: { ...headers, origin, "content-type": "multipart/form-data; boundary=x" } });
  }
  await form(origin, "/levering/lagre", { csrf: word, gode: name }, own, headers);
}
const bearer = await sign({ iss: provider.issuer, aud: AUDIENCE, scope: "l", consumer: { ID: number }, client_id: name, ...personal });
for (const body of [file, `${name};${number}\n${phone}\n`]) {
  for (const key of ["k", number, name]) {
    await ask(origin, `/api/levering${query}`, { method: "POST", body, headers: { ...headers, authorization: `Bearer ${bearer}`, "content-type": "text/csv", "idempotency-key": encodeURIComponent(key) } });
    await ask(origin, "/api/levering", { method: "POST", body, headers: { ...headers, authorization: `Bearer ${bearer}`, "content-type": "text/csv", "idempotency-key": encodeURIComponent(key) } });
  }
}
// Broken off in the middle, killed in the end: nothing is left behind by that either.
const counts = (await ask(`http://127.0.0.1:${metrics}`, "/maal")).text;
for (const it of CANARIES) {
  assert.ok(!counts.includes(it), `the counts say ${it}`);
  assert.ok(!server.stderr().includes(it), `a message says ${it}`);
}
console.log(JSON.stringify({ stderr: server.stderr() }));
process.exit(0);
