//! `lodd upload`: a file of statuses or monthly assistance from an office.

mod correction;
mod corrections;
mod difference;
mod holds;
mod receipt;

use std::path::Path;

use jiff::Timestamp;
use lodd_intake::{Expectations, Finding, Held, Judged, catalogue, text::Phrase};
use lodd_store::{
    Pilot,
    pilot::{self, UploadPreview},
};
use serde_json::{Value, json};

use super::{Context, file_name, intake, known_office, words};
use crate::{
    answer::Answer,
    clock::{Clock, oslo_date},
    hash::sha256_hex,
    problem::{Failure, Problem},
    protocol::Protocol,
    reading,
    text::{Lang, Text, count, say},
};

/// How a file is delivered.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Manner {
    /// Only say what would be stored.
    pub(crate) dry_run: bool,
    /// Store what is in order even when over a fifth is held.
    pub(crate) accept_good: bool,
    /// The file is meant to change much of what is stored.
    pub(crate) correction: bool,
}

/// A file on its way into the store.
struct Delivery {
    name: String,
    judged: Judged,
    upload: pilot::Upload,
    problems: Vec<Problem>,
}

/// What came of a delivery, and what it was checked against.
pub(crate) struct Done {
    pub(crate) answer: Answer,
    /// What is held of it.
    pub(crate) held: Vec<Held>,
    already: bool,
    protocol: Protocol,
    expect: Expectations,
}

impl Done {
    /// The file to mend, xlsx, where something is held.
    ///
    /// # Errors
    ///
    /// The warning to show.
    pub(crate) fn correction(&self, context: &Context) -> Result<Option<Vec<u8>>, Box<Problem>> {
        if self.held.is_empty() {
            return Ok(None);
        }
        correction::bytes(context, (&self.protocol, &self.expect), &self.held).map(Some)
    }
}

/// Checks and stores a file, and writes the file to mend beside it.
///
/// # Errors
///
/// Those of [`deliver`], and if the file can't be read.
pub(crate) fn run(
    context: &Context,
    path: &Path,
    office: &str,
    manner: Manner,
) -> Result<Answer, Failure> {
    let mut done = deliver(context, (&file_name(path), || reading::bytes(path)), office, manner)?;
    if !manner.dry_run {
        let known = (&done.protocol, &done.expect);
        correction::add(&mut done.answer, context, known, (path, done.already), &done.held);
    }
    Ok(done.answer)
}

/// Checks and stores a file that is called `name`; `read` gives its bytes.
///
/// # Errors
///
/// Refused when the whole file is wrong, more than a fifth would be held, or a fifth of what is
/// stored would be changed unannounced; nothing is written.
pub(crate) fn deliver<B: AsRef<[u8]>>(
    context: &Context,
    (name, read): (&str, impl FnOnce() -> Result<B, Failure>),
    office: &str,
    manner: Manner,
) -> Result<Done, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let office = known_office(&protocol, office)?;
    let (name, bytes) = (name.to_owned(), read()?);
    let mut expect = intake::expectations(context, &pilot, &protocol, Some(&office.id))?;
    expect.accept_good = manner.accept_good;
    let bytes = bytes.as_ref();
    let book = reading::workbook(&name, bytes)?;
    if let Ok(book) = &book {
        expect.history = intake::history(&pilot, &protocol, &office.id, expect.today, book)?;
    }
    let judged =
        book.and_then(|book| lodd_intake::snapshots_in(book, &expect)).map_err(|findings| {
            refused(&lodd_intake::shown_name(&name), intake::problems(&findings), context.lang)
        })?;
    let upload = intake::upload(&judged, &office.id, sha256_hex(bytes))?;
    let problems = intake::problems(&judged.findings);
    let mut delivery = Delivery { name, judged, upload, problems };
    let preview = prepare(context, &mut pilot, &mut delivery)?;
    if manner.dry_run {
        let events = corrections::event_lines(&preview, &delivery.judged.events);
        let answer = previewed(&preview, &events, delivery.problems, context.lang);
        let (held, already) = (delivery.judged.held, preview.already);
        return Ok(Done { answer, held, already, protocol, expect });
    }
    if !manner.correction && !preview.already {
        corrections::refuse_many(&preview, &delivery.name)?;
    }
    let stored = pilot.upload(&context.stamp(), &delivery.upload);
    let stored = stored.map_err(|error| words::store(&error))?;
    let mut problems = delivery.problems;
    if stored.already {
        problems.insert(0, intake::problem(&delivered_before(&delivery.name, &stored)));
    }
    let scripted = matches!(context.clock, Clock::Scripted(_));
    let file = delivery.upload.file_sha256.as_str();
    let receipt = receipt::receipt(&protocol, office, (&stored, file), scripted)?;
    problems.extend(receipt::write(context, &receipt).err().map(|it| *it));
    let answer = answer(&stored, &receipt, problems, context.lang);
    let (held, already) = (delivery.judged.held, stored.already);
    Ok(Done { answer, held, already, protocol, expect })
}

