use std::collections::BTreeMap;

use lodd_draw::{Block, Design, Hash, Shares};
use lodd_estimate::balance::Runs;
use lodd_store::pilot::{Assignment, Draw, DrawStatus, DrawnKind, Origin};

use super::*;
use crate::text::Text;

const UNITS: [u32; 2] = [24, 36];
const PLACES: [u32; 2] = [8, 9];

fn design(arms: &[&str], seats: impl Fn(usize) -> Vec<u32>) -> Design {
    let block = |at: usize| Block {
        label: format!("block-{at}"),
        units: UNITS[at],
        shares: Shares::Seats(seats(at)),
    };
    let arms = arms.iter().map(|it| (*it).to_owned()).collect();
    Design::new(arms, vec![block(0), block(1)]).unwrap()
}

/// Ranks of both blocks that an honest draw could give.
fn honest(seed: &Hash, draw: u64) -> Vec<i64> {
    let labels: Vec<String> = (0..36).map(|it| format!("r{it}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    let shuffle = design(&labels, |at| (0..36).map(|it| u32::from(it < UNITS[at])).collect());
    let mut ranks = vec![0; 60];
    shuffle.replay(seed, draw, &mut ranks);
    ranks.into_iter().map(|it| i64::from(it) + 1).collect()
}

/// The draw in which the first arm takes the lowest ranks of each block.
fn made(ranks: &[i64], result: &str) -> Made {
    let row = |(at, rank): (usize, &i64)| {
        let block = usize::from(at >= 24);
        let placed = *rank <= i64::from(PLACES[block]);
        Assignment {
            unit_kind: DrawnKind::Family,
            unit_id: format!("U{at:02}"),
            block: format!("block-{block}"),
            ordinal: i64::try_from(at % 24).ok(),
            ticket: None,
            rank: Some(*rank),
            arm: if placed { "follow-up" } else { "ordinary" }.to_owned(),
            probability: None,
        }
    };
    let draw = Draw {
        draw: 1,
        status: DrawStatus::Drawn,
        origin: Origin::Drawn,
        beacon: None,
        arms: Vec::new(),
        announced_at_us: 0,
        drawn_on: None,
        shown_at_us: None,
        announcement_sha256: None,
        plan_sha256: None,
        reveal_sha256: None,
        result_sha256: Some(result.to_owned()),
    };
    let rows = ranks.iter().enumerate().map(row).collect();
    let design = design(&["follow-up", "ordinary"], |at| vec![PLACES[at], UNITS[at] - PLACES[at]]);
    Made::new(draw, rows, design).unwrap()
}

/// Two lists, one with ties, and three offices that lie across the blocks.
fn known() -> Known {
    let list = |id, place: fn(i64) -> i64| List {
        id,
        name: Text::same(id),
        places: (0..60).map(|at| number(place(at))).collect(),
    };
    let orders = vec![
        list("list_position", |at| at * 37 % 61),
        list("registered_on", |at| at * 37 % 61 / 4),
    ];
    Known::of_orders(orders, (0..60).map(|at| at * 7 % 3).collect())
}

/// The numbers of successes of n tries that leave out less than one in a million on each side.
fn bounds(n: u32, p: f64) -> (u32, u32) {
    let mut term = (1.0 - p).powi(n.cast_signed());
    let (mut below, mut low) = (0.0, 0);
    for at in 0..=n {
        below += term;
        low = if below < 1e-6 { at + 1 } else { low };
        if below > 1.0 - 1e-6 {
            return (low, at);
        }
        term *= f64::from(n - at) / f64::from(at + 1) * p / (1.0 - p);
    }
    (low, n)
}

/// With 299 re-draws a p-value of 0.05 or lower has probability 15/300 under an honest draw, by the
/// law of Monte Carlo tests; ties can only make it rarer. Held for each check over 1,000 draws.
#[test]
fn a_thousand_honest_draws_are_low_at_the_stated_rate() {
    let runs = Runs { max_exact: 0, replicates: 299 };
    let known = known();
    let mut low: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for draw in 0..1_000 {
        let made = made(&honest(&[1; 32], draw), &format!("result {draw}"));
        for check in Orders::of(&made, &known, runs).unwrap().checks {
            let count = low.entry((check.list.id, check.against.code())).or_default();
            *count += u32::from(check.test.p_value() <= 0.05);
        }
    }
    assert_eq!(low.len(), 5);
    let (least, most) = bounds(1_000, 0.05);
    for (check, count) in low {
        assert!((least..=most).contains(&count), "{check:?}: {count}, {least} to {most}");
    }
}

/// A draw that ranks in the order of the list says stop against arms and ranks; its seats are the
/// same as an honest draw's.
#[test]
fn a_draw_in_the_order_of_the_list_says_stop() {
    let runs = Runs { max_exact: 0, replicates: 9_999 };
    let known = known();
    let places = &known.orders()[0].places;
    let rank = |at: usize| {
        let own = if at < 24 { 0..24 } else { 24..60 };
        own.filter(|it| places[*it] <= places[at]).count().try_into().unwrap()
    };
    let defective = made(&(0..60).map(rank).collect::<Vec<_>>(), "result");
    let orders = Orders::of(&defective, &known, runs).unwrap();
    let stopped: Vec<(&str, &str)> =
        orders.stopped().map(|it| (it.list.id, it.against.code())).collect();
    for list in ["list_position", "registered_on"] {
        assert!(
            stopped.contains(&(list, "arm")) && stopped.contains(&(list, "rank")),
            "{stopped:?}"
        );
    }
    let first = orders.checks[0].first.unwrap();
    assert_eq!((first.units, first.drawn, first.drawn_in_all), (6, 6, 17));
    let fair = made(&honest(&[1; 32], 0), "result");
    assert_eq!(Orders::of(&fair, &known, runs).unwrap().stopped().count(), 0);
}

/// What the first tenth could expect: six units of the two blocks, at 8/24 and 9/36 each.
#[test]
fn the_expectation_is_the_sum_of_probabilities() {
    let made = made(&honest(&[2; 32], 0), "result");
    let first = First::of(&made, &known().orders()[0].places);
    let in_first_block = (0..24).filter(|at| at * 37 % 61 < 6).count();
    let expected = [8.0 / 24.0, 9.0 / 36.0];
    let sum: f64 = (0..6).map(|it| expected[usize::from(it >= in_first_block)]).sum();
    assert!((first.expected - sum).abs() < 1e-12, "{} is not {sum}", first.expected);
}
