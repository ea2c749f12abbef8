//! What the evaluator's and the auditor's pages have in common beside [`parts`](super::parts): marks,
//! moments, shares, numbers.

use jiff::civil::Date;
use lodd_server::{Block, Cell, Deed, Field, FieldKind, Form, Grid, Link, Sheet};
use lodd_store::Pilot;

use super::{super::words, came_of::came_of};
use crate::{
    clock::{date_text, oslo_text},
    problem::Failure,
    steps::{Context, stamp_of},
    text::{Lang, Text, count},
};

/// What a page says where there is nothing to say.
pub(super) const NONE: &str = "–";

/// A page about the pilot, with what its numbers say of themselves.
///
/// # Errors
///
/// If the pilot can't be read.
pub(super) fn sheet(
    context: &Context,
    pilot: &Pilot,
    (title, lead): (&Text, &Text),
    blocks: Vec<Block>,
) -> Result<Sheet, Failure> {
    let lang = context.lang;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let marks = stamp_of(&draws);
    let marks = marks.iter().map(|it| Block::Mark(it.get(lang).trim().to_owned()));
    Ok(Sheet {
        title: title.get(lang).to_owned(),
        lead: Some(lead.get(lang).to_owned()),
        blocks: marks.chain(blocks).collect(),
    })
}

/// A page, or the page that says why a step refused it.
///
/// # Errors
///
/// If the step could not be run.
pub(super) fn or_refused(
    context: &Context,
    title: &Text,
    made: Result<Sheet, Failure>,
) -> Result<Sheet, Failure> {
    match made {
        Err(failure @ Failure::Refused { .. }) => {
            came_of(context, title.get(context.lang), Err(failure)).map(|it| it.sheet)
        }
        other => other,
    }
}

/// `10.12.2026 10:00` in Oslo; in English `2026-12-10 10:00`.
///
/// # Errors
///
/// If there is no such instant.
pub(super) fn moment(us: i64, lang: Lang) -> Result<String, Failure> {
    let at = oslo_text(us)?;
    let (date, time) = at.split_once('T').unwrap_or((&at, ""));
    let date = date.parse::<Date>().map_err(|error| Failure::internal("date", error))?;
    Ok(format!("{} {}", date_text(date).get(lang), time.get(..5).unwrap_or_default()))
}

/// An instant of a file's metadata, as [`moment`]; as it stands where it is none.
pub(super) fn moment_of(iso: &str, lang: Lang) -> String {
    let us = iso.parse::<jiff::Timestamp>().map(jiff::Timestamp::as_microsecond).ok();
    us.and_then(|it| moment(it, lang).ok()).unwrap_or_else(|| iso.to_owned())
}

/// `83,3 %`; none of nothing.
pub(super) fn percent(part: usize, whole: usize, lang: Lang) -> String {
    if whole == 0 {
        return NONE.to_owned();
    }
    let share = Text::number(format!("{:.1}", 100.0 * part as f64 / whole as f64));
    let space = if lang == Lang::En { "" } else { "\u{a0}" };
    format!("{}{space}%", share.get(lang))
}

/// A number with four decimals, or why there is none.
pub(super) fn decimals(value: Option<f64>, lang: Lang) -> String {
    let written = |it: f64| Text::number(format!("{it:.4}")).get(lang).replace('-', "\u{2212}");
    value.map_or_else(|| "..".to_owned(), written)
}

pub(super) fn said(text: impl Into<String>) -> Cell {
    Cell::Text(text.into())
}

pub(super) fn counted(n: impl TryInto<u64>) -> Cell {
    Cell::Number(count(n))
}

/// A table, its words in the language.
pub(super) fn grid(caption: &Text, head: &[Text], rows: Vec<Vec<Cell>>, lang: Lang) -> Block {
    let head = head.iter().map(|it| it.get(lang).to_owned()).collect();
    Block::Table(Grid { caption: caption.get(lang).to_owned(), head, rows })
}

pub(super) fn heading(text: &Text, lang: Lang) -> Block {
    Block::Heading(text.get(lang).to_owned())
}

/// How something stands: marked where it is not as it is to be.
pub(super) fn state(good: bool, text: &Text, lang: Lang) -> Block {
    let text = text.get(lang).to_owned();
    if good { Block::Text(text) } else { Block::Mark(text) }
}

pub(super) fn paragraph(text: &Text, lang: Lang) -> Block {
    Block::Text(text.get(lang).to_owned())
}

pub(super) fn link(href: impl Into<String>, text: impl Into<String>) -> Link {
    Link { href: href.into(), text: text.into(), is_file: false }
}

/// A form's words.
pub(super) struct FormWords {
    pub(super) title: Text,
    pub(super) why: Text,
    pub(super) button: Text,
}

pub(super) fn form(deed: Deed, words: &FormWords, fields: Vec<Field>, lang: Lang) -> Block {
    let own = |it: &Text| it.get(lang).to_owned();
    let FormWords { title, why, button } = words;
    let (title, why, button) = (own(title), Some(own(why)), own(button));
    Block::Form(Form { deed, title, why, fields, button })
}

/// A question that need not be answered.
pub(super) fn field(name: &str, kind: FieldKind, label: &Text, lang: Lang) -> Field {
    Field {
        name: name.to_owned(),
        label: label.get(lang).to_owned(),
        hint: None,
        kind,
        value: String::new(),
        required: false,
    }
}

/// What a form sends without asking.
pub(super) fn hidden(name: &str, value: impl Into<String>) -> Field {
    let value = value.into();
    let label = String::new();
    Field {
        name: name.to_owned(),
        label,
        hint: None,
        kind: FieldKind::Hidden,
        value,
        required: false,
    }
}
