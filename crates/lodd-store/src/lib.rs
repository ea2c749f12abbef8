//! The pilot on disk.
//!
//! One `SQLite` file holds the truth ([`Pilot`]): roster, screenings, draws, snapshots, plans, and an
//! append-only hash-chained [`ledger`]. The same `SQLite` runs the queries, in memory
//! ([`query::run`]). Everything that leaves does so as a [`Table`] or as a Parquet file of a
//! documented [`schema`].
//!
//! What families' rows say is sealed under a key of each family ([`vault`]).
//!
//! This crate has no clock: the caller gives the time of each write ([`Stamp`]) and the ledger's
//! key. Keys of offices and families are its own ([`random`]).

pub mod actors;
pub mod backup;
pub mod checksums;
mod error;
pub mod files;
pub mod ledger;
pub mod parquet;
pub mod pilot;
pub mod query;
pub mod random;
pub mod schema;
mod table;
mod time;
pub mod vault;

pub use error::StoreError;
pub use pilot::{Clock, Pilot, Stamp};
pub use table::{Column, Kind, Table, TableError, Values};
pub use time::oslo_day;
