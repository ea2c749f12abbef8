//! Which drawn families an analysis compares, and where each stands: its unit in the draw that is
//! compared, its block and its arm.

use std::collections::BTreeMap;

use lodd_estimate::Taken;
use lodd_store::pilot::{Assignment, Draw, DrawnKind};

use super::{comparison::Asked, facts::Unit, offered::compared, sample::Drawn};
use crate::plan::{Contrast, Population};

/// Where a family stands.
#[derive(Clone, Debug)]
pub(super) struct Placed<'d> {
    /// Its unit's place among those of the draws compared.
    pub(super) index: u32,
    pub(super) block: &'d str,
    pub(super) treated: bool,
    /// The drawn office that it is of, where the arms are the offices'.
    pub(super) office: Option<String>,
    /// Whether it was itself drawn, in two stages.
    pub(super) is_drawn: bool,
    /// What became of its place, and the places of its list.
    pub(super) taken: (Taken, u32),
}

/// A unit's place, block and arm.
type Seat<'d> = (u32, &'d str, &'d str);

/// The families of an analysis, by draw and id.
pub(super) fn placed<'d>(asked: &Asked<'d>) -> BTreeMap<(i64, &'d str), Placed<'d>> {
    let numbers = asked.drawn.compared(asked.analysis);
    let seats = seats(asked.drawn, &numbers);
    if asked.analysis.contrast.is_of_offices() {
        return of_offices(asked, &seats);
    }
    let lists = asked.drawn.lists(&numbers);
    let placed = seats.into_iter().filter_map(|(key, (index, block, arm))| {
        let (treated, taken) = side(asked, (key.1, arm), &lists)?;
        let is_drawn = arm != asked.undrawn;
        let placed = Placed { index, block, treated, office: None, is_drawn, taken };
        within(asked, key.1, treated).then_some((key, placed))
    });
    placed.collect()
}

/// The families of two stages, in the arm of their office: those drawn, those not drawn, or both.
fn of_offices<'d>(
    asked: &Asked<'d>,
    offices: &BTreeMap<(i64, &'d str), Seat<'d>>,
) -> BTreeMap<(i64, &'d str), Placed<'d>> {
    let by_id: BTreeMap<&str, Seat<'d>> =
        offices.iter().map(|((_, office), seat)| (*office, *seat)).collect();
    let (treated, control) = asked.arms;
    let families = asked.drawn.rows(&asked.analysis.draws).filter(|(draw, row)| {
        row.unit_kind == DrawnKind::Family && !asked.drawn.is_struck(*draw, row)
    });
    let placed = families.filter_map(|(draw, row)| {
        let is_drawn = row.arm != asked.undrawn;
        let wanted = match asked.analysis.contrast {
            Contrast::Model => is_drawn,
            Contrast::SpillOver => !is_drawn,
            _ => true,
        };
        let unit = Unit { draw, family: &row.unit_id, id: &row.unit_id };
        let office = asked.facts.offices(&[unit]).pop().unwrap_or_default();
        let &(index, block, arm) = by_id.get(office.as_str())?;
        let compared = wanted && (arm == treated || arm == control);
        let placed = Placed {
            index,
            block,
            treated: arm == treated,
            office: Some(office),
            is_drawn,
            taken: (Taken::No, 0),
        };
        compared.then_some(((draw, row.unit_id.as_str()), placed))
    });
    placed.collect()
}

/// Whether a family is of the population that the plan asks for.
fn within(asked: &Asked<'_>, family: &str, treated: bool) -> bool {
    match asked.analysis.population {
        Population::Drawn => true,
        Population::Consented => asked.facts.has_consented(family),
        Population::Started => !treated || asked.facts.has_started(family),
    }
}

/// Whether a family is treated, and what became of its place; None of those not compared.
fn side(
    asked: &Asked<'_>,
    (family, arm): (&str, &str),
    on: &BTreeMap<&str, (i64, &str)>,
) -> Option<(bool, (Taken, u32))> {
    let (treated, control) = asked.arms;
    let Some(lists) = asked.lists else {
        return (arm == treated || arm == control).then_some((arm == treated, (Taken::No, 0)));
    };
    let (draw, block) = on.get(family)?;
    let places = lists.places(*draw, block)?;
    let taken = lists.offered.get(family).copied();
    Some((taken.is_some(), (taken.unwrap_or_default(), places)))
}

/// Place, block and arm of each drawn unit that the lot decided for, by draw.
fn seats<'d>(drawn: &'d Drawn, numbers: &[i64]) -> BTreeMap<(i64, &'d str), Seat<'d>> {
    let rows = drawn.of(numbers).flat_map(|(draw, rows)| rows.iter().map(move |row| (draw, row)));
    let lots =
        |(draw, row): (&Draw, &Assignment)| compared(row) && !drawn.is_struck(draw.draw, row);
    rows.zip(0..)
        .filter(|(it, _)| lots(*it))
        .map(|((draw, row), index)| {
            ((draw.draw, row.unit_id.as_str()), (index, row.block.as_str(), row.arm.as_str()))
        })
        .collect()
}
