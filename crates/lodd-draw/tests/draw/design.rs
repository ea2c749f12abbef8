//! Laws of a design: what it states is what it does.

use lodd_draw::{Block, Design, DesignError, Shares};
use proptest::prelude::*;

fn design(blocks: &[(&str, &[u32])]) -> Design {
    let arms = (0..blocks[0].1.len()).map(|n| format!("arm-{n}")).collect();
    let block = |(label, seats): &(&str, &[u32])| Block {
        label: (*label).to_owned(),
        units: seats.iter().sum(),
        shares: Shares::Seats(seats.to_vec()),
    };
    Design::new(arms, blocks.iter().map(block).collect()).unwrap()
}

/// Small designs of every shape, with the number of assignments computed by hand.
fn small() -> Vec<(Design, u128)> {
    vec![
        (design(&[("a", &[1, 0])]), 1),
        (design(&[("a", &[2, 3])]), 10),
        (design(&[("a", &[1, 2, 1])]), 12),
        (design(&[("a", &[0, 2, 1, 1])]), 12),
        (design(&[("b", &[1, 1]), ("a", &[2, 2]), ("c", &[3, 0])]), 12),
        (design(&[("a", &[1, 1, 1]), ("b", &[0, 2, 1]), ("c", &[2, 1, 1])]), 6 * 3 * 12),
    ]
}

fn every(design: &Design) -> Vec<Vec<u8>> {
    let all = design.assignments().unwrap();
    let one = |i| {
        let mut arms = vec![0; usize::try_from(design.units()).unwrap()];
        assert!(design.nth(i, &mut arms));
        arms
    };
    (0..all).map(one).collect()
}

/// Block and place of each unit, in leaves order.
fn blocks_of(design: &Design) -> Vec<usize> {
    let blocks = design.blocks().iter().enumerate();
    blocks.flat_map(|(n, block)| std::iter::repeat_n(n, block.units as usize)).collect()
}

/// Whether an assignment gives each block its seats.
fn keeps_seats(design: &Design, arms: &[u8]) -> bool {
    let blocks = blocks_of(design);
    design.blocks().iter().enumerate().all(|(n, block)| {
        let Shares::Seats(seats) = &block.shares else { panic!("seats") };
        seats.iter().enumerate().all(|(arm, &seats)| {
            let taken = blocks.iter().zip(arms).filter(|&(b, a)| *b == n && usize::from(*a) == arm);
            taken.count() == seats as usize
        })
    })
}

#[test]
fn enumeration_is_a_bijection() {
    for (design, count) in small() {
        assert_eq!(design.assignments(), Some(count));
        let mut all = every(&design);
        assert!(all.iter().all(|arms| keeps_seats(&design, arms)));
        assert!(all.is_sorted(), "numbers go up with the arms in the order of units");
        all.dedup();
        assert_eq!(all.len() as u128, count);
        assert!(!design.nth(count, &mut vec![0; all[0].len()]));
    }
}

/// Every seat assignment there is, not only as many: all words over the arms, filtered.
#[test]
fn enumeration_is_complete() {
    for (design, count) in small() {
        let (units, arms) = (design.units(), design.arms().len() as u64);
        let word = |n: u64| -> Vec<u8> {
            (0..u32::try_from(units).unwrap())
                .map(|at| u8::try_from(n / arms.pow(at) % arms).unwrap())
                .collect()
        };
        let words = arms.pow(u32::try_from(units).unwrap());
        if words < 1_000_000 {
            let kept = (0..words).filter(|&n| keeps_seats(&design, &word(n))).count();
            assert_eq!(kept as u128, count);
        }
    }
}

#[test]
fn advancing_is_counting() {
    for (design, _) in small() {
        let all = every(&design);
        let mut arms = all[0].clone();
        for next in &all[1..] {
            assert!(design.advance(&mut arms));
            assert_eq!(&arms, next);
        }
        assert!(!design.advance(&mut arms));
        assert_eq!(arms, all[0]);
    }
}

