//! What a delivery would change of what is stored, answer by answer.

use jiff::civil::date;
use lodd_store::pilot::{Correction, ReasonCode};
use serde_json::{Value, json};

use crate::text::{Text, count, say};

/// So many changes are shown; the rest are counted.
const SHOWN_MAX: usize = 20;

/// `RIN-7KQ4-R-A1 31.08.2016 ARBEID: HELTID → DELTID`, a line a change.
pub(super) fn lines(corrections: &[Correction], of_events: &[String]) -> Vec<Text> {
    let mut lines: Vec<Text> =
        of_events.iter().map(|line| Text::same(format!("  {line}"))).collect();
    for it in corrections {
        for answer in &it.answers {
            let (unit, day, variable) = (&it.unit_id, iso(it.status_date), &answer.variable);
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "–".to_owned());
            let (before, after) = (shown(&answer.before), shown(&answer.after));
            lines.push(Text::same(format!("  {unit} {day} {variable}: {before} → {after}")));
        }
    }
    let all = lines.len();
    lines.truncate(SHOWN_MAX);
    if all > SHOWN_MAX {
        let more = count(all - SHOWN_MAX);
        lines.push(say!("  … og {more} til", "  … and {more} more"));
    }
    lines
}

/// Every change, for programs.
pub(super) fn json(corrections: &[Correction]) -> Value {
    let change = |it: &Correction| {
        let answers = it.answers.iter().map(|answer| {
            json!({ "variable": answer.variable, "before": answer.before, "after": answer.after })
        });
        json!({
            "unit": it.unit_id,
            "status_date": iso(it.status_date),
            "source": it.source.code(),
            "register": it.register,
            "reason_code": it.reason_code.map(ReasonCode::code),
            "answers": answers.collect::<Vec<_>>(),
        })
    };
    corrections.iter().map(change).collect()
}

/// A day number as an ISO date.
pub(super) fn iso(day: i32) -> String {
    let at = date(1970, 1, 1).checked_add(jiff::Span::new().days(day));
    at.map_or_else(|_| day.to_string(), |at| at.to_string())
}
