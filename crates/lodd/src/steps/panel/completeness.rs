//! Whether one arm is followed much less completely than the other (K12), for the evaluator.

use std::collections::BTreeMap;

use lodd_intake::{Finding, catalogue, text::Phrase};
use lodd_panel::flow::Count;

use crate::problem::{Place, Problem};

/// Percentage points between the arms from which on it is said.
const POINTS_MAX: i64 = 10;

/// Families of an arm: due and observed.
type Arm = (i64, i64);

/// One warning a horizon, source and arm whose families were observed in a share more than ten
/// points from that of `control`. Only where every family of both arms is due.
pub(super) fn warnings(flow: &[Count], control: &str) -> Vec<Problem> {
    let mut warnings = Vec::new();
    for ((horizon, source, register), arms) in completeness(flow) {
        let Some(rest) = arms.get(control) else { continue };
        for treated in arms.iter().filter(|(arm, _)| **arm != control).map(|(_, it)| it) {
            if apart(*treated, *rest) {
                let of = format!("{source} {register}");
                warnings.push(said((horizon, of.trim_end()), *treated, *rest));
            }
        }
    }
    warnings
}

/// Horizon, source and register.
type Place3<'f> = (&'f str, &'f str, &'f str);

fn completeness(flow: &[Count]) -> BTreeMap<Place3<'_>, BTreeMap<&str, Arm>> {
    let families = || flow.iter().filter(|it| it.level == "family");
    let total = |it: &Count, stage: &str| -> i64 {
        let same = |other: &&Count| (other.draw, &other.arm) == (it.draw, &it.arm);
        let here = |other: &&Count| other.horizon.is_none() || other.horizon == it.horizon;
        families().filter(same).filter(here).filter(|it| it.stage == stage).map(|it| it.count).sum()
    };
    let mut all: BTreeMap<Place3<'_>, BTreeMap<&str, Arm>> = BTreeMap::new();
    for it in families().filter(|it| it.stage == "observed") {
        let (Some(horizon), Some(source), Some(arm)) = (&it.horizon, &it.source, &it.arm) else {
            continue;
        };
        let due = total(it, "due");
        if due > 0 && due == total(it, "drawn") - total(it, "erased") {
            let key =
                (horizon.as_str(), source.as_str(), it.register.as_deref().unwrap_or_default());
            let arm = all.entry(key).or_default().entry(arm).or_default();
            *arm = (arm.0 + due, arm.1 + it.count);
        }
    }
    all
}

/// In whole numbers: a difference of exactly ten points is not more than ten.
fn apart((due, observed): Arm, (due_rest, observed_rest): Arm) -> bool {
    (observed * due_rest - observed_rest * due).abs() * 100 > POINTS_MAX * due * due_rest
}

fn said((horizon, source): (&str, &str), treated: Arm, control: Arm) -> Problem {
    let percent = |(due, observed): Arm| {
        let share = format!("{:.1}", 100.0 * observed as f64 / due as f64);
        let norwegian = share.replace('.', ",");
        Phrase::new(norwegian.clone(), norwegian, share)
    };
    let finding = Finding::new(&catalogue::K12, "")
        .suggest(Some(percent(treated)))
        .term("y", percent(control));
    let place = Place { field: Some(format!("{horizon}, {source}")), ..Place::default() };
    Problem { place, ..super::super::finding_problem(&finding) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(arm: &str, stage: &str, source: Option<&str>, count: i64) -> Count {
        Count {
            draw: Some(1),
            level: "family".into(),
            arm: Some(arm.into()),
            stage: stage.into(),
            horizon: (stage != "drawn").then(|| "12".into()),
            source: source.map(str::to_owned),
            register: None,
            outcome_id: None,
            reason: None,
            count,
        }
    }

    fn flow(observed: i64) -> Vec<Count> {
        let mut all = Vec::new();
        for (arm, n, seen) in [("follow-up", 20, observed), ("ordinary", 40, 20)] {
            all.push(counted(arm, "drawn", None, n));
            all.push(counted(arm, "due", None, n));
            all.push(counted(arm, "observed", Some("VEILEDER"), seen));
            all.push(counted(arm, "observed", Some("REGISTER"), n));
        }
        all
    }

    /// 12 of 20 is 60 per cent against 50: ten points, which is not more; 13 is 65.
    #[test]
    fn more_than_ten_points_between_the_arms_is_said_for_that_source() {
        assert!(warnings(&flow(12), "ordinary").is_empty());
        let said = warnings(&flow(13), "ordinary");
        let [only] = &said[..] else { panic!("{said:?}") };
        assert_eq!(only.code.as_deref(), Some("K12"));
        assert_eq!(only.place.field.as_deref(), Some("12, VEILEDER"));
        let words =
            "Svarandelen er 65,0 prosent i tiltaksgruppen og 50,0 prosent i kontrollgruppen.";
        assert_eq!(only.message.nb, words);
        let mut early = flow(13);
        early[1].count = 19;
        assert!(warnings(&early, "ordinary").is_empty(), "not all are due");
    }
}
