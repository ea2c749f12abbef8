"""Verifies a draw of protocol lodd/1 from its public files, with Python's standard library alone.
    python3 verify_draw.py DIR [--previous DIR] [--covariates FILE] [--slip FILE]
Each file is written anew, as it has to be after what it and the others say, and compared with what is there."""
import argparse
import json
import re
from fractions import Fraction
from hashlib import sha256
from hmac import digest
from itertools import accumulate, compress, count, groupby, islice, pairwise, zip_longest
from math import floor, lcm
from pathlib import Path
from struct import iter_unpack, pack, unpack
from unicodedata import normalize

def like(pattern, words): return lambda it: it if type(it) is str and re.fullmatch(pattern, it) else words
def ratio(it): return str(Fraction(it)) if re.fullmatch("[0-9]{1,20}(/[1-9][0-9]{0,19})?", str(it)) else "a fraction"
def whole(a, b): return lambda it: it if type(it) is int and a <= it <= b else f"a number from {a} to {b}"
def each(form): return lambda its: [form(it) for it in its] if type(its) is list else "a list"
def lawful(value, keys): return {key: FORMS[key](value[key]) for key in keys.split()}
HEX = like("[0-9a-f]{64}", "32 bytes in lower-case hex")
FORMS = {key: form for keys, form in {  # whatever must not stand at a key comes out as something else
    "previous ended plan commitment root announcement seed covariates salt": HEX, "path": each(HEX),
    "secret": lambda it: it and HEX(it), "signature": like("[0-9a-f]{96}", "48 bytes in lower-case hex"),
    "pilot label name": like("[A-Za-z0-9_.-]{1,64}", "a label"), "kind block ticket arm": str,
    "ordinal rank index": int, "draw": whole(1, 9999), "round": whole(1, 2**64 - 1), "units": whole(1, 2**24),
    "seats": each(whole(0, 2**24)), "probabilities": each(ratio), "max_difference": ratio, 
    "max_attempts": whole(1, 2**32), "constraint": lambda it: lawful(it, "covariates limits max_attempts"),
    "limits": lambda its: [lawful(it, "name max_difference") for it in {it["name"]: it for it in its}.values()] or its[0],
    "arms": lambda its: [*dict.fromkeys([*map(FORMS["label"], its), ""])][:min(max(len(its), 2), 64)],
    "chain": lambda it: "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    "value": lambda it: normalize("NFC", re.sub(r"^[^\S\x1c-\x1f]+|[^\S\x1c-\x1f]+$", "", str(it))),
    "description": lambda it: str(it).encode(errors="replace").decode(), "protocol": lambda it: "lodd/1",
    "reason": lambda it: str(it) if str(it).strip() else "a reason", "id": lambda it: normalize("NFC", str(it)),
}.items() for key in keys.split()}
BEACONS = {"fixed": ("kind", "kind seed"), "witnessed": ("kind description", "kind value"),
           "drand": ("kind chain round", "kind round signature")}  # keys as announced and as revealed
QUARTERS = [[int(i, 16) for i in it] for it in "048c 159d 26ae 37bf 05af 16bc 278d 349e".split()]
def text(it, **form): return json.dumps(it, indent=2, ensure_ascii=False, **form) + "\n"
def csv(header, rows): return "\n".join([header, *(",".join(map(str, row)) for row in rows), ""])
def sha(data): return sha256(data).digest()
def mac(key, tag, data=b""): return digest(key, b"lodd/1 " + tag + b"\0" + data, "sha256")
def commitment(secret): return sha(b"lodd/1 secret\0" + bytes.fromhex(secret)).hex()
def entry(block, leaf): return sha(b"\0" + block.encode() + b"\0" + bytes.fromhex(leaf))
def lines(*texts):
    return ((f"line {n}", *pair) for n, pair in enumerate(zip_longest(*(it.split("\n") for it in texts)), 1))
