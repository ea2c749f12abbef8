// What the page says, in three languages.

import { en } from "./text/en.js";
import { nb } from "./text/nb.js";
import { nn } from "./text/nn.js";

export const LANGUAGES = { nb, nn, en };

/** A value of a finding: text as it stands, or a described value in this language. */
export function told(text, value) {
  if (value?.word) return text.words[value.word](...value.args.map((it) => whole(it)));
  return String(value);
}

/** A number with a thin space between thousands. */
export const whole = (value) =>
  typeof value === "number" || typeof value === "bigint" ? String(value).replace(/\B(?=(\d{3})+$)/g, "\u202f") : value;

/** A point in time (Unix seconds, BigInt) as dd.mm.yyyy and UTC; English has ISO dates. */
export function time(lang, seconds) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return "?";
  const [day, clock] = date.toISOString().split("T");
  const shown = lang === "en" ? day : day.split("-").reverse().join(".");
  return `${shown} ${lang === "en" ? "" : "kl. "}${clock.slice(0, 8)} UTC`;
}
