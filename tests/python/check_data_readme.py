"""Checks that data/README.md lists every file under data/ with its SHA-256, and no other.

    python check_data_readme.py [--write]      # --write puts the table right
"""

import hashlib
import re
import subprocess
import sys
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent.parent / "data"
ROW = re.compile(r"^\| `([^`]+)` \| `([0-9a-f]{64})` \|$", re.MULTILINE)
START, END = "<!-- files -->\n", "<!-- end of files -->\n"


def files():
    """Path below data/ -> SHA-256, of what git tracks or would track."""
    listed = subprocess.run(["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", "."], cwd=DATA,
                            check=True, capture_output=True).stdout.decode()
    names = sorted({name for name in listed.split("\0") if name and name != "README.md" and (DATA / name).exists()})
    return {name: hashlib.sha256((DATA / name).read_bytes()).hexdigest() for name in names}


def main(write):
    readme, expected = DATA / "README.md", files()
    text = readme.read_text(encoding="utf-8")
    if write:
        rows = "".join(f"| `{name}` | `{digest}` |\n" for name, digest in expected.items())
        head, tail = text.split(START)[0], text.split(END)[1]
        readme.write_text(f"{head}{START}| file | SHA-256 |\n| --- | --- |\n{rows}{END}{tail}", encoding="utf-8")
        return
    found = dict(ROW.findall(text))
    problems = [f"{name}: not listed in data/README.md" for name in expected if name not in found]
    problems += [f"{name}: listed in data/README.md, but there is no such file" for name in found if name not in expected]
    problems += [f"{name}: SHA-256 is {expected[name]}, data/README.md says {digest}"
                 for name, digest in found.items() if expected.get(name, digest) != digest]
    if problems:
        sys.exit("\n".join(problems))
    print(f"{len(found)} files as listed")


if __name__ == "__main__":
    main("--write" in sys.argv[1:])
