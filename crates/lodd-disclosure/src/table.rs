//! Tables of counts by one or more dimensions, with margins.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::{
    rules::Rules,
    system::{Id, Number, Standing, System, SystemError},
};

/// What stands behind a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Count {
    /// What the table shows.
    pub value: u64,
    /// Families behind it.
    pub families: u64,
    /// Persons behind it.
    pub persons: u64,
    /// Whether nobody can be in it, so that its zero tells nothing.
    pub cannot_occur: bool,
}

impl Count {
    /// A count of families; each has at least one person.
    pub fn families(n: u64) -> Self {
        Self { value: n, families: n, persons: n, cannot_occur: false }
    }

    /// A count of persons of so many families.
    pub fn persons(n: u64, families: u64) -> Self {
        Self { value: n, families, persons: n, cannot_occur: false }
    }

    /// A cell that can't occur.
    pub fn impossible() -> Self {
        Self { value: 0, families: 0, persons: 0, cannot_occur: true }
    }
}

/// A dimension of a table: its categories, which may lie within others of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    name: String,
    /// Each category with the one that holds it; none for those of the total.
    categories: Vec<(String, Option<String>)>,
}

impl Dimension {
    /// A dimension without groups.
    pub fn flat(name: &str, categories: &[&str]) -> Self {
        let categories = categories.iter().map(|it| ((*it).to_owned(), None)).collect();
        Self { name: name.to_owned(), categories }
    }

    /// A dimension whose categories lie in groups: `(category, group)`, the groups among them.
    pub fn nested(name: &str, categories: &[(&str, Option<&str>)]) -> Self {
        let owned = |(code, within): &(&str, Option<&str>)| {
            ((*code).to_owned(), within.map(ToOwned::to_owned))
        };
        Self { name: name.to_owned(), categories: categories.iter().map(owned).collect() }
    }

    /// The categories directly within one, `*` being the total.
    fn within<'d>(&'d self, whole: &'d str) -> impl Iterator<Item = &'d str> + 'd {
        let inside =
            move |it: &&(String, Option<String>)| it.1.as_deref().unwrap_or(Table::TOTAL) == whole;
        self.categories.iter().filter(inside).map(|it| it.0.as_str())
    }

    fn has(&self, code: &str) -> bool {
        code == Table::TOTAL || self.categories.iter().any(|it| it.0 == code)
    }

    /// All wholes: the total, and the groups.
    fn wholes(&self) -> impl Iterator<Item = &str> {
        let groups = self.categories.iter().map(|it| it.0.as_str());
        std::iter::once(Table::TOTAL)
            .chain(groups)
            .filter(|whole| self.within(whole).next().is_some())
    }
}

/// The name of what is counted: the population, and the categories by dimension, totals left out.
pub fn series<'a>(population: &str, at: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let named = at.filter(|(_, code)| *code != Table::TOTAL);
    let mut parts: Vec<String> = named.map(|(name, code)| format!("{name}={code}")).collect();
    parts.sort();
    parts.insert(0, population.to_owned());
    parts.join("|")
}

/// A table that can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TableError {
    /// A cell with a category the table has not, or too few or too many.
    #[error("the cell `{cell}` must name one category of each of the table's dimensions")]
    NoSuchCell {
        /// The categories given.
        cell: String,
    },
    /// Numbers that contradict each other.
    #[error(transparent)]
    System(#[from] SystemError),
}

/// Counts of one population at one cut, by dimensions.
///
/// Cells with the same population, cut and categories are the same number in every table, whatever
/// the order of the dimensions: that is what links tables.
#[derive(Clone, Debug)]
pub struct Table {
    population: String,
    cut: String,
    dimensions: Vec<Dimension>,
    cells: BTreeMap<Vec<String>, Count>,
}

impl Table {
    /// The category that stands for all of a dimension.
    pub const TOTAL: &'static str = "*";

    /// A table of this population at this cut, without cells. One population has one unit.
    pub fn new(population: &str, cut: &str) -> Self {
        Self {
            population: population.to_owned(),
            cut: cut.to_owned(),
            dimensions: Vec::new(),
            cells: BTreeMap::new(),
        }
    }

    /// Adds a dimension. Before any cell.
    pub fn by(&mut self, dimension: Dimension) {
        self.dimensions.push(dimension);
    }

    /// Enters a cell: one category of each dimension, `*` for a total.
    ///
    /// # Errors
    ///
    /// If the table has no such category.
    pub fn count(&mut self, categories: &[&str], count: Count) -> Result<(), TableError> {
        let fits = categories.len() == self.dimensions.len()
            && self.dimensions.iter().zip(categories).all(|(it, code)| it.has(code));
        if !fits {
            return Err(TableError::NoSuchCell { cell: categories.join(", ") });
        }
        self.cells.insert(categories.iter().map(|it| (*it).to_owned()).collect(), count);
        Ok(())
    }

