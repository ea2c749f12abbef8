//! The evaluator's pages: completeness, flow, plan, results, releases.

mod answers;
mod files;
mod flow;
mod plan;
mod releases;
mod results;

use lodd_server::{Block, Deed, Done, Download, Filled, Role, Sheet, Shelf, View};

use super::{
    came_of::came_of,
    results_parts::{link, or_refused},
};
use crate::{
    problem::Failure,
    steps::Context,
    text::{Text, say},
};

/// A page; nothing where there is no such thing.
pub(super) fn sheet(
    context: &Context,
    role: Option<Role>,
    view: View,
) -> Result<Option<Sheet>, Failure> {
    let made = match view {
        View::Answers => answers::sheet(context),
        View::Flow => flow::sheet(context),
        View::Plan => plan::sheet(context),
        View::Results => results::sheet(context),
        View::Releases => releases::sheet(context, role),
        _ => return Ok(None),
    };
    or_refused(context, &title(view), made).map(Some)
}

/// What a page is called.
fn title(view: View) -> Text {
    match view {
        View::Flow => say!("Flyt", nn "Flyt", "Flow"),
        View::Plan => say!("Analyseplan", nn "Analyseplan", "Analysis plan"),
        View::Results => say!("Resultater", nn "Resultat", "Results"),
        View::Releases => say!("Frigivelser", nn "Frigjevingar", "Releases"),
        _ => say!("Svar fra kontorene", nn "Svar frå kontora", "Answers from the offices"),
    }
}

/// Does it, or refuses it.
pub(super) fn act(context: &Context, deed: Deed, filled: &Filled) -> Result<Done, Failure> {
    let (view, title, answer) = match deed {
        Deed::LockPlan => {
            let title = say!("Låse planen", nn "Låse planen", "Lock the plan");
            (View::Plan, title, plan::lock(context, filled))
        }
        Deed::MakePanel => {
            let title = say!("Lage panelet", nn "Lage panelet", "Make the panel");
            (View::Results, title, results::panel(context, filled))
        }
        Deed::Estimate => {
            let title = say!("Estimere", nn "Estimere", "Estimate");
            (View::Results, title, results::estimate(context, filled))
        }
        Deed::Report if filled.get("edition") == Some("public") => {
            let title = say!("Offentlig rapport", nn "Offentleg rapport", "Public report");
            (View::Releases, title, releases::report(context, filled))
        }
        Deed::Report => {
            let title = say!("Rapport", nn "Rapport", "Report");
            (View::Results, title, results::report(context, filled))
        }
        _ => {
            let title = say!("Publisering", nn "Publisering", "Publication");
            (View::Releases, title, releases::release(context, filled))
        }
    };
    let mut done = came_of(context, title.get(context.lang), answer)?;
    let back = self::title(view);
    done.sheet.blocks.push(Block::Links(vec![link(view.path(), back.get(context.lang))]));
    Ok(done)
}

/// What would be published, for whoever says yes to it.
pub(super) fn describe(context: &Context, filled: &Filled) -> Result<String, Failure> {
    releases::describe(context, filled)
}

/// A table or a report, or what may be published.
pub(super) fn file(
    context: &Context,
    shelf: Shelf,
    name: &str,
) -> Result<Option<Download>, Failure> {
    match shelf {
        Shelf::Public => files::public(context).take(name),
        _ => files::outputs(context).take(name),
    }
}
