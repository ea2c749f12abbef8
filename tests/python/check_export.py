"""Reads an export of `lodd export` with other programs, and holds it against the Parquet files of out/.

    python check_export.py PILOT LANG [FOLDER]

csv by Python's own reader; datapackage.json by frictionless; the do-files by `stata.py`, whose data go through
pyreadstat to a .dta file and back; the SPSS syntax by PSPP, whose .sav files pyreadstat reads; the R scripts by R,
which compares with PSPP's files (haven) and writes .sav files of its own. Values must be those of the Parquet files as
pyarrow reads them, labels of values those of pilot.toml, the data model's words and codes.csv.
"""

import csv
import datetime
import json
import math
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

import pandas
import pyarrow
import pyarrow.parquet
import pyreadstat
from frictionless import Package

from stata import Stata

# Words of the data model (section 3 and 4), by list, code and language.
WORDS = {
    ("source", "VEILEDER"): ("Veileder", "Rettleiar", "Caseworker"),
    ("source", "REGISTER"): ("Register", "Register", "Register"),
    ("unit_kind", "VOKSEN"): ("Voksen", "Vaksen", "Adult"),
    ("values.ARBEID", "HELTID"): ("Arbeid, heltid", "Arbeid, heiltid", "Full-time work"),
    ("values.BOLIG", "LEID_KOMM"): ("Leid kommunal bolig", "Leigd kommunal bustad", "Municipal rental"),
    ("values.INNTEKT", "LONN"): ("Arbeidsinntekt (lønn)", "Arbeidsinntekt (løn)", "Wages"),
}
LANGS = ["nb", "nn", "en"]
R_SCRIPT = Path(__file__).with_name("check_export.R")


def parquet(pilot, name):
    """A table's rows as Python has them, draw by draw where there is one file a draw."""
    one = pilot / "out" / f"{name}.parquet"
    files = [one] if one.exists() else sorted((pilot / "out").glob(f"draw-*/{name}.parquet"))
    tables = [pyarrow.parquet.read_table(file) for file in files]
    return [row for table in tables for row in table.to_pylist()], tables[0].schema


def taken_back(cell):
    """The text that a cell stands for, as the README of an export says."""
    cell = cell.removeprefix("'")
    pairs = {"\\\\": "\\", "\\n": "\n", "\\r": "\r", "\\t": "\t"}
    return re.sub(r"\\[\\nrt]", lambda it: pairs[it.group()], cell)


def typed(cell, kind):
    if cell == "":
        return None
    if pyarrow.types.is_boolean(kind):
        return {"1": True, "0": False}[cell]
    if pyarrow.types.is_integer(kind):
        return int(cell)
    if pyarrow.types.is_floating(kind):
        return float(cell)
    if pyarrow.types.is_date(kind):
        return datetime.date.fromisoformat(cell)
    if pyarrow.types.is_timestamp(kind):
        return datetime.datetime.fromisoformat(cell)
    return taken_back(cell)


def as_number(text):
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def check_csv(folder, name, rows, schema):
    data = (folder / f"{name}.csv").read_bytes()
    assert data.count(b"\r\n") == data.count(b"\n") == len(rows) + 1, f"{name}: a row runs over lines"
    found = list(csv.reader(data.decode("utf-8").splitlines(), strict=True))
    assert found[0] == [field.name for field in schema], name
    for line, (cells, row) in enumerate(zip(found[1:], rows, strict=True), 2):
        for cell, field in zip(cells, schema, strict=True):
            if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not (cell[0] == "-" and as_number(cell)):
                sys.exit(f"{name}.csv:{line}: {field.name} begins a formula: {cell}")
            expected = row[field.name] if row[field.name] != "" else None
            if typed(cell, field.type) != expected:
                sys.exit(f"{name}.csv:{line}: {field.name}: expected {expected!r}, found {cell!r}")


