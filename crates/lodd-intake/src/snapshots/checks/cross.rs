//! Answers that do not go together (K16): the cross rules of the data model, section 7, in our own
//! codes. In research all are warnings, but what contradicts the children on the list is held.

use super::{super::Snapshot, Judgement, code, finding};
use crate::{
    catalogue,
    expectations::{Expectations, KnownMember, Role},
    finding::Finding,
    text::Phrase,
    variable::UnitKind,
};

/// No old-age pension is drawn at an earlier age.
const PENSION_AGE: i32 = 62;
/// Nobody receives assistance of their own at an earlier age.
const ADULT_AGE: i32 = 18;
/// An age to look twice at.
const HIGH_AGE: i32 = 96;

/// Everything in an adult's row that does not go together.
pub(super) fn all(row: &Judgement<'_>, snapshot: &Snapshot, expect: &Expectations) -> Vec<Finding> {
    if snapshot.unit_kind != UnitKind::Adult {
        return Vec::new();
    }
    let member = expect.members.get(&snapshot.unit_id);
    let age = member.and_then(|it| it.age_in(snapshot.status_date.year()));
    let mut found: Vec<Finding> = work(row, snapshot).into_iter().collect();
    found.extend(age.and_then(|age| of_age(row, snapshot, age)));
    found.extend(without_children(row, snapshot, member, expect));
    found
}

/// Whether a main source of income goes with a situation as to work. VKLO 1, 2, 4, 5, 6 and 8 with
/// ARBSIT; disability benefit and old-age pension with 02–07; work assessment allowance not with 08.
fn fits(income: &str, work: &str) -> bool {
    let is_one_of = |fitting: &[&str]| fitting.contains(&work);
    match income {
        "LONN" | "NARING" => is_one_of(&["HELTID", "DELTID"]),
        "TILTAKSPENGER" => is_one_of(&["UTDANNING", "TILTAK_STAT", "TILTAK_KOMM"]),
        "STUDIE" => work == "UTDANNING",
        "INTRO" => work == "INTRO_ORDN",
        "KVP" => work == "KVP_PROG",
        "SOSIALHJELP" => !is_one_of(&["HELTID", "INTRO_ORDN", "KVP_PROG"]),
        "UFORETRYGD" | "ALDERSPENSJON" => {
            !is_one_of(&["HELTID", "LEDIG_UREG", "INTRO_ORDN", "KVP_PROG"])
        }
        "AAP" => work != "LEDIG_UREG",
        _ => true,
    }
}

fn work(row: &Judgement<'_>, snapshot: &Snapshot) -> Option<Finding> {
    let (income, work) = (code(snapshot, "INNTEKT")?, code(snapshot, "ARBEID")?);
    let finding = || finding(row, &catalogue::K16, "inntekt").value(income).expected(work);
    (!fits(income, work)).then(|| finding().term("y", "ARBEID"))
}

fn of_age(row: &Judgement<'_>, snapshot: &Snapshot, age: i32) -> Option<Finding> {
    let income = code(snapshot, "INNTEKT")?;
    let unusual = (income == "ALDERSPENSJON" && age < PENSION_AGE)
        || (income == "SOSIALHJELP" && age < ADULT_AGE)
        || age >= HIGH_AGE;
    unusual.then(|| {
        let finding = finding(row, &catalogue::K16, "inntekt").value(income);
        finding.expected(age.to_string()).term("y", Phrase::norwegian("alder", "age"))
    })
}

/// A benefit for children of a family that has none on the list; a warning if they are grown up.
fn without_children(
    row: &Judgement<'_>,
    snapshot: &Snapshot,
    member: Option<&KnownMember>,
    expect: &Expectations,
) -> Option<Finding> {
    let main =
        code(snapshot, "INNTEKT").filter(|it| ["BARNETRYGD", "OVERGANGSSTONAD"].contains(it));
    let beside = [("TILLEGG_BARNETRYGD", "BARNETRYGD"), ("TILLEGG_UTVIDET_BT", "UTVIDET_BT")]
        .into_iter()
        .find_map(|(name, option)| (code(snapshot, name) == Some("J")).then_some(option));
    let (header, benefit) = match (main, beside) {
        (Some(main), _) => ("inntekt", main),
        (None, Some(beside)) => ("tillegg", beside),
        (None, None) => return None,
    };
    let family = &member?.family_id;
    let around = expect.members.range(family.clone()..);
    let own = around.take_while(|(id, _)| id.starts_with(family.as_str())).map(|(_, it)| it);
    let children = own.filter(|it| it.family_id == *family && it.role == Role::Child);
    let ages: Vec<Option<i32>> =
        children.map(|it| it.age_in(snapshot.status_date.year())).collect();
    // Known by the year alone: who turns 18 in it has been 17.
    if ages.iter().any(|age| age.is_none_or(|age| age <= ADULT_AGE)) {
        return None;
    }
    let finding = finding(row, &catalogue::K16, header).value(benefit);
    let finding = if ages.is_empty() { finding.otherwise() } else { finding };
    let children = Phrase::new("barn under 18 år", "barn under 18 år", "children under 18");
    Some(finding.expected("0").term("y", children))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// ARBSIT 01–10 in our own codes, and for each income the ones that go with it, as the data
    /// model quotes the rules of the national file.
    #[test]
    fn the_rules_are_the_national_ones() {
        const ARBSIT: [&str; 10] = [
            "HELTID",
            "DELTID",
            "UTDANNING",
            "IKKE_SOKER",
            "TILTAK_STAT",
            "TILTAK_KOMM",
            "LEDIG_REG",
            "LEDIG_UREG",
            "INTRO_ORDN",
            "KVP_PROG",
        ];
        for (income, fitting) in [
            ("LONN", vec![1, 2]),
            ("NARING", vec![1, 2]),
            ("TILTAKSPENGER", vec![3, 5, 6]),
            ("STUDIE", vec![3]),
            ("INTRO", vec![9]),
            ("KVP", vec![10]),
            ("SOSIALHJELP", (2..=8).collect()),
            ("UFORETRYGD", (2..=7).collect()),
            ("ALDERSPENSJON", (2..=7).collect()),
            ("AAP", vec![1, 2, 3, 4, 5, 6, 7, 9, 10]),
            ("DAGPENGER", (1..=10).collect()),
            ("INGEN", (1..=10).collect()),
        ] {
            let found: Vec<usize> = (1..=10).filter(|at| fits(income, ARBSIT[at - 1])).collect();
            assert_eq!(found, fitting, "{income}");
        }
    }
}
