// Strict JSON: what JSON.parse forgives, this does not. A repeated key, a number with sign, point or exponent,
// bytes that are not UTF-8, half a surrogate pair: each is an error with its place.
// Objects become Map (so that no key is special), integers BigInt.

const DEPTH_MAX = 32;
const DIGITS_MAX = 20;

export class JsonError extends Error {
  /** `reason` is a key of text.js, `line` counts from 1. */
  constructor(reason, line, found = "") {
    super(reason);
    Object.assign(this, { reason, line, found });
  }
}

/** The text of bytes that are UTF-8 without a byte order mark, or null. */
export function utf8(bytes) {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.startsWith("\ufeff") ? null : text;
  } catch {
    return null;
  }
}

export function parseJson(bytes) {
  const text = utf8(bytes);
  if (text === null) throw new JsonError("notUtf8", null);
  return new Parser(text).whole();
}

class Parser {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(reason, found = this.text.slice(this.at, this.at + 1)) {
    const line = this.text.slice(0, this.at).split("\n").length;
    throw new JsonError(reason, line, found);
  }

  whole() {
    const value = this.value(0);
    this.space();
    if (this.at < this.text.length) this.fail("notJson");
    return value;
  }

  space() {
    while (" \n\r\t".includes(this.text[this.at] ?? "x")) this.at += 1;
  }

  /** Steps over white space and one character, if it is that one. */
  takes(char) {
    this.space();
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  needs(char) {
    if (!this.takes(char)) this.fail("notJson");
  }

  value(depth) {
    if (depth > DEPTH_MAX) this.fail("tooDeep");
    this.space();
    const char = this.text[this.at] ?? "";
    if (char === "{") return this.object(depth);
    if (char === "[") return this.array(depth);
    if (char === '"') return this.string();
    if (char === "-" || (char >= "0" && char <= "9")) return this.integer();
    for (const [word, value] of [["null", null], ["true", true], ["false", false]]) {
      if (this.text.startsWith(word, this.at)) {
        this.at += word.length;
        return value;
      }
    }
    return this.fail("notJson");
  }

  object(depth) {
    const found = new Map();
    this.needs("{");
    if (this.takes("}")) return found;
    do {
      this.space();
      const key = this.string();
      if (found.has(key)) this.fail("repeatedKey", key);
      this.needs(":");
      found.set(key, this.value(depth + 1));
    } while (this.takes(","));
    this.needs("}");
    return found;
  }

  array(depth) {
    const found = [];
    this.needs("[");
    if (this.takes("]")) return found;
    do found.push(this.value(depth + 1));
    while (this.takes(","));
    this.needs("]");
    return found;
  }

  integer() {
    const [word] = /^[-+0-9.eE]*/.exec(this.text.slice(this.at, this.at + 100));
    if (!/^(0|[1-9][0-9]*)$/.test(word) || word.length > DIGITS_MAX) this.fail("notInteger", word);
    this.at += word.length;
    return BigInt(word);
  }

  string() {
    if (this.text[this.at] !== '"') this.fail("notJson");
    let end = this.at + 1;
    while (end < this.text.length && this.text[end] !== '"') end += this.text[end] === "\\" ? 2 : 1;
    // One string alone: JSON.parse knows escapes and refuses raw control characters.
    let value;
    try {
      value = JSON.parse(this.text.slice(this.at, end + 1));
    } catch {
      this.fail("notJson");
    }
    if (/\p{Surrogate}/u.test(value)) this.fail("notUtf8");
    this.at = end + 1;
    return value;
  }
}

/** The one form of reveal.json, void.json and a slip (section 2 of the protocol). */
export function oneForm(value) {
  return new TextEncoder().encode(`${formed(value, "\n")}\n`);
}

function formed(value, newline) {
  const inner = `${newline}  `;
  const listed = (items, open, close) =>
    items.length === 0 ? open + close : open + inner + items.join(`,${inner}`) + newline + close;
  if (Array.isArray(value)) return listed(value.map((it) => formed(it, inner)), "[", "]");
  if (value instanceof Map) {
    const entry = ([key, it]) => `${JSON.stringify(key)}: ${formed(it, inner)}`;
    return listed([...value].map(entry), "{", "}");
  }
  return typeof value === "bigint" ? value.toString() : JSON.stringify(value);
}
