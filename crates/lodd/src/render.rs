//! The one renderer of answers and failures for the terminal.

use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use crate::{
    answer::Answer,
    cli::{Color, Global},
    problem::{Failure, Problem, Severity},
    text::{Lang, Text, say},
};

/// How a run speaks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Voice {
    pub(crate) lang: Lang,
    json: bool,
    loudness: Loudness,
    color: bool,
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Loudness {
    Quiet,
    Usual,
    Verbose,
}

impl Voice {
    pub(crate) fn new(global: &Global) -> Self {
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none(),
        };
        let lang = global.lang.unwrap_or_else(Lang::from_environment);
        let loudness = match (global.quiet, global.verbose) {
            (true, _) => Loudness::Quiet,
            (false, true) => Loudness::Verbose,
            (false, false) => Loudness::Usual,
        };
        Self { lang, json: global.json, loudness, color }
    }

    /// Words for people, without colours.
    pub(crate) fn plain(lang: Lang) -> Self {
        Self { lang, json: false, loudness: Loudness::Usual, color: false }
    }

    fn paint(self, code: &str, words: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{words}\u{1b}[0m") } else { words.to_owned() }
    }

    /// Prints a result.
    ///
    /// # Errors
    ///
    /// Could not run when the result can't be printed: then nobody has it, a receipt least of all.
    pub(crate) fn answer(self, answer: &Answer) -> Result<(), Failure> {
        self.problems(&answer.problems);
        let printed = if let Some(raw) = &answer.raw {
            put(&mut io::stdout(), raw)
        } else if self.json {
            put(&mut io::stdout(), format!("{}\n", answer.json).as_bytes())
        } else if self.loudness > Loudness::Quiet {
            put(&mut io::stdout(), format!("{}\n", answer.text.get(self.lang)).as_bytes())
        } else {
            Ok(())
        };
        printed.map_err(|error| Failure::CouldNotRun {
            message: say!(
                "utført, men svaret kunne ikke skrives ut: {error}",
                nn "utført, men svaret kunne ikkje skrivast ut: {error}",
                "done, but the result can't be printed: {error}"
            ),
            hint: None,
        })
    }

    /// Prints what the user can't do without, also with `--quiet`: the link to a page.
    ///
    /// # Errors
    ///
    /// As [`Voice::answer`].
    pub(crate) fn needed(self, answer: &Answer) -> Result<(), Failure> {
        Self { loudness: self.loudness.max(Loudness::Usual), ..self }.answer(answer)
    }

    /// Prints why nothing was done, and gives the exit code.
    pub(crate) fn failure(self, failure: &Failure) -> u8 {
        match failure {
            Failure::Refused { summary, problems, json } => {
                self.refused(summary, problems, json.as_deref());
                1
            }
            Failure::CouldNotRun { message, hint } => {
                say_line(&self.headline(message));
                if let Some(hint) = hint {
                    say_line(&self.hint(hint));
                }
                self.json_error(message, &[]);
                2
            }
        }
    }

    fn refused(self, summary: &Text, problems: &[Problem], json: Option<&Value>) {
        let alone = matches!(problems, [one] if one.message == *summary);
        say_line(&self.headline(summary));
        if let (true, [one]) = (alone, problems) {
            if let Some(fix) = &one.fix {
                say_line(&self.hint(fix));
            }
        } else {
            self.problems(problems);
        }
        match json {
            Some(json) if self.json => put_if_possible(&mut io::stdout(), &format!("{json}\n")),
            _ => self.json_error(summary, problems),
        }
    }

    fn json_error(self, message: &Text, problems: &[Problem]) {
        if self.json {
            let findings: Vec<Value> = problems.iter().map(|it| it.to_json(self.lang)).collect();
            let json = json!({ "error": message.get(self.lang), "findings": findings });
            put_if_possible(&mut io::stdout(), &format!("{json}\n"));
        }
    }

    fn headline(self, message: &Text) -> String {
        let word = if self.lang == Lang::En { "error" } else { "feil" };
        format!("{} {}", self.paint("1;31", &format!("{word}:")), message.get(self.lang))
    }

    fn hint(self, hint: &Text) -> String {
        let word = if self.lang == Lang::En { "hint" } else { "slik" };
        format!("  {} {}", self.paint("36", &format!("{word}:")), hint.get(self.lang))
    }

    /// With `--quiet` only what stops; what is for information only with `--verbose`.
    fn problems(self, problems: &[Problem]) {
        let shown = |it: &&Problem| match it.severity {
            Severity::Stop => true,
            Severity::Info => self.loudness == Loudness::Verbose,
            Severity::Hold | Severity::Warning => self.loudness > Loudness::Quiet,
        };
        problems.iter().filter(shown).for_each(|it| self.problem(it));
    }

    fn problem(self, problem: &Problem) {
        let (word, paint) = match (problem.severity, self.lang) {
            (Severity::Stop, Lang::En) => ("error", "31"),
            (Severity::Stop, _) => ("feil", "31"),
            (Severity::Hold, Lang::En) => ("held", "33"),
            (Severity::Hold, _) => ("på vent", "33"),
            (Severity::Warning, Lang::En) => ("warning", "33"),
            (Severity::Warning, _) => ("varsel", "33"),
            (Severity::Info, _) => ("info", "36"),
        };
        let code = problem.code.as_ref().map(|code| format!(" {code}")).unwrap_or_default();
        let place = problem.place.words(self.lang);
        let colon = if place.is_empty() { " " } else { ": " };
        let message = problem.message.get(self.lang);
        say_line(&format!(
            "  {}{colon}{message}",
            self.paint(paint, format!("{word}{code} {place}").trim_end())
        ));
        if let (Some(expected), Some(found)) = (&problem.expected, &problem.value) {
            let (expected, found) = (expected.get(self.lang), found.get(self.lang));
            let line = say!(
                "ventet {expected}, fant {found}",
                nn "venta {expected}, fann {found}",
                "expected {expected}, found {found}"
            );
            say_line(&format!("      {}", line.get(self.lang)));
        }
        if let Some(fix) = problem.fix.as_ref().filter(|fix| !fix.get(self.lang).is_empty()) {
            say_line(&format!("    {}", self.hint(fix)));
        }
        if problem.count > 1 {
            let more = problem.count - 1;
            let line = say!("… og {more} til", nn "… og {more} til", "… and {more} more");
            say_line(&format!("      {}", line.get(self.lang)));
        }
    }
}

/// A line for a person on stderr.
pub(crate) fn say_line(line: &str) {
    put_if_possible(&mut io::stderr(), &format!("{line}\n"));
}

/// Writes everything; whoever closed the pipe has read enough.
fn put(to: &mut dyn Write, bytes: &[u8]) -> io::Result<()> {
    match to.write_all(bytes).and_then(|()| to.flush()) {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(error),
        _ => Ok(()),
    }
}

/// Writes a message; where it can't be written, the exit code says what there is to say.
fn put_if_possible(to: &mut dyn Write, text: &str) {
    let _ = put(to, text.as_bytes());
}
