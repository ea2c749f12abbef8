"""Writes a csv file (semicolons) as .xlsx with openpyxl: as_xlsx.py IN.csv OUT.xlsx SHEET-NAME-FILE."""
import csv
import datetime
import sys

import openpyxl

source, target, name = sys.argv[1:]
book = openpyxl.Workbook()
sheet = book.active
sheet.title = open(name, encoding="utf-8").read().strip()
for number, row in enumerate(csv.reader(open(source, encoding="utf-8"), delimiter=";")):
    def typed(text):
        try:
            return datetime.date.fromisoformat(text)
        except ValueError:
            return text
    sheet.append(row if number == 0 else [typed(text) for text in row])
book.save(target)
