//! Every stored row against the commitments of its entry.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde_json::Value;

use super::Audit;
use crate::{
    StoreError,
    ledger::{Entry, Fault, LedgerFault, hex},
    pilot::{
        Pilot,
        bound::{BOUND, Bound, Group, Groups},
        commitments::{BIND, LIST, Line, commitment, list_hash},
        owners::{Family, Owners},
        write::Committing,
    },
};

/// The lists of commitments by entry.
type Lists = BTreeMap<i64, Vec<Line>>;

/// Checks each entry's list against its payload, and every row of every bound table against the
/// list of its entry: one pass a table.
pub(super) fn verify(
    pilot: &Pilot,
    connection: &Connection,
    entries: &[Entry],
    audit: &mut Audit,
) -> Result<Vec<LedgerFault>, StoreError> {
    let lists = lists(connection)?;
    let bind = entries.iter().rfind(|it| it.event == BIND);
    audit.bound_by = bind.map(|it| it.seq);
    let mut faults = Vec::new();
    for entry in entries {
        faults.extend(list_fault(entry, lists.get(&entry.seq), bind));
    }
    let times = entries.iter().map(|it| (it.at_us, it.seq)).collect();
    let from = bind.map_or((i64::MIN, i64::MIN), |it| (it.at_us, it.seq));
    let mut keys = Keys { pilot, connection, known: BTreeMap::new() };
    if !audit.key_fits {
        keys.known.insert(String::new(), Committing::NotAtHand);
    }
    let mut check = Check { lists: &lists, times, from, keys, owners: Owners::default() };
    for bound in BOUND {
        faults.extend(check.table(bound)?);
    }
    let last = entries.last().map_or(0, |it| it.seq);
    faults.extend(keys_told(check.keys, audit, last));
    Ok(faults)
}

fn lists(connection: &Connection) -> Result<Lists, StoreError> {
    let sql = "SELECT seq, family_id, of_table, rows, commitment FROM row_commitments \
               ORDER BY seq, family_id, of_table";
    let mut select = connection.prepare(sql)?;
    let mut rows = select.query([])?;
    let mut lists = Lists::new();
    while let Some(row) = rows.next()? {
        let line = Line {
            family_id: row.get(1)?,
            table: row.get(2)?,
            rows: row.get(3)?,
            commitment: row.get(4)?,
        };
        lists.entry(row.get(0)?).or_default().push(line);
    }
    Ok(lists)
}

/// An entry from before rows were bound has no list; every other has the one its payload says.
fn list_fault(
    entry: &Entry,
    list: Option<&Vec<Line>>,
    bind: Option<&Entry>,
) -> Option<LedgerFault> {
    let payload: Value = serde_json::from_str(entry.payload.as_deref()?).unwrap_or_default();
    let said = payload.get(LIST).and_then(Value::as_str);
    let before = bind.is_some_and(|bind| entry.seq < bind.seq);
    if said.is_none() && before && list.is_none() {
        return None;
    }
    let found = list_hash(entry.seq, list.map_or(&[][..], Vec::as_slice).iter());
    let expected = said.unwrap_or("none").to_owned();
    let fault = LedgerFault { seq: entry.seq, what: Fault::List, expected, found };
    (fault.expected != fault.found).then_some(fault)
}

/// The families' keys, each asked for once.
struct Keys<'a> {
    pilot: &'a Pilot,
    connection: &'a Connection,
    known: BTreeMap<String, Committing>,
}

impl Keys<'_> {
    fn of(&mut self, family_id: &str) -> Result<&Committing, StoreError> {
        if !self.known.contains_key(family_id) {
            let key = self.pilot.committing(self.connection, family_id)?;
            self.known.insert(family_id.to_owned(), key);
        }
        Ok(self.known.get(family_id).unwrap_or(&Committing::Erased))
    }
}

