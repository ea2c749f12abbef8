"""Protocol `lodd/1` once more, in the standard library alone: announce, reveal, compute and verify.

Written from docs/draw-protocol.md and sharing no code with the program, so that the two can be held
against each other. It knows blocks with fixed seats and the `fixed` and `witnessed` beacons, and
refuses what it does not know. Everything it hashes is bytes; no floating point occurs.

    python lodd1.py compute DIR      # result.csv of the draw in DIR, to stdout
    python lodd1.py verify DIR       # exits 1 and names file, field, expected and found
"""

import hashlib
import hmac
import json
import re
import struct
import sys
import unicodedata
from pathlib import Path

ZERO = "0" * 64
LABEL = re.compile(r"[A-Za-z0-9_.-]{1,64}")
HEX64 = re.compile(r"[0-9a-f]{64}")


class Refused(Exception):
    """A finding: file, field, what was expected and what was found."""

    def __init__(self, file, field, expected, found):
        super().__init__(f"{file}: {field}: expected {expected}, found {found}")


def need(holds, file, field, expected, found):
    if not holds:
        raise Refused(file, field, expected, found)


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


def leaf_of(salt, unit):
    return sha256(b"lodd/1 leaf\0" + salt + unicodedata.normalize("NFC", unit).encode())


def commitment_of(secret):
    return sha256(b"lodd/1 secret\0" + secret)


def root_of(entries):
    """RFC 9162: the split at the largest power of two smaller than the number of entries."""
    if len(entries) == 1:
        return sha256(b"\0" + entries[0])
    split = 1 << (len(entries) - 1).bit_length() - 1
    return sha256(b"\1" + root_of(entries[:split]) + root_of(entries[split:]))


def entries_of(leaves):
    return [block.encode() + b"\0" + bytes.fromhex(leaf) for block, leaf in leaves]


def leaves_csv(leaves):
    return ("block,leaf\n" + "".join(f"{block},{leaf}\n" for block, leaf in leaves)).encode()


def announce(pilot, plan, secret, beacon, arms, blocks, draw=1, previous=ZERO, ended=ZERO):
    """`blocks`: label -> (seats per arm, [(unit id, salt)]). Gives announcement, leaves and private file as bytes."""
    rows = sorted((label, leaf_of(salt, unit).hex(), salt.hex(), unit)
                  for label, (_, units) in blocks.items() for unit, salt in units)
    leaves = [row[:2] for row in rows]
    announcement = {
        "protocol": "lodd/1", "pilot": pilot, "draw": draw, "previous": previous, "ended": ended,
        "plan": sha256(plan).hex(), "commitment": commitment_of(secret).hex(), "beacon": beacon, "arms": arms,
        "blocks": [{"label": label, "units": len(units), "seats": seats}
                   for label, (seats, units) in sorted(blocks.items())],
        "root": root_of(entries_of(leaves)).hex(),
    }
    private = "block,leaf,salt,id\n" + "".join(",".join(row) + "\n" for row in rows)
    return text_of(announcement), leaves_csv(leaves), private.encode()


def reveal(announcement, secret, beacon):
    """`beacon`: {"kind": "fixed", "seed": hex} or {"kind": "witnessed", "value": text}."""
    return text_of({"protocol": "lodd/1", "announcement": sha256(announcement).hex(), "secret": secret.hex(), "beacon": beacon})


