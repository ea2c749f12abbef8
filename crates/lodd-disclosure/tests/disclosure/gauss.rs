//! Cells lost, beside those of GaussSuppression in its published examples.
//!
//! Statistics Norway's vignettes *Small count frequency table suppression* and *Linked table
//! suppression* of the R package GaussSuppression print data, rules and the pattern found. The same
//! data with the same primary cells must cost no more here. Without an interval its rule is that no
//! primary cell can be worked out exactly: a width of 1.

use lodd_disclosure::{Id, Number, Pattern, System, protect};

/// `(name, count)` of what is printed, `(whole, parts)` of its sums.
type Printed<'a> = (&'a [(&'a str, i64)], &'a [(&'a str, &'a [&'a str])]);

fn suppress((counts, sums): Printed, width: impl Fn(i64) -> i64) -> (System, Pattern) {
    let mut system = System::default();
    for (name, n) in counts {
        system.number(Number::open(*name, "", *n).needing(width(*n))).unwrap();
    }
    for (whole, parts) in sums {
        let id = |name: &str| system.find(name, "").unwrap();
        let parts: Vec<Id> = parts.iter().map(|it| id(it)).collect();
        let whole = id(whole);
        system.sum(whole, &parts).unwrap();
    }
    let pattern = protect(&system).unwrap();
    (system, pattern)
}

/// How many are lost where the vignette prints how many.
fn lost(printed: Printed, width: impl Fn(i64) -> i64, theirs: usize, what: &str) {
    let (_, pattern) = suppress(printed, width);
    let ours = pattern.suppressed().len();
    println!("{what}: {ours} here, {theirs} in GaussSuppression");
    assert!(ours <= theirs, "{what}: {ours}, not {theirs}");
}

/// Age by country, the first examples' `dataset_a`.
const FLAT: Printed = (
    &[
        ("young Iceland", 2),
        ("young Portugal", 0),
        ("young Spain", 5),
        ("young", 7),
        ("old Iceland", 3),
        ("old Portugal", 4),
        ("old Spain", 6),
        ("old", 13),
        ("Iceland", 5),
        ("Portugal", 4),
        ("Spain", 11),
        ("all", 20),
    ],
    BY_COUNTRY,
);

const BY_COUNTRY: &[(&str, &[&str])] = &[
    ("young", &["young Iceland", "young Portugal", "young Spain"]),
    ("old", &["old Iceland", "old Portugal", "old Spain"]),
    ("all", &["Iceland", "Portugal", "Spain"]),
    ("Iceland", &["young Iceland", "old Iceland"]),
    ("Portugal", &["young Portugal", "old Portugal"]),
    ("Spain", &["young Spain", "old Spain"]),
    ("all", &["young", "old"]),
];

/// The same, and countries within and outside the EU.
const NESTED_SUMS: &[(&str, &[&str])] = &[
    ("young", &["young nonEU", "young EU"]),
    ("old", &["old nonEU", "old EU"]),
    ("all", &["nonEU", "EU"]),
    ("young EU", &["young Portugal", "young Spain"]),
    ("old EU", &["old Portugal", "old Spain"]),
    ("EU", &["Portugal", "Spain"]),
    ("young nonEU", &["young Iceland"]),
    ("old nonEU", &["old Iceland"]),
    ("nonEU", &["Iceland"]),
    ("Iceland", &["young Iceland", "old Iceland"]),
    ("Portugal", &["young Portugal", "old Portugal"]),
    ("Spain", &["young Spain", "old Spain"]),
    ("EU", &["young EU", "old EU"]),
    ("nonEU", &["young nonEU", "old nonEU"]),
    ("all", &["young", "old"]),
];

const NESTED_A: Printed = (
    &[
        ("young Iceland", 2),
        ("young Portugal", 0),
        ("young Spain", 5),
        ("young nonEU", 2),
        ("young EU", 5),
        ("young", 7),
        ("old Iceland", 3),
        ("old Portugal", 4),
        ("old Spain", 6),
        ("old nonEU", 3),
        ("old EU", 10),
        ("old", 13),
        ("Iceland", 5),
        ("Portugal", 4),
        ("Spain", 11),
        ("nonEU", 5),
        ("EU", 15),
        ("all", 20),
    ],
    NESTED_SUMS,
);

const NESTED_B: Printed = (
    &[
        ("young Iceland", 0),
        ("young Portugal", 0),
        ("young Spain", 5),
        ("young nonEU", 0),
        ("young EU", 5),
        ("young", 5),
        ("old Iceland", 3),
        ("old Portugal", 4),
        ("old Spain", 6),
        ("old nonEU", 3),
        ("old EU", 10),
        ("old", 13),
        ("Iceland", 3),
        ("Portugal", 4),
        ("Spain", 11),
        ("nonEU", 3),
        ("EU", 15),
        ("all", 18),
    ],
    NESTED_SUMS,
);

/// All three years together: the example with intervals.
const YEARS: Printed = (
    &[
        ("young Iceland", 3),
        ("young Portugal", 1),
        ("young Spain", 17),
        ("young", 21),
        ("old Iceland", 10),
        ("old Portugal", 11),
        ("old Spain", 17),
        ("old", 38),
        ("Iceland", 13),
        ("Portugal", 12),
        ("Spain", 34),
        ("all", 59),
    ],
    BY_COUNTRY,
);

#[test]
fn no_more_is_lost_than_in_the_small_count_examples() {
    let up_to = |most: i64| move |n: i64| i64::from(n <= most);
    lost(FLAT, up_to(1), 4, "table 1, maxN = 1");
    lost(NESTED_A, up_to(2), 8, "table 2, maxN = 2");
    lost(NESTED_A, |n| i64::from((1..=3).contains(&n)), 8, "table 5, maxN = 3, zeros as they are");
    lost(NESTED_B, up_to(2), 10, "table 7, maxN = 2, two zeros");
    lost(YEARS, |n| if n <= 3 { 5 } else { 0 }, 6, "table 9, maxN = 3, rangeMin = 5");
}

/// Age by EU by year, and country by year: table 4 of the vignette on linked tables, rangeMin = 4.
/// Cells without records are left out, as there.
const LINKED: Printed = (
    &[
        ("all", 44),
        ("2014", 24),
        ("2015", 9),
        ("2016", 11),
        ("EU", 32),
        ("EU 2014", 16),
        ("EU 2015", 7),
        ("EU 2016", 9),
        ("nonEU", 12),
        ("nonEU 2014", 8),
        ("nonEU 2015", 2),
        ("nonEU 2016", 2),
        ("old", 17),
        ("old 2014", 10),
        ("old 2015", 7),
        ("old EU", 17),
        ("old EU 2014", 10),
        ("old EU 2015", 7),
        ("young", 27),
        ("young 2014", 14),
        ("young 2015", 2),
        ("young 2016", 11),
        ("young EU", 15),
        ("young EU 2014", 6),
        ("young EU 2016", 9),
        ("young nonEU", 12),
        ("young nonEU 2014", 8),
        ("young nonEU 2015", 2),
        ("young nonEU 2016", 2),
        ("Iceland", 12),
        ("Iceland 2014", 8),
        ("Iceland 2015", 2),
        ("Iceland 2016", 2),
        ("Portugal", 6),
        ("Portugal 2014", 1),
        ("Portugal 2015", 3),
        ("Portugal 2016", 2),
        ("Spain", 26),
        ("Spain 2014", 15),
        ("Spain 2015", 4),
        ("Spain 2016", 7),
    ],
    &[
        ("all", &["2014", "2015", "2016"]),
        ("all", &["EU", "nonEU"]),
        ("all", &["old", "young"]),
        ("2014", &["EU 2014", "nonEU 2014"]),
        ("2015", &["EU 2015", "nonEU 2015"]),
        ("2016", &["EU 2016", "nonEU 2016"]),
        ("EU", &["EU 2014", "EU 2015", "EU 2016"]),
        ("nonEU", &["nonEU 2014", "nonEU 2015", "nonEU 2016"]),
        ("2014", &["old 2014", "young 2014"]),
        ("2015", &["old 2015", "young 2015"]),
        ("2016", &["young 2016"]),
        ("old", &["old 2014", "old 2015"]),
        ("young", &["young 2014", "young 2015", "young 2016"]),
        ("old", &["old EU"]),
        ("old 2014", &["old EU 2014"]),
        ("old 2015", &["old EU 2015"]),
        ("old EU", &["old EU 2014", "old EU 2015"]),
        ("young", &["young EU", "young nonEU"]),
        ("young 2014", &["young EU 2014", "young nonEU 2014"]),
        ("young 2015", &["young nonEU 2015"]),
        ("young 2016", &["young EU 2016", "young nonEU 2016"]),
        ("young EU", &["young EU 2014", "young EU 2016"]),
        ("young nonEU", &["young nonEU 2014", "young nonEU 2015", "young nonEU 2016"]),
        ("EU", &["old EU", "young EU"]),
        ("EU 2014", &["old EU 2014", "young EU 2014"]),
        ("EU 2015", &["old EU 2015"]),
        ("EU 2016", &["young EU 2016"]),
        ("nonEU", &["young nonEU"]),
        ("nonEU 2014", &["young nonEU 2014"]),
        ("nonEU 2015", &["young nonEU 2015"]),
        ("nonEU 2016", &["young nonEU 2016"]),
        ("nonEU", &["Iceland"]),
        ("nonEU 2014", &["Iceland 2014"]),
        ("nonEU 2015", &["Iceland 2015"]),
        ("nonEU 2016", &["Iceland 2016"]),
        ("EU", &["Portugal", "Spain"]),
        ("EU 2014", &["Portugal 2014", "Spain 2014"]),
        ("EU 2015", &["Portugal 2015", "Spain 2015"]),
        ("EU 2016", &["Portugal 2016", "Spain 2016"]),
        ("Iceland", &["Iceland 2014", "Iceland 2015", "Iceland 2016"]),
        ("Portugal", &["Portugal 2014", "Portugal 2015", "Portugal 2016"]),
        ("Spain", &["Spain 2014", "Spain 2015", "Spain 2016"]),
    ],
);

/// The vignette prints the two totals of a year in both tables: 8 and 10 cells, 16 numbers.
#[test]
fn no_more_is_lost_than_in_the_linked_example() {
    lost(LINKED, |n| if n <= 2 { 4 } else { 0 }, 16, "linked, table 4, rangeMin = 4");
}
