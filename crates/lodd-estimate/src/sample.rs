//! The rows of one analysis, checked once and put in canonical order.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::columns::{self, Column, Role};
use crate::offers::{Offers, OffersError, Taken};

/// A numeric covariate, with one value a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Covariate {
    /// The name its coefficient is reported under.
    pub name: String,
    /// Values, in the order of the rows.
    pub values: Vec<f64>,
}

/// Rows as the caller has them. Slices have one element a row.
///
/// Blocks, clusters and units are numbers that the caller gives to its labels. Number them in
/// the labels' sorted order: then the order of the rows changes nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rows<'a> {
    /// Outcome, in its own unit.
    pub y: &'a [f64],
    /// Whether the row is in the treated arm; else it is in the control arm.
    pub treated: &'a [bool],
    /// The drawn unit: its index in the [`crate::Replay`].
    pub unit: &'a [u32],
    /// The block a unit was drawn in.
    pub block: Option<&'a [u32]>,
    /// What standard errors are clustered on.
    pub cluster: Option<&'a [u32]>,
    /// True where clusters are not what was assigned but hold both arms, as offices do when
    /// families are drawn within them. Else a cluster in two arms is refused.
    pub cluster_spans_arms: bool,
    /// Covariates, in the order in which collinear ones give way: later first.
    pub covariates: &'a [Covariate],
    /// Weights, not negative. Rows of weight 0 are left out.
    pub weights: Option<&'a [f64]>,
    /// Further columns, each by its [`Role`]. [`crate::Estimator::needs`] says which an estimator
    /// can't do without, [`crate::Estimator::options`] which it can use; others are refused.
    pub columns: &'a [Column],
    /// Where places were offered down ranked lists: `treated` is then who was ever offered one,
    /// and `block` is the list.
    pub offers: Option<Offers<'a>>,
}

/// Why rows are refused. A `row` counts from 0, in the caller's order; messages count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum SampleError {
    #[error("`{column}` must have one value a row: {expected} rows, {actual} values")]
    Length { column: String, expected: usize, actual: usize },
    #[error("`{column}` must be a finite number in row {}", .row + 1)]
    NotFinite { column: String, row: usize },
    #[error("a weight can't be negative: row {}", .row + 1)]
    NegativeWeight { row: usize },
    #[error("both arms need a row: {treated} treated, {control} control")]
    EmptyArm { treated: usize, control: usize },
    #[error("unit {unit} must be in one arm")]
    UnitInTwoArms { unit: u32 },
    #[error("unit {unit} must be in one block")]
    UnitInTwoBlocks { unit: u32 },
    #[error("unit {unit} must be in one cluster")]
    UnitInTwoClusters { unit: u32 },
    #[error("cluster {cluster} must be in one arm")]
    ClusterInTwoArms { cluster: u32 },
    #[error("`{column}` must be {expected} in row {}", .row + 1)]
    OutOfRange { column: String, row: usize, expected: &'static str },
    #[error("covariate `{name}` must be given once")]
    DuplicateCovariate { name: String },
    #[error(transparent)]
    Offers(#[from] OffersError),
}

/// Rows that were checked. Nothing in it is missing or non-finite, and both arms are there.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    pub(crate) y: Vec<f64>,
    pub(crate) treated: Vec<bool>,
    pub(crate) unit: Vec<u32>,
    pub(crate) covariates: Vec<Covariate>,
    pub(crate) weights: Option<Vec<f64>>,
    /// Further columns, in the caller's order; factors are among the covariates instead.
    columns: Vec<Column>,
    /// What became of the row's place, and the places of its list; None without offers.
    pub(crate) offers: Option<Vec<(Taken, u32)>>,
    /// Position of each row's block in `block_ids`; all 0 without blocks.
    pub(crate) block: Vec<usize>,
    /// The caller's numbers of the blocks, ascending; empty without blocks.
    pub(crate) block_ids: Vec<u32>,
    /// The rows of each cluster, which are neighbours; None without clusters.
    pub(crate) clusters: Option<Vec<Range<usize>>>,
    cluster: Option<Vec<u32>>,
}

