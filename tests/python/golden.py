"""Makes crates/lodd-store/tests/golden/: one small store of each plain format (1 to 5), by SQL alone.

Run from the project's folder. Each is what a program of its time would have left: the migrations' SQL up
to its number, and the same happenings told by the same rows. A released golden store is never made anew;
this script documents how they came about. Formats from 6 on are kept copies of what the program wrote.
"""

import hashlib
import hmac
import json
import sqlite3
import struct
from pathlib import Path

HERE = Path("crates/lodd-store")
START = 1_440_061_200_000_000  # 2015-08-20T09:00:00Z
DAY = 16_667  # 2015-08-20
KEY = bytes(range(32))  # the ledger's
TABLES = {
    1: "ledger ledger_payloads offices families members facts screenings screening_rules draws draw_units "
       "assignments uploads snapshots snapshot_values monthly held_atoms plans runs".split(),
    2: "roster_marks linked_families linked_members".split(),
    3: "offers offers_closed participation".split(),
    4: ["struck"],
    5: "holds_resolved releases".split(),
}


def text(value):
    data = value.encode()
    return struct.pack(">I", len(data)) + data


def content(occasion, status, values):
    data = b"lodd snapshot/1\0" + text(occasion) + text(status)
    for name, (kind, value) in sorted(values.items()):
        data += text(name) + text(f"{kind}:{value}")
    return hashlib.sha256(data).hexdigest()


