"""The horizon rule of the data model, section 4, a second time: one unit, one date, one value at a time.

It was written from the data model's sentences and shares no text with the program's query. Days are
`datetime.date`, record times are whole microseconds. `panel(world)` gives every row that the query gives,
in the order of the full key.
"""

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta

EPOCH = date(1970, 1, 1)
# Rule, days before the window that are looked at when nothing is in it, occasions that count.
RULES = (
    ("primary", 0, {"PLANLAGT"}),
    ("locf90", 90, {"PLANLAGT"}),
    ("nearest_any", 0, {"PLANLAGT", "EKSTRA"}),
)
PERSONS = {"FORELDER": "VOKSEN", "PARTNER": "VOKSEN", "BARN": "BARN"}


@dataclass
class Snapshot:
    """One version: what a source said of a unit about a day, and when that was recorded."""

    kind: str
    unit: str
    day: date
    source: str
    register: str
    occasion: str
    recorded: int
    status: str
    values: dict  # variable -> ("code" | "num" | "missing", value)
    content: str

    @property
    def key(self):
        return self.unit, self.day, self.source, self.register


@dataclass
class Exit:
    """A time in which a unit was out: the last day is the one before `until`."""

    kind: str
    unit: str
    reason: str
    start: date
    until: date | None


@dataclass
class Horizon:
    """`at` is a number of months after the draw, or a date."""

    at: int | date
    low: int
    high: int

    @property
    def name(self):
        return str(self.at)


@dataclass
class Draw:
    number: int
    on: date
    shown: int
    families: list


@dataclass
class World:
    """Everything that was recorded, and what is asked of it."""

    cut: int
    cut_day: date
    lag: int
    horizons: list
    draws: list
    members: list = field(default_factory=list)  # (member, family, role, in_itt)
    snapshots: list = field(default_factory=list)
    exits: list = field(default_factory=list)


@dataclass(frozen=True)
class Target:
    name: str
    order: int
    day: date
    first: date
    last: date
    due_on: date


def months_after(start, months):
    """The same day of the month, or the month's last where it has no such day."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def targets(world, drawn_on):
    found = []
    for order, it in enumerate(world.horizons, 1):
        day = it.at if isinstance(it.at, date) else months_after(drawn_on, it.at)
        last = day + timedelta(it.high)
        found.append(Target(it.name, order, day, day - timedelta(it.low), last, last + timedelta(world.lag)))
    return found


def standing(world):
    """Of each key the version recorded last by the cut, if that one does not take the snapshot back."""
    latest = {}
    for it in world.snapshots:
        if it.recorded <= world.cut and (it.key not in latest or latest[it.key].recorded < it.recorded):
            latest[it.key] = it
    return [it for it in latest.values() if it.status != "TILBAKEKALT"]


def days(one, other):
    return abs((one - other).days)


def nearest(snapshots, target):
    """The total order: distance, then the later day, the later record, the smaller content."""
    best = None
    for it in snapshots:
        place = (days(it.day, target.day), -it.day.toordinal(), -it.recorded, it.content)
        if best is None or place < best[0]:
            best = place, it
    return best and best[1]


def latest(snapshots):
    """As the start is picked: the latest day."""
    return max(snapshots, key=lambda it: (it.day, it.recorded), default=None)


def pick(own, target, before, occasions):
    """The snapshot whose values count, and how many could have been it."""
    seen = [it for it in own if it.status == "OBSERVERT" and it.occasion in occasions]
    inside = [it for it in seen if target.first <= it.day <= target.last]
    if inside:
        return (latest(inside) if target.name == "0" else nearest(inside, target)), len(inside)
    earliest = target.first - timedelta(before)
    return latest([it for it in seen if earliest <= it.day < target.first]), 0


def value_of(snapshot, variable):
    """A value as text, or None where there is none or only a reason."""
    kind, value = snapshot.values.get(variable, ("missing", None)) if snapshot else ("missing", None)
    return None if kind == "missing" else str(value)


def said_of(unit, family, status, known, target):
    """Whether anybody said it of the unit, or of its family, of a day up to the window's end."""
    return any(it.status == status and it.day <= target.last for who in {unit, family} for it in known.by_unit.get(who, ()))


def out(unit, reason, known, target):
    """Whether an event has the unit out on the window's last day."""
    return any(it.reason == reason and it.start <= target.last and (it.until is None or target.last < it.until)
               for it in known.exits.get(unit, ()))


