//! What the store and the file layer refuse, in Norwegian and English.

use std::path::Path;

use lodd_store::{
    StoreError, files::FileError, parquet::ParquetError, pilot::DrawnKind, query::QueryError,
};

use crate::{
    problem::Failure,
    text::{Text, count, say},
};

/// A store's refusal (exit 1) or failure (exit 2).
pub(super) fn store(error: &StoreError) -> Failure {
    if let Some(failure) = could_not(error) {
        return failure;
    }
    let en = error.to_string();
    let nb = match error {
        StoreError::Offer(error) => return super::offer::refused(error),
        StoreError::Vault(error) => return super::key::refused(error),
        StoreError::AlreadyErased { family_id } => format!("familien `{family_id}` er alt slettet"),
        StoreError::CutTooLate { .. } => {
            "uttrekket kan ikke være senere enn det siste som er ført".to_owned()
        }
        StoreError::NothingRecorded => "ingenting er ført i denne piloten ennå".to_owned(),
        StoreError::UnknownOffice { office_id } => {
            format!("kontoret `{office_id}` er ikke med i piloten")
        }
        StoreError::UnknownFamily { family_id } => {
            format!("familien `{family_id}` er ikke på listen")
        }
        StoreError::LockedFamily { family_id, draw } => {
            format!("familien `{family_id}` kan ikke endres: den er på listen for trekning {draw}")
        }
        StoreError::NothingScreened => "det er ingen familier å vurdere".to_owned(),
        StoreError::DrawOpen { open } => {
            format!("trekning {open} er åpen: den må avsluttes før en ny kunngjøres")
        }
        StoreError::AlreadyImported { draw } => format!("denne tildelingen er alt trekning {draw}"),
        StoreError::DrawNotOpen { draw } => format!("trekning {draw} er ikke åpen"),
        StoreError::NoRegister { unit_id, .. } => {
            format!("månedene for `{unit_id}` må si hvilket register de er fra")
        }
        _ => match of_event(error) {
            Some([nb, nn]) => return refused(error, Text::new(nb, en).nn(nn)),
            None => en.clone(),
        },
    };
    refused(error, Text::new(nb, en))
}

/// A refusal, with the store's hint.
fn refused(error: &StoreError, message: Text) -> Failure {
    match error.hint() {
        Some(hint) => Failure::policy_with(message, hint_text(error, hint)),
        None => Failure::policy(message),
    }
}

/// Why an event of a family is refused, in bokmål and nynorsk.
fn of_event(error: &StoreError) -> Option<[String; 2]> {
    Some(match error {
        StoreError::NotOnAList { unit_id } => [
            format!("`{unit_id}` står ikke på listen for noen trekning"),
            format!("`{unit_id}` står ikkje på lista for noka trekning"),
        ],
        StoreError::AlreadyStruck { draw, unit_id } => [
            format!("`{unit_id}` er alt strøket fra listen for trekning {draw}"),
            format!("`{unit_id}` er alt stroke frå lista for trekning {draw}"),
        ],
        StoreError::FactTooLate { unit_id } => [
            format!("opplysningen om `{unit_id}` kan ikke være datert etter i dag"),
            format!("opplysninga om `{unit_id}` kan ikkje vere datert etter i dag"),
        ],
        StoreError::UnknownUnit { unit_id, .. } => {
            [format!("`{unit_id}` er ikke på listen"), format!("`{unit_id}` er ikkje på lista")]
        }
        StoreError::OtherFamily { unit_id, family_id } => [
            format!("`{unit_id}` hører til familien `{family_id}`"),
            format!("`{unit_id}` høyrer til familien `{family_id}`"),
        ],
        StoreError::DaysReversed { unit_id } => [
            format!("`{unit_id}` må ha en første dag som ikke er etter den siste"),
            format!("`{unit_id}` må ha ein første dag som ikkje er etter den siste"),
        ],
        StoreError::NotInHousehold { member_id } => [
            format!("`{member_id}` er ikke i husstanden den dagen: før først når personen kom"),
            format!("`{member_id}` er ikkje i hushaldet den dagen: før først når personen kom"),
        ],
        StoreError::ListedOtherwise { member_id } => [
            format!("`{member_id}` står på den låste listen med annen rolle eller annet fødselsår"),
            format!("`{member_id}` står på den låste lista med anna rolle eller anna fødselsår"),
        ],
        StoreError::NothingToRetract { unit_id } => [
            format!("det er ingenting å tilbakekalle for `{unit_id}` den dagen"),
            format!("det er ingenting å kalle tilbake for `{unit_id}` den dagen"),
        ],
        _ => return None,
    })
}