class Store:
    def __init__(self, path, number):
        self.base = sqlite3.connect(path, isolation_level=None)
        self.base.execute("PRAGMA page_size = 1024")  # the program's is 4096: four times the file
        self.seq, self.previous = 0, "0" * 64
        for step in range(1, number + 1):
            self.base.executescript((HERE / f"src/pilot/{step:04}.sql").read_text())
            for table in TABLES[step]:
                for verb in ("UPDATE", "DELETE"):
                    self.base.execute(f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                                      f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END")
        self.base.execute(f"PRAGMA application_id = {0x6C6F6464}")
        self.base.execute(f"PRAGMA user_version = {number}")

    @property
    def at(self):
        """`recorded_at` of what is written next."""
        return START + 60_000_000 * self.seq

    def add(self, table, *rows):
        for row in rows:
            self.base.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def close(self, event, payload):
        at, self.seq = self.at, self.seq + 1
        payload = json.dumps(payload, separators=(",", ":"))
        commitment = hmac.new(KEY, payload.encode(), hashlib.sha256).hexdigest()
        data = b"lodd ledger/1\0" + struct.pack(">qq", self.seq, at)
        for part in ("scripted", "forsker", event, commitment, self.previous):
            data += text(part)
        entry = hashlib.sha256(data).hexdigest()
        self.add("ledger", (self.seq, at, "scripted", "forsker", event, commitment, self.previous, entry))
        self.add("ledger_payloads", (self.seq, payload))
        self.previous = entry

    def snapshot(self, number, kind, unit, date, values, status="OBSERVERT", reason=None):
        self.add("snapshots", (number, kind, unit, date, "VEILEDER", "", self.at, self.seq + 1, "PLANLAGT", status,
                               reason, content("PLANLAGT", status, values)))
        column = {"c": 2, "n": 3, "m": 4}
        for name, (kind, value) in values.items():
            row = [number, name, None, None, None]
            row[column[kind]] = value
            self.add("snapshot_values", row)


def make(number, path):
    store = Store(path, number)
    at = store.at
    store.add("offices", ("ringerike", at, "Nav Ringerike", "0605"), ("hadsel", at, "Nav Hadsel", "1866"))
    store.add("families", *((f"RIN-{it}", at, office, DAY - 30) for it, office in
                            (("AAA", "ringerike"), ("BBB", "ringerike"), ("CCC", "hadsel"))))
    store.add("members", ("RIN-AAA-A1", at, "RIN-AAA", "FORELDER", 1980, "K"),
              ("RIN-AAA-B1", at, "RIN-AAA", "BARN", 2008, None),
              ("RIN-BBB-A1", at, "RIN-BBB", "FORELDER", 1985, None))
    store.add("facts", ("RIN-AAA", "husleie", DAY - 10, at, "KANARI-LEIE-9512", "VEILEDER"),
              ("RIN-CCC", "husleie", DAY - 10, at, "KANARI-LEIE-7734", None))
    store.add("monthly", ("FAMILIE", "RIN-AAA", 24_187, "ROSTER", at, None, 987_654_321, None))
    if number >= 2:
        store.add("roster_marks", ("RIN-AAA-A1", "PERSON_KEY", at, "KANARI-PERSON-aa11"),
                  ("RIN-BBB", "UTMELDT", at, None), ("RIN-CCC", "BOR_SAMMEN_MED", at, "RIN-BBB"))
    store.close("roster", {"files": ["aa" * 32], "new": 12, "changed": 0})

    at = store.at
    store.add("screenings", (2, "RIN-AAA", at, "ringerike", DAY, 1, "bb" * 32), (2, "RIN-BBB", at, "ringerike", DAY, 0, "bb" * 32))
    store.add("screening_rules", (2, "RIN-AAA", 1, "bor_i_kommunen", 1, None, None, None),
              (2, "RIN-BBB", 1, "bor_i_kommunen", 0, "flyttet", "flytta", "moved"))
    store.close("screening", {"screening_id": 2, "as_of": DAY, "rule_hash": "bb" * 32, "families": 2, "eligible": 1})

    at = store.at
    store.add("draws", (1, at, "IMPORTED", "imported", None, '["oppfolging","vanlig"]', DAY, at, None, None, None, "cc" * 32))
    store.add("draw_units", (1, "FAMILIE", "RIN-AAA", "ringerike", at), (1, "FAMILIE", "RIN-BBB", "ringerike", at))
    store.add("assignments", (1, "FAMILIE", "RIN-AAA", at, None, None, None, "oppfolging", "1/2"),
              (1, "FAMILIE", "RIN-BBB", at, None, None, None, "vanlig", "1/2"))
    store.close("draw_import", {"draw": 1})

    at = store.at
    store.add("uploads", (4, "ringerike", "d1" * 32, at, 4, 2, 0, 0, 2))
    store.snapshot(1, "VOKSEN", "RIN-AAA-A1", DAY + 90, {"ARBEID": ("c", "KANARI_HELTID"), "STILLINGSPROSENT": ("n", 80),
                                                         "SYKMELDT": ("m", "UKJENT")})
    store.snapshot(2, "FAMILIE", "RIN-AAA", DAY + 90, {"BOLIG": ("c", "KANARI_LEID")})
    store.snapshot(3, "FAMILIE", "RIN-BBB", DAY + 90, {}, "IKKE_NADD")
    store.add("held_atoms", (4, 1, "RIN-BBB", DAY + 91, '["D03"]', '[{"arbeid":"KANARI-HOLDT-1"}]'),
              (4, 2, "ukjent familie", None, '["F01"]', '[{"arbeid":"KANARI-HOLDT-2"}]'))
    store.add("monthly", ("FAMILIE", "RIN-AAA", 24_190, "KOSTRA_11F", at, 4, 912_345_678, 87_654_321))
    store.close("upload", {"upload_id": 4, "office_id": "ringerike", "file_sha256": "d1" * 32, "delivered": 4, "new": 2,
                           "unchanged": 0, "corrected": 0, "held": 2})

    at = store.at
    store.add("uploads", (5, "ringerike", "d2" * 32, at, 1, 0, 0, 1, 0))
    store.snapshot(4, "VOKSEN", "RIN-AAA-A1", DAY + 90, {"ARBEID": ("c", "KANARI_DELTID"), "STILLINGSPROSENT": ("n", 40)},
                   reason="TASTEFEIL")
    if number >= 5:
        store.add("holds_resolved", (4, 1, at, 5))
    store.close("upload", {"upload_id": 5, "office_id": "ringerike", "file_sha256": "d2" * 32, "delivered": 1, "new": 0,
                           "unchanged": 0, "corrected": 1, "held": 0})

    at = store.at
    store.add("plans", (hashlib.sha256(b"alpha = 0.05").hexdigest(), at, "alpha = 0.05"))
    store.close("plan", {"plan": hashlib.sha256(b"alpha = 0.05").hexdigest()})
    if number >= 4:
        store.add("struck", (1, "FAMILIE", "RIN-BBB", store.at, DAY - 20, "flyttet", 0, 1))
        store.close("strike", {"draw": 1, "family": "RIN-BBB"})
    store.base.execute("VACUUM")
    store.base.close()


if __name__ == "__main__":
    for number in TABLES:
        path = HERE / f"tests/golden/format-{number}.sqlite"
        path.unlink(missing_ok=True)
        make(number, path)
        print(path, path.stat().st_size)
