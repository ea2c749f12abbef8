//! `lodd release`: audits tables together with everything that was published before, and registers
//! them.

mod elsewhere;
pub(crate) mod register;

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use lodd_disclosure::{Release, ReleaseError, Rules, audit_release};
use lodd_report::Format;
use lodd_store::{
    Pilot, parquet,
    pilot::{self, ReleaseKind},
};
use serde_json::json;

use super::{
    Context, file_name, read_file,
    report::publish::{self, FOLDER, LIST, Made, ROUND},
    words,
};
use crate::{
    answer::Answer,
    cli::ReportFormat,
    clock,
    hash::sha256_hex,
    problem::{Failure, Problem, Severity},
    text::{Lang, Text, say},
};
use register::Contents;

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Asked<'a> {
    pub(crate) tables: &'a [PathBuf],
    pub(crate) label: Option<&'a str>,
    /// The tables were published by somebody else.
    pub(crate) elsewhere: bool,
}

/// Registers a release.
///
/// # Errors
///
/// Refused when a family would be given away, or the files are not what the pilot gives now. Nothing
/// is registered then.
pub(crate) fn run(context: &Context, asked: Asked<'_>) -> Result<Answer, Failure> {
    if let Some(label) = asked.label {
        words::no_national_id("--label", label)?;
    }
    if asked.elsewhere {
        return of_others(context, asked);
    }
    let round = rounded(context)?;
    let folder = context.path(FOLDER);
    for table in asked.tables {
        let path = context.path(table);
        if !same_place(&path, &folder) && !path.parent().is_some_and(|it| same_place(it, &folder)) {
            let name = file_name(table);
            return Err(Failure::policy_with(
                say!(
                    "`{name}` ligger ikke i `{FOLDER}/`: bare det som `lodd report --public` har skrevet kan publiseres",
                    nn "`{name}` ligg ikkje i `{FOLDER}/`: berre det som `lodd report --public` har skrive kan publiserast",
                    "`{name}` is not in `{FOLDER}/`: only what `lodd report --public` wrote can be released"
                ),
                say!(
                    "bruk --elsewhere for en tabell som alt er publisert et annet sted",
                    nn "bruk --elsewhere for ein tabell som alt er publisert ein annan stad",
                    "use --elsewhere for a table that is published elsewhere already"
                ),
            ));
        }
    }
    of_the_pilot(context, asked, round)
}

fn same_place(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(one).is_some_and(|it| Some(it) == real(other))
}

/// The tables of one report are one release: they are audited together.
fn of_the_pilot(
    context: &Context,
    asked: Asked<'_>,
    round: Option<i64>,
) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    // As the report was made, so it is audited: together with every earlier release.
    let made = publish::make(context, &pilot, round, &formats(context))?;
    is_as_made(context, &made)?;
    let name = match asked.label {
        Some(label) => label.to_owned(),
        None => clock::oslo_text(made.cut_us)?,
    };
    let release = Release { name: name.clone(), ..made.release };
    let earlier = register::read(&pilot)?;
    let hashes = made.files.iter().map(|(name, bytes)| (name.clone(), sha256_hex(bytes)));
    let files: Vec<(String, String)> = hashes.collect();
    if let Some(same) = earlier.iter().find(|it| it.contents.files == files) {
        let (name, entry) = (&same.name, same.entry);
        return Err(Failure::policy(say!(
            "dette er ført opp før: `{name}`, i loggen som nummer {entry}",
            nn "dette er ført opp før: `{name}`, i loggen som nummer {entry}",
            "this is registered already: `{name}`, entry {entry} of the ledger"
        )));
    }
    let cut = clock::oslo_text(made.cut_us)?;
    let (numbers, (_, withheld)) = (told(&release, Some(&cut)), made.counts);
    let contents = Contents { files, round, release };
    record(context, &mut pilot, &contents, (ReleaseKind::Report, made.cut_us))?;
    let n = earlier.len();
    let text = say!(
        "Ført opp som publisert: `{name}`, {numbers} tall, {withheld} holdt tilbake, kontrollert mot {n} tidligere.",
        nn "Ført opp som publisert: `{name}`, {numbers} tal, {withheld} haldne tilbake, kontrollert mot {n} tidlegare.",
        "Registered as published: `{name}`, {numbers} numbers, {withheld} withheld, audited against {n} earlier."
    );
    let json = json!({
        "label": name,
        "kind": ReleaseKind::Report.code(),
        "numbers": numbers,
        "withheld": withheld,
        "earlier": n,
        "files": contents.files.iter().map(|it| format!("{FOLDER}/{}", it.0)).collect::<Vec<_>>(),
    });
    Ok(Answer::new(text, json))
}

