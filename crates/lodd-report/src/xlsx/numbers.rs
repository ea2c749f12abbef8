//! A number in a cell, so that a spreadsheet shows what the page does.
//!
//! A spreadsheet rounds the fifteen digits that it keeps, halves away from zero; the page rounds the
//! exact number. Where the two would differ (a half, or a negative number that rounds to zero) the cell
//! holds the number as it is shown.

use crate::{
    format::{Format, Style},
    model::Lang,
    table::Exact,
};

/// The number that the cell holds, in the unit that the page shows: a share in hundredths, but for
/// those with a sign for per cent, which the format multiplies.
pub(super) fn held(exact: Exact) -> f64 {
    let Exact { value, style } = exact;
    match style {
        Style::Decimals(places) => settled(value, places),
        Style::Hundredths(places) => settled(value * 100.0, places),
        Style::Percent(places) => kept(settled(value * 100.0, places) / 100.0),
        Style::PValue if value < 0.001 => kept(value),
        Style::PValue => settled(value, 3),
    }
}

/// The number format of a style. In it, `.` and `,` stand for the marks of the reader's locale.
pub(super) fn format(lang: Lang, style: Style) -> String {
    let signed = |digits: &str| format!("{digits};\"\u{2212}\"{digits}");
    let decimals = |places: usize| match places {
        0 => "#,##0".to_owned(),
        places => format!("#,##0.{}", "0".repeat(places)),
    };
    match style {
        Style::Decimals(places) | Style::Hundredths(places) => signed(&decimals(places)),
        Style::Percent(places) if lang == Lang::En => signed(&format!("{}%", decimals(places))),
        Style::Percent(places) => signed(&format!("{}\"\u{a0}\"%", decimals(places))),
        Style::PValue => format!("[<0.001]\"{}\";0.000", Format::new(lang).p_value(0.0)),
    }
}

/// The number, or as it is shown with this many decimals where a spreadsheet would show another.
fn settled(value: f64, places: usize) -> f64 {
    let value = kept(value);
    let shown = format!("{:.places$}", value.abs());
    let digits: String = shown.chars().filter(char::is_ascii_digit).collect();
    let is_zero = digits.bytes().all(|it| it == b'0');
    if is_zero && value < 0.0 {
        return 0.0;
    }
    if digits.parse().ok() == rounded(value.abs(), places) {
        return value;
    }
    let shown = shown.parse().unwrap_or(value);
    if value < 0.0 { -shown } else { shown }
}

/// The fifteen digits that a spreadsheet keeps.
fn kept(value: f64) -> f64 {
    format!("{value:.14e}").parse().unwrap_or(value)
}

/// What a spreadsheet rounds a number to, without the decimal mark; `None` where it has all its
/// decimals as it is.
fn rounded(value: f64, places: usize) -> Option<u128> {
    let text = format!("{value:.14e}");
    let (digits, exponent) = text.split_once('e')?;
    let digits: u128 = digits.replace('.', "").parse().ok()?;
    let places = i32::try_from(places).ok()?;
    let dropped = 14 - exponent.parse::<i32>().ok()? - places;
    match u32::try_from(dropped) {
        Ok(dropped) if dropped > 30 => Some(0),
        Ok(dropped) => {
            let unit = 10_u128.pow(dropped);
            Some((digits + unit / 2) / unit)
        }
        Err(_) => Some(digits * 10_u128.checked_pow(dropped.unsigned_abs())?),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held_as(value: f64, style: Style) -> f64 {
        held(Exact { value, style })
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "the very number is asked for")]
    fn a_number_is_kept_unless_it_would_show_as_another() {
        assert_eq!(held_as(0.403_716_953_145, Style::Hundredths(1)), 40.371_695_314_5);
        assert_eq!(held_as(-12.34, Style::Decimals(2)), -12.34);
        // 0.125 is exact: the page rounds to the even digit, a spreadsheet away from zero.
        assert_eq!(held_as(0.125, Style::Decimals(2)), 0.12);
        assert_eq!(held_as(-0.125, Style::Decimals(2)), -0.12);
        assert_eq!(held_as(0.375, Style::Decimals(2)), 0.375);
        // 1.005 is below its decimal digits: 1.00 on the page, 1.01 in a spreadsheet.
        assert_eq!(held_as(1.005, Style::Decimals(2)), 1.0);
        assert_eq!(held_as(0.3125, Style::Percent(1)), 0.312);
        assert_eq!(held_as(-0.0004, Style::Hundredths(1)), 0.0);
        assert_eq!(held_as(1_234_567.0, Style::Decimals(0)), 1_234_567.0);
        assert_eq!(held_as(0.000_2, Style::PValue), 0.000_2);
    }

    #[test]
    fn formats_name_the_marks_of_the_locale_and_our_own_signs() {
        assert_eq!(format(Lang::Nb, Style::Decimals(0)), "#,##0;\"\u{2212}\"#,##0");
        assert_eq!(format(Lang::En, Style::Percent(1)), "#,##0.0%;\"\u{2212}\"#,##0.0%");
        assert_eq!(format(Lang::Nn, Style::PValue), "[<0.001]\"< 0,001\";0.000");
        assert_eq!(format(Lang::En, Style::PValue), "[<0.001]\"< 0.001\";0.000");
    }
}
