"""Opens every Parquet file of a pilot's out/ with pyarrow, polars and DuckDB: the same rows, codes as dictionaries.

    python check_parquet.py PILOT

Which columns are codes is read from docs/formats.md. (Debian has no package of R that reads Parquet: there the
export's R scripts stand in.)
"""

import json
import re
import sys
from pathlib import Path

import duckdb
import polars
import pyarrow
import pyarrow.parquet

FORMATS = Path(__file__).resolve().parents[2] / "docs" / "formats.md"


def documented():
    """Columns by table, with their type."""
    tables = {}
    for section in FORMATS.read_text(encoding="utf-8").split("\n## ")[1:]:
        name = re.match(r"`(\w+)\.parquet`", section)
        if name:
            tables[name[1]] = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", section, re.MULTILINE)
    return tables


def main(pilot):
    tables, coded = documented(), 0
    for path in sorted((pilot / "out").rglob("*.parquet")):
        columns = tables["estimates" if path.stem == "power" else path.stem]
        codes = [name for name, kind in columns if kind == "code"]
        arrow = pyarrow.parquet.read_table(path)
        assert arrow.column_names == [name for name, _ in columns], path
        for field in arrow.schema:
            wanted = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
            assert (field.type == wanted) == (field.name in codes), f"{path}: {field}"
        keys = pyarrow.parquet.read_metadata(path).metadata
        assert set(keys) == {b"lodd", b"ARROW:schema"}, keys.keys()
        said = json.loads(keys[b"lodd"])
        assert said["format"] == 1 and list(said["codes"]) == codes, said
        assert tables[said["table"]] == columns and said["of"]["lodd_version"], said
        frame = polars.read_parquet(path)
        rows = arrow.to_pylist()
        assert [it for it in frame.columns if frame[it].dtype == polars.Categorical] == codes, frame.schema
        assert frame.to_dicts() == rows, f"{path}: polars"
        pandas = arrow.to_pandas()
        assert [it for it in pandas.columns if pandas[it].dtype == "category"] == codes
        with duckdb.connect() as db:
            db.execute("SET TimeZone = 'UTC'")
            found = db.sql("SELECT * FROM read_parquet(?)", params=[str(path)]).to_arrow_table()
        as_text = arrow.cast(pyarrow.schema([
            pyarrow.field(it.name, pyarrow.string() if it.name in codes else it.type) for it in arrow.schema]))
        assert found.to_pylist() == as_text.to_pylist(), f"{path}: DuckDB"
        coded += len(codes)
    print(f"{coded} columns of codes")
    assert coded > 50


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    main(Path(sys.argv[1]))
