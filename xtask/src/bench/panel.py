"""What `cargo xtask bench panel` holds lodd-cluster against: makes the register, and runs the same definition in
DuckDB, polars and SQLite. Each prints `seconds rows`."""

import datetime
import sys
import time
from pathlib import Path

VARIABLES = 8
MONTHS = 12
DRAWN_ON = "2020-01-15"
CUT = "2021-06-01T00:00:00Z"


def make(folder, rows):
    """A row a value: persons by 12 months by 8 variables, sorted by person; and corrections of one snapshot in a
    hundred, in a file of their own."""
    import duckdb

    db = duckdb.connect()
    db.execute("SET threads = 2; SET memory_limit = '2GB'; SET preserve_insertion_order = true")
    persons = rows // (VARIABLES * MONTHS)

    def text(source, correction):
        # Now and then a person is not seen: a status without a variable would take its place.
        return f"""
            SELECT 'VOKSEN' AS unit_kind, printf('P%08d', i // 96) AS unit_id,
                DATE '{DRAWN_ON}' + INTERVAL (1 + (i % 96) // 8 - CASE WHEN (i // 96) % 11 = 0 THEN 5 ELSE 0 END) MONTH
                    + INTERVAL (((i // 8) * 7919) % 21 - 10) DAY AS day,
                'REGISTER' AS source, 'AORDNINGEN' AS register,
                CASE WHEN (i // 8) % 17 = 0 THEN 'EKSTRA' ELSE 'PLANLAGT' END AS occasion,
                CASE WHEN (i // 8) % 101 = 0 THEN 'IKKE_NADD' ELSE 'OBSERVERT' END AS record_status,
                'V' || (i % 8) AS variable, i % 8 AS v, (i * 2654435761) % 97 AS dice
            FROM {source}""", f"""
            SELECT unit_kind, unit_id, CAST(day AS DATE) AS status_date, source, register, occasion,
                CAST(day + INTERVAL {35 if correction else 20} DAY AS TIMESTAMPTZ) AS recorded_at, record_status,
                variable,
                CASE WHEN v < 6 AND dice > 3 THEN 'K' || ((dice + {int(correction)}) % 7) END AS value_code,
                CASE WHEN v >= 6 AND dice > 3 THEN CAST((dice + {int(correction)}) % 60 AS BIGINT) END AS value_num,
                CASE WHEN dice <= 3 THEN 'UKJENT' END AS missing_code
            FROM made"""

    db.execute("SET TimeZone = 'UTC'")
    sources = {
        "snapshots-0": (f"range({persons * 96}) AS t(i)", False),
        "snapshots-1": (f"(SELECT (i // 8) * 800 + i % 8 AS i FROM range({persons * 96 // 100 // 8 * 8}) AS t(i))", True),
    }
    for name, (source, correction) in sources.items():
        made, text_out = text(source, correction)
        db.execute(
            f"COPY (WITH made AS ({made}) {text_out}) TO '{folder}/{name}.parquet' "
            "(FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880)"
        )
    db.execute(
        f"""COPY (SELECT CAST(1 AS INTEGER) AS draw, 'VOKSEN' AS unit_kind, printf('P%08d', i) AS unit_id,
            printf('P%08d', i) AS family_id, DATE '{DRAWN_ON}' AS drawn_on,
            CASE WHEN i % 2 = 0 THEN 'follow-up' ELSE 'ordinary' END AS arm
            FROM range({persons}) AS t(i)) TO '{folder}/assignments.parquet' (FORMAT parquet, COMPRESSION zstd)"""
    )
    Path(folder, "rules.toml").write_text("[followup]\n[[followup.horizon]]\nmonths = 12\n")


def days(text):
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days


def cut_us():
    return int(datetime.datetime.fromisoformat(CUT.replace("Z", "+00:00")).timestamp()) * 1_000_000


TARGET = days("2021-01-15")
LOW, HIGH, DUE = TARGET - 45, TARGET + 45, TARGET + 45 + 30
SHOWN_AT = (days(DRAWN_ON) + 1) * 86_400_000_000 - 3_600_000_000

SMALL = f"""
CREATE TABLE cut AS SELECT CAST({cut_us()} AS BIGINT) AS cut_us, CAST({days("2021-06-01")} AS BIGINT) AS cut_day;
CREATE TABLE targets AS SELECT CAST(1 AS BIGINT) AS draw, '12' AS horizon, CAST(1 AS BIGINT) AS horizon_order,
    CAST({TARGET} AS BIGINT) AS target, CAST({LOW} AS BIGINT) AS window_low, CAST({HIGH} AS BIGINT) AS window_high,
    CAST({DUE} AS BIGINT) AS due_on;
CREATE TABLE exits (unit_kind VARCHAR, unit_id VARCHAR, reason VARCHAR, from_on BIGINT, until_on BIGINT);
"""


