//! One draw: where it stands, reveal, checks, void.

use lodd_draw::Beacon;
use lodd_server::{Block, Deed, Done, Field, FieldKind, Filled, Form, Sheet, View};

use super::{
    super::{
        came_of::came_of,
        parts::{draw_title, field, form, heading, hidden, hint, link, para, plain, required},
        standing::Standing,
    },
    back, checks, refused,
};
use crate::{
    problem::Failure,
    steps::{
        Context,
        reveal::{self as step, Given},
        void as ending, words,
    },
    text::{Text, say},
};

/// The page of a draw; nothing where there is none of that number.
pub(super) fn sheet(context: &Context, id: Option<&str>) -> Result<Option<Sheet>, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let Some(standing) = Standing::of(context, &pilot, id)? else { return Ok(None) };
    let mut blocks = standing.top(context)?;
    blocks.extend(standing.void_blocks(lang));
    if standing.is_open() {
        blocks.extend(open(context, &standing));
    }
    blocks.extend(standing.seats(&pilot, lang)?);
    if standing.is_made() {
        blocks.extend(checks::section(context, &pilot, &standing)?);
    }
    blocks.extend(standing.beacon_blocks(lang)?);
    if let Some(notice) = standing.notice(lang)? {
        let title = say!("Kunngjøringen", nn "Kunngjeringa", "The announcement");
        let publish = say!(
            "Publiser teksten og filene der andre ser dem før utfallet: i en offentlig postjournal eller hos et vitne.",
            nn "Publiser teksten og filene der andre ser dei før utfallet: i ein offentleg postjournal eller hos eit vitne.",
            "Publish the text and the files where others see them before the outcome: in a public postal journal or with a witness."
        );
        blocks.push(heading(lang, &title));
        if standing.is_open() {
            blocks.push(para(lang, &publish));
        }
        blocks.push(Block::Lines(notice));
    }
    blocks.extend(standing.hashes(lang));
    if standing.is_open() {
        let title = say!("Gi opp trekningen", nn "Gi opp trekkinga", "Give the draw up");
        blocks.extend([heading(lang, &title), Block::Form(void_form(context, &standing))]);
    }
    let number = standing.number();
    let public = say!(
        "Slik alle ser trekningen, med filene",
        nn "Slik alle ser trekkinga, med filene",
        "The draw as everyone sees it, with its files"
    );
    let mut links = vec![link(lang, format!("/apent/{number}"), &public)];
    if standing.is_made() {
        links.push(back(context, View::Places));
    }
    links.push(back(context, View::Draws));
    blocks.push(Block::Links(links));
    let lead = context.protocol(&pilot).ok().map(|it| plain(lang, &it.title));
    Ok(Some(Sheet { title: plain(lang, &draw_title(number)), lead, blocks }))
}

