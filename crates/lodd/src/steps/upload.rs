//! `lodd upload`: a file of statuses or monthly assistance from an office.

use std::{collections::BTreeSet, path::Path};

use jiff::Timestamp;
use lodd_intake::{Finding, catalogue, text::Phrase};
use lodd_store::{
    Pilot,
    pilot::{self, HeldAtom},
};
use serde_json::{Value, json};

use super::{Context, file_name, intake, known_office, words};
use crate::{
    answer::Answer,
    clock::oslo_date,
    hash::sha256_hex,
    problem::{Failure, Place, Problem, Severity},
    reading,
    text::{Lang, Text, count, say},
};

/// A correction of a version older than this needs a reason (data model, section 2).
const REASON_AFTER_US: i64 = 30 * 24 * 3_600 * 1_000_000;

/// How a file is delivered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Only say what would be stored.
    pub(crate) dry_run: bool,
    /// Store what is in order even when over a fifth is held.
    pub(crate) accept_good: bool,
}

/// What became of a file, by families and dates.
struct Counts {
    delivered: i64,
    new: i64,
    unchanged: i64,
    corrected: i64,
    held: i64,
    already: bool,
    /// When the file was first delivered, if it was stored.
    recorded_at_us: Option<i64>,
    receipt: Value,
}

/// Checks and stores a file.
///
/// # Errors
///
/// Refused when the whole file is wrong or more than a fifth would be held; nothing is written.
pub(crate) fn run(
    context: &Context,
    path: &Path,
    office: &str,
    manner: Manner,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    known_office(&protocol, office)?;
    let (name, bytes) = (file_name(path), reading::bytes(path)?);
    let mut expect = intake::expectations(context, &pilot, &protocol, Some(office))?;
    expect.accept_good = manner.accept_good;
    let book = reading::workbook(&name, &bytes)?;
    if let Ok(book) = &book {
        expect.history = intake::history(&pilot, &protocol, office, expect.today, book)?;
    }
    let judged = book
        .and_then(|book| lodd_intake::snapshots_in(book, &expect))
        .map_err(|findings| refused(&name, intake::problems(&findings), context.lang))?;
    let mut problems = intake::problems(&judged.findings);
    let mut upload = intake::upload(&judged, office, sha256_hex(&bytes))?;
    problems.extend(hold_unexplained(context, &mut pilot, &mut upload, &name)?);
    let counts = if manner.dry_run {
        preview(context, &mut pilot, &upload)?
    } else {
        store(context, &mut pilot, &upload)?
    };
    if counts.already {
        problems.insert(0, intake::problem(&delivered_before(&name, counts.recorded_at_us)));
    }
    Ok(answer(&counts, problems, manner.dry_run, context.lang))
}

fn refused(name: &str, problems: Vec<Problem>, lang: Lang) -> Failure {
    let findings: Vec<Value> = problems.iter().map(|it| it.to_json(lang)).collect();
    let json = json!({ "accepted": false, "new": 0, "unchanged": 0, "corrected": 0, "held": 0, "receipt": null, "findings": findings });
    Failure::Refused {
        summary: say!("`{name}` er ikke lagret", "`{name}` was not stored"),
        problems,
        json: Some(Box::new(json)),
    }
}

/// F08: the same bytes from the same office change nothing.
fn delivered_before(name: &str, recorded_at_us: Option<i64>) -> Finding {
    let at = recorded_at_us.and_then(|us| Timestamp::from_microsecond(us).ok());
    let date = at.and_then(|at| oslo_date(at).ok());
    let finding = Finding::new(&catalogue::F08, name);
    match date {
        Some(date) => finding.term("dato", Phrase::date(date)),
        None => finding,
    }
}

