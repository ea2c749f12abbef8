// A server for many, its provider, and requests as they stand: what the tests of log-in share.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer, request as send } from "node:http";
import { createServer as listenTo } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";

/** The secret that lodd has with every provider of these tests. */
export const SECRET = "en-hemmelighet-for-proven";

/** A port that nobody listens on just now. */
export async function freePort() {
  const server = listenTo();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Serves a pilot for many: its address, and its child, which ends with this process. */
export async function serve(lodd, dir, { issuer, access, machines = "", limits = "", port, metrics, before = "", clock = ["--clock", "2026-12-10T09:00:00Z"] }) {
  const at = port ?? (await freePort());
  const origin = `http://127.0.0.1:${at}`;
  mkdirSync(join(dir, "hemmelig"), { recursive: true });
  writeFileSync(join(dir, "hemmelig", "klient"), `${SECRET}\n`);
  const lines = [
    "version = 1",
    `url = "${origin}"`,
    `listen = "127.0.0.1:${at}"`,
    metrics ? `metrics = "127.0.0.1:${metrics}"` : "",
    before,
    `[oidc]\nissuer = "${issuer}"\nclient_id = "lodd"\nclient_secret_file = "hemmelig/klient"\nscopes = ["openid", "lodd"]`,
    access,
    machines,
    limits,
  ];
  const config = join(dir, "serve.toml");
  writeFileSync(config, `${lines.filter(Boolean).join("\n")}\n`);
  const child = spawn(lodd, [...clock, "--json", "serve", "--config", "serve.toml"], { cwd: dir, stdio: ["ignore", "pipe", "pipe"] });
  process.on("exit", () => child.kill("SIGKILL"));
  const said = [];
  child.stderr.on("data", (it) => said.push(it.toString()));
  const first = await new Promise((done) => {
    createInterface({ input: child.stdout }).once("line", done);
    child.once("exit", (code) => done(`{"exit": ${code}}`));
  });
  assert.equal(JSON.parse(first).url, origin, `${first}\n${said.join("")}`);
  return { origin, port: at, child, stderr: () => said.join("") };
}

/** Sends a request and gives its status, headers, body, and the cookie of the session it leaves behind. */
export function ask(origin, path, { method = "GET", headers = {}, body, cookie } = {}) {
  return new Promise((done, failed) => {
    const url = new URL(origin);
    const all = { ...headers, ...(cookie ? { cookie } : {}) };
    if (body !== undefined) all["content-length"] = Buffer.byteLength(body);
    const request = send({ host: url.hostname, port: url.port, path, method, headers: all, agent: false }, (response) => {
      const parts = [];
      response.on("data", (it) => parts.push(it));
      response.on("end", () => {
        const set = response.headers["set-cookie"]?.find((it) => it.startsWith("__Host-lodd="))?.split(";")[0];
        done({ status: response.statusCode, headers: response.headers, text: Buffer.concat(parts).toString(), cookie: set ?? cookie });
      });
      response.on("error", failed);
    });
    request.on("error", failed);
    request.end(body);
  });
}

/** Sends a form, as one of our own pages does. */
export function form(origin, path, fields, cookie, headers = {}) {
  const body = new URLSearchParams(fields).toString();
  return ask(origin, path, { method: "POST", body, cookie, headers: { "content-type": "application/x-www-form-urlencoded", origin, ...headers } });
}

/** Begins a log-in: the session's cookie, and the address of the provider that the browser is sent to. */
export async function begin(origin, cookie) {
  const page = await form(origin, "/inn/start", {}, cookie);
  assert.equal(page.status, 200, page.text);
  const there = page.text.match(/content="0;url=([^"]+)"/)[1].replaceAll("&#38;", "&").replaceAll("&amp;", "&");
  return { cookie: page.cookie, there: new URL(there) };
}

/** The word that signs what a page sends. */
export function csrf(page) {
  return page.text.match(/name="csrf" value="([0-9a-f]+)"/)[1];
}

/** A provider that signs whatever it is asked to: `sign(code)` gives the ID token of a code. */
export async function fakeIssuer(jwks, sign, { metadata = {}, down = () => false } = {}) {
  const asked = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    const body = Buffer.concat(parts).toString();
    asked.push({ url: request.url, body, authorization: request.headers.authorization });
    const answer = (status, json) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(json));
    };
    if (down()) return answer(500, {});
    if (request.url === "/.well-known/openid-configuration") {
      return answer(200, { issuer, authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks`, ...metadata });
    }
    if (request.url === "/jwks") return answer(200, jwks());
    if (request.url === "/token") {
      const code = new URLSearchParams(body).get("code");
      const token = await sign(code, new URLSearchParams(body));
      return token ? answer(200, { access_token: "x", token_type: "Bearer", id_token: token }) : answer(400, { error: "invalid_grant" });
    }
    return answer(404, {});
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  server.unref();
  return { issuer, asked, close: () => server.close() };
}

/** A provider that says of anyone who they are: `logIn(origin, sub)` gives the cookie, `machine(more)` a token. */
export async function anyone({ SignJWT, exportJWK, generateKeyPair }) {
  const now = () => Math.floor(Date.now() / 1000);
  const own = await generateKeyPair("ES256");
  const keys = [{ ...(await exportJWK(own.publicKey)), kid: "a", use: "sig" }];
  const sign = (claims) => new SignJWT({ iss: provider.issuer, iat: now(), exp: now() + 3600, ...claims }).setProtectedHeader({ alg: "ES256", kid: "a" }).sign(own.privateKey);
  const provider = await fakeIssuer(() => ({ keys }), (code) => {
    const [sub, nonce] = code.split("|");
    return sign({ aud: "lodd", sub, nonce });
  });
  const logIn = async (origin, sub) => {
    const { cookie, there } = await begin(origin);
    const query = new URLSearchParams({ code: `${sub}|${there.searchParams.get("nonce")}`, state: there.searchParams.get("state") });
    const back = await ask(origin, `/inn/tilbake?${query}`, { cookie });
    assert.equal(back.status, 303, back.text);
    return back.cookie;
  };
  return { issuer: provider.issuer, sign, logIn };
}

/** No limit that a test of many would meet. */
export const NO_LIMITS = "[limits]\nrequests_a_minute = 1000000\nuploads_a_minute = 1000000\nlog_ins_a_minute = 1000000\naddress_a_minute = 1000000\n";

/** A form with a file, as browsers write it: its body and the header that says so. */
export function multipart(fields, file) {
  const part = (name, more, value) => Buffer.concat([Buffer.from(`--x\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`), Buffer.from(value), Buffer.from("\r\n")]);
  const all = Object.entries(fields).map(([name, value]) => part(name, "", value));
  const body = Buffer.concat([...all, part("fil", `; filename="${file.name}"`, file.bytes), Buffer.from("--x--\r\n")]);
  return { body, headers: { "content-type": "multipart/form-data; boundary=x" } };
}
