//! `lodd kostra`: the office's KOSTRA file to monthly assistance and last contact, on its own
//! machine. No number that points at a person is in what is written or said.

mod key_words;
mod words;

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
};

use lodd_intake::kostra::{self, Extract, Form, Key, Refused, Wish};
use lodd_store::files;
use serde_json::json;

use super::{Context, file_name, read_file};
use crate::{
    answer::Answer,
    cli::{Kostra, KostraForm},
    problem::{Failure, Problem, Severity},
    text::{Text, count, say},
};

const MONTHLY: &str = "monthly.csv";
const LAST_CONTACT: &str = "last_contact.csv";

/// Reads the file against the key and writes what may leave the office.
///
/// # Errors
///
/// Refused, with everything that is wrong, when the key or the file is not in order, or when the
/// folder holds other files of these names. Nothing is written then.
pub(crate) fn run(context: &Context, asked: &Kostra) -> Result<Answer, Failure> {
    let key = key(&asked.key)?;
    let extract = extract(context, asked, &key)?;
    let written = write(&asked.out, &extract)?;
    let inside = [&asked.key, &asked.file].into_iter().filter_map(|it| inside_a_pilot(it));
    let found = words::problems(&file_name(&asked.file), &extract.problems);
    let problems: Vec<Problem> = inside.chain(found).collect();
    let mut answer = answer(&extract, &key, &written);
    let findings = problems.iter().map(|it| it.to_json(context.lang)).collect();
    if let Some(json) = answer.json.as_object_mut() {
        json.insert("findings".to_owned(), serde_json::Value::Array(findings));
    }
    Ok(Answer { problems, ..answer })
}

fn key(path: &Path) -> Result<Key, Failure> {
    Key::read(&read_file(path)?).map_err(|faults| {
        let name = file_name(path);
        let problems = key_words::problems(&name, &faults);
        Failure::refused(
            say!("nøkkelfilen `{name}` kan ikke brukes", "the key `{name}` can't be used"),
            problems,
        )
    })
}

fn extract(context: &Context, asked: &Kostra, key: &Key) -> Result<Extract, Failure> {
    let wish = Wish {
        year: asked.year,
        form: asked.form.map(|it| match it {
            KostraForm::Assistance => Form::Assistance,
            KostraForm::Programme => Form::Programme,
        }),
        complete: asked.complete,
        this_year: u16::try_from(context.clock.today()?.year()).unwrap_or(0),
    };
    let file = File::open(&asked.file).map_err(|error| Failure::io(&asked.file, &error))?;
    kostra::read(BufReader::new(file), key, &wish).map_err(|refused| match refused {
        Refused::Io(error) => Failure::io(&asked.file, &error),
        Refused::Found(found) => {
            let name = file_name(&asked.file);
            let problems = words::problems(&name, &found);
            Failure::refused(say!("`{name}` er ikke lest", "`{name}` was not read"), problems)
        }
    })
}

/// Writes both files, or none. What is there already must be the same.
fn write(dir: &Path, extract: &Extract) -> Result<Vec<PathBuf>, Failure> {
    let texts = [
        kostra::monthly_csv(extract).map(|text| (dir.join(MONTHLY), text)),
        Some((dir.join(LAST_CONTACT), kostra::last_contact_csv(extract))),
    ];
    let texts: Vec<(PathBuf, String)> = texts.into_iter().flatten().collect();
    for name in [MONTHLY, LAST_CONTACT] {
        let path = dir.join(name);
        let ours = texts.iter().find(|(it, _)| *it == path);
        let same = |there: &[u8]| ours.is_some_and(|(_, text)| text.as_bytes() == there);
        if std::fs::read(&path).is_ok_and(|there| !same(&there)) {
            return Err(taken(&path));
        }
    }
    files::create_dir(dir).map_err(|error| Failure::io(&error.path, &error.source))?;
    let mut written: Vec<PathBuf> = Vec::new();
    for (path, text) in texts {
        if path.exists() {
            continue;
        }
        if let Err(error) = files::write_private_new(&path, text.as_bytes()) {
            // One without the other would look like a result.
            for it in &written {
                let _ = std::fs::remove_file(it);
            }
            return Err(Failure::io(&error.path, &error.source));
        }
        written.push(path);
    }
    Ok(written)
}

