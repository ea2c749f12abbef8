//! `lodd draw import`: an assignment made elsewhere, or a finished `lodd/1` folder.

use std::{collections::BTreeSet, path::Path};

use jiff::civil::Date;
use lodd_draw::{Announcement, Evidence, File, verify};
use lodd_panel::day_number;
use lodd_store::{
    Pilot,
    files::{self, FileError},
    pilot::{Assignment, Beacon, DrawImport, DrawnKind, Linking, Origin},
};
use serde_json::json;

use super::{
    Context, after, announce, draw_words, drawn, file_name, intake, read_file, reveal, screen,
    verify::Folder, words,
};
use crate::{
    answer::Answer,
    beacon,
    clock::date_text,
    hash::sha256_hex,
    problem::{Failure, Place, Problem},
    protocol::Protocol,
    reading,
    text::{Text, count, say},
};

/// Takes an assignment over.
///
/// # Errors
///
/// Refused when a folder does not verify, or the units are not the eligible families.
pub(crate) fn run(
    context: &Context,
    from: &Path,
    private: Option<&Path>,
    drawn_on: Option<&str>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    drawn::check(&protocol)?;
    let number =
        i64::try_from(pilot.draws().map_err(|error| words::store(&error))?.len()).unwrap_or(0) + 1;
    let (import, assignments, kept) = match (from.is_dir(), private, drawn_on) {
        (true, Some(private), Some(drawn_on)) => {
            folder(&pilot, &protocol, number, (from, private, drawn_on))?
        }
        (true, ..) => {
            return Err(Failure::CouldNotRun {
                message: Text::new(
                    "en trekningsmappe tas over med --private FIL og --drawn-on DATO",
                    "a draw folder is taken over with --private FILE and --drawn-on DATE",
                ),
                hint: None,
            });
        }
        (false, ..) => table(context, &pilot, &protocol, number, from)?,
    };
    pilot
        .record_import(&context.stamp(), &import, &assignments, || kept.write(context, number))
        .map_err(|error| words::store(&error))?;
    reveal::write_assignments(context, &pilot)?;
    let answer = answer(&import, &assignments)?;
    Ok(after::tell(context, &pilot, &protocol, number, answer))
}

type Taken = (DrawImport, Vec<Assignment>, Kept);

/// A csv of units, blocks, arms and dates.
fn table(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    number: i64,
    from: &Path,
) -> Result<Taken, Failure> {
    let (name, bytes) = (file_name(from), reading::bytes(from)?);
    let expect = intake::expectations(context, pilot, protocol, None)?;
    let rows = reading::workbook(&name, &bytes)?
        .and_then(|book| lodd_intake::assignment_in(book, &expect))
        .map_err(|findings| {
            let summary = say!(
                "tildelingen i `{name}` er ikke tatt over",
                "the assignment in `{name}` was not taken over",
                name = lodd_intake::shown_name(&name),
            );
            Failure::refused(summary, intake::problems(&findings))
        })?;
    let dates: BTreeSet<Date> = rows.iter().map(|row| row.drawn_on).collect();
    let drawn_on = match (dates.first(), dates.len()) {
        (Some(date), 1) => *date,
        _ => {
            return Err(Failure::policy(say!(
                "`{name}` må ha én dato: en trekning er gjort på én dag",
                "`{name}` must have one date: a draw is made on one day"
            )));
        }
    };
    let units = rows.iter().map(|row| row.unit_id.as_str()).collect();
    let linking = listed(pilot, protocol, drawn_on, (units, &name))?;
    let assignment = |row: &lodd_intake::Assigned| Assignment {
        unit_kind: DrawnKind::Family,
        unit_id: row.unit_id.clone(),
        block: row.block.clone(),
        ordinal: None,
        ticket: None,
        rank: None,
        arm: row.arm.clone(),
        probability: row.probability.map(|(top, bottom)| {
            if bottom == 1 { top.to_string() } else { format!("{top}/{bottom}") }
        }),
    };
    let import = DrawImport {
        draw: number,
        origin: Origin::Imported,
        beacon: None,
        arms: protocol.draw.labels(),
        drawn_on: day(drawn_on),
        shown_at_us: None,
        announcement_sha256: None,
        plan_sha256: Some(protocol.sha256()),
        reveal_sha256: None,
        result_sha256: sha256_hex(&bytes),
        linking,
    };
    // Rules and windows are frozen by an import as by a draw.
    let kept = Kept { public: vec![(File::Plan, protocol.bytes.clone())], list: None };
    Ok((import, rows.iter().map(assignment).collect(), kept))
}

