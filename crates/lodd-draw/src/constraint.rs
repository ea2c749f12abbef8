//! Section 6: a draw that is repeated until the drawn and the others are alike enough.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Design, File, Fraction, Hash,
    finding::{Findings, Kind},
    hash::{attempt_key, hex, sha256},
    json::Json,
    leaves::{Leaves, csv_rows},
    object::{Object, Reader},
    result::arms_of,
};

/// The most attempts that can be announced.
pub const ATTEMPTS_MAX: u64 = 1 << 32;
/// The largest value of a covariate, either sign.
pub const VALUE_MAX: i64 = 1 << 31;

/// How far apart two means may be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The covariate, a label.
    pub name: String,
    /// The largest |mean of the first arm − mean of all others| that is accepted.
    pub max_difference: Fraction,
}

/// A constraint as it was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Hash of the private file of values.
    pub covariates: Hash,
    /// Its limits, in the order of the file's columns.
    pub limits: Vec<Limit>,
    /// How many attempts are made at most, 1 to 2^32.
    pub max_attempts: u64,
}

impl Constraint {
    pub(crate) fn read(object: &mut Object<'_, '_>) -> Option<Self> {
        let covariates = object.get("covariates", Reader::hash);
        let limits = Reader::list(|at, json| at.object(json, read_limit));
        let limits = object.get("limits", limits);
        let max_attempts = object.get("max_attempts", Reader::integer(1, ATTEMPTS_MAX));
        let mut seen = BTreeSet::new();
        for limit in limits.iter().flatten() {
            if !seen.insert(&limit.name) {
                object.refuse::<()>("limits", Kind::KeyRepeated, "", &limit.name);
            }
        }
        Some(Self { covariates: covariates?, limits: limits?, max_attempts: max_attempts? })
    }

    pub(crate) fn to_json(&self) -> Json {
        let limit = |it: &Limit| {
            Json::object([
                ("name", Json::text(&it.name)),
                ("max_difference", Json::text(it.max_difference.to_string())),
            ])
        };
        Json::object([
            ("covariates", Json::text(hex(&self.covariates))),
            ("limits", Json::Array(self.limits.iter().map(limit).collect())),
            ("max_attempts", Json::Integer(self.max_attempts)),
        ])
    }

    /// Reads the private values of these limits: hash, header, rows in the order of the list.
    pub(crate) fn read_covariates(
        &self,
        bytes: &[u8],
        leaves: Option<&Leaves>,
        findings: &mut Findings,
    ) -> Option<Covariates> {
        let file = File::Covariates;
        findings.agree((file, ""), Kind::Covariates, &self.covariates, &sha256(&[bytes]));
        let mut values = vec![Vec::new(); self.limits.len()];
        let mut known = leaves.map(Leaves::rows);
        let parse = |line: &str| {
            let mut fields = line.split(',');
            let (block, leaf) = (fields.next()?, fields.next()?);
            let row: Option<Vec<i64>> = fields.map(value).collect();
            Some((block.to_owned(), leaf.to_owned(), row?)).filter(|it| it.2.len() == values.len())
        };
        let rows = csv_rows(file, bytes, &self.header(), findings, parse);
        for (line, (block, leaf, row)) in rows {
            let same = known.as_mut().is_none_or(|known| {
                known.next().is_some_and(|(label, hash)| *label == block && hex(&hash) == leaf)
            });
            if !same {
                findings.add((file, Some(line), "leaf"), Kind::RosterRow, "", &leaf);
            }
            values.iter_mut().zip(row).for_each(|(column, value)| column.push(value));
        }
        Some(Covariates { values }).filter(|_| !findings.has(&[file]))
    }

    fn header(&self) -> String {
        let names: String = self.limits.iter().map(|it| format!(",{}", it.name)).collect();
        format!("block,leaf{names}")
    }

    /// The private file of values; `values` gives those of each unit in the order of the list.
    pub(crate) fn to_csv<'v>(
        limits: &[Limit],
        leaves: &Leaves,
        values: impl Iterator<Item = &'v [i64]>,
    ) -> Vec<u8> {
        let it = Self { covariates: [0; 32], limits: limits.to_vec(), max_attempts: 1 };
        let mut out = it.header();
        for ((block, leaf), row) in leaves.rows().zip(values) {
            let row: String = row.iter().map(|value| format!(",{value}")).collect();
            out.extend(["\n", block, ",", &hex(&leaf), &row]);
        }
        out.push('\n');
        out.into_bytes()
    }
}

fn read_limit(object: &mut Object<'_, '_>) -> Option<Limit> {
    let name = object.get("name", Reader::label);
    let max_difference = object.get("max_difference", Reader::fraction);
    Some(Limit { name: name?, max_difference: max_difference? })
}