def root_of(nodes):
    while len(nodes) > 1:  # level by level; an odd one goes up as it is
        nodes = [sha(b"\1" + a + b) for a, b in zip(nodes[::2], nodes[1::2])] + nodes[len(nodes) & ~1:]
    return nodes[0]

def keystream(key):  # ChaCha20, 64 bytes at a time: counter from 0, nonce 0, 20 rounds
    for number in count():
        x = [*(start := unpack("<16I", b"expand 32-byte k" + key + pack("<2Q", number, 0)))]
        for a, b, c, d in QUARTERS * 10:
            for to, by, at, bits in (a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7):
                x[to] = x[to] + x[by] & 0xFFFFFFFF
                x[at] = (x[at] ^ x[to]) * (2**32 + 1) >> 32 - bits & 0xFFFFFFFF  # turned left
        yield pack("<16I", *(a + b & 0xFFFFFFFF for a, b in zip(x, start)))
def below(size, key):
    words = (word for block in keystream(key) for word, in iter_unpack("<Q", block))
    return next(x * size >> 64 for x in words if x * size % 2**64 >= (2**64 - size) % size)
def rounded(expected, size, key):  # floors of the running sum, all shifted alike
    shift = Fraction(below(size, key), size)
    return [floor(b + shift) - floor(a + shift) for a, b in pairwise(accumulate(expected, initial=0))]

