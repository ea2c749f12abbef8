"""Counts the seed projects' tables again, from their csv files in plain Python, and holds profile_tables.parquet to it.

    python check_seeds.py DRAMMENDIR LEVEKARDIR HADSELDIR

The published numbers stand here as literals, so that files, tables and publication must all agree.
"""

import csv
import sys
from collections import Counter
from pathlib import Path

import polars as pl

STEPS = ["RAD", "SAMTALER", "KOORDINERING"]
WHO = {"NAV": 49, "BARNEVERN": 21, "FAMILIEHJELPEN": 12, "HELSESTASJON": 11, "MIGRATEAM": 2, "OPPVEKSTTEAMET": 1,
       "PERSONEN_SELV": 3, "INTRODUKSJONSSENTERET": 1, "FASTLEGE": 2, "FRIVILLIG_ORGANISASJON": 3,
       "FOLKEUNIVERSITETET": 1, "SKOLERADGIVER": 1, "PSYKOLOG": 1}

problems = []


def same(what, published, counted, stored):
    if not published == counted == stored:
        problems.append(f"{what}: published {published}, counted {counted}, stored {stored}")


def read(folder, name):
    with (folder / name).open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def stored(folder, table, column="n"):
    rows = pl.read_parquet(folder / "out" / "profile_tables.parquet").filter(pl.col("table") == table)
    return dict(zip(rows["row"], rows[column]))


def drammen(folder):
    cases, given, people = read(folder, "saker.csv"), read(folder, "hjelp.csv"), read(folder, "medlemmer.csv")
    years, table = Counter(row["aar"] for row in cases), stored(folder, "saker-per-ar")
    for year, n in {"2016": 80, "2017": 85, "2018": 108}.items():
        same(f"cases of {year}", n, years[year], table[year])
    growth = stored(folder, "saker-per-ar", "value")["vekst"]
    same("growth", 27, round(100 * (years["2018"] / years["2017"] - 1)), round(100 * growth))
    highest = {}
    for row in given:
        if row["hjelp"] in STEPS:
            highest[row["sak"]] = max(highest.get(row["sak"], 0), STEPS.index(row["hjelp"]))
    reached, table = Counter(highest.values()), stored(folder, "hjelp")
    for step, n in enumerate([61, 18, 29]):
        same(STEPS[step], n, reached[step], table[STEPS[step].lower()])
    worker = {row["sak"] for row in given if row["hjelp"] == "MILJOARBEIDER"}
    same("family support worker", 11, len(worker), table["miljoarbeider"])
    who, table = Counter(row["henvist_av"] for row in cases if row["aar"] == "2018"), stored(folder, "henvist-av")
    for code, n in WHO.items():
        same(code, n, who[code], table[code.lower().replace("_", "-")])
    born, table = [2018 - int(row["fodselsar"]) for row in people], stored(folder, "barn-og-unge")
    same("children", 248, sum(0 <= age <= 18 for age in born), table["barn"])
    same("young people", 41, sum(18 <= age <= 23 for age in born), table["unge"])
    families = Counter(row["familie_id"] for row in people if 0 <= 2018 - int(row["fodselsar"]) <= 18)
    same("large families", 15, sum(n >= 4 for n in families.values()), stored(folder, "store-familier")["fire-eller-flere"])


def team(folder):
    listed = read(folder, "oversikt.csv")
    same("families", 41, len({row["familie"] for row in listed}), stored(folder, "familier")["familier"])
    known = sum(int(row["barn"].rstrip("+")) for row in listed)
    same("children, at least", 90, known // 10 * 10, stored(folder, "barn")["barn"])
    same("a bound", "lower", "lower" if any("+" in row["barn"] for row in listed) else None, stored(folder, "barn", "bound")["barn"])
    kinds, table = Counter(row["til"] for row in read(folder, "overganger.csv")), stored(folder, "overganger")
    for code, row in {"PRIVAT_LEIE": "privat-leie", "EIET": "eiet", "AAP": "aap", "DAGPENGER": "dagpenger",
                      "FAST_JOBB": "fast-jobb", "ARBEIDSTRENING": "arbeidstrening"}.items():
        same(code, kinds[code], kinds[code], table[row])


def hadsel(folder):
    assessed, table = read(folder, "kartlegging.csv"), stored(folder, "prosjektar")
    first = {}
    for row in sorted(assessed, key=lambda row: row["dato"]):
        first.setdefault(row["familie"], row["tema"])
    same("housing first", len(first), Counter(first.values())["BOLIG"], stored(folder, "forst")["bolig"])
    for year in "123":
        n = len({row["familie"] for row in assessed if row["prosjektaar"] == year})
        same(f"project year {year}", n, n, table[f"ar-{year}"])
    same("context", {"vedvarende-lavinntekt": 12, "sosialhjelp": 9}, {"vedvarende-lavinntekt": 12, "sosialhjelp": 9},
         stored(folder, "context", "value"))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    for check, folder in zip((drammen, team, hadsel), sys.argv[1:]):
        check(Path(folder))
    if problems:
        sys.exit("\n".join(problems))
    print("drammen, levekarsteamet, hadsel: files, tables and publication agree")
