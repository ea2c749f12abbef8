//! Why an offer or an answer is refused, in Norwegian and English.

use lodd_intake::Personal;
use lodd_store::pilot::OfferError;

use crate::{
    problem::Failure,
    text::{Text, say},
};

/// The refusal with its hint.
pub(in crate::steps) fn refused(error: &OfferError) -> Failure {
    let message = Text::new(nb(error), error.to_string());
    match (error.hint(), hint_nb(error)) {
        (Some(en), Some(nb)) => Failure::policy_with(message, Text::new(nb, en)),
        _ => Failure::policy(message),
    }
}

fn nb(error: &OfferError) -> String {
    match error {
        OfferError::NoLists { draw } => format!(
            "plasser i trekning {draw} kan ikke tilbys nedover en liste: det må være en gjennomført trekning av familier med to armer"
        ),
        OfferError::NoBlock { draw, block } => {
            format!("trekning {draw} har ingen blokk `{block}`")
        }
        OfferError::Closed { draw, block } => {
            format!("tilbudene i blokken `{block}` i trekning {draw} er avsluttet")
        }
        OfferError::OfferOpen { block, family_id } => {
            format!("tilbudet til `{family_id}` i blokken `{block}` må få svar først")
        }
        OfferError::NoPlace { draw, block, seats, held } => format!(
            "blokken `{block}` i trekning {draw} har ingen ledig plass: {held} av {seats} er opptatt"
        ),
        OfferError::ListEnds { draw, block } => {
            format!("alle familiene i blokken `{block}` i trekning {draw} har fått tilbud")
        }
        OfferError::NoRanks { draw, block } => {
            format!("trekning {draw} er tatt over uten rang: ingen er neste i blokken `{block}`")
        }
        OfferError::NotOffered { draw, family_id } => {
            format!("`{family_id}` har ikke fått tilbud om plass i trekning {draw}")
        }
        OfferError::Taken { family_id } => format!("`{family_id}` har alt tatt plassen sin"),
        OfferError::Left { family_id } => format!("`{family_id}` har sluttet"),
        OfferError::Answered { family_id, answer } => {
            let answer = answer.code();
            format!("`{family_id}` har alt svart {answer}: en endring må ha en grunn")
        }
        OfferError::PlaceGone { family_id } => {
            format!("plassen som ble tilbudt `{family_id}`, er ikke ledig lenger")
        }
        OfferError::NotTaken { family_id } => format!("`{family_id}` har ikke tatt en plass"),
        OfferError::EndsBeforeStart { family_id } => {
            format!("siste dag for `{family_id}` kan ikke være før den første")
        }
        OfferError::EndsLater { family_id } => {
            format!("siste dag for `{family_id}` kan ikke ligge fram i tid")
        }
        OfferError::Unanswered { block, families } => {
            let families = families.join(", ");
            format!("tilbud i blokken `{block}` må få svar først: {families}")
        }
        _ => error.to_string(),
    }
}

fn hint_nb(error: &OfferError) -> Option<&'static str> {
    Some(match error {
        OfferError::Closed { .. } => "plasser som blir ledige nå, går inn i neste trekning",
        OfferError::OfferOpen { .. } | OfferError::Unanswered { .. } => {
            "før svaret med `lodd draw offer answer FAMILIE JA|NEI|IKKE_NADD`"
        }
        OfferError::NoPlace { .. } => {
            "en plass blir ledig når en familie svarer NEI eller IKKE_NADD, eller slutter (`lodd draw offer leave`)"
        }
        OfferError::ListEnds { .. } => "avslutt tilbudene med `lodd draw offer close`",
        OfferError::Taken { .. } => "en familie som slutter, føres med `lodd draw offer leave`",
        OfferError::Answered { .. } => "si hvorfor med `--reason`",
        OfferError::NotOffered { .. } => "`lodd draw offer list` viser hvem som har fått tilbud",
        _ => return None,
    })
}

/// Why the rank of a family that waits is not told, and what to do.
pub(super) fn waits(unit: &str, open: &OfferError) -> (Text, Text) {
    let message = say!(
        "`{unit}` venter på listen: rangen sies ikke mens et tilbud er åpent",
        nn "`{unit}` ventar på lista: rangen blir ikkje sagd medan eit tilbod er ope",
        "`{unit}` waits on the list: its rank is not told while an offer is open"
    );
    (message, Text::new(nb(open), open.to_string()))
}

/// What stands in a reason and must not; it is never repeated.
pub(super) fn personal(found: Personal) -> Text {
    let (nb, nn, en) = match found {
        Personal::NationalId => {
            ("et fødselsnummer", "eit fødselsnummer", "a national identity number")
        }
        Personal::LongNumber => (
            "et nummer på 11 eller 12 sifre (DUF- eller kontonummer)",
            "eit nummer på 11 eller 12 siffer (DUF- eller kontonummer)",
            "a number of 11 or 12 digits (a DUF or account number)",
        ),
        Personal::Mobile => ("et mobilnummer", "eit mobilnummer", "a mobile number"),
        Personal::Email => ("en e-postadresse", "ei e-postadresse", "an e-mail address"),
    };
    say!(
        "grunnen kan ikke inneholde {nb}",
        nn "grunnen kan ikkje innehalde {nn}",
        "the reason can't hold {en}"
    )
}
