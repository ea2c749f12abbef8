"""Verifies a draw of protocol lodd/1 from its public files, with Python's standard library alone.

    python3 verify_draw.py DIR [--previous DIR] [--covariates FILE] [--slip FILE]

Prints each refusal (file, field, expected, found); exits 1 if there is any. A drand signature is
checked by quicknet.py beside this file where py_ecc is installed; else a note says that it is not."""
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
from itertools import accumulate, count, islice, pairwise, zip_longest
from math import floor, lcm
from pathlib import Path
from unicodedata import is_normalized

HEX, LABEL, TEXT, ROUND = "[0-9a-f]{64}", "[A-Za-z0-9_.-]{1,64}", "(?s:.*)", (1, 2**64 - 1)
RATIO, WHOLE = "0|[1-9][0-9]{0,19}(/[1-9][0-9]{0,19})?", "0|-?[1-9][0-9]{0,9}"
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
BEACONS = {"fixed": {}, "witnessed": {"description": TEXT}, "drand": {"chain": CHAIN, "round": ROUND}}
WHITE = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and not "\x1c" <= c <= "\x1f")
QUARTERS = [(i, 4 + (i + turn) % 4, 8 + (i + 2 * turn) % 4, 12 + (i + 3 * turn) % 4)
            for turn in (0, 1) for i in range(4)]  # of ChaCha's columns, then of its diagonals


def need(holds, field, expected, found):
    if not holds:
        raise AssertionError(field, str(expected)[:200], str(found)[:200])


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
    form = json.dumps(value, indent=2, ensure_ascii=False).encode() + b"\n"  # no half surrogates
    need(form == data or not shape, "form", "the one form of section 2", "other bytes")
    return value


def rows_of(data, header):
    """The cells of a CSV file without quotes."""
    first, *lines = data.decode().removesuffix("\n").split("\n")
    need(first == header and data[-1:] == b"\n", "header", f"{header}, and a final LF", first)
    return [line.split(",") for line in lines]


def keystream(key):
    """ChaCha20, 64 bytes at a time: counter from 0, nonce 0, 20 rounds."""
    for number in count():
        start = struct.unpack("<16I", b"expand 32-byte k" + key + struct.pack("<2Q", number, 0))
        x = [*start]
        for a, b, c, d in QUARTERS * 10:
            for to, by, at, bits in (a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7):
                x[to] = x[to] + x[by] & 0xFFFFFFFF
                x[at] = ((x[at] ^ x[to]) << bits | (x[at] ^ x[to]) >> 32 - bits) & 0xFFFFFFFF
        yield struct.pack("<16I", *(a + b & 0xFFFFFFFF for a, b in zip(x, start)))


def rounded(expected, size, key):
    """Whole numbers for exact expectations: floors of the running sum, shifted by below(size)."""
    words = (word for block in keystream(key) for word, in struct.iter_unpack("<Q", block))
    below = next(x * size >> 64 for x in words if x * size % 2**64 >= (2**64 - size) % size)
    steps = [floor(it + Fraction(below, size)) for it in accumulate(expected, initial=0)]
    return [after - before for before, after in pairwise(steps)]


def root_of(hashes):
    """RFC 9162's root, the tree split at the largest power of two below its size."""
    k = 1 << (len(hashes) - 1).bit_length() >> 1
    both = k and b"\1" + root_of(hashes[:k]) + root_of(hashes[k:])
    return sha256(both).digest() if k else hashes[0]


def root_from(entry, index, size, path):
    """The root that the siblings of an entry give, from the leaf upward."""
    k = 1 << (size - 1).bit_length() >> 1
    need(bool(k) == bool(path), "path", "a path of the tree's depth", "another length")
    if not k:
        return entry
    if index < k:
        both = root_from(entry, index, k, path[:-1]) + bytes.fromhex(path[-1])
    else:
        both = bytes.fromhex(path[-1]) + root_from(entry, index - k, size - k, path[:-1])
    return sha256(b"\1" + both).digest()


def entry_of(block, leaf):
    return sha256(b"\0" + block.encode() + b"\0" + bytes.fromhex(leaf)).digest()


