"""Twelve made-up families for a draw that is announced and drawn afresh each time the demo runs.

    python make.py        # standard library alone
"""

import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from making import choose, family_ids, number, write_csv  # noqa: E402

START, THREE_MONTHS = date(2026, 8, 24), date(2026, 12, 1)


def dated(first, days, *words):
    return first + timedelta(number("kast", *words) % days)


def main():
    families = family_ids("KAS", 12)
    children = {family: 1 + number("children", family) % 3 for family in families}
    write_csv(HERE / "familier.csv", ["familie_id", "kontor", "registrert"],
              [[family, "kast", dated(date(2026, 6, 1), 40, "in", family)] for family in families], ";")
    members = []
    for family in families:
        members.append([f"{family}-A1", family, "FORELDER", 1978 + number("born", family) % 20, "K"])
        members += [[f"{family}-B{n}", family, "BARN", 2010 + number("child", family, n) % 14, None]
                    for n in range(1, children[family] + 1)]
    write_csv(HERE / "medlemmer.csv", ["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn"], members, ";")
    for name, first, chance in (("start", START, 1), ("tre-maneder", THREE_MONTHS, 5)):
        adults = []
        for place, family in enumerate(families):
            income, work = choose([("SOSIALHJELP", "LEDIG_REG"), ("SOSIALHJELP", "IKKE_SOKER")], name, family)
            if place % 12 < chance:
                income, work = "LONN", "DELTID"
            adults.append([f"{family}-A1", dated(first, 7, name, family), income, work, "BARNETRYGD"])
        write_csv(HERE / f"{name}.csv", ["voksen_id", "statusdato", "inntekt", "arbeid", "tillegg"], adults, ";")


if __name__ == "__main__":
    main()
