"""Makes draws of protocol lodd/1: announcement, leaves, reveal, void, result, slip, as bytes.

For the tests and data/ringerike/make.py only. Written from docs/draw-protocol.md, with code of its own
for tickets, seats and the tree, so that the program and tests/verifier/verify_draw.py can be held against
it. Nothing is checked here: what is asked for is made.
"""

import hashlib
import hmac
import json
import struct
import unicodedata
from math import gcd

ZERO = "0" * 64


def sha256(data):
    return hashlib.sha256(data).digest()


def mac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def text_of(value):
    """The one form of reveal.json, void.json and a slip."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def chacha20(key, count):
    """The first `count` bytes of the key stream: 64-bit counter from 0, nonce 0, 20 rounds."""
    stream, block = b"", 0
    constants = struct.unpack("<4I", b"expand 32-byte k")
    while len(stream) < count:
        start = [*constants, *struct.unpack("<8I", key), block & 0xFFFFFFFF, block >> 32, 0, 0]
        x = list(start)
        for _ in range(10):
            for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                               (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
                for p, q, r, turn in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
                    x[p] = (x[p] + x[q]) & 0xFFFFFFFF
                    y = x[r] ^ x[p]
                    x[r] = (y << turn | y >> 32 - turn) & 0xFFFFFFFF
        stream += struct.pack("<16I", *((s + t) & 0xFFFFFFFF for s, t in zip(start, x)))
        block += 1
    return stream[:count]


def below(size, key):
    """A number from 0 to size − 1, all equally likely."""
    at = 0
    while True:
        x = int.from_bytes(chacha20(key, at + 8)[at:], "little")
        product = x * size
        if product & 0xFFFFFFFFFFFFFFFF >= (2**64 - size) % size:
            return product >> 64
        at += 8


def leaf_of(salt, unit):
    return sha256(b"lodd/1 leaf\0" + salt + unicodedata.normalize("NFC", unit).encode())


def commitment_of(secret):
    return sha256(b"lodd/1 secret\0" + secret)


def entries_of(leaves):
    return [block.encode() + b"\0" + bytes.fromhex(leaf) for block, leaf in leaves]


def tree_of(entries, index=0):
    """RFC 9162's root and the path of one entry, from the leaf upward."""
    if len(entries) == 1:
        return sha256(b"\0" + entries[0]), []
    split = 1
    while 2 * split < len(entries):
        split *= 2
    left, left_path = tree_of(entries[:split], index)
    right, right_path = tree_of(entries[split:], index - split)
    path = [*left_path, right] if index < split else [*right_path, left]
    return sha256(b"\1" + left + right), path


def csv_of(header, rows):
    return "".join(",".join(map(str, row)) + "\n" for row in [header, *rows]).encode()


def announce(pilot, plan, secret, beacon, arms, blocks, draw=1, previous=ZERO, ended=ZERO, limits=None, write=text_of):
    """Gives announcement, leaves, private file and covariates (or None).

    `blocks`: label -> (one seat count or one fraction per arm, [(unit id, salt)]).
    `limits`: ({covariate: max_difference}, max_attempts, {unit id: its values}).
    """
    rows = sorted((label, leaf_of(salt, unit).hex(), salt.hex(), unit)
                  for label, (_, units) in blocks.items() for unit, salt in units)
    leaves = [row[:2] for row in rows]
    announcement = {
        "protocol": "lodd/1", "pilot": pilot, "draw": draw, "previous": previous, "ended": ended,
        "plan": sha256(plan).hex(), "commitment": commitment_of(secret).hex(), "beacon": beacon, "arms": arms,
        "blocks": [{"label": label, "units": len(units), "seats" if isinstance(shares[0], int) else "probabilities": shares}
                   for label, (shares, units) in sorted(blocks.items())],
        "root": tree_of(entries_of(leaves))[0].hex(),
    }
    covariates = None
    if limits:
        spread, most, values = limits
        covariates = csv_of(["block", "leaf", *spread], [[*row[:2], *values[row[3]]] for row in rows])
        announcement["constraint"] = {
            "covariates": sha256(covariates).hex(), "max_attempts": most,
            "limits": [{"name": name, "max_difference": limit} for name, limit in spread.items()]}
        announcement["constraint"] = {key: announcement["constraint"][key] for key in ("covariates", "limits", "max_attempts")}
    return write(announcement), csv_of(["block", "leaf"], leaves), csv_of(["block", "leaf", "salt", "id"], rows), covariates


