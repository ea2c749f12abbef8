"""41 families followed by a team, how many children each is known to have, and what they moved into.

Every family and every move is made up. Published are 41 families and "godt over 90" children: some families have
at least so many, so that the sum is a lower bound and stays one. How many moves there are of a kind is ours.

    python make.py        # standard library alone
"""

import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]
from making import choose, family_ids, number, write_csv  # noqa: E402

OFFICE = "levekarsteamet"
FAMILIES, CHILDREN_KNOWN, NOT_ALL_KNOWN = 41, 94, 6
# From, to, and how many. Homes are a family's, incomes an adult's.
HOMES = [("KOMMUNAL", "PRIVAT_LEIE", 7), ("KOMMUNAL", "EIET", 4)]
INCOMES = [("SOSIALHJELP", "AAP", 6), ("SOSIALHJELP", "DAGPENGER", 3), ("SOSIALHJELP", "FAST_JOBB", 8), ("SOSIALHJELP", "ARBEIDSTRENING", 9)]


def sizes(ids):
    """Two or three children a family, as many as are known."""
    three = CHILDREN_KNOWN - 2 * FAMILIES
    order = sorted(ids, key=lambda own: number("size", own))
    return {own: 3 if at < three else 2 for at, own in enumerate(order)}


def main():
    ids = family_ids("LEV", FAMILIES)
    known = sizes(ids)
    open_ended = set(sorted(ids, key=lambda own: number("unknown", own))[:NOT_ALL_KNOWN])
    write_csv(HERE / "oversikt.csv", ["familie", "barn"], [[own, f"{known[own]}{'+' if own in open_ended else ''}"] for own in ids], ";")
    moves = []
    for kind, table, suffix in (("BOLIG", HOMES, ""), ("INNTEKT", INCOMES, "-A1")):
        movers = iter(sorted(ids, key=lambda own: number(kind, own)))
        for was, is_now, n in table:
            for own in [next(movers) for _ in range(n)]:
                moves.append([f"{own}{suffix}", date(2021, 1, 4) + timedelta(number("moved", kind, own) % 700), was, is_now])
    write_csv(HERE / "overganger.csv", ["hvem", "dato", "fra", "til"], sorted(moves, key=lambda row: row[1:]), ";")
    write_csv(HERE / "familier.csv", ["familie_id", "kontor", "registrert"],
              [[own, OFFICE, date(2020, 2, 3) + timedelta(number("in", own) % 300)] for own in ids], ";")
    people = []
    for own in ids:
        people.append([f"{own}-A1", own, "FORELDER", 1970 + number("born", own) % 25, choose("KKM", "sex", own)])
        people += [[f"{own}-B{at}", own, "BARN", 2007 + number("child", own, at) % 13, None] for at in range(1, known[own] + 1)]
    write_csv(HERE / "medlemmer.csv", ["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn"], people, ";")
    assert len(ids) == FAMILIES and sum(known.values()) == CHILDREN_KNOWN and len(open_ended) == NOT_ALL_KNOWN


if __name__ == "__main__":
    main()
