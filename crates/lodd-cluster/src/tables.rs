//! The tables that the panel's text reads, but for `snapshots`, as SQL over the assignments.
//!
//! The table `assigned(draw, unit_kind, unit_id, family_id, shown_at)` is there already. A family
//! whose members are listed is a unit too: it has rows where there are snapshots of families.

use std::fmt::Write;

use lodd_panel::horizon::Target;

/// The instant up to which records count, and its date in Norway.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// µs since 1970-01-01T00:00:00Z.
    pub(crate) us: i64,
    /// Days since 1970-01-01.
    pub(crate) day: i64,
}

/// Each table's name and text, in an order in which they can be made.
pub(crate) fn all(cut: Cut, targets: &[Target]) -> Vec<(&'static str, String)> {
    vec![
        ("cut", format!("SELECT {} AS cut_us, {} AS cut_day", whole(cut.us), whole(cut.day))),
        ("targets", targets_text(targets)),
        ("assignments", "SELECT DISTINCT draw, family_id, shown_at FROM assigned".to_owned()),
        (
            "members",
            "SELECT DISTINCT unit_id AS member_id, family_id, \
             CASE WHEN unit_kind = 'BARN' THEN 'BARN' ELSE 'FORELDER' END AS role, \
             CAST(1 AS BIGINT) AS in_itt FROM assigned WHERE unit_kind <> 'FAMILIE'"
                .to_owned(),
        ),
        // Events are a pilot's own: a register says such things as statuses.
        (
            "exits",
            "SELECT unit_kind, unit_id, unit_kind AS reason, shown_at AS from_on, \
             shown_at AS until_on FROM assigned WHERE 1 = 0"
                .to_owned(),
        ),
    ]
}

fn whole(value: i64) -> String {
    format!("CAST({value} AS BIGINT)")
}

fn targets_text(targets: &[Target]) -> String {
    let mut text = String::new();
    for (index, it) in targets.iter().enumerate() {
        let union = if index == 0 { "" } else { " UNION ALL " };
        let columns = [
            ("horizon_order", it.horizon_order),
            ("target", it.target),
            ("window_low", it.window_low),
            ("window_high", it.window_high),
            ("due_on", it.due_on),
        ];
        let columns: String =
            columns.iter().map(|(name, value)| format!(", {} AS {name}", whole(*value))).collect();
        // A horizon's label is a number or a date: nothing in it needs quoting.
        let _ = write!(
            text,
            "{union}SELECT {} AS draw, '{}' AS horizon{columns}",
            whole(it.draw),
            it.horizon
        );
    }
    text
}
