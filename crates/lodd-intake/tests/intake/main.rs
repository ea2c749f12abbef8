//! Files as offices send them, good, bad and hostile.

#![expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
#![expect(clippy::indexing_slicing, reason = "a panic here is a failing test")]

mod assignment;
mod bad_input;
mod checks;
mod codes;
mod coverage;
mod csv;
mod events;
mod events_known;
mod files;
mod forms;
mod hostile;
mod kostra;
mod limits;
mod planted;
mod privacy;
mod roster;
mod snapshots;
mod support;
mod variables;