class Draw:
    """The steps of a verification: each reads one file and needs what the steps before it left."""

    def __init__(self, folder, previous=None, covariates=None, slip=None):
        self.folder, self.findings, self.notes = Path(folder).resolve(), [], []
        self.leaves = self.rows = self.result = None
        there = {it.name for it in self.folder.iterdir()}
        self.step("announcement.json", self.announcement)
        if self.findings:
            return
        self.step("announcement.json", self.chain, previous)
        self.step("plan.toml", self.same, "SHA-256", self.plan["plan"])
        for file, run, note in (
                ("leaves.csv", self.entries, "leaves.csv is withheld: list and result not checked"),
                ("reveal.json", self.reveal, "" if "void.json" in there else "open: no reveal yet"),
                ("void.json", self.void, "")):
            if file in there:
                self.step(file, run)
            elif note:
                self.notes.append(note)
        if self.rows and self.leaves:
            rows = [(*row[:2], leaf, *row[2:]) for row, (_, leaf) in zip(self.rows, self.leaves)]
            lines = ["block,ordinal,leaf,ticket,rank,arm", *(",".join(map(str, it)) for it in rows)]
            self.result = ("\n".join(lines) + "\n").encode()
        if self.result or "result.csv" in there:
            self.step("result.csv", self.compare)
        if covariates:
            self.step(Path(covariates).resolve(), self.constraint)
        elif self.rows and "constraint" in self.plan:
            most = self.plan["constraint"]["max_attempts"]
            self.notes.append(f"constraint not checked; any of {most} results would pass")
        if slip:
            self.step(Path(slip).resolve(), self.slip)

    def step(self, file, run, *given):
        try:
            run((self.folder / file).read_bytes(), *given)
        except AssertionError as refused:
            self.findings.append((str(file), *refused.args))
        except (ValueError, TypeError, LookupError, OSError, RecursionError) as error:
            self.findings.append((str(file), "content", "a file of lodd/1", repr(error)[:200]))

    def same(self, data, field, expected):
        found = sha256(data).hexdigest()
        need(found == expected, field, expected, found)

    def announcement(self, data):
        plan = self.plan = parse(data)
        arms, blocks, kind = len(plan["arms"]), plan["blocks"], plan["beacon"]["kind"]
        name, share = ("seats", (0, 2**24)) if "seats" in blocks[0] else ("probabilities", RATIO)
        shape = {
            "protocol": "lodd/1", "pilot": LABEL, "draw": (1, 9999), "previous": HEX, "ended": HEX,
            "plan": HEX, "commitment": HEX, "root": HEX, "arms": [LABEL, 2, 64],
            "beacon": {"kind": "|".join(BEACONS)} | BEACONS.get(kind, {}),
            "blocks": [{"label": LABEL, "units": (1, 2**24), name: [share, arms, arms]}, 1, 10_000]}
        if "constraint" in plan:
            limits = [{"name": LABEL, "max_difference": RATIO}, 1, 1000]
            shape["constraint"] = {"covariates": HEX, "limits": limits, "max_attempts": (1, 2**32)}
        check(plan, shape)
        check(plan["pilot"], ".*-rehearsal" if kind == "fixed" else LABEL, "pilot")
        need(len({*plan["arms"]}) == arms, "arms", "distinct labels", plan["arms"])
        labels = [it["label"] for it in blocks]
        need(labels == sorted({*labels}), "blocks", "strictly ascending labels", labels)
        for it in blocks:  # seats are expectations too: whole numbers, which rounding leaves alone
            shares, times = [Fraction(it) for it in it[name]], 1 if name == "seats" else it["units"]
            it["expected"] = [times * share for share in shares]
            need(sum(it["expected"]) == it["units"], name, f"a sum for {it['units']} units", it[name])
            it["size"] = lcm(*(it.denominator for it in (shares if arms == 2 else it["expected"])))
        size = (lcm if arms == 2 else max)(1, *(it["size"] for it in blocks))
        need(size < 2**64, name, "a common denominator below 2^64", size)
        self.hash = sha256(data)

    def chain(self, _, previous):
        plan, number, zero = self.plan, self.plan["draw"], "0" * 64
        if re.fullmatch("[0-9]{4}", self.folder.name):
            need(number == int(self.folder.name), "draw", int(self.folder.name), number)
        before = Path(previous or self.folder.parent / f"{number - 1:04}")
        links = {"previous": zero, "ended": zero}
        if previous or number > 1 and before.is_dir():
            ends = [it for it in ("reveal.json", "void.json") if (before / it).exists()]
            need(len(ends) == 1, "ended", "a draw before with one end", ends)
            files = [(before / it).read_bytes() for it in ("announcement.json", *ends)]
            earlier, expected = parse(files[0]), (plan["pilot"], number - 1)
            found = earlier["pilot"], earlier["draw"]
            need(found == expected, "previous", expected, found)
            links = dict(zip(links, (sha256(it).hexdigest() for it in files)))
        elif number > 1:
            self.notes.append("chain not checked: the draw before is not here")
            links = {field: plan[field].replace(zero, "a hash") for field in links}
        for field, link in links.items():
            need(plan[field] == link, field, link, plan[field])

    def entries(self, data):
        rows = rows_of(data, "block,leaf")
        for n, row in enumerate(rows, 2):
            check(",".join(row), f"{LABEL},{HEX}", f"line {n}")
        need(rows == sorted(rows), "order", "rows in ascending order", "another order")
        need(len({leaf for _, leaf in rows}) == len(rows), "leaf", "each leaf once", "a repeat")
        units = {it["label"]: it["units"] for it in self.plan["blocks"]}
        found = Counter(label for label, _ in rows)
        need(found == units, "units", units.items() - found.items(), found.items() - units.items())
        root = root_of([entry_of(*row) for row in rows]).hex()
        need(root == self.plan["root"], "root", self.plan["root"], root)
        self.leaves = rows

    def opened(self, data, shape):
        """The reveal or void and its secret, which must be the one committed to."""
        end = parse(data, {"protocol": "lodd/1", "announcement": self.hash.hexdigest()} | shape)
        if end["secret"] is not None:
            self.same(b"lodd/1 secret\0" + bytes.fromhex(end["secret"]), "secret", self.plan["commitment"])
        return end

    def void(self, data):
        need(not (self.folder / "reveal.json").exists(), "file", "a reveal or a void", "both")
        null = self.plan["beacon"]["kind"] == "drand" and parse(data)["secret"] is None
        self.opened(data, {"reason": r"(?s:.*\S.*)", "secret": None if null else HEX})

    def reveal(self, data):
        kind, limited = self.plan["beacon"]["kind"], self.plan.get("constraint")
        number = self.plan["beacon"].get("round")
        shape = {"fixed": {"seed": HEX}, "witnessed": {"value": TEXT},
                 "drand": {"round": (number, number), "signature": "[0-9a-f]{96}"}}[kind]
        tries = {"attempt": (0, limited["max_attempts"] - 1)} if limited else {}
        end = self.opened(data, {"secret": HEX, "beacon": {"kind": kind} | shape} | tries)
        *_, value = end["beacon"].values()
        random = value.encode() if kind == "witnessed" else bytes.fromhex(value)
        if kind == "witnessed":
            need(value == value.strip(WHITE) and is_normalized("NFC", value), "value", "NFC, trimmed", value)
        if kind == "drand":
            try:
                holds = import_module("quicknet").holds(number, random)
                need(holds, "signature", f"quicknet's for round {number}", value)
            except ImportError:
                self.notes.append("signature not checked: py_ecc is not installed")
        random = random if kind == "fixed" else sha256(random).digest()
        message = b"lodd/1 seed\0" + self.hash.digest() + random
        self.key, self.attempt = digest(bytes.fromhex(end["secret"]), message, "sha256"), end.get("attempt")
        self.rows = self.draw(self.attempt)

    def draw(self, attempt):
        """(block, ordinal, ticket, rank, arm) of each unit, in the order of leaves.csv."""
        key = self.key if attempt is None else digest(
            self.key, b"lodd/1 attempt\0" + struct.pack(">I", attempt), "sha256")

        def mac(tag, label=""):
            return digest(key, f"lodd/1 {tag}\0{label}".encode(), "sha256")
        blocks, arms, rows = self.plan["blocks"], self.plan["arms"], []
        if len(arms) == 2:
            order = sorted(blocks, key=lambda it: mac("order", it["label"]))
            size = lcm(*(it["size"] for it in blocks))
            first = rounded([it["expected"][0] for it in order], size, mac("round"))
            seats = {it["label"]: [n, it["units"] - n] for it, n in zip(order, first)}
        else:
            seats = {it["label"]: rounded(it["expected"], it["size"], mac("round", it["label"]))
                     for it in blocks}
        for label, units in ((it["label"], it["units"]) for it in blocks):
            stream = b"".join(islice(keystream(mac("block", label)), (units + 3) // 4))
            tickets = [stream[16 * i:16 * i + 16].hex() for i in range(units)]
            ranked = sorted(range(units), key=tickets.__getitem__)  # stable: ties go by ordinal
            taken = [arm for arm, number in zip(arms, seats[label]) for _ in range(number)]
            rows += sorted((label, unit, tickets[unit], rank, arm)
                           for rank, (unit, arm) in enumerate(zip(ranked, taken), 1))
        return rows

    def constraint(self, data):
        """That the attempt revealed is the first in which all differences keep within the limits."""
        rule, first_arm = self.plan["constraint"], self.plan["arms"][0]
        self.same(data, "SHA-256", rule["covariates"])
        rows = rows_of(data, ",".join(["block", "leaf", *(it["name"] for it in rule["limits"])]))
        need([it[:2] for it in rows] == self.leaves, "leaf", "the rows of leaves.csv", "others")
        columns = [[int(check(it, WHOLE, "value")) for it in column] for column in [*zip(*rows)][2:]]
        [check(it, (-2**31, 2**31), "value") for column in columns for it in column]
        for attempt in range(self.attempt + 1):
            drawn = [row[4] == first_arm for row in self.draw(attempt)]
            n, m = drawn.count(True), drawn.count(False)
            apart = [abs(sum(m * x if mine else -n * x for x, mine in zip(column, drawn)))
                     for column in columns]
            holds = n and m and all(it <= n * m * Fraction(limit["max_difference"])
                                    for it, limit in zip(apart, rule["limits"]))
            expected = "refused" if attempt < self.attempt else "accepted"
            need(bool(holds) == (attempt == self.attempt), f"attempt {attempt}", expected, "the other")

    def compare(self, data):
        need(self.result, "file", "no result without leaves and reveal", "a file")
        pairs = zip_longest(self.result.split(b"\n"), data.split(b"\n"))
        for n, (expected, found) in enumerate(pairs, 1):
            need(expected == found, f"line {n}", expected, found)

    def slip(self, data):
        index = parse(data)["index"]
        block, ordinal, ticket, rank, arm = self.rows[index]
        slip = parse(data, {
            "protocol": "lodd/1", "announcement": self.hash.hexdigest(), "id": TEXT, "salt": HEX,
            "block": re.escape(block), "ordinal": (ordinal, ordinal), "index": (0, len(self.rows) - 1),
            "path": [HEX, 0, 64], "ticket": ticket, "rank": (rank, rank), "arm": re.escape(arm)})
        need(is_normalized("NFC", slip["id"]), "id", "NFC", slip["id"])
        leaf = sha256(b"lodd/1 leaf\0" + bytes.fromhex(slip["salt"]) + slip["id"].encode()).hexdigest()
        root = root_from(entry_of(block, leaf), index, len(self.rows), slip["path"]).hex()
        need(root == self.plan["root"], "path", self.plan["root"], root)


def verify(folder, **given):
    """The findings, as (file, field, expected, found), and the bytes that result.csv must have."""
    draw = Draw(folder, **given)
    return draw.findings, draw.result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("folder", "--previous", "--covariates", "--slip"):
        parser.add_argument(name)
    draw = Draw(**vars(parser.parse_args()))
    print(*(f"note: {it}" for it in draw.notes), sep="\n", end="\n" if draw.notes else "")
    for finding in draw.findings:
        print("refused: {}: {}: expected {}, found {}".format(*finding))
    sys.exit("refused" if draw.findings else print("verified"))


if __name__ == "__main__":
    main()
