//! Two-by-two tables of a binary outcome, one a block.

use crate::Sample;

/// Below this expected count the normal approximation of a cell is not to be trusted.
const FEW: f64 = 5.0;

/// Rows and events of both arms of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    /// Treated rows.
    pub(crate) treated: u64,
    /// Control rows.
    pub(crate) control: u64,
    /// Treated rows with outcome 1.
    pub(crate) events_treated: u64,
    /// Control rows with outcome 1.
    pub(crate) events_control: u64,
}

impl Counts {
    /// Rows.
    pub(crate) fn n(&self) -> u64 {
        self.treated + self.control
    }

    /// Rows with outcome 1.
    pub(crate) fn events(&self) -> u64 {
        self.events_treated + self.events_control
    }

    /// Share of the treated with outcome 1.
    pub(crate) fn risk_treated(&self) -> f64 {
        self.events_treated as f64 / self.treated as f64
    }

    /// Share of the controls with outcome 1.
    pub(crate) fn risk_control(&self) -> f64 {
        self.events_control as f64 / self.control as f64
    }

    /// Whether a cell is too small for a normal approximation.
    pub(crate) fn is_small(&self) -> bool {
        let (n, events) = (self.n() as f64, self.events() as f64);
        let cell = |arm: u64| arm as f64 * events.min(n - events) / n;
        cell(self.treated).min(cell(self.control)) < FEW
    }

    /// Sum of two tables.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            treated: self.treated + other.treated,
            control: self.control + other.control,
            events_treated: self.events_treated + other.events_treated,
            events_control: self.events_control + other.events_control,
        }
    }
}

/// The table of each block, in the order of their numbers, of an outcome that is 0 or 1.
pub(crate) fn tables(sample: &Sample) -> Vec<Counts> {
    let mut blocks = vec![Counts::default(); sample.n_blocks()];
    for ((y, treated), block) in sample.y.iter().zip(&sample.treated).zip(&sample.block) {
        let Some(counts) = blocks.get_mut(*block) else { continue };
        let event = u64::from(*y > 0.5);
        if *treated {
            counts.treated += 1;
            counts.events_treated += event;
        } else {
            counts.control += 1;
            counts.events_control += event;
        }
    }
    blocks
}
