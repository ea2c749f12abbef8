//! `lodd`: from the roster to the report of a randomised pilot. One folder a pilot.

mod answer;
mod beacon;
mod cli;
mod clock;
mod contained;
mod frame;
mod hash;
mod pairs;
mod plan;
mod problem;
mod progress;
mod protocol;
mod reader;
mod reading;
mod render;
mod replay;
mod report_file;
mod serve_file;
mod steps;
mod templates;
mod text;
mod units;

use std::process::ExitCode;

fn main() -> ExitCode {
    let mut words = std::env::args_os();
    if reading::is_child(&mut words) { reading::child() } else { cli::run(std::env::args_os()) }
}
