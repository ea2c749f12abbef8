"""Checks a pilot that the demo has run, against an independent reading of its input files.

    python check_pilot.py PILOTDIR

Recomputes the screening, the draw (verify_draw.py), every row of the panel's primary rule, the outcomes and
every difference in means, and compares them with draws/ and out/*.parquet. Exits 1 and says where the
first differences are. Of the program it reads nothing but its published files.
"""

import csv
import json
import sys
import tomllib
from collections import Counter
from datetime import date
from itertools import combinations
from pathlib import Path

import polars

import linked
from differences import difference
from horizon import panel, targets, units_of
from inputs import OSLO, read
from make_draw import leaf_of
from outcomes import Outcomes
from screening import screen

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "verifier"))
from verify_draw import verify  # noqa: E402

SHOWN = 20
TOLERANCE = 1e-9  # relative to the larger of 1 and the number: two orders above what double sums lose
QUANTILE = 1e-7  # an interval's end also holds the program's t quantile, good to some 3e-9


class Report:
    """Counts what was compared and keeps what differs."""

    def __init__(self):
        self.compared, self.findings = Counter(), []

    def same(self, what, where, expected, found, tolerance=0.0):
        self.compared[what] += 1
        both = isinstance(expected, (int, float)) and isinstance(found, (int, float))
        close = abs(expected - found) <= tolerance * max(1, abs(expected)) if both else expected == found
        if not close:
            self.findings.append(f"{what}: {where}: expected {expected!r}, found {found!r}")

    def end(self):
        for finding in self.findings[:SHOWN]:
            print(finding, file=sys.stderr)
        if len(self.findings) > SHOWN:
            print(f"… and {len(self.findings) - SHOWN} more", file=sys.stderr)
        print(", ".join(f"{count} {what}" for what, count in self.compared.items()), "compared")
        sys.exit(1 if self.findings else 0)


def rows_of(pilot, table):
    return polars.read_parquet(pilot.folder / "out" / f"{table}.parquet").to_dicts()


def check_screening(pilot, report):
    rules, eligible = screen(pilot)
    found = rows_of(pilot, "screening")
    keys = {(row["family_id"], row["rule"]) for row in found}
    report.same("screening", "families and rules", {(family, rule) for rule in rules for family in pilot.offices}, keys)
    for row in found:
        where = f"{row['family_id']} {row['rule']}"
        report.same("screening", where, rules[row["rule"]][row["family_id"]], row["passed"])
        report.same("screening", where + " eligible", row["family_id"] in eligible, row["eligible"])
        if row["passed"] is not None:
            said = [row[f"reason_{language}"] is not None for language in ("nb", "nn", "en")]
            report.same("screening", f"{where} reasons", [not row["passed"]] * 3, said)
    return eligible


def drawn(pilot, eligible, report):
    """Of a lodd/1 folder: (arm and block of each family, date of the draw, when its result was shown)."""
    folder, private = pilot.folder / "draws" / "0001", pilot.folder / "private" / "0001" / "private.csv"
    report.same("draw", "refusals", [], verify(folder)[0])
    announced = json.loads((folder / "announcement.json").read_bytes())
    protocol = pilot.protocol
    report.same("draw", "plan.toml", (pilot.folder / "pilot.toml").read_bytes(), (folder / "plan.toml").read_bytes())
    report.same("draw", "pilot", protocol["pilot"]["label"], announced["pilot"])
    report.same("draw", "arms", [arm["label"] for arm in protocol["draw"]["arm"]], announced["arms"])
    ids = {}
    for row in csv.DictReader(private.open(encoding="utf-8")):
        report.same("draw", f"leaf of {row['id']}", leaf_of(bytes.fromhex(row["salt"]), row["id"]).hex(), row["leaf"])
        ids[row["leaf"]] = row["id"]
    report.same("draw", "who is on the list", eligible, set(ids.values()))
    for block, spec in zip(announced["blocks"], sorted(protocol["draw"]["block"], key=lambda it: it["label"].encode())):
        listed = sum(pilot.offices[family] in spec["offices"] for family in eligible)
        seats = [*spec["seats"], listed - sum(spec["seats"])]
        report.same("draw", f"block {spec['label']}", (spec["label"], listed, seats), (block["label"], block["units"], block["seats"]))
    result = {ids[row["leaf"]]: row for row in csv.DictReader((folder / "result.csv").open())}
    for row in rows_of(pilot, "assignments"):
        expected = result[row["unit_id"]]
        # With two arms places may go down the list: who comes next is not told.
        reserve = len(announced["arms"]) == 2 and row["arm"] == announced["arms"][1]
        for name in ("ordinal", "ticket", "rank"):
            expected[name] = "None" if reserve else expected[name]
        for name in ("block", "ordinal", "ticket", "rank", "arm"):
            report.same("draw", f"assignments.parquet {row['unit_id']} {name}", expected[name], str(row[name]))
    where = {family: (row["arm"], row["block"]) for family, row in result.items()}
    taken_over = next((words for _, words in pilot.script if words[1:3] == ["draw", "import"]), None)
    shown_at = pilot.time_of("draw", "import") or pilot.time_of("draw", "reveal")
    on = date.fromisoformat(taken_over[taken_over.index("--drawn-on") + 1]) if taken_over else shown_at.astimezone(OSLO).date()
    return where, on, shown_at


