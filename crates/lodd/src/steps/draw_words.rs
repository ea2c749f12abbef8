//! What `lodd-draw` finds, in Norwegian and English, with its place.

use lodd_draw::{AnnounceError, DesignError, Finding, Kind, Note, RevealError, Whose};
use serde_json::{Value, json};

use crate::{
    problem::{Place, Problem},
    text::{Text, say},
};

/// A verifier's finding as a problem.
pub(super) fn problem(finding: &Finding) -> Problem {
    let before = finding.whose == Whose::Previous;
    let place = Place {
        file: Some(if before {
            format!("(previous) {}", finding.file)
        } else {
            finding.file.to_string()
        }),
        line: finding.line.map(|line| (line, 1)),
        field: (!finding.field.is_empty()).then(|| finding.field.clone()),
        ..Place::default()
    };
    let problem = Problem::new(place, kind(&finding.kind));
    match (finding.expected.as_str(), finding.found.as_str()) {
        ("", "") => problem,
        ("", found) => problem.expected("–", found),
        (expected, "") => problem.expected(expected, "–"),
        (expected, found) => problem.expected(expected, found),
    }
}

/// A finding as the stable JSON of `draw verify`.
pub(super) fn finding_json(finding: &Finding) -> Value {
    json!({
        "file": finding.file.name(),
        "whose": if finding.whose == Whose::Previous { "previous" } else { "this" },
        "line": finding.line,
        "field": finding.field,
        "message": finding.kind.to_string(),
        "expected": finding.expected,
        "found": finding.found,
    })
}

fn kind(kind: &Kind) -> Text {
    let nb = match kind {
        Kind::FileMissing | Kind::KeyMissing => "mangler",
        Kind::FileUnexpected => "skal ikke være der",
        Kind::TooLarge => "er for stor",
        Kind::Json => "må være JSON",
        Kind::KeyUnknown => "er ikke en nøkkel i protokollen",
        Kind::KeyRepeated => "må stå én gang",
        Kind::NotObject => "må være et objekt",
        Kind::NotList => "må være en liste",
        Kind::NotText => "må være tekst",
        Kind::NotHex => "må være 64 heksadesimale sifre med små bokstaver",
        Kind::NotLabel => "må være 1 til 64 av tegnene A-Z a-z 0-9 _ . -",
        Kind::NotInteger { min, max } => {
            return say!(
                "må være et heltall fra {min} til {max}",
                "must be an integer from {min} to {max}"
            );
        }
        Kind::Empty => "må ikke være tom",
        Kind::NotPlain => "må være i Unicode-formen NFC uten mellomrom i endene",
        Kind::Form => "må ha protokollens eneste form, byte for byte",
        Kind::Row => "må være en rad av protokollens form",
        Kind::Order => "må komme etter raden før",
        Kind::Protocol => "er ikke dette programmets protokoll",
        Kind::Unsupported => "støttes ikke av denne utgaven",
        Kind::Design(error) => return design(error),
        Kind::RehearsalLabel => "må ende på -rehearsal, siden trekningen har fast frø (`fixed`)",
        Kind::Number => "er ikke mappens nummer",
        Kind::Plan => "er ikke planen som ble låst",
        Kind::Units => "har ikke så mange familier som kunngjort",
        Kind::Root => "er ikke listen som ble låst",
        Kind::Commitment => "er ikke hemmeligheten som ble låst",
        Kind::AnnouncementHash => "hører til en annen kunngjøring",
        Kind::AnnouncementChanged => "kan være endret: hashen står annerledes et annet sted",
        Kind::BeaconKind => "er ikke tilfeldighetskilden som ble kunngjort",
        Kind::BeaconValue => "kan være endret: ingen lodd i resultatet følger av den",
        Kind::Result => "er ikke det filene gir",
        Kind::FirstOfChain => "må være nuller i trekning 1, og bare der",
        Kind::Previous => "er ikke hashen av trekningen før",
        Kind::Ended => "er ikke hashen av det som avsluttet trekningen før",
        Kind::EndedChanged => "kan være endret: hashen står annerledes i neste kunngjøring",
        Kind::PreviousNumber => "er ikke nummeret før denne trekningens",
        Kind::PreviousPilot => "hører til en annen pilot",
        Kind::RosterLeaf => "er ikke bladet av sitt salt og sin ID",
        Kind::RosterRow => "er ikke raden i `leaves.csv`",
        Kind::RosterId => "må stå på listen én gang",
        _ => return Text::same(kind.to_string()),
    };
    Text::new(nb, kind.to_string())
}

