//! The sealed inputs, opened in memory: snapshots, months and facts as the queries read them.

use std::collections::BTreeMap;

use rusqlite::{Row, named_params};

use super::linked;
use crate::{
    Column, StoreError, Table,
    ledger::sha256_hex,
    pilot::{
        sealed::{self, Ring, SnapshotKey},
        uploads::Value,
    },
    query::QueryError,
};

/// Runs a reading statement with `:cut`, and does something with each row.
fn each(
    ring: &mut Ring<'_>,
    (sql, cut_us): (&str, i64),
    mut with: impl FnMut(&mut Ring<'_>, &Row<'_>) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut select = ring.connection().prepare(sql)?;
    let mut rows = select.query(named_params! { ":cut": cut_us })?;
    while let Some(row) = rows.next()? {
        with(ring, row)?;
    }
    Ok(())
}

fn table(name: &str, columns: Vec<Column>) -> Result<Table, StoreError> {
    Ok(Table::new(name, columns).map_err(QueryError::from)?)
}

/// The rows of `snapshots`, one a value, or one without a variable where there is none.
#[derive(Default)]
struct Snapshots {
    unit_kind: Vec<Option<String>>,
    unit_id: Vec<Option<String>>,
    status_date: Vec<Option<i32>>,
    source: Vec<Option<String>>,
    register: Vec<Option<String>>,
    occasion: Vec<Option<String>>,
    recorded_at: Vec<Option<i64>>,
    record_status: Vec<Option<String>>,
    variable: Vec<Option<String>>,
    value_code: Vec<Option<String>>,
    value_num: Vec<Option<i64>>,
    missing_code: Vec<Option<String>>,
    content: Vec<Option<String>>,
}

/// A snapshot as stored, but for its values.
struct Head {
    unit_kind: String,
    counted_as: String,
    status_date: i32,
    source: String,
    register: String,
    occasion: String,
    recorded_at: i64,
    record_status: String,
    content: String,
}

impl Snapshots {
    fn push(&mut self, head: &Head, value: Option<(String, Value)>) {
        self.unit_kind.push(Some(head.unit_kind.clone()));
        self.unit_id.push(Some(head.counted_as.clone()));
        self.status_date.push(Some(head.status_date));
        self.source.push(Some(head.source.clone()));
        self.register.push(Some(head.register.clone()));
        self.occasion.push(Some(head.occasion.clone()));
        self.recorded_at.push(Some(head.recorded_at));
        self.record_status.push(Some(head.record_status.clone()));
        self.content.push(Some(head.content.clone()));
        let (variable, value) = value.unzip();
        let (code, number, missing) = match value {
            Some(Value::Code(code)) => (Some(code), None, None),
            Some(Value::Number(number)) => (None, Some(number), None),
            Some(Value::Missing(code)) => (None, None, Some(code)),
            Some(Value::Clear) | None => (None, None, None),
        };
        self.variable.push(variable);
        self.value_code.push(code);
        self.value_num.push(number);
        self.missing_code.push(missing);
    }

    fn into_table(self) -> Result<Table, StoreError> {
        let columns = vec![
            Column::text("unit_kind", self.unit_kind),
            Column::text("unit_id", self.unit_id),
            Column::date("status_date", self.status_date),
            Column::text("source", self.source),
            Column::text("register", self.register),
            Column::text("occasion", self.occasion),
            Column::instant("recorded_at", self.recorded_at),
            Column::text("record_status", self.record_status),
            Column::text("variable", self.variable),
            Column::text("value_code", self.value_code),
            Column::int("value_num", self.value_num),
            Column::text("missing_code", self.missing_code),
            Column::text("content", self.content),
        ];
        table("snapshots", columns)
    }
}

