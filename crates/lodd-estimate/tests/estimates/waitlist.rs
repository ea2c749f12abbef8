//! The doubly reweighted ever-offer estimator: over all orders of small lists, and against
//! `tests/reference/waitlist.py`.

use lodd_estimate::{
    ESTIMATORS, EstimateError, Number, OffersError, Options, Sample, SampleError, Taken, estimator,
};
use serde_json::Value;

use crate::table::{Arrays, Table, kept};

fn expected() -> Value {
    serde_json::from_str(include_str!("../reference/waitlist.json")).unwrap()
}

fn numbers(arrays: &Arrays) -> Vec<Number> {
    let waitlist = estimator("waitlist").unwrap();
    waitlist.estimate(&arrays.sample(), &Options::default(), None).unwrap()
}

fn refused(arrays: &Arrays) -> EstimateError {
    let waitlist = estimator("waitlist").unwrap();
    waitlist.estimate(&arrays.sample(), &Options::default(), None).unwrap_err()
}

/// A list before it is ordered.
struct List {
    places: usize,
    takers: Vec<Taken>,
    without: Vec<f64>,
    with: Vec<f64>,
}

impl List {
    fn of(name: &str) -> Self {
        let list = &expected()["small"][name];
        let column = |name: &str| -> Vec<f64> {
            list[name].as_array().unwrap().iter().map(|it| it.as_f64().unwrap()).collect()
        };
        Self {
            places: list["places"].as_u64().unwrap() as usize,
            takers: column("taker").iter().map(|it| taken(*it)).collect(),
            without: column("without"),
            with: column("with"),
        }
    }

    /// Adds the list to the rows, offered in this order until the places are taken.
    fn offer(&self, order: &[usize], arrays: &mut Arrays) {
        let (taken, places) = arrays.offers.get_or_insert_default();
        let list = arrays.block.as_ref().and_then(|it| it.last()).map_or(0, |it| it + 1);
        let mut left = self.places;
        for &at in order {
            let offered = left > 0;
            let took = if offered { self.takers[at] } else { Taken::No };
            left -= usize::from(took == Taken::Kept);
            let y = if took == Taken::No { &self.without } else { &self.with };
            arrays.y.push(y[at]);
            arrays.treated.push(offered);
            arrays.unit.push(arrays.unit.len() as u32);
            arrays.block.get_or_insert_default().push(list);
            taken.push(took);
            places.push(self.places as u32);
        }
    }
}

/// The script's word for what becomes of an offer.
fn taken(code: f64) -> Taken {
    if code > 1.5 { Taken::Left } else { kept(code > 0.5) }
}

fn orders(n: usize) -> Vec<Vec<usize>> {
    if n == 0 {
        return vec![vec![]];
    }
    let longer = |shorter: Vec<usize>| {
        (0..n).map(move |at| {
            let mut order = shorter.clone();
            order.insert(at, n - 1);
            order
        })
    };
    orders(n - 1).into_iter().flat_map(longer).collect()
}

/// `"361/36"` or `"11"`.
fn rational(text: &Value) -> f64 {
    let mut parts = text.as_str().unwrap().split('/').map(|it| it.parse::<f64>().unwrap());
    parts.next().unwrap() / parts.next().unwrap_or(1.0)
}

/// Every order of the one with every order of the other: on average, the sums whose ratio is the
/// estimate are the takers' total effect and their number, and the plain comparison of those ever
/// offered with the rest is not that. Expected are the exact fractions of `waitlist.py`.
#[test]
fn the_two_sums_are_unbiased_and_the_plain_comparison_is_not() {
    for (one, two) in [("a", "b"), ("c", "d")] {
        let (first, second) = (List::of(one), List::of(two));
        let n = (first.takers.len() + second.takers.len()) as f64;
        let (mut sums, mut count) = ([0.0; 3], 0.0);
        for left in orders(first.takers.len()) {
            for right in &orders(second.takers.len()) {
                let mut arrays = Arrays::default();
                first.offer(&left, &mut arrays);
                second.offer(right, &mut arrays);
                let numbers = numbers(&arrays);
                let lm = Arrays { offers: None, ..arrays };
                let means = estimator("difference_in_means").unwrap();
                let plain = means.estimate(&lm.sample(), &Options::default(), None).unwrap();
                for (sum, number) in sums.iter_mut().zip([&numbers[1], &numbers[2], &plain[0]]) {
                    *sum += n * number.estimate.unwrap();
                }
                count += 1.0;
            }
        }
        let [outcome, taking, plain] = sums.map(|sum| sum / count);
        let small = &expected()["small"];
        let both = |key: &str| rational(&small[one][key]) + rational(&small[two][key]);
        let number = |name: &str| small[name]["orders"].as_f64().unwrap();
        assert!((count - number(one) * number(two)).abs() < 0.5, "{count} orders");
        // Sums of some thousand small numbers.
        for (got, key) in [(outcome, "outcome"), (taking, "taking"), (plain, "plain")] {
            assert!((got - both(key)).abs() < 1e-10, "{one}{two} {key}: {got} {}", both(key));
        }
        assert!((plain - outcome).abs() > 0.1, "{one}{two}: {plain} {outcome}");
    }
}

