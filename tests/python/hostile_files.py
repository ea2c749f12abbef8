"""Files made to crash, exhaust or mislead a reader, and odd workbooks that are in order, through the program.

    python hostile_files.py LODD DIR     # DIR holds a pilot with its roster read

Each is uploaded with the real program: it must be refused with the code expected (exit 1), in bounded time and
memory, and every byte of DIR must be as before. Prints a line for each that was not, and the largest figures.
"""

import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from pathlib import Path

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Font
from openpyxl.worksheet.table import Table

MIB = 1 << 20
CPU_SECONDS, MEMORY = 12, 640 * MIB  # the child's 10 s and the parent's part; 512 MiB beyond the program itself
UPLOAD = ["--clock", "2026-09-01T07:00:00Z", "--lang", "en", "upload", "--office", "kast"]


def plain():
    """A workbook of the pilot's statuses, in order."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Voksne"
    for row in Path(sys.argv[2], "start.csv").read_text().splitlines():
        sheet.append(row.split(";"))
    return book


def saved(book):
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def edited(part, old, new):
    """The plain workbook with one part's text changed, which must be there to be changed."""
    all_parts = parts(saved(plain()))
    assert old in all_parts[part], (part, old)
    all_parts[part] = all_parts[part].replace(old, new, 1)
    return packed(all_parts)


def sheet(inside):
    return edited(SHEET, b"</sheetData>", inside + b"</sheetData>")


def with_part(name, data):
    return packed(parts(saved(plain())) | {name: data})


class Bits:
    """A deflate stream written by hand: what it inflates to need never exist."""

    def __init__(self):
        self.bits, self.count, self.out = 0, 0, bytearray()

    def put(self, value, width, reverse=False):
        if reverse:
            value = int(format(value, f"0{width}b")[::-1], 2)
        self.bits |= value << self.count
        self.count += width
        while self.count >= 8:
            self.out.append(self.bits & 255)
            self.bits >>= 8
            self.count -= 8


