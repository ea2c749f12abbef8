"""A plan with many estimators on a pilot of three arms, from its Parquet files.

First run: checks what plain Python can, and writes table.csv with two plans, so that the same numbers can be had of
`lodd estimate --data`. Second run (`again`): compares the two.
"""

import json
import sys
from math import erf, lgamma, log, sqrt
from pathlib import Path

import numpy as np
import polars as pl

folder = Path(sys.argv[1])
outcomes = pl.read_parquet(folder / "out/outcomes.parquet")
assigned = pl.read_parquet(folder / "out/assignments.parquet")
estimates = pl.read_parquet(folder / "out/estimates.parquet")
arm = dict(zip(assigned["unit_id"], assigned["arm"]))
office = dict(zip(assigned["unit_id"], assigned["block"]))
children = {}
for line in (folder / "medlemmer.csv").read_text().splitlines()[1:]:
    member, family, role, *_ = line.split(";")
    children[family] = children.get(family, 0) + (role == "BARN")


def column(outcome, name="value", horizon="3"):
    rows = outcomes.filter(pl.col("outcome_id") == outcome, pl.col("horizon") == horizon)
    return {unit.rsplit("-A", 1)[0]: it for unit, it in zip(rows["unit_id"], rows[name])}


def row(analysis, treated, term=None, estimator=None, adjustment=None):
    found = estimates.filter(pl.col("analysis") == analysis, pl.col("contrast_level") == treated,
                             pl.col("term") == (term or treated))
    if estimator:
        found = found.filter(pl.col("estimator") == estimator)
    if adjustment:
        found = found.filter(pl.col("adjustment") == adjustment)
    assert len(found) >= 1, (analysis, treated, term, estimator)
    return found.row(0, named=True)


def near(mine, theirs, what, tolerance=1e-9):
    assert theirs is not None and abs(mine - theirs) <= tolerance * max(1, abs(mine)), f"{what}: {mine} and {theirs}"


work = column("F_ARBEID_NOEN")
first_low, first_high = column("A_FORST", "value_low"), column("A_FORST", "value_high")
PAIRS = [("a", "c"), ("b", "c")]


def stratified(rows, treated):
    """Weighted over offices, with Neyman's variance: rows are (office, is treated, y)."""
    offices = sorted({it[0] for it in rows})
    estimate = variance = 0.0
    for name in offices:
        y1 = np.array([y for own, z, y in rows if own == name and z])
        y0 = np.array([y for own, z, y in rows if own == name and not z])
        share = (len(y1) + len(y0)) / len(rows)
        estimate += share * (y1.mean() - y0.mean())
        variance += share**2 * (y1.var(ddof=1) / len(y1) + y0.var(ddof=1) / len(y0))
    return estimate, sqrt(variance)


def noncentral_power(effect, se, df, alpha):
    """Chance that |T| passes the two-sided limit: the noncentral t by integrating over the chi distribution."""
    s = np.linspace(1e-6, 6, 60001)
    density = np.exp(log(2) + (df / 2) * log(df / 2) - lgamma(df / 2) + (df - 1) * np.log(s) - df * s * s / 2)
    step = s[1] - s[0]

    def tail(t, shift):
        return float(np.sum(density * (1 - normal(t * s - shift))) * step)

    low, high = 0.0, 50.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if 2 * tail(middle, 0) > alpha else (low, middle)
    return tail(high, effect / se) + tail(high, -effect / se)


def normal(x):
    return 0.5 * (1 + np.vectorize(erf)(x / sqrt(2)))


def dispatch():
    for treated, control in PAIRS:
        rows = [(office[it], arm[it] == treated, y) for it, y in work.items() if y is not None and arm[it] in (treated, control)]
        estimate, se = stratified(rows, treated)
        it = row("difference", treated)
        near(estimate, it["estimate"], f"difference {treated}")
        near(se, it["std_error"], f"se {treated}")
        every = sum(own in (treated, control) for own in arm.values())
        assert (it["n"], it["n_drawn"]) == (len(rows), every), it
        assert (it["status"], it["population"], it["contrast"]) == ("confirmatory", "drawn", "initial_offer"), it
        # A design that finds two percentage points only now and then.
        power = noncentral_power(0.02, it["std_error"], it["df"], 0.05)
        low = it["p_value"] < 0.05 and power < 0.5
        assert ("exaggerated on average" in (it["note"] or "")) == low, (power, it["p_value"], it["note"])
        assert low or treated == "a", "arm b has a large effect, found by a design with little power"
        # All of arm a have one coordinator, arm b has two.
        told = "one coordinator followed up all of `a`" in (it["note"] or "")
        assert told == (treated == "a"), it["note"]


