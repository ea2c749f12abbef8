// Builds the page: one file with style, script and the licences of what is bundled in.
//
//   node build.mjs            writes docs/kontroller-trekning.html
//   node build.mjs --check    fails when that file is not what would be built

import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const read = (path) => readFileSync(here(path), "utf8");
const PAGE = here("../docs/kontroller-trekning.html");

/** Not minified: whoever wants to can read what the page does. */
async function script() {
  const { outputFiles } = await build({
    absWorkingDir: here("."),
    entryPoints: ["src/page.js"],
    bundle: true,
    format: "iife",
    target: "es2022",
    charset: "utf8",
    legalComments: "inline",
    treeShaking: true,
    write: false,
    logLevel: "warning",
  });
  return `\n${outputFiles[0].text}`;
}

function licences() {
  const packages = ["@noble/ciphers", "@noble/curves", "@noble/hashes"];
  return packages
    .map((name) => {
      const { version } = JSON.parse(read(`node_modules/${name}/package.json`));
      return `\n${name} ${version}, bundled into the script below:\n\n${read(`node_modules/${name}/LICENSE`).trim()}\n`;
    })
    .join("");
}

const hash = (text) => `sha256-${createHash("sha256").update(text).digest("base64")}`;

async function page() {
  const style = `\n${read("src/page.css")}`;
  const code = await script();
  const parts = { script: code, style, licences: licences(), "script-hash": hash(code), "style-hash": hash(style) };
  return read("src/page.html").replace(/\{\{([a-z-]+)\}\}/g, (_, name) => parts[name]);
}

const built = await page();
if (process.argv.includes("--check")) {
  if (readFileSync(PAGE, "utf8") !== built) {
    console.error("docs/kontroller-trekning.html is not what verifier/ builds: run `cargo xtask page`");
    process.exit(1);
  }
} else {
  writeFileSync(PAGE, built);
}
