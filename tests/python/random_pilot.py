"""Writes a random pilot and its demo.toml: the same script of public commands as the examples under data/.

    python random_pilot.py SEED DIR       # then: lodd demo OUT --from DIR; python check_pilot.py OUT/pilot

One seed gives one pilot. Everything in its files is allowed, much of it is awkward: ties around a
target date, answers left empty, extra contacts, corrections that inherit, withdrawn reports, late
files, deaths, moves, withdrawals, reports outside every window. Who is drawn is not known here.
"""

import hashlib
import random
import sys
import tomllib
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "data")]
import inputs  # noqa: E402
import linked  # noqa: E402
from horizon import targets  # noqa: E402
from making import family_ids, write_csv, write_xlsx  # noqa: E402
from random_protocol import Protocol, TooFew, analysis  # noqa: E402
from screening import screen  # noqa: E402

INCOME = ["LONN", "SOSIALHJELP", "AAP", "DAGPENGER", "KVP", "INGEN", "PARTNER", "NARING", "TILTAKSPENGER", "UFORETRYGD"]
WORK_OF = {"LONN": ["HELTID", "DELTID"], "NARING": ["HELTID", "DELTID"], "KVP": ["KVP_PROG"], "AAP": ["IKKE_SOKER", "UTDANNING"],
           "DAGPENGER": ["LEDIG_REG"], "TILTAKSPENGER": ["TILTAK_STAT", "TILTAK_KOMM"], "UFORETRYGD": ["IKKE_SOKER", "DELTID"],
           "SOSIALHJELP": ["LEDIG_REG", "LEDIG_UREG", "IKKE_SOKER", "TILTAK_KOMM"]}
UNIT_SHEET = {"FAMILIE": ("Familier", "familie_id"), "VOKSEN": ("Voksne", "voksen_id"), "BARN": ("Barn", "barn_id")}
LEAVING = ("TRAKK_SAMTYKKE", "FLYTTET")


class World:
    """What the seed decides: families, the script's files, and the sheets that go into them."""

    def __init__(self, seed, attempt, folder):
        self.dice = random.Random(f"lodd-{seed}-{attempt}")
        self.folder = folder
        self.spec = Protocol(self.dice)
        self.drawn_on = self.spec.drawn_on
        self.families = {}  # family -> (office, {member: (role, birth year)})
        self.keys = {}  # member -> keyed id
        self.homes = {}  # family -> a family that it lives with
        self.script = []
        self.left = {}  # unit -> the day on which it left for good

    def chance(self, share):
        return self.dice.random() < share

    def say(self, day, at, command):
        moment = datetime.combine(day, time(*at), timezone.utc)
        self.script.append(f"{moment:%Y-%m-%dT%H:%M:%SZ} lodd {command}")

    def write(self, stem, sheets):
        """One xlsx file or one csv file a sheet; empty sheets are left out. Gives the file names."""
        sheets = {name: sheet for name, sheet in sheets.items() if sheet[1]}
        if not sheets:
            return []
        if self.chance(0.5):
            write_xlsx(self.folder / f"{stem}.xlsx", sheets)
            return [f"{stem}.xlsx"]
        iso = self.chance(0.5)
        names = []
        for name, (header, rows) in sheets.items():
            shown = [[cell if iso or not isinstance(cell, date) else f"{cell:%d.%m.%Y}" for cell in row] for row in rows]
            names.append(f"{stem}-{inputs.normal(name)}.csv")
            write_csv(self.folder / names[-1], header, shown, self.dice.choice(";,"))
        return names


def make_families(world):
    """Enough families an office for its block, some that fail the rules among them."""
    dice, year = world.dice, world.spec.as_of.year
    count = {office: dice.randint(26, 36) if world.spec.arms == 2 else dice.randint(40, 50) for office in world.spec.offices}
    ids = iter(family_ids(world.spec.prefix, sum(count.values())))
    for office, families in count.items():
        for _ in range(families):
            family = next(ids)
            members = {f"{family}-A1": ("FORELDER", year - dice.randint(22, 55))}
            if world.chance(0.35):
                members[f"{family}-A2"] = (dice.choice(["PARTNER", "FORELDER"]), year - dice.randint(22, 55))
            if world.chance(0.1):
                members[f"{family}-A{len(members) + 1}"] = ("ANNEN_VOKSEN", year - dice.randint(19, 24))
            for n in range(dice.choice([1, 1, 2, 2, 3, 4, 5 if world.chance(0.3) else 1])):
                members[f"{family}-B{n + 1}"] = ("BARN", year - dice.randint(0, 17))
            world.families[family] = (office, members)


