//! Places: what has been offered on each list, what was answered, and the next.
//!
//! Only families that have been offered a place are named: who comes after an offer is not known here
//! before it is closed.

use lodd_server::{Block, Cell, Deed, Done, FieldKind, Filled, Form, Sheet, View};
use lodd_store::pilot::{Offer, OfferAnswer};

use super::{
    super::{
        came_of::came_of,
        parts::{
            day, field, form, heading, hint, para, plain, required, table, when, words as said,
        },
    },
    back, with_links,
};
use crate::{
    answer::Answer,
    problem::Failure,
    steps::{
        Context,
        offer::{self as step, List, Which},
        stamp_of,
    },
    text::{Lang, Text, count, say},
};

/// More offers than this are not listed on one page.
const OFFERS_SHOWN: usize = 200;

/// The lists, their offers, and what can be done.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let lists = step::lists(&pilot)?;
    let title = say!("Plasser", nn "Plassar", "Places");
    let lead = context.protocol(&pilot).ok().map(|it| plain(lang, &it.title));
    let mut blocks = Vec::new();
    if lists.is_empty() {
        let none = say!(
            "Ingen trekning av familier med to grupper er gjort ennå.",
            nn "Inga trekking av familiar med to grupper er gjord enno.",
            "No draw of families with two arms has been made yet."
        );
        blocks.push(para(lang, &none));
        return Ok(Sheet { title: plain(lang, &title), lead, blocks });
    }
    let draws: Vec<_> = lists.iter().map(|it| it.draw.clone()).collect();
    blocks.extend(stamp_of(&draws).iter().map(|it| Block::Mark(plain(lang, it))));
    let why = say!(
        "Den neste på lista vises ikke før tilbudet som står åpent, har fått svar.",
        nn "Den neste på lista blir ikkje vist før tilbodet som står ope, har fått svar.",
        "The next on the list is not shown before the offer that is open has an answer."
    );
    blocks.push(para(lang, &why));
    blocks.push(summary(lang, &lists));
    blocks.extend(offers(lang, &lists)?);
    let doable = forms(context, &lists)?;
    if !doable.is_empty() {
        let title = say!("Før", nn "Før", "Record");
        blocks.push(heading(lang, &title));
        blocks.extend(doable.into_iter().map(Block::Form));
    }
    Ok(Sheet { title: plain(lang, &title), lead, blocks })
}

fn summary(lang: Lang, lists: &[List]) -> Block {
    let row = |it: &List| {
        let log = &it.log;
        let state = match &log.closed {
            Some(closed) => {
                let reason = &closed.reason;
                say!("avsluttet: {reason}", nn "avslutta: {reason}", "closed: {reason}")
            }
            None => say!("åpen", nn "open", "open"),
        };
        vec![
            Cell::Text(name(lang, it)),
            Cell::Number(count(log.units)),
            Cell::Number(count(log.seats)),
            Cell::Number(count(log.held())),
            Cell::Number(count(log.free())),
            Cell::Number(count(log.waiting())),
            said(lang, &state),
        ]
    };
    let head = [
        say!("Liste", nn "Liste", "List"),
        say!("Familier", nn "Familiar", "Families"),
        say!("Plasser", nn "Plassar", "Places"),
        say!("Tatt eller tilbudt", nn "Tekne eller tilbodne", "Taken or offered"),
        say!("Ledige", nn "Ledige", "Free"),
        say!("Venter", nn "Ventar", "Waiting"),
        say!("Tilbudene", nn "Tilboda", "Offers"),
    ];
    let caption = say!("Listene", nn "Listene", "The lists");
    table(lang, &caption, head, lists.iter().map(row).collect())
}

/// `Trekning 1, kast`.
fn name(lang: Lang, list: &List) -> String {
    let (draw, block) = (list.draw.draw, &list.log.block);
    let text =
        say!("Trekning {draw}, {block}", nn "Trekking {draw}, {block}", "Draw {draw}, {block}");
    plain(lang, &text)
}

/// How a list is sent: no label has a `/`.
fn code(list: &List) -> String {
    format!("{}/{}", list.draw.draw, list.log.block)
}

fn answered(offer: &Offer) -> Text {
    match offer.answer {
        None => say!("ikke svart ennå", nn "ikkje svart enno", "no answer yet"),
        Some(OfferAnswer::Yes) => say!("JA", nn "JA", "JA (yes)"),
        Some(OfferAnswer::No) => say!("NEI", nn "NEI", "NEI (no)"),
        Some(_) => say!("IKKE_NADD", nn "IKKE_NADD", "IKKE_NADD (not reached)"),
    }
}

