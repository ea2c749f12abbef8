"""Attacks a public report with nothing but its own tables: which withheld counts can be worked out?

    attack_public.py PUBLIC.html INTERNAL.html [EARLIER.html ...]

Shares no code with the program. The tables of the public page are read as they are printed; what any
reader can add up (totals, arms, reasons, statuses, moves from and to a status) becomes equations, and
the least and the most that each withheld count can be are found by linear programming (scipy's HiGHS).
The internal page is only asked what the truth is: which of the withheld counts are under the threshold.

It fails when such a count lies within the threshold, when a count under it is printed, or when the
equations contradict the truth (then the attack itself would be worth nothing).
"""

import sys
from html.parser import HTMLParser

import numpy as np
from scipy.optimize import linprog

THRESHOLD = 5
FLOW, STATUS, MOVES = "Flyt: antall ", "Status", "Overganger mellom statuser: "
RECONCILED, LOST, RESPONSE = "Avstemming: ", "Frafall: ", "Innrapportering: "
COUNTED = (FLOW, MOVES, RECONCILED, LOST, "Utvalg og trekning: ", "Kriterier: ")


class Page(HTMLParser):
    """The tables of a page: caption, heads of the columns, and rows of (kind, head, cells)."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.cell, self.meta = [], None, 0
        self.value = None
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "table":
            self.tables.append({"caption": "", "head": [], "rows": []})
        elif not self.tables:
            return
        elif tag == "caption":
            self.cell = ""
        elif tag == "span" and self.cell is not None:
            self.meta += 1
        elif tag == "tr":
            self.tables[-1]["rows"].append([attrs.get("class", "head"), []])
        elif tag in ("td", "th"):
            self.cell, self.value = "", None
            self.shape = (int(attrs.get("colspan", 1)), int(attrs.get("rowspan", 1)))
        elif tag == "data":
            self.value = float(attrs["value"])

    def handle_endtag(self, tag):
        if tag == "span" and self.meta:
            self.meta -= 1
        elif tag == "caption" and self.cell is not None:
            self.tables[-1]["caption"] = self.cell.split(".", 1)[1].strip()
            self.cell = None
        elif tag in ("td", "th") and self.cell is not None:
            self.tables[-1]["rows"][-1][1].append((self.cell.strip(), self.value, self.shape))
            self.cell = None

    def handle_data(self, text):
        if self.cell is not None and not self.meta:
            self.cell += text


def heads(rows):
    """The heads above each column, from the top."""
    names, taken = [], []
    for _, cells in rows:
        place = 0
        for text, _, (columns, tall) in cells:
            while place < len(taken) and taken[place] > 0:
                place += 1
            for _ in range(columns):
                while len(names) <= place:
                    names.append([])
                    taken.append(0)
                names[place].append(text)
                taken[place] = tall
                place += 1
        taken = [max(0, it - 1) for it in taken]
    return [tuple(it) for it in names]


def tables(path):
    """Caption to (columns, rows): rows are (kind, name, cells), a cell (text, number)."""
    found = {}
    for table in Page(open(path, encoding="utf-8").read()).tables:
        head = [row for row in table["rows"] if row[0] == "head"]
        rows, part_of = [], ""
        for kind, cells in table["rows"]:
            if kind == "head" or not cells:
                continue
            name = cells[0][0]
            part_of = part_of if kind == "part" else name
            rows.append((kind, f"{part_of} / {name}" if kind == "part" else name, [it[:2] for it in cells[1:]]))
        found[table["caption"]] = (heads(head)[1:], rows)
    return found


class System:
    def __init__(self):
        self.place, self.fixed, self.equations = {}, {}, []

    def at(self, name):
        return self.place.setdefault(name, len(self.place))

    def equal(self, whole, parts):
        self.equations.append((self.at(whole), [self.at(it) for it in parts]))

    def bounds(self, name):
        n = len(self.place)
        left = np.zeros((len(self.equations), n))
        for row, (whole, parts) in enumerate(self.equations):
            left[row, whole] -= 1
            for part in parts:
                left[row, part] += 1
        limits = [(0, None)] * n
        for at, value in self.fixed.items():
            limits[at] = (value, value)
        ends = []
        for sign in (1, -1):
            cost = np.zeros(n)
            cost[self.at(name)] = sign
            found = linprog(cost, A_eq=left, b_eq=np.zeros(len(left)), bounds=limits, method="highs")
            if found.status == 3:
                ends.append(np.inf)
                continue
            assert found.status == 0, f"the printed tables contradict each other: {found.message}"
            ends.append(sign * found.fun)
        return ends


def is_counted(caption):
    return caption.startswith(COUNTED) and "kontorer" not in caption.split(" i hvert")[0]


def status_tables(pages):
    """Tables of statuses: those with a row `Observert` under `Forfalt`, and no column of differences."""
    for caption, (columns, rows) in pages.items():
        names = [name for _, name, _ in rows]
        if "Observert" in names and "Forfalt" in names and not caption.startswith((FLOW, LOST)):
            yield caption, columns, rows


def enter(pages, system):
    """Every count with the equations a reader knows; gives the count cells by name."""
    cells = {}

    def put(name, cell):
        text, value = cell
        cells[name] = cell
        at = system.at(name)
        if value is not None:
            system.fixed[at] = value
        elif text == "–":
            system.fixed[at] = 0.0

    def is_number(cell):
        return cell[1] is not None or cell[0][:1] in (":", "–")

    for caption, (columns, rows) in pages.items():
        if not is_counted(caption):
            continue
        for place, column in enumerate(columns):
            if column[-1].startswith("Forskjell"):
                continue
            for _, name, row in rows:
                if place < len(row) and is_number(row[place]):
                    put((caption, name, column), row[place])
    for caption, columns, rows in status_tables(pages):
        for place, column in enumerate(columns):
            for _, name, row in rows:
                if is_number(row[place]):
                    put((caption, name, column), row[place])
    names = set(cells)
    for caption, (columns, rows) in pages.items():
        present = lambda name, column: (caption, name, column) in names
        if caption.startswith((FLOW, RECONCILED)) and is_counted(caption):
            flow(caption, columns, rows, system, present)
        if caption.startswith(LOST):
            lost(caption, columns, rows, system, present)
        if caption.startswith(MOVES):
            moves(caption, columns, rows, system, present, pages, names)
    for caption, columns, rows in status_tables(pages):
        statuses(caption, columns, rows, system, names)
    return cells


def flow(caption, columns, rows, system, present):
    total = [it for it in columns if it[-1] == "I alt"]
    for _, name, _ in rows:
        arms = [(caption, name, it) for it in columns if it not in total and present(name, it)]
        if arms and present(name, total[0]):
            system.equal((caption, name, total[0]), arms)
    drawn = next((n for _, n, _ in rows if n in ("Med i trekningen", "Fordelt et annet sted", "Trukket")), None)
    for column in columns:
        for _, name, _ in rows:
            if name.startswith("Observert ") and ":" not in name and drawn and present(drawn, column):
                missing = name.replace("Observert", "Mangler", 1)
                parts = [n for n in (name, missing) if present(n, column)]
                if len(parts) == 2:
                    system.equal((caption, drawn, column), [(caption, n, column) for n in parts])
            if name.startswith("Mangler ") and "/" not in name:
                reasons = [n for _, n, _ in rows if n.startswith(f"{name} / ") and present(n, column)]
                if reasons and present(name, column):
                    system.equal((caption, name, column), [(caption, n, column) for n in reasons])
        trio = ("Vurdert", "Oppfyller ikke kriteriene", "Oppfyller kriteriene")
        if all(present(it, column) for it in trio):
            system.equal((caption, trio[0], column), [(caption, n, column) for n in trio[1:]])


def lost(caption, columns, rows, system, present):
    base = next(name for kind, name, _ in rows if kind == "base")
    for column in columns:
        if present(base, column):
            whole = [(caption, n, column) for n in ("Observert", "Mangler")]
            if all(it in system.place for it in whole):
                system.equal((caption, base, column), whole)
            parts = [(caption, n, column) for _, n, _ in rows if n.startswith("Mangler / ")]
            parts = [it for it in parts if it in system.place]
            if parts:
                system.equal((caption, "Mangler", column), parts)


def statuses(caption, columns, rows, system, names):
    kinds = [name for kind, name, _ in rows if kind == "plain"]
    for column in columns:
        parts = [(caption, it, column) for it in kinds if (caption, it, column) in names]
        if (caption, "Observert", column) in names and len(parts) == len(kinds):
            system.equal((caption, "Observert", column), parts)


def moves(caption, columns, rows, system, present, pages, names):
    """Who came from a status had it at the start, and who came to it has it now."""
    base = next(name for kind, name, _ in rows if kind == "base")
    subject = caption.removeprefix(MOVES).split(",")[0]
    steps = [name for kind, name, _ in rows if kind == "plain"]
    for column in columns:
        if not present(base, column):
            continue
        system.equal((caption, base, column), [(caption, it, column) for it in steps if present(it, column)])
        for other, there, _ in status_tables(pages):
            if not other.startswith(subject):
                continue
            for end, when in ((0, "Ved oppstart"), (1, column[0])):
                arm = next((it for it in there if it[0] == when and it[1].startswith(column[-1].split(" (")[0])), None)
                for state in {it.split(" → ")[end] for it in steps}:
                    whole = (other, state, arm)
                    parts = [(caption, it, column) for it in steps if it.split(" → ")[end] == state]
                    if whole in names and all(it in names for it in parts):
                        system.equal(whole, parts)


def main():
    public, internal = (tables(path) for path in sys.argv[1:3])
    system = System()
    cells = enter(public, system)
    truth = enter(internal, System())
    withheld = exposed = 0
    for name, (text, value) in cells.items():
        if value is not None or text == "–":
            assert value is not None and value >= THRESHOLD, f"printed: {name} {text}"
            continue
        withheld += 1
        true = truth.get(name)
        if true is None or not (true[0] == "–" or (true[1] is not None and true[1] < THRESHOLD)):
            continue
        low, high = system.bounds(name)
        number = 0.0 if true[1] is None else true[1]
        assert low - 1e-6 <= number <= high + 1e-6, f"the attack is wrong: {name} is {number}, not {low}–{high}"
        if high - low < THRESHOLD - 1e-6:
            exposed += 1
            print(f"given away: {name}: {number} is within {low}–{high}")
    print(f"{len(cells)} counts, {withheld} withheld, {len(system.equations)} equations, {exposed} given away")
    assert withheld > 20, "nothing was attacked"
    assert exposed == 0


main()
