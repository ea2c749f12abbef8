//! Every number that a public report may show, with the sums between them, and what is decided of it.
//!
//! A table enters its counts by name: one that two tables share is one number. What a reader gets by
//! subtraction is a number too. [`Linked::decide`] withholds as few as it takes, together with every
//! earlier release.

use std::collections::BTreeMap;

use lodd_disclosure::{
    Exposed, Id, Number, Pattern, Release, RoundingError, Rules, Standing, System, SystemError,
    audit, link, protect, round,
};
use lodd_report::Unit;

/// The most persons of one kind in one family: so many families at least stand behind persons.
#[derive(Clone, Copy, Debug)]
pub(in crate::steps::report) struct Households {
    pub(in crate::steps::report) adults: u64,
    pub(in crate::steps::report) children: u64,
}

impl Households {
    /// Families behind so many units, at least.
    fn families(self, unit: Unit, n: u64) -> u64 {
        match unit {
            Unit::Family => n,
            Unit::Adult => n.div_ceil(self.adults.max(1)),
            Unit::Child => n.div_ceil(self.children.max(1)),
            // An office is no person.
            Unit::Office => u64::MAX,
        }
    }
}

/// A number that was entered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot(usize);

#[derive(Clone, Debug)]
struct Entry {
    series: String,
    unit: Unit,
    value: u64,
    standing: Standing,
    /// Whether it is withheld whatever its size: the design's gate.
    gated: bool,
    /// What everybody knows that it is not above.
    most: Option<u64>,
}

/// Numbers with their sums.
#[derive(Clone, Debug)]
pub(super) struct Linked {
    cut: String,
    households: Households,
    entries: Vec<Entry>,
    names: BTreeMap<String, usize>,
    sums: Vec<(usize, Vec<usize>)>,
    together: Vec<Vec<usize>>,
}

/// The name of a number: what is counted, and where; what does not apply is left out.
pub(super) fn series(unit: Unit, what: &str, at: &[(&str, Option<&str>)]) -> String {
    let clean = |text: &str| text.replace(['|', '='], " ").trim().to_owned();
    let unit = match unit {
        Unit::Office => "office",
        Unit::Family => "family",
        Unit::Adult => "adult",
        Unit::Child => "child",
    };
    let mut name = format!("{unit}|{}", clean(what));
    for (dimension, value) in at {
        if let Some(value) = value {
            name = format!("{name}|{dimension}={}", clean(value));
        }
    }
    name
}

impl Linked {
    pub(super) fn new(cut: &str, households: Households) -> Self {
        Self {
            cut: cut.to_owned(),
            households,
            entries: Vec::new(),
            names: BTreeMap::new(),
            sums: Vec::new(),
            together: Vec::new(),
        }
    }

    /// A count that the report prints.
    pub(super) fn count(&mut self, series: String, unit: Unit, value: u64) -> Spot {
        self.enter(series, unit, value, Standing::Open)
    }

    /// A count that no table prints.
    pub(super) fn unprinted(&mut self, series: String, unit: Unit, value: u64) -> Spot {
        self.enter(series, unit, value, Standing::Unprinted)
    }

    /// A count that everybody knows: a draw's own public files tell it.
    pub(super) fn known(&mut self, series: String, unit: Unit, value: u64) -> Spot {
        let spot = self.enter(series, unit, value, Standing::Published);
        if let Some(entry) = self.entries.get_mut(spot.0) {
            entry.most = Some(value);
        }
        spot
    }

    /// A count that is withheld whatever its size.
    pub(super) fn gated(&mut self, series: String, unit: Unit, value: u64) -> Spot {
        let spot = self.enter(series, unit, value, Standing::Open);
        if let Some(entry) = self.entries.get_mut(spot.0) {
            entry.gated = true;
        }
        spot
    }

    fn enter(&mut self, series: String, unit: Unit, value: u64, standing: Standing) -> Spot {
        let mut name = series;
        // Two tables that call two numbers the same: they are not one.
        while let Some(there) = self.names.get(&name).copied() {
            if let Some(entry) = self.entries.get_mut(there)
                && entry.value == value
            {
                entry.standing = entry.standing.max(standing);
                return Spot(there);
            }
            name.push('\'');
        }
        self.names.insert(name.clone(), self.entries.len());
        let entry = Entry { series: name, unit, value, standing, gated: false, most: None };
        self.entries.push(entry);
        Spot(self.entries.len() - 1)
    }

    /// A number that is there already.
    pub(super) fn find(&self, series: &str) -> Option<Spot> {
        self.names.get(series).copied().map(Spot)
    }

    /// Families behind units, at least.
    pub(super) fn families(&self, unit: Unit, n: u64) -> u64 {
        self.households.families(unit, n)
    }