/// An integer within ±2^31 in its shortest form.
fn value(text: &str) -> Option<i64> {
    let value: i64 = text.parse().ok()?;
    (value.abs() <= VALUE_MAX && value.to_string() == text).then_some(value)
}

/// The private values of a constrained draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Covariates {
    /// One column a limit, a value a unit in the order of the list.
    values: Vec<Vec<i64>>,
}

/// A design with its constraint and the values behind it.
#[derive(Clone, Debug)]
pub struct Constrained {
    design: Design,
    limits: Vec<Limit>,
    covariates: Covariates,
    /// Sum of each column.
    totals: Vec<i128>,
}

impl Constrained {
    /// `values`: one column a limit, each a value a unit in the order of `leaves.csv`, within
    /// ±2^31. `None` where a column has another length or a larger value.
    pub fn new(design: Design, limits: Vec<Limit>, values: Vec<Vec<i64>>) -> Option<Self> {
        let units = usize::try_from(design.units()).ok()?;
        let fits = |column: &Vec<i64>| {
            column.len() == units && column.iter().all(|it| it.abs() <= VALUE_MAX)
        };
        let covariates = Covariates { values };
        (covariates.values.len() == limits.len() && covariates.values.iter().all(fits))
            .then(|| Self::of(design, limits, covariates))
    }

    /// Reads the private file behind an announced constraint.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it; no constraint is an error as well.
    pub fn read(
        announced: &crate::Announcement,
        covariates: &[u8],
    ) -> Result<Self, crate::Refused> {
        let mut findings = Findings::new(crate::Whose::This);
        let constraint = announced.constraint.as_ref();
        if constraint.is_none() {
            findings.add((File::Covariates, None, ""), Kind::FileUnexpected, "", "");
        }
        let read = constraint.and_then(|it| {
            let values = it.read_covariates(covariates, None, &mut findings)?;
            Self::new(announced.design.clone(), it.limits.clone(), values.values)
        });
        if read.is_none() && constraint.is_some() && !findings.has(&[File::Covariates]) {
            findings.add((File::Covariates, None, ""), Kind::Units, "", "");
        }
        findings.refuse_unless_empty(read)
    }

    fn of(design: Design, limits: Vec<Limit>, covariates: Covariates) -> Self {
        let total = |column: &Vec<i64>| column.iter().copied().map(i128::from).sum();
        let totals = covariates.values.iter().map(total).collect();
        Self { design, limits, covariates, totals }
    }

    /// The design without its constraint.
    pub fn design(&self) -> &Design {
        &self.design
    }

    /// Whether every limit holds, exactly: |S₁/n₁ − S₀/n₀| ≤ limit over integers. `arms` as in
    /// [`Design::replay`]. An empty side is not accepted.
    pub fn accepts(&self, arms: &[u8]) -> bool {
        let n = arms.len() as u128;
        let first: u128 = arms.iter().map(|arm| u128::from(*arm == 0)).sum();
        let columns = self.covariates.values.iter().zip(&self.totals).zip(&self.limits);
        0 < first
            && first < n
            && columns.map(|((column, total), limit)| (column, *total, limit)).all(
                |(column, total, limit)| {
                    let taken = column.iter().zip(arms).filter(|(_, arm)| **arm == 0);
                    let sum: i128 = taken.map(|(value, _)| i128::from(*value)).sum();
                    // Below 2^24 · 10^4 units of 2^31: every product stays below 2^127.
                    let (a, b) = (sum.unsigned_abs(), (total - sum).unsigned_abs());
                    let apart = if (sum < 0) == (total - sum < 0) {
                        (a * (n - first)).abs_diff(b * first)
                    } else {
                        a * (n - first) + b * first
                    };
                    let difference = Fraction::new(apart, first * (n - first));
                    difference.is_some_and(|it| it <= limit.max_difference)
                },
            )
    }

    /// Draws again under the constraint: the first of `max_attempts` unconstrained replays that
    /// is accepted, each assignment the draw can give as likely as every other.
    ///
    /// `false` when none is: `arms` then holds the last attempt.
    pub fn replay(&self, seed: &Hash, i: u64, max_attempts: u64, arms: &mut [u8]) -> bool {
        let own = crate::hash::hmac(seed, &[b"lodd/1 replay attempts\0", &i.to_be_bytes()]);
        (0..max_attempts).any(|attempt| {
            self.design.replay(&own, attempt, arms);
            self.accepts(arms)
        })
    }

