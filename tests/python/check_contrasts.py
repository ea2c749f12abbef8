"""The contrasts of a trial in two stages, by plain matrices and by trying every draw of offices."""

import sys
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl

folder = Path(sys.argv[1])
outcomes = pl.read_parquet(folder / "out/outcomes.parquet")
assigned = pl.read_parquet(folder / "out/assignments.parquet")
estimates = pl.read_parquet(folder / "out/estimates.parquet")

offices = assigned.filter(pl.col("unit_kind") == "KONTOR")
families = assigned.filter(pl.col("unit_kind") == "FAMILIE")
assert set(offices["draw"]) == {1} and set(families["draw"]) == {2}
model = {office: arm == "model" for office, arm in zip(offices["unit_id"], offices["arm"])}
office_of = dict(zip(families["unit_id"], families["block"]))  # each office is a block
drawn = {family: arm == "a" for family, arm in zip(families["unit_id"], families["arm"])}
assert set(office_of.values()) == set(model) and sum(model.values()) == 4


def values(outcome):
    rows = outcomes.filter(pl.col("outcome_id") == outcome, pl.col("horizon") == "3", pl.col("source") == "REGISTER",
                           pl.col("value").is_not_null())
    return dict(zip(rows["unit_id"], rows["value"]))


work = values("F_ARBEID_NOEN")
assert 50 < len(work) < len(drawn), "some are missing"


def square_root_inverse(matrix):
    """Moore-Penrose square root of the inverse of a symmetric matrix."""
    value, vector = np.linalg.eigh(matrix)
    keep = value > 1e-10
    return (vector[:, keep] / np.sqrt(value[keep])) @ vector[:, keep].T


def ols(y, x, at, cluster):
    """Coefficient `at`, its CR2 standard error and Satterthwaite df, by n x n matrices (one row a cluster: HC2)."""
    n = len(y)
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ x.T @ y
    residual = y - x @ beta
    annihilator = np.eye(n) - x @ inverse @ x.T
    labels = sorted(set(cluster))
    meat, projected = 0.0, []
    for label in labels:
        rows = np.array([it == label for it in cluster])
        adjusted = square_root_inverse(annihilator[np.ix_(rows, rows)])
        weight = (inverse @ x[rows].T @ adjusted)[at]
        meat += (weight @ residual[rows]) ** 2
        projected.append(annihilator[:, rows] @ weight)
    gram = np.array(projected) @ np.array(projected).T
    return beta[at], np.sqrt(meat), np.trace(gram) ** 2 / np.sum(gram * gram)


def row(analysis):
    found = estimates.filter(pl.col("analysis") == analysis, pl.col("term") == pl.col("contrast_level"))
    assert len(found) == 1, (analysis, len(found))
    return found.row(0, named=True)


def same(analysis, mine):
    it = row(analysis)
    for name, value in mine.items():
        assert it[name] is not None and abs(value - it[name]) < 1e-9, f"{analysis} {name}: {value} and {it[name]}"
    return it


def between(analysis, of, office):
    """Units of model offices with those of the others, clustered on offices."""
    units = sorted(of)
    y = np.array([of[it] for it in units])
    x = np.array([[1.0, float(model[office(it)])] for it in units])
    beta, se, df = ols(y, x, 1, [office(it) for it in units])
    it = same(analysis, {"estimate": beta, "std_error": se, "df": df, "n_clusters": len({office(u) for u in units})})
    assert (it["n"], it["se_type"], it["contrast_level"]) == (len(units), "CR2", "model"), it
    return it


def replayed(of, office):
    """The difference in means in every draw of four offices out of eight, and how many are as extreme."""
    names = sorted(model)
    units = sorted(of)
    y = np.array([of[it] for it in units])

    def difference(chosen):
        z = np.array([office(it) in chosen for it in units])
        return y[z].mean() - y[~z].mean()

    own = difference({it for it in names if model[it]})
    all_draws = [abs(difference(set(it))) for it in combinations(names, 4)]
    return own, sum(it >= abs(own) - 1e-9 for it in all_draws), len(all_draws)


