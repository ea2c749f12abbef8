"""The report's PDF as PDF/UA-1 and PDF/A-2a ask, as far as a program can tell: check_tags.py OUT_FOLDER…

ISO 14289-1 (what matterhorn protocol 1.1 lets a machine test) and ISO 19005-2, read with pikepdf.
"""

import re
import sys
from pathlib import Path

import pikepdf

from report_page import Page
from tagged_pdf import Tagged

STANDARD = {
    "Document", "Part", "Sect", "Div", "Caption", "TOC", "TOCI", "H1", "H2", "H3", "H4", "P", "L", "LI", "Lbl", "LBody",
    "Table", "TR", "TH", "TD", "THead", "TBody", "TFoot", "Span", "Code", "Link", "Reference", "Figure", "NonStruct",
}


def outline(pdf):
    with pdf.open_outline() as tree:
        def walk(items, level):
            for it in items:
                yield level, str(it.title)
                yield from walk(it.children, level + 1)
        return list(walk(tree.root, 1))


def spaced(text):
    return re.sub(r"\s+", " ", text).strip()


def check_document(tagged, page):
    root = tagged.pdf.Root
    assert root.MarkInfo.Marked is True or bool(root.MarkInfo.Marked)
    assert str(root.Lang) == page.lang
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with tagged.pdf.open_metadata() as xmp:
        assert xmp["pdfuaid:part"] == "1"
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "A")
        assert xmp["dc:title"] == page.title, xmp["dc:title"]
        assert xmp["dc:language"] in ([page.lang], page.lang, {page.lang})
    assert str(tagged.pdf.docinfo["/Title"]) == page.title


def check_content(tagged):
    assert not any(tagged.pages.unmarked), "something on a page is neither tagged nor an artifact"
    assert not tagged.orphans(), tagged.orphans()[:3]
    for page in tagged.pdf.pages:
        assert str(page.Tabs) == "/S"
        for note in page.get("/Annots", []):
            assert str(note.Subtype) == "/Link" and str(note.Contents), "a link without words"
    assert tagged.pages.fonts
    for _, font in tagged.pages.fonts.values():
        [inner] = font.DescendantFonts
        descriptor = inner.FontDescriptor
        assert any(it in descriptor for it in ("/FontFile2", "/FontFile3")), "a font that is not embedded"
        assert re.fullmatch(r"/[A-Z]{6}\+.+", str(font.BaseFont)), font.BaseFont


def check_elements(tagged, page):
    for it in tagged.walk():
        assert it.kind in STANDARD, it.kind
    figures = tagged.all("Figure")
    for drawn, figure in zip(page.figures, figures, strict=True):
        svg = drawn.first("svg")
        words = [svg.first("title").text(), svg.first("desc").text()]
        assert figure.alt == ". ".join(words), (figure.alt, words)
        assert "/BBox" in figure.attributes, "a figure without a place"
    tables = tagged.all("Table")
    assert tables
    for table in tables:
        rows = [[it for it in row.walk() if it.kind in ("TH", "TD")] for row in table.all("TR")]
        assert all(it.kind == "TH" for it in rows[0]), "a table without a head"
        for row in rows:
            assert row[0].kind == "TH", "a row without a head"
        assert all("/Scope" in it.attributes for row in rows for it in row if it.kind == "TH")
        check_regular(rows)


def check_regular(rows):
    """Every row fills the same columns, spans counted."""
    taken, width = {}, None
    for y, row in enumerate(rows):
        x = 0
        for cell in row:
            while (x, y) in taken:
                x += 1
            wide, tall = int(cell.attributes.get("/ColSpan", 1)), int(cell.attributes.get("/RowSpan", 1))
            for dx in range(wide):
                for dy in range(tall):
                    assert (x + dx, y + dy) not in taken, "cells over each other"
                    taken[x + dx, y + dy] = True
        cells = sum(1 for at in taken if at[1] == y)
        width = width or cells
        assert cells == width, (y, cells, width)


def check_headings(tagged, page):
    headings = [(int(it.kind[1]), spaced(it.text())) for it in tagged.walk() if re.fullmatch(r"H[1-6]", it.kind)]
    level = 0
    for it, text in headings:
        assert it <= level + 1, f"{text}: a level is skipped"
        level = it
    assert outline(tagged.pdf) == headings
    # The page has one level more, that of its title; the PDF has a heading for its contents.
    ours = [(level - 1, spaced(text)) for level, text in page.headings]
    assert headings[1:] == ours, next(it for it in zip(headings[1:], ours) if it[0] != it[1])


def check_language(tagged, page):
    """What is in another language says so: the English summary of a Norwegian report."""
    own = {it.attributes["lang"] for it in page.main.all("section") if "lang" in it.attributes}
    found = {it.lang for it in tagged.walk()} - {page.lang}
    assert found == own, (found, own)


def main():
    for out in map(Path, sys.argv[1:]):
        for lang in ("nb", "nn", "en"):
            page = Page(out / f"report.{lang}.html")
            tagged = Tagged(out / f"report.{lang}.pdf")
            check_document(tagged, page)
            check_content(tagged)
            check_elements(tagged, page)
            check_headings(tagged, page)
            check_language(tagged, page)
            print(f"{out}: {lang}: {len(tagged.pdf.pages)} pages, {sum(1 for _ in tagged.walk())} elements")


if __name__ == "__main__":
    main()