#[test]
fn stated_probabilities_are_shares_of_all_assignments() {
    for (design, count) in small() {
        let all = every(&design);
        for (unit, block) in blocks_of(&design).into_iter().enumerate() {
            for arm in 0..design.arms().len() {
                let taken = all.iter().filter(|it| usize::from(it[unit]) == arm).count() as u128;
                let p = design.probability(block, arm).unwrap();
                assert_eq!(taken * p.denominator(), count * p.numerator());
            }
        }
    }
}

/// Replayed draws give each assignment as often as every other: the chi-square statistic of
/// 500 draws an assignment lies within 5 standard deviations of its mean.
#[test]
fn replays_are_uniform_over_all_assignments() {
    for (design, count) in small() {
        let all = every(&design);
        let mut times = vec![0_i64; all.len()];
        let mut arms = all[0].clone();
        let draws = 500 * u64::try_from(count).unwrap();
        for i in 0..draws {
            design.replay(&[7; 32], i, &mut arms);
            times[all.binary_search(&arms).unwrap()] += 1;
        }
        let off = times.iter().map(|n| (n - 500) * (n - 500)).sum::<i64>() as f64 / 500.0;
        let df = (count - 1) as f64;
        assert!((off - df).abs() <= 5.0 * (2.0 * df).sqrt(), "{off} with {df} degrees of freedom");
    }
}

#[test]
fn replays_depend_on_seed_and_number_alone() {
    let one = design(&[("a", &[20, 30]), ("b", &[5, 5])]);
    let two = design(&[("b", &[5, 5]), ("a", &[20, 30])]);
    let replay = |design: &Design, seed, i| {
        let mut arms = vec![9; 60];
        design.replay(&[seed; 32], i, &mut arms);
        arms
    };
    assert_eq!(replay(&one, 1, 1), replay(&two, 1, 1));
    assert_ne!(replay(&one, 1, 1), replay(&one, 1, 2));
    assert_ne!(replay(&one, 1, 1), replay(&one, 2, 1));
}

/// Computed by `replay.py` beside this file, with its own `ChaCha20`. If this fails, published randomisation tests can no longer be repeated.
#[test]
fn value_stability() {
    let design = design(&[("a", &[2, 2, 1]), ("b", &[1, 1, 0])]);
    let mut arms = [9; 7];
    design.replay(&[1; 32], 3, &mut arms);
    assert_eq!(arms, [0, 0, 1, 1, 2, 1, 0]);
    let design = self::design(&[("a", &[2, 5]), ("b", &[6, 3])]);
    let mut arms = [9; 16];
    design.replay(&[1; 32], 3, &mut arms);
    assert_eq!(arms, [1, 1, 1, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 0]);
    let design = self::design(&[("a", &[12, 15])]);
    let mut arms = [9; 27];
    design.replay(&[1; 32], 4, &mut arms);
    let marked = [1, 1, 1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1];
    assert_eq!(arms, marked);
}

/// C(57, 15) by the factorials' definition in Python: `math.comb(57, 15)`.
#[test]
fn assignments_are_counted_exactly() {
    assert_eq!(design(&[("a", &[15, 42])]).assignments(), Some(22_057_981_462_440));
    // math.comb(128, 64) fits into 128 bits, math.comb(132, 66) does not.
    let count = 23_951_146_041_928_082_866_135_587_776_380_551_750;
    assert_eq!(design(&[("a", &[64, 64])]).assignments(), Some(count));
    assert_eq!(design(&[("a", &[66, 66])]).assignments(), None);
    assert_eq!(design(&[("a", &[64, 64]), ("b", &[64, 64])]).assignments(), None);
    assert_eq!(design(&[("a", &[1 << 23, 1 << 23])]).assignments(), None);
    assert_eq!(design(&[("a", &[1, (1 << 24) - 1])]).assignments(), Some(1 << 24));
    assert!(!design(&[("a", &[66, 66])]).nth(0, &mut [0; 132]));
}

