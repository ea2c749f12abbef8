//! The draw: protocol lodd/1, its files and its verification.
//!
//! A list of units is locked by [`announce()`]; after the beacon, [`reveal()`] (or [`void`]) ends the
//! draw; [`compute`] gives every unit its ticket, rank and arm; [`verify()`] checks it all from the
//! public files. [`Design`] has the probabilities and draws again for inference.
//!
//! To check how a seat was decided, read `hash.rs` (keys and tickets), `design/seats.rs` (seats)
//! and `result.rs` (ranks and arms), and `constraint.rs` where a draw has one: some 500 lines. The
//! other files are about form and agreement, about who is one unit (`link.rs`), and about
//! probabilities and replays.
//!
//! Everything is a function of bytes given and bytes returned: no disk, clock, environment or
//! source of randomness, and no floating point. Whether a drand signature is the beacon's is
//! asked of the caller ([`quicknet::CheckSignature`]), so that no curve arithmetic stands here.

mod announce;
mod announcement;
mod check;
mod constraint;
mod design;
mod finding;
mod fraction;
mod hash;
mod json;
mod leaves;
pub mod link;
mod object;
pub mod quicknet;
mod result;
mod reveal;
mod secret;
mod slip;
mod verify;

pub use announce::{
    Announce, AnnounceError, Announced, Constrain, Unit, announce, announcement_hash,
};
pub use announcement::{Announcement, Beacon, DRAW_MAX, PROTOCOL, REHEARSAL};
pub use constraint::{ATTEMPTS_MAX, Constrained, Constraint, Inclusion, Limit, VALUE_MAX};
pub use design::{ARMS_MAX, BLOCKS_MAX, Block, Design, DesignError, Shares, UNITS_MAX, is_label};
pub use finding::{File, Finding, Kind, Refused, Whose};
pub use fraction::{Fraction, FractionError};
pub use hash::Hash;
pub use quicknet::{CheckSignature, Signature};
pub use result::{Drawn, Row, compute};
pub use reveal::{BeaconValue, RevealError, reveal, void};
pub use secret::Secret;
pub use slip::{Slip, SlipError, SlipVerdict, check_slip, slip};
pub use verify::{DrawFiles, Evidence, Note, Verdict, verify};
