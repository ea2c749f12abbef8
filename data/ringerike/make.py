"""Makes the rehearsal's files: roster, finished draw, status forms and monthly assistance.

Every family is made up, and so is every figure but the margins that report.md's two published
tables fix for those drawn. The same files come out each time; the draw is made with tests/python/
make_draw.py, so that the program takes over a draw that it did not make.

    pip install openpyxl==3.1.5 && python make.py
"""

import hashlib
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent), str(HERE.parent.parent / "tests" / "python")]
import make_draw  # noqa: E402
from families import MONTHS, families  # noqa: E402
from lives import lives, ordered  # noqa: E402
from making import choose, number, write_csv, write_xlsx  # noqa: E402

OFFICE, PILOT = "ringerike", "ringerike-rehearsal"
AFTER = [f"{2015 + (8 + m) // 12}-{(8 + m) % 12 + 1:02}" for m in range(16)]  # 2015-09 … 2016-12
FAMILY = ["Familie ID", "Statusdato", "Anledning", "Registrering", "Årsak til retting", "Bolig", "Sak avsluttet", "Soshj 6m"]
ADULT = ["Voksen ID", "Statusdato", "Anledning", "Registrering", "Årsak til retting", "Inntekt", "Arbeid", "Tillegg",
         "Lønnstilskudd", "Stillingsprosent", "Sykmeldt"]
CHILD = ["Barn ID", "Statusdato", "Anledning", "Registrering", "Årsak til retting", "Barnehage", "SFO", "Skole", "Fritid"]


def bytes32(*words):
    return hashlib.sha256("|".join(["ringerike-rehearsal", *map(str, words)]).encode()).digest()


def roster(listed):
    write_xlsx(HERE / "roster.xlsx", {
        "Familier": (["Familie ID", "Kontor", "Registrert"],
                     [[f.id, OFFICE, date(2015, 5, 4) + timedelta(number("in", f.id) % 90)] for f in listed]),
        "Medlemmer": (["Medlem ID", "Familie ID", "Rolle", "Fødselsår", "Kjønn"],
                      [[f"{f.id}-{suffix}", f.id, role, year, sex] for f in listed for suffix, role, year, sex in f.members]),
        "Måneder": (["Familie ID", "Måned", "Stønad", "Lån", "Register"],
                    [[f.id, MONTHS[month], *f.paid[month], "KOSTRA_11F"] for f in listed for month in sorted(f.paid)]),
        "Fakta": (["Familie ID", "Kriterium", "Observert", "Verdi", "Kilde"],
                  [[f.id, "ANNEN_YTELSE", date(2015, 8, 10), f.benefit, "VEILEDER"] for f in listed]),
    })


def draw(eligible):
    """The first seed of our sequence that draws 29 children, 18 adults and three families with a benefit.

    A real draw has one seed and nobody picks it: this is why the label says rehearsal.
    """
    plan, secret = (HERE / "pilot.toml").read_bytes(), bytes32("secret")
    units = [(f.id, bytes32("salt", f.id)) for f in eligible]
    announcement, leaves, private, _ = make_draw.announce(
        PILOT, plan, secret, {"kind": "fixed"}, ["follow-up", "ordinary"], {OFFICE: ([15, len(units) - 15], units)})
    unit_of = {row.split(",")[1]: row.split(",")[3] for row in private.decode().splitlines()[1:]}
    rows = [tuple(row.split(",")) for row in leaves.decode().splitlines()[1:]]
    for attempt in range(100_000):
        beacon = {"kind": "fixed", "seed": bytes32("seed", attempt).hex()}
        result = make_draw.result_csv(announcement, rows, make_draw.key_of(announcement, secret, beacon))
        taken = {unit_of[line.split(",")[2]] for line in result.decode().splitlines() if line.endswith(",follow-up")}
        chosen = [f for f in eligible if f.id in taken]
        if (sum(len(f.children) for f in chosen), sum(len(f.adults) for f in chosen),
                sum(f.benefit != "INGEN" for f in chosen)) == (29, 18, 3):
            break
    folder = HERE / "draw" / "0001"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"announcement.json": announcement, "plan.toml": plan, "leaves.csv": leaves, "result.csv": result,
                          "reveal.json": make_draw.reveal(announcement, secret, beacon)}.items():
        (folder / name).write_bytes(content)
    (folder.parent / "private.csv").write_bytes(private)
    return taken