def join_families(world):
    """A few families an office that live together, or have a child in common who has two homes."""
    dice, young = world.dice, world.spec.as_of.year - 15
    for office in world.spec.offices:
        own = [family for family, (owner, _) in world.families.items() if owner == office]
        for one, other in (dice.sample(own, 2) for _ in range(dice.randint(0, 3))):
            first, second = world.families[one][1], world.families[other][1]
            if world.chance(0.4):
                world.homes[one] = other
            elif not {f"{one}-B1", f"{other}-B1"} & set(world.keys):
                first[f"{one}-B1"] = second[f"{other}-B1"] = ("BARN", young + dice.randint(0, 9))
                world.keys |= dict.fromkeys([f"{one}-B1", f"{other}-B1"], hashlib.sha256(f"{world.spec.label} {one}".encode()).hexdigest())
        for member in dice.sample([it for family in own for it in world.families[family][1]], 9):
            world.keys.setdefault(member, hashlib.sha256(f"{world.spec.label} {member}".encode()).hexdigest())


def make_roster(world):
    dice, as_of = world.dice, world.spec.as_of
    first = as_of.year * 12 + as_of.month - 1 - 26
    months, facts = [], []
    for family in world.families:
        paid = [m for m in range(26) if world.chance(0.62)]
        for m in paid:
            loan = dice.choice([0, 0, 0, 900])
            months.append([family, f"{(first + m) // 12}-{(first + m) % 12 + 1:02}", 0 if loan and world.chance(0.5) else dice.randint(1, 15) * 1000, loan])
        if world.chance(0.8):
            for back in dice.sample(range(2, 60), dice.randint(1, 2)):
                facts.append([family, world.spec.criterion, as_of - timedelta(back), dice.choice(["AAP", "DAGPENGER", "INGEN"]), "VEILEDER"])
    people = [[member, family, role, born, dice.choice(["K", "M", None]), world.keys.get(member)]
              for family, (_, members) in world.families.items() for member, (role, born) in members.items()]
    names = world.write("roster", {
        "Familier": (["Familie ID", "Kontor", "Registrert", "Bor sammen med"], [[f, office, as_of - timedelta(20), world.homes.get(f)] for f, (office, _) in world.families.items()]),
        "Medlemmer": (["Medlem ID", "Familie ID", "Rolle", "Fødselsår", "Kjønn", "Person_key"], people),
        "Måneder": (["Familie ID", "Måned", "Stønad", "Lån"], months),
        "Fakta": (["Familie ID", "Kriterium", "Observert", "Verdi", "Kilde"], facts),
    })
    world.say(as_of, (7, 0), "check")
    world.say(as_of, (8, 0), "roster import " + " ".join(names))
    world.say(as_of, (8, 30), "screen")


def answers(world, kind, member):
    """variable -> cell for one unit; now and then empty or a missing code."""
    dice, found = world.dice, {}
    if kind == "VOKSEN":
        income = dice.choice(INCOME)
        work = dice.choice(WORK_OF.get(income, ["IKKE_SOKER", "UTDANNING", "LEDIG_UREG"]))
        found = {"INNTEKT": income, "ARBEID": work, "TILLEGG": dice.choice(["INGEN", "BOSTOTTE_HUSBANK", "SOSIALHJELP_SUPPL,BOSTOTTE_KOMM"]),
                 "STILLINGSPROSENT": dice.randint(1, 100) if work in ("HELTID", "DELTID") else None}
    if kind == "FAMILIE":
        found = {"BOLIG": dice.choice(["EID", "LEID_PRIVAT", "LEID_KOMM", "MIDLERTIDIG", "UTEN"])}
    if kind == "BARN":
        found = {"FRITID": dice.choice(["INGEN", "IDRETT", "KULTUR,ANNET", "IDRETT,KULTUR"]), "SKOLE": dice.choice("JN")}
    for variable in world.spec.variables:
        if variable["unit"] == kind:
            found[variable["name"]] = dice.choice([it["code"] for it in variable["codes"]] if variable["kind"] == "code" else
                                                  ["J", "N"] if variable["kind"] == "yes_no" else range(variable["min"], variable["max"] + 1))
    for name in found:
        if world.chance(0.04):
            found[name] = dice.choice([None, None, "UKJENT", "IKKE_SPURT", "VIL_IKKE_SVARE"])
    return found


