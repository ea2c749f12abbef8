//! Who has asked for what: noted a line a request, and shown to the auditor. No line says what was asked
//! about: a route's template, never its values.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Read, Seek, SeekFrom},
    path::{Path, PathBuf},
};

use lodd_server::{Block, Cell, Grid, Note, Sheet};
use lodd_store::{backup::ACCESS, files};
use serde_json::{Value, json};

use super::super::{Context, words};
use crate::{
    clock::{date_text, oslo_date, oslo_text},
    problem::Failure,
    text::{Lang, Text, say},
};

/// So many lines on the page, the last ones.
const SHOWN: usize = 150;
/// So much of the notes is counted, from the end: some thousands of lines, read in no time.
const COUNTED_BYTES: u64 = 1024 * 1024;

fn folder(context: &Context) -> PathBuf {
    context.path(ACCESS)
}

/// Adds a line to this month's file.
///
/// # Errors
///
/// If it can't be written.
pub(super) fn note(context: &Context, note: &Note) -> Result<(), Failure> {
    let Note { actor, role, office, method, route, status } = note;
    let at = context.clock.now();
    let line = json!({
        "at": at.to_string(),
        "actor": actor,
        "role": role,
        "office": office,
        "method": method,
        "route": route,
        "status": status,
    });
    let month = at.strftime("%Y-%m");
    let folder = folder(context);
    let failed = |error: files::FileError| words::store(&error.into());
    if !folder.is_dir() {
        files::create_private_dir(&folder).map_err(failed)?;
    }
    let file = folder.join(format!("{month}.jsonl"));
    files::append_private(&file, format!("{line}\n").as_bytes()).map_err(failed)
}

/// The files of notes, oldest first.
fn months(context: &Context) -> Result<Vec<PathBuf>, Failure> {
    let folder = folder(context);
    let entries = match fs::read_dir(&folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Failure::io(&folder, &error)),
    };
    let is_ours = |path: &PathBuf| path.extension().is_some_and(|it| it == "jsonl");
    let mut all: Vec<PathBuf> =
        entries.filter_map(|it| Some(it.ok()?.path())).filter(is_ours).collect();
    all.sort();
    Ok(all)
}

/// The last lines, newest first.
fn last(context: &Context) -> Result<Vec<Value>, Failure> {
    let (mut lines, mut left) = (Vec::new(), COUNTED_BYTES);
    for path in months(context)?.iter().rev() {
        let text = end_of(path, left).map_err(|error| Failure::io(path, &error))?;
        left = left.saturating_sub(text.len() as u64);
        lines.extend(text.lines().rev().filter_map(|it| serde_json::from_str::<Value>(it).ok()));
    }
    Ok(lines)
}

/// The whole lines among the last bytes of a file.
fn end_of(path: &Path, at_most: u64) -> io::Result<String> {
    let mut file = fs::File::open(path)?;
    let before = file.metadata()?.len().saturating_sub(at_most);
    file.seek(SeekFrom::Start(before))?;
    let mut bytes = Vec::new();
    file.take(at_most).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let whole = if before == 0 { Some(&*text) } else { text.split_once('\n').map(|it| it.1) };
    Ok(whole.unwrap_or_default().to_owned())
}

