"""Sixty families on assistance, two draws for at most twenty places, and the months of 2020.

Every family is made up, and so is every figure but the office's: at most twenty families at any time,
fifteen helped, and in an average month 48 families with 101 children on assistance. The draws are made
with tests/python/make_draw.py, so that the program takes over draws that it did not make.

    python make.py        # standard library alone
"""

import hashlib
import sys
from datetime import date, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "tests" / "python")]
import make_draw  # noqa: E402
from making import choose, family_ids, number, write_csv  # noqa: E402

OFFICE, PILOT = "aurskog-holand", "aurskog-holand-rehearsal"
CAPACITY = 20
# Batch: families that come, and families that say yes to a place.
BATCHES = [(36, 10), (24, 5)]
DRAWN_ON = [date(2019, 9, 2), date(2020, 3, 2)]
REGISTERED = [date(2019, 6, 3), date(2020, 1, 6)]
FAMILY_MONTHS, CHILD_MONTHS = 12 * 48, 12 * 101
MONTHS = [f"2020-{month:02}" for month in range(1, 13)]


def bytes32(*words):
    return hashlib.sha256("|".join([PILOT, *map(str, words)]).encode()).digest()


def families():
    ids = iter(family_ids("AUR", sum(n for n, _ in BATCHES)))
    for batch, (n, _) in enumerate(BATCHES):
        for own in [next(ids) for _ in range(n)]:
            yield {"id": own, "batch": batch, "children": choose([1, 1, 2, 2, 2, 3, 3, 4], "children", own)}


def members(family):
    """Adults, and children who are under 18 in all of the two years."""
    own = family["id"]
    yield f"{own}-A1", own, "FORELDER", 1972 + number("born", own) % 24, "KKM"[number("sex", own) % 3]
    if number("couple", own) % 4 == 0:
        yield f"{own}-A2", own, "PARTNER", 1970 + number("partner", own) % 24, None
    for at in range(1, family["children"] + 1):
        yield f"{own}-B{at}", own, "BARN", 2003 + number("child", own, at) % 15, None


def months_off(listed):
    """Family and month without assistance: families that leave it for good in July, as many as the two means leave."""
    leaving = (12 * len(listed) - FAMILY_MONTHS) // 6
    wanted = (12 * sum(f["children"] for f in listed) - CHILD_MONTHS) // 6
    order = sorted(listed, key=lambda f: number("leaves", f["id"]))
    off, on = order[:leaving], order[leaving:]
    while (gap := wanted - sum(f["children"] for f in off)) != 0:
        step = 1 if gap > 0 else -1
        here, there = next((a, b) for a, f in enumerate(off) for b, g in enumerate(on) if g["children"] == f["children"] + step)
        off[here], on[there] = on[there], off[here]
    return {(f["id"], month) for f in off for month in MONTHS[6:]}


def draw(batch, listed, before):
    """Folder draw/000N of one batch; gives the families drawn, by rank, and the files that the next one binds."""
    number_of, plan, secret = batch + 1, (HERE / "pilot.toml").read_bytes(), bytes32("secret", batch)
    units = [(f["id"], bytes32("salt", f["id"])) for f in listed if f["batch"] == batch]
    seats = CAPACITY - sum(yes for _, yes in BATCHES[:batch])
    links = {} if before is None else {"previous": make_draw.sha256(before[0]).hex(), "ended": make_draw.sha256(before[1]).hex()}
    announcement, leaves, private, _ = make_draw.announce(
        PILOT, plan, secret, {"kind": "fixed"}, ["follow-up", "ordinary"], {OFFICE: ([seats, len(units) - seats], units)},
        draw=number_of, **links)
    beacon = {"kind": "fixed", "seed": bytes32("seed", batch).hex()}
    rows = [tuple(row.split(",")) for row in leaves.decode().splitlines()[1:]]
    result = make_draw.result_rows(announcement, rows, make_draw.key_of(announcement, secret, beacon))
    unit_of = {row.split(",")[1]: row.split(",")[3] for row in private.decode().splitlines()[1:]}
    reveal = make_draw.reveal(announcement, secret, beacon)
    folder = HERE / "draw" / f"{number_of:04}"
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in {"announcement.json": announcement, "plan.toml": plan, "leaves.csv": leaves, "reveal.json": reveal,
                          "result.csv": make_draw.csv_of(["block", "ordinal", "leaf", "ticket", "rank", "arm"], result)}.items():
        (folder / name).write_bytes(content)
    (folder.parent / f"private-{number_of:04}.csv").write_bytes(private)
    drawn = sorted((rank, unit_of[leaf]) for _, _, leaf, _, rank, arm in result if arm == "follow-up")
    return [unit for _, unit in drawn], (announcement, reveal)


