"""Every number of a report's table, found in the Parquet file that the table names: explain(out, page, table).

A file is read as rows of one shape: what a row is of (`key`), its arm, its horizon, and its numbers; files with a row a
unit are counted first, with polars. A printed row is explained when one key has all its numbers: under an arm's head
those of that arm, under a horizon's those of that horizon, elsewhere also sums over arms and differences from the
control. What stands smaller beside a number is explained by the same key, as it is written.
"""

import re
import tomllib
from datetime import date
from functools import cache
from math import sqrt
from statistics import NormalDist

import polars as pl

NUMBER = re.compile(r"[−-]?\d[\d\u202f,.]*")
# Files whose rows hold estimates.
ESTIMATES = {"estimates.parquet", "power.parquet"}
LEVEL = 0.05


class Row:
    """Numbers of one key, arm and horizon. `n` of `whole` gives a share, `means` are compared between arms."""

    def __init__(self, key, numbers, arm=None, horizon=None, n=None, whole=None, mean=None, dates=()):
        self.key, self.arm, self.horizon, self.dates = key, arm, horizon, list(dates)
        self.numbers = [float(it) for it in numbers if it is not None]
        self.n, self.whole, self.mean = n, whole, mean
        if n is not None:
            self.numbers.append(float(n))
        if n is not None and whole:
            self.numbers += [n / whole, float(whole)]
            self.mean = n / whole


def text(value):
    return None if value is None else str(value)


def arms_of(out):
    with open(out.parent / "pilot.toml", "rb") as file:
        draw = tomllib.load(file).get("draw", {})
    return draw.get("arm", [])


@cache
def frame(path):
    return pl.read_parquet(path)


def rows_of(frame):
    return frame.iter_rows(named=True)


def assignments(out):
    counted = frame(out / "assignments.parquet").group_by("draw", "block", "arm").len()
    return [Row((it["draw"], it["block"]), [], text(it["arm"]), n=it["len"]) for it in rows_of(counted)]


def screening(out):
    table = frame(out / "screening.parquet").unique(["family_id", "rule"])
    families = table.unique("family_id")
    rows = [Row(("assessed",), [families.height]), Row(("eligible",), [families.filter(pl.col("eligible")).height])]
    for it in rows_of(table.group_by("rule").agg(
        failed=(~pl.col("passed")).sum(), left=(~pl.col("passed") & ~pl.col("eligible")).sum()
    )):
        rows.append(Row((it["rule"],), [it["failed"], it["left"]]))
    return rows


def outcomes(out):
    arms = {(it["draw"], it["unit_id"]): text(it["arm"]) for it in rows_of(frame(out / "assignments.parquet"))}
    family = pl.col("unit_id").str.replace(r"-[AB]\d+$", "")
    table = frame(out / "outcomes.parquet").with_columns(
        family=family,
        arm=pl.struct("draw", family.alias("f")).map_elements(lambda it: arms.get((it["draw"], it["f"])), pl.String),
        code=pl.coalesce(pl.col("value_code").cast(pl.String), pl.col("value").cast(pl.String)),
    )
    table = table.filter(pl.col("arm").is_not_null(), pl.col("missing_reason").cast(pl.String).ne_missing("IKKE_AKTUELT"))
    of = ["outcome_id", "source", "register"]
    counted = table.group_by(*of, "horizon", "arm").agg(all=pl.len(), seen=pl.col("code").is_not_null().sum())
    wholes = {tuple(map(text, it[:5])): it[5:] for it in counted.iter_rows()}
    codes = {}
    for it in rows_of(table.filter(pl.col("code").is_not_null()).group_by(*of, "horizon", "arm", "code").len()):
        codes[(*(text(it[k]) for k in (*of, "horizon", "arm")), it["code"])] = it["len"]
    rows = []
    for (*what, horizon, arm), (all_, seen) in wholes.items():
        rows += [Row((*what, "all"), [all_], arm, horizon), Row((*what, "seen"), [seen], arm, horizon)]
        for code in {k[-1] for k in codes if k[:3] == tuple(what)}:
            n = codes.get((*what, horizon, arm, code), 0)
            rows.append(Row((*what, code), [], arm, horizon, n=n, whole=seen))
    return rows


