//! Corrections of what happened to families, told in the sheets of events.

use lodd_intake::{Event, EventFact, Finding, HeldRow, SheetPlace, catalogue, text::Phrase};
use lodd_store::pilot::{Answer, EventCorrection, UploadPreview};

use super::{super::difference::iso, Delivery, Note, Published};

/// Takes note of every event that is told otherwise than before.
pub(super) fn judge(
    preview: &UploadPreview,
    published: &Published<'_>,
    delivery: &Delivery,
    note: &mut Note<'_>,
) {
    let judged = &delivery.judged;
    for it in &preview.event_corrections {
        let told = judged.events.get(it.place).zip(judged.event_rows.get(it.place));
        let (Some((event, row)), Some(answer)) = (told, first_changed(it)) else { continue };
        note(
            (event.family_id.clone(), event.on),
            (row.sheet.clone(), row.row),
            published.needs(it.replaced_at_us, it.reason_code),
            &|entry| {
                let place = judged.event_places.get(&row.sheet);
                found(entry, &delivery.name, (event, answer), (place, row))
            },
        );
    }
}

/// The first answer that is changed. The log's count of meetings goes on, and another coordinator
/// may take over: neither corrects what was told before.
fn first_changed(it: &EventCorrection) -> Option<&Answer> {
    let number = |text: &Option<String>| text.as_ref()?.parse::<i64>().ok();
    it.answers.iter().find(|answer| match answer.variable.as_str() {
        "coordinator" => false,
        "meetings" => number(&answer.after) < number(&answer.before),
        _ => true,
    })
}

fn found(
    entry: &'static catalogue::Entry,
    file: &str,
    (event, answer): (&Event, &Answer),
    (place, row): (Option<&SheetPlace>, &HeldRow),
) -> Finding {
    let unit = match &event.fact {
        EventFact::Spell(it) => &it.member_id,
        EventFact::Consent { unit_id, .. } => unit_id,
        _ => &event.family_id,
    };
    let finding = Finding::new(entry, file).in_row(row.row).in_sheet(&row.sheet).about(unit);
    let finding = finding.term("dato", Phrase::date(event.on));
    let finding = finding.value(shown(answer, answer.after.as_ref()));
    let finding = finding.suggest(Some(shown(answer, answer.before.as_ref())));
    match place.and_then(|it| it.columns.get(header(&answer.variable))) {
        Some((column, header)) => finding.at(*column, row.row).in_column(header),
        None => finding,
    }
}

/// The header under which a column of the store is told.
fn header(column: &str) -> &str {
    match column {
        "valid_to" => "til_dato",
        "reason_in" | "reason_out" => "arsak",
        "municipality" => "til_kommune",
        "office_id" => "til_kontor",
        "answer" => "svar",
        "withdrawn_at" => "trukket",
        "ended_on" => "sluttet",
        "end_reason" => "sluttarsak",
        "meetings" => "moter",
        other => other,
    }
}

fn shown(answer: &Answer, value: Option<&String>) -> String {
    let is_day = ["valid_to", "withdrawn_at", "ended_on"].contains(&answer.variable.as_str());
    match value {
        Some(day) if is_day => day.parse().map_or_else(|_| day.clone(), iso),
        Some(text) => text.clone(),
        None => "–".to_owned(),
    }
}

/// `RIN-7KQ4-R 2016-05-01 til_kommune: 0301 → 1103`: what is told otherwise, a line an answer.
pub(in crate::steps::upload) fn lines(preview: &UploadPreview, events: &[Event]) -> Vec<String> {
    let mut lines = Vec::new();
    for it in &preview.event_corrections {
        let Some(event) = events.get(it.place) else { continue };
        for answer in &it.answers {
            let (family, on, name) = (&event.family_id, event.on, header(&answer.variable));
            let (before, after) =
                (shown(answer, answer.before.as_ref()), shown(answer, answer.after.as_ref()));
            lines.push(format!("{family} {on} {name}: {before} → {after}"));
        }
    }
    lines
}