def imported(pilot, eligible, path, report):
    rows = list(csv.DictReader((pilot.folder / path).open(encoding="utf-8")))
    report.same("draw", "who is assigned", eligible, {row["unit"] for row in rows})
    expected = {row["unit"]: (row["arm"], row["block"], row["probability"] or None, "imported") for row in rows}
    found = {row["unit_id"]: (row["arm"], row["block"], row["probability"], row["origin"]) for row in rows_of(pilot, "assignments")}
    for unit, it in expected.items():
        report.same("draw", f"assignments.parquet {unit}", it, found.get(unit))
    return {unit: it[:2] for unit, it in expected.items()}, date.fromisoformat(rows[0]["date"]), pilot.time_of("draw", "import")


def assignment(pilot, eligible, report):
    words = next((words for _, words in pilot.script if words[1:3] == ["draw", "import"]), [])
    if words and words[3].endswith(".csv"):
        return imported(pilot, eligible, words[3], report)
    return drawn(pilot, eligible, report)


def check_panel(pilot, arms, drawn_on, shown_at, cut, report):
    expected = panel(pilot, set(arms), drawn_on, shown_at, cut)
    found = [row for row in rows_of(pilot, "panel") if row["rule"] == "primary"]
    keys = Counter()
    for row in found:
        key = (row["unit_kind"], row["unit_id"], row["horizon"], row["source"], row["register"] or "", row["variable"])
        keys[key] += 1
        for name, value in expected.get(key, {}).items():
            report.same("panel", f"{' '.join(key)} {name}", value, row[name])
    for key in sorted(set(expected) ^ set(keys)):
        report.same("panel", " ".join(key), "a row" if key in expected else "no row", "a row" if key in keys else "no row")
    report.same("panel", "rows more than once", [], [key for key, count in keys.items() if count > 1])
    return expected


def check_concordance(pilot, rows, report):
    """Each pair of sources of a unit, horizon and variable, counted one by one; no register tells of last contact here."""
    said = {}
    for (kind, unit, horizon, source, register, variable), row in rows.items():
        if row["value"] is not None:
            said.setdefault((kind, unit, horizon, variable), {})[source, register] = str(row["value"])
    expected = Counter()
    for (kind, _, horizon, variable), values in said.items():
        for one, other in combinations(sorted(values), 2):
            expected[kind, horizon, variable, *one, *other, values[one], values[other]] += 1
    found = {}
    for row in rows_of(pilot, "concordance"):
        key = (row["unit_kind"], row["horizon"], row["variable"], row["source_a"], row["register_a"] or "", row["source_b"],
               row["register_b"] or "", row["value_a"], row["value_b"])
        found[key] = row["n"]
        pair = [(it, n) for it, n in expected.items() if it[:7] == key[:7]]
        report.same("concordance", f"{key} n_both", sum(n for _, n in pair), row["n_both"])
        report.same("concordance", f"{key} n_agree", sum(n for it, n in pair if it[7] == it[8]), row["n_agree"])
    report.same("concordance", "pairs", dict(expected), found)


