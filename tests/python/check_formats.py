"""The report's three formats say the same, in every language: check_formats.py OUT_FOLDER…

The page is read with html.parser, the PDF by its tags (tagged_pdf.py), the workbook with openpyxl. Every number of
the page is compared with the unrounded one behind it, those with the Parquet file that the table names
(report_numbers.py), every text of the page with that of the PDF in reading order, and every cell with the workbook's,
shown by its number format.
"""

import re
import sys
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import openpyxl

from report_numbers import explain
from report_page import Page
from tagged_pdf import Tagged

SYMBOLS = {"–", "..", ":", "."}


def bare(text: str) -> str:
    """Without spaces, the marks of lists, and the hyphens that lines are broken with. The PDF's fonts have no pictures:
    there they stand as their numbers."""
    text = re.sub("[\U0001f000-\U0001faff]", lambda it: f"[U+{ord(it[0]):04X}]", text)
    return re.sub(r"[\s•\u00ad\u2010\u200b-]", "", text)


def written(value: float, places: int, lang: str) -> str:
    """A rounded number as people write it in this language."""
    thousands, mark = ("\u202f", ",") if lang != "en" else (",", ".")
    text = f"{abs(value):,.{places}f}".replace(",", "t").replace(".", mark).replace("t", thousands)
    return ("\u2212" if value < 0 and re.search("[1-9]", text) else "") + text


def check_number(cell, lang):
    """The text is the number as it is, or in hundredths."""
    shown = re.sub(r"[\s\u00a0]*%$", "", cell.text)
    if cell.text in SYMBOLS:
        assert cell.text == "–" and cell.value == 0, cell.text
        return
    if shown.startswith("< "):
        assert cell.value < 0.001 and shown[2:] == written(0.001, 3, lang), cell.text
        return
    mark = "." if lang == "en" else ","
    places = len(shown.split(mark)[1]) if mark in shown else 0
    factors = [100] if shown != cell.text else [1, 100]
    assert shown in [written(cell.value * it, places, lang) for it in factors], (cell.text, cell.value)


def spreadsheet(value, number_format: str, lang: str) -> str:
    """What a spreadsheet shows: fifteen digits kept, halves away from zero, the reader's marks."""
    if value is None or isinstance(value, str):
        return value or ""
    if m := re.fullmatch(r'\[<0\.001\]"([^"]*)";0\.000', number_format):
        if value < 0.001:
            return m[1]
        number_format = "0.000"
    parts = number_format.split(";")
    form = parts[1] if value < 0 and len(parts) > 1 else parts[0]
    before, digits, after = re.fullmatch(r'((?:"[^"]*")?)([#,0.]+)((?:"[^"]*")?%?)', form).groups()
    kept = Decimal(f"{abs(value):.15g}") * (100 if after.endswith("%") else 1)
    places = len(digits.split(".")[1]) if "." in digits else 0
    rounded = kept.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    text = f"{rounded:,.{places}f}" if "," in digits else f"{rounded:.{places}f}"
    if lang != "en":
        text = text.replace(",", "t").replace(".", ",").replace("t", "\u202f")
    return before.strip('"') + text + after.replace('"', "")


def check_parquet(page, out):
    """Each number of each table stands in the Parquet file that the table names; a table of words names none."""
    found = 0
    for table in page.tables:
        explained = explain(out, page, table)
        numbers = [it for row in table.rows for it in row[1:] if it.value is not None]
        assert explained is not None or not numbers, f"{table.label} has numbers and names no Parquet file"
        found += explained or 0
    return found


def check_changed(page, out):
    """Of the rows with one number changed, hardly any stands in its file: explain() is not satisfied with anything.
    One in ten may, where the changed number is another one of the same row."""
    changed = caught = 0
    for table in page.tables:
        rows = table.rows
        for row in rows:
            numbers = [it for it in row[1:] if it.value is not None]
            if not numbers:
                continue
            cell = numbers[changed % len(numbers)]
            value, cell.value, table.rows = cell.value, cell.value + (1 if cell.value > 1 and cell.value == int(cell.value) else 0.0037), [row]
            changed += 1
            try:
                explain(out, page, table)
            except AssertionError:
                caught += 1
            cell.value = value
        table.rows = rows
    assert caught >= 0.9 * changed > 0, (caught, changed)


def cells_of(row):
    return [bare(cell.text()) for cell in row.walk() if cell.kind in ("TH", "TD")]


