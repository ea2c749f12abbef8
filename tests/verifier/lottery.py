"""Sections 3 to 5 of protocol lodd/1 for verify_draw.py: from a key to seats and tickets; the tree.

Python's standard library has SHA-256 and HMAC, but no ChaCha20 (RFC 8439) and no Merkle
tree (RFC 9162).
"""

import struct
from fractions import Fraction
from hashlib import sha256
from hmac import digest
from itertools import accumulate, count, islice, pairwise
from math import floor, lcm

QUARTERS = [(i, 4 + (i + turn) % 4, 8 + (i + 2 * turn) % 4, 12 + (i + 3 * turn) % 4)
            for turn in (0, 1) for i in range(4)]  # of ChaCha's columns, then of its diagonals


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
        counted = shares if len(shares) == 2 else expected
        yield expected, lcm(*(part.denominator for part in counted))


def seats(plan, key):
    """Each block's seats, one count an arm."""
    labels = [it["label"].encode() for it in plan["blocks"]]
    expected, sizes = zip(*expectations(plan))
    if len(plan["arms"]) > 2:
        return [rounded(part, size, mac(key, "round", label))
                for part, size, label in zip(expected, sizes, labels)]
    order = sorted(range(len(labels)), key=lambda i: mac(key, "order", labels[i]))
    first = rounded([expected[i][0] for i in order], lcm(*sizes), mac(key, "round"))
    return [[taken, plan["blocks"][i]["units"] - taken] for i, taken in sorted(zip(order, first))]


def draw(plan, key, attempt=None):
    """(block, ordinal, ticket, rank, arm) of each unit, in the order of leaves.csv."""
    if attempt is not None:
        key = mac(key, "attempt", struct.pack(">I", attempt))
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
