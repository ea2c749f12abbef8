"""Outcomes from a panel in plain Python: the pilot's own (SQL, any, all, share, categories) and the dictionary's.

Three-valued throughout: True, False, or None where it cannot be known.
"""

from inputs import month_number
from screening import truth

WORK = ("HELTID", "DELTID")
ACTIVE = (*WORK, "UTDANNING", "TILTAK_STAT", "TILTAK_KOMM", "INTRO_ORDN", "KVP_PROG")
HOMES = ("EID", "LEID_PRIVAT", "LEID_KOMM")
MONTHLY = ("F_FRI_SOSHJ_6M", "F_SOSHJ_MND", "F_SOSHJ_KR", "F_SOSHJ_LAN_KR")


def any_of(values):
    return True if True in values else None if None in values or not values else False


def all_of(values):
    return False if False in values else None if None in values or not values else True


def negated(value):
    return None if value is None else not value


def among(value, codes):
    return None if value is None else value in codes


class Outcomes:
    """Answers of each unit at one horizon from one source. `values`: unit -> {variable: value or None}."""

    def __init__(self, pilot, rows, units, target, source, register):
        self.pilot, self.units, self.target, self.source, self.register = pilot, units, target, source, register
        self.values = {unit: {} for of_kind in units.values() for unit in of_kind}
        for (_, unit, horizon, s, r, variable), row in rows.items():
            if (horizon, s, r) == (target.name, source, register):
                self.values[unit][variable] = row["value"]
        self.made = {}  # outcome -> {unit: value}
        self.dead = {unit for (_, unit, when, _, _), versions in pilot.snapshots.items()
                     if versions[-1].status == "DOD" and when <= target.at}
        self.own = {it["id"]: it for it in pilot.protocol["outcome"] if len(it) > 1}

    def of(self, outcome):
        """unit -> value of an outcome, made on first use."""
        if outcome not in self.made:
            self.made[outcome] = self.own_outcome(self.own[outcome]) if outcome in self.own else self.known(outcome)
        return self.made[outcome]

    def members(self, family, kind):
        return [unit for unit in self.units[kind] if self.pilot.members[unit][0] == family and unit not in self.dead]

    def over(self, kind, rule, values):
        return {family: rule([values[unit] for unit in self.members(family, kind)]) for family in self.units["FAMILIE"]}

    def own_outcome(self, spec):
        for name, rule in (("any", any_of), ("all", all_of), ("share", share)):
            if name in spec:
                return self.over(self.unit_kind(spec[name]), rule, self.of(spec[name]))
        units = self.units[spec["unit"]]
        if "sql" in spec:
            return dict(zip(units, self.condition(spec["sql"], units, spec)))
        truths = [self.condition(category["sql"], units, spec) for category in spec["categories"]]
        return {unit: first_true([column[place] for column in truths], spec) for place, unit in enumerate(units)}

    def condition(self, sql, units, spec):
        """The expression over the unit's variables and the outcomes that it names."""
        earlier = [name for name in self.names_before(spec) if name in sql]
        variables = sorted({variable for unit in units for variable in self.values[unit]} | self.variables())
        numbers = {it["name"] for it in self.pilot.protocol.get("variable", []) if it["kind"] == "integer"} | {"STILLINGSPROSENT"}
        rows = []
        for unit in units:
            mine = self.values[unit]
            row = [int(mine[v]) if v in numbers and mine.get(v) is not None else mine.get(v) for v in variables]
            rows.append(row + [flag(self.of(name)[unit]) for name in earlier])
        return truth(sql, [*variables, *earlier], rows)

    def variables(self):
        own = {it["name"] for it in self.pilot.protocol.get("variable", [])}
        return own | {"INNTEKT", "ARBEID", "BOLIG", "STILLINGSPROSENT"}

    def names_before(self, spec):
        """Outcomes of the same unit that stand before this one."""
        names = [it["id"] for it in self.pilot.protocol["outcome"]]
        return [name for name in names[:names.index(spec["id"])] if self.unit_kind(name) == spec["unit"]]

    def unit_kind(self, outcome):
        return kind_of(self.own.get(outcome)) or {"A": "VOKSEN", "F": "FAMILIE", "C": "BARN"}[outcome[0]]

    def known(self, outcome):
        adults = self.units["VOKSEN"]
        get = lambda unit, name: self.values[unit].get(name)  # noqa: E731
        per_adult = {"A_ARBEID": ("ARBEID", WORK), "A_HELTID": ("ARBEID", ("HELTID",)), "A_AKTIV": ("ARBEID", ACTIVE),
                     "A_LONN_HOVED": ("INNTEKT", ("LONN", "NARING")), "A_SOSHJ_HOVED": ("INNTEKT", ("SOSIALHJELP",))}
        if outcome in per_adult:
            variable, codes = per_adult[outcome]
            return {unit: among(get(unit, variable), codes) for unit in adults}
        if outcome in ("F_ARBEID_NOEN", "F_ARBEID_ALLE"):
            return self.over("VOKSEN", any_of if outcome == "F_ARBEID_NOEN" else all_of, self.of("A_ARBEID"))
        if outcome in ("F_SOSHJ_NOE", "F_FRI_SOSHJ"):
            each = {unit: any_of([among(get(unit, "INNTEKT"), ("SOSIALHJELP",)), among(get(unit, "TILLEGG_SOSIALHJELP_SUPPL"), ("J",))])
                    for unit in adults}
            some = self.over("VOKSEN", any_of, each)
            return some if outcome == "F_SOSHJ_NOE" else {family: negated(value) for family, value in some.items()}
        if outcome == "F_FAST_BOLIG":
            return {family: among(get(family, "BOLIG"), HOMES) for family in self.units["FAMILIE"]}
        if outcome == "C_FRITID":
            return {unit: any_of([among(get(unit, f"FRITID_{it}"), ("J",)) for it in ("IDRETT", "KULTUR", "ANNET")])
                    if self.asked(unit) else None for unit in self.units["BARN"]}
        if outcome in ("F_BARN_DELTAR_ANDEL", "F_BARN_DELTAR_ALLE"):
            each, rule = self.of("C_FRITID"), share if outcome.endswith("ANDEL") else all_of
            return {family: rule([each[unit] for unit in self.members(family, "BARN") if self.asked(unit)])
                    for family in self.units["FAMILIE"]}
        if outcome in MONTHLY:
            return {family: self.assistance(outcome, family) for family in self.units["FAMILIE"]}
        raise KeyError(outcome)

    def asked(self, child):
        return 6 <= self.target.at.year - self.pilot.members[child][2] <= 17

    def assistance(self, outcome, family):
        """Monthly outcomes of months 1 to h, the month of the draw being 0; None where a month is missing."""
        last = month_number(self.target.at)
        count = 6 if outcome == "F_FRI_SOSHJ_6M" else self.target.months
        if self.source != "REGISTER" or not 0 < count <= self.target.months:
            return None
        months = [self.pilot.monthly.get((family, month, self.register)) for month in range(last - count + 1, last + 1)]
        if None in months or any(None in it for it in months):
            return None
        if outcome in ("F_SOSHJ_KR", "F_SOSHJ_LAN_KR"):
            return sum(month[outcome == "F_SOSHJ_LAN_KR"] for month in months)
        paid = sum(grant + loan > 0 for grant, loan in months)
        return paid == 0 if outcome == "F_FRI_SOSHJ_6M" else paid


def kind_of(spec):
    return spec["unit"] if spec else None


def share(values):
    """The mean of 1/0 values; None when one is missing or there is none."""
    return None if None in values or not values else sum(values) / len(values)


def first_true(truths, spec):
    """The code of the first true condition, all before it false."""
    for holds, category in zip(truths, spec["categories"]):
        if holds is not False:
            return category["code"] if holds else None
    return None


def flag(value):
    return None if value is None else int(value) if isinstance(value, bool) else value
