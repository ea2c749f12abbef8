//! Office files to rows, or to located findings.
//!
//! Bytes of a file that nobody has vouched for go in; out come typed rows, or [`Findings`] that say
//! which file, sheet and cell, what stands there, what was expected and how to mend it, in
//! Norwegian and English. Reading never panics, holds memory within [`Limits`], writes nothing and
//! never shows a national identity number.
//!
//! ```text
//! Upload ─read─► Workbook ─┬─ roster      ► families, members, months, facts, or nothing
//!                          ├─ snapshots   ► atoms, months and events that go in, rows held, or nothing
//!                          └─ assignment  ► who was assigned elsewhere, or nothing
//! ```
//!
//! What can be found is listed in [`catalogue`]; what a file is judged against is
//! [`Expectations`]. A file that stops gives `Err`; the findings of one that does not, its warnings
//! and what it has on hold, come with the result.

mod assignment;
pub mod catalogue;
pub mod codes;
mod dates;
pub mod events;
mod expectations;
mod field;
pub mod finding;
pub mod form;
pub mod ids;
pub mod kostra;
mod limits;
mod memo;
mod months;
mod national_id;
mod normal;
mod personal;
mod read;
mod roster;
mod snapshots;
mod synonyms;
mod table;
pub mod text;
mod unit_id;
pub mod variable;
pub mod wire;
mod workbook;
pub mod write;

pub use assignment::{Assigned, assignment, assignment_in};
pub use events::{Event, EventFact, Spell};
pub use expectations::{
    Exit, Expectations, History, KnownMember, Latest, Leaving, Measured, Overdue, Role, Window,
};
pub use finding::{Finding, Findings};
pub use limits::Limits;
pub use months::Month;
pub use personal::{Personal, personal};
pub use read::{read, shown_name};
pub use roster::{Fact, Family, Mark, MarkKind, Member, Roster, roster, roster_in};
pub use snapshots::{
    Atom, Held, HeldRow, Judged, LastContact, LookedUp, Period, RegisterFile, Registers,
    SheetPlace, Snapshot, adults_in, snapshots, snapshots_in,
};
pub use text::Lang;
pub use variable::{UnitKind, Value, Variable};
pub use workbook::{
    Area, Cell, CellValue, Format, NOTE_AUTHOR, Row, Shape, Sheet, Upload, Workbook,
};
