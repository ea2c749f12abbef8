// The page: takes files in, shows the verdicts, and answers tests through window.lodd*.

import { signatureHolds } from "./beacon.js";
import { gather } from "./intake.js";
import { LANGUAGES } from "./text.js";
import { DRAW_FILES, verifyDraw } from "./verify.js";
import { h, verdictView } from "./view.js";

const PAUSE_MS = 50;
const byId = (id) => document.getElementById(id);

const page = { lang: "nb", chosen: {}, unreadable: [], shown: null, run: 0 };
const text = () => LANGUAGES[page.lang];

/** Lets the browser breathe every 50 ms, tells how far it is, and stops when newer files came. */
function pacer(run) {
  let last = performance.now();
  return async (progress) => {
    if (performance.now() - last < PAUSE_MS) return;
    if (progress) byId("status").textContent = text().attempts(progress.attempt, progress.attempts);
    await new Promise((done) => setTimeout(done));
    last = performance.now();
    if (run !== page.run) throw new DOMException("newer files", "AbortError");
  };
}

/** Every draw among these files with its verdict: `{ draws: [{ folder, verdict }], unused }`. */
async function verifyAll(chosen, pace) {
  const { draws, unused } = gather(chosen);
  const verdicts = [];
  for (const { folder, ...draw } of draws) verdicts.push({ folder, verdict: await verifyDraw(draw, pace) });
  return { draws: verdicts, unused };
}

/** New files are coming: no old verdict stays beside them. Gives the number of this run. */
function begin() {
  page.run += 1;
  page.shown = null;
  page.unreadable = [];
  show();
  byId("status").textContent = text().working;
  return page.run;
}

async function check(run) {
  try {
    const shown = await verifyAll(page.chosen, pacer(run));
    if (run !== page.run) return;
    page.shown = shown;
    byId("status").textContent = "";
    show();
    byId("verdicts").focus();
  } catch (error) {
    if (error?.name !== "AbortError") throw error;
  }
}

function listOf(title, paths) {
  if (paths.length === 0) return [];
  return [h("p", {}, title), h("ul", { class: "notes" }, paths.map((it) => h("li", {}, h("code", {}, it))))];
}

function show() {
  byId("clear").hidden = page.shown === null;
  byId("verdicts").hidden = page.shown === null;
  if (page.shown === null) return byId("verdicts").replaceChildren();
  const { draws, unused } = page.shown;
  const views = draws.map(({ folder, verdict }) => verdictView(verdict, folder, page.lang, text()));
  if (draws.length === 0) views.push(h("h2", {}, text().noDraw), h("p", {}, text().noDrawHint));
  views.push(...listOf(text().unreadable, page.unreadable), ...listOf(text().unused, unused));
  byId("verdicts").replaceChildren(...views);
}

function speak() {
  document.documentElement.lang = page.lang;
  document.title = text().title;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = text()[element.dataset.text];
  for (const element of document.querySelectorAll("[data-label]")) {
    element.setAttribute("aria-label", text()[element.dataset.label]);
  }
  for (const button of byId("languages").children) {
    button.setAttribute("aria-pressed", String(button.lang === page.lang));
  }
}

function languages() {
  for (const [lang, { name }] of Object.entries(LANGUAGES)) {
    const button = h("button", { type: "button", lang }, name);
    button.addEventListener("click", () => {
      page.lang = lang;
      speak();
      show();
    });
    byId("languages").append(button);
  }
}

const unreadable = () => Promise.reject(new Error("unreadable"));

/** Reads files, each given as a path and a function; what can't be read is told apart. */
async function load(files) {
  const entries = [];
  for (const { path, file } of files) {
    try {
      entries.push({ path, bytes: new Uint8Array(await (await file()).arrayBuffer()) });
    } catch {
      page.unreadable.push(path);
    }
  }
  return entries;
}

const pathOf = (file) => file.webkitRelativePath || file.name;
/** What the operating system puts into folders. */
const isHidden = ({ path }) => path.split("/").some((it) => it.startsWith(".") || it === "Thumbs.db");

const isOfDraw = ({ path }) => DRAW_FILES.includes(path.split("/").at(-1));

/**
 * New files for one of the places (`main`, `previous`, `covariates`, `slips`); those there before go, unless the new ones are
 * no draw of their own: a slip that is dropped after its draw.
 */
async function choose(place, finding) {
  const run = begin();
  const entries = await load((await finding).filter((it) => !isHidden(it)));
  if (run !== page.run) return;
  const adds = place === "main" && !entries.some(isOfDraw);
  page.chosen[place] = adds ? [...(page.chosen.main ?? []), ...entries] : entries;
  await check(run);
}

/** All files below a dropped file or folder. */
async function below(entry, path) {
  if (entry.isFile) return [{ path, file: () => new Promise((done, failed) => entry.file(done, failed)) }];
  const reader = entry.createReader();
  const files = [];
  for (;;) {
    const batch = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (batch.length === 0) return files;
    for (const it of batch) files.push(...(await below(it, `${path}/${it.name}`)));
  }
}

/** The same through a handle: Chromium can't read an entry's folder when the page itself is a file. */
async function belowHandle(handle, path) {
  if (handle.kind === "file") return [{ path, file: () => handle.getFile() }];
  const files = [];
  for await (const it of handle.values()) files.push(...(await belowHandle(it, `${path}/${it.name}`)));
  return files;
}

async function dropped(transfer) {
  // The list empties itself as soon as this function waits.
  const items = [...transfer.items].filter((it) => it.kind === "file");
  const sources = items.map((it) => {
    const entry = it.webkitGetAsEntry?.() ?? null;
    return { file: it.getAsFile(), entry, handle: entry?.isDirectory ? it.getAsFileSystemHandle?.() : null };
  });
  const found = [];
  for (const { file, entry, handle } of sources) {
    if (entry?.isDirectory) {
      const reading = handle ? handle.then((it) => belowHandle(it, entry.name)) : below(entry, entry.name);
      found.push(...(await reading.catch(() => [{ path: entry.name, file: unreadable }])));
    } else if (file) {
      found.push({ path: pathOf(file), file: () => file });
    }
  }
  return found;
}

function listen() {
  for (const [id, place] of [["folder", "main"], ["files", "main"], ["previous", "previous"], ["covariates", "covariates"], ["slips", "slips"]]) {
    byId(id).addEventListener("change", ({ target }) => {
      const files = [...target.files].map((file) => ({ path: pathOf(file), file: () => file }));
      // The same files can be chosen once more after they have changed.
      target.value = "";
      if (files.length > 0) choose(place, files);
    });
  }
  byId("clear").addEventListener("click", () => {
    begin();
    page.chosen = {};
    byId("status").textContent = "";
    byId("folder").focus();
  });
  // Anywhere on the page: a miss must not open the file instead.
  for (const event of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(event, (it) => {
      it.preventDefault();
      byId("drop").classList.toggle("over", event === "dragover");
    });
  }
  document.addEventListener("drop", ({ dataTransfer }) => {
    if (dataTransfer.files.length > 0) choose("main", dropped(dataTransfer));
  });
}

languages();
speak();
listen();

/** For programs and tests: the verdict of one draw, of many files, and of a signature. */
window.loddVerify = verifyDraw;
window.loddVerifyAll = verifyAll;
window.loddSignatureHolds = signatureHolds;
