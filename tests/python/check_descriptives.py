"""The report's descriptive tables of the imported trial, counted again from the office's own files.

    python check_descriptives.py DATADIR PILOTDIR

Reads assignment.csv and the four status files of DATADIR with the standard library and openpyxl alone, counts who was
observed, who is missing and who moved from which status to which, by arm, and compares with report.en.html and
descriptives.parquet of PILOTDIR.
"""

import csv
import re
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import polars as pl

ARMS = ("certificate", "ordinary")
HORIZONS = ("0", "6", "12", "24")
NAMES = {"GATE": "Street", "FELLES": "Community", "SELVSTENDIG": "Independent housing", None: "not known"}


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: expected {expected}, found {found}")


class Tables(HTMLParser):
    """Every table of a page: its caption, and the text of each cell of each row."""

    def __init__(self, page):
        super().__init__()
        self.found, self.rows, self.text, self.within = [], None, None, None
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag == "table":
            self.rows, self.caption = [], ""
        elif tag == "tr" and self.rows is not None:
            self.rows.append([])
        elif tag in ("td", "th", "caption") and self.rows is not None:
            self.within, self.text = tag, ""
        elif self.within:
            self.text += " "

    def handle_data(self, text):
        if self.within:
            self.text += text

    def handle_endtag(self, tag):
        if tag == "table":
            self.found.append((self.caption, self.rows))
            self.rows = None
        elif self.within == tag:
            text = " ".join(self.text.split())
            if tag == "caption":
                self.caption = text
            else:
                self.rows[-1].append(text)
            self.within = None


def numbers(text):
    """The numbers of a cell, a dash being none of them."""
    if text.startswith("–"):
        return [0.0]
    return [float(it.replace("−", "-").replace(",", "")) for it in re.findall(r"−?[\d,]+(?:\.\d+)?", text)]


def one(tables, words):
    found = [rows for caption, rows in tables if words in caption]
    expect(f"tables called `{words}`", 1, len(found))
    return found[0]


def line(rows, head):
    found = [row[1:] for row in rows if row and row[0] == head]
    expect(f"rows called `{head}`", 1, len(found))
    return found[0]


def statuses(folder):
    """Horizon, then family: the status that was observed."""
    seen = {}
    for horizon in HORIZONS:
        path = folder / f"status-{int(horizon):02}.csv"
        if path.exists():
            with open(path, encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file, delimiter=";"))
        else:
            cells = openpyxl.load_workbook(path.with_suffix(".xlsx"), data_only=True)
            rows = []
            for sheet in cells.worksheets:
                lines = [list(it) for it in sheet.iter_rows(values_only=True)]
                at = next((i for i, it in enumerate(lines) if any(str(x).lower() in ("familie_id", "familie id") for x in it)), None)
                if at is not None:
                    head = [str(x).lower() for x in lines[at]]
                    rows += [dict(zip(head, it)) for it in lines[at + 1:] if any(it)]
        key = next(it for it in rows[0] if it.lower().replace(" ", "_") == "familie_id")
        status = next(it for it in rows[0] if it.lower() == "bostatus")
        kind = next(it for it in rows[0] if it.lower() == "registrering")
        seen[horizon] = {row[key]: row[status] for row in rows if row[kind] == "OBSERVERT" and row[status]}
    return seen


def share(part, whole):
    """A count with its share, as a cell shows it: only the count where it is 0."""
    return [float(part)] if part == 0 else [float(part), round(100 * part / whole + 1e-9, 1)]


def close(what, expected, found):
    same = len(expected) == len(found) and all(abs(a - b) < 0.0501 for a, b in zip(expected, found))
    if not same:
        sys.exit(f"{what}: expected {expected}, found {found}")


def main(data, pilot):
    with open(data / "assignment.csv", encoding="utf-8") as file:
        arm = {row["unit"]: row["arm"] for row in csv.DictReader(file)}
    drawn = Counter(arm.values())
    expect("drawn", {it: 181 for it in ARMS}, dict(drawn))
    seen = statuses(data)
    observed = {(h, a): sum(arm[it] == a for it in seen[h]) for h in HORIZONS for a in ARMS}
    tables = Tables((pilot / "out" / "report.en.html").read_text(encoding="utf-8")).found

    # T3: observed and missing by arm, overall and differential.
    rows = one(tables, "Attrition: families")
    for head, count in (("Observed", lambda h, a: observed[h, a]), ("Missing", lambda h, a: drawn[a] - observed[h, a])):
        cells = iter(line(rows, head))
        for h in HORIZONS:
            n = [count(h, a) for a in ARMS]
            for a, k in zip(ARMS, n):
                close(f"{head} at {h}, {a}", share(k, drawn[a]), numbers(next(cells)))
            close(f"{head} at {h}, difference", [100 * (n[0] / drawn[ARMS[0]] - n[1] / drawn[ARMS[1]])], numbers(next(cells)))

    # T12: the same by office, of which there is one.
    cells = iter(line(one(tables, "Response: families"), "San Diego"))
    for h in HORIZONS:
        for a in ARMS:
            close(f"response at {h}, {a}", share(observed[h, a], drawn[a]), numbers(next(cells)))
        next(cells)
    file = pl.read_parquet(pilot / "out" / "descriptives.parquet")
    response = file.filter(pl.col("table") == "response", pl.col("office_id") == "sandiego")
    found = {(h, a): n for h, a, n in response.select("horizon", "arm", "n").iter_rows()}
    expect("response in the file", observed, found)

    # T11: from the status at the start to that at each horizon.
    rows = one(tables, "Transitions between statuses: Housing status")
    moves = {(h, a): Counter((seen["0"].get(it), seen[h].get(it)) for it in arm if arm[it] == a) for h in HORIZONS[1:] for a in ARMS}
    steps = {step for it in moves.values() for step in it}
    expect("pairs of statuses", len(steps), len([row for row in rows if row and "→" in row[0]]))
    for start, end in steps:
        cells = iter(line(rows, f"{NAMES[start]} → {NAMES[end]}"))
        for h in HORIZONS[1:]:
            n = [moves[h, a][start, end] for a in ARMS]
            for a, k in zip(ARMS, n):
                close(f"{start} to {end} at {h}, {a}", share(k, drawn[a]), numbers(next(cells)))
            close(f"{start} to {end} at {h}, difference", [100 * (n[0] / 181 - n[1] / 181)], numbers(next(cells)))

    # T1: list and draw.
    close("offices", [362.0, 362.0, 181.0, 181.0, 181.0], [it for cell in line(one(tables, "List and draw: families by office"), "San Diego") for it in numbers(cell)])
    print(f"{sum(drawn.values())} families: attrition, response and {len(steps)} transitions as in the office's files")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
