//! The effects of `estimates.parquet`, a row each, as `lodd estimate` prints them.

use std::collections::BTreeSet;

use lodd_report::word_of;
use lodd_server::{Block, Cell};
use lodd_store::Table;

use super::super::plan::{horizons, outcome};
use crate::{
    protocol::Protocol,
    steps::{
        estimate::not_randomised,
        serve::results_parts::{NONE, counted, decimals, grid, paragraph, said},
    },
    text::{Lang, Text, count, say},
};

/// Effects that a page shows.
const ROWS_MAX: usize = 150;

/// The file, read by row and column.
#[derive(Clone, Copy)]
struct Rows<'t>(&'t Table);

impl Rows<'_> {
    fn text(self, row: usize, column: &str) -> String {
        let found = self.0.text(column).ok().and_then(|it| it.get(row).cloned());
        found.flatten().unwrap_or_default()
    }

    fn real(self, row: usize, column: &str) -> Option<f64> {
        self.0.real(column).ok()?.get(row).copied().flatten()
    }

    fn int(self, row: usize, column: &str) -> Option<i64> {
        self.0.int(column).ok()?.get(row).copied().flatten()
    }

    /// The rows that are the effect of their analysis, each number once: one stands again for each further
    /// adjustment.
    fn effects(self) -> Vec<usize> {
        let mut seen = BTreeSet::new();
        let key = |row: usize| {
            ["analysis", "estimator", "outcome", "horizon", "contrast_level"]
                .map(|it| self.text(row, it))
        };
        let is_effect = |row: &usize| self.text(*row, "term") == self.text(*row, "contrast_level");
        (0..self.0.rows()).filter(is_effect).filter(|row| seen.insert(key(*row))).collect()
    }
}

/// The table, and how many effects there are.
pub(super) fn blocks(table: &Table, protocol: &Protocol, lang: Lang) -> Vec<Block> {
    let rows = Rows(table);
    let effects = rows.effects();
    let shown = effects.iter().take(ROWS_MAX).map(|row| cells(rows, *row, protocol, lang));
    let head = [
        say!("Utfall", nn "Utfall", "Outcome"),
        say!("Når", nn "Når", "When"),
        say!("Effekt", nn "Effekt", "Effect"),
        say!("Intervall", nn "Intervall", "Interval"),
        say!("p", nn "p", "p"),
        say!("n", nn "n", "n"),
        say!("Analyse", nn "Analyse", "Analysis"),
        say!("Merknad", nn "Merknad", "Note"),
    ];
    let n = count(effects.len());
    let caption = say!(
        "Effekter i utfallets egen enhet: {n}",
        nn "Effektar i eininga til utfallet: {n}",
        "Effects in the outcome's own unit: {n}"
    );
    let mut blocks = vec![grid(&caption, &head, shown.collect(), lang)];
    if effects.len() > ROWS_MAX {
        let n = count(ROWS_MAX);
        let text = say!(
            "De første {n} vises. Alle står i estimates.parquet.",
            nn "Dei første {n} blir viste. Alle står i estimates.parquet.",
            "The first {n} are shown. All stand in estimates.parquet."
        );
        blocks.push(paragraph(&text, lang));
    }
    blocks
}

fn cells(rows: Rows<'_>, row: usize, protocol: &Protocol, lang: Lang) -> Vec<Cell> {
    let number = |column: &str| decimals(rows.real(row, column), lang);
    let (low, high) = (rows.real(row, "conf_low"), rows.real(row, "conf_high"));
    let interval = if low.is_none() && high.is_none() {
        "..".to_owned()
    } else {
        let (low, high) = (decimals(low, lang), decimals(high, lang));
        let text = say!("{low} til {high}", nn "{low} til {high}", "{low} to {high}");
        text.get(lang).to_owned()
    };
    let outcomes = rows.text(row, "outcome");
    let names: Vec<String> = outcomes.split('+').map(|it| outcome(it, protocol, lang)).collect();
    let arm = rows.text(row, "contrast_level");
    let name = protocol.draw.arms.iter().find(|it| it.label == arm);
    let arm = name.map_or(arm.clone(), |it| it.name.get(lang).to_owned());
    let at = rows.text(row, "horizon");
    let at: Vec<&str> = at.split(',').filter(|it| !it.is_empty()).collect();
    let n = rows.int(row, "n");
    vec![
        said(if outcomes.is_empty() {
            arm.clone()
        } else {
            format!("{} ({arm})", names.join("; "))
        }),
        said(horizons(&at, lang)),
        Cell::Number(number("estimate")),
        Cell::Number(interval),
        Cell::Number(p_value(rows.real(row, "p_value"), lang)),
        n.map_or_else(|| Cell::Number(NONE.to_owned()), counted),
        Cell::Code(rows.text(row, "analysis")),
        said(note(rows, row, lang)),
    ]
}

/// A p-value with four decimals; never 0.
fn p_value(p: Option<f64>, lang: Lang) -> String {
    match p {
        Some(p) if p < 0.000_05 => format!("<\u{a0}{}", decimals(Some(0.0001), lang)),
        other => decimals(other, lang),
    }
}

/// What counts of the number, how it was made, and what the estimator says of it.
fn note(rows: Rows<'_>, row: usize, lang: Lang) -> String {
    let mut parts = vec![word_of(&rows.text(row, "estimator"), lang.of_report()).to_owned()];
    let status = match rows.text(row, "status").as_str() {
        "interim" => Some(say!("FORELØPIG", nn "FØREBELS", "INTERIM")),
        "exploratory" => Some(say!("UTFORSKENDE", nn "UTFORSKANDE", "EXPLORATORY")),
        _ => None,
    };
    let origin = match rows.text(row, "origin").as_str() {
        "rehearsal" => Some(say!("ØVELSE", nn "ØVING", "REHEARSAL")),
        "imported" => Some(say!("IKKE TRUKKET HER", nn "IKKJE TREKT HER", "NOT DRAWN HERE")),
        _ => None,
    };
    let population = rows.text(row, "population");
    let other = (!population.is_empty() && population != "drawn").then(not_randomised);
    let texts: [Option<Text>; 3] = [status, origin, other];
    parts.extend(texts.into_iter().flatten().map(|it| it.get(lang).to_owned()));
    parts.push(rows.text(row, "note"));
    parts.retain(|it| !it.is_empty());
    parts.join("; ")
}
