"""Writes draws that break one rule of lodd/1 each, and some that only look as if they did.

    python hostile_draws.py DIR      # DIR/refused/NAME/0001 and DIR/accepted/NAME/0001; of chains, 0002 too

Nothing else is wrong with them: hashes are made after the rule was broken, so that no hash stands in
for the rule.
"""

import json
import sys
from fractions import Fraction
from pathlib import Path

import make_draw

PLAN, SECRET, SEED = b"[pilot]\n", bytes(range(32)), "5e" * 32
ARMS = ["follow-up", "ordinary"]
ROUND = {"kind": "drand", "chain": "52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971", "round": 1000}
DICE = {"kind": "witnessed", "description": "six dice"}
VALUE = {"kind": "witnessed", "value": "4-2-6"}


def units(*names):
    return [(name, make_draw.sha256(name.encode())) for name in names]


def draw(change=None, text=None, leaves=None, beacon=None, pilot="pilot-rehearsal", shares=None, arms=ARMS, number=1, **more):
    """An open draw: `change` edits the announcement, `text` its JSON, `leaves` the list's bytes."""
    blocks = {"a": (shares or [1, 2], units("a1", "a2", "a3")), "b": (shares or [2, 1], units("b1", "b2", "b3"))}

    def write(value):
        if leaves:
            value["root"] = root_of(leaves(made[0]))
        value = (change or (lambda it: None))(value) or value
        return (text or (lambda it: it))(json.dumps(value, indent=2) + "\n").encode("utf-8", "surrogatepass")
    rows = sorted((label, make_draw.leaf_of(salt, unit).hex()) for label, (_, them) in blocks.items() for unit, salt in them)
    made = [make_draw.csv_of(["block", "leaf"], rows)]
    announcement, listed, _, _ = make_draw.announce(pilot, PLAN, SECRET, beacon or {"kind": "fixed"}, list(arms), blocks, number, write=write, **more)
    return {"announcement.json": announcement, "plan.toml": PLAN, "leaves.csv": leaves(listed) if leaves else listed}


def root_of(listed):
    rows = [row.split(",") for row in listed.decode().split()[1:]]
    return make_draw.tree_of(make_draw.entries_of(rows))[0].hex()


def revealed(change=None, text=None, beacon=None, value=None, **more):
    """A finished draw: `change` edits the reveal, `text` its JSON."""
    files = draw(beacon=beacon, **more)
    value = value or {"kind": "fixed", "seed": SEED}
    reveal = make_draw.reveal(files["announcement.json"], SECRET, value)
    rows = [row.split(",") for row in files["leaves.csv"].decode().split("\n")[1:-1]]
    files["result.csv"] = make_draw.result_csv(files["announcement.json"], rows, make_draw.key_of(files["announcement.json"], SECRET, value))
    return files | {"reveal.json": edited(reveal, change, text)}


def void(change=None, text=None, secret=SECRET, reason="the wrong list", **more):
    files = draw(**more)
    return files | {"void.json": edited(make_draw.void(files["announcement.json"], reason, secret), change, text)}


def edited(content, change, text):
    value = json.loads(content)
    value = (change or (lambda it: None))(value) or value
    return (text or (lambda it: it))(make_draw.text_of(value).decode()).encode()


def put(*path):
    """Sets what stands at a path of keys: put("blocks", 0, "units", 4)."""
    *keys, last, value = path

    def change(document):
        for key in keys:
            document = document[key]
        document[last] = value
    return change


def without(key):
    return lambda value: {name: it for name, it in value.items() if name != key}


def swap(old, new):
    return lambda text: text.replace(old, new, 1)


