//! Disclosure control, tested by attackers that share no code with it.

#![expect(
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::type_complexity,
    clippy::unwrap_used,
    reason = "tests: a panic is a failing test, and what they measured is printed"
)]

mod attacker;
mod attacks;
mod audits;
mod gauss;
mod laws;
mod optimum;
mod random;
mod rounding;
