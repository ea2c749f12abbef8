//! Reads a TOML file so that *all* its mistakes come out at once, each with line and column.
//!
//! A [`Node`] is one table. Asking it for a key gives the value or records a mistake; a key
//! that nobody asked for is a mistake too, with the nearest known key as a suggestion.

mod values;

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    rc::Rc,
};

use jiff::civil::Date;
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use values::number;
pub(crate) use values::{did_you_mean, integer, nearest};

use crate::{
    problem::{Place, Problem},
    text::{Lang, Text, say},
};

/// A file being read, and the mistakes found in it so far.
#[derive(Debug)]
pub(crate) struct Source<'i> {
    file: String,
    text: &'i str,
    mistakes: RefCell<Vec<(usize, Problem)>>,
    /// Whether the text is no TOML: then nothing else that is missing from it is worth saying.
    broken: Cell<bool>,
    /// Where each path that was asked for stands.
    places: RefCell<BTreeMap<String, Range<usize>>>,
}

impl<'i> Source<'i> {
    pub(crate) fn new(file: impl Into<String>, text: &'i str) -> Rc<Self> {
        let (mistakes, broken, places) = Default::default();
        Rc::new(Self { file: file.into(), text, mistakes, broken, places })
    }

    /// Line and column, from 1; columns count characters.
    fn position(&self, offset: usize) -> (usize, usize) {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before.get(line_start..).map_or(0, |line| line.chars().count());
        (before.matches('\n').count() + 1, column + 1)
    }

    pub(crate) fn mistake(&self, at: usize, field: &str, message: Text) {
        self.record(at, field, message, None);
    }

    pub(crate) fn record(&self, at: usize, field: &str, message: Text, fix: Option<Text>) {
        self.problem(at, field, Problem { message, fix, ..Problem::default() });
    }

    /// Records a problem, with its place.
    fn problem(&self, at: usize, field: &str, problem: Problem) {
        if self.broken.get() {
            return;
        }
        let place = Place {
            file: Some(self.file.clone()),
            line: Some(self.position(at)),
            field: (!field.is_empty()).then(|| field.to_owned()),
            ..Place::default()
        };
        self.mistakes.borrow_mut().push((at, Problem { place, ..problem }));
    }

    /// Records a mistake at a path such as `screening.rule[2].sql`, `offset` characters (from 1)
    /// into its text.
    pub(crate) fn mistake_at_path(&self, path: &str, offset: Option<usize>, message: Text) {
        let places = self.places.borrow();
        let parent =
            |path: &str| path.rfind(['.', '[']).and_then(|at| path.get(..at)).map(str::to_owned);
        let mut known = path.to_owned();
        while !places.contains_key(&known) {
            match parent(&known) {
                Some(shorter) => known = shorter,
                None => break,
            }
        }
        let span = places.get(&known).cloned().unwrap_or_default();
        let inside =
            offset.filter(|_| known == path).map_or(0, |offset| self.inside(&span, offset));
        self.record(span.start + inside, path, message, None);
    }

    /// Bytes from the start of a quoted text to its character number `offset`.
    fn inside(&self, span: &Range<usize>, offset: usize) -> usize {
        let quoted = self.text.get(span.clone()).unwrap_or_default();
        let long = ["\"\"\"", "'''"].iter().any(|quote| quoted.starts_with(quote));
        let quotes = if long { 3 } else { 1 };
        let text = quoted.get(quotes..).unwrap_or_default();
        let skipped = text.char_indices().nth(offset.saturating_sub(1)).map_or(0, |(at, _)| at);
        quotes + skipped
    }

    /// All mistakes in the order of the file.
    pub(crate) fn finish(&self) -> Vec<Problem> {
        let mut mistakes = self.mistakes.take();
        mistakes.sort_by_key(|(at, _)| *at);
        mistakes.into_iter().map(|(_, problem)| problem).collect()
    }

    /// Parses the text; syntax errors are recorded and the rest is read as far as it goes.
    pub(crate) fn root(self: &Rc<Self>) -> Node<'i> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let what = error.message().to_owned();
            self.mistake(at, "", say!("ikke gyldig TOML: {what}", "not valid TOML: {what}"));
        }
        self.broken.set(!self.mistakes.borrow().is_empty());
        let span = 0..0;
        Node::new(Rc::clone(self), table.into_inner(), span, String::new())
    }
}

/// One table of the file.
#[derive(Debug)]
pub(crate) struct Node<'i> {
    source: Rc<Source<'i>>,
    table: DeTable<'i>,
    span: Range<usize>,
    path: String,
    asked: RefCell<BTreeSet<&'static str>>,
}

impl<'i> Node<'i> {
    fn new(source: Rc<Source<'i>>, table: DeTable<'i>, span: Range<usize>, path: String) -> Self {
        Self { source, table, span, path, asked: RefCell::default() }
    }