def duck(folder, _):
    """The panel's own text, in the memory that lodd-cluster may have."""
    run_duck(folder, "duckdb", ["SET memory_limit = '2GB'"])


def duck_all_memory(folder, _):
    """The same with all the memory that DuckDB takes by itself."""
    run_duck(folder, "duckdb-all-memory", [])


def run_duck(folder, name, settings):
    import duckdb

    db = duckdb.connect(f"{folder}/duck.db")
    db.execute(f"SET threads = 2; SET temp_directory = '{folder}/duck.tmp'; SET TimeZone = 'UTC'")
    for setting in settings:
        db.execute(setting)
    db.execute("SET preserve_insertion_order = false")
    db.execute(SMALL)
    start = time.perf_counter()
    db.execute(
        f"""CREATE VIEW snapshots AS SELECT unit_kind, unit_id, CAST(status_date - DATE '1970-01-01' AS BIGINT) AS
            status_date, source, coalesce(register, '') AS register, occasion, epoch_us(recorded_at) AS recorded_at,
            record_status, variable, value_code, value_num, missing_code, '' AS content
            FROM '{folder}/snapshots-*.parquet';
        CREATE VIEW assignments AS SELECT DISTINCT CAST(draw AS BIGINT) AS draw, family_id,
            CAST({SHOWN_AT} AS BIGINT) AS shown_at FROM '{folder}/assignments.parquet';
        CREATE VIEW members AS SELECT DISTINCT unit_id AS member_id, family_id, 'FORELDER' AS role, 1 AS in_itt
            FROM '{folder}/assignments.parquet';"""
    )
    text = Path(folder, "panel.sql").read_text()
    db.execute(f"COPY ({text}) TO '{folder}/{name}.parquet' (FORMAT parquet, COMPRESSION snappy)")
    seconds = time.perf_counter() - start
    rows = db.execute(f"SELECT count(*) FROM '{folder}/{name}.parquet'").fetchone()[0]
    print(f"{seconds:.2f} {rows}")


def sqlite(folder, _):
    """The panel's own text; the time is the query's, not that of loading."""
    import sqlite3

    import duckdb

    db = sqlite3.connect(":memory:")
    db.executescript(SMALL.replace("VARCHAR", "TEXT"))
    db.executescript(
        f"""CREATE TABLE snapshots (unit_kind TEXT, unit_id TEXT, status_date BIGINT, source TEXT, register TEXT,
            occasion TEXT, recorded_at BIGINT, record_status TEXT, variable TEXT, value_code TEXT, value_num BIGINT,
            missing_code TEXT, content TEXT);
        CREATE TABLE assignments (draw BIGINT, family_id TEXT, shown_at BIGINT);
        CREATE TABLE members (member_id TEXT, family_id TEXT, role TEXT, in_itt BIGINT);"""
    )
    duck_db = duckdb.connect()
    rows = duck_db.execute(
        f"""SELECT unit_kind, unit_id, status_date - DATE '1970-01-01', source, coalesce(register, ''), occasion,
            epoch_us(recorded_at), record_status, variable, value_code, value_num, missing_code, ''
            FROM '{folder}/snapshots-*.parquet'"""
    ).fetchall()
    db.executemany("INSERT INTO snapshots VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)", rows)
    units = duck_db.execute(f"SELECT unit_id FROM '{folder}/assignments.parquet'").fetchall()
    db.executemany(f"INSERT INTO assignments VALUES (1, ?, {SHOWN_AT})", units)
    db.executemany("INSERT INTO members VALUES (?1, ?1, 'FORELDER', 1)", units)
    del rows
    start = time.perf_counter()
    found = sum(1 for _ in db.execute(Path(folder, "panel.sql").read_text()))
    print(f"{time.perf_counter() - start:.2f} {found}")


