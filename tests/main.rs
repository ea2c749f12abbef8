//! The program from the outside: the code base itself, the command line, the demo, bad input.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]
#![expect(clippy::print_stdout, reason = "seeds, figures, and what could not be run")]

mod after;
mod bad_input;
mod cheats;
mod check;
mod cli;
mod concurrent;
mod contrasts;
mod corrections;
mod crash;
mod demo;
mod descriptives;
mod designs;
mod detect;
mod docs;
mod drand;
mod draw;
mod estimates;
mod events;
mod export;
mod families;
mod faults;
mod flips;
mod formats;
mod forms;
mod hostile;
mod keys;
mod kostra;
mod ledger;
mod lottery;
mod nynorsk;
mod offers;
mod page;
mod panel;
mod parquet_files;
mod plan;
mod planned;
mod power;
mod protocol_changes;
mod public;
mod releases;
mod report;
mod second_result;
mod seeds;
mod serve;
mod stock;
mod support;
mod template;
mod tidy;
mod traced;
mod trials;
mod uploads;
mod verifier;
mod waitlist;
