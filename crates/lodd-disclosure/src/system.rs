//! Every number once, and the sums between them.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::at;

/// A number of a [`System`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id(pub(crate) usize);

/// What is to become of a number, or became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Of no table: a difference, the rest of a whole.
    Unprinted,
    /// Of a table at hand: published unless it is suppressed.
    Open,
    /// Withheld in an earlier release, and so again.
    Withheld,
    /// Published before: everybody knows it.
    Published,
}

/// One number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Number {
    /// What it counts, at any time.
    pub series: String,
    /// The cut it is counted at.
    pub cut: String,
    /// The count. Of one that was withheld earlier, any that agrees with what was published.
    pub value: i64,
    /// How many families stand behind it, at least.
    pub families: i64,
    /// How wide an attacker's interval must be at least; 0 where it is not sensitive.
    pub width: i64,
    /// What is lost when it is suppressed: 1, more for those that readers need most.
    pub cost: u32,
    /// What becomes of it.
    pub standing: Standing,
    /// Whether it may be negative.
    pub signed: bool,
}

impl Number {
    /// A number of a table at hand that is not sensitive.
    pub fn open(series: impl Into<String>, cut: impl Into<String>, value: i64) -> Self {
        Self {
            series: series.into(),
            cut: cut.into(),
            value,
            families: value,
            width: 0,
            cost: 1,
            standing: Standing::Open,
            signed: false,
        }
    }

    /// The number with the families behind it, where it counts others.
    #[must_use]
    pub fn behind(self, families: i64) -> Self {
        Self { families, ..self }
    }

    /// The number with the interval it needs.
    #[must_use]
    pub fn needing(self, width: i64) -> Self {
        Self { width, ..self }
    }

    /// The number with another standing.
    #[must_use]
    pub fn standing(self, standing: Standing) -> Self {
        Self { standing, ..self }
    }
}

/// A whole and its parts, as places of the system's numbers with the factor each stands with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sum {
    /// The whole with −1, every part with 1.
    pub(crate) terms: Vec<(usize, i64)>,
}

impl Sum {
    /// The whole.
    pub fn whole(&self) -> Option<Id> {
        self.terms.first().map(|(i, _)| Id(*i))
    }

    /// The parts.
    pub fn parts(&self) -> impl Iterator<Item = Id> + '_ {
        self.terms.iter().skip(1).map(|(i, _)| Id(*i))
    }
}

/// Numbers that contradict each other.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SystemError {
    /// One number with two values.
    #[error("`{series}` must be one number at {cut}: it is {first} and {second}")]
    Contradiction {
        /// The number.
        series: String,
        /// Its cut.
        cut: String,
        /// One value.
        first: i64,
        /// The other.
        second: i64,
    },
    /// Parts that don't add up.
    #[error("the parts of `{series}` must add up to {whole} at {cut}: they add up to {parts}")]
    NotASum {
        /// The whole.
        series: String,
        /// Its cut.
        cut: String,
        /// Its value.
        whole: i64,
        /// What the parts add up to.
        parts: i64,
    },
    /// A count under zero.
    #[error("`{series}` can't be negative at {cut}: it is {value}")]
    Negative {
        /// The number.
        series: String,
        /// Its cut.
        cut: String,
        /// Its value.
        value: i64,
    },
    /// What was published before fits no set of counts.
    #[error("no set of counts agrees with what was published before")]
    NoSuchCounts,
}

/// Every number of a set of tables once, with the sums between them.
#[derive(Clone, Debug, Default)]
pub struct System {
    pub(crate) numbers: Vec<Number>,
    pub(crate) sums: Vec<Sum>,
    /// The sums each number is in.
    of: Vec<Vec<usize>>,
    /// Numbers that are suppressed together have the same.
    bundle: Vec<usize>,
    names: BTreeMap<(String, String), usize>,
    known_sums: BTreeSet<Vec<(usize, i64)>>,
}

impl System {
    /// Enters a number, or finds it: one that tables share is one number.
    ///
    /// # Errors
    ///
    /// If it is there with another value, or negative.
    pub fn number(&mut self, number: Number) -> Result<Id, SystemError> {
        let Number { series, cut, value, .. } = number.clone();
        if value < 0 && !number.signed {
            return Err(SystemError::Negative { series, cut, value });
        }
        let name = (series, cut);
        let Some(place) = self.names.get(&name).copied() else {
            let place = self.numbers.len();
            self.names.insert(name, place);
            self.numbers.push(number);
            self.of.push(Vec::new());
            self.bundle.push(place);
            return Ok(Id(place));
        };
        if let Some(there) = self.numbers.get_mut(place) {
            if there.value != value {
                let (series, cut) = name;
                let (first, second) = (there.value, value);
                return Err(SystemError::Contradiction { series, cut, first, second });
            }
            there.standing = there.standing.max(number.standing);
            there.width = there.width.max(number.width);
            there.cost = there.cost.max(number.cost);
        }
        Ok(Id(place))
    }