/// Number 0 and the last, where intermediate products come near 2^128.
#[test]
fn large_designs_are_numbered_without_overflow() {
    let design = design(&[("a", &[64, 64])]);
    let mut arms = [9; 128];
    let last = design.assignments().unwrap() - 1;
    assert!(design.nth(0, &mut arms));
    assert!(arms.is_sorted() && keeps_seats(&design, &arms));
    assert!(design.nth(last, &mut arms));
    assert!(arms.iter().rev().is_sorted() && keeps_seats(&design, &arms));
    assert!(!design.nth(last + 1, &mut arms));
}

#[test]
fn probabilities_are_in_lowest_terms() {
    let design = design(&[("a", &[15, 42]), ("b", &[0, 3]), ("c", &[4, 4])]);
    let shown = |block, arm| design.probability(block, arm).unwrap().to_string();
    assert_eq!([shown(0, 0), shown(0, 1)], ["5/19", "14/19"]);
    assert_eq!([shown(1, 0), shown(1, 1), shown(2, 0)], ["0", "1", "1/2"]);
    assert_eq!(design.probability(3, 0), None);
    assert_eq!(design.probability(0, 2), None);
}

#[test]
fn designs_that_cannot_be_drawn_are_refused() {
    let refused = |arms: &[&str], blocks: &[(&str, u32, &[u32])]| {
        let block = |&(label, units, seats): &(&str, u32, &[u32])| Block {
            label: label.to_owned(),
            units,
            shares: Shares::Seats(seats.to_vec()),
        };
        let arms = arms.iter().map(|&arm| arm.to_owned()).collect();
        Design::new(arms, blocks.iter().map(block).collect()).unwrap_err().to_string()
    };
    let two = ["t", "c"];
    for (message, arms, blocks) in [
        ("a draw must have 2 to 64 arms, not 1", &two[..1], &[("a", 1, &[1][..])][..]),
        ("arm `t` must be named once", &["t", "t"], &[("a", 2, &[1, 1])]),
        (
            "arm `nå` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -",
            &["nå", "c"],
            &[("a", 2, &[1, 1])],
        ),
        ("a draw must have 1 to 10000 blocks, not 0", &two, &[]),
        ("block `a` must be named once", &two, &[("a", 2, &[1, 1]), ("a", 2, &[1, 1])]),
        ("block `` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -", &two, &[("", 2, &[1, 1])]),
        ("block `a` must have 1 to 16777216 families, not 0", &two, &[("a", 0, &[0, 0])]),
        ("block `a` must have one share for each of 2 arms, not 1", &two, &[("a", 2, &[2])]),
        (
            "block `a` can't have more seats than families: 60 seats, 57 families",
            &two,
            &[("a", 57, &[60, 0])],
        ),
        (
            "block `a` must have a seat for each family: 50 seats, 57 families",
            &two,
            &[("a", 57, &[15, 35])],
        ),
    ] {
        assert_eq!(refused(arms, blocks), message);
    }
}

