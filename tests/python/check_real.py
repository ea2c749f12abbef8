"""Real longitudinal data through the printed queries: school to work, and the activity of whole households.

    python check_real.py PANEL_SQL

`mvad`: 712 young people in Northern Ireland, the state of every month over six years (McVicar and
Anyadike-Danes 2002). `actcal`: 2,000 persons of 1,677 households in Switzerland, four states of activity in
each month of 2000 (Swiss Household Panel). Both are read from the PyPI package `sequenzo`; neither is stored
here. Since every month is known, what the queries make of them can be counted directly; months are then masked
by a seed to make the irregular snapshots that offices have, and what may still be said is checked against the
months that were hidden. PANEL_SQL is what `lodd panel --print-sql` printed in a pilot with the outcomes
A_ARBEID and F_ARBEID_NOEN.
"""

import csv
import importlib.util
import random
import re
import sqlite3
import sys
from collections import Counter
from datetime import date, timedelta
from itertools import groupby
from pathlib import Path

from check_histories import duck, on_sqlite, tables
from plain_rule import EPOCH, Draw, Horizon, Snapshot, World, months_after, number, panel, targets

CUT = 1_000_000
MVAD_STATES = {"employment", "FE", "HE", "joblessness", "school", "training"}
# Full time over 37 hours a week, long part time, short part time, no work.
ACTCAL_CODES = {"A": "HELTID", "B": "DELTID", "C": "DELTID", "D": "IKKE_SOKER"}


def rows_of(name):
    folder = importlib.util.find_spec("sequenzo").submodule_search_locations[0]
    with open(Path(folder) / "datasets" / f"{name}.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def mvad():
    """Person -> {first of month: state}, July 1993 to June 1999."""
    rows = rows_of("mvad")
    months = [it for it in rows[0] if re.fullmatch(r"[A-Z][a-z]{2}\.9\d", it)]
    expect("persons and months of mvad", (712, 72), (len(rows), len(months)))
    firsts = [months_after(date(1993, 7, 1), at) for at in range(72)]
    expect("states of mvad", MVAD_STATES, {row[it] for row in rows for it in months})
    return {f"M{row['id']}": dict(zip(firsts, (row[it] for it in months))) for row in rows}


def actcal():
    """Household -> {person -> {first of month: code}}."""
    rows = rows_of("actcal")
    months = [f"{it}00" for it in "jan feb mar apr may jun jul aug sep oct nov dec".split()]
    households = {}
    for row in rows:
        of = households.setdefault(f"H{row['idhous00']}", {})
        of[f"H{row['idhous00']}-A{len(of) + 1}"] = {date(2000, at, 1): ACTCAL_CODES[row[it]] for at, it in enumerate(months, 1)}
    expect("persons and households of actcal", (2000, 1677), (len(rows), len(households)))
    return households


def masked(months, dice, share):
    """Some of the months, each seen on a day of its own."""
    return {first + timedelta(dice.randrange(28)): state for first, state in months.items() if dice.random() < share}


def world(drawn_on, horizons, families):
    """`families`: family -> {person -> {day: state}}; everybody followed, and everything due."""
    it = World(CUT, date(2020, 1, 1), 30, horizons, [Draw(1, drawn_on, 900_000, sorted(families))])
    for family, people in families.items():
        for person, seen in people.items():
            it.members.append((person, family, "FORELDER", 1))
            for day, state in seen.items():
                it.snapshots.append(Snapshot("VOKSEN", person, day, "SELVRAPPORT", "", "PLANLAGT", 1, "OBSERVERT", {"ARBEID": ("code", state)}, "c"))
    return it


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: expected {expected}, found {found}")


class Engine:
    """SQLite with the inputs of one world; each query's result becomes the table that the next one reads."""

    def __init__(self, texts, it):
        self.texts, self.world = texts, it
        self.inputs = tables(it)
        self.db = sqlite3.connect(":memory:")
        self.fill()

    def fill(self):
        first = self.world.draws[0].on.year * 12 + self.world.draws[0].on.month
        at = {it.name: it.day.year * 12 + it.day.month - 1 for it in targets(self.world, self.world.draws[0].on)}
        years = {it.name: it.day.year for it in targets(self.world, self.world.draws[0].on)}
        make = {
            "cut": (["cut_us", "cut_day"], self.inputs["cut"]),
            "assignments": (["draw", "family_id", "shown_at", "arm"], [[*row, "ordinary"] for row in self.inputs["assignments"]]),
            "members": (["member_id", "family_id", "role", "in_itt", "birth_year"], [[*row, 1970] for row in self.inputs["members"]]),
            "targets": (["draw", "horizon", "horizon_order", "target", "window_low", "window_high", "due_on", "target_year", "month_first", "month_last"],
                        [[*row, years[row[1]], first, at[row[1]]] for row in self.inputs["targets"]]),
            "snapshots": (["unit_kind", "unit_id", "status_date", "source", "register", "occasion", "recorded_at", "record_status", "variable",
                           "value_code", "value_num", "missing_code", "content"], self.inputs["snapshots"]),
            "exits": (["unit_kind", "unit_id", "reason", "from_on", "until_on"], []),
            "monthly": (["unit_kind", "unit_id", "month", "register", "recorded_at", "assistance_grant", "assistance_loan"], []),
            "calendar": (["month", "year", "last_day"], []),
            "away": (["member_id", "from_on", "until_on"], []),
        }
        for name, (columns, rows) in make.items():
            self.db.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
            self.db.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)

    def table(self, name):
        """Runs a query once; the rows as dicts."""
        if name in ("outcomes", "spells") and "observations" in self.texts:
            self.table("observations")
        known = self.db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [name]).fetchone()
        if not known:
            self.db.execute(f"CREATE TABLE {name} AS {self.texts[name]}")
        found = self.db.execute(f"SELECT * FROM {name}")
        columns = [it[0] for it in found.description]
        return [dict(zip(columns, row)) for row in found]


