//! Matched pairs: who is most alike, by the smallest total of Σ w·|Δx| over all pairs.
//!
//! Whole numbers only, and the units in the order of their ids, so that the same units give the same
//! pairs whatever order they were read in, on any machine.

use integer_blossom::min_weight_perfect_matching;

/// The most units that are paired at once: the work grows with the third power of their number.
pub(crate) const UNITS_MAX: usize = 1000;
/// The largest weight of a column.
pub(crate) const WEIGHT_MAX: i64 = 1000;
/// The most columns. With values within ±2^31 no distance reaches 2^47.
pub(crate) const COLUMNS_MAX: usize = 16;

/// A unit and what it is paired on, one value a column.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Unit {
    pub(crate) id: String,
    /// Each within ±2^31.
    pub(crate) values: Vec<i64>,
}

/// Who is paired with whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pairing {
    /// Ids, the smaller one first; pairs in ascending order.
    pub(crate) pairs: Vec<[String; 2]>,
    /// Of an odd number the one whose leaving makes the total smallest.
    pub(crate) single: Option<String>,
}

/// Pairs the units so that the total of their distances is the smallest there is. Of several such
/// pairings it is always the same one.
pub(crate) fn pair(mut units: Vec<Unit>, weights: &[i64]) -> Pairing {
    units.sort();
    let odd = units.len() % 2;
    // An odd number gets one more vertex, as near to each as can be: whoever it takes is the single.
    let n = units.len() + odd;
    let cost: Vec<i64> = (0..n)
        .flat_map(|a| (0..n).map(move |b| (a, b)))
        .map(|(a, b)| match (units.get(a), units.get(b)) {
            (Some(a), Some(b)) => distance(&a.values, &b.values, weights),
            _ => 0,
        })
        .collect();
    let mates = if n == 0 { Vec::new() } else { min_weight_perfect_matching(&cost, n) };
    let mut pairing = Pairing::default();
    for (a, unit) in units.iter().enumerate() {
        let mate = mates.get(a).copied().unwrap_or(a);
        match units.get(mate) {
            Some(other) if mate > a => pairing.pairs.push([unit.id.clone(), other.id.clone()]),
            Some(_) => {}
            None => pairing.single = Some(unit.id.clone()),
        }
    }
    pairing
}

/// Σ w·|Δx|.
fn distance(a: &[i64], b: &[i64], weights: &[i64]) -> i64 {
    let one = |((a, b), weight): ((&i64, &i64), &i64)| weight.saturating_mul((a - b).abs());
    a.iter().zip(b).zip(weights).map(one).sum()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The smallest total over all ways to pair the units, one left out where they are odd: every
    /// one is tried.
    fn smallest(units: &[Unit], weights: &[i64]) -> i64 {
        let Some((first, rest)) = units.split_first() else { return 0 };
        let without = |i: usize| -> Vec<Unit> {
            rest.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, it)| it.clone()).collect()
        };
        let paired = (0..rest.len())
            .map(|i| apart(first, &rest[i], weights) + smallest(&without(i), weights));
        let left_out = (units.len() % 2 == 1).then(|| smallest(rest, weights));
        paired.chain(left_out).min().unwrap()
    }

    fn apart(a: &Unit, b: &Unit, weights: &[i64]) -> i64 {
        (0..weights.len()).map(|k| weights[k] * (a.values[k] - b.values[k]).abs()).sum()
    }

    fn total(units: &[Unit], pairing: &Pairing, weights: &[i64]) -> i64 {
        let unit = |id: &String| units.iter().find(|it| it.id == *id).unwrap();
        pairing.pairs.iter().map(|[a, b]| apart(unit(a), unit(b), weights)).sum()
    }

    fn units(values: Vec<Vec<i64>>) -> Vec<Unit> {
        let unit = |(i, values)| Unit { id: format!("U{i:02}"), values };
        values.into_iter().enumerate().map(unit).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

        /// Small values, so that there are many ties.
        #[test]
        fn no_other_pairing_has_a_smaller_total(
            values in proptest::collection::vec(proptest::collection::vec(-6_i64..6, 3), 0..=12),
            weights in proptest::collection::vec(0_i64..5, 3),
        ) {
            let units = units(values);
            let pairing = pair(units.clone(), &weights);
            prop_assert_eq!(total(&units, &pairing, &weights), smallest(&units, &weights));
            let mut all: Vec<&String> =
                pairing.pairs.iter().flatten().chain(&pairing.single).collect();
            all.sort();
            all.dedup();
            prop_assert_eq!(all.len(), units.len());
            prop_assert_eq!(pairing.single.is_some(), units.len() % 2 == 1);
        }

        #[test]
        fn large_values_do_not_overflow(
            values in proptest::collection::vec(
                proptest::collection::vec(-2_147_483_648_i64..=2_147_483_647, COLUMNS_MAX), 2..=8),
        ) {
            let units = units(values);
            let weights = vec![WEIGHT_MAX; COLUMNS_MAX];
            let pairing = pair(units.clone(), &weights);
            prop_assert_eq!(total(&units, &pairing, &weights), smallest(&units, &weights));
        }

        /// The order of the rows says nothing, also where many pairings are as good.
        #[test]
        fn shuffled_units_give_the_same_pairs(
            (values, shuffled) in proptest::collection::vec(
                proptest::collection::vec(0_i64..3, 2), 0..=40)
                .prop_map(units)
                .prop_flat_map(|units| (Just(units.clone()), Just(units).prop_shuffle())),
        ) {
            prop_assert_eq!(pair(values, &[1, 1]), pair(shuffled, &[1, 1]));
        }
    }

    #[test]
    fn the_odd_one_out_makes_the_total_smallest() {
        let units = units([1, 2, 50, 9, 10].map(|x| vec![x]).to_vec());
        let pairing = pair(units, &[3]);
        assert_eq!(pairing.single.as_deref(), Some("U02"));
        assert_eq!(pairing.pairs, [["U00", "U01"], ["U03", "U04"]]);
    }

    #[test]
    fn three_hundred_units_are_paired() {
        let value = |i: i64| vec![i * 7919 % 613, i * 104_729 % 97];
        let units = units((0..300).map(value).collect());
        assert_eq!(pair(units, &[1, 2]).pairs.len(), 150);
    }
}
