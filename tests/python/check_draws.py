"""Holds tests/verifier/verify_draw.py against the draws that random_draws.py wrote.

    python check_draws.py DIR           # every draw verifies, with its covariates and its slip
    python check_draws.py DIR change    # changes a byte of each draw, which must then be refused
    python check_draws.py DIR hostile   # of hostile_draws.py: DIR/refused is refused, DIR/accepted is not

After a change the draws are printed that hold it: of a void draw it is the one after, if any, that
shows another reason, so such a void is changed elsewhere.
"""

import random
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "verifier"))
import verify_draw  # noqa: E402

PUBLIC = ("announcement.json", "plan.toml", "leaves.csv", "reveal.json", "void.json", "result.csv")


def judged(folder):
    """Findings of a draw, as its holder would look for them: with covariates and slip."""
    covariates, slip = folder / "covariates.csv", folder.parent / f"slip-{folder.name}.json"
    revealed = (folder / "reveal.json").exists()
    findings, result = verify_draw.verify(
        folder, covariates=covariates if revealed and covariates.exists() else None,
        slip=slip if slip.exists() else None)
    published = folder / "result.csv"
    if revealed and not findings and published.exists() and result != published.read_bytes():
        findings.append("another result.csv")
    return findings


def change(folder, dice):
    """Another byte at one place of one public file; the reason of a void is left as it is."""
    path = dice.choice([folder / name for name in PUBLIC if (folder / name).exists()])
    content = bytearray(path.read_bytes())
    places = [at for at in range(len(content)) if path.name != "void.json" or at < 100]
    at = dice.choice(places)
    content[at] = dice.choice([byte for byte in range(256) if byte != content[at]])
    path.write_bytes(content)
    return path, at


def check_hostile(folder):
    for case in sorted(folder.glob("*/*")):
        draw = max(case.iterdir())
        findings = judged(draw)
        if bool(findings) != (case.parent.name == "refused"):
            yield f"{draw}: {findings}"


def main(folder, mode):
    changed = mode == "change"
    if mode == "hostile":
        sys.exit("\n".join(check_hostile(folder)) or 0)
    draws, problems = sorted(it for it in folder.glob("*/*") if it.is_dir()), []
    for draw in draws:
        if changed:
            path, at = change(draw, random.Random(str(draw.relative_to(folder))))
            if not verify_draw.verify(draw)[0]:
                problems.append(f"{path}: byte {at} changed, not refused")
            print(draw.relative_to(folder))
        else:
            problems += [f"{draw}: {it}" for it in judged(draw)]
    if problems or not draws:
        sys.exit("\n".join(problems) or f"no draws in {folder}")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), "".join(sys.argv[2:]))
