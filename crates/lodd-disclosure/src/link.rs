//! New tables and everything published before them as one system.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    at,
    lp::Programme,
    release::{BETWEEN, Release, Reported},
    rules::Rules,
    system::{Id, Number, Standing, System, SystemError},
};

/// What is known of the numbers of all earlier releases.
pub(crate) type Known = BTreeMap<(String, String), Reported>;

/// Counts by series and cut.
pub(crate) type Values = BTreeMap<(String, String), i64>;

/// Links a system of new tables with every earlier release: the same number at the same cut is one
/// number, and a number at two cuts has a difference, which is a count itself.
///
/// # Errors
///
/// If what was published contradicts itself or the new tables.
pub fn link(system: &mut System, earlier: &[Release], rules: &Rules) -> Result<(), SystemError> {
    let known = known(earlier)?;
    let (values, growing) = counts(system, earlier, &known)?;
    let new: Vec<Id> = system.numbers().map(|(id, _)| id).collect();
    enter(system, earlier, (&known, &values))?;
    differences(system, &new, (&known, &growing, rules))
}

/// Counts that agree with everything published, and the pairs of cuts between which numbers grew.
pub(crate) fn counts(
    system: &System,
    earlier: &[Release],
    known: &Known,
) -> Result<(Values, BTreeSet<(String, String)>), SystemError> {
    let growing = grew(system, known);
    if let Some(values) = values(system, earlier, (known, &growing)) {
        return Ok((values, growing));
    }
    // Not all grew: what was withheld fell.
    let none = BTreeSet::new();
    let values = values(system, earlier, (known, &none));
    values.map(|it| (it, none)).ok_or(SystemError::NoSuchCounts)
}

/// Enters what was told before.
pub(crate) fn enter(
    system: &mut System,
    earlier: &[Release],
    (known, values): (&Known, &Values),
) -> Result<(), SystemError> {
    for (name, reported) in known {
        let value = values.get(name).copied().unwrap_or_default();
        let standing =
            if reported.value.is_some() { Standing::Published } else { Standing::Withheld };
        let number = Number::open(&name.0, &name.1, value)
            .behind(reported.families.unwrap_or_default())
            .needing(reported.width)
            .standing(standing);
        system.number(number)?;
    }
    for release in earlier {
        sums(system, release);
    }
    Ok(())
}

pub(crate) fn sums(system: &mut System, release: &Release) {
    for sum in &release.sums {
        let found = sum.iter().filter_map(|i| release.numbers.get(*i));
        let ids: Vec<Id> = found.filter_map(|it| system.find(&it.series, &it.cut)).collect();
        if let Some((whole, parts)) = ids.split_first() {
            system.relate(*whole, parts);
        }
    }
}

pub(crate) fn known(earlier: &[Release]) -> Result<Known, SystemError> {
    let mut known = Known::new();
    for reported in earlier.iter().flat_map(|it| &it.numbers) {
        let name = (reported.series.clone(), reported.cut.clone());
        let there = known.entry(name).or_insert_with(|| reported.clone());
        if let (Some(first), Some(second)) = (there.value, reported.value)
            && first != second
        {
            let (series, cut) = (reported.series.clone(), reported.cut.clone());
            return Err(SystemError::Contradiction { series, cut, first, second });
        }
        there.value = there.value.or(reported.value);
        there.families = there.families.or(reported.families);
        there.width = there.width.max(reported.width);
    }
    Ok(known)
}

/// Pairs of cuts between which no number fell: an attacker takes it that nobody left.
pub(crate) fn grew(system: &System, known: &Known) -> BTreeSet<(String, String)> {
    let mut all: BTreeMap<(String, String), bool> = BTreeMap::new();
    for (_, number) in system.numbers() {
        for (name, reported) in of_series(known, &number.series) {
            if let Some(value) = reported.value
                && name.1 != number.cut
            {
                let pair = (name.1.clone(), number.cut.clone());
                *all.entry(pair).or_insert(true) &= number.value >= value;
            }
        }
    }
    all.into_iter().filter(|(_, grew)| *grew).map(|(pair, _)| pair).collect()
}

/// The entries of one series, at every cut.
fn of_series<'k>(
    known: &'k Known,
    series: &str,
) -> impl Iterator<Item = (&'k (String, String), &'k Reported)> + use<'k> {
    let from = (series.to_owned(), String::new());
    let series = series.to_owned();
    known.range(from..).take_while(move |(name, _)| name.0 == series)
}

