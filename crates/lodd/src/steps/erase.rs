//! `lodd family erase`: a family's key destroyed and its rows gone.

use std::fs;

use serde_json::json;

use super::{Context, key, offer::checked_reason, outputs, reveal, words};
use crate::{
    answer::Answer,
    problem::Failure,
    text::{Text, say},
};

/// Legal grounds that have a code: article 17(1) of the GDPR.
const GROUNDS: &[(&str, &str)] = &[
    ("FORMALET_OPPFYLT", "art. 17(1)(a)"),
    ("SAMTYKKE_TRUKKET", "art. 17(1)(b)"),
    ("INNSIGELSE", "art. 17(1)(c)"),
    ("ULOVLIG", "art. 17(1)(d)"),
    ("RETTSLIG_PLIKT", "art. 17(1)(e)"),
];

/// Erases a family. There is no way back, so it asks for `--yes`.
///
/// # Errors
///
/// Refused without `--yes`, when the family is unknown or erased, or the ground says too much.
pub(crate) fn run(
    context: &Context,
    family: &str,
    ground: &str,
    yes: bool,
) -> Result<Answer, Failure> {
    let ground = checked_reason(ground)?;
    let mut pilot = context.pilot()?;
    if !yes {
        return Err(Failure::policy_with(
            say!(
                "{family} blir slettet for alltid: nøkkelen ødelegges, og ingen kan lese det igjen",
                "{family} will be erased for ever: its key is destroyed, and nobody can read it again"
            ),
            Text::new("er du sikker, legg til --yes", "if you are sure, add --yes"),
        ));
    }
    let erased = pilot.erase_family(&context.stamp(), family, ground);
    let erased = erased.map_err(|error| words::store(&error))?;
    let derived = remove_derived(context)?;
    if !pilot.draws().map_err(|error| words::store(&error))?.is_empty() {
        reveal::write_assignments(context, &pilot)?;
    }
    let (rows, article) = (erased.rows, GROUNDS.iter().find(|(code, _)| *code == ground));
    let article = article.map_or(String::new(), |(_, article)| format!(" (GDPR {article})"));
    let mut lines = vec![
        say!(
            "{family} er slettet: {rows} rader og nøkkelen. Grunnlag: {ground}{article}",
            "{family} is erased: {rows} rows and the key. Ground: {ground}{article}"
        ),
        Text::new(
            "  Plassen i trekningen står. Lag panel, estimater og rapport på nytt; filene fra før er fjernet fra out/.",
            "  Its place in the draw stands. Make panel, estimates and report again; those from before are gone from out/.",
        ),
        Text::new(
            "  Igjen: saltet i private/, og eldre sikkerhetskopier til kontorets nøkkel er byttet (`lodd key rotate`).",
            "  What remains: the salt in private/, and older backups until the office's key is rotated (`lodd key rotate`).",
        ),
    ];
    if !erased.overwritten {
        lines.push(key::later());
    }
    let json = json!({
        "family": family,
        "ground": ground,
        "rows": rows,
        "derived_removed": derived,
        "overwritten": erased.overwritten,
        "seq": erased.entry.seq,
        "ledger_head": erased.entry.hash,
    });
    Ok(Answer::new(Text::lines(lines), json))
}

/// Takes away the derived files, which hold the family's values; returns how many.
fn remove_derived(context: &Context) -> Result<usize, Failure> {
    let out = context.path("out");
    let Ok(entries) = fs::read_dir(&out) else { return Ok(0) };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io(&out, &error))?;
        let path = entry.path();
        let derived =
            path.extension().is_some_and(|it| it == "parquet" || it == "html" || it == "xlsx");
        if derived && path.is_file() {
            names.extend(entry.file_name().into_string());
        }
    }
    names.extend(outputs::exported(context)?);
    outputs::remove(context, &names)?;
    Ok(names.len())
}