impl Sample {
    /// Checks rows and puts them in canonical order.
    ///
    /// # Errors
    ///
    /// The first thing found wrong: lengths, then values, then how rows, units, clusters, blocks
    /// and arms lie in each other.
    pub fn new(rows: Rows<'_>) -> Result<Self, SampleError> {
        check_lengths(&rows)?;
        check_values(&rows)?;
        if let Some(offers) = &rows.offers {
            offers.check(&rows)?;
        }
        let order = canonical_order(&rows);
        let pick = |column: &[u32]| gather(column, &order);
        let block = rows.block.map(pick);
        let block_ids: Vec<u32> =
            block.iter().flatten().copied().collect::<BTreeSet<_>>().into_iter().collect();
        let position = |id: &u32| block_ids.binary_search(id).unwrap_or_default();
        let cluster = rows.cluster.map(pick);
        let sample = Self {
            y: gather(rows.y, &order),
            treated: gather(rows.treated, &order),
            unit: pick(rows.unit),
            covariates: covariates(&rows, &order),
            columns: other_columns(&rows).map(|it| it.gather(&order)).collect(),
            weights: rows.weights.map(|it| gather(it, &order)),
            offers: rows.offers.map(|it| it.gather(&order)),
            block: match &block {
                Some(block) => block.iter().map(position).collect(),
                None => vec![0; order.len()],
            },
            block_ids,
            clusters: cluster.as_deref().map(runs),
            cluster,
        };
        sample.check_names()?;
        sample.check_nesting(rows.cluster_spans_arms)?;
        Ok(sample)
    }

    /// Number of rows.
    pub fn n(&self) -> usize {
        self.y.len()
    }

    /// Number of treated rows.
    pub fn n_treated(&self) -> usize {
        self.treated.iter().filter(|it| **it).count()
    }

    /// Number of control rows.
    pub fn n_control(&self) -> usize {
        self.n() - self.n_treated()
    }

    /// Blocks, by the caller's numbers, in which one arm has no row.
    pub fn lost_blocks(&self) -> Vec<u32> {
        let arms: BTreeSet<(usize, bool)> =
            self.block.iter().copied().zip(self.treated.iter().copied()).collect();
        let lost = |&at: &usize| !(arms.contains(&(at, true)) && arms.contains(&(at, false)));
        let ids = (0..self.n_blocks()).filter(lost).filter_map(|at| self.block_ids.get(at));
        ids.copied().collect()
    }

    /// The columns of a role, in the caller's order.
    pub fn columns(&self, role: Role) -> impl Iterator<Item = &Column> {
        self.columns.iter().filter(move |it| it.role == role)
    }

    /// The first column of a role.
    pub fn column(&self, role: Role) -> Option<&Column> {
        self.columns(role).next()
    }