/// Every version known at a cut. `content` is the plain SHA-256 of what the snapshot says: the last
/// tie of the horizon rule, in memory only; the store's own digest is under the family's key.
pub(super) fn snapshots(ring: &mut Ring<'_>, cut_us: i64) -> Result<Table, StoreError> {
    let mut found = Snapshots::default();
    each(ring, (linked::SNAPSHOTS, cut_us), |ring, row| {
        let (unit_id, family_id): (String, String) = (row.get(8)?, row.get(9)?);
        let sealed: Vec<u8> = row.get(10)?;
        let mut head = Head {
            unit_kind: row.get(0)?,
            counted_as: row.get(1)?,
            status_date: row.get(2)?,
            source: row.get(3)?,
            register: row.get(4)?,
            occasion: row.get(5)?,
            recorded_at: row.get(6)?,
            record_status: row.get(7)?,
            content: String::new(),
        };
        let (status_date, source, register) = (head.status_date, &head.source, &head.register);
        let key = SnapshotKey { unit_id: &unit_id, status_date, source, register };
        let place = key.place(head.recorded_at);
        let (occasion, status) = (row.get(5)?, row.get(7)?);
        let (content, values) = ring.open(&family_id, (&place, &sealed), |plain| {
            let content = sha256_hex(&sealed::content(occasion, status, plain));
            Some((content, sealed::read_values(plain)?))
        })?;
        head.content = content;
        if values.is_empty() {
            found.push(&head, None);
        }
        for value in values {
            found.push(&head, Some(value));
        }
        Ok(())
    })?;
    found.into_table()
}

/// The rows of `monthly`.
#[derive(Default)]
struct Months {
    rows: Vec<Month>,
}

/// Grant and loan of a month that is known without a row.
const NOTHING: (Option<i64>, Option<i64>) = (Some(0), Some(0));

/// A month of a unit: `told` of its families have told of it, of `of_unit` that must.
struct Month {
    unit_kind: String,
    counted_as: String,
    number: i64,
    register: String,
    recorded_at: i64,
    amounts: (Option<i64>, Option<i64>),
    told: i64,
    of_unit: Option<i64>,
}

impl Month {
    fn same_month_of_a_unit(&self, other: &Self) -> bool {
        self.of_unit.is_some()
            && (&self.unit_kind, &self.counted_as) == (&other.unit_kind, &other.counted_as)
            && (self.number, &self.register) == (other.number, &other.register)
    }

    /// Whether it can be told: by one family, or by all of a linked unit with a sum.
    fn is_known(&self) -> bool {
        self.of_unit.is_none_or(|all| self.told == all && self.amounts != (None, None))
    }
}

impl Months {
    /// Appends a row; families of one unit follow each other, and add up.
    fn push(&mut self, row: Month) {
        let sum = |a: Option<i64>, b: Option<i64>| Some(a?.saturating_add(b?));
        match self.rows.last_mut() {
            Some(last) if last.same_month_of_a_unit(&row) => {
                let (grants, loans) = last.amounts;
                last.amounts = (sum(grants, row.amounts.0), sum(loans, row.amounts.1));
                last.recorded_at = last.recorded_at.max(row.recorded_at);
                last.told += 1;
            }
            _ => self.rows.push(row),
        }
    }

    fn into_table(mut self) -> Result<Table, StoreError> {
        self.rows.retain(Month::is_known);
        let text = |of: fn(&Month) -> &String| self.rows.iter().map(move |it| Some(of(it).clone()));
        let columns = vec![
            Column::text("unit_kind", text(|it| &it.unit_kind)),
            Column::text("unit_id", text(|it| &it.counted_as)),
            Column::int("month", self.rows.iter().map(|it| Some(it.number))),
            Column::text("register", text(|it| &it.register)),
            Column::instant("recorded_at", self.rows.iter().map(|it| Some(it.recorded_at))),
            Column::int("assistance_grant", self.rows.iter().map(|it| it.amounts.0)),
            Column::int("assistance_loan", self.rows.iter().map(|it| it.amounts.1)),
        ];
        table("monthly", columns)
    }
}

/// Every version known at a cut, as the panel reads them.
pub(super) fn months(ring: &mut Ring<'_>, cut_us: i64) -> Result<Table, StoreError> {
    months_of(ring, (linked::MONTHLY, cut_us))
}

/// The current version of each month, from every register and from the roster.
pub(super) fn months_current(ring: &mut Ring<'_>, cut_us: i64) -> Result<Table, StoreError> {
    let sql = "SELECT unit_kind, unit_id, month, register, recorded_at, unit_id, family_id, sealed, \
               NULL FROM monthly AS version WHERE recorded_at = (SELECT MAX(recorded_at) \
               FROM monthly WHERE unit_kind = version.unit_kind AND unit_id = version.unit_id \
               AND month = version.month AND register = version.register AND recorded_at <= :cut) \
               ORDER BY unit_kind, unit_id, month, register";
    months_of(ring, (sql, cut_us))
}

