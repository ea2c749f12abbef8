"""What becomes of each family: answers at the start, at 12 months and at year-end, and months of assistance.

Among the fifteen drawn the classes below give the office's two tables; everything else is ours.
"""

from dataclasses import dataclass

from making import choose, number

YEAR_END = {  # families by class at year-end; those drawn are the office's second table
    True: {"UTSKREVET": 2, "YTELSE": 1, "ARBEID": 2, "DELTID": 5, "TILTAK": 5},
    False: {"UTSKREVET": 4, "YTELSE": 6, "ARBEID": 4, "DELTID": 9, "TILTAK": 9, "SOSHJ": 10},
}
MEASURES = [("KVP", "KVP_PROG"), ("TILTAKSPENGER", "TILTAK_STAT"), ("SOSIALHJELP", "TILTAK_KOMM"), ("STUDIE", "UTDANNING")]
PAID_OF_TEN = {"SOSHJ": 10, "TILTAK": 7, "DELTID": 8, "YTELSE": 2, "ARBEID": 0}


@dataclass
class Life:
    """`household`: BOLIG, SAK_AVSLUTTET, SOSHJ_6M. `adults`: suffix -> INNTEKT … SYKMELDT, in the form's order."""

    household: list
    adults: dict


def ordered(families):
    """An order of our own, so that no status follows the place on the list."""
    return sorted(families, key=lambda f: number("life", f.id))


def jobs_at_start(group, drawn):
    """family -> {adult: ARBEID}. Drawn: one full-time partner, one part-time partner, one part-time single parent."""
    couples = [f for f in group if len(f.adults) == 2]
    single = [f for f in group if len(f.adults) == 1 and f.benefit == "INGEN"]
    if drawn:
        return {couples[0].id: {"A2": "HELTID"}, couples[1].id: {"A2": "DELTID"}, single[0].id: {"A1": "DELTID"}}
    return {f.id: {"A2": "DELTID"} for f in couples[::4]} | {f.id: {"A1": "DELTID"} for f in single[::6]}


def classes_at_year_end(group, jobs, drawn):
    """family -> class, with the counts of YEAR_END; work continues and benefits go to those who had one."""
    left = dict(YEAR_END[drawn])
    label_of = {}
    def place(family, label):
        if family.id not in label_of and left.get(label):
            left[label] -= 1
            label_of[family.id] = label
    for f in group:
        work = set(jobs.get(f.id, {}).values())
        if work:
            place(f, "UTSKREVET" if "HELTID" in work else "DELTID")
    for f in sorted(group, key=lambda f: len(f.adults)):
        if f.benefit != "INGEN":
            place(f, "YTELSE")
    for f in group:
        for label in sorted(left, key=lambda label: number("class", f.id, label)):
            place(f, label)
    return label_of


def idle(family, suffix):
    return "SOSIALHJELP", choose(["LEDIG_REG", "LEDIG_REG", "LEDIG_UREG", "IKKE_SOKER"], "idle", family.id, suffix)


def on_benefit(family):
    benefit = family.benefit if family.benefit != "INGEN" else choose(["AAP", "UFORETRYGD"], "new benefit", family.id)
    return benefit, "LEDIG_REG" if benefit == "DAGPENGER" else "IKKE_SOKER"


def start_states(family, jobs):
    states = {suffix: idle(family, suffix) for suffix in family.adults}
    if family.benefit != "INGEN":
        states["A1"] = on_benefit(family)
    return states | {suffix: ("LONN", work) for suffix, work in jobs.items()}


def later_states(family, label, jobs):
    """INNTEKT and ARBEID of each adult in a family of this class; who had a job in a working family keeps it."""
    first = {
        "UTSKREVET": ("LONN", "HELTID"),
        "ARBEID": ("LONN", choose(["HELTID", "HELTID", "DELTID"], "job", family.id)),
        "DELTID": ("LONN", "DELTID"),
        "TILTAK": choose(MEASURES, "measure", family.id),
        "YTELSE": on_benefit(family),
        "SOSHJ": idle(family, "A1"),
    }[label]
    partner = idle(family, "A2") if label in ("TILTAK", "SOSHJ") else ("PARTNER", "IKKE_SOKER")
    states = {suffix: first if suffix == "A1" else partner for suffix in family.adults}
    keeps = jobs if label in ("UTSKREVET", "ARBEID", "DELTID") else {}
    return states | {suffix: ("LONN", work) for suffix, work in keeps.items()}