    /// The plan's words for what the sample holds besides outcome, arm and design.
    pub(crate) fn held(&self) -> impl Iterator<Item = &'static str> {
        let covariates = (!self.covariates.is_empty()).then_some("covariates");
        let weights = self.weights.as_ref().map(|_| "weights");
        covariates.into_iter().chain(weights).chain(self.columns.iter().map(|it| it.role.key()))
    }

    /// Number of blocks, 1 without blocks.
    pub(crate) fn n_blocks(&self) -> usize {
        self.block_ids.len().max(1)
    }

    /// What was assigned together, as ranges of neighbouring rows: clusters, else single rows.
    pub(crate) fn groups(&self) -> Vec<Range<usize>> {
        match &self.clusters {
            Some(clusters) => clusters.clone(),
            None => (0..self.n()).map(|row| row..row + 1).collect(),
        }
    }

    /// Units of each arm, controls first; clusters where there are clusters.
    pub(crate) fn units_by_arm(&self) -> [usize; 2] {
        let ids = self.cluster.as_ref().unwrap_or(&self.unit);
        let of = |treated: bool| {
            let own = ids.iter().zip(&self.treated).filter(|(_, it)| **it == treated);
            own.map(|(id, _)| id).collect::<BTreeSet<_>>().len()
        };
        [of(false), of(true)]
    }

    /// Treated and control rows among `rows`.
    pub(crate) fn arms_of(&self, rows: &[usize]) -> (usize, usize) {
        let treated = rows.iter().filter(|row| self.treated.get(**row) == Some(&true)).count();
        (treated, rows.len() - treated)
    }

    /// The sample with another outcome, one value a row.
    pub(crate) fn with_outcome(&self, y: Vec<f64>) -> Self {
        Self { y, ..self.clone() }
    }

    /// The sample of some of its rows, which stand in ascending order.
    pub(crate) fn select(&self, rows: &[usize]) -> Self {
        let cluster = self.cluster.as_ref().map(|it| gather(it, rows));
        let block: Vec<usize> = gather(&self.block, rows);
        let present: BTreeSet<usize> = block.iter().copied().collect();
        let place = |it: &usize| present.iter().position(|at| at == it).unwrap_or_default();
        Self {
            y: gather(&self.y, rows),
            treated: gather(&self.treated, rows),
            unit: gather(&self.unit, rows),
            covariates: self.covariates.iter().map(|it| it.gather(rows)).collect(),
            weights: self.weights.as_ref().map(|it| gather(it, rows)),
            columns: self.columns.iter().map(|it| it.gather(rows)).collect(),
            offers: self.offers.as_ref().map(|it| gather(it, rows)),
            block_ids: present.iter().filter_map(|at| self.block_ids.get(*at).copied()).collect(),
            block: block.iter().map(place).collect(),
            clusters: cluster.as_deref().map(runs),
            cluster,
        }
    }

    /// The sample clustered on its units, if it is not clustered and a unit has several rows.
    pub(crate) fn clustered_on_units(&self) -> Self {
        let mut sample = self.clone();
        let several = self.unit.iter().collect::<BTreeSet<_>>().len() < self.n();
        if self.clusters.is_none() && several {
            // A unit is in one block, so its rows are neighbours.
            sample.clusters = Some(runs(&self.unit));
            sample.cluster = Some(self.unit.clone());
        }
        sample
    }

    /// The cluster that `row` is in, else its unit.
    pub(crate) fn group_id(&self, row: usize) -> Option<u32> {
        self.cluster_at(row).or_else(|| self.unit.get(row).copied())
    }

    /// The caller's number of the cluster that `row` is in.
    pub(crate) fn cluster_at(&self, row: usize) -> Option<u32> {
        self.cluster.as_ref()?.get(row).copied()
    }

    fn check_names(&self) -> Result<(), SampleError> {
        let mut names = BTreeSet::new();
        match self.covariates.iter().find(|it| !names.insert(&it.name)) {
            Some(it) => Err(SampleError::DuplicateCovariate { name: it.name.clone() }),
            None => Ok(()),
        }
    }

    fn check_nesting(&self, cluster_spans_arms: bool) -> Result<(), SampleError> {
        let (treated, control) = (self.n_treated(), self.n_control());
        if treated == 0 || control == 0 {
            return Err(SampleError::EmptyArm { treated, control });
        }
        if let Some(unit) = first_split(&self.unit, &self.treated) {
            return Err(SampleError::UnitInTwoArms { unit });
        }
        if let Some(unit) = first_split(&self.unit, &self.block) {
            return Err(SampleError::UnitInTwoBlocks { unit });
        }
        let Some(cluster) = &self.cluster else { return Ok(()) };
        if let Some(unit) = first_split(&self.unit, cluster) {
            return Err(SampleError::UnitInTwoClusters { unit });
        }
        match first_split(cluster, &self.treated) {
            Some(cluster) if !cluster_spans_arms => Err(SampleError::ClusterInTwoArms { cluster }),
            _ => Ok(()),
        }
    }
}

impl Covariate {
    fn gather(&self, order: &[usize]) -> Self {
        Self { name: self.name.clone(), values: gather(&self.values, order) }
    }
}

/// The covariates, then the dummies of the factors.
fn covariates(rows: &Rows<'_>, order: &[usize]) -> Vec<Covariate> {
    let factors = rows.columns.iter().filter(|it| it.role == Role::Factor);
    let dummies = factors.flat_map(|it| it.gather(order).dummies());
    rows.covariates.iter().map(|it| it.gather(order)).chain(dummies).collect()
}

