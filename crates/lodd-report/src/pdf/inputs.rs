//! The document as the values that the template is filled from.
//!
//! Text is a value here and stays one; consecutive blocks that need a page on its side are one run.

use typst::foundations::{Array, Bytes, Dict, IntoValue, Str, Value};

use super::{
    fonts::{FONTS, TEXT},
    widths::{self, PORTRAIT},
};
use crate::{
    ReportError,
    document::{Block, Document, Section},
    figures::{Figure, svg},
    format::Format,
    html::is_code,
    table::{Fact, Head, Row, Shown, Table},
    wording::Words,
};

/// The tallest a figure may be, in points: with its caption it fits a page.
const FIGURE_HEIGHT: f64 = 620.0;

/// A table that has no more rows and letters than these is not broken over pages.
const WHOLE_ROWS: usize = 15;
const WHOLE_LETTERS: usize = 2_500;

/// Everything the template shows.
///
/// # Errors
///
/// If a figure has no size.
pub(super) fn inputs(document: &Document) -> Result<Dict, ReportError> {
    let words = Words::new(document.lang);
    let mut blocks = Vec::new();
    for section in &document.sections {
        section_blocks(words, section, &mut blocks)?;
    }
    Ok(dict([
        ("lang", text(document.lang.code())),
        ("title", text(&document.title)),
        ("kind", text(&document.kind)),
        ("pilot", text(&document.pilot)),
        ("authors", texts(&document.authors)),
        ("stamps", texts(&document.stamps)),
        ("facts", facts(&document.facts)),
        ("contents", text(words.t.contents)),
        ("runs", runs(blocks)),
    ]))
}

/// A block, and the page it needs.
struct Placed {
    is_heading: bool,
    landscape: bool,
    value: Dict,
}

/// Blocks in a row that need the same page. A heading goes with what is under it.
fn runs(blocks: Vec<Placed>) -> Value {
    let mut runs: Vec<(bool, Vec<Placed>)> = Vec::new();
    for block in blocks {
        match runs.last_mut() {
            Some((landscape, run)) if *landscape == block.landscape => run.push(block),
            Some((false, run)) => {
                let is_text = |it: &Placed| !it.is_heading;
                let keep = run.iter().rposition(is_text).map_or(0, |it| it + 1);
                let mut with = run.split_off(keep);
                with.push(block);
                runs.push((true, with));
            }
            _ => runs.push((block.landscape, vec![block])),
        }
    }
    let runs = runs.into_iter().filter(|(_, run)| !run.is_empty()).map(|(landscape, run)| {
        let blocks: Array = run.into_iter().map(|it| it.value.into_value()).collect();
        dict([("landscape", landscape.into_value()), ("blocks", blocks.into_value())]).into_value()
    });
    runs.collect::<Array>().into_value()
}

/// The blocks of a section after its heading.
fn section_blocks(
    words: Words,
    section: &Section,
    out: &mut Vec<Placed>,
) -> Result<(), ReportError> {
    let lang = section.own_lang(words.lang).unwrap_or(words.lang);
    let level = if section.is_part() { 2 } else { 1 };
    let title = match &section.number {
        Some(number) => format!("{number} {}", section.title),
        None => section.title.clone(),
    };
    let mut push = |kind: &str, landscape: bool, fields: Vec<(&str, Value)>| {
        let mut value = dict([("kind", text(kind)), ("lang", text(lang.code()))]);
        for (name, field) in fields {
            value.insert(Str::from(name), field);
        }
        out.push(Placed { is_heading: kind == "heading", landscape, value });
    };
    push("heading", false, heading(level, &title));
    let words = Words::new(lang);
    for block in &section.blocks {
        match block {
            Block::Heading(it) => push("heading", false, heading(level + 1, it)),
            Block::Paragraph(it) => push("paragraph", false, vec![("text", text(it))]),
            Block::Finding { name, badges, text: it } => push(
                "finding",
                false,
                vec![("name", text(name)), ("badges", texts(badges)), ("text", text(it))],
            ),
            Block::List(items) => push("list", false, vec![("items", texts(items))]),
            Block::Facts(it) => push("facts", false, vec![("facts", facts(it))]),
            Block::Commands(lines) => push("commands", false, vec![("text", command(lines))]),
            Block::Table(it) => {
                let (landscape, fields) = table(words, it);
                push("table", landscape, fields);
            }
            Block::Figure(it) => {
                push("figure", false, figure(words, it)?);
                if let Some(it) = &it.table {
                    let (landscape, fields) = table(words, it);
                    push("table", landscape, fields);
                }
            }
        }
    }
    Ok(())
}

