"""The report's page as its tables, figures and running text, read with the standard library."""

from html.parser import HTMLParser

VOID = {"meta", "link", "br", "hr", "path", "rect", "circle", "line"}


class Element:
    def __init__(self, name, attributes):
        self.name, self.attributes, self.pieces = name, dict(attributes), []

    def walk(self):
        yield self
        for it in self.pieces:
            if isinstance(it, Element):
                yield from it.walk()

    def all(self, name):
        return [it for it in self.walk() if it.name == name]

    def first(self, name):
        return next((it for it in self.walk() if it.name == name), None)

    def has_class(self, name):
        return name in (self.attributes.get("class") or "").split()

    def text(self, but=lambda it: False):
        return "".join("" if isinstance(it, Element) and but(it) else it.text(but) if isinstance(it, Element) else it for it in self.pieces)


class Builder(HTMLParser):
    def __init__(self):
        super().__init__()
        self.root = Element("root", {})
        self.open = [self.root]

    def handle_starttag(self, tag, attrs):
        it = Element(tag, attrs)
        self.open[-1].pieces.append(it)
        if tag not in VOID:
            self.open.append(it)

    def handle_startendtag(self, tag, attrs):
        self.open[-1].pieces.append(Element(tag, attrs))

    def handle_endtag(self, tag):
        while self.open.pop().name != tag:
            pass

    def handle_data(self, data):
        self.open[-1].pieces.append(data)


class Cell:
    """What a cell shows, what stands smaller beside it, its badges, and the number behind it."""

    def __init__(self, element):
        small = [it for it in element.walk() if it.has_class("minor")]
        self.minor = " ".join(it.text() for it in small)
        self.badges = [it.text() for it in element.walk() if it.has_class("badge")]
        self.text = element.text(lambda it: it.has_class("minor") or it.has_class("badge")).strip(" ")
        self.whole = element.text()
        data = element.first("data")
        self.value = float(data.attributes["value"]) if data else None
        self.span = (int(element.attributes.get("rowspan", 1)), int(element.attributes.get("colspan", 1)))


class Table:
    def __init__(self, region, notes):
        table = region.first("table")
        self.number = int(table.attributes["id"].removeprefix("table-"))
        caption = table.first("caption")
        self.label = caption.first("strong").text().rstrip(".")
        self.meta = next(it for it in caption.walk() if it.has_class("meta")).text()
        self.caption = caption.text(lambda it: it.name == "strong" or it.has_class("meta")).strip()
        rows = lambda part: [[Cell(it) for it in row.pieces if isinstance(it, Element)] for row in table.first(part).all("tr")]
        self.head, self.rows, self.notes = rows("thead"), rows("tbody"), notes


class Page:
    def __init__(self, path):
        builder = Builder()
        builder.feed(path.read_text(encoding="utf-8"))
        self.root = builder.root
        self.lang = self.root.first("html").attributes["lang"]
        self.title = self.root.first("h1").text()
        self.main = self.root.first("main")
        self.stamps = [it.text() for it in self.root.walk() if it.has_class("stamp")]
        self.headings = [(int(it.name[1]), it.text()) for it in self.main.walk() if it.name in ("h2", "h3", "h4")]
        self.tables = []
        for section in self.main.all("section"):
            at = None
            for it in section.pieces:
                if not isinstance(it, Element):
                    continue
                if it.has_class("table"):
                    at = Table(it, [])
                    self.tables.append(at)
                elif it.has_class("note"):
                    at.notes.append(it.text())
        self.figures = self.main.all("figure")
