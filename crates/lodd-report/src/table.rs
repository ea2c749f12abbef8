//! A table as every format shows it: a caption, what it counts, head, rows, notes.

use std::fmt;

use crate::{
    format::{Format, Style},
    locale::fill,
    model::{Cell, FileKind, Measure, Report, Unit},
    wording::Words,
};

/// Numbers tables and figures through the whole report, from 1.
#[derive(Debug, Default)]
pub(crate) struct Numbering {
    tables: u32,
    figures: u32,
    /// Sections that have been built: their anchor, and the number or title they go by.
    sections: Vec<(&'static str, String)>,
}

impl Numbering {
    pub(crate) fn table(&mut self) -> u32 {
        self.tables += 1;
        self.tables
    }

    /// Remembers what a section goes by.
    pub(crate) fn name(&mut self, anchor: &'static str, name: &str) {
        self.sections.push((anchor, name.to_owned()));
    }

    /// What a section goes by that has been built: its number, or its title.
    pub(crate) fn section(&self, anchor: &str) -> Option<&str> {
        self.sections.iter().find(|it| it.0 == anchor).map(|it| it.1.as_str())
    }

    pub(crate) fn figure(&mut self) -> u32 {
        self.figures += 1;
        self.figures
    }
}

/// A cell's text, with the unrounded number behind it where it was rounded.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shown {
    pub(crate) text: String,
    /// The number as in the Parquet file, for those who read the page by machine.
    pub(crate) exact: Option<Exact>,
    /// What stands smaller beside it, such as the events behind a share.
    pub(crate) minor: Option<String>,
}

/// A number as in the Parquet file, and how its text writes it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Exact {
    pub(crate) value: f64,
    pub(crate) style: Style,
}

impl Shown {
    pub(crate) fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// A count, with the symbols for those without a number.
    pub(crate) fn cell(words: Words, cell: Cell) -> Self {
        let exact = cell.count().map(|n| Exact { value: n as f64, style: Style::Decimals(0) });
        Self { text: words.f.cell(cell), exact, minor: None }
    }

    /// A number that is rounded as `style` says; `..` where there is none.
    pub(crate) fn number(words: Words, x: Option<f64>, style: Style) -> Self {
        let Some(value) = x else { return Self::text("..") };
        let exact = Some(Exact { value, style });
        Self { text: words.f.styled(style, value), exact, minor: None }
    }

    /// A number of this measure, without its unit; `..` where there is none.
    pub(crate) fn value(words: Words, measure: Measure, x: Option<f64>) -> Self {
        Self::number(words, x, Style::of(measure))
    }

    pub(crate) fn with_minor(self, minor: impl Into<String>) -> Self {
        Self { minor: Some(minor.into()), ..self }
    }
}

/// A cell of the head.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) text: String,
    pub(crate) columns: usize,
    pub(crate) rows: usize,
}

impl Head {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self { text: text.into(), columns: 1, rows: 1 }
    }

    /// What it is the head of, for a screen reader.
    pub(crate) fn scope(&self) -> &'static str {
        if self.columns > 1 { "colgroup" } else { "col" }
    }
}

/// How a row stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    /// How many there are: drawn, due, observed.
    Base,
    /// A part of the row above.
    Part,
    Total,
}

impl Kind {
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Base => "base",
            Self::Part => "part",
            Self::Total => "total",
        }
    }
}

/// A row: its head, what stands smaller under it, and one cell a column.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) kind: Kind,
    pub(crate) head: String,
    pub(crate) minor: Option<String>,
    pub(crate) badges: Vec<&'static str>,
    pub(crate) cells: Vec<Shown>,
}

impl Row {
    pub(crate) fn new(kind: Kind, head: impl Into<String>, cells: Vec<Shown>) -> Self {
        Self { kind, head: head.into(), minor: None, badges: Vec::new(), cells }
    }
}

/// A table. Its number is its anchor: `#table-3`.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) number: u32,
    pub(crate) caption: String,
    /// Unit, source, cut and file.
    pub(crate) meta: Vec<Fact>,
    pub(crate) head: Vec<Vec<Head>>,
    pub(crate) rows: Vec<Row>,
    pub(crate) notes: Vec<String>,
}

impl Table {
    /// `Tabell 3`
    pub(crate) fn label(&self, words: Words) -> String {
        fill(words.t.table, &[("n", &self.number.to_string())])
    }

    /// Whether it is of words alone: then nothing is put to the right.
    pub(crate) fn is_text(&self) -> bool {
        let mut cells = self.rows.iter().flat_map(|row| &row.cells);
        cells.all(|cell| cell.exact.is_none() && !Format::is_symbol(&cell.text))
    }

    /// What its line says of this, without the name; empty where it does not.
    pub(crate) fn fact(&self, about: About) -> &str {
        self.meta.iter().find(|it| it.about == about).map_or("", |it| it.bare.as_str())
    }

    /// How many columns it has, the heads of its rows among them.
    pub(crate) fn columns(&self) -> usize {
        let head = self.head.first().map_or(0, |row| row.iter().map(|it| it.columns).sum());
        self.rows.iter().map(|row| row.cells.len() + 1).fold(head, usize::max)
    }

    /// What the region is called that scrolls when the table is wider than the page.
    pub(crate) fn region(&self, words: Words) -> String {
        fill(words.t.region, &[("n", &self.number.to_string())])
    }
}

/// What a fact of the line under a caption is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum About {
    Unit,
    Source,
    Cut,
    File,
    Other,
}

/// One fact of the line under a caption.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fact {
    pub(crate) about: About,
    /// As the line says it: `Enhet: familier`.
    pub(crate) text: String,
    /// Without its name: `familier`.
    pub(crate) bare: String,
}

impl Fact {
    /// A fact that fills a place in a sentence.
    pub(crate) fn named(about: About, sentence: &str, (name, bare): (&str, &str)) -> Self {
        Self { about, text: fill(sentence, &[(name, bare)]), bare: bare.to_owned() }
    }
}

impl From<String> for Fact {
    fn from(text: String) -> Self {
        Self { about: About::Other, bare: text.clone(), text }
    }
}

impl fmt::Display for Fact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// The line under a caption: unit, source, cut, file.
pub(crate) fn meta(
    words: Words,
    report: &Report,
    unit: Unit,
    source: Option<String>,
    file: FileKind,
) -> Vec<Fact> {
    facts(words, report, unit, source, file_name(report, file))
}

/// The line under the caption of a table that stands in the file with this name.
pub(crate) fn facts(
    words: Words,
    report: &Report,
    unit: Unit,
    source: Option<String>,
    file: Option<&str>,
) -> Vec<Fact> {
    let t = words.t;
    let named = Fact::named;
    let unit = named(About::Unit, t.unit, ("unit", words.unit(unit)));
    let source = source.map(|it| named(About::Source, t.source, ("source", &it)));
    let bare = words.f.instant(&report.cut);
    let cut = Fact { about: About::Cut, text: format!("{}: {bare}", t.cut), bare };
    let file = file.map(|it| named(About::File, t.file, ("file", it)));
    [Some(unit), source, Some(cut), file].into_iter().flatten().collect()
}

/// The name of the file that holds a table.
pub(crate) fn file_name(report: &Report, kind: FileKind) -> Option<&str> {
    report.files.iter().find(|file| file.kind == kind).map(|file| file.name.as_str())
}

/// The sentence with its first letter a capital.
pub(crate) fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