/// What [`run`] would register of `public/`, in one sentence, for a second person to say yes to.
///
/// # Errors
///
/// Refused where [`run`] would be.
pub(crate) fn described(context: &Context, label: &str) -> Result<Text, Failure> {
    let round = rounded(context)?;
    let pilot = context.pilot()?;
    let made = publish::make(context, &pilot, round, &formats(context))?;
    is_as_made(context, &made)?;
    let (cut, out) = (clock::oslo_text(made.cut_us)?, made.left_out());
    let (cut, (all, withheld), tables) = (&cut, made.counts, tables(context)?);
    let way = match round {
        None => say!("ikke avrundet", nn "ikkje runda av", "not rounded"),
        Some(base) => {
            say!("avrundet til {base}", nn "runda av til {base}", "rounded to {base}")
        }
    };
    let (nb, nn, en) = (&way.nb, way.get(Lang::Nn), &way.en);
    Ok(say!(
        "Publisere «{label}», uttrekk {cut}: {tables} tabeller med {all} tall, {withheld} av dem holdt tilbake, {nb}; {out} slags innhold er utelatt.",
        nn "Publisere «{label}», uttrekk {cut}: {tables} tabellar med {all} tal, {withheld} av dei haldne tilbake, {nn}; {out} slags innhald er utelate.",
        "Publish “{label}”, cut {cut}: {tables} tables with {all} numbers, {withheld} of them withheld, {en}; {out} kinds of content are left out."
    ))
}

/// How many tables `public/` has.
fn tables(context: &Context) -> Result<usize, Failure> {
    let path = context.path(FOLDER).join("tables.parquet");
    let (table, _) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let of = table.int("table").map_err(|error| Failure::internal("tables", error))?;
    Ok(of.iter().flatten().collect::<BTreeSet<_>>().len())
}

/// How many numbers a release tells of its cut, or of any.
fn told(release: &Release, cut: Option<&str>) -> usize {
    let of_cut = release.numbers.iter().filter(|it| cut.is_none_or(|cut| it.cut == cut));
    of_cut.filter(|it| it.value.is_some()).count()
}

/// The formats that the report in the folder has.
fn formats(context: &Context) -> Vec<ReportFormat> {
    let there = |it: &ReportFormat| {
        let ending = Format::from(*it).ending();
        context.path(FOLDER).join(format!("report.nb.{ending}")).exists()
    };
    ReportFormat::ALL.into_iter().filter(there).collect()
}

/// What the numbers in the folder are rounded to.
pub(super) fn rounded(context: &Context) -> Result<Option<i64>, Failure> {
    let path = context.path(FOLDER).join("tables.parquet");
    if !path.exists() {
        return Err(Failure::policy_with(
            say!(
                "`{FOLDER}/` har ingen offentlig rapport",
                nn "`{FOLDER}/` har ingen offentleg rapport",
                "`{FOLDER}/` has no public report"
            ),
            say!("kjør `lodd report --public`", nn "køyr `lodd report --public`", "run `lodd report --public`"),
        ));
    }
    let (_, metadata) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let found = metadata.iter().find(|(key, _)| key == ROUND);
    Ok(found.and_then(|(_, value)| value.parse().ok()))
}

/// The folder must hold what the report gives now, and nothing else.
fn is_as_made(context: &Context, made: &Made) -> Result<(), Failure> {
    let folder = context.path(FOLDER);
    let stale = |name: &str| {
        Failure::policy_with(
            say!(
                "`{FOLDER}/{name}` er ikke det `lodd report --public` gir nå",
                nn "`{FOLDER}/{name}` er ikkje det `lodd report --public` gir no",
                "`{FOLDER}/{name}` is not what `lodd report --public` gives now"
            ),
            say!(
                "kjør `lodd report --public`, les rapporten, og prøv igjen",
                nn "køyr `lodd report --public`, les rapporten, og prøv igjen",
                "run `lodd report --public`, read the report, and try again"
            ),
        )
    };
    for (name, bytes) in &made.files {
        let path = folder.join(name);
        if !path.exists() || read_file(&path)? != *bytes {
            return Err(stale(name));
        }
    }
    let entries = std::fs::read_dir(&folder).map_err(|error| Failure::io(&folder, &error))?;
    for entry in entries {
        let entry = entry.map_err(|error| Failure::io(&folder, &error))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name != LIST && made.files.iter().all(|it| it.0 != name) {
            return Err(stale(&name));
        }
    }
    Ok(())
}

