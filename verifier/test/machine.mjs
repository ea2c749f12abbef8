// Machines that deliver: machine.mjs LODD FOLDER SCHEMATHESIS. A provider of our own gives tokens like
// Maskinporten's; what is wrong with a token, a request or a file is told as JSON, and nothing is stored.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { connect } from "node:net";
import { SignJWT, UnsecuredJWT, exportJWK, generateKeyPair } from "jose";
import { ask, fakeIssuer, freePort, serve } from "./many.mjs";

const [lodd, dir, schemathesis] = process.argv.slice(2);
const now = () => Math.floor(Date.now() / 1000);
const own = await generateKeyPair("RS256");
const stranger = await generateKeyPair("RS256");
let isDown = false;
const provider = await fakeIssuer(() => ({ keys }), async () => undefined, { down: () => isDown });
const keys = [{ ...(await exportJWK(own.publicKey)), kid: "a", use: "sig", alg: "RS256" }];
const AUDIENCE = "https://lodd.example.no/levering";
const access = `[[access]]\nwhen = { role = "auditor" }\nrole = "auditor"\n`;
const machines = `[[machine]]\nissuer = "${provider.issuer}"\naudience = "${AUDIENCE}"\nscope = "lodd:levering"\nwhen = { "consumer.ID" = "0192:974761076" }\noffice = "kast"\n`;
const limits = "[limits]\nuploads_a_minute = 100000\naddress_a_minute = 100000\nlog_ins_a_minute = 100000\n";
const metrics = await freePort();
const server = await serve(lodd, dir, { issuer: provider.issuer, access, machines, limits, metrics });
const { origin } = server;

const claims = () => ({ iss: provider.issuer, aud: AUDIENCE, scope: "annet lodd:levering", client_id: "fagsystem-17", client_amr: "private_key_jwt", token_type: "Bearer", consumer: { authority: "iso6523-actorid-upis", ID: "0192:974761076" }, iat: now(), exp: now() + 120, jti: "1" });
const token = (more = {}, key = own.privateKey, header = { alg: "RS256", kid: "a" }) => new SignJWT({ ...claims(), ...more }).setProtectedHeader(header).sign(key);
const CSV = "text/csv";
const XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const file = readFileSync(join(dir, "tre-maneder.csv"));
const store = () => readFileSync(join(dir, "pilot.sqlite"));

async function deliver(body, { query = "", bearer, type = CSV, key, lang = "nb", headers = {} } = {}) {
  const all = { authorization: `Bearer ${bearer ?? (await token())}`, "content-type": type, "accept-language": lang, ...headers };
  if (key) all["idempotency-key"] = key;
  for (const name of Object.keys(all)) if (all[name] === undefined || all[name] === null) delete all[name];
  const answer = await ask(origin, `/api/levering${query}`, { method: "POST", headers: all, body });
  const isProblem = answer.status >= 400;
  assert.equal(answer.headers["content-type"], isProblem ? "application/problem+json" : "application/json", answer.text);
  assert.equal(answer.headers["set-cookie"], undefined);
  const json = JSON.parse(answer.text);
  if (isProblem) assert.deepEqual([json.status, json.type], [answer.status, "about:blank"]);
  return { ...answer, json };
}

// A token that is not good is told so; a good one that is not for this is told that there is nothing.
const before = store();
const one = async (bearer, status, name) => assert.equal((await deliver(file, { bearer })).status, status, name);
await one(new UnsecuredJWT(claims()).encode(), 401, "unsigned");
await one(await token({}, stranger.privateKey), 401, "another's key");
await one(await token({}, new TextEncoder().encode("x".repeat(32)), { alg: "HS256", kid: "a" }), 401, "shared secret");
await one(await token({ exp: now() - 120 }), 401, "expired");
await one(await token({ nbf: now() + 300 }), 401, "not yet");
await one(await token({ iat: now() + 300 }), 401, "from the future");
await one(await token({ iat: undefined }), 401, "never issued");
await one(await token({ aud: "https://annet.example.no" }), 401, "another audience");
await one(await token({ aud: undefined }), 401, "no audience");
await one(await token({ iss: "https://maskinporten.example.no" }), 401, "another issuer");
await one("x", 401, "no token");
await one(await token({ scope: "lodd:levering.les" }), 404, "another scope");
await one(await token({ consumer: { ID: "0192:889640782" } }), 404, "another organisation");
for (const authorization of [undefined, "Basic eDp4", "Bearer"]) {
  const answer = await deliver(file, { headers: { authorization } });
  assert.deepEqual([answer.status, answer.headers["www-authenticate"]], [401, "Bearer"]);
}
// Nor is a session's cookie of any use there.
assert.equal((await deliver(file, { headers: { authorization: undefined, cookie: "__Host-lodd=AAAAAAAAAAAAAAAAAAAAAA" } })).status, 401);

