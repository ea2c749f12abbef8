"""Reads a tagged PDF as a screen reader does: by its structure, with the text of each marked piece.

Of PDF 32000-1: 14.7 (structure), 14.6 (marked content), 9.10 (text from character codes).
"""

import re

import pikepdf


def codes(hexes: str) -> str:
    return bytes.fromhex(hexes).decode("utf-16-be")


def unicode_map(font) -> dict[int, str]:
    """Character code to text, from the font's ToUnicode."""
    text = bytes(font.ToUnicode.read_bytes()).decode("latin-1")
    out = {}
    for part in re.findall(r"beginbfchar(.*?)endbfchar", text, re.S):
        for code, to in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>", part):
            out[int(code, 16)] = codes(to)
    for part in re.findall(r"beginbfrange(.*?)endbfrange", text, re.S):
        for low, high, to in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            for n in range(int(low, 16), int(high, 16) + 1):
                start = codes(to)
                out[n] = start[:-1] + chr(ord(start[-1]) + n - int(low, 16))
        assert "[" not in part, "a range of single texts, which is not read here"
    return out


class Pages:
    """The text of every marked piece: `texts[page][mcid]`, and what is drawn outside all marks."""

    def __init__(self, pdf):
        self.texts, self.artifacts, self.unmarked, self.fonts = [], [], [], {}
        for page in pdf.pages:
            self.page = {}
            self.artifact = ""
            self.bare = 0
            self.stack, self.font = [], None
            self.read(page, page.Resources)
            assert not self.stack, "a mark that never ends"
            self.texts.append(self.page)
            self.artifacts.append(self.artifact)
            self.unmarked.append(self.bare)

    def read(self, stream, resources):
        for operands, operator in pikepdf.parse_content_stream(stream):
            name = str(operator)
            if name in ("BDC", "BMC"):
                self.begin(name, operands, resources)
            elif name == "EMC":
                self.end(self.stack.pop())
            elif name == "Tf":
                self.font = self.font_of(resources.Font[str(operands[0])])
            elif name in ("Tj", "'", '"'):
                self.show(bytes(operands[-1]))
            elif name == "TJ":
                self.show(b"".join(bytes(it) for it in operands[0] if isinstance(it, pikepdf.String)))
            elif name in ("f", "F", "f*", "S", "s", "B", "B*", "b", "b*", "sh"):
                self.bare += not self.stack
            elif name == "Do":
                it = resources.XObject[str(operands[0])]
                if it.Subtype == "/Form":
                    self.read(it, it.get("/Resources", resources))
                else:
                    self.bare += not self.stack

    def begin(self, name, operands, resources):
        properties = operands[1] if name == "BDC" else {}
        if isinstance(properties, pikepdf.Name):
            properties = resources.Properties[str(properties)]
        self.stack.append([str(operands[0]), properties.get("/MCID"), properties.get("/ActualText"), ""])

    def end(self, mark):
        tag, mcid, actual, text = mark
        text = str(actual) if actual is not None else text
        if mcid is not None:
            assert int(mcid) not in self.page, "a mark used twice"
            self.page[int(mcid)] = text
        elif tag == "/Artifact":
            self.artifact += text
        elif self.stack:
            self.stack[-1][3] += text

    def font_of(self, font):
        key = font.objgen
        if key not in self.fonts:
            self.fonts[key] = (unicode_map(font), font)
        return self.fonts[key][0]

    def show(self, raw):
        text = "".join(self.font[int.from_bytes(raw[i:i + 2], "big")] for i in range(0, len(raw), 2))
        if self.stack:
            self.stack[-1][3] += text
        else:
            self.bare += 1


class Node:
    """One element of the structure: its kind, attributes, and pieces (text or elements) in order."""

    def __init__(self, element, reader, lang):
        self.kind = str(element.S).lstrip("/")
        self.kind = reader.roles.get(self.kind, self.kind)
        self.alt = str(element.Alt) if "/Alt" in element else None
        self.lang = str(element.Lang) if "/Lang" in element else lang
        self.attributes = {}
        attributes = element.get("/A")
        for it in attributes if isinstance(attributes, pikepdf.Array) else [attributes] if attributes is not None else []:
            self.attributes.update({str(k): v for k, v in it.items()})
        self.pieces = []
        page = element.get("/Pg")
        kids = element.get("/K", [])
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, pikepdf.Dictionary):
                kind = str(kid.get("/Type", "/StructElem"))
                if kind == "/StructElem":
                    self.pieces.append(Node(kid, reader, self.lang))
                elif kind == "/MCR":
                    self.pieces.append(reader.take(kid.get("/Pg", page), kid.MCID))
            else:
                self.pieces.append(reader.take(page, kid))

    def walk(self):
        yield self
        for it in self.pieces:
            if isinstance(it, Node):
                yield from it.walk()

    def all(self, kind):
        return [it for it in self.walk() if it.kind == kind]

    def text(self, but=()):
        return "".join("" if isinstance(it, Node) and it.kind in but else it.text(but) if isinstance(it, Node) else it for it in self.pieces)


class Tagged:
    def __init__(self, path):
        self.pdf = pikepdf.open(path)
        self.pages = Pages(self.pdf)
        self.numbers = {page.objgen: at for at, page in enumerate(self.pdf.pages)}
        self.taken = set()
        tree = self.pdf.Root.StructTreeRoot
        self.roles = {str(k).lstrip("/"): str(v).lstrip("/") for k, v in tree.get("/RoleMap", {}).items()}
        kids = tree.K if isinstance(tree.K, pikepdf.Array) else [tree.K]
        self.roots = [Node(kid, self, str(self.pdf.Root.Lang)) for kid in kids]

    def take(self, page, mcid):
        at = (self.numbers[page.objgen], int(mcid))
        assert at not in self.taken, "a piece that stands in two elements"
        self.taken.add(at)
        return self.pages.texts[at[0]][at[1]]

    def orphans(self):
        """Marked pieces that no element holds."""
        return [(p, m) for p, it in enumerate(self.pages.texts) for m in it if (p, m) not in self.taken]

    def all(self, kind):
        return [it for root in self.roots for it in root.all(kind)]

    def walk(self):
        for root in self.roots:
            yield from root.walk()
