//! The same cut, rules and release give the same rows in the same order: whatever the order of the
//! rows that come in, and whatever is recorded after the cut.

use proptest::prelude::*;

use crate::case::{Case, SEEN, Snapshot, protocol};
use lodd_panel::arms::Arms;

/// Days around the windows of a draw on 20 August 2015.
const DAYS: [&str; 8] = [
    "2015-06-25",
    "2015-08-20",
    "2015-11-20",
    "2016-02-18",
    "2016-07-06",
    "2016-08-15",
    "2016-08-25",
    "2016-10-04",
];
const STATUSES: [&str; 5] = ["OBSERVERT", "OBSERVERT", "TILBAKEKALT", "IKKE_NADD", "DOD"];
const VALUES: [&str; 4] =
    ["ARBEID=HELTID", "ARBEID=LEDIG_REG", "ARBEID=?UKJENT", "BOLIG=LEID_PRIVAT"];

/// Unit, day, status, value, record time; then a month and its amount.
type Row = (usize, usize, usize, usize, i64);
type Amount = (usize, u32, i64);

fn rows(records: std::ops::Range<i64>) -> impl Strategy<Value = (Vec<Row>, Vec<Amount>)> {
    let row = (0..4_usize, 0..DAYS.len(), 0..STATUSES.len(), 0..VALUES.len(), records);
    let amount = (0..2_usize, 1..13_u32, 0..3_i64);
    (prop::collection::vec(row, 0..24), prop::collection::vec(amount, 0..12))
}

const UNITS: [(&str, &str); 4] =
    [("FAMILIE", "F1"), ("VOKSEN", "F1-A1"), ("VOKSEN", "F2-A1"), ("BARN", "F2-B1")];

fn empty() -> Case {
    let ids = ["A_ARBEID", "F_ARBEID_ALLE", "F_FAST_BOLIG", "F_SOSHJ_MND"];
    let case = Case::new(&protocol(&[0, 12], &ids), "2017-01-01");
    case.drawn(1, "2015-08-20", &[("F1", "follow-up"), ("F2", "ordinary")]);
    for (id, role) in [("F1-A1", "FORELDER"), ("F2-A1", "PARTNER"), ("F2-B1", "BARN")] {
        case.member(id, role, 2005);
    }
    case
}

fn add(case: &Case, (snapshots, months): &(Vec<Row>, Vec<Amount>)) {
    for &(unit, on, status, value, recorded_at) in snapshots {
        let content = format!("{on}{status}{value}");
        let it = Snapshot {
            unit: UNITS[unit],
            on: DAYS[on],
            status: STATUSES[status],
            recorded_at,
            content: &content,
            ..SEEN
        };
        let values = [VALUES[value]];
        case.snapshot(it, if STATUSES[status] == "OBSERVERT" { &values } else { &[] });
    }
    for &(family, month, amount) in months {
        case.month(["F1", "F2"][family], &format!("2016-{month:02}"), (amount * 100, 0));
    }
}

/// Every text's rows, in their order.
fn everything(case: &Case) -> Vec<Vec<String>> {
    case.derive();
    case.run("DROP TABLE IF EXISTS outcomes", &[]);
    case.register("outcomes", &case.panel.outcomes_sql());
    let (arms, panel) = (Arms::new(["follow-up", "ordinary"]).unwrap(), &case.panel);
    [
        panel.panel_sql(),
        panel.observations_sql(),
        panel.outcomes_sql(),
        panel.flow_sql(),
        panel.spells_sql(),
        panel.transitions_sql(&arms),
        panel.stock_sql(&arms),
    ]
    .iter()
    .map(|sql| case.rows(sql))
    .collect()
}

/// One version a key and record time, one amount a month: as the store keeps them.
fn stored(mut rows: (Vec<Row>, Vec<Amount>)) -> (Vec<Row>, Vec<Amount>) {
    rows.0.sort_unstable();
    rows.0.dedup_by_key(|it| (it.0, it.1, it.4));
    rows.1.sort_unstable();
    rows.1.dedup_by_key(|it| (it.0, it.1));
    rows
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn the_order_of_rows_changes_nothing(
        (rows, shuffled) in rows(1..900).prop_map(stored).prop_flat_map(|it| {
            let (snapshots, months) = it.clone();
            let shuffled = (Just(snapshots).prop_shuffle(), Just(months).prop_shuffle());
            (Just(it), shuffled)
        })
    ) {
        let (one, two) = (empty(), empty());
        add(&one, &rows);
        add(&two, &shuffled);
        prop_assert_eq!(everything(&one), everything(&two));
    }

    #[test]
    fn what_is_recorded_after_the_cut_changes_nothing(
        before in rows(1..1001).prop_map(stored),
        after in rows(1001..2000).prop_map(stored),
    ) {
        let case = empty();
        add(&case, &before);
        let known = everything(&case);
        add(&case, &(after.0, vec![]));
        let late = "INSERT INTO monthly SELECT unit_kind, unit_id, month, register, 1001, 7, 7 \
                    FROM monthly";
        case.run(late, &[]);
        prop_assert_eq!(everything(&case), known);
    }
}