def attrition():
    for analysis, offices in [("difference", {"n", "s"}), ("office-n", {"n"})]:
        for treated, control in PAIRS:
            response, mean = {}, {}
            for own in (treated, control):
                units = [it for it in arm if arm[it] == own and office[it] in offices]
                seen = sorted(work[it] for it in units if work[it] is not None)
                response[own], mean[own] = len(seen) / len(units), np.mean(seen)
            r1, r0 = response[treated], response[control]
            assert min(r1, r0) < 1, "some are missing"
            for term, value in [("response_treated", r1), ("response_control", r0)]:
                near(value, row(analysis, treated, term, "manski_bounds")["estimate"], term)
            lower = r1 * mean[treated] - r0 * mean[control] - (1 - r0)
            upper = r1 * mean[treated] + (1 - r1) - r0 * mean[control]
            near(lower, row(analysis, treated, "lower", "manski_bounds")["estimate"], f"{analysis} manski lower")
            near(upper, row(analysis, treated, "upper", "manski_bounds")["estimate"], f"{analysis} manski upper")
            note = row(analysis, treated)["note"] or ""
            stamped = min(r1, r0) < 0.8 or abs(r1 - r0) > 0.1
            assert ("attrition:" in note) == stamped, (r1, r0, note)
            lee = estimates.filter(pl.col("analysis") == analysis, pl.col("contrast_level") == treated,
                                   pl.col("estimator") == "lee_bounds")
            seen = {own: sum(work[it] is not None for it in arm if arm[it] == own and office[it] in offices) for own in (treated, control)}
            if min(seen.values()) < 30:
                assert len(lee) == 0, analysis
                first = row(analysis, treated, "lower", "manski_bounds")["note"]
                assert "fewer than 30 observed" in first, first
            else:
                assert {"lower", "upper", "imbens_manski", "trim_share"} <= set(lee["term"]), lee["term"].to_list()
                near(1 - min(r1, r0) / max(r1, r0), row(analysis, treated, "trim_share", "lee_bounds")["estimate"], "trim")
                # Beside the analysis by Lee's bounds itself, which has none beside it.
                for term in ("lower", "upper", "imbens_manski"):
                    for name in ("estimate", "conf_low", "conf_high"):
                        one, other = row(analysis, treated, term, "lee_bounds"), row("lee", treated, term)
                        assert one[name] == other[name], (term, name, one[name], other[name])
    assert set(estimates.filter(pl.col("analysis") == "lee")["estimator"]) == {"lee_bounds"}


def populations():
    said = json.loads((folder / "said.json").read_text())  # what the test told the pilot
    consents, started = set(said["consented"]), set(said["started"])
    for analysis, keep in [("consented", lambda it, treated: it in consents),
                           ("started", lambda it, treated: arm[it] != treated or it in started)]:
        for treated, control in PAIRS:
            rows = [(office[it], arm[it] == treated, y) for it, y in work.items()
                    if y is not None and arm[it] in (treated, control) and keep(it, treated)]
            it = row(analysis, treated)
            near(stratified(rows, treated)[0], it["estimate"], f"{analysis} {treated}")
            assert it["n"] == len(rows) < row("difference", treated)["n"], it
            assert (it["population"], it["status"]) == (analysis, "exploratory"), it
            assert "ikke en randomisert sammenligning" in it["note"], it["note"]
    beside = estimates.filter(pl.col("analysis").is_in(["consented", "started"]), pl.col("estimator") != "difference_in_means")
    assert len(beside) == 0, "bounds are of what was drawn"


