//! Tests of the draw: against draws made by another implementation, and laws.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a panic here is a failing test")]

mod announcing;
mod design;
mod link;
mod tampering;
mod vectors;
