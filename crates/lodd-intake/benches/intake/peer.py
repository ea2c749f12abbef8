"""The peers of reading an office's file: they read every cell and check nothing."""
import sys
import time

import openpyxl
import pandas
import polars

folder = sys.argv[1]


def timed(name, what, runs, work):
    best = None
    for _ in range(runs):
        wall, cpu = time.perf_counter(), time.process_time()
        rows = work()
        taken = time.perf_counter() - wall, time.process_time() - cpu
        best = min(best or taken, taken)
    rate = 60e-6 * rows / best[0]
    print(f"peer {name:<12} {best[0]:8.3f} s {best[1]:7.2f} CPU s           {rate:6.2f} million rows/min  {what}", flush=True)


def with_openpyxl():
    book = openpyxl.load_workbook(f"{folder}/voksne.xlsx", read_only=True)
    rows = -1
    for row in book["Voksne"].iter_rows(values_only=True):
        for _value in row:
            pass
        rows += 1
    return rows


timed("openpyxl", f"openpyxl {openpyxl.__version__}: load_workbook(read_only), every cell", 1, with_openpyxl)
timed("pandas-xlsx", f"pandas {pandas.__version__}: read_excel", 1, lambda: len(pandas.read_excel(f"{folder}/voksne.xlsx")))
timed("pandas-csv", "pandas: read_csv", 3, lambda: len(pandas.read_csv(f"{folder}/voksne.csv", sep=";")))
timed("polars", f"polars {polars.__version__}: read_csv", 3, lambda: len(polars.read_csv(f"{folder}/voksne.csv", separator=";")))
