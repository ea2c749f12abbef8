//! The researcher's pages: list, screening, draws, places.

mod checks;
mod draw;
mod draws;
mod keys;
mod lock;
mod places;
mod roster;
#[cfg(test)]
mod tests;

use lodd_server::{Block, Deed, Done, Download, Filled, Link, Of, Sheet, Shelf, View};

use super::came_of::came_of;
use crate::{
    problem::Failure,
    steps::{Context, screen},
    text::{Text, say},
};

/// A page; nothing where there is no such thing.
pub(super) fn sheet(context: &Context, view: View, of: Of<'_>) -> Result<Option<Sheet>, Failure> {
    match view {
        View::Roster => roster::sheet(context).map(Some),
        View::Places => places::sheet(context).map(Some),
        View::Draw => draw::sheet(context, of.id),
        _ => draws::sheet(context).map(Some),
    }
}

/// Does it, or refuses it.
pub(super) fn act(context: &Context, deed: Deed, filled: &Filled) -> Result<Done, Failure> {
    match deed {
        Deed::Screen => {
            let title = say!("Vurdering", nn "Vurdering", "Screening");
            let done = came_of(context, title.get(context.lang), screen::run(context))?;
            Ok(with_links(done, vec![back(context, View::Roster)]))
        }
        Deed::Announce => lock::act(context, filled),
        Deed::Reveal => draw::reveal(context, filled),
        Deed::Void => draw::void(context, filled),
        Deed::RotateKeys => keys::rotate(context, filled),
        _ => places::act(context, deed, filled),
    }
}

/// What would be done, for whoever says yes to it.
pub(super) fn describe(context: &Context, deed: Deed, filled: &Filled) -> Result<String, Failure> {
    match deed {
        Deed::Void => draw::describe(context, filled),
        _ => Ok(keys::describe(context, filled)),
    }
}

/// The record of a draw, or the screening.
pub(super) fn file(
    context: &Context,
    shelf: Shelf,
    of: Of<'_>,
    name: &str,
) -> Result<Option<Download>, Failure> {
    if shelf == Shelf::Roster {
        return roster::file(context, name);
    }
    checks::file(context, of.id, name)
}

/// A page of the menu, to go back to.
fn back(context: &Context, view: View) -> Link {
    let text = match view {
        View::Roster => say!("Til lista", nn "Til lista", "To the list"),
        View::Places => say!("Til plassene", nn "Til plassane", "To the places"),
        _ => say!("Til trekningene", nn "Til trekkingane", "To the draws"),
    };
    super::parts::link(context.lang, view.path(), &text)
}

fn with_links(mut done: Done, links: Vec<Link>) -> Done {
    done.sheet.blocks.push(Block::Links(links));
    done
}

/// A page that says why nothing was done.
fn refused(context: &Context, title: &Text, failure: Failure, view: View) -> Result<Done, Failure> {
    let done = came_of(context, title.get(context.lang), Err(failure))?;
    Ok(with_links(done, vec![back(context, view)]))
}
