"""The example pilot `kast` with many more families: report.py DIR FAMILIES, then `lodd demo OUT --from DIR`.

Standard library alone.
"""

import importlib.util
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def main(to, count):
    pilot = to / "kast"
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(ROOT / "data/kast", pilot)
    spec = importlib.util.spec_from_file_location("make", ROOT / "data/kast/make.py")
    make = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    spec.loader.exec_module(make)
    make.HERE = pilot
    few = make.family_ids
    make.family_ids = lambda prefix, _: few(prefix, count)
    make.main()
    protocol = (pilot / "pilot.toml").read_text(encoding="utf-8")
    assert "seats = [4]" in protocol
    (pilot / "pilot.toml").write_text(protocol.replace("seats = [4]", f"seats = [{count // 3}]"), encoding="utf-8")
    lines = (pilot / "demo.txt").read_text(encoding="utf-8").splitlines()
    (pilot / "demo.txt").write_text("".join(f"{it}\n" for it in lines if not it.endswith("lodd report")), encoding="utf-8")
    (to / "demo.toml").write_text("[[pilot]]\nfolder = \"kast\"\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