/// Holds what corrects an old version without a reason (K13).
fn hold_unexplained(
    context: &Context,
    pilot: &mut Pilot,
    upload: &mut pilot::Upload,
    name: &str,
) -> Result<Vec<Problem>, Failure> {
    let stamp = context.stamp();
    let preview = pilot.preview_upload(&stamp, upload).map_err(|error| words::store(&error))?;
    let old = |it: &&pilot::Correction| {
        it.reason_code.is_none() && it.replaced_at_us < stamp.at_us.saturating_sub(REASON_AFTER_US)
    };
    let unexplained: BTreeSet<(String, i32)> = preview
        .corrections
        .iter()
        .filter(old)
        .map(|it| (it.unit_id.clone(), it.status_date))
        .collect();
    let concerns = |atom: &pilot::Atom| {
        atom.snapshots
            .iter()
            .any(|it| unexplained.contains(&(it.unit_id.clone(), atom.status_date)))
    };
    let (held, kept): (Vec<_>, Vec<_>) = upload.atoms.drain(..).partition(concerns);
    upload.atoms = kept;
    let mut problems = Vec::new();
    for atom in held {
        let unit = atom.family_id.clone();
        problems.push(Problem {
            code: Some("K13".to_owned()),
            severity: Severity::Hold,
            place: Place {
                file: Some(name.to_owned()),
                unit: Some(unit.clone()),
                ..Place::default()
            },
            message: say!(
                "{unit}: retter noe som er levert for mer enn 30 dager siden, uten årsak.",
                "{unit}: corrects what was delivered more than 30 days ago, without a reason."
            ),
            fix: catalogue::find("K13").map(|it| Text::new(it.fix_nb, it.fix_en).nn(it.fix_nn)),
            ..Problem::default()
        });
        upload.held.push(HeldAtom {
            family_id: atom.family_id,
            status_date: Some(atom.status_date),
            codes: vec!["K13".to_owned()],
            rows: "[]".to_owned(),
        });
    }
    Ok(problems)
}

fn preview(
    context: &Context,
    pilot: &mut Pilot,
    upload: &pilot::Upload,
) -> Result<Counts, Failure> {
    let it =
        pilot.preview_upload(&context.stamp(), upload).map_err(|error| words::store(&error))?;
    Ok(Counts {
        delivered: it.delivered,
        new: it.new,
        unchanged: it.unchanged,
        corrected: it.corrected,
        held: it.held,
        already: it.already,
        recorded_at_us: None,
        receipt: Value::Null,
    })
}

fn store(context: &Context, pilot: &mut Pilot, upload: &pilot::Upload) -> Result<Counts, Failure> {
    let it = pilot.upload(&context.stamp(), upload).map_err(|error| words::store(&error))?;
    let receipt = json!({
        "upload": it.upload_id,
        "sequence": it.seq,
        "hash": it.hash,
        "ledger_head": it.ledger_head,
        "file_sha256": upload.file_sha256,
        "already": it.already,
    });
    Ok(Counts {
        delivered: it.delivered,
        new: it.new,
        unchanged: it.unchanged,
        corrected: it.corrected,
        held: it.held,
        already: it.already,
        recorded_at_us: Some(it.recorded_at_us),
        receipt,
    })
}

fn answer(counts: &Counts, problems: Vec<Problem>, dry_run: bool, lang: Lang) -> Answer {
    let n = |value: i64| count(value);
    let (delivered, new, unchanged) = (n(counts.delivered), n(counts.new), n(counts.unchanged));
    let (corrected, held) = (n(counts.corrected), n(counts.held));
    let mut lines = Vec::new();
    if counts.already {
        lines.push(Text::new(
            "Denne filen er levert før. Ingenting er endret; dette er den første kvitteringen:",
            "This file was delivered before. Nothing was changed; this is the first receipt:",
        ));
    } else if dry_run {
        lines.push(Text::new(
            "Ingenting er lagret (--dry-run). Slik ville det gått:",
            "Nothing was stored (--dry-run). It would be:",
        ));
    }
    lines.push(say!(
        "levert {delivered} · nye {new} · uendret {unchanged} · rettet {corrected} · på vent {held}",
        "delivered {delivered} · new {new} · unchanged {unchanged} · corrected {corrected} · held {held}"
    ));
    let receipt = |key: &str| counts.receipt.get(key);
    if let (Some(seq), Some(hash)) =
        (receipt("sequence").and_then(Value::as_i64), receipt("hash").and_then(Value::as_str))
    {
        lines.push(say!(
            "  kvittering: innslag {seq}, hash {hash}",
            "  receipt: entry {seq}, hash {hash}"
        ));
    }
    let json = json!({
        "accepted": true,
        "new": counts.new,
        "unchanged": counts.unchanged,
        "corrected": counts.corrected,
        "held": counts.held,
        "delivered": counts.delivered,
        "receipt": counts.receipt,
        "findings": problems.iter().map(|it| it.to_json(lang)).collect::<Vec<_>>(),
    });
    Answer { problems, ..Answer::new(Text::lines(lines), json) }
}
