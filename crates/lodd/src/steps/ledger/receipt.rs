//! An office's receipt, as `lodd upload` wrote it.

use std::path::Path;

use jiff::Timestamp;
use lodd_store::{Pilot, ledger::LedgerFault, pilot::Claim};
use serde_json::{Value, json};

use super::{
    super::{Context, file_name, read_file, words},
    faults,
};
use crate::{
    answer::Answer,
    clock::oslo_text,
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

/// A receipt is smaller than this.
const BYTES_MAX: usize = 64 * 1024;

/// The counts of a receipt, as in its entry.
const COUNTS: [&str; 5] = ["delivered", "new", "unchanged", "corrected", "held"];

/// Checks a receipt, and the chain from its entry to the last.
pub(super) fn run(context: &Context, file: &Path, bytes: &[u8]) -> Result<Answer, Failure> {
    let claim = read(file, bytes)?;
    let pilot = context.pilot()?;
    let mut found = pilot.verify_chain().map_err(|error| words::store(&error))?;
    found.extend(pilot.check_receipt(&claim).map_err(|error| words::store(&error))?);
    let entries = pilot.head().map_err(|error| words::store(&error))?.map_or(0, |it| it.seq);
    let json = json!({
        "ok": found.is_empty(),
        "sequence": claim.sequence,
        "hash": claim.hash,
        "entries": entries,
        "findings": found.iter().map(super::finding).collect::<Vec<_>>(),
    });
    let (name, seq) = (file_name(file), claim.sequence);
    if !found.is_empty() {
        return Err(Failure::Refused {
            summary: say!(
                "kvitteringen `{name}` stemmer ikke med journalen",
                nn "kvitteringa `{name}` stemmer ikkje med journalen",
                "the receipt `{name}` does not fit the ledger"
            ),
            problems: found.iter().map(faults::problem).collect(),
            json: Some(Box::new(json)),
        });
    }
    let (at, office, after) = (oslo_text(claim.recorded_at_us)?, &claim.office_id, entries - seq);
    let text = Text::lines([
        say!(
            "Kvitteringen stemmer: innslag {seq} fra {office}, ført {at}.",
            nn "Kvitteringa stemmer: innslag {seq} frå {office}, ført {at}.",
            "The receipt fits: entry {seq} of {office}, recorded {at}."
        ),
        say!(
            "  Journalen har {after} innslag etter det, og ingen er borte eller byttet ut.",
            nn "  Journalen har {after} innslag etter det, og ingen er borte eller bytt ut.",
            "  The ledger has {after} entries after it, and none is gone or another."
        ),
    ]);
    Ok(Answer::new(text, json))
}

/// What a receipt finds.
pub(super) fn check(pilot: &Pilot, file: &Path) -> Result<Vec<LedgerFault>, Failure> {
    pilot.check_receipt(&read(file, &read_file(file)?)?).map_err(|error| words::store(&error))
}

/// Reads a receipt; `file` is only named in messages.
///
/// # Errors
///
/// Refused when it is none, naming the field.
fn read(file: &Path, bytes: &[u8]) -> Result<Claim, Failure> {
    let receipt: Value = match serde_json::from_slice(bytes) {
        Ok(receipt) if bytes.len() <= BYTES_MAX => receipt,
        _ => return Err(no_receipt(file, None)),
    };
    let text = |key: &'static str| match receipt.get(key).and_then(Value::as_str) {
        Some(text) => Ok(text.to_owned()),
        None => Err(no_receipt(file, Some(key))),
    };
    let number = |of: Option<&Value>, key: &'static str| {
        of.and_then(|it| it.get(key)?.as_i64()).ok_or_else(|| no_receipt(file, Some(key)))
    };
    let at: Timestamp =
        text("recorded_at")?.parse().map_err(|_| no_receipt(file, Some("recorded_at")))?;
    let mut counts = Vec::new();
    for key in COUNTS {
        counts.push((key, number(receipt.get("counts"), key)?));
    }
    Ok(Claim {
        sequence: number(Some(&receipt), "sequence")?,
        hash: text("hash")?,
        ledger_head: text("ledger_head")?,
        recorded_at_us: at.as_microsecond(),
        office_id: text("office")?,
        file_sha256: text("file_sha256")?,
        counts,
    })
}

fn no_receipt(file: &Path, field: Option<&str>) -> Failure {
    let name = file_name(file);
    let place = Place { field: field.map(str::to_owned), ..Place::file(file) };
    let message = match field {
        Some(field) => {
            say!(
                "`{field}` mangler eller er ugyldig",
                nn "`{field}` manglar eller er ugyldig",
                "`{field}` is missing or invalid"
            )
        }
        None => Text::new("må være et JSON-objekt", "must be a JSON object")
            .nn("må vere eit JSON-objekt"),
    };
    Failure::refused(
        say!(
            "`{name}` er ingen kvittering",
            nn "`{name}` er inga kvittering",
            "`{name}` is no receipt"
        ),
        vec![Problem::new(place, message).fix(say!(
            "kvitteringen er filen som `lodd upload` ga kontoret",
            nn "kvitteringa er fila som `lodd upload` gav kontoret",
            "the receipt is the file that `lodd upload` gave the office"
        ))],
    )
}