def outcome_tables(pilot, rows, arms, drawn_on):
    """(horizon, source, register) -> Outcomes, for every series of snapshots and of months."""
    units = units_of(pilot, set(arms))
    series = {key[3:5] for key in rows} | {("REGISTER", register) for _, _, register in pilot.monthly}
    return {(target.name, *it): Outcomes(pilot, rows, units, target, *it) for target in targets(pilot, drawn_on) for it in sorted(series)}


def check_outcomes(pilot, tables, report):
    seen = set()
    for row in rows_of(pilot, "outcomes"):
        place = (row["horizon"], row["source"], row["register"] or "")
        where = f"{row['outcome_id']} {row['unit_id']} {' '.join(place)}"
        value = number(tables[place].of(row["outcome_id"]).get(row["unit_id"]))
        found = row["value_code"] if isinstance(value, str) else row["value"]
        report.same("outcomes", where, value, found, TOLERANCE)
        report.same("outcomes", where + " missing_reason", value is None, row["missing_reason"] is not None)
        seen.add((row["outcome_id"], row["unit_id"], *place))
    for place, table in tables.items():
        for spec in pilot.protocol["outcome"]:
            for unit, value in table.of(spec["id"]).items():
                if value is not None and (spec["id"], unit, *place) not in seen:
                    report.same("outcomes", f"{spec['id']} {unit} {' '.join(place)}", value, "no row")


def number(value):
    return float(value) if isinstance(value, bool) else value


def check_differences(pilot, tables, arms, report):
    plan = tomllib.loads((pilot.folder / "analysis.toml").read_text(encoding="utf-8"))
    found = [row for row in rows_of(pilot, "estimates") if row["estimator"] == "difference_in_means"]
    order = [arm["label"] for arm in pilot.protocol["draw"]["arm"]]
    for spec in plan["analysis"]:
        if spec["estimator"] != "difference_in_means":
            continue
        place = (str(spec.get("at", spec.get("horizon"))), spec["source"], spec.get("register", ""))
        values = tables[place].of(spec["outcome"])
        for arm in order[:-1]:
            data = [(float(values[unit]), at == arm, block) for unit, (at, block) in sorted(arms.items())
                    if at in (arm, order[-1]) and values[unit] is not None]
            rows = [row for row in found if row["analysis"] == spec["id"] and (len(order) == 2 or arm in (row["contrast_level"], row["term"]))]
            report.same("differences", f"{spec['id']}: rows for {arm}", 1, len(rows))
            for row in rows:
                compare(report, f"{spec['id']} {arm}", difference(data, plan.get("alpha", 0.05)), row)


def compare(report, where, expected, row):
    for name, value in expected.items():
        if expected["std_error"] == 0 and name in ("df", "conf_low", "conf_high"):
            continue  # an outcome without variance: no interval to compare
        report.same("differences", f"{where} {name}", value, row[name], QUANTILE if name.startswith("conf") else TOLERANCE)


def main(folder):
    pilot, report = read(folder), Report()
    eligible = check_screening(pilot, report)
    # What was drawn elsewhere was drawn family by family.
    lead_of = linked.leads(pilot, eligible) if pilot.time_of("draw", "announce") else {}
    arms, drawn_on, shown_at = assignment(pilot, set(lead_of.values()) or eligible, report)
    cuts = polars.read_parquet(pilot.folder / "out" / "panel.parquet")["cut"].unique().to_list()
    report.same("panel", "cuts", 1, len(cuts))
    cut, built = cuts[0], pilot.time_of("panel")
    last = max(at for at, words in pilot.script if at < built and words[1] in ("upload", "plan"))
    report.same("panel", f"cut {cut} at the last entry before {built}", True, last <= cut <= built)
    linked.merge(pilot, lead_of, cut)
    rows = check_panel(pilot, arms, drawn_on, shown_at, cut, report)
    check_concordance(pilot, rows, report)
    tables = outcome_tables(pilot, rows, arms, drawn_on)
    check_outcomes(pilot, tables, report)
    check_differences(pilot, tables, arms, report)
    report.end()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(sys.argv[1])
