"""Executes a notebook on a pilot that the demo has run, and checks what it shows against the pilot's files.

    python run_notebook.py NOTEBOOK PILOTDIR [PROGRAM]

Fails if a cell fails, if the committed notebook holds outputs, if it takes more than two minutes to read, if its numbers
are not what counting and computing them otherwise gives, or if a figure does not hold its table's numbers.
"""

import csv
import json
import math
import os
import re
import statistics
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
import pyarrow.parquet
from nbclient import NotebookClient

HANDED_OVER = """
import json, os
def plain(it):
    return it.rows() if hasattr(it, "rows") else it
json.dump({{name: plain(globals()[name]) for name in {names}}}, open(os.environ["LODD_NOTEBOOK_RESULT"], "w"), default=str)
"""
# What a reader takes in: words a minute of text, lines a minute of code.
WORDS, LINES = 200, 100


def executed(path, pilot, names):
    """Some of the notebook's names after every cell has run, and the html of its figures."""
    book = nbformat.read(path, as_version=4)
    nbformat.validate(book)
    dirty = [cell.id for cell in book.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]
    if dirty:
        sys.exit(f"{path}: cells {dirty} hold outputs; clear them before committing")
    texts = [cell.source for cell in book.cells if cell.cell_type == "markdown"]
    lines = sum(len(cell.source.splitlines()) for cell in book.cells if cell.cell_type == "code")
    minutes = len(" ".join(texts).split()) / WORDS + lines / LINES
    assert minutes <= 2, f"{path}: {minutes:.1f} minutes to read"
    book.cells.append(nbformat.v4.new_code_cell(HANDED_OVER.format(names=names)))
    with tempfile.TemporaryDirectory() as space:
        result = Path(space) / "result.json"
        os.environ |= {"LODD_PILOT": str(pilot.resolve()), "LODD_NOTEBOOK_RESULT": str(result)}
        NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
        html = [output.get("data", {}).get("text/html", "") for cell in book.cells for output in cell.get("outputs", [])]
        return json.loads(result.read_text()), [text for text in html if "vega-lite" in text]


def read(pilot, name):
    return pyarrow.parquet.read_table(pilot / "out" / f"{name}.parquet").to_pylist()


def drawn(figures, numbers):
    assert figures and all(json.dumps(number) in figures[-1] for number in numbers), "the figure is not its table's"


def pilot_from_files(pilot, shown, figures):
    """The status table counted row by row, the plan's effects as they stand."""
    arms = {row["unit_id"]: row["arm"] for row in read(pilot, "assignments")}
    outcomes = read(pilot, "outcomes")
    categories = {row["outcome_id"] for row in outcomes if row["value_code"] is not None}
    expected = Counter(
        (row["outcome_id"], row["unit_kind"], row["source"], row["horizon"], row["value_code"] or "missing",
         arms[re.sub("-[AB][0-9]+$", "", row["unit_id"])])
        for row in outcomes if row["outcome_id"] in categories)
    assert expected == {tuple(row[:-1]): row[-1] for row in shown["status"]}, "status"
    planned = [[row[key] for key in ("analysis", "estimate", "conf_low", "conf_high")] for row in read(pilot, "estimates")
               if row["estimator"] == "difference_in_means" and row["conf_low"] is not None]
    effects = [[row[0], *row[4:7]] for row in shown["effects"]]
    assert planned == effects and planned, "effects"
    drawn(figures, [number for row in effects for number in row[1:]])


def robustness(pilot, shown, figures):
    """Effects and their rows by other methods as in the file; the one by hand from the families' values."""
    rows = read(pilot, "estimates")
    planned = [[row["analysis"], row["estimate"]] for row in rows
               if row["estimator"] == "difference_in_means" and row["term"] == row["contrast_level"]]
    assert [[row[0], row[7]] for row in shown["effects"]] == planned and planned, "effects"
    first = next(row for row in rows if row["analysis"] == shown["by_hand"]["analysis"] and row["term"] == row["contrast_level"])
    assert math.isclose(shown["by_hand"]["estimate"], first["estimate"], abs_tol=1e-12)
    assert math.isclose(shown["by_hand"]["std_error"], first["std_error"], rel_tol=1e-12)
    arms = {row["unit_id"]: row["arm"] for row in read(pilot, "assignments") if row["compared"]}
    values = {True: [], False: []}
    for row in read(pilot, "outcomes"):
        if (row["value"] is not None and row["unit_id"] in arms
                and all(row[ours] == first[theirs] for ours, theirs in
                        (("outcome_id", "outcome"), ("horizon", "horizon"), ("source", "source")))):
            values[arms[row["unit_id"]] == first["contrast_level"]].append(row["value"])
    means = {arm: statistics.fmean(all_of) for arm, all_of in values.items()}
    assert math.isclose(shown["by_hand"]["estimate"], means[True] - means[False], abs_tol=1e-12), "by hand"
    same = [row for row in rows if all(row[key] == first[key] for key in ("outcome", "horizon", "source"))
            and row["estimate"] is not None and row["term"] in ("lower", "upper", row["contrast_level"])]
    assert [[row[key] for key in ("analysis", "estimator", "term", "estimate")] for row in same] == [
        row[:4] for row in shown["robustness"]], "robustness"
    assert len({row["estimator"] for row in same}) > 2
    drawn(figures, [row["estimate"] for row in same])