def expected_labels(pilot, folder, lang):
    """Labels by list and code, from codes.csv; that file itself held against pilot.toml and the data model."""
    with open(folder / "codes.csv", encoding="utf-8", newline="") as file:
        codes = {}
        for row in csv.DictReader(file):
            codes.setdefault(row["list"], {})[taken_back(row["code"])] = row
    flat = lambda text: " ".join(text.split())  # noqa: E731
    own = tomllib.loads((pilot / "pilot.toml").read_text(encoding="utf-8"))
    draw = own["draw"]
    arms = draw["arms"] if "arms" in draw else draw["arm"]
    for arm in arms:
        if isinstance(arm, dict):
            for it in ("nb", "en"):
                assert taken_back(codes["arm"][arm["label"]][f"label_{it}"]) == arm[f"name_{it}"], arm
    for office in own["office"]:
        assert taken_back(codes["office"][office["id"]]["label_nb"]) == office["name"]
    for (listed, code), words in WORDS.items():
        assert [codes[listed][code][f"label_{it}"] for it in LANGS] == list(words), (listed, code)
    return {listed: {code: flat(taken_back(row[f"label_{lang}"])) for code, row in rows.items()}
            for listed, rows in codes.items()}


def fields_of(package, name):
    resource = next(it for it in package["resources"] if it["name"] == name)
    return {it["name"]: it for it in resource["schema"]["fields"]}


def instant(value, digits=6):
    """A time without its zone, to so many digits of a second."""
    if value is None or value is pandas.NaT:
        return None
    value = pandas.Timestamp(value).tz_localize(None) if pandas.Timestamp(value).tzinfo else pandas.Timestamp(value)
    return round((value - pandas.Timestamp(0)) / pandas.Timedelta(seconds=1), digits)


def same(found, expected, kind, labels, digits):
    """Whether a program's value is the one of the Parquet file; a code with labels is compared by its label."""
    missing = found is None or found == "" or found is pandas.NaT or (isinstance(found, float) and math.isnan(found))
    if expected is None or expected == "":
        return missing
    if missing:
        return False
    if pyarrow.types.is_timestamp(kind):
        return abs(instant(found) - instant(expected)) < 10 ** -digits
    if pyarrow.types.is_date(kind):
        return pandas.Timestamp(found).date() == expected
    if pyarrow.types.is_boolean(kind) or pyarrow.types.is_integer(kind) or pyarrow.types.is_floating(kind):
        return float(found) == float(expected)
    if labels is not None:
        return found == labels[expected]
    return found == expected


def compare(what, name, frame, rows, schema, digits, labels=None):
    assert list(frame.columns) == [field.name for field in schema], f"{what} {name}: {list(frame.columns)}"
    assert len(frame) == len(rows), f"{what} {name}: {len(frame)} rows of {len(rows)}"
    for field in schema:
        told = (labels or {}).get(field.name)
        for at, (found, row) in enumerate(zip(frame[field.name].tolist(), rows)):
            expected = row[field.name]
            # A .sav file has texts of one width, padded: spaces at the end say nothing in SPSS.
            if what != "stata" and isinstance(expected, str):
                expected, found = expected.rstrip(" "), found.rstrip(" ")
            if not same(found, expected, field.type, told, digits):
                sys.exit(f"{what} {name} row {at + 1}: {field.name}: expected {row[field.name]!r}, found {found!r}")


def check_labels(what, name, found, fields):
    for column, label in found.items():
        assert label == fields[column]["title"], f"{what} {name}.{column}: {label!r}"
    assert set(found) == set(fields), f"{what} {name}"


def check_stata(folder, name, rows, schema, fields, space):
    ran = Stata(folder).run(f"{name}.do")
    frame = pandas.DataFrame([[row[it] for it in ran.names] for row in ran.rows], columns=ran.names)
    for column in ran.names:
        if ran.kinds[column] in ("number", "byte"):
            frame[column] = pandas.to_numeric(frame[column]).astype("float64")
    path = space / f"{name}.dta"
    pyreadstat.write_dta(frame, str(path), version=14, file_label=ran.data_label,
                         column_labels=[ran.labels.get(it, "") for it in ran.names], variable_value_labels=ran.values)
    read, meta = pyreadstat.read_dta(str(path))
    check_labels("stata", name, meta.column_names_to_labels, fields)
    told = {}
    for column, values in meta.variable_value_labels.items():
        coded = {taken_back(it["value"]): it["label"] for it in fields[column].get("categories", [])}
        if coded:
            assert list(values.values()) == list(coded.values()), f"stata {name}.{column}"
            numbers = {code: at for at, code in enumerate(coded, 1)}
            assert [ran.lists[f"{column}_code"][at] for at in numbers.values()] == list(coded), f"stata {name}.{column}"
            told[column] = numbers
    compare("stata", name, read, rows, schema, 2, told)


