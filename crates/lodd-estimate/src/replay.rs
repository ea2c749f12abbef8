//! Re-running an assignment.

/// An assignment that can be run again: the draw's own mechanism, blocks and seats.
///
/// Units are numbered from 0, and an arm is its index among the draw's arms. Implementations
/// hold whatever seed they need: `replay(i, …)` gives the same arms whenever and from whichever
/// thread it is called.
///
/// A contrast of two arms out of more is tested given who is in the others, so the replay for it
/// should draw only the units of the two. A unit that is re-drawn into another arm is left out
/// of that re-draw, and the test then says so in its note.
pub trait Replay: Sync {
    /// Number of drawn units.
    fn units(&self) -> usize;

    /// Number of different, equally likely assignments; None if it is not known or not finite
    /// enough for 128 bits.
    fn assignments(&self) -> Option<u128>;

    /// The seats of each arm in every block, whose units stand one block after the other, if each
    /// way to fill them is equally likely and there are no other assignments.
    fn seats(&self) -> Option<Vec<Vec<u32>>> {
        None
    }

    /// Writes the arms of random re-draw `i` into `arms`, which has one place a unit.
    fn replay(&self, i: u64, arms: &mut [u8]);

    /// Writes the arms of assignment `i < assignments()` into `arms`; each comes once.
    fn nth(&self, i: u128, arms: &mut [u8]);
}

/// A replay, and which two of its arms are compared.
#[derive(Clone, Copy)]
pub struct Redraw<'a> {
    /// The draw.
    pub replay: &'a dyn Replay,
    /// Index of the arm that counts as treated.
    pub treated: u8,
    /// Index of the arm that counts as control.
    pub control: u8,
}

impl<'a> Redraw<'a> {
    /// The usual two-arm contrast: arm 0 is treated, arm 1 is control.
    pub fn two_arms(replay: &'a dyn Replay) -> Self {
        Self { replay, treated: 0, control: 1 }
    }

    /// Whether a unit in `arm` is treated; None if it is in neither of the two arms.
    pub(crate) fn side(&self, arm: u8) -> Option<bool> {
        if arm == self.treated {
            Some(true)
        } else if arm == self.control {
            Some(false)
        } else {
            None
        }
    }
}

impl std::fmt::Debug for Redraw<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Redraw")
            .field("units", &self.replay.units())
            .field("treated", &self.treated)
            .field("control", &self.control)
            .finish()
    }
}