// What can't be read.
for (const query of ["?dry_run=kanskje", "?office=annet", "?dry_run=true&dry_run=false"]) {
  assert.equal((await deliver(file, { query })).status, 400, query);
}
assert.equal((await deliver("")).status, 422);
assert.equal((await deliver(file, { key: "æ".repeat(2) })).status, 400);
assert.equal((await deliver(file, { key: "k".repeat(129) })).status, 400);
assert.equal((await deliver(file, { type: "application/json" })).status, 415);
assert.equal((await deliver(file, { type: null })).status, 415);
assert.equal((await deliver(Buffer.alloc(10 * 1024 * 1024 + 1, "a"))).status, 413);
for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
  const answer = await ask(origin, "/api/levering", { method });
  assert.deepEqual([answer.status, answer.headers.allow], [405, "POST"], method);
}
// A body of unknown length is counted as it comes.
assert.equal(await new Promise(async (done, failed) => {
  const socket = connect(server.port, "127.0.0.1");
  let text = "";
  socket.on("data", (it) => { text += it; });
  socket.on("error", failed);
  socket.on("close", () => done(Number(text.split(" ")[1])));
  socket.write(`POST /api/levering HTTP/1.1\r\nHost: 127.0.0.1:${server.port}\r\nAuthorization: Bearer ${await token()}\r\nContent-Type: text/csv\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`);
  const chunk = Buffer.alloc(1024 * 1024, "a");
  for (let at = 0; at < 11; at += 1) socket.write(Buffer.concat([Buffer.from("100000\r\n"), chunk, Buffer.from("\r\n")]));
  socket.write("0\r\n\r\n");
}), 413);

// A file that is refused says where, in the sender's language, and stores nothing; a dry run neither.
const wrong = Buffer.from(file.toString().replaceAll("DELTID", "DELTDI").replaceAll("HELTID", "HELTDI"));
for (const [lang, words] of [["nb", /Mente du/], ["en", /Did you mean/i]]) {
  const refused = await deliver(wrong, { lang, key: "k-1" });
  assert.equal(refused.status, 422);
  const found = refused.json.findings.find((it) => words.test(`${it.message} ${it.fix}`));
  assert.match(found?.place ?? "", /[0-9]/, refused.text);
}
assert.equal((await deliver(Buffer.from("PK\x03\x04"), { type: XLSX })).status, 422);
const dry = await deliver(file, { query: "?dry_run=true", key: "k-1" });
assert.deepEqual([dry.status, dry.json.dry_run, dry.json.receipt], [200, true, null], dry.text);
assert.ok(store().equals(before), "nothing is stored yet");

// Stored once; a retry with the key, without it, or with another is the same receipt.
const stored = await deliver(file, { key: "k-1" });
assert.equal(stored.status, 201, stored.text);
assert.match(stored.json.receipt.hash, /^[0-9a-f]{64}$/);
assert.equal(stored.json.counts.new, dry.json.counts.new);
for (const key of ["k-1", undefined, "k-2"]) {
  const again = await deliver(file, { key });
  assert.deepEqual([again.status, again.json.already, again.json.receipt.hash], [200, true, stored.json.receipt.hash]);
}
const other = await deliver(wrong, { key: "k-1" });
assert.equal(other.status, 409, "a key of another file");
const at = JSON.parse(execFileSync(lodd, ["--clock", "2026-12-10T09:00:00Z", "--json", "ledger", "verify"], { cwd: dir }));
assert.equal(at.ok, true);

// The description is what is served: a program that reads it sends what it may and what it may not.
const described = JSON.parse((await ask(origin, "/api/openapi.json")).text);
assert.equal(described.openapi, "3.1.0");
writeFileSync(join(dir, "schemathesis.toml"), "[checks]\npositive_data_acceptance.expected-statuses = [\"2xx\", \"401\", \"404\", \"409\", \"415\", \"422\"]\n");
const seconds = process.env.LODD_SCHEMATHESIS_SECONDS ?? "25";
try {
  const said = execFileSync(schemathesis, ["run", `${origin}/api/openapi.json`, "--header", `Authorization: Bearer ${await token({ exp: now() + 600 })}`, "--checks", "all", "--max-time", seconds, "--seed", "20261123", "--suppress-health-check", "all"], { cwd: dir, encoding: "utf8", env: { ...process.env, NO_COLOR: "1" } });
  console.log(said.split("\n").filter((it) => /generated|passed|API operations|Seed/.test(it)).join("\n"));
} catch (error) {
  console.error(`${error.stdout}\n${error.stderr}`);
  process.exit(1);
}

// Counts say what was stored and refused, and nothing else; the store is whole.
const counts = (await ask(`http://127.0.0.1:${metrics}`, "/maal")).text;
assert.match(counts, /lodd_uploads_total\{result="stored"\} [1-9]/);
assert.match(counts, /lodd_requests_total\{method="POST",route="\/api\/levering",status="201"\} [1-9]/);
assert.equal((await ask(`http://127.0.0.1:${metrics}`, "/helse")).status, 200);
assert.equal((await ask(origin, "/maal")).status, 404, "no counts where everyone can ask");
assert.equal(JSON.parse(execFileSync(lodd, ["--clock", "2026-12-10T09:00:00Z", "--json", "ledger", "verify"], { cwd: dir })).ok, true);
process.exit(0);