def constrained(attempt, limit="1/2", shares=None):
    """A finished draw under a limit, with the "first" or "second" attempt that keeps it, or with "none" that does."""
    names, values, value = ("a1", "a2", "a3", "b1", "b2", "b3"), (3, 0, 1, 0, 2, 0), {"kind": "fixed", "seed": SEED}
    files = draw(limits=({"children": limit}, 1000, {unit: [x] for unit, x in zip(names, values)}), shares=shares)
    announcement, rows = files["announcement.json"], [row.split(",") for row in files["leaves.csv"].decode().split("\n")[1:-1]]
    leaf_of = {make_draw.leaf_of(salt, unit).hex(): x for (unit, salt), x in zip(units(*names), values)}
    files["covariates.csv"] = make_draw.csv_of(["block", "leaf", "children"], [[*row, leaf_of[row[1]]] for row in rows])

    def drawn(number):
        return make_draw.result_rows(announcement, rows, make_draw.key_of(announcement, SECRET, value, number))

    def holds(number):
        first = [leaf_of[row[2]] for row in drawn(number) if row[5] == ARMS[0]]
        others = [leaf_of[row[2]] for row in drawn(number) if row[5] != ARMS[0]]
        return bool(first and others) and abs(Fraction(sum(first), len(first)) - Fraction(sum(others), len(others))) <= Fraction(limit)
    kept = [number for number in range(40) if holds(number)]
    failed = [number for number in range(40) if not holds(number)]
    number = {"first": kept[:1], "second": kept[1:2], "none": failed[:1]}[attempt][0]
    files["reveal.json"] = make_draw.reveal(announcement, SECRET, value, number)
    files["result.csv"] = make_draw.csv_of(["block", "ordinal", "leaf", "ticket", "rank", "arm"], drawn(number))
    return files


def chain(change=lambda first, links: None, **second):
    """Two draws; `change` edits the files of the first, or the links to it, once they are made."""
    first = revealed()
    links = {"previous": make_draw.sha256(first["announcement.json"]).hex(), "ended": make_draw.sha256(first["reveal.json"]).hex()}
    change(first, links)
    then = revealed(**({"number": 2} | second), **links)
    return {f"../0001/{name}": it for name, it in first.items()} | then


def without_end(first, _):
    del first["reveal.json"], first["result.csv"]


def chains():
    two = revealed(pilot="other-rehearsal")
    return {
        "both ends before": chain(lambda first, _: first.update({"void.json": void()["void.json"]})), "open before": chain(without_end),
        "another reveal before": chain(lambda first, _: first.update({"reveal.json": revealed(value={"kind": "fixed", "seed": "5f" * 32})["reveal.json"]})),
        "another announcement before": chain(lambda first, _: first.update({"announcement.json": two["announcement.json"]})),
        "links exchanged": chain(lambda _, links: links.update({"previous": links["ended"], "ended": links["previous"]})),
        "no links": chain(lambda _, links: links.update({"previous": make_draw.ZERO, "ended": make_draw.ZERO})),
        "another pilot before": chain(pilot="other-rehearsal"), "number 3 after 1": chain(number=3), "number 1 after 1": chain(number=1),
    }


def limited(**changes):
    spread = {"children": "1/2"}
    values = {unit: [0] for unit in ("a1", "a2", "a3", "b1", "b2", "b3")}

    def change(value):
        value["constraint"].update(changes)
    return draw(change, limits=(spread, 10, values))


