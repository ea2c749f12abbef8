//! From what was typed to the step that does it, and to an exit code.

use std::{ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Parser, error::ErrorKind};
use lodd_store::vault::keyfile;
use serde_json::Value;

use super::{Cli, Command, Draw, Global, Ids, Office, Plan, Release, Report};
use crate::{
    answer::Answer,
    clock::Clock,
    problem::Failure,
    reading,
    render::Voice,
    steps::{self, Context},
    text::Lang,
};

/// Runs one command line. Exit: 0 done, 1 refused, 2 could not run.
pub(crate) fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    let words: Vec<OsString> = words.into_iter().collect();
    let cli = match Cli::try_parse_from(&words) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version come as errors too, with exit code 0.
            let _ = error.print();
            let verbose = |word: &OsString| word == "--verbose" || word == "-v";
            if error.kind() == ErrorKind::DisplayVersion && words.iter().any(verbose) {
                let text = reading::confine::in_words();
                let _ =
                    Voice::plain(Lang::from_environment()).answer(&Answer::new(text, Value::Null));
            }
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let voice = Voice::new(&cli.global);
    match dispatch(&cli).and_then(|answer| voice.answer(&answer)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => ExitCode::from(voice.failure(&failure)),
    }
}

fn context(global: &Global) -> Result<Context, Failure> {
    let clock = global.clock.as_deref().map_or(Ok(Clock::System), Clock::scripted)?;
    let voice = Voice::new(global);
    Ok(Context {
        dir: global.pilot.clone(),
        keys: keys(global),
        lang: voice.lang,
        clock,
        progress: !global.quiet && !global.json,
        threads: global.threads,
        actor: "one person, command line".into(),
    })
}

/// The folder of the offices' keys: as typed, else as the environment says, else in the pilot's.
fn keys(global: &Global) -> PathBuf {
    let named = || std::env::var_os("LODD_KEYS").filter(|it| !it.is_empty()).map(PathBuf::from);
    let default = || keyfile::default_folder(&global.pilot);
    global.keys.clone().or_else(named).unwrap_or_else(default)
}

/// Calls the step of a command.
pub(crate) fn dispatch(cli: &Cli) -> Result<Answer, Failure> {
    let context = &context(&cli.global)?;
    match &cli.command {
        Command::Demo { dir, from } => steps::demo::run(&cli.global, dir, from, &dispatch),
        Command::New { dir, template } => steps::new::run(dir, template),
        Command::Check => steps::check::run(context),
        Command::Roster { command } => super::roster::run(context, command),
        Command::Screen => steps::screen::run(context),
        Command::Draw { command } => draw(context, command),
        Command::Family { command } => super::family::run(context, command),
        Command::Amend { reason } => steps::amend::run(context, reason),
        Command::Office { command: Office::Add { id, name, municipality } } => {
            steps::office::add(context, id, name, municipality)
        }
        Command::Ids { command: Ids::New { count, prefix } } => {
            steps::ids::new(context, *count, prefix.as_deref())
        }
        Command::Upload { file, office, dry_run, accept_good, correction } => {
            let manner = steps::upload::Manner {
                dry_run: *dry_run,
                accept_good: *accept_good,
                correction: *correction,
            };
            steps::upload::run(context, file, office, manner)
        }
        Command::Key { command } => super::key::run(context, command),
        Command::Template { file, office, log } => {
            steps::template::run(context, office, file, *log)
        }
        Command::Due { office } => steps::due::run(context, office.as_deref()),
        Command::Kostra(asked) => steps::kostra::run(context, asked),
        Command::Panel { cut, print_sql } => steps::panel::run(context, cut.as_deref(), *print_sql),
        Command::Plan { command: Plan::Lock } => steps::plan::lock(context),
        Command::Plan { command: Plan::Show } => steps::plan::show(context),
        Command::Plan { command: Plan::Application } => steps::application::run(context),
        Command::Estimate { interim, exploratory, data, plan, out } => match (data, plan) {
            (Some(data), Some(plan)) => {
                let out = out.as_deref();
                let files =
                    steps::estimate::trial::Files { data, plan, out, json: cli.global.json };
                steps::estimate::trial::run(context.threads, files)
            }
            _ => steps::estimate::run(context, *interim, exploratory.as_deref()),
        },
        Command::Power(asked) => steps::power::run(context, asked),
        Command::Report(asked) => report(context, asked),
        Command::Release(asked) => release(context, asked),
        Command::Serve(asked) => {
            let (answer, page) = match &asked.config {
                Some(file) => steps::serve::open_for_many(context, file, asked.listen)?,
                None => steps::serve::open(context, asked.listen, asked.whose())?,
            };
            Voice::new(&cli.global).needed(&answer)?;
            page.serve()
        }
        Command::Export(asked) => steps::export::run(context, &asked.to, asked.dir.as_deref()),
        Command::Ledger { command } => super::ledger::run(context, command),
        Command::Copies(command) => super::ledger::copies(context, command),
    }
}

fn report(context: &Context, asked: &Report) -> Result<Answer, Failure> {
    if asked.public && !asked.internal {
        let base = asked.round.as_deref().and_then(|it| it.parse().ok());
        return steps::report::publish::run(context, base, &asked.format);
    }
    steps::report::run(context, &asked.format)
}

fn release(context: &Context, asked: &Release) -> Result<Answer, Failure> {
    if asked.list {
        return steps::release::list(context);
    }
    let (tables, label) = (asked.tables.as_slice(), asked.label.as_deref());
    let elsewhere = asked.elsewhere;
    steps::release::run(context, steps::release::Asked { tables, label, elsewhere })
}

fn draw(context: &Context, command: &Draw) -> Result<Answer, Failure> {
    match command {
        Draw::Announce { round, at, witnessed, rehearsal, others } => {
            let asked = steps::announce::Asked {
                witnessed: witnessed.as_deref(),
                round: *round,
                at: at.as_deref(),
                rehearsal: *rehearsal,
            };
            steps::announce::run(context, asked, others)
        }
        Draw::Reveal { beacon, fetch, relay, value, seed } => {
            let given = steps::reveal::Given {
                value: value.clone(),
                seed: seed.clone(),
                beacon: beacon.clone(),
                fetch: *fetch,
                relay: relay.clone(),
                sent: None,
            };
            steps::reveal::run(context, &given)
        }
        Draw::Void { reason } => steps::void::run(context, reason),
        Draw::Slip { unit, draw, out } => steps::slip::run(context, unit, *draw, out.as_deref()),
        Draw::Compute { dir } => steps::verify::compute(dir),
        Draw::Probabilities { dir, covariates, pairs, enumerate_max, replays } => {
            let counting =
                steps::probabilities::Counting { enumerate_max: *enumerate_max, replays: *replays };
            steps::probabilities::run(dir, covariates.as_deref(), *pairs, counting)
        }
        Draw::Verify { dir, previous, roster, covariates, slip } => {
            let beside = steps::verify::Beside {
                previous: previous.as_deref(),
                roster: roster.as_deref(),
                covariates: covariates.as_deref(),
                slip: slip.as_deref(),
            };
            steps::verify::run(dir, beside)
        }
        Draw::Import { from, private, drawn_on } => {
            steps::import::run(context, from, private.as_deref(), drawn_on.as_deref())
        }
        Draw::Offer { command } => super::offer::run(context, command),
        Draw::Report { draw } => steps::after::report(context, *draw),
        Draw::Status => steps::status::run(context),
    }
}
