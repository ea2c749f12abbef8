//! Whether the ledger still says what was recorded.

use super::{Entry, NO_PREVIOUS, commitment};

/// What is wrong at one place of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerFault {
    /// The entry's number.
    pub seq: i64,
    /// What is wrong there.
    pub what: Fault,
    /// What should stand there.
    pub expected: String,
    /// What stands there.
    pub found: String,
}

/// What can be wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl std::fmt::Display for LedgerFault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { seq, what, expected, found } = self;
        let what = match what {
            Fault::Gap => "the number",
            Fault::Order => "the time",
            Fault::Chain => "the hash of the entry before",
            Fault::Hash => "the hash",
            Fault::Payload => "the commitment to the payload",
            Fault::Unmatched => "the payload",
            Fault::Rows => "the entry of stored rows",
        };
        write!(f, "ledger entry {seq}: {what} must be {expected}, found {found}")
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
