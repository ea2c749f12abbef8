//! `lodd roster import`: families, members, months and facts, all files together or none.

use std::path::{Path, PathBuf};

use serde_json::json;

use super::{Context, file_name, intake, words};
use crate::{
    answer::Answer,
    hash::sha256_hex,
    problem::Failure,
    reading,
    text::{Text, count, say},
};

/// Imports a roster.
///
/// # Errors
///
/// Refused with everything that is wrong in any of the files; nothing is written then.
pub(crate) fn import(context: &Context, files: &[PathBuf]) -> Result<Answer, Failure> {
    let protocol = crate::protocol::read(&context.dir)?;
    let read = |path: &PathBuf| Ok((file_name(path), reading::bytes(path)?));
    let read: Vec<(String, Vec<u8>)> = files.iter().map(read).collect::<Result<_, Failure>>()?;
    // Checked before the store is made: a file that is refused leaves nothing behind.
    let expect = if Path::exists(&context.path("pilot.sqlite")) {
        let pilot = context.pilot()?;
        context.protocol(&pilot)?;
        intake::expectations(context, &pilot, &protocol, None)?
    } else {
        intake::first_expectations(context, &protocol)?
    };
    let books = read.iter().map(|(name, bytes)| reading::workbook(name, bytes));
    let books: Vec<Result<_, _>> = books.collect::<Result<_, Failure>>()?;
    let roster = lodd_intake::roster_in(books, &expect).map_err(|findings| {
        let n = findings.codes().map(|(_, n)| n).sum::<usize>();
        Failure::refused(
            say!(
                "familielisten har {n} feil, ingenting er lagret",
                nn "familielista har {n} feil, ingenting er lagra",
                "the roster has {n} mistakes, nothing was stored"
            ),
            intake::problems(&findings),
        )
    })?;
    let problems = intake::problems(&roster.findings);
    let (families, members) = (roster.families.len(), roster.members.len());
    let hashes: Vec<String> = read.iter().map(|(_, bytes)| sha256_hex(bytes)).collect();
    let rows = intake::roster_rows(roster, &protocol);
    let mut pilot = context.pilot_or_new()?;
    let receipt = pilot
        .import_roster(&context.stamp(), &rows, &hashes)
        .map_err(|error| words::store(&error))?;
    let (shown_families, shown_members) = (count(families), count(members));
    let (new, changed, unchanged) =
        (count(receipt.new), count(receipt.changed), count(receipt.unchanged));
    let text = Text::lines([
        say!(
            "Listen er lest: {shown_families} familier, {shown_members} medlemmer.",
            nn "Lista er lesen: {shown_families} familiar, {shown_members} medlemmer.",
            "The roster is read: {shown_families} families, {shown_members} members."
        ),
        say!(
            "  rader: {new} nye, {changed} endret, {unchanged} uendret",
            nn "  rader: {new} nye, {changed} endra, {unchanged} uendra",
            "  rows: {new} new, {changed} changed, {unchanged} unchanged"
        ),
    ]);
    let json = json!({
        "families": families,
        "members": members,
        "new": receipt.new,
        "changed": receipt.changed,
        "unchanged": receipt.unchanged,
        "entry": receipt.entry.map(|it| it.seq),
    });
    Ok(Answer { problems, ..Answer::new(text, json) })
}
