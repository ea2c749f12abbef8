//! The program from the outside: the code base itself, the command line, the demo, bad input.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]

mod after;
mod bad_input;
mod cheats;
mod check;
mod cli;
mod demo;
mod designs;
mod docs;
mod drand;
mod draw;
mod events;
mod families;
mod hostile;
mod flips;
mod kostra;
mod ledger;
mod lottery;
mod offers;
mod page;
mod plan;
mod public;
mod second_result;
mod support;
mod template;
mod tidy;
mod uploads;
mod verifier;
mod waitlist;