#[test]
fn all_problems_of_a_design_are_given() {
    let block = Block { label: "a".into(), units: 57, shares: Shares::Seats(vec![60, 0]) };
    let problems = Design::problems(&["t".into(), "t".into()], &[block]);
    assert!(matches!(
        problems[..],
        [
            DesignError::RepeatedArm { .. },
            DesignError::MoreSeatsThanFamilies { seats: 60, families: 57, .. }
        ]
    ));
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_number_of_any_design_keeps_its_seats(
        seats in prop::collection::vec(prop::collection::vec(0..9_u32, 3), 1..5),
        share in any::<u64>(),
    ) {
        let blocks: Vec<(String, Vec<u32>)> = seats
            .into_iter()
            .filter(|it| it.iter().sum::<u32>() > 0)
            .enumerate()
            .map(|(n, seats)| (format!("b{n}"), seats))
            .collect();
        prop_assume!(!blocks.is_empty());
        let blocks: Vec<(&str, &[u32])> = blocks.iter().map(|(label, seats)| (&**label, &**seats)).collect();
        let design = design(&blocks);
        let mut arms = vec![9; usize::try_from(design.units()).unwrap()];
        if let Some(all) = design.assignments() {
            let i = all / (1 << 64) * u128::from(share) + u128::from(share) % all % (all % (1 << 64)).max(1);
            prop_assert!(design.nth(i.min(all - 1), &mut arms));
            prop_assert!(keeps_seats(&design, &arms));
        }
        design.replay(&[3; 32], share, &mut arms);
        prop_assert!(keeps_seats(&design, &arms));
    }

    /// Buffers of the wrong length are filled as far as they go, without a panic.
    #[test]
    fn buffers_of_any_length_are_safe(length in 0..20_usize) {
        let design = design(&[("a", &[2, 3]), ("b", &[1, 1])]);
        let mut arms = vec![0; length];
        design.replay(&[3; 32], 0, &mut arms);
        design.nth(5, &mut arms);
        design.advance(&mut arms);
    }
}

fn shares(blocks: &[(&str, u32, &[&str])]) -> Design {
    let arms = (0..blocks[0].2.len()).map(|n| format!("arm-{n}")).collect();
    let block = |(label, units, p): &(&str, u32, &[&str])| Block {
        label: (*label).to_owned(),
        units: *units,
        shares: Shares::Probabilities(p.iter().map(|p| p.parse().unwrap()).collect()),
    };
    Design::new(arms, blocks.iter().map(block).collect()).unwrap()
}

/// Replays of a rounded design: each unit's share of 20,000 lies within 5 standard deviations of
/// its stated probability, and so does each pair's.
#[test]
fn replays_have_the_stated_probabilities() {
    for design in [
        shares(&[("a", 3, &["2/5", "3/5"]), ("b", 2, &["1/3", "2/3"]), ("c", 1, &["3/7", "4/7"])]),
        shares(&[("a", 4, &["1/10", "1/5", "7/10"]), ("b", 3, &["1/2", "1/2", "0"])]),
    ] {
        let blocks = blocks_of(&design);
        let (n, arms) = (blocks.len(), design.arms().len());
        let mut times = vec![0_u32; n * arms * n * arms];
        let mut drawn = vec![0; n];
        let draws = 20_000;
        for i in 0..draws {
            design.replay(&[5; 32], i, &mut drawn);
            let cells: Vec<usize> =
                drawn.iter().enumerate().map(|(u, arm)| u * arms + usize::from(*arm)).collect();
            for one in &cells {
                for other in &cells {
                    times[one * n * arms + other] += 1;
                }
            }
        }
        let close = |times: u32, p: lodd_draw::Fraction| {
            let p = p.numerator() as f64 / p.denominator() as f64;
            let (mean, sd) = (draws as f64 * p, (draws as f64 * p * (1.0 - p)).sqrt());
            assert!((f64::from(times) - mean).abs() <= 5.0 * sd, "{times} of {mean} ± {sd}");
        };
        for (u, a) in (0..n).flat_map(|u| (0..arms).map(move |a| (u, a))) {
            let one = u * arms + a;
            close(times[one * n * arms + one], design.probability(blocks[u], a).unwrap());
            for (v, b) in (0..n).flat_map(|v| (0..arms).map(move |b| (v, b))) {
                if u != v {
                    let p = design.pairwise((blocks[u], a), (blocks[v], b)).unwrap();
                    close(times[one * n * arms + v * arms + b], p);
                }
            }
        }
        assert_eq!(design.assignments(), None, "not all assignments are equally likely");
    }
}