def polars(folder, _):
    """The rule by hand, as far as this register needs it: no families, no deaths, no moves."""
    import resource

    import polars as pl

    # It has no limit of its own; what does not fit fails here and not in the machine.
    resource.setrlimit(resource.RLIMIT_AS, (16 << 30, 16 << 30))
    key = ["unit_id", "source", "register"]
    start = time.perf_counter()
    cut = pl.lit(cut_us()).cast(pl.Datetime("us", "UTC"))
    rows = pl.scan_parquet(f"{folder}/snapshots-*.parquet").filter(pl.col("recorded_at") <= cut)
    rows = rows.with_columns(day=pl.col("status_date").cast(pl.Int32).cast(pl.Int64))
    versions = rows.filter(
        pl.col("recorded_at") == pl.col("recorded_at").max().over(["unit_id", "day", "source", "register"])
    ).filter(pl.col("record_status") != "TILBAKEKALT").collect()
    versions = versions.lazy()
    value = pl.coalesce(pl.col("value_code"), pl.col("value_num").cast(pl.String)).alias("value")
    answers = versions.select(*key, "day", "record_status", "variable", "missing_code", value)
    standing = versions.select(*key, "day", "occasion", "record_status").unique()
    distance = (pl.col("day") - TARGET).abs()
    picks = []
    for rule, before, extra in [("primary", 0, False), ("locf90", 90, False), ("nearest_any", 0, True)]:
        occasions = ["PLANLAGT", "EKSTRA"] if extra else ["PLANLAGT"]
        picked = (
            standing.filter(
                (pl.col("record_status") == "OBSERVERT")
                & pl.col("occasion").is_in(occasions)
                & pl.col("day").is_between(LOW - before, HIGH)
            )
            .with_columns(early=pl.col("day") < LOW, distance=distance)
            .sort("early", "distance", "day", descending=[False, False, True])
            .group_by(key)
            .agg(pl.col("day").first(), n_in_window=(pl.col("day") >= LOW).sum())
        )
        picks.append(picked.with_columns(rule=pl.lit(rule)))
    seen = (
        answers.filter((pl.col("record_status") == "OBSERVERT") & pl.col("value").is_not_null())
        .with_columns(distance=distance)
        .sort("distance", "day", descending=[False, True])
        .group_by(*key, "variable")
        .agg(nearest=pl.col("day").first())
    )
    missed = standing.filter((pl.col("record_status") == "IKKE_NADD") & pl.col("day").is_between(LOW, HIGH))
    missed = missed.select(key).unique().with_columns(missed=pl.lit(True))
    series = answers.select("source", "register", "variable").unique()
    units = pl.scan_parquet(f"{folder}/assignments.parquet").select("unit_id")
    rules = pl.LazyFrame({"rule": ["primary", "locf90", "nearest_any"], "rule_order": [1, 2, 3]})
    panel = (
        units.join(series, how="cross")
        .join(rules, how="cross")
        .join(pl.concat(picks), on=[*key, "rule"], how="left")
        .join(answers.drop("record_status"), on=[*key, "day", "variable"], how="left")
        .join(seen, on=[*key, "variable"], how="left")
        .join(missed, on=key, how="left")
        .with_columns(
            reason=pl.when(pl.col("value").is_not_null())
            .then(None)
            .when(pl.col("missing_code").is_in(["UKJENT", "VIL_IKKE_SVARE"]))
            .then(pl.lit("SPURT_UKJENT"))
            .when(pl.col("missed"))
            .then(pl.lit("IKKE_NADD"))
            .when(pl.col("nearest").is_not_null())
            .then(pl.lit("UTENFOR_VINDU"))
            .otherwise(pl.lit("IKKE_RAPPORTERT"))
        )
        .with_columns(day=pl.when(pl.col("reason") == "UTENFOR_VINDU").then("nearest").otherwise("day"))
        .sort("unit_id", "source", "register", "rule_order", "variable")
        .select("unit_id", "source", "register", "rule", "variable", "value", missing_reason="reason",
                status_date=pl.col("day"), n_in_window=pl.col("n_in_window").fill_null(0))
    ).collect()
    panel.write_parquet(f"{folder}/polars.parquet", compression="snappy")
    print(f"{time.perf_counter() - start:.2f} {panel.height}")


def compare(folder, _):
    """Rows of lodd's file that the peers' files do not have, and the other way."""
    import duckdb

    db = duckdb.connect()
    columns = "unit_id, source, register, rule, variable, value, missing_reason, {}, n_in_window"
    ours = f"SELECT {columns.format('status_date - DATE $$1970-01-01$$')} FROM '{folder}/out/panel.parquet'"
    for peer in ("duckdb", "duckdb-all-memory", "polars"):
        if not Path(folder, f"{peer}.parquet").exists():
            continue
        theirs = f"SELECT {columns.format('status_date')} FROM '{folder}/{peer}.parquet'"
        other = sum(
            db.execute(f"SELECT count(*) FROM ({a} EXCEPT ALL {b})").fetchone()[0]
            for a, b in ((ours, theirs), (theirs, ours))
        )
        print(f"{peer:<16} {other} rows differ")
        if other:
            sys.exit(1)


def watched(limit, words):
    """Runs a command for at most so many seconds and adds its greatest resident memory in MB to what it prints."""
    import resource
    import subprocess

    start = time.perf_counter()
    try:
        done = subprocess.run(words, stdout=subprocess.PIPE, text=True, timeout=limit)
        text, code = done.stdout.strip(), done.returncode
    except subprocess.TimeoutExpired:
        text, code = "stopped", 0
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"{seconds:.2f} {peak:.0f} {text}")
    sys.exit(code)


if __name__ == "__main__":
    job, folder = sys.argv[1], sys.argv[2]
    if job == "watched":
        watched(float(folder), sys.argv[3:])
    else:
        {"make": make, "duckdb": duck, "duckdb-all-memory": duck_all_memory, "sqlite": sqlite, "polars": polars, "compare": compare}[job](
            folder, int(sys.argv[3]) if len(sys.argv) > 3 else 0
        )