def day_of(days):
    return EPOCH + timedelta(days)


def primary(rows, horizon):
    return {row["unit_id"]: row for row in rows if row["rule"] == "primary" and row["horizon"] == horizon and row["unit_kind"] == "VOKSEN"}


def first_of(day):
    return day.replace(day=1)


def check_panel(what, texts, it, months):
    """The rows are the plain rule's, on both engines; no value says what the full data does not."""
    expected = panel(it)
    inputs = tables(it)
    for engine, found in (("SQLite", on_sqlite(texts["panel"], inputs)), ("DuckDB", duck(inputs).execute(texts["panel"]).fetchall())):
        if expected != [tuple(row) for row in found]:
            sys.exit(f"{what}: the panel on {engine} is not the plain rule's")
    values = 0
    for row in expected:
        if row[9] is not None:
            values += 1
            expect(f"{what} {row[3]} at {row[4]}", months[row[3]][first_of(day_of(row[11]))], row[9])
    return values


def check_observed(what, engine, seen, horizons):
    """How many have a value: counted by hand, those with a day in the window."""
    drawn_on = engine.world.draws[0].on
    for it in horizons:
        target = months_after(drawn_on, it.at)
        low, high = target - timedelta(it.low), target + timedelta(it.high)
        by_hand = sum(any(low <= day <= high for day in days) for days in seen.values())
        found = sum(row["value"] is not None for row in primary(engine.table("panel"), it.name).values())
        expect(f"{what}: observed at {it.name}", by_hand, found)
        print(f"{what}: {found} of {len(seen)} observed at {it.name} months")


def check_transitions(what, engine, months, horizon):
    """From the start to the horizon, both seen in the full data: a cross table of two months."""
    start, end = first_of(engine.world.draws[0].on), first_of(months_after(engine.world.draws[0].on, horizon))
    by_hand = Counter((states[start], states[end]) for states in months.values())
    rows = engine.table("panel")
    first, last = primary(rows, "0"), primary(rows, str(horizon))
    found = Counter((first[unit]["value"], last[unit]["value"]) for unit in first)
    expect(f"{what}: statuses at the start and at {horizon}", by_hand, found)
    if "transitions" in engine.texts:
        table = [row for row in engine.table("transitions") if row["horizon"] == str(horizon) and row["unit_kind"] == "VOKSEN"]
        found = {(row["from_value"], row["to_value"]): row["n"] for row in table if row["variable"] == "ARBEID" and row["arm"] == "ordinary"}
        expect(f"{what}: transitions to {horizon}", dict(by_hand), found)
    moved = sum(n for (one, other), n in by_hand.items() if one != other)
    print(f"{what}: {moved} of {len(months)} in another state {horizon} months on")


def check_spells(what, engine, months):
    """With every month known: the runs of the full data, each with its state, first and last month."""
    if "spells" not in engine.texts:
        return
    found = sorted((row["unit_id"], row["spell"], row["value"], row["start_high"], row["end_low"], row["n_observations"], row["flag"])
                   for row in engine.table("spells") if row["unit_kind"] == "VOKSEN")
    by_hand = []
    for unit, states in months.items():
        for at, (state, run) in enumerate(groupby(sorted(states.items()), key=lambda it: it[1]), 1):
            run = list(run)
            by_hand.append((unit, at, state, number(run[0][0]), number(run[-1][0]), len(run), None))
    expect(f"{what}: spells", sorted(by_hand), found)
    print(f"{what}: {len(found)} spells of {len(months)} persons as counted by hand")