fn months_of(ring: &mut Ring<'_>, query: (&str, i64)) -> Result<Table, StoreError> {
    let mut found = Months::default();
    each(ring, query, |ring, row| {
        let (number, register): (i64, String) = (row.get(2)?, row.get(3)?);
        let (recorded_at, unit_id): (i64, String) = (row.get(4)?, row.get(5)?);
        let (family_id, sealed): (String, Option<Vec<u8>>) = (row.get(6)?, row.get(7)?);
        let place = sealed::month(&unit_id, number, &register, recorded_at);
        let amounts = match sealed {
            Some(sealed) => ring.open(&family_id, (&place, &sealed), sealed::read_amounts)?,
            // A month without a row that is 0.
            None => NOTHING,
        };
        let (unit_kind, counted_as, of_unit) = (row.get(0)?, row.get(1)?, row.get(8)?);
        found.push(Month {
            unit_kind,
            counted_as,
            number,
            register,
            recorded_at,
            amounts,
            told: 1,
            of_unit,
        });
        Ok(())
    })?;
    found.into_table()
}

/// The current version of each fact.
pub(super) fn facts(ring: &mut Ring<'_>, cut_us: i64) -> Result<Table, StoreError> {
    let sql = "SELECT family_id, criterion, observed_on, recorded_at, sealed FROM facts AS version \
               WHERE recorded_at = (SELECT MAX(recorded_at) FROM facts \
               WHERE family_id = version.family_id AND criterion = version.criterion \
               AND observed_on = version.observed_on AND recorded_at <= :cut) \
               ORDER BY family_id, criterion, observed_on";
    let (mut families, mut criteria, mut dates) = (Vec::new(), Vec::new(), Vec::new());
    let (mut values, mut recorded) = (Vec::new(), Vec::new());
    each(ring, (sql, cut_us), |ring, row| {
        let (family_id, criterion): (String, String) = (row.get(0)?, row.get(1)?);
        let (observed_on, recorded_at): (i32, i64) = (row.get(2)?, row.get(3)?);
        let sealed: Vec<u8> = row.get(4)?;
        let place = sealed::fact(&criterion, observed_on, recorded_at);
        values.push(Some(ring.open(&family_id, (&place, &sealed), sealed::text)?));
        families.push(Some(family_id));
        criteria.push(Some(criterion));
        dates.push(Some(observed_on));
        recorded.push(Some(recorded_at));
        Ok(())
    })?;
    let columns = vec![
        Column::text("family_id", families),
        Column::text("criterion", criteria),
        Column::date("observed_on", dates),
        Column::text("value", values),
        Column::instant("recorded_at", recorded),
    ];
    table("facts", columns)
}

/// Variable, value and the register's own codes, as they are sealed.
type Contacts = BTreeMap<String, (String, String)>;

/// What registers say of members at last contact in a year: the current version, one row a variable.
pub(super) fn last_contact(ring: &mut Ring<'_>, cut_us: i64) -> Result<Table, StoreError> {
    let (mut members, mut years, mut registers) = (Vec::new(), Vec::new(), Vec::new());
    let (mut variables, mut values) = (Vec::new(), Vec::new());
    each(ring, (linked::LAST_CONTACT, cut_us), |ring, row| {
        let (counted_as, member_id): (String, String) = (row.get(0)?, row.get(1)?);
        let (year, register): (i64, String) = (row.get(2)?, row.get(3)?);
        let (recorded_at, family_id): (i64, String) = (row.get(4)?, row.get(5)?);
        let sealed: Vec<u8> = row.get(6)?;
        let place = sealed::contact((&member_id, year, &register), recorded_at);
        let read = |plain: &[u8]| serde_json::from_slice::<Contacts>(plain).ok();
        for (variable, (value, _)) in ring.open(&family_id, (&place, &sealed), read)? {
            members.push(Some(counted_as.clone()));
            years.push(Some(year));
            registers.push(Some(register.clone()));
            variables.push(Some(variable));
            values.push(Some(value));
        }
        Ok(())
    })?;
    let columns = vec![
        Column::text("member_id", members),
        Column::int("year", years),
        Column::text("register", registers),
        Column::text("variable", variables),
        Column::text("value", values),
    ];
    table("last_contact", columns)
}
