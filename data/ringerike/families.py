"""The seventy made-up families of the rehearsal: members, assistance in 24 months and other benefits."""

import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from making import choose, family_ids, number  # noqa: E402

BENEFITS = ["AAP", "DAGPENGER", "SYKEPENGER", "UFORETRYGD", "OVERGANGSSTONAD", "FORELDREPENGER"]
MONTHS = [f"{2013 + (7 + m) // 12}-{(7 + m) % 12 + 1:02}" for m in range(24)]  # 2013-08 … 2015-07


@dataclass
class Family:
    """`members`: (suffix, role, birth year, sex). `paid`: index into MONTHS -> (grant, loan) in NOK."""

    id: str
    path: str
    members: list = field(default_factory=list)
    paid: dict = field(default_factory=dict)
    benefit: str = "INGEN"

    def suffixes(self, *roles):
        return [suffix for suffix, role, _, _ in self.members if role in roles]

    @property
    def adults(self):
        return self.suffixes("FORELDER", "PARTNER")

    @property
    def children(self):
        return self.suffixes("BARN")

    def birth_year(self, suffix):
        return next(year for name, _, year, _ in self.members if name == suffix)


def months_paid(family, path):
    """Which of the 24 months (23 is the last complete one) had assistance, for each way onto or off the list."""
    n = number("months", family)
    return {
        "langvarig": range(24 - (7 + n % 9), 24),  # one spell, 7 to 12 of the last 12
        "med_lan": range(17, 24),  # 7 of 12 only when the loan month counts
        "gjentatt": [2 + n % 3, 3 + n % 3, 9, 15, 17, 18, 22][: 6 + n % 2],  # four or five spells, at most 4 of 12
        "ytelse": range(24 - (3 + n % 4), 24),  # 3 to 6 of the last 12
        "seks": [6, 7, 8, *range(18, 24)],  # exactly 6 of 12, two spells
        "to_mnd": [4, 22, 23],  # two spells, two months of supplement
        "fire_mnd": range(20, 24),
        "ingen": [],
        "tre_mnd": [12, 13, 23],
    }[path]


def household(family, children, couple, grown):
    """Birth years of children by hash; a grown child at home is `ANNEN_VOKSEN`."""
    members = [("A1", "FORELDER", 1970 + number("born", family) % 20, choose("KKKM", "sex", family))]
    if couple:
        members.append(("A2", "PARTNER", 1968 + number("partner", family) % 20, choose("MMMK", "sex2", family)))
    if grown:
        members.append((f"A{len(members) + 1}", "ANNEN_VOKSEN", 1993 + number("grown", family) % 4, choose("KM", "sex3", family)))
    for place, year in enumerate(children, 1):
        members.append((f"B{place}", "BARN", year, choose("KM", "sex", family, place)))
    return members


def young(family, count):
    """`count` birth years of children who are under 18 all through 2015."""
    return sorted(1998 + number("child", family, place) % 18 for place in range(count))


def build(family, path, months, children, couple=False, grown=False, benefit="INGEN"):
    paid = {}
    for month in months_paid(family, months):
        amount = 3000 + 500 * (number("nok", family, month) % 24)
        loan = months == "med_lan" and month == 17
        paid[month] = (0, amount) if loan else (amount, 2000 if number("loan", family, month) % 29 == 0 else 0)
    return Family(family, path, household(family, children, couple, grown), paid, benefit)


def eligible_kinds():
    """57 families: 120 children under 18, 14 couples, 4 with a grown child at home."""
    sizes = sorted([1] * 18 + [2] * 21 + [3] * 12 + [4] * 6, key=lambda n: n)
    sizes = [sizes[place] for place in sorted(range(57), key=lambda place: number("size", place))]
    couples = sorted(range(57), key=lambda place: number("couple", place))[:14]
    grown = sorted(range(57), key=lambda place: number("at home", place))[:4]
    paths = ["langvarig"] * 27 + ["med_lan"] + ["gjentatt"] * 12 + ["ytelse"] * 10 + ["begge"] * 7
    for place, (path, size) in enumerate(zip(paths, sizes)):
        yield path, size, place in couples, place in grown


def refused(ids):
    """13 families that fail: each rule by itself and several at once."""
    return [
        build(ids[0], "nei", "langvarig", []),
        build(ids[1], "nei", "langvarig", [1997]),  # turns 18 in the year of the list
        build(ids[2], "nei", "langvarig", [], couple=True, grown=True),
        build(ids[3], "nei", "langvarig", young(ids[3], 5), couple=True),
        build(ids[4], "nei", "langvarig", young(ids[4], 6), couple=True),
        build(ids[5], "nei", "seks", young(ids[5], 2)),
        build(ids[6], "nei", "seks", young(ids[6], 1)),
        build(ids[7], "nei", "seks", young(ids[7], 3), couple=True),
        build(ids[8], "nei", "to_mnd", young(ids[8], 2), benefit="AAP"),
        build(ids[9], "nei", "fire_mnd", young(ids[9], 1), benefit="BARNETRYGD"),
        build(ids[10], "nei", "tre_mnd", young(ids[10], 4), couple=True),
        build(ids[11], "nei", "ingen", []),
        build(ids[12], "nei", "tre_mnd", young(ids[12], 5)),
    ]


def families():
    """All seventy, in the order of the list."""
    ids = family_ids("RIN", 70)
    scattered = sorted(ids, key=lambda family: number("list", family))
    listed = refused(scattered[57:])
    for family, (path, size, couple, grown) in zip(scattered, eligible_kinds()):
        with_benefit = path in ("ytelse", "begge")
        benefit = choose(BENEFITS, "benefit", family) if with_benefit else "INGEN"
        months = "langvarig" if path == "begge" else path
        listed.append(build(family, path, months, young(family, size), couple, grown, benefit))
    return sorted(listed, key=lambda family: ids.index(family.id))
