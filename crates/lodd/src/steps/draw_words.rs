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

/// The predicate after file and field.
fn kind(kind: &Kind) -> Text {
    form(kind).unwrap_or_else(|| disagreement(kind))
}

/// What is wrong with one file by itself.
fn form(kind: &Kind) -> Option<Text> {
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
        Kind::NotHex { digits } => {
            return Some(say!(
                "må være {digits} heksadesimale sifre med små bokstaver",
                nn "må vere {digits} heksadesimale siffer med små bokstavar",
                "must be {digits} lower-case hexadecimal digits"
            ));
        }
        Kind::NotFraction => "må være en brøk som ikke kan forkortes, som 2/5, 1 eller 0",
        Kind::NotLabel => "må være 1 til 64 av tegnene A-Z a-z 0-9 _ . -",
        Kind::NotInteger { min, max } => {
            return Some(say!(
                "må være et heltall fra {min} til {max}",
                nn "må vere eit heiltal frå {min} til {max}",
                "must be an integer from {min} to {max}"
            ));
        }
        Kind::Empty => "må ikke være tom",
        Kind::NotPlain => "må være i Unicode-formen NFC uten mellomrom i endene",
        Kind::Form => "må ha protokollens eneste form, byte for byte",
        Kind::Row => "må være en rad av protokollens form",
        Kind::Order => "må komme etter raden før",
        Kind::Protocol => "er ikke dette programmets protokoll",
        Kind::Design(error) => return Some(design(error)),
        Kind::RehearsalLabel => "må ende på -rehearsal, siden trekningen har fast frø (`fixed`)",
        _ => return None,
    };
    Some(Text::new(nb, kind.to_string()))
}

/// What does not agree between files, or with the draw.
fn disagreement(kind: &Kind) -> Text {
    let nb = match kind {
        Kind::Number => "er ikke mappens nummer",
        Kind::Plan => "er ikke planen som ble låst",
        Kind::LeafRepeated => "må stå én gang, i én blokk",
        Kind::TooManyBlocks => "har flere blokker enn en trekning kan ha",
        Kind::Units => "har ikke så mange familier som kunngjort",
        Kind::Root => "er ikke listen som ble låst",
        Kind::Commitment => "er ikke hemmeligheten som ble låst",
        Kind::AnnouncementHash => "hører til en annen kunngjøring",
        Kind::AnnouncementChanged => "kan være endret: hashen står annerledes et annet sted",
        Kind::BeaconKind => "er ikke tilfeldighetskilden som ble kunngjort",
        Kind::BeaconValue => "kan være endret: ingen lodd i resultatet følger av den",
        Kind::Chain => "må være kjeden som protokollen fastsetter",
        Kind::Round => "er ikke runden som ble kunngjort",
        Kind::Signature => "er ikke kildens signatur for den kunngjorte runden",
        Kind::Attempt => "må stå der trekningen har et krav om likhet, og bare der",
        Kind::NoSecret => "kan bare være null når kilden er drand",
        Kind::Covariates => "er ikke verdiene som ble låst",
        Kind::AttemptNotFirst => "må være det første forsøket som oppfyller kravet",
        Kind::AttemptRefused => "kan ikke brukes: kravet er ikke oppfylt i dette forsøket",
        Kind::Result => "er ikke det filene gir",
        Kind::SlipBlock => "er ikke en blokk i trekningen",
        Kind::SlipPlace => "er ikke familiens plass på listen",
        Kind::SlipPath => "fører ikke til roten som ble låst",
        Kind::SlipResult => "er ikke det trekningen gir denne plassen",
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
        DesignError::Mixed { block } => {
            format!("blokken `{block}` må ha plasser eller sannsynligheter som de andre blokkene")
        }
        DesignError::Sum { block } => {
            format!("sannsynlighetene i blokken `{block}` må bli 1 til sammen")
        }
        DesignError::Denominator { block } => {
            format!("sannsynlighetene i blokken `{block}` har en fellesnevner på 2^64 eller mer")
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
        AnnounceError::Constraint => {
            "et krav om likhet må ha 1 til 2^32 forsøk og grenser, hver for sin variabel".to_owned()
        }
        AnnounceError::CovariateLabel(name) => {
            format!("variabelen `{name}` må være 1 til 64 av tegnene A-Z a-z 0-9 _ . -")
        }
        AnnounceError::Values(ids) => format!(
            "hver grense må ha en verdi, et heltall innenfor ±2^31, for: {}",
            ids.join(", ")
        ),
        AnnounceError::Round => "runden må være minst 1".to_owned(),
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
        RevealError::Round { expected, found } => {
            format!("verdien må være av runde {expected}, som ble kunngjort, ikke av runde {found}")
        }
        RevealError::Signature { round } => {
            format!("signaturen er ikke kildens for runde {round}")
        }
        RevealError::CovariatesMissing => {
            "en trekning med krav om likhet trenger verdiene som ble låst med den".to_owned()
        }
        RevealError::Covariates(_) => "verdiene bak kravet om likhet kan ikke brukes".to_owned(),
        RevealError::NoneAccepted { max_attempts } => format!(
            "ingen av {max_attempts} forsøk oppfyller kravet om likhet: trekningen må annulleres"
        ),
        RevealError::SecretMissing => {
            "bare en trekning med drand kan annulleres uten hemmeligheten".to_owned()
        }
        RevealError::EmptyReason => "en annullert trekning må ha en grunn".to_owned(),
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
        Note::ConstraintNotChecked { max_attempts } => {
            return say!(
                "kravet om likhet er ikke kontrollert; hvilket som helst av {max_attempts} resultater ville passert",
                nn "kravet om likskap er ikkje kontrollert; kva som helst av {max_attempts} resultat ville passert",
                "constraint not checked; any of {max_attempts} results would pass"
            );
        }
        _ => return Text::same(note.to_string()),
    };
    Text::new(nb, note.to_string())
}
