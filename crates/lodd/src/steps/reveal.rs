//! `lodd draw reveal`: the beacon's value, and with it the draw.

use std::{collections::BTreeMap, path::Path};

use lodd_draw::{BeaconValue, Drawn, File, RevealError, Secret, compute, reveal};
use lodd_store::{
    files,
    pilot::{Assignment, Draw, DrawResult, DrawStatus, DrawnKind},
    schema,
};
use serde_json::json;

use super::{
    Context,
    announce::{self, COVARIATES},
    draw_words, read_file, stamp_of, tables,
    verify::refuse,
    words,
};
use crate::{
    answer::Answer,
    beacon,
    hash::{hex_32, sha256_hex},
    problem::Failure,
    text::{Text, say},
};

/// Reveals the open draw: `value` was read out before witnesses, `seed` is a rehearsal's.
///
/// # Errors
///
/// Refused when no draw is open or the value is not of the announced kind.
pub(crate) fn run(
    context: &Context,
    value: Option<&str>,
    seed: Option<&str>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    context.protocol(&pilot)?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let Some(open) = draws.iter().find(|it| it.status == DrawStatus::Open) else {
        return Err(Failure::policy_with(
            Text::new("ingen trekning er åpen", "no draw is open"),
            Text::new(
                "kunngjør en med `lodd draw announce`",
                "announce one with `lodd draw announce`",
            ),
        ));
    };
    let value = beacon_value(value, seed)?;
    let number = open.draw;
    let (public, private) = folders(context, number);
    let announcement = read_file(&public.join(File::Announcement.name()))?;
    let secret = read_secret(&private)?;
    let covariates = std::fs::read(private.join(COVARIATES)).ok();
    let revealed =
        reveal(&announcement, &secret, value, covariates.as_deref(), &beacon::is_signature)
            .map_err(|error| match error {
                RevealError::Announcement(refused) => refuse(&refused),
                other => Failure::policy(draw_words::reveal(&other)),
            })?;
    let leaves = read_file(&public.join(File::Leaves.name()))?;
    let drawn = compute(&announcement, &leaves, &revealed, &beacon::is_signature)
        .map_err(|refused| refuse(&refused))?;
    let result_csv = drawn.csv();
    let mut assignments =
        assignments(&drawn, &private_ids(&read_file(&private.join("private.csv"))?))?;
    announce::complete(&pilot, open, covariates.is_some(), &mut assignments)?;
    let (reveal_path, result_path) =
        (public.join(File::Reveal.name()), public.join(File::Result.name()));
    check_once(&reveal_path, &revealed)?;
    check_once(&result_path, &result_csv)?;
    let result = DrawResult {
        draw: number,
        drawn_on: None,
        reveal_sha256: sha256_hex(&revealed),
        result_sha256: sha256_hex(&result_csv),
    };
    pilot
        .record_draw(&context.stamp(), &result, &assignments, || {
            files::write_once(&reveal_path, &revealed)?;
            files::write_once(&result_path, &result_csv)
        })
        .map_err(|error| words::store(&error))?;
    write_assignments(context, &pilot)?;
    Ok(answer(open, &assignments))
}

fn beacon_value(value: Option<&str>, seed: Option<&str>) -> Result<BeaconValue, Failure> {
    match (value, seed) {
        (Some(value), _) => Ok(BeaconValue::Witnessed(value.to_owned())),
        (None, Some(seed)) => hex_32(seed).map(BeaconValue::Seed).ok_or_else(|| {
            Failure::policy(Text::new(
                "--seed må være 64 heksadesimale sifre",
                "--seed must be 64 hexadecimal digits",
            ))
        }),
        (None, None) => Err(Failure::CouldNotRun {
            message: Text::new(
                "si hva som ble lest opp med --value, eller øvelsens frø med --seed",
                "say what was read out with --value, or the rehearsal's seed with --seed",
            ),
            hint: None,
        }),
    }
}

fn folders(context: &Context, number: i64) -> (std::path::PathBuf, std::path::PathBuf) {
    (context.path(format!("draws/{number:04}")), context.path(format!("private/{number:04}")))
}

