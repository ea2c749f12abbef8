//! How numbers and dates are written. The only place that does.
//!
//! Norwegian, bokmål and nynorsk alike, has a decimal comma and U+202F (narrow no-break space) between thousands: a thin space
//! that a number never breaks at. English has a point and a comma. Minus is U+2212 in both.
//!
//! ```
//! use lodd_report::{Lang, format::Format};
//!
//! let nb = Format::new(Lang::Nb);
//! assert_eq!(nb.percent(0.4037), "40,4");
//! assert_eq!(nb.count(1234), "1\u{202f}234");
//! assert_eq!(nb.date("2015-08-20"), "20.08.2015");
//! ```

use crate::model::{Cell, Lang, Measure};

/// Between thousands in Norwegian.
const THIN_SPACE: char = '\u{202f}';
/// In front of a negative number.
const MINUS: char = '\u{2212}';

/// How a number is rounded and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// With this many decimals.
    Decimals(usize),
    /// A fraction in hundredths with this many decimals, without a sign for the unit.
    Hundredths(usize),
    /// A fraction in hundredths with this many decimals and the sign for per cent.
    Percent(usize),
    /// A p-value: three decimals, `< 0,001` below that.
    PValue,
}

impl Style {
    /// That of a measure's values, without their unit.
    pub const fn of(measure: Measure) -> Self {
        match measure {
            Measure::Share => Self::Hundredths(1),
            Measure::Months => Self::Decimals(1),
            Measure::Kroner => Self::Decimals(0),
            Measure::Number => Self::Decimals(2),
        }
    }
}

/// Writes numbers and dates in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Format {
    lang: Lang,
}

impl Format {
    /// The writer of one language.
    pub const fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// A whole number with thousands apart.
    pub fn count(self, n: u64) -> String {
        self.grouped(&n.to_string())
    }

    /// A count in a table, with the symbols of Statistics Norway for those without a number.
    pub fn cell(self, cell: Cell) -> String {
        match cell {
            Cell::Count(0) => "–".to_owned(),
            Cell::Count(n) => self.count(n),
            Cell::Missing => "..".to_owned(),
            Cell::Suppressed => ":".to_owned(),
            Cell::Impossible => ".".to_owned(),
        }
    }

    /// A number with this many decimals. What rounds to zero has no sign.
    pub fn decimal(self, x: f64, places: usize) -> String {
        let text = format!("{:.places$}", x.abs());
        let sign = x < 0.0 && text.bytes().any(|byte| matches!(byte, b'1'..=b'9'));
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        let mut out = String::new();
        if sign {
            out.push(MINUS);
        }
        out.push_str(&self.grouped(whole));
        if !fraction.is_empty() {
            out.push(self.decimal_mark());
            out.push_str(fraction);
        }
        out
    }

    /// A share, or a difference of shares, in hundredths with one decimal, without a sign for the
    /// unit.
    pub fn percent(self, share: f64) -> String {
        self.decimal(share * 100.0, 1)
    }

    /// A number as this style writes it.
    pub fn styled(self, style: Style, x: f64) -> String {
        match style {
            Style::Decimals(places) => self.decimal(x, places),
            Style::Hundredths(places) => self.decimal(x * 100.0, places),
            Style::Percent(places) => self.signed_percent(x, places),
            Style::PValue => self.p_value(x),
        }
    }

    /// A value of this measure, without its unit.
    pub fn value(self, measure: Measure, x: f64) -> String {
        self.styled(Style::of(measure), x)
    }

    /// `40,4 %` in Norwegian, `40.4%` in English.
    fn signed_percent(self, share: f64, places: usize) -> String {
        let space = if self.lang == Lang::En { "" } else { "\u{a0}" };
        format!("{}{space}%", self.decimal(share * 100.0, places))
    }

    /// Whether a cell's text is one of the symbols for those without a number.
    pub(crate) fn is_symbol(text: &str) -> bool {
        matches!(text, "–" | ".." | ":" | ".")
    }

    /// A p-value with three decimals, `< 0,001` below that.
    pub fn p_value(self, p: f64) -> String {
        if p < 0.001 { format!("< {}", self.decimal(0.001, 3)) } else { self.decimal(p, 3) }
    }

    /// A p-value in running text: `p < 0,001`, `p = 0,012`.
    pub fn p_equals(self, p: f64) -> String {
        let sign = if p < 0.001 { "" } else { "= " };
        format!("p {sign}{}", self.p_value(p))
    }

    /// A percentage with the decimals it needs, up to four: `95`, `99,5`.
    pub fn level(self, share: f64) -> String {
        self.trimmed(share * 100.0)
    }

    /// A number with the decimals it needs, up to four: `0,05`.
    pub fn trimmed(self, x: f64) -> String {
        let text = self.decimal(x, 4);
        text.trim_end_matches('0').trim_end_matches(self.decimal_mark()).to_owned()
    }

