//! Running the program on a made-up register.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

use lodd_panel::panel;
use lodd_store::{Column, Kind, Table, Values, parquet, query, schema};

use crate::{
    files::{self, ASSIGNMENTS, RULES, SNAPSHOTS},
    made::{Assigned, CUT, Made, Row},
};

/// A folder with inputs and room for results.
pub(crate) struct Folder {
    dir: tempfile::TempDir,
}

impl Folder {
    /// A register in one file of snapshots.
    pub(crate) fn with(made: &Made) -> Self {
        let folder = Self::empty();
        folder.snapshots("snapshots.parquet", &made.rows);
        folder.assignments(&made.units);
        folder
    }

    pub(crate) fn empty() -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("rules.toml"), RULES).unwrap();
        Self { dir }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub(crate) fn snapshots(&self, name: &str, rows: &[Row]) {
        files::write(&self.path(name), &files::snapshots(rows), &SNAPSHOTS);
    }

    pub(crate) fn assignments(&self, units: &[Assigned]) {
        let table = files::assignments(units);
        files::write(&self.path("assignments.parquet"), &table, &ASSIGNMENTS);
    }

    /// `lodd-cluster panel` with some more words.
    pub(crate) fn command(&self, snapshots: &[&str], out: &str, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lodd-cluster"));
        command.current_dir(self.dir.path()).args(["panel", "--lang", "en", "--cut", CUT]);
        command.args(["--assignments", "assignments.parquet", "--rules", "rules.toml"]);
        command.args(["--out", out]).args(more).arg("--snapshots").args(snapshots);
        command
    }

    /// The file that it writes.
    #[track_caller]
    pub(crate) fn panel(&self, snapshots: &[&str], more: &[&str]) -> Vec<u8> {
        let output = self.command(snapshots, "out", more).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let left: Vec<_> = fs::read_dir(self.path("out")).unwrap().map(|it| it.unwrap()).collect();
        assert_eq!(left.len(), 1, "nothing is left beside the file: {left:?}");
        fs::read(self.path("out/panel.parquet")).unwrap()
    }

    /// What it says when it refuses.
    #[track_caller]
    pub(crate) fn refused(&self, snapshots: &[&str], more: &[&str]) -> String {
        let output = self.command(snapshots, "refused", more).output().unwrap();
        assert_eq!(output.status.code(), Some(1), "{}", said(&output));
        let out = self.path("refused");
        assert!(
            !out.exists() || fs::read_dir(&out).unwrap().next().is_none(),
            "nothing is written"
        );
        said(&output)
    }
}

pub(crate) fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The kinds of the query's columns.
pub(crate) fn kinds() -> Vec<(&'static str, Kind)> {
    let text = [
        "unit_kind",
        "unit_id",
        "horizon",
        "source",
        "register",
        "rule",
        "variable",
        "value",
        "missing_reason",
        "flag",
    ];
    let kind =
        |name: &&'static str| (*name, if text.contains(name) { Kind::Text } else { Kind::Int });
    panel::COLUMNS.iter().map(kind).collect()
}

/// The panel by SQLite, which runs the text on each draw.
pub(crate) fn by_sqlite(made: &Made) -> Table {
    let mut draws: Vec<i64> = made.units.iter().map(|it| it.draw).collect();
    draws.sort_unstable();
    draws.dedup();
    let of_draw = |draw: &i64| {
        let inputs = files::inputs(&made.rows, &made.units, *draw);
        query::run(&inputs, &panel::sql(), "panel", &kinds()).unwrap()
    };
    together(&draws.iter().map(of_draw).collect::<Vec<_>>())
}

/// Tables of the same columns, one after the other.
fn together(tables: &[Table]) -> Table {
    let columns = kinds().into_iter().map(|(name, kind)| {
        let mut all = Values::empty(kind);
        for table in tables {
            match (&mut all, table.values(name).unwrap()) {
                (Values::Text(all), Values::Text(more)) => all.extend(more.iter().cloned()),
                (Values::Int(all), Values::Int(more)) => all.extend(more),
                other => panic!("{other:?}"),
            }
        }
        Column::new(name, all)
    });
    Table::new("panel", columns.collect()).unwrap()
}

/// The file that `lodd panel` writes of these rows: its own schema and writer.
pub(crate) fn as_lodd_writes(rows: &Table) -> Vec<u8> {
    let column = |field: &schema::Field| {
        let from = if field.name == "cut" { "cut_us" } else { field.name };
        let values = match (field.physical.kind(), rows.values(from).unwrap()) {
            (Kind::Text, Values::Text(texts)) => Values::Text(
                texts
                    .iter()
                    .map(|it| {
                        it.clone().filter(|text| field.name != "register" || !text.is_empty())
                    })
                    .collect(),
            ),
            (Kind::Instant, Values::Int(us)) => Values::Instant(us.clone()),
            (Kind::Date, Values::Int(days)) => {
                Values::Date(days.iter().map(|it| it.map(|day| day.try_into().unwrap())).collect())
            }
            (Kind::Bool, Values::Int(bits)) => {
                Values::Bool(bits.iter().map(|it| it.map(|bit| bit == 1)).collect())
            }
            (Kind::Int, Values::Int(whole)) => Values::Int(whole.clone()),
            other => panic!("{other:?}"),
        };
        Column::new(field.name, values)
    };
    let columns = schema::PANEL.fields.iter().map(column).collect();
    let table = Table::new("panel", columns).unwrap();
    let sha256 = sha256_of(RULES);
    let metadata = [
        ("lodd_version", env!("CARGO_PKG_VERSION")),
        ("cut", CUT),
        ("protocol_sha256", sha256.as_str()),
        ("origin", "imported"),
    ];
    let metadata: Vec<(String, String)> =
        metadata.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
    parquet::encode(&table, &schema::PANEL, &metadata).unwrap()
}

fn sha256_of(text: &str) -> String {
    use sha2::{Digest, Sha256};
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}
