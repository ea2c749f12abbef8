"""Verifies a draw of protocol lodd/1 from its public files, with Python's standard library alone.

    python3 verify_draw.py DIR [--previous DIR] [--covariates FILE] [--slip FILE]

Prints each refusal (file, field, expected, found); exits 1 if there is any. A drand signature is
checked by quicknet.py where py_ecc is installed; else a note says that it is not. How the files are
read is in strict.py; how a key becomes seats and tickets, in lottery.py.
"""

import argparse
import re
import sys
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from importlib import import_module
from itertools import compress
from math import lcm
from pathlib import Path
from unicodedata import is_normalized

from lottery import draw, entry, expectations, mac, root_from, root_of
from strict import (BEACONS, CONSTRAINT, HEX, KEYS, LABEL, RATIO, TEXT, VALUES, WHITE, WHOLE,
                    Refused, check, need, need_bytes, need_hash, parse, table)


def read_announcement(data):
    plan = parse(data)
    check(plan, dict.fromkeys(KEYS + ["constraint"] * ("constraint" in plan)))
    arms, blocks, kind = len(plan["arms"]), plan["blocks"], plan["beacon"]["kind"]
    share, each = ("seats", (0, 2**24)) if "seats" in blocks[0] else ("probabilities", RATIO)
    link = "0{64}" if plan["draw"] == 1 else "(?!0{64})" + HEX
    shape = {
        "protocol": "lodd/1", "pilot": LABEL, "draw": (1, 9999), "previous": link, "ended": link,
        "plan": HEX, "commitment": HEX, "root": HEX, "arms": [LABEL, 2, 64],
        "beacon": {"kind": "|".join(BEACONS)} | BEACONS.get(kind, {}),
        "blocks": [{"label": LABEL, "units": (1, 2**24), share: [each, arms, arms]}, 1, 10_000]}
    check(plan, shape | ({"constraint": CONSTRAINT} if "constraint" in plan else {}))
    check(plan["pilot"], ".*-rehearsal" if kind == "fixed" else LABEL, "pilot")
    limits = [it["name"] for it in plan.get("constraint", {"limits": []})["limits"]]
    for field, names in ("arms", plan["arms"]), ("limits", limits):
        need(len({*names}) == len(names), field, "distinct labels", names)
    labels = [it["label"] for it in blocks]
    need(labels == sorted({*labels}), "blocks", "strictly ascending labels", labels)
    for it in blocks:
        total = it["units"] if share == "seats" else 1
        need(sum(map(Fraction, it[share])) == total, share, f"a sum of {total}", it[share])
    size = (lcm if arms == 2 else max)(1, *(size for _, size in expectations(plan)))
    need(size < 2**64, share, "a common denominator below 2^64", size)
    return plan | {"hash": sha256(data)}


def check_chain(data, plan, folder, previous, notes):
    number, before = plan["draw"], Path(previous or folder.parent / f"{plan['draw'] - 1:04}")
    if re.fullmatch("[0-9]{4}", folder.name):
        need(int(folder.name) == number, "draw", int(folder.name), number)
    if previous or number > 1 and before.is_dir():
        ends = [it for it in ("reveal.json", "void.json") if (before / it).exists()]
        need(len(ends) == 1, "ended", "one end of the draw before", ends)
        data = (before / "announcement.json").read_bytes()
        need_hash(data, plan["previous"], "previous")
        need_hash((before / ends[0]).read_bytes(), plan["ended"], "ended")
        earlier, expected = parse(data), {"pilot": plan["pilot"], "draw": number - 1}
        need(expected.items() <= earlier.items(), "previous", expected, data)
    elif number > 1:
        notes.append("chain not checked: the draw before is not here")


def read_leaves(data, plan):
    rows = table(data, "block,leaf")
    for n, row in enumerate(rows, 2):
        check(",".join(row), f"{LABEL},{HEX}", f"line {n}")
    need(rows == sorted(rows), "order", "rows in ascending order", "another order")
    need(len({leaf for _, leaf in rows}) == len(rows), "leaf", "each leaf once", "a repeated leaf")
    units = {it["label"]: it["units"] for it in plan["blocks"]}
    found = Counter(block for block, _ in rows)
    need(found == units, "units", units.items() - found.items(), found.items() - units.items())
    root = root_of([entry(*row) for row in rows]).hex()
    need(root == plan["root"], "root", plan["root"], root)
    return rows


def read_end(data, plan, void, notes):
    """Of a reveal the key K and the attempt; of a void draw nothing."""
    kind, number, digest = plan["beacon"]["kind"], plan["beacon"].get("round"), plan["hash"]
    unknown = void and kind == "drand" and parse(data)["secret"] is None
    head = {"protocol": "lodd/1", "announcement": digest.hexdigest()}
    same = {"round": (number, number)} if kind == "drand" else {}
    rest = {"secret": HEX, "beacon": {"kind": kind} | VALUES[kind] | same}
    if "constraint" in plan:
        rest["attempt"] = (0, plan["constraint"]["max_attempts"] - 1)
    if void:
        rest = {"reason": r"(?s:.*\S.*)", "secret": not unknown and HEX}
    end = parse(data, head | rest)
    if not unknown:
        need_hash(b"lodd/1 secret\0" + bytes.fromhex(end["secret"]), plan["commitment"], "secret")
    if void:
        return None
    *_, value = end["beacon"].values()
    random = value.encode() if kind == "witnessed" else bytes.fromhex(value)
    if kind == "witnessed":
        need(value == value.strip(WHITE), "value", "no white space at an end", repr(value))
        need(is_normalized("NFC", value), "value", "NFC", value)
    if kind == "drand":
        try:
            holds = import_module("quicknet").holds(number, random)
            need(holds, "signature", "a signature of the round", value)
        except ImportError:
            notes.append("signature not checked: py_ecc is not installed")
    random = random if kind == "fixed" else sha256(random).digest()
    key = mac(bytes.fromhex(end["secret"]), "seed", digest.digest() + random)
    return key, end.get("attempt")