def refused():
    """name -> files."""
    cases = {f"without {key}": draw(without(key)) for key in json.loads(draw()["announcement.json"])}
    announced = {
        "unknown key": put("extra", 1), "unknown key in a block": put("blocks", 0, "extra", 1),
        "unknown key in the beacon": put("beacon", "round", 1), "protocol": put("protocol", "lodd/2"),
        "draw 0": put("draw", 0), "draw 10000": put("draw", 10000), "draw as text": put("draw", "1"), "draw true": put("draw", True),
        "draw 2 in 0001": put("draw", 2), "label empty": put("pilot", ""), "label æ": put("pilot", "æ-rehearsal"),
        "label of 65": put("pilot", "a" * 55 + "-rehearsal"), "label with a line feed": put("pilot", "a-rehearsal\n"),
        "fixed in earnest": put("pilot", "pilot"), "previous": put("previous", "1" * 64), "ended": put("ended", "1" * 64),
        "commitment in upper case": lambda it: put("commitment", it["commitment"].upper())(it),
        "plan in upper case": lambda it: put("plan", it["plan"].upper())(it),
        "root in upper case": lambda it: put("root", it["root"].upper())(it), "commitment of 62": put("commitment", "0" * 62),
        "one arm": put("arms", ["only"]), "arm twice": put("arms", ["same", "same"]), "65 arms": put("arms", [f"a{n}" for n in range(65)]),
        "arm with a space": put("arms", ["follow up", "ordinary"]), "arms an object": put("arms", {"a": 1, "b": 2}),
        "no blocks": put("blocks", []), "blocks unsorted": lambda it: it["blocks"].reverse(), "units 0": put("blocks", 0, "units", 0),
        "units disagree": put("blocks", 0, {"label": "a", "units": 4, "seats": [2, 2]}),
        "seats do not sum": put("blocks", 0, "seats", [1, 1]), "seats negative": put("blocks", 0, "seats", [-1, 4]),
        "seats true": put("blocks", 0, "seats", [True, 2]), "three seats": put("blocks", 0, "seats", [1, 1, 1]),
        "seats and probabilities": put("blocks", 0, "probabilities", ["1/3", "2/3"]),
        "one block with probabilities": put("blocks", 0, {"label": "a", "units": 3, "probabilities": ["1/3", "2/3"]}),
        "beacon null": put("beacon", None), "beacon unknown": put("beacon", {"kind": "dice"}), "beacon without kind": put("beacon", {}),
        "root of another list": put("root", "0" * 64), "constraint null": put("constraint", None),
    }
    cases |= {name: draw(change) for name, change in announced.items()}
    texts = {
        "draw 1.0": swap('"draw": 1,', '"draw": 1.0,'), "draw 1e0": swap('"draw": 1,', '"draw": 1e0,'),
        "draw +1": swap('"draw": 1,', '"draw": +1,'), "draw 01": swap('"draw": 1,', '"draw": 01,'),
        "seats -0": swap('"seats": [\n        1,\n        2', '"seats": [\n        3,\n        -0'),
        "repeated key": swap('"draw": 1,', '"draw": 1, "draw": 1,'), "repeated key in a block": swap('"units": 3,', '"units": 3, "units": 3,'),
        "repeated under an escape": swap('"draw": 1,', '"draw": 1, "dr\\u0061w": 1,'), "byte order mark": lambda it: "\ufeff" + it,
        "two documents": lambda it: it + it, "a comma too many": swap("\n}\n", ",\n}\n"), "a comment": swap("{", "{ // all\n"),
        "not a number": swap('"draw": 1,', '"draw": NaN,'), "deep": lambda it: "[" * 100_000, "empty": lambda it: "",
        "an array": lambda it: "[" + it + "]\n", "a huge integer": swap('"units": 3', '"units": ' + "3" * 5000),
    }
    cases |= {name: draw(text=text) for name, text in texts.items()}
    for share in (["1/3", "1/3"], ["2/6", "2/3"], ["1/3", "3/3"], ["0/1", "1"], ["1.0", "0"], ["-1/3", "4/3"], ["01", "0"], ["1/0", "0"],
                  [" 1", "0"], ["+1", "0"], ["1", "0/5"], ["1/18446744073709551616", "18446744073709551615/18446744073709551616"]):
        cases[f"probabilities {' '.join(share).replace('/', '_')}"] = draw(put("blocks", [
            {"label": label, "units": 3, "probabilities": share} for label in "ab"]))
    cases["common denominator"] = draw(put("blocks", [
        {"label": "a", "units": 3, "probabilities": ["1/4294967296", "4294967295/4294967296"]},
        {"label": "b", "units": 3, "probabilities": ["1/4294967297", "4294967296/4294967297"]}]))
    lists = {
        "upper-case leaf": lambda it: it[:13] + it[13:77].upper() + it[77:],
        "no final line feed": lambda it: it[:-1], "carriage returns": lambda it: it.replace(b"\n", b"\r\n"), "blank line": lambda it: it + b"\n",
        "another header": lambda it: it.replace(b"block,leaf", b"block;leaf"), "mark": lambda it: b"\xef\xbb\xbf" + it,
        "rows exchanged": lambda it: b"\n".join([*it.split(b"\n")[:1], *it.split(b"\n")[2:0:-1], *it.split(b"\n")[3:]]),
        "leaf twice": lambda it: b"\n".join([*it.split(b"\n")[:2], *it.split(b"\n")[1:2], *it.split(b"\n")[3:]]),
    }
    cases |= {name: draw(leaves=change) for name, change in lists.items()}
    drand = {"another chain": {"chain": "8990e7a9aaed2ffed73dbd7092123d6f289930540d7651336225dc172e51b2ce"}, "round 0": {"round": 0},
             "round 2^64": {"round": 2**64}, "round -1": {"round": -1}, "round true": {"round": True}, "no round": {"round": None}}
    cases |= {name: draw(beacon=ROUND | change) for name, change in drand.items()}
    cases["witnessed without description"] = draw(beacon={"kind": "witnessed"})
    cases["half a surrogate pair"] = draw(beacon=DICE, text=swap("six dice", "\\ud800"))
    rules = {"no attempts": {"max_attempts": 0}, "too many attempts": {"max_attempts": 2**32 + 1}, "a decimal limit": {
        "limits": [{"name": "children", "max_difference": "0.5"}]}, "a limit not in lowest terms": {
        "limits": [{"name": "children", "max_difference": "2/4"}]}, "a negative limit": {"limits": [{"name": "children", "max_difference": "-1/2"}]},
        "a name with a comma": {"limits": [{"name": "a,b", "max_difference": "1/2"}]}, "covariates in upper case": {"covariates": "AB" * 32},
        "unknown key in the constraint": {"extra": 1}, "limits an object": {"limits": {}},
        "a name twice": {"limits": [{"name": "children", "max_difference": "1/2"}] * 2}}
    cases |= {name: limited(**change) for name, change in rules.items()}
    cases |= {"a later attempt": constrained("second"), "an attempt that fails": constrained("none"),
              "an empty side": constrained("none", shares=[0, 3], limit="9")}
    cases["a later draw in 0001"] = draw(number=2, previous="1" * 64, ended="2" * 64)
    cases |= {f"chain: {name}": it for name, it in chains().items()}
    cases |= {f"reveal: {name}": it for name, it in reveals().items()} | {f"void: {name}": it for name, it in voids().items()}
    return cases