fn taken(path: &Path) -> Failure {
    let path = path.display();
    Failure::policy_with(
        say!(
            "`{path}` finnes fra før, med annet innhold",
            "`{path}` is there already, with other content"
        ),
        Text::new(
            "bruk en egen mappe for hver KOSTRA-fil, eller slett filen hvis den er foreldet",
            "use a folder of its own for each KOSTRA file, or delete it if it is outdated",
        ),
    )
}

/// A warning for a file that points at persons and lies in a pilot folder, which others may see.
fn inside_a_pilot(path: &Path) -> Option<Problem> {
    let path = path.canonicalize().ok()?;
    let pilot = |dir: &&Path| dir.join("pilot.toml").exists() || dir.join("pilot.sqlite").exists();
    path.ancestors().skip(1).find(pilot)?;
    let name = file_name(&path);
    let message = say!(
        "`{name}` ligger i pilotmappen, og den peker på enkeltpersoner",
        "`{name}` lies in the pilot folder, and it points at persons"
    );
    let fix = Text::new(
        "flytt den til et sted som bare kontoret har tilgang til",
        "move it to a place that only the office has access to",
    );
    let severity = Severity::Warning;
    Some(Problem { severity, message, fix: Some(fix), ..Problem::default() })
}

fn answer(extract: &Extract, key: &Key, written: &[PathBuf]) -> Answer {
    let Extract { form, year, municipality, records, left_out, found, .. } = extract;
    let members = key.members().count();
    let absent = members - found.len();
    let families: std::collections::BTreeSet<&str> =
        extract.months.iter().map(|it| it.family_id.as_str()).collect();
    let (form, n) = (form.name(), |it: usize| count(it));
    let mut lines = vec![
        say!(
            "{form} for {year}, kommune {municipality}: {records} rader, {left_out} personer er ikke i nøkkelen og er utelatt",
            "{form} of {year}, municipality {municipality}: {records} records, {left_out} persons are not in the key and are left out",
            records = n(*records),
            left_out = n(*left_out),
        ),
        say!(
            "  i nøkkelen: {members} medlemmer, {found} av dem står i filen, {absent} gjør det ikke",
            "  in the key: {members} members, {found} of them stand in the file, {absent} do not",
            members = n(members),
            found = n(found.len()),
            absent = n(absent),
        ),
    ];
    if extract.form == Form::Assistance {
        lines.push(say!(
            "  {months} måneder med stønad for {families} familier",
            "  {months} months with assistance of {families} families",
            months = n(extract.months.len()),
            families = n(families.len()),
        ));
        lines.push(completeness(extract.complete));
    }
    lines.extend(written.iter().map(|it| Text::same(format!("  → {}", it.display()))));
    let json = json!({
        "form": form,
        "year": year,
        "municipality": municipality,
        "complete": extract.complete,
        "records": records,
        "left_out": left_out,
        "members": members,
        "found": found.len(),
        "months": extract.months.len(),
        "families": families.len(),
        "values": extract.contacts.len(),
        "files": written.iter().map(|it| it.display().to_string()).collect::<Vec<_>>(),
    });
    Answer::new(Text::lines(lines), json)
}

fn completeness(complete: bool) -> Text {
    if complete {
        Text::new(
            "  hele kommunens fil for året: en familie i nøkkelen som ikke står der, fikk 0",
            "  the municipality's whole file of the year: a family of the key that is absent got 0",
        )
    } else {
        Text::new(
            "  ikke oppgitt som hele kommunens fil (--complete): måneder uten rad er ukjente, ikke 0",
            "  not said to be the municipality's whole file (--complete): months without a row are unknown, not 0",
        )
    }
}