    /// How often each unit gets each arm: over all accepted assignments where they are at most
    /// `enumerate_max` in all (then exact), else over `replays` under `seed`.
    ///
    /// `None` when no assignment is accepted, or a replay is not within 2^32 attempts.
    pub fn inclusion(&self, enumerate_max: u128, seed: &Hash, replays: u64) -> Option<Inclusion> {
        let units = usize::try_from(self.design.units()).ok()?;
        let mut it = Inclusion::empty(units, self.design.arms().len());
        let mut arms = vec![0; units];
        match self.design.assignments() {
            Some(all) if all <= enumerate_max => {
                it.exact = true;
                self.design.nth(0, &mut arms);
                loop {
                    if self.accepts(&arms) {
                        it.count(&arms);
                    }
                    if !self.design.advance(&mut arms) {
                        break;
                    }
                }
            }
            _ => {
                for i in 0..replays {
                    if !self.replay(seed, i, ATTEMPTS_MAX, &mut arms) {
                        return None;
                    }
                    it.count(&arms);
                }
            }
        }
        (it.of > 0).then_some(it)
    }
}

/// How often units got arms in a constrained draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inclusion {
    /// Whether all assignments were counted, so that the shares are exact.
    pub exact: bool,
    /// Number of assignments counted.
    pub of: u64,
    arms: usize,
    /// Of each unit (arms inside), then of each pair of units (both arms inside) while they fit.
    times: Vec<u64>,
    pairs: Option<Vec<u64>>,
}

/// The most units × arms of which pairs are counted.
const PAIRS_MAX: usize = 1024;

impl Inclusion {
    fn empty(units: usize, arms: usize) -> Self {
        let cells = units * arms;
        let pairs = (cells <= PAIRS_MAX).then(|| vec![0; cells * cells]);
        Self { exact: false, of: 0, arms, times: vec![0; cells], pairs }
    }

    fn count(&mut self, assigned: &[u8]) {
        self.of += 1;
        let cells = self.times.len();
        let cell = |(unit, arm): (usize, &u8)| unit * self.arms + usize::from(*arm);
        let taken: Vec<usize> = assigned.iter().enumerate().map(cell).collect();
        for &one in &taken {
            if let Some(times) = self.times.get_mut(one) {
                *times += 1;
            }
            if let Some(row) = self.pairs.as_mut().and_then(|it| it.chunks_mut(cells).nth(one)) {
                for &other in &taken {
                    if let Some(times) = row.get_mut(other) {
                        *times += 1;
                    }
                }
            }
        }
    }

    /// The share of assignments in which unit number `unit` (in the order of `leaves.csv`) got
    /// arm number `arm`.
    pub fn share(&self, unit: usize, arm: usize) -> Option<Fraction> {
        let times = self.times.get(unit * self.arms + arm).filter(|_| arm < self.arms)?;
        Fraction::new(u128::from(*times), u128::from(self.of))
    }

    /// The share in which two units got these arms; `None` where pairs are too many to count.
    pub fn pair(&self, one: (usize, usize), other: (usize, usize)) -> Option<Fraction> {
        let cell =
            |(unit, arm): (usize, usize)| (arm < self.arms).then_some(unit * self.arms + arm);
        let (one, other, cells) = (cell(one)?, cell(other)?, self.times.len());
        let times = self.pairs.as_ref()?.get(one * cells + other).filter(|_| other < cells)?;
        Fraction::new(u128::from(*times), u128::from(self.of))
    }
}

/// The first attempt that is accepted, and whether `attempt` is: for a verifier who has the
/// values. Stops at `attempt`.
pub(crate) fn check_attempt(constrained: &Constrained, key: &Hash, attempt: u32) -> Option<Kind> {
    let accepts = |a: u32| constrained.accepts(&arms_of(&constrained.design, &attempt_key(key, a)));
    if (0..attempt).any(accepts) {
        Some(Kind::AttemptNotFirst)
    } else {
        (!accepts(attempt)).then_some(Kind::AttemptRefused)
    }
}

/// The first accepted attempt of `max_attempts` under the draw's key K.
pub(crate) fn first_accepted(
    constrained: &Constrained,
    key: &Hash,
    max_attempts: u64,
) -> Option<u32> {
    let last = u32::try_from(max_attempts.saturating_sub(1)).unwrap_or(u32::MAX);
    (0..=last).find(|a| constrained.accepts(&arms_of(&constrained.design, &attempt_key(key, *a))))
}

/// The values of each unit by id, as announced: each must have one a limit, within ±2^31.
pub(crate) fn fits(limits: &[Limit], values: &BTreeMap<String, Vec<i64>>, id: &str) -> bool {
    values.get(id).is_some_and(|row| {
        row.len() == limits.len() && row.iter().all(|value| value.abs() <= VALUE_MAX)
    })
}
