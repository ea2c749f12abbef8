"""Holds tests/verifier/verify_draw.py against the vectors of lodd/1, and against changes of them.

    python check_vectors.py ../../crates/lodd-draw/tests/vectors

Every draw must verify, its covariates and slips too, and must be refused when one byte of a published
file has changed: every byte of the smallest draw and of a void, some 40 spread evenly over each other
file. What a draw does not bind itself, its reason for being void, is bound by the draw after it.
"""

import json
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "verifier"))

import verify_draw  # noqa: E402

FILES = ("announcement.json", "plan.toml", "leaves.csv", "reveal.json", "void.json", "result.csv")
SPREAD = 40


def check_parts(vectors):
    """The key stream, below() and the tree by themselves."""
    stream = json.loads((vectors / "chacha20.json").read_text())
    blocks = verify_draw.keystream(bytes.fromhex(stream["key"]))
    if (next(blocks) + next(blocks)).hex() != stream["first_128_bytes"]:
        yield "chacha20.json"
    for case in json.loads((vectors / "below.json").read_text()):
        if verify_draw.below(int(case["s"]), bytes.fromhex(case["key"])) != int(case["below"]):
            yield f"below.json: {case['s']}"
    for case in json.loads((vectors / "merkle.json").read_text()):
        hashes = [verify_draw.sha(bytes([0, n])) for n in range(case["leaves"])]
        if hashes and verify_draw.root_of(hashes).hex() != case["root"]:
            yield f"merkle.json: {case['leaves']} leaves"


def check_draw(folder):
    covariates = folder / "covariates.csv"
    findings, result = verify_draw.verify(folder, covariates=covariates if covariates.exists() else None)
    yield from (f"{folder}: {it}" for it in findings)
    if (folder / "reveal.json").exists() and result != (folder / "result.csv").read_bytes():
        yield f"{folder}: another result.csv"


def changes(content, every=False):
    """(place, the content with that byte changed)."""
    for at in range(0, len(content), 1 if every else max(1, len(content) // SPREAD)):
        changed = bytearray(content)
        changed[at] ^= (1, 0x20, 0x80)[at % 3]
        yield at, changed


def unrefused(folder, file, judge):
    """Places in a file whose change `judge` does not find."""
    content = (folder / file).read_bytes()
    for at, changed in changes(content, every=file == "void.json" or folder.parent.name == "one-unit"):
        (folder / file).write_bytes(changed)
        if not verify_draw.verify(judge)[0]:
            yield f"{folder.parent.name}/{folder.name}/{file}: byte {at} changed, not refused"
    (folder / file).write_bytes(content)


def check_changes(folder):
    with tempfile.TemporaryDirectory() as space:
        shutil.copytree(folder.parent, Path(space) / folder.parent.name)
        copy = Path(space) / folder.parent.name / folder.name
        after = copy.parent / f"{int(folder.name) + 1:04}"
        for file in FILES:
            if (copy / file).exists():
                yield from unrefused(copy, file, after if file == "void.json" else copy)


def check_slips(vectors):
    for path in sorted(vectors.glob("slips/*.json")):
        folder = vectors / "draw" / path.stem.rsplit("-", 1)[0] / "0001"
        yield from (f"{path}: {it}" for it in verify_draw.verify(folder, slip=path)[0])
        content = path.read_bytes()
        with tempfile.TemporaryDirectory() as space:
            for at, changed in changes(content):
                (Path(space) / path.name).write_bytes(changed)
                if not verify_draw.verify(folder, slip=Path(space) / path.name)[0]:
                    yield f"{path}: byte {at} changed, not refused"


def main(vectors):
    draws = sorted(vectors.glob("draw/*/*"))
    problems = [*check_parts(vectors), *check_slips(vectors)]
    for folder in draws:
        problems += [*check_draw(folder), *check_changes(folder)]
    if problems or len(draws) < 14:
        sys.exit("\n".join(problems) or f"{len(draws)} draws in {vectors}")
    print(f"{len(draws)} draws verified, every change of a byte refused")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
