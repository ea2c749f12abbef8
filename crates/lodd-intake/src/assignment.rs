//! An assignment that was made elsewhere: who was assigned to which arm.

use jiff::civil::Date;

use crate::{
    catalogue::{self, Severity},
    dates::{date, not_after},
    expectations::Expectations,
    field::{Content, Field, Noted, content, note, one_code, plain_codes, required, text},
    finding::{Finding, Findings},
    limits::Limits,
    months::{Repeat, Unique},
    read::read,
    roster::no_sheet,
    table::{At, Layout, Line, choose},
    text::Phrase,
    unit_id::{self, Id},
    workbook::{Upload, Workbook},
};

/// One unit of an assignment made elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assigned {
    /// The family.
    pub unit_id: String,
    /// Its block.
    pub block: String,
    /// Its arm, as declared.
    pub arm: String,
    /// The day of the assignment.
    pub drawn_on: Date,
    /// The probability of its arm, as a fraction in lowest terms, where given.
    pub probability: Option<(u64, u64)>,
}

/// Reads an assignment, a csv with the columns unit, block, arm, date and (optional) probability.
/// It is taken whole or not at all; rows come out by unit.
///
/// # Errors
///
/// All findings, if any stops or holds something: a unit not on the list of families (K20), a unit
/// twice (K19), an arm not declared (D10), a probability outside 0–1 (D13), and those of reading.
pub fn assignment(
    file: Upload<'_>,
    expect: &Expectations,
    limits: &Limits,
) -> Result<Vec<Assigned>, Findings> {
    assignment_in(read(file, limits)?, expect)
}

/// The same, of a file already read.
///
/// # Errors
///
/// As [`assignment`].
pub fn assignment_in(mut book: Workbook, expect: &Expectations) -> Result<Vec<Assigned>, Findings> {
    let mut findings = std::mem::take(&mut book.findings);
    let layouts = [Layout::new("assignment", &["unit", "block", "arm", "date"], &["probability"])];
    let (tables, any) = choose(&book, &layouts, &mut findings);
    if !any {
        findings.push(no_sheet(&book, &layouts, "assignment"));
    }
    let mut units: Unique<String, Assigned> = Unique::new();
    for table in &tables {
        if table.lines().next().is_none() {
            findings.push(table.finding(&catalogue::F06));
        }
        for line in table.lines() {
            let mut notes = line.notes();
            if let Some(row) = assigned(&line, expect, &mut notes) {
                let unit = row.unit_id.clone();
                let repeat = units.insert(unit.clone(), row, line.row.number);
                notes.extend(repeat.map(|repeat| twice(&line, repeat, &unit)));
            }
            findings.extend(notes);
        }
    }
    let refused = findings.worst().is_some_and(|worst| worst <= Severity::Hold);
    if refused { Err(findings) } else { Ok(units.into_values()) }
}

fn assigned(line: &Line<'_>, expect: &Expectations, notes: &mut Vec<Finding>) -> Option<Assigned> {
    let unit = unit(&line.at("unit")?, expect, notes);
    let block_at = line.at("block")?;
    let found = text(&block_at, notes);
    let block = required(&block_at, found, notes);
    let arm = arm(&line.at("arm")?, expect, notes);
    let date_at = line.at("date")?;
    let found = date(&date_at, notes);
    let drawn_on = required(&date_at, found, notes)
        .and_then(|day| not_after(&date_at, day, expect.today, notes).map(|()| day));
    let probability = line.at("probability").map_or(Ok(None), |at| probability(&at, notes));
    Some(Assigned {
        unit_id: unit.ok()?,
        block: block.ok()?,
        arm: arm.ok()?,
        drawn_on: drawn_on.ok()?,
        probability: probability.ok()?,
    })
}

fn unit(at: &At<'_>, expect: &Expectations, notes: &mut Vec<Finding>) -> Result<String, Noted> {
    let known = |id: &str| expect.families.contains_key(id);
    match unit_id::read(at, expect, known, notes) {
        Id::Good { id, .. } if known(&id) => Ok(id),
        Id::Good { id, .. } => note(at.finding(&catalogue::K20).about(&id), notes),
        Id::Bad { .. } => Err(Noted),
        Id::Blank => note(at.finding(&catalogue::D12), notes),
    }
}

fn arm(at: &At<'_>, expect: &Expectations, notes: &mut Vec<Finding>) -> Result<String, Noted> {
    let found = text(at, notes);
    let written = required(at, found, notes)?;
    let same = |it: &&String| it.to_lowercase() == written.to_lowercase();
    if let Some(arm) = expect.arms.iter().find(same) {
        return Ok(arm.clone());
    }
    let arms: Vec<&str> = expect.arms.iter().map(String::as_str).collect();
    one_code(at, &written, &plain_codes(&arms), notes)
}

/// A fraction such as `1/2`, or a decimal, above 0 and at most 1.
fn probability(at: &At<'_>, notes: &mut Vec<Finding>) -> Field<(u64, u64)> {
    let written = match content(at, notes)? {
        Content::Blank => return Ok(None),
        Content::Text(text) => text.into_owned(),
        Content::Number(number) => number.to_string(),
        Content::Date(_) | Content::Bool(_) => String::new(),
    };
    let known = fraction(&written).filter(|(top, bottom)| 0 < *top && top <= bottom);
    if known.is_some() {
        return Ok(known);
    }
    let expected = Phrase::norwegian("0–1 (som 1/2)", "0–1 (such as 1/2)");
    note(at.finding(&catalogue::D13).expected(expected), notes)
}

/// The fraction in lowest terms.
fn fraction(text: &str) -> Option<(u64, u64)> {
    let digits = |it: &str| {
        let plain = (1..=18).contains(&it.len()) && it.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| it.parse::<u64>().ok())?
    };
    let (top, bottom) = if let Some((top, bottom)) = text.split_once('/') {
        (digits(top.trim())?, digits(bottom.trim())?)
    } else {
        let (whole, decimals) = text.split_once(['.', ',']).unwrap_or((text, "0"));
        let scale = 10_u64.checked_pow(u32::try_from(decimals.len()).ok()?)?;
        (digits(whole)?.checked_mul(scale)?.checked_add(digits(decimals)?)?, scale)
    };
    let divisor = gcd(top, bottom);
    (divisor > 0 && bottom > 0).then(|| (top / divisor, bottom / divisor))
}

fn gcd(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

fn twice(line: &Line<'_>, repeat: Repeat, unit: &str) -> Finding {
    let (Repeat::Same(first) | Repeat::Differs(first)) = repeat;
    let finding = line.table.finding(&catalogue::K19).in_row(line.row.number).about(unit);
    finding.term("r1", first.to_string()).term("r2", line.row.number.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_exact() {
        for (text, value) in [
            ("1/2", Some((1, 2))),
            ("15/57", Some((5, 19))),
            ("0.5", Some((1, 2))),
            ("0,125", Some((1, 8))),
            ("1", Some((1, 1))),
            ("1/0", None),
            ("0/0", None),
            ("-1/2", None),
            ("half", None),
            ("1e-3", None),
            ("999999999999999999999/1", None),
            ("0.00000000000000000000001", None),
            ("", None),
        ] {
            assert_eq!(fraction(text), value, "{text}");
        }
    }
}