/// What somebody else published is out: it is registered whatever it gives away, and that is told.
fn of_others(context: &Context, asked: Asked<'_>) -> Result<Answer, Failure> {
    let mut pilot = context.pilot()?;
    let mut problems = Vec::new();
    let mut lines = Vec::new();
    let mut all = Vec::new();
    // All are read before any is registered.
    let mut read = Vec::new();
    for path in asked.tables {
        read.push(elsewhere::read(&context.path(path), asked.label)?);
    }
    let mut earlier: Vec<Release> =
        register::read(&pilot)?.into_iter().map(|it| it.contents.release).collect();
    for table in &read {
        match audit_release(&table.release, &earlier, &Rules::default()) {
            Ok(()) => {}
            Err(ReleaseError::System(error)) => {
                let (name, error) = (&table.release.name, error.to_string());
                return Err(Failure::policy(say!(
                    "`{name}` motsier det som er ført opp før: {error}",
                    nn "`{name}` motseier det som er ført opp før: {error}",
                    "`{name}` contradicts what is registered: {error}"
                )));
            }
            Err(ReleaseError::Refused(refusal)) => {
                problems.extend(
                    refusal
                        .cells
                        .iter()
                        .map(|it| Problem { severity: Severity::Warning, ..publish::problem(it) }),
                );
            }
        }
        earlier.push(table.release.clone());
    }
    for table in read {
        let elsewhere::Read { cut_us, sha256, file, release } = table;
        let (name, numbers) = (release.name.clone(), told(&release, None));
        let contents = Contents { files: vec![(file, sha256)], round: None, release };
        record(context, &mut pilot, &contents, (ReleaseKind::Elsewhere, cut_us))?;
        lines.push(say!(
            "Ført opp som publisert et annet sted: `{name}`, {numbers} tall.",
            nn "Ført opp som publisert ein annan stad: `{name}`, {numbers} tal.",
            "Registered as published elsewhere: `{name}`, {numbers} numbers."
        ));
        all.push(json!({ "label": name, "numbers": numbers }));
    }
    let json = json!({ "kind": ReleaseKind::Elsewhere.code(), "registered": all, "exposed": problems.len() });
    Ok(Answer { problems, ..Answer::new(Text::lines(lines), json) })
}

fn record(
    context: &Context,
    pilot: &mut Pilot,
    contents: &Contents,
    (kind, cut_us): (ReleaseKind, i64),
) -> Result<(), Failure> {
    let name = contents.release.name.clone();
    let release = pilot::Release { cut_us, name, kind, contents: contents.to_json() };
    let recorded = pilot.record_release(&context.stamp(), &release);
    recorded.map_err(|error| words::store(&error))
}

/// Everything that is registered.
///
/// # Errors
///
/// If the store can't be read.
pub(crate) fn list(context: &Context) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let mut lines = Vec::new();
    let mut all = Vec::new();
    for it in register::read(&pilot)? {
        let (at, cut) = (clock::oslo_text(it.recorded_at_us)?, clock::oslo_text(it.cut_us)?);
        let own = (it.kind == ReleaseKind::Report).then_some(cut.as_str());
        let numbers = told(&it.contents.release, own);
        let register::Registered { entry, actor, name, kind, .. } = &it;
        let whose = match kind {
            ReleaseKind::Report => Text::new("rapport", "report"),
            ReleaseKind::Elsewhere => Text::new("et annet sted", "elsewhere").nn("ein annan stad"),
        };
        let (nb, nn, en) = (&whose.nb, whose.get(Lang::Nn), &whose.en);
        lines.push(say!(
            "{entry}  {at}  {name} ({nb}): uttrekk {cut}, {numbers} tall",
            nn "{entry}  {at}  {name} ({nn}): uttrekk {cut}, {numbers} tal",
            "{entry}  {at}  {name} ({en}): cut {cut}, {numbers} numbers"
        ));
        all.push(json!({
            "entry": entry,
            "at": at,
            "actor": actor,
            "label": name,
            "kind": kind.code(),
            "cut": cut,
            "numbers": numbers,
            "rounded_to": it.contents.round,
            "files": it.contents.files.iter().map(|(name, sha256)| json!({ "name": name, "sha256": sha256 })).collect::<Vec<_>>(),
        }));
    }
    if lines.is_empty() {
        lines.push(say!(
            "Ingenting er ført opp som publisert.",
            nn "Ingenting er ført opp som publisert.",
            "Nothing is registered as published."
        ));
    }
    Ok(Answer::new(Text::lines(lines), json!({ "releases": all })))
}
