//! The tests that decide: nothing that is withheld can be worked out.
//!
//! `cargo xtask attack [N]` attacks N tables and sets; the test command a part of them.

use std::{
    env,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use lodd_disclosure::{Count, Dimension, Pattern, Release, Rules, System, Table, link, protect};

use crate::{
    attacker::{Conditions, Published, widths},
    random::{Source, with_margins},
};

const THRESHOLD: u64 = 5;

/// In the test command, of 10,000: a tenth are sets of linked tables, a tenth sequences of releases.
const IN_A_TEST_RUN: usize = 500;

fn attacks() -> usize {
    env::var("LODD_ATTACKS").map_or(IN_A_TEST_RUN, |it| it.parse().unwrap())
}

/// What an attacker found, and what it cost.
#[derive(Debug, Default)]
struct Tally {
    cells: AtomicUsize,
    suppressed: AtomicUsize,
    primary: AtomicUsize,
    sensitive: AtomicUsize,
    refused: AtomicUsize,
    recovered: AtomicUsize,
    bounded: AtomicUsize,
}

impl Tally {
    fn add(counter: &AtomicUsize, n: usize) {
        counter.fetch_add(n, Ordering::Relaxed);
    }

    fn pattern(&self, system: &System, pattern: &Pattern) {
        Self::add(&self.cells, system.len());
        Self::add(&self.suppressed, pattern.suppressed().len());
        Self::add(&self.primary, pattern.primary());
    }

    fn conclude(&self, what: &str) {
        let of = |counter: &AtomicUsize| counter.load(Ordering::Relaxed);
        let share = |counter: &AtomicUsize| 100.0 * of(counter) as f64 / of(&self.cells) as f64;
        println!(
            "{what}: {} cells, {:.1} % primary, {:.1} % suppressed in all, {} sensitive attacked, \
             {} refused; {} recovered, {} bounded within the threshold",
            of(&self.cells),
            share(&self.primary),
            share(&self.suppressed),
            of(&self.sensitive),
            of(&self.refused),
            of(&self.recovered),
            of(&self.bounded),
        );
        assert!(of(&self.sensitive) > 100);
        assert_eq!(of(&self.recovered), 0, "exact recoveries");
        assert_eq!(of(&self.bounded), 0, "bounded within the threshold");
        assert!(of(&self.suppressed) < of(&self.cells) * 9 / 10, "suppressing everything");
    }
}

/// Runs each of `n` cases once, on as many threads as there are.
fn each(n: usize, case: impl Fn(u64) + Sync) {
    let next = AtomicUsize::new(0);
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    if at >= n {
                        break;
                    }
                    case(at as u64);
                }
            });
        }
    });
}

fn codes(letter: &str, n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{letter}{i}")).collect()
}

/// Enters a table by two dimensions, named by their letters.
fn enter(system: &mut System, cut: &str, letters: (&str, &str), inner: &[Vec<u64>]) -> Table {
    let names = [codes(letters.0, inner.len()), codes(letters.1, inner[0].len())];
    let mut table = Table::new("families", cut);
    for (letter, names) in [letters.0, letters.1].into_iter().zip(&names) {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        table.by(Dimension::flat(letter, &names));
    }
    for (a, row) in names[0].iter().zip(inner) {
        for (b, n) in names[1].iter().zip(row) {
            table.count(&[a, b], Count::families(*n)).unwrap();
        }
    }
    table.add_totals().unwrap();
    table.enter(system, &Rules::default()).unwrap();
    table
}

/// The table as a reader gets it.
fn shown(
    (system, pattern): (&System, &Pattern),
    (table, cut): (&Table, &str),
    letters: (&str, &str),
    (rows, columns): (usize, usize),
) -> Published {
    let with_total = |letter: &str, n: usize| {
        let mut all = codes(letter, n);
        all.push(Table::TOTAL.to_owned());
        all
    };
    let cell = |a: &String, b: &String| {
        let id = system.find(&table.series(&[a.clone(), b.clone()]), cut).unwrap();
        let value = u64::try_from(system.get(id).unwrap().value).unwrap();
        pattern.shows(id).then_some(value)
    };
    let columns = with_total(letters.1, columns);
    let rows = with_total(letters.0, rows);
    rows.iter().map(|a| columns.iter().map(|b| cell(a, b)).collect()).collect()
}

#[test]
fn no_table_gives_a_count_away() {
    let tally = Tally::default();
    each(attacks() * 8 / 10, |case| {
        let mut source = Source(case);
        let (rows, columns) = source.size();
        let inner = source.table(rows, columns);
        let mut system = System::default();
        let table = enter(&mut system, "1", ("a", "b"), &inner);
        let pattern = protect(&system).unwrap();
        tally.pattern(&system, &pattern);
        let shown = shown((&system, &pattern), (&table, "1"), ("a", "b"), (rows, columns));
        let truth = with_margins(&inner);
        let visible = shown.iter().flatten().flatten();
        assert!(visible.into_iter().all(|n| *n >= THRESHOLD), "case {case}: {shown:?}");
        for ((i, j), width) in widths(&shown, &truth, THRESHOLD) {
            let is_sensitive = truth[i][j] < THRESHOLD;
            Tally::add(&tally.sensitive, usize::from(is_sensitive));
            Tally::add(&tally.recovered, usize::from(width == 0));
            Tally::add(&tally.bounded, usize::from(is_sensitive && width < THRESHOLD));
            assert!(width >= THRESHOLD || !is_sensitive, "case {case}: {i}, {j}: {width}");
        }
    });
    tally.conclude("tables");
}

