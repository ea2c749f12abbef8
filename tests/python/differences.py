"""Difference in means over blocks, its Welch or blocked standard error, df and interval, in plain Python."""

import math
from statistics import mean, variance


def difference(rows, alpha=0.05):
    """`rows`: (value, treated, block), none missing. One block: Neyman with Welch's df; several: weighted by size."""
    blocks = {}
    for value, treated, block in rows:
        blocks.setdefault(block, ([], []))[treated].append(value)
    estimate, squared = 0.0, 0.0
    for control, treated in blocks.values():
        weight = (len(control) + len(treated)) / len(rows)
        estimate += weight * (mean(treated) - mean(control))
        squared += weight ** 2 * (variance(treated) / len(treated) + variance(control) / len(control))
    df = welch(*blocks.popitem()[1]) if len(blocks) == 1 else len(rows) - 2 * len(blocks)
    error = math.sqrt(squared)
    half = student_quantile(1 - alpha / 2, df) * error if df else None
    return {"estimate": estimate, "std_error": error, "df": df, "conf_low": estimate - half if df else None,
            "conf_high": estimate + half if df else None, "n_treated": sum(it[1] for it in rows), "n_control": sum(not it[1] for it in rows)}


def welch(control, treated):
    """Degrees of freedom; None where neither arm varies."""
    a, b = variance(treated) / len(treated), variance(control) / len(control)
    bottom = a ** 2 / (len(treated) - 1) + b ** 2 / (len(control) - 1)
    return (a + b) ** 2 / bottom if bottom else None


def beta_tail(x, a, b):
    """The regularised incomplete beta function by its continued fraction (Lentz)."""
    if x <= 0:
        return 0.0
    if x > (a + 1) / (a + b + 2):
        return 1 - beta_tail(1 - x, b, a)
    front = math.exp(math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)) / a
    total, c, d = 1.0, 1.0, 0.0
    for step in range(2000):
        m = step // 2
        if step % 2:
            term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)) if step else 1.0
        d = 1 / (1 + term * d)
        c = 1 + term / c
        total *= c * d
        if abs(c * d - 1) < 1e-16:
            break
    return front * (total - 1)


def student_cdf(t, df):
    tail = beta_tail(df / (df + t * t), df / 2, 0.5) / 2
    return 1 - tail if t > 0 else tail


def student_quantile(p, df):
    low, high = 0.0, 1e6
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if student_cdf(middle, df) < p else (low, middle)
    return (low + high) / 2