def rows_of(world, family, when, seen="OBSERVERT", occasion="PLANLAGT", source=""):
    """kind -> rows of one family on one date; who has left has none."""
    out, unseen = {}, seen != "OBSERVERT"
    members = {"FAMILIE": [family], "VOKSEN": [], "BARN": []}
    for member, (role, _) in world.families[family][1].items():
        members["BARN" if role == "BARN" else "VOKSEN"].append(member)
    for kind, units in members.items():
        for unit in units:
            if world.left.get(unit, date.max) <= when or world.families[family][1].get(unit, ("",))[0] == "ANNEN_VOKSEN":
                continue
            cells = {} if unseen else answers(world, kind, unit)
            out.setdefault(kind, []).append({"unit": unit, "statusdato": when, "anledning": occasion, "registrering": seen, "kilde": source, **cells})
    return out


def merge(*parts):
    whole = {}
    for part in parts:
        for kind, rows in part.items():
            whole.setdefault(kind, []).extend(rows)
    return whole


def upload(world, stem, rows, on, at=(9, 0)):
    """Files of one office's rows: kind -> [{unit, statusdato, …}]."""
    sheets = {}
    for kind, of_kind in rows.items():
        name, key = UNIT_SHEET[kind]
        columns = list(dict.fromkeys(column for row in of_kind for column in row if column != "unit"))
        header = [key, *(column.lower() for column in columns)]
        sheets[name] = (header, [[row["unit"], *(row.get(column) for column in columns)] for row in of_kind])
    office = stem.split("_")[0]
    for place, name in enumerate(world.write(stem, sheets)):
        world.say(on, (at[0], at[1] + place), f"upload {name} --office {office}")


def around(world, target, taken):
    """Dates on which a family was asked for this horizon, as (date, occasion); mostly one in the window."""
    dice, low, high = world.dice, (target.at - target.low).days, (target.high - target.at).days
    kind = dice.random()
    if low and high and kind < 0.15:  # a tie: equally far before and after
        off = dice.randint(1, min(low, high))
        days = [(-off, "PLANLAGT"), (off, "PLANLAGT")]
    elif kind < 0.25:
        days = [(dice.randint(-low, high), "PLANLAGT"), (dice.randint(-low, high), "EKSTRA")]
    elif kind < 0.33:  # both edges belong to the window
        days = [(dice.choice([-low, high]), "PLANLAGT")]
    elif kind < 0.35 and target.name != "0":
        days = [(high + dice.randint(1, 9), "PLANLAGT")]
    else:
        days = [(dice.randint(-low, high), "PLANLAGT")]
    found = {}
    for off, occasion in days:
        when = target.at + timedelta(off)
        if when not in taken and when not in found and (target.name != "0" or when < world.drawn_on):
            found[when] = occasion
    taken |= set(found)
    return sorted(found.items())


def follow(world, family, target, taken):
    """One family's rows at one horizon: (on time, later); the later ones come in the file after the next."""
    dice, now, later = world.dice, [], []
    if world.left.get(family):
        return {}, {}
    fate = dice.random()
    if target.name != "0" and fate < 0.03:
        when = target.at - timedelta(dice.randint(0, 5))
        seen = dice.choice(["IKKE_NADD", *LEAVING])
        if when in taken:
            return {}, {}
        taken.add(when)
        gone = rows_of(world, family, when, seen)
        if seen in LEAVING:
            world.left |= {row["unit"]: when for rows in gone.values() for row in rows}
        return gone, {}
    if fate < 0.05:
        return {}, {}
    for when, occasion in around(world, target, taken):
        rows = rows_of(world, family, when, occasion=occasion)
        if world.chance(0.08):
            later.append(rows)
        else:
            now.append(rows)
            later += [correct(world, rows, when)] if world.chance(0.12) else []
        if world.chance(0.1) and target.name != "0":
            now.append(rows_of(world, family, when, source="SELVRAPPORT"))
    last = max(taken, default=None)
    partner = f"{family}-A2"
    if last and target.name != "0" and partner not in world.left and world.chance(0.04) \
            and world.families[family][1].get(partner, ("",))[0] in ("PARTNER", "FORELDER"):
        died = last + timedelta(dice.randint(1, 3))
        world.left[partner] = died
        later.append({"VOKSEN": [{"unit": partner, "statusdato": died, "registrering": "DOD"}]})
    return merge(*now), merge(*later)


def correct(world, rows, when):
    """A correction of one unit: a new answer or a withdrawn report; all it leaves empty is inherited."""
    dice = world.dice
    kind = dice.choice(sorted(rows))
    row = dice.choice(rows[kind])
    base = {"unit": row["unit"], "statusdato": when, "anledning": row["anledning"], "arsak_til_retting": dice.choice(["TASTEFEIL", "NY_INFO"])}
    if world.chance(0.25):
        return {kind: [{**base, "registrering": "TILBAKEKALT"}]}
    if kind == "VOKSEN":
        return {kind: [{**base, "ARBEID": "DELTID", "INNTEKT": "LONN"}]}
    return {kind: [{**base, **({"BOLIG": "EID"} if kind == "FAMILIE" else {"FRITID": "IDRETT"})}]}


