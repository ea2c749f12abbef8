//! Whom a row of events is about.

use crate::{
    catalogue,
    expectations::{Expectations, Theirs},
    finding::Finding,
    ids::MemberKind,
    table::{At, Line},
    unit_id::{self, Id},
};

/// Whom a row is about, as far as it can be told.
#[derive(Clone, Debug, Default)]
pub(super) struct Unit {
    /// The id, if it may stand here.
    pub(super) id: Option<String>,
    /// Its family.
    pub(super) family: Option<String>,
    /// Adult or child, for a member.
    pub(super) kind: Option<MemberKind>,
}

/// What may stand under a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum May {
    /// A family on the drawn list.
    Family,
    /// A member, known or new, of a family on the drawn list.
    Member,
    /// A known member, or a family, drawn or not: consents come before draws too.
    Either,
}

/// The unit under a header. Notes why it can't stand there.
pub(super) fn unit(
    line: &Line<'_>,
    (header, may): (&str, May),
    expect: &Expectations,
    notes: &mut Vec<Finding>,
) -> Unit {
    let Some(at) = line.at(header) else { return Unit::default() };
    let known = |id: &str| expect.families.contains_key(id) || expect.members.contains_key(id);
    match unit_id::read(&at, expect, known, notes) {
        Id::Good { id, family, kind } => match refused(&at, (&id, &family, kind), may, expect) {
            None => Unit { id: Some(id), family: Some(family), kind },
            Some(finding) => {
                notes.push(finding);
                Unit { id: None, family: Some(family), kind }
            }
        },
        Id::Bad { meant } => Unit { family: meant, ..Unit::default() },
        Id::Blank => {
            notes.push(at.finding(&catalogue::D12));
            Unit::default()
        }
    }
}

/// Why a well-formed id can't stand here.
fn refused(
    at: &At<'_>,
    (id, family, kind): (&str, &str, Option<MemberKind>),
    may: May,
    expect: &Expectations,
) -> Option<Finding> {
    let fits = match may {
        May::Family => kind.is_none(),
        May::Member => kind.is_some(),
        May::Either => true,
    };
    if !fits {
        return Some(at.finding(&catalogue::D09));
    }
    let found = |entry| at.finding(entry).about(id);
    let drawn = expect.drawn.as_ref();
    let listed = match may {
        May::Either => true,
        May::Family | May::Member => drawn.is_some_and(|drawn| drawn.contains(family)),
    };
    let Some(office) = expect.follower(family).filter(|_| listed) else {
        return Some(found(&catalogue::K03).expected(expect.id_prefix.as_str()));
    };
    if expect.theirs(family) == Theirs::Never {
        return Some(found(&catalogue::K04).expected(office));
    }
    let unknown = may == May::Either && kind.is_some() && !expect.members.contains_key(id);
    unknown.then(|| found(&catalogue::K09).expected(family))
}
