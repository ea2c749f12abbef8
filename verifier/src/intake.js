// Which of the files that were dropped belong to which draw.

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { readAnnouncement } from "./files.js";
import { Findings } from "./findings.js";
import { parseJson, utf8 } from "./json.js";
import { DRAW_FILES } from "./verify.js";

const parts = (path) => {
  const at = path.lastIndexOf("/");
  return [path.slice(0, Math.max(at, 0)), path.slice(at + 1)];
};

/** Draw folders by path: `{ files, covariates }`. What is not a draw's file stays in `others`. */
function folders(entries) {
  const found = new Map();
  const covariates = new Map();
  const others = [];
  for (const { path, bytes } of entries) {
    const [folder, name] = parts(path);
    if (DRAW_FILES.includes(name)) {
      if (!found.has(folder)) found.set(folder, {});
      found.get(folder)[name] = bytes;
    } else if (name === "covariates.csv") {
      covariates.set(folder, { path, bytes });
    } else {
      others.push({ path, bytes });
    }
  }
  return { found, covariates, others };
}

const read = (bytes) => (bytes ? readAnnouncement(bytes, new Findings()) : { sound: false });

/** Whether a JSON file looks like a family's slip. */
function isSlip({ path, bytes }) {
  const text = path.endsWith(".json") && bytes.length < 2 ** 20 ? utf8(bytes) : null;
  return text !== null && text.includes('"salt"') && text.includes('"path"');
}

/** The announcement a slip says it is of, or null. */
function slipOf(bytes) {
  try {
    return parseJson(bytes).get("announcement");
  } catch {
    return null;
  }
}

/** The folder of draw `number`: the sibling, or the one that was given as the draw before. */
function folderOf(number, parent, own, given) {
  const name = String(number).padStart(4, "0");
  const sibling = own.get(parent ? `${parent}/${name}` : name);
  if (sibling) return sibling;
  const all = [...given];
  const named = all.find(([folder]) => parts(folder)[1] === name) ?? all.find(([, it]) => read(it["announcement.json"]).draw === number);
  return (named ?? (all.length === 1 ? all[0] : null))?.[1] ?? null;
}

/**
 * Sorts files into draws, each as `verifyDraw` takes it, with its `folder`.
 * `main`, `previous`, `covariates` and `slips` are lists of `{ path, bytes }`: what was dropped, and what was given apart.
 */
export function gather({ main = [], previous = [], covariates = [], slips = [] }) {
  const own = folders(main);
  const given = folders(previous).found;
  const unused = new Set(own.others.filter((it) => !isSlip(it)).map((it) => it.path));
  const draws = [...own.found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([folder, files]) => {
    const [parent, name] = parts(folder);
    const told = read(files["announcement.json"]);
    const apart = covariates[0] ?? own.covariates.get(parent);
    return {
      folder,
      number: /^\d{4}$/.test(name) ? Number(name) : null,
      files,
      previous: told.draw > 1 ? folderOf(told.draw - 1, parent, own.found, given) : null,
      covariates: told.constraint ? (own.covariates.get(folder) ?? apart)?.bytes ?? null : null,
      slips: {},
    };
  });
  const used = new Set(draws.map((it) => it.covariates));
  for (const { path, bytes } of [...own.covariates.values(), ...covariates]) {
    if (!used.has(bytes)) unused.add(path);
  }
  for (const { path, bytes } of [...own.others.filter(isSlip), ...slips]) {
    const hash = slipOf(bytes);
    const announced = (it) => it.files["announcement.json"] && bytesToHex(sha256(it.files["announcement.json"]));
    const draw = draws.find((it) => announced(it) === hash) ?? draws.at(-1);
    if (draw) draw.slips[path] = bytes;
    else unused.add(path);
  }
  return { draws, unused: [...unused].sort() };
}
