use super::*;

/// R: `p.adjust(c(.01, .02, .03, .04, .5), "…", n = 6)`, and ties.
#[test]
fn a_family_larger_than_its_p_values_is_as_in_r() {
    let p = [Some(0.03), Some(0.01), None, Some(0.5), Some(0.02), Some(0.04)];
    let expected = [
        (Adjustment::Bonferroni, [0.18, 0.06, 1.0, 0.12, 0.24]),
        (Adjustment::Holm, [0.12, 0.06, 1.0, 0.1, 0.12]),
        (Adjustment::Hochberg, [0.12, 0.06, 1.0, 0.1, 0.12]),
        (Adjustment::Bh, [0.06, 0.06, 0.6, 0.06, 0.06]),
        (Adjustment::By, [0.147, 0.147, 1.0, 0.147, 0.147]),
    ];
    for (how, values) in expected {
        let got: Vec<f64> = adjust(&p, 6, how).into_iter().flatten().collect();
        assert_eq!(got.len(), 5);
        for (got, value) in got.iter().zip(values) {
            assert!((got - value).abs() < 1e-12, "{how:?} {got} {value}");
        }
        assert_eq!(adjust(&p, 6, how)[2], None);
    }
}

/// The largest statistic is compared with the largest of all draws, the next with those of the
/// others; p rises.
#[test]
fn steps_go_down_from_the_largest_statistic() {
    let mut steps = StepDown::new(&[Some(1.0), Some(3.0), None, Some(2.0)]);
    for drawn in [[0.5, 0.5, 9.0, 2.5], [3.5, 0.1, 9.0, 0.1], [0.1, 0.1, 9.0, 0.1]] {
        steps.count(&drawn);
    }
    // Of 3: 3.5 reaches 3; 2.5 and 3.5 reach 2; 3.5 reaches 1, and p may not fall.
    let p = steps.p_values(4, (3, 1));
    assert_eq!(p, [Some(0.75), Some(0.5), None, Some(0.75)]);
}

#[test]
fn words_are_read_back() {
    for how in Adjustment::ALL {
        assert_eq!(how.name().parse(), Ok(*how));
    }
    assert!("sidak".parse::<Adjustment>().is_err());
}
