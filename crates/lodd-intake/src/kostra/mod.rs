//! KOSTRA files of the office: 11F (social assistance) and 11CF (the qualification programme).
//!
//! Fixed columns, one record a person and year. Read on the office's own machine, line by line, by
//! the layout of the file's own year; what comes out holds members of the key and nobody else, and
//! no number that points at a person. FODSELSDATO and SAKSBEHANDLER are not read at all.
//!
//! ```text
//! 11F/11CF + KEY.csv ─read─► Extract ─► monthly.csv, last_contact.csv ─upload─► the pilot
//! ```

mod crosswalk;
mod extract;
mod key;
mod layout;
mod lines;
mod output;
mod pass;
mod problem;
mod record;
mod rules;
mod tally;

pub use crosswalk::{Contact, variables};
pub use extract::{Extract, PaidMonth, Refused, Wish, read};
pub use key::{Key, KeyFault, KeyProblem};
pub use layout::{Field, Form, Kind, Layout, YEARS};
pub use output::{CONTACT_COLUMNS, MONTH_COLUMNS, last_contact_csv, monthly_csv};
pub use problem::{Problem, Problems, Rule, What};
