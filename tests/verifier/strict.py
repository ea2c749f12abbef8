"""Reads the files of protocol lodd/1 strictly, for verify_draw.py."""

import json
import re
from fractions import Fraction
from hashlib import sha256
from itertools import zip_longest

HEX, LABEL, TEXT, ROUND = "[0-9a-f]{64}", "[A-Za-z0-9_.-]{1,64}", "(?s:.*)", (1, 2**64 - 1)
RATIO, WHOLE = "0|[1-9][0-9]{0,19}(/[1-9][0-9]{0,19})?", "0|-?[1-9][0-9]{0,9}"
WHITE = "".join(c for c in map(chr, range(0x3001)) if c.isspace() and not "\x1c" <= c <= "\x1f")
KEYS = "protocol pilot draw previous ended plan commitment beacon arms blocks root".split()
CHAIN = "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971"
BEACONS = {"fixed": {}, "witnessed": {"description": TEXT},
           "drand": {"chain": CHAIN, "round": ROUND}}
VALUES = {"fixed": {"seed": HEX}, "witnessed": {"value": TEXT},
          "drand": {"round": ROUND, "signature": "[0-9a-f]{96}"}}
CONSTRAINT = {"covariates": HEX, "limits": [{"name": LABEL, "max_difference": RATIO}, 1, 1000],
              "max_attempts": (1, 2**32)}


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
        found = value if field != "salt" else "another text"  # a salt is never shown
        need(type(value) is str and re.fullmatch(shape, value), field, shape, found)
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
    need(not shape or form + b"\n" == data, "form", "section 2's one form", "other bytes")
    return value


def table(data, header):
    """The rows of a CSV file without quotes."""
    first, *lines = data.decode().removesuffix("\n").split("\n")
    need(first == header and data[-1:] == b"\n", "header", f"{header}, and a final LF", first)
    return [tuple(line.split(",")) for line in lines]