#[test]
fn whole_expectations_are_seats() {
    let design = shares(&[("a", 4, &["1/2", "1/2"]), ("b", 3, &["1/3", "2/3"])]);
    assert_eq!(design.assignments(), Some(6 * 3));
    let mut arms = [9; 7];
    assert!(design.nth(17, &mut arms));
    assert_eq!(arms, [1, 1, 0, 0, 1, 1, 0]);
}

#[test]
fn pairs_of_units_that_are_not_there_have_no_probability() {
    let design = design(&[("a", &[1, 0]), ("b", &[2, 2])]);
    assert_eq!(design.pairwise((0, 0), (0, 0)), None, "a block of one unit has no pair");
    assert_eq!(design.pairwise((0, 0), (2, 0)), None);
    let shown = |one, other| design.pairwise(one, other).unwrap().to_string();
    assert_eq!(shown((0, 0), (1, 1)), "1/2");
    assert_eq!(shown((1, 0), (1, 0)), "1/6");
    assert_eq!(shown((1, 0), (1, 1)), "1/3");
}

/// A constraint: every assignment counted by hand, and the replays among the accepted ones.
#[test]
fn constrained_probabilities_are_shares_of_accepted_assignments() {
    let design = design(&[("a", &[2, 3]), ("b", &[1, 2])]);
    let values: Vec<i64> = vec![1, 4, 2, 2, -3, 0, 5, 1];
    let limit =
        lodd_draw::Limit { name: "children".into(), max_difference: "4/5".parse().unwrap() };
    let accepted: Vec<Vec<u8>> = every(&design)
        .into_iter()
        .filter(|arms| {
            // |S1/3 − S0/5| ≤ 4/5, in fifteenths.
            let sum = |arm| -> i64 {
                arms.iter().zip(&values).filter(|(it, _)| **it == arm).map(|(_, v)| v).sum()
            };
            (sum(0) * 5 - sum(1) * 3).abs() <= 12
        })
        .collect();
    assert!(accepted.len() > 3 && accepted.len() < 30);
    let constrained =
        lodd_draw::Constrained::new(design, vec![limit], vec![values.clone()]).unwrap();
    let exact = constrained.inclusion(1000, &[1; 32], 0).unwrap();
    let simulated = constrained.inclusion(0, &[1; 32], 5_000).unwrap();
    assert!(exact.exact && !simulated.exact);
    assert_eq!((exact.of, simulated.of), (accepted.len() as u64, 5_000));
    for (u, a) in (0..8).flat_map(|u| (0..2).map(move |a| (u, a))) {
        let with = |it: &&Vec<u8>| it[u] == a;
        let times = accepted.iter().filter(with).count() as u128;
        let share = exact.share(u, a.into()).unwrap();
        assert_eq!(Some(share), lodd_draw::Fraction::new(times, accepted.len() as u128));
        let p = times as f64 / accepted.len() as f64;
        let found = simulated.share(u, a.into()).unwrap();
        let found = found.numerator() as f64 / found.denominator() as f64;
        assert!((found - p).abs() <= 5.0 * (p * (1.0 - p) / 5_000.0).sqrt(), "{found} {p}");
        for (v, b) in (0..8).flat_map(|v| (0..2).map(move |b| (v, b))) {
            let both = accepted.iter().filter(with).filter(|it| it[v] == b).count() as u128;
            let pair = exact.pair((u, a.into()), (v, b.into()));
            assert_eq!(pair, lodd_draw::Fraction::new(both, accepted.len() as u128));
        }
    }
    let mut arms = [9; 8];
    for i in 0..200 {
        assert!(constrained.replay(&[2; 32], i, 1000, &mut arms));
        assert!(accepted.contains(&arms.to_vec()));
    }
    assert!(
        lodd_draw::Constrained::new(
            constrained.design().clone(),
            vec![],
            vec![values[..7].to_vec()]
        )
        .is_none()
    );
}
