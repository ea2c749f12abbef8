//! `lodd screen`: who is eligible, and by which rules the others are not.

use std::collections::BTreeMap;

use lodd_panel::day_number;
use lodd_store::{
    Kind, Pilot, Table,
    pilot::{Reasons, RuleVerdict, Screening, ScreeningRow},
    query, schema,
};
use serde_json::{Value, json};

use super::{Context, tables, words};
use crate::{
    answer::Answer,
    problem::Failure,
    protocol::{Protocol, Reason},
    text::{Text, count, say},
};

/// Judges every family on the roster by the rules of `pilot.toml`.
///
/// # Errors
///
/// Refused when the protocol has mistakes or there is no family.
pub(crate) fn run(context: &Context) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let inputs = pilot.screening_inputs().map_err(|error| words::store(&error))?;
    let rows = judge(&protocol, &inputs)?;
    let screening = Screening {
        as_of: i32::try_from(day_number(protocol.screening.as_of)).unwrap_or(i32::MAX),
        rule_hash: crate::hash::sha256_hex(sql(&protocol).as_bytes()),
        rows,
    };
    pilot.record_screening(&context.stamp(), &screening).map_err(|error| words::store(&error))?;
    let table = pilot.screening_table().map_err(|error| words::store(&error))?;
    let metadata = vec![
        ("protocol_sha256".to_owned(), protocol.sha256()),
        ("rule_sha256".to_owned(), screening.rule_hash.clone()),
    ];
    tables::write(context, &schema::SCREENING, &table, metadata)?;
    Ok(answer(&protocol, &screening.rows))
}

/// The eligible families with their offices, as screened and recorded.
///
/// # Errors
///
/// Refused when the roster or the rules have changed since `lodd screen`.
pub(super) fn eligible(
    pilot: &Pilot,
    protocol: &Protocol,
) -> Result<Vec<(String, String)>, Failure> {
    let inputs = pilot.screening_inputs().map_err(|error| words::store(&error))?;
    let now = judge(protocol, &inputs)?;
    let recorded = pilot.latest_screening().map_err(|error| words::store(&error))?;
    let verdicts = |rows: &[ScreeningRow]| -> BTreeMap<String, (String, bool)> {
        rows.iter()
            .map(|row| (row.family_id.clone(), (row.office_id.clone(), row.eligible)))
            .collect()
    };
    if recorded.is_none_or(|it| verdicts(&it.screening.rows) != verdicts(&now)) {
        return Err(Failure::policy_with(
            Text::new(
                "familiene er ikke vurdert, eller listen er endret siden de ble vurdert",
                "the families have not been screened, or the roster has changed since they were",
            )
            .nn("familiane er ikkje vurderte, eller lista er endra sidan dei vart vurderte"),
            Text::new("kjør `lodd screen`", "run `lodd screen`").nn("køyr `lodd screen`"),
        ));
    }
    Ok(now
        .into_iter()
        .filter(|row| row.eligible)
        .map(|row| (row.family_id, row.office_id))
        .collect())
}

/// The screening's text; a protocol is always read with its screening.
pub(super) fn sql(protocol: &Protocol) -> &str {
    protocol.panel.screening_sql().unwrap_or_default()
}

/// Runs the screening query.
fn judge(protocol: &Protocol, inputs: &[Table]) -> Result<Vec<ScreeningRow>, Failure> {
    let kinds = [
        ("family_id", Kind::Text),
        ("office_id", Kind::Text),
        ("eligible", Kind::Int),
        ("rule", Kind::Text),
        ("passed", Kind::Int),
    ];
    let judged = query::run(inputs, sql(protocol), "screening", &kinds)
        .map_err(|error| words::query(&error))?;
    let column = |name| judged.text(name).map_err(|error| Failure::internal("screening", error));
    let flag = |name| judged.int(name).map_err(|error| Failure::internal("screening", error));
    let (families, offices, rules) = (column("family_id")?, column("office_id")?, column("rule")?);
    let (eligible, passed) = (flag("eligible")?, flag("passed")?);
    let mut rows: BTreeMap<String, ScreeningRow> = BTreeMap::new();
    for ((((family, office), rule), eligible), passed) in
        families.iter().zip(offices).zip(rules).zip(eligible).zip(passed)
    {
        let family_id = family.clone().unwrap_or_default();
        let row = rows.entry(family_id.clone()).or_insert_with(|| ScreeningRow {
            family_id,
            office_id: office.clone().unwrap_or_default(),
            eligible: *eligible == Some(1),
            rules: Vec::new(),
        });
        row.rules.push(verdict(
            protocol,
            rule.clone().unwrap_or_default(),
            passed.map(|it| it == 1),
        ));
    }
    Ok(rows.into_values().collect())
}

fn verdict(protocol: &Protocol, rule: String, passed: Option<bool>) -> RuleVerdict {
    let reason =
        protocol.reasons.iter().find(|it| it.rule == rule).filter(|_| passed != Some(true));
    let words = |it: &Reason| Reasons { nb: it.nb.clone(), nn: it.nn.clone(), en: it.en.clone() };
    let reasons = reason.map(words);
    RuleVerdict { rule, passed, reasons }
}

fn answer(protocol: &Protocol, rows: &[ScreeningRow]) -> Answer {
    let eligible = rows.iter().filter(|row| row.eligible).count();
    let (all, some) = (count(rows.len()), count(eligible));
    let mut lines = vec![say!(
        "{some} av {all} familier oppfyller kriteriene.",
        nn "{some} av {all} familiar oppfyller kriteria.",
        "{some} of {all} families are eligible."
    )];
    let mut reasons = Vec::new();
    if eligible < rows.len() {
        lines.push(
            Text::new(
                "  Blant dem som ikke gjør det (en familie kan ha flere grunner):",
                "  Among those that are not (a family may have several reasons):",
            )
            .nn("  Mellom dei som ikkje gjer det (ein familie kan ha fleire grunnar):"),
        );
    }
    for reason in &protocol.reasons {
        let failed = |row: &&ScreeningRow| {
            !row.eligible
                && row.rules.iter().any(|it| it.rule == reason.rule && it.passed != Some(true))
        };
        let n = rows.iter().filter(failed).count();
        reasons.push(json!({ "rule": reason.rule, "families": n, "reason_nb": reason.nb, "reason_nn": reason.nn, "reason_en": reason.en }));
        if n > 0 {
            lines.push(
                Text::new(format!("  {n:>5}  {}", reason.nb), format!("  {n:>5}  {}", reason.en))
                    .nn(format!("  {n:>5}  {}", reason.nn)),
            );
        }
    }
    let json = json!({
        "assessed": rows.len(),
        "eligible": eligible,
        "not_eligible": rows.len() - eligible,
        "reasons": Value::Array(reasons),
        "file": "out/screening.parquet",
    });
    Answer::new(Text::lines(lines), json)
}
