//! What every report says of its pilot, drawn or not: how families were judged, the legal basis, the
//! Parquet files.

use std::collections::BTreeSet;

use lodd_report::{Cell, DataFile, Eligibility, FileKind, Legal, RuleCount, Text as Words, Unit};
use lodd_store::{Table, parquet};

use crate::{
    hash::sha256_hex,
    problem::Failure,
    protocol::Protocol,
    steps::{Context, read_file, tables, words},
};

/// The files that a report is made from, in the order of the chain.
const FILES: [(FileKind, &str); 8] = [
    (FileKind::Screening, "screening"),
    (FileKind::Assignments, "assignments"),
    (FileKind::Panel, "panel"),
    (FileKind::Outcomes, "outcomes"),
    (FileKind::Flow, "flow"),
    (FileKind::Estimates, "estimates"),
    (FileKind::Stock, "stock"),
    (FileKind::Power, "power"),
];

/// One row of `screening.parquet`.
struct JudgedRow<'t> {
    family: &'t str,
    rule: &'t str,
    eligible: bool,
    /// Whether the rule is known to hold.
    passed: bool,
}

fn judged(table: &Table) -> Result<Vec<JudgedRow<'_>>, Failure> {
    let text = |name| table.text(name).map_err(|error| tables::internal(&error));
    let flag = |name| table.bool(name).map_err(|error| tables::internal(&error));
    let (families, rules) = (text("family_id")?, text("rule")?);
    let (eligible, passed) = (flag("eligible")?, flag("passed")?);
    let texts = families.iter().zip(rules);
    let flags = eligible.iter().zip(passed);
    let row = |((family, rule), (eligible, passed)): ((_, _), (&Option<bool>, &Option<bool>))| {
        let (family, rule): (&Option<String>, &Option<String>) = (family, rule);
        JudgedRow {
            family: family.as_deref().unwrap_or_default(),
            rule: rule.as_deref().unwrap_or_default(),
            eligible: *eligible == Some(true),
            passed: *passed == Some(true),
        }
    };
    Ok(texts.zip(flags).map(row).collect())
}

/// How the families were judged, from `screening.parquet`.
pub(super) fn eligibility(
    context: &Context,
    protocol: &Protocol,
) -> Result<Option<Eligibility>, Failure> {
    let path = context.out("screening.parquet");
    if !path.exists() {
        return Ok(None);
    }
    let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let rows = judged(&table)?;
    let families = |eligible: bool| {
        let those = rows.iter().filter(|it| it.eligible || !eligible).map(|it| it.family);
        those.collect::<BTreeSet<_>>().len() as u64
    };
    let rule = |reason: &crate::protocol::Reason| {
        let failed = || rows.iter().filter(|it| it.rule == reason.rule && !it.passed);
        RuleCount {
            id: reason.rule.clone(),
            reason: Words::new(reason.nb.as_str(), reason.en.as_str()).nn(reason.nn.as_str()),
            failed: Cell::Count(failed().count() as u64),
            failed_ineligible: Cell::Count(failed().filter(|it| !it.eligible).count() as u64),
        }
    };
    Ok(Some(Eligibility {
        unit: Unit::Family,
        as_of: protocol.screening.as_of.to_string(),
        assessed: Cell::Count(families(false)),
        eligible: Cell::Count(families(true)),
        expression: protocol.screening.eligible.clone(),
        rules: protocol.reasons.iter().map(rule).collect(),
    }))
}

/// The legal basis, as the protocol states it.
pub(super) fn legal(protocol: &Protocol) -> Legal {
    let text = |key: &str| {
        let at = crate::protocol::LEGAL.iter().position(|it| *it == key);
        at.and_then(|at| protocol.legal.get(at)).cloned().unwrap_or_default()
    };
    Legal {
        processing_basis: text("processing_basis"),
        confidentiality: text("confidentiality"),
        trial_authority: text("trial_authority"),
        dpia: text("dpia"),
        ethics: text("ethics"),
        information: text("information"),
        objection: text("objection"),
        deletion_date: text("deletion_date"),
    }
}

/// The Parquet files that are there.
pub(super) fn files(context: &Context) -> Result<Vec<DataFile>, Failure> {
    let there = FILES.iter().filter(|(_, name)| context.out(&format!("{name}.parquet")).exists());
    there
        .map(|(kind, name)| {
            let name = format!("{name}.parquet");
            let bytes = read_file(&context.out(&name))?;
            Ok(DataFile { kind: *kind, name, sha256: Some(sha256_hex(&bytes)) })
        })
        .collect()
}
