"""Writes random complete draws of protocol lodd/1, with everything that the protocol knows.

    python random_draws.py DIR N SEED     # DIR/0000/0001, DIR/0001/0001, … and 0002 of each chain

Two to six arms, one to six blocks, seats or probabilities, fixed, witnessed and drand beacons,
constraints, chains of two, voids, text in many scripts, labels at the edges of their alphabet,
announcements in any of the forms that JSON leaves free. Beside the public files stand private.csv and,
of a constrained draw, covariates.csv; DIR/0000/slip-0001.json is one unit's slip. One seed, one set.
"""

import json
import random
import sys
from fractions import Fraction
from pathlib import Path

import make_draw

CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
ROUNDS = {  # of quicknet, with the signatures that it published
    1000: "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    123: "b75c69d0b72a5d906e854e808ba7e2accb1542ac355ae486d591aa9d43765482e26cd02df835d3546d23c4b13e0dfc92",
}
EDGES, ALPHABET = "AZaz09_.-", "ABCXYZabcxyz0123456789_.-"
NEAR_2_64 = (2**63 + 29, 2**64 - 59, 2**64 - 1)  # denominators for which below() reads again
TEXTS = ["4-2-6-1-1-5 Hønefoss", "07 11 23 31 34 · tillegg 5", "à la «loterie»", "抽籤 結果 三十六", "νίκη ψῆφος", "ا ب ت ث", "한글 추첨",
         "\U0001f3b2\U0001f3b2 6+6", "\"quoted\" \\back\\slash/", "tab\tline\nreturn\rbell\x07 \x00 \x7f", "\x1b[0m and \u2028 and \u2029 inside",
         "no break\u00a0space", "\ufeffmarked\ufeff", "\u200bzero width\u200b", "\x1cseparated\x1f", "ẛ̣ ḍ̇ Å", "x", "é" * 300]


def label(dice, taken=()):
    while True:
        length = dice.choice([1, 1, 2, 3, 5, 8, 13, 63, 64])
        made = "".join(dice.choice(dice.choice([EDGES, ALPHABET])) for _ in range(length))
        if dice.random() < 0.3 and taken:  # a neighbour of one that is there: a prefix, another case
            other = dice.choice(sorted(taken))
            made = dice.choice([other + dice.choice(EDGES), other[:-1], other.swapcase()])[:64]
        if made and made not in taken:
            return made


def labels(dice, count):
    made = []
    while len(made) < count:
        made.append(label(dice, made))
    return made


def ratios(dice, arms):
    """One canonical fraction per arm, with the sum 1."""
    if dice.random() < 0.06:
        whole = dice.choice(NEAR_2_64)
    else:
        whole = dice.choice([1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 60, 97, 1000])
    cuts = sorted(dice.choice([0, whole, *(dice.randint(0, whole) for _ in range(4))]) for _ in range(arms - 1))
    return [str(Fraction(high - low, whole)) for low, high in zip([0, *cuts], [*cuts, whole])]


def seats(dice, arms, units):
    cuts = sorted(dice.randint(0, units) for _ in range(arms - 1))
    return [high - low for low, high in zip([0, *cuts], [*cuts, units])]


def probabilities(dice, arms, names):
    """Of each block, with a common denominator below 2^64."""
    while True:
        made = {name: ratios(dice, arms) for name in names}
        firsts = [Fraction(it[0]).denominator for it in made.values()]
        if arms > 2 or make_draw.least(firsts) < 2**64:
            return made


def writer(dice):
    """One of the forms that JSON leaves free; lines end in LF, the last one too."""
    indent = dice.choice([2, 2, None, 1, 3, "\t"])
    ascii_only, shuffled = dice.random() < 0.5, dice.random() < 0.5
    comma, colon = dice.choice([(",", ":"), (", ", ": "), (" ,", " : ")])

    def mixed(value):
        if isinstance(value, dict):
            keys = dice.sample(list(value), len(value)) if shuffled else list(value)
            return {key: mixed(value[key]) for key in keys}
        return [mixed(it) for it in value] if isinstance(value, list) else value

    return lambda value: (json.dumps(mixed(value), indent=indent, ensure_ascii=ascii_only, separators=(comma, colon)) + "\n").encode()


def beacon(dice, kind):
    """What is announced, and what is revealed."""
    if kind == "drand":
        number = dice.choice(sorted(ROUNDS))
        return ({"kind": kind, "chain": CHAIN, "round": number}, {"kind": kind, "round": number, "signature": ROUNDS[number]})
    if kind == "witnessed":
        return {"kind": kind, "description": dice.choice(TEXTS)}, {"kind": kind, "value": dice.choice(TEXTS)}
    return {"kind": kind}, {"kind": kind, "seed": dice.randbytes(32).hex()}