fn trial() -> Arrays {
    let table = Table::read(include_str!("../reference/waitlist.csv"));
    let list = table.codes("list");
    let taken = table.flags("taken");
    let takers = |of: &u32| list.iter().zip(&taken).filter(|(at, it)| *at == of && **it).count();
    let places = list.iter().map(|it| takers(it) as u32).collect();
    let taken = taken.iter().map(|it| kept(*it)).collect();
    let mut arrays = Arrays::new(&table.numbers("y"), &table.flags("offered"));
    arrays.block = Some(list);
    arrays.offers = Some((taken, places));
    arrays
}

/// 24 unequal lists, against weighted two-stage least squares in exact fractions.
#[test]
fn unequal_lists_agree_with_two_stage_least_squares() {
    for number in numbers(&trial()) {
        let expected = &expected()["trial"][&number.term];
        let fields = [
            // The script prints twelve digits.
            ("estimate", number.estimate, 1e-11),
            ("std_error", number.std_error, 1e-11),
            ("df", number.df, 0.0),
            // Both sides integrate numerically.
            ("p", number.p_value, 1e-7),
            ("conf_low", number.conf_low, 1e-8),
            ("conf_high", number.conf_high, 1e-8),
            ("nobs", Some(number.n as f64), 0.0),
        ];
        for (field, got, tolerance) in fields {
            let (got, expected) = (got.unwrap(), expected[field].as_f64().unwrap());
            let near = (got - expected).abs() <= tolerance * expected.abs();
            assert!(near, "{} {field}: {got} {expected}", number.term);
        }
        assert_eq!(
            (number.se_type, number.n_clusters, number.n_blocks),
            (Some("CR0"), Some(24), Some(24))
        );
    }
}

/// The columns of the means are the reweighted ones, whose difference is the effect of an offer.
#[test]
fn the_means_differ_by_the_effect_of_an_offer() {
    let numbers = numbers(&trial());
    let terms: Vec<&str> = numbers.iter().map(|it| it.term.as_str()).collect();
    assert_eq!(terms, ["treated", "itt", "first_stage"]);
    let difference = numbers[0].mean_treated.unwrap() - numbers[0].mean_control.unwrap();
    assert!((difference - numbers[1].estimate.unwrap()).abs() < 1e-12);
    assert_eq!(numbers[0].note, None);
}

/// Two rows of a family count once, as their mean.
#[test]
fn a_family_counts_once() {
    let before = trial();
    let mut order: Vec<usize> = (0..before.y.len()).collect();
    order.push(7);
    let mut twice = before.permuted(&order);
    let (once, counted) = (numbers(&before), numbers(&twice));
    assert_eq!(counted[0].estimate, once[0].estimate);
    assert!(counted[0].note.as_ref().unwrap().contains("averaged first"));
    // 1 less for one of the two, 1 more for the other.
    twice.y[7] -= 1.0;
    *twice.y.last_mut().unwrap() += 1.0;
    let moved = numbers(&twice)[0].estimate.unwrap() - once[0].estimate.unwrap();
    assert!(moved.abs() < 1e-12, "{moved}");
}

