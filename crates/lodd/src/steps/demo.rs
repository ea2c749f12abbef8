//! `lodd demo`: runs the example pilots, by public commands only, each printed before it runs.
//!
//! The list of pilots is `demo.toml` in the folder of examples. A pilot's own `demo.txt` holds a
//! line a command: a time for the scripted clock, then the command as one would type it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Parser;
use serde_json::json;

use crate::{
    answer::Answer,
    cli::{Cli, Global},
    problem::{Failure, Place, Problem},
    reader::Source,
    render::Voice,
    text::{Text, say},
};

/// Marks a folder that a demo made, and may therefore replace.
const MARK: &str = ".lodd-demo";

type Dispatch<'d> = &'d dyn Fn(&Cli) -> Result<Answer, Failure>;

/// Copies the examples of `from` to `dir` and runs them.
///
/// # Errors
///
/// The first command that fails ends the demo with its failure.
pub(crate) fn run(
    global: &Global,
    dir: &Path,
    from: &Path,
    dispatch: Dispatch<'_>,
) -> Result<Answer, Failure> {
    let pilots = pilots(from)?;
    let scripts: Vec<Vec<Line>> =
        pilots.iter().map(|pilot| script(&from.join(pilot))).collect::<Result<_, _>>()?;
    prepare(dir)?;
    let start = std::env::current_dir().map_err(|error| Failure::io(Path::new("."), &error))?;
    let mut ran = 0;
    for (pilot, lines) in pilots.iter().zip(&scripts) {
        let folder = dir.join(pilot);
        copy(&from.join(pilot), &folder)?;
        let voice = Voice::new(global);
        heading(global, voice, &format!("\n== {pilot} ==\n$ cd {}", folder.display()))?;
        enter(&folder)?;
        let outcome = lines.iter().try_for_each(|line| command(global, voice, line, dispatch));
        enter(&start)?;
        outcome?;
        ran += lines.len();
    }
    Ok(answer(dir, &pilots, ran))
}

fn answer(dir: &Path, pilots: &[String], ran: usize) -> Answer {
    let reports: Vec<Text> =
        pilots.iter().map(|pilot| where_to_look(&dir.join(pilot).join("out"))).collect();
    let made = reports.iter().map(|text| text.en.clone()).collect::<Vec<_>>();
    let n = pilots.len();
    let intro = say!(
        "\n{n} piloter, {ran} kommandoer. Se her:",
        "\n{n} pilots, {ran} commands. Look here:"
    );
    let json = json!({ "dir": dir.display().to_string(), "pilots": pilots, "commands": ran, "look": made });
    Answer::new(Text::lines(std::iter::once(intro).chain(reports)), json)
}

fn where_to_look(out: &Path) -> Text {
    let out = out.display();
    say!(
        "  {out}/report.nb.html  (og .pdf og .xlsx, nn og en; tallene i {out}/*.parquet)",
        "  {out}/report.en.html  (and .pdf and .xlsx, nb and nn; the numbers in {out}/*.parquet)",
        out = out.to_string()
    )
}

/// The folders that `demo.toml` names, in its order.
fn pilots(from: &Path) -> Result<Vec<String>, Failure> {
    let path = from.join("demo.toml");
    let text = fs::read_to_string(&path).map_err(|error| {
        let Failure::CouldNotRun { message, .. } = Failure::io(&path, &error) else {
            return Failure::io(&path, &error);
        };
        let hint = say!(
            "kjør `lodd demo` i en klone av prosjektet, eller si hvor eksemplene er med --from",
            "run `lodd demo` in a clone of the project, or say where the examples are with --from"
        );
        Failure::CouldNotRun { message, hint: Some(hint) }
    })?;
    let source = Source::new(path.display().to_string(), &text);
    let root = source.root();
    let read = |node: &crate::reader::Node<'_>| {
        let folder = node.text("folder");
        let plain =
            Path::new(&folder).components().all(|it| matches!(it, std::path::Component::Normal(_)));
        if !plain {
            node.mistake(
                "folder",
                say!(
                    "`{folder}` må være en undermappe",
                    "`{folder}` must be a folder below",
                    folder = &folder
                ),
            );
        }
        node.finish();
        folder
    };
    let folders: Vec<String> = root.tables("pilot").iter().map(read).collect();
    root.finish();
    let mistakes = source.finish();
    if mistakes.is_empty() {
        return Ok(folders);
    }
    Err(Failure::refused(
        Text::new("listen over piloter har feil", "the list of pilots has mistakes"),
        mistakes,
    ))
}

