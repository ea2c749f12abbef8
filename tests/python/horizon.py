"""The panel's primary rule in plain Python: the horizon rule of docs/pilot-toml.md, row by row."""

from dataclasses import dataclass
from datetime import date, timedelta

from inputs import MISSING, OSLO, add_months, day

ROLES = {"VOKSEN": ("FORELDER", "PARTNER"), "BARN": ("BARN",)}
DEFAULT_DAYS = {0: (60, 0), 3: (30, 30), 6: (30, 30), 12: (45, 45), 18: (45, 45), 24: (45, 45)}


@dataclass(frozen=True)
class Target:
    """A horizon of one draw; `months` counts it from the draw's month, a date's from the calendar."""

    name: str
    at: date
    low: date
    high: date
    due_on: date
    months: int


def targets(pilot, drawn_on):
    """The horizons of pilot.toml in its order."""
    rules, found = pilot.protocol["followup"], []
    for spec in rules["horizon"]:
        if "at" in spec:
            at, low, high = day(spec["at"]), spec.get("low_days", 45), spec.get("high_days", 45)
            months = (at.year - drawn_on.year) * 12 + at.month - drawn_on.month
        else:
            months = spec["months"]
            at = add_months(drawn_on, months)
            low, high = (spec.get(name, default) for name, default in zip(("low_days", "high_days"), DEFAULT_DAYS.get(months, (45, 45))))
        last = at + timedelta(high)
        due_on = last + timedelta(rules.get("reporting_lag_days", 30))
        found.append(Target(str(spec.get("at", months)), at, at - timedelta(low), last, due_on, months))
    return found


def units_of(pilot, families):
    """kind -> units of the assigned families in ITT denominators."""
    units = {"FAMILIE": sorted(families)}
    for kind, roles in ROLES.items():
        units[kind] = sorted(member for member, (family, role, _) in pilot.members.items() if family in families and role in roles)
    return units


def current(pilot, cut):
    """kind -> [(unit, date, source, register, version)] as known at the cut; a withdrawn version hides its key."""
    known = {"FAMILIE": [], "VOKSEN": [], "BARN": []}
    for (kind, unit, when, source, register), versions in pilot.snapshots.items():
        before = [version for version in versions if version.recorded <= cut]
        if before and before[-1].status != "TILBAKEKALT":
            known[kind].append((unit, when, source, register, before[-1]))
    return known


def pick(candidates, target):
    """Nearest, then the later date; at the start the latest. One report a date, so nothing else can tie."""
    if target.name == "0":
        return max(candidates, key=lambda it: it[0])
    return min(candidates, key=lambda it: (abs((it[0] - target.at).days), -it[0].toordinal()))


@dataclass(frozen=True)
class Known:
    """What is known of a unit and its family at the cut: [(date, source, register, version)] each."""

    own: list
    family: list

    def said(self, status, own=True, family=True):
        """Dates on which anyone said so, of the unit, its family or both."""
        return [when for when, _, _, version in [*(self.own if own else []), *(self.family if family else [])] if version.status == status]


def reason(variable, picked, series, known, target, due):
    """The first reason that holds, of entries dated up to the window's end, and the date that goes with it.

    A death, withdrawal or move is believed whoever says so, and the last two hold for the whole
    family; not having been reached is that source's own. IKKE_SPURT is no answer.
    """
    value, date_of = (picked[1].values.get(variable), picked[0]) if picked else (None, None)
    reported = [(when, version) for when, source, register, version in known.own if (source, register) == series]
    unreached = [when for when, source, register, version in [*known.own, *known.family]
                 if (source, register) == series and version.status == "IKKE_NADD" and target.low <= when <= target.high]
    elsewhere = [when for when, version in reported if version.status == "OBSERVERT" and answered(version, variable)]
    for code, holds in (
        ("DOD", any(when <= target.high for when in known.said("DOD", family=False))),
        ("TRAKK_SAMTYKKE", any(when <= target.high for when in known.said("TRAKK_SAMTYKKE"))),
        ("IKKE_FORFALT", not due),
        ("FLYTTET_KOMMUNE", any(when <= target.high for when in known.said("FLYTTET"))),
        ("SPURT_UKJENT", value in ("UKJENT", "VIL_IKKE_SVARE")),
        ("IKKE_AKTUELT", value == "IKKE_AKTUELT"),
        ("IKKE_NADD", bool(unreached)),
    ):
        if holds:
            return code, date_of
    if elsewhere:
        return "UTENFOR_VINDU", min(elsewhere, key=lambda when: (abs((when - target.at).days), -when.toordinal()))
    return "IKKE_RAPPORTERT", date_of


def answered(version, variable):
    return variable in version.values and version.values[variable] not in MISSING


def row_of(variable, picked, count, series, known, target, due, shown_at):
    """One row of the panel, without its key."""
    value = picked[1].values[variable] if picked and answered(picked[1], variable) else None
    missing, when = reason(variable, picked, series, known, target, due) if value is None else (None, picked[0])
    died = [it for it in known.said("DOD", family=False) if it <= target.at]
    late = picked and target.name == "0" and picked[1].recorded >= shown_at
    return {
        "value": value, "missing_reason": missing, "status_date": when, "target": target.at, "window_low": target.low,
        "window_high": target.high, "days_off": (when - target.at).days if when else None, "n_in_window": count, "due": due,
        "flag": "dod" if died else "sen_baseline" if late else None,
    }


def panel(pilot, families, drawn_on, shown_at, cut):
    """(kind, unit, horizon, source, register, variable) -> the panel's other columns, primary rule only."""
    rows, today, marks = {}, cut.astimezone(OSLO).date(), targets(pilot, drawn_on)
    standing = current(pilot, cut)
    of_unit = {}
    for kind, entries in standing.items():
        for unit, when, source, register, version in entries:
            of_unit.setdefault((kind, unit), []).append((when, source, register, version))
    for kind, units in units_of(pilot, families).items():
        occurring = {}
        for _, _, source, register, version in standing[kind]:
            occurring.setdefault((source, register), set()).update(version.values)
        for unit in units:
            family = [] if kind == "FAMILIE" else of_unit.get(("FAMILIE", pilot.family_of(unit)), [])
            known = Known(of_unit.get((kind, unit), []), family)
            for series, variables in occurring.items():
                for target in marks:
                    candidates = [(when, version) for when, source, register, version in known.own if (source, register) == series
                                  and version.status == "OBSERVERT" and version.occasion == "PLANLAGT" and target.low <= when <= target.high]
                    picked = pick(candidates, target) if candidates else None
                    for variable in variables:
                        rows[kind, unit, target.name, *series, variable] = row_of(
                            variable, picked, len(candidates), series, known, target, today >= target.due_on, shown_at)
    return rows
