//! Which draw comes next: of offices first, where the protocol has two stages.

use lodd_store::{
    Pilot,
    pilot::{Assignment, Draw, DrawStatus, DrawnKind},
};

use super::super::words;
use crate::{
    problem::Failure,
    protocol::{DrawPlan, Protocol},
};

/// The plan of the next draw. In two stages it is the offices' until a draw of offices has ended (a
/// void one has not); then every further draw is of families.
///
/// # Errors
///
/// If the store can't be read.
pub(super) fn next<'p>(pilot: &Pilot, protocol: &'p Protocol) -> Result<&'p DrawPlan, Failure> {
    let Some(offices) = &protocol.draw.offices else { return Ok(&protocol.draw) };
    for draw in pilot.draws().map_err(|error| words::store(&error))? {
        let ended = matches!(draw.status, DrawStatus::Drawn | DrawStatus::Imported);
        if ended && kind(pilot, &draw)? == DrawnKind::Office {
            return Ok(&protocol.draw);
        }
    }
    Ok(offices)
}

/// What a draw is of.
fn kind(pilot: &Pilot, draw: &Draw) -> Result<DrawnKind, Failure> {
    let units = pilot.draw_units(draw.draw).map_err(|error| words::store(&error))?;
    Ok(units.first().map_or(DrawnKind::Family, |unit| unit.unit_kind))
}

/// Puts in what the public files do not say of a draw: what its units are, and, where a constraint
/// has shut assignments out, that the design's probabilities are not theirs.
///
/// # Errors
///
/// If the store can't be read.
pub(in crate::steps) fn complete(
    pilot: &Pilot,
    draw: &Draw,
    constrained: bool,
    assignments: &mut [Assignment],
) -> Result<(), Failure> {
    let kind = kind(pilot, draw)?;
    for assignment in assignments {
        assignment.unit_kind = kind;
        if constrained {
            assignment.probability = None;
        }
    }
    Ok(())
}