    /// What a number is.
    pub(super) fn value(&self, spot: Spot) -> u64 {
        self.entries.get(spot.0).map_or(0, |it| it.value)
    }

    /// A whole and its parts; what they leave of it is a number too. Parts that overlap say nothing.
    pub(super) fn sum(&mut self, whole: Spot, parts: &[Spot]) {
        self.add_up(whole, parts, false);
    }

    fn add_up(&mut self, whole: Spot, parts: &[Spot], is_partial: bool) {
        let total: u64 = parts.iter().map(|it| self.value(*it)).sum();
        let Some(rest) = self.value(whole).checked_sub(total) else { return };
        let mut parts: Vec<usize> = parts.iter().map(|it| it.0).collect();
        if rest > 0 || is_partial {
            parts.push(self.rest(whole, &parts, rest));
        }
        self.sums.push((whole.0, parts));
    }

    /// Some parts of a whole: what they leave of it is a number, even if it is none.
    pub(super) fn partial(&mut self, whole: Spot, parts: &[Spot]) {
        self.add_up(whole, parts, true);
    }

    /// A part of a whole, the rest of which is as sensitive as it is.
    pub(super) fn within(&mut self, whole: Spot, part: Spot) {
        let Some(rest) = self.value(whole).checked_sub(self.value(part)) else { return };
        if whole != part {
            let rest = self.rest(whole, &[part.0], rest);
            self.sums.push((whole.0, vec![part.0, rest]));
        }
    }

    /// Two counts of which one is of all the other counts, or of some of them: all is no secret.
    pub(super) fn same(&mut self, whole: Spot, part: Spot) {
        if whole == part {
            return;
        }
        if self.value(whole) == self.value(part) {
            self.sums.push((whole.0, vec![part.0]));
        } else {
            self.within(whole, part);
        }
    }

    fn rest(&mut self, whole: Spot, parts: &[usize], value: u64) -> usize {
        let name = |at: usize| self.entries.get(at).map_or("", |it| it.series.as_str());
        let but: Vec<&str> = parts.iter().map(|at| name(*at)).collect();
        let series = format!("{} but {}", name(whole.0), but.join(" and "));
        let unit = self.entries.get(whole.0).map_or(Unit::Family, |it| it.unit);
        self.unprinted(series, unit, value).0
    }

    /// Two sums of the same: what is on either side adds up to one number.
    pub(super) fn balance(&mut self, one: &[Spot], other: &[Spot]) {
        let total = |spots: &[Spot]| spots.iter().map(|it| self.value(*it)).sum::<u64>();
        let all = total(one);
        if all < total(other) {
            return;
        }
        let name = |it: &Spot| self.entries.get(it.0).map_or("", |it| it.series.as_str());
        let series = one.iter().map(name).collect::<Vec<_>>().join(" and ");
        let unit = one.first().and_then(|it| self.entries.get(it.0)).map(|it| it.unit);
        let whole = self.unprinted(series, unit.unwrap_or(Unit::Family), all);
        self.sum(whole, one);
        self.sum(whole, other);
    }

    /// These are shown or withheld together: a comparison.
    pub(super) fn together(&mut self, spots: &[Spot]) {
        self.together.push(spots.iter().map(|it| it.0).collect());
    }

    /// What is known of a whole bounds its parts.
    fn bound(&mut self) {
        loop {
            let mut changed = false;
            for (whole, parts) in &self.sums {
                let Some(most) = self.entries.get(*whole).and_then(|it| it.most) else { continue };
                for part in parts {
                    if let Some(entry) = self.entries.get_mut(*part)
                        && entry.most.is_none_or(|it| it > most)
                    {
                        entry.most = Some(most);
                        changed = true;
                    }
                }
            }
            if !changed {
                return;
            }
        }
    }

    /// How wide an attacker's interval must be: never wider than what everybody knew before.
    fn width(&self, entry: &Entry, rules: &Rules) -> i64 {
        let families = self.households.families(entry.unit, entry.value);
        let width = match entry.unit {
            Unit::Office => 0,
            _ if entry.gated => i64::from(rules.threshold()),
            Unit::Family => rules.width(families, families),
            Unit::Adult | Unit::Child => rules.width(families, entry.value),
        };
        entry.most.map_or(width, |most| width.min(i64::try_from(most).unwrap_or(width)))
    }

    /// Which numbers a table prints.
    fn printed(&self) -> Vec<Spot> {
        let all = self.entries.iter().enumerate();
        all.filter(|(_, it)| it.standing == Standing::Open).map(|(at, _)| Spot(at)).collect()
    }

