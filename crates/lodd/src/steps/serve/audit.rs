//! The auditor's pages: proofs, ledger, receipts; no rows.

mod journal;
mod proofs;
mod veil;

use lodd_server::{Block, Deed, Done, Download, FieldKind, Filled, Sheet, View};

use super::{
    came_of::came_of,
    results_parts::{FormWords, field, form, heading, link, or_refused, paragraph, sheet as page},
};
use crate::{
    answer::Answer,
    problem::Failure,
    steps::{Context, ledger},
    text::{Lang, Text, say},
};
use veil::Veil;

/// A page; nothing where there is no such thing.
pub(super) fn sheet(context: &Context, view: View) -> Result<Option<Sheet>, Failure> {
    let made = match view {
        View::Proofs => proofs::sheet(context),
        View::Ledger => journal::sheet(context),
        View::Receipts => receipts(context),
        _ => return Ok(None),
    };
    or_refused(context, &title(view), made).map(Some)
}

/// What a page is called.
fn title(view: View) -> Text {
    match view {
        View::Proofs => say!("Bevis", nn "Prov", "Proofs"),
        View::Ledger => say!("Journal", nn "Journal", "Ledger"),
        _ => say!("Kvitteringer", nn "Kvitteringar", "Receipts"),
    }
}

/// Does it, or refuses it. What it says names no family and no person.
pub(super) fn act(context: &Context, deed: Deed, filled: &Filled) -> Result<Done, Failure> {
    let (view, title, answer) = if deed == Deed::VerifyLedger {
        let title = say!("Kontroll av alt", nn "Kontroll av alt", "Check of everything");
        (View::Ledger, title, ledger::verify(context, &[]))
    } else {
        let title =
            say!("Kontroll av kvittering", nn "Kontroll av kvittering", "Check of a receipt");
        (View::Receipts, title, receipt(context, filled))
    };
    let answer = Veil::of(context).drawn_over(answer);
    let mut done = came_of(context, title.get(context.lang), answer)?;
    let back = self::title(view);
    done.sheet.blocks.push(Block::Links(vec![link(view.path(), back.get(context.lang))]));
    Ok(done)
}

/// A file of the auditor's.
pub(super) fn file(context: &Context, name: &str) -> Result<Option<Download>, Failure> {
    journal::file(context, name)
}

/// The same step as `lodd ledger receipt`.
fn receipt(context: &Context, filled: &Filled) -> Result<Answer, Failure> {
    let Some(sent) = filled.files.get("file") else {
        return Err(Failure::policy(say!(
            "velg kvitteringen først",
            nn "vel kvitteringa først",
            "choose the receipt first"
        )));
    };
    ledger::sent_receipt(context, &lodd_intake::shown_name(&sent.name), &sent.bytes)
}

/// The page that takes a receipt.
fn receipts(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let text = say!(
        "Hvert kontor har en kvittering for hver levering. Den sier hvor journalen sto da. Stemmer den, er innslaget der som det var, og ingenting før eller etter det er borte eller byttet ut.",
        nn "Kvart kontor har ei kvittering for kvar levering. Ho seier kvar journalen stod då. Stemmer ho, er innslaget der som det var, og ingenting før eller etter det er borte eller bytt ut.",
        "Each office has a receipt of each delivery. It says where the ledger stood then. If it fits, the entry is there as it was, and nothing before or after it is gone or another."
    );
    let check = heading(&say!("Kontroll", nn "Kontroll", "Check"), lang);
    let blocks = vec![paragraph(&text, lang), check, receipt_form(lang)];
    page(context, &pilot, (&title(View::Receipts), &protocol.title), blocks)
}

fn receipt_form(lang: Lang) -> Block {
    let words = FormWords {
        title: say!("Kontroller en kvittering", nn "Kontroller ei kvittering", "Check a receipt"),
        why: say!(
            "Filen lagres ikke.",
            nn "Fila blir ikkje lagra.",
            "The file is not stored."
        ),
        button: say!("Kontroller", nn "Kontroller", "Check"),
    };
    let label = say!("Kvitteringen (json)", nn "Kvitteringa (json)", "The receipt (json)");
    let file =
        lodd_server::Field { required: true, ..field("file", FieldKind::File, &label, lang) };
    form(Deed::CheckReceipt, &words, vec![file], lang)
}

/// The form that checks everything, under its heading.
fn verify_form(lang: Lang) -> [Block; 2] {
    let words = FormWords {
        title: say!("Kontroller alt", nn "Kontroller alt", "Check everything"),
        why: say!(
            "Hvert innslag, hver lagrede rad og hver fil holdes mot journalen, og hver trekning trekkes på nytt av sine åpne filer. Det kan ta et par minutter.",
            nn "Kvart innslag, kvar lagra rad og kvar fil blir haldne mot journalen, og kvar trekning blir trekt på nytt av dei opne filene sine. Det kan ta eit par minutt.",
            "Each entry, each stored row and each file is held to the ledger, and each draw is drawn again from its public files. It may take a few minutes."
        ),
        button: say!("Kontroller alt", nn "Kontroller alt", "Check everything"),
    };
    let title = heading(&say!("Kontroll", nn "Kontroll", "Check"), lang);
    [title, form(Deed::VerifyLedger, &words, Vec::new(), lang)]
}
