// What a check finds: the file, the field, what was expected and what was found.

const REPEATS_MAX = 10;
const CHARS_MAX = 160;

/** A description of a value rather than the value: `word` is a key of text.js. */
export const say = (word, ...args) => ({ word, args });

const shortened = (value) =>
  typeof value === "string" && value.length > CHARS_MAX ? `${value.slice(0, CHARS_MAX)}…` : value;

/** What stands there, for a reader: text as it is, anything else as JSON would write it. */
export function shown(value) {
  if (typeof value === "string" || typeof value === "bigint" || value === null) return String(value);
  if (typeof value === "boolean") return String(value);
  return Array.isArray(value) ? say("aList") : say("anObject");
}

export class Findings {
  /** `whose`: empty for the draw itself, "previous" for the draw before it. */
  constructor(whose = "") {
    this.whose = whose;
    this.list = [];
    this.omitted = 0;
  }

  /**
   * `check` is the part of the verification that failed, `kind` a key of text.js; `against` names the other file when two
   * disagree, since the fault can be in either.
   */
  add(check, file, field, kind, { expected = "", found = "", line = null, against = [] } = {}) {
    const alike = this.list.filter((it) => it.file === file && it.kind === kind);
    if (alike.length >= REPEATS_MAX) {
      this.omitted += 1;
      return;
    }
    const cut = { expected: shortened(expected), found: shortened(found) };
    this.list.push({ whose: this.whose, check, file, line, field, kind, ...cut, against });
  }

  failed(check) {
    return this.list.some((it) => it.check === check);
  }
}

/** Reads values out of one JSON file; each gives the value, or null and a finding. */
export class Reading {
  constructor(findings, check, file) {
    Object.assign(this, { findings, check, file });
  }

  fail(field, kind, expected, found) {
    this.findings.add(this.check, this.file, field, kind, { expected, found });
    return null;
  }

  /** The values of these keys, undefined where one is missing; null if it is no object. */
  object(value, field, needed, optional = []) {
    if (value === undefined) return null;
    if (!(value instanceof Map)) return this.fail(field, "wrongType", say("anObject"), shown(value));
    const path = (key) => (field ? `${field}.${key}` : key);
    for (const key of value.keys()) {
      if (!needed.includes(key) && !optional.includes(key)) this.fail(path(key), "unknownKey", "", key);
    }
    for (const key of needed) {
      if (!value.has(key)) this.fail(path(key), "missingKey", key, "");
    }
    return Object.fromEntries([...needed, ...optional].map((key) => [key, value.get(key)]));
  }

  text(value, field) {
    if (value === undefined) return null;
    if (typeof value !== "string") return this.fail(field, "wrongType", say("text"), shown(value));
    return value.trim() === "" ? this.fail(field, "empty", say("text"), value) : value;
  }

  /** Text in Unicode form NFC without white space at its ends. */
  plain(value, field) {
    const text = this.text(value, field);
    if (text === null) return null;
    const plain = text.normalize("NFC").replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
    return plain === text ? text : this.fail(field, "notPlain", plain, text);
  }

  matching(value, field, pattern, expected) {
    if (value === undefined) return null;
    const holds = typeof value === "string" && pattern.test(value);
    return holds ? value : this.fail(field, "wrongForm", expected, shown(value));
  }

  hex(value, field, digits = 64) {
    return this.matching(value, field, new RegExp(`^[0-9a-f]{${digits}}$`), say("hexDigits", digits));
  }

  label(value, field) {
    return this.matching(value, field, /^[A-Za-z0-9_.-]{1,64}$/, say("aLabel"));
  }

  integer(value, field, least, most) {
    if (value === undefined) return null;
    const holds = typeof value === "bigint" && value >= BigInt(least) && value <= BigInt(most);
    return holds ? value : this.fail(field, "wrongForm", say("anInteger", least, most), shown(value));
  }

  list(value, field, least, most) {
    if (value === undefined) return null;
    const holds = Array.isArray(value) && value.length >= least && value.length <= most;
    const found = Array.isArray(value) ? say("aListOf", value.length) : shown(value);
    return holds ? value : this.fail(field, "wrongForm", say("aListFrom", least, most), found);
  }
}