fn other_columns<'a>(rows: &Rows<'a>) -> impl Iterator<Item = &'a Column> {
    rows.columns.iter().filter(|it| it.role != Role::Factor)
}

fn check_lengths(rows: &Rows<'_>) -> Result<(), SampleError> {
    let expected = rows.y.len();
    let check = |column: &str, actual: Option<usize>| match actual {
        Some(actual) if actual != expected => {
            Err(SampleError::Length { column: column.to_owned(), expected, actual })
        }
        _ => Ok(()),
    };
    check("treatment", Some(rows.treated.len()))?;
    check("unit", Some(rows.unit.len()))?;
    check("block", rows.block.map(<[u32]>::len))?;
    check("cluster", rows.cluster.map(<[u32]>::len))?;
    check("weights", rows.weights.map(<[f64]>::len))?;
    check("taken", rows.offers.map(|it| it.taken.len()))?;
    check("places", rows.offers.map(|it| it.places.len()))?;
    for it in rows.columns {
        check(&it.name, Some(it.values.len()))?;
    }
    rows.covariates.iter().try_for_each(|it| check(&it.name, Some(it.values.len())))
}

fn check_values(rows: &Rows<'_>) -> Result<(), SampleError> {
    let check = |column: &str, values: &[f64]| match values.iter().position(|it| !it.is_finite()) {
        Some(row) => Err(SampleError::NotFinite { column: column.to_owned(), row }),
        None => Ok(()),
    };
    check("outcome", rows.y)?;
    for it in rows.covariates {
        check(&it.name, &it.values)?;
    }
    let weights = rows.weights.unwrap_or_default();
    check("weights", weights)?;
    match weights.iter().position(|it| *it < 0.0) {
        Some(row) => Err(SampleError::NegativeWeight { row }),
        None => columns::check(rows),
    }
}

/// Positions of the rows with weight, sorted by everything an estimator can see. Rows that tie
/// are the same in every respect, so the result does not depend on the order they came in.
fn canonical_order(rows: &Rows<'_>) -> Vec<usize> {
    let mut order: Vec<usize> = (0..rows.y.len()).collect();
    if let Some(weights) = rows.weights {
        order.retain(|&row| weights.get(row).is_some_and(|it| *it > 0.0));
    }
    order.sort_by(|&a, &b| {
        let optional =
            |column: Option<&[u32]>| column.map_or(Ordering::Equal, |it| it.get(a).cmp(&it.get(b)));
        let number = |column: &[f64]| match (column.get(a), column.get(b)) {
            (Some(a), Some(b)) => a.total_cmp(b),
            _ => Ordering::Equal,
        };
        optional(rows.cluster)
            .then_with(|| optional(rows.block))
            .then_with(|| optional(Some(rows.unit)))
            .then_with(|| rows.treated.get(a).cmp(&rows.treated.get(b)))
            .then_with(|| number(rows.y))
            .then_with(|| rows.weights.map_or(Ordering::Equal, number))
            .then_with(|| rows.offers.map_or(Ordering::Equal, |it| it.compare(a, b)))
            .then_with(|| {
                let covariates = rows.covariates.iter().map(|it| &it.values);
                let mut columns = covariates.chain(rows.columns.iter().map(|it| &it.values));
                columns
                    .find_map(|it| Some(number(it)).filter(|it| it.is_ne()))
                    .unwrap_or(Ordering::Equal)
            })
    });
    order
}

fn gather<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
    order.iter().filter_map(|&row| column.get(row).copied()).collect()
}

/// Ranges of neighbours that are equal.
fn runs(column: &[u32]) -> Vec<Range<usize>> {
    let mut start = 0;
    let runs = column.chunk_by(|a, b| a == b).map(|run| {
        start += run.len();
        start - run.len()..start
    });
    runs.collect()
}

/// The first key that has two values.
fn first_split<V: Copy + PartialEq>(keys: &[u32], values: &[V]) -> Option<u32> {
    let mut seen = BTreeMap::new();
    keys.iter()
        .zip(values)
        .find_map(|(key, value)| (seen.entry(*key).or_insert(*value) != value).then_some(*key))
}

#[cfg(test)]
mod tests;