fn read_secret(private: &Path) -> Result<Secret, Failure> {
    let bytes = read_file(&private.join("secret"))?;
    let text = String::from_utf8(bytes).unwrap_or_default();
    hex_32(text.trim()).map(Secret).ok_or_else(|| {
        Failure::policy(Text::new("hemmeligheten kan ikke leses", "the secret can't be read"))
    })
}

/// A reveal stands for ever: the same bytes may be there already (after a crash), others never.
fn check_once(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    match std::fs::read(path) {
        Ok(there) if there != bytes => {
            let shown = path.display().to_string();
            Err(Failure::policy(say!(
                "`{shown}` finnes alt med et annet innhold: trekningen er avslørt",
                "`{shown}` is there already with other bytes: the draw has been revealed"
            )))
        }
        _ => Ok(()),
    }
}

/// Unit ids by leaf, from the private list, whose form has been checked.
pub(super) fn private_ids(private: &[u8]) -> BTreeMap<String, String> {
    let text = String::from_utf8_lossy(private);
    let row = |line: &str| {
        let mut fields = line.split(',').skip(1);
        let (leaf, _salt, id) = (fields.next()?, fields.next()?, fields.next()?);
        Some((leaf.to_owned(), id.to_owned()))
    };
    text.lines().skip(1).filter_map(row).collect()
}

/// The result as assignments of families, with the exact probability of each one's arm.
pub(super) fn assignments(
    drawn: &Drawn,
    ids: &BTreeMap<String, String>,
) -> Result<Vec<Assignment>, Failure> {
    let design = &drawn.design;
    let assignment = |row: &lodd_draw::Row| {
        let (block, arm) = (row.block as usize, usize::from(row.arm));
        let unit_id = ids.get(&row.leaf_hex()).cloned().ok_or_else(|| {
            Failure::policy(Text::new(
                "den private listen har ikke alle familiene i `leaves.csv`",
                "the private list does not have all families of `leaves.csv`",
            ))
        })?;
        Ok(Assignment {
            unit_kind: DrawnKind::Family,
            unit_id,
            block: design.blocks().get(block).map_or_else(String::new, |it| it.label.clone()),
            ordinal: Some(i64::from(row.ordinal)),
            ticket: Some(row.ticket_hex()),
            rank: Some(i64::from(row.rank)),
            probability: design.probability(block, arm).map(|it| it.to_string()),
            arm: design.arms().get(arm).cloned().unwrap_or_default(),
        })
    };
    drawn.rows.iter().map(assignment).collect()
}

/// Writes `out/assignments.parquet` of all draws that have ended.
pub(super) fn write_assignments(
    context: &Context,
    pilot: &lodd_store::Pilot,
) -> Result<(), Failure> {
    let table = pilot.assignments_table().map_err(|error| words::store(&error))?;
    tables::write(context, &schema::ASSIGNMENTS, &table, Vec::new()).map(drop)
}

/// How many are in each arm, in the order of the protocol.
pub(super) fn counts(arms: &[String], assignments: &[Assignment]) -> Vec<(String, usize)> {
    arms.iter()
        .map(|arm| (arm.clone(), assignments.iter().filter(|it| it.arm == *arm).count()))
        .collect()
}

fn answer(draw: &Draw, assignments: &[Assignment]) -> Answer {
    let number = draw.draw;
    let counts = counts(&draw.arms, assignments);
    let arms = counts.iter().map(|(arm, n)| format!("{arm} {n}")).collect::<Vec<_>>().join(", ");
    let mut lines =
        vec![say!("Trekning {number} er gjort: {arms}.", "Draw {number} is made: {arms}.")];
    lines.extend(stamp_of(std::slice::from_ref(draw)));
    lines.push(say!(
        "  Publiser draws/{number:04}. Hvem som helst kan kontrollere den: lodd draw verify draws/{number:04}",
        "  Publish draws/{number:04}. Anyone can verify it: lodd draw verify draws/{number:04}"
    ));
    let text = Text::lines(lines);
    let arms: serde_json::Map<String, serde_json::Value> =
        counts.into_iter().map(|(arm, n)| (arm, json!(n))).collect();
    let json = json!({ "draw": number, "dir": format!("draws/{number:04}"), "arms": arms, "origin": draw.origin.code() });
    Answer::new(text, json)
}