def draw(plan, key, attempt=None):
    """(block, ordinal, ticket, rank, arm) of each unit, in the order of leaves.csv."""
    key = key if attempt is None else mac(key, b"attempt", pack(">I", attempt))
    blocks = plan["expected"]  # two arms are rounded over all blocks in their order, more in each block
    order = sorted(blocks, key=lambda name: mac(key, b"order", name))
    firsts = dict(zip(order, rounded([blocks[it][0][0] for it in order], plan["size"], mac(key, b"round"))))
    for name, (expected, size) in blocks.items():
        seats = [firsts[name], int(sum(expected)) - firsts[name]]
        seats = seats if len(expected) == 2 else rounded(expected, size, mac(key, b"round", name))
        arms = [arm for arm, taken in zip(plan["arms"], seats) for _ in range(taken)]
        stream = b"".join(islice(keystream(mac(key, b"block", name)), len(arms) // 4 + 1)).hex()
        ranked = enumerate(zip(sorted((stream[32 * i:32 * i + 32], i) for i in range(len(arms))), arms), 1)
        yield from sorted((name.decode(), i, ticket, rank, arm) for rank, ((ticket, i), arm) in ranked)

def announcement(data, plan):
    said = json.loads(data.decode(), parse_int=lambda it: int(it) if it.isdigit() else it,
                      object_pairs_hook=lambda its: dict(its) if len(dict(its)) == len(its) else "repeated")
    beacon, arms, blocks = said["beacon"], said["arms"], {it["label"]: it for it in said["blocks"]}
    share, two = "seats" if "seats" in said["blocks"][0] else "probabilities", len(arms) == 2
    keys = "protocol pilot draw previous ended plan commitment arms root" + " constraint" * ("constraint" in said)
    sound = lawful(said, keys) | {"beacon": lawful(beacon, BEACONS[beacon["kind"]][0]), "blocks": [
        lawful(blocks[it], f"label units {share}") for it in sorted(blocks)][:10_000]}
    number, folder = said["draw"], plan["folder"]
    here = re.sub("^[0-9]{4}$", str(number).zfill(4), folder.name)
    yield "draw", [sound["draw"], here], [number, folder.name]
    before = plan["before"] or folder.parent / f"{number - 1:04}"
    if plan["before"] or number > 1 and before.is_dir():
        files = [before / it for it in ("announcement.json", "reveal.json", "void.json") if (before / it).exists()]
        earlier, links = json.loads(files[0].read_bytes()), [sha(it.read_bytes()).hex() for it in files]
        sound |= dict(zip(("previous", "ended"), links, strict=True), pilot=earlier["pilot"], draw=earlier["draw"] + 1)
    elif number > 1:
        plan["note"]("chain not checked: the draw before is not here")
    yield from lines(text(sound, sort_keys=True), text(said, sort_keys=True))
    yield "previous, ended", [number == 1] * 2, [said[it] == "0" * 64 for it in ("previous", "ended")]
    yield "pilot", "-rehearsal", said["pilot"][-10:] if beacon["kind"] == "fixed" else "-rehearsal"
    plan |= said | {"hash": sha(data), "expected": {}, "max_attempts": sound.get("constraint", {}).get("max_attempts")}
    for it in said["blocks"]:
        total, parts = it["units"] if share == "seats" else 1, [*map(Fraction, it[share])]
        yield share, (total, len(arms)), (sum(parts), len(parts))
        expected, name = [part * it["units"] / total for part in parts], it["label"].encode()
        plan["expected"][name] = expected, lcm(*(it.denominator for it in (parts if two else expected)))
    plan["size"] = (lcm if two else max)(1, *(size for _, size in plan["expected"].values()))
    yield "common denominator", True, plan["size"] < 2**64

def leaves(data, plan):
    plan["leaves"] = rows = [tuple(line.split(",")) for line in data.decode().split("\n")[1:-1]]
    yield from lines(csv("block,leaf", sorted({(it, HEX(leaf)) for it, leaf in rows})), data.decode())
    yield "leaf", len(rows), len({leaf for _, leaf in rows})
    found = [(block, len([*its])) for block, its in groupby(block for block, _ in rows)]
    yield "units", [(it["label"], it["units"]) for it in plan["blocks"]], found
    yield "root", plan["root"], root_of([entry(*row) for row in rows]).hex()

def void(data, plan):
    end, early = json.loads(data.decode()), plan["commitment"] if plan["beacon"]["kind"] == "drand" else None
    sound = lawful(end | {"announcement": plan["hash"].hex()}, "protocol announcement reason secret")
    yield from lines(text(sound), data.decode())
    yield "secret", plan["commitment"], early if end["secret"] is None else commitment(end["secret"])
    yield "reveal.json", False, (plan["folder"] / "reveal.json").exists()

def reveal(data, plan):
    end, kind, most = json.loads(data.decode()), plan["beacon"]["kind"], plan["max_attempts"]
    beacon = lawful(end["beacon"] | plan["beacon"], BEACONS[kind][1])
    sound = lawful(end | {"announcement": plan["hash"].hex()}, "protocol announcement secret") | {"beacon": beacon}
    sound |= {"attempt": whole(0, most - 1)(end["attempt"])} if most else {}
    yield from lines(text(sound), data.decode())
    yield "secret", plan["commitment"], commitment(end["secret"])
    value = beacon["value"].encode() if kind == "witnessed" else bytes.fromhex([*beacon.values()][-1])
    if kind == "drand":
        try:
            from quicknet import holds
            yield "signature", True, holds(beacon["round"], value)
        except ImportError:
            plan["note"]("signature not checked: py_ecc is not installed")
    key = mac(bytes.fromhex(end["secret"]), b"seed", plan["hash"] + (value if kind == "fixed" else sha(value)))
    plan |= {"key": key, "attempt": sound.get("attempt"), "rows": [*draw(plan, key, sound.get("attempt"))]}
    rows = [(*row[:2], leaf, *row[2:]) for row, (_, leaf) in zip(plan["rows"], plan.get("leaves", []))]
    plan["result"] = csv("block,ordinal,leaf,ticket,rank,arm", rows) if rows else None

def constraint(data, plan):  # the revealed attempt must be the first that keeps every difference in its limit
    rule, key, last, value = plan["constraint"], plan["key"], plan["attempt"], whole(-2**31, 2**31)
    yield "SHA-256", rule["covariates"], sha(data).hex()
    values = [[value(int(it)) for it in line.split(",")[2:]] for line in data.decode().split("\n")[1:-1]]
    names, limits = zip(*((it["name"], Fraction(it["max_difference"])) for it in rule["limits"]))
    rows = [(*leaf, *its) for leaf, its in zip(plan["leaves"], values)]
    yield from lines(csv(",".join(["block", "leaf", *names]), rows), data.decode())
    for attempt in range(last + 1):
        mine = [row[4] == plan["arms"][0] for row in draw(plan, key, attempt)]
        n, m = sum(mine), len(mine) - sum(mine)
        apart = [abs(sum(compress(it, mine)) * (n + m) - sum(it) * n) for it in zip(*values, strict=True)]
        holds = n * m > 0 and all(it <= limit * n * m for it, limit in zip(apart, limits, strict=True))
        yield f"attempt {attempt}", f"holds: {attempt == last}", f"holds: {holds}"

def slip_of(data, plan):
    slip, rows = json.loads(data.decode()), plan["rows"]
    yield "salt", True, re.fullmatch("[0-9a-f]{64}", slip["salt"]) is not None  # it is never shown
    index, size, path = whole(0, len(rows) - 1)(slip["index"]), len(rows), [*map(bytes.fromhex, slip["path"])]
    known = dict(zip(("block", "ordinal", "ticket", "rank", "arm"), rows[index]), announcement=plan["hash"].hex())
    keys = "protocol announcement id salt block ordinal index path ticket rank arm"
    sound = text(lawful(slip | known | {"index": index}, keys))
    yield from lines(*(it.replace(slip["salt"], "…") for it in (sound, data.decode())))
    node = entry(known["block"], sha(b"lodd/1 leaf\0" + bytes.fromhex(slip["salt"]) + slip["id"].encode()).hex())
    while size > 1:
        if index ^ 1 < size:
            node = sha(b"\1" + (path.pop(0) + node if index % 2 else node + path.pop(0)))
        index, size = index // 2, (size + 1) // 2
    yield "path", (plan["root"], []), (node.hex(), path)

def verify(folder, previous=None, covariates=None, slip=None, note=str):
    """The first refusal, [(file, field, expected, found)] or [], and what result.csv must be."""
    folder, before = Path(folder).resolve(), previous and Path(previous)
    plan = {"folder": folder, "before": before, "note": note, "result": None}
    steps = {"announcement.json": announcement, "leaves.csv": leaves, "void.json": void, "reveal.json": reveal,
             "plan.toml": lambda data, plan: [("SHA-256", plan["plan"], sha(data).hex())],
             "result.csv": lambda data, plan: lines(plan["result"], data.decode())}
    there = {it.name for it in folder.glob("*")} | {"announcement.json", "plan.toml"}
    steps = [(folder / it, run) for it, run in steps.items() if it in there]
    for path, run in *steps, (covariates, constraint), (slip, slip_of):
        try:
            for field, expected, found in run(Path(path).read_bytes(), plan) if path else ():
                if expected != found:
                    return [(Path(path).name, field, str(expected)[:200], str(found)[:200])], None
        except Exception as error:  # whatever a malformed file leads to
            return [(Path(path).name, "content", "a file of lodd/1", repr(error)[:200])], None
    "leaves.csv" in there or note("leaves.csv is withheld: list and result are not checked")
    {"reveal.json", "void.json"} & there or note("open: neither revealed nor void")
    covariates or "constraint" not in plan or note("constraint not checked; any of max_attempts results would pass")
    return [], plan["result"] and plan["result"].encode()

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in "folder", "--previous", "--covariates", "--slip":
        parser.add_argument(name)
    findings, _ = verify(**vars(parser.parse_args()), note=print)
    raise SystemExit("refused: {}: {}: expected {}, found {}".format(*findings[0]) if findings else print("verified"))
