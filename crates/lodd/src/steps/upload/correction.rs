//! The file that goes back to the office after a delivery of which something is held.

use std::path::{Path, PathBuf};

use lodd_intake::{
    Expectations, Held, form,
    write::{self, Form},
};
use lodd_store::files;

use super::super::{Context, file_name, template};
use crate::{
    answer::Answer,
    contained::contained,
    problem::{Failure, Place, Problem, Severity},
    protocol::Protocol,
    reading,
    text::{Text, say},
};

/// Writes `…_retting.xlsx` beside the delivered file where something is held, and adds to the answer
/// where it is, or why it could not be written: what was delivered is stored all the same.
pub(super) fn add(
    answer: &mut Answer,
    context: &Context,
    known: (&Protocol, &Expectations),
    delivered: (&Path, bool),
    held: &[Held],
) {
    match write(context, known, delivered, held) {
        Ok(None) => {}
        Ok(Some(path)) => {
            let name = file_name(&path);
            let line = say!(
                "  det som er på vent, står i `{name}`: rett det der og lever den filen",
                nn "  det som er på vent, står i `{name}`: rett det der og lever den fila",
                "  what is held stands in `{name}`: mend it there and deliver that file"
            );
            answer.text = Text::lines([std::mem::take(&mut answer.text), line]);
            if let Some(json) = answer.json.as_object_mut() {
                json.insert("correction".to_owned(), path.display().to_string().into());
            }
        }
        Err(problem) => answer.problems.push(*problem),
    }
}

/// Writes the file, and says where; nothing where nothing is held. A file of that name that is not one of ours is left alone; `again` says that the
/// delivery was known, so that one of ours may be half mended and is left alone too.
///
/// # Errors
///
/// The warning to show.
fn write(
    context: &Context,
    (protocol, expect): (&Protocol, &Expectations),
    (delivered, again): (&Path, bool),
    held: &[Held],
) -> Result<Option<PathBuf>, Box<Problem>> {
    if held.is_empty() {
        return Ok(None);
    }
    let path = beside(delivered);
    if path.exists() {
        if again {
            return Ok(Some(path));
        }
        if !is_ours(&path) {
            let name = file_name(&path);
            return Err(warning(say!(
                "`{name}` finnes fra før og er ikke skrevet av lodd; flytt den og lever på nytt for å få rettingsfilen",
                nn "`{name}` finst frå før og er ikkje skriven av lodd; flytt henne og lever på nytt for å få rettingsfila",
                "`{name}` is there and was not written by lodd; move it and deliver again to get the file to mend"
            )));
        }
    }
    let bytes = bytes(context, (protocol, expect), held)?;
    files::write_atomically(&path, &bytes).map_err(|error| failed(&error.to_string()))?;
    Ok(Some(path))
}

/// The file's bytes.
///
/// # Errors
///
/// The warning to show.
pub(super) fn bytes(
    context: &Context,
    (protocol, expect): (&Protocol, &Expectations),
    held: &[Held],
) -> Result<Vec<u8>, Box<Problem>> {
    let office = expect.office.as_deref().unwrap_or_default();
    let form = template::form(context, protocol, expect);
    let form = Form { office_name: protocol.office_name(office), ..form };
    contained(|| write::correction(&form, held))
        .map_err(|error| failed(&error.to_string()))?
        .map_err(|error| failed(&error.to_string()))
}

fn failed(why: &str) -> Box<Problem> {
    warning(say!(
        "filen er lagret, men rettingsfilen kunne ikke skrives: {why}",
        nn "fila er lagra, men rettingsfila kunne ikkje skrivast: {why}",
        "the file is stored, but the file to mend could not be written: {why}"
    ))
}

fn beside(delivered: &Path) -> PathBuf {
    let stem = delivered.file_stem().map(|it| it.to_string_lossy().into_owned());
    delivered.with_file_name(format!("{}_retting.xlsx", stem.unwrap_or_default()))
}

/// Whether a file says that it is one of these. It is read as any file of an office.
fn is_ours(path: &Path) -> bool {
    let read = || -> Result<bool, Failure> {
        let bytes = reading::bytes(path)?;
        let book = reading::workbook(&file_name(path), &bytes)?;
        Ok(book.is_ok_and(|book| form::is_correction(&book.sheets)))
    };
    read().unwrap_or(false)
}

fn warning(message: Text) -> Box<Problem> {
    let severity = Severity::Warning;
    Box::new(Problem { severity, ..Problem::new(Place::default(), message) })
}
