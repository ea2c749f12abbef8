//! The researcher's pages: list, screening, draws, places.

use lodd_server::{Deed, Done, Download, Filled, Of, Sheet, View};

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

/// What would be done, for whoever says yes to it.
pub(super) fn describe(context: &Context, deed: Deed, filled: &Filled) -> Result<String, Failure> {
    let _ = (context, filled);
    Ok(format!("{deed:?}"))
}

/// The record of a draw.
pub(super) fn file(context: &Context, of: Of<'_>, name: &str) -> Result<Option<Download>, Failure> {
    let _ = (context, of, name);
    Ok(None)
}