/// The receipt of an earlier delivery, as a page; nothing where it is not this office's.
///
/// # Errors
///
/// If the pilot can't be read.
pub(crate) fn receipt_page(
    context: &Context,
    office: &str,
    sequence: i64,
) -> Result<Option<String>, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let office = known_office(&protocol, office)?;
    let all = pilot.deliveries(&office.id).map_err(|error| words::store(&error))?;
    let Some(found) = all.into_iter().find(|it| it.receipt.seq == sequence) else {
        return Ok(None);
    };
    let stored = (&found.receipt, found.file_sha256.as_str());
    let receipt = receipt::receipt(&protocol, office, stored, found.scripted_clock)?;
    let page = receipt.page(context.lang).map_err(|error| Failure::internal("receipt", error))?;
    Ok(Some(page))
}

fn refused(name: &str, problems: Vec<Problem>, lang: Lang) -> Failure {
    let findings: Vec<Value> = problems.iter().map(|it| it.to_json(lang)).collect();
    let json = json!({ "accepted": false, "new": 0, "unchanged": 0, "corrected": 0, "held": 0, "receipt": null, "findings": findings });
    Failure::Refused {
        summary: say!(
            "`{name}` er ikke lagret",
            nn "`{name}` er ikkje lagra",
            "`{name}` was not stored"
        ),
        problems,
        json: Some(Box::new(json)),
    }
}

/// Holds the corrections that must say why, names the holds that the delivery resolves, and says
/// what it would do.
fn prepare(
    context: &Context,
    pilot: &mut Pilot,
    delivery: &mut Delivery,
) -> Result<UploadPreview, Failure> {
    let stamp = context.stamp();
    let released = pilot.released_cuts().map_err(|error| words::store(&error))?;
    let open = pilot.open_holds(&delivery.upload.office_id);
    let open = open.map_err(|error| words::store(&error))?;
    let preview = pilot.preview_upload(&stamp, &delivery.upload);
    let preview = preview.map_err(|error| words::store(&error))?;
    let published = corrections::Published { cuts: &released, now_us: stamp.at_us };
    let found = corrections::judge(&preview, &published, delivery);
    delivery.problems.extend(intake::problems(&found));
    let sha256 = delivery.upload.file_sha256.clone();
    let mut upload = intake::upload(&delivery.judged, &delivery.upload.office_id, sha256)?;
    upload.resolves = holds::resolved_by(&open, &delivery.judged);
    if upload == delivery.upload {
        return Ok(preview);
    }
    delivery.upload = upload;
    pilot.preview_upload(&stamp, &delivery.upload).map_err(|error| words::store(&error))
}

/// F08: the same bytes from the same office change nothing.
fn delivered_before(name: &str, stored: &pilot::Receipt) -> Finding {
    let at = Timestamp::from_microsecond(stored.recorded_at_us).ok();
    let finding = Finding::new(&catalogue::F08, name);
    match at.and_then(|at| oslo_date(at).ok()) {
        Some(date) => finding.term("dato", Phrase::date(date)),
        None => finding,
    }
}

