"""Another spreadsheet opens the report's workbooks and finds what is in them: check_office.py OUT_FOLDER…

LibreOffice reads each workbook and writes it again; the values of every cell are the same.
"""

import shutil
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
        # All in one run of the office: starting it takes longer than its work.
        to = Path(folder) / "read"
        copies = [shutil.copy(book, Path(folder) / f"{n}.xlsx") for n, book in enumerate(books)]
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", "xlsx", "--outdir", to, *copies]
        ran = subprocess.run(command, capture_output=True, text=True, timeout=600)
        for book, copy in zip(books, copies):
            assert (to / copy.name).exists(), ran.stdout + ran.stderr
            (ours, before), (theirs, after) = values(book), values(to / copy.name)
            assert ours == theirs
            assert before.keys() == after.keys(), sorted(before.keys() ^ after.keys())[:5]
            for at, value in before.items():
                same = after[at] == value or isinstance(value, float) and abs(after[at] - value) <= 1e-14 * abs(value)
                assert same, (at, value, after[at])
            print(f"{book}: {len(ours)} sheets, {len(before)} cells")


if __name__ == "__main__":
    main()
