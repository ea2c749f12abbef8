//! Corrections: which must say why, which concern published figures, and which are too many.

mod events;

pub(super) use events::lines as event_lines;

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use lodd_intake::{
    Finding, Findings, Held, HeldRow, Judged, Period, SheetPlace, Snapshot, UnitKind, Value,
    catalogue, text::Phrase,
};
use lodd_panel::day_number;
use lodd_store::pilot::{Correction, ReasonCode, UploadPreview};

use super::Delivery;
use crate::{
    clock::oslo_date,
    problem::{Failure, Place, Problem},
    text::{Text, count, say},
};

/// A correction of a version older than this needs a reason (data model, section 2).
const REASON_AFTER_US: i64 = 30 * 24 * 3_600 * 1_000_000;

/// So few corrections are never taken for the wrong file.
const FEW: i64 = 5;

/// A correction by unit, date, source and register.
type Key = (String, i64, String, String);

/// What has been published: each cut with when it was, and the time of the delivery.
pub(super) struct Published<'p> {
    pub(super) cuts: &'p [(i64, i64)],
    pub(super) now_us: i64,
}

/// What a correction needs.
enum Needs {
    Nothing,
    Reason,
    /// Nothing, but it concerns figures published on this day.
    Notice(Date),
}

/// By family and date, the rows that correct without the reason they need.
type Unexplained = BTreeMap<(String, Date), Vec<((String, u32), Finding)>>;

/// Holds what corrects an old or a published version without a reason (K13), and warns of what
/// concerns published figures (K14).
pub(super) fn judge(
    preview: &UploadPreview,
    published: &Published<'_>,
    delivery: &mut Delivery,
) -> Findings {
    let mut findings = Findings::default();
    let mut unexplained = Unexplained::new();
    let mut note =
        |atom: (String, Date), row: (String, u32), needs: Needs, found: &Found<'_>| match needs {
            Needs::Nothing => {}
            Needs::Reason => {
                let finding = found(&catalogue::K13);
                unexplained.entry(atom).or_default().push((row, finding));
            }
            Needs::Notice(date) => {
                findings.push(found(&catalogue::K14).term("dato", Phrase::date(date)));
            }
        };
    statuses(preview, published, delivery, &mut note);
    events::judge(preview, published, delivery, &mut note);
    findings.extend(unexplained.values().flatten().map(|(_, finding)| finding.clone()));
    hold(&mut delivery.judged, &unexplained);
    findings
}

/// A finding under a code of the catalogue.
type Found<'f> = dyn Fn(&'static catalogue::Entry) -> Finding + 'f;

/// Takes note of what the correction in a row of an atom needs.
type Note<'n> = dyn FnMut((String, Date), (String, u32), Needs, &Found<'_>) + 'n;

impl Published<'_> {
    /// What a correction needs that replaces a version recorded then.
    fn needs(&self, replaced_at_us: i64, reason_code: Option<ReasonCode>) -> Needs {
        let old = replaced_at_us < self.now_us.saturating_sub(REASON_AFTER_US);
        match (reason_code, self.on(replaced_at_us)) {
            (None, Some(_)) => Needs::Reason,
            (None, None) if old => Needs::Reason,
            (Some(_), Some(date)) => Needs::Notice(date),
            _ => Needs::Nothing,
        }
    }

    /// When a version was first published, if it stands in a released cut.
    fn on(&self, recorded_at_us: i64) -> Option<Date> {
        let stood = self.cuts.iter().filter(|(cut, _)| *cut >= recorded_at_us);
        let first = stood.map(|(_, at)| *at).min()?;
        oslo_date(Timestamp::from_microsecond(first).ok()?).ok()
    }
}

fn statuses(
    preview: &UploadPreview,
    published: &Published<'_>,
    delivery: &Delivery,
    note: &mut Note<'_>,
) {
    let key = |it: &Correction| -> Key {
        let register = it.register.clone().unwrap_or_default();
        (it.unit_id.clone(), i64::from(it.status_date), it.source.code().to_owned(), register)
    };
    let corrections: BTreeMap<Key, &Correction> =
        preview.corrections.iter().map(|it| (key(it), it)).collect();
    for atom in &delivery.judged.atoms {
        for (snapshot, row) in atom.snapshots.iter().zip(&atom.rows) {
            let Some(it) = corrections.get(&key_of(snapshot)) else { continue };
            let place = delivery.judged.places.get(&snapshot.unit_kind);
            let sheet = place.map(|it| it.sheet.clone()).unwrap_or_default();
            note(
                (atom.family_id.clone(), atom.status_date),
                (sheet, *row),
                published.needs(it.replaced_at_us, it.reason_code),
                &|entry| found(entry, &delivery.name, (it, snapshot), (place, *row)),
            );
        }
    }
}

fn key_of(it: &Snapshot) -> Key {
    let date = day_number(it.status_date);
    (it.unit_id.clone(), date, it.source.clone(), it.register.clone())
}

