// Somebody of every role at one served pilot: people.mjs LODD FOLDER PEOPLE, where PEOPLE is JSON of [role, office].
// Prints the address and each one's cookie, and goes on until its input ends.

import assert from "node:assert/strict";
import { SignJWT, exportJWK, generateKeyPair } from "jose";
import { ask, begin, fakeIssuer, serve } from "./many.mjs";

const [lodd, dir, list] = process.argv.slice(2);
const people = JSON.parse(list);
const now = () => Math.floor(Date.now() / 1000);
const own = await generateKeyPair("ES256");
const keys = [{ ...(await exportJWK(own.publicKey)), kid: "a", use: "sig" }];
const provider = await fakeIssuer(() => ({ keys }), async (code) => {
  const [sub, nonce] = code.split("|");
  return new SignJWT({ iss: provider.issuer, aud: "lodd", sub, nonce, iat: now(), exp: now() + 300 }).setProtectedHeader({ alg: "ES256", kid: "a" }).sign(own.privateKey);
});
const table = ([role, office], at) => `[[access]]\nwhen = { sub = "p${at}" }\nrole = "${role}"\n${office ? `office = "${office}"\n` : ""}`;
const limits = "[limits]\nrequests_a_minute = 1000000\nuploads_a_minute = 1000000\nlog_ins_a_minute = 1000000\naddress_a_minute = 1000000\n";
const server = await serve(lodd, dir, { issuer: provider.issuer, access: people.map(table).join(""), limits });
const cookies = [];
for (const at of people.keys()) {
  const { cookie, there } = await begin(server.origin);
  const query = new URLSearchParams({ code: `p${at}|${there.searchParams.get("nonce")}`, state: there.searchParams.get("state") });
  const back = await ask(server.origin, `/inn/tilbake?${query}`, { cookie });
  assert.equal(back.status, 303, back.text);
  cookies.push(back.cookie);
}
console.log(JSON.stringify({ url: server.origin, cookies }));
process.stdin.on("close", () => process.exit(0)).resume();
