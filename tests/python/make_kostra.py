"""Writes KOSTRA files of each form and year with known contents, a key, and what must come out of them.

    make_kostra.py OUT

The positions are typed from Statistics Norway's public record descriptions (statisticsnorway/kostra-kontrollprogram,
`kravspesifikasjon/file_description_11F_*.md` and `_11CF_*.md`, MIT licence); nothing is shared with the program.
Persons are made up: synthetic national ids (month + 80).
"""

import json
import random
import sys
from pathlib import Path

ALPHABET = "3456789CDFGHJKMNPQRTVWX"
MONTHS = range(1, 13)

# 11F: first column of what is used, and the record's length.
F_2022 = dict(journal=11, fnr=19, duf=30, sex=42, marital=43, has=44, children=45, vklo=47, trygd=48, arb=50, mark=52,
              grant=76, loan=83, months=90, advice=258, plan=259, worker=260, bosit=270, terms=271, paid=273, length=324)
F_2024 = dict(journal=9, fnr=17, duf=28, sex=40, marital=41, has=42, children=43, vklo=45, trygd=46, arb=48, mark=50,
              grant=74, loan=81, months=88, advice=256, plan=257, worker=258, bosit=268, terms=269, paid=271, length=324)
F_2025 = dict(born=9, journal=17, fnr=25, duf=36, sex=48, marital=49, has=50, children=51, vklo=53, trygd=54, arb=56,
              mark=58, grant=82, loan=89, months=96, advice=264, plan=265, worker=266, bosit=276, terms=277, paid=279,
              length=338)
F = {2022: F_2022, 2023: F_2022, 2024: F_2024, 2025: F_2025, 2026: F_2025}

# 11CF: the same; `with_` is KVP_MED_ASTONAD, which the five boxes follow.
C = {
    2022: dict(journal=11, fnr=19, sex=30, marital=31, has=32, children=33, dates=35, from_other=53, before=59, with_=64,
               mark=70, paid=94, status=101, ended=102, after=108, income=128, worker=130, length=139),
    2023: dict(journal=11, fnr=19, sex=30, marital=31, has=32, children=33, dates=35, from_other=53, before=58, with_=63,
               mark=69, paid=93, status=100, ended=101, after=107, income=127, worker=129, length=138),
    2024: dict(journal=9, fnr=17, sex=28, marital=29, has=30, children=31, dates=33, from_other=51, before=56, with_=61,
               mark=67, paid=91, status=98, ended=99, after=105, income=125, worker=127, length=136),
}
C[2025] = C[2026] = dict(born=9, journal=17, fnr=25, sex=36, marital=37, has=38, children=39, dates=41, from_other=65,
                         before=70, with_=75, mark=81, paid=105, status=112, ended=113, after=121, income=141, worker=143,
                         length=152)

TRYGD = {"01": "SYKEPENGER", "02": "DAGPENGER", "04": "UFORETRYGD", "05": "OVERGANGSSTONAD", "06": "OMSTILLING",
         "07": "ALDERSPENSJON", "09": "SUPPLERENDE", "10": "ANNEN_TRYGD", "11": "AAP", "12": "INGEN", "13": "BARNETRYGD"}
VKLO = {"1": "LONN", "2": "TILTAKSPENGER", "4": "STUDIE", "5": "SOSIALHJELP", "6": "INTRO", "7": "PARTNER", "8": "KVP",
        "9": "ANNEN"}
ARB = {"01": "HELTID", "02": "DELTID", "03": "UTDANNING", "04": "IKKE_SOKER", "05": "TILTAK_STAT", "06": "TILTAK_KOMM",
       "07": "LEDIG_REG", "08": "LEDIG_UREG", "09": "INTRO_ORDN", "10": "KVP_PROG"}
BO = {"1": "LEID_PRIVAT", "2": "LEID_KOMM", "3": "EID", "4": "UTEN", "5": "ANNET", "6": "INSTITUSJON"}
# Combinations that break no rule of the control program.
SOUND = [("1", "12", "01"), ("2", "12", "05"), ("4", "12", "03"), ("6", "12", "09"), ("8", "12", "10"), ("5", "12", "07"),
         ("7", "12", "08"), ("9", "12", "04"), ("3", "11", "04"), ("3", "01", "02"), ("3", "10", "07"), ("3", "04", "05")]


