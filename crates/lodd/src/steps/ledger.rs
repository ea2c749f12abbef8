//! `lodd ledger verify` and `lodd ledger receipt`: whether everything is still what was recorded.

mod draws;
mod faults;
mod receipt;

use std::path::{Path, PathBuf};

use lodd_store::{
    Pilot,
    ledger::LedgerFault,
    pilot::{Audit, opening_fault},
};
use serde_json::{Value, json};

use super::{Context, read_file, words};
use crate::{
    answer::Answer,
    problem::Failure,
    text::{Text, count, say},
};

/// Verifies the whole pilot folder, each of its draws by drawing it again, and receipts against it.
///
/// # Errors
///
/// Refused with everything that is not as it was recorded.
pub(crate) fn verify(context: &Context, receipts: &[PathBuf]) -> Result<Answer, Failure> {
    let pilot = match Pilot::open_with(&context.dir, &context.keys) {
        Ok(pilot) => pilot,
        Err(error) => {
            let fault = opening_fault(&context.dir, &error).ok_or_else(|| words::store(&error))?;
            let audit = Audit { faults: vec![fault], ..Audit::default() };
            return Err(refused(&audit, Vec::new(), 0));
        }
    };
    let mut audit = pilot.audit().map_err(|error| words::store(&error))?;
    for file in receipts {
        audit.faults.extend(receipt::check(&pilot, file)?);
    }
    let of_draws = draws::faults(context, &pilot)?;
    if !audit.faults.is_empty() || !of_draws.is_empty() {
        return Err(refused(&audit, of_draws, receipts.len()));
    }
    let mut lines = vec![headline(&audit)];
    lines.extend(said(&audit, receipts.len()));
    Ok(Answer::new(Text::lines(lines), json(&audit, &[], receipts.len())))
}

/// Checks one receipt, and the chain it stands in.
///
/// # Errors
///
/// Refused when it is not of this ledger, or the chain is broken.
pub(crate) fn receipt(context: &Context, file: &Path) -> Result<Answer, Failure> {
    receipt::run(context, file, &read_file(file)?)
}

/// Checks a receipt that was sent; `name` is only named in messages.
///
/// # Errors
///
/// As [`receipt`].
pub(crate) fn sent_receipt(context: &Context, name: &str, bytes: &[u8]) -> Result<Answer, Failure> {
    receipt::run(context, Path::new(name), bytes)
}

fn headline(audit: &Audit) -> Text {
    let (n, head) = (count(audit.entries), &audit.head);
    say!(
        "Journalen stemmer: {n} innslag, siste hash {head}",
        nn "Journalen stemmer: {n} innslag, siste hash {head}",
        "The ledger verifies: {n} entries, last hash {head}"
    )
}

/// What a reader must know beside the verdict.
fn said(audit: &Audit, receipts: usize) -> Vec<Text> {
    let mut lines = Vec::new();
    if receipts > 0 {
        let n = count(receipts);
        lines.push(say!("  {n} kvitteringer er med i den", nn "  {n} kvitteringar er med i han", "  {n} receipts are in it",));
    }
    if audit.scripted > 0 {
        let some = count(audit.scripted);
        lines.push(say!(
            "  {some} av dem med skriptet klokke (demonstrasjon eller øvelse)",
            nn "  {some} av dei med skripta klokke (demonstrasjon eller øving)",
            "  {some} of them by a scripted clock (demonstration or rehearsal)"
        ));
    }
    if let Some(seq) = audit.bound_by {
        lines.push(say!(
            "  Rader fra før innslag {seq} er bundet slik de sto da: formatet før bandt dem ikke",
            nn "  Rader frå før innslag {seq} er bundne slik dei stod då: formatet før batt dei ikkje",
            "  Rows from before entry {seq} are bound as they stood then: the format before bound none"
        ));
    }
    if !audit.erased.is_empty() {
        let n = count(audit.erased.len());
        lines.push(say!(
            "  Slettede familier: {n}. Forpliktelsene til dem står; hva de gjaldt, kan ingen se",
            nn "  Sletta familiar: {n}. Pliktene til dei står; kva dei galdt, kan ingen sjå",
            "  Erased families: {n}. The commitments to them stand; nobody can tell to what"
        ));
    }
    if !audit.unchecked.is_empty() {
        let n = count(audit.unchecked.len());
        lines.push(say!(
            "  Ikke kontrollert: rader om {n} familier, for kontorets nøkkel er ikke her",
            nn "  Ikkje kontrollert: rader om {n} familiar, for nøkkelen til kontoret er ikkje her",
            "  Not checked: rows about {n} families, since their office's key is not here"
        ));
    }
    if !audit.unknown_files.is_empty() {
        let list = audit.unknown_files.join(", ");
        lines.push(say!("  Ikke skrevet av lodd: {list}", nn "  Ikkje skrive av lodd: {list}", "  Not written by lodd: {list}"));
    }
    lines
}

/// A copy that does not verify: the pilot itself does not.
pub(super) fn not_verified(faults: &[LedgerFault]) -> Failure {
    let audit = Audit { faults: faults.to_vec(), ..Audit::default() };
    refused(&audit, Vec::new(), 0)
}

fn refused(audit: &Audit, of_draws: Vec<draws::Fault>, receipts: usize) -> Failure {
    let n = audit.faults.len() + of_draws.len();
    let json = json(audit, &of_draws, receipts);
    let of_draws = of_draws.into_iter().map(|it| it.problem);
    Failure::Refused {
        summary: say!(
            "journalen stemmer ikke: {n} funn",
            nn "journalen stemmer ikkje: {n} funn",
            "the ledger does not verify: {n} findings"
        ),
        problems: audit.faults.iter().map(faults::problem).chain(of_draws).collect(),
        json: Some(Box::new(json)),
    }
}

fn json(audit: &Audit, of_draws: &[draws::Fault], receipts: usize) -> Value {
    let findings = audit.faults.iter().map(finding);
    let findings = findings.chain(of_draws.iter().map(|it| it.json.clone()));
    json!({
        "ok": audit.faults.is_empty() && of_draws.is_empty(),
        "entries": audit.entries,
        "scripted": audit.scripted,
        "head": audit.head,
        "receipts": receipts,
        "bound_by": audit.bound_by,
        "erased": audit.erased,
        "unchecked": audit.unchecked,
        "unknown_files": audit.unknown_files,
        "findings": findings.collect::<Vec<_>>(),
    })
}

fn finding(fault: &LedgerFault) -> Value {
    json!({
        "file": fault.file(),
        "field": fault.field(),
        "expected": fault.expected,
        "found": fault.found,
    })
}
