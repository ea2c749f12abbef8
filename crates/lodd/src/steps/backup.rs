//! `lodd backup` and `lodd restore`: copies of a pilot, verified.

use std::path::Path;

use lodd_store::{
    backup::{self, BackupError, Copied},
    checksums::Difference,
    vault::keyfile,
};
use serde_json::{Value, json};

use super::{Context, ledger, words};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem},
    text::{Text, count, say},
};

/// Copies the pilot into a new folder, while others may go on writing.
///
/// # Errors
///
/// Refused when the folder is there, or the copy does not verify; nothing is left behind then.
pub(crate) fn back_up(context: &Context, to: &Path, with_keys: bool) -> Result<Answer, Failure> {
    let keys = keyfile::default_folder(&context.dir);
    let copied = backup::back_up(&context.dir, &keys, to, with_keys).map_err(|it| failure(&it))?;
    let (shown, n) = (to.display().to_string(), count(copied.files));
    let mut lines = vec![
        say!(
            "Sikkerhetskopien i `{shown}` er laget og kontrollert: {n} filer.",
            "The backup in `{shown}` is made and verified: {n} files."
        ),
        at(&copied),
    ];
    lines.push(if with_keys {
        Text::new(
            "  Kontorenes nøkler er med: den som har kopien, kan lese det familiene har svart.",
            "  The offices' keys are in it: whoever has the copy can read what families said.",
        )
    } else {
        Text::new(
            "  Kontorenes nøkler er ikke med (--with-keys): ta vare på dem for seg, uten dem er det familiene har svart borte.",
            "  The offices' keys are not in it (--with-keys): keep them apart, without them what families said is lost.",
        )
    });
    Ok(Answer::new(Text::lines(lines), json(to, &copied)))
}

/// Brings a backup back into the pilot's folder, which must be empty or not there.
///
/// # Errors
///
/// Refused when the backup is damaged or does not verify, or there is something in the folder.
pub(crate) fn restore(context: &Context, from: &Path) -> Result<Answer, Failure> {
    let copied = backup::restore(from, &context.dir, None).map_err(|it| failure(&it))?;
    let shown = context.dir.display().to_string();
    let mut lines = vec![
        say!(
            "Piloten er tatt tilbake til `{shown}` og kontrollert.",
            "The pilot is brought back to `{shown}` and verified."
        ),
        at(&copied),
        Text::new(
            "  Det som ble ført etter det, er ikke med: last opp på nytt det kontorene har nyere kvittering for.",
            "  What was recorded after that is not in it: upload again what offices hold a later receipt for.",
        ),
    ];
    if !copied.audit.unchecked.is_empty() {
        let n = count(copied.audit.unchecked.len());
        lines.push(say!(
            "  Legg kontorenes nøkler i private/keys, og kjør `lodd ledger verify`: rader om {n} familier er ikke kontrollert uten dem.",
            "  Put the offices' keys into private/keys, and run `lodd ledger verify`: rows about {n} families are not checked without them."
        ));
    }
    Ok(Answer::new(Text::lines(lines), json(&context.dir, &copied)))
}

fn at(copied: &Copied) -> Text {
    match &copied.head {
        Some(head) => {
            let (seq, hash) = (head.seq, &head.hash);
            say!(
                "  Den står ved innslag {seq}, hash {hash}",
                "  It stands at entry {seq}, hash {hash}"
            )
        }
        None => Text::new("  Ingenting er ført i den ennå", "  Nothing is recorded in it yet"),
    }
}

fn json(dir: &Path, copied: &Copied) -> Value {
    json!({
        "dir": dir.display().to_string(),
        "sequence": copied.head.as_ref().map(|it| it.seq),
        "head": copied.head.as_ref().map(|it| &it.hash),
        "files": copied.files,
        "with_keys": copied.with_keys,
        "unchecked": copied.audit.unchecked,
    })
}

/// What is refused, and what could not run.
fn failure(error: &BackupError) -> Failure {
    match error {
        BackupError::Exists { path } => {
            let shown = path.display().to_string();
            Failure::policy_with(
                say!("`{shown}` finnes fra før", "`{shown}` is there already"),
                Text::new("velg en ny mappe", "choose a new folder"),
            )
        }
        BackupError::NoBackup { path } => {
            let shown = path.display().to_string();
            Failure::policy(say!(
                "`{shown}` er ingen sikkerhetskopi av en pilot",
                "`{shown}` is no backup of a pilot"
            ))
        }
        BackupError::NotEmpty { path } => {
            let shown = path.display().to_string();
            Failure::policy_with(
                say!("mappen `{shown}` er ikke tom", "the folder `{shown}` is not empty"),
                Text::new("velg en ny mappe med --pilot", "choose a new folder by --pilot"),
            )
        }
        BackupError::PilotThere { path, there, backup } => {
            let shown = path.display().to_string();
            Failure::policy_with(
                say!(
                    "det er alt en pilot i `{shown}`, ved innslag {there}; kopien står ved innslag {backup}",
                    "there is a pilot in `{shown}` already, at entry {there}; the backup stands at entry {backup}"
                ),
                Text::new(
                    "en pilot skrives aldri over: ta kopien tilbake til en ny mappe med --pilot",
                    "a pilot is never written over: bring the backup back to a new folder by --pilot",
                ),
            )
        }
        BackupError::Damaged { path, differences } => damaged(path, differences),
        BackupError::NotVerified { faults } => ledger::not_verified(faults),
        BackupError::Store(error) => words::store(error),
        BackupError::File(error) => words::file(error),
        other => Failure::internal("backup", other),
    }
}

fn damaged(path: &Path, differences: &[Difference]) -> Failure {
    let (shown, n) = (path.display().to_string(), differences.len());
    let problem = |it: &Difference| {
        let place = Place { file: Some(it.path.clone()), ..Place::default() };
        let message = Text::new(
            "er ikke som da kopien ble laget",
            "is not as it was when the backup was made",
        );
        let found = it.found.as_deref().unwrap_or("none");
        Problem::new(place, message).expected(&*it.expected, found)
    };
    Failure::refused(
        say!(
            "kopien i `{shown}` er skadet: {n} filer",
            "the backup in `{shown}` is damaged: {n} files"
        ),
        differences.iter().map(problem).collect(),
    )
}
