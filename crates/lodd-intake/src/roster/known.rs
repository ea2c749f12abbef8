//! A roster against the one before it: who can't be dropped (K18), what should not change (K15).

use super::{Judge, Member, marks::LEFT_ON};
use crate::{
    catalogue,
    dates::from_serial,
    expectations::Role,
    field::{Content, content},
    finding::Finding,
    table::{At, Line},
    variable::CLEAR,
};

impl Judge<'_> {
    /// Notes a row that would take a member from a family that has been drawn.
    pub(super) fn note_dropped(&mut self, line: &Line<'_>, notes: &mut Vec<Finding>) {
        let Some(id) = line.at("medlem_id").and_then(|at| written(&at)) else { return };
        self.members_named.insert(id.clone());
        if !self.is_kept(&id) {
            return;
        }
        let cleared = ["familie_id", "rolle", "fodselsar"].into_iter().filter_map(|it| line.at(it));
        let mut cleared = cleared.filter(|at| written(at).as_deref() == Some(CLEAR));
        let left = line.at(LEFT_ON).filter(|at| {
            let text = written(at);
            text.is_some_and(|text| !text.is_empty() && text != CLEAR)
        });
        if let Some(at) = cleared.next().or(left) {
            notes.push(at.finding(&catalogue::K18).about(&id));
        }
    }

    /// Notes members of drawn families that a roster leaves out though it lists the rest.
    pub(super) fn note_left_out(&mut self, line: &Line<'_>) {
        let Some(family) = line.at("familie_id").and_then(|at| written(&at)) else { return };
        let mut named = self.members_named.range(family.clone()..);
        let named = named.next().is_some_and(|id| id.starts_with(&family));
        let around = self.expect.members.range(family.clone()..);
        let own = around.take_while(|(id, _)| id.starts_with(&family));
        let left_out: Vec<Finding> = own
            .filter(|(id, _)| named && self.is_kept(id) && !self.members_named.contains(*id))
            .map(|(id, _)| line.table.finding(&catalogue::K18).in_row(line.row.number).about(id))
            .collect();
        self.findings.extend(left_out);
    }

    /// Notes another year of birth than the one known.
    pub(super) fn note_changed(&self, line: &Line<'_>, member: &Member, notes: &mut Vec<Finding>) {
        let known = self.expect.members.get(&member.member_id).and_then(|it| it.birth_year);
        if let (Some(known), Some(at)) = (known, line.at("fodselsar"))
            && known != member.birth_year
        {
            let finding = at.finding(&catalogue::K15).about(&member.member_id);
            let finding = finding.value(member.birth_year.to_string());
            notes.push(finding.suggest(Some(known.to_string())));
        }
    }

    /// Whether a member counts in the analysis of a family that has been drawn.
    fn is_kept(&self, id: &str) -> bool {
        let Some(known) = self.expect.members.get(id) else { return false };
        let drawn = self.expect.drawn.as_ref().is_some_and(|it| it.contains(&known.family_id));
        drawn && known.role != Role::OtherAdult
    }
}

/// What stands at a place, in upper case; nothing where it can't be read.
fn written(at: &At<'_>) -> Option<String> {
    match content(at, &mut Vec::new()).ok()? {
        Content::Text(text) => Some(text.to_uppercase()),
        Content::Date(serial) => Some(from_serial(serial)?.to_string()),
        Content::Number(number) => Some(number.to_string()),
        Content::Blank | Content::Bool(_) => None,
    }
}
