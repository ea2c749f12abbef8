//! The public beacon: whether a signature is quicknet's.

use lodd_draw::Signature;

/// Whether a signature is the beacon's for a round.
pub(crate) fn is_signature(_round: u64, _signature: &Signature) -> bool {
    false
}