    /// States that a whole is the sum of its parts.
    ///
    /// # Errors
    ///
    /// If it is not.
    pub fn sum(&mut self, whole: Id, parts: &[Id]) -> Result<(), SystemError> {
        let sum: i64 = parts.iter().map(|part| self.value(*part)).sum();
        if let Some(it) = self.numbers.get(whole.0)
            && it.value != sum
        {
            let (series, cut) = (it.series.clone(), it.cut.clone());
            return Err(SystemError::NotASum { series, cut, whole: it.value, parts: sum });
        }
        self.relate(whole, parts);
        Ok(())
    }

    /// A sum of numbers whose values are still to be found.
    pub(crate) fn relate(&mut self, whole: Id, parts: &[Id]) {
        let mut terms: Vec<(usize, i64)> = parts.iter().map(|part| (part.0, 1)).collect();
        terms.sort_unstable();
        terms.insert(0, (whole.0, -1));
        if !self.known_sums.insert(terms.clone()) {
            return;
        }
        for (i, _) in &terms {
            if let Some(of) = self.of.get_mut(*i) {
                of.push(self.sums.len());
            }
        }
        self.sums.push(Sum { terms });
    }

    /// Suppresses these together or not at all: a comparison's four cells.
    pub fn together(&mut self, numbers: &[Id]) {
        let theirs: BTreeSet<usize> = numbers.iter().map(|it| at(&self.bundle, it.0)).collect();
        let Some(first) = theirs.first().copied() else { return };
        for bundle in &mut self.bundle {
            if theirs.contains(bundle) {
                *bundle = first;
            }
        }
    }

    /// The number.
    pub fn get(&self, id: Id) -> Option<&Number> {
        self.numbers.get(id.0)
    }

    /// The number with this name, if the system has it.
    pub fn find(&self, series: &str, cut: &str) -> Option<Id> {
        self.names.get(&(series.to_owned(), cut.to_owned())).copied().map(Id)
    }

    /// All numbers, in the order they were entered.
    pub fn numbers(&self) -> impl Iterator<Item = (Id, &Number)> {
        self.numbers.iter().enumerate().map(|(i, it)| (Id(i), it))
    }

    /// All sums.
    pub fn sums(&self) -> &[Sum] {
        &self.sums
    }

    /// How many numbers.
    pub fn len(&self) -> usize {
        self.numbers.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.numbers.is_empty()
    }

    fn value(&self, id: Id) -> i64 {
        self.numbers.get(id.0).map_or(0, |it| it.value)
    }

    pub(crate) fn is(&self, i: usize, standing: Standing) -> bool {
        self.numbers.get(i).is_some_and(|it| it.standing == standing)
    }

    pub(crate) fn sums_of(&self, i: usize) -> &[usize] {
        self.of.get(i).map_or(&[], Vec::as_slice)
    }

    pub(crate) fn terms(&self, sum: usize) -> &[(usize, i64)] {
        self.sums.get(sum).map_or(&[], |it| it.terms.as_slice())
    }

    pub(crate) fn bundle_of(&self, i: usize) -> usize {
        at(&self.bundle, i)
    }

    /// The numbers of a bundle.
    pub(crate) fn bundled(&self, bundle: usize) -> Vec<usize> {
        let all = self.bundle.iter().enumerate();
        all.filter(|(_, it)| **it == bundle).map(|(i, _)| i).collect()
    }

    /// What suppressing a bundle costs: its numbers that would be published.
    pub(crate) fn cost_of(&self, bundle: usize) -> u32 {
        let open = self.bundled(bundle).into_iter().filter_map(|i| self.numbers.get(i));
        open.filter(|it| it.standing == Standing::Open).map(|it| it.cost).sum()
    }

    /// Those an attacker must not narrow down: sensitive, and not published already.
    pub(crate) fn sensitive(&self) -> Vec<usize> {
        let all = self.numbers.iter().enumerate();
        let sensitive = all.filter(|(_, it)| it.width > 0 && it.standing != Standing::Published);
        sensitive.map(|(i, _)| i).collect()
    }

    /// Which numbers an attacker does not see before anything is suppressed beyond the sensitive.
    pub(crate) fn hidden_at_least(&self) -> Vec<bool> {
        let mut hidden: Vec<bool> = self
            .numbers
            .iter()
            .map(|it| match it.standing {
                Standing::Published => false,
                Standing::Open => it.width > 0,
                Standing::Unprinted | Standing::Withheld => true,
            })
            .collect();
        let bundles: BTreeSet<usize> = self
            .sensitive()
            .into_iter()
            .filter(|i| self.is(*i, Standing::Open))
            .map(|i| self.bundle_of(i))
            .collect();
        for (i, bundle) in self.bundle.iter().enumerate() {
            if bundles.contains(bundle) && self.is(i, Standing::Open) {
                crate::put(&mut hidden, i, true);
            }
        }
        hidden
    }
}
