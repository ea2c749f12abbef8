"""Runs the do-files of `lodd export` without Stata: the few commands they use, as Stata's manuals describe them.

Anything else stops: another command or option, a character that Stata reads something into (a macro's ` or $, a
comment's /* or //, also within quotes), a label longer than Stata takes, a code that is not in its label.
"""

import csv
import datetime
import re
from pathlib import Path

TOKEN = re.compile(r'\s*(?:("[^"]*")|(\d+(?:\.\d+)?)|([A-Za-z_]\w*)|(==|[-+(),.]))')


class Refused(Exception):
    pass


def tokens(text):
    at, found = 0, []
    while at < len(text.rstrip()):
        match = TOKEN.match(text, at)
        if not match:
            raise Refused(f"can't read: {text[at:]}")
        found.append(next(it for it in match.groups() if it is not None))
        at = match.end()
    return found


def daily(text, mask):
    assert mask == "YMD"
    return datetime.date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text) else None


def clock(text, mask):
    assert mask == "YMDhms"
    if not re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", text):
        return None
    return datetime.datetime.strptime(text, "%Y-%m-%d %H:%M:%S.%f")


def substr(text, start, length):
    """Bytes of UTF-8, from 1; `.` is all that is left."""
    end = None if length is None else start - 1 + length
    return text.encode()[start - 1:end].decode()


FUNCTIONS = {"daily": daily, "clock": clock, "substr": substr, "char": lambda n: chr(n),
             "subinstr": lambda text, old, new, n: text.replace(old, new) if n is None else text.replace(old, new, n)}


def value(expression, row):
    """An expression's value in a row: strings, numbers, variables, functions, + and ==."""
    words = tokens(expression)

    def primary():
        word = words.pop(0)
        if word.startswith('"'):
            return word[1:-1]
        if word == ".":
            return None
        if word.isdigit():
            return int(word)
        if words and words[0] == "(":
            words.pop(0)
            arguments = [total()]
            while words[0] == ",":
                words.pop(0)
                arguments.append(total())
            assert words.pop(0) == ")"
            return FUNCTIONS[word](*arguments)
        return row[word]

    def total():
        result = primary()
        while words and words[0] == "+":
            words.pop(0)
            result += primary()
        return result

    result = total()
    if words and words[0] == "==":
        words.pop(0)
        result = result == total()
    if words:
        raise Refused(f"{expression}: {words} left over")
    return result


class Stata:
    """What stands in memory after a do-file."""

    def __init__(self, folder):
        self.folder, self.rows, self.names, self.kinds = Path(folder), [], [], {}
        self.data_label, self.labels, self.values, self.lists = "", {}, {}, {}

    def run(self, name):
        text = (self.folder / name).read_text(encoding="utf-8")
        for number, line in enumerate(text.splitlines(), 1):
            try:
                self.line(line)
            except Exception as error:
                raise Refused(f"{name}:{number}: {line}\n{error}") from error
        return self

    def line(self, line):
        if not line or line.startswith("* "):
            return
        for mark in ("`", "$", "\\", "/*", "*/", "//"):
            if mark in line:
                raise Refused(f"{mark} means something to Stata")
        for pattern, command in COMMANDS:
            match = re.fullmatch(pattern, line)
            if match:
                return command(self, *match.groups())
        raise Refused("no command that is known here")

    def read(self, file):
        with open(self.folder / file, encoding="utf-8", newline="") as lines:
            rows = list(csv.reader(lines, strict=True))
        self.names = rows[0]
        assert all(re.fullmatch(r"[A-Za-z_]\w{0,31}", name) for name in self.names)
        assert all(len(row) == len(self.names) for row in rows)
        self.rows = [dict(zip(self.names, row)) for row in rows[1:]]
        self.kinds = dict.fromkeys(self.names, "str")

    def destring(self, name):
        self.kinds[name] = "number"
        for row in self.rows:
            row[name] = float(row[name]) if row[name] else None

    def generate(self, kind, name, expression):
        assert name not in self.names
        self.names.append(name)
        self.kinds[name] = kind
        for row in self.rows:
            row[name] = value(expression, row)

    def drop(self, name):
        self.names.remove(name)
        self.kinds.pop(name)

    def rename(self, old, new):
        assert new not in self.names and len(new) <= 32
        self.names[self.names.index(old)] = new
        self.kinds[new] = self.kinds.pop(old)
        for row in self.rows:
            row[new] = row.pop(old)

    def order(self, names):
        assert sorted(names.split()) == sorted(self.names)
        self.names = names.split()

    def encode(self, name, made, listed):
        numbers = {text: number for number, text in self.lists[listed].items()}
        assert len(numbers) == len(self.lists[listed]), f"{listed} has a text twice"
        assert any(row[name] for row in self.rows), "nothing to encode"
        self.names.append(made)
        self.kinds[made] = "number"
        for row in self.rows:
            if row[name] and row[name] not in numbers:
                raise Refused(f"`{row[name]}` is not in {listed}")
            row[made] = numbers.get(row[name])

    def replace(self, name, expression, condition):
        for row in self.rows:
            if condition is None or value(condition, row):
                row[name] = value(expression, row)

    def define(self, listed, number, text, add):
        if (add is None) == (listed in self.lists):
            raise Refused(f"{listed} is {'defined twice' if add is None else 'not there'}")
        self.lists.setdefault(listed, {})[int(number)] = text

    def modify(self, listed, number, expression):
        self.lists.setdefault(listed, {})[int(number)] = value(expression, {})

    def label(self, name, text):
        assert name in self.names and len(text) <= 80, f"{len(text)} characters"
        self.labels[name] = text

    def attach(self, name, listed):
        assert name in self.names and listed in self.lists and self.kinds[name] in ("number", "byte")
        self.values[name] = self.lists[listed]

    def describe(self, text):
        assert len(text) <= 80
        self.data_label = text


IMPORT = (r'import delimited using "([^"]+)", delimiters\(","\) varnames\(1\) case\(preserve\) '
          r'encoding\("UTF-8"\) bindquotes\(strict\) stringcols\(_all\) clear')
COMMANDS = [
    (r"version 14", lambda it: None),
    (r"compress", lambda it: None),
    (IMPORT, Stata.read),
    (r'label data "([^"]*)"', Stata.describe),
    (r'label define (\w{1,32}) (\d+) "([^"]+)"(, add)?', Stata.define),
    (r'label variable (\w+) "([^"]*)"', Stata.label),
    (r"label values (\w+) (\w+)", Stata.attach),
    (r'mata: st_vlmodify\("(\w{1,32})", (\d+), (.+)\)', Stata.modify),
    (r'mata: st_varlabel\("(\w+)", (.+)\)', lambda it, name, text: it.label(name, value(text, {}))),
    (r"destring (\w+), replace", Stata.destring),
    (r"generate (byte|long|double) (\w+) = (.+)", Stata.generate),
    (r"format \w+ %(?:tdCCYY-NN-DD|tcCCYY-NN-DD_HH:MM:SS)", lambda it: None),
    (r"drop (\w+)", Stata.drop),
    (r"rename (\w+) (\w+)", Stata.rename),
    (r"encode (\w+), generate\((\w+)\) label\((\w+)\) noextend", Stata.encode),
    (r"replace (\w+) = (.+?)(?: if (.+))?", Stata.replace),
    (r"order (.+)", Stata.order),
]