/// The form that reveals.
fn open(context: &Context, standing: &Standing) -> Vec<Block> {
    let lang = context.lang;
    let title = say!("Trekk", nn "Trekk", "Draw");
    let mut blocks = vec![heading(lang, &title)];
    let fields = match standing.beacon() {
        Some(Beacon::Drand { .. }) if standing.at().is_some_and(|at| at > context.clock.now()) => {
            let wait = say!(
                "Trekningen kan gjøres når runden er kommet.",
                nn "Trekkinga kan gjerast når runden er komen.",
                "The draw can be made when the round has come."
            );
            return vec![blocks.remove(0), para(lang, &wait)];
        }
        Some(Beacon::Drand { round }) => of_round(context, *round),
        Some(Beacon::Witnessed { .. }) => {
            let label =
                say!("Det som ble lest opp", nn "Det som blei lese opp", "What was read out");
            let exact = say!(
                "Tegn for tegn slik det ble lest opp og skrevet ned, for eksempel 4-2-6-1-1-5.",
                nn "Teikn for teikn slik det blei lese opp og skrive ned, til dømes 4-2-6-1-1-5.",
                "Character by character as it was read out and written down, for example 4-2-6-1-1-5."
            );
            vec![hint(lang, required(field(lang, "value", FieldKind::Line, &label)), &exact)]
        }
        Some(_) => {
            let label = say!("Øvelsens frø", nn "Frøet til øvinga", "The rehearsal's seed");
            let digits = say!("64 heksadesimale sifre", nn "64 heksadesimale siffer", "64 hexadecimal digits");
            vec![hint(lang, required(field(lang, "seed", FieldKind::Line, &label)), &digits)]
        }
        None => return Vec::new(),
    };
    let title = say!("Gjør trekningen", nn "Gjer trekkinga", "Make the draw");
    let button = say!("Trekk nå", nn "Trekk no", "Draw now");
    let why = say!(
        "Utfallet følger av dette og av hemmeligheten som ble låst. Det kan ikke gjøres om.",
        nn "Utfallet følgjer av dette og av løyndomen som blei låst. Det kan ikkje gjerast om.",
        "The outcome follows from this and from the secret that was locked. It can't be done again."
    );
    let fields = std::iter::once(hidden("draw", standing.number().to_string())).chain(fields);
    blocks.push(Block::Form(Form {
        why: Some(plain(lang, &why)),
        fields: fields.collect(),
        ..form(lang, Deed::Reveal, &title, &button)
    }));
    blocks
}

/// A file, a text, or the network: one of them.
fn of_round(context: &Context, round: u64) -> Vec<Field> {
    let (lang, chain) = (context.lang, lodd_draw::quicknet::CHAIN);
    let file = say!("Fil med runde {round}", nn "Fil med runde {round}", "File with round {round}");
    let from = say!(
        "Det som vises på https://api.drand.sh/{chain}/public/{round}. Signaturen kontrolleres her, uansett hvor den kommer fra.",
        nn "Det som blir vist på https://api.drand.sh/{chain}/public/{round}. Signaturen blir kontrollert her, same kvar han kjem frå.",
        "What https://api.drand.sh/{chain}/public/{round} shows. Its signature is checked here, wherever it came from."
    );
    let pasted = say!("… eller lim den inn", nn "… eller lim ho inn", "… or paste it");
    let fetch = say!(
        "… eller hent den fra drand, hvis maskinen er på nett",
        nn "… eller hent ho frå drand, om maskina er på nett",
        "… or get it from drand, if the machine is online"
    );
    vec![
        hint(lang, field(lang, "beacon", FieldKind::File, &file), &from),
        field(lang, "pasted", FieldKind::Lines, &pasted),
        field(lang, "fetch", FieldKind::Tick, &fetch),
    ]
}

fn void_form(context: &Context, standing: &Standing) -> Form {
    let lang = context.lang;
    let title = say!("Annuller", nn "Annuller", "Void");
    let button = say!("Be om å annullere", nn "Be om å annullere", "Ask to void");
    let why = say!(
        "Det må to personer til. Trekningen blir stående i kjeden med grunnen, for alle; familiene er fri til neste.",
        nn "Det må to personar til. Trekkinga blir ståande i kjeda med grunnen, for alle; familiane er fri til neste.",
        "It takes two persons. The draw stays in the chain with its reason, for everyone; its families are free for the next."
    );
    let label = say!(
        "Grunnen: den blir offentlig",
        nn "Grunnen: han blir offentleg",
        "The reason: it will be public"
    );
    let number = standing.number().to_string();
    let reason = required(field(lang, "reason", FieldKind::Line, &label));
    let fields = vec![hidden("draw", number), reason];
    Form { why: Some(plain(lang, &why)), fields, ..form(lang, Deed::Void, &title, &button) }
}

/// The open draw must be the one on the page that was filled in.
fn check_same(context: &Context, filled: &Filled) -> Result<i64, Failure> {
    let draws = context.pilot()?.draws().map_err(|error| words::store(&error))?;
    let open = step::open_draw(&draws)?.draw;
    if filled.get("draw") == Some(open.to_string().as_str()) {
        return Ok(open);
    }
    Err(Failure::policy(say!(
        "trekning {open} er åpen, og siden gjaldt en annen: se på den på nytt",
        nn "trekking {open} er open, og sida galdt ei anna: sjå på ho på nytt",
        "draw {open} is open, and the page was of another: look at it again"
    )))
}

