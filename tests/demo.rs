//! The demo, run once for all tests that look at what it made; and the same on a random pilot.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::support::{copy, lodd, lodd_in, python, root, snapshot};

/// A folder of this process's own with what `lodd demo` makes: a copy of the run that `cargo xtask
/// test` has just made, else a run of its own.
pub(crate) fn demo() -> PathBuf {
    static DEMO: OnceLock<tempfile::TempDir> = OnceLock::new();
    let dir = DEMO.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let to = dir.path().join("demo");
        match std::env::var_os("LODD_TEST_DEMO") {
            Some(made) => copy(made.as_ref(), &to),
            None => {
                lodd(&root(), &["demo", to.to_str().unwrap(), "--lang", "en"]).ok();
            }
        }
        dir
    });
    dir.path().join("demo")
}

/// The numbers, read from the Parquet files by another program.
#[test]
fn the_published_numbers_come_out_of_the_parquet_files() {
    let demo = demo();
    python("check_literals.py", &[&demo.join("housing"), &demo.join("ringerike")]).ok();
}

/// Draw, panel and effects of every pilot, computed again from the input files in plain Python.
#[test]
fn an_independent_program_finds_the_same_rows() {
    for pilot in ["housing", "ringerike", "kast"] {
        python("check_pilot.py", &[&demo().join(pilot)]).ok();
    }
}

#[test]
fn a_random_pilot_runs_through_the_same_script() {
    for seed in ["1", "2", "3", "4"] {
        let dir = tempfile::tempdir().unwrap();
        let made = dir.path().join("made");
        python("random_pilot.py", &[seed.as_ref(), &made]).ok();
        let to = dir.path().join("demo");
        lodd(dir.path(), &["demo", to.to_str().unwrap(), "--from", made.to_str().unwrap()]).ok();
        for entry in fs::read_dir(&to).unwrap() {
            let pilot = entry.unwrap().path();
            if pilot.is_dir() {
                python("check_pilot.py", &[&pilot]).ok();
            }
        }
    }
}

#[test]
fn the_printed_queries_give_the_same_rows_in_duckdb() {
    for pilot in ["housing", "ringerike"] {
        let dir = demo().join(pilot);
        let sql = lodd_in(&dir, "panel --print-sql").ok().stdout;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("panel.sql");
        fs::write(&path, sql).unwrap();
        python("check_duckdb.py", &[&dir, &path]).ok();
    }
}

/// The file with the queries of a pilot of the demo.
fn printed(pilot: &str) -> tempfile::NamedTempFile {
    let sql = lodd_in(&demo().join(pilot), "panel --print-sql").ok().stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), sql).unwrap();
    file
}

/// The rule a second time, in plain Python written from the data model: ten thousand histories.
#[test]
fn plain_python_finds_the_panel_of_ten_thousand_histories() {
    let file = printed("ringerike");
    println!("{}", python("check_histories.py", &[file.path(), "10000".as_ref()]).ok().stdout);
}

/// Why no as-of join defines an outcome: `DuckDB`'s own disagrees on ties and nulls.
#[test]
fn an_as_of_join_is_not_the_rule() {
    println!("{}", python("check_asof.py", &[printed("ringerike").path()]).ok().stdout);
}

/// School to work, and whole households: months masked, spells, transitions, persons and households.
#[test]
fn real_longitudinal_data_are_counted_as_by_hand() {
    println!("{}", python("check_real.py", &[printed("ringerike").path()]).ok().stdout);
}

/// 18 adults at the start and 15 families at year-end are two units: side by side, never subtracted.
#[test]
fn the_two_published_tables_are_kept_apart() {
    let demo = demo();
    python("check_two_tables.py", &[&demo.join("ringerike")]).ok();
    let dir = tempfile::tempdir().unwrap();
    let copied = dir.path().join("pilot");
    copy(&demo.join("ringerike"), &copied);
    let path = copied.join("analysis.toml");
    let plan = fs::read_to_string(&path).unwrap();
    // Families' work at year-end, called a number of adults; and adults and families in one analysis.
    let mixed = plan.replacen("unit = \"FAMILIE\"", "unit = \"VOKSEN\"", 1);
    fs::write(&path, mixed).unwrap();
    let refused = ["U01", "The table mixes adults (work-12) and families (F_ARBEID_NOEN)."];
    lodd_in(&copied, "plan lock --lang en").refused(&refused);
    let both = plan.replacen(
        "outcome = \"F_ARBEID_NOEN\"",
        "outcomes = [\"A_ARBEID\", \"F_FRI_SOSHJ\"]",
        1,
    );
    fs::write(&path, both.replacen("unit = \"FAMILIE\"\n", "", 1)).unwrap();
    let refused = ["U01", "Tabellen blander voksne (A_ARBEID) og familier (F_FRI_SOSHJ)."];
    lodd_in(&copied, "plan lock --lang nb").refused(&refused);
}

