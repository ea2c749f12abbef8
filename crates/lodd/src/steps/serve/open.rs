//! What everyone may see of a draw: its files and the page that checks them.

use lodd_server::{Download, Of, Sheet, Shelf, View};

use crate::{problem::Failure, steps::Context};

/// A page; nothing where there is no such thing.
pub(super) fn sheet(context: &Context, view: View, of: Of<'_>) -> Result<Option<Sheet>, Failure> {
    let _ = (context, view, of);
    Ok(None)
}

/// A public file of a draw, or the page that checks it.
pub(super) fn file(
    context: &Context,
    shelf: Shelf,
    of: Of<'_>,
    name: &str,
) -> Result<Option<Download>, Failure> {
    let _ = (context, shelf, of, name);
    Ok(None)
}
