//! Tables that were published elsewhere, entered by hand: `docs/disclosure.md` has the file's form.

use std::{collections::BTreeMap, path::Path};

use jiff::{Timestamp, Zoned, civil::Date, tz::TimeZone};
use lodd_disclosure::{Release, Reported, Rules};

use crate::{
    hash::sha256_hex,
    problem::Failure,
    protocol::shown,
    reader::{Node, Source},
    steps::{file_name, read_file},
    text::say,
};

/// A table as it was read.
#[derive(Debug)]
pub(super) struct Read {
    /// The cut, µs since the epoch.
    pub(super) cut_us: i64,
    pub(super) sha256: String,
    /// The file's name.
    pub(super) file: String,
    pub(super) release: Release,
}

/// Reads and checks a file.
///
/// # Errors
///
/// Refused with all mistakes, or could not be read.
pub(super) fn read(path: &Path, label: Option<&str>) -> Result<Read, Failure> {
    let bytes = read_file(path)?;
    let file = file_name(path);
    let sha256 = sha256_hex(&bytes);
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::policy(say!(
            "`{file}` må være lagret som UTF-8",
            nn "`{file}` må vere lagra som UTF-8",
            "`{file}` must be saved as UTF-8"
        ))
    })?;
    let source = Source::new(shown(path), &text);
    let root = source.root();
    root.integer("version", 1..=1);
    let own = root.text("label");
    let cut = root.text("cut");
    let cut_us = instant(&cut).unwrap_or_else(|| {
        root.mistake(
            "cut",
            say!(
                "`cut` må være et tidspunkt som i rapporten, eller en dato, fant `{cut}`",
                nn "`cut` må vere eit tidspunkt som i rapporten, eller ein dato, fann `{cut}`",
                "`cut` must be an instant as in the report, or a date, found `{cut}`"
            ),
        );
        0
    });
    let (numbers, places) = numbers(&root, &cut);
    let sums = sums(&root, &places);
    root.finish();
    let mistakes = source.finish();
    if !mistakes.is_empty() {
        let n = mistakes.len();
        let summary = say!(
            "`{file}` har {n} feil, ingenting er ført opp",
            nn "`{file}` har {n} feil, ingenting er ført opp",
            "`{file}` has {n} mistakes, nothing is registered"
        );
        return Err(Failure::refused(summary, mistakes));
    }
    let name = label.map_or(own, str::to_owned);
    Ok(Read { cut_us, sha256, file, release: Release { name, numbers, sums } })
}

/// The numbers, and the place of each.
fn numbers(root: &Node<'_>, cut: &str) -> (Vec<Reported>, BTreeMap<String, usize>) {
    let mut numbers: Vec<Reported> = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    for node in root.tables("number") {
        let series = node.text("of");
        let value = node.integer("value", 0..=i64::from(u32::MAX));
        if places.insert(series.clone(), numbers.len()).is_some() {
            node.mistake(
                "of",
                say!(
                    "`{series}` står to ganger",
                    nn "`{series}` står to gonger",
                    "`{series}` is there twice"
                ),
            );
        }
        numbers.push(reported(series, cut, value));
        node.finish();
    }
    (numbers, places)
}

/// The sums: of each the places of its whole and its parts.
fn sums(root: &Node<'_>, places: &BTreeMap<String, usize>) -> Vec<Vec<usize>> {
    let mut sums = Vec::new();
    for node in root.tables("sum") {
        let mut sum = Vec::new();
        let whole = std::iter::once(("whole", node.text("whole")));
        for (key, of) in whole.chain(node.texts("parts").into_iter().map(|it| ("parts", it))) {
            match places.get(&of) {
                Some(place) => sum.push(*place),
                None => node.mistake(
                    key,
                    say!(
                        "`{of}` er ikke blant tallene i filen",
                        nn "`{of}` er ikkje blant tala i fila",
                        "`{of}` is not among the file's numbers"
                    ),
                ),
            }
        }
        sums.push(sum);
        node.finish();
    }
    sums
}

/// A number that is out. Whatever it counts, so many families at most stand behind it.
fn reported(series: String, cut: &str, value: i64) -> Reported {
    let n = u64::try_from(value).unwrap_or_default();
    let width = if series.starts_with("office|") { 0 } else { Rules::default().width(n, n) };
    Reported { series, cut: cut.to_owned(), value: Some(value), families: Some(value), width }
}

/// An instant, or the start of a date in Oslo; µs since the epoch.
fn instant(text: &str) -> Option<i64> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at.as_microsecond());
    }
    let date: Date = text.parse().ok()?;
    let at: Zoned = date.to_zoned(TimeZone::get("Europe/Oslo").ok()?).ok()?;
    Some(at.timestamp().as_microsecond())
}