def flow(out):
    of = ["draw", "level", "arm"]
    when = ["horizon", "source", "register", "outcome_id"]
    table = frame(out / "flow.parquet").drop("cut").with_columns(pl.col(pl.Categorical).cast(pl.String))
    drawn = table.filter(pl.col("stage") == "drawn").group_by(of).agg(whole=pl.col("count").sum())
    # Of every arm and time, each reason that there is at all: one that nobody has stands in no row there.
    reasons = table.filter(pl.col("stage") == "missing", pl.col("reason").is_not_null())
    total = reasons.with_columns(reason=pl.lit("all of them"))
    reasons = pl.concat([reasons, total]).group_by(*of, *when, "stage", "reason").agg(pl.col("count").sum())
    every = reasons.drop("arm", "horizon", "count").unique().join(drawn.drop("whole"), ["draw", "level"], nulls_equal=True)
    every = every.join(table.filter(pl.col("horizon").is_not_null()).select("horizon").unique(), how="cross")
    zeros = every.join(reasons, [*of, *when, "stage", "reason"], "anti", nulls_equal=True).with_columns(count=pl.lit(0, pl.Int64))
    parts = [it.select(table.columns) for it in (table.filter(pl.col("stage") != "missing"), reasons, zeros)]
    rows = []
    for it in rows_of(pl.concat(parts).join(drawn, of, "left", nulls_equal=True)):
        key = tuple(it[k] for k in ("level", "stage", "source", "register", "outcome_id", "reason"))
        # A row of one horizon, and a row with a column each.
        for more in ((it["horizon"],), ("every",)):
            rows.append(Row((*key, *more), [], it["arm"], it["horizon"], n=it["count"], whole=it["whole"]))
    return rows


def transitions(out):
    table = frame(out / "transitions.parquet").drop("cut")
    of = ["draw", "unit_kind", "source", "register", "variable", "horizon", "arm"]
    table = table.with_columns(whole=pl.col("n").sum().over(of))
    rows = []
    for it in rows_of(table):
        what = tuple(text(it[k]) for k in of[:5])
        arm, horizon = text(it["arm"]), text(it["horizon"])
        rows.append(Row((*what, text(it["from_value"]), text(it["to_value"])), [], arm, horizon, n=it["n"], whole=it["whole"]))
        rows.append(Row((*what, "drawn"), [it["whole"]], arm, horizon))
    moves = {it.key for it in rows}
    # A move that nobody of an arm made at a horizon has no row there.
    for key, arm, horizon, whole in {(k, r.arm, r.horizon, r.whole) for r in rows if r.whole for k in moves if k[:5] == r.key[:5]}:
        if key[-1] != "drawn" and not any(r.key == key and r.arm == arm and r.horizon == horizon for r in rows):
            rows.append(Row(key, [], arm, horizon, n=0, whole=whole))
    return rows


def descriptives(out):
    rows = []
    for it in rows_of(frame(out / "descriptives.parquet")):
        head, _, tail = it["item"].rpartition(":")
        item = head if tail.strip() in ("std_difference", "mde") else it["item"]
        what = tuple(text(it[k]) for k in ("table", "draw", "unit_kind", "office_id"))
        numbers = [it["value"], it["sd"]]
        by_horizon = ("horizon", text(it["horizon"])) if it["table"] == "calendar" else ("item", item)
        rows.append(Row((*what, *by_horizon), numbers, text(it["arm"]), text(it["horizon"]), it["n"], it["whole"], it["value"],
                        [it["at"]] if it["at"] else []))
    return rows


