//! How far a number can move, by flows: exact and quick where every hidden number is in at most two
//! sums, as in a table with margins.
//!
//! Sums are nodes and hidden numbers edges between them; a number of one sum alone leads to the
//! ground. A number moves up by any amount and down to nothing, so how far `p` can move is a largest
//! flow from one end of it around to the other (Ford and Fulkerson).

use std::collections::{BTreeMap, VecDeque};

use crate::{at, route::Move, system::System};

/// A sum with the sign of what is lacking in it; `None` is the ground.
type Place = (Option<usize>, i64);

/// A number between two places.
#[derive(Clone, Copy, Debug)]
struct Edge {
    number: usize,
    /// Both ends, each with the number's factor there; the ground's is 0.
    ends: [(Option<usize>, i64); 2],
}

/// The hidden numbers around one of them, as a network.
#[derive(Debug)]
pub(crate) struct Network {
    edges: Vec<Edge>,
    /// The edges at each sum and at the ground.
    at_node: BTreeMap<Option<usize>, Vec<usize>>,
    /// Whether flows tell all there is: no number is in three sums, and signs fit.
    pub(crate) is_exact: bool,
}

impl Network {
    /// The network of the numbers in `scope`.
    pub(crate) fn new(system: &System, scope: &[usize]) -> Self {
        let mut edges = Vec::new();
        let mut is_exact = true;
        let mut at_node: BTreeMap<Option<usize>, Vec<usize>> = BTreeMap::new();
        for number in scope {
            let end = |sum: usize| {
                let factor =
                    system.terms(sum).iter().find(|(i, _)| i == number).map_or(0, |it| it.1);
                (Some(sum), factor)
            };
            let ends = match system.sums_of(*number) {
                [one] => [end(*one), (None, 0)],
                [one, other] => [end(*one), end(*other)],
                _ => {
                    is_exact = false;
                    continue;
                }
            };
            for (node, _) in ends {
                at_node.entry(node).or_default().push(edges.len());
            }
            edges.push(Edge { number: *number, ends });
        }
        let mut network = Self { edges, at_node, is_exact };
        network.is_exact &= network.signs_fit();
        network
    }

    /// Whether sums can be turned so that every number enters one of its sums and leaves the other.
    fn signs_fit(&self) -> bool {
        let mut turned: BTreeMap<usize, i64> = BTreeMap::new();
        for start in self.at_node.keys().copied().flatten() {
            if turned.contains_key(&start) {
                continue;
            }
            turned.insert(start, 1);
            let mut open = vec![start];
            while let Some(node) = open.pop() {
                let own = turned.get(&node).copied().unwrap_or(1);
                for edge in self.edges_at(Some(node)) {
                    let [one, other] = edge.ends;
                    let (here, there) =
                        if one.0 == Some(node) { (one, other) } else { (other, one) };
                    let Some(next) = there.0 else { continue };
                    let needed = -own * here.1 * there.1;
                    if *turned.entry(next).or_insert_with(|| {
                        open.push(next);
                        needed
                    }) != needed
                    {
                        return false;
                    }
                }
            }
        }
        true
    }

    fn edges_at(&self, node: Option<usize>) -> impl Iterator<Item = &Edge> {
        let places = self.at_node.get(&node).map_or(&[][..], Vec::as_slice);
        places.iter().filter_map(|it| self.edges.get(*it))
    }

    /// The farthest that `p` moves up (`sign` 1) or down (−1), to `goal`; `None` if it is no edge of
    /// the network, or nothing was found.
    pub(crate) fn farthest(
        &self,
        system: &System,
        p: usize,
        (sign, goal): (i64, i64),
    ) -> Option<Move> {
        let own = self.edges.iter().find(|it| it.number == p)?;
        let mut moved: BTreeMap<usize, i64> = BTreeMap::new();
        let mut left = goal.min(self.room(system, &moved, (p, sign)));
        while left > 0 {
            let Some(path) = self.path(system, (own, sign), &moved) else { break };
            let rooms = path.iter().map(|step| self.room(system, &moved, *step));
            let by = rooms.min().unwrap_or(left).min(left);
            for (number, sign) in path {
                *moved.entry(number).or_default() += sign * by;
            }
            *moved.entry(p).or_default() += sign * by;
            left -= by;
        }
        let found = Move::new(moved);
        (found.of(p) != 0 && found.agrees(system)).then_some(found)
    }

    /// How much farther a number can go this way.
    #[expect(clippy::unused_self, reason = "a question about the network")]
    fn room(&self, system: &System, moved: &BTreeMap<usize, i64>, (i, sign): (usize, i64)) -> i64 {
        let number = system.numbers.get(i);
        let so_far = moved.get(&i).copied().unwrap_or(0);
        match number {
            Some(it) if sign < 0 && !it.signed => it.value + so_far,
            Some(_) => i64::MAX / 8,
            None => 0,
        }
    }

    /// Numbers, each with its sign, whose moves make up for one of `own`.
    fn path(
        &self,
        system: &System,
        (own, sign): (&Edge, i64),
        moved: &BTreeMap<usize, i64>,
    ) -> Option<Vec<(usize, i64)>> {
        let [start, end] = own.ends;
        let from: Place = (start.0, start.1 * sign);
        // At the ground anything is made up for.
        let goal: Place = (end.0, -end.1 * sign);
        let mut came: BTreeMap<Place, (Place, (usize, i64))> = BTreeMap::new();
        let mut open = VecDeque::from([from]);
        while let Some(place) = open.pop_front() {
            for edge in self.edges_at(place.0).filter(|it| it.number != own.number) {
                for (step, next) in steps(edge, place) {
                    if next == from || came.contains_key(&next) {
                        continue;
                    }
                    if self.room(system, moved, step) > 0 {
                        came.insert(next, (place, step));
                        open.push_back(next);
                    }
                }
            }
            if came.contains_key(&goal) {
                return Some(walked(&came, (from, goal)));
            }
        }
        None
    }
}

/// The moves of an edge that make up for what is lacking at a place, each with the place where
/// something is lacking then.
fn steps(edge: &Edge, (node, lacking): Place) -> Vec<((usize, i64), Place)> {
    let [one, other] = edge.ends;
    let (here, there) = if one.0 == node { (one, other) } else { (other, one) };
    let signs: &[i64] = if node.is_none() { &[1, -1] } else { &[-lacking * here.1] };
    let to = |sign: i64| (there.0, there.1 * sign);
    signs.iter().map(|sign| ((edge.number, *sign), to(*sign))).collect()
}

fn walked(
    came: &BTreeMap<Place, (Place, (usize, i64))>,
    (from, goal): (Place, Place),
) -> Vec<(usize, i64)> {
    let mut path = Vec::new();
    let mut place = goal;
    while place != from {
        let Some((before, step)) = came.get(&place) else { break };
        path.push(*step);
        place = *before;
    }
    path
}

/// Whether nothing but `p` is hidden in some sum, so that it can't move.
pub(crate) fn is_alone(system: &System, hidden: &[bool], p: usize) -> bool {
    let only = |sum: &usize| system.terms(*sum).iter().all(|(i, _)| *i == p || !at(hidden, *i));
    system.sums_of(p).iter().any(only)
}