def make_status(world):
    """Files per office and horizon, then one with what came late, corrections among it."""
    marks = targets(inputs.Pilot(world.folder, world.spec.parsed, []), world.drawn_on)
    taken, late = {family: set() for family in world.families}, {office: {} for office in world.spec.offices}
    for place, target in enumerate(marks):
        for office in world.spec.offices:
            now = {}
            for family, (owner, _) in world.families.items():
                if owner == office and family in world.spec.followed:
                    rows, later = follow(world, family, target, taken[family])
                    now, late[office] = merge(now, rows), merge(late[office], later)
            if target.name == "0":
                upload(world, f"{office}_start", now, world.drawn_on - timedelta(1))
                upload(world, f"{office}_start_sen", late[office], world.drawn_on + timedelta(3))
                late[office] = {}
            else:
                upload(world, f"{office}_runde{place}", now, target.high + timedelta(12), (9, 10 * world.spec.offices.index(office)))
    end = marks[-1].high + timedelta(20)
    for office, rows in late.items():
        upload(world, f"{office}_sent", without_the_dead(world, rows), end, (10, 10 * world.spec.offices.index(office)))
    return marks


def without_the_dead(world, rows):
    """No late row of an adult after its death."""
    return {kind: kept for kind, of_kind in rows.items()
            if (kept := [row for row in of_kind if row.get("registrering") == "DOD" or row["statusdato"] < world.left.get(row["unit"], date.max)
                         or row.get("registrering") in LEAVING])}


def make_months(world, marks):
    """Assistance in every month after the draw, for most families; a family is there with all months or none."""
    first = world.drawn_on.year * 12 + world.drawn_on.month
    for place, office in enumerate(world.spec.offices):
        rows = []
        for family, (owner, _) in world.families.items():
            if owner == office and family in world.spec.followed and world.chance(0.9):
                rows += [[family, f"{month // 12}-{month % 12 + 1:02}", world.dice.choice([0, 0, 4000, 9500]), world.dice.choice([0, 0, 0, 500]), "KOSTRA_11F"]
                         for month in range(first, first + marks[-1].months)]
        header = ["Familie ID", "Måned", "Stønad", "Lån", "Register"]
        for name in world.write(f"{office}_maneder", {"Måneder": (header, rows)}):
            world.say(marks[-1].high + timedelta(22), (11, place), f"upload {name} --office {office}")


def main(seed, target):
    root = Path(target)
    folder = root / "pilot"
    folder.mkdir(parents=True)
    (root / "demo.toml").write_text('[[pilot]]\nfolder = "pilot"\n')
    world = listed(seed, folder)
    (folder / "pilot.toml").write_text(world.spec.text, encoding="utf-8")
    world.spec.parsed = tomllib.loads(world.spec.text)
    marks = make_status(world)
    make_months(world, marks)
    drawn, end = world.drawn_on, max(marks[-1].due_on, marks[-1].high + timedelta(25)) + timedelta(3)
    announce, reveal = world.spec.draw_commands(world.dice)
    world.say(drawn, (10, 0), f"draw announce {announce}")
    world.say(drawn, (14, 0), f"draw reveal {reveal}")
    world.say(drawn, (14, 10), "draw verify draws/0001 --roster private/0001/private.csv")
    (folder / "analysis.toml").write_text(analysis(world.dice, world.spec, marks), encoding="utf-8")
    for minute, command in enumerate(["plan lock", "panel", "estimate", "report", "ledger verify"]):
        world.say(end, (9, minute), command)
    (folder / "demo.txt").write_text("\n".join(sorted(world.script)) + "\n", encoding="utf-8")


def listed(seed, folder):
    """A world whose list fills its blocks: the first of the seed's attempts that does."""
    for attempt in range(100):
        for left_over in folder.iterdir():
            left_over.unlink()
        world = World(seed, attempt, folder)
        make_families(world)
        join_families(world)
        make_roster(world)
        try:
            world.spec.finish(world, screened(world))
            return world
        except TooFew:
            continue
    raise SystemExit("no attempt gave enough eligible families")


def screened(world):
    """family -> the family it is drawn under, for all who are drawn by the rules written so far."""
    (world.folder / "demo.txt").write_text("\n".join(world.script) + "\n", encoding="utf-8")
    (world.folder / "pilot.toml").write_text(world.spec.text, encoding="utf-8")
    pilot = inputs.read(world.folder)
    return linked.leads(pilot, screen(pilot)[1])


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