def result_csv(announcement, leaves, revealed):
    """Sections 3 to 5 and 7: a function of the announcement's bytes, the leaves and the parsed reveal alone."""
    plan, beacon = json.loads(announcement), revealed["beacon"]
    random = bytes.fromhex(beacon["seed"]) if beacon["kind"] == "fixed" else sha256(beacon["value"].encode())
    key = mac(bytes.fromhex(revealed["secret"]), b"lodd/1 seed\0" + sha256(announcement) + random)
    lines = ["block,ordinal,leaf,ticket,rank,arm"]
    for block in plan["blocks"]:
        mine = [leaf for label, leaf in leaves if label == block["label"]]
        stream = chacha20(mac(key, b"lodd/1 block\0" + block["label"].encode()), 16 * len(mine))
        tickets = [stream[16 * i:16 * i + 16] for i in range(len(mine))]
        order = sorted(range(len(mine)), key=lambda i: (tickets[i], i))
        arms = [arm for arm, seats in zip(plan["arms"], block["seats"]) for _ in range(seats)]
        rank = {unit: place for place, unit in enumerate(order)}
        lines += [f"{block['label']},{i},{leaf},{tickets[i].hex()},{rank[i] + 1},{arms[rank[i]]}" for i, leaf in enumerate(mine)]
    return ("\n".join(lines) + "\n").encode()


def parse(data, file, keys):
    """One JSON object with exactly these keys, none repeated at any depth."""
    def once(pairs):
        names = [name for name, _ in pairs]
        need(len(set(names)) == len(names), file, "keys", "each key once", names)
        return dict(pairs)
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=once)
    except ValueError as error:
        raise Refused(file, "content", "JSON in UTF-8", error) from None
    need(isinstance(value, dict) and set(value) == set(keys.split()), file, "keys", keys, list(value))
    need(value["protocol"] == "lodd/1", file, "protocol", "lodd/1", value["protocol"])
    return value


def read_announcement(data):
    file, plan = "announcement.json", parse(data, "announcement.json",
                                            "protocol pilot draw previous ended plan commitment beacon arms blocks root")
    for field in ("previous", "ended", "plan", "commitment", "root"):
        need(HEX64.fullmatch(str(plan[field])), file, field, "64 lower-case hex digits", plan[field])
    need(type(plan["draw"]) is int and 1 <= plan["draw"] <= 9999, file, "draw", "1 to 9999", plan["draw"])
    for block in plan["blocks"]:
        need(set(block) == {"label", "units", "seats"}, file, "blocks", "label, units, seats", list(block))
    labels = [block["label"] for block in plan["blocks"]]
    for label in [plan["pilot"], *plan["arms"], *labels]:
        need(LABEL.fullmatch(label), file, "label", LABEL.pattern, label)
    kind = {"fixed": {"kind"}, "witnessed": {"kind", "description"}}.get(plan["beacon"].get("kind"))
    need(kind == set(plan["beacon"]), file, "beacon", "fixed or witnessed", plan["beacon"])
    need(plan["beacon"]["kind"] != "fixed" or plan["pilot"].endswith("-rehearsal"), file, "pilot", "a label in -rehearsal", plan["pilot"])
    need(2 <= len(set(plan["arms"])) == len(plan["arms"]) <= 64, file, "arms", "2 to 64 distinct labels", plan["arms"])
    need(labels and labels == sorted(set(labels)), file, "blocks", "ascending labels", labels)
    for block in plan["blocks"]:
        need(len(block["seats"]) == len(plan["arms"]) and all(type(n) is int and n >= 0 for n in block["seats"])
             and sum(block["seats"]) == block["units"] >= 1, file, "seats", f"a sum of {block['units']}", block["seats"])
    return plan


def read_leaves(data, plan):
    lines = data.decode("ascii", "replace").split("\n")
    leaves = [tuple(line.split(",")) for line in lines[1:-1]]
    for row in leaves:
        need(len(row) == 2 and HEX64.fullmatch(row[1]), "leaves.csv", "row", "block,leaf", row)
    need(leaves_csv(leaves) == data and leaves == sorted(set(leaves)), "leaves.csv", "rows", "sorted, none repeated, LF", "other bytes")
    for block in plan["blocks"]:
        count = sum(label == block["label"] for label, _ in leaves)
        need(count == block["units"], "leaves.csv", block["label"], f"{block['units']} units", count)
    need(len(leaves) == sum(block["units"] for block in plan["blocks"]), "leaves.csv", "rows", "blocks of the announcement", len(leaves))
    root = root_of(entries_of(leaves)).hex()
    need(root == plan["root"], "announcement.json", "root", root, plan["root"])
    return leaves