def family(symbols):
    check = -sum((i + 2) * ALPHABET.index(x) for i, x in enumerate(symbols)) % 23
    return f"RIN-{symbols}-{ALPHABET[check]}"


def national(rng):
    """A synthetic fødselsnummer of someone born 1960–1999, with the control digits of today."""
    while True:
        digits = [int(x) for x in f"{rng.randint(1, 28):02d}{rng.randint(81, 92)}{rng.randint(60, 99)}{rng.randint(100, 499)}"]
        k1 = -sum(w * d for w, d in zip([3, 7, 6, 1, 8, 9, 4, 5, 2], digits)) % 11
        k2 = -sum(w * d for w, d in zip([5, 4, 3, 2, 7, 6, 5, 4, 3, 2], [*digits, k1])) % 11
        if k1 < 10 and k2 < 10:
            return "".join(map(str, digits)) + f"{k1}{k2}"


def duf(rng):
    first = f"20{rng.randint(10, 22)}{rng.randint(0, 999999):06d}"
    return first + f"{sum(w * int(d) for w, d in zip([4, 6, 3, 2, 4, 6, 3, 2, 7, 5], first)) % 11:02d}"


def record(length, fields):
    line = [" "] * length
    for start, text in fields:
        line[start - 1:start - 1 + len(text)] = text
    assert len(line) == length
    return "".join(line)


def people(rng):
    """Four families of the key, one of two recipients; by fnr, DUF, journal number; and strangers."""
    families = [family(s) for s in ("7KQ4", "8CD3", "9FGH", "3X7W")]
    known = [(f"{families[0]}-A1", "FNR"), (f"{families[0]}-A2", "DNR"), (f"{families[1]}-A1", "DUF"),
             (f"{families[2]}-A1", "JOURNAL"), (f"{families[3]}-A1", "FNR")]
    persons = []
    for i in range(12):
        member, kind = known[i] if i < len(known) else (None, None)
        has_national = kind not in ("DUF", "JOURNAL")
        persons.append(dict(member=member, kind=kind, fnr=national(rng) if has_national else "",
                            duf=duf(rng) if kind == "DUF" else "", journal=f"J{rng.randint(0, 9999999):07d}"))
    key = "member_id;id_type;id_value\n" + "".join(
        f"{p['member']};{p['kind']};{p[{'FNR': 'fnr', 'DNR': 'fnr', 'DUF': 'duf', 'JOURNAL': 'journal'}[p['kind']]]}\n"
        for p in persons if p["member"])
    # The last of the key gets nothing and stands in no file.
    return families, persons[:4] + persons[5:], key


def identity(at, year, p):
    fields = [(1, "3305"), (5, f"{year % 100:02d}"), (7, "00"), (at["journal"], p["journal"]), (at["fnr"], p["fnr"]),
              (at["sex"], "2"), (at["marital"], "3"), (at["has"], "1"), (at["children"], "02"), (at["worker"], "SAKSBEHAND")]
    if "duf" in at:
        fields.append((at["duf"], p["duf"]))
    return fields + ([(at["born"], "01011980")] if "born" in at else [])


def day(year, month_day, of):
    return f"{month_day}{year if of >= 2025 else year % 100:02d}"


