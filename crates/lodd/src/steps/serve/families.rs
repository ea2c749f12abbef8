//! An office's families: who is in them, where they live, what they have said yes to; and what happens to
//! them, told by the same steps as `lodd family …`.

mod deeds;
mod events;
mod forms;
mod page;
mod scope;

use std::collections::BTreeMap;

use jiff::civil::Date;
use lodd_server::{Block, Cell, Deed, Done, Filled, Grid, Link, Of, Sheet, View};
use lodd_store::Pilot;

use self::scope::OfficeFamily;
use super::super::{
    Context,
    due::{self, Owed, State},
    known_office, stamp_of, words,
};
use crate::{
    clock::date_text,
    problem::Failure,
    text::{Lang, Text, say},
};

/// A page; nothing where there is no such thing for the office.
pub(super) fn sheet(
    context: &Context,
    view: View,
    (of, is_lead): (Of<'_>, bool),
) -> Result<Option<Sheet>, Failure> {
    let Some(office) = of.office else { return Ok(None) };
    let pilot = context.pilot()?;
    match (view, of.id) {
        (View::Families, _) => list(context, &pilot, office).map(Some),
        (View::Family, Some(id)) => {
            let Some(family) = OfficeFamily::of(&pilot, office, id)? else { return Ok(None) };
            let page = page::Page::new(context, &pilot, (office, is_lead), &family)?;
            page.sheet(None, (Vec::new(), Vec::new())).map(Some)
        }
        _ => Ok(None),
    }
}

/// Does it, or refuses it; nothing where the family, the member or the event is not there for the office.
pub(super) fn act(
    context: &Context,
    deed: Deed,
    (of, is_lead): (Of<'_>, bool),
    filled: &Filled,
) -> Result<Option<Done>, Failure> {
    let (Some(office), Some(id)) = (of.office, filled.get(forms::FAMILY)) else {
        return Ok(None);
    };
    let pilot = context.pilot()?;
    let Some(family) = OfficeFamily::of(&pilot, office, id)? else { return Ok(None) };
    let page = page::Page::new(context, &pilot, (office, is_lead), &family)?;
    // The step opens the pilot itself.
    drop(pilot);
    deeds::act(context, &page, deed, filled)
}

fn list(context: &Context, pilot: &Pilot, office: &str) -> Result<Sheet, Failure> {
    let lang = context.lang;
    let protocol = context.protocol(pilot)?;
    let known = known_office(&protocol, office)?;
    let today = context.clock.today()?;
    let mut owed: BTreeMap<String, Vec<Owed>> = BTreeMap::new();
    for it in due::owed(pilot, &protocol, Some(office), today)? {
        owed.entry(it.family_id.clone()).or_default().push(it);
    }
    let families = OfficeFamily::all(pilot, office)?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let mut blocks: Vec<Block> =
        stamp_of(&draws).iter().map(|it| Block::Mark(it.get(lang).trim().to_owned())).collect();
    if families.is_empty() {
        let none = Text::new(
            "Ingen av kontorets familier er med i en trekning ennå.",
            "None of the office's families is in a draw yet.",
        )
        .nn("Ingen av familiane til kontoret er med i ei trekning enno.");
        blocks.push(Block::Text(none.get(lang).to_owned()));
    } else {
        let why = Text::new(
            "Velg en familie for å se hvem som er i den, og for å melde fra om det som skjer.",
            "Choose a family to see who is in it, and to tell of what happens.",
        )
        .nn("Vel ein familie for å sjå kven som er i han, og for å melde frå om det som skjer.");
        blocks.push(Block::Text(why.get(lang).to_owned()));
        let rows = families.iter().map(|it| {
            let all = owed.get(it.id()).map_or(&[][..], Vec::as_slice);
            row(it, all, lang)
        });
        blocks.push(Block::Table(Grid {
            caption: Text::new("Kontorets familier", "The office's families")
                .nn("Familiane til kontoret")
                .get(lang)
                .to_owned(),
            head: head(
                lang,
                [["Familie", "Familie", "Family"], ["Mangler nå", "Manglar no", "Missing now"]],
            ),
            rows: rows.collect::<Result<_, _>>()?,
        }));
    }
    let title = Text::new("Familier", "Families").nn("Familiar");
    let lead = format!("{} · {}", known.name, protocol.title.get(lang));
    Ok(Sheet { title: title.get(lang).to_owned(), lead: Some(lead), blocks })
}

fn row(family: &OfficeFamily, owed: &[Owed], lang: Lang) -> Result<Vec<Cell>, Failure> {
    let link = Link {
        href: format!("/familier/{}", family.id()),
        text: family.id().to_owned(),
        is_file: false,
    };
    let now = if let Some(passed) = family.passed() {
        followed_elsewhere(passed.on)?
    } else {
        let open = owed.iter().filter(|it| matches!(it.state, State::Open | State::Overdue));
        let all: Vec<String> = open.map(|it| missing(it).get(lang).to_owned()).collect();
        if all.is_empty() {
            Text::new("Ingenting", "Nothing").nn("Ingenting")
        } else {
            Text::same(all.join("; "))
        }
    };
    Ok(vec![Cell::Link(link), Cell::Text(now.get(lang).to_owned())])
}

/// `3 måneder: 2 av 3 rader, frist 15.01.2027`.
fn missing(owed: &Owed) -> Text {
    let (n, all, due) = (owed.missing().count(), owed.units.len(), date_text(owed.due_on));
    let (horizon, due_en) = (due::horizon_words(&owed.horizon), due.en.clone());
    let (nb, en) = (horizon.get(Lang::Nb), horizon.get(Lang::En));
    let (nn, due) = (horizon.get(Lang::Nn), &due.nb);
    if owed.state == State::Overdue {
        return say!(
            "{nb}: {n} av {all} rader, fristen var {due}",
            nn "{nn}: {n} av {all} rader, fristen var {due}",
            "{en}: {n} of {all} rows, was due {due_en}"
        );
    }
    say!(
        "{nb}: {n} av {all} rader, frist {due}",
        nn "{nn}: {n} av {all} rader, frist {due}",
        "{en}: {n} of {all} rows, due {due_en}"
    )
}

/// Another office follows it now; which one is not told.
fn followed_elsewhere(on: i32) -> Result<Text, Failure> {
    let day = date_text(date(on)?);
    let (nb, en) = (&day.nb, &day.en);
    Ok(say!(
        "Følges av et annet kontor siden {nb}",
        nn "Blir følgd av eit anna kontor sidan {nb}",
        "Followed by another office since {en}"
    ))
}

/// A date from days since 1970-01-01.
fn date(days: i32) -> Result<Date, Failure> {
    due::date(i64::from(days))
}

/// `31.12.2016`, in the page's language.
fn day(days: i32, lang: Lang) -> Result<String, Failure> {
    Ok(date_text(date(days)?).get(lang).to_owned())
}

/// The headings of a table, each in bokmål, nynorsk and English.
fn head<const N: usize>(lang: Lang, all: [[&'static str; 3]; N]) -> Vec<String> {
    all.map(|it| said(it, lang).to_owned()).to_vec()
}

/// Words in bokmål, nynorsk and English.
fn said(all: [&'static str; 3], lang: Lang) -> &'static str {
    let [nb, nn, en] = all;
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}

/// What a code is called; the code itself where it is none of the list.
fn label(list: &[lodd_intake::variable::Code], code: &str, lang: Lang) -> String {
    let found = list.iter().find(|it| it.code == code);
    let [nb, nn, en] = found.map_or([code; 3], lodd_intake::variable::Code::labels);
    let label = match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    };
    label.to_owned()
}
