"""The offices' forms with openpyxl, which shares no code with lodd.

check FORM LANG CLOCK       sheets, headers, locks, drop-downs and checks; no formula, no person's name
families FORM PILOT         the form's rows against the pilot's draw and the dates of its protocol
fill FORM OUT               answers every row, by a rule that follows from the row's id alone
spoil FORM OUT              the same, with a mistake in the rows of two families
mend CORRECTION OUT         looks at what is marked, and puts the right answers there
panel FORM PANEL            the panel at 12 months against what `fill` answered
"""
import csv
import json
import sys
import zipfile
from datetime import date, datetime, timedelta
from pathlib import Path

from openpyxl import load_workbook

STATUS = ["Familier", "Voksne", "Barn", "Familiemedlemmer", "Flytting", "Samtykke", "Koder"]
GUIDE = {"nb": "Veiledning", "nn": "Rettleiing"}
IDS = {"Familier": "familie_id", "Voksne": "voksen_id", "Barn": "barn_id"}
LOCKED = {"familie_id", "voksen_id", "barn_id", "medlem_id", "hvem", "malepunkt", "vindu_fra", "vindu_til"}
TARGET = date(2016, 8, 31)  # twelve months after the draw of 31 August 2015


def rows(sheet):
    """Each row below the headers as {header: cell}."""
    headers = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        if row[0].value is not None or (headers[0] == "Feil" and row[1].value is not None):
            yield dict(zip(headers, row))


def codes(book):
    """The lists of `Koder`: {list: [(code, label)]}, and the label of each of its cells."""
    lists, labels = {}, {}
    for number, row in enumerate(book["Koder"].iter_rows(min_row=2, values_only=True), 2):
        lists.setdefault(row[0], []).append((row[1], row[2]))
        labels[number] = row[2]
    return lists, labels


def check(path, lang, clock):
    book = load_workbook(path)
    assert book.sheetnames == [GUIDE[lang], *STATUS], book.sheetnames
    assert all(sheet.sheet_state == "visible" for sheet in book)
    for sheet in book:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row), sheet.title
            assert all(cell.comment is None for cell in row), sheet.title
        assert not sheet.merged_cells.ranges, sheet.title
    said = book.properties
    assert {said.creator, said.lastModifiedBy} <= {"lodd", None}, vars(said)
    assert said.created == datetime.fromisoformat(clock), said.created
    names = zipfile.ZipFile(path).namelist()
    assert not [it for it in names if "vba" in it.lower() or "external" in it.lower()], names
    lists, labels = codes(book)
    for name in STATUS[:-1]:
        check_sheet(book[name], labels)
    guide = {row[0]: row[1] for row in book[GUIDE[lang]].iter_rows(max_col=2, values_only=True) if row[0]}
    assert guide["malversjon"] == "1" and guide["kontor"] == "ringerike", guide
    words = " ".join(str(text) for text in guide.values())
    assert ("fødselsnummer" in words) and ("ikkje" in words) == (lang == "nn"), words
    heltid = dict(lists["ARBEID"])["HELTID"]
    assert heltid == {"nb": "Arbeid, heltid", "nn": "Arbeid, heiltid"}[lang], heltid
    assert not any("follow-up" in str(cell.value) or "Oppfølging" == cell.value
                   for name in STATUS for row in book[name].iter_rows() for cell in row)