def assistance(year, persons, families, rng):
    at, lines, sums, contacts = F[year], [], {}, []
    for p in persons:
        vklo, trygd, arb = rng.choice(SOUND)
        bosit = rng.choice("123456")
        fields = identity(at, year, p) + [
            (at["vklo"], vklo), (at["trygd"], trygd), (at["arb"], arb), (at["advice"], "2"), (at["plan"], "2"),
            (at["bosit"], bosit), (at["terms"], "12"), (at["paid"], day(year, "1503", year))]
        grants, loans = 0, 0
        for month in MONTHS:
            if rng.random() < 0.5 or month == 3:
                grant, loan = rng.randint(1, 30000), rng.choice([0, 0, rng.randint(1, 9000)])
                grants, loans = grants + grant, loans + loan
                start = at["months"] + 14 * (month - 1)
                fields += [(at["mark"] + 2 * (month - 1), f"{month:02d}"), (start, f"{grant:07d}"), (start + 7, f"{loan:>7}")]
                if p["member"]:
                    before = sums.get((p["member"][:-3], month), (0, 0))
                    sums[p["member"][:-3], month] = (before[0] + grant, before[1] + loan)
        fields += [(at["grant"], f"{grants:7d}"), (at["loan"], f"{loans:07d}")]
        lines.append(record(at["length"], fields))
        if p["member"]:
            income = (TRYGD[trygd], f"VKLO 3, TRYGDESIT {trygd}") if vklo == "3" else (VKLO[vklo], f"VKLO {vklo}")
            contacts += [(p["member"], "INNTEKT", *income), (p["member"], "TRYGDESIT", TRYGD[trygd], f"TRYGDESIT {trygd}"),
                         (p["member"], "ARBEID", ARB[arb], f"ARBSIT {arb}"), (p["member"], "BOLIG", BO[bosit], f"BOSIT {bosit}")]
    months = [f"{fam};{year}-{month:02d};{grant};{loan};KOSTRA_11F;;;;" for (fam, month), (grant, loan) in sorted(sums.items())]
    return lines, dict(months=months, families=sorted(families), contacts=[
        f"{member};{year};{variable};{value};KOSTRA_11F;{source}" for member, variable, value, source in sorted(contacts)])


def programme(year, persons, rng):
    at, lines, contacts = C[year], [], []
    for p in persons:
        wide = 8 if year >= 2025 else 6
        marked = [month for month in MONTHS if rng.random() < 0.6]
        paid = 20000 * len(marked)
        fields = identity(at, year, p) + [(at["dates"] + i * wide, day(year, "0102", year)) for i in range(3)] + [
            (at["from_other"], "2"), (at["before"], "12"), (at["with_"], "145 87"), (at["paid"], f"{paid:07d}"),
            (at["status"], "3"), (at["ended"], day(year, "3011", year)), (at["after"] + 2, "11"), (at["income"], "11")]
        fields += [(at["mark"] + 2 * (month - 1), f"{month:02d}") for month in marked]
        lines.append(record(at["length"], fields))
        if p["member"]:
            values = [("KVP_STATUS", "FULLFORT", "STATUS 3"), ("KVP_FOR_SOSIALHJELP", "HOVED", "YTELSE_TYPE_SOSHJ 2"),
                      ("KVP_ETTER_INNTEKT", "ARBEID_LONNSTILSKUDD", "AVSL_VIKTIGSTE_INNTEKT 11"),
                      ("LONNSTILSKUDD", "J", "AVSL_ARBLONNSTILS 11"),
                      ("KVP_ETTER_ARBEID_LONNSTILSKUDD", "J", "AVSL_ARBLONNSTILS 11"),
                      ("TILLEGG_BOSTOTTE_KOMM", "J", "KVP_MED_KOMMBOS 4"),
                      ("TILLEGG_BOSTOTTE_HUSBANK", "J", "KVP_MED_HUSBANKBOS 5"),
                      ("TILLEGG_SOSIALHJELP_SUPPL", "J", "KVP_MED_SOSHJ_SUP 7")]
            values += [(f"KVP_MND_{month:02d}", "J", f"STMND_{month} {month:02d}") for month in marked]
            if paid:
                values.append(("KVP_STONAD", str(paid), "KVP_STONAD"))
            contacts += [(p["member"], *it) for it in values]
    return lines, dict(contacts=[
        f"{member};{year};{variable};{value};KOSTRA_11CF;{source}" for member, variable, value, source in sorted(contacts)])


def main(out):
    out.mkdir(parents=True, exist_ok=True)
    families, persons, key = people(random.Random(11))
    (out / "KEY.csv").write_text(key)
    expected = {"secrets": sorted({x for p in persons for x in (p["fnr"], p["duf"], p["journal"]) if x} | {"SAKSBEHAND"})}
    for year in F:
        rng = random.Random(year)
        for form, (lines, content) in {"11F": assistance(year, persons, families, rng),
                                       "11CF": programme(year, [p for p in persons if p["fnr"]], rng)}.items():
            (out / f"{form}_{year}.dat").write_bytes(("\n".join(lines) + "\n").encode("latin-1"))
            expected[f"{form}_{year}"] = content
    (out / "expected.json").write_text(json.dumps(expected, indent=1))


main(Path(sys.argv[1]))
