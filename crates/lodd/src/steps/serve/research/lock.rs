//! Announcing a draw: first what would be locked, then, when it is the same, the lock.

use std::num::NonZero;

use lodd_draw::Beacon;
use lodd_server::{Block, Cell, Deed, Done, Field, FieldKind, Filled, Form, Sheet, View};

use super::{
    super::{
        came_of::came_of,
        parts::{
            draw_title, field, form, heading, hidden, hint, link, para, plain, required, table,
            until,
        },
        standing::shares,
    },
    back, refused, with_links,
};
use crate::{
    beacon::times,
    hash::sha256_hex,
    problem::Failure,
    protocol::Protocol,
    steps::{
        Context, after,
        announce::{self, Asked, Look, OtherLists, notice},
        words::units,
    },
    text::{Text, say},
};

/// More lines about who is drawn together are not shown.
const LINES_SHOWN: usize = 200;

/// What was asked for, as it goes on to the second page.
struct Wanted {
    round: Option<NonZero<u64>>,
    at: Option<String>,
    witnessed: Option<String>,
    rehearsal: bool,
    others: OtherLists,
    /// Of the other list that was sent.
    other_sha256: Option<String>,
    overlap_known: Option<String>,
}

/// Shows what would be locked, or locks what was shown.
pub(super) fn act(context: &Context, filled: &Filled) -> Result<Done, Failure> {
    let title = say!("Kunngjør en trekning", nn "Kunngjer ei trekking", "Announce a draw");
    let done = match filled.get("seen") {
        Some(seen) => locked(context, filled, seen),
        None => shown(context, filled),
    };
    match done {
        Err(failure @ Failure::Refused { .. }) => refused(context, &title, failure, View::Draws),
        other => other,
    }
}

fn wanted(filled: &Filled) -> Result<Wanted, Failure> {
    let policy = |text: Text| Err(Failure::policy(text));
    let text = |name: &str| filled.get(name).map(ToOwned::to_owned);
    let sent =
        filled.files.get("other").map(|it| (lodd_intake::shown_name(&it.name), it.bytes.clone()));
    let other_sha256 = sent.as_ref().map(|(_, bytes)| sha256_hex(bytes));
    let overlap_known = text("overlap_known");
    let others = OtherLists::sent(sent.into_iter().collect(), overlap_known.clone());
    let rehearsal = filled.ticked("rehearsal");
    let (mut round, mut at, mut witnessed) = (None, None, None);
    match filled.get("decides") {
        Some("drand") => match (filled.get("round"), text("at")) {
            (Some(number), _) => {
                round = number.parse().ok();
                if round.is_none() {
                    return policy(say!(
                        "rundens nummer må være et helt tall fra 1",
                        nn "nummeret på runden må vere eit heilt tal frå 1",
                        "the round's number must be a whole number from 1"
                    ));
                }
            }
            (None, Some(time)) => at = Some(time),
            (None, None) => {
                return policy(say!(
                    "si når runden skal komme, eller hvilket nummer den har",
                    nn "sei når runden skal kome, eller kva nummer han har",
                    "say when the round is to come, or which number it has"
                ));
            }
        },
        Some("witnessed") => {
            witnessed = text("witnessed");
            if witnessed.is_none() {
                return policy(say!(
                    "si hva som skal leses opp for vitnene",
                    nn "sei kva som skal lesast opp for vitna",
                    "say what will be read out before the witnesses"
                ));
            }
        }
        Some("fixed") if rehearsal => {}
        Some("fixed") => {
            return policy(say!(
                "et frø som gis for hånd er bare for øvelser: kryss av for at dette er en",
                nn "eit frø som blir gitt for hand er berre for øvingar: kryss av for at dette er ei",
                "a seed given by hand is for rehearsals only: tick that this is one"
            ));
        }
        _ => {
            return policy(say!(
                "velg hva som skal avgjøre trekningen",
                nn "vel kva som skal avgjere trekkinga",
                "choose what is to decide the draw"
            ));
        }
    }
    Ok(Wanted { round, at, witnessed, rehearsal, others, other_sha256, overlap_known })
}

