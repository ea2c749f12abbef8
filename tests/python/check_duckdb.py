"""Runs a pilot's printed queries on DuckDB and compares every row with the Parquet files.

    python check_duckdb.py PILOTDIR PANEL_SQL

The tables that the queries read are taken from the pilot's SQLite file with plain SELECTs, what is sealed
there opened by vault.py; the targets of the horizons come from horizon.py, which shares no code with the program. So the same text must give the
same rows on another engine.
"""

import hashlib
import json
import re
import sqlite3
import struct
import sys
import tempfile
import tomllib
from datetime import date, datetime, timezone
from pathlib import Path

import duckdb
import polars

from horizon import targets
from inputs import OSLO, read
from vault import Vault, place, text

EPOCH = date(1970, 1, 1)

# Every version known at the cut; which one is current is for the queries to say.
INPUTS = {
    "assignments": "SELECT a.draw, unit_kind, unit_id, unit_id AS family_id, block, arm, drawn_on, shown_at "
    "FROM assignments a JOIN draw_units USING (draw, unit_kind, unit_id) "
    "JOIN draws d ON d.draw = a.draw AND d.recorded_at = a.recorded_at WHERE a.recorded_at <= :cut",
    "members": "SELECT member_id, family_id, role, birth_year, 1 AS in_itt FROM members WHERE recorded_at <= :cut",
    "snapshots": "SELECT unit_kind, unit_id, status_date, source, register, occasion, recorded_at, record_status, "
    "family_id, sealed FROM snapshots WHERE recorded_at <= :cut",
    "monthly": "SELECT unit_kind, unit_id, month, register, recorded_at, family_id, sealed "
    "FROM monthly WHERE recorded_at <= :cut AND register <> 'ROSTER'",
    # The pilots of the demo have no events: a table with its columns.
    "exits": "SELECT member_id AS unit_kind, member_id AS unit_id, reason_out AS reason, valid_to AS from_on, "
    "valid_to AS until_on FROM household_spells WHERE recorded_at <= :cut",
    "office_families": "SELECT family_id, office_id FROM families WHERE recorded_at <= :cut",
    "office_draws": "SELECT draw, unit_id AS office_id, arm FROM assignments WHERE unit_kind = 'KONTOR'",
    "erased": "SELECT draw, unit_id AS family_id, arm FROM assignments WHERE unit_id IN (SELECT family_id FROM erasures)",
    "struck": "SELECT draw, unit_id AS family_id FROM struck WHERE blind = 1 AND before_locking = 1",
    "asked": "SELECT kind, member_id, family_id, at, answer, withdrawn_at FROM consents",
    "offered": "SELECT draw, family_id, answer FROM offers",
    "started": "SELECT draw, family_id, started_on FROM participation",
    "presence": "SELECT member_id, registered_on AS valid_from, CAST(NULL AS INTEGER) AS valid_to FROM members JOIN families "
    "USING (family_id)",
    "away": "SELECT member_id, valid_to AS from_on, valid_to AS until_on FROM household_spells "
    "WHERE recorded_at <= :cut",
    # The pilots of the demo have no register of last contact: a table with its columns.
    "last_contact": "SELECT member_id, year, register, register AS variable, register AS value FROM last_contact",
    "families": "SELECT family_id, office_id FROM families WHERE recorded_at <= :cut",
    "screening": "SELECT family_id, office_id, eligible, rule, passed FROM screenings "
    "JOIN screening_rules USING (screening_id, family_id) WHERE recorded_at <= :cut",
}
FILES = ("panel", "outcomes", "flow", "spells", "transitions", "stock", "concordance")
TARGETS = ["draw", "horizon", "horizon_order", "target", "window_low", "window_high", "due_on", "target_year",
           "month_first", "month_last"]
PLANNED = ["draw", "outcome_id", "horizon", "source", "register"]
WHOLE = {*TARGETS} - {"horizon"} | {"draw", "drawn_on", "shown_at", "from_on", "until_on", "at", "withdrawn_at", "started_on", "valid_from", "valid_to", "birth_year", "in_itt", "status_date", "recorded_at", "value_num", "month",
         "assistance_grant", "assistance_loan", "eligible", "passed", "year", "last_day"}


def days(day):
    return (day - EPOCH).days


def micros(moment):
    return int((moment - datetime(1970, 1, 1, tzinfo=timezone.utc)).total_seconds() * 1_000_000)


def target_rows(pilot, drawn_on):
    first = drawn_on.year * 12 + drawn_on.month  # month 1 is the one after the draw's
    return [
        (1, it.name, order, days(it.at), days(it.low), days(it.high), days(it.due_on), it.at.year, first,
         first - 1 + it.months)
        for order, it in enumerate(targets(pilot, drawn_on), 1)
    ]


def planned_rows(folder):
    """Where the plan analyses its primary outcomes; all of its outcomes, if it calls none primary."""
    plan = tomllib.loads((folder / "analysis.toml").read_text(encoding="utf-8"))
    primary = {it["id"] for it in plan.get("outcome", []) if it.get("primary")}
    return sorted({
        (draw, it["outcome"], str(it.get("at", it.get("horizon"))), it["source"], it.get("register", ""))
        for it in plan["analysis"] for draw in it.get("draws", [1]) if not primary or it["outcome"] in primary
    })


