//! `lodd draw reveal`: the beacon's value, and with it the draw.

mod value;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use lodd_draw::{
    Announcement, Beacon, BeaconValue, Drawn, File, RevealError, Secret, compute, reveal,
};
use lodd_panel::day_number;
use lodd_store::{
    files,
    pilot::{Assignment, Draw, DrawResult, DrawStatus, DrawnKind},
    schema,
};
use serde_json::json;

pub(crate) use value::Given;

use super::{
    Context, after,
    announce::{self, COVARIATES},
    draw_words, offer, read_file, stamp_of, tables,
    verify::refuse,
    words,
};
use crate::{
    answer::Answer,
    beacon::{self, times},
    clock::oslo_date,
    hash::{hex_32, sha256_hex},
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

/// Reveals the open draw with the value that its beacon gave.
///
/// # Errors
///
/// Refused when no draw is open, or the value is not what was announced; nothing is written then.
pub(crate) fn run(context: &Context, given: &Given) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let open = open_draw(&draws)?;
    let (public, private) = folders(context, open.draw);
    let announcement = read_announcement(open, &public)?;
    let announced = Announcement::parse(&announcement).map_err(|refused| refuse(&refused))?;
    value::check_in_time(&announced.beacon, open, protocol.draw.lead_minutes())?;
    check_not_void(&public)?;
    let value = value::value(context, &announced, given)?;
    let drawn_on = drawn_on(&announced.beacon)?;
    let revealed = revealed(&announcement, &announced, &private, value)?;
    let leaves = read_file(&public.join(File::Leaves.name()))?;
    let drawn = compute(&announcement, &leaves, &revealed, &beacon::is_signature)
        .map_err(|refused| refuse(&refused))?;
    let csv = drawn.csv();
    let mut assignments =
        assignments(&drawn, &private_ids(&read_file(&private.join("private.csv"))?))?;
    announce::complete(&pilot, open, announced.constraint.is_some(), &mut assignments)?;
    let (reveal_path, result_path) =
        (public.join(File::Reveal.name()), public.join(File::Result.name()));
    check_once(&reveal_path, &revealed)?;
    check_once(&result_path, &csv)?;
    let result = DrawResult {
        draw: open.draw,
        drawn_on,
        reveal_sha256: sha256_hex(&revealed),
        result_sha256: sha256_hex(&csv),
    };
    pilot
        .record_draw(&context.stamp(), &result, &assignments, || {
            files::write_once(&reveal_path, &revealed)?;
            files::write_once(&result_path, &csv)
        })
        .map_err(|error| words::store(&error))?;
    write_assignments(context, &pilot)?;
    Ok(after::tell(context, &pilot, &protocol, open.draw, answer(open, &assignments)))
}

/// The draw that is announced and not finished.
pub(super) fn open_draw(draws: &[Draw]) -> Result<&Draw, Failure> {
    draws.iter().find(|it| it.status == DrawStatus::Open).ok_or_else(|| {
        Failure::policy_with(
            Text::new("ingen trekning er åpen", "no draw is open").nn("inga trekking er open"),
            Text::new(
                "kunngjør en med `lodd draw announce`",
                "announce one with `lodd draw announce`",
            )
            .nn("kunngjer ei med `lodd draw announce`"),
        )
    })
}

/// The announcement as it was locked: another one in its place is refused.
pub(super) fn read_announcement(open: &Draw, public: &Path) -> Result<Vec<u8>, Failure> {
    let path = public.join(File::Announcement.name());
    let bytes = read_file(&path)?;
    let (expected, found) =
        (open.announcement_sha256.clone().unwrap_or_default(), sha256_hex(&bytes));
    if expected == found {
        return Ok(bytes);
    }
    let problem = Problem::new(
        Place::file(&path),
        Text::new(
            "er ikke kunngjøringen som ble ført",
            "is not the announcement that was recorded",
        )
        .nn("er ikkje kunngjeringa som vart ført"),
    );
    Err(Failure::refused(
        Text::new("kunngjøringen er endret", "the announcement was changed")
            .nn("kunngjeringa er endra"),
        vec![
            problem.expected(expected, found).fix(
                Text::new(
                    "hent filen tilbake fra der den ble publisert",
                    "take the file back from where it was published",
                )
                .nn("hent fila tilbake frå der ho vart publisert"),
            ),
        ],
    ))
}

/// A draw that was given up, by a run that was stopped before its entry, has no result.
fn check_not_void(public: &Path) -> Result<(), Failure> {
    if !public.join(File::Void.name()).exists() {
        return Ok(());
    }
    Err(Failure::policy_with(
        Text::new(
            "trekningen er annullert: `void.json` er skrevet",
            "the draw is void: `void.json` is written",
        )
        .nn("trekkinga er annullert: `void.json` er skriven"),
        Text::new("fullfør med `lodd draw void`", "finish it by `lodd draw void`")
            .nn("fullfør med `lodd draw void`"),
    ))
}

