"""Mends a form as a clerk does, with openpyxl: mend.py FORM SHEET COLUMN VALUE OUT writes VALUE into the first row."""

import sys

import openpyxl

form, sheet, column, value, out = sys.argv[1:]
book = openpyxl.load_workbook(form)
cells = book[sheet]
header = [cell.value for cell in cells[1]]
cells.cell(row=2, column=header.index(column) + 1).value = value
book.save(out)
