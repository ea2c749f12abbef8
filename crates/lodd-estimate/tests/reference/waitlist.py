"""The doubly reweighted ever-offer estimator in exact fractions, by definitions that the Rust code does not use.

    python3 waitlist.py [FOLDER]        writes waitlist.csv and waitlist.json, beside it or there; standard library only

1. Over all orders of small lists: the mean of the two sums whose ratio is the estimate, with one of those who keep a
   place dropped at random instead of a weight; and the mean of the plain comparison of those ever offered with the rest.
2. On a made-up trial of unequal lists: weighted two-stage least squares of the outcome on taking a place, the offer as
   instrument, with the variance of Liang and Zeger (1986) over lists.
"""

import csv
import json
import math
import sys
from fractions import Fraction
from itertools import permutations
from pathlib import Path

FOLDER = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent

# (places, applicants): an applicant is (what becomes of an offer, outcome without a place, outcome with one)
NO, KEPT, LEFT = 0, 1, 2  # one who leaves frees the place, which is offered again
SMALL = {
    "a": (2, [(1, 3, 9), (0, 5, 5), (1, 4, 2), (0, 11, 11), (1, 1, 8)]),
    "b": (3, [(1, 7, 10), (1, 0, 6), (0, 2, 2), (1, 5, 4), (1, 9, 20)]),
    "c": (2, [(0, 6, 6), (1, 8, 7), (1, 3, 12), (1, 1, 1)]),
    "d": (2, [(1, 3, 9), (2, 5, 12), (1, 4, 2), (0, 11, 11), (1, 1, 8)]),
}


def mean(values):
    values = list(values)
    return sum(values, Fraction(0)) / len(values)


def offered(order, places):
    """How many are offered a place before all are kept."""
    left = places
    for at, (taker, _, _) in enumerate(order):
        left -= taker == KEPT
        if left == 0:
            return at + 1
    return len(order)


def one_order(order, places):
    """N·dY and N·dD, averaged over which of those who keep a place is dropped; and the plain N·dY."""
    n, last = len(order), offered(order, places)
    first, rest = order[:last], order[last:]
    seen = [(Fraction(with_place if taker else without), taker) for taker, without, with_place in first]
    not_offered = mean(Fraction(without) for _, without, _ in rest)
    kept = [at for at, (_, taker) in enumerate(seen) if taker == KEPT]
    groups = [[it for at, it in enumerate(seen) if at != dropped] for dropped in kept]
    outcome = mean(mean(y for y, _ in group) for group in groups) - not_offered
    taking = mean(mean(Fraction(taker != NO) for _, taker in group) for group in groups)
    plain = mean(y for y, _ in seen) - not_offered
    return n * outcome, n * taking, n * plain


def enumerate_list(places, applicants):
    orders = [one_order(list(order), places) for order in permutations(applicants)]
    outcome, taking, plain = (mean(column) for column in zip(*orders))
    effects = [with_place - without for taker, without, with_place in applicants if taker]
    # What de Chaisemartin and Behaghel show: unbiased, where the plain comparison is not.
    assert outcome == sum(effects) and taking == len(effects)
    assert plain != outcome
    return {
        "places": places,
        "taker": [taker for taker, _, _ in applicants],
        "without": [without for _, without, _ in applicants],
        "with": [with_place for _, _, with_place in applicants],
        "orders": len(orders),
        "outcome": str(outcome),
        "taking": str(taking),
        "plain": str(plain),
    }


def trial():
    """24 lists of 6 to 14, with 2 to 5 places; the numbers come from a linear congruential generator."""
    state = 20201

    def below(n):
        nonlocal state
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        return (state >> 33) % n

    rows = []
    for list_number in range(24):
        n, places = 6 + below(9), 2 + below(4)
        takers = [below(10) < 7 for _ in range(n)]
        while sum(takers) <= places:
            takers[below(n)] = True
        level = below(400)
        for rank, taker in enumerate(takers):
            without = level + below(300) + (120 if taker else 0)
            with_place = without + (below(260) if taker else 0)
            rows.append([f"l{list_number:02}", rank + 1, int(taker), without, with_place, places])
    return rows