#[test]
fn no_set_of_linked_tables_gives_a_count_away() {
    let tally = Tally::default();
    each(attacks() / 10, |case| {
        let mut source = Source(1_000_000 + case);
        let tables = 2 + source.below(3);
        let rows = 3 + source.below(3);
        let first_columns = 3 + source.below(4);
        let mut system = System::default();
        let mut sets = vec![source.table(rows, first_columns)];
        for _ in 1..tables {
            // Another split of the same rows.
            let columns = 3 + source.below(4);
            let split = |row: &Vec<u64>| {
                let mut parts = vec![0; columns];
                let weights: Vec<usize> = (0..columns).map(|_| source.below(columns)).collect();
                for _ in 0..row.iter().sum::<u64>() {
                    parts[weights[source.below(columns)]] += 1;
                }
                parts
            };
            let next = sets[0].iter().map(split).collect();
            sets.push(next);
        }
        let letters = ["b", "c", "d", "e"];
        let entered: Vec<Table> = sets
            .iter()
            .zip(letters)
            .map(|(inner, letter)| enter(&mut system, "1", ("a", letter), inner))
            .collect();
        let pattern = protect(&system).unwrap();
        tally.pattern(&system, &pattern);
        let mut known = Conditions::default();
        let mut attacked = Vec::new();
        let mut places: Vec<Vec<Vec<usize>>> = Vec::new();
        for ((table, inner), letter) in entered.iter().zip(&sets).zip(letters) {
            let size = (inner.len(), inner[0].len());
            let shown = shown((&system, &pattern), (table, "1"), ("a", letter), size);
            let cells = known.table(&shown);
            if let Some(first) = places.first() {
                for (one, other) in first.iter().zip(&cells) {
                    known.same(*one.last().unwrap(), *other.last().unwrap());
                }
            }
            for (i, row) in with_margins(inner).iter().enumerate() {
                for (j, n) in row.iter().enumerate().filter(|(_, n)| **n < THRESHOLD) {
                    assert_eq!(shown[i][j], None, "case {case}: {n} is shown");
                    attacked.push(cells[i][j]);
                }
            }
            places.push(cells);
        }
        attack(&tally, &known, (case, &attacked));
    });
    tally.conclude("linked tables");
}

fn attack(tally: &Tally, known: &Conditions, (case, attacked): (u64, &[usize])) {
    for at in attacked {
        judge(tally, case, known.width(None, *at, 100.0));
    }
}

fn judge(tally: &Tally, case: u64, width: f64) {
    // What the solver's rounding makes of a whole number.
    const ROUNDING: f64 = 1e-5;
    let is_bounded = width < THRESHOLD as f64 - ROUNDING;
    Tally::add(&tally.sensitive, 1);
    Tally::add(&tally.recovered, usize::from(width < 1.0 - ROUNDING));
    Tally::add(&tally.bounded, usize::from(is_bounded));
    assert!(!is_bounded, "case {case}: {width}");
}

/// Adds families one by one.
fn grown(inner: &[Vec<u64>], n: usize, source: &mut Source) -> Vec<Vec<u64>> {
    let mut later = inner.to_vec();
    for _ in 0..n {
        let row = source.below(inner.len());
        let column = source.below(inner[0].len());
        later[row][column] += 1;
    }
    later
}

#[test]
fn no_sequence_of_releases_gives_a_count_away() {
    let tally = Tally::default();
    each(attacks() / 10, |case| {
        let mut source = Source(2_000_000 + case);
        let (rows, columns) = (3 + source.below(3), 3 + source.below(3));
        let mut inner = source.table(rows, columns);
        let mut earlier: Vec<Release> = Vec::new();
        let mut known = Conditions::default();
        let mut told: Vec<(Vec<Vec<u64>>, Published, Vec<Vec<usize>>)> = Vec::new();
        // From one family to many: some sequences must be refused, or withheld.
        for (release, more) in [0, source.pick(&[1, 2, 8, 60, 200])].into_iter().enumerate() {
            inner = grown(&inner, more, &mut source);
            let cut = release.to_string();
            let mut system = System::default();
            let table = enter(&mut system, &cut, ("a", "b"), &inner);
            let own: usize = system.len();
            link(&mut system, &earlier, &Rules::default()).unwrap();
            let Ok(pattern) = protect(&system) else {
                Tally::add(&tally.refused, 1);
                continue;
            };
            Tally::add(&tally.cells, own);
            Tally::add(&tally.suppressed, pattern.suppressed().len());
            Tally::add(&tally.primary, pattern.primary());
            let shown = shown((&system, &pattern), (&table, &cut), ("a", "b"), (rows, columns));
            let places = known.table(&shown);
            earlier.push(Release::of(&cut, &system, &pattern));
            told.push((with_margins(&inner), shown, places));
        }
        for pair in told.windows(2) {
            for (one, other) in pair[0].2.iter().flatten().zip(pair[1].2.iter().flatten()) {
                known.grew(*one, *other);
            }
        }
        for (truth, shown, places) in &told {
            for ((n, seen), at) in
                truth.iter().flatten().zip(shown.iter().flatten()).zip(places.iter().flatten())
            {
                if *n < THRESHOLD {
                    assert_eq!(*seen, None, "case {case}: {n} is shown");
                    judge(&tally, case, known.width(None, *at, 100.0));
                }
            }
        }
        for pair in told.windows(2) {
            let cells = |at: usize| pair[at].0.iter().flatten().zip(pair[at].2.iter().flatten());
            let first = pair[0].1.iter().flatten();
            for (((one, from), (two, to)), published) in cells(0).zip(cells(1)).zip(first) {
                // One to four came: who they are must not follow.
                if (1..THRESHOLD).contains(&(two - one)) && published.is_some() {
                    judge(&tally, case, known.width(Some(*from), *to, 100.0));
                }
            }
        }
    });
    tally.conclude("releases");
}
