//! What must not change a byte: the order of files and rows, how many files, parts and threads there
//! are, rows of units that nobody drew, and what was recorded after the cut.

use crate::{
    made::{CUT_US, Dice, Made, Row, register},
    run::{Folder, as_lodd_writes, by_sqlite},
};

/// Rows in a few files of uneven lengths.
fn in_files(folder: &Folder, rows: &[Row], dice: &mut Dice) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = rows;
    while !rest.is_empty() {
        let length = (1 + dice.below(rest.len() as u64) as usize).min(rest.len());
        let (part, more) = rest.split_at(length);
        let name = format!("part-{}.parquet", names.len());
        folder.snapshots(&name, part);
        names.push(name);
        rest = more;
    }
    dice.shuffle(&mut names);
    names
}

fn by_key(rows: &mut [Row]) {
    rows.sort_by(|a, b| {
        (&a.unit, a.kind, a.date, a.recorded_at, a.variable).cmp(&(
            &b.unit,
            b.kind,
            b.date,
            b.recorded_at,
            b.variable,
        ))
    });
}

fn expected(made: &Made) -> Vec<u8> {
    as_lodd_writes(&by_sqlite(made))
}

#[test]
fn neither_order_nor_files_nor_parts_nor_threads_change_a_byte() {
    for seed in 2..4 {
        let mut dice = Dice::new(seed);
        let mut made = register(seed, 12);
        let expected = expected(&made);
        for (part_rows, threads) in [("1000000", "1"), ("300", "2"), ("40", "3")] {
            dice.shuffle(&mut made.rows);
            dice.shuffle(&mut made.units);
            let folder = Folder::empty();
            folder.assignments(&made.units);
            let names = in_files(&folder, &made.rows, &mut dice);
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            let words = ["--part-rows", part_rows, "--threads", threads];
            let bytes = folder.panel(&names, &words);
            assert!(bytes == expected, "seed {seed}, {words:?}, {} files", names.len());
        }
    }
}

/// Files that are sorted by person take another way through the program: ranges of units.
#[test]
fn sorted_files_of_months_give_the_bytes_of_one_file() {
    let mut made = register(7, 20);
    // Families apart from persons: only then are parts ranges.
    made.rows.retain(|it| it.kind != "FAMILIE");
    let expected = expected(&made);
    by_key(&mut made.rows);
    for months in [1, 5] {
        let folder = Folder::empty();
        folder.assignments(&made.units);
        let names: Vec<String> = (0..months).map(|it| format!("month-{it}.parquet")).collect();
        for (month, name) in names.iter().enumerate() {
            let of_month = |it: &&Row| it.date as usize % months == month;
            let rows: Vec<Row> = made.rows.iter().filter(of_month).cloned().collect();
            folder.snapshots(name, &rows);
        }
        for part_rows in ["64", "500"] {
            let bytes = folder.panel(&["month-*.parquet"], &["--part-rows", part_rows]);
            assert!(bytes == expected, "{months} months, {part_rows} rows a part");
        }
        let folder_of_files = folder.path("").display().to_string();
        std::fs::create_dir(folder.path("months")).unwrap();
        for name in &names {
            std::fs::rename(folder.path(name), folder.path("months").join(name)).unwrap();
        }
        assert!(folder.panel(&[&format!("{folder_of_files}months/")], &[]) == expected);
    }
}

#[test]
fn what_is_recorded_after_the_cut_changes_nothing() {
    let mut made = register(8, 16);
    let before = expected(&made);
    made.rows.retain(|it| it.recorded_at <= CUT_US);
    let folder = Folder::with(&made);
    assert!(folder.panel(&["snapshots.parquet"], &[]) == before);
    let uploads: Vec<Row> = made
        .rows
        .iter()
        .filter(|it| it.variable.is_some() && it.code.is_some())
        .map(|it| Row {
            recorded_at: it.recorded_at.max(CUT_US) + 1 + it.recorded_at % 1_000_000,
            code: Some("ANNET"),
            variable: Some("NEW"),
            ..it.clone()
        })
        .collect();
    let mut later: Vec<Row> = uploads;
    later.sort_by(|a, b| {
        (&a.unit, a.kind, a.date, a.recorded_at).cmp(&(&b.unit, b.kind, b.date, b.recorded_at))
    });
    later.dedup_by(|a, b| {
        (&a.unit, a.kind, a.date, a.source) == (&b.unit, b.kind, b.date, b.source)
    });
    assert!(later.len() > 10, "{}", later.len());
    made.rows.extend(later);
    let folder = Folder::with(&made);
    assert!(folder.panel(&["snapshots.parquet"], &["--part-rows", "200"]) == before);
}

/// The cut itself counts, the µs after it does not.
#[test]
fn the_cut_is_the_last_instant_that_counts() {
    let made = register(9, 10);
    let before = expected(&made);
    let some = made.rows.iter().find(|it| it.kind == "VOKSEN" && it.code.is_some()).unwrap();
    for (recorded_at, same) in [(CUT_US, false), (CUT_US + 1, true)] {
        let mut made = made.clone();
        made.rows.push(Row { recorded_at, date: 17_100, variable: Some("LAST"), ..some.clone() });
        let folder = Folder::with(&made);
        assert_eq!(folder.panel(&["snapshots.parquet"], &[]) == before, same);
    }
}
