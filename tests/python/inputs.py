"""A pilot's input files as plain Python values: protocol, script, roster, snapshots, monthly assistance.

It reads what a user would have handed in, never the program's store, and expects files without
mistakes: what it does not understand it refuses.
"""

import csv
import shlex
import tomllib
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

OSLO = ZoneInfo("Europe/Oslo")
UNITS = {"familie_id": "FAMILIE", "voksen_id": "VOKSEN", "barn_id": "BARN"}
HEAD = {"statusdato", "kilde", "register", "anledning", "registrering", "arsak_til_retting"}
MISSING = {"UKJENT", "IKKE_SPURT", "VIL_IKKE_SVARE", "IKKE_AKTUELT"}
OPTIONS = {
    "TILLEGG": ["SOSIALHJELP_SUPPL", "BOSTOTTE_HUSBANK", "BOSTOTTE_KOMM", "BARNETRYGD", "UTVIDET_BT", "KONTANTSTOTTE", "BIDRAG"],
    "FRITID": ["IDRETT", "KULTUR", "ANNET"],
}


@dataclass
class Version:
    """One report of a unit on a date: `values` maps a variable to a value or a missing code."""

    recorded: datetime
    status: str
    occasion: str
    values: dict


@dataclass
class Pilot:
    """Everything that was handed in, in the order of the script."""

    folder: Path
    protocol: dict
    script: list  # (time, words)
    offices: dict = field(default_factory=dict)  # family -> office
    members: dict = field(default_factory=dict)  # member -> (family, role, birth year)
    keys: dict = field(default_factory=dict)  # member -> keyed id
    homes: dict = field(default_factory=dict)  # family -> a family that it lives with
    facts: list = field(default_factory=list)  # (family, criterion, observed, value)
    roster_months: dict = field(default_factory=dict)  # (family, month) -> (grant, loan)
    snapshots: dict = field(default_factory=dict)  # (kind, unit, date, source, register) -> [Version]
    monthly: dict = field(default_factory=dict)  # (family, month, register) -> (grant, loan)

    def family_of(self, unit):
        return self.members[unit][0] if unit in self.members else unit

    def time_of(self, *words):
        """When the script runs the command that starts with these words, or None."""
        return next((at for at, command in self.script if command[1:1 + len(words)] == list(words)), None)


def normal(header):
    header = str(header).strip().lower().replace("æ", "ae").replace("ø", "o").replace("å", "a")
    return header.replace(" ", "_")


def text(cell):
    if cell is None:
        return ""
    return f"{int(cell)}" if isinstance(cell, float) and cell.is_integer() else str(cell).strip()


def day(cell):
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    cell = cell.strip()
    return datetime.strptime(cell, "%d.%m.%Y").date() if "." in cell else date.fromisoformat(cell[:10])


def month_number(cell):
    """Year * 12 + month - 1 of `YYYY-MM` or a date."""
    if isinstance(cell, date):
        return cell.year * 12 + cell.month - 1
    return int(cell[:4]) * 12 + int(cell[5:7]) - 1


def sheets(path):
    """Each sheet as (headers, rows of cells); a csv file is one sheet."""
    if path.suffix == ".csv":
        content = path.read_text(encoding="utf-8-sig")
        first = content.split("\n", 1)[0]
        rows = list(csv.reader(content.splitlines(), delimiter=max(";,\t", key=first.count)))
        return [([normal(cell) for cell in rows[0]], rows[1:])]
    from openpyxl import load_workbook
    book = load_workbook(path)
    grids = [[[cell.value for cell in row] for row in sheet.iter_rows()] for sheet in book.worksheets]
    return [([normal(cell) for cell in grid[0]], grid[1:]) for grid in grids if len(grid) > 1]


def records(path):
    for headers, rows in sheets(path):
        for row in rows:
            if any(text(cell) for cell in row):
                yield dict(zip(headers, row))


def read_script(path):
    script = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            at, command = line.split(" ", 1)
            script.append((datetime.fromisoformat(at.replace("Z", "+00:00")), shlex.split(command)))
    return script