/// Counts that agree with everything published: those that are known, and any for the others.
fn values(
    system: &System,
    earlier: &[Release],
    (known, growing): (&Known, &BTreeSet<(String, String)>),
) -> Option<Values> {
    let mut values = Values::new();
    let mut programme = Programme::default();
    let mut place = BTreeMap::new();
    for (name, reported) in known {
        let own = system.find(&name.0, &name.1).and_then(|id| system.get(id));
        if let Some(value) = reported.value.or(own.map(|it| it.value)) {
            values.insert(name.clone(), value);
            continue;
        }
        let later = system.numbers().filter(|(_, it)| it.series == name.0);
        let later = later.filter(|(_, it)| growing.contains(&(name.1.clone(), it.cut.clone())));
        let most = later.map(|(_, it)| it.value).min().map_or(f64::INFINITY, |it| it as f64);
        place.insert(name.clone(), programme.variable(0.0, 0.0, most));
    }
    for release in earlier {
        for sum in &release.sums {
            let mut terms = Vec::new();
            let mut right = 0.0;
            for (n, i) in sum.iter().enumerate() {
                let number = release.numbers.get(*i)?;
                let name = (number.series.clone(), number.cut.clone());
                let factor = if n == 0 { -1.0 } else { 1.0 };
                match place.get(&name) {
                    Some(at_) => terms.push((*at_, factor)),
                    None => right -= factor * values.get(&name).copied()? as f64,
                }
            }
            if terms.is_empty() && f64::abs(right) > 0.5 {
                return None;
            }
            programme.equal(terms, right);
        }
    }
    if place.is_empty() {
        return Some(values);
    }
    let found = programme.solve().filter(|it| is_whole(it)).or_else(|| programme.solve_whole())?;
    #[expect(clippy::cast_possible_truncation, reason = "a count")]
    values.extend(place.into_iter().map(|(name, at_)| (name, at(&found, at_).round() as i64)));
    Some(values)
}

fn is_whole(values: &[f64]) -> bool {
    values.iter().all(|x| (x - x.round()).abs() < 1e-4)
}

/// Enters what changed between each earlier cut and the new tables.
pub(crate) fn differences(
    system: &mut System,
    new: &[Id],
    (known, growing, rules): (&Known, &BTreeSet<(String, String)>, &Rules),
) -> Result<(), SystemError> {
    let least = i64::from(rules.threshold());
    // By new number and earlier cut: the change in what is shown and in the families behind it,
    // where both are known.
    let mut changes: BTreeMap<(Id, String), (i64, i64)> = BTreeMap::new();
    for id in new {
        let Some(number) = system.get(*id) else { continue };
        for (name, reported) in of_series(known, &number.series) {
            if let Some(value) = reported.value
                && name.1 != number.cut
            {
                let families = number.families - reported.families.unwrap_or(value);
                changes.insert((*id, name.1.clone()), (number.value - value, families));
            }
        }
    }
    let moved =
        |id: Id, since: &str| changes.get(&(id, since.to_owned())).is_some_and(|it| *it != (0, 0));
    let mut in_a_change: BTreeSet<(Id, String)> = BTreeSet::new();
    for sum in system.sums() {
        for ((id, since), _) in changes.iter().filter(|((id, _), _)| sum.whole() == Some(*id)) {
            if moved(*id, since) {
                in_a_change.extend(sum.parts().map(|part| (part, since.clone())));
            }
        }
    }
    for id in new {
        let Some(number) = system.get(*id).cloned() else { continue };
        let earlier: Vec<(String, String)> =
            of_series(known, &number.series).map(|(name, _)| name.clone()).collect();
        for name in earlier.into_iter().filter(|name| name.1 != number.cut) {
            let Some(before) = system.find(&name.0, &name.1) else { continue };
            let Some(was) = system.get(before).map(|it| it.value) else { continue };
            let key = (*id, name.1.clone());
            let is_sensitive = changes.get(&key).is_some_and(|(value, families)| {
                let is_small = value.abs() < least || families.abs() < least;
                is_small && ((*value, *families) != (0, 0) || in_a_change.contains(&key))
            });
            let between = format!("{}{BETWEEN}{}", name.1, number.cut);
            let mut change = Number::open(&name.0, &between, number.value - was)
                .needing(if is_sensitive { least } else { 0 })
                .standing(Standing::Unprinted);
            change.signed = !growing.contains(&(name.1.clone(), number.cut.clone()));
            let change = system.number(change)?;
            system.relate(*id, &[before, change]);
        }
    }
    Ok(())
}