def seen(rows):
    """The table an analyst has: offers down the ranking, outcomes as they came, in hundredths."""
    table = []
    for name in sorted({row[0] for row in rows}):
        mine = [row for row in rows if row[0] == name]
        last = offered([(row[2], row[3], row[4]) for row in mine], mine[0][5])
        for at, (_, rank, taker, without, with_place, _) in enumerate(mine):
            z, d = int(at < last), int(at < last and taker)
            table.append([name, rank, z, d, (with_place if d else without) / 100])
    return table


def least_squares(table, outcome, treatment):
    """Estimate and standard error: weights first, then (Z'WX)⁻¹Z'Wy and its sandwich, X = (1, D), Z = (1, offer)."""
    lists = {}
    for row in table:
        lists.setdefault(row[0], []).append(row)
    scores, zx, zy = {}, [[Fraction(0)] * 2 for _ in range(2)], [Fraction(0)] * 2
    weighted = []
    for name, rows in lists.items():
        n, first = len(rows), sum(row[2] for row in rows)
        taken = sum(row[3] for row in rows)
        for row in rows:
            shrunk = Fraction(taken - 1, taken) if row[3] else Fraction(1)
            weight = n * shrunk / (first - 1) if row[2] else Fraction(n, n - first)
            x, z = (1, treatment(row)), (1, row[2])
            weighted.append((name, weight, x, z, outcome(row)))
            for a in range(2):
                zy[a] += weight * z[a] * outcome(row)
                for b in range(2):
                    zx[a][b] += weight * z[a] * x[b]
    determinant = zx[0][0] * zx[1][1] - zx[0][1] * zx[1][0]
    inverse = [[zx[1][1] / determinant, -zx[0][1] / determinant], [-zx[1][0] / determinant, zx[0][0] / determinant]]
    beta = [sum(inverse[a][b] * zy[b] for b in range(2)) for a in range(2)]
    for name, weight, x, z, y in weighted:
        residual = y - beta[0] * x[0] - beta[1] * x[1]
        score = scores.setdefault(name, [Fraction(0), Fraction(0)])
        for a in range(2):
            score[a] += weight * z[a] * residual
    variance = sum((inverse[1][0] * s[0] + inverse[1][1] * s[1]) ** 2 for s in scores.values())
    return beta[1], math.sqrt(variance)


def t_tail(t, df):
    """P(T > t) by Simpson's rule on the angle whose tangent is t/√df."""
    steps, start = 2_000, math.atan(t / math.sqrt(df))
    width = (math.pi / 2 - start) / steps
    heights = [math.cos(start + at * width) ** (df - 1) for at in range(steps + 1)]
    area = width / 3 * (heights[0] + heights[-1] + 4 * sum(heights[1:-1:2]) + 2 * sum(heights[2:-1:2]))
    return area * math.exp(math.lgamma((df + 1) / 2) - math.lgamma(df / 2)) / math.sqrt(math.pi)


def t_quantile(tail, df):
    low, high = 0.0, 100.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if t_tail(middle, df) > tail else (low, middle)
    return high


def number(table, outcome, treatment):
    estimate, std_error = least_squares(table, outcome, treatment)
    estimate, df = float(estimate), len({row[0] for row in table}) - 1
    margin = t_quantile(0.025, df) * std_error
    digits = lambda value: float(f"{value:.12g}")  # what every machine's sine and gamma agree on
    return {
        "estimate": digits(estimate),
        "std_error": digits(std_error),
        "df": df,
        "p": digits(2 * t_tail(abs(estimate / std_error), df)),
        "conf_low": digits(estimate - margin),
        "conf_high": digits(estimate + margin),
        "nobs": len(table),
    }


def main():
    table = seen(trial())
    with (FOLDER / "waitlist.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["list", "rank", "offered", "taken", "y"])
        writer.writerows(table)
    exact = lambda row: Fraction(str(row[4]))
    expected = {
        "small": {name: enumerate_list(*it) for name, it in SMALL.items()},
        "trial": {
            "treated": number(table, exact, lambda row: row[3]),
            "itt": number(table, exact, lambda row: row[2]),
            "first_stage": number(table, lambda row: Fraction(row[3]), lambda row: row[2]),
        },
    }
    (FOLDER / "waitlist.json").write_text(json.dumps(expected, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
