"""The protocol file and the analysis plan of a random pilot."""

import string
from datetime import date, timedelta

LEGAL = ("processing_basis", "confidentiality", "trial_authority", "dpia", "ethics", "information", "objection")


class TooFew(Exception):
    """A block would have fewer than ten families in an arm."""


def name(dice, letters, length):
    return "".join(dice.choice(letters) for _ in range(length))


def table(head, **values):
    lines = [head] if head else []
    for key, value in values.items():
        if value is not None:
            lines.append(f"{key} = {written(value)}")
    return "\n".join(lines) + "\n"


def written(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{key} = {written(it)}" for key, it in value.items()) + " }"
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if isinstance(value, (int, float)) else f'"{value}"'


class Protocol:
    """Built in two steps: the rules first, then, when it is known who is eligible, blocks and seats."""

    def __init__(self, dice):
        self.witnessed = dice.random() < 0.5
        self.prefix = "Q" + name(dice, "BDGHKLPRSTVZ", 2)
        self.label = name(dice, string.ascii_letters + string.digits + "_.-", dice.randint(3, 30)) + "-rehearsal"  # a real draw refuses the scripted clock
        self.drawn_on = date(2019, 1, 10) + timedelta(dice.randrange(1500))
        self.as_of = self.drawn_on - timedelta(dice.randint(75, 95))
        self.offices = [name(dice, "bdfghklmnprst", 1) + name(dice, string.ascii_lowercase, 5) + str(n) for n in range(dice.randint(1, 4))]
        self.criterion = "YTELSE_" + name(dice, string.ascii_uppercase, 3)
        self.arms = 3 if dice.random() < 0.2 else 2
        self.names = [f"{name(dice, string.ascii_lowercase, 4)}{n}" for n in range(self.arms)]
        self.variables = variables(dice)
        self.followed = set()  # the families on the list, joined ones too
        self.parsed = {}
        self.head, self.tail, self.blocks = self.opening(dice), self.ending(dice), ""

    @property
    def text(self):
        return self.head + "\n" + self.blocks + "\n" + self.tail

    def opening(self, dice):
        parts = ["version = 1\n", table("[pilot]", label=self.label, id_prefix=self.prefix, title_nb="Tilfeldig pilot æøå", title_en="Random pilot",
                                        starts_on=(self.as_of - timedelta(60)).isoformat())]
        parts.append(table("[legal]", **dict.fromkeys(LEGAL, "Oppdiktede familier."), deletion_date="2040-12-31"))
        parts += [table("[[office]]", id=it, name=f"Nav {it}", municipality="9999") for it in self.offices]
        children = dice.choice([3, 4])
        rules = dice.choice(["barn", "barn AND (hjelp OR ytelse)", "barn AND NOT (hjelp AND ytelse)", "barn AND (hjelp OR perioder)"])
        parts.append(table("[screening]", as_of=self.as_of.isoformat(), eligible=rules))
        parts.append(table("[[screening.column]]", name="children", kind="children_at_home", age_years=18))
        parts.append(table("[[screening.column]]", name="months", kind="months_with_assistance", lookback_months=12, count_loans=dice.random() < 0.5))
        parts.append(table("[[screening.column]]", name="spells", kind="assistance_spells", lookback_months=24, gap_months=dice.choice([1, 2]), count_loans=True))
        parts.append(table("[[screening.column]]", name="benefit", kind="fact", criterion=self.criterion))
        for rule, sql, parameters in [
            ("barn", "children BETWEEN 1 AND :most", {"most": children}),
            ("hjelp", "months >= :few", {"few": dice.randint(4, 7)}),
            ("perioder", "spells >= :some", {"some": dice.randint(2, 4)}),
            ("ytelse", "benefit IN :list", {"list": ["AAP", "DAGPENGER"]}),
        ]:
            parts.append(table("[[screening.rule]]", id=rule, sql=sql, parameters=parameters, reason_nb="Oppfyller ikke regelen",
                               reason_nn="Oppfyller ikkje regelen", reason_en="Does not meet the rule"))
        parts.append(table("[draw]", unit="FAMILIE"))
        parts += [table("[[draw.arm]]", label=it, name_nb=f"Gruppe {it}", name_en=f"Group {it}") for it in self.names]
        return "\n".join(parts)

    def ending(self, dice):
        parts = [table("[followup]", reporting_lag_days=dice.choice([0, 14, 30]))]
        wide = dice.choice([None, 20, 40])
        months = dice.choice([[0, 3, 12], [0, 6], [0, 12], [3, 6, 12]])
        for it in months:
            parts.append(table("[[followup.horizon]]", months=it, low_days=wide if it else None, high_days=wide if it else None))
        if dice.random() < 0.4:
            at = date(self.drawn_on.year + months[-1] // 12 + 1, 12, 31)
            parts.append(table("[[followup.horizon]]", at=at.isoformat(), low_days=30, high_days=30) if self.clear(at, months[-1]) else "")
        parts += [table("[[variable]]", **it) for it in self.variables]
        parts += outcomes(self.variables)
        parts.append(table("[disclosure]", threshold=dice.randint(3, 6)))
        return "\n".join(parts)

    def clear(self, at, months):
        """Whether a calendar date's window lies well after that of the last horizon."""
        return (at - self.drawn_on).days - 30 > months * 31 + 60

    def finish(self, world, lead_of):
        """Blocks of one or two offices, at least ten families in every arm of a block."""
        self.followed, left = set(lead_of), list(self.offices)
        parts, place = [], 0
        while left:
            taken = [left.pop(0) for _ in range(min(len(left), world.dice.choice([1, 1, 2])))]
            units = sum(world.families[family][0] in taken for family in set(lead_of.values()))
            if units < 10 * self.arms:
                raise TooFew
            most = (units - 10) // (self.arms - 1)
            seats = [world.dice.randint(10, most) for _ in range(self.arms - 1)]
            parts.append(table("[[draw.block]]", label=f"b{place}.{taken[0]}", offices=taken, seats=seats))
            place += 1
        self.blocks = "\n".join(parts)

    def draw_commands(self, dice):
        if self.witnessed:
            value = "-".join(str(dice.randint(1, 6)) for _ in range(6)) + " Hønefoss"
            return '--witnessed "seks terninger kastes på rådhuset"', f'--value "{value}"'
        return "--rehearsal", "--seed " + name(dice, "0123456789abcdef", 64)


def variables(dice):
    """Own variables of every unit and kind."""
    def labels(word):
        return {"label_nb": f"{word} på norsk", "label_en": f"{word} in English"}
    codes = [{"code": "K" + name(dice, string.ascii_uppercase, 3), "nb": "Ett", "en": "One"} for _ in range(dice.randint(2, 4))]
    codes = list({it["code"]: it for it in codes}.values())
    return [
        {"name": "EGEN_KODE", "unit": "FAMILIE", "kind": "code", **labels("Kode"), "codes": codes},
        {"name": "EGEN_TALL", "unit": "FAMILIE", "kind": "integer", **labels("Tall"), "min": 0, "max": dice.randint(5, 40)},
        {"name": "EGEN_VOKSEN", "unit": "VOKSEN", "kind": "yes_no", **labels("Voksen")},
        {"name": "EGEN_BARN", "unit": "BARN", "kind": "yes_no", **labels("Barn")},
    ]


def outcomes(own):
    """The dictionary's and the pilot's own, of every form."""
    known = ["A_ARBEID", "A_SOSHJ_HOVED", "F_ARBEID_NOEN", "F_SOSHJ_NOE", "F_FRI_SOSHJ", "F_FAST_BOLIG", "F_FRI_SOSHJ_6M", "F_SOSHJ_MND", "C_FRITID"]
    parts = [table("[[outcome]]", id=it) for it in known]
    code, middle = own[0]["codes"][0]["code"], own[1]["max"] // 2

    def add(outcome, unit, **form):
        parts.append(table("[[outcome]]", id=outcome, unit=unit, label_nb=f"{outcome} nb", label_en=f"{outcome} en", **form))
    add("F_KODE", "FAMILIE", sql=f"EGEN_KODE = '{code}'")
    add("F_TALL", "FAMILIE", sql=f"EGEN_TALL > {middle} AND (EGEN_KODE <> '{code}' OR BOLIG IN ('EID', 'LEID_PRIVAT'))")
    add("A_BEGGE", "VOKSEN", sql="EGEN_VOKSEN = 'J' AND NOT (A_SOSHJ_HOVED = 1)")
    add("F_NOEN", "FAMILIE", any="A_BEGGE")
    add("F_ALLE", "FAMILIE", all="A_BEGGE")
    add("C_EGEN", "BARN", sql="EGEN_BARN = 'J'")
    add("F_ANDEL", "FAMILIE", share="C_EGEN")
    add("F_KLASSE", "FAMILIE", categories=[
        {"code": "FORST", "nb": "Først", "en": "First", "sql": "F_KODE = 1 AND F_NOEN = 1"},
        {"code": "TALL", "nb": "Tall", "en": "Number", "sql": f"EGEN_TALL BETWEEN 0 AND {middle}"},
        {"code": "RESTEN", "nb": "Resten", "en": "The rest", "sql": f"EGEN_TALL > {middle}"},
    ])
    return parts


def analysis(dice, spec, marks):
    """A plan of family-level differences at every follow-up, and one lottery re-run."""
    parts = [table("", version=1, alpha=0.05, seed=name(dice, "0123456789abcdef", 64))]
    for mark in marks:
        if mark.name == "0":
            continue
        when = {"horizon": int(mark.name)} if mark.name.isdigit() else {"at": mark.name}
        for outcome in ("F_KODE", "F_TALL", "F_NOEN", "F_ALLE", "F_ANDEL", "F_ARBEID_NOEN", "F_FAST_BOLIG"):
            parts.append(table("[[analysis]]", id=f"{outcome}-{mark.name}", outcome=outcome, estimator="difference_in_means", **when, source="VEILEDER",
                               unit="FAMILIE", draws=[1]))
        parts.append(table("[[analysis]]", id=f"months-{mark.name}", outcome="F_SOSHJ_MND", estimator="difference_in_means", **when, source="REGISTER",
                           register="KOSTRA_11F", unit="FAMILIE", draws=[1]))
    last = {"horizon": int(marks[-1].name)} if marks[-1].name.isdigit() else {"at": marks[-1].name}
    if spec.arms == 2:
        parts.append(table("[[analysis]]", id="lottery", outcome="F_KODE", estimator="randomization_test", statistic="difference", replicates=999, **last,
                           source="VEILEDER", unit="FAMILIE", draws=[1]))
    return "\n".join(parts)