/// What is to be said of the keys: families that can't be checked, and keys that are not what they
/// were.
fn keys_told(keys: Keys<'_>, audit: &mut Audit, seq: i64) -> Vec<LedgerFault> {
    let mut faults: Vec<LedgerFault> = Vec::new();
    let expected = "the key as it was".to_owned();
    for (family_id, key) in keys.known {
        match key {
            Committing::Key(_) => {}
            Committing::Erased => audit.erased.push(family_id),
            // A key file that holds another is told with the files.
            Committing::NotAtHand if family_id.is_empty() => {}
            Committing::NotAtHand => audit.unchecked.push(family_id),
            Committing::Broken { found } => {
                let (what, expected) = (Fault::Key { family_id }, expected.clone());
                faults.push(LedgerFault { seq, what, expected, found });
            }
        }
    }
    faults
}

/// What a table is checked against.
struct Check<'a> {
    lists: &'a Lists,
    /// Numbers of entries by their time.
    times: BTreeMap<i64, i64>,
    /// Time and number of the entry under which everything before it is bound.
    from: (i64, i64),
    keys: Keys<'a>,
    owners: Owners,
}

impl Check<'_> {
    fn table(&mut self, bound: &Bound) -> Result<Vec<LedgerFault>, StoreError> {
        let (from, connection) = (self.from, self.keys.connection);
        let group = |at: i64| at.max(from.0);
        let groups = bound.groups(connection, &mut self.owners, None, group)?;
        let mut found = self.by_entry(groups);
        let replaced = bound.replaced.then(|| last(&found));
        let mut faults = Vec::new();
        for (seq, list) in self.lists.range(from.1..) {
            for line in list.iter().filter(|it| it.table == bound.table) {
                let group = found.remove(&(*seq, line.family_id.clone()));
                let last = replaced.as_ref().and_then(|it| it.get(&line.family_id));
                if group.is_none() && last.is_some_and(|last| last > seq) {
                    continue;
                }
                faults.extend(self.line(*seq, line, group.as_ref())?);
            }
        }
        for ((seq, family_id), group) in found {
            // What was bound anew left out those that were erased by then.
            if seq == from.1 && matches!(self.keys.of(&family_id)?, Committing::Erased) {
                continue;
            }
            let what = rows_of(bound.table, &family_id);
            let found = group.rows.to_string();
            faults.push(LedgerFault { seq, what, expected: "0".to_owned(), found });
        }
        Ok(faults)
    }

    /// Groups by the number of their entry, 0 where there is none, and the family's id.
    fn by_entry(&self, groups: Groups) -> BTreeMap<(i64, String), Group> {
        let entry = |at: Option<i64>| at.and_then(|at| self.times.get(&at)).copied().unwrap_or(0);
        let name = |family: Family| self.owners.name(family).to_owned();
        groups.into_iter().map(|((at, family), it)| ((entry(at), name(family)), it)).collect()
    }

    fn line(
        &mut self,
        seq: i64,
        line: &Line,
        group: Option<&Group>,
    ) -> Result<Option<LedgerFault>, StoreError> {
        let Committing::Key(key) = self.keys.of(&line.family_id)? else { return Ok(None) };
        let of = (seq, line.table.as_str(), line.family_id.as_str());
        let made = group.map(|it| (it.rows, commitment(key, of, it)));
        if made == Some((line.rows, line.commitment)) {
            return Ok(None);
        }
        let shown = |(rows, made): (i64, [u8; 32])| format!("{rows} ({})", hex(&made));
        let expected = shown((line.rows, line.commitment));
        let found = made.map_or_else(|| "0".to_owned(), shown);
        let what = rows_of(&line.table, &line.family_id);
        Ok(Some(LedgerFault { seq, what, expected, found }))
    }
}

/// The last entry with rows about each family: those of earlier ones may be gone.
fn last(found: &BTreeMap<(i64, String), Group>) -> BTreeMap<String, i64> {
    found.keys().map(|(seq, family_id)| (family_id.clone(), *seq)).collect()
}

fn rows_of(table: &str, family_id: &str) -> Fault {
    let family_id = (!family_id.is_empty()).then(|| family_id.to_owned());
    Fault::Table { table: table.to_owned(), family_id }
}
