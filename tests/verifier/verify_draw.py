"""Verifies a draw of protocol lodd/1 from its public files, with Python's standard library alone.

    python3 verify_draw.py DIR [--previous DIR] [--covariates FILE] [--slip FILE]

Prints each refusal (file, field, expected, found); exits 1 if there is any. A drand signature is
checked by quicknet.py beside this file where py_ecc is installed; else a note says that it is not.
"""
import argparse
import json
import re
import struct
import sys
from collections import Counter
from fractions import Fraction
from hashlib import sha256
from hmac import digest
from importlib import import_module
from itertools import accumulate, compress, count, islice, pairwise, zip_longest
from math import floor, lcm
from pathlib import Path
from unicodedata import is_normalized

HEX, LABEL, TEXT, ROUND = "[0-9a-f]{64}", "[A-Za-z0-9_.-]{1,64}", "(?s:.*)", (1, 2**64 - 1)
RATIO, WHOLE = "0|[1-9][0-9]{0,19}(/[1-9][0-9]{0,19})?", "0|-?[1-9][0-9]{0,9}"
WHITE = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and not "\x1c" <= c <= "\x1f")
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
BEACONS = {"fixed": {}, "witnessed": {"description": TEXT},
           "drand": {"chain": CHAIN, "round": ROUND}}
VALUES = {"fixed": {"seed": HEX}, "witnessed": {"value": TEXT},
          "drand": {"round": ROUND, "signature": "[0-9a-f]{96}"}}
CONSTRAINT = {"covariates": HEX, "limits": [{"name": LABEL, "max_difference": RATIO}, 1, 1000],
              "max_attempts": (1, 2**32)}
QUARTERS = [(i, 4 + (i + turn) % 4, 8 + (i + 2 * turn) % 4, 12 + (i + 3 * turn) % 4)
            for turn in (0, 1) for i in range(4)]  # of ChaCha's columns, then of its diagonals


class Refused(Exception):
    """(field, expected, found)"""


def need(holds, field, expected, found):
    if not holds:
        raise Refused(field, str(expected)[:200], str(found)[:200])


def need_hash(data, expected, field="SHA-256"):
    need(sha256(data).hexdigest() == expected, field, expected, sha256(data).hexdigest())


def need_bytes(data, expected):
    lines = zip_longest(expected.split(b"\n"), data.split(b"\n"))
    for n, (line, found) in enumerate(lines, 1):
        need(line == found, f"line {n}", line, found)


def check(value, shape, field="keys"):
    """A shape is a pattern, (lowest, highest), [shape of each, fewest, most] or {key: shape}."""
    if isinstance(shape, dict):
        need({*value} == {*shape}, field, " ".join(shape), " ".join(value))
        return {key: check(value[key], shape[key], key) for key in shape}
    if isinstance(shape, list):
        need(type(value) is list and shape[1] <= len(value) <= shape[2], field, shape[1:], value)
        return [check(it, shape[0], field) for it in value]
    if isinstance(shape, tuple):
        need(type(value) is int and shape[0] <= value <= shape[1], field, shape, value)
    elif shape:
        need(type(value) is str and re.fullmatch(shape, value), field, shape, value)
        need(shape != RATIO or str(Fraction(value)) == value, field, "lowest terms", value)
    return value


def parse(data, shape=None):
    """JSON whose keys never repeat; with a shape, in section 2's one form and the shape's order."""
    def once(pairs):
        need(len(dict(pairs)) == len(pairs), "keys", "each once", [key for key, _ in pairs])
        return dict(pairs)
    value = check(json.loads(data.decode(), object_pairs_hook=once,
                             parse_int=lambda it: float(it) if it[0] == "-" else int(it)), shape)
    form = json.dumps(value, indent=2, ensure_ascii=False).encode()  # no half of a surrogate pair
    if shape:
        need_bytes(data, form + b"\n")
    return value


