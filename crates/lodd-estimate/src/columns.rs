//! Further columns of an analysis, each by the role it plays.

use crate::{Covariate, Rows, SampleError};

/// What a column is for. [`Role::key`] is the plan's word for it, and an estimator takes the
/// columns whose words are among its [`crate::Estimator::options`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Labels: one dummy a level but the first, after the covariates. [`crate::Sample::new`]
    /// makes covariates of it, named `column[level]`.
    Factor,
    /// Labels that are absorbed: a constant of its own for each level, not reported.
    FixedEffect,
    /// Probability of the arm that the row is in, in (0, 1].
    Probability,
    /// What was received: the variable that is instrumented.
    Endogenous,
    /// What it is instrumented with; without one, the treatment.
    Instrument,
    /// What subgroups are made by, a number or labels.
    Moderator,
    /// The outcome before the draw.
    Baseline,
    /// Labels: the period of a row that is one of several of its unit.
    Period,
    /// One outcome of several, of which an index is made. NaN is a missing value.
    Part,
    /// 1 where the event was seen at time `y`, 0 where the row was censored then.
    Event,
    /// 1 where the row left at time `y` by another exit, after which the event can't come.
    Competing,
    /// Upper end of the interval (y, high] that the event is known to lie in; infinite where it
    /// had not come when the row was last seen.
    High,
    /// Labels: rows are compared within them.
    Strata,
    /// 1 where the outcome is known, 0 where it is missing: `y` is then any number, say 0.
    Observed,
    /// Labels that bounds are tightened by.
    TightenedBy,
    /// What the probability of being observed depends on besides the arm, a number or labels.
    ResponseModel,
    /// The outcome with its missing values filled in, once for each imputation.
    Imputation,
    /// Labels: the subject that the row is a measurement of.
    Subject,
    /// Labels of a random intercept; outer groups first.
    Group,
    /// Labels: the outcome's category; `y` is then any number, say 0.
    Category,
}

impl Role {
    /// Every role, in the order of the documentation.
    pub const ALL: &'static [Self] = &[
        Self::Factor,
        Self::FixedEffect,
        Self::Probability,
        Self::Endogenous,
        Self::Instrument,
        Self::Moderator,
        Self::Baseline,
        Self::Period,
        Self::Part,
        Self::Event,
        Self::Competing,
        Self::High,
        Self::Strata,
        Self::Observed,
        Self::TightenedBy,
        Self::ResponseModel,
        Self::Imputation,
        Self::Subject,
        Self::Group,
        Self::Category,
    ];

    /// The key of a plan that names such a column.
    pub fn key(self) -> &'static str {
        match self {
            Self::Factor => "factors",
            Self::FixedEffect => "fixed_effects",
            Self::Probability => "probability",
            Self::Endogenous => "endogenous",
            Self::Instrument => "instrument",
            Self::Moderator => "moderator",
            Self::Baseline => "baseline",
            Self::Period => "period",
            Self::Part => "outcomes",
            Self::Event => "event",
            Self::Competing => "competing",
            Self::High => "high",
            Self::Strata => "strata",
            Self::Observed => "observed",
            Self::TightenedBy => "tightened_by",
            Self::ResponseModel => "response_model",
            Self::Imputation => "imputations",
            Self::Subject => "subject",
            Self::Group => "groups",
            Self::Category => "category",
        }
    }

    /// Whether its values are places among [`Column::levels`], always.
    pub fn is_labels(self) -> bool {
        matches!(
            self,
            Self::Factor
                | Self::FixedEffect
                | Self::Period
                | Self::Strata
                | Self::TightenedBy
                | Self::Subject
                | Self::Group
                | Self::Category
        )
    }

    /// What a value must be, and whether it is.
    fn rule(self) -> (&'static str, fn(f64) -> bool) {
        match self {
            Self::Probability => ("a probability above 0", |it| it > 0.0 && it <= 1.0),
            Self::Event | Self::Competing | Self::Observed => {
                ("0 or 1", |it| crate::number::is_binary(&[it]))
            }
            Self::High => ("a number or infinite", |it| !it.is_nan() && it > f64::NEG_INFINITY),
            Self::Part => ("a finite number, or missing", |it| !it.is_infinite()),
            _ => ("a finite number", f64::is_finite),
        }
    }
}

/// A column with one value a row.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// What it is for.
    pub role: Role,
    /// Its name in the plan.
    pub name: String,
    /// Values, in the order of the rows. Of labels, places in `levels`.
    pub values: Vec<f64>,
    /// The labels, in their sorted order; empty for numbers.
    pub levels: Vec<String>,
}

