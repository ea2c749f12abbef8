//! The auditor's pages: proofs, ledger, receipts; no rows.

use lodd_server::{Deed, Done, Filled, Of, Sheet, View};

use super::came_of::came_of;
use crate::answer::Answer;
use crate::{problem::Failure, steps::Context};

/// A page; nothing where there is no such thing.
pub(super) fn sheet(context: &Context, view: View, of: Of<'_>) -> Result<Option<Sheet>, Failure> {
    let _ = (context, view, of);
    Ok(None)
}

/// Does it, or refuses it.
pub(super) fn act(context: &Context, deed: Deed, filled: &Filled) -> Result<Done, Failure> {
    let _ = filled;
    came_of(context, &format!("{deed:?}"), Ok(Answer::default()))
}
