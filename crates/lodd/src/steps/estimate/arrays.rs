//! From rows as a pilot or a file has them to the sample that an estimator takes.

use std::collections::BTreeSet;

use lodd_estimate::{
    Column, Covariate, EstimateError, MissingCovariates, Offers, Role, Rows, Sample, SampleError,
    Taken,
};

use crate::{
    frame::{Frame, Wrong, gather},
    plan::Method,
    text::{Text, say},
};

/// What the design says of each row; one element a row in every list.
#[derive(Clone, Debug)]
pub(super) struct Designed {
    pub(super) frame: Frame,
    /// The outcome where it is known.
    pub(super) y: Vec<Option<f64>>,
    pub(super) treated: Vec<bool>,
    /// The drawn unit: its index in the draw.
    pub(super) unit: Vec<u32>,
    pub(super) block: Option<Vec<String>>,
    pub(super) cluster: Option<Vec<String>>,
    /// Clusters that are not what was assigned, but hold both arms.
    pub(super) spans_arms: bool,
    pub(super) weights: Option<Vec<f64>>,
    /// What became of each row's place, and the places of its list.
    pub(super) offers: Option<Vec<(Taken, u32)>>,
    /// Columns that follow from the outcome or the draw.
    pub(super) own: Vec<(Role, String, Own)>,
    /// What is done where a covariate is missing and the plan does not say.
    pub(super) missing: MissingCovariates,
    /// Whether regressions have the blocks as dummies.
    pub(super) block_dummies: bool,
}

/// The values of a column that the plan does not name.
#[derive(Clone, Debug)]
pub(super) enum Own {
    Numbers(Vec<f64>),
    Labels(Vec<String>),
}

/// A sample with what a reader must know of how it was made.
#[derive(Clone, Debug)]
pub(super) struct Made {
    pub(super) sample: Sample,
    pub(super) notes: Vec<String>,
    labels: Labels,
}

/// Why there is no sample.
#[derive(Clone, Debug)]
pub(super) enum NoSample {
    /// One arm has no row.
    EmptyArm {
        treated: usize,
        control: usize,
        why: String,
    },
    Wrong(Wrong),
    Because(Text),
}

impl From<Wrong> for NoSample {
    fn from(wrong: Wrong) -> Self {
        Self::Wrong(wrong)
    }
}

impl From<Text> for NoSample {
    fn from(why: Text) -> Self {
        Self::Because(why)
    }
}

/// The labels behind the numbers that the estimators have.
#[derive(Clone, Debug, Default)]
struct Labels {
    blocks: Vec<String>,
    clusters: Vec<String>,
}

impl Made {
    /// An estimator's error with the labels of blocks and clusters in place of their numbers.
    pub(super) fn explain(&self, error: &EstimateError) -> Text {
        let label = |labels: &[String], at: u32| labels.get(at as usize).cloned();
        let named = match error {
            EstimateError::ClusterNotNested { cluster } => label(&self.labels.clusters, *cluster),
            EstimateError::BlockWithoutArm { block }
            | EstimateError::NotTheSeats { block }
            | EstimateError::SmallBlock { block } => label(&self.labels.blocks, *block),
            EstimateError::OneSeat { list, .. } => label(&self.labels.blocks, *list),
            _ => None,
        };
        let named = named.map(|it| format!(" (`{it}`)")).unwrap_or_default();
        let hint = error.hint().map(|it| format!("; {it}")).unwrap_or_default();
        Text::same(format!("{error}{named}{hint}"))
    }
}

