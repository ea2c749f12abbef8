"""Estimates of a plan with covariates, by plain matrices: regression with HC2, from the outcomes' own file."""

import sys
from pathlib import Path

import numpy as np
import polars as pl

folder = Path(sys.argv[1])
outcomes = pl.read_parquet(folder / "out/outcomes.parquet")
assigned = pl.read_parquet(folder / "out/assignments.parquet")
estimates = pl.read_parquet(folder / "out/estimates.parquet")


def values(outcome, horizon, column="value"):
    rows = outcomes.filter(pl.col("outcome_id") == outcome, pl.col("horizon") == horizon)
    return dict(zip(rows["unit_id"], rows[column]))


def ols(y, x):
    """Coefficients and HC2 standard errors."""
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    leverage = np.einsum("ij,jk,ik->i", x, inverse, x)
    scores = x * ((y - x @ beta) / np.sqrt(1 - leverage))[:, None]
    return beta, np.sqrt(np.diag(inverse @ scores.T @ scores @ inverse))


def row(analysis, term):
    found = estimates.filter(pl.col("analysis") == analysis, pl.col("term") == term,
                             pl.col("adjustment").is_null() | (pl.col("adjustment") == "holm"))
    assert len(found) == 1, (analysis, term, len(found))
    return found.row(0, named=True)


def same(analysis, term, beta, se):
    it = row(analysis, term)
    assert it["status"] == "exploratory", it["status"]
    for name, mine, theirs in [("estimate", beta, it["estimate"]), ("std_error", se, it["std_error"])]:
        assert abs(mine - theirs) < 1e-9, f"{analysis} {term} {name}: {mine} and {theirs}"


arm = dict(zip(assigned["unit_id"], assigned["arm"]))
after, before = values("F_SELVSTENDIG", "24"), values("F_SELVSTENDIG", "0")
street = values("F_GATE", "0")
units = [it for it in sorted(arm) if after.get(it) is not None]
y = np.array([after[it] for it in units])
z = np.array([float(arm[it] == "certificate") for it in units])
one = np.ones(len(units))
known = [before[it] for it in units if before.get(it) is not None]


def filled(column):
    have = [column[it] for it in units if column.get(it) is not None]
    return np.array([column[it] if column.get(it) is not None else np.mean(have) for it in units])


absent = np.array([float(street.get(it) is None) for it in units])
g = filled(street)
covariates = [g] + ([absent] if absent.any() else [])

# Least squares with a covariate; missing values filled in, with a dummy.
beta, se = ols(y, np.column_stack([one, z, *covariates]))
same("covariate", "certificate", beta[1], se[1])

# Lin: covariates centred, and times the treatment.
centred = [it - it.mean() for it in covariates]
beta, se = ols(y, np.column_stack([one, z, *centred, *[it * z for it in centred]]))
same("lin", "certificate", beta[1], se[1])

# The outcome before the draw.
both = np.array([before.get(it) is not None for it in units])
b = np.array([before[it] if before.get(it) is not None else 0.0 for it in units])[both]
beta, se = ols(y[both], np.column_stack([one[both], z[both], b]))
if len(set(b)) > 1:
    same("ancova", "certificate", beta[1], se[1])
beta, se = ols(y[both] - b, np.column_stack([one[both], z[both]]))
same("did", "certificate", beta[1], se[1])

# Only those who were on the street, by `where` and by a derived column.
on = np.array([street.get(it) == 1 for it in units])
beta, se = ols(y[on], np.column_stack([one[on], z[on]]))
same("street", "certificate", beta[1], se[1])
same("derived", "certificate", beta[1], se[1])
assert row("street", "certificate")["n"] == on.sum()

# Subgroups: the difference between them.
seen = np.array([street.get(it) is not None for it in units])
m = g[seen]
beta, se = ols(y[seen], np.column_stack([one[seen], z[seen], m, z[seen] * m]))
same("subgroups", "certificate:F_GATE@0", beta[3], se[3])

# Holm and Bonferroni over a family of two outcomes.
both = estimates.filter(pl.col("analysis") == "family", pl.col("term") == "certificate")
rows = both.filter(pl.col("adjustment") == "holm")
p = rows["p_value"].to_list()
assert len(p) == 2
order = sorted(p)
holm = [min(1.0, 2 * it) if it == order[0] else min(1.0, max(2 * order[0], it)) for it in p]
assert np.allclose(rows["p_adjusted"].to_list(), holm, rtol=1e-12), (rows["p_adjusted"].to_list(), holm)
# Each further adjustment has a row of its own with the same number; its p-values are never below the raw ones.
others = both.filter(pl.col("adjustment") == "westfall_young")
assert len(both) == 4 and others["estimate"].to_list() == rows["estimate"].to_list()
assert all("westfall_young over 2 hypotheses" in it for it in others["note"])
assert all(adjusted > raw / 2 for adjusted, raw in zip(others["p_adjusted"], p)), others["p_adjusted"].to_list()
# Regressions are computed again in each re-draw of the list.
again = estimates.filter(pl.col("estimator") == "lm_robust", pl.col("adjustment") == "westfall_young")
assert len(again) == 4 and again["p_adjusted"].null_count() == 0, again["note"].to_list()
assert len(estimates.filter(pl.col("status") == "confirmatory")) > 0

# Response beside every comparison: at each horizon, and of an index by any of its outcomes.
applies = [it for it in sorted(arm) if (it, "IKKE_AKTUELT") not in
           set(zip(outcomes["unit_id"], outcomes["missing_reason"]))]


def response(analysis, horizon, names):
    seen = [values(name, horizon) for name in names]
    for term, own in [("response_treated", "certificate"), ("response_control", "ordinary")]:
        of_arm = [it for it in applies if arm[it] == own]
        share = sum(any(one.get(it) is not None for one in seen) for it in of_arm) / len(of_arm)
        found = estimates.filter(pl.col("analysis") == analysis, pl.col("term") == term,
                                 pl.col("horizon") == horizon)["estimate"].to_list()
        assert found and all(abs(it - share) < 1e-12 for it in found), (analysis, term, horizon, found, share)


for horizon in ("6", "12", "24"):
    response("months", horizon, ["F_SELVSTENDIG"])
response("index", "24", ["F_SELVSTENDIG", "F_GATE"])
