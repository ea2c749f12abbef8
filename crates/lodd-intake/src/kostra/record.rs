//! One record: the text of a field, and whether it is what the layout says.

use super::layout::{Field, Kind, Layout};

/// A line read by a layout.
#[derive(Clone, Copy, Debug)]
pub(super) struct Record<'l> {
    columns: &'l [u8],
    layout: &'l Layout,
}

/// A field that does not hold what it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Misfit {
    /// The first column, from 1.
    pub(super) column: usize,
    /// The field; `None` after the record's end.
    pub(super) field: Option<Field>,
}

impl<'l> Record<'l> {
    pub(super) fn new(columns: &'l [u8], layout: &'l Layout) -> Self {
        Self { columns, layout }
    }

    /// All its columns.
    pub(super) fn columns(&self) -> &'l [u8] {
        self.columns
    }

    /// The field's columns; fewer where the line ends before, since trailing blanks are cut.
    fn slot(&self, field: Field) -> &'l [u8] {
        let from = field.from.saturating_sub(1).min(self.columns.len());
        let to = (from + field.size).min(self.columns.len());
        self.columns.get(from..to).unwrap_or_default()
    }

    /// The field without the blanks around it.
    pub(super) fn text(&self, field: Field) -> &'l [u8] {
        self.slot(field).trim_ascii()
    }

    /// The field as a code of its list; `None` when it is blank or no code.
    pub(super) fn code(&self, field: Field) -> Option<&'static str> {
        let Kind::Codes(codes) = field.kind else { return None };
        let slot = self.slot(field);
        codes.iter().find(|code| code.as_bytes() == slot).copied()
    }

    /// The field as a whole number, 0 when it is blank; `None` when it is something else.
    pub(super) fn number(&self, field: Field) -> Option<i64> {
        let text = self.text(field);
        if text.is_empty() {
            return Some(0);
        }
        let digits = text.strip_prefix(b"-").unwrap_or(text);
        let all = !digits.is_empty() && digits.iter().all(u8::is_ascii_digit);
        std::str::from_utf8(text).ok().filter(|_| all)?.parse().ok()
    }

    /// The field as a date (year, month, day); `None` when it is blank, zeros or no date.
    pub(super) fn date(&self, field: Field) -> Option<jiff::civil::Date> {
        let text = std::str::from_utf8(self.text(field)).ok()?;
        let numeric = text.len() == field.size && text.bytes().all(|it| it.is_ascii_digit());
        let part = |at: std::ops::Range<usize>| text.get(at)?.parse::<i16>().ok();
        let (day, month) = (part(0..2).filter(|_| numeric)?, part(2..4)?);
        let year = if field.size == 6 { 2000 + part(4..6)? } else { part(4..8)? };
        let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
        jiff::civil::Date::new(year, month, day).ok().filter(|it| it.year() >= 1900)
    }

    /// Whether the field is blank or holds what the layout says.
    pub(super) fn fits(&self, field: Field) -> bool {
        let text = self.text(field);
        text.is_empty()
            || match field.kind {
                Kind::Text => true,
                Kind::Integer => self.number(field).is_some(),
                Kind::Date => text.iter().all(|it| *it == b'0') || self.date(field).is_some(),
                Kind::Codes(_) => self.code(field).is_some(),
            }
    }

    /// The fields that do not hold what they should, in order; and text after the record's end.
    pub(super) fn misfits(&self) -> impl Iterator<Item = Misfit> {
        let end = self.layout.length();
        let beyond = (self.columns.len() > end).then_some(Misfit { column: end + 1, field: None });
        let fields = self.layout.fields.iter().filter(|field| !self.fits(**field));
        let misfit = |field: &Field| Misfit { column: field.from, field: Some(*field) };
        fields.map(misfit).chain(beyond)
    }
}