    /// An ISO date as people write it: `20.08.2015` in Norwegian, ISO in English. Other text is kept.
    pub fn date(self, iso: &str) -> String {
        let parts: Vec<&str> = iso.split('-').collect();
        match (self.lang, parts.as_slice()) {
            (Lang::Nb | Lang::Nn, [year, month, day]) if is_iso_date(iso) => {
                format!("{day}.{month}.{year}")
            }
            _ => iso.to_owned(),
        }
    }

    /// An ISO instant to the minute, with its offset. Other text is kept.
    pub fn instant(self, iso: &str) -> String {
        let Some((date, time)) = iso.split_once('T').filter(|(date, _)| is_iso_date(date)) else {
            return self.date(iso);
        };
        let (Some(clock), Some(rest)) = (time.get(..5), time.get(5..)) else {
            return iso.to_owned();
        };
        let zone = match rest.find(['Z', '+', '-']).and_then(|at| rest.get(at..)) {
            None => String::new(),
            Some("Z" | "+00:00") => " UTC".to_owned(),
            Some(offset) => format!(" (UTC{})", offset.replace('-', "\u{2212}")),
        };
        match self.lang {
            Lang::Nb | Lang::Nn => {
                format!("{} kl. {}{zone}", self.date(date), clock.replace(':', "."))
            }
            Lang::En => format!("{date} {clock}{zone}"),
        }
    }

    fn decimal_mark(self) -> char {
        match self.lang {
            Lang::Nb | Lang::Nn => ',',
            Lang::En => '.',
        }
    }

    fn grouped(self, digits: &str) -> String {
        let mark = match self.lang {
            Lang::Nb | Lang::Nn => THIN_SPACE,
            Lang::En => ',',
        };
        let mut out = String::new();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                out.push(mark);
            }
            out.push(digit);
        }
        out
    }
}

/// Whether the text has the form of an ISO date.
fn is_iso_date(text: &str) -> bool {
    text.len() == 10
        && text.bytes().enumerate().all(|(place, byte)| match place {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    const NB: Format = Format { lang: Lang::Nb };
    const EN: Format = Format { lang: Lang::En };

    #[test]
    fn thousands_stand_apart_from_four_digits() {
        let nb: Vec<_> = [0, 999, 1234, 12_345, 1_234_567].map(|n| NB.count(n)).into();
        assert_eq!(nb, ["0", "999", "1\u{202f}234", "12\u{202f}345", "1\u{202f}234\u{202f}567"]);
        assert_eq!(EN.count(1_234_567), "1,234,567");
    }

    #[test]
    fn decimals_have_the_mark_of_the_language() {
        assert_eq!(NB.decimal(12_345.678, 2), "12\u{202f}345,68");
        assert_eq!(EN.decimal(12_345.678, 2), "12,345.68");
        assert_eq!(NB.percent(0.403_716_953_145), "40,4");
        assert_eq!(EN.percent(0.231_209_079_005), "23.1");
    }

    #[test]
    fn minus_is_a_minus_and_zero_has_none() {
        assert_eq!(NB.percent(-0.0801), "\u{2212}8,0");
        assert_eq!(NB.percent(-0.0004), "0,0");
        assert_eq!(NB.decimal(-0.0, 1), "0,0");
        assert_eq!(EN.decimal(-1234.5, 1), "\u{2212}1,234.5");
    }

    #[test]
    fn symbols_are_those_of_statistics_norway() {
        let cells = [Cell::Count(0), Cell::Missing, Cell::Suppressed, Cell::Impossible];
        assert_eq!(cells.map(|cell| NB.cell(cell)), ["–", "..", ":", "."]);
        assert_eq!(NB.cell(Cell::Count(1234)), "1\u{202f}234");
    }

    #[test]
    fn p_values_never_are_zero() {
        assert_eq!(
            [0.0, 0.000_999, 0.001, 0.0496].map(|p| NB.p_value(p)),
            ["< 0,001", "< 0,001", "0,001", "0,050"]
        );
        assert_eq!([0.0004, 0.0123].map(|p| EN.p_equals(p)), ["p < 0.001", "p = 0.012"]);
    }

    #[test]
    fn levels_are_whole_where_they_can_be() {
        assert_eq!([0.95, 0.05, 0.1, 0.995].map(|it| NB.level(it)), ["95", "5", "10", "99,5"]);
        assert_eq!([0.05, 10.0, 0.0].map(|it| EN.trimmed(it)), ["0.05", "10", "0"]);
    }

    #[test]
    fn dates_and_instants() {
        assert_eq!(NB.date("2015-08-20"), "20.08.2015");
        assert_eq!(EN.date("2015-08-20"), "2015-08-20");
        assert_eq!(NB.date("in August"), "in August");
        assert_eq!(NB.instant("2017-02-14T09:05:33.000001Z"), "14.02.2017 kl. 09.05 UTC");
        assert_eq!(NB.instant("2017-02-14T10:05+01:00"), "14.02.2017 kl. 10.05 (UTC+01:00)");
        assert_eq!(EN.instant("2017-02-14T09:05:33Z"), "2017-02-14 09:05 UTC");
        assert_eq!(EN.instant("2017-02-14"), "2017-02-14");
        assert_eq!(NB.instant("2017-02-14Tæøå"), "2017-02-14Tæøå");
    }
}
