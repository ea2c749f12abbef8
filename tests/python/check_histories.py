"""Ten thousand generated histories: the printed query on SQLite and on DuckDB, and the rule in plain Python.

    python check_histories.py PANEL_SQL [HISTORIES]

PANEL_SQL is what `lodd panel --print-sql` printed. Every row must be the same, in the same order. A history is
a drawn family, often with members, and everything that was ever recorded of them: ties around the target,
snapshots without an answer, corrections, retractions, records from after the cut, moves and returns, deaths,
withdrawals, lacks of consent, broken families; draws on the last days of months and on leap days.
"""

import random
import re
import sqlite3
import sys
import tempfile
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import duckdb
import polars

from plain_rule import EPOCH, Draw, Exit, Horizon, Snapshot, World, months_after, number, panel, targets

SIZE = 1000
DAYS_DRAWN = [date(2015, 8, 31), date(2016, 2, 29), date(2015, 8, 20), date(2019, 12, 31), date(2020, 1, 30), date(2023, 10, 31),
              date(2024, 2, 29), date(2022, 2, 28), date(2021, 6, 30)]
HORIZONS = [
    [Horizon(0, 60, 0), Horizon(6, 30, 30), Horizon(12, 45, 45)],
    [Horizon(3, 30, 30), Horizon(18, 20, 45)],
    [Horizon(12, 0, 0), Horizon(24, 45, 45)],
    [Horizon(0, 60, 0), Horizon(date(2025, 12, 31), 45, 45)],
    [Horizon(1, 14, 15), Horizon(12, 45, 45)],
]
SOURCES = [("VEILEDER", "")] * 3 + [("SELVRAPPORT", ""), ("REGISTER", "AA")]
STATUSES = ["OBSERVERT"] * 14 + ["IKKE_NADD", "IKKE_NADD", "FLYTTET", "TRAKK_SAMTYKKE", "SLUTTET_I_TILTAK", "TILBAKEKALT", "DOD"]
ANSWERS = {
    "VOKSEN": {"ARBEID": ["HELTID", "DELTID", "?UKJENT", "?IKKE_AKTUELT", "?IKKE_SPURT"], "PROSENT": [0, 80, "?VIL_IKKE_SVARE"]},
    "BARN": {"SKOLE": ["J", "N", "?UKJENT"]},
    "FAMILIE": {"BOLIG": ["EID", "UTEN", "?UKJENT", "?IKKE_SPURT"]},
}
OUT = ["DOD", "TRAKK_SAMTYKKE", "FLYTTET"]
# Reasons worked out of events, tried once the query knows them.
FROM_EVENTS = ["SAMTYKKE_MANGLER", "FAMILIE_OPPLOST"]
INPUTS = {
    "cut": ["cut_us", "cut_day"],
    "assignments": ["draw", "family_id", "shown_at"],
    "members": ["member_id", "family_id", "role", "in_itt"],
    "targets": ["draw", "horizon", "horizon_order", "target", "window_low", "window_high", "due_on"],
    "snapshots": ["unit_kind", "unit_id", "status_date", "source", "register", "occasion", "recorded_at", "record_status",
                  "variable", "value_code", "value_num", "missing_code", "content"],
    "exits": ["unit_kind", "unit_id", "reason", "from_on", "until_on"],
}
TEXTS = {"family_id", "member_id", "role", "horizon", "unit_kind", "unit_id", "source", "register", "occasion", "record_status",
         "variable", "value_code", "missing_code", "content", "reason"}


class Maker:
    """A batch of histories from a seed."""

    def __init__(self, seed, sql):
        self.dice = random.Random(f"histories-{seed}")
        self.clock = 0
        self.out = OUT + [it for it in FROM_EVENTS if f"'{it}'" in sql]

    def world(self):
        dice = self.dice
        horizons = dice.choice(HORIZONS)
        ends = dice.sample(DAYS_DRAWN, 3)
        shown = [10_000 * (at + 1) for at in range(len(ends))]
        last = max(targets(World(0, EPOCH, 0, horizons, []), day)[-1].due_on for day in ends)
        cut_day = dice.choice([last + timedelta(40), last - timedelta(60), last - timedelta(31), last + timedelta(30)])
        world = World(900_000, cut_day, 30, horizons, [Draw(at + 1, day, shown[at], []) for at, day in enumerate(ends)])
        for at in range(SIZE):
            self.history(world, f"F{at:04}")
        return world

    def history(self, world, family):
        dice = self.dice
        draw = dice.choice(world.draws)
        draw.families.append(family)
        if dice.random() < 0.03:  # a family of two draws
            again = dice.choice(world.draws)
            if family not in again.families:
                again.families.append(family)
        units = [(family, "FAMILIE")]
        for name, role, kind, share in (("A1", "FORELDER", "VOKSEN", 0.6), ("A2", "PARTNER", "VOKSEN", 0.2), ("A3", "ANNEN_VOKSEN", "VOKSEN", 0.05),
                                        ("B1", "BARN", "BARN", 0.25)):
            if dice.random() < share:
                world.members.append((f"{family}-{name}", family, role, int(dice.random() < 0.9)))
                units.append((f"{family}-{name}", kind))
        marks = targets(world, draw.on)
        for _ in range(dice.choice([0, 1, 1, 2, 3, 5, 8])):
            self.snapshots(world, dice.choice(units), dice.choice(marks))
        while dice.random() < 0.25:
            unit, kind = dice.choice(units)
            start = self.day(dice.choice(marks))
            until = dice.choice([None, start + timedelta(dice.choice([1, 30, 90, 400]))])
            world.exits.append(Exit(kind, unit, dice.choice(self.out), start, until))

    def day(self, target):
        """Around the target: both ends of the window, the days beside them, ties."""
        low, high = (target.day - target.first).days, (target.last - target.day).days
        off = self.dice.choice([-low - 91, -low - 90, -low - 89, -low - 1, -low, -low + 1, -10, -5, -1, 0, 0, 1, 5, 10, high - 1, high,
                                high + 1, high + 30, self.dice.randint(-400, 200)])
        return target.day + timedelta(off)

    def snapshots(self, world, unit, target):
        """A snapshot, its corrections and retractions; and at times its twin on the other side of the target."""
        dice, day = self.dice, self.day(target)
        twins = [day]
        if dice.random() < 0.3:
            twins.append(target.day + (target.day - day))
        for day in twins:
            source, register = dice.choice(SOURCES)
            for _ in range(dice.choice([1, 1, 1, 2, 2, 3])):
                world.snapshots.append(self.version(unit, day, (source, register)))

    def version(self, unit, day, source):
        dice = self.dice
        self.clock += dice.choice([1, 1, 7, 300])
        if dice.random() < 0.05:
            recorded = 900_001 + self.clock  # after the cut
        else:
            recorded = self.clock % 899_999 + 1
        status = dice.choice(STATUSES)
        values = {}
        for variable, answers in ANSWERS[unit[1]].items():
            answer = dice.choice([None, *answers, *answers])
            if answer is not None and (status == "OBSERVERT" or dice.random() < 0.1):
                kind = "num" if isinstance(answer, int) else "missing" if answer[0] == "?" else "code"
                values[variable] = (kind, answer[1:] if kind == "missing" else answer)
        occasion = dice.choice(["PLANLAGT"] * 4 + ["EKSTRA"])
        content = f"{dice.getrandbits(64):016x}"
        return Snapshot(unit[1], unit[0], day, *source, occasion, recorded, status, values, content)