impl Designed {
    /// The checked sample of an analysis.
    pub(super) fn sample(&self, method: &Method) -> Result<Made, NoSample> {
        let mut rows = self.rows_used(method)?;
        let mut notes = Vec::new();
        self.drop_lost_blocks(method, &mut rows, &mut notes)?;
        let covariates = self.covariates(method, &mut rows, &mut notes)?;
        let blocks = self.block.as_deref().map(|it| Coded::of(&gather(it, &rows)));
        let clusters = self.cluster.as_deref().map(|it| Coded::of(&gather(it, &rows)));
        let mut columns = Vec::new();
        let dummies = self.block_dummies && method.takes("covariates") && !needs_redraw(method);
        if let (true, Some(blocks)) = (dummies, self.block.as_deref()) {
            let labels = gather(blocks, &rows);
            let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
            columns.push(Column::labels(Role::Factor, "block", &labels));
        }
        for (role, name) in &method.columns {
            columns.push(self.column(*role, name, &rows)?);
        }
        for (role, name, own) in &self.own {
            columns.push(own.column(*role, name, &rows));
        }
        let named = columns.iter().any(|it| it.role == Role::Observed);
        if method.takes("observed") && !named {
            let known = |it: Option<f64>| f64::from(u8::from(it.is_some()));
            let values = gather(&self.y, &rows).into_iter().map(known).collect();
            columns.push(Column::numbers(Role::Observed, "observed", values));
        }
        let y: Vec<f64> =
            gather(&self.y, &rows).into_iter().map(Option::unwrap_or_default).collect();
        let weights = self.weights.as_deref().map(|it| gather(it, &rows));
        let offers = self.offers.as_deref().map(|it| gather(it, &rows)).unwrap_or_default();
        let (taken, places): (Vec<Taken>, Vec<u32>) = offers.into_iter().unzip();
        let sample = Sample::new(Rows {
            y: &y,
            treated: &gather(&self.treated, &rows),
            unit: &gather(&self.unit, &rows),
            block: blocks.as_ref().filter(|_| !dummies).map(|it| it.codes.as_slice()),
            cluster: clusters.as_ref().map(|it| it.codes.as_slice()),
            cluster_spans_arms: self.spans_arms,
            covariates: &covariates,
            weights: weights.as_deref(),
            columns: &columns,
            offers: self.offers.is_some().then_some(Offers { taken: &taken, places: &places }),
        });
        let labels = Labels {
            blocks: blocks.map(|it| it.labels).unwrap_or_default(),
            clusters: clusters.map(|it| it.labels).unwrap_or_default(),
        };
        match sample {
            Ok(sample) => Ok(Made { sample, notes, labels }),
            Err(error) => Err(explained(&error, &labels)),
        }
    }

    /// The rows whose outcome is known and for which `where` is true.
    fn rows_used(&self, method: &Method) -> Result<Vec<usize>, NoSample> {
        let holds = method.filter.as_ref().map(|it| self.frame.holds(it)).transpose()?;
        // An estimator that looks at who is missing, or takes other columns as its outcome.
        let without = method.takes("observed")
            || method.takes("outcomes")
            || method.takes("imputations")
            || method.estimator == "balance";
        let used = |row: &usize| {
            let known = without || self.y.get(*row).copied().flatten().is_some();
            known && holds.as_ref().is_none_or(|it| it.get(*row) == Some(&true))
        };
        Ok((0..self.frame.rows()).filter(used).collect())
    }

    /// A block that has lost an arm stops the run, unless the plan drops such blocks by name.
    fn drop_lost_blocks(
        &self,
        method: &Method,
        rows: &mut Vec<usize>,
        notes: &mut Vec<String>,
    ) -> Result<(), NoSample> {
        let (Some(blocks), None) = (&self.block, &self.offers) else { return Ok(()) };
        let arm = |row: &usize| Some((blocks.get(*row)?, *self.treated.get(*row)?));
        let arms: BTreeSet<(&String, bool)> = rows.iter().filter_map(arm).collect();
        let lost = |it: &&String| arms.contains(&(*it, true)) != arms.contains(&(*it, false));
        let lost: BTreeSet<&String> = arms.iter().map(|it| it.0).filter(lost).collect();
        let all: BTreeSet<&String> = arms.iter().map(|it| it.0).collect();
        if lost.is_empty() || lost.len() == all.len() {
            return Ok(());
        }
        let names = lost.iter().map(|it| it.as_str()).collect::<Vec<_>>().join(", ");
        if !method.drop_blocks {
            return Err(NoSample::Because(say!(
                "blokken har mistet en arm: {names}; `drop_blocks = true` utelater den med navn",
                nn "blokka har mista ein arm: {names}; `drop_blocks = true` utelèt ho med namn",
                "the block has lost an arm: {names}; `drop_blocks = true` leaves it out by name"
            )));
        }
        let before = rows.len();
        rows.retain(|row| blocks.get(*row).is_some_and(|it| !lost.contains(it)));
        let dropped = before - rows.len();
        notes.push(format!("blocks that lost an arm, left out: {names} ({dropped} rows)"));
        Ok(())
    }

