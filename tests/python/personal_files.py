"""National identity numbers wherever a file can hold one: refused, and nowhere on the disk afterwards.

    python personal_files.py LODD DIR     # DIR holds a pilot with its roster read

Each file goes through the real program (upload, roster import, draw import) in an empty home and temporary folder.
Then everything the program could have written, and all that it said, is searched for the digits: as they stand,
without separators, in UTF-16. Prints a line for each that was not refused with P01, or left a trace.

The numbers are synthetic (month + 80) and made here from the published weights: 3 7 6 1 8 9 4 5 2 and
5 4 3 2 7 6 5 4 3 2, remainder 0; from 2032 the first control digit may also leave 1, 2 or 3.
"""

import io
import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import openpyxl
from openpyxl.comments import Comment
from openpyxl.packaging.custom import StringProperty
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

CLOCK = ["--clock", "2026-09-01T07:00:00Z", "--lang", "en"]
SECRET_TEXT = "hemmelig-merknad"


def number(start, remainder=0, skip=0):
    """The first number that begins so, of this remainder."""
    for series in range(100 + skip, 1000):
        digits = [int(it) for it in f"{start}{series}"]
        first = (remainder - sum(w * d for w, d in zip([3, 7, 6, 1, 8, 9, 4, 5, 2], digits))) % 11
        second = -sum(w * d for w, d in zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], [*digits, first])) % 11
        if first < 10 and second < 10:
            return "".join(map(str, [*digits, first, second]))
    raise AssertionError(start)


ORDINARY = number("018190")
KINDS = {
    "ordinary": ORDINARY,
    "d-number": number("418190"),
    "of-2032-1": number("138540", 1),
    "of-2032-2": number("138540", 2, 7),
    "of-2032-3": number("558540", 3),
    "blank": f"{ORDINARY[:6]} {ORDINARY[6:]}",
    "hyphen": f"{ORDINARY[:6]}-{ORDINARY[6:]}",
    "dots": f"{ORDINARY[:2]}.{ORDINARY[2:4]}.{ORDINARY[4:6]} {ORDINARY[6:]}",
    "no-break": f"{ORDINARY[:6]}\u00a0{ORDINARY[6:9]}\u202f{ORDINARY[9:]}",
    "zero-width": f"{ORDINARY[:6]}\u200b{ORDINARY[6:]}",
    "full-width": "".join(chr(ord(it) + 0xFEE0) for it in ORDINARY),
    "lost-zero": ORDINARY[1:],
    "as-number": int(ORDINARY),
    "in-words": f"mor ({ORDINARY}), {SECRET_TEXT}",
}