    /// Adds every margin that follows from the cells. Of the families behind a total of persons no
    /// more is said than of its largest part: a family may be in several.
    ///
    /// # Errors
    ///
    /// If the table has no dimension that a cell names.
    pub fn add_totals(&mut self) -> Result<(), TableError> {
        for place in 0..self.dimensions.len() {
            let Some(dimension) = self.dimensions.get(place).cloned() else { continue };
            // Groups stand after their parts: from the innermost out.
            let mut wholes: Vec<&str> = dimension.wholes().collect();
            wholes.sort_by_key(|it| *it == Self::TOTAL);
            for whole in wholes {
                let parts: Vec<&str> = dimension.within(whole).collect();
                self.add_up(place, whole, &parts);
            }
        }
        Ok(())
    }

    fn add_up(&mut self, place: usize, whole: &str, parts: &[&str]) {
        let mut sums: BTreeMap<Vec<String>, Count> = BTreeMap::new();
        for (cell, count) in &self.cells {
            if !cell.get(place).is_some_and(|code| parts.contains(&code.as_str())) {
                continue;
            }
            let mut total = cell.clone();
            crate::put(&mut total, place, whole.to_owned());
            let sum = sums.entry(total).or_insert(Count::impossible());
            let is_families = count.families == count.value && sum.families == sum.value;
            sum.families = if is_families {
                sum.families + count.families
            } else {
                sum.families.max(count.families)
            };
            sum.value += count.value;
            sum.persons += count.persons;
            sum.cannot_occur &= count.cannot_occur;
        }
        for (cell, sum) in sums {
            self.cells.entry(cell).or_insert(sum);
        }
    }

    /// What a cell counts, as a name that is the same in every table.
    pub fn series(&self, categories: &[String]) -> String {
        let dimensions = self.dimensions.iter().map(|it| it.name.as_str());
        series(&self.population, dimensions.zip(categories.iter().map(String::as_str)))
    }

    /// Enters the table's numbers and sums. Where a whole is there and not all its parts, the rest
    /// is a number too: what a reader gets by subtraction.
    ///
    /// # Errors
    ///
    /// If they contradict themselves or what the system holds.
    pub fn enter(&self, system: &mut System, rules: &Rules) -> Result<Vec<Id>, TableError> {
        let mut ids = Vec::new();
        for (cell, count) in &self.cells {
            ids.push(system.number(self.number(cell, *count, rules))?);
        }
        for (place, dimension) in self.dimensions.iter().enumerate() {
            for whole in dimension.wholes() {
                let cells = self.cells.keys();
                let those = cells.filter(|it| it.get(place).is_some_and(|code| code == whole));
                for cell in those {
                    let parts: Vec<&str> = dimension.within(whole).collect();
                    self.enter_sum((cell, place), &parts, (&mut *system, rules))?;
                }
            }
        }
        Ok(ids)
    }

    fn number(&self, cell: &[String], count: Count, rules: &Rules) -> Number {
        let value = i64::try_from(count.value).unwrap_or(i64::MAX);
        let number = Number::open(self.series(cell), self.cut.clone(), value)
            .behind(i64::try_from(count.families).unwrap_or(i64::MAX));
        if count.cannot_occur {
            // Its zero is known to everybody.
            return number.standing(Standing::Published);
        }
        number.needing(rules.width(count.families, count.persons))
    }

    fn id(&self, cell: &[String], system: &System) -> Option<Id> {
        system.find(&self.series(cell), &self.cut)
    }

    fn enter_sum(
        &self,
        (whole, place): (&[String], usize),
        parts: &[&str],
        (system, rules): (&mut System, &Rules),
    ) -> Result<(), TableError> {
        let with = |code: &str| {
            let mut cell = whole.to_vec();
            crate::put(&mut cell, place, code.to_owned());
            cell
        };
        let cells: Vec<Vec<String>> = parts.iter().map(|code| with(code)).collect();
        let there: Vec<&Vec<String>> =
            cells.iter().filter(|it| self.cells.contains_key(*it)).collect();
        let Some(total) = self.id(whole, system) else { return Ok(()) };
        if there.is_empty() {
            return Ok(());
        }
        let mut ids: Vec<Id> = there.iter().filter_map(|it| self.id(it, system)).collect();
        if there.len() < cells.len() {
            let mut rest = self.cells.get(whole).copied().unwrap_or(Count::impossible());
            for count in there.iter().filter_map(|it| self.cells.get(*it)) {
                rest.value = rest.value.saturating_sub(count.value);
                rest.families = rest.families.saturating_sub(count.families);
                rest.persons = rest.persons.saturating_sub(count.persons);
            }
            let shown = there.iter().map(|it| self.series(it)).collect::<Vec<_>>().join(" and ");
            let mut number = self.number(whole, rest, rules).standing(Standing::Unprinted);
            number.series = format!("{} but {shown}", number.series);
            ids.push(system.number(number)?);
        }
        system.sum(total, &ids)?;
        Ok(())
    }
}