def weighted():
    for analysis in ("offices", "children"):
        for treated, control in PAIRS:
            units = sorted(it for it, y in work.items() if y is not None and arm[it] in (treated, control))
            size = {name: sum(office[it] == name for it in units) for name in ("n", "s")}
            w = np.array([1 / size[office[it]] if analysis == "offices" else children[it] for it in units], dtype=float)
            x = np.array([[1.0, arm[it] == treated, office[it] == "s"] for it in units], dtype=float)
            y = np.array([work[it] for it in units])
            beta = np.linalg.solve(x.T @ (x * w[:, None]), x.T @ (w * y))
            near(beta[1], row(analysis, treated)["estimate"], analysis)
    for treated, control in PAIRS:
        units = sorted(it for it, y in work.items() if y is not None and arm[it] in (treated, control))
        x = np.array([[1.0, arm[it] == treated, office[it] == "s", log(children[it])] for it in units], dtype=float)
        beta = np.linalg.lstsq(x, np.array([work[it] for it in units]), rcond=None)[0]
        near(beta[1], row("logs", treated)["estimate"], "logs")
        near(beta[3], row("logs", treated, "log_children")["estimate"], "log_children")


def times(treated, control):
    """Day and whether work was seen, of each unit to whom it applies."""
    rows = []
    for it in sorted(arm):
        if arm[it] in (treated, control) and first_low.get(it) is not None:
            high = first_high[it]
            rows.append((float(first_low[it] if high is None else high), high is not None, arm[it] == treated))
    return rows


def survivor(rows, at):
    """Kaplan-Meier at a day."""
    left = 1.0
    for day in sorted({t for t, seen in rows if seen}):
        risk = sum(t >= day for t, _ in rows)
        died = sum(t == day and seen for t, seen in rows)
        if day <= at:
            left *= 1 - died / risk
    return left


def survival():
    for treated, control in PAIRS:
        rows = times(treated, control)
        arms = [[(t, seen) for t, seen, z in rows if z == own] for own in (True, False)]
        one, zero = [survivor(it, 60) for it in arms]
        near(one, row("curves", treated, "survival@60[1]")["estimate"], "survival treated")
        near(zero, row("curves", treated, "survival@60[0]")["estimate"], "survival control")
        near(one - zero, row("curves", treated, "difference@60")["estimate"], "difference")
        assert row("curves", treated, "difference@60")["n"] == len(rows)
        area = []
        for own in arms:
            days = [0.0] + sorted({t for t, seen in own if seen and t < 80}) + [80.0]
            area.append(sum((b - a) * survivor(own, a) for a, b in zip(days, days[1:])))
        near(area[0], row("rmst", treated, "rmst_treated")["estimate"], "rmst treated")
        near(area[1], row("rmst", treated, "rmst_control")["estimate"], "rmst control")


def category():
    status = column("F_STATUS", "value_code")
    for treated, control in PAIRS:
        for code in ("ARBEID", "SOSHJ", "ANNET"):
            share = {}
            for own in (treated, control):
                units = [it for it in status if arm[it] == own and status[it] is not None]
                share[own] = sum(status[it] == code for it in units) / len(units)
            it = row("category", treated, f"share[{code}]")
            near(share[treated] - share[control], it["estimate"], f"share {code}")


def adjusted():
    family = estimates.filter(pl.col("analysis") == "family", pl.col("term") == pl.col("contrast_level"))
    # Two outcomes and two arms, each with three adjustments; the raw numbers are the same.
    assert len(family) == 12, len(family)
    first = family.filter(pl.col("adjustment") == "holm")
    assert len(first) == 4
    p = first["p_value"].to_list()
    order = sorted(range(4), key=lambda at: p[at])
    holm, most = [0.0] * 4, 0.0
    for rank, at in enumerate(order):
        most = max(most, min(1.0, (4 - rank) * p[at]))
        holm[at] = most
    for at, it in enumerate(first.iter_rows(named=True)):
        near(holm[at], it["p_adjusted"], "holm")
    for how in ("bonferroni", "romano_wolf"):
        others = family.filter(pl.col("adjustment") == how)
        assert others["p_value"].to_list() == p and others["estimate"].to_list() == first["estimate"].to_list()
        assert all(it is not None for it in others["p_adjusted"]), (how, others["note"].to_list())
        if how == "bonferroni":
            for raw, it in zip(p, others["p_adjusted"]):
                near(min(1.0, 4 * raw), it, how)


