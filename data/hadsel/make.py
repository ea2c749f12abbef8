"""Thirty families over three project years, and what was assessed of each and when: housing first.

Every family, date and theme but the first is made up, and so is the number of families.

    python make.py        # standard library alone
"""

import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]
from making import choose, family_ids, number, write_csv  # noqa: E402

OFFICE = "hadsel"
# Families that come in each project year; those of a year are followed to the end of the next.
COMES = {1: 12, 2: 10, 3: 8}
THEMES = ["OKONOMI", "ARBEID", "HELSE", "BARNAS_FRITID", "BARNEHAGE_OG_SKOLE"]


def main():
    ids = iter(family_ids("HAD", sum(COMES.values())))
    families, assessed, people = [], [], []
    for year, n in COMES.items():
        for own in [next(ids) for _ in range(n)]:
            came = date(2020 + year, 1, 11) + timedelta(number("in", own) % 300)
            families.append([own, OFFICE, came])
            first = came + timedelta(7 + number("home", own) % 21)
            assessed.append([own, year, first, "BOLIG"])
            later = sorted(THEMES, key=lambda theme: number("theme", own, theme))[:2 + number("many", own) % 3]
            for at, theme in enumerate(later):
                on = first + timedelta(14 + 30 * at + number("later", own, theme) % 20)
                assessed.append([own, on.year - 2020, on, theme])
            if year < 3:
                again = date(2021 + year, 2, 1) + timedelta(number("again", own) % 200)
                assessed.append([own, year + 1, max(again, first + timedelta(1)), "OKONOMI"])
            people.append([f"{own}-A1", own, "FORELDER", 1975 + number("born", own) % 22, choose("KKM", "sex", own)])
            people += [[f"{own}-B{at}", own, "BARN", 2008 + number("child", own, at) % 12, None] for at in range(1, 2 + number("size", own) % 3)]
    assessed = [row for row in assessed if row[1] <= 3]
    write_csv(HERE / "familier.csv", ["familie_id", "kontor", "registrert"], families, ";")
    write_csv(HERE / "medlemmer.csv", ["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn"], people, ";")
    write_csv(HERE / "kartlegging.csv", ["familie", "prosjektaar", "dato", "tema"], sorted(assessed, key=lambda row: (row[2], row[0])), ";")
    first = {}
    for own, _, on, theme in sorted(assessed, key=lambda row: row[2]):
        first.setdefault(own, theme)
    assert set(first.values()) == {"BOLIG"} and {row[1] for row in assessed} == {1, 2, 3}


if __name__ == "__main__":
    main()