def reveals():
    dice = {"beacon": DICE, "pilot": "pilot"}
    cases = {f"without {key}": revealed(without(key)) for key in ("protocol", "announcement", "secret", "beacon")}
    for name, change in {
            "unknown key": put("extra", 1), "attempt": put("attempt", 0), "protocol": put("protocol", "lodd/2"), "kind": put("beacon", "kind", "drand"),
            "another announcement": put("announcement", "0" * 64), "another secret": put("secret", "0" * 64), "a short secret": put("secret", "00"),
            "seed of 62": put("beacon", "seed", "5e" * 31), "upper-case seed": put("beacon", "seed", "5E" * 32), "null seed": put("beacon", "seed", None),
            "order": lambda it: dict(reversed(it.items()))}.items():
        cases[name] = revealed(change)
    for name, text in {
            "no final line feed": lambda it: it[:-1], "one more": lambda it: it + "\n", "carriage returns": lambda it: it.replace("\n", "\r\n"),
            "four spaces": lambda it: it.replace("  ", "    "), "compact": lambda it: json.dumps(json.loads(it)) + "\n", "mark": lambda it: "\ufeff" + it,
            "escape": swap("lodd/1", "lodd\\/1"), "repeated": swap('"protocol": "lodd/1",', '"protocol": "lodd/1",\n  "protocol": "lodd/1",')}.items():
        cases[name] = revealed(text=text)
    for name, value in {"white space at the end": "4-2-6 ", "no-break space before": "\u00a04-2-6", "ideographic space": "4\u3000", "not NFC": "A\u030a",
                        "next line": "4\u0085"}.items():
        cases[f"value: {name}"] = revealed(value=VALUE | {"value": value}, **dice)
    cases["value: escaped"] = revealed(value=VALUE | {"value": "ø"}, text=swap("ø", "\\u00f8"), **dice)
    cases["value: upper-case escape"] = revealed(value=VALUE | {"value": "a\x1bb"}, text=swap("\\u001b", "\\u001B"), **dice)
    cases["value: delete escaped"] = revealed(value=VALUE | {"value": "a\x7fb"}, text=swap("\x7f", "\\u007f"), **dice)
    signature = "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39"
    signed = {"beacon": ROUND, "pilot": "pilot", "value": {"kind": "drand", "round": 1000, "signature": signature}}
    cases["another round"] = revealed(put("beacon", "round", 1001), **signed)
    cases["upper-case signature"] = revealed(put("beacon", "signature", signature.upper()), **signed)
    cases["both ends"] = revealed() | {"void.json": void()["void.json"]}
    cases["a result too many"] = draw() | {"result.csv": revealed()["result.csv"]}
    cases["no protocol file"] = {name: it for name, it in revealed().items() if name != "plan.toml"}
    return cases