# What `lodd estimate --data` is run on: blocks in the design, or as dummies where a regression has them.
BLOCKS = [("exits", "cumulative_incidence", "times = [30, 80]", "until"), ("curves", "kaplan_meier", "times = [60]", "days"), ("logrank", "logrank", "", "days"), ("rmst", "rmst", "tau = 80", "days"),
          ("turnbull", "turnbull", "times = [60]", "low"), ("risk", "risk", "", "work"),
          ("quantiles", "wilcoxon", "", "work"), ("lee", "lee_bounds", 'observed = "observed"', "filled")]
DUMMIES = [("category", "category", "", "status"), ("gee", "gee", 'subject = "office"\ncorrection = "none"', "work"), ("mixed", "mixed", 'groups = "children"', "work"),
           ("ordered", "ordered_logit", "", "work"), ("logit", "logit", "", "work"),
           ("ipw", "ipw", 'observed = "observed"\nresponse_model = "children"', "filled")]

# Adults are clustered on their family.
MEMBERS = [("cox", "cox", "", "days"), ("hazard", "discrete_hazard", "", "low")]
PLANS = {"blocks": (BLOCKS, 'block = "office"'), "dummies": (DUMMIES, ""), "members": (MEMBERS, 'cluster = "family"')}


def tables():
    moved = set(json.loads((folder / "said.json").read_text())["moved"])
    status = column("F_STATUS", "value_code")
    lines = ["family,arm,office,children,work,filled,observed,status,days,event,low,high,until,exit"]
    for it in sorted(arm):
        y, low, high = work[it], first_low.get(it), first_high.get(it)
        days = "" if low is None else (low if high is None else high)
        cells = [it, arm[it], office[it], children[it], "" if y is None else y, 0 if y is None else y, int(y is not None),
                 status.get(it) or "", days, "" if low is None else int(high is not None), "" if low is None else low,
                 "" if high is None else high]
        # Drawn on 1 September; the movers left on 10 November, day 70, unless work was seen before.
        gone = it in moved and low is not None and high is None and low <= 70
        cells += [70 if gone else days, "" if low is None else int(gone)]
        lines.append(",".join(str(cell) for cell in cells))
    (folder / "table.csv").write_text("\n".join(lines) + "\n")
    for name, (analyses, design) in PLANS.items():
        plan = f'version = 1\n[design]\ntreatment = "arm"\ncontrol = "c"\n{design}\n'
        for analysis, estimator, options, outcome in analyses:
            more = 'event = "event"\n' if outcome in ("days", "until") else ""
            more += 'competing = "exit"\n' if outcome == "until" else ""
            more += 'high = "high"\n' if outcome == "low" else ""
            more += 'where = "low IS NOT NULL"\n' if outcome in ("days", "low", "until") else ""
            more += 'factors = "office"\n' if name != "blocks" else ""
            plan += f'\n[[analysis]]\nid = "{analysis}"\noutcome = "{outcome}"\nestimator = "{estimator}"\n{options}\n{more}'
        (folder / f"{name}.toml").write_text(plan)


def compare():
    compared = 0
    for name, (analyses, _) in PLANS.items():
        theirs = [json.loads(line) for line in (folder / f"{name}.json").read_text().splitlines()]
        for analysis, estimator, *_ in analyses:
            own = [it for it in theirs if it["analysis"] == analysis]
            assert {it["contrast_level"] for it in own} == {"a", "b"}, (analysis, len(own))
            for it in own:
                if it["term"].startswith(("office[", "block[")):
                    continue
                mine = row(analysis, it["contrast_level"], it["term"], estimator)
                for number in ("estimate", "std_error", "p_value", "conf_low", "conf_high", "n"):
                    if it[number] is None:
                        assert mine[number] is None, (analysis, it["term"], number, mine[number])
                        continue
                    near(it[number], mine[number], f"{analysis} {it['contrast_level']} {it['term']} {number}", 1e-7)
                    compared += 1
    assert compared > 100, compared


if sys.argv[2:]:
    compare()
else:
    for check in (dispatch, attrition, populations, weighted, survival, category, adjusted, tables):
        check()
