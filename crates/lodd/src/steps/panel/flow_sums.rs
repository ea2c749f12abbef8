//! Which outcomes the flow counts as analysed, and a flow that does not add up is not written.

use std::collections::BTreeSet;

use lodd_panel::flow::{Broken, Count, check as check_sums};
use lodd_store::{Column, Pilot, Table};

use super::{super::plan::FILE, tables, words};
use crate::{plan, problem::Failure, protocol::Protocol, text::say};

/// Where the plan that stood at the cut analyses its primary outcomes (all of its outcomes, if it
/// calls none primary): no row before the first plan.
pub(super) fn planned(pilot: &Pilot, protocol: &Protocol, cut_us: i64) -> Result<Table, Failure> {
    let locked = pilot.locked_plans().map_err(|error| words::store(&error))?;
    let last = locked.into_iter().rfind(|it| it.locked_at_us <= cut_us);
    // A plan that this protocol does not read is refused where it is run.
    let plan = last.and_then(|it| plan::parse(FILE, it.text, protocol).ok());
    let mut rows = BTreeSet::new();
    if let Some(plan) = &plan {
        let counts = |id: &&String| plan.primary.is_empty() || plan.primary.contains(*id);
        for analysis in &plan.analyses {
            let register = analysis.register.as_deref().unwrap_or_default();
            let source = analysis.source.as_str();
            for (id, horizon) in analysis
                .outcomes
                .iter()
                .filter(counts)
                .flat_map(|id| analysis.horizons.iter().map(move |it| (id, it.as_str())))
            {
                let row = |draw: &i64| (*draw, id.as_str(), horizon, source, register);
                rows.extend(analysis.draws.iter().map(row));
            }
        }
    }
    let columns = vec![
        Column::int("draw", rows.iter().map(|it| Some(it.0))),
        Column::text("outcome_id", rows.iter().map(|it| Some(it.1))),
        Column::text("horizon", rows.iter().map(|it| Some(it.2))),
        Column::text("source", rows.iter().map(|it| Some(it.3))),
        Column::text("register", rows.iter().map(|it| Some(it.4))),
    ];
    Table::new("planned", columns).map_err(|error| tables::internal(&error))
}

/// Refuses a flow that does not add up.
pub(super) fn check(flow: &Table) -> Result<(), Failure> {
    check_sums(&counts(flow)?).map_err(|broken| refused(&broken))
}

fn refused(broken: &Broken) -> Failure {
    let Broken { level, arm, horizon, whole: (whole, left), parts: (parts, right) } = broken;
    let (whole, parts) = (whole.join(" + "), parts.join(" + "));
    let at: Vec<&str> = [Some(level), arm.as_ref(), horizon.as_ref()]
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    let at = at.join(", ");
    Failure::policy(say!(
        "flyten går ikke opp ({at}): {whole} er {left}, men {parts} er {right}; ingenting er skrevet",
        "the flow does not add up ({at}): {whole} is {left}, but {parts} is {right}; nothing was written"
    ))
}

pub(super) fn counts(flow: &Table) -> Result<Vec<Count>, Failure> {
    let text = |name| flow.text(name).map_err(|error| tables::internal(&error));
    let int = |name| flow.int(name).map_err(|error| tables::internal(&error));
    let (draws, numbers) = (int("draw")?, int("count")?);
    let columns =
        ["level", "arm", "stage", "horizon", "source", "register", "outcome_id", "reason"];
    let columns: Vec<&[Option<String>]> =
        columns.into_iter().map(text).collect::<Result<_, _>>()?;
    let row = |row: usize| {
        let mut of = columns.iter().map(|it| it.get(row).cloned().flatten());
        let mut next = || of.next().flatten();
        Count {
            draw: draws.get(row).copied().flatten(),
            level: next().unwrap_or_default(),
            arm: next(),
            stage: next().unwrap_or_default(),
            horizon: next(),
            source: next(),
            register: next(),
            outcome_id: next(),
            reason: next(),
            count: numbers.get(row).copied().flatten().unwrap_or_default(),
        }
    };
    Ok((0..flow.rows()).map(row).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flow(observed: i64) -> Table {
        let text = |name, of: [Option<&str>; 3]| Column::text(name, of);
        let none = [None, None, None];
        let columns = vec![
            Column::int("draw", [Some(1), Some(1), Some(1)]),
            text("level", [Some("family"); 3]),
            text("arm", [Some("a"); 3]),
            text("stage", [Some("drawn"), Some("observed"), Some("missing")]),
            text("horizon", [None, Some("12"), Some("12")]),
            text("source", none),
            text("register", none),
            text("outcome_id", none),
            text("reason", [None, None, Some("IKKE_NADD")]),
            Column::int("count", [Some(15), Some(observed), Some(1)]),
        ];
        Table::new("flow", columns).unwrap()
    }

    /// 15 drawn, 14 observed and 1 not reached; with one observed more it is refused, and says where.
    #[test]
    fn a_flow_that_does_not_add_up_is_refused() {
        assert!(check(&flow(14)).is_ok());
        let Err(Failure::Refused { summary, .. }) = check(&flow(15)) else { panic!("accepted") };
        let said = "the flow does not add up (family, a, 12): drawn is 15, but \
                    erased + missing + observed is 16; nothing was written";
        assert_eq!(summary.en, said);
    }
}
