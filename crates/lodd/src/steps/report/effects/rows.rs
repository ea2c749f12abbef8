//! The rows of `estimates.parquet`.

use lodd_report::Pair;
use lodd_store::Table;

/// What is compared, at which horizon and by which source, among whom.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    pub(super) outcome: String,
    pub(super) horizon: String,
    source: String,
    contrast: String,
    arm: String,
    draw: String,
    pub(super) population: String,
}

impl Key {
    /// What a summary says once, whichever source tells it first.
    pub(super) fn result(&self) -> (String, String, String, String) {
        let (contrast, arm) = (self.contrast.clone(), self.arm.clone());
        (self.outcome.clone(), self.horizon.clone(), contrast, arm)
    }
}

/// The file, read by row and column.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rows<'t>(pub(super) &'t Table);

impl Rows<'_> {
    pub(super) fn all(self) -> std::ops::Range<usize> {
        0..self.0.rows()
    }

    pub(super) fn text(self, row: usize, column: &str) -> String {
        self.text_or_none(row, column).unwrap_or_default()
    }

    pub(super) fn text_or_none(self, row: usize, column: &str) -> Option<String> {
        self.0.text(column).ok()?.get(row)?.clone()
    }

    pub(super) fn real(self, row: usize, column: &str) -> Option<f64> {
        *self.0.real(column).ok()?.get(row)?
    }

    pub(super) fn count(self, row: usize, column: &str) -> Option<u64> {
        u64::try_from((*self.0.int(column).ok()?.get(row)?)?).ok()
    }

    pub(super) fn interval(self, row: usize) -> Option<(f64, f64)> {
        self.real(row, "conf_low").zip(self.real(row, "conf_high"))
    }

    pub(super) fn reals(self, row: usize, treated: &str, control: &str) -> Option<Pair<f64>> {
        Some(Pair::new(self.real(row, treated)?, self.real(row, control)?))
    }

    pub(super) fn counts(self, row: usize, treated: &str, control: &str) -> Option<Pair<u64>> {
        Some(Pair::new(self.count(row, treated)?, self.count(row, control)?))
    }

    pub(super) fn key(self, row: usize) -> Key {
        Key {
            outcome: self.text(row, "outcome"),
            horizon: self.text(row, "horizon"),
            source: self.text(row, "source"),
            contrast: self.text(row, "contrast"),
            arm: self.text(row, "contrast_level"),
            draw: self.text(row, "draw"),
            population: self.text(row, "population"),
        }
    }

    /// Which analysis's number of which outcome and arm.
    pub(super) fn number(self, row: usize) -> [String; 5] {
        ["analysis", "estimator", "outcome", "horizon", "contrast_level"]
            .map(|it| self.text(row, it))
    }

    /// Every adjustment of a row's p-value: the row's own, and those of its repetitions.
    pub(super) fn adjusted(self, row: usize) -> Vec<(String, f64)> {
        let (number, term) = (self.number(row), self.text(row, "term"));
        let same = |it: &usize| self.number(*it) == number && self.text(*it, "term") == term;
        let value = |it| Some((self.text_or_none(it, "adjustment")?, self.real(it, "p_adjusted")?));
        self.all().filter(same).filter_map(value).collect()
    }
}