def limits(dice, units):
    """One to three covariates with limits that about every other attempt keeps."""
    scale = dice.choice([1, 3, 10, 2**31])
    values = {unit: [dice.randint(-scale if dice.random() < 0.3 else 0, scale) for _ in range(3)] for unit in units}
    count = dice.randint(1, 3)
    spread = {}
    for place, name in enumerate(labels(dice, count)):
        differences = sorted(difference([values[it][place] for it in units], [dice.random() < 0.5 for _ in units]) for _ in range(41))
        spread[name] = str(differences[25 + 5 * count])
    return spread, dice.choice([1000, 100_000, 2**32]), {unit: it[:count] for unit, it in values.items()}


def difference(values, first):
    """|mean over the first arm − mean over all others|, or None where a side is empty."""
    ours, theirs = [x for x, it in zip(values, first) if it], [x for x, it in zip(values, first) if not it]
    if not ours or not theirs:
        return Fraction(2**33)
    return abs(Fraction(sum(ours), len(ours)) - Fraction(sum(theirs), len(theirs)))


class Case:
    """One pilot with its one or two draws."""

    def __init__(self, folder, dice):
        self.folder, self.dice = folder, dice
        self.kind = dice.choice(["fixed", "fixed", "witnessed", "witnessed", "drand"])
        self.pilot = label(dice)
        if self.kind == "fixed" or dice.random() < 0.2:
            self.pilot = self.pilot[:54] + "-rehearsal"
        self.links = {}
        for number in range(1, 1 + dice.choice([1, 1, 1, 2])):
            while not self.draw(number, dice.random() < 0.15):
                pass  # no attempt held: another list

    def list(self):
        """label -> (shares, [(unit, salt)])."""
        dice, names = self.dice, labels(self.dice, self.dice.randint(1, 6))
        self.arms = labels(dice, dice.choice([2, 2, 2, 3, 3, 4, 5, 6]))
        most = dice.choice([1, 2, 4, 4, 8, 8, 8, 30, 30, 120])
        sizes = {name: dice.randint(1, most) for name in names}
        shares = probabilities(dice, len(self.arms), names) if dice.random() < 0.55 else {
            name: seats(dice, len(self.arms), sizes[name]) for name in names}
        ids = dice.choice(["fam-{}", "fam-{}-æøå", "família {}", "家族{}", "\U0001f3e0{}"])
        return {name: (shares[name], [(ids.format(f"{place}.{n}"), dice.randbytes(32)) for n in range(sizes[name])])
                for place, name in enumerate(names)}

    def draw(self, number, is_void):
        dice, blocks, secret = self.dice, self.list(), self.dice.randbytes(32)
        units = [unit for _, listed in blocks.values() for unit, _ in listed]
        limited = limits(dice, units) if dice.random() < 0.25 and len(units) > 3 else None
        announced, revealed = beacon(dice, self.kind)
        plan = f"# {dice.choice(TEXTS)!r}\n[pilot]\nlabel = \"{self.pilot}\"\n".encode()
        announcement, leaves, private, covariates = make_draw.announce(
            self.pilot, plan, secret, announced, self.arms, blocks, number, **self.links, limits=limited, write=writer(dice))
        rows = [row.split(",") for row in private.decode().split("\n")[1:-1]]
        files = {"announcement.json": announcement, "plan.toml": plan, "leaves.csv": leaves, "private.csv": private}
        if covariates:
            files["covariates.csv"] = covariates
        if is_void:
            hidden = None if self.kind == "drand" and dice.random() < 0.5 else secret
            end = files["void.json"] = make_draw.void(announcement, dice.choice(TEXTS), hidden)
        else:
            attempt, drawn = self.drawn(announcement, rows, secret, revealed, limited)
            if not drawn:
                return False
            end = files["reveal.json"] = make_draw.reveal(announcement, secret, revealed, attempt)
            files["result.csv"] = make_draw.csv_of(["block", "ordinal", "leaf", "ticket", "rank", "arm"], drawn)
            files[f"../slip-{number:04}.json"] = make_draw.slip(announcement, rows, drawn, dice.randrange(len(rows)))
        self.links = {"previous": make_draw.sha256(announcement).hex(), "ended": make_draw.sha256(end).hex()}
        folder = self.folder / f"{number:04}"
        folder.mkdir(parents=True)
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return True

    def drawn(self, announcement, rows, secret, revealed, limited):
        """(attempt, rows of the result); no rows if none of 40 attempts holds."""
        listed = [row[:2] for row in rows]
        if not limited:
            return None, make_draw.result_rows(announcement, listed, make_draw.key_of(announcement, secret, revealed))
        spread, most, values = limited
        for attempt in range(min(most, 40)):
            drawn = make_draw.result_rows(announcement, listed, make_draw.key_of(announcement, secret, revealed, attempt))
            first = [row[5] == self.arms[0] for row in drawn]
            columns = zip(*(values[row[3]] for row in rows))
            if any(first) and not all(first) and all(
                    difference(column, first) <= Fraction(limit) for column, limit in zip(columns, spread.values())):
                return attempt, drawn
        return None, None


def main(folder, count, seed):
    for n in range(count):
        Case(folder / f"{n:04}", random.Random(f"lodd/1-{seed}-{n}"))


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    main(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