/// Draws, and shows the checks before anyone is told.
pub(super) fn reveal(context: &Context, filled: &Filled) -> Result<Done, Failure> {
    let title = say!("Trekning", nn "Trekking", "Draw");
    let made = check_same(context, filled).and_then(|number| {
        let given = given(filled)?;
        step::run(context, &given).map(|answer| (number, answer))
    });
    let (number, answer) = match made {
        Ok(it) => it,
        Err(failure @ Failure::Refused { .. }) => {
            return refused(context, &title, failure, View::Draws);
        }
        Err(failure) => return Err(failure),
    };
    let title = draw_title(number);
    let mut done = came_of(context, title.get(context.lang), Ok(answer))?;
    if let Some(sheet) = sheet(context, Some(&number.to_string()))? {
        // What the command line says in lines stands on the page of the draw.
        done.sheet.blocks.retain(|it| !matches!(it, Block::Lines(_)));
        done.sheet.blocks.extend(sheet.blocks);
        done.sheet.lead = sheet.lead;
    }
    Ok(done)
}

/// What was given: one thing, not several.
fn given(filled: &Filled) -> Result<Given, Failure> {
    let text = |name: &str| filled.get(name).map(ToOwned::to_owned);
    let file = filled.files.get("beacon");
    let file = file.map(|it| (lodd_intake::shown_name(&it.name), it.bytes.clone()));
    let pasted = text("pasted").map(|it| ("drand".to_owned(), it.into_bytes()));
    let (value, seed, fetch) = (text("value"), text("seed"), filled.ticked("fetch"));
    let ways = [file.is_some(), pasted.is_some(), value.is_some(), seed.is_some(), fetch];
    match ways.into_iter().filter(|it| *it).count() {
        1 => {
            let sent = file.or(pasted);
            Ok(Given { value, seed, sent, fetch, ..Given::default() })
        }
        0 => Err(Failure::policy(say!(
            "si hva som avgjør: ingenting ble gitt",
            nn "sei kva som avgjer: ingenting blei gitt",
            "say what decides: nothing was given"
        ))),
        _ => Err(Failure::policy(say!(
            "gi runden på én måte: fil, tekst eller nett",
            nn "gi runden på éin måte: fil, tekst eller nett",
            "give the round in one way: file, text or network"
        ))),
    }
}

/// Voids, when two have said so.
pub(super) fn void(context: &Context, filled: &Filled) -> Result<Done, Failure> {
    let title = say!("Annullering", nn "Annullering", "Void");
    let ended = check_same(context, filled)
        .and_then(|_| ending::run(context, filled.get("reason").unwrap_or_default()));
    let done = came_of(context, title.get(context.lang), ended)?;
    Ok(super::with_links(done, vec![link(context.lang, "/apent", &public())]))
}

fn public() -> Text {
    say!("De åpne trekningene", nn "Dei opne trekkingane", "The open draws")
}

/// Which draw would be voided, and why.
pub(super) fn describe(context: &Context, filled: &Filled) -> Result<String, Failure> {
    let number = check_same(context, filled)?;
    let reason = filled.get("reason").unwrap_or_default();
    if reason.is_empty() {
        return Err(Failure::policy(say!(
            "en annullering må ha en grunn",
            nn "ei annullering må ha ein grunn",
            "a void needs a reason"
        )));
    }
    words::no_national_id("--reason", reason)?;
    let said = say!(
        "Annuller trekning {number}. Grunn, som blir offentlig: {reason}",
        nn "Annuller trekking {number}. Grunn, som blir offentleg: {reason}",
        "Void draw {number}. Reason, which will be public: {reason}"
    );
    Ok(plain(context.lang, &said))
}