def fill(engine, name, columns, rows):
    """By way of a Parquet file: inserting row by row takes minutes."""
    schema = {it: polars.Int64 if it in WHOLE else polars.String for it in columns}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "table.parquet"
        polars.DataFrame(rows, schema=schema, orient="row").write_parquet(path)
        engine.execute(f"CREATE TABLE {name} AS SELECT * FROM read_parquet('{path}')")


def texts_of(data):
    while data:
        (length,), data = struct.unpack(">I", data[:4]), data[4:]
        yield data[:length].decode()
        data = data[length:]


def opened_snapshot(vault, row):
    *head, family, sealed = row
    _, unit, day, source, register, occasion, at, status = head
    data = vault.open(family, place("snapshots", unit, day, source, register, at), sealed)
    content = hashlib.sha256(b"lodd snapshot/1\0" + text(occasion) + text(status) + data).hexdigest()
    parts = list(texts_of(data))
    for name, value in zip(parts[::2], parts[1::2]):
        kind, value = value[0], value[2:]
        code, number, missing = (value if kind == it else None for it in "cnm")
        yield (*head, name, code, number and int(number), missing, content)
    if not parts:
        yield (*head, None, None, None, None, content)


def opened_month(vault, row):
    kind, unit, month, register, at, family, sealed = row
    yield (kind, unit, month, register, at, *json.loads(vault.open(family, place("monthly", unit, month, register, at), sealed)))


OPENED = {"snapshots": (opened_snapshot, ["variable", "value_code", "value_num", "missing_code", "content"]),
          "monthly": (opened_month, ["assistance_grant", "assistance_loan"])}


def prepare(engine, pilot, folder, cut):
    store = sqlite3.connect(f"file:{folder / 'pilot.sqlite'}?mode=ro", uri=True)
    vault = Vault(store, folder / "private" / "keys")
    for name, sql in INPUTS.items():
        found = store.execute(sql, {"cut": micros(cut)})
        columns, rows = [it[0] for it in found.description], found.fetchall()
        if name in OPENED:
            opened, more = OPENED[name]
            columns, rows = columns[:-2] + more, [it for row in rows for it in opened(vault, row)]
        fill(engine, name, columns, rows)
    (drawn_on,) = store.execute("SELECT MAX(drawn_on) FROM draws").fetchone()
    drawn = date.fromordinal(EPOCH.toordinal() + drawn_on)
    fill(engine, "targets", TARGETS, target_rows(pilot, drawn))
    fill(engine, "planned", PLANNED, planned_rows(folder))
    months = [month for (month,) in engine.execute("SELECT month FROM monthly UNION SELECT month_first - 1 FROM targets "
                                                   "UNION SELECT month_last FROM targets").fetchall()]
    fill(engine, "calendar", ["month", "year", "last_day"],
         [(it, it // 12, days(date(it // 12 + (it % 12 == 11), (it + 1) % 12 + 1, 1)) - 1)
          for it in range(min(months), max(months) + 1)])
    engine.execute("CREATE TABLE cut AS SELECT ?::BIGINT AS cut_us, ?::BIGINT AS cut_day",
                   [micros(cut), days(cut.astimezone(OSLO).date())])


def plain(value):
    if isinstance(value, datetime):
        return micros(value if value.tzinfo else value.replace(tzinfo=timezone.utc))
    if isinstance(value, date):
        return days(value)
    return int(value) if isinstance(value, bool) else value


def from_query(engine, name, sql):
    found = engine.execute(sql)
    columns = [it[0] for it in found.description]
    rows = [dict(zip(columns, row)) for row in found.fetchall()]
    for row in rows:
        row["cut"] = row.pop("cut_us")
        for key in {"register", "register_a", "register_b"} & set(row):
            row[key] = row[key] or None
        if name == "outcomes":
            top, bottom = row.pop("value_num"), row.pop("value_den")
            row["value"] = None if top is None or not bottom else top / bottom
        if name == "stock":
            row["month"] = date(row["month"] // 12, row["month"] % 12 + 1, 1)
            for it in ("families", "children"):
                total = row.pop(f"{it}_12")
                row[f"mean_{it}_12"] = None if total is None else total / 12
    return rows


def main(folder, sql_file):
    pilot = read(folder)
    expected = {name: polars.read_parquet(folder / "out" / f"{name}.parquet").to_dicts()
                for name in FILES}
    cut = expected["panel"][0]["cut"]
    cut = cut if cut.tzinfo else cut.replace(tzinfo=timezone.utc)
    texts = dict(re.findall(r"^-- (screening|observations|panel|outcomes|flow|spells|transitions|stock|concordance)\n(.*?);\n(?=-- [a-z_]+\n|\Z)", sql_file.read_text(), re.S | re.M))
    engine = duckdb.connect()
    prepare(engine, pilot, folder, cut)
    for table in ("panel", "observations", "outcomes"):
        engine.execute(f"CREATE TABLE {table} AS {texts[table]}")
    for name in FILES:
        found = from_query(engine, name, texts[name])
        stored = [{key: plain(value) for key, value in row.items()} for row in expected[name]]
        found = [{key: plain(row[key]) for key in (stored or found)[0]} for row in found]
        if found != stored:
            pairs = [(a, b) for a, b in zip(stored, found) if a != b][:3]
            sys.exit(f"{name}: {len(stored)} rows stored, {len(found)} from DuckDB; first differences: {pairs}")
        print(f"{name}: {len(found)} rows alike")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