def balance(path):
    def rows(out):
        table = frame(out / path)
        p = {it["fact"]: it["p_value"] for it in rows_of(table)}
        found = []
        for it in rows_of(table):
            found.append(Row((it["fact"],), [it["mean"], it["sd"]], text(it["arm"])))
            found.append(Row((it["fact"],), [it["std_difference"], p[it["fact"]]]))
        return found
    return rows


def order(path):
    def rows(out):
        keys = ("list", "against")
        numbers = ("statistic", "p_value", "expected_first_drawn")
        return [
            Row(tuple(text(it[k]) for k in keys), [it[k] for k in numbers], n=it["n_first_drawn"], whole=it["n_first"])
            for it in rows_of(frame(out / path))
        ]
    return rows


def wilson(with_, known):
    """Wilson's interval, 1927."""
    z = NormalDist().inv_cdf(1 - LEVEL / 2)
    p, middle = with_ / known, z * z / (2 * known)
    half = z * sqrt(p * (1 - p) / known + z * z / (4 * known * known))
    return (p + middle - half) / (1 + z * z / known), (p + middle + half) / (1 + z * z / known)


def stock(out):
    table = frame(out / "stock.parquet").filter(pl.col("arm").is_not_null())
    summed = table.group_by("register", "arm", "month_no").agg(pl.col("n_known").sum(), pl.col("families").sum())
    rows = []
    for it in rows_of(summed):
        ends = wilson(it["families"], it["n_known"]) if it["n_known"] else []
        rows.append(Row((text(it["register"]), it["month_no"]), ends, text(it["arm"]), n=it["families"], whole=it["n_known"]))
        rows.append(Row((text(it["register"]), it["month_no"]), [it["n_known"]], text(it["arm"])))
    return rows


def profile_tables(out):
    rows = []
    for it in rows_of(frame(out / "profile_tables.parquet")):
        # A figure from elsewhere in per cent is a fraction on the page, as every share; a cost also stands by family.
        numbers = [it["value"] / 100 if it["unit"] == "percent" else it["value"]]
        if it["kind"] == "cost":
            numbers += [it["value"] / it["whole"]] if it["whole"] else []
            rows.append(Row((it["table"], it["row"]), numbers))
            continue
        rows.append(Row((it["table"], it["row"]), numbers, text(it["arm"]), text(it["horizon"]), it["n"], it["whole"]))
    return rows


def estimates(name):
    def rows(out):
        table = frame(out / name)
        numeric = [it for it in table.columns if table[it].dtype.is_numeric()]
        found = []
        for it in rows_of(table):
            # A printed row has an effect, its tests and what stands beside it: all of one outcome at one time.
            keys = [("outcome", *(text(it[k]) for k in ("outcome", "horizon", "source"))), ("analysis", it["analysis"])]
            found += [Row(key, [it[k] for k in numeric]) for key in keys]
        return found
    return rows


FILES = {
    "assignments.parquet": assignments,
    "screening.parquet": screening,
    "outcomes.parquet": outcomes,
    "flow.parquet": flow,
    "transitions.parquet": transitions,
    "descriptives.parquet": descriptives,
    "stock.parquet": stock,
    "profile_tables.parquet": profile_tables,
    **{it: estimates(it) for it in ESTIMATES},
}


@cache
def keyed(out, name):
    """The rows of a file by key."""
    last = name.rpartition("/")[2]
    read = {"balance.parquet": balance(name), "order.parquet": order(name)}.get(last) or FILES[name]
    found = {}
    for it in read(out):
        found.setdefault(it.key, []).append(it)
    return found


def heads(table):
    """Of each column the heads above it, from the top."""
    columns, taken = {}, set()
    for y, row in enumerate(table.head):
        x = 0
        for cell in row:
            while (y, x) in taken:
                x += 1
            down, across = cell.span
            for dx in range(across):
                columns.setdefault(x + dx, []).append(cell.text)
                taken |= {(y + dy, x + dx) for dy in range(down)}
            x += across
    return [columns[x] for x in sorted(columns)]