def monthly(pilot, shown, figures):
    """Families by month counted from the register's file itself, those erased or not known aside."""
    rows = [row for row in read(pilot, "stock") if row["arm"] is not None and row["n_known"]]
    assert len(rows) == len(shown["curves"]) > 24
    for row, found in zip(sorted(rows, key=lambda it: (it["arm"], it["month"])), shown["curves"]):
        assert found[1:8] == [row[key] if key != "month" else str(row[key]) for key in
                              ("arm", "register", "month", "month_no", "families", "n_known", "n_families")], found
        assert found[8] == row["families"] / row["n_known"]
    for _, _, arm, period, months, family_months, known, per_family in shown["change"]:
        wanted = range(-12, 0) if period == "before" else range(1, 13)
        mine = [row for row in rows if row["arm"] == arm and row["month_no"] in wanted]
        assert (months, family_months, known) == (len(mine), sum(it["families"] for it in mine), sum(it["n_known"] for it in mine))
        assert math.isclose(per_family, family_months / known * months)
    # The months of F_SOSHJ_MND (1 to 12 after the draw's) of all families add up to those under the curve.
    arms = {row["unit_id"]: row["arm"] for row in read(pilot, "assignments")}
    totals = Counter()
    for row in read(pilot, "outcomes"):
        if row["outcome_id"] == "F_SOSHJ_MND" and row["horizon"] == "12" and row["value"] is not None:
            totals[arms[row["unit_id"]]] += row["value"]
    after = {row[2]: row[5] for row in shown["change"] if row[3] == "after"}
    assert totals == after and len(after) == 2, (totals, after)
    drawn(figures, [row[8] for row in shown["curves"]])


def draw_by_hand(pilot, shown, _figures):
    with open(pilot / "draws/0001/result.csv", encoding="utf-8") as file:
        published = [[it["block"], int(it["ordinal"]), it["ticket"], int(it["rank"]), it["arm"]] for it in csv.DictReader(file)]
    assert shown["computed"] == published and shown["equal_ranks"] == len(published) > 0
    assert set(shown["bound"].values()) == {True} and len(shown["bound"]) == 4
    assert len({row[2] for row in published}) == len(published)


def office(pilot, shown, _figures):
    """What is due follows from the panel's windows; the form's families are the list's, the receipts the store's own."""
    families = {row["unit_id"] for row in read(pilot, "assignments")}
    assert set(shown["asked"]) == families, "the form does not ask of every family on the list"
    assert shown["shown"] == [], f"the form shows {shown['shown']}"
    panel = {(row["horizon"], str(row["window_low"]), str(row["window_high"])) for row in read(pilot, "panel")
             if row["rule"] == "primary" and row["draw"] == 1}
    assert {tuple(row[:3]) for row in shown["windows"]} == panel
    assert all(row[4] == len(families) for row in shown["windows"])
    codes = {(row[0], row[4]) for row in shown["findings"]}
    assert ("D10", "LEID_KOM") in codes and any(value == "2016-31-12" for _, value in codes), shown["findings"]
    assert all(row[6] for row in shown["findings"]), "a finding without a way out"
    receipts = [json.loads(path.read_text()) for path in sorted((pilot / "out/receipts").glob("*.json"))]
    assert [row[2:] for row in shown["receipts"]] == [list(it["counts"].values()) for it in receipts]


CHECKS = {
    "01": (["status", "effects"], pilot_from_files),
    "02": (["effects", "by_hand", "robustness"], robustness),
    "03": (["curves", "change"], monthly),
    "04": (["computed", "equal_ranks", "bound"], draw_by_hand),
    "05": (["windows", "asked", "shown", "findings", "receipts"], office),
}


def main(notebook, pilot, program):
    names, check = CHECKS[notebook.name[:2]]
    if program:
        os.environ["LODD_PROGRAM"] = str(program)
    shown, figures = executed(notebook, pilot, names)
    check(pilot, shown, figures)
    print(f"{notebook.name}: as in the files of {pilot.name}")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]) if len(sys.argv) == 4 else None)
