"""Executes a notebook on a pilot that the demo has run, and checks its table against the Parquet files.

    python run_notebook.py NOTEBOOK PILOTDIR

Fails if a cell fails, if the committed notebook holds outputs, if its table `status` is not what counting
the rows one by one gives, or if its figure does not hold the estimates of the plan.
"""

import json
import os
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path

import nbformat
import polars
from nbclient import NotebookClient

HANDED_OVER = """
import json, os
json.dump({"status": status.rows(), "effects": effects.select("analysis", "estimate", "conf_low", "conf_high").rows()},
          open(os.environ["LODD_NOTEBOOK_RESULT"], "w"))
"""


def executed(path, pilot):
    """The notebook's `status` and `effects` after every cell has run, and the html of its figures."""
    book = nbformat.read(path, as_version=4)
    dirty = [cell.id for cell in book.cells if cell.cell_type == "code" and (cell.outputs or cell.execution_count)]
    if dirty:
        sys.exit(f"{path}: cells {dirty} hold outputs; clear them before committing")
    book.cells.append(nbformat.v4.new_code_cell(HANDED_OVER))
    with tempfile.TemporaryDirectory() as space:
        result = Path(space) / "result.json"
        os.environ |= {"LODD_PILOT": str(pilot.resolve()), "LODD_NOTEBOOK_RESULT": str(result)}
        NotebookClient(book, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}).execute()
        html = [output.get("data", {}).get("text/html", "") for cell in book.cells for output in cell.get("outputs", [])]
        return json.loads(result.read_text()), [text for text in html if "vega-lite" in text]


def counted(pilot):
    """The status table, counted row by row."""
    read = lambda name: polars.read_parquet(pilot / "out" / f"{name}.parquet").to_dicts()  # noqa: E731
    arms = {row["unit_id"]: row["arm"] for row in read("assignments")}
    outcomes = read("outcomes")
    categories = {row["outcome_id"] for row in outcomes if row["value_code"] is not None}
    return Counter(
        (row["outcome_id"], row["unit_kind"], row["source"], row["horizon"], row["value_code"] or "missing",
         arms[re.sub("-[AB][0-9]+$", "", row["unit_id"])])
        for row in outcomes if row["outcome_id"] in categories)


def planned(pilot):
    rows = polars.read_parquet(pilot / "out" / "estimates.parquet").to_dicts()
    return [[row["analysis"], row["estimate"], row["conf_low"], row["conf_high"]] for row in rows
            if row["estimator"] == "difference_in_means" and row["conf_low"] is not None]


def main(notebook, pilot):
    shown, figures = executed(notebook, pilot)
    expected, found = counted(pilot), {tuple(row[:-1]): row[-1] for row in shown["status"]}
    differing = sorted(key for key in set(expected) | set(found) if expected.get(key) != found.get(key))
    for key in differing[:20]:
        print(f"status {' '.join(key)}: expected {expected.get(key)}, found {found.get(key)}", file=sys.stderr)
    if planned(pilot) != shown["effects"]:
        differing.append("effects")
        print(f"effects: expected {planned(pilot)}, found {shown['effects']}", file=sys.stderr)
    if not figures or not all(json.dumps(number) in figures[-1] for row in shown["effects"] for number in row[1:]):
        differing.append("figure")
        print("figure: is not drawn, or not from the estimates", file=sys.stderr)
    if differing or not expected or not shown["effects"]:
        sys.exit(f"{notebook}: differs from the files in {pilot}")
    print(f"{len(expected)} cells of the table and {len(shown['effects'])} effects as in the files")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]))
