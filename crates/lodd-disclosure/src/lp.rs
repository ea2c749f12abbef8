//! Linear programmes, as few words as it takes; solved by `microlp`.
//!
//! What comes back is never taken at its word: every set of numbers that a decision rests on is
//! rounded and checked in whole numbers (`Move::agrees`).

use microlp::{ComparisonOp, OptimizationDirection, Problem, SolveOptions, Variable};

/// Nodes of a search for whole values before it is given up: a limit that is the same on every
/// machine.
const NODES: u64 = 2_000;

/// Minimise `Σ price · x` under `rows`, each `x` within its bounds.
#[derive(Debug, Default)]
pub(crate) struct Programme {
    /// Price, least and most of each variable.
    variables: Vec<(f64, f64, f64)>,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    terms: Vec<(usize, f64)>,
    comparison: ComparisonOp,
    right: f64,
}

impl Programme {
    /// A new variable; gives its place.
    pub(crate) fn variable(&mut self, price: f64, least: f64, most: f64) -> usize {
        self.variables.push((price, least, most));
        self.variables.len() - 1
    }

    /// `Σ terms = right`
    pub(crate) fn equal(&mut self, terms: Vec<(usize, f64)>, right: f64) {
        self.rows.push(Row { terms, comparison: ComparisonOp::Eq, right });
    }

    /// `Σ terms ≥ right`
    pub(crate) fn at_least(&mut self, terms: Vec<(usize, f64)>, right: f64) {
        self.rows.push(Row { terms, comparison: ComparisonOp::Ge, right });
    }

    /// The best values; `None` if there are none, or the solver gave up.
    pub(crate) fn solve(&self) -> Option<Vec<f64>> {
        self.solved(false)
    }

    /// The best whole values.
    pub(crate) fn solve_whole(&self) -> Option<Vec<f64>> {
        self.solved(true)
    }

    fn solved(&self, whole: bool) -> Option<Vec<f64>> {
        let mut problem = Problem::new(OptimizationDirection::Minimize);
        let variables: Vec<Variable> = self
            .variables
            .iter()
            .map(|(price, least, most)| {
                if whole {
                    problem.add_integer_var(*price, (whole_bound(*least), whole_bound(*most)))
                } else {
                    problem.add_var(*price, (*least, *most))
                }
            })
            .collect();
        for row in &self.rows {
            let terms = row.terms.iter().filter_map(|(i, by)| Some((*variables.get(*i)?, *by)));
            let terms: Vec<(Variable, f64)> = terms.collect();
            if terms.is_empty() {
                continue;
            }
            problem.add_constraint(&terms, row.comparison, row.right);
        }
        let mut options = SolveOptions::default();
        options.node_limit = Some(NODES);
        let solution = problem.solve_with(options).ok()?.into_solution().ok()?;
        Some(variables.iter().map(|it| solution.var_value(*it)).collect())
    }
}

/// A bound as the whole-number solver takes it: it knows no infinity.
#[expect(clippy::cast_possible_truncation, reason = "clamped first")]
fn whole_bound(bound: f64) -> i32 {
    bound.clamp(-1e6, 1e6) as i32
}
