//! The files that the evaluator may have: those of `out/` that the steps write for an evaluation, and
//! what may be published. A name is looked up among the plain files that are there; nothing is joined
//! to a path.

use std::{fs, path::PathBuf};

use lodd_server::{Download, Link, Shelf};
use lodd_store::{checksums::Checksums, pilot::OUT, schema::SCHEMAS};

use crate::{
    hash::sha256_hex,
    problem::Failure,
    steps::{
        Context, read_file,
        report::publish::{FOLDER, LIST},
        words,
    },
    text::{Lang, Text, say},
};

/// The tables that an evaluation is made of. Of the others, `screening` tells of families that were never
/// drawn, `offers` why somebody said no: no estimate needs them, so they stay with the researcher. Answers
/// as the offices sent them are in no file.
const TABLES: &[&str] = &[
    "assignments",
    "panel",
    "outcomes",
    "spells",
    "transitions",
    "stock",
    "flow",
    "concordance",
    "estimates",
    "descriptives",
    "profile_tables",
    "power",
];

/// Other files, each of no family.
const OTHERS: &[&str] = &[
    "codes.csv",
    "power.svg",
    "public-numbers.csv",
    "application-nb.md",
    "application-nn.md",
    "application-en.md",
];

/// Media types by ending; a file with another ending is none of ours.
const MEDIA: &[(&str, &str)] = &[
    ("html", "text/html; charset=utf-8"),
    ("pdf", "application/pdf"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("parquet", "application/vnd.apache.parquet"),
    ("csv", "text/csv; charset=utf-8"),
    ("md", "text/markdown; charset=utf-8"),
    ("svg", "image/svg+xml"),
];

/// A folder of files that are given.
pub(super) struct Files {
    folder: PathBuf,
    shelf: Shelf,
    may: fn(&str) -> bool,
}

/// The files of `out/`.
pub(super) fn outputs(context: &Context) -> Files {
    let of_table = |name: &str| {
        name.strip_suffix(".parquet").is_some_and(|it| TABLES.contains(&it))
            || OTHERS.contains(&name)
            || is_report(name)
    };
    Files { folder: context.path(OUT), shelf: Shelf::Output, may: of_table }
}

/// The files of `public/`.
pub(super) fn public(context: &Context) -> Files {
    let may =
        |name: &str| is_report(name) || matches!(name, "tables.csv" | "tables.parquet" | LIST);
    Files { folder: context.path(FOLDER), shelf: Shelf::Public, may }
}

fn ending(name: &str) -> &str {
    name.rsplit_once('.').map_or("", |it| it.1)
}

/// `report.nb.html`
fn is_report(name: &str) -> bool {
    let parts: Vec<&str> = name.split('.').collect();
    matches!(parts.as_slice(), ["report", "nb" | "nn" | "en", "html" | "pdf" | "xlsx"])
}

/// Whether a file has rows of families or persons: under a pseudonym, but personal data.
fn is_personal(name: &str) -> bool {
    let table = name.strip_suffix(".parquet");
    let of_table = SCHEMAS.iter().find(|it| Some(it.name) == table);
    let has_id = |it: &lodd_store::schema::Field| matches!(it.name, "unit_id" | "family_id");
    of_table.is_some_and(|it| it.fields.iter().any(has_id))
}

impl Files {
    /// What may be given and is there: plain files alone, which no link leads away from, in the order of
    /// their names.
    fn there(&self) -> Result<Vec<(String, PathBuf)>, Failure> {
        let entries = match fs::read_dir(&self.folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(Failure::io(&self.folder, &error)),
        };
        let mut all = Vec::new();
        for entry in entries {
            let entry = entry.map_err(|error| Failure::io(&self.folder, &error))?;
            let kind = entry.file_type().map_err(|error| Failure::io(&self.folder, &error))?;
            let name = entry.file_name();
            if let (true, Some(name)) = (kind.is_file(), name.to_str())
                && (self.may)(name)
            {
                all.push((name.to_owned(), entry.path()));
            }
        }
        all.sort();
        Ok(all)
    }

    /// A file by its name; nothing where none of that name may be given.
    ///
    /// # Errors
    ///
    /// Refused where it is not what the step wrote.
    pub(super) fn take(&self, name: &str) -> Result<Option<Download>, Failure> {
        let Some((name, path)) = self.there()?.into_iter().find(|it| it.0 == name) else {
            return Ok(None);
        };
        let bytes = read_file(&path)?;
        if name != LIST {
            let sums = Checksums::read(&self.folder.join(LIST));
            let sums = sums.map_err(|error| words::file(&error))?;
            let written = sums.iter().find(|it| it.0 == name).map(|it| it.1.to_owned());
            if written != Some(sha256_hex(&bytes)) {
                return Err(changed(&name));
            }
        }
        let ending = ending(&name);
        let media = MEDIA.iter().find(|it| it.0 == ending).map_or("text/plain", |it| it.1);
        let shown = ending == "html";
        Ok(Some(Download { name, media, bytes, shown }))
    }

    /// Links to them, those of families and persons last.
    pub(super) fn links(&self, lang: Lang) -> Result<[Vec<Link>; 2], Failure> {
        let (mut open, mut personal) = (Vec::new(), Vec::new());
        for (name, _) in self.there()? {
            let href = self.shelf.path().replace("{file}", &name);
            let is_file = ending(&name) != "html";
            let to = if is_personal(&name) { &mut personal } else { &mut open };
            let text = what(&name).map_or(name.clone(), |it| {
                let what = it.get(lang);
                format!("{name} – {what}")
            });
            to.push(Link { href, text, is_file });
        }
        Ok([open, personal])
    }
}

fn changed(name: &str) -> Failure {
    Failure::policy_with(
        say!(
            "`{name}` er ikke som da den ble skrevet",
            nn "`{name}` er ikkje som då ho vart skriven",
            "`{name}` is not as it was written"
        ),
        say!(
            "lag den på nytt med steget som skrev den",
            nn "lag ho på nytt med steget som skreiv ho",
            "make it again by the step that wrote it"
        ),
    )
}

/// What a file holds, where its name does not say so.
fn what(name: &str) -> Option<Text> {
    Some(match name {
        "assignments.parquet" => {
            say!("hvem som er i hvilken gruppe", nn "kven som er i kva gruppe", "who is in which arm")
        }
        "panel.parquet" => {
            say!("svarene ved hvert tidspunkt", nn "svara ved kvart tidspunkt", "answers at each horizon")
        }
        "outcomes.parquet" => say!("utfallene", nn "utfalla", "outcomes"),
        "spells.parquet" => say!("forløp", nn "forløp", "spells"),
        "transitions.parquet" => {
            say!("overganger mellom statuser", nn "overgangar mellom statusar", "transitions")
        }
        "stock.parquet" => say!("måned for måned", nn "månad for månad", "month by month"),
        "flow.parquet" => say!("flyten", nn "flyten", "the flow"),
        "concordance.parquet" => {
            say!("kilder mot hverandre", nn "kjelder mot kvarandre", "sources compared")
        }
        "estimates.parquet" => say!("estimatene", nn "estimata", "estimates"),
        "descriptives.parquet" => {
            say!("rapportens tabeller", nn "tabellane i rapporten", "the report's tables")
        }
        "codes.csv" => say!("kodelistene", nn "kodelistene", "code lists"),
        "public-numbers.csv" => say!(
            "navn på tallene i den offentlige rapporten",
            nn "namn på tala i den offentlege rapporten",
            "names of the public report's numbers"
        ),
        _ => return None,
    })
}
