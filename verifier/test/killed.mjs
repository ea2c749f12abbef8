// The server is killed at random while every office delivers: killed.mjs LODD FOLDER OFFICES FILES SEED. Every other
// office is a machine with a token, the rest are people with a session; some lines break in the middle. Prints
// the receipts that were given, [office, file, number] each, and how long acknowledgements took.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import * as jose from "jose";
import { NO_LIMITS, anyone, ask, csrf, form, freePort, multipart, serve } from "./many.mjs";

const [lodd, dir, offices, files, seed] = process.argv.slice(2);
const two = (n) => String(n).padStart(2, "0");
let state = Number(seed) >>> 0;
/** Mulberry32: the same seed, the same faults. */
function random() {
  state = (state + 0x6d2b79f5) >>> 0;
  let t = Math.imul(state ^ (state >>> 15), state | 1);
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
}
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const { issuer, sign, logIn } = await anyone(jose);
const port = await freePort();
const all = [...Array(Number(offices)).keys()];
const access = all.map((it) => `[[access]]\nwhen = { sub = "k${two(it)}" }\nrole = "clerk"\noffice = "k${two(it)}"\n`).join("");
const machines = all.map((it) => `[[machine]]\nissuer = "${issuer}"\naudience = "lodd"\nscope = "levering"\nwhen = { client_id = "k${two(it)}" }\noffice = "k${two(it)}"\n`).join("");
const start = () => serve(lodd, dir, { issuer, access, machines, limits: NO_LIMITS, port });
let server = await start();
const { origin } = server;

/** A delivery of which the line breaks somewhere; nobody is told anything. */
function broken(path, headers, body) {
  return new Promise((done) => {
    const one = request({ host: "127.0.0.1", port, path, method: "POST", headers: { ...headers, "content-length": body.length }, agent: false });
    one.on("error", () => done());
    one.on("close", () => done());
    one.write(body.subarray(0, Math.floor(body.length * random())));
    setTimeout(() => one.destroy(), 20 * random());
  });
}

async function byMachine(office, name, bytes) {
  const headers = { authorization: `Bearer ${await sign({ aud: "lodd", scope: "levering", client_id: office, sub: office })}`, "content-type": "text/csv", "idempotency-key": name };
  if (random() < 0.2) await broken("/api/levering", headers, bytes);
  const answer = await ask(origin, "/api/levering", { method: "POST", headers, body: bytes });
  assert.ok([200, 201, 500, 503].includes(answer.status), `${answer.status} ${answer.text}`);
  return answer.status < 300 ? JSON.parse(answer.text).receipt.sequence : undefined;
}

const cookies = new Map();
async function byPerson(office, name, bytes) {
  if (!cookies.has(office)) cookies.set(office, await logIn(origin, office));
  const cookie = cookies.get(office);
  const page = await ask(origin, "/tilgjengelighet", { cookie });
  const word = page.text.match(/name="csrf" value="([0-9a-f]+)"/)?.[1];
  // Sessions are gone with the server: log in again.
  if (!word) return void cookies.delete(office);
  const sent = multipart({ csrf: word }, { name, bytes });
  if (random() < 0.2) await broken("/levering", { ...sent.headers, cookie, origin }, sent.body);
  const looked = await ask(origin, "/levering", { method: "POST", cookie, body: sent.body, headers: { ...sent.headers, origin } });
  if (looked.status === 401) return void cookies.delete(office);
  assert.ok([303, 500].includes(looked.status), `${looked.status} ${looked.text}`);
  const stored = await form(origin, "/levering/lagre", { csrf: word }, cookie);
  if (stored.status === 401) return void cookies.delete(office);
  assert.ok([200, 303, 500].includes(stored.status), `${stored.status} ${stored.text}`);
  return stored.status === 200 ? Number(stored.text.match(/\/kvittering\/([0-9]+)/)[1]) : undefined;
}

const receipts = [];
const took = [];
let busy = 0;
async function deliver(it, at) {
  const [office, name] = [`k${two(it)}`, `k${two(it)}-${two(at)}.csv`];
  const bytes = readFileSync(join(dir, name));
  for (;;) {
    const began = performance.now();
    let number;
    try {
      number = await (it % 2 ? byMachine : byPerson)(office, name, bytes);
      if (number === undefined) busy += 1;
    } catch (error) {
      // A line that breaks because the server died; anything else is a fault.
      if (error instanceof assert.AssertionError) throw error;
    }
    if (number !== undefined) {
      took.push(performance.now() - began);
      receipts.push([it, at, number]);
      // Now and then whoever has a receipt sends the file once more.
      if (random() < 0.9) return;
      continue;
    }
    await pause(20 + 200 * random());
  }
}

let left = all.length;
let killed = 0;
async function kill() {
  while (left > 0) {
    await pause(500 + 2500 * random());
    if (left === 0) return;
    const ended = new Promise((done) => server.child.once("exit", done));
    server.child.kill("SIGKILL");
    await ended;
    killed += 1;
    server = await start();
  }
}
const office = async (it) => {
  for (let at = 0; at < Number(files); at += 1) await deliver(it, at);
  left -= 1;
};
await Promise.all([kill(), ...all.map(office)]);
took.sort((a, b) => a - b);
const at = (part) => Math.round(took[Math.floor((took.length - 1) * part)]);
console.log(JSON.stringify({ receipts, killed, busy, p50: at(0.5), p99: at(0.99) }));
process.exit(0);
