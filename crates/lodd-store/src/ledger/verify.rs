//! Whether the ledger still says what was recorded.

use super::{Entry, NO_PREVIOUS, commitment};

/// What is wrong at one place of a pilot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFault {
    /// The entry's number; the last entry's, or 0, where it is about none.
    pub seq: i64,
    /// What is wrong there.
    pub what: Fault,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

/// What can be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// Entries before it are missing.
    Gap,
    /// It is not later than the entry before.
    Order,
    /// Its `previous_hash` is not the hash of the entry before.
    Chain,
    /// Its hash is not that of its other columns.
    Hash,
    /// Its commitment is not that of its payload.
    Payload,
    /// It has a payload but no entry, or an entry but no payload.
    Unmatched,
    /// Rows of a table point to an entry that is not there.
    Rows,
    /// The hash of its list of commitments is not that in its payload.
    List,
    /// The rows it recorded in a table, about a family or about none, are not those committed to:
    /// how many they are, and the commitment.
    Table {
        /// The table.
        table: String,
        /// The family; `None` for rows about none.
        family_id: Option<String>,
    },
    /// A family's key is not there without an erasure, there after one, or not the one it was.
    Key {
        /// The family.
        family_id: String,
    },
    /// The database can't be read as one, or its own check finds something.
    Storage,
    /// A table, index, trigger or setting of the database is not as this program makes it.
    Schema {
        /// Such as `trigger ledger_no_update`.
        name: String,
    },
    /// A file beside the store is not as it was when it was recorded.
    File {
        /// Its path below the pilot's folder, with `/` between its parts.
        path: String,
    },
    /// A receipt is not of this ledger.
    Receipt {
        /// Which of its fields.
        field: &'static str,
    },
}

impl LedgerFault {
    /// The file it is in, below the pilot's folder.
    pub fn file(&self) -> &str {
        match &self.what {
            Fault::File { path } => path,
            _ => "pilot.sqlite",
        }
    }

    /// The place in the file: `ledger, 3`, `snapshots, ledger, 3, RIN-AAA`; empty for the whole.
    pub fn field(&self) -> String {
        let entry = format!("ledger, {}", self.seq);
        match &self.what {
            Fault::Table { table, family_id: Some(family) } => {
                format!("{table}, {entry}, {family}")
            }
            Fault::Table { table, family_id: None } => format!("{table}, {entry}"),
            Fault::Key { family_id } => format!("family_keys, {family_id}"),
            Fault::Storage | Fault::File { .. } => String::new(),
            Fault::Schema { name } => name.clone(),
            Fault::Receipt { field } => format!("{entry}, {field}"),
            _ => entry,
        }
    }
}

impl std::fmt::Display for LedgerFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { what, expected, found, .. } = self;
        let what = match what {
            Fault::Gap => "the number",
            Fault::Order => "the time",
            Fault::Chain => "the hash of the entry before",
            Fault::Hash => "the hash",
            Fault::Payload => "the commitment to the payload",
            Fault::Unmatched => "the payload",
            Fault::Rows => "the entry of stored rows",
            Fault::List => "the list of commitments",
            Fault::Table { .. } => "the rows",
            Fault::Key { .. } => "the key",
            Fault::Storage => "the database",
            Fault::Schema { .. } => "the schema",
            Fault::File { .. } => "the file",
            Fault::Receipt { .. } => "the receipt",
        };
        write!(f, "{} ({}): {what} must be {expected}, found {found}", self.file(), self.field())
    }
}

/// Checks entries in ascending order of `seq`: numbers without a gap, times ascending, each hash,
/// the chain, and each payload against its commitment.
pub(crate) fn verify(entries: &[Entry], key: &[u8; 32]) -> Vec<LedgerFault> {
    let mut faults = Vec::new();
    let mut previous: Option<&Entry> = None;
    for entry in entries {
        let fault = |what, expected: String, found: String| LedgerFault {
            seq: entry.seq,
            what,
            expected,
            found,
        };
        let next = previous.map_or(1, |it| it.seq + 1);
        if entry.seq != next {
            faults.push(fault(Fault::Gap, next.to_string(), entry.seq.to_string()));
        }
        if let Some(before) = previous.filter(|it| it.at_us >= entry.at_us) {
            let expected = format!("after {} µs", before.at_us);
            faults.push(fault(Fault::Order, expected, format!("{} µs", entry.at_us)));
        }
        let chained = previous.map_or(NO_PREVIOUS, |it| &it.hash);
        if entry.previous_hash != chained {
            faults.push(fault(Fault::Chain, chained.to_owned(), entry.previous_hash.clone()));
        }
        let hash = entry.computed_hash();
        if entry.hash != hash {
            faults.push(fault(Fault::Hash, hash, entry.hash.clone()));
        }
        match &entry.payload {
            None => faults.push(fault(Fault::Unmatched, "there".into(), "none".into())),
            Some(payload) => {
                let bound = commitment(key, payload);
                if entry.commitment != bound {
                    faults.push(fault(Fault::Payload, bound, entry.commitment.clone()));
                }
            }
        }
        previous = Some(entry);
    }
    faults
}