    pub(crate) fn path(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// Where a key's value stands, else the table.
    pub(crate) fn at(&self, key: &str) -> usize {
        self.table.get(key).map_or(self.span.start, |value| value.span().start)
    }

    pub(crate) fn has(&self, key: &'static str) -> bool {
        self.find(key).is_some()
    }

    fn find(&self, key: &'static str) -> Option<&Spanned<DeValue<'i>>> {
        self.asked.borrow_mut().insert(key);
        let value = self.table.get(key)?;
        self.source.places.borrow_mut().insert(self.path(key), value.span());
        Some(value)
    }

    /// Line and column of a key's value, from 1.
    pub(crate) fn line(&self, key: &str) -> (usize, usize) {
        self.source.position(self.at(key))
    }

    /// Where a key's value stands, or with no key the table, for what is found when it is used.
    pub(crate) fn place(&self, key: &str) -> Place {
        let (file, line) = (Some(self.source.file.clone()), Some(self.line(key)));
        let field = if key.is_empty() { self.path.clone() } else { self.path(key) };
        Place { file, line, field: Some(field), ..Place::default() }
    }

    pub(crate) fn mistake(&self, key: &str, message: Text) {
        self.source.mistake(self.at(key), &self.path(key), message);
    }

    pub(crate) fn mistake_with(&self, key: &str, message: Text, fix: Text) {
        self.source.record(self.at(key), &self.path(key), message, Some(fix));
    }

    /// A mistake that the catalogue has a code and words for.
    pub(crate) fn problem(&self, key: &str, problem: Problem) {
        self.source.problem(self.at(key), &self.path(key), problem);
    }

    fn missing(&self, key: &str) {
        let name = self.path(key);
        self.mistake(key, say!("`{name}` mangler", nn "`{name}` manglar", "`{name}` is missing"));
    }

    fn wrong(&self, key: &str, expected: &Text, value: &DeValue<'_>) {
        let (name, found) = (self.path(key), value.type_str());
        let (nb, nn, en) = (&expected.nb, expected.get(Lang::Nn), &expected.en);
        let message = say!(
            "`{name}` må være {nb}, fant {found}", nn "`{name}` må vere {nn}, fann {found}",
            "`{name}` must be {en}, found {found}"
        );
        self.mistake(key, message);
    }

    fn take<T>(
        &self,
        key: &'static str,
        expected: &Text,
        read: impl Fn(&DeValue<'i>) -> Option<T>,
    ) -> Option<T> {
        let value = self.find(key)?.get_ref();
        let got = read(value);
        if got.is_none() {
            self.wrong(key, expected, value);
        }
        got
    }

    fn need<T>(&self, key: &'static str, got: Option<T>) -> Option<T> {
        if !self.has(key) {
            self.missing(key);
        }
        got
    }

    pub(crate) fn text_or_none(&self, key: &'static str) -> Option<String> {
        let words = Text::new("en tekst", "a text").nn("ein tekst");
        self.take(key, &words, |value| value.as_str().map(str::to_owned))
    }

    /// A text that must be there; empty on a mistake, which is recorded.
    pub(crate) fn text(&self, key: &'static str) -> String {
        self.need(key, self.text_or_none(key)).unwrap_or_default()
    }

    pub(crate) fn integer_or_none(&self, key: &'static str) -> Option<i64> {
        let words = Text::new("et heltall", "a whole number").nn("eit heiltal");
        self.take(key, &words, integer)
    }

    /// A whole number that must be there and within `range`.
    pub(crate) fn integer(&self, key: &'static str, range: std::ops::RangeInclusive<i64>) -> i64 {
        let got = self.need(key, self.integer_or_none(key)).unwrap_or(*range.start());
        if !range.contains(&got) {
            let (name, low, high) = (self.path(key), range.start(), range.end());
            self.mistake(
                key,
                say!(
                    "`{name}` må være fra {low} til {high}, fant {got}",
                    nn "`{name}` må vere frå {low} til {high}, fann {got}",
                    "`{name}` must be from {low} to {high}, found {got}"
                ),
            );
        }
        got
    }

    pub(crate) fn number_or_none(&self, key: &'static str) -> Option<f64> {
        let words = Text::new("et tall", "a number").nn("eit tal");
        self.take(key, &words, number)
    }

    /// A number that must be there; 0 on a mistake, which is recorded.
    pub(crate) fn number(&self, key: &'static str) -> f64 {
        self.need(key, self.number_or_none(key)).unwrap_or_default()
    }

    pub(crate) fn flag(&self, key: &'static str, default: bool) -> bool {
        let words = Text::new("true eller false", "true or false");
        self.take(key, &words, DeValue::as_bool).unwrap_or(default)
    }

    pub(crate) fn date_or_none(&self, key: &'static str) -> Option<Date> {
        let words = Text::new("en dato som \"2016-12-31\"", "a date like \"2016-12-31\"")
            .nn("ein dato som \"2016-12-31\"");
        self.take(key, &words, |value| match value {
            DeValue::Datetime(it) => it.to_string().parse().ok(),
            other => other.as_str().and_then(|text| text.parse().ok()),
        })
    }

    pub(crate) fn date(&self, key: &'static str) -> Date {
        self.need(key, self.date_or_none(key)).unwrap_or(Date::constant(1970, 1, 1))
    }

    pub(crate) fn texts_or_none(&self, key: &'static str) -> Option<Vec<String>> {
        let words = Text::new("en liste av tekster", "a list of texts").nn("ei liste av tekstar");
        self.take(key, &words, |value| {
            value.as_array()?.iter().map(|it| it.get_ref().as_str().map(str::to_owned)).collect()
        })
    }

    /// A text, or a list of texts.
    pub(crate) fn text_or_texts(&self, key: &'static str) -> Option<Vec<String>> {
        let words = Text::new("en tekst eller en liste av tekster", "a text or a list of texts")
            .nn("ein tekst eller ei liste av tekstar");
        self.take(key, &words, |value| match value.as_str() {
            Some(one) => Some(vec![one.to_owned()]),
            None => value
                .as_array()?
                .iter()
                .map(|it| it.get_ref().as_str().map(str::to_owned))
                .collect(),
        })
    }

    pub(crate) fn numbers_or_none(&self, key: &'static str) -> Option<Vec<f64>> {
        let words = Text::new("en liste av tall", "a list of numbers").nn("ei liste av tal");
        self.take(key, &words, |value| {
            value.as_array()?.iter().map(|it| number(it.get_ref())).collect()
        })
    }

    pub(crate) fn texts(&self, key: &'static str) -> Vec<String> {
        self.need(key, self.texts_or_none(key)).unwrap_or_default()
    }

    pub(crate) fn integers_or_none(&self, key: &'static str) -> Option<Vec<i64>> {
        let words =
            Text::new("en liste av heltall", "a list of whole numbers").nn("ei liste av heiltal");
        self.take(key, &words, |value| {
            value.as_array()?.iter().map(|it| integer(it.get_ref())).collect()
        })
    }

    /// One of a fixed set of words.
    pub(crate) fn choice<T: Copy>(&self, key: &'static str, choices: &[(&str, T)]) -> Option<T> {
        let text = self.text_or_none(key)?;
        let found = choices.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        if found.is_none() {
            let (name, names) =
                (self.path(key), choices.iter().map(|(n, _)| *n).collect::<Vec<_>>());
            let one_of = names.join(", ");
            let message = say!(
                "`{name}` må være en av {one_of}, fant `{text}`",
                nn "`{name}` må vere ein av {one_of}, fann `{text}`",
                "`{name}` must be one of {one_of}, found `{text}`"
            );
            match nearest(&text, names.iter().copied()) {
                Some(near) => self.mistake_with(key, message, did_you_mean(near)),
                None => self.mistake(key, message),
            }
        }
        found
    }

    /// A table that may be absent.
    pub(crate) fn table_or_none(&self, key: &'static str) -> Option<Self> {
        let words = Text::new(
            format!("en tabell [{}]", self.path(key)),
            format!("a table [{}]", self.path(key)),
        );
        let table = self.take(key, &words, |value| value.as_table().cloned())?;
        Some(Self::new(Rc::clone(&self.source), table, self.span_of(key), self.path(key)))
    }

    /// A table that must be there; `None` after a recorded mistake.
    pub(crate) fn table(&self, key: &'static str) -> Option<Self> {
        self.need(key, self.table_or_none(key))
    }

    /// An array of tables, possibly empty.
    pub(crate) fn tables(&self, key: &'static str) -> Vec<Self> {
        let words = Text::new(
            format!("tabeller [[{}]]", self.path(key)),
            format!("tables [[{}]]", self.path(key)),
        );
        let list = self.take(key, &words, |value| {
            let items = value.as_array()?.iter();
            items
                .map(|it| it.get_ref().as_table().map(|table| (table.clone(), it.span())))
                .collect::<Option<Vec<_>>>()
        });
        let node = |(i, (table, span)): (usize, (DeTable<'i>, Range<usize>))| {
            let path = format!("{}[{i}]", self.path(key));
            self.source.places.borrow_mut().insert(path.clone(), span.clone());
            Self::new(Rc::clone(&self.source), table, span, path)
        };
        list.unwrap_or_default().into_iter().enumerate().map(node).collect()
    }

    /// The keys and values of a free table, such as a rule's parameters.
    pub(crate) fn entries(&self) -> impl Iterator<Item = (&str, &DeValue<'i>)> {
        self.table.iter().map(|(key, value)| (key.get_ref().as_ref(), value.get_ref()))
    }

    /// Records every key that nobody asked for.
    pub(crate) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table.iter().filter(|(key, _)| !asked.contains(key.get_ref().as_ref()))
        {
            let name = self.path(key.get_ref());
            let message =
                say!("ukjent nøkkel `{name}`", nn "ukjend nøkkel `{name}`", "unknown key `{name}`");
            let fix = nearest(key.get_ref(), asked.iter().copied()).map(did_you_mean);
            self.source.record(key.span().start, &name, message, fix);
        }
    }

    fn span_of(&self, key: &str) -> Range<usize> {
        self.table.get(key).map_or(self.span.clone(), Spanned::span)
    }
}
