//! The draw: protocol lodd/1, its files and its verification.
//!
//! A list of units is locked by [`announce()`]; after the beacon, [`reveal()`] (or [`void`]) ends the
//! draw; [`compute`] gives every unit its ticket, rank and arm; [`verify()`] checks it all from the
//! public files. [`Design`] has the probabilities and draws again for inference.
//!
//! To check how a seat was decided, read `hash.rs` (keys and tickets), `result.rs` (ranks) and
//! `Block::arms` in `design.rs` (seats); the other files are about form and agreement.
//!
//! Everything is a function of bytes given and bytes returned: no disk, clock, environment or
//! source of randomness, and no floating point. This release draws blocks with fixed `seats`
//! under `fixed` and `witnessed` beacons; announcements with `probabilities`, a `constraint` or a
//! `drand` beacon are recognised and refused ([`Kind::Unsupported`]).

mod announce;
mod announcement;
mod check;
mod design;
mod finding;
mod hash;
mod json;
mod leaves;
mod object;
mod result;
mod reveal;
mod secret;
mod verify;

pub use announce::{Announce, AnnounceError, Announced, Unit, announce, announcement_hash};
pub use announcement::{Announcement, Beacon, DRAW_MAX, PROTOCOL, REHEARSAL};
pub use design::{ARMS_MAX, BLOCKS_MAX, Block, Design, DesignError, Fraction, UNITS_MAX, is_label};
pub use finding::{File, Finding, Kind, Refused, Whose};
pub use hash::Hash;
pub use result::{Drawn, Row, compute};
pub use reveal::{BeaconValue, RevealError, reveal, void};
pub use secret::Secret;
pub use verify::{DrawFiles, Note, Verdict, verify};