/// What is nobody's mistake: there is no store, it is busy, or the disk fails.
fn could_not(error: &StoreError) -> Option<Failure> {
    let en = error.to_string();
    let again = Text::new("prøv igjen; ingenting er lagret", "try again; nothing was written")
        .nn("prøv igjen; ingenting er lagra");
    // What was asked for may be stored or not, and is safe to ask for again.
    let unconfirmed = Text::new(
        "ingenting er bekreftet; se til disken og gjør det samme en gang til (en fil lagres bare én gang)",
        "nothing is confirmed; see to the disk and do the same again (a file is stored only once)",
    ).nn("ingenting er stadfesta; sjå til disken og gjer det same éin gong til (ei fil blir lagra berre éin gong)");
    let (nb, hint) = match error {
        StoreError::NoPilot { dir } => return Some(no_pilot(dir)),
        StoreError::Busy => {
            ("lageret er opptatt: et annet program har skrevet for lenge".to_owned(), Some(again))
        }
        StoreError::Sqlite { source } => {
            (format!("lageret kan ikke leses eller skrives: {source}"), Some(unconfirmed))
        }
        StoreError::ClosedToWriting => (
            "lageret kom ikke til disken og tar ikke imot mer før det åpnes på nytt".to_owned(),
            Some(unconfirmed),
        ),
        StoreError::TooNew { found, supported } => (
            format!("lageret har format {found}, dette programmet kan til og med {supported}"),
            Some(
                Text::new(
                    "bruk programmet som skrev det, eller et nyere",
                    "use the program that wrote it, or a later one",
                )
                .nn("bruk programmet som skreiv det, eller eit nyare"),
            ),
        ),
        StoreError::File(_)
        | StoreError::Query(_)
        | StoreError::NotAStore { .. }
        | StoreError::BadKey { .. } => (en.clone(), None),
        _ => return None,
    };
    Some(Failure::CouldNotRun { message: Text::new(nb, en), hint })
}

fn no_pilot(dir: &Path) -> Failure {
    let dir = dir.display().to_string();
    Failure::CouldNotRun {
        message: say!(
            "det er ingen lagret pilot i `{dir}`",
            nn "det er ingen lagra pilot i `{dir}`",
            "there is no stored pilot in `{dir}`"
        ),
        hint: Some(say!(
            "les inn familielisten med `lodd roster import FIL`, eller si hvor piloten er med --pilot",
            nn "les inn familielista med `lodd roster import FIL`, eller sei kvar piloten er med --pilot",
            "read the roster with `lodd roster import FILE`, or say where the pilot is with --pilot"
        )),
    }
}

fn hint_text(error: &StoreError, en: &str) -> Text {
    let nb = match error {
        StoreError::LockedFamily { .. } => {
            "listen er låst når en trekning er kunngjort; familier som kommer senere, går i neste trekning"
        }
        StoreError::DrawOpen { .. } => {
            "avslør den åpne trekningen først, eller annuller den med `lodd draw void`"
        }
        _ => en,
    };
    Text::new(nb, en)
}

/// Refuses a text with eleven digits standing alone: what is published may hold no fødselsnummer.
///
/// # Errors
///
/// Refused, without showing them.
pub(super) fn no_national_id(option: &str, text: &str) -> Result<(), Failure> {
    let digits: Vec<usize> =
        text.split(|c: char| !c.is_ascii_digit()).map(str::len).filter(|&n| n > 0).collect();
    let grouped = digits.windows(2).any(|pair| pair == [6, 5]);
    if !digits.contains(&11) && !grouped {
        return Ok(());
    }
    Err(Failure::policy(say!(
        "{option} blir stående og kan ikke ha elleve sifre som kan være et fødselsnummer",
        nn "{option} blir ståande og kan ikkje ha elleve siffer som kan vere eit fødselsnummer",
        "{option} stays on record and can't have eleven digits that may be a national identity number"
    )))
}

pub(super) fn file(error: &FileError) -> Failure {
    Failure::CouldNotRun { message: Text::same(error.to_string()), hint: None }
}

pub(super) fn parquet(error: &ParquetError) -> Failure {
    Failure::CouldNotRun { message: Text::same(error.to_string()), hint: None }
}

pub(super) fn query(error: &QueryError) -> Failure {
    Failure::CouldNotRun { message: Text::same(error.to_string()), hint: None }
}

/// `57 familier`, `1 familie`, `29 kontor`.
pub(super) fn units(kind: DrawnKind, n: impl TryInto<u64> + Copy) -> Text {
    let (one, n) = (n.try_into().is_ok_and(|n| n == 1), count(n));
    match kind {
        DrawnKind::Family if one => say!("{n} familie", nn "{n} familie", "{n} family"),
        DrawnKind::Family => say!("{n} familier", nn "{n} familiar", "{n} families"),
        DrawnKind::Office if one => say!("{n} kontor", "{n} office"),
        DrawnKind::Office => say!("{n} kontor", "{n} offices"),
    }
}
