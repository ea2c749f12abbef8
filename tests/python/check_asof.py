"""Why no as-of join defines an outcome: DuckDB's ASOF join beside the horizon rule, on the same snapshots.

    python check_asof.py PANEL_SQL

An as-of join takes, for each unit and target, the last row that is not after the target. It is not the rule:

- it looks back only, so the nearest snapshot is not taken when it lies after the target;
- among rows of one date it takes any: with corrections, whichever the engine meets first, so that the answer
  follows the order of the rows in the file;
- a row whose date is null matches nothing, and a row whose value is null is either taken as an answer or, filtered
  away as one does, replaced by an older one: a value is carried forward where the rule says that it is not known;
- it knows no window, so an answer of any age is taken.

Each is shown by hand, with the answer of the rule from the printed query; then on a thousand generated histories.
"""

import sys
from datetime import date, timedelta

import duckdb

from check_histories import Maker, duck, panel_text, tables
from plain_rule import Draw, Horizon, Snapshot, World, months_after

DRAWN_ON = date(2015, 8, 20)
TARGET = months_after(DRAWN_ON, 12)
ASOF = """
SELECT a.family_id, t.horizon, s.value_code
FROM assignments a JOIN targets t USING (draw)
ASOF LEFT JOIN {snapshots} s ON s.unit_id = a.family_id AND s.status_date <= t.target
ORDER BY a.family_id, t.horizon_order
"""
ANSWERS = "(SELECT * FROM snapshots WHERE variable = 'BOLIG')"
KNOWN = "(SELECT * FROM snapshots WHERE variable = 'BOLIG' AND value_code IS NOT NULL)"


def world(*told):
    """One family drawn on 20 August 2015 with snapshots of (days from the target, record time, answer)."""
    it = World(1000, TARGET + timedelta(90), 30, [Horizon(12, 45, 45)], [Draw(1, DRAWN_ON, 100, ["F1"])])
    for off, recorded, answer in told:
        values = {"BOLIG": ("missing", answer[1:]) if answer[0] == "?" else ("code", answer)}
        it.snapshots.append(Snapshot("FAMILIE", "F1", TARGET + timedelta(off), "VEILEDER", "", "PLANLAGT", recorded, "OBSERVERT", values, f"{recorded:04}"))
    return it


def by_rule(sql, inputs):
    rows = duck(inputs).execute(f"SELECT value, missing_reason FROM ({sql}) WHERE rule = 'primary' AND variable = 'BOLIG'").fetchall()
    return [value or reason for value, reason in rows]


def by_asof(inputs, snapshots=ANSWERS):
    return [row[2] for row in duck(inputs).execute(ASOF.format(snapshots=snapshots)).fetchall()]


def expect(what, expected, found):
    if expected != found:
        sys.exit(f"{what}: expected {expected}, found {found}")


def by_hand(sql):
    after = tables(world((-40, 1, "UTEN"), (3, 2, "EID")))
    expect("rule, the nearest lies after the target", ["EID"], by_rule(sql, after))
    expect("as-of, the nearest lies after the target", ["UTEN"], by_asof(after))

    tie = tables(world((-5, 1, "UTEN"), (5, 2, "EID")))
    expect("rule, a tie of distance goes to the later day", ["EID"], by_rule(sql, tie))
    expect("as-of, a tie of distance", ["UTEN"], by_asof(tie))

    # The same two versions of one day, in either order of the rows.
    told, found = tables(world((-5, 1, "UTEN"), (-5, 2, "EID"))), set()
    for backwards in (False, True):
        told["snapshots"].sort(key=lambda row: row[6], reverse=backwards)
        expect("rule, a correction", ["EID"], by_rule(sql, told))
        found.add(by_asof(told)[0])
    if found == {"EID"}:
        sys.exit("as-of: a tie of dates was expected to follow the order of the rows, it did not")

    unknown = tables(world((-30, 1, "EID"), (-1, 2, "?UKJENT")))
    expect("rule, an answer that is not known", ["SPURT_UKJENT"], by_rule(sql, unknown))
    expect("as-of, nulls filtered away: carried forward", ["EID"], by_asof(unknown, KNOWN))
    expect("as-of, nulls kept: no reason", [None], by_asof(unknown))

    old = tables(world((-300, 1, "EID")))
    expect("rule, an answer of another time", ["UTENFOR_VINDU"], by_rule(sql, old))
    expect("as-of, an answer of another time", ["EID"], by_asof(old))

    # DuckDB leaves out a row whose date is null; the rule never meets one, since a snapshot has its day as key.
    engine = duckdb.connect()
    nulls = "SELECT s.x FROM (SELECT 5 AS day) t ASOF LEFT JOIN (VALUES (NULL, 'a')) s(day, x) ON t.day >= s.day"
    expect("as-of, a null date", [(None,)], engine.execute(nulls).fetchall())


def generated(sql):
    it = Maker(0, sql).world()
    inputs = tables(it)
    inputs["assignments"].sort(key=lambda row: row[1])
    engine = duck(inputs)
    pairs = engine.execute(f"""
        WITH joined AS ({ASOF.format(snapshots=KNOWN).replace("a.family_id, t.horizon,", "a.draw, a.family_id, t.horizon,", 1)}),
        ruled AS (SELECT draw, unit_id, horizon, MAX(value) AS value FROM ({sql})
            WHERE rule = 'primary' AND variable = 'BOLIG' AND unit_kind = 'FAMILIE' GROUP BY draw, unit_id, horizon)
        SELECT COUNT(*), COUNT(*) FILTER (WHERE r.value IS DISTINCT FROM j.value_code)
        FROM ruled r JOIN joined j ON j.draw = r.draw AND j.family_id = r.unit_id AND j.horizon = r.horizon""").fetchone()
    if pairs[1] == 0:
        sys.exit("as-of: it was expected to disagree with the rule on generated histories, it did not")
    print(f"as-of: by hand as expected; on {pairs[0]} families and horizons it disagrees with the rule on {pairs[1]}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    text = panel_text(sys.argv[1])
    by_hand(text)
    generated(text)
