//! The receipt for a delivered file: JSON for programs, a page for people.

use lodd_report::{ReportError, render_receipt};
use lodd_store::{
    checksums::Checksums,
    files,
    pilot::{self, RECEIPTS},
};
use serde_json::{Value, json};

use super::super::Context;
use crate::{
    clock::oslo_text,
    problem::{Failure, Place, Problem, Severity},
    protocol::{Office, Protocol},
    text::{Lang, say},
};

/// Where receipts go, below the pilot's `out/`.
const FOLDER: &str = RECEIPTS;

/// A receipt, with the office's id beside what the page shows.
pub(super) struct Receipt {
    office_id: String,
    page: lodd_report::Receipt,
}

/// The receipt for what was stored.
pub(super) fn receipt(
    protocol: &Protocol,
    office: &Office,
    (stored, file_sha256): (&pilot::Receipt, &str),
    scripted_clock: bool,
) -> Result<Receipt, Failure> {
    let pilot::Receipt { delivered, new, unchanged, corrected, held, resolved, .. } = *stored;
    let counts = [delivered, new, unchanged, corrected, held, resolved];
    Ok(Receipt {
        office_id: office.id.clone(),
        page: lodd_report::Receipt {
            program: concat!("lodd ", env!("CARGO_PKG_VERSION")).to_owned(),
            pilot: protocol.label.clone(),
            office: office.name.clone(),
            sequence: stored.seq,
            recorded_at: oslo_text(stored.recorded_at_us)?,
            file_sha256: file_sha256.to_owned(),
            hash: stored.hash.clone(),
            ledger_head: stored.ledger_head.clone(),
            counts: counts.map(|n| u64::try_from(n).unwrap_or(0)),
            scripted_clock,
        },
    })
}

impl Receipt {
    /// The page for people.
    pub(super) fn page(&self, lang: Lang) -> Result<String, ReportError> {
        render_receipt(&self.page, lang.of_report())
    }

    /// The JSON file, as seen from the pilot's folder.
    pub(super) fn file(&self) -> String {
        format!("out/{FOLDER}/{:06}.json", self.page.sequence)
    }

    /// The JSON file's content; `already` only in an answer, which may be of a second delivery.
    pub(super) fn to_json(&self, already: Option<bool>) -> Value {
        let it = &self.page;
        let [delivered, new, unchanged, corrected, held, resolved] = it.counts;
        let mut json = json!({
            "pilot": it.pilot,
            "office": self.office_id,
            "upload": it.sequence,
            "sequence": it.sequence,
            "hash": it.hash,
            "ledger_head": it.ledger_head,
            "recorded_at": it.recorded_at,
            "file_sha256": it.file_sha256,
            "counts": {
                "delivered": delivered,
                "new": new,
                "unchanged": unchanged,
                "corrected": corrected,
                "held": held,
                "resolved": resolved,
            },
        });
        if let (Some(already), Some(keys)) = (already, json.as_object_mut()) {
            keys.insert("already".to_owned(), already.into());
        }
        json
    }
}

/// Writes the receipt. The upload stands whether or not this can be done: the same file again
/// gives the same receipt.
///
/// # Errors
///
/// The warning to show, if the disk refuses.
pub(super) fn write(context: &Context, receipt: &Receipt) -> Result<(), Box<Problem>> {
    let failed = |why: String| {
        let message = say!(
            "filen er lagret, men kvitteringen kunne ikke skrives: {why}",
            nn "fila er lagra, men kvitteringa kunne ikkje skrivast: {why}",
            "the file is stored, but the receipt could not be written: {why}"
        );
        let fix = say!(
            "lever den samme filen en gang til, så skrives kvitteringen",
            nn "lever den same fila éin gong til, så blir kvitteringa skriven",
            "deliver the same file again: the receipt is written then"
        );
        let severity = Severity::Warning;
        Box::new(Problem { severity, ..Problem::new(Place::default(), message).fix(fix) })
    };
    let page = receipt.page(context.lang).map_err(|error| failed(error.to_string()))?;
    let json = format!("{:#}\n", receipt.to_json(None));
    let folder = context.out(FOLDER);
    files::create_dir(&folder).map_err(|error| failed(error.to_string()))?;
    let name = |ending: &str| format!("{:06}.{ending}", receipt.page.sequence);
    let mut sums = Checksums::default();
    for (ending, text) in [("json", &json), ("html", &page)] {
        sums.set(&name(ending), text.as_bytes());
    }
    // A list of their own: many may deliver at once.
    let files = [("json", json), ("html", page), ("sha256", sums.text())];
    let files = files.map(|(ending, text)| (name(ending), text));
    files::write_together(&folder, &files).map_err(|error| failed(error.to_string()))
}
