// What a visitor sees and does: drops and picks files, reads the verdict, changes language, uses only the keyboard.
// With a folder as argument, writes screenshots there.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VECTORS, withPage } from "./browser.mjs";

const shots = process.argv[2];
const temporary = mkdtempSync(join(tmpdir(), "page-"));
const vector = (name) => join(VECTORS, "draw", name);
const PUBLIC = ["announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv"];
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No rule of WCAG 2.1 AA is broken. */
async function accessible(page, where) {
  await page.evaluate(`${axe}; 0`);
  const broken = await page.evaluate(async () => {
    const { violations } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.html).join(" ").slice(0, 300)}`);
  });
  assert.deepEqual(broken, [], where);
}

async function shot(page, name) {
  if (!shots) return;
  for (const [wide, width] of [["wide", 1200], ["narrow", 360]]) {
    await page.setViewportSize({ width, height: 900 });
    await page.screenshot({ path: join(shots, `${name}-${wide}.png`), fullPage: true });
  }
  await page.setViewportSize({ width: 1200, height: 900 });
}

const verdict = (page, n = 0) => page.locator("article").nth(n).innerText();
const settled = (page) => page.locator("#verdicts:not([hidden])").waitFor();
const says = (text, ...words) => {
  for (const it of words) assert.ok(text.includes(it), `“${it}” is not in:\n${text}`);
};

/** Drops files or folders as the operating system does. */
async function drop(page, paths) {
  await page.locator("#drop").scrollIntoViewIfNeeded();
  const { x, y, width, height } = await page.locator("#drop").boundingBox();
  const session = await page.context().newCDPSession(page);
  const at = { x: x + width / 2, y: y + height / 2, data: { items: [], files: paths, dragOperationsMask: 1 } };
  for (const type of ["dragEnter", "dragOver", "drop"]) await session.send("Input.dispatchDragEvent", { type, ...at });
  await settled(page);
}

async function picksAFolder(page) {
  await page.setInputFiles("#folder", join(vector("seats-2arm"), "0001"));
  await settled(page);
  says(await verdict(page), "Trekningen stemmer", "ØVELSE", "follow-up", "ordinary", "22", "Kunngjøringens fingeravtrykk",
    announced("seats-2arm/0001"), "Hva som er kontrollert", "Stemmer");
  says(await page.locator("#verdicts").innerText(), "private.csv");
  assert.equal(await page.evaluate(() => document.activeElement.id), "verdicts", "the verdict gets the focus");
  await accessible(page, "a right draw");
  await shot(page, "right");
}

function announced(name) {
  return createHash("sha256").update(readFileSync(join(VECTORS, "draw", name, "announcement.json"))).digest("hex");
}

async function comparesFingerprints(page) {
  const field = page.getByLabel("Lim inn fingeravtrykket som ble kunngjort før trekningen");
  const hash = announced("seats-2arm/0001");
  await field.fill(` ${hash.toUpperCase().slice(0, 32)} ${hash.slice(32)} `);
  says(await verdict(page), "Likt: dette er trekningen som ble kunngjort.");
  await field.fill(hash.replace(/.$/, (it) => (it === "0" ? "1" : "0")));
  says(await verdict(page), "Ulikt:");
}

/** Loose files, one of them changed: the refusal names file, line, what was expected and what was found. */
async function picksChangedFiles(page) {
  const dir = join(temporary, "changed");
  cpSync(join(vector("seats-2arm"), "0001"), dir, { recursive: true });
  const good = readFileSync(join(dir, "result.csv"), "utf8");
  const line = good.split("\n").findIndex((it) => it.endsWith(",follow-up"));
  const rows = good.split("\n");
  rows[line] = rows[line].replace("follow-up", "ordinary");
  writeFileSync(join(dir, "result.csv"), rows.join("\n"));
  await page.setInputFiles("#files", PUBLIC.map((it) => join(dir, it)));
  await settled(page);
  const text = await verdict(page);
  says(text, "Trekningen stemmer ikke", "1 feil", `result.csv, linje ${line + 1}`, "Skulle stått", "Står", rows[line], good.split("\n")[line]);
  assert.ok(!text.includes("Trekningen stemmer\n"));
  await accessible(page, "a refused draw");
  await shot(page, "refused");
}

async function changesLanguage(page) {
  await page.getByRole("button", { name: "Nynorsk" }).click();
  says(await verdict(page), "Trekkinga stemmer ikkje", "Skulle ha stått", "ØVING");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "nn");
  await page.getByRole("button", { name: "English" }).click();
  says(await verdict(page), "The draw is not right", "Expected", "REHEARSAL");
  assert.equal(await page.title(), "Check a draw");
  await accessible(page, "English");
  await page.getByRole("button", { name: "Bokmål" }).click();
  says(await verdict(page), "Trekningen stemmer ikke");
  assert.equal(await page.evaluate(() => document.documentElement.lang), "nb");
}

async function dropsFilesAndFolders(page) {
  await drop(page, PUBLIC.map((it) => join(vector("witnessed"), "0001", it)));
  says(await verdict(page), "Trekningen stemmer", "det som ble lest opp for vitner", "4-2-6-1-1-5 Hønefoss");
  // A folder of draws: each is checked against the one before.
  await drop(page, [vector("void-chain")]);
  assert.equal(await page.locator("article").count(), 2);
  says(await verdict(page, 0), "Trekning 1 i vector-rehearsal (void-chain/0001)", "Trekningen er annullert", "Et kontor leverte feil liste");
  const headings = await page.locator(".verdict").allInnerTexts();
  assert.deepEqual(headings.map((it) => it.replace(/\s+/g, " ")), ["– Trekningen er annullert", "✓ Trekningen stemmer"]);
  await shot(page, "void");
  // Announced, and not drawn yet; the list withheld.
  await drop(page, ["announcement.json", "plan.toml"].map((it) => join(vector("drand-round-1000"), "0001", it)));
  says(await page.locator(".verdict").innerText(), "Trekningen er kunngjort, men ikke gjennomført");
  says(await verdict(page), "runde 1\u202f000 (23.08.2023 kl. 15:59:24 UTC)", "Lista er ikke kontrollert", "Trekningen er åpen");
}

/** The second draw alone, then with the folder of the first, then with that of another chain. */
async function givesTheDrawBefore(page) {
  await page.setInputFiles("#folder", join(vector("chain"), "0002"));
  await settled(page);
  says(await verdict(page), "Ingen feil funnet, men ikke alt er kontrollert", "Kjeden er ikke kontrollert: trekning 1 er ikke her.");
  await shot(page, "partial");
  await page.getByText("Har du flere filer?").click();
  await page.setInputFiles("#previous", join(vector("chain"), "0001"));
  await page.getByText("Trekningen stemmer", { exact: true }).waitFor();
  await page.setInputFiles("#previous", join(vector("void-chain"), "0001"));
  await page.getByText("Trekningen stemmer ikke", { exact: true }).waitFor();
  says(await verdict(page), "Kjeden er brutt", "announcement.json", "feltet previous", "feltet ended");
}

async function givesCovariatesAndSlip(page) {
  await page.getByRole("button", { name: "Begynn på nytt" }).click();
  await page.setInputFiles("#files", PUBLIC.map((it) => join(vector("constrained"), "0001", it)));
  await settled(page);
  says(await verdict(page), "hvilket som helst av 100\u202f000 mulige resultater ville ha passert");
  await page.setInputFiles("#covariates", join(vector("constrained"), "0001", "covariates.csv"));
  await page.getByText("Trekningen stemmer", { exact: true }).waitFor();
  says(await verdict(page), "Kravet om likhet", "Gjeldende forsøk");

  await page.getByRole("button", { name: "Begynn på nytt" }).click();
  await page.setInputFiles("#folder", join(vector("seats-2arm"), "0001"));
  await settled(page);
  await page.setInputFiles("#slips", join(VECTORS, "slips/seats-2arm-0.json"));
  await page.getByText("Lappen stemmer", { exact: true }).waitFor();
  says(await verdict(page), "fam-alna72-003-æøå", "3798b462dcbbd7a99f4745425aa7e330", "ordinary");
  // The same by dropping the slip on the draw that is there.
  await page.getByRole("button", { name: "Begynn på nytt" }).click();
  await page.setInputFiles("#folder", join(vector("seats-2arm"), "0001"));
  await settled(page);
  await drop(page, [join(VECTORS, "slips/seats-2arm-0.json")]);
  says(await verdict(page), "Lappen stemmer", "fam-alna72-003-æøå");
  const salt = JSON.parse(readFileSync(join(VECTORS, "slips/seats-2arm-0.json"), "utf8")).salt;
  assert.ok(!(await page.content()).includes(salt), "the salt is shown");
  await accessible(page, "a slip");
  await shot(page, "slip");
}

async function refusesRubbish(page) {
  const file = join(temporary, "announcement.json");
  writeFileSync(file, Buffer.from([0x7b, 0xff, 0x00]));
  await page.setInputFiles("#files", [file]);
  await settled(page);
  says(await verdict(page), "Trekningen stemmer ikke", "Fila er ikke ren tekst i UTF-8.", "plan.toml", "Fila mangler.");
  writeFileSync(file, '{"pilot": "<img src=x onerror=alert(1)>"}');
  await page.setInputFiles("#files", [file]);
  await page.getByText("Skulle stått").first().waitFor();
  says(await verdict(page), "<img src=x onerror=alert(1)>");
  assert.equal(await page.locator("img").count(), 0);
  await page.getByRole("button", { name: "Begynn på nytt" }).click();
  await page.setInputFiles("#files", [join(vector("seats-2arm"), "0001/private.csv")]);
  await page.getByText("Ingen av filene hører til en trekning.").waitFor();
}

/** Every control is reached with Tab alone and has a visible focus. */
async function reachedByKeyboard(page) {
  const reached = [];
  for (let n = 0; n < 12; n += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const it = document.activeElement;
      const ring = it.type === "file" ? it.nextElementSibling : it;
      return [it.id || it.textContent.trim(), getComputedStyle(ring).outlineStyle];
    });
    if (at[0] === "" || reached.some(([id]) => id === at[0])) break;
    reached.push(at);
    if (at[0] === "Har du flere filer?") await page.keyboard.press("Enter");
  }
  assert.deepEqual(reached.map(([id]) => id).slice(0, 9),
    ["Bokmål", "Nynorsk", "English", "folder", "files", "Har du flere filer?", "previous", "covariates", "slips"]);
  for (const [id, ring] of reached.slice(0, 9)) assert.equal(ring, "solid", `${id}: no visible focus`);
}

try {
  await withPage(async (page) => {
    assert.equal(await page.title(), "Kontroller en trekning");
    await accessible(page, "the empty page");
    await shot(page, "empty");
    await picksAFolder(page);
    await comparesFingerprints(page);
    await picksChangedFiles(page);
    await changesLanguage(page);
    await dropsFilesAndFolders(page);
    await givesTheDrawBefore(page);
    await givesCovariatesAndSlip(page);
    await refusesRubbish(page);
  });
  await withPage(reachedByKeyboard);
} finally {
  rmSync(temporary, { recursive: true });
}
