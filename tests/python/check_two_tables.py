"""The office's two tables, 18 adults at the start and 15 families at year-end, and what keeps them apart.

    python check_two_tables.py PILOTDIR

The numbers are the published ones. Both tables have their own unit in every row of the files; the flow says how
the adults and children of the families drawn are those of the families at year-end.
"""

import re
import sys
from pathlib import Path

import polars as pl

ARM, YEAR_END = "follow-up", "2016-12-31"
DRAWN = {"family": 15, "adult": 18, "child": 29}
UNITS = {"A_STATUS": ("VOKSEN", "0", 18), "F_STATUS": ("FAMILIE", YEAR_END, 15)}


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: expected {expected}, found {found}")


def main(folder):
    read = lambda name: pl.read_parquet(folder / "out" / f"{name}.parquet")
    flow = read("flow").filter(pl.col("arm") == ARM)
    count = lambda level, stage, horizon=None: flow.filter(
        pl.col("level") == level, pl.col("stage") == stage, pl.col("source").is_null(),
        pl.col("horizon").is_null() if horizon is None else pl.col("horizon") == horizon)["count"].sum()
    for level, drawn in DRAWN.items():
        expect(f"{level} drawn", drawn, count(level, "drawn"))
        for horizon in ("0", "12", YEAR_END):
            gone = sum(count(level, stage, horizon) for stage in ("died", "left", "dissolved"))
            expect(f"{level} at {horizon}: drawn and come, less gone", count(level, "present", horizon), drawn + count(level, "came", horizon) - gone)
    arms = read("assignments").select(pl.col("unit_id").alias("family_id"), "arm")
    outcomes = read("outcomes").with_columns(pl.col("unit_id").str.replace("-[AB][0-9]+$", "").alias("family_id"))
    outcomes = outcomes.join(arms, on="family_id").filter(pl.col("arm") == ARM, pl.col("source") == "VEILEDER")
    for outcome, (unit, horizon, n) in UNITS.items():
        rows = outcomes.filter(pl.col("outcome_id") == outcome, pl.col("horizon") == horizon, pl.col("value_code").is_not_null())
        expect(f"{outcome} at {horizon}", ({unit}, n), (set(rows["unit_kind"]), rows.height))
    # In the report no table has rows of both: each names its one unit under its caption.
    page = (folder / "out" / "report.en.html").read_text(encoding="utf-8")
    units = [re.findall(r"Unit: (families|adults|children|offices)", table) for table in re.findall(r"<caption.*?</caption>", page, re.S)]
    named = [it for it in units if it]
    expect("tables with one unit each", True, bool(named) and all(len(it) == 1 for it in named))
    print(f"{ARM}: {DRAWN} drawn; A_STATUS counts adults, F_STATUS families; {len(named)} tables of the report name one unit each")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