def read_end(folder, announced, plan):
    """reveal.json (or void.json), whose form, announcement and commitment must hold."""
    file = "void.json" if (folder / "void.json").exists() else "reveal.json"
    data = (folder / file).read_bytes()
    keys = "protocol announcement reason secret" if file == "void.json" else "protocol announcement secret beacon"
    end = parse(data, file, keys)
    ordered = {key: end[key] for key in keys.split()}
    if file == "reveal.json":
        name = {"fixed": "seed", "witnessed": "value"}[plan["beacon"]["kind"]]
        need(set(end["beacon"]) == {"kind", name} and end["beacon"]["kind"] == plan["beacon"]["kind"], file, "beacon", name, end["beacon"])
        text = end["beacon"][name]
        need(name != "seed" or HEX64.fullmatch(text), file, "seed", "64 lower-case hex digits", text)
        need(text == unicodedata.normalize("NFC", text.strip()), file, name, "NFC, trimmed", text)
        ordered["beacon"] = {"kind": end["beacon"]["kind"], name: text}
    need(text_of(ordered) == data, file, "form", "the form of section 2", "other bytes")
    need(end["announcement"] == sha256(announced).hex(), file, "announcement", sha256(announced).hex(), end["announcement"])
    need(HEX64.fullmatch(str(end["secret"])) and commitment_of(bytes.fromhex(end["secret"])).hex() == plan["commitment"],
         file, "secret", f"the secret of {plan['commitment']}", end["secret"])
    return file, end


def verify(folder):
    """Raises Refused at the first finding; gives the announcement otherwise."""
    folder = Path(folder)
    announced = (folder / "announcement.json").read_bytes()
    plan = read_announcement(announced)
    bound = sha256((folder / "plan.toml").read_bytes()).hex()
    need(plan["plan"] == bound, "announcement.json", "plan", bound, plan["plan"])
    leaves = read_leaves((folder / "leaves.csv").read_bytes(), plan)
    before, links = folder.resolve().parent / f"{plan['draw'] - 1:04}", (ZERO, ZERO)
    if plan["draw"] > 1 and before.exists():
        end = "void.json" if (before / "void.json").exists() else "reveal.json"
        links = tuple(sha256((before / name).read_bytes()).hex() for name in ("announcement.json", end))
    if plan["draw"] == 1 or before.exists():
        for field, expected in zip(("previous", "ended"), links):
            need(plan[field] == expected, "announcement.json", field, expected, plan[field])
    file, end = read_end(folder, announced, plan)
    if file == "reveal.json":
        found, expected = (folder / "result.csv").read_bytes(), result_csv(announced, leaves, end)
        for row, (ours, theirs) in enumerate(zip(expected.split(b"\n"), found.split(b"\n")), 1):
            need(ours == theirs, "result.csv", f"row {row}", ours.decode(), theirs)
        need(found == expected, "result.csv", "length", len(expected), len(found))
    return plan


if __name__ == "__main__":
    try:
        if sys.argv[1:2] == ["compute"] and len(sys.argv) == 3:
            where = Path(sys.argv[2])
            announced = (where / "announcement.json").read_bytes()
            plan = read_announcement(announced)
            listed = read_leaves((where / "leaves.csv").read_bytes(), plan)
            sys.stdout.buffer.write(result_csv(announced, listed, read_end(where, announced, plan)[1]))
        elif sys.argv[1:2] == ["verify"] and len(sys.argv) == 3:
            plan = verify(sys.argv[2])
            print(f"verified: {plan['pilot']}, draw {plan['draw']}, {sum(b['units'] for b in plan['blocks'])} units")
        else:
            sys.exit(__doc__)
    except Refused as finding:
        sys.exit(f"refused: {finding}")
