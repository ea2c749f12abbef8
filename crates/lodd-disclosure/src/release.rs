//! The release audit: a table together with everything that was published before it.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{
    at,
    link::{counts, differences, enter, grew, known, sums},
    rules::Rules,
    search::Search,
    suppress::Pattern,
    system::{Id, Number, Standing, System, SystemError},
};

/// A number as a release has it. What was withheld is not kept: a release can be kept anywhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reported {
    /// What it counts.
    pub series: String,
    /// The cut it is counted at.
    pub cut: String,
    /// What was published; `None` where it was withheld or not printed.
    pub value: Option<i64>,
    /// Families behind it, where it was published.
    pub families: Option<i64>,
    /// How wide an attacker's interval must stay; 0 where it was not sensitive.
    pub width: i64,
}

/// What one release told: its numbers, and its sums as places in them, the whole first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Release {
    /// What it is called.
    pub name: String,
    /// The numbers.
    pub numbers: Vec<Reported>,
    /// The sums.
    pub sums: Vec<Vec<usize>>,
}

impl Release {
    /// What is told when the system's tables are published with this pattern.
    pub fn of(name: &str, system: &System, pattern: &Pattern) -> Self {
        let mut place = BTreeMap::new();
        let mut numbers = Vec::new();
        for (id, number) in system.numbers().filter(|(_, it)| !it.cut.contains(BETWEEN)) {
            let shown = number.standing != Standing::Unprinted && pattern.shows(id);
            place.insert(id, numbers.len());
            numbers.push(Reported {
                series: number.series.clone(),
                cut: number.cut.clone(),
                value: shown.then_some(number.value),
                families: shown.then_some(number.families),
                width: number.width,
            });
        }
        let all = |ids: Vec<Id>| -> Option<Vec<usize>> {
            ids.into_iter().map(|id| place.get(&id).copied()).collect()
        };
        let sums = system.sums().iter();
        let sums = sums.filter_map(|it| all(it.whole().into_iter().chain(it.parts()).collect()));
        Self { name: name.to_owned(), sums: sums.collect(), numbers }
    }
}

/// What stands between two cuts in the name of a difference.
pub(crate) const BETWEEN: &str = "..";

/// Why a number may not be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// It is shown, and too few stand behind it.
    Small,
    /// It is not shown, but the others tell nearly what it is.
    Narrow,
    /// Together with what was published at an earlier cut it tells who came or went.
    Difference {
        /// The earlier cut.
        since: String,
    },
}

/// What would help.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Advice {
    /// Merge the category with another, or suppress more.
    Merge,
    /// Pool offices, or leave the place unnamed.
    Pool,
    /// Wait until more have come.
    Wait,
}

/// A number that would be given away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exposed {
    /// What it counts.
    pub series: String,
    /// Its cut.
    pub cut: String,
    /// How wide an attacker's interval would be.
    pub width: i64,
    /// How wide it must be.
    pub needed: i64,
    /// Why.
    pub why: Why,
    /// What would help.
    pub advice: Advice,
}

/// A table that may not be published as it is.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{} numbers would be given away", cells.len())]
pub struct Refusal {
    /// Which, in the order of the system.
    pub cells: Vec<Exposed>,
}

/// Whether the system's tables, with everything it is linked to, may be published so that an
/// outsider does not see the `hidden` (one a number of the system).
///
/// # Errors
///
/// Every number that would be given away.
pub fn audit(system: &System, hidden: &[bool]) -> Result<(), Refusal> {
    let mut search = Search::new(system, hidden.to_vec());
    let mut cells = Vec::new();
    for (id, number) in system.numbers().filter(|(_, it)| it.width > 0) {
        if number.standing == Standing::Published {
            continue;
        }
        let is_shown = !at(hidden, id.0);
        let (low, high) = if is_shown { (0, 0) } else { search.range(id.0, number.width) };
        if high - low < number.width {
            cells.push(exposed(number, high - low, is_shown));
        }
    }
    if cells.is_empty() { Ok(()) } else { Err(Refusal { cells }) }
}

impl Exposed {
    /// A number that no suppression can hide.
    pub fn of(number: &Number) -> Self {
        exposed(number, 0, false)
    }
}

fn exposed(number: &Number, width: i64, is_shown: bool) -> Exposed {
    let (cut, why) = match number.cut.split_once(BETWEEN) {
        Some((since, cut)) => (cut, Why::Difference { since: since.to_owned() }),
        None if is_shown => (number.cut.as_str(), Why::Small),
        None => (number.cut.as_str(), Why::Narrow),
    };
    let advice = match why {
        Why::Difference { .. } => Advice::Wait,
        _ if number.series.contains("|office=") => Advice::Pool,
        _ => Advice::Merge,
    };
    Exposed {
        series: number.series.clone(),
        cut: cut.to_owned(),
        width,
        needed: number.width,
        why,
        advice,
    }
}

/// Why a release is refused.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReleaseError {
    /// It contradicts itself, or what was published before.
    #[error(transparent)]
    System(#[from] SystemError),
    /// It would give numbers away.
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// Whether a release of which nothing is known but what it tells may follow the earlier ones, as a
/// table that somebody else made.
///
/// # Errors
///
/// If it contradicts them, or gives a number away.
pub fn audit_release(
    new: &Release,
    earlier: &[Release],
    rules: &Rules,
) -> Result<(), ReleaseError> {
    let mut all = earlier.to_vec();
    all.push(new.clone());
    let (values, _) = counts(&System::default(), &all, &known(&all)?)?;
    let mut system = System::default();
    let mut shown = Vec::new();
    for reported in &new.numbers {
        let name = (reported.series.clone(), reported.cut.clone());
        let value = values.get(&name).copied().unwrap_or_default();
        let number = Number::open(&name.0, &name.1, value)
            .behind(reported.families.unwrap_or(value))
            .needing(reported.width);
        let id = system.number(number)?;
        if reported.value.is_some() {
            shown.push(id);
        }
    }
    let known = known(earlier)?;
    let growing = grew(&system, &known);
    enter(&mut system, earlier, (&known, &values))?;
    sums(&mut system, new);
    differences(&mut system, &shown, (&known, &growing, rules))?;
    let hidden = |(id, number): (Id, &Number)| {
        number.standing != Standing::Published && !shown.contains(&id)
    };
    let hidden: Vec<bool> = system.numbers().map(hidden).collect();
    Ok(audit(&system, &hidden)?)
}