/// `levert 45 · nye 31 · …`: delivered, new, unchanged, corrected, held; then resolved, if any.
fn counted(counts: [i64; 6]) -> Text {
    let [delivered, new, unchanged, corrected, held, resolved] = counts.map(count);
    let line = say!(
        "levert {delivered} · nye {new} · uendret {unchanged} · rettet {corrected} · på vent {held}",
        nn "levert {delivered} · nye {new} · uendra {unchanged} · retta {corrected} · på vent {held}",
        "delivered {delivered} · new {new} · unchanged {unchanged} · corrected {corrected} · held {held}"
    );
    if counts.last() == Some(&0) {
        return line;
    }
    let more = say!(
        "  {resolved} på vent fra før er løst",
        nn "  {resolved} på vent frå før er løyste",
        "  {resolved} held before are resolved"
    );
    Text::lines([line, more])
}

fn previewed(
    preview: &UploadPreview,
    events: &[String],
    problems: Vec<Problem>,
    lang: Lang,
) -> Answer {
    let UploadPreview { delivered, new, unchanged, corrected, held, resolved, .. } = *preview;
    let first = if preview.already {
        Text::new(
            "Denne filen er levert før, og ville ikke endret noe. Ingenting er lagret (--dry-run).",
            "This file was delivered before and would change nothing. Nothing was stored (--dry-run).",
        )
        .nn("Denne fila er levert før, og ville ikkje endra noko. Ingenting er lagra (--dry-run).")
    } else {
        Text::new(
            "Ingenting er lagret (--dry-run). Slik ville det gått:",
            "Nothing was stored (--dry-run). It would be:",
        )
        .nn("Ingenting er lagra (--dry-run). Slik ville det gått:")
    };
    let counts = counted([delivered, new, unchanged, corrected, held, resolved]);
    let changes = difference::lines(&preview.corrections, events);
    let json = json!({
        "accepted": true,
        "dry_run": true,
        "new": new,
        "unchanged": unchanged,
        "corrected": corrected,
        "held": held,
        "resolved": resolved,
        "delivered": delivered,
        "receipt": null,
        "changes": difference::json(&preview.corrections),
        "event_changes": events,
        "findings": problems.iter().map(|it| it.to_json(lang)).collect::<Vec<_>>(),
    });
    let lines = [first, counts].into_iter().chain(changes);
    Answer { problems, ..Answer::new(Text::lines(lines), json) }
}

fn answer(
    stored: &pilot::Receipt,
    receipt: &receipt::Receipt,
    problems: Vec<Problem>,
    lang: Lang,
) -> Answer {
    let pilot::Receipt { delivered, new, unchanged, corrected, held, resolved, .. } = *stored;
    let mut lines = Vec::new();
    if stored.already {
        let line = Text::new(
            "Denne filen er levert før. Ingenting er endret; dette er den første kvitteringen:",
            "This file was delivered before. Nothing was changed; this is the first receipt:",
        )
        .nn("Denne fila er levert før. Ingenting er endra; dette er den første kvitteringa:");
        lines.push(
            line.nn(
                "Denne fila er levert før. Ingenting er endra; dette er den første kvitteringa:",
            ),
        );
    }
    lines.push(counted([delivered, new, unchanged, corrected, held, resolved]));
    let (seq, hash, file) = (stored.seq, &stored.hash, receipt.file());
    lines.push(say!(
        "  kvittering: innslag {seq}, hash {hash}, {file}",
        "  receipt: entry {seq}, hash {hash}, {file}"
    ));
    let json = json!({
        "accepted": true,
        "new": new,
        "unchanged": unchanged,
        "corrected": corrected,
        "held": held,
        "resolved": resolved,
        "delivered": delivered,
        "receipt": receipt.to_json(Some(stored.already)),
        "findings": problems.iter().map(|it| it.to_json(lang)).collect::<Vec<_>>(),
    });
    Answer { problems, ..Answer::new(Text::lines(lines), json) }
}