fn heading(level: i64, title: &str) -> Vec<(&'static str, Value)> {
    vec![("level", level.into_value()), ("text", text(title))]
}

fn command(lines: &[String]) -> Value {
    let lines: Vec<_> = lines.iter().map(|line| FONTS.shown(line)).collect();
    Str::from(lines.join("\n")).into_value()
}

fn figure(words: Words, figure: &Figure) -> Result<Vec<(&'static str, Value)>, ReportError> {
    let lost = || ReportError::Figure(figure.title.clone());
    let height = svg::height(&figure.svg).filter(|it| *it > 0.0).ok_or_else(lost)?;
    let width = PORTRAIT.min(FIGURE_HEIGHT * svg::WIDTH / height);
    let drawing = FONTS.shown(&figure.svg);
    Ok(vec![
        ("label", text(&words.figure(figure.number))),
        ("caption", text(&format!("{}.", figure.title))),
        ("meta", meta(&figure.meta)),
        ("alt", text(&format!("{}. {}", figure.title, figure.description))),
        ("svg", Bytes::from_string(svg::alone(&drawing, TEXT)).into_value()),
        ("width", width.into_value()),
    ])
}

/// Whether the table stays on one page: it is short, and has no text that could fill one.
fn is_whole(table: &Table) -> bool {
    let cells = table.rows.iter().flat_map(|row| &row.cells);
    let minors = |it: &Shown| it.text.len() + it.minor.as_ref().map_or(0, String::len);
    let heads =
        table.rows.iter().map(|it| it.head.len() + it.minor.as_ref().map_or(0, String::len));
    let letters = cells.map(minors).chain(heads).sum::<usize>();
    !table.is_text() && table.rows.len() <= WHOLE_ROWS && letters <= WHOLE_LETTERS
}

/// Whether the table needs a page on its side, and its fields.
fn table(words: Words, table: &Table) -> (bool, Vec<(&'static str, Value)>) {
    let set = widths::set(table);
    let is_text = table.is_text();
    let widths: Array = set.widths.iter().map(|it| it.into_value()).collect();
    let head: Array = table.head.iter().map(|row| array(row.iter().map(head_cell))).collect();
    let fields = vec![
        ("label", text(&table.label(words))),
        ("caption", text(&table.caption)),
        ("meta", meta(&table.meta)),
        ("is-text", is_text.into_value()),
        ("is-whole", is_whole(table).into_value()),
        ("size", set.size.into_value()),
        ("widths", widths.into_value()),
        ("head", head.into_value()),
        ("rows", array(table.rows.iter().map(row))),
        ("notes", texts(&table.notes)),
    ];
    (set.landscape, fields)
}

fn head_cell(head: &Head) -> Value {
    dict([
        ("text", text(&head.text)),
        ("columns", head.columns.into_value()),
        ("rows", head.rows.into_value()),
    ])
    .into_value()
}

fn row(row: &Row) -> Value {
    dict([
        ("kind", text(row.kind.class())),
        ("head", text(&row.head)),
        ("minor", row.minor.as_deref().map_or(Value::None, text)),
        ("badges", texts(&row.badges)),
        ("cells", array(row.cells.iter().map(cell))),
    ])
    .into_value()
}

fn cell(cell: &Shown) -> Value {
    let is_exact = cell.exact.is_some() || Format::is_symbol(&cell.text);
    dict([
        ("text", text(&cell.text)),
        ("exact", is_exact.into_value()),
        ("code", is_code(&cell.text).into_value()),
        ("minor", cell.minor.as_deref().map_or(Value::None, text)),
    ])
    .into_value()
}

fn facts(facts: &[(String, String)]) -> Value {
    array(facts.iter().map(|(name, fact)| {
        let code = is_code(fact).into_value();
        dict([("name", text(name)), ("text", text(fact)), ("code", code)]).into_value()
    }))
}

fn meta(facts: &[Fact]) -> Value {
    let facts: Vec<&str> = facts.iter().map(|it| it.text.as_str()).collect();
    text(&facts.join(" · "))
}

fn texts(all: &[impl AsRef<str>]) -> Value {
    array(all.iter().map(|it| text(it.as_ref())))
}

fn array(all: impl Iterator<Item = Value>) -> Value {
    all.collect::<Array>().into_value()
}

fn text(text: &str) -> Value {
    Str::from(FONTS.shown(text).into_owned()).into_value()
}

fn dict<const N: usize>(fields: [(&str, Value); N]) -> Dict {
    fields.into_iter().map(|(name, value)| (Str::from(name), value)).collect()
}