    fn system(&mut self, rules: &Rules) -> Result<(System, Vec<Id>), SystemError> {
        self.bound();
        let mut system = System::default();
        let mut ids = Vec::new();
        for entry in &self.entries {
            let value = i64::try_from(entry.value).unwrap_or(i64::MAX);
            let families = self.households.families(entry.unit, entry.value);
            let number = Number::open(&entry.series, &self.cut, value)
                .behind(i64::try_from(families).unwrap_or(i64::MAX))
                .needing(self.width(entry, rules))
                .standing(entry.standing);
            ids.push(system.number(number)?);
        }
        let id = |at: &usize| ids.get(*at).copied();
        for (whole, parts) in &self.sums {
            if let Some(whole) = id(whole) {
                system.sum(whole, &parts.iter().filter_map(id).collect::<Vec<_>>())?;
            }
        }
        for bundle in &self.together {
            system.together(&bundle.iter().filter_map(id).collect::<Vec<_>>());
        }
        Ok((system, ids))
    }

    /// What is withheld so that nothing is given away, alone and together with `earlier` releases.
    ///
    /// # Errors
    ///
    /// If something is given away whatever is withheld, or what was published contradicts this.
    pub(super) fn decide(
        mut self,
        earlier: &[Release],
        rules: &Rules,
    ) -> Result<Decided, Undecided> {
        let (mut system, ids) = self.system(rules)?;
        link(&mut system, earlier, rules)?;
        let pattern = protect(&system).map_err(|lost| {
            let numbers = lost.numbers.iter().filter_map(|id| system.get(*id));
            Undecided::Exposed(numbers.map(Exposed::of).collect())
        })?;
        // The attacker has the last word.
        audit(&system, pattern.hidden()).map_err(|it| Undecided::Exposed(it.cells))?;
        let printed = self.printed();
        Ok(Decided { system, ids, printed, pattern: Some(pattern), rounded: Vec::new() })
    }

    /// Every number rounded to a multiple of `base` instead.
    ///
    /// # Errors
    ///
    /// If no rounding adds up.
    pub(super) fn round(mut self, base: i64, rules: &Rules) -> Result<Decided, Undecided> {
        let (system, ids) = self.system(rules)?;
        let rounded = round(&system, base)?;
        let printed = self.printed();
        Ok(Decided { system, ids, printed, pattern: None, rounded })
    }
}

/// Why nothing could be decided.
#[derive(Debug)]
pub(super) enum Undecided {
    /// These are given away whatever is withheld.
    Exposed(Vec<Exposed>),
    /// The numbers contradict what was published before, or themselves.
    Contradiction(SystemError),
    /// They can't be rounded.
    Rounding(RoundingError),
}

impl From<SystemError> for Undecided {
    fn from(error: SystemError) -> Self {
        Self::Contradiction(error)
    }
}

impl From<RoundingError> for Undecided {
    fn from(error: RoundingError) -> Self {
        Self::Rounding(error)
    }
}

/// What becomes of every number.
#[derive(Debug)]
pub(super) struct Decided {
    system: System,
    ids: Vec<Id>,
    /// Those that tables print.
    printed: Vec<Spot>,
    /// `None` where everything is rounded.
    pattern: Option<Pattern>,
    /// One a number of the system, where everything is rounded.
    rounded: Vec<i64>,
}

impl Decided {
    /// Whether the number is published as it is.
    pub(super) fn shows(&self, spot: Spot) -> bool {
        let Some(id) = self.ids.get(spot.0).copied() else { return false };
        let is_sensitive = self.system.get(id).is_none_or(|it| it.width > 0);
        !is_sensitive && self.pattern.as_ref().is_some_and(|it| it.shows(id))
    }

    /// What is printed of a number; `None` where it is withheld.
    pub(super) fn print(&self, spot: Spot, value: u64) -> Option<u64> {
        if self.pattern.is_some() {
            return self.shows(spot).then_some(value);
        }
        let rounded = self.rounded.get(spot.0).copied()?;
        u64::try_from(rounded).ok()
    }

    /// Whether everything is rounded.
    pub(super) fn is_rounded(&self) -> bool {
        self.pattern.is_none()
    }

    /// What is printed of a number that everybody knows.
    pub(super) fn print_known(&self, spot: Spot, value: u64) -> u64 {
        if self.is_rounded() { self.print(spot, value).unwrap_or(value) } else { value }
    }

    /// How many numbers the tables have, and how many of them are withheld.
    pub(super) fn counts(&self) -> (usize, usize) {
        let withheld = self.printed.iter().filter(|it| !self.shows(**it)).count();
        (self.printed.len(), if self.pattern.is_some() { withheld } else { 0 })
    }

    /// What is told, for the register. Of rounded numbers none is known.
    pub(super) fn release(&self, name: &str) -> Release {
        match &self.pattern {
            Some(pattern) => Release::of(name, &self.system, pattern),
            None => Release { name: name.to_owned(), ..Release::default() },
        }
    }
}
