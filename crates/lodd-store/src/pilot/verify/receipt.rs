//! What a receipt claims, against the ledger.

use serde_json::Value;

use super::entries;
use crate::{
    StoreError,
    ledger::{Entry, Fault, LedgerFault},
    pilot::Pilot,
};

const SECOND_US: i64 = 1_000_000;

/// What an office's receipt says. A receipt that is older than the ledger's end finds entries that
/// were taken away, and a ledger that was written anew or rolled back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claim {
    /// The number of its entry.
    pub sequence: i64,
    /// The hash of its entry.
    pub hash: String,
    /// The hash of the ledger's last entry when it was given.
    pub ledger_head: String,
    /// When it was recorded, µs since the epoch.
    pub recorded_at_us: i64,
    /// The office that delivered.
    pub office_id: String,
    /// SHA-256 of the file that was delivered, hexadecimal.
    pub file_sha256: String,
    /// Names and counts: `delivered`, `new`, `unchanged`, `corrected`, `held`.
    pub counts: Vec<(&'static str, i64)>,
}

impl Pilot {
    /// Checks a receipt against the ledger; the ledger's own hashes are [`Pilot::audit`]'s.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn check_receipt(&self, claim: &Claim) -> Result<Vec<LedgerFault>, StoreError> {
        let entries = entries(&self.connection)?;
        let fault = |field, expected: String, found: String| LedgerFault {
            seq: claim.sequence,
            what: Fault::Receipt { field },
            expected,
            found,
        };
        let mut faults = Vec::new();
        let at = entries.iter().find(|it| it.seq == claim.sequence);
        match at {
            None => {
                let last = entries.last().map_or(0, |it| it.seq);
                faults.push(fault("sequence", claim.sequence.to_string(), last.to_string()));
            }
            Some(entry) => {
                let same = claims(claim, entry);
                let other = same.into_iter().filter(|(_, expected, found)| expected != found);
                faults.extend(other.map(|(field, expected, found)| fault(field, expected, found)));
            }
        }
        // The head was the receipt's own entry or a later one.
        let mut after = entries.iter().filter(|it| it.seq >= claim.sequence);
        if !after.any(|it| it.hash == claim.ledger_head) {
            faults.push(fault("ledger_head", claim.ledger_head.clone(), "none".to_owned()));
        }
        Ok(faults)
    }
}

/// Each field as the receipt has it, and as the entry has it.
fn claims(claim: &Claim, entry: &Entry) -> Vec<(&'static str, String, String)> {
    let payload = entry.payload.as_deref().unwrap_or_default();
    let payload: Value = serde_json::from_str(payload).unwrap_or_default();
    let of = |key: &str| match payload.get(key) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "none".to_owned(),
    };
    // A receipt may tell the time to the second.
    let whole = claim.recorded_at_us.rem_euclid(SECOND_US) == 0;
    let below = if whole { entry.at_us.rem_euclid(SECOND_US) } else { 0 };
    let mut all = vec![
        ("hash", claim.hash.clone(), entry.hash.clone()),
        ("recorded_at", claim.recorded_at_us.to_string(), (entry.at_us - below).to_string()),
        ("event", "upload".to_owned(), entry.event.clone()),
        ("office", claim.office_id.clone(), of("office_id")),
        ("file_sha256", claim.file_sha256.clone(), of("file_sha256")),
    ];
    all.extend(claim.counts.iter().map(|(name, count)| (*name, count.to_string(), of(name))));
    all
}