def voids():
    cases = {f"without {key}": void(without(key)) for key in ("protocol", "announcement", "secret", "reason")}
    for name, change in {"unknown key": put("extra", 1), "another secret": put("secret", "0" * 64), "no secret": put("secret", None),
                         "a number for a reason": put("reason", 1), "another announcement": put("announcement", "0" * 64)}.items():
        cases[name] = void(change)
    cases["no reason"] = void(reason="")
    cases["form"] = void(text=lambda it: it.replace("  ", "   "))
    cases["null as text"] = void(put("secret", "null"), beacon=ROUND, pilot="pilot")
    return cases


def accepted():
    texts = {"plain": None, "compact": lambda it: json.dumps(json.loads(it)) + "\n", "escapes": swap("follow-up", "f\\u006fllow-up"),
             "tabs": lambda it: it.replace("  ", "\t"), "spaces around": lambda it: " \n" + it[:-1] + " \n \n"}
    cases = {f"open {name}": draw(text=text) for name, text in texts.items()}
    cases |= {"the first attempt": constrained("first"), "a chain": chain()}
    cases["every other order"] = draw(lambda it: dict(reversed(it.items())))
    cases["an arm for all"] = draw(shares=["1", "0"])
    cases["a large limit"] = limited(limits=[{"name": "children", "max_difference": "7/2"}])
    cases["a limit of 0"] = limited(limits=[{"name": "children", "max_difference": "0"}])
    cases["2^32 attempts"] = limited(max_attempts=2**32)
    cases["denominator 2^64 - 1"] = draw(shares=["1/18446744073709551615", "18446744073709551614/18446744073709551615"])
    cases["64 arms"] = draw(shares=[3] + [0] * 63, arms=[f"a{n}" for n in range(64)])
    cases["the result elsewhere"] = {name: it for name, it in revealed().items() if name != "result.csv"}
    cases["the list withheld"] = {name: it for name, it in revealed().items() if name not in ("leaves.csv", "result.csv")}
    cases["void before a round"] = void(secret=None, beacon=ROUND, pilot="pilot")
    cases["void after a round"] = void(beacon=ROUND, pilot="pilot")
    for name, value in {"unit separator": "4\x1f", "zero width": "\u200b4\ufeff", "controls": "a\x00\x1b\x7f\u2028b", "one": "x"}.items():
        cases[f"value {name}"] = revealed(beacon=DICE, pilot="pilot", value=VALUE | {"value": value})
    return cases


def main(folder):
    for kind, cases in (("refused", refused()), ("accepted", accepted())):
        for name, files in cases.items():
            place = folder / kind / name.replace("/", "_") / ("0002" if "../0001/leaves.csv" in files else "0001")
            for file, content in files.items():
                (place / file).parent.mkdir(parents=True, exist_ok=True)
                place.mkdir(exist_ok=True)
                (place / file).write_bytes(content)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
