"""Holds lodd1.py against the vectors of lodd/1 that it knows: fixed seats, `fixed` and `witnessed` beacons.

    python check_vectors.py ../../crates/lodd-draw/tests/vectors

Every such draw must verify, and must be refused when any one byte of a published file has changed
(of each file up to 400 bytes, spread evenly). The reason of a void is bound by the next draw only.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

import lodd1

FILES = ("announcement.json", "plan.toml", "leaves.csv", "reveal.json", "result.csv")


def refused(folder):
    try:
        lodd1.verify(folder)
    except lodd1.Refused:
        return True
    return False


def is_known(folder):
    plan = json.loads((folder / "announcement.json").read_bytes())
    return plan["beacon"]["kind"] != "drand" and "constraint" not in plan and all("seats" in it for it in plan["blocks"])


def unrefused(folder, file):
    """Places in a file whose change is not found."""
    original = (folder / file).read_bytes()
    with tempfile.TemporaryDirectory() as space:
        shutil.copytree(folder.parent, Path(space) / "draws")
        changed = Path(space) / "draws" / folder.name / file
        for at in range(0, len(original), max(1, len(original) // 400)):
            content = bytearray(original)
            content[at] ^= 1
            changed.unlink()
            changed.write_bytes(bytes(content))
            if not refused(changed.parent):
                yield at


def main(vectors):
    stream = json.loads((vectors / "chacha20.json").read_text())
    problems = [] if lodd1.chacha20(bytes.fromhex(stream["key"]), 128).hex() == stream["first_128_bytes"] else ["chacha20.json"]
    for case in json.loads((vectors / "merkle.json").read_text()):
        if case["leaves"] and lodd1.root_of([bytes([n]) for n in range(case["leaves"])]).hex() != case["root"]:
            problems.append(f"merkle.json: {case['leaves']} leaves")
    draws = [folder for folder in sorted(vectors.glob("draw/*/*")) if is_known(folder)]
    for folder in draws:
        lodd1.verify(folder)
        problems += [f"{folder / file}: byte {at} changed, not refused" for file in FILES if (folder / file).exists()
                     for at in unrefused(folder, file)]
    if problems or not draws:
        sys.exit("\n".join(problems) or f"no draws in {vectors}")
    print(f"{len(draws)} draws verified, every change of a byte refused")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
