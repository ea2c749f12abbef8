//! `lodd draw slip`: what a family needs to check its own place and ticket.

mod page;

use std::path::Path;

use lodd_draw::{Announcement, DrawFiles, File, Secret, SlipError, check_slip, slip};
use lodd_store::{
    Pilot, files,
    pilot::{Draw, DrawStatus},
};
use serde_json::json;

use super::{
    Context, offer, read_file,
    reveal::folders,
    stamp_of,
    verify::{Folder, refuse},
    words,
};
use crate::{
    answer::Answer,
    beacon,
    hash::hex_32,
    problem::Failure,
    text::{Lang, Text, say},
};

/// Writes the slip of a unit to stdout, or with its page in three languages into a folder.
///
/// # Errors
///
/// Refused when the unit is on no list that has been drawn, the draw's files do not verify, or it is
/// a family that waits on the list while a place is offered: the slip has its rank.
pub(crate) fn run(
    context: &Context,
    unit: &str,
    number: Option<i64>,
    out: Option<&Path>,
) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let draw = drawn_with(&pilot, unit, number)?;
    offer::check_told(&pilot, draw.draw, unit)?;
    let (public, private) = folders(context, draw.draw);
    let folder = Folder::read(&public)?;
    let salt = salt(&read_file(&private.join("private.csv"))?, unit)?;
    let bytes = write(&folder.files(), unit, &salt)?;
    let Some(out) = out else {
        return Ok(Answer { raw: Some(bytes), ..Answer::default() });
    };
    check_private(context, out)?;
    let checked = check_slip(&bytes, &folder.files(), &beacon::is_signature).slip;
    let announcement = folder.announcement.as_deref().unwrap_or_default();
    let announced = Announcement::parse(announcement).map_err(|refused| refuse(&refused))?;
    let Some(checked) = checked else {
        return Err(Failure::internal("slip", "its own check can't read it"));
    };
    let of = page::Of { slip: &checked, announced: &announced, protocol: &protocol };
    let name = file_name(unit);
    let mut all = vec![(format!("{name}.json"), bytes)];
    for (lang, code) in [(Lang::Nb, "nb"), (Lang::Nn, "nn"), (Lang::En, "en")] {
        all.push((format!("{name}.{code}.html"), page::html(lang, &of)?.into_bytes()));
    }
    files::create_dir(out).map_err(|error| words::file(&error))?;
    for (name, bytes) in &all {
        files::write_private(&out.join(name), bytes).map_err(|error| words::file(&error))?;
    }
    Ok(answer(&draw, unit, out, &all))
}

/// The draw that is asked for, or the last one that has the unit on its list and has been drawn.
fn drawn_with(pilot: &Pilot, unit: &str, number: Option<i64>) -> Result<Draw, Failure> {
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let asked = draws.into_iter().rev().filter(|it| number.is_none_or(|n| it.draw == n));
    for draw in asked.filter(|it| matches!(it.status, DrawStatus::Drawn | DrawStatus::Imported)) {
        let units = pilot.draw_units(draw.draw).map_err(|error| words::store(&error))?;
        if draw.announcement_sha256.is_some() && units.iter().any(|it| it.unit_id == unit) {
            return Ok(draw);
        }
        let linked = pilot.linked_families(draw.draw).map_err(|error| words::store(&error))?;
        if let Some(lead) = linked.get(unit) {
            return Err(Failure::policy_with(
                say!(
                    "`{unit}` er trukket sammen med `{lead}`",
                    "`{unit}` was drawn together with `{lead}`"
                ),
                say!(
                    "lappen er felles: `lodd draw slip {lead}`",
                    "the slip is one for both: `lodd draw slip {lead}`"
                ),
            ));
        }
    }
    Err(Failure::policy(say!(
        "`{unit}` står ikke på listen for noen trekning som er gjort her",
        "`{unit}` is not on the list of any draw that has been made here"
    )))
}

/// A unit's salt, from the private list (`block,leaf,salt,id`).
fn salt(private: &[u8], unit: &str) -> Result<Secret, Failure> {
    let text = String::from_utf8_lossy(private);
    let of = |line: &str| {
        let mut fields = line.split(',').skip(2);
        let (salt, id) = (fields.next()?, fields.next()?);
        (id == unit).then(|| hex_32(salt)).flatten()
    };
    text.lines().skip(1).find_map(of).map(Secret).ok_or_else(|| {
        Failure::policy(say!(
            "`{unit}` står ikke på den private listen",
            "`{unit}` is not on the private list"
        ))
    })
}

fn write(files: &DrawFiles<'_>, unit: &str, salt: &Secret) -> Result<Vec<u8>, Failure> {
    slip(files, unit, salt, &beacon::is_signature).map_err(|error| match error {
        SlipError::Files(refused) => refuse(&refused),
        SlipError::NotOnTheList => Failure::policy(say!(
            "`{unit}` står ikke på den låste listen",
            "`{unit}` is not on the locked list"
        )),
        other => Failure::internal("slip", other),
    })
}

/// A slip is the family's own, and has no place among what is published.
fn check_private(context: &Context, out: &Path) -> Result<(), Failure> {
    let public = context.path("draws").canonicalize().ok();
    let above = out.ancestors().find_map(|it| it.canonicalize().ok());
    if public.zip(above).is_some_and(|(public, out)| out.starts_with(&public)) {
        return Err(Failure::policy(Text::new(
            "en lapp er familiens egen, og kan ikke legges i draws, som publiseres",
            "a slip is the family's own, and can't be put into draws, which is published",
        )));
    }
    Ok(())
}

/// `slip-RIN-ABC`; what no file name should hold becomes `_`.
fn file_name(unit: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || c == '-' || c == '_' { c } else { '_' };
    format!("slip-{}", unit.chars().map(safe).collect::<String>())
}

fn answer(draw: &Draw, unit: &str, out: &Path, all: &[(String, Vec<u8>)]) -> Answer {
    let (number, out) = (draw.draw, out.display().to_string());
    let names: Vec<&str> = all.iter().map(|(name, _)| name.as_str()).collect();
    let shown = names.join(", ");
    let mut lines = vec![say!(
        "Lappen for `{unit}` i trekning {number} ligger i `{out}`: {shown}",
        "The slip of `{unit}` in draw {number} is in `{out}`: {shown}"
    )];
    lines.extend(stamp_of(std::slice::from_ref(draw)));
    let json = json!({
        "draw": number,
        "unit": unit,
        "dir": out,
        "files": names,
        "origin": draw.origin.code(),
        "announcement_file": File::Announcement.name(),
    });
    Answer::new(Text::lines(lines), json)
}