def died_on(unit, known):
    told = [it.day for it in known.by_unit.get(unit, ()) if it.status == "DOD"]
    told += [it.start for it in known.exits.get(unit, ()) if it.reason == "DOD"]
    return min(told, default=None)


class Known:
    """What stands at the cut, by unit."""

    def __init__(self, world):
        self.by_unit, self.exits, self.series = {}, {}, {}
        for it in standing(world):
            self.by_unit.setdefault(it.unit, []).append(it)
            for variable in it.values:
                self.series.setdefault(it.kind, set()).add((it.source, it.register, variable))
        for it in world.exits:
            self.exits.setdefault(it.unit, []).append(it)


def lasting(unit, family, target, known, due):
    """The reasons of a unit that hold whatever the source, in their order, down to the family's."""
    died = died_on(unit, known)
    person = unit != family
    if died is not None and died <= target.last:
        return "DOD", 0
    if said_of(unit, family, "TRAKK_SAMTYKKE", known, target) or any(out(it, "TRAKK_SAMTYKKE", known, target) for it in (unit, family)):
        return "TRAKK_SAMTYKKE", 0
    if out(unit, "SAMTYKKE_MANGLER", known, target):
        return "SAMTYKKE_MANGLER", 0
    if not due:
        return "IKKE_FORFALT", 0
    if said_of(unit, family, "FLYTTET", known, target) or any(out(it, "FLYTTET", known, target) for it in (unit, family)):
        return "FLYTTET_KOMMUNE", 0
    if person and out(unit, "FAMILIE_OPPLOST", known, target):
        return "FAMILIE_OPPLOST", 0
    return None, 0


def why_missing(variable, picked, always, not_reached, own, target):
    """The first reason that holds, and the day that goes with it."""
    day = picked.day if picked else None
    if always:
        return always, day
    answer = picked.values.get(variable, (None, None))[1] if picked else None
    if answer in ("UKJENT", "VIL_IKKE_SVARE"):
        return "SPURT_UKJENT", day
    if answer == "IKKE_AKTUELT":
        return "IKKE_AKTUELT", day
    if not_reached:
        return "IKKE_NADD", day
    elsewhere = nearest((it for it in own if it.status == "OBSERVERT" and value_of(it, variable) is not None), target)
    return ("UTENFOR_VINDU", elsewhere.day) if elsewhere else ("IKKE_RAPPORTERT", day)


def unit_rows(world, known, draw, unit, kind, family):
    """The rows of one unit of one draw."""
    of_unit = known.by_unit.get(unit, [])
    around = of_unit if unit == family else of_unit + known.by_unit.get(family, [])
    died = died_on(unit, known)
    for target in targets(world, draw.on):
        due = world.cut_day >= target.due_on
        always, _ = lasting(unit, family, target, known, due)
        flag_dead = "dod" if died is not None and died <= target.day else None
        for source, register, variable in known.series.get(kind, ()):
            own = [it for it in of_unit if (it.source, it.register) == (source, register)]
            not_reached = any(it.status == "IKKE_NADD" and (it.source, it.register) == (source, register)
                              and target.first <= it.day <= target.last for it in around)
            for order, (rule, before, occasions) in enumerate(RULES):
                picked, n = pick(own, target, before, occasions)
                value = value_of(picked, variable)
                reason, day = (None, picked.day) if value is not None else why_missing(variable, picked, always, not_reached, own, target)
                late = target.name == "0" and picked and picked.recorded >= draw.shown
                yield (
                    (draw.number, kind, unit, target.order, source, register, order, variable),
                    (world.cut, draw.number, kind, unit, target.name, source, register, rule, variable, value, reason, number(day),
                     number(target.day), number(target.first), number(target.last), None if day is None else (day - target.day).days,
                     n, int(due), flag_dead or ("sen_baseline" if late else None)),
                )


def number(day):
    return None if day is None else (day - EPOCH).days


def panel(world):
    known, rows = Known(world), []
    people = {}
    for member, family, role, in_itt in world.members:
        if in_itt and role in PERSONS:
            people.setdefault(family, []).append((member, PERSONS[role]))
    for draw in world.draws:
        for family in draw.families:
            for unit, kind in [(family, "FAMILIE"), *people.get(family, [])]:
                rows.extend(unit_rows(world, known, draw, unit, kind, family))
    rows.sort(key=lambda it: it[0])
    return [row for _, row in rows]
