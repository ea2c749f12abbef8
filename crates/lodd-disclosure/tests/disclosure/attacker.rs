//! Two attackers that know only what is published: one for a single table, by flows; one for sets
//! of tables, by linear programming over the counts themselves. Neither uses the crate under test.

use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};

/// A table as published, its last row and column totals: `None` is withheld.
pub(crate) type Published = Vec<Vec<Option<u64>>>;

/// How wide the interval of each withheld cell of one table is, but no wider than `most`.
///
/// A table with margins is a network: rows and columns are its nodes, cells its edges, totals run
/// the other way. A cell can grow by the flow that finds its way back around it, and shrink by the
/// flow that finds its way from its start to its end. The interval does not depend on which of the
/// tables that agree with the published one it is measured from: `truth` serves.
pub(crate) fn widths(
    shown: &Published,
    truth: &[Vec<u64>],
    most: u64,
) -> Vec<((usize, usize), u64)> {
    let edges = edges(shown, truth);
    let mut found = Vec::new();
    for (at, edge) in edges.iter().enumerate() {
        let others: Vec<Edge> =
            edges.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, it)| it.clone()).collect();
        let nodes = shown.len() + shown[0].len();
        let up = flow(&others, nodes, (edge.end, edge.start), most);
        let down = flow(&others, nodes, (edge.start, edge.end), most).min(edge.count);
        found.push((edge.cell, (up + down).min(most)));
    }
    found
}

#[derive(Clone, Debug)]
struct Edge {
    cell: (usize, usize),
    start: usize,
    end: usize,
    count: u64,
}

fn edges(shown: &Published, truth: &[Vec<u64>]) -> Vec<Edge> {
    let (last_row, last_column) = (shown.len() - 1, shown[0].len() - 1);
    let mut edges = Vec::new();
    for (i, row) in shown.iter().enumerate() {
        for (j, cell) in row.iter().enumerate().filter(|(_, cell)| cell.is_none()) {
            assert!(cell.is_none());
            let (row, column) = (i, shown.len() + j);
            let is_total = (i == last_row) != (j == last_column);
            let (start, end) = if is_total { (column, row) } else { (row, column) };
            edges.push(Edge { cell: (i, j), start, end, count: truth[i][j] });
        }
    }
    edges
}

/// The largest flow between two nodes, up to `most` (Ford and Fulkerson). An edge can carry any
/// amount forward, and backward what stands in it.
fn flow(edges: &[Edge], nodes: usize, (from, to): (usize, usize), most: u64) -> u64 {
    let mut back: Vec<u64> = edges.iter().map(|it| it.count).collect();
    let mut total = 0;
    while total < most {
        let mut came: Vec<Option<(usize, bool)>> = vec![None; nodes];
        let mut open = vec![from];
        while let Some(node) = open.pop() {
            for (e, edge) in edges.iter().enumerate() {
                let steps =
                    [(edge.start, edge.end, true, most), (edge.end, edge.start, false, back[e])];
                for (a, b, forward, room) in steps {
                    if a == node && room > 0 && b != from && came[b].is_none() {
                        came[b] = Some((e, forward));
                        open.push(b);
                    }
                }
            }
        }
        if came[to].is_none() {
            return total;
        }
        let mut path = Vec::new();
        let mut node = to;
        while node != from {
            let (e, forward) = came[node].unwrap();
            path.push((e, forward));
            node = if forward { edges[e].start } else { edges[e].end };
        }
        let room = path.iter().filter(|(_, forward)| !forward).map(|(e, _)| back[*e]).min();
        let by = room.unwrap_or(most).min(most - total);
        for (e, forward) in path {
            back[e] = if forward { back[e] + by } else { back[e] - by };
        }
        total += by;
    }
    total
}

/// Everything published of several tables, as one set of linear conditions on unknown counts.
#[derive(Debug, Default)]
pub(crate) struct Conditions {
    /// Published, or withheld.
    counts: Vec<Option<u64>>,
    /// Places of parts, and of their whole.
    sums: Vec<(Vec<usize>, usize)>,
    same: Vec<(usize, usize)>,
    /// The second is at least the first.
    grew: Vec<(usize, usize)>,
}

impl Conditions {
    /// Enters a table; gives the places of its cells.
    pub(crate) fn table(&mut self, shown: &Published) -> Vec<Vec<usize>> {
        let mut places = Vec::new();
        for row in shown {
            let mut these = Vec::new();
            for cell in row {
                these.push(self.counts.len());
                self.counts.push(*cell);
            }
            places.push(these);
        }
        let (rows, columns) = (places.len() - 1, places[0].len() - 1);
        for row in &places {
            self.sums.push((row[..columns].to_vec(), row[columns]));
        }
        for j in 0..=columns {
            self.sums.push(((0..rows).map(|i| places[i][j]).collect(), places[rows][j]));
        }
        places
    }

    /// Two cells are the same count.
    pub(crate) fn same(&mut self, a: usize, b: usize) {
        self.same.push((a, b));
    }

    /// Nobody left between the first and the second.
    pub(crate) fn grew(&mut self, first: usize, second: usize) {
        self.grew.push((first, second));
    }

    /// How wide the interval of `second − first` is (of `second` alone without a first), to `most`.
    pub(crate) fn width(&self, first: Option<usize>, second: usize, most: f64) -> f64 {
        let high = self.bound(first, second, OptimizationDirection::Maximize);
        let low = self.bound(first, second, OptimizationDirection::Minimize);
        (high - low).min(most)
    }

    fn bound(&self, first: Option<usize>, second: usize, way: OptimizationDirection) -> f64 {
        const FAR: f64 = 1e5;
        let mut problem = Problem::new(way);
        let counts: Vec<Variable> = self
            .counts
            .iter()
            .enumerate()
            .map(|(i, count)| {
                let factor = f64::from(i == second) - f64::from(Some(i) == first);
                let range = count.map_or((0.0, FAR), |n| (n as f64, n as f64));
                problem.add_var(factor, range)
            })
            .collect();
        for (parts, whole) in &self.sums {
            let mut terms: Vec<(Variable, f64)> = parts.iter().map(|i| (counts[*i], 1.0)).collect();
            terms.push((counts[*whole], -1.0));
            problem.add_constraint(&terms, ComparisonOp::Eq, 0.0);
        }
        for (a, b) in &self.same {
            problem.add_constraint([(counts[*a], 1.0), (counts[*b], -1.0)], ComparisonOp::Eq, 0.0);
        }
        for (a, b) in &self.grew {
            problem.add_constraint([(counts[*b], 1.0), (counts[*a], -1.0)], ComparisonOp::Ge, 0.0);
        }
        problem.solve().unwrap().into_solution().unwrap().objective()
    }
}