# A and D: offices are what was drawn.
strata = {True: {it: y for it, y in work.items() if drawn[it]}, False: {it: y for it, y in work.items() if not drawn[it]}}
for analysis, stratum, contrast in [("A", True, "model"), ("D", False, "spill_over")]:
    it = between(analysis, strata[stratum], office_of.get)
    assert (it["contrast"], it["draw"]) == (contrast, "1,2"), it
    every = sum(drawn[u] == stratum for u in drawn)
    assert (it["n_drawn"], it["n_dropped"]) == (every, every - len(strata[stratum])), it
    own, count, of = replayed(strata[stratum], office_of.get)
    it = same(f"{analysis}-lottery", {"estimate": own, "p_value": count / of})
    assert f"{count}/{of}" in it["note"] and of == 70, it["note"]
assert row("A")["share_control_offered"] is None and row("D")["share_control_offered"] == 0.0
adults = {it: y for it, y in values("A_ARBEID").items() if drawn[it.rsplit("-", 1)[0]]}
between("A-adults", adults, lambda it: office_of[it.rsplit("-", 1)[0]])

# B: families in each office; offices are blocks.
units = sorted(work)
y = np.array([work[it] for it in units])
names = sorted(model)
x = np.array([[float(drawn[it])] + [float(office_of[it] == name) for name in names] for it in units])
beta, se, df = ols(y, x, 0, units)
it = same("B", {"estimate": beta, "std_error": se, "df": len(units) - len(names) - 1})
assert (it["se_type"], it["contrast"], it["contrast_level"], it["n_clusters"]) == ("HC2", "follow_up", "a", None), it
beta, se, df = ols(y, x, 0, [office_of[it] for it in units])
it = same("B-like-these", {"estimate": beta, "std_error": se, "df": df, "n_clusters": 8})
assert it["se_type"] == "CR2", it

# B is run again within offices, which keep their arm: an independent Monte Carlo.
random = np.random.default_rng(29)
z = np.array([drawn[it] for it in sorted(drawn)])
everyone = sorted(drawn)
place = {it: at for at, it in enumerate(everyone)}
known = np.array([it in work for it in everyone])
value = np.array([work.get(it, 0.0) for it in everyone])
office = np.array([names.index(office_of[it]) for it in everyone])


def stratified(z):
    total = 0.0
    for at in range(len(names)):
        mine = known & (office == at)
        if not (mine & z).any() or not (mine & ~z).any():
            return np.nan
        total += mine.sum() / known.sum() * (value[mine & z].mean() - value[mine & ~z].mean())
    return total


own = stratified(z)
assert abs(own - row("B-lottery")["estimate"]) < 1e-9
extreme, times = 0, 4000
for _ in range(times):
    again = z.copy()
    for at in range(len(names)):
        mine = np.flatnonzero(office == at)
        again[mine] = random.permutation(z[mine])
    it = stratified(again)
    extreme += np.isnan(it) or abs(it) >= abs(own) - 1e-9
p = (extreme + 1) / (times + 1)
error = np.sqrt(2 * p * (1 - p) / times)
assert abs(p - row("B-lottery")["p_value"]) < 4 * error + 1e-3, (p, row("B-lottery")["p_value"], error)

# C: the offices' own differences.
difference = {}
for name in names:
    mine = [it for it in units if office_of[it] == name]
    difference[name] = np.mean([work[it] for it in mine if drawn[it]]) - np.mean([work[it] for it in mine if not drawn[it]])
ones = np.array([difference[it] for it in names if model[it]])
zeros = np.array([difference[it] for it in names if not model[it]])
se = np.sqrt(ones.var(ddof=1) / len(ones) + zeros.var(ddof=1) / len(zeros))
it = same("C", {"estimate": ones.mean() - zeros.mean(), "std_error": se, "mean_treated": ones.mean()})
assert (it["n"], it["n_treated"], it["n_drawn"], it["n_dropped"]) == (8, 4, 8, 0), it
assert f"of {len(units)} units" in it["note"], it["note"]
own, count, of = replayed(difference, lambda it: it)
same("C-lottery", {"estimate": own, "p_value": count / of})
