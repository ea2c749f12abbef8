//! What a check of a pilot finds, in words.

use lodd_store::ledger::{Fault, LedgerFault};

use crate::{
    problem::{Place, Problem},
    text::{Text, say},
};

/// A finding as a located problem.
pub(super) fn problem(fault: &LedgerFault) -> Problem {
    let field = fault.field();
    let place = Place {
        file: Some(fault.file().to_owned()),
        field: (!field.is_empty()).then_some(field),
        ..Place::default()
    };
    let problem = Problem::new(place, words(fault)).expected(&*fault.expected, &*fault.found);
    match fix(fault) {
        Some(fix) => problem.fix(fix),
        None => problem,
    }
}

/// Faults that are said in the same words each time: bokmål, nynorsk, English.
fn plain(fault: &Fault) -> Option<[&'static str; 3]> {
    Some(match fault {
        Fault::Gap => [
            "nummeret følger ikke det forrige",
            "nummeret følgjer ikkje det førre",
            "the number does not follow the one before",
        ],
        Fault::Order => [
            "tiden er ikke etter den forrige",
            "tida er ikkje etter den førre",
            "the time is not after the one before",
        ],
        Fault::Chain => [
            "hashen av det forrige innslaget stemmer ikke",
            "hashen av det førre innslaget stemmer ikkje",
            "the hash of the entry before does not fit",
        ],
        Fault::Hash => ["hashen stemmer ikke", "hashen stemmer ikkje", "the hash does not fit"],
        Fault::Payload => [
            "innholdet er ikke det som ble ført",
            "innhaldet er ikkje det som vart ført",
            "the payload is not what was recorded",
        ],
        Fault::Unmatched => [
            "innslag og innhold hører ikke sammen",
            "innslag og innhald høyrer ikkje saman",
            "entry and payload do not belong together",
        ],
        Fault::Rows => [
            "lagrede rader viser til et innslag som ikke finnes",
            "lagra rader viser til eit innslag som ikkje finst",
            "stored rows point to an entry that is not there",
        ],
        Fault::List => [
            "listen over det innslaget førte, er en annen",
            "lista over det innslaget førte, er ei anna",
            "the list of what the entry recorded is another one",
        ],
        Fault::Storage => [
            "databasen er skadet: dette sier SQLite selv",
            "databasen er skada: dette seier SQLite sjølv",
            "the database is damaged: so says SQLite itself",
        ],
        _ => return None,
    })
}

fn words(fault: &LedgerFault) -> Text {
    if let Some([nb, nn, en]) = plain(&fault.what) {
        return Text::new(nb, en).nn(nn);
    }
    match &fault.what {
        Fault::Table { table, family_id } => rows(fault.seq, table, family_id.as_deref()),
        Fault::Key { family_id } => say!(
            "nøkkelen til {family_id} er ikke den den var",
            nn "nøkkelen til {family_id} er ikkje den han var",
            "the key of {family_id} is not the one it was"
        ),
        Fault::Schema { name } => say!(
            "`{name}` er ikke som lodd lager den",
            nn "`{name}` er ikkje som lodd lagar han",
            "`{name}` is not as lodd makes it"
        ),
        Fault::File { path } => say!(
            "`{path}` er ikke som da den ble ført",
            nn "`{path}` er ikkje som då ho vart ført",
            "`{path}` is not as it was recorded"
        ),
        Fault::Receipt { field } => say!(
            "kvitteringen er ikke fra denne journalen: {field}",
            nn "kvitteringa er ikkje frå denne journalen: {field}",
            "the receipt is not of this ledger: {field}"
        ),
        _ => Text::same(fault.to_string()),
    }
}

fn rows(seq: i64, table: &str, family_id: Option<&str>) -> Text {
    let family = family_id.map_or_else(Text::default, |id| say!(" om {id}", " about {id}"));
    let (nb, en) = (family.nb, family.en);
    if seq == 0 {
        return say!(
            "`{table}` har rader{nb} som ikke hører til noe innslag",
            nn "`{table}` har rader{nb} som ikkje høyrer til noko innslag",
            "`{table}` has rows{en} that belong to no entry"
        );
    }
    say!(
        "radene i `{table}`{nb} er ikke de som innslag {seq} førte (antall, forpliktelse)",
        nn "radene i `{table}`{nb} er ikkje dei som innslag {seq} førte (tal, forplikting)",
        "the rows of `{table}`{en} are not those that entry {seq} recorded (number, commitment)"
    )
}

fn fix(fault: &LedgerFault) -> Option<Text> {
    match &fault.what {
        Fault::File { path } if path.starts_with("out/") => Some(Text::new(
            "den er avledet: lag den på nytt med kommandoen som skrev den",
            "it is derived: make it again by the command that wrote it",
        ).nn("ho er avleidd: lag ho på nytt med kommandoen som skreiv ho")),
        Fault::File { .. } => Some(Text::new(
            "ta filen tilbake fra en sikkerhetskopi eller der den ble publisert",
            "take the file back from a backup or from where it was published",
        ).nn("ta fila tilbake frå ein reservekopi eller der ho vart publisert")),
        Fault::Receipt { .. } => Some(Text::new(
            "journalen er kuttet, forgrenet, rullet tilbake eller skrevet om siden, eller kvitteringen er en annens",
            "the ledger has been cut, forked, rolled back or written anew since, or the receipt is another's",
        )
        .nn("journalen er kutta, greina, rulla tilbake eller skriven om sidan, eller kvitteringa er ei anna")),
        Fault::Storage => Some(Text::new(
            "ta piloten tilbake fra en sikkerhetskopi med `lodd restore`",
            "bring the pilot back from a backup by `lodd restore`",
        ).nn("ta piloten tilbake frå ein reservekopi med `lodd restore`")),
        _ => None,
    }
}
