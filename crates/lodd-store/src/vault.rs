//! The vault: what families' rows say is kept under a key of each family.
//!
//! A *family key* is 32 random bytes, made by the first write that concerns the family. It stands in
//! the store wrapped under its *office's key*, and that one lies in a file outside the store
//! ([`keyfile`]). So a store without the key files shows ids, dates and statuses, and nothing that
//! was reported; and destroying a family's wrapped key makes everything under it unreadable for
//! ever, also the openings of the ledger's commitments to it ([`FamilyKey::commit_key`]).
//!
//! What belongs to no family, such as rows held back of an unknown one, is under the *pilot's own
//! key*: that of the family with the empty id ([`PILOT`]), of the office with the empty id.

mod cipher;
mod error;
mod family;
pub mod keyfile;
mod place;
pub mod shares;
#[cfg(test)]
mod tests;
mod wraps;

pub use error::VaultError;
pub use family::FamilyKey;
pub use place::Place;
pub(crate) use wraps::{Fresh, Vault};

/// The id of the family, and of the office, that stands for the pilot itself.
pub const PILOT: &str = "";
