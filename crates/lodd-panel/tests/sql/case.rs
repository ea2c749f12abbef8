//! A pilot in memory: tables as the store registers them, and rows read back as text.

use jiff::civil::Date;
use lodd_panel::{
    Panel, Protocol, calendar, day_number,
    horizon::{At, Followup, Horizon},
    month_number,
    outcomes::Choice,
};
use rusqlite::{Connection, types::ValueRef};

pub(crate) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> i64 {
    day_number(date(text))
}

/// `2016-03` as a number.
pub(crate) fn month(text: &str) -> i64 {
    month_number(date(&format!("{text}-01")))
}

pub(crate) fn horizons(months: &[i64]) -> Followup {
    let horizon = |&it: &i64| Horizon { at: At::Months(it), low_days: None, high_days: None };
    Followup { reporting_lag_days: 30, horizons: months.iter().map(horizon).collect() }
}

pub(crate) fn protocol(months: &[i64], outcomes: &[&str]) -> Protocol {
    Protocol {
        screening: None,
        followup: horizons(months),
        variables: vec![],
        outcomes: outcomes.iter().map(|it| Choice::Dictionary((*it).to_owned())).collect(),
    }
}

/// One snapshot, as a line of a hand-made case.
#[derive(Clone, Copy)]
pub(crate) struct Snapshot<'a> {
    pub(crate) unit: (&'a str, &'a str),
    pub(crate) on: &'a str,
    pub(crate) source: (&'a str, &'a str),
    pub(crate) occasion: &'a str,
    pub(crate) recorded_at: i64,
    pub(crate) status: &'a str,
    pub(crate) content: &'a str,
}

/// A planned observation by a caseworker, recorded at once.
pub(crate) const SEEN: Snapshot<'static> = Snapshot {
    unit: ("VOKSEN", "F1-A1"),
    on: "",
    source: ("VEILEDER", ""),
    occasion: "PLANLAGT",
    recorded_at: 1,
    status: "OBSERVERT",
    content: "c",
};

pub(crate) struct Case {
    db: Connection,
    pub(crate) panel: Panel,
}

impl Case {
    /// A pilot without rows. The cut is the end of `cut_on`, at record time 1,000.
    pub(crate) fn new(protocol: &Protocol, cut_on: &str) -> Self {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch(
            "CREATE TABLE cut (cut_us BIGINT, cut_day BIGINT);
             CREATE TABLE assignments (draw BIGINT, unit_kind TEXT, unit_id TEXT, family_id TEXT,
               block TEXT, arm TEXT, drawn_on BIGINT, shown_at BIGINT);
             CREATE TABLE members (member_id TEXT, family_id TEXT, role TEXT, birth_year BIGINT,
               in_itt BIGINT);
             CREATE TABLE targets (draw BIGINT, horizon TEXT, horizon_order BIGINT, target BIGINT,
               window_low BIGINT, window_high BIGINT, due_on BIGINT, target_year BIGINT,
               month_first BIGINT, month_last BIGINT);
             CREATE TABLE snapshots (unit_kind TEXT, unit_id TEXT, status_date BIGINT, source TEXT,
               register TEXT, occasion TEXT, recorded_at BIGINT, record_status TEXT, variable TEXT,
               value_code TEXT, value_num BIGINT, missing_code TEXT, content TEXT);
             CREATE TABLE monthly (unit_kind TEXT, unit_id TEXT, month BIGINT, register TEXT,
               recorded_at BIGINT, assistance_grant BIGINT, assistance_loan BIGINT);
             CREATE TABLE exits (unit_kind TEXT, unit_id TEXT, reason TEXT, from_on BIGINT,
               until_on BIGINT);
             CREATE TABLE office_families (family_id TEXT, office_id TEXT);
             CREATE TABLE office_draws (draw BIGINT, office_id TEXT, arm TEXT);
             CREATE TABLE erased (draw BIGINT, family_id TEXT, arm TEXT);
             CREATE TABLE struck (draw BIGINT, family_id TEXT);
             CREATE TABLE asked (kind TEXT, member_id TEXT, family_id TEXT, at BIGINT, answer TEXT,
               withdrawn_at BIGINT);
             CREATE TABLE offered (draw BIGINT, family_id TEXT, answer TEXT);
             CREATE TABLE started (draw BIGINT, family_id TEXT, started_on BIGINT);
             CREATE TABLE presence (member_id TEXT, valid_from BIGINT, valid_to BIGINT);
             CREATE TABLE last_contact (member_id TEXT, year BIGINT, register TEXT,
               variable TEXT, value TEXT);
             CREATE TABLE planned (draw BIGINT, outcome_id TEXT, horizon TEXT, source TEXT,
               register TEXT);
             CREATE TABLE away (member_id TEXT, from_on BIGINT, until_on BIGINT);
             CREATE TABLE calendar (month BIGINT, year BIGINT, last_day BIGINT);
             CREATE TABLE families (family_id TEXT, office_id TEXT, registered_on BIGINT);
             CREATE TABLE facts (family_id TEXT, criterion TEXT, observed_on BIGINT, value TEXT,
               recorded_at BIGINT);",
        )
        .unwrap();
        let case = Self { db, panel: Panel::new(protocol).unwrap() };
        case.run("INSERT INTO cut VALUES (1000, ?1)", &[&day(cut_on)]);
        for it in calendar::months(month("2014-01"), month("2018-12")) {
            let values: [&dyn rusqlite::ToSql; 3] = [&it.month, &it.year, &it.last_day];
            case.run("INSERT INTO calendar VALUES (?1, ?2, ?3)", &values);
        }
        case
    }