/// Each notebook's numbers are those of the files, found another way; the last one runs the program.
#[test]
fn the_notebooks_run_and_show_the_files_numbers() {
    let runs: &[(&str, &[&str])] = &[
        ("01-a-pilot-from-files", &["housing", "ringerike"]),
        ("02-effects-and-robustness", &["housing", "ringerike"]),
        ("03-monthly-curves", &["ringerike"]),
        ("04-check-a-draw-by-hand", &["kast", "ringerike"]),
        ("05-what-the-office-sees", &["ringerike"]),
    ];
    let folder = root().join("notebooks");
    for (name, pilots) in runs {
        let notebook = folder.join(format!("{name}.ipynb"));
        for pilot in *pilots {
            let program = Path::new(env!("CARGO_BIN_EXE_lodd"));
            python("run_notebook.py", &[&notebook, &demo().join(pilot), program]).ok();
        }
    }
    assert_eq!(fs::read_dir(folder).unwrap().count(), runs.len(), "a notebook that no test runs");
}

#[test]
fn every_file_of_the_examples_is_listed_with_its_checksum() {
    python("check_data_readme.py", &[&root().join("data")]).ok();
}

/// What was estimated once is estimated again to the byte, by one thread and by two.
#[test]
fn rebuilding_gives_the_same_bytes() {
    let dir = demo().join("ringerike");
    let clock = "--clock 2017-03-01T12:00:00Z";
    let names = ["panel", "outcomes", "flow", "concordance", "estimates"];
    let read = || names.map(|name| fs::read(dir.join(format!("out/{name}.parquet"))).unwrap());
    let cut = lodd_in(&dir, "panel --json").ok().json()["cut"].as_str().unwrap().to_owned();
    let rebuild = |threads: &str| {
        lodd_in(&dir, &format!("panel --cut {cut} {clock}")).ok();
        lodd_in(&dir, &format!("estimate --threads {threads} {clock}")).ok();
        read()
    };
    let (one, two) = (rebuild("1"), rebuild("2"));
    for (name, (one, two)) in names.iter().zip(one.iter().zip(&two)) {
        assert!(one == two, "{name}.parquet differs");
    }
}

/// A derived file that is not the store's is not estimated on, nor reported.
#[test]
fn files_that_were_changed_are_refused() {
    let demo = demo();
    let dir = demo.join("kast");
    let run =
        |words: &str| lodd_in(&dir, &format!("--clock 2027-03-01T12:00:00Z --lang en {words}"));
    let path = dir.join("out/flow.parquet");
    let good = fs::read(&path).unwrap();
    fs::copy(demo.join("ringerike/out/flow.parquet"), &path).unwrap();
    run("report --format html").refused(&["was not computed from the files beside it"]);
    run("estimate").refused(&["is not what the store gives", "run `lodd panel` again"]);
    fs::write(&path, good).unwrap();
    run("report --format html").ok();
    // The panel of an earlier cut is another panel: its estimates are not these.
    let early = "2026-10-01T00:00:00Z";
    run(&format!("panel --cut {early}")).ok();
    run("report --format html").refused(&["was not computed from the files beside it"]);
    run("estimate").refused(&["not all families are due", "horizon 3 is not due until"]);
    run("estimate --interim").ok();
    run("report --format html").ok();
    let page = fs::read_to_string(dir.join("out/report.en.html")).unwrap();
    assert!(page.to_lowercase().contains("interim"));
}

/// A second demo replaces an earlier one, and nothing else.
#[test]
fn the_demo_refuses_a_folder_that_it_did_not_make() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("precious.txt"), "mine").unwrap();
    let before = snapshot(dir.path());
    lodd(&root(), &["demo", dir.path().to_str().unwrap()]).refused(&["was not made by a demo"]);
    assert_eq!(before, snapshot(dir.path()));
}
