//! A made-up register as Parquet files, and as tables for the other engines.

use std::path::Path;

use lodd_store::{
    Column, Table, parquet,
    schema::{Field, Physical, Schema},
};

use crate::made::{Assigned, CUT_US, DRAWN_ON, Row};

const fn field(name: &'static str, physical: Physical, nullable: bool) -> Field {
    Field { name, physical, nullable, meaning: "" }
}

pub(crate) const SNAPSHOTS: Schema = Schema {
    name: "snapshots",
    row: "",
    fields: &[
        field("unit_kind", Physical::Text, true),
        field("unit_id", Physical::Text, true),
        field("status_date", Physical::Date, true),
        field("source", Physical::Text, true),
        field("register", Physical::Text, true),
        field("occasion", Physical::Text, true),
        field("recorded_at", Physical::Timestamp, true),
        field("record_status", Physical::Text, true),
        field("variable", Physical::Text, true),
        field("value_code", Physical::Text, true),
        field("value_num", Physical::Int64, true),
        field("missing_code", Physical::Text, true),
    ],
};

pub(crate) const ASSIGNMENTS: Schema = Schema {
    name: "assignments",
    row: "",
    fields: &[
        field("draw", Physical::Int32, true),
        field("unit_kind", Physical::Text, true),
        field("unit_id", Physical::Text, true),
        field("family_id", Physical::Text, true),
        field("drawn_on", Physical::Date, true),
        field("arm", Physical::Text, true),
    ],
};

/// Rows in the long form.
pub(crate) fn snapshots(rows: &[Row]) -> Table {
    let each = |of: fn(&Row) -> Option<String>| rows.iter().map(of).collect::<Vec<_>>();
    let text = |of: fn(&Row) -> &'static str| rows.iter().map(move |it| Some(of(it)));
    let columns = vec![
        Column::text("unit_kind", text(|it| it.kind)),
        Column::text("unit_id", each(|it| Some(it.unit.clone()))),
        Column::date("status_date", rows.iter().map(|it| Some(it.date))),
        Column::text("source", text(|it| it.source)),
        Column::text("register", rows.iter().map(|it| it.register)),
        Column::text("occasion", text(|it| it.occasion)),
        Column::instant("recorded_at", rows.iter().map(|it| Some(it.recorded_at))),
        Column::text("record_status", text(|it| it.status)),
        Column::text("variable", rows.iter().map(|it| it.variable)),
        Column::text("value_code", rows.iter().map(|it| it.code)),
        Column::int("value_num", rows.iter().map(|it| it.number)),
        Column::text("missing_code", rows.iter().map(|it| it.missing)),
    ];
    Table::new("snapshots", columns).unwrap()
}

/// Who was drawn.
pub(crate) fn assignments(units: &[Assigned]) -> Table {
    let each = |of: fn(&Assigned) -> &str| {
        units.iter().map(|it| Some(of(it).to_owned())).collect::<Vec<_>>()
    };
    let columns = vec![
        Column::int("draw", units.iter().map(|it| Some(it.draw))),
        Column::text("unit_kind", each(|it| it.kind)),
        Column::text("unit_id", each(|it| &it.unit)),
        Column::text("family_id", each(|it| &it.family)),
        Column::date("drawn_on", units.iter().map(|it| Some(it.drawn_on))),
        Column::text("arm", each(|it| it.arm)),
    ];
    Table::new("assignments", columns).unwrap()
}

pub(crate) fn write(path: &Path, table: &Table, schema: &Schema) {
    parquet::write(path, table, schema, &[]).unwrap();
}

/// The rules of all tests: the start, six months, twelve, and a date.
pub(crate) const RULES: &str = "\
[followup]
reporting_lag_days = 20
[[followup.horizon]]
months = 0
[[followup.horizon]]
months = 6
[[followup.horizon]]
months = 12
low_days = 40
high_days = 50
[[followup.horizon]]
at = \"2017-06-30\"
low_days = 20
high_days = 10
";