/// The auditor's page: how often each role has asked for what of late, and the last requests.
///
/// # Errors
///
/// If the notes can't be read.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (lang, lines) = (context.lang, last(context)?);
    let mut counts = BTreeMap::<[String; 2], u64>::new();
    for line in &lines {
        *counts.entry(["role", "route"].map(|name| word(line, name))).or_default() += 1;
    }
    let text = |text: Text| text.get(lang).to_owned();
    let mut blocks = vec![Block::Text(text(say!(
        "Hver forespørsel fra noen som er sluppet inn, og hver innlogging som ble avvist (nobody): når, hvem, og hvilken side. Navn er pseudonymer, og hva det ble spurt om står ikke her. Alt ligger i {ACCESS}, én fil i måneden.",
        nn "Kvar førespurnad frå nokon som er sleppt inn, og kvar innlogging som vart avvist (nobody): når, kven, og kva side. Namn er pseudonym, og kva det vart spurt om står ikkje her. Alt ligg i {ACCESS}, éi fil i månaden.",
        "Each request of somebody who was let in, and each log-in that was refused (nobody): when, who, and which page. Names are pseudonyms, and what was asked about does not stand here. All of it is in {ACCESS}, a file a month."
    )))];
    if lines.is_empty() {
        blocks.push(Block::Text(text(
            Text::new("Ingen har spurt ennå.", "Nobody has asked yet.").nn("Ingen har spurt enno."),
        )));
    } else {
        blocks.push(Block::Table(counted(&counts, lines.len(), lang)));
        blocks.push(Block::Table(latest(lines.get(..SHOWN).unwrap_or(&lines), lang)?));
    }
    let title = text(Text::new("Innsyn", "Access").nn("Innsyn"));
    Ok(Sheet { title, lead: None, blocks })
}

fn word(line: &Value, name: &str) -> String {
    line.get(name).and_then(Value::as_str).unwrap_or("–").to_owned()
}

fn counted(counts: &BTreeMap<[String; 2], u64>, n: usize, lang: Lang) -> Grid {
    let caption = say!(
        "De siste {n} forespørslene, etter rolle og side",
        nn "Dei siste {n} førespurnadene, etter rolle og side",
        "The last {n} requests, by role and page"
    );
    let head = [
        Text::new("Rolle", "Role").nn("Rolle"),
        Text::new("Side", "Page").nn("Side"),
        Text::new("Antall", "Count").nn("Tal"),
    ];
    let row = |([role, route], count): (&[String; 2], &u64)| {
        vec![Cell::Code(role.clone()), Cell::Code(route.clone()), Cell::Number(count.to_string())]
    };
    Grid {
        caption: caption.get(lang).to_owned(),
        head: head.map(|it| it.get(lang).to_owned()).to_vec(),
        rows: counts.iter().map(row).collect(),
    }
}

fn latest(lines: &[Value], lang: Lang) -> Result<Grid, Failure> {
    let n = lines.len();
    let caption = say!(
        "De siste {n}, nyeste først",
        nn "Dei siste {n}, nyaste først",
        "The last {n}, newest first"
    );
    let head = [
        Text::new("Når", "When").nn("Når"),
        Text::new("Hvem", "Who").nn("Kven"),
        Text::new("Kontor", "Office").nn("Kontor"),
        Text::new("Side", "Page").nn("Side"),
        Text::new("Svar", "Answer").nn("Svar"),
    ];
    let row = |line: &Value| -> Result<Vec<Cell>, Failure> {
        Ok(vec![
            Cell::Text(when(&word(line, "at"), lang)?),
            Cell::Code(word(line, "actor")),
            Cell::Code(word(line, "office")),
            Cell::Code(format!("{} {}", word(line, "method"), word(line, "route"))),
            Cell::Number(line.get("status").map_or_else(String::new, ToString::to_string)),
        ])
    };
    Ok(Grid {
        caption: caption.get(lang).to_owned(),
        head: head.map(|it| it.get(lang).to_owned()).to_vec(),
        rows: lines.iter().map(row).collect::<Result<_, _>>()?,
    })
}

/// `10.12.2026 10:00:00` in Oslo; as it stands where it is no time.
fn when(at: &str, lang: Lang) -> Result<String, Failure> {
    let Ok(moment) = at.parse::<jiff::Timestamp>() else { return Ok(at.to_owned()) };
    let time = oslo_text(moment.as_microsecond())?;
    let time = time.get(11..19).unwrap_or_default();
    Ok(format!("{} {time}", date_text(oslo_date(moment)?).get(lang)))
}
