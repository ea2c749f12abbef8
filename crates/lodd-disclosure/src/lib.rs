//! Which numbers may be published, so that no table gives a family away.
//!
//! Every number of a set of tables, and of everything published before, stands once in a [`System`]
//! with the sums that hold between them. [`Rules`] tell which numbers are sensitive; [`protect`]
//! withholds these and as few others as keep an attacker's interval around each at least as wide as
//! the threshold; [`attack`] is that attacker. [`audit`] asks whether a table may follow the
//! releases before it, and [`round`] is the alternative that shows every number, rounded.
//!
//! What the attacker knows: every published number, every sum, that counts are whole and not
//! negative, that a number only grew where all that is published of it says so, and every earlier
//! release. A number counts as safe when two sets of whole numbers agree with all of that and differ
//! by the threshold in it: those are kept and checked in whole numbers, so that no rounding of a
//! linear programme decides.
//!
//! ```
//! use lodd_disclosure::{Count, Dimension, Rules, System, Table, protect};
//!
//! let rules = Rules::default();
//! let mut table = Table::new("families", "2026-06-30");
//! table.by(Dimension::flat("arm", &["measure", "control"]));
//! table.by(Dimension::flat("status", &["work", "benefits", "nothing"]));
//! for (arm, counts) in [("measure", [12, 9, 2]), ("control", [8, 14, 7])] {
//!     for (status, n) in ["work", "benefits", "nothing"].into_iter().zip(counts) {
//!         table.count(&[arm, status], Count::families(n))?;
//!     }
//! }
//! table.add_totals()?;
//! let mut system = System::default();
//! table.enter(&mut system, &rules)?;
//! let pattern = protect(&system)?;
//! assert_eq!(pattern.suppressed().len(), 4); // the 2, and three that would give it away
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod attack;
mod exact;
mod flow;
mod link;
mod lp;
mod release;
mod rounding;
mod route;
mod rules;
mod search;
mod suppress;
mod system;
mod table;

pub use attack::{Interval, attack};
pub use link::link;
pub use release::{
    Advice, Exposed, Refusal, Release, ReleaseError, Reported, Why, audit, audit_release,
};
pub use rounding::{RoundingError, round};
pub use rules::{Contributions, Dominance, Rules, RulesError};
pub use suppress::{Pattern, Unprotected, protect};
pub use system::{Id, Number, Standing, Sum, System, SystemError};
pub use table::{Count, Dimension, Table, TableError, series};

/// The element at a place, or nothing's value.
fn at<T: Copy + Default>(list: &[T], place: usize) -> T {
    list.get(place).copied().unwrap_or_default()
}

/// Sets the element at a place.
fn put<T>(list: &mut [T], place: usize, value: T) {
    if let Some(slot) = list.get_mut(place) {
        *slot = value;
    }
}