/// The date in Oslo of the beacon's round; `None`, the date of the entry, for other beacons.
fn drawn_on(beacon: &Beacon) -> Result<Option<i32>, Failure> {
    let Beacon::Drand { round } = beacon else { return Ok(None) };
    let at = times::time_of(*round)
        .ok_or_else(|| Failure::internal("round", "beyond what a clock can tell"))?;
    Ok(i32::try_from(day_number(oslo_date(at)?)).ok())
}

/// The bytes of `reveal.json`.
fn revealed(
    announcement: &[u8],
    announced: &Announcement,
    private: &Path,
    value: BeaconValue,
) -> Result<Vec<u8>, Failure> {
    let secret = read_secret(private)?;
    let covariates = match announced.constraint {
        Some(_) => Some(read_file(&private.join(COVARIATES))?),
        None => None,
    };
    reveal(announcement, &secret, value, covariates.as_deref(), &beacon::is_signature).map_err(
        |error| match error {
            RevealError::Announcement(refused) | RevealError::Covariates(refused) => {
                refuse(&refused)
            }
            RevealError::NoneAccepted { .. } => Failure::policy_with(
                draw_words::reveal(&error),
                Text::new(
                    "kjør `lodd draw void --reason …`, og kunngjør på nytt med en rommeligere grense",
                    "run `lodd draw void --reason …`, and announce again with a wider limit",
                ).nn("køyr `lodd draw void --reason …`, og kunngjer på nytt med ei romslegare grense"),
            ),
            other => Failure::policy(draw_words::reveal(&other)),
        },
    )
}

/// The public and the private folder of a draw.
pub(super) fn folders(context: &Context, number: i64) -> (PathBuf, PathBuf) {
    (context.path(format!("draws/{number:04}")), context.path(format!("private/{number:04}")))
}

pub(super) fn read_secret(private: &Path) -> Result<Secret, Failure> {
    let bytes = read_file(&private.join("secret"))?;
    let text = String::from_utf8(bytes).unwrap_or_default();
    hex_32(text.trim()).map(Secret).ok_or_else(|| {
        Failure::policy(
            Text::new("hemmeligheten kan ikke leses", "the secret can't be read")
                .nn("løyndomen kan ikkje lesast"),
        )
    })
}

/// A reveal stands for ever: the same bytes may be there already (after a crash), others never.
fn check_once(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    match std::fs::read(path) {
        Ok(there) if there != bytes => {
            let shown = path.display().to_string();
            Err(Failure::policy(say!(
                "`{shown}` finnes alt med et annet innhold: trekningen er avslørt",
                nn "`{shown}` finst alt med eit anna innhald: trekkinga er avslørt",
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
            Failure::policy(
                Text::new(
                    "den private listen har ikke alle familiene i `leaves.csv`",
                    "the private list does not have all families of `leaves.csv`",
                )
                .nn("den private lista har ikkje alle familiane i `leaves.csv`"),
            )
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

/// Writes `out/assignments.parquet` and `out/offers.parquet` of all draws that have ended.
pub(super) fn write_assignments(
    context: &Context,
    pilot: &lodd_store::Pilot,
) -> Result<(), Failure> {
    let table = pilot.assignments_table().map_err(|error| words::store(&error))?;
    tables::write(context, &schema::ASSIGNMENTS, &table, Vec::new())?;
    offer::write_log(context, pilot)
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
    let mut lines = vec![say!(
        "Trekning {number} er gjort: {arms}.",
        nn "Trekking {number} er gjord: {arms}.",
        "Draw {number} is made: {arms}."
    )];
    lines.extend(stamp_of(std::slice::from_ref(draw)));
    lines.push(say!(
        "  Publiser draws/{number:04}. Hvem som helst kan kontrollere den: lodd draw verify draws/{number:04}",
        nn "  Publiser draws/{number:04}. Kven som helst kan kontrollere ho: lodd draw verify draws/{number:04}",
        "  Publish draws/{number:04}. Anyone can verify it: lodd draw verify draws/{number:04}"
    ));
    let text = Text::lines(lines);
    let arms: serde_json::Map<String, serde_json::Value> =
        counts.into_iter().map(|(arm, n)| (arm, json!(n))).collect();
    let json = json!({ "draw": number, "dir": format!("draws/{number:04}"), "arms": arms, "origin": draw.origin.code() });
    Answer::new(text, json)
}