/// Why a design can't be drawn.
pub(super) fn design(error: &DesignError) -> Text {
    let en = error.to_string();
    let nb = match error {
        DesignError::MoreSeatsThanFamilies { block, seats, families } => {
            format!(
                "blokken `{block}` kan ikke ha flere plasser enn familier: {seats} plasser, {families} familier"
            )
        }
        DesignError::FewerSeatsThanFamilies { block, seats, families } => {
            format!(
                "blokken `{block}` må ha en plass til hver familie: {seats} plasser, {families} familier"
            )
        }
        DesignError::Families { block, families } => {
            format!("blokken `{block}` må ha minst én familie, fant {families}")
        }
        _ => en.clone(),
    };
    Text::new(nb, en)
}

/// Why a draw can't be announced.
pub(super) fn announce(error: &AnnounceError) -> Text {
    let en = error.to_string();
    let nb = match error {
        AnnounceError::RehearsalLabel(label) => {
            format!("pilotens navn `{label}` må ende på -rehearsal, siden trekningen har fast frø")
        }
        AnnounceError::Description => {
            "en bevitnet trekning må si hva som skal leses opp".to_owned()
        }
        AnnounceError::RepeatedUnits(ids) => {
            format!("familier må stå på listen én gang: {}", ids.join(", "))
        }
        AnnounceError::UnitIds(ids) => {
            format!("ID-er kan ikke ha komma, anførselstegn eller mellomrom: {}", ids.join(", "))
        }
        AnnounceError::BlockWithoutSeats(block) => {
            format!("blokken `{block}` har familier, men ingen plasser")
        }
        AnnounceError::Design(error) => return design(error),
        _ => en.clone(),
    };
    Text::new(nb, en)
}

/// Why a draw can't be revealed.
pub(super) fn reveal(error: &RevealError) -> Text {
    let en = error.to_string();
    let nb = match error {
        RevealError::Secret => "hemmeligheten må være den kunngjøringen bandt seg til".to_owned(),
        RevealError::BeaconKind { expected, found } => {
            format!("verdien må være av det kunngjorte slaget: ventet `{expected}`, fant `{found}`")
        }
        RevealError::EmptyValue => "det som ble lest opp, kan ikke være tomt".to_owned(),
        RevealError::TooLong => "teksten er for lang".to_owned(),
        _ => en.clone(),
    };
    Text::new(nb, en)
}

/// What a verdict leaves open.
pub(super) fn note(note: Note) -> Text {
    let nb = match note {
        Note::ChainNotChecked => "kjeden er ikke kontrollert: trekningen før er ikke her",
        Note::Open => "trekningen er åpen: ikke avslørt ennå, kontrollert så langt den går",
        Note::Void => "trekningen er annullert: formen og hemmeligheten er kontrollert",
        Note::LeavesWithheld => "listen er ikke kontrollert: `leaves.csv` er holdt tilbake",
        Note::ResultWithheld => "resultatet er ikke kontrollert: `result.csv` er ikke her",
        Note::ResultNotChecked => {
            "resultatet er ikke kontrollert: filene det følger av, er ikke i orden"
        }
        _ => return Text::same(note.to_string()),
    };
    Text::new(nb, note.to_string())
}
