"""273 cases of three years, of which 108 in 2018 with their families, sources and kinds of help.

Every case, family and person is made up; the margins are the published ones, held by the checks in `main`.

    python make.py        # standard library alone
"""

import sys
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent)]
from making import choose, family_ids, number, write_csv  # noqa: E402

OFFICE = "drammen"
CASES = {2016: 80, 2017: 85, 2018: 108}
SOURCES = {"NAV": 49, "BARNEVERN": 21, "FAMILIEHJELPEN": 12, "HELSESTASJON": 11, "MIGRATEAM": 2, "OPPVEKSTTEAMET": 1,
           "PERSONEN_SELV": 3, "INTRODUKSJONSSENTERET": 1, "FASTLEGE": 2, "FRIVILLIG_ORGANISASJON": 3,
           "FOLKEUNIVERSITETET": 1, "SKOLERADGIVER": 1, "PSYKOLOG": 1}
# Cases by the highest step they reached.
HIGHEST = {"RAD": 61, "SAMTALER": 18, "KOORDINERING": 29}
SUPPORT_WORKER = 11
CHILDREN, LARGE_FAMILIES = 248, 15
# Persons who turn 18 in 2018 are in both bands: 239 + 9 and 9 + 32.
YOUNG_ADULTS, OF_BOTH_BANDS = 41, 9


def spread(counts, *words):
    """Each code as many times as it is counted, in an order that follows from the words."""
    all_of = [code for code, n in counts.items() for _ in range(n)]
    order = sorted(range(len(all_of)), key=lambda at: number(*words, at))
    return [all_of[at] for at in order]


def cases():
    """Id, year, source and children of each case; source and children are known for 2018 alone."""
    ids = iter(family_ids("DRA", sum(CASES.values())))
    sources = iter(spread(SOURCES, "source"))
    # 15 families with four children, two with three, 91 with two.
    sizes = iter(spread({4: LARGE_FAMILIES, 3: 2, 2: CASES[2018] - LARGE_FAMILIES - 2}, "children"))
    for year, n in CASES.items():
        for own in [next(ids) for _ in range(n)]:
            of_2018 = year == 2018
            yield [own, year, next(sources) if of_2018 else None, next(sizes) if of_2018 else None]


def help_given(own, highest, at):
    """Every kind of help of a case: all who reached a step had advice, most had talks on the way."""
    kinds = ["RAD"]
    if highest == "SAMTALER" or highest == "KOORDINERING" and number("talks", own) % 3:
        kinds.append("SAMTALER")
    if highest == "KOORDINERING":
        kinds.append("KOORDINERING")
        if at < SUPPORT_WORKER:
            kinds.append("MILJOARBEIDER")
    return kinds


def members(listed):
    """A parent a family, the children of 0 to 18, and the young adults of 19 to 23 in some families."""
    children = [(own, at) for own, _, _, n in listed for at in range(1, n + 1)]
    eighteen = set(sorted(children, key=lambda it: number("eighteen", *it))[:OF_BOTH_BANDS])
    grown = set(sorted((own for own, *_ in listed), key=lambda own: number("grown", own))[:YOUNG_ADULTS - OF_BOTH_BANDS])
    for own, _, _, n in listed:
        yield f"{own}-A1", own, "FORELDER", 1966 + number("born", own) % 22, choose("KKM", "sex", own)
        if own in grown:
            yield f"{own}-A2", own, "ANNEN_VOKSEN", 1995 + number("young", own) % 5, None
        for at in range(1, n + 1):
            born = 2000 if (own, at) in eighteen else 2001 + number("child", own, at) % 18
            yield f"{own}-B{at}", own, "BARN", born, None


def main():
    all_cases = list(cases())
    listed = [row for row in all_cases if row[1] == 2018]
    write_csv(HERE / "saker.csv", ["sak", "aar", "henvist_av", "barn"], all_cases, ";")
    reached = spread(HIGHEST, "help")
    coordinated = [row[0] for row, highest in zip(listed, reached) if highest == "KOORDINERING"]
    place = {own: at for at, own in enumerate(coordinated)}
    helped = [(row[0], kind) for row, highest in zip(listed, reached) for kind in help_given(row[0], highest, place.get(row[0], 0))]
    write_csv(HERE / "hjelp.csv", ["sak", "hjelp"], helped, ";")
    day = lambda own: date(2018, 1, 2) + timedelta(number("in", own) % 360)
    write_csv(HERE / "familier.csv", ["familie_id", "kontor", "registrert"], [[row[0], OFFICE, day(row[0])] for row in listed], ";")
    people = list(members(listed))
    write_csv(HERE / "medlemmer.csv", ["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn"], people, ";")
    born = [row[3] for row in people]
    assert Counter(row[1] for row in all_cases) == CASES and Counter(row[2] for row in listed) == SOURCES
    assert sum(2000 <= year for year in born) == CHILDREN == sum(row[3] for row in listed)
    assert sum(1995 <= year <= 2000 for year in born) == YOUNG_ADULTS
    assert sum(row[3] >= 4 for row in listed) == LARGE_FAMILIES
    assert Counter(kind for _, kind in helped)["MILJOARBEIDER"] == SUPPORT_WORKER


if __name__ == "__main__":
    main()