def check_sheet(sheet, labels):
    assert sheet.protection.sheet and not sheet.protection.password, sheet.title
    assert not sheet.protection.autoFilter and not sheet.protection.insertRows  # False: not forbidden
    assert sheet.freeze_panes == "B2", (sheet.title, sheet.freeze_panes)
    assert sheet.print_title_rows in ("1:1", "$1:$1"), sheet.print_title_rows
    assert all(cell.protection.locked for cell in sheet[1]), sheet.title
    headers = {cell.value: cell.column_letter for cell in sheet[1]}
    spans = [(it.min, it.max, it.protection.locked) for it in sheet.column_dimensions.values()]
    for column in range(1, len(headers) + 1):  # a row that is added below is open
        assert [locked for low, high, locked in spans if low <= column <= high] == [False], (sheet.title, column)
    for row in rows(sheet):
        for header, cell in row.items():
            locked = header in LOCKED and cell.value is not None and sheet.title in IDS
            if sheet.title in IDS:
                open_ = not cell.protection.locked or not cell.has_style
                assert locked == (not open_), (sheet.title, cell.coordinate)
    checks = {}
    for it in sheet.data_validations.dataValidation:
        for part in str(it.sqref).split():
            checks["".join(c for c in part.split(":")[0] if c.isalpha())] = it
    for header, column in headers.items():
        it = checks.get(column)
        if header in ("statusdato", "dato", "fra_dato", "til_dato", "trukket"):
            assert it.type == "date" and it.errorStyle in (None, "stop") and "dd.mm.åååå" in it.error, header
        elif header == "STILLINGSPROSENT":
            assert it.type == "custom" and "100" in it.formula1 and it.error, it.formula1
        elif header in ("ROM", "PERSONER", "KVM"):
            assert it.type == "custom" and it.error, it.formula1
        elif header.isupper() or header in ("registrering", "kilde", "anledning", "arsak", "svar", "type"):
            assert it.type == "list" and it.formula1.startswith("Koder!"), header
            first, last = (int(part.split("$")[-1]) for part in it.formula1.split(":"))
            shown = [labels[row] for row in range(first, last + 1)]
            assert all(shown) and len(set(shown)) == len(shown), shown
            several = header in ("TILLEGG", "FRITID")
            assert bool(it.showErrorMessage) != several, header


def families(path, pilot):
    """Every family of the draw, whatever its arm, in the order of the ids, with its own windows."""
    with open(Path(pilot) / "draw/private.csv", encoding="utf-8") as file:
        drawn = {row["id"]: row["leaf"] for row in csv.DictReader(file)}
    with open(Path(pilot) / "draw/0001/result.csv", encoding="utf-8") as file:
        arms = {row["leaf"]: row["arm"] for row in csv.DictReader(file)}
    assert len(set(arms.values())) == 2
    book = load_workbook(path)
    window = (TARGET - timedelta(days=45), TARGET + timedelta(days=45))
    told = set()
    for name, header in IDS.items():
        ids = [row[header].value for row in rows(book[name])]
        assert ids == sorted(ids), name
        for row in rows(book[name]):
            if row["malepunkt"].value.startswith("12 m"):
                found = (row["vindu_fra"].value.date(), row["vindu_til"].value.date())
                assert found == window, (row[header].value, found)
                told.add(row[header].value)
    assert {it for it in told if it.count("-") == 2} == set(drawn), "families"
    members = {row["Medlem ID"].value for row in rows(load_workbook(Path(pilot) / "roster.xlsx")["Medlemmer"])
               if row["Familie ID"].value in drawn and row["Rolle"].value != "ANNEN_VOKSEN"}
    assert {it for it in told if it.count("-") == 3} == members, "members"
    by_arm = {}
    for family, leaf in drawn.items():
        by_arm.setdefault(arms[leaf], []).append(family in told)
    print(json.dumps({arm: len(it) for arm, it in by_arm.items()}))


def answer(unit, variable, lists):
    """(code, what is typed): from the id's letters, so that every answer is used by somebody."""
    seed = sum(ord(c) * place for place, c in enumerate(unit + variable, 1))
    if variable == "STILLINGSPROSENT":
        return (str(seed % 100 + 1), seed % 100 + 1)
    choices = [it for it in lists[variable] if it[0] != "#SLETT"]
    if variable in ("TILLEGG", "FRITID"):
        options = [it for it in choices if it[0] not in ("INGEN", "UKJENT", "IKKE_SPURT", "VIL_IKKE_SVARE", "IKKE_AKTUELT")]
        named = [it for place, it in enumerate(options) if seed >> place & 1]
        return ({it[0] for it in named}, ", ".join(it[1] for it in named) or "Ingen")
    return choices[seed % len(choices)]


