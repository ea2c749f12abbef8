//! Numbers of different units never share a table (U01).

use lodd_intake::{Finding, catalogue, text::Phrase};
use lodd_panel::codes::UnitKind;
use lodd_report::Unit;

use crate::{
    problem::{Place, Problem},
    steps::finding_problem,
};

/// What an outcome describes, of what a report counts. Offices have none: they are the families'.
pub(crate) fn unit_kind(unit: Unit) -> UnitKind {
    match unit {
        Unit::Office | Unit::Family => UnitKind::Family,
        Unit::Adult => UnitKind::Adult,
        Unit::Child => UnitKind::Child,
    }
}

/// U01 in the catalogue's words: two units, each with how many or which.
pub(crate) fn mixed_units(one: (UnitKind, String), other: (UnitKind, String)) -> Problem {
    let shown = |(unit, of): (UnitKind, String)| {
        let (nb, nn, en) = match unit {
            UnitKind::Family => ("familier", "familiar", "families"),
            UnitKind::Adult => ("voksne", "vaksne", "adults"),
            UnitKind::Child => ("barn", "barn", "children"),
        };
        Phrase::new(format!("{nb} ({of})"), format!("{nn} ({of})"), format!("{en} ({of})"))
    };
    let finding =
        Finding::new(&catalogue::U01, "").suggest(Some(shown(one))).term("y", shown(other));
    Problem { place: Place::default(), ..finding_problem(&finding) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The catalogue's own sentence, of the published tables' units.
    #[test]
    fn eighteen_adults_and_fifteen_families_are_two_units() {
        let problem = mixed_units((UnitKind::Adult, "18".into()), (UnitKind::Family, "15".into()));
        assert_eq!(problem.code.as_deref(), Some("U01"));
        assert_eq!(problem.message.nb, "Tabellen blander voksne (18) og familier (15).");
        assert_eq!(problem.message.en, "The table mixes adults (18) and families (15).");
        assert_eq!(problem.fix.map(|it| it.nb), Some("Velg én enhet.".to_owned()));
    }
}