/// Not consistent: one list, however long.
#[test]
fn one_list_is_refused() {
    let mut arrays = Arrays::default();
    List::of("a").offer(&[0, 1, 2, 3, 4], &mut arrays);
    assert_eq!(refused(&arrays), EstimateError::OneList);
    arrays.block = None;
    assert_eq!(refused(&arrays), EstimateError::OneList);
}

/// Not consistent: lists with one place, even a single one of them.
#[test]
fn a_list_with_one_place_is_refused_by_its_number() {
    let (two, mut one) = (List::of("a"), List::of("c"));
    one.places = 1;
    let mut arrays = Arrays::default();
    two.offer(&[0, 1, 2, 3, 4], &mut arrays);
    one.offer(&[0, 1, 2, 3], &mut arrays);
    let why = refused(&arrays);
    assert_eq!(why, EstimateError::OneSeat { list: 1, places: 1 });
    assert!(why.to_string().contains("at least two places") && why.hint().is_some());
}

/// Nobody to compare with: everyone on a list was offered a place.
#[test]
fn a_list_where_everyone_was_offered_is_refused_by_its_number() {
    let mut arrays = Arrays::default();
    List::of("a").offer(&[0, 1, 2, 3, 4], &mut arrays);
    List { places: 4, ..List::of("a") }.offer(&[0, 1, 2, 3, 4], &mut arrays);
    assert_eq!(refused(&arrays), EstimateError::BlockWithoutArm { block: 1 });
}

/// Every other estimator refuses to compare those ever offered with the rest.
#[test]
fn ever_offered_against_the_rest_is_refused() {
    let sample = trial().sample();
    for it in ESTIMATORS.iter().filter(|it| it.name() != "waitlist") {
        let refused = it.estimate(&sample, &Options::default(), None).unwrap_err();
        assert_eq!(refused, EstimateError::EverOffered, "{}", it.name());
        assert!(refused.hint().unwrap().contains("waitlist"));
    }
    let without = Arrays { offers: None, ..trial() };
    assert_eq!(refused(&without), EstimateError::NoOffers { estimator: "waitlist" });
}

#[test]
fn answers_that_contradict_each_other_are_refused() {
    let refused = |change: &dyn Fn(&mut Arrays)| {
        let mut arrays = trial();
        change(&mut arrays);
        match Sample::new(arrays.rows()) {
            Err(SampleError::Offers(why)) => why,
            other => panic!("{other:?}"),
        }
    };
    let last = trial().y.len() - 1;
    assert!(!trial().treated[last]);
    let taken = refused(&|it| it.offers.as_mut().unwrap().0[last] = Taken::Left);
    assert_eq!(taken, OffersError::NotOffered { row: last });
    let other = trial().offers.unwrap().1[0];
    let numbers = refused(&|it| it.offers.as_mut().unwrap().1[1] = 9);
    assert_eq!(numbers, OffersError::TwoNumbers { list: 0, one: other, other: 9 });
    let more = refused(&|it| it.offers.as_mut().unwrap().1.fill(1));
    assert!(matches!(more, OffersError::TooManyKept { list: 0, places: 1, .. }));
    let answers = refused(&|it| {
        let taken = &it.offers.as_ref().unwrap().0;
        let decliner = (0..last).find(|&row| {
            it.treated[row] && taken[row] == Taken::No && taken[row + 1] == Taken::Kept
        });
        it.unit[decliner.unwrap()] = it.unit[decliner.unwrap() + 1];
    });
    assert!(matches!(answers, OffersError::TwoAnswers { .. }));
}

/// A place taken by somebody without an outcome still counts: the weight is (S − 1)/S of the list.
#[test]
fn places_are_counted_with_those_who_have_no_outcome() {
    let mut arrays = Arrays::default();
    let list =
        List { places: 2, takers: vec![Taken::Kept; 5], without: vec![0.0; 5], with: vec![4.0; 5] };
    list.offer(&[0, 1, 2, 3, 4], &mut arrays);
    list.offer(&[0, 1, 2, 3, 4], &mut arrays);
    let (estimate, complete) = (numbers(&arrays)[0].estimate, numbers(&arrays)[2].estimate);
    assert_eq!((estimate, complete), (Some(4.0), Some(1.0)));
    let without_one = arrays.permuted(&(1..10).collect::<Vec<_>>());
    assert_eq!(numbers(&without_one)[0].estimate, Some(4.0));
}