def answers(batch, drawn):
    """The commands by which the families drawn answer: as many say yes as were helped, the others no or nothing."""
    scattered = sorted(drawn, key=lambda unit: number("answer", unit))
    yes = set(scattered[:BATCHES[batch][1]])
    day = DRAWN_ON[batch] + timedelta(days=14)
    for at, unit in enumerate(drawn):
        said = "JA" if unit in yes else "IKKE_NADD" if number("reached", unit) % 4 == 0 else "NEI"
        yield f"{day}T{8 + at // 6:02}:{at % 6}0:00Z lodd draw offer answer {unit} {said}"
    yield f'{day}T15:00:00Z lodd draw offer close --draw {batch + 1} --reason "neste liste"'


def script(told):
    """demo.txt: the answers stand in it, one command each."""
    lines = ["# Rolling places: two lists, one after the other. Both draws were made elsewhere by the protocol, as a rehearsal."]
    for batch, (drawn, drawn_on) in enumerate(zip(told, DRAWN_ON)):
        files = f"familier-{batch + 1}.csv medlemmer-{batch + 1}.csv"
        lines += [
            f"{drawn_on}T06:00:00Z lodd roster import {files}",
            f"{drawn_on}T06:10:00Z lodd screen",
            f"{drawn_on}T10:00:00Z lodd draw import draw/{batch + 1:04} --private draw/private-{batch + 1:04}.csv --drawn-on {drawn_on}",
            f"{drawn_on}T10:10:00Z lodd draw verify draws/{batch + 1:04} --roster draw/private-{batch + 1:04}.csv",
            *answers(batch, drawn),
        ]
    lines.insert(1, f"{DRAWN_ON[0]}T05:50:00Z lodd check")
    lines += ["2021-02-15T09:00:00Z lodd upload maneder-2020.csv --office aurskog-holand", "2021-03-01T09:00:00Z lodd plan lock"]
    lines += [f"2021-03-01T09:{at}0:00Z lodd {it}" for at, it in enumerate(["panel", "estimate", "report", "ledger verify"], 1)]
    (HERE / "demo.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="")


def roster(listed):
    for batch in range(len(BATCHES)):
        mine = [f for f in listed if f["batch"] == batch]
        day = lambda f: REGISTERED[batch] + timedelta(number("in", f["id"]) % 40)
        write_csv(HERE / f"familier-{batch + 1}.csv", ["familie_id", "kontor", "registrert"],
                  [[f["id"], OFFICE, day(f)] for f in mine], ";")
        write_csv(HERE / f"medlemmer-{batch + 1}.csv", ["medlem_id", "familie_id", "rolle", "fodselsar", "kjonn"],
                  [row for f in mine for row in members(f)], ";")


def monthly(listed):
    off = months_off(listed)
    grant = lambda f, month: 0 if (f["id"], month) in off else 3000 + 500 * (number("paid", f["id"], month) % 20)
    write_csv(HERE / "maneder-2020.csv", ["Familie ID", "Måned", "Stønad", "Lån", "Register"],
              [[f["id"], month, grant(f, month), 0, "KOSTRA_11F"] for f in listed for month in MONTHS], ";")


def main():
    listed = list(families())
    roster(listed)
    told, before = [], None
    for batch in range(len(BATCHES)):
        drawn, before = draw(batch, listed, before)
        told.append(drawn)
    script(told)
    monthly(listed)


if __name__ == "__main__":
    main()
