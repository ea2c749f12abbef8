//! All draws, and the form that announces the next.

use jiff::{ToSpan, Zoned, tz::TimeZone};
use lodd_draw::REHEARSAL;
use lodd_server::{Block, Deed, Field, FieldKind, Form, Sheet, View};

use super::{
    super::{
        parts::{field, form, heading, hidden, hint, link, para, plain, required},
        standing::Standing,
    },
    keys,
};
use crate::{
    problem::Failure,
    protocol::Protocol,
    steps::{Context, drawn},
    text::{Lang, say},
};

/// The draws, the form of the next, and the keys.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let all = Standing::all(context, &pilot)?;
    let mut blocks = vec![Standing::list(&all, context, View::Draw)?];
    let public = say!(
        "Slik alle ser trekningene",
        nn "Slik alle ser trekkingane",
        "The draws as everyone sees them"
    );
    blocks.push(Block::Links(vec![link(lang, "/apent", &public)]));
    let title = say!("Kunngjør en trekning", nn "Kunngjer ei trekking", "Announce a draw");
    blocks.push(heading(lang, &title));
    let protocol = context.protocol(&pilot);
    blocks.extend(match (all.iter().find(|it| it.is_open()), &protocol) {
        (Some(open), _) => {
            let number = open.number();
            let text = say!(
                "Trekning {number} er åpen. Den må trekkes eller annulleres før den neste kan kunngjøres.",
                nn "Trekking {number} er open. Ho må trekkjast eller annullerast før den neste kan kunngjerast.",
                "Draw {number} is open. It must be drawn or voided before the next can be announced."
            );
            vec![para(lang, &text)]
        }
        (None, Ok(protocol)) => announce(context, protocol)?,
        (None, Err(Failure::Refused { summary, .. })) => vec![para(lang, summary)],
        (None, Err(Failure::CouldNotRun { message, .. })) => vec![para(lang, message)],
    });
    blocks.extend(keys::section(context, &pilot)?);
    let title = say!("Trekninger", nn "Trekkingar", "Draws");
    let lead = protocol.ok().map(|it| plain(lang, &it.title));
    Ok(Sheet { title: plain(lang, &title), lead, blocks })
}

fn announce(context: &Context, protocol: &Protocol) -> Result<Vec<Block>, Failure> {
    let lang = context.lang;
    if drawn::check(protocol).is_err() {
        let none = say!(
            "Piloten har ingen trekning: pilot.toml har ingen [draw].",
            nn "Piloten har inga trekking: pilot.toml har ingen [draw].",
            "The pilot has no draw: pilot.toml has no [draw]."
        );
        return Ok(vec![para(lang, &none)]);
    }
    let title = say!("Den neste trekningen", nn "Den neste trekkinga", "The next draw");
    let button = say!("Se hva som låses", nn "Sjå kva som blir låst", "See what is locked");
    let why = say!(
        "Først vises hva som låses: familier, blokker, plasser og tidspunkt. Ingenting låses før du sier ja til det.",
        nn "Først blir det vist kva som blir låst: familiar, blokker, plassar og tidspunkt. Ingenting blir låst før du seier ja til det.",
        "First you see what is locked: families, blocks, places and time. Nothing is locked before you say yes to it."
    );
    let fields = fields(context, protocol)?;
    Ok(vec![Block::Form(Form {
        why: Some(plain(lang, &why)),
        fields,
        ..form(lang, Deed::Announce, &title, &button)
    })])
}