    /// Covariates without missing values; rows without them are left out, or filled in.
    fn covariates(
        &self,
        method: &Method,
        rows: &mut Vec<usize>,
        notes: &mut Vec<String>,
    ) -> Result<Vec<Covariate>, NoSample> {
        let mut dropped = 0;
        for (role, name) in &method.columns {
            let known: Vec<bool> = if self.is_labels(*role, name) {
                self.frame.labels(name)?.iter().map(Option::is_some).collect()
            } else {
                self.frame.numbers(name)?.iter().map(Option::is_some).collect()
            };
            let must = matches!(role, Role::Event | Role::Period | Role::Subject | Role::Group)
                || *role == Role::Probability;
            let missing = |row: &&usize| known.get(**row) == Some(&false);
            if let (true, Some(row)) = (must, rows.iter().find(missing)) {
                return Err(absent(name, *row).into());
            }
            // An unknown upper end is an event that had not come.
            if *role != Role::High {
                let before = rows.len();
                rows.retain(|row| known.get(*row) == Some(&true));
                dropped += before - rows.len();
            }
        }
        if dropped > 0 {
            notes.push(format!(
                "rows without a value in a column of the analysis, left out: {dropped}"
            ));
        }
        let mut columns = Vec::new();
        for name in &method.covariates {
            columns.push((name.clone(), gather(&self.frame.numbers(name)?, rows)));
        }
        let resolved = method.missing.unwrap_or(self.missing).resolve(&columns, rows.len());
        let lost = resolved.keep.iter().filter(|it| !**it).count();
        if lost > 0 {
            notes.push(format!("rows without a covariate, left out: {lost}"));
        }
        if !resolved.unknown.is_empty() {
            let names = resolved.unknown.join(", ");
            notes.push(format!("covariates known of nobody, left out: {names}"));
        }
        let kept = rows.iter().zip(&resolved.keep).filter(|(_, keep)| **keep);
        *rows = kept.map(|(row, _)| *row).collect();
        Ok(resolved.covariates)
    }

    /// A moderator is labels where it is text; other columns as their role says.
    fn is_labels(&self, role: Role, name: &str) -> bool {
        role.is_labels() || (role == Role::Moderator && !self.frame.is_number(name))
    }

    fn column(&self, role: Role, name: &str, rows: &[usize]) -> Result<Column, NoSample> {
        if self.is_labels(role, name) {
            let labels = gather(&self.frame.labels(name)?, rows);
            let labels: Vec<&str> =
                labels.iter().map(|it| it.as_deref().unwrap_or_default()).collect();
            return Ok(Column::labels(role, name, &labels));
        }
        let missing = if role == Role::High { f64::INFINITY } else { f64::NAN };
        let values = gather(&self.frame.numbers(name)?, rows);
        let values = values.into_iter().map(|it| it.unwrap_or(missing)).collect();
        Ok(Column::numbers(role, name, values))
    }
}

impl Own {
    fn column(&self, role: Role, name: &str, rows: &[usize]) -> Column {
        match self {
            Self::Numbers(values) => Column::numbers(role, name, gather(values, rows)),
            Self::Labels(values) => {
                let labels = gather(values, rows);
                let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
                Column::labels(role, name, &labels)
            }
        }
    }
}

fn needs_redraw(method: &Method) -> bool {
    method.known().is_some_and(lodd_estimate::Estimator::needs_redraw)
}

/// A value that must be there.
pub(super) fn absent(name: &str, row: usize) -> Wrong {
    let why = say!("`{name}` mangler", nn "`{name}` manglar", "`{name}` is missing");
    Wrong { row: Some(row), why }
}

/// The sample's error with labels in place of numbers.
fn explained(error: &SampleError, labels: &Labels) -> NoSample {
    if let SampleError::EmptyArm { treated, control } = error {
        let why = error.to_string();
        return NoSample::EmptyArm { treated: *treated, control: *control, why };
    }
    let cluster = match error {
        SampleError::ClusterInTwoArms { cluster } => labels.clusters.get(*cluster as usize),
        _ => None,
    };
    let named = cluster.map(|it| format!(" (`{it}`)")).unwrap_or_default();
    NoSample::Because(Text::same(format!("{error}{named}")))
}

/// Labels as numbers, in the labels' sorted order.
struct Coded {
    codes: Vec<u32>,
    labels: Vec<String>,
}

impl Coded {
    fn of(values: &[String]) -> Self {
        let labels: BTreeSet<&String> = values.iter().collect();
        let labels: Vec<String> = labels.into_iter().cloned().collect();
        let code = |it| u32::try_from(labels.binary_search(it).unwrap_or_default());
        Self { codes: values.iter().map(|it| code(it).unwrap_or_default()).collect(), labels }
    }
}
