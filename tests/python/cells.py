"""Every cell of a workbook that holds something, one a line: cells.py BOOK."""

import sys

import openpyxl

for sheet in openpyxl.load_workbook(sys.argv[1]):
    for row in sheet.iter_rows(values_only=True):
        for value in row:
            if value is not None:
                print(value)
