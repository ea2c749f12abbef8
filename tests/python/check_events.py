"""Works out a family's household from the rows of a pilot's SQLite file, and compares with what the program says.

    python check_events.py PILOTDIR SHOWN.json

SHOWN.json is a list of the answers of `lodd family show --json`. Nothing is shared with the program: the
latest version of each key counts unless it is a retraction; a member of the roster is there from the
family's registration until the day told; a move divides everybody's time.
"""

import json
import sqlite3
import sys
from datetime import date, timedelta
from pathlib import Path

EPOCH = date(1970, 1, 1)


def iso(day):
    return None if day is None else (EPOCH + timedelta(days=day)).isoformat()


def current(store, table, key, family):
    """The versions that stand: by key the last recorded, if it does not retract."""
    store.row_factory = sqlite3.Row
    rows = store.execute(f"SELECT * FROM {table} WHERE family_id = ? ORDER BY recorded_at", [family])
    last = {}
    for row in rows:
        last[tuple(row[name] for name in key)] = row
    return [row for row in last.values() if not row["retracted"]]


def household(store, family):
    spells = current(store, "household_spells", ["member_id", "valid_from"], family)
    moves = sorted((row["moved_on"], row["municipality"]) for row in current(store, "family_moves", ["moved_on"], family))
    registered, home = store.execute(
        "SELECT registered_on, o.municipality FROM families f JOIN offices o USING (office_id) "
        "WHERE family_id = ? ORDER BY f.recorded_at DESC, o.recorded_at DESC", [family]).fetchone()
    first_known = dict(store.execute(
        "SELECT member_id, MIN(recorded_at) FROM members WHERE family_id = ? GROUP BY member_id", [family]).fetchall())
    told_at = {(row[0], row[1]) for row in store.execute(
        "SELECT member_id, recorded_at FROM household_spells WHERE family_id = ?", [family])}
    found = []
    for member, known_at in sorted(first_known.items()):
        own = [(row["valid_from"], row["valid_to"]) for row in spells if row["member_id"] == member]
        newcomer = (member, known_at) in told_at
        listed = any(row["listed"] for row in spells if row["member_id"] == member)
        if not newcomer and not listed:
            own.append((registered, None))
        # Days that touch or overlap are one time.
        merged = []
        for low, high in sorted(own, key=lambda it: it[0]):
            if merged and (merged[-1][1] is None or low <= merged[-1][1]):
                end = merged[-1][1]
                merged[-1][1] = None if end is None or high is None else max(end, high)
            else:
                merged.append([low, high])
        for low, high in merged:
            cuts = [low] + [day for day, _ in moves if day > low and (high is None or day <= high)]
            for at, start in enumerate(cuts):
                end = cuts[at + 1] - 1 if at + 1 < len(cuts) else high
                place = next((it for day, it in reversed(moves) if day <= start), home)
                found.append((member, iso(start), iso(end), place))
    return found


def main(folder, shown):
    store = sqlite3.connect(f"file:{folder / 'pilot.sqlite'}?mode=ro", uri=True)
    answers = json.loads(shown.read_text())
    rows = 0
    for answer in answers:
        expected = household(store, answer["family"])
        found = [(it["member_id"], it["valid_from"], it["valid_to"], it["municipality"]) for it in answer["spells"]]
        assert found == expected, f"{answer['family']}: {found} is not {expected}"
        standing = sum(it["stands"] for it in answer["events"])
        keys = {"household_spells": ["member_id", "valid_from"], "family_moves": ["moved_on"],
                "consents": ["member_id", "kind", "at"], "deviations": ["at", "kind"]}
        stored = sum(len(current(store, table, key, answer["family"])) for table, key in keys.items())
        log = [row for row in current(store, "participation", ["started_on", "told_by"], answer["family"])
               if row["told_by"] == "LOGG"]
        assert standing == stored + len(log), f"{answer['family']}: {standing} events stand, not {stored + len(log)}"
        rows += len(found)
    print(f"{len(answers)} families, {rows} times in a household")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