def horizon_of(head):
    """The code of the horizon that a head names."""
    if m := re.search(r"(\d{4}-\d\d-\d\d)", head):
        return m[1]
    if m := re.search(r"(\d\d)\.(\d\d)\.(\d{4})", head):
        return f"{m[3]}-{m[2]}-{m[1]}"
    if m := re.fullmatch(r"(?:Etter|After) (\d+) (?:måned|månad|month)\w*", head):
        return m[1]
    return "0" if head in ("Ved oppstart", "At the start") else None


def arm_of(head, arms, lang):
    names = {it.get(f"name_{lang}", it["name_nb"]): it["label"] for it in arms}
    return names.get(re.sub(r" \((?:kontroll\w*|control)\)$", "", head))


def candidates(rows, arm, horizon, control):
    """What may stand in a cell: numbers of its arm and horizon; without an arm also sums and differences."""
    own = [it for it in rows if (arm is None or it.arm in (arm, None)) and (horizon is None or it.horizon in (horizon, None))]
    found = [v for it in own for v in it.numbers]
    if arm is None:
        found += [v for it in own for v in own_differences(it, own, control)]
        counts = [it.n for it in own if it.n is not None and it.arm]
        found.append(float(sum(counts)))
    return found


def own_differences(it, rows, control):
    """An arm's mean or share less the control's, at one horizon."""
    if it.mean is None or it.arm in (control, None):
        return []
    return [it.mean - other.mean for other in rows if other.arm == control and other.horizon == it.horizon and other.mean is not None]


def is_near(value, all_):
    return any(abs(value - it) <= 1e-9 * max(1.0, abs(value)) for it in all_)


def smaller(cell, lang):
    """The numbers in what stands beside a number: value and decimals of each."""
    mark = "." if lang == "en" else ","
    for it in NUMBER.findall(cell.minor):
        plain = it.rstrip(".,").replace("\u202f", "").replace("−", "-")
        plain = plain.replace(",", "") if lang == "en" else plain.replace(".", "").replace(",", ".")
        yield float(plain), len(plain.partition(".")[2])


def written_so(value, places, all_):
    return any(abs(value - factor * it) <= 0.5 * 10**-places + 1e-9 for it in all_ for factor in (1, 100))


def is_explained(row, rows, control, lang):
    dates = {day.isoformat() for it in rows for day in it.dates}
    for cell, arm, horizon in row:
        own = candidates(rows, arm, horizon, control)
        if cell.value is not None and not is_near(cell.value, own):
            return False
        if not all(written_so(value, places, own) for value, places in smaller(cell, lang)):
            return False
        if dates and (m := re.fullmatch(r"(\d\d)\.(\d\d)\.(\d{4})|(\d{4}-\d\d-\d\d)", cell.text)):
            if (m[4] or f"{m[3]}-{m[2]}-{m[1]}") not in dates:
                return False
    return True


def explain(out, page, table):
    """How many numbers of a table stand in the file that it names; fails at the first row that does not."""
    name = re.search(r"([\w/-]+\.parquet)", table.meta)
    numbers = [it for row in table.rows for it in row[1:] if it.value is not None]
    if not name:
        return None
    arms = arms_of(out)
    control = arms[-1]["label"] if arms else None
    keys = keyed(out, name[1])
    columns = [([arm_of(it, arms, page.lang) for it in texts], [horizon_of(it) for it in texts]) for texts in heads(table)]
    for row in table.rows:
        cells = [
            (cell, next((it for it in own if it), None), next((it for it in times if it), None))
            for cell, (own, times) in zip(row[1:], columns[1:])
        ]
        found = any(is_explained(cells, rows, control, page.lang) for rows in keys.values())
        assert found, f"{table.label}: no row of {name[1]} has {[it.whole for it in row]}"
    return len(numbers)
