//! Progress on stderr, when it is a terminal.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over rows.
#[derive(Clone, Debug)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar over `rows`; the first drawing comes after a second. Hidden where nobody looks.
    pub(crate) fn new(shown: bool, rows: usize, words: &str) -> Self {
        if !shown || !std::io::stderr().is_terminal() {
            return Self(ProgressBar::hidden());
        }
        let template = "{msg} [{bar:30}] {human_pos}/{human_len} {elapsed} {eta}";
        let bar = ProgressBar::new(rows as u64).with_message(words.to_owned());
        let bar = match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style),
            Err(_) => bar,
        };
        bar.enable_steady_tick(Duration::from_secs(1));
        Self(bar)
    }

    /// So many rows more are done.
    pub(crate) fn add(&self, rows: usize) {
        self.0.inc(rows as u64);
    }

    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
