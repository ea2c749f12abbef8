"""Asserts, on the Parquet files of the two example pilots, the numbers that are known from elsewhere.

    python check_literals.py HOUSINGDIR RINGERIKEDIR

Housing: the published trial, computed by other programs. Ringerike: the office's two published tables.
"""

import sys
from pathlib import Path

import polars as pl

HOUSING = {  # months -> (estimate, standard error), as printed to twelve digits
    "6": (0.391304347826, 0.0508738878331),
    "12": (0.403716953145, 0.0527069574399),
    "24": (0.231209079005, 0.0560162754541),
}
DF_12, LOW_12, HIGH_12 = 295.8203507, 0.29998884, 0.50744507
ADULTS_AT_START = {"SOSHJ_UTEN_AKTIVITET": 12, "DELTID": 2, "HELTID": 1, "YTELSE": 3}
FAMILIES_AT_YEAR_END = {"UTSKREVET": 2, "YTELSE": 1, "ARBEID_UTEN_SOSHJ": 2, "DELTID_SUPPL": 5, "TILTAK": 5}
YEAR_END = "2016-12-31"

problems = []


def same(what, expected, found, tolerance=None):
    """`tolerance`: half a unit of the last printed digit."""
    close = found is not None and abs(expected - found) <= tolerance if tolerance else expected == found
    if not close:
        problems.append(f"{what}: expected {expected}, found {found}")


def table(folder, name):
    return pl.read_parquet(folder / "out" / f"{name}.parquet")


def counts(frame, *columns):
    return {tuple(row[:-1]): row[-1] for row in frame.group_by(columns).len().rows()}


def housing(folder):
    arms = table(folder, "assignments").select("unit_id", "arm", "origin")
    same("housing origin", ["imported"], arms["origin"].unique().to_list())
    same("housing drawn", {("certificate",): 181, ("ordinary",): 181}, counts(arms, "arm"))
    outcome = table(folder, "outcomes").filter(pl.col("outcome_id") == "F_SELVSTENDIG", pl.col("horizon") == "12").join(arms, on="unit_id")
    seen = outcome.filter(pl.col("value").is_not_null())
    same("housing observed at 12 months", {("ordinary",): 146, ("certificate",): 157}, counts(seen, "arm"))
    same("housing independent at 12 months", {("ordinary",): 48, ("certificate",): 115}, counts(seen.filter(pl.col("value") == 1), "arm"))
    estimates = table(folder, "estimates").filter(pl.col("outcome") == "F_SELVSTENDIG")
    for months, (estimate, error) in HOUSING.items():
        rows = estimates.filter(pl.col("horizon") == months, pl.col("term") == "certificate",
                                pl.col("estimator").is_in(["difference_in_means", "lm_robust"]))
        same(f"housing estimators at {months} months", ["difference_in_means", "lm_robust"], sorted(rows["estimator"].to_list()))
        for row in rows.to_dicts():
            where = f"housing {row['analysis']}"
            same(f"{where} estimate", estimate, row["estimate"], 5e-13)
            same(f"{where} std_error", error, row["std_error"], 5e-14 if error < 0.1 else 5e-13)
            if months == "12" and row["estimator"] == "difference_in_means":
                same(f"{where} df", DF_12, row["df"], 5e-8)
                same(f"{where} conf_low", LOW_12, row["conf_low"], 5e-9)
                same(f"{where} conf_high", HIGH_12, row["conf_high"], 5e-9)


def ringerike(folder):
    screening = table(folder, "screening").select("family_id", "eligible").unique()
    same("ringerike eligible", {(True,): 57, (False,): 13}, counts(screening, "eligible"))
    arms = table(folder, "assignments").select(pl.col("unit_id").alias("family_id"), "arm", "origin")
    same("ringerike origin", ["rehearsal"], arms["origin"].unique().to_list())
    same("ringerike seats", {("follow-up",): 15, ("ordinary",): 42}, counts(arms, "arm"))
    family = pl.col("unit_id").str.replace("-[AB][0-9]+$", "").alias("family_id")
    units = table(folder, "panel").select("unit_kind", "unit_id").unique().with_columns(family).join(arms, on="family_id")
    same("ringerike children", 120, units.filter(pl.col("unit_kind") == "BARN").height)
    same("ringerike drawn, by unit", {("FAMILIE",): 15, ("VOKSEN",): 18, ("BARN",): 29},
         counts(units.filter(pl.col("arm") == "follow-up"), "unit_kind"))
    outcomes = table(folder, "outcomes").filter(pl.col("source") == "VEILEDER").with_columns(family).join(arms, on="family_id")
    drawn = outcomes.filter(pl.col("arm") == "follow-up")
    for what, outcome, horizon, expected in (
        ("18 adults at start", "A_STATUS", "0", ADULTS_AT_START),
        ("15 families at year-end", "F_STATUS", YEAR_END, FAMILIES_AT_YEAR_END),
    ):
        rows = drawn.filter(pl.col("outcome_id") == outcome, pl.col("horizon") == horizon)
        same(f"ringerike {what}", {(code,): count for code, count in expected.items()}, counts(rows, "value_code"))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    housing(Path(sys.argv[1]))
    ringerike(Path(sys.argv[2]))
    if problems:
        sys.exit("\n".join(problems))
    print("housing and ringerike: as published")