def fill(path, out):
    book = load_workbook(path)
    write(book)
    book.save(out)


def write(book):
    lists, _ = codes(book)
    for name, header in IDS.items():
        for row in rows(book[name]):
            if not row["malepunkt"].value.startswith("12 m"):
                continue
            unit = row[header].value
            row["statusdato"].value = datetime(2016, 9, 5)
            row["statusdato"].number_format = "dd.mm.yyyy"
            for variable, cell in row.items():
                if variable.isupper():
                    cell.value = answer(unit, variable, lists)[1]


def spoil(path, out):
    book = load_workbook(path)
    write(book)
    adults = [row for row in rows(book["Voksne"]) if row["malepunkt"].value.startswith("12 m")]
    family = adults[0]["voksen_id"].value[:10]
    adults[0]["ARBEID"].value = "pensjonist i utlandet"
    other = next(row for row in adults if not row["voksen_id"].value.startswith(family))
    other["INNTEKT"].value = "=1+1"
    other["INNTEKT"].data_type = "s"
    other["statusdato"].value = "31.02.2016"
    book.save(out)


def mend(path, out):
    book = load_workbook(path)
    assert book.sheetnames[0] == "Veiledning" and "Koder" in book.sheetnames, book.sheetnames
    lists, _ = codes(book)
    marked = []
    for name, header in IDS.items():
        assert book[name]["A1"].value == "Feil"
        for row in rows(book[name]):
            for title, cell in row.items():
                assert cell.data_type != "f", cell.coordinate
                if cell.comment:
                    assert cell.comment.author == "lodd" and title in row["Feil"].value, row["Feil"].value
                    assert cell.fill.fgColor.rgb.endswith("FFD9B3"), cell.fill.fgColor.rgb
                    assert not cell.protection.locked
                    marked.append((row[header].value, title, cell.comment.text))
                    if title == "statusdato":
                        cell.value = datetime(2016, 9, 5)
                        cell.number_format = "dd.mm.yyyy"
                    else:
                        cell.value = answer(row[header].value, title, lists)[1]
    assert sorted(title for _, title, _ in marked) == ["ARBEID", "INNTEKT", "statusdato"], marked
    held = {row[header].value[:10] for name, header in IDS.items() for row in rows(book[name])}
    assert held == {unit[:10] for unit, _, _ in marked} and len(held) == 2, held
    book.save(out)


def panel(path, parquet):
    import polars
    book = load_workbook(path)
    lists, _ = codes(book)
    table = polars.read_parquet(parquet).filter(
        (polars.col("horizon") == "12") & (polars.col("rule") == "primary") & (polars.col("source") == "VEILEDER"))
    found = {(row["unit_id"], row["variable"]): row for row in table.iter_rows(named=True)}
    missing = {"UKJENT", "IKKE_SPURT", "VIL_IKKE_SVARE", "IKKE_AKTUELT"}
    seen = 0
    for name, header in IDS.items():
        for row in rows(book[name]):
            if not row["malepunkt"].value.startswith("12 m"):
                continue
            unit = row[header].value
            for variable in (it for it in row if it.isupper()):
                code, _ = answer(unit, variable, lists)
                expected = {variable: code}
                if isinstance(code, set):
                    options = [it[0] for it in lists[variable] if it[0] not in missing | {"INGEN", "#SLETT"}]
                    expected = {f"{variable}_{it}": "J" if it in code else "N" for it in options}
                for stored, value in expected.items():
                    it = found[(unit, stored)]
                    assert it["value"] == (None if value in missing else value), (unit, stored, value, it)
                    # Where nothing was answered, the date is that of the nearest answer there is.
                    assert value in missing or it["status_date"] == date(2016, 9, 5), it
                    seen += 1
    print(json.dumps({"values": seen}))


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