impl Wanted {
    fn asked(&self) -> Asked<'_> {
        Asked {
            witnessed: self.witnessed.as_deref(),
            round: self.round,
            at: self.at.as_deref(),
            rehearsal: self.rehearsal,
        }
    }
}

/// What is seen, and the list it was compared with: another is not what was said yes to.
fn seal(look: &Look, wanted: &Wanted) -> String {
    let other = wanted.other_sha256.as_deref().unwrap_or("-");
    sha256_hex(format!("{}{other}", look.fingerprint).as_bytes())
}

fn locked(context: &Context, filled: &Filled, seen: &str) -> Result<Done, Failure> {
    let wanted = wanted(filled)?;
    let look = announce::look(context, wanted.asked(), &wanted.others)?;
    if seal(&look, &wanted) != seen {
        return Err(Failure::policy(say!(
            "lista er ikke den som ble vist: ingenting er låst; se på den på nytt, og velg den samme fila fra det andre prosjektet",
            nn "lista er ikkje den som blei vist: ingenting er låst; sjå på ho på nytt, og vel den same fila frå det andre prosjektet",
            "the list is not the one that was shown: nothing is locked; look at it again, and choose the same file of the other project"
        )));
    }
    let number = look.number;
    let answer = announce::run(context, wanted.asked(), &wanted.others)?;
    let title = draw_title(i64::from(number));
    let done = came_of(context, title.get(context.lang), Ok(answer))?;
    let page = link(context.lang, format!("/trekninger/{number}"), &title);
    let public = say!("Slik alle ser den", nn "Slik alle ser ho", "As everyone sees it");
    let public = link(context.lang, format!("/apent/{number}"), &public);
    Ok(with_links(done, vec![page, public]))
}

fn shown(context: &Context, filled: &Filled) -> Result<Done, Failure> {
    let lang = context.lang;
    let wanted = wanted(filled)?;
    let look = announce::look(context, wanted.asked(), &wanted.others)?;
    let protocol = context.protocol(&context.pilot()?)?;
    let number = look.number;
    let yet =
        say!("Ingenting er låst ennå.", nn "Ingenting er låst enno.", "Nothing is locked yet.");
    let mut blocks = vec![para(lang, &yet), para(lang, &sentence(&look))];
    blocks.push(Block::Text(notice::decides(lang, &look.beacon)? + "."));
    if let Beacon::Drand { round } = look.beacon
        && let Some(at) = times::time_of(round)
    {
        let when = say!("Runden kommer", nn "Runden kjem", "The round comes at");
        blocks.push(until(context, at, &when)?);
    }
    blocks.push(seats(context, &protocol, &look));
    if look.constrained {
        let text = say!(
            "Trekningen gjøres om til gruppene er så like som protokollen krever.",
            nn "Trekkinga blir gjord om til gruppene er så like som protokollen krev.",
            "The draw is repeated until the groups are as alike as the protocol demands."
        );
        blocks.push(para(lang, &text));
    }
    let overlap = match wanted.other_sha256 {
        Some(_) => say!(
            "Lista er sammenlignet med den fra det andre prosjektet.",
            nn "Lista er samanlikna med den frå det andre prosjektet.",
            "The list has been compared with that of the other project."
        ),
        None => say!(
            "Lista er ikke sammenlignet med andre prosjekters lister.",
            nn "Lista er ikkje samanlikna med listene til andre prosjekt.",
            "The list has not been compared with other projects' lists."
        ),
    };
    blocks.push(para(lang, &overlap));
    let told: Vec<&str> = look.told.get(lang).lines().take(LINES_SHOWN).collect();
    if !told.is_empty() {
        blocks.push(Block::Lines(told.join("\n")));
    }
    let title = say!("Lås lista?", nn "Låse lista?", "Lock the list?");
    blocks.push(heading(lang, &title));
    blocks.push(Block::Form(confirm(context, &wanted, &look)));
    blocks.push(Block::Links(vec![back(context, View::Draws)]));
    let title = say!(
        "Dette låses i trekning {number}",
        nn "Dette blir låst i trekking {number}",
        "What draw {number} locks"
    );
    let lead = Some(plain(lang, &protocol.title));
    Ok(Done { good: true, sheet: Sheet { title: plain(lang, &title), lead, blocks } })
}

