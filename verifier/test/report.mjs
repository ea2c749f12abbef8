// The report's page in a real browser: report.mjs FOLDER… with report.nb.html, report.nn.html and report.en.html in each.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { withPage } from "./browser.mjs";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** No rule of WCAG 2.1 AA is broken, and every part is reached on a telephone's screen too. */
async function accessible(page, where) {
  await page.evaluate(`${axe}; 0`);
  const { broken, passed } = await page.evaluate(async () => {
    const { violations, passes } = await axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] });
    const told = violations.map(({ id, nodes }) => `${id}: ${nodes.map((it) => it.html).join(" ").slice(0, 300)}`);
    return { broken: told, passed: passes.map(({ id }) => id) };
  });
  assert.deepEqual(broken, [], where);
  // On a wide screen nothing needs to scroll.
  const scrolls = page.viewportSize().width < 400 ? ["scrollable-region-focusable"] : [];
  for (const rule of ["color-contrast", "html-has-lang", "svg-img-alt", "heading-order", ...scrolls]) {
    assert.ok(passed.includes(rule), `${where}: ${rule} had nothing to look at`);
  }
}

for (const folder of process.argv.slice(2)) {
  for (const lang of ["nb", "nn", "en"]) {
    const file = join(folder, `report.${lang}.html`);
    await withPage(
      async (page) => {
        assert.equal(await page.evaluate(() => document.documentElement.lang), lang);
        for (const viewport of [{ width: 1200, height: 900 }, { width: 360, height: 740 }]) {
          await page.setViewportSize(viewport);
          await accessible(page, `${file}, ${viewport.width} wide`);
        }
      },
      {},
      file,
    );
  }
}