def read(folder):
    """The pilot of a folder, from its pilot.toml, demo.txt and the files that demo.txt names."""
    folder = Path(folder)
    protocol = tomllib.loads((folder / "pilot.toml").read_text(encoding="utf-8"))
    pilot = Pilot(folder, protocol, read_script(folder / "demo.txt"))
    seen = set()
    for at, words in pilot.script:
        if words[1:3] == ["roster", "import"]:
            for name in words[3:]:
                read_roster(pilot, folder / name)
        elif words[1] == "upload":
            office = words[words.index("--office") + 1]
            content = (folder / words[2]).read_bytes()
            if (office, content) not in seen:  # the same file again changes nothing
                read_upload(pilot, folder / words[2], at)
            seen.add((office, content))
    return pilot


def read_roster(pilot, path):
    for row in records(path):
        if "medlem_id" in row:
            pilot.members[row["medlem_id"]] = (row["familie_id"], row["rolle"], int(text(row["fodselsar"])))
            if text(row.get("person_key")):
                pilot.keys[row["medlem_id"]] = text(row["person_key"])
        elif "kriterium" in row:
            pilot.facts.append((row["familie_id"], row["kriterium"], day(row["observert"]), text(row["verdi"])))
        elif "maned" in row:
            pilot.roster_months[row["familie_id"], month_number(row["maned"])] = amounts(row)
            pilot.monthly[row["familie_id"], month_number(row["maned"]), text(row.get("register"))] = amounts(row)
        elif "kontor" in row:
            pilot.offices[row["familie_id"]] = row["kontor"]
            if text(row.get("bor_sammen_med")):
                pilot.homes[row["familie_id"]] = text(row["bor_sammen_med"])
        else:
            raise SystemExit(f"{path}: a sheet with {list(row)} is not part of a roster")


def amounts(row):
    return tuple(int(text(row[name])) if text(row[name]) else None for name in ("stonad", "lan"))


def read_upload(pilot, path, at):
    for row in records(path):
        if "maned" in row:
            pilot.monthly[row["familie_id"], month_number(row["maned"]), text(row.get("register"))] = amounts(row)
            continue
        name = next(name for name in UNITS if name in row)
        key = (UNITS[name], row[name], day(row["statusdato"]), text(row.get("kilde")) or "VEILEDER", text(row.get("register")))
        report(pilot.snapshots.setdefault(key, []), row, name, at)


def report(versions, row, unit, at):
    """Adds a version; a correction inherits what its row leaves empty."""
    values = dict(versions[-1].values) if versions else {}
    for header, cell in row.items():
        if header != unit and header not in HEAD and text(cell):
            values |= answer(header.upper(), text(cell))
    version = Version(at, text(row.get("registrering")) or "OBSERVERT", text(row.get("anledning")) or "PLANLAGT", values)
    last = versions[-1] if versions else None
    if last is None or (last.status, last.occasion, last.values) != (version.status, version.occasion, version.values):
        versions.append(version)


def answer(variable, cell):
    """The variables that one cell sets: several-answer questions are one J/N variable an option."""
    if variable not in OPTIONS:
        return {variable: cell}
    if cell in MISSING:
        return {f"{variable}_{option}": cell for option in OPTIONS[variable]}
    chosen = {option.strip() for option in cell.split(",")} - {"INGEN"}
    unknown = chosen - set(OPTIONS[variable])
    if unknown:
        raise SystemExit(f"{variable}: {unknown} are no options")
    return {f"{variable}_{option}": "J" if option in chosen else "N" for option in OPTIONS[variable]}


def add_months(start, months):
    """Calendar months later, clamped to the month's last day."""
    number = start.year * 12 + start.month - 1 + months
    first_of_next = date((number + 1) // 12, (number + 1) % 12 + 1, 1)
    last = (first_of_next - timedelta(days=1)).day
    return date(number // 12, number % 12 + 1, min(start.day, last))