def check_constraint(data, plan, leaves, key, last):
    """That the revealed attempt is the first in which every difference keeps within its limit."""
    rule, first = plan["constraint"], plan["arms"][0]
    need_hash(data, rule["covariates"])
    rows = table(data, ",".join(["block", "leaf", *(it["name"] for it in rule["limits"])]))
    need([row[:2] for row in rows] == leaves, "leaf", "the rows of leaves.csv", "other rows")
    limits = [Fraction(it["max_difference"]) for it in rule["limits"]]
    values = [[int(check(it, WHOLE, "value")) for it in column] for column in [*zip(*rows)][2:]]
    [check(it, (-2**31, 2**31), "value") for column in values for it in column]
    for attempt in range(last + 1):
        mine = [row[4] == first for row in draw(plan, key, attempt)]
        n, m, sums = sum(mine), len(mine) - sum(mine), [sum(compress(it, mine)) for it in values]
        apart = [abs(part * m - (sum(it) - part) * n) for it, part in zip(values, sums)]
        holds = n * m > 0 and all(it <= n * m * limit for it, limit in zip(apart, limits))
        need(holds == (attempt == last), "attempt", f"{last}, the first to hold", attempt)


def check_slip(data, plan, rows):
    index = parse(data)["index"]
    block, ordinal, ticket, rank, arm = rows[index]
    slip = parse(data, {
        "protocol": "lodd/1", "announcement": plan["hash"].hexdigest(), "id": TEXT, "salt": HEX,
        "block": re.escape(block), "ordinal": (ordinal, ordinal), "index": (0, len(rows) - 1),
        "path": [HEX, 0, 64], "ticket": ticket, "rank": (rank, rank), "arm": re.escape(arm)})
    need(is_normalized("NFC", slip["id"]), "id", "NFC", "another form")
    leaf = sha256(b"lodd/1 leaf\0" + bytes.fromhex(slip["salt"]) + slip["id"].encode()).hexdigest()
    root = root_from(entry(block, leaf), index, len(rows), slip["path"]).hex()
    need(root == plan["root"], "path", plan["root"], root)


def verify(folder, previous=None, covariates=None, slip=None, notes=None):
    """The findings, (file, field, expected, found), and the bytes that result.csv must have."""
    folder, findings, notes = Path(folder).resolve(), [], [] if notes is None else notes
    there, key, rows, result = {it.name for it in folder.iterdir()}, None, None, None

    def step(file, run, *given):
        try:
            return run((folder / file).read_bytes(), *given)
        except Refused as refused:
            findings.append((str(file), *refused.args))
        except (ValueError, TypeError, LookupError, OSError, RecursionError) as error:
            findings.append((str(file), "content", "a file of lodd/1", repr(error)[:200]))

    plan = step("announcement.json", read_announcement)
    if not plan:
        return findings, None
    step("announcement.json", check_chain, plan, folder, previous, notes)
    step("plan.toml", need_hash, plan["plan"])
    leaves = "leaves.csv" in there and step("leaves.csv", read_leaves, plan)
    if "leaves.csv" not in there:
        notes.append("leaves.csv is withheld: list and result are not checked")
    for end in ("reveal.json", "void.json"):
        if end in there:
            key = step(end, read_end, plan, "void.json" in there, notes)
    if not {"reveal.json", "void.json"} & there:
        notes.append("open: neither revealed nor void")
    rows = key and draw(plan, *key)
    if rows and leaves:
        cells = [(*row[:2], leaf, *row[2:]) for row, (_, leaf) in zip(rows, leaves)]
        lines = [",".join(map(str, row)) for row in cells]
        result = "\n".join(["block,ordinal,leaf,ticket,rank,arm", *lines, ""]).encode()
    if "result.csv" in there:
        step("result.csv", need_bytes, result or b"")
    elif result:
        notes.append("result.csv is not here: not compared")
    if covariates:
        step(Path(covariates).resolve(), check_constraint, plan, leaves, *(key or (None, None)))
    elif rows and "constraint" in plan:
        most = plan["constraint"]["max_attempts"]
        notes.append(f"constraint not checked; any of {most} results would pass")
    if slip:
        step(Path(slip).resolve(), check_slip, plan, rows)
    return findings, result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("folder", "--previous", "--covariates", "--slip"):
        parser.add_argument(name)
    notes = []
    findings, _ = verify(**vars(parser.parse_args()), notes=notes)
    for note in notes:
        print("note:", note)
    for finding in findings:
        print("refused: {}: {}: expected {}, found {}".format(*finding), file=sys.stderr)
    sys.exit("refused" if findings else print("verified"))
