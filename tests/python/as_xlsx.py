"""Writes csv files (semicolons) as .xlsx with openpyxl: as_xlsx.py IN.csv OUT.xlsx SHEET-NAME-FILE [IN.csv SHEET-NAME-FILE]…"""
import csv
import datetime
import sys

import openpyxl


def typed(text):
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return text


source, target, *names = sys.argv[1:]
book = openpyxl.Workbook()
book.remove(book.active)
for path, name in zip([source, *names[1::2]], names[::2]):
    sheet = book.create_sheet(open(name, encoding="utf-8").read().strip())
    for number, row in enumerate(csv.reader(open(path, encoding="utf-8"), delimiter=";")):
        sheet.append(row if number == 0 else [typed(text) for text in row])
book.save(target)
