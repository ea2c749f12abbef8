"""Peers of `benches/estimate.rs` in numpy, on data of the same shapes, on one thread.

Prints `peer NAME SECONDS s WHAT`, the best of three runs after the data are in memory.
"""
import os

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
import time

import numpy as np

RANDOM = np.random.default_rng(1)


def best(name, work, what, runs=3):
    seconds = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    print(f"peer {name:<12} {min(seconds):8.4f} s             {what}")


def cr2(name, n, clusters):
    cluster = np.arange(n) * clusters // n
    x = np.column_stack([np.ones(n), cluster % 2 == 0, RANDOM.standard_normal((n, 5))])
    y = RANDOM.standard_normal(n) + cluster % 7
    first = np.flatnonzero(np.r_[True, cluster[1:] != cluster[:-1]])

    def work():
        s = np.stack([np.add.reduceat(x[:, i] * x[:, j], first) for i in range(7) for j in range(7)], 1)
        s = s.reshape(-1, 7, 7)
        m = np.linalg.inv(s.sum(0))
        score = np.add.reduceat(x * (y - x @ (m @ (x.T @ y)))[:, None], first, axis=0)
        w, v = np.linalg.eigh(m)
        root = (v * np.sqrt(w)) @ v.T
        values, vectors = np.linalg.eigh(root @ s @ root)
        left = 1 - values
        g = np.where(left > 1e-12, 1 / np.sqrt(np.maximum(left, 1e-300)), 0)
        u = np.einsum("gji,j->gi", vectors, root[:, 1]) * g
        se = np.sqrt((np.einsum("gi,gi->g", np.einsum("gij,gj->gi", vectors, u), score @ root) ** 2).sum())
        e = np.einsum("gij,gj->gi", vectors, u * values)
        d = (u * u * values).sum(1)
        norm = (d**2).sum() - 2 * (d * (e**2).sum(1)).sum() + ((e.T @ e) ** 2).sum()
        return se, (d.sum() - (e**2).sum()) ** 2 / norm

    best(name, work, "numpy in p x p space")


def strata(clusters):
    stratum = RANDOM.integers(0, 12, clusters)
    sizes = RANDOM.integers(1, 4, clusters)
    unit = np.repeat(np.arange(clusters), sizes)
    z = np.zeros(clusters)
    for s in range(12):
        at = np.flatnonzero(stratum == s)
        z[RANDOM.permutation(at)[: len(at) // 2]] = 1
    return stratum, sizes, unit, z, RANDOM.standard_normal((len(unit), 20))


def redraw():
    stratum, sizes, unit, _, y = strata(1500)
    first = np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    totals = np.column_stack([sizes, np.add.reduceat(y, first, axis=0)])
    members = [np.flatnonzero(stratum == s) for s in range(12)]
    whole = np.array([totals[at].sum(0) for at in members])

    def work():
        result = np.empty((10_000, 20))
        for i in range(10_000):
            t = np.array([totals[RANDOM.permutation(at)[: len(at) // 2]].sum(0) for at in members])
            c = whole - t
            result[i] = (whole[:, :1] * (t[:, 1:] / t[:, :1] - c[:, 1:] / c[:, :1])).sum(0) / len(unit)
        return result

    best("redraw", work, "numpy, by hand", runs=1)


def romano_wolf():
    stratum, _, unit, zc, y = strata(1530)
    z, first = zc[unit], np.flatnonzero(np.r_[True, unit[1:] != unit[:-1]])
    x = np.column_stack([z, stratum[unit][:, None] == np.arange(12)]).astype(float)

    def work():
        m = np.linalg.inv(x.T @ x)
        weight, rest = x @ m[0], x[:, 1:]
        r = y - rest @ np.linalg.solve(rest.T @ rest, rest.T @ y)
        group = lambda a: np.add.reduceat(a, first, axis=0)
        w = group(weight[:, None] * x)
        v = RANDOM.choice(np.array([-1.0, 1.0]), size=(2000, len(w)))
        a = group(weight[:, None] * r)
        t = np.empty((2000, 20))
        for k in range(20):
            b = m @ group(x * r[:, [k]]).T
            va = v * a[:, k]
            t[:, k] = va.sum(1) / np.sqrt(((va - (v @ b.T) @ w.T) ** 2).sum(1))
        return np.maximum.accumulate(np.abs(t), axis=1)

    best("romano_wolf", work, "numpy, lean")


cr2("cr2", 100_000, 1_000)
cr2("cr2_large", 1_000_000, 20_000)
redraw()
romano_wolf()
