// Somebody of every role at one served pilot: people.mjs LODD FOLDER PEOPLE, where PEOPLE is JSON of [role, office].
// Prints the address and each one's cookie, and goes on until its input ends.

import * as jose from "jose";
import { NO_LIMITS, anyone, serve } from "./many.mjs";

const [lodd, dir, list] = process.argv.slice(2);
const people = JSON.parse(list);
const { issuer, logIn } = await anyone(jose);
const table = ([role, office], at) => `[[access]]\nwhen = { sub = "p${at}" }\nrole = "${role}"\n${office ? `office = "${office}"\n` : ""}`;
const server = await serve(lodd, dir, { issuer, access: people.map(table).join(""), limits: NO_LIMITS });
const cookies = [];
for (const at of people.keys()) cookies.push(await logIn(server.origin, `p${at}`));
console.log(JSON.stringify({ url: server.origin, cookies }));
process.stdin.on("close", () => process.exit(0)).resume();