def repeated(head, text, copies, tail=b""):
    """head, text × copies (as near as matches of 258 come), tail; and its length. Fixed Huffman codes."""
    stream = Bits()
    stream.put(1, 1)
    stream.put(1, 2)

    def literal(byte):
        stream.put(0x30 + byte, 8, True) if byte < 144 else stream.put(0x190 + byte - 144, 9, True)

    for byte in head + text:
        literal(byte)
    distance = len(text)
    base, extra, code = 1, 0, 0
    while distance >= base + (1 << extra):
        base += 1 << extra
        code += 1
        extra = max(0, code // 2 - 1)
    matches = (len(text) * (copies - 1)) // 258


    def match(times):
        for _ in range(times):
            stream.put(0b11000101, 8, True)
            stream.put(code, 5, True)
            stream.put(distance - base, extra)

    # Eight matches end at the same bit as they began: their bytes can be repeated.
    match(8)
    start = len(stream.out)
    match(8)
    stream.out += stream.out[start:] * ((matches - 16) // 8)
    match((matches - 16) % 8)
    # From wherever the last match ended to the end of a copy.
    for byte in text[(matches * 258) % len(text) :] + tail:
        literal(byte)
    stream.put(0, 7)
    stream.put(0, 7)
    length = len(head) + len(text) + matches * 258 + len(text) - (matches * 258) % len(text) + len(tail)
    return bytes(stream.out), length


def with_raw(name, deflated, size, crc=0):
    """The plain workbook with a part whose deflate stream, size and checksum are given, not computed."""
    data = packed({k: v for k, v in parts(saved(plain())).items() if k != name})
    end = data.rindex(b"PK\x05\x06")
    count, _, directory_size, directory_at = struct.unpack("<HHII", data[end + 8 : end + 20])
    raw = name.encode()
    fields = struct.pack("<HHHHHIIIHH", 20, 0, 8, 0, 33, crc, len(deflated), min(size, 2**32 - 1), len(raw), 0)
    local = b"PK\x03\x04" + fields + raw + deflated
    central = b"PK\x01\x02" + struct.pack("<H", 20) + fields + struct.pack("<HHHII", 0, 0, 0, 0, directory_at) + raw
    body = data[:directory_at] + local
    directory = data[directory_at : directory_at + directory_size] + central
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count + 1, count + 1, len(directory), len(body), 0)
    return body + directory + tail


def overlapping():
    """Two entries of the directory that share one part's bytes."""
    data = bytearray(packed(parts(saved(plain()))))
    places = [at for at in range(len(data)) if data[at : at + 4] == b"PK\x01\x02"]
    data[places[1] + 42 : places[1] + 46] = data[places[0] + 42 : places[0] + 46]
    return bytes(data)


def bomb(depth):
    """A zip of zips of zips of blanks."""
    data = bytes(MIB)
    for level in range(depth):
        data = packed({f"{level}-{copy}.zip": data for copy in range(8)})
    return data


def laughs():
    entities = b"".join(b'<!ENTITY l%d "%s">' % (n + 1, b"&l%d;" % n * 10) for n in range(9))
    return b'<!DOCTYPE x [<!ENTITY l0 "lol">' + entities + b"]><worksheet"


def xxe(target):
    return b'<!DOCTYPE x [<!ENTITY e SYSTEM "%s">]><worksheet' % target


def text_csv(line):
    return Path(sys.argv[2], "start.csv").read_bytes() + line


def bits_flipped(data, seed):
    source = random.Random(seed)
    data = bytearray(data)
    for _ in range(source.randint(1, 12)):
        data[source.randrange(len(data))] ^= 1 << source.randrange(8)
    return bytes(data[: source.randrange(len(data))] if source.random() < 0.3 else data)


def refused():
    """Name of the file, its bytes, the codes of which one must be told."""
    plain_bytes = saved(plain())
    million, million_size = repeated(b"<worksheet><sheetData>", b"<row><c><v>1</v></c></row>", 1_000_020, b"</sheetData></worksheet>")
    cell, cell_size = repeated(b'<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>', b"xxxx", 1 << 28, b"</t></is></c></row></sheetData></worksheet>")
    blanks, _ = repeated(b"<a>", b" ", 64 * MIB, b"</a>")
    known, length = repeated(b"a", b"bcd", 2000, b"e")
    assert zlib.decompress(known, -15) == b"a" + b"bcd" * ((length - 2) // 3) + b"e"
    yield "far.xlsx", sheet(b'<row r="900"><c r="A900"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), "F04"
    yield "far-columns.xlsx", sheet(b'<row r="900"><c r="A900"><v>1</v></c><c r="XFD900"><v>1</v></c></row>'), "F04"
    yield "cell-1gib.xlsx", with_raw(SHEET, cell, cell_size), "F04"
    yield "cell-1gib-small.xlsx", with_raw(SHEET, cell, 100), "F04 F05"
    yield "million-rows.xlsx", with_raw(SHEET, million, million_size, zlib.crc32(zlib.decompress(million, -15))), "F04"
    yield "blanks.xlsx", with_raw("xl/blanks.xml", blanks, 10), "F04 F05"
    yield "thousand-parts.xlsx", packed(parts(plain_bytes) | {f"xl/{n}.xml": b"<a/>" for n in range(1000)}), "F04"
    yield "overlapping.xlsx", overlapping(), "F05"
    yield "laughs.xlsx", edited(SHEET, b"<worksheet", laughs()), "F03"
    for n, target in enumerate([b"file:///etc/passwd", b"http://127.0.0.1:9/x", b"/dev/zero"]):
        yield f"xxe-{n}.xlsx", edited(SHEET, b"<worksheet", xxe(target)), "F03"
    yield "entity.xlsx", sheet(b'<row r="900"><c r="A900" t="inlineStr"><is><t>&x;</t></is></c></row>'), "F05"
    for n, name in enumerate(["../../evil.xml", "/etc/evil.xml", "xl/../../evil.xml", "C:/evil.xml", "xl\\evil.xml"]):
        yield f"slip-{n}.xlsx", packed_raw_name(name), "F05"
    yield "twice.xlsx", twice(), "F05"
    yield "twice-other-case.xlsx", with_part("XL/workbook.xml", b"<a/>"), "F05"
    for n, share in enumerate([0.02, 0.3, 0.7, 0.98]):
        yield f"cut-{n}.xlsx", plain_bytes[: int(len(plain_bytes) * share)], "F05"
    yield "dde.xlsx", sheet(b"<row r=\"900\"><c r=\"A900\"><f>cmd|'/C calc'!A0</f><v>1</v></c></row>"), "F03"
    yield "remote-image.xlsx", with_part("xl/drawings/_rels/drawing9.xml.rels", b'<Relationships><Relationship Id="a" Type="http://x/image" Target="http://127.0.0.1:9/x.png" TargetMode="External"/></Relationships>'), "F03"
    yield "vba.xlsx", with_part("xl/vbaProject.bin", b"x"), "F03"
    yield "deep.xlsx", sheet(b"<a>" * 100_000 + b"</a>" * 100_000), "F04"
    yield "nul.csv", text_csv(b"KAS-QXKD-N-A1;\0;LONN;DELTID;\n"), "C09"
    yield "unclosed.csv", text_csv(b'KAS-QXKD-N-A1;"2026-08-25;LONN;DELTID;\n'), "C06"
    yield "long-line.csv", b"a;" * (5 * MIB - 1), "F04"
    yield "long-cell.csv", b"x" * (10 * MIB), "F04"
    yield "too-long.csv", b"x" * (10 * MIB + 1), "F04"
    yield "many-cells.csv", b"\n".join([b"a;" * 199 + b"a"] * 20_000), "F04"
    yield "quotes.csv", b'"' * (5 * MIB), "F04 C06 C05 F05"
    yield "bomb.xlsx", bomb(4), "F01 F05 H01"
    for name, number in NUMBERS.items():
        data = Path(sys.argv[2], "start.csv").read_bytes()
        yield f"date-{name}.csv", data.replace(b"2026-08-25", number, 1), "hold"
        share = b"voksen_id;statusdato;stillingsprosent\nKAS-QXKD-N-A1;2026-08-25;" + number
        yield f"number-{name}.csv", share, "hold"
        yield f"number-{name}.xlsx", numbered(number), "hold"
    yield "secret.xlsm", plain_bytes, "F03"


NUMBERS = {"1e400": b"1e400", "minus-1e400": b"-1E+400", "nan": b"NaN", "inf": b"-inf", "minus-zero": b"-0"}


def numbered(number):
    """A workbook with a number that Excel would not write, in a cell that is said to be one."""
    book = openpyxl.Workbook()
    book.active.title = "Voksne"
    book.active.append(["voksen_id", "statusdato", "stillingsprosent"])
    book.active.append(["KAS-QXKD-N-A1", "2026-08-25", 4711])
    all_parts = parts(saved(book))
    assert b"<v>4711</v>" in all_parts[SHEET]
    return packed(all_parts | {SHEET: all_parts[SHEET].replace(b"4711", number)})


def packed_raw_name(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts(saved(plain())).items():
            archive.writestr(part, data)
        archive.writestr("xl/evil-name.xml", b"<a/>")
    # zipfile would mend the name; the bytes do not.
    return out.getvalue().replace(b"xl/evil-name.xml", name.ljust(16, "x").encode())


def twice():
    """Two parts of the same name, which zipfile would warn of."""
    return packed(parts(saved(plain())) | {"xl/stylez.xml": b"<a/>"}).replace(b"xl/stylez.xml", b"xl/styles.xml")


# Odd, but with our columns and rows in them: they may be read.
READ = {"strict.xlsx", "shared.xlsx", "inline.xlsx", "pivot.xlsx", "nested.xlsx", "bytes.xlsx"}


def odd():
    """Workbooks that are in order, and not ours."""
    book = openpyxl.Workbook()
    yield "empty.xlsx", saved(book)
    book = openpyxl.Workbook()
    for row in [("a", "b"), (1, 2), (3, 4)]:
        book.active.append(row)
    chart = BarChart()
    chart.add_data(Reference(book.active, min_col=1, min_row=1, max_row=3), titles_from_data=True)
    book.active.add_chart(chart, "D4")
    yield "chart.xlsx", saved(book)
    chartsheet = book.create_chartsheet("Graf")
    chartsheet.add_chart(BarChart())
    yield "chartsheet.xlsx", saved(book)
    book = openpyxl.Workbook()
    for row in [("x", "y"), (1, 2), (3, 4)]:
        book.active.append(row)
    book.active.add_table(Table(displayName="Tabell", ref="A1:B3"))
    book.active["F1"] = "=SUM(A2:A3)"
    yield "table.xlsx", saved(book)
    book = openpyxl.Workbook()
    for n in range(3000):
        cell = book.active.cell(n + 1, 1, n)
        cell.font = Font(name=f"F{n}", size=8 + n % 40)
    yield "styles.xlsx", saved(book)
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(["dato", 1])
    yield "epoch1904.xlsx", saved(book)
    data = parts(saved(plain()))
    strict = {
        name: part.replace(b"http://schemas.openxmlformats.org/spreadsheetml/2006/main", b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        .replace(b"http://schemas.openxmlformats.org/officeDocument/2006/relationships", b"http://purl.oclc.org/ooxml/officeDocument/relationships")
        .replace(b"Voksne", b"Personer")
        for name, part in data.items()
    }
    yield "strict.xlsx", packed(strict)
    shared = b'<row r="900"><c r="B900"><f t="shared" ref="B900:B902" si="0">A1</f><v>1</v></c></row><row r="901"><c r="B901"><f t="shared" si="0"/><v>2</v></c></row>'
    yield "shared.xlsx", sheet(shared)
    inline = b'<row r="900"><c r="A900" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c></row>'
    yield "inline.xlsx", sheet(inline)
    yield "pivot.xlsx", with_part("xl/pivotCache/pivotCacheDefinition1.xml", b'<pivotCacheDefinition><cacheFields><cacheField name="a"><sharedItems><s v="x"/><n v="1"/></sharedItems></cacheField></cacheFields></pivotCacheDefinition>')
    yield "nested.xlsx", with_part("xl/media/nested.zip", bomb(3))
    yield "bytes.xlsx", with_part("xl/media/image1.png", random.Random(1).randbytes(MIB))


def files(directory):
    return {path: path.read_bytes() for path in sorted(directory.rglob("*")) if path.is_file()}


def run(lodd, directory, words):
    """Exit code, words on stderr, seconds of processor time, bytes of the largest process."""
    with tempfile.TemporaryFile() as errors, tempfile.TemporaryFile() as output:
        child = subprocess.Popen([lodd, *words], cwd=directory, stderr=errors, stdout=output)
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        errors.seek(0)
        output.seek(0)
        return child.returncode, errors.read().decode(), output.read().decode(), used.ru_utime + used.ru_stime, used.ru_maxrss << 10


def main():
    lodd, directory = sys.argv[1], Path(sys.argv[2])
    outside = Path(tempfile.mkdtemp())
    before, bad, most = files(directory), [], {"cpu": (0, ""), "memory": (0, "")}

    def check(name, data, codes):
        path = outside / name
        path.write_bytes(data)
        code, errors, output, cpu, memory = run(lodd, directory, [*UPLOAD, "--dry-run" if codes == "any" else "--json", str(path)])
        most["cpu"] = max(most["cpu"], (round(cpu, 2), name))
        most["memory"] = max(most["memory"], (memory >> 20, name))
        problem = None
        if codes == "any":
            problem = code not in (0, 1) and f"exit {code}"
        elif codes == "hold":
            found = [it["severity"] for it in json.loads(output)["findings"]]
            problem = not ("hold" in found or "stop" in found) and f"not held: {found}"
        elif code != 1 or not any(word in errors for word in codes.split()):
            problem = f"exit {code}, not {codes}"
        if "panicked" in errors or cpu > CPU_SECONDS or memory > MEMORY:
            problem = f"{problem or ''} {cpu:.1f} s, {memory >> 20} MiB"
        if codes != "hold" and files(directory) != before:
            problem = f"{problem or ''} something was written"
        if problem:
            bad.append(f"{name}: {problem}\n{errors[:600]}")
        path.unlink()

    names, held = [], []
    for name, data, codes in refused():
        if codes == "hold":
            held.append((name, data))
        else:
            check(name, data, codes)
        names.append(name)
    for name, data in odd():
        check(name, data, "any" if name in READ else "H01 F06 H04")
        names.append(name)
    valid = saved(plain())
    for seed in range(40):
        check(f"flipped-{seed}.xlsx", bits_flipped(valid, seed), "any")
        names.append(f"flipped-{seed}.xlsx")
    # Last: these are in order but for one family, and are kept.
    for name, data in held:
        check(name, data, "hold")
    # A file longer than the limit is not read to its end: 2 GiB that take no room on the disk.
    endless = outside / "line-2gib.csv"
    with endless.open("wb") as file:
        file.truncate(2 << 30)
    code, errors, _, cpu, memory = run(lodd, directory, [*UPLOAD, str(endless)])
    if code != 1 or "F04" not in errors or cpu > 2 or memory > 128 * MIB:
        bad.append(f"line-2gib.csv: exit {code}, {cpu} s, {memory >> 20} MiB\n{errors[:600]}")
    names.append("line-2gib.csv")
    print("\n".join(bad))
    print(json.dumps({"files": names, "bad": len(bad), "cpu": most["cpu"], "memory": most["memory"]}))


if __name__ == "__main__":
    main()