def tables(world):
    """The inputs of the query, in an order that says nothing."""
    snapshots = []
    for it in world.snapshots:
        head = [it.kind, it.unit, number(it.day), it.source, it.register, it.occasion, it.recorded, it.status]
        for variable, (kind, value) in it.values.items():
            snapshots.append([*head, variable, *(value if kind == name else None for name in ("code", "num", "missing")), it.content])
        if not it.values:
            snapshots.append([*head, None, None, None, None, it.content])
    random.Random(1).shuffle(snapshots)
    return {
        "cut": [[world.cut, number(world.cut_day)]],
        "assignments": [[draw.number, family, draw.shown] for draw in world.draws for family in draw.families],
        "members": world.members,
        "targets": [[draw.number, it.name, it.order, *map(number, (it.day, it.first, it.last, it.due_on))]
                    for draw in world.draws for it in targets(world, draw.on)],
        "snapshots": snapshots,
        "exits": [[it.kind, it.unit, it.reason, number(it.start), number(it.until)] for it in world.exits],
    }


def on_sqlite(sql, inputs):
    engine = sqlite3.connect(":memory:")
    for name, rows in inputs.items():
        columns = [f"{it} {'TEXT' if it in TEXTS else 'INTEGER'}" for it in INPUTS[name]]
        engine.execute(f"CREATE TABLE {name} ({', '.join(columns)})")
        engine.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * len(columns))})", rows)
    return engine.execute(sql).fetchall()


def duck(inputs):
    """By way of Parquet files: inserting row by row takes minutes."""
    engine = duckdb.connect()
    for name, rows in inputs.items():
        schema = {it: polars.String if it in TEXTS else polars.Int64 for it in INPUTS[name]}
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "table.parquet"
            polars.DataFrame(rows, schema=schema, orient="row").write_parquet(path)
            engine.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}')")
    return engine


def same(engine, expected, found):
    if expected == [tuple(row) for row in found]:
        return
    pairs = [(a, b) for a, b in zip(expected, found) if a != tuple(b)][:3]
    sys.exit(f"{engine}: {len(expected)} rows by the rule, {len(found)} by the query; first differences: {pairs}")


def panel_text(path):
    return re.search(r"^-- panel\n(.*?);\n(?=-- [a-z_]+\n|\Z)", Path(path).read_text(encoding="utf-8"), re.S | re.M)[1]


def main(path, histories):
    sql, reasons, rows = panel_text(path), Counter(), 0
    for batch in range(0, histories, SIZE):
        maker = Maker(batch, sql)
        world = maker.world()
        expected, inputs = panel(world), tables(world)
        same(f"SQLite, batch {batch}", expected, on_sqlite(sql, inputs))
        same(f"DuckDB, batch {batch}", expected, duck(inputs).execute(sql).fetchall())
        reasons.update(row[10] for row in expected)
        rows += len(expected)
    # A reason that never occurred was not tried.
    tried = {"DOD", "TRAKK_SAMTYKKE", "IKKE_FORFALT", "FLYTTET_KOMMUNE", "SPURT_UKJENT", "IKKE_AKTUELT", "IKKE_NADD", "UTENFOR_VINDU",
             "IKKE_RAPPORTERT", None} | set(maker.out) & set(FROM_EVENTS)
    if set(reasons) != tried:
        sys.exit(f"reasons that did not occur, or are not known: {set(reasons) ^ tried}")
    print(f"{histories} histories, {rows} rows alike in plain Python, SQLite and DuckDB: {dict(reasons)}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(sys.argv[1], int(sys.argv[2]) if len(sys.argv) == 3 else 10_000)
