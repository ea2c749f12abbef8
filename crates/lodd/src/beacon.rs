//! The public randomness beacon, drand's `quicknet`: its signatures, its rounds and their times.
//!
//! What a round gives is believed for its signature alone, which is checked under the key pinned in
//! `lodd-draw`; so it may come from a file, from what was pasted, or from any relay.

mod fetch;
pub(crate) mod times;

use drand_verify::{G2PubkeyRfc, Pubkey};
use lodd_draw::quicknet::{PUBLIC_KEY, SIGNATURE_BYTES, Signature};
use serde_json::{Map, Value};

pub(crate) use fetch::fetch;

use crate::{
    hash::{sha256_hex, unhex},
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

/// A round as drand tells it takes a few hundred bytes.
const BYTES_MAX: usize = 4096;

/// Whether a signature is quicknet's for a round: never a crash, whatever the bytes are.
///
/// Both an error (no point of the curve) and `Ok(false)` (another round, another key) are a no.
pub(crate) fn is_signature(round: u64, signature: &Signature) -> bool {
    let key = unhex::<96>(PUBLIC_KEY).and_then(|key| G2PubkeyRfc::from_fixed(key).ok());
    key.is_some_and(|key| matches!(key.verify(round, b"", signature), Ok(true)))
}

/// A round with its signature, which has been checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Round {
    pub(crate) round: u64,
    pub(crate) signature: Signature,
}

/// Reads a round in the form of drand's API, `{"round", "randomness"?, "signature"}`, and checks it.
/// `from` names it in messages; `announced` is the round of the announcement.
///
/// # Errors
///
/// Refused when it is not that form, is of another round, was changed, or is not quicknet's.
pub(crate) fn read(from: &str, bytes: &[u8], announced: u64) -> Result<Round, Failure> {
    parse(bytes, announced).map_err(|fault| {
        let place = Place {
            file: Some(from.to_owned()),
            field: (!fault.field.is_empty()).then(|| fault.field.to_owned()),
            ..Place::default()
        };
        let problem = Problem::new(place, fault.message);
        let problem = match fault.values {
            Some((expected, found)) => problem.expected(expected, found),
            None => problem,
        };
        Failure::refused(
            Text::new(
                "runden kan ikke brukes; ingenting er avslørt",
                "the round can't be used; nothing was revealed",
            ).nn("runda kan ikkje brukast; ingenting er avslørt"),
            vec![problem.fix(say!(
                "hent runde {announced} av quicknet på nytt, fra https://api.drand.sh eller med --fetch",
                nn "hent runde {announced} av quicknet på nytt, frå https://api.drand.sh eller med --fetch",
                "get round {announced} of quicknet again, from https://api.drand.sh or by --fetch"
            ))],
        )
    })
}

struct Fault {
    field: &'static str,
    message: Text,
    values: Option<(String, String)>,
}

fn fault(field: &'static str, message: Text) -> Fault {
    Fault { field, message, values: None }
}

fn parse(bytes: &[u8], announced: u64) -> Result<Round, Fault> {
    let object = object(bytes)?;
    let round = object.get("round").and_then(Value::as_u64).ok_or_else(|| {
        fault(
            "round",
            Text::new("må være rundens nummer", "must be the round's number")
                .nn("må vere nummeret til runda"),
        )
    })?;
    if round != announced {
        let message =
            Text::new("er en annen runde enn den kunngjorte", "is not the announced round")
                .nn("er ei anna runde enn den kunngjorde");
        let values = Some((announced.to_string(), round.to_string()));
        return Err(Fault { field: "round", message, values });
    }
    let signature = hexadecimal(&object, "signature")?.unwrap_or_default();
    let signature = unhex::<SIGNATURE_BYTES>(&signature).ok_or_else(|| {
        let digits = 2 * SIGNATURE_BYTES;
        fault(
            "signature",
            say!(
                "må være {digits} heksadesimale sifre, som i quicknet: en annen kjede?",
                nn "må vere {digits} heksadesimale siffer, som i quicknet: ei anna kjede?",
                "must be {digits} hexadecimal digits, as in quicknet: another chain?"
            ),
        )
    })?;
    let randomness = sha256_hex(&signature);
    if let Some(found) = hexadecimal(&object, "randomness")?
        && found != randomness
    {
        let message = Text::new(
            "er ikke SHA-256 av signaturen: filen er endret",
            "is not the SHA-256 of the signature: the file was changed",
        )
        .nn("er ikkje SHA-256 av signaturen: fila er endra");
        return Err(Fault { field: "randomness", message, values: Some((randomness, found)) });
    }
    if is_signature(round, &signature) {
        return Ok(Round { round, signature });
    }
    Err(fault(
        "signature",
        Text::new(
            "er ikke quicknets signatur av denne runden: en annen kjede, en annen runde, eller endret",
            "is not quicknet's signature of this round: another chain, another round, or changed",
        ).nn("er ikkje quicknet sin signatur av denne runda: ei anna kjede, ei anna runde, eller endra"),
    ))
}

fn object(bytes: &[u8]) -> Result<Map<String, Value>, Fault> {
    let form = || {
        fault(
            "",
            Text::new(
                "må være en runde som JSON: {\"round\": …, \"signature\": \"…\"}",
                "must be a round as JSON: {\"round\": …, \"signature\": \"…\"}",
            )
            .nn("må vere ei runde som JSON: {\"round\": …, \"signature\": \"…\"}"),
        )
    };
    if bytes.len() > BYTES_MAX {
        return Err(form());
    }
    let text = std::str::from_utf8(bytes).map_err(|_| form())?.trim_start_matches('\u{feff}');
    match serde_json::from_str(text.trim()) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(form()),
    }
}

/// A text of hexadecimal digits, in lower case; `None` if the key is not there.
fn hexadecimal(object: &Map<String, Value>, key: &'static str) -> Result<Option<String>, Fault> {
    match object.get(key) {
        None => Ok(None),
        Some(Value::String(text)) if text.bytes().all(|it| it.is_ascii_hexdigit()) => {
            Ok(Some(text.to_ascii_lowercase()))
        }
        Some(_) => Err(fault(
            key,
            Text::new("må være heksadesimale sifre", "must be hexadecimal digits")
                .nn("må vere heksadesimale siffer"),
        )),
    }
}

#[cfg(test)]
mod tests;