def table(data, header):
    """The rows of a CSV file without quotes."""
    first, *lines = data.decode().removesuffix("\n").split("\n")
    need(first == header and data[-1:] == b"\n", "header", f"{header}, and a final LF", first)
    return [tuple(line.split(",")) for line in lines]


def mac(key, tag, data=b""):
    return digest(key, b"lodd/1 " + tag.encode() + b"\0" + data, "sha256")


def keystream(key):
    """ChaCha20, 64 bytes at a time: counter from 0, nonce 0, 20 rounds."""
    for number in count():
        start = struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<2Q", number, 0))
        x = [*start]
        for a, b, c, d in QUARTERS * 10:
            for to, by, at, bits in (a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7):
                x[to] = x[to] + x[by] & 0xFFFFFFFF
                mixed = x[at] ^ x[to]
                x[at] = (mixed << bits | mixed >> 32 - bits) & 0xFFFFFFFF
        yield struct.pack("<16I", *(a + b & 0xFFFFFFFF for a, b in zip(x, start)))


def below(size, key):
    words = (word for block in keystream(key) for word, in struct.iter_unpack("<Q", block))
    return next(x * size >> 64 for x in words if x * size % 2**64 >= (2**64 - size) % size)


def rounded(expected, size, key):
    """Whole numbers for exact expectations: floors of the running sum, all shifted alike."""
    shift = Fraction(below(size, key), size)
    steps = [floor(total + shift) for total in accumulate(expected, initial=0)]
    return [after - before for before, after in pairwise(steps)]


def expectations(plan):
    """Each block's expected seats, and its D of section 5 (with two arms its part of the one D).

    Announced seats are expectations too: whole numbers, which rounding leaves as they are.
    """
    for it in plan["blocks"]:
        shares = [Fraction(share) for share in it.get("probabilities", it.get("seats"))]
        expected = [share * it["units"] for share in shares] if "probabilities" in it else shares
        yield expected, lcm(*(part.denominator for part in (shares if len(shares) == 2 else expected)))


def seats(plan, key):
    """Each block's seats, one count an arm."""
    labels = [it["label"].encode() for it in plan["blocks"]]
    expected, sizes = zip(*expectations(plan))
    if len(plan["arms"]) > 2:
        return [rounded(*it, mac(key, "round", label)) for *it, label in zip(expected, sizes, labels)]
    order = sorted(range(len(labels)), key=lambda i: mac(key, "order", labels[i]))
    first = rounded([expected[i][0] for i in order], lcm(*sizes), mac(key, "round"))
    return [[taken, plan["blocks"][i]["units"] - taken] for i, taken in sorted(zip(order, first))]