/// A finished `lodd/1` folder, verified first, with its private list.
fn folder(
    pilot: &Pilot,
    protocol: &Protocol,
    number: i64,
    (from, private, drawn_on): (&Path, &Path, &str),
) -> Result<Taken, Failure> {
    let drawn_on: Date = drawn_on.parse().map_err(|_| {
        Failure::policy(say!(
            "--drawn-on må være en dato som 2015-08-31, fant `{drawn_on}`",
            "--drawn-on must be a date like 2015-08-31, found `{drawn_on}`"
        ))
    })?;
    let (files, list) = (Folder::read(from)?, read_file(private)?);
    let verdict = verify(
        &files.files(),
        &Evidence {
            previous: None,
            roster: Some(&list),
            covariates: None,
            check: &beacon::is_signature,
        },
    );
    let announced = match verdict.announcement {
        Some(announced) if verdict.ok && files.reveal.is_some() => announced,
        _ => {
            let shown = from.display().to_string();
            return Err(Failure::refused(
                say!(
                    "trekningen i `{shown}` er ikke tatt over: den stemmer ikke",
                    "the draw in `{shown}` was not taken over: it does not verify"
                ),
                verdict.findings.iter().map(draw_words::problem).collect(),
            ));
        }
    };
    check_folder(&announced, protocol, number, files.plan.as_deref())?;
    let (Some(announcement), Some(leaves), Some(revealed)) =
        (&files.announcement, &files.leaves, &files.reveal)
    else {
        return Err(Failure::policy(Text::new("mappen mangler filer", "the folder lacks files")));
    };
    let drawn = lodd_draw::compute(announcement, leaves, revealed, &beacon::is_signature)
        .map_err(|refused| super::verify::refuse(&refused))?;
    let assignments = reveal::assignments(&drawn, &reveal::private_ids(&list))?;
    let units = assignments.iter().map(|it| it.unit_id.as_str()).collect();
    let linking = listed(pilot, protocol, drawn_on, (units, &file_name(private)))?;
    let result_csv = drawn.csv();
    let rehearsal = announced.is_rehearsal();
    let import = DrawImport {
        draw: number,
        origin: if rehearsal { Origin::Rehearsal } else { Origin::Drawn },
        beacon: Beacon::from_code(announced.beacon.kind()),
        arms: announced.design.arms().to_vec(),
        drawn_on: day(drawn_on),
        shown_at_us: None,
        announcement_sha256: Some(sha256_hex(announcement)),
        plan_sha256: Some(sha256_hex(&protocol.bytes)),
        reveal_sha256: Some(sha256_hex(revealed)),
        result_sha256: sha256_hex(&result_csv),
        linking,
    };
    Ok((import, assignments, Kept::of(files, list, result_csv)))
}

/// The folder must be this pilot's next draw, under this very protocol.
fn check_folder(
    announced: &Announcement,
    protocol: &Protocol,
    number: i64,
    plan: Option<&[u8]>,
) -> Result<(), Failure> {
    let place = |file: File, field: &str| Place {
        file: Some(file.name().to_owned()),
        field: Some(field.to_owned()),
        ..Place::default()
    };
    let differs = Text::new("er ikke denne pilotens", "is not this pilot's");
    let mut problems = Vec::new();
    let mut check = |file, field: &str, expected: String, found: String| {
        if expected != found {
            problems
                .push(Problem::new(place(file, field), differs.clone()).expected(expected, found));
        }
    };
    check(File::Announcement, "pilot", protocol.label.clone(), announced.pilot.clone());
    check(File::Announcement, "draw", number.to_string(), announced.draw.to_string());
    check(
        File::Announcement,
        "arms",
        protocol.draw.labels().join(", "),
        announced.design.arms().join(", "),
    );
    check(File::Plan, "sha256", protocol.sha256(), plan.map(sha256_hex).unwrap_or_default());
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(
        Text::new(
            "trekningen hører ikke til denne piloten",
            "the draw does not belong to this pilot",
        ),
        problems,
    ))
}

/// Which families were drawn under another's id, where the units are those that would be drawn
/// here; else they must be the eligible families themselves, and each was drawn by itself.
fn listed(
    pilot: &Pilot,
    protocol: &Protocol,
    drawn_on: Date,
    (units, file): (BTreeSet<&str>, &str),
) -> Result<Linking, Failure> {
    if let Some(linking) = announce::of_units(pilot, protocol, drawn_on, &units) {
        return Ok(linking);
    }
    check_units(&screen::eligible(pilot, protocol)?, &units, file)?;
    Ok(Linking::default())
}