fn offers(lang: Lang, lists: &[List]) -> Result<Vec<Block>, Failure> {
    let mut blocks = Vec::new();
    let mut left = OFFERS_SHOWN;
    for list in lists {
        let title = say!("{it}: tilbud", nn "{it}: tilbod", "{it}: offers", it = name(lang, list));
        blocks.push(heading(lang, &title));
        let all = &list.log.offers;
        // Those that wait for an answer, and the last.
        let mut shown: Vec<&Offer> = all.iter().filter(|it| it.answer.is_none()).collect();
        shown.extend(all.iter().filter(|it| it.answer.is_some()).rev());
        shown.truncate(left);
        left -= shown.len();
        let rows = shown.iter().map(|it| row(lang, it)).collect::<Result<Vec<_>, Failure>>()?;
        let caption = say!(
            "Tilbudene i {it}, de uten svar først",
            nn "Tilboda i {it}, dei utan svar først",
            "The offers of {it}, those without an answer first",
            it = name(lang, list)
        );
        let head = [
            say!("Familie", nn "Familie", "Family"),
            say!("Rang", nn "Rang", "Rank"),
            say!("Fra", nn "Frå", "From"),
            say!("Tilbudt", nn "Tilbode", "Offered"),
            say!("Svar", nn "Svar", "Answer"),
            say!("Svarte", nn "Svarte", "Answered"),
            say!("Merknad", nn "Merknad", "Note"),
        ];
        blocks.push(table(lang, &caption, head, rows));
        let more = all.len() - shown.len();
        if more > 0 {
            let text = say!(
                "… og {more} til: lodd draw offer list viser alle.",
                nn "… og {more} til: lodd draw offer list viser alle.",
                "… and {more} more: lodd draw offer list shows them all."
            );
            blocks.push(para(lang, &text));
        }
    }
    Ok(blocks)
}

fn row(lang: Lang, offer: &Offer) -> Result<Vec<Cell>, Failure> {
    let rank = offer.rank.map_or_else(|| "–".to_owned(), |it| it.to_string());
    let from = if offer.initial {
        say!("trekningen", nn "trekkinga", "the draw")
    } else {
        say!("reservelista", nn "reservelista", "the reserve list")
    };
    let at = offer.answered_at_us.map_or_else(|| Ok(Text::same("–")), when)?;
    let ended = match (offer.ended_on, &offer.end_reason) {
        (Some(on), Some(why)) => {
            let on = day(on);
            let (nb, en) = (&on.nb, &on.en);
            say!("sluttet {nb} ({why})", nn "slutta {nb} ({why})", "left {en} ({why})")
        }
        _ => Text::default(),
    };
    let note: Vec<String> =
        [offer.reason.clone().unwrap_or_default(), plain(lang, &ended)].to_vec();
    let note: Vec<String> = note.into_iter().filter(|it| !it.is_empty()).collect();
    Ok(vec![
        Cell::Code(offer.family_id.clone()),
        Cell::Number(rank),
        said(lang, &from),
        said(lang, &when(offer.offered_at_us)?),
        said(lang, &answered(offer)),
        said(lang, &at),
        Cell::Text(note.join("; ")),
    ])
}

/// A family of those: chosen, or typed where they are too many for a list.
fn family(lang: Lang, choices: Vec<(String, String)>) -> lodd_server::Field {
    let label = say!("Familie", nn "Familie", "Family");
    let kind =
        if choices.len() > OFFERS_SHOWN { FieldKind::Line } else { FieldKind::Choice(choices) };
    required(field(lang, "family", kind, &label))
}

fn which(lang: Lang, lists: &[&List]) -> lodd_server::Field {
    let label = say!("Liste", nn "Liste", "List");
    let choices = lists.iter().map(|it| (code(it), name(lang, it))).collect();
    required(field(lang, "list", FieldKind::Choice(choices), &label))
}

fn reason(lang: Lang) -> lodd_server::Field {
    let label = say!("Grunn", nn "Grunn", "Reason");
    let why = say!(
        "En kode eller noen få ord, ikke noe som peker ut en person.",
        nn "Ein kode eller nokre få ord, ikkje noko som peikar ut ein person.",
        "A code or a few words, nothing that points at a person."
    );
    hint(lang, field(lang, "reason", FieldKind::Line, &label), &why)
}

/// What can be done now.
fn forms(context: &Context, lists: &[List]) -> Result<Vec<Form>, Failure> {
    let lang = context.lang;
    let open: Vec<&List> = lists.iter().filter(|it| it.log.closed.is_none()).collect();
    let free = |it: &&&List| it.log.free() > 0 && it.log.open().is_none() && it.log.waiting() > 0;
    let free: Vec<&List> = open.iter().filter(free).copied().collect();
    let offers = || open.iter().flat_map(|it| &it.log.offers);
    let mut forms = Vec::new();
    if !free.is_empty() {
        let title = say!("Tilby en ledig plass", nn "Tilby ein ledig plass", "Offer a free place");
        let button = say!("Tilby den neste", nn "Tilby den neste", "Offer the next");
        let fields = vec![which(lang, &free)];
        forms.push(Form { fields, ..form(lang, Deed::Offer, &title, &button) });
    }
    let label = |it: &Offer| format!("{}: {}", it.family_id, plain(lang, &answered(it)));
    let pair = |it: &Offer| (it.family_id.clone(), label(it));
    let mut answers: Vec<_> = offers().filter(|it| it.answer.is_none()).map(pair).collect();
    // An answer may be changed, with a reason; a place that is taken is given up.
    answers.extend(offers().filter(|it| it.answer.is_some() && !it.taken()).map(pair));
    if !answers.is_empty() {
        forms.push(answer_form(lang, answers));
    }
    let takers: Vec<_> =
        offers().filter(|it| it.taken() && it.ended_on.is_none()).map(pair).collect();
    if !takers.is_empty() {
        forms.push(give_up(context, takers)?);
    }
    if !open.is_empty() {
        let title = say!("Avslutt tilbudene på en liste", nn "Avslutt tilboda på ei liste", "Close the offers of a list");
        let button = say!("Avslutt", nn "Avslutt", "Close");
        let why = say!(
            "Loggen er endelig da, og plasser som er ledige, går inn i neste trekning.",
            nn "Loggen er endeleg då, og plassar som er ledige, går inn i neste trekking.",
            "Its log is final then, and free places go into the next draw."
        );
        let fields = vec![which(lang, &open), required(reason(lang))];
        let blank = form(lang, Deed::CloseOffers, &title, &button);
        forms.push(Form { why: Some(plain(lang, &why)), fields, ..blank });
    }
    Ok(forms)
}

