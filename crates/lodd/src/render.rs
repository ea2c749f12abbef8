//! The one renderer of answers and failures for the terminal.

use std::io::{IsTerminal, Write};

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
    quiet: bool,
    color: bool,
}

impl Voice {
    pub(crate) fn new(global: &Global) -> Self {
        let color = match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
            }
        };
        let lang = global.lang.unwrap_or_else(Lang::from_environment);
        Self { lang, json: global.json, quiet: global.quiet, color }
    }

    fn paint(self, code: &str, words: &str) -> String {
        if self.color { format!("\u{1b}[{code}m{words}\u{1b}[0m") } else { words.to_owned() }
    }

    /// Prints a result; a broken pipe is not an error.
    pub(crate) fn answer(self, answer: &Answer) {
        self.problems(&answer.problems);
        if let Some(raw) = &answer.raw {
            put(&mut std::io::stdout(), raw);
        } else if self.json {
            put(&mut std::io::stdout(), format!("{}\n", answer.json).as_bytes());
        } else if !self.quiet {
            put(&mut std::io::stdout(), format!("{}\n", answer.text.get(self.lang)).as_bytes());
        }
    }

    /// Prints why nothing was done, and gives the exit code.
    pub(crate) fn failure(self, failure: &Failure) -> u8 {
        match failure {
            Failure::Refused { summary, problems, json } => {
                self.refused(summary, problems, json.as_ref());
                1
            }
            Failure::CouldNotRun { message, hint } => {
                self.say(&self.headline(message));
                if let Some(hint) = hint {
                    self.say(&self.hint(hint));
                }
                self.json_error(message, &[]);
                2
            }
        }
    }

    fn refused(self, summary: &Text, problems: &[Problem], json: Option<&Value>) {
        let alone = matches!(problems, [one] if one.message == *summary);
        self.say(&self.headline(summary));
        if let (true, [one]) = (alone, problems) {
            if let Some(fix) = &one.fix {
                self.say(&self.hint(fix));
            }
        } else {
            self.problems(problems);
        }
        match json {
            Some(json) if self.json => put(&mut std::io::stdout(), format!("{json}\n").as_bytes()),
            _ => self.json_error(summary, problems),
        }
    }

    fn json_error(self, message: &Text, problems: &[Problem]) {
        if self.json {
            let findings: Vec<Value> = problems.iter().map(|it| it.to_json(self.lang)).collect();
            let json = json!({ "error": message.get(self.lang), "findings": findings });
            put(&mut std::io::stdout(), format!("{json}\n").as_bytes());
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

    fn problems(self, problems: &[Problem]) {
        for problem in problems.iter().filter(|it| !self.quiet || it.severity == Severity::Stop) {
            self.problem(problem);
        }
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
        let place = problem.place.words();
        let colon = if place.is_empty() { "" } else { ": " };
        let message = problem.message.get(self.lang);
        self.say(&format!(
            "  {}{colon}{message}",
            self.paint(paint, &format!("{word}{code} {place}").trim_end().to_owned())
        ));
        if let (Some(expected), Some(found)) = (&problem.expected, &problem.value) {
            let line =
                say!("ventet {expected}, fant {found}", "expected {expected}, found {found}");
            self.say(&format!("      {}", line.get(self.lang)));
        }
        if let Some(fix) = problem.fix.as_ref().filter(|fix| !fix.get(self.lang).is_empty()) {
            self.say(&format!("    {}", self.hint(fix)));
        }
        if problem.count > 1 {
            let more = problem.count - 1;
            let line = say!("… og {more} til", "… and {more} more");
            self.say(&format!("      {}", line.get(self.lang)));
        }
    }

    /// A line for a person on stderr.
    pub(crate) fn say(self, line: &str) {
        put(&mut std::io::stderr(), format!("{line}\n").as_bytes());
    }
}

/// Writes what it can: whoever closed the pipe has read enough.
fn put(to: &mut dyn Write, bytes: &[u8]) {
    let _ = to.write_all(bytes).and_then(|()| to.flush());
}