/// Those assigned must be those found eligible here, no more and no fewer.
fn check_units(
    eligible: &[(String, String)],
    units: &BTreeSet<&str>,
    file: &str,
) -> Result<(), Failure> {
    let eligible: BTreeSet<&str> = eligible.iter().map(|(family, _)| family.as_str()).collect();
    let problem = |unit: &&str, message: Text| {
        let place = Place {
            file: Some(file.to_owned()),
            unit: Some((*unit).to_owned()),
            ..Place::default()
        };
        let message = Text::new(format!("{unit} {}", message.nb), format!("{unit} {}", message.en));
        Problem::new(place, message)
    };
    let extra = units.difference(&eligible).map(|unit| {
        problem(
            unit,
            Text::new(
                "er trukket, men oppfyller ikke kriteriene",
                "was drawn, but is not eligible",
            ),
        )
    });
    let absent = eligible.difference(units).map(|unit| {
        problem(
            unit,
            Text::new(
                "oppfyller kriteriene, men er ikke trukket",
                "is eligible, but was not drawn",
            ),
        )
    });
    let problems: Vec<Problem> = extra.chain(absent).collect();
    if problems.is_empty() {
        return Ok(());
    }
    Err(Failure::refused(
        Text::new(
            "de trukne er ikke de som oppfyller kriteriene",
            "those drawn are not those eligible",
        ),
        problems,
    ))
}

/// What is copied into the pilot's own folders.
struct Kept {
    public: Vec<(File, Vec<u8>)>,
    /// The private list.
    list: Option<Vec<u8>>,
}

impl Kept {
    /// The files of a finished folder.
    fn of(folder: Folder, list: Vec<u8>, result: Vec<u8>) -> Self {
        let public = [
            (File::Plan, folder.plan),
            (File::Leaves, folder.leaves),
            (File::Announcement, folder.announcement),
            (File::Reveal, folder.reveal),
            (File::Result, Some(result)),
        ];
        let public = public.into_iter().map(|(file, bytes)| (file, bytes.unwrap_or_default()));
        Self { public: public.collect(), list: Some(list) }
    }

    fn write(&self, context: &Context, number: i64) -> Result<(), FileError> {
        let (public, private) = reveal::folders(context, number);
        if let Some(list) = &self.list {
            files::create_private_dir(&private)?;
            files::write_private(&private.join("private.csv"), list)?;
        }
        files::create_dir(&public)?;
        let mut all = self.public.iter();
        all.try_for_each(|(file, bytes)| files::write_atomically(&public.join(file.name()), bytes))
    }
}

fn day(date: Date) -> i32 {
    i32::try_from(day_number(date)).unwrap_or(i32::MAX)
}

fn answer(import: &DrawImport, assignments: &[Assignment]) -> Result<Answer, Failure> {
    let (number, n) = (import.draw, count(assignments.len()));
    let counts = reveal::counts(&import.arms, assignments);
    let arms = counts.iter().map(|(arm, n)| format!("{arm} {n}")).collect::<Vec<_>>().join(", ");
    let date = jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().days(import.drawn_on));
    let date = date_text(date.map_err(|error| Failure::internal("date", error))?);
    let (nb, en) = (date.nb, date.en);
    let how = match import.origin {
        Origin::Imported => Text::new(
            "IKKE TRUKKET HER: gjort et annet sted, tatt over som den er",
            "NOT DRAWN HERE: made elsewhere, taken over as it is",
        ),
        Origin::Rehearsal => Text::new(
            "kontrollert og tatt over; ØVELSE (REHEARSAL)",
            "verified and taken over; REHEARSAL",
        ),
        Origin::Drawn => Text::new("kontrollert og tatt over", "verified and taken over"),
    };
    let (how_nb, how_en) = (how.nb, how.en);
    let text = Text::lines([
        say!(
            "Trekning {number}: {n} familier, {arms} ({nb}).",
            "Draw {number}: {n} families, {arms} ({en})."
        ),
        say!("  {how_nb}", "  {how_en}"),
    ]);
    let arms: serde_json::Map<String, serde_json::Value> =
        counts.into_iter().map(|(arm, n)| (arm, json!(n))).collect();
    Ok(Answer::new(
        text,
        json!({ "draw": number, "origin": import.origin.code(), "units": assignments.len(), "arms": arms }),
    ))
}