def child_answers(family, suffix, when):
    """(BARNEHAGE, SFO, SKOLE, FRITID) by the child's age in the year of the answer."""
    age, n = when.year - family.birth_year(suffix), number("child", family.id, suffix, when.year, when.month // 7)
    if age < 6:
        return ["N" if age < 1 else "JJJN"[n % 4], None, None, None]
    leisure = ["INGEN", "IDRETT", "INGEN", "KULTUR", "IDRETT,KULTUR", "ANNET"][n % 6]
    return [None, "JN"[n % 2] if age < 10 else None, "J", leisure]


def family_rows(family, life, when, seen="OBSERVERT", occasion="PLANLAGT"):
    """The rows of one family in a form: (family, adults, children), empty answers where nothing was observed."""
    head = [when, occasion, seen, None]
    if seen != "OBSERVERT":
        return ([[family.id, *head, None, None, None]], [[f"{family.id}-{a}", *head, *[None] * 6] for a in family.adults],
                [[f"{family.id}-{b}", *head, *[None] * 4] for b in family.children])
    return ([[family.id, *head, *life.household]],
            [[f"{family.id}-{a}", *head, *life.adults[a]] for a in family.adults],
            [[f"{family.id}-{b}", *head, *child_answers(family, b, when)] for b in family.children])


def form(path, parts):
    write_xlsx(HERE / path, {
        "Familier": (FAMILY, [row for part in parts for row in part[0]]),
        "Voksne": (ADULT, [row for part in parts for row in part[1]]),
        "Barn": (CHILD, [row for part in parts for row in part[2]]),
    })


def dated(first, days, *words):
    return first + timedelta(number(*words) % days)


def mistaken(rows):
    """The same family with its first adult's work and income wrong, as first reported."""
    family, adults, children = rows
    first = adults[0][:5] + ["SOSIALHJELP", "LEDIG_REG", adults[0][7], None, None, adults[0][10]]
    return family, [first, *adults[1:]], children


def correction(rows):
    """The first adult put right; what the row leaves empty is inherited."""
    row = list(rows[1][0])
    row[4], row[7], row[10] = "NY_INFO", None, None
    return [], [row], []


def oddities(eligible, taken, told):
    """What goes amiss, and for whom: all among the undrawn, so that the two published tables stay whole."""
    undrawn = ordered(f for f in eligible if f.id not in taken)
    at_work = [f for f in undrawn if told[f.id][0][1].adults["A1"][0] == "LONN"][:2]
    others = [f for f in undrawn if f not in at_work]
    words = ["unreached", "unreached", "silent", "late", "unknown", "withdrew", "moved"]
    return {f.id: "corrected" for f in at_work} | {f.id: word for word, f in zip(words, others[::4])}


def twelve_months(family, life, word):
    """What one family adds to the form at 12 months and to the later one with corrections."""
    when = dated(date(2016, 8, 15), 38, "middle", family.id)
    rows = family_rows(family, life, when)
    if word == "unreached":
        return [family_rows(family, life, when, "IKKE_NADD")], []
    if word == "withdrew":
        return [family_rows(family, life, date(2016, 6, 10), "TRAKK_SAMTYKKE")], []
    if word == "late":
        return [], [family_rows(family, life, date(2016, 10, 28))]
    if word == "unknown":
        rows[1][0][5:7] = ["UKJENT", "UKJENT"]
    if word == "corrected":
        return [mistaken(rows)], [correction(rows)]
    return ([] if word == "silent" else [rows]), []


def status_forms(eligible, taken, told):
    """Baseline, extra contacts, 12 months, corrections and year-end."""
    odd = oddities(eligible, taken, told)
    forms = {path: [] for path in ("status-2015-08.xlsx", "ekstra-2016-02.xlsx", "status-2016-09.xlsx",
                                   "retting-2016-11.xlsx", "status-2017-01.xlsx")}
    for f in eligible:
        (start, middle, end), _ = told[f.id]
        word = odd.get(f.id, "")
        forms["status-2015-08.xlsx"].append(family_rows(f, start, dated(date(2015, 8, 3), 25, "start", f.id)))
        if number("extra", f.id) % (2 if f.id in taken else 20) == 0:
            extra = family_rows(f, middle, dated(date(2016, 2, 8), 18, "extra", f.id), occasion="EKSTRA")
            forms["ekstra-2016-02.xlsx"].append(extra)
        reported, corrected = twelve_months(f, middle, word)
        forms["status-2016-09.xlsx"] += reported
        forms["retting-2016-11.xlsx"] += corrected
        if word == "moved":
            forms["status-2017-01.xlsx"].append(family_rows(f, end, date(2016, 11, 20), "FLYTTET"))
        elif word not in ("withdrew", "silent"):
            forms["status-2017-01.xlsx"].append(family_rows(f, end, dated(date(2016, 12, 12), 32, "end", f.id)))
    for path, parts in forms.items():
        form(path, parts)


def monthly(eligible, told):
    rows = []
    for f in eligible:
        for place, month in enumerate(AFTER, 1):
            paid = place in told[f.id][1]
            grant = 2500 + 500 * (number("after", f.id, place) % 22) if paid else 0
            rows.append([f.id, month, grant, choose([0, 0, 0, 0, 1500], "lent", f.id, place) if paid else 0, "KOSTRA_11F"])
    write_csv(HERE / "manedlig-2015-2016.csv", ["Familie ID", "Måned", "Stønad", "Lån", "Register"], rows, delimiter=";")


def main():
    listed = families()
    eligible = [f for f in listed if f.path != "nei"]
    roster(listed)
    taken = draw(eligible)
    told = lives(eligible, taken)
    status_forms(eligible, taken, told)
    monthly(eligible, told)


if __name__ == "__main__":
    main()
