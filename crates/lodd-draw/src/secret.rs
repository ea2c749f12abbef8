//! Bytes that must not be seen: no message and no log shows them.

use std::fmt::{self, Debug, Formatter};

use crate::hash::Hash;

/// 32 bytes from the operating system's generator: a draw's secret or a unit's salt.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Secret(pub Hash);

impl Debug for Secret {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}
