"""Another spreadsheet opens the report's workbooks and finds what is in them: check_office.py OUT_FOLDER…

LibreOffice reads each workbook and writes it again; the values of every cell are the same.
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl


def values(path):
    book = openpyxl.load_workbook(path)
    cells = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for it in row:
                if it.value not in (None, ""):
                    cells[sheet.title, it.coordinate] = it.value
                assert it.data_type != "f", it.coordinate
    return [it.title for it in book.worksheets], cells


def main():
    books = [Path(out) / f"report.{lang}.xlsx" for out in sys.argv[1:] for lang in ("nb", "nn", "en")]
    with tempfile.TemporaryDirectory() as folder:
        for book in books:
            to = Path(folder) / book.parent.parent.name
            to.mkdir(exist_ok=True)
            command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx", "--outdir", to, book]
            ran = subprocess.run(command, capture_output=True, text=True, timeout=180)
            assert ran.returncode == 0 and (to / book.name).exists(), ran.stdout + ran.stderr
            (ours, before), (theirs, after) = values(book), values(to / book.name)
            assert ours == theirs
            assert before.keys() == after.keys(), sorted(before.keys() ^ after.keys())[:5]
            for at, value in before.items():
                same = after[at] == value or isinstance(value, float) and abs(after[at] - value) <= 1e-14 * abs(value)
                assert same, (at, value, after[at])
            print(f"{book}: {len(ours)} sheets, {len(before)} cells")


if __name__ == "__main__":
    main()