def check_sav(what, path, name, rows, schema, fields):
    """Values and labels of variables; of PSPP's files labels of values too (R holds its own against those)."""
    read, meta = pyreadstat.read_sav(str(path))
    check_labels(what, name, meta.column_names_to_labels, fields)
    for column, field in fields.items():
        if what == "pspp" and "categories" in field:
            expected = {taken_back(it["value"]): shortened(it["label"]) for it in field["categories"]}
            found = {value.rstrip(" "): told for value, told in meta.variable_value_labels[column].items()}
            assert found == expected, f"{what} {name}.{column}: {found}"
    compare(what, name, read, rows, schema, 5)


def shortened(label):
    return label.encode()[:120].decode(errors="ignore")


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, check=False,
                          env=os.environ | {"LC_ALL": "C.UTF-8", "LANGUAGE": "en"})
    said = done.stdout + done.stderr
    if done.returncode or re.search(r"\b(error|warning)\b", said, re.IGNORECASE):
        sys.exit(f"{command}: {said[:3000]}")


def main(pilot, lang, folder):
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    report = Package(str(folder / "datapackage.json")).validate()
    if not report.valid:
        sys.exit(json.dumps(report.flatten(["title", "message", "note"])[:10], indent=1))
    labels = expected_labels(pilot, folder, lang)
    names = [it["name"] for it in package["resources"] if it["name"] != "codes"]
    there = {it.stem for it in (pilot / "out").rglob("*.parquet")}
    assert set(names) == there, f"{sorted(there - set(names))} are not exported"
    tables = {name: parquet(pilot, name) for name in names}
    listed = {}
    for name, (rows, schema) in tables.items():
        fields = fields_of(package, name)
        check_csv(folder, name, rows, schema)
        for column, field in fields.items():
            if "categories" in field:
                expected = labels[field["codeList"]]
                found = {taken_back(it["value"]): it["label"] for it in field["categories"]}
                assert found == expected, f"{name}.{column}: {found}"
                listed[field["codeList"]] = listed.get(field["codeList"], 0) + 1
    assert listed["source"] >= 5 and listed["arm"] >= 5, listed
    with tempfile.TemporaryDirectory() as made:
        space = Path(made)
        for name, (rows, schema) in tables.items():
            check_stata(folder, name, rows, schema, fields_of(package, name), space)
        syntax = space / "all.sps"
        syntax.write_text("".join(
            f'INSERT FILE="{name}.sps".\nSAVE OUTFILE="{space}/{name}.sav".\n' for name in names), encoding="utf-8")
        run(["pspp", "--output=" + str(space / "said.txt"), str(syntax)], folder)
        said = (space / "said.txt").read_text() if (space / "said.txt").exists() else ""
        assert not re.search(r"\b(error|warning)\b", said), said[:2000]
        run(["Rscript", "--vanilla", str(R_SCRIPT), str(space), *names], folder)
        for name, (rows, schema) in tables.items():
            fields = fields_of(package, name)
            check_sav("pspp", space / f"{name}.sav", name, rows, schema, fields)
            check_sav("r", space / f"{name}.r.sav", name, rows, schema, fields)
    cells = sum(len(rows) * len(schema) for rows, schema in tables.values())
    print(f"{len(names)} tables, {cells} cells: csv, Stata, SPSS and R as in the Parquet files")


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), sys.argv[2], Path(sys.argv[3]) if len(sys.argv) == 4 else Path(sys.argv[1]) / "out/export")