def class_at_twelve(family, label, jobs):
    n = number("middle", family.id)
    if label == "DELTID":
        return "DELTID" if jobs or n % 2 else "TILTAK"
    if label == "TILTAK":
        return "TILTAK" if n % 3 else "SOSHJ"
    if label == "YTELSE":
        return "YTELSE" if family.benefit != "INGEN" else "SOSHJ"
    return "ARBEID" if label == "UTSKREVET" else label


def months_paid(family, label, middle, states):
    """Months 1 to 16 with assistance: until work carries, in every month that somebody lives on it, else by lot."""
    n = number("ends", family.id)
    if label in ("UTSKREVET", "ARBEID"):
        return set(range(1, (6 + n % 2 if label == "UTSKREVET" else 9 + n % 3)))
    paid = set()
    for months, at, kind in ((range(1, 13), 0, middle), (range(13, 17), 1, label)):
        lives_on_it = any(income == "SOSIALHJELP" for income, _ in states[at].values())
        paid |= {m for m in months if lives_on_it or number("paid", family.id, m) % 10 < PAID_OF_TEN[kind]}
        paid |= {months[-1]} if kind == "DELTID" else set()
    return paid


def answers(family, suffix, state, supplement):
    """One adult's row; family benefits are reported for the first adult."""
    income, work = state
    options = ["SOSIALHJELP_SUPPL"] if supplement and income != "SOSIALHJELP" else []
    if suffix == "A1":
        options += ["BARNETRYGD"] + (["UTVIDET_BT"] if len(family.adults) == 1 else [])
        options += ["BOSTOTTE_HUSBANK"] if number("housing", family.id) % 3 else []
    share = {"HELTID": 100, "DELTID": choose([40, 50, 60, 80], "share", family.id, suffix)}.get(work)
    subsidy = None if share is None else "JNNNN"[number("subsidy", family.id, suffix) % 5]
    return [income, work, ",".join(options) or "INGEN", subsidy, share, "J" if income == "SYKEPENGER" else "N"]


def homes(family):
    """BOLIG at the three times: temporary accommodation is left for a rented home by most."""
    n = number("home", family.id)
    first = (["LEID_PRIVAT"] * 9 + ["LEID_KOMM"] * 5 + ["MIDLERTIDIG"] * 4 + ["EID"] * 2)[n % 20]
    if first != "MIDLERTIDIG":
        return first, first, first
    rented = choose(["LEID_PRIVAT", "LEID_KOMM"], "rented", family.id)
    return first, (rented if n % 3 else first), (rented if n % 5 else first)


def life_of(family, label, jobs):
    """Start, 12 months and year-end, and the months with assistance."""
    middle = class_at_twelve(family, label, jobs)
    then = [later_states(family, middle, jobs), later_states(family, label, jobs)]
    paid = months_paid(family, label, middle, then)
    recent = [any(month >= 18 for month in family.paid), bool(paid & set(range(7, 13))), bool(paid & set(range(11, 17)))]
    closed = [False, label == "UTSKREVET" and number("closed", family.id) % 2 == 0,
              label == "UTSKREVET" or (label == "YTELSE" and not recent[2])]
    supplement = [True, 12 in paid, 16 in paid]
    stages = []
    for at, states in enumerate([start_states(family, jobs), *then]):
        household = [homes(family)[at], "J" if closed[at] else "N", "J" if recent[at] else "N"]
        stages.append(Life(household, {a: answers(family, a, states[a], supplement[at]) for a in family.adults}))
    return stages, paid


def lives(families, taken):
    """family -> ((start, 12 months, year-end), months with assistance)."""
    told = {}
    for drawn in (True, False):
        group = ordered(f for f in families if (f.id in taken) == drawn)
        jobs = jobs_at_start(group, drawn)
        labels = classes_at_year_end(group, jobs, drawn)
        told |= {f.id: life_of(f, labels[f.id], jobs.get(f.id, {})) for f in group}
    return told