/// How many families in how many blocks, and what it means.
fn sentence(look: &Look) -> Text {
    let all = units(look.kind, look.blocks.iter().map(|(_, n, _)| n).sum::<usize>());
    let (nb, nn, en) = (&all.nb, all.get(crate::text::Lang::Nn), &all.en);
    let number = look.number;
    let places = match look.blocks.len() {
        1 => say!("én blokk", nn "éi blokk", "one block"),
        n => say!("{n} blokker", nn "{n} blokker", "{n} blocks"),
    };
    let (in_nb, in_nn, in_en) = (&places.nb, places.get(crate::text::Lang::Nn), &places.en);
    say!(
        "Trekning {number} vil låse en liste med {nb} i {in_nb}. Etterpå kan lista ikke endres, og nye familier går til neste trekning.",
        nn "Trekking {number} vil låse ei liste med {nn} i {in_nn}. Etterpå kan lista ikkje endrast, og nye familiar går til neste trekking.",
        "Draw {number} would lock a list of {en} in {in_en}. After that the list can't change, and new families go to the next draw."
    )
}

fn seats(context: &Context, protocol: &Protocol, look: &Look) -> Block {
    let lang = context.lang;
    let row = |(label, n, of): &(String, usize, lodd_draw::Shares)| {
        let name = Cell::Text(after::block_name(protocol, label));
        let n = Cell::Number(crate::text::count(*n));
        [name, n].into_iter().chain(shares(of).into_iter().map(Cell::Number)).collect()
    };
    let rows: Vec<Vec<Cell>> = look.blocks.iter().take(200).map(row).collect();
    let head = [say!("Blokk", nn "Blokk", "Block"), say!("På lista", nn "På lista", "On the list")];
    let head = head.into_iter().chain(look.arms.iter().map(|it| after::arm_name(protocol, it)));
    let caption = say!(
        "Plasser eller sannsynligheter i hver blokk",
        nn "Plassar eller sannsyn i kvar blokk",
        "Places or probabilities in each block"
    );
    table(lang, &caption, head, rows)
}

/// The same answers again, and what was seen.
fn confirm(context: &Context, wanted: &Wanted, look: &Look) -> Form {
    let lang = context.lang;
    let title = say!("Kunngjør", nn "Kunngjer", "Announce");
    let button =
        say!("Lås lista og kunngjør", nn "Lås lista og kunngjer", "Lock the list and announce");
    let why = say!(
        "Dette kan ikke angres: en kunngjort trekning må trekkes eller annulleres med en offentlig grunn.",
        nn "Dette kan ikkje angrast: ei kunngjord trekking må trekkjast eller annullerast med ein offentleg grunn.",
        "This can't be undone: an announced draw must be drawn, or voided with a public reason."
    );
    let mut fields = vec![hidden("seen", seal(look, wanted))];
    match &look.beacon {
        // The round that was seen, whatever the time has come to.
        Beacon::Drand { round } => {
            fields.extend([hidden("decides", "drand"), hidden("round", round.to_string())]);
        }
        Beacon::Witnessed { description } => {
            fields.extend([hidden("decides", "witnessed"), hidden("witnessed", description)]);
        }
        _ => fields.push(hidden("decides", "fixed")),
    }
    if wanted.rehearsal {
        fields.push(hidden("rehearsal", "on"));
    }
    fields.extend(wanted.overlap_known.iter().map(|it| hidden("overlap_known", it)));
    fields.extend(wanted.other_sha256.iter().map(|_| again(context)));
    Form { why: Some(plain(lang, &why)), fields, ..form(lang, Deed::Announce, &title, &button) }
}

/// A file can't be kept in a page: it is chosen again, and must be the same.
fn again(context: &Context) -> Field {
    let lang = context.lang;
    let label = say!(
        "Den samme fila fra det andre prosjektet, en gang til",
        nn "Den same fila frå det andre prosjektet, ein gong til",
        "The same file of the other project, once more"
    );
    let why = say!(
        "Nøkler lagres ikke mellom to sider.",
        nn "Nøklar blir ikkje lagra mellom to sider.",
        "Keys are not kept between two pages."
    );
    hint(lang, required(field(lang, "other", FieldKind::File, &label)), &why)
}
