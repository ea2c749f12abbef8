//! The stock of assistance against a figure that a municipality has published: in an average month
//! 48 families with 101 children (Aurskog-Høland). The families here are made; the margins are theirs.

use lodd_panel::{arms::Arms, calendar, stock};
use lodd_store::{Column, Kind, Table, query};

/// Families with assistance in each month of a year: 576 in all, 48 a month.
const FAMILIES: [usize; 12] = [42, 44, 46, 47, 48, 48, 48, 48, 49, 50, 52, 54];
/// The year's first month as a number.
const JANUARY: i64 = 2020 * 12;

fn family(number: usize) -> String {
    format!("F{number:02}")
}

/// Five families with three children and 55 with two, so that 60 children come to two a family.
fn members() -> Table {
    let all: Vec<(String, String)> = (1..=60)
        .flat_map(|number| {
            let children = if number <= 5 { 3 } else { 2 };
            (1..=children)
                .map(move |child| (format!("{}-B{child}", family(number)), family(number)))
        })
        .collect();
    let columns = vec![
        Column::text("member_id", all.iter().map(|it| Some(it.0.as_str()))),
        Column::text("family_id", all.iter().map(|it| Some(it.1.as_str()))),
        Column::text("role", all.iter().map(|_| Some("BARN"))),
        Column::int("birth_year", all.iter().map(|_| Some(2010))),
        Column::int("in_itt", all.iter().map(|_| Some(1))),
    ];
    Table::new("members", columns).unwrap()
}

/// A row for every family and month: a grant in the months it had assistance, else 0.
fn monthly() -> Table {
    let rows: Vec<(String, i64, i64)> = (0..)
        .zip(FAMILIES)
        .flat_map(|(month, assisted): (i64, usize)| {
            (1..=60).map(move |number| {
                (family(number), JANUARY + month, if number <= assisted { 9_000 } else { 0 })
            })
        })
        .collect();
    let columns = vec![
        Column::text("unit_kind", rows.iter().map(|_| Some("FAMILIE"))),
        Column::text("unit_id", rows.iter().map(|it| Some(it.0.as_str()))),
        Column::int("month", rows.iter().map(|it| Some(it.1))),
        Column::text("register", rows.iter().map(|_| Some("KOSTRA_11F"))),
        Column::instant("recorded_at", rows.iter().map(|_| Some(1))),
        Column::int("assistance_grant", rows.iter().map(|it| Some(it.2))),
        Column::int("assistance_loan", rows.iter().map(|_| Some(0))),
    ];
    Table::new("monthly", columns).unwrap()
}

fn calendar_table() -> Table {
    let months = calendar::months(JANUARY, JANUARY + 11);
    let columns = vec![
        Column::int("month", months.iter().map(|it| Some(it.month))),
        Column::int("year", months.iter().map(|it| Some(it.year))),
        Column::int("last_day", months.iter().map(|it| Some(it.last_day))),
    ];
    Table::new("calendar", columns).unwrap()
}

#[test]
fn the_average_month_has_48_families_with_101_children() {
    let empty = |name: &str, columns: &[&str]| {
        let column = |it: &&str| Column::int(it, std::iter::empty::<Option<i64>>());
        Table::new(name, columns.iter().map(column).collect()).unwrap()
    };
    let cut = vec![Column::instant("cut_us", [Some(2)]), Column::date("cut_day", [Some(0)])];
    let inputs = [
        Table::new("cut", cut).unwrap(),
        members(),
        monthly(),
        calendar_table(),
        empty("assignments", &["draw", "family_id", "arm"]),
        empty("targets", &["draw", "month_first"]),
        empty("away", &["member_id", "from_on", "until_on"]),
    ];
    let sql = stock::sql(&Arms::new(["follow-up", "ordinary"]).unwrap());
    let sql = format!(
        "SELECT month, families, children, families_12, children_12, unknown_12 FROM ({sql})"
    );
    let names = ["month", "families", "children", "families_12", "children_12", "unknown_12"];
    let found = query::run(&inputs, &sql, "stock", &names.map(|it| (it, Kind::Int))).unwrap();
    let column = |name: &str| found.int(name).unwrap();
    let shown: Vec<Option<i64>> = FAMILIES.iter().map(|n| i64::try_from(*n).ok()).collect();
    assert_eq!(column("families"), shown);
    let (last, all) = (found.rows() - 1, 12);
    assert_eq!(column("families_12")[last], Some(48 * all));
    assert_eq!(column("children_12")[last], Some(101 * all));
    assert_eq!(column("unknown_12")[last], Some(0));
    assert_eq!(column("families_12")[..last], vec![None; last], "no average of fewer months");
}