/// The inputs of the panel's text for one draw, written from the data model and not from the
/// program's own tables: days and µs as whole numbers, no register as the empty text.
pub(crate) fn inputs(rows: &[Row], units: &[Assigned], draw: i64) -> Vec<Table> {
    let units: Vec<&Assigned> = units.iter().filter(|it| it.draw == draw).collect();
    let mut families: Vec<&str> = units.iter().map(|it| it.family.as_str()).collect();
    families.sort_unstable();
    families.dedup();
    // The result was shown by the end of the day in Norway, two hours before midnight in London in
    // summer and one in winter.
    let drawn_on = DRAWN_ON[(draw - 1) as usize];
    let hours = if draw == 3 { 1 } else { 2 };
    let shown_at = (i64::from(drawn_on) + 1) * 86_400_000_000 - hours * 3_600_000_000;
    let members: Vec<&&Assigned> = units.iter().filter(|it| it.kind != "FAMILIE").collect();
    let role = |it: &&&Assigned| Some(if it.kind == "BARN" { "BARN" } else { "PARTNER" });
    let table = |name: &str, columns| Table::new(name, columns).unwrap();
    let none = || Vec::<Option<String>>::new();
    vec![
        table(
            "cut",
            vec![Column::instant("cut_us", [Some(CUT_US)]), Column::int("cut_day", [Some(17_167)])],
        ),
        table(
            "assignments",
            vec![
                Column::int("draw", families.iter().map(|_| Some(draw))),
                Column::text("family_id", families.iter().map(|it| Some(*it))),
                Column::instant("shown_at", families.iter().map(|_| Some(shown_at))),
            ],
        ),
        table(
            "members",
            vec![
                Column::text("member_id", members.iter().map(|it| Some(it.unit.clone()))),
                Column::text("family_id", members.iter().map(|it| Some(it.family.clone()))),
                Column::text("role", members.iter().map(role)),
                Column::int("in_itt", members.iter().map(|_| Some(1))),
            ],
        ),
        targets(draw),
        snapshots_as_read(rows),
        table(
            "exits",
            vec![
                Column::text("unit_kind", none()),
                Column::text("unit_id", none()),
                Column::text("reason", none()),
                Column::int("from_on", Vec::new()),
                Column::int("until_on", Vec::new()),
            ],
        ),
    ]
}

/// The targets of [`RULES`], worked out by hand for each date of a draw: 2015-08-31, 2015-10-01
/// and 2016-02-29.
fn targets(draw: i64) -> Table {
    // 2016-02-29, 2016-08-31; 2016-04-01, 2016-10-01; 2016-08-29, 2017-02-28.
    let (six, twelve) = [(16_860, 17_044), (16_892, 17_075), (17_042, 17_225)][(draw - 1) as usize];
    let drawn_on = i64::from(DRAWN_ON[(draw - 1) as usize]);
    let at = 17_347;
    let rows = [
        ("0", drawn_on, 60, 0),
        ("6", six, 30, 30),
        ("12", twelve, 40, 50),
        ("2017-06-30", at, 20, 10),
    ];
    let int = |name: &str, of: fn(&(&str, i64, i64, i64)) -> i64| {
        Column::int(name, rows.iter().map(|it| Some(of(it))))
    };
    let columns = vec![
        Column::int("draw", rows.iter().map(|_| Some(draw))),
        Column::text("horizon", rows.iter().map(|it| Some(it.0))),
        Column::int("horizon_order", (1..).zip(&rows).map(|(place, _)| Some(place))),
        int("target", |it| it.1),
        int("window_low", |it| it.1 - it.2),
        int("window_high", |it| it.1 + it.3),
        int("due_on", |it| it.1 + it.3 + 20),
    ];
    Table::new("targets", columns).unwrap()
}

fn snapshots_as_read(rows: &[Row]) -> Table {
    let table = snapshots(rows);
    let column = |it: &Column| match it.name.as_str() {
        "register" => {
            Column::text("register", rows.iter().map(|it| Some(it.register.unwrap_or(""))))
        }
        _ => it.clone(),
    };
    let mut columns: Vec<Column> = table.columns().iter().map(column).collect();
    columns.push(Column::text("content", rows.iter().map(|_| Some("c"))));
    Table::new("snapshots", columns).unwrap()
}
