"""Who is eligible, judged once more from the roster: the rules of pilot.toml, run by SQLite row by row."""

import re
import sqlite3

from inputs import day


def literal(value):
    if isinstance(value, list):
        return "(" + ", ".join(map(literal, value)) + ")"
    return str(value) if isinstance(value, int) else "'" + value.replace("'", "''") + "'"


def truth(expression, names, rows):
    """The expression's truth value (True, False or None) for each row of values."""
    base = sqlite3.connect(":memory:")
    if not rows:
        return []
    columns = ", ".join(f'"{name}"' for name in names)
    base.execute(f"CREATE TABLE t (place INTEGER, {columns})")
    base.executemany(f"INSERT INTO t VALUES (?{', ?' * len(names)})", [(i, *row) for i, row in enumerate(rows)])
    found = base.execute(f"SELECT CASE WHEN ({expression}) THEN 1 WHEN NOT ({expression}) THEN 0 END FROM t ORDER BY place")
    return [None if it is None else bool(it) for (it,) in found]


def column(pilot, spec, family, as_of):
    kind, last = spec["kind"], as_of.year * 12 + as_of.month - 2
    if kind == "children_at_home":
        return sum(owner == family and role == "BARN" and as_of.year - born < spec["age_years"]
                   for owner, role, born in pilot.members.values())
    if kind == "fact":
        known = [(observed, value) for owner, criterion, observed, value in pilot.facts
                 if owner == family and criterion == spec["criterion"] and observed <= as_of]
        return max(known)[1] if known else None
    first = last - spec["lookback_months"] + 1
    paid = sorted(month for (owner, month), (grant, loan) in pilot.roster_months.items()
                  if owner == family and first <= month <= last
                  and ((grant or 0) > 0 or (spec.get("count_loans", True) and (loan or 0) > 0)))
    if kind == "months_with_assistance":
        return len(paid)
    if kind == "assistance_spells":
        return sum(not place or month - paid[place - 1] - 1 >= spec["gap_months"] for place, month in enumerate(paid))
    raise SystemExit(f"screening column kind {kind} is unknown")


def screen(pilot):
    """rule id -> {family: truth value}, and the set of eligible families."""
    spec = pilot.protocol["screening"]
    as_of, families = day(spec["as_of"]), sorted(pilot.offices)
    names = [it["name"] for it in spec["column"]]
    rows = [[column(pilot, it, family, as_of) for it in spec["column"]] for family in families]
    rules = {}
    for rule in spec["rule"]:
        parameters = rule.get("parameters", {})
        sql = re.sub(r":(\w+)", lambda match: literal(parameters[match[1]]), rule["sql"])
        rules[rule["id"]] = dict(zip(families, truth(sql, names, rows)))
    verdicts = truth(spec["eligible"], list(rules), [[rules[rule][family] for rule in rules] for family in families])
    return rules, {family for family, verdict in zip(families, verdicts) if verdict}
