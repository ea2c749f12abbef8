"""The least suppression of random tables, by another formulation and another solver.

The full mixed integer programme of Kelly, Golden and Assad (1992), Cell suppression: disclosure
protection for sensitive tabular data, Networks 22: for every sensitive cell two whole sets of
deviations, each bounded by what is suppressed. Solved by HiGHS through scipy.optimize.milp.

Writes optimum.json: tables with their margins, and how many cells the least suppression withholds.
Run: python optimum.py (needs numpy and scipy).
"""

import json
import random
from pathlib import Path

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import lil_matrix

THRESHOLD = 5
SIZES = [(3, 3), (3, 4), (4, 3), (4, 4), (3, 5), (5, 3), (4, 5), (5, 4), (3, 6), (2, 9)]
TABLES = 160


def with_margins(inner):
    rows = [row + [sum(row)] for row in inner]
    return rows + [[sum(column) for column in zip(*rows)]]


def equations(rows, columns):
    """Each row, and each column: its parts less its total is nothing."""
    cell = lambda i, j: i * (columns + 1) + j
    for i in range(rows + 1):
        yield [(cell(i, j), 1) for j in range(columns)] + [(cell(i, columns), -1)]
    for j in range(columns + 1):
        yield [(cell(i, j), 1) for i in range(rows)] + [(cell(rows, j), -1)]


def least(table):
    rows, columns = len(table) - 1, len(table[0]) - 1
    x = [n for row in table for n in row]
    cells = len(x)
    sensitive = [i for i, n in enumerate(x) if n < THRESHOLD]
    if not sensitive:
        return 0
    sums = list(equations(rows, columns))
    far = 3 * THRESHOLD
    blocks = 2 * len(sensitive)
    size = cells * (1 + blocks)
    matrix = lil_matrix((blocks * (len(sums) + 2 * cells) + len(sensitive), size))
    low, high = [], []
    line = 0
    for b in range(blocks):
        start = cells * (1 + b)
        for terms in sums:
            for i, by in terms:
                matrix[line, start + i] = by
            low.append(0)
            high.append(0)
            line += 1
        for i in range(cells):
            matrix[line, start + i] = 1
            matrix[line, i] = -far
            low.append(-np.inf)
            high.append(0)
            line += 1
            matrix[line, start + i] = 1
            matrix[line, i] = min(x[i], far)
            low.append(0)
            high.append(np.inf)
            line += 1
    for b, p in enumerate(sensitive):
        matrix[line, cells * (1 + 2 * b) + p] = 1
        matrix[line, cells * (2 + 2 * b) + p] = -1
        low.append(THRESHOLD)
        high.append(np.inf)
        line += 1
    whole = np.zeros(size)
    whole[:cells] = 1
    price = whole.copy()
    bounds = Bounds(
        np.concatenate([[1.0 if i in set(sensitive) else 0.0 for i in range(cells)], np.full(size - cells, -far)]),
        np.concatenate([np.ones(cells), np.full(size - cells, far)]),
    )
    found = milp(price, constraints=LinearConstraint(matrix.tocsr(), low, high), integrality=whole, bounds=bounds)
    assert found.status == 0, found.message
    return round(found.fun)


def main():
    source = random.Random(20261123)
    tables = []
    while len(tables) < TABLES:
        rows, columns = SIZES[len(tables) % len(SIZES)]
        mean = source.choice([4, 8, 15, 25])
        by_row = [source.uniform(0.4, 1.8) for _ in range(rows)]
        by_column = [source.uniform(0.4, 1.8) for _ in range(columns)]
        inner = [[int(source.expovariate(1 / (mean * r * c))) for c in by_column] for r in by_row]
        table = with_margins(inner)
        tables.append({"cells": table, "least": least(table)})
    text = ",\n".join(json.dumps(it) for it in tables)
    (Path(__file__).parent / "optimum.json").write_text(f"[\n{text}\n]\n")


if __name__ == "__main__":
    main()