def book(directory):
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Voksne"
    for row in Path(directory, "start.csv").read_text().splitlines():
        sheet.append(row.split(";"))
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(data, change):
    """The parts of a workbook, changed, and the archive's comment."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        parts = {name: old.read(name) for name in old.namelist()}
        comment = change(parts)
        for name, part in parts.items():
            new.writestr(name, part)
        new.comment = comment or b""
    return out.getvalue()


def places(directory, value):
    """Workbooks that hold the text at one place each."""
    text = str(value)

    def made(change):
        one = book(directory)
        change(one)
        return saved(one)

    def put(cell, what):
        return lambda it: it.active.__setitem__(cell, what)

    def hidden(it):
        it.create_sheet("Skjult")["C9"] = value
        it["Skjult"].sheet_state = "veryHidden"

    def validated(it):
        rule = DataValidation(type="list", formula1='"a,b"', prompt=f"skriv {text}")
        it.active.add_data_validation(rule)
        rule.add("D2")

    def strings(inside):
        return lambda it: it.__setitem__("xl/sharedStrings.xml", f"<sst>{inside}</sst>".encode())

    raw = saved(book(directory))
    sheet = "xl/worksheets/sheet1.xml"
    yield "cell", made(put("C3", value))
    yield "cell-apart", made(put("M40", f"{SECRET_TEXT} {text}"))
    yield "header", made(put("F1", text))
    yield "hidden-sheet", made(hidden)
    yield "comment", made(lambda it: setattr(it.active["B2"], "comment", Comment(f"{SECRET_TEXT} {text}", "Kari")))
    yield "comment-author", made(lambda it: setattr(it.active["B2"], "comment", Comment("x", text)))
    yield "sheet-name", made(lambda it: setattr(it.active, "title", text[:31]))
    yield "defined-name", made(lambda it: it.defined_names.add(DefinedName("Navn", attr_text=f'"{text}"')))
    yield "property", made(lambda it: setattr(it.properties, "subject", text))
    yield "custom-property", made(lambda it: it.custom_doc_props.append(StringProperty(name="Sak", value=text)))
    yield "validation", made(validated)
    yield "header-footer", made(lambda it: setattr(it.active.oddFooter.left, "text", text))
    yield "unused-string", repacked(raw, strings(f"<si><t>x</t></si><si><t>{text}</t></si>"))
    yield "in-runs", repacked(raw, strings(f"<si><r><t>{text[:5]}</t></r><r><rPr><b/></rPr><t>{text[5:]}</t></r></si>"))
    yield "by-reference", repacked(raw, lambda it: it.__setitem__("docProps/core.xml", created_by(it["docProps/core.xml"], text)))
    yield "unlisted-sheet", repacked(raw, lambda it: it.__setitem__("xl/worksheets/sheet9.xml", it[sheet].replace(b"</sheetData>", f'<row r="90"><c r="A90" t="inlineStr"><is><t>{text}</t></is></c></row></sheetData>'.encode())))
    yield "xml-comment", repacked(raw, lambda it: it.__setitem__(sheet, it[sheet] + f"<!-- {text} -->".encode()))


def created_by(core, text):
    """The text as who made the workbook, in references to characters, whichever XML library wrote the rest."""
    references = "".join(f"&#{ord(it)};" for it in text).encode()
    changed, times = re.subn(rb"(<dc:creator[^>]*>)", rb"\1" + references, core)
    assert times == 1, core
    return changed


def whole_places(directory, text):
    """Places where only eleven digits are told from other numbers."""
    raw = saved(book(directory))
    yield "archive-comment", repacked(raw, lambda _: f"{SECRET_TEXT} {text}".encode())
    yield "extra-entry", repacked(raw, lambda it: it.__setitem__("xl/media/notat.txt", f"{SECRET_TEXT} {text}".encode()))
    yield "extra-entry-utf-16", repacked(raw, lambda it: it.__setitem__("xl/printerSettings/printerSettings1.bin", text.encode("utf-16-le")))
    yield "entry-name", repacked(raw, lambda it: it.__setitem__(f"xl/media/{text}.png", b"x"))
    # Not a workbook by its first bytes: refused as that.
    yield "before-the-archive", b"#!/bin/sh\n# " + text.encode() + b"\n" + raw


def traces(directory, texts):
    """Files below a folder, and outputs, that hold the digits in any form."""
    needles = set()
    for text in texts:
        digits = "".join(chr(ord(c) - 0xFEE0) if "\uff10" <= c <= "\uff19" else c for c in str(text))
        digits = re.sub(r"\D", "", digits)
        for form in {str(text), digits, digits[1:], digits.lstrip("0")}:
            needles |= {form.encode(), form.encode("utf-16-le"), form.encode("utf-16-be")}
    needles.add(SECRET_TEXT.encode())
    found = []
    for name, data in directory:
        squeezed = re.sub(rb"[ .\-\xa0]", b"", data)
        found += [f"{needle!r} in {name}" for needle in needles if needle in data or needle in squeezed]
    return found


def main():
    lodd, directory = sys.argv[1], Path(sys.argv[2])
    inbox, empty = Path(tempfile.mkdtemp()), Path(tempfile.mkdtemp())
    (empty / "home").mkdir()
    (empty / "tmp").mkdir()
    environment = {"HOME": str(empty / "home"), "TMPDIR": str(empty / "tmp"), "PATH": "/usr/bin:/bin", "RUST_BACKTRACE": "1"}
    bad, count = [], 0
    said = [("nothing", b"")]

    def all_files():
        roots = [directory, empty]
        return [(str(path), path.read_bytes()) for root in roots for path in root.rglob("*") if path.is_file()]

    before = all_files()

    def refused(name, words, values, code="P01"):
        nonlocal count
        count += 1
        ran = subprocess.run([lodd, *CLOCK, *words], cwd=directory, env=environment, capture_output=True)
        output = ran.stdout + ran.stderr
        said.append((name, output))
        if ran.returncode != 1 or code.encode() not in output:
            bad.append(f"{name}: exit {ran.returncode}, {output.decode(errors='replace')[:400]}")
        left = traces([(name, output)], values)
        if left or all_files() != before:
            bad.append(f"{name}: left a trace {left[:3]}")

    def send(name, data, value, *before_words, code="P01"):
        path = inbox / name
        path.write_bytes(data)
        refused(name, [*before_words, str(path)], [value], code)
        path.unlink()

    upload = ["upload", "--office", "kast"]
    # Every kind in a cell; every place with an ordinary number, a D-number and one of 2032.
    for kind, value in KINDS.items():
        (_, data) = next(places(directory, value))
        send(f"kind-{kind}.xlsx", data, value, *upload)
        if kind != "as-number":
            text = Path(directory, "start.csv").read_text().replace("LONN", str(value), 1)
            for encoding in ("utf-8", "utf-8-sig", "utf-16"):
                send(f"kind-{kind}-{encoding}.csv", text.encode(encoding), value, *upload)
    for kind in ("ordinary", "d-number", "of-2032-2", "hyphen"):
        value = KINDS[kind]
        for place, data in [*places(directory, value), *whole_places(directory, value)]:
            code = "F01" if place == "before-the-archive" else "P01"
            send(f"{place}-{kind}.xlsx", data, value, *upload, "--json", code=code)
    for kind in ("ordinary", "blank", "hyphen", "full-width", "d-number"):
        value = KINDS[kind]
        send(f"{value}.xlsx", saved(book(directory)), value, *upload)
        send(f"status {value} ny.csv", Path(directory, "start.csv").read_bytes(), value, *upload, "--json")
    # A file that fails otherwise too, or first.
    value = KINDS["ordinary"]
    send(f"{value}.pdf", b"%PDF-1.7", value, *upload)
    both = book(directory)
    both.active["A1"], both.active["C3"], both.active["C4"] = "feil", value, SECRET_TEXT
    send("both.xlsx", saved(both), value, *upload)
    broken = f"voksen_id;statusdato\nKAS;{value};{SECRET_TEXT};x\n\"{SECRET_TEXT}".encode()
    send("broken.csv", broken, value, *upload)
    send("separator.csv", f"sep=;{value}\n".encode() + Path(directory, "start.csv").read_bytes(), value, *upload)
    # The other commands.
    families = Path(directory, "familier.csv").read_text()
    send("familier.csv", families.replace("2026-07-09", value, 1).encode(), value, "roster", "import")
    send(f"{value}.csv", families.encode(), value, "roster", "import")
    send("cell.xlsx", next(places(directory, value))[1], value, "roster", "import")
    units = "unit,block,arm,date,probability\nKAS-QXKD-N,a,follow-up,2026-08-30,1/2\n"
    send("tildeling.csv", units.replace("a,follow", f"{value},follow").encode(), value, "draw", "import")
    send(f"{value} tildeling.csv", units.encode(), value, "draw", "import")
    missing = inbox / f"{value}-finnes-ikke.xlsx"
    ran = subprocess.run([lodd, *CLOCK, *upload, str(missing)], cwd=directory, env=environment, capture_output=True)
    bad += [f"missing: {it}" for it in traces([("missing", ran.stdout + ran.stderr)], [value])]
    # The search itself finds what is there.
    assert traces([("x", f"<{ORDINARY}>".encode("utf-16-le"))], [ORDINARY]) and traces([("x", ORDINARY[:6].encode() + b" " + ORDINARY[6:].encode())], [ORDINARY])
    bad += traces(all_files(), KINDS.values())
    print("\n".join(bad))
    print(json.dumps({"files": count, "bad": len(bad), "kinds": len(KINDS)}))
    assert os.listdir(empty / "tmp") == [] and os.listdir(empty / "home") == []


if __name__ == "__main__":
    main()