/// One command of a script.
#[derive(Debug)]
struct Line {
    at: String,
    words: Vec<String>,
    shown: String,
}

fn script(folder: &Path) -> Result<Vec<Line>, Failure> {
    let path = folder.join("demo.txt");
    let text = fs::read_to_string(&path).map_err(|error| Failure::io(&path, &error))?;
    let mut lines = Vec::new();
    let mut problems = Vec::new();
    for (i, line) in text.lines().enumerate() {
        if line.trim().is_empty() || line.starts_with('#') {
            continue;
        }
        match parse(line) {
            Some(parsed) => lines.push(parsed),
            None => problems.push(Problem::new(
                Place { line: Some((i + 1, 1)), ..Place::file(&path) },
                Text::new("må være `tidspunkt lodd kommando`", "must be `time lodd command`"),
            )),
        }
    }
    if problems.is_empty() {
        return Ok(lines);
    }
    Err(Failure::refused(
        Text::new("demoens skript har feil", "the demo's script has mistakes"),
        problems,
    ))
}

fn parse(line: &str) -> Option<Line> {
    let (at, rest) = line.trim().split_once(' ')?;
    let words = split(rest.trim())?;
    (words.first().map(String::as_str) == Some("lodd")).then(|| Line {
        at: at.to_owned(),
        shown: rest.trim().to_owned(),
        words,
    })
}

/// Splits on spaces outside double quotes; `None` when a quote is left open.
fn split(text: &str) -> Option<Vec<String>> {
    let (mut words, mut word, mut quoted, mut any) = (Vec::new(), String::new(), false, false);
    for c in text.chars() {
        match c {
            '"' => (quoted, any) = (!quoted, true),
            c if c.is_whitespace() && !quoted => {
                if any {
                    words.push(std::mem::take(&mut word));
                    any = false;
                }
            }
            c => {
                word.push(c);
                any = true;
            }
        }
    }
    if any {
        words.push(word);
    }
    (!quoted).then_some(words)
}

fn command(
    global: &Global,
    voice: Voice,
    line: &Line,
    dispatch: Dispatch<'_>,
) -> Result<(), Failure> {
    let rest = line.shown.strip_prefix("lodd").unwrap_or(&line.shown);
    heading(global, voice, &format!("\n$ lodd --clock {}{rest}", line.at))?;
    let mut cli = Cli::try_parse_from(&line.words).map_err(|error| Failure::CouldNotRun {
        message: Text::same(error.to_string()),
        hint: None,
    })?;
    cli.global =
        Global { clock: Some(line.at.clone()), pilot: PathBuf::from("."), ..global.clone() };
    let answer = dispatch(&cli)?;
    if global.json { Ok(()) } else { voice.answer(&answer) }
}

fn heading(global: &Global, voice: Voice, line: &str) -> Result<(), Failure> {
    if global.json || global.quiet {
        return Ok(());
    }
    voice.answer(&Answer::new(Text::same(line), json!(null)))
}

fn enter(folder: &Path) -> Result<(), Failure> {
    std::env::set_current_dir(folder).map_err(|error| Failure::io(folder, &error))
}

/// An empty folder to work in: a new one, or that of an earlier demo.
fn prepare(dir: &Path) -> Result<(), Failure> {
    let io = |error: std::io::Error| Failure::io(dir, &error);
    if dir.exists() {
        let shown = dir.display().to_string();
        if !dir.join(MARK).exists() {
            return Err(Failure::policy(say!(
                "`{shown}` finnes fra før og er ikke laget av en demo; velg en annen mappe",
                "`{shown}` exists and was not made by a demo; choose another folder"
            )));
        }
        fs::remove_dir_all(dir).map_err(io)?;
    }
    fs::create_dir_all(dir).map_err(io)?;
    fs::write(dir.join(MARK), "made by lodd demo; the next demo replaces it\n").map_err(io)
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    let io = |error: std::io::Error| Failure::io(from, &error);
    fs::create_dir_all(to).map_err(io)?;
    for entry in fs::read_dir(from).map_err(io)? {
        let entry = entry.map_err(io)?;
        let target = to.join(entry.file_name());
        if entry.file_type().map_err(io)?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target).map_err(io)?;
        }
    }
    Ok(())
}