fn answer_form(lang: Lang, families: Vec<(String, String)>) -> Form {
    let title =
        say!("Hva en familie svarte", nn "Kva ein familie svarte", "What a family answered");
    let button = say!("Før svaret", nn "Før svaret", "Record the answer");
    let label = say!("Svar", nn "Svar", "Answer");
    let choices = [
        ("JA", say!("JA: tar plassen", nn "JA: tek plassen", "JA: takes the place")),
        ("NEI", say!("NEI: vil ikke ha den", nn "NEI: vil ikkje ha han", "NEI: does not want it")),
        (
            "IKKE_NADD",
            say!("IKKE_NADD: ble ikke nådd", nn "IKKE_NADD: blei ikkje nådd", "IKKE_NADD: was not reached"),
        ),
    ];
    let choices = choices.into_iter().map(|(code, it)| (code.to_owned(), plain(lang, &it)));
    let answer = required(field(lang, "answer", FieldKind::Choice(choices.collect()), &label));
    let fields = vec![family(lang, families), answer, reason(lang)];
    Form { fields, ..form(lang, Deed::OfferAnswer, &title, &button) }
}

fn give_up(context: &Context, families: Vec<(String, String)>) -> Result<Form, Failure> {
    let lang = context.lang;
    let title = say!("En familie har sluttet", nn "Ein familie har slutta", "A family has left");
    let button = say!("Før at plassen er ledig", nn "Før at plassen er ledig", "Record that the place is free");
    let label = say!("Siste dag", nn "Siste dag", "The last day");
    let mut on = required(field(lang, "on", FieldKind::Day, &label));
    on.value = context.clock.today()?.to_string();
    let fields = vec![family(lang, families), on, required(reason(lang))];
    Ok(Form { fields, ..form(lang, Deed::GiveUp, &title, &button) })
}

/// Does one of them, as the command line would.
pub(super) fn act(context: &Context, deed: Deed, filled: &Filled) -> Result<Done, Failure> {
    let title = match deed {
        Deed::Offer => say!("Tilbud", nn "Tilbod", "Offer"),
        Deed::OfferAnswer => say!("Svar på tilbud", nn "Svar på tilbod", "Answer to an offer"),
        Deed::GiveUp => say!("Ledig plass", nn "Ledig plass", "Free place"),
        _ => say!("Tilbudene er avsluttet", nn "Tilboda er avslutta", "Offers closed"),
    };
    let done = came_of(context, title.get(context.lang), done(context, deed, filled))?;
    Ok(with_links(done, vec![back(context, View::Places)]))
}

fn done(context: &Context, deed: Deed, filled: &Filled) -> Result<Answer, Failure> {
    let text = |name: &str| filled.get(name).unwrap_or_default();
    match deed {
        Deed::Offer => step::next(context, list(filled)?),
        Deed::OfferAnswer => {
            let answer = OfferAnswer::from_code(text("answer")).ok_or_else(|| {
                Failure::policy(say!(
                    "velg JA, NEI eller IKKE_NADD",
                    nn "vel JA, NEI eller IKKE_NADD",
                    "choose JA, NEI or IKKE_NADD"
                ))
            })?;
            step::answer(context, text("family"), answer, filled.get("reason"))
        }
        Deed::GiveUp => step::leave(context, text("family"), text("on"), text("reason")),
        _ => step::close(context, list(filled)?, text("reason")),
    }
}

/// The list that was chosen.
fn list(filled: &Filled) -> Result<Which<'_>, Failure> {
    let chosen = filled.get("list").and_then(|it| it.split_once('/'));
    let chosen = chosen.and_then(|(draw, block)| Some((draw.parse().ok()?, block)));
    let (draw, block) = chosen.ok_or_else(|| {
        Failure::policy(say!("velg en liste", nn "vel ei liste", "choose a list"))
    })?;
    Ok(Which { draw: Some(draw), block: Some(block) })
}