def check_bounds(what, engine, months):
    """With months hidden: what changed, changed between the bounds; what joined may hide what nobody saw."""
    if "spells" not in engine.texts:
        return
    cut = hidden = 0
    for row in engine.table("spells"):
        states = months[row["unit_id"]]
        seen = [first_of(day_of(row[name])) for name in ("start_high", "end_low")]
        for first in seen:
            expect(f"{what} {row['unit_id']}: state of a spell", states[first], row["value"])
        cut += row["flag"] is not None
        if row["start_low"] is not None and states[first_of(day_of(row["start_low"]))] != row["value"]:
            between = [states[it] for it in states if first_of(day_of(row["start_low"])) < it <= seen[0]]
            if row["value"] not in between:
                sys.exit(f"{what} {row['unit_id']}: the spell did not start within its bounds")
        inside = [states[it] for it in states if seen[0] <= it <= seen[1]]
        hidden += any(it != row["value"] for it in inside)
    runs = sum(len(list(groupby(states[it] for it in sorted(states)))) for states in months.values())
    rows = len(engine.table("spells"))
    print(f"{what}: {rows} spells seen of {runs} there were; {cut} cut and unconfirmed, {hidden} with a state inside that nobody saw")


def school_to_work(texts):
    months = mvad()
    drawn_on, horizons = date(1993, 9, 15), [Horizon(0, 60, 0), Horizon(12, 45, 45), Horizon(36, 45, 45), Horizon(60, 45, 45)]
    of_families = lambda seen: {unit: {f"{unit}-A1": days} for unit, days in seen.items()}
    person = lambda of: {f"{unit}-A1": it for unit, it in of.items()}
    full = Engine(texts, world(drawn_on, horizons, of_families(months)))
    check_panel("mvad", texts, full.world, person(months))
    for horizon in (12, 36, 60):
        check_transitions("mvad", full, person(months), horizon)
    check_spells("mvad", full, person(months))
    dice = random.Random("mvad")
    seen = {unit: masked(states, dice, 0.3) for unit, states in months.items()}
    part = Engine(texts, world(drawn_on, horizons, of_families(seen)))
    values = check_panel("mvad, masked", texts, part.world, person(months))
    check_observed("mvad, masked", part, person(seen), horizons)
    check_bounds("mvad, masked", part, person(months))
    print(f"mvad, masked: {values} values, each the state of its month in the full data")


def share(what, values):
    known = [it for it in values if it is not None]
    print(f"actcal: {sum(known)} of {len(known)} {what} work")
    return sum(known), len(known)


def three_valued_any(answers):
    return 1 if 1 in answers else 0 if answers and None not in answers else None


def households_and_persons(texts):
    households = actcal()
    drawn_on, horizons = date(2000, 1, 15), [Horizon(0, 60, 0), Horizon(6, 30, 30), Horizon(10, 30, 30)]
    months = {person: states for people in households.values() for person, states in people.items()}
    full = Engine(texts, world(drawn_on, horizons, households))
    check_transitions("actcal", full, months, 6)
    check_spells("actcal", full, months)
    dice = random.Random("actcal")
    seen = {family: {person: masked(states, dice, 0.5) for person, states in people.items()} for family, people in households.items()}
    part = Engine(texts, world(drawn_on, horizons, seen))
    check_panel("actcal, masked", texts, part.world, months)
    check_observed("actcal, masked", part, {person: days for people in seen.values() for person, days in people.items()}, horizons)
    check_bounds("actcal, masked", part, months)
    for name, engine in (("every month", full), ("masked", part)):
        answer = {unit: row["value"] and int(row["value"] in ("HELTID", "DELTID")) for unit, row in primary(engine.table("panel"), "6").items()}
        any_of = {family: three_valued_any([answer[person] for person in people]) for family, people in households.items()}
        outcomes = {(row["outcome_id"], row["unit_id"]): row["value_num"] for row in engine.table("outcomes") if row["horizon"] == "6"}
        for outcome, expected in (("A_ARBEID", answer), ("F_ARBEID_NOEN", any_of)):
            found = {unit: value for (which, unit), value in outcomes.items() if which == outcome}
            expect(f"actcal, {name}: {outcome}", expected, found)
        persons = share(f"persons ({name})", answer.values())
        families = share(f"households with one who does ({name})", any_of.values())
        if persons[0] * families[1] == families[0] * persons[1]:
            sys.exit("actcal: the rates of persons and households were expected to differ")
    # Straight from the file: July, every month known.
    july = [states[date(2000, 7, 1)] != "IKKE_SOKER" for states in months.values()]
    of_households = [any(states[date(2000, 7, 1)] != "IKKE_SOKER" for states in people.values()) for people in households.values()]
    expect("actcal: persons at work in July", (sum(july), 2000), share("persons in July (file)", map(int, july)))
    share("households in July (file)", map(int, of_households))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    printed = Path(sys.argv[1]).read_text(encoding="utf-8")
    printed = dict(re.findall(r"^-- ([a-z_]+)\n(.*?);\n(?=-- [a-z_]+\n|\Z)", printed, re.S | re.M))
    school_to_work(printed)
    households_and_persons(printed)
