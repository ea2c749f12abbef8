//! Parts that pages are made of: words, times, cells, fields.

use jiff::Timestamp;
use lodd_server::{Block, Cell, Deed, Field, FieldKind, Form, Grid, Link};

use crate::{
    beacon::times,
    clock::{date_text, oslo_text},
    problem::Failure,
    steps::Context,
    text::{Lang, Text, say},
};

/// A sentence as a page says it: without the marks that set off a command on a terminal.
pub(super) fn plain(lang: Lang, text: &Text) -> String {
    text.get(lang).trim().replace('`', "")
}

pub(super) fn heading(lang: Lang, text: &Text) -> Block {
    Block::Heading(plain(lang, text))
}

pub(super) fn para(lang: Lang, text: &Text) -> Block {
    Block::Text(plain(lang, text))
}

/// `01.09.2026 kl. 10.00` in Norwegian, ISO in English; `us`: µs since the epoch.
///
/// # Errors
///
/// If it is beyond what a clock can tell.
pub(super) fn when(us: i64) -> Result<Text, Failure> {
    let at = oslo_text(us)?;
    let (date, time) = at.split_once('T').unwrap_or((&at, ""));
    let time = time.get(..5).unwrap_or_default();
    let date = date.parse().map_err(|error| Failure::internal("date", error))?;
    let (date, clock) = (date_text(date), time.replace(':', "."));
    let (nb, en) = (&date.nb, &date.en);
    Ok(say!("{nb} kl. {clock}", "{en} {time}"))
}

/// A day, in days since 1970-01-01.
pub(super) fn day(days: i32) -> Text {
    let first = jiff::civil::date(1970, 1, 1);
    let date = first.checked_add(jiff::Span::new().days(days));
    date.map_or_else(|_| Text::same("–"), date_text)
}

/// The wait for a moment; words alone when it has come.
///
/// # Errors
///
/// If the moment can't be told.
pub(super) fn until(context: &Context, at: Timestamp, what: &Text) -> Result<Block, Failure> {
    let lang = context.lang;
    let shown = times::shown(at)?;
    let (nb, nn, en) = (&what.nb, what.get(Lang::Nn), &what.en);
    let (at_nb, at_en) = (&shown.nb, &shown.en);
    let text = say!("{nb} {at_nb}", nn "{nn} {at_nb}", "{en} {at_en}");
    let left = say!("Tid igjen:", nn "Tid att:", "Time left:");
    let over = say!(
        "Tidspunktet er kommet. Last siden på nytt.",
        nn "Tidspunktet er kome. Last sida på nytt.",
        "The time has come. Load the page again."
    );
    Ok(Block::Until {
        at_us: at.as_microsecond(),
        now_us: context.clock.now().as_microsecond(),
        text: plain(lang, &text),
        left: plain(lang, &left),
        over: plain(lang, &over),
    })
}

pub(super) fn link(lang: Lang, href: impl Into<String>, text: &Text) -> Link {
    Link { href: href.into(), text: plain(lang, text), is_file: false }
}

pub(super) fn file(href: impl Into<String>, name: &str) -> Link {
    Link { href: href.into(), text: name.to_owned(), is_file: true }
}

/// A table: its caption and headings are said in the reader's language.
pub(super) fn table(
    lang: Lang,
    caption: &Text,
    head: impl IntoIterator<Item = Text>,
    rows: Vec<Vec<Cell>>,
) -> Block {
    let head = head.into_iter().map(|it| plain(lang, &it)).collect();
    Block::Table(Grid { caption: plain(lang, caption), head, rows })
}

pub(super) fn words(lang: Lang, text: &Text) -> Cell {
    Cell::Text(plain(lang, text))
}

/// What can be done, without fields yet.
pub(super) fn form(lang: Lang, deed: Deed, title: &Text, button: &Text) -> Form {
    Form {
        deed,
        title: plain(lang, title),
        why: None,
        fields: Vec::new(),
        button: plain(lang, button),
    }
}

/// A field that may be left empty.
pub(super) fn field(lang: Lang, name: &str, kind: FieldKind, label: &Text) -> Field {
    Field {
        name: name.to_owned(),
        label: plain(lang, label),
        hint: None,
        kind,
        value: String::new(),
        required: false,
    }
}

/// A value that goes with a form, not shown.
pub(super) fn hidden(name: &str, value: impl Into<String>) -> Field {
    let blank = field(Lang::Nb, name, FieldKind::Hidden, &Text::default());
    Field { value: value.into(), ..blank }
}

/// The same field, that must be answered.
pub(super) fn required(field: Field) -> Field {
    Field { required: true, ..field }
}

/// The same field with what helps to answer it.
pub(super) fn hint(lang: Lang, field: Field, text: &Text) -> Field {
    Field { hint: Some(plain(lang, text)), ..field }
}

/// `Trekning 3`.
pub(super) fn draw_title(number: i64) -> Text {
    say!("Trekning {number}", nn "Trekking {number}", "Draw {number}")
}
