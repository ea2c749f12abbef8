//! What suppression costs: twelve linked tables, and one large one.
//!
//! `cargo xtask bench disclosure` runs this in release.

#![expect(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for developers, which measures the crate from outside"
)]

use std::time::Instant;

use lodd_disclosure::{Count, Dimension, Rules, System, Table, protect};

fn main() {
    for (name, what, system) in [
        ("linked", "12 linked tables of 6 x 8 with margins   (goal <= 1 s)", linked(12, 6, 8)),
        ("table", "one table of 8 x 12 with margins", linked(1, 8, 12)),
    ] {
        let start = Instant::now();
        let pattern = protect(&system).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        println!(
            "ours {name:<12} {seconds:>8.4} s  {what}: {} of {} withheld, {} of them primary",
            pattern.suppressed().len(),
            system.len(),
            pattern.primary(),
        );
    }
}

/// Tables of the same families by office and, each, one thing more: they share the offices' totals.
fn linked(tables: u64, rows: u64, columns: u64) -> System {
    let mut system = System::default();
    for t in 0..tables {
        let offices: Vec<String> = (0..rows).map(|i| format!("o{i}")).collect();
        let codes: Vec<String> = (0..columns).map(|i| format!("c{i}")).collect();
        let mut table = Table::new("families", "1");
        for (name, codes) in [("office".to_owned(), &offices), (format!("outcome{t}"), &codes)] {
            let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
            table.by(Dimension::flat(&name, &codes));
        }
        for (i, office) in (0..rows).zip(&offices) {
            // Shares of 60 + 10 i families that fall by a half from category to category.
            let mut left = 60 + 10 * i;
            for (j, code) in (0..columns).zip(&codes) {
                let n = if j + 1 == columns { left } else { left * (2 + (i + j + t) % 3) / 6 };
                left -= n;
                table.count(&[office, code], Count::families(n)).unwrap();
            }
        }
        table.add_totals().unwrap();
        table.enter(&mut system, &Rules::default()).unwrap();
    }
    system
}