    pub(crate) fn run(&self, sql: &str, values: &[&dyn rusqlite::ToSql]) {
        self.db.execute(sql, values).unwrap();
    }

    /// Assigns families in one draw; the result is shown at record time 100.
    pub(crate) fn drawn(&self, draw: i64, on: &str, families: &[(&str, &str)]) {
        for (family, arm) in families {
            self.run(
                "INSERT INTO assignments VALUES (?1, 'FAMILIE', ?2, ?2, 'b', ?3, ?4, 100)",
                &[&draw, family, arm, &day(on)],
            );
        }
        for t in self.panel.targets(&[(draw, date(on))]).unwrap() {
            self.run(
                "INSERT INTO targets VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                &[
                    &t.draw,
                    &t.horizon,
                    &t.horizon_order,
                    &t.target,
                    &t.window_low,
                    &t.window_high,
                    &t.due_on,
                    &t.target_year,
                    &t.month_first,
                    &t.month_last,
                ],
            );
        }
    }

    /// A member present on the draw's date; the family is the id's part before `-`.
    pub(crate) fn member(&self, id: &str, role: &str, birth_year: i64) {
        let family = id.split('-').next().unwrap();
        self.run(
            "INSERT INTO members VALUES (?1, ?2, ?3, ?4, 1)",
            &[&id, &family, &role, &birth_year],
        );
    }

    /// A snapshot with `VARIABLE=CODE`, `VARIABLE=7` and `VARIABLE=?MISSING` values, or none.
    pub(crate) fn snapshot(&self, snapshot: Snapshot<'_>, values: &[&str]) {
        for value in values {
            let (variable, value) = value.split_once('=').unwrap();
            let number = value.parse::<i64>().ok();
            let missing = value.strip_prefix('?');
            let code = (number.is_none() && missing.is_none()).then_some(value);
            self.snapshot_row(snapshot, Some(variable), (code, number, missing));
        }
        if values.is_empty() {
            self.snapshot_row(snapshot, None, (None, None, None));
        }
    }

    fn snapshot_row(
        &self,
        it: Snapshot<'_>,
        variable: Option<&str>,
        (code, number, missing): (Option<&str>, Option<i64>, Option<&str>),
    ) {
        self.run(
            "INSERT INTO snapshots VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
            &[
                &it.unit.0,
                &it.unit.1,
                &day(it.on),
                &it.source.0,
                &it.source.1,
                &it.occasion,
                &it.recorded_at,
                &it.status,
                &variable,
                &code,
                &number,
                &missing,
                &it.content,
            ],
        );
    }

    /// An event by which a unit was out, `until` the day before it was in again.
    pub(crate) fn exit(&self, unit: (&str, &str), reason: &str, days: (&str, Option<&str>)) {
        self.run(
            "INSERT INTO exits VALUES (?1, ?2, ?3, ?4, ?5)",
            &[&unit.0, &unit.1, &reason, &day(days.0), &days.1.map(day)],
        );
    }

    /// A family's month of assistance.
    pub(crate) fn month(&self, family: &str, of: &str, (grant, loan): (i64, i64)) {
        self.run(
            "INSERT INTO monthly VALUES ('FAMILIE', ?1, ?2, 'KOSTRA_11F', 1, ?3, ?4)",
            &[&family, &month(of), &grant, &loan],
        );
    }

    /// Rows of a query as text, columns apart by a blank, NULL as `-`, no register as `''`.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let mut statement = self.db.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            let cell = |at: usize| match row.get_ref(at).unwrap() {
                ValueRef::Null => "-".to_owned(),
                ValueRef::Integer(value) => value.to_string(),
                ValueRef::Text(b"") => "''".to_owned(),
                ValueRef::Text(text) => String::from_utf8(text.to_vec()).unwrap(),
                other => panic!("neither whole number nor text: {other:?}"),
            };
            Ok((0..columns).map(cell).collect::<Vec<_>>().join(" "))
        });
        rows.unwrap().map(Result::unwrap).collect()
    }

    /// Makes a query's result a table, as the store does.
    pub(crate) fn register(&self, table: &str, sql: &str) {
        self.db.execute_batch(&format!("CREATE TABLE {table} AS {sql}")).unwrap();
    }

    /// Primary rows of the panel: `columns` of those that `filter` holds for, in key order.
    pub(crate) fn panel(&self, columns: &str, filter: &str) -> Vec<String> {
        let sql = self.panel.panel_sql();
        self.rows(&format!("SELECT {columns} FROM ({sql}) WHERE rule = 'primary' AND {filter}"))
    }

    /// Makes the panel and the observations, anew if need be.
    pub(crate) fn derive(&self) {
        for (table, sql) in
            [("panel", self.panel.panel_sql()), ("observations", self.panel.observations_sql())]
        {
            self.db.execute_batch(&format!("DROP TABLE IF EXISTS {table}")).unwrap();
            self.register(table, &sql);
        }
    }

    /// A time in which a member did not live in the household.
    pub(crate) fn away(&self, member: &str, (from, until): (&str, Option<&str>)) {
        self.run("INSERT INTO away VALUES (?1, ?2, ?3)", &[&member, &day(from), &until.map(day)]);
    }

    /// `columns` of the outcomes.
    pub(crate) fn outcomes(&self, columns: &str) -> Vec<String> {
        self.derive();
        self.rows(&format!("SELECT {columns} FROM ({})", self.panel.outcomes_sql()))
    }
}
