//! Corrections: which must say why, which concern published figures, and which are too many.

use std::collections::BTreeMap;

use jiff::{Timestamp, civil::Date};
use lodd_intake::{
    Atom, Finding, Findings, Held, HeldRow, Period, SheetPlace, Snapshot, UnitKind, Value,
    catalogue, text::Phrase,
};
use lodd_panel::day_number;
use lodd_store::pilot::{Correction, UploadPreview};

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

/// Holds what corrects an old or a published version without a reason (K13), and warns of what
/// concerns published figures (K14). `released` has each published cut with when it was.
pub(super) fn judge(
    preview: &UploadPreview,
    released: &[(i64, i64)],
    now_us: i64,
    delivery: &mut Delivery,
) -> Findings {
    let key = |it: &Correction| -> Key {
        let register = it.register.clone().unwrap_or_default();
        (it.unit_id.clone(), i64::from(it.status_date), it.source.code().to_owned(), register)
    };
    let corrections: BTreeMap<Key, &Correction> =
        preview.corrections.iter().map(|it| (key(it), it)).collect();
    let mut findings = Findings::default();
    for atom in std::mem::take(&mut delivery.judged.atoms) {
        let mut unexplained = Vec::new();
        for (snapshot, row) in atom.snapshots.iter().zip(&atom.rows) {
            let Some(it) = corrections.get(&key_of(snapshot)) else { continue };
            let place = delivery.judged.places.get(&snapshot.unit_kind);
            let published = published_on(it, released);
            let finding = |entry| found(entry, &delivery.name, (it, snapshot), (place, *row));
            let old = it.replaced_at_us < now_us.saturating_sub(REASON_AFTER_US);
            if it.reason_code.is_none() && (old || published.is_some()) {
                unexplained.push((*row, finding(&catalogue::K13)));
            } else if let Some(date) = published {
                findings.push(finding(&catalogue::K14).term("dato", Phrase::date(date)));
            }
        }
        if unexplained.is_empty() {
            delivery.judged.atoms.push(atom);
            continue;
        }
        delivery.judged.held.push(hold(&atom, &delivery.judged.places, &unexplained));
        findings.extend(unexplained.into_iter().map(|(_, finding)| finding));
    }
    findings
}

fn key_of(it: &Snapshot) -> Key {
    let date = day_number(it.status_date);
    (it.unit_id.clone(), date, it.source.clone(), it.register.clone())
}

/// When the version that is replaced was first published, if it stands in a released cut.
fn published_on(it: &Correction, released: &[(i64, i64)]) -> Option<Date> {
    let stood = released.iter().filter(|(cut, _)| *cut >= it.replaced_at_us);
    let first = stood.map(|(_, at)| *at).min()?;
    oslo_date(Timestamp::from_microsecond(first).ok()?).ok()
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

/// An atom that went in, as one that is held; its rows as they can be told from what was read.
fn hold(
    atom: &Atom,
    places: &BTreeMap<UnitKind, SheetPlace>,
    unexplained: &[(u32, Finding)],
) -> Held {
    let of_row = |row: u32| unexplained.iter().filter(move |(at, _)| *at == row);
    let row = |(snapshot, row): (&Snapshot, &u32)| HeldRow {
        sheet: places.get(&snapshot.unit_kind).map(|it| it.sheet.clone()).unwrap_or_default(),
        row: *row,
        cells: cells(snapshot),
        findings: of_row(*row).map(|(_, finding)| finding.clone()).collect(),
    };
    Held {
        family_id: Some(atom.family_id.clone()),
        period: Period::Date(atom.status_date),
        codes: [catalogue::K13.code].into(),
        rows: atom.snapshots.iter().zip(&atom.rows).map(row).collect(),
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
        "{n} of {m} families × dates are stored with other answers: is this the right file? Nothing was stored"
    );
    let fix = Text::new(
        "se forskjellene med `--dry-run`; er de riktige, lever med `--correction`",
        "look at the differences with `--dry-run`; if they are right, deliver with `--correction`",
    );
    let place = Place { file: Some(name.to_owned()), ..Place::default() };
    Err(Failure::refused(message.clone(), vec![Problem::new(place, message).fix(fix)]))
}