def draw(plan, key):
    """(block, ordinal, ticket, rank, arm) of each unit, in the order of leaves.csv."""
    rows = []
    for block, taken in zip(plan["blocks"], seats(plan, key)):
        label, units = block["label"], block["units"]
        stream = b"".join(islice(keystream(mac(key, "block", label.encode())), (units + 3) // 4))
        tickets = [stream[16 * i:16 * i + 16].hex() for i in range(units)]
        ranked = sorted(range(units), key=tickets.__getitem__)  # stable: ties go by ordinal
        arms = [arm for arm, number in zip(plan["arms"], taken) for _ in range(number)]
        rows += sorted((label, unit, tickets[unit], rank, arm)
                       for rank, (unit, arm) in enumerate(zip(ranked, arms), 1))
    return rows


def entry(block, leaf):
    return sha256(b"\0" + block.encode() + b"\0" + bytes.fromhex(leaf)).digest()


def root_of(hashes):
    """The tree's root, the split at the largest power of two below the number of entries."""
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(hashes[:k]) + root_of(hashes[k:])).digest()


def root_from(node, index, size, path):
    """The root that an entry and the hashes beside its path give, from the leaf upward."""
    if size == 1 or not path:
        return node if size == 1 and not path else b"a path of another length"
    k, last = 1 << (size - 1).bit_length() - 1, bytes.fromhex(path[-1])
    if index < k:
        return sha256(b"\1" + root_from(node, index, k, path[:-1]) + last).digest()
    return sha256(b"\1" + last + root_from(node, index - k, size - k, path[:-1])).digest()


def read_announcement(data):
    plan = parse(data)
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
    need(len({*plan["arms"]}) == arms, "arms", "distinct labels", plan["arms"])
    labels = [it["label"] for it in blocks]
    need(labels == sorted({*labels}), "blocks", "strictly ascending labels", labels)
    for it in blocks:
        total = it["units"] if share == "seats" else 1
        need(sum(map(Fraction, it[share])) == total, share, f"a sum of {total}", it[share])
    sizes = [size for _, size in expectations(plan)]
    size = lcm(*sizes) if arms == 2 else max(sizes)
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
        found, expected = parse(data), [plan["pilot"], number - 1]
        found = [found["pilot"], found["draw"]]
        need(found == expected, "previous", expected, found)
    elif number > 1:
        notes.append("chain not checked: the draw before is not here")


def read_leaves(data, plan):
    rows = table(data, "block,leaf")
    for n, row in enumerate(rows, 2):
        check(",".join(row), f"{LABEL},{HEX}", f"line {n}")
    need(rows == sorted(rows), "order", "rows in ascending order", "another order")
    need(len({leaf for _, leaf in rows}) == len(rows), "leaf", "each leaf once", "a repeated leaf")
    units, found = {it["label"]: it["units"] for it in plan["blocks"]}, Counter(it[0] for it in rows)
    need(found == units, "units", units.items() - found.items(), found.items() - units.items())
    root = root_of([entry(*row) for row in rows]).hex()
    need(root == plan["root"], "root", plan["root"], root)
    return rows


def read_end(data, plan, void, notes):
    """Of a reveal the key K and the rows that are drawn with it; of a void draw nothing."""
    kind, digest = plan["beacon"]["kind"], plan["hash"]
    unknown = void and kind == "drand" and parse(data)["secret"] is None
    head = {"protocol": "lodd/1", "announcement": digest.hexdigest()}
    beacon = {"kind": kind} | VALUES[kind]
    if kind == "drand":
        beacon["round"] = (plan["beacon"]["round"],) * 2
    rest = {"secret": HEX, "beacon": beacon}
    if "constraint" in plan:
        rest["attempt"] = (0, plan["constraint"]["max_attempts"] - 1)
    end = parse(data, head | ({"reason": r"(?s:.*\S.*)", "secret": not unknown and HEX} if void else rest))
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
            holds = import_module("quicknet").holds(plan["beacon"]["round"], random)
            need(holds, "signature", "a signature of the round", value)
        except ImportError:
            notes.append("signature not checked: py_ecc is not installed")
    random = random if kind == "fixed" else sha256(random).digest()
    key = mac(bytes.fromhex(end["secret"]), "seed", digest.digest() + random)
    return key, end.get("attempt")


def attempted(plan, key, attempt):
    return draw(plan, key if attempt is None else mac(key, "attempt", struct.pack(">I", attempt)))


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
        mine = [row[4] == first for row in attempted(plan, key, attempt)]
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
    there, result, key, rows = {it.name for it in folder.iterdir()}, None, None, None

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
    leaves = step("leaves.csv", read_leaves, plan) if "leaves.csv" in there else None
    if "leaves.csv" not in there:
        notes.append("leaves.csv is withheld: list and result are not checked")
    for end in ("reveal.json", "void.json"):
        if end in there:
            key = step(end, read_end, plan, "void.json" in there, notes)
    if not {"reveal.json", "void.json"} & there:
        notes.append("open: neither revealed nor void")
    if key:
        rows = attempted(plan, *key)
    if rows and leaves:
        lines = [",".join(map(str, (*row[:2], leaf, *row[2:]))) for row, (_, leaf) in zip(rows, leaves)]
        result = "\n".join(["block,ordinal,leaf,ticket,rank,arm", *lines, ""]).encode()
    if result or "result.csv" in there:
        step("result.csv", need_bytes, result or b"")
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
