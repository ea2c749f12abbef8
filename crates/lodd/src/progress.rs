//! Progress bars on stderr, for work that takes over a second and only in a terminal.

use std::{io::IsTerminal, time::Duration};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar over `length` steps. The first drawing comes with the first tick, after a second.
pub(crate) fn bar(shown: bool, length: u64, words: &str) -> ProgressBar {
    if !shown || !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{msg} [{bar:30}] {pos}/{len} {elapsed}");
    let bar = ProgressBar::new(length).with_message(words.to_owned());
    let bar = style.map_or(bar.clone(), |style| bar.with_style(style));
    bar.enable_steady_tick(Duration::from_secs(1));
    bar
}
