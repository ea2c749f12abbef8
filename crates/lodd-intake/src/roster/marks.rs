//! Who is who across families: keyed ids, shared homes, and who has left the list.
//!
//! An empty cell leaves what stood before; `#SLETT` takes it away. A keyed id is in no message.

use super::Judge;
use crate::{
    catalogue,
    dates::{date, not_after},
    field::{Content, Field, content},
    finding::Finding,
    normal::clean,
    table::{At, Line},
    unit_id::{self, Id},
    variable::CLEAR,
    workbook::CellValue,
};

/// The column with a member's keyed id.
pub(crate) const PERSON_KEY: &str = "person_key";
/// The column with another family that lives with this one.
pub(super) const LIVES_WITH: &str = "bor_sammen_med";
/// The column with the day on which a family or member left the list.
pub(super) const LEFT_ON: &str = "utmeldt";

/// What can be noted of a family or member before the list is locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MarkKind {
    /// `person_key`: a member's keyed id, 64 lower-case hexadecimal digits.
    PersonKey,
    /// `bor_sammen_med`: another family whose persons live with this one's.
    LivesWith,
    /// `utmeldt`: the day, ISO, on which it left the list.
    LeftOn,
}

/// A note about a family or member.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark {
    /// The family or member.
    pub unit_id: String,
    /// What is noted.
    pub kind: MarkKind,
    /// The value; none where an earlier one is taken away.
    pub value: Option<String>,
}

impl std::fmt::Debug for Mark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Without the value, which may be a keyed id.
        f.debug_struct("Mark")
            .field("unit_id", &self.unit_id)
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

impl Judge<'_> {
    /// Notes what a row says of a unit under the columns that are there.
    pub(super) fn mark(
        &mut self,
        line: &Line<'_>,
        unit: &str,
        kinds: &[MarkKind],
        notes: &mut Vec<Finding>,
    ) {
        for &kind in kinds {
            let Some(at) = line.at(kind.header()) else { continue };
            let value = match kind {
                _ if is_clear(&at) => None,
                MarkKind::PersonKey => person_key(&at, notes),
                MarkKind::LivesWith => self.lives_with(&at, unit, notes),
                MarkKind::LeftOn => self.left_on(&at, notes).ok().flatten(),
            };
            if value.is_some() || is_clear(&at) {
                self.marks.push(Mark { unit_id: unit.to_owned(), kind, value });
            }
        }
    }

    /// Another family, whose row may come later.
    fn lives_with(&mut self, at: &At<'_>, unit: &str, notes: &mut Vec<Finding>) -> Option<String> {
        match unit_id::read(at, self.expect, |id| self.is_family(id), notes) {
            Id::Good { id, kind: None, .. } if id != unit => {
                self.homes.push((id.clone(), at.finding(&catalogue::K20).about(&id)));
                Some(id)
            }
            Id::Good { .. } => {
                notes.push(at.finding(&catalogue::K21).about(unit));
                None
            }
            Id::Bad { .. } | Id::Blank => None,
        }
    }

    /// Notes families that somebody lives with and that are nowhere.
    pub(super) fn note_unknown_homes(&mut self) {
        for (id, finding) in std::mem::take(&mut self.homes) {
            if !self.is_family(&id) && !self.may_be_misread(&id) {
                self.findings.push(finding);
            }
        }
    }

    fn left_on(&self, at: &At<'_>, notes: &mut Vec<Finding>) -> Field<String> {
        let Some(day) = date(at, notes)? else { return Ok(None) };
        not_after(at, day, self.expect.today, notes)?;
        Ok(Some(day.to_string()))
    }
}

impl MarkKind {
    fn header(self) -> &'static str {
        match self {
            Self::PersonKey => PERSON_KEY,
            Self::LivesWith => LIVES_WITH,
            Self::LeftOn => LEFT_ON,
        }
    }
}

fn is_clear(at: &At<'_>) -> bool {
    let found = content(at, &mut Vec::new());
    matches!(found, Ok(Content::Text(text)) if text.to_uppercase() == CLEAR)
}

/// Read here and not as other texts are: no finding may quote it.
fn person_key(at: &At<'_>, notes: &mut Vec<Finding>) -> Option<String> {
    let cell = at.cell.filter(|cell| !cell.value.is_blank())?;
    if let CellValue::Text(text) = &cell.value
        && is_keyed_id(&clean(text).0)
    {
        return Some(clean(text).0.to_lowercase());
    }
    notes.push(at.finding(&catalogue::D20).value("•••"));
    None
}

/// Whether a text is a keyed id: 64 hexadecimal digits, not all of them decimal.
pub(crate) fn is_keyed_id(text: &str) -> bool {
    text.len() == 64
        && text.bytes().all(|it| it.is_ascii_hexdigit())
        && !text.bytes().all(|it| it.is_ascii_digit())
}