/// The options of `lodd draw announce`.
fn fields(context: &Context, protocol: &Protocol) -> Result<Vec<Field>, Failure> {
    let lang = context.lang;
    let is_rehearsal = protocol.label.ends_with(REHEARSAL);
    let decides = say!("Hva som avgjør", nn "Kva som avgjer", "What decides");
    let decides = field(lang, "decides", FieldKind::Choice(kinds(lang, is_rehearsal)), &decides);
    let lead = protocol.draw.lead_minutes();
    let at = say!(
        "Tidspunkt for runden, norsk tid",
        nn "Tidspunkt for runden, norsk tid",
        "Time of the round, Oslo time"
    );
    let at_hint = say!(
        "Bare for drand: den første runden da eller etter, minst {lead} minutter frem. Skriv som 2026-12-01 12:00.",
        nn "Berre for drand: den første runden då eller etter, minst {lead} minutt fram. Skriv som 2026-12-01 12:00.",
        "For drand only: the first round at or after it, at least {lead} minutes ahead. Write it like 2026-12-01 12:00."
    );
    let at = hint(lang, field(lang, "at", FieldKind::Line, &at), &at_hint);
    let round =
        say!("… eller rundens nummer", nn "… eller nummeret på runden", "… or the round's number");
    let witnessed =
        say!("Hva som skal leses opp", nn "Kva som skal lesast opp", "What will be read out");
    let witnessed_hint = say!(
        "Bare for vitner: for eksempel seks terningkast foran to vitner.",
        nn "Berre for vitne: til dømes seks terningkast framfor to vitne.",
        "For witnesses only: for example six dice before two witnesses."
    );
    let other = say!(
        "Lista fra et annet prosjekt (person-keys.csv)",
        nn "Lista frå eit anna prosjekt (person-keys.csv)",
        "The list of another project (person-keys.csv)"
    );
    let other_hint = say!(
        "Viser om noen står på begge. Ingen nøkler vises.",
        nn "Viser om nokon står på begge. Ingen nøklar blir viste.",
        "Shows whether anyone is on both. No keys are shown."
    );
    let known = say!(
        "Hvorfor lista låses selv om noen står på begge",
        nn "Kvifor lista blir låst sjølv om nokon står på begge",
        "Why the list is locked although some are on both"
    );
    let known_hint = say!(
        "Grunnen går i protokollen.",
        nn "Grunnen går i protokollen.",
        "The reason goes into the ledger."
    );
    let mut fields = vec![
        required(decides),
        Field { value: tomorrow(context)?, ..at },
        field(lang, "round", FieldKind::Count, &round),
        hint(lang, field(lang, "witnessed", FieldKind::Line, &witnessed), &witnessed_hint),
        hint(lang, field(lang, "other", FieldKind::File, &other), &other_hint),
        hint(lang, field(lang, "overlap_known", FieldKind::Line, &known), &known_hint),
    ];
    if is_rehearsal {
        let tick = say!("Dette er en øvelse", nn "Dette er ei øving", "This is a rehearsal");
        fields.push(field(lang, "rehearsal", FieldKind::Tick, &tick));
    } else {
        fields.push(hidden("rehearsal_not", "1"));
    }
    Ok(fields)
}

fn kinds(lang: Lang, is_rehearsal: bool) -> Vec<(String, String)> {
    let drand = say!(
        "en kommende runde av drand, en offentlig kilde til tilfeldige tall",
        nn "ein komande runde av drand, ei offentleg kjelde til tilfeldige tal",
        "a coming round of drand, a public source of random numbers"
    );
    let witnessed = say!(
        "noe som leses opp foran vitner",
        nn "noko som blir lese opp framfor vitne",
        "something read out before witnesses"
    );
    let fixed = say!(
        "et frø som gis for hånd: bare øvelser",
        nn "eit frø som blir gitt for hand: berre øvingar",
        "a seed given by hand: rehearsals only"
    );
    let mut all = vec![("drand", drand), ("witnessed", witnessed)];
    if is_rehearsal {
        all.push(("fixed", fixed));
    }
    all.into_iter().map(|(code, text)| (code.to_owned(), plain(lang, &text))).collect()
}

/// Noon tomorrow in Oslo, as the field takes it.
fn tomorrow(context: &Context) -> Result<String, Failure> {
    let internal = |error: jiff::Error| Failure::internal("time", error);
    let zone = TimeZone::get("Europe/Oslo").map_err(internal)?;
    let now = Zoned::new(context.clock.now(), zone);
    let noon = now.date().checked_add(1.day()).map_err(internal)?;
    Ok(format!("{noon} 12:00"))
}