def check_pdf(page, path):
    """Table by table and cell by cell, then every text in reading order, then the letters of each figure."""
    pdf = Tagged(path)
    tables = pdf.all("Table")
    assert len(tables) == len(page.tables), (len(tables), len(page.tables))
    for ours, table in zip(page.tables, tables):
        rows = [cells_of(row) for row in table.all("TR")]
        expected = [[bare(cell.whole) for cell in row] for row in ours.head + ours.rows]
        assert rows == expected, (ours.label, [(a, b) for a, b in zip(rows, expected) if a != b][:2])
    figures = pdf.all("Figure")
    assert len(figures) == len(page.figures)
    for drawn, figure in zip(page.figures, figures):
        letters = "".join(bare(it.text()) for it in drawn.all("text"))
        assert bare(figure.text()) == letters, (letters, figure.text())
    captions = [bare(it.text()) for it in page.main.walk() if it.name in ("caption", "figcaption")]
    assert [bare(it.text()) for it in pdf.all("Caption")] == captions
    # In the page a figure's caption stands after it, in the PDF before: those have been compared.
    ours = bare(page.main.text(lambda it: it.name in ("figure", "caption")))
    [document] = pdf.roots
    text = bare(document.text(("Figure", "Caption")))
    theirs = text[-len(ours):]
    differ = next((i for i, (a, b) in enumerate(zip(ours, theirs)) if a != b), None)
    assert differ is None, (ours[max(0, differ - 60):differ + 60], theirs[max(0, differ - 60):differ + 60])
    for number, artifact in enumerate(pdf.pages.artifacts):
        for stamp in page.stamps:
            assert bare(stamp) in bare(artifact), f"page {number + 1} does not say {stamp}"


def flat(row):
    """A row's texts in the order of the workbook's columns."""
    head, cells = row[0], row[1:]
    texts = [head.text, head.minor, "; ".join(head.badges)]
    for cell in cells:
        texts += [cell.text, cell.minor]
    return [it for it in texts if it]


def check_workbook(page, book, lang):
    sheets = book.worksheets
    assert [it.title for it in sheets[1:]] == [it.label for it in page.tables]
    listed = [[it.value for it in row] for row in sheets[0].iter_rows() if row[0].hyperlink]
    assert [(row[0], row[1]) for row in listed] == [(it.label, it.caption) for it in page.tables]
    for row, table in zip(listed, page.tables):
        for fact in (it for it in row[2:] if it):
            assert fact in table.meta, (fact, table.meta)
    for sheet, table in zip(sheets[1:], page.tables):
        rows = list(sheet.iter_rows())
        assert rows[0][0].value == f"{table.label}. {table.caption}" and rows[2][0].value == " · ".join(page.stamps)
        assert rows[1][0].value in (table.meta, None), (rows[1][0].value, table.meta)
        first = 4 + len(table.head)
        head = [bare(it.value) for row in rows[4:first] for it in row if it.value]
        assert sorted(head) == sorted(bare(it.text) for row in table.head for it in row if it.text), table.label
        for row, ours in zip(rows[first:], table.rows, strict=False):
            shown = [spreadsheet(it.value, it.number_format, lang) for it in row]
            assert [it for it in shown if it] == flat(ours), (table.label, shown, flat(ours))
            check_types(row, ours)
        notes = [row[0].value for row in rows[first + len(table.rows):] if row[0].value]
        assert notes == table.notes, table.label
        assert sheet.freeze_panes == sheet.cell(first + 1, 2).coordinate
        assert all(it.data_type != "f" for row in rows for it in row), "a formula"


def check_types(row, ours):
    """As many numbers as the page has, those that are symbols not among them; a count is whole."""
    numbers = [it.value for it in row if isinstance(it.value, (int, float))]
    behind = [it for it in ours if it.value is not None and it.text not in SYMBOLS]
    assert len(numbers) == len(behind), ours[0].text
    for number, cell in zip(numbers, behind):
        is_count = re.fullmatch(r"[\d\u202f,]+", cell.text) and "," not in cell.text.replace(",", "", 9)
        if cell.value == int(cell.value) and is_count and abs(number - cell.value) < 1:
            assert isinstance(number, int), (cell.text, number)


def main():
    for out in map(Path, sys.argv[1:]):
        for lang in ("nb", "nn", "en"):
            page = Page(out / f"report.{lang}.html")
            numbers = [it for table in page.tables for row in table.rows for it in row if it.value is not None]
            assert len(numbers) > 100, len(numbers)
            for cell in numbers:
                check_number(cell, lang)
            found = check_parquet(page, out)
            assert found > 100, found
            if lang == "en":
                check_changed(page, out)
            check_pdf(page, out / f"report.{lang}.pdf")
            check_workbook(page, openpyxl.load_workbook(out / f"report.{lang}.xlsx"), lang)
            print(f"{out}: {lang}: {len(page.tables)} tables, {len(numbers)} numbers, all {found} in the files that their tables name")


if __name__ == "__main__":
    main()
