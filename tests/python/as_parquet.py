"""Writes a delivery, given as csv, as the Parquet files that systems write.

Usage: as_parquet.py FILE.csv DIR
"""

import sys
from pathlib import Path

import duckdb
import polars as pl


def synthetic_number() -> str:
    """A number with valid control digits and a month of Tenor's synthetic persons."""
    weights_1, weights_2 = [3, 7, 6, 1, 8, 9, 4, 5, 2], [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    for serial in range(100, 999):
        digits = [int(c) for c in f"018190{serial}"]
        for weights in (weights_1, weights_2):
            rest = sum(w * d for w, d in zip(weights, digits)) % 11
            digits.append((11 - rest) % 11)
        if max(digits) < 10:
            return "".join(map(str, digits))
    raise AssertionError("no number")


source, out = Path(sys.argv[1]), Path(sys.argv[2])
table = pl.read_csv(source, separator=";", infer_schema=False)
typed = table.with_columns(pl.col("statusdato").str.to_date("%Y-%m-%d"))
typed.write_parquet(out / "polars.parquet", compression="snappy")
typed.write_parquet(out / "plain.parquet", compression="uncompressed", row_group_size=3)
typed.with_columns(pl.col("statusdato").cast(pl.Datetime("us"))).write_parquet(
    out / "instant.parquet", compression="snappy"
)
typed.write_parquet(out / "zstd.parquet", compression="zstd")
typed.with_columns(pl.col("tillegg").str.split(",")).write_parquet(
    out / "list.parquet", compression="snappy"
)
typed.write_parquet(
    out / "person.parquet", compression="snappy", metadata={"made by": synthetic_number()}
)
long = typed.select(pl.all().sample(20_000, with_replacement=True, seed=1))
long.with_columns(tillegg=pl.lit("x" * 30_000)).write_parquet(
    out / "long.parquet", compression="snappy"
)
wrong = pl.when(pl.int_range(pl.len()) == 2).then(pl.lit("DELTIDD")).otherwise("arbeid")
typed.with_columns(wrong.alias("arbeid")).write_parquet(
    out / "wrong.parquet", compression="snappy"
)
duckdb.sql(f"COPY (FROM read_csv('{source}', all_varchar = true)) TO '{out}/duckdb.parquet'")