/// A finding at the first answer that is changed.
fn found(
    entry: &'static catalogue::Entry,
    file: &str,
    (it, snapshot): (&Correction, &Snapshot),
    (place, row): (Option<&SheetPlace>, u32),
) -> Finding {
    let finding = Finding::new(entry, file).in_row(row).about(&it.unit_id);
    let finding = finding.term("dato", Phrase::date(snapshot.status_date));
    let Some(answer) = it.answers.first() else { return finding };
    let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
    let finding = finding.value(shown(&answer.after)).suggest(Some(shown(&answer.before)));
    let Some(place) = place else { return finding };
    let finding = finding.in_sheet(&place.sheet);
    let several = answer.variable.split('_').next().unwrap_or_default().to_lowercase();
    let column = [answer.variable.to_lowercase(), several];
    match column.iter().find_map(|name| place.columns.get(name)) {
        Some((column, header)) => finding.at(*column, row).in_column(header),
        None => finding,
    }
}

/// Holds the families and dates of which a row is unexplained, with everything the file tells of
/// them; statuses as they can be told from what was read.
fn hold(judged: &mut Judged, unexplained: &Unexplained) {
    let mut held: BTreeMap<(String, Date), Vec<HeldRow>> = BTreeMap::new();
    for atom in std::mem::take(&mut judged.atoms) {
        let key = (atom.family_id.clone(), atom.status_date);
        if unexplained.contains_key(&key) {
            let place = |it: &Snapshot| judged.places.get(&it.unit_kind).map(|it| &it.sheet);
            let row = |(it, row): (&Snapshot, &u32)| HeldRow {
                sheet: place(it).cloned().unwrap_or_default(),
                row: *row,
                cells: cells(it),
                findings: Vec::new(),
            };
            held.entry(key).or_default().extend(atom.snapshots.iter().zip(&atom.rows).map(row));
        } else {
            judged.atoms.push(atom);
        }
    }
    let rows = std::mem::take(&mut judged.event_rows);
    for (event, row) in std::mem::take(&mut judged.events).into_iter().zip(rows) {
        let key = (event.family_id.clone(), event.on);
        if unexplained.contains_key(&key) {
            let rows = held.entry(key).or_default();
            if !rows.iter().any(|it| (&it.sheet, it.row) == (&row.sheet, row.row)) {
                rows.push(row);
            }
        } else {
            judged.events.push(event);
            judged.event_rows.push(row);
        }
    }
    for (key, mut rows) in held {
        let found = unexplained.get(&key).map(Vec::as_slice).unwrap_or_default();
        for row in &mut rows {
            let own = found.iter().filter(|((sheet, at), _)| (sheet, *at) == (&row.sheet, row.row));
            row.findings = own.map(|(_, finding)| finding.clone()).collect();
        }
        let (family_id, on) = key;
        let codes = [catalogue::K13.code].into();
        judged.held.push(Held {
            family_id: Some(family_id),
            period: Period::Date(on),
            codes,
            rows,
        });
    }
}

fn cells(it: &Snapshot) -> Vec<(String, String)> {
    let id = match it.unit_kind {
        UnitKind::Family => "familie_id",
        UnitKind::Adult => "voksen_id",
        UnitKind::Child => "barn_id",
    };
    let meta = [
        (id, it.unit_id.clone()),
        ("statusdato", it.status_date.to_string()),
        ("kilde", it.source.clone()),
        ("register", it.register.clone()),
        ("anledning", it.occasion.clone()),
        ("registrering", it.record_status.clone()),
    ];
    let meta = meta.into_iter().map(|(name, value)| (name.to_owned(), value));
    let values = it.values.iter().map(|(name, value)| {
        let value = match value {
            Value::Code(code) | Value::Missing(code) => code.clone(),
            Value::Number(number) => number.to_string(),
            Value::Clear => lodd_intake::variable::CLEAR.to_owned(),
        };
        (name.clone(), value)
    });
    meta.chain(values).filter(|(_, value)| !value.is_empty()).collect()
}

/// Refuses a file that would change over a fifth of what it tells without saying why: it may be
/// the wrong file.
///
/// # Errors
///
/// Then; `--correction` says that it is meant.
pub(super) fn refuse_many(preview: &UploadPreview, name: &str) -> Result<(), Failure> {
    let unexplained = preview.corrections.iter().any(|it| it.reason_code.is_none());
    let (corrected, delivered) = (preview.corrected, preview.delivered);
    if !unexplained || corrected < FEW || corrected * 5 <= delivered {
        return Ok(());
    }
    let (n, m) = (count(corrected), count(delivered));
    let message = say!(
        "{n} av {m} familier × datoer er lagret med andre svar: er dette riktig fil? Ingenting er lagret",
        nn "{n} av {m} familiar × datoar er lagra med andre svar: er dette rett fil? Ingenting er lagra",
        "{n} of {m} families × dates are stored with other answers: is this the right file? Nothing was stored"
    );
    let fix = Text::new(
        "se forskjellene med `--dry-run`; er de riktige, lever med `--correction`",
        "look at the differences with `--dry-run`; if they are right, deliver with `--correction`",
    )
    .nn("sjå skilnadene med `--dry-run`; er dei rette, lever med `--correction`");
    let place = Place { file: Some(name.to_owned()), ..Place::default() };
    Err(Failure::refused(message.clone(), vec![Problem::new(place, message).fix(fix)]))
}
