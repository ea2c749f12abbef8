"""What the make.py of the example pilots share: ids, and csv and xlsx files with the same bytes each time."""

import csv
import hashlib
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

ALPHABET = "3456789CDFGHJKMNPQRTVWX"


def number(*words):
    """A large number that follows from the words alone: the only source of variety in made-up files."""
    return int.from_bytes(hashlib.sha256("|".join(map(str, words)).encode()).digest()[:8], "big")


def choose(options, *words):
    return options[number(*words) % len(options)]


def family_id(prefix, serial):
    """The id with this serial number, 1 to 279,840: four scattered symbols and the check symbol."""
    values = []
    rest = (serial * 104_729 + 7) % len(ALPHABET) ** 4  # the factor is prime to 23, so no two serials meet
    for _ in range(4):
        rest, value = divmod(rest, len(ALPHABET))
        values.append(value)
    symbols = "".join(ALPHABET[value] for value in values)
    check = -sum((place + 1) * value for place, value in enumerate(values, 1)) % len(ALPHABET)
    return f"{prefix}-{symbols}-{ALPHABET[check]}"


def family_ids(prefix, count):
    """The first `count` ids that hold at least one letter, as every id must."""
    ids, serial = [], 0
    while len(ids) < count:
        serial += 1
        minted = family_id(prefix, serial)
        if not minted.split("-")[1].isdigit():
            ids.append(minted)
    return ids


def write_csv(path, header, rows, delimiter=","):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(["" if cell is None else cell for cell in row] for row in rows)
    Path(path).write_text(text.getvalue(), encoding="utf-8", newline="")


def write_xlsx(path, sheets):
    """`sheets`: name -> (header, rows). Dates become date cells; no clock enters the file."""
    from openpyxl import Workbook
    book = Workbook()
    book.remove(book.active)
    book.properties.creator = "lodd"
    for name, (header, rows) in sheets.items():
        sheet = book.create_sheet(name)
        sheet.append(list(header))
        for row in rows:
            sheet.append(list(row))
            for cell in sheet[sheet.max_row]:
                if isinstance(cell.value, date):
                    cell.number_format = "dd.mm.yyyy"
        sheet.freeze_panes = "A2"
    raw = io.BytesIO()
    book.save(raw)
    Path(path).write_bytes(without_clock(raw.getvalue()))


def without_clock(workbook):
    """The same workbook with every time stamp at the start of zip's calendar."""
    epoch, out = datetime(1980, 1, 1), io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "docProps/core.xml":
                for tag in (b"created", b"modified"):
                    head, _, rest = content.partition(b"<dcterms:" + tag)
                    inner = rest.partition(b">")
                    tail = inner[2].partition(b"<")[2]
                    content = head + b"<dcterms:" + tag + inner[0] + b">" + epoch.isoformat().encode() + b"Z<" + tail
            entry = zipfile.ZipInfo(name, date_time=epoch.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            new.writestr(entry, content)
    return out.getvalue()