def reveal(announcement, secret, beacon, attempt=None):
    """`beacon`: {"kind": "fixed", "seed": …}, {"kind": "witnessed", "value": …} or {"kind": "drand", "round": …, "signature": …}."""
    last = {} if attempt is None else {"attempt": attempt}
    return text_of({"protocol": "lodd/1", "announcement": sha256(announcement).hex(), "secret": secret.hex(), "beacon": beacon, **last})


def void(announcement, reason, secret):
    """`secret` is None only for a drand draw that is abandoned before its round."""
    return text_of({"protocol": "lodd/1", "announcement": sha256(announcement).hex(), "reason": reason, "secret": secret and secret.hex()})


def key_of(announcement, secret, beacon, attempt=None):
    """Section 3: K, or K(attempt)."""
    random = {"fixed": lambda: bytes.fromhex(beacon["seed"]), "witnessed": lambda: sha256(beacon["value"].encode()),
              "drand": lambda: sha256(bytes.fromhex(beacon["signature"]))}[beacon["kind"]]()
    key = mac(secret, b"lodd/1 seed\0" + sha256(announcement) + random)
    return key if attempt is None else mac(key, b"lodd/1 attempt\0" + attempt.to_bytes(4, "big"))


def seats_of(plan, key):
    """Section 5 in whole numbers over the common denominator D: label -> seats per arm."""
    if "seats" in plan["blocks"][0]:
        return {block["label"]: block["seats"] for block in plan["blocks"]}
    ratios = {block["label"]: [tuple(map(int, (it + "/1").split("/")[:2])) for it in block["probabilities"]] for block in plan["blocks"]}
    units = {block["label"]: block["units"] for block in plan["blocks"]}
    seats = {}
    if len(plan["arms"]) == 2:
        common = least([over for (_, over), _ in ratios.values()])
        shift, running = below(common, mac(key, b"lodd/1 round\0")), 0
        for label in sorted(units, key=lambda it: mac(key, b"lodd/1 order\0" + it.encode())):
            top, over = ratios[label][0]
            before, running = running, running + units[label] * top * (common // over)
            first = (running + shift) // common - (before + shift) // common
            seats[label] = [first, units[label] - first]
        return seats
    for label, parts in ratios.items():
        rest = [(units[label] * top % over, over) for top, over in parts]
        common = least([over // gcd(top, over) for top, over in rest])
        shift, running, seats[label] = below(common, mac(key, b"lodd/1 round\0" + label.encode())), 0, []
        for (top, over), (left, _) in zip(parts, rest):
            before, running = running, running + left * common // over
            extra = (running + shift) // common - (before + shift) // common
            seats[label].append(units[label] * top // over + extra)
    return seats


def least(numbers):
    """The least common multiple."""
    multiple = 1
    for number in numbers:
        multiple = multiple * number // gcd(multiple, number)
    return multiple


def result_rows(announcement, leaves, key):
    """(block, ordinal, leaf, ticket, rank, arm) of each of the (block, leaf) rows."""
    plan, rows = json.loads(announcement), []
    taken = seats_of(plan, key)
    for block in plan["blocks"]:
        mine = [leaf for label, leaf in leaves if label == block["label"]]
        stream = chacha20(mac(key, b"lodd/1 block\0" + block["label"].encode()), 16 * len(mine))
        tickets = [stream[16 * i:16 * i + 16] for i in range(len(mine))]
        order = sorted(range(len(mine)), key=lambda i: (tickets[i], i))
        arms = [arm for arm, seats in zip(plan["arms"], taken[block["label"]]) for _ in range(seats)]
        rank = {unit: place for place, unit in enumerate(order)}
        rows += [(block["label"], i, leaf, tickets[i].hex(), rank[i] + 1, arms[rank[i]]) for i, leaf in enumerate(mine)]
    return rows


def result_csv(announcement, leaves, key):
    return csv_of(["block", "ordinal", "leaf", "ticket", "rank", "arm"], result_rows(announcement, leaves, key))


def slip(announcement, private, rows, index):
    """The slip of the unit in a row: `private` holds (block, leaf, salt, id), `rows` the result."""
    block, ordinal, _, ticket, rank, arm = rows[index]
    path = tree_of(entries_of([row[:2] for row in private]), index)[1]
    return text_of({
        "protocol": "lodd/1", "announcement": sha256(announcement).hex(), "id": private[index][3], "salt": private[index][2],
        "block": block, "ordinal": ordinal, "index": index, "path": [it.hex() for it in path], "ticket": ticket, "rank": rank, "arm": arm})