impl Column {
    /// A column of numbers.
    pub fn numbers(role: Role, name: &str, values: Vec<f64>) -> Self {
        Self { role, name: name.to_owned(), values, levels: Vec::new() }
    }

    /// A column of labels; the levels are those that occur, sorted.
    pub fn labels(role: Role, name: &str, labels: &[&str]) -> Self {
        let mut levels: Vec<&str> = labels.to_vec();
        levels.sort_unstable();
        levels.dedup();
        let place = |label: &&str| levels.binary_search(label).unwrap_or_default() as f64;
        let values = labels.iter().map(place).collect();
        let levels = levels.into_iter().map(str::to_owned).collect();
        Self { role, name: name.to_owned(), values, levels }
    }

    /// The place of a row's label among `levels`.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked: a whole number below the number of levels"
    )]
    pub(crate) fn code(&self, row: usize) -> usize {
        self.values.get(row).copied().unwrap_or_default() as usize
    }

    pub(crate) fn gather(&self, order: &[usize]) -> Self {
        let values = order.iter().filter_map(|&row| self.values.get(row).copied()).collect();
        Self { role: self.role, name: self.name.clone(), values, levels: self.levels.clone() }
    }

    /// One dummy for each level that occurs but the first.
    pub(crate) fn dummies(&self) -> Vec<Covariate> {
        let dummy = |(at, level): (usize, &String)| Covariate {
            name: format!("{}[{level}]", self.name),
            values: (0..self.values.len())
                .map(|row| f64::from(u8::from(self.code(row) == at)))
                .collect(),
        };
        let occurs = |it: &Covariate| it.values.iter().any(|it| *it > 0.0);
        self.levels.iter().enumerate().map(dummy).filter(occurs).skip(1).collect()
    }

    fn check(&self) -> Result<(), SampleError> {
        let column = || self.name.clone();
        let is_labels = self.role.is_labels() || !self.levels.is_empty();
        let (rule, holds) = self.role.rule();
        let is_place = |it: f64| {
            it >= 0.0 && it < self.levels.len() as f64 && it.fract().abs().total_cmp(&0.0).is_eq()
        };
        let wrong = |it: &f64| if is_labels { !is_place(*it) } else { !holds(*it) };
        match self.values.iter().position(wrong) {
            Some(row) => {
                let expected = if is_labels { "one of the column's labels" } else { rule };
                Err(SampleError::OutOfRange { column: column(), row, expected })
            }
            None => Ok(()),
        }
    }
}

/// Refuses columns with values that their role can't have.
pub(crate) fn check(rows: &Rows<'_>) -> Result<(), SampleError> {
    rows.columns.iter().try_for_each(Column::check)
}

/// What to do with rows in which a covariate is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MissingCovariates {
    /// Fill in the mean of the rows where it is known, and add a dummy for those where it is not.
    Indicator,
    /// Leave the row out.
    Drop,
}

impl MissingCovariates {
    /// Covariates without missing values, and which rows to keep.
    ///
    /// `covariates`: names and values, of the rows whose outcome is known. A covariate that is
    /// never known is left out under `Indicator`, since it says nothing; its name is returned.
    pub fn resolve(self, covariates: &[(String, Vec<Option<f64>>)], rows: usize) -> Resolved {
        let known =
            |row: usize| covariates.iter().all(|(_, it)| it.get(row).copied().flatten().is_some());
        let keep: Vec<bool> = (0..rows).map(|row| self == Self::Indicator || known(row)).collect();
        let mut resolved = Resolved { covariates: Vec::new(), keep, unknown: Vec::new() };
        for (name, values) in covariates {
            let present: Vec<f64> = values.iter().copied().flatten().collect();
            if present.is_empty() && self == Self::Indicator {
                resolved.unknown.push(name.clone());
                continue;
            }
            let fill = crate::number::mean(&present);
            let kept = values.iter().zip(&resolved.keep).filter(|(_, keep)| **keep);
            let kept: Vec<Option<f64>> = kept.map(|(it, _)| *it).collect();
            let missing: Vec<f64> =
                kept.iter().map(|it| f64::from(u8::from(it.is_none()))).collect();
            let filled = kept.iter().map(|it| it.unwrap_or(fill)).collect();
            resolved.covariates.push(Covariate { name: name.clone(), values: filled });
            if missing.iter().any(|it| *it > 0.0) {
                let name = format!("missing({name})");
                resolved.covariates.push(Covariate { name, values: missing });
            }
        }
        resolved
    }
}

/// Covariates without missing values.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolved {
    /// The covariates, of the rows that are kept.
    pub covariates: Vec<Covariate>,
    /// Whether each row is kept.
    pub keep: Vec<bool>,
    /// Covariates that are known in no row, and were left out.
    pub unknown: Vec<String>,
}
