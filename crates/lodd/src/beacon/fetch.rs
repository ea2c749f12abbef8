//! A round from one of drand's public relays, or from a relay of one's own.

use std::{net::IpAddr, time::Duration};

use lodd_draw::quicknet::CHAIN;
use ureq::{Agent, Error, http::Uri};

use super::BYTES_MAX;
use crate::{
    problem::Failure,
    text::{Text, say},
};

/// Asked in this order; the first that answers is enough, since the answer is checked.
const RELAYS: [&str; 4] = [
    "https://api.drand.sh",
    "https://api2.drand.sh",
    "https://api3.drand.sh",
    "https://drand.cloudflare.com",
];
/// How long one relay may take, from name to last byte.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Gets a round: where it came from, and its bytes, which are yet to be checked.
///
/// # Errors
///
/// Refused when the relay's address is not https (http is for this machine only); could not run
/// when no relay answers.
pub(crate) fn fetch(relay: Option<&str>, round: u64) -> Result<(String, Vec<u8>), Failure> {
    let own = relay.map(checked).transpose()?;
    let relays = own.as_deref().map_or_else(|| RELAYS.to_vec(), |own| vec![own]);
    let mut last = None;
    for relay in relays {
        let address = format!("{relay}/{CHAIN}/public/{round}");
        match get(&address) {
            Ok(bytes) => return Ok((address, bytes)),
            Err(error) => last = Some((address, error)),
        }
    }
    let (address, error) = last.unwrap_or_else(|| (String::new(), Error::ConnectionFailed));
    let why = words(&error);
    Err(Failure::CouldNotRun {
        message: Text::new(
            format!("fikk ikke runde {round} fra `{address}`: {}", why.nb),
            format!("did not get round {round} from `{address}`: {}", why.en),
        ),
        hint: Some(
            Text::new(
                "hent runden på en maskin med nett, og gi filen med --beacon FIL",
                "get the round on a machine with a network, and give the file with --beacon FILE",
            )
            .nn("hent runda på ei maskin med nett, og gi fila med --beacon FIL"),
        ),
    })
}

fn get(address: &str) -> Result<Vec<u8>, Error> {
    let https = address.starts_with("https://");
    let config = Agent::config_builder()
        .https_only(https)
        .timeout_global(Some(TIMEOUT))
        .max_redirects(0)
        .user_agent(concat!("lodd/", env!("CARGO_PKG_VERSION")));
    // A proxy from the environment is for the world, not for this machine.
    let config = if https { config } else { config.proxy(None) };
    let agent: Agent = config.build().into();
    let mut response = agent.get(address).call()?;
    response.body_mut().with_config().limit(BYTES_MAX as u64).read_to_vec()
}

/// A relay's address without a slash at its end: https, or http to this machine.
fn checked(relay: &str) -> Result<String, Failure> {
    let uri: Option<Uri> = relay.parse().ok();
    let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    let scheme = uri.as_ref().and_then(Uri::scheme_str);
    let plain = uri.as_ref().is_some_and(|it| it.query().is_none());
    match scheme {
        Some("https") if plain && !host.is_empty() => {}
        Some("http") if plain && loopback => {}
        _ => {
            return Err(Failure::policy(say!(
                "--relay må være en https-adresse (http bare til 127.0.0.1), fant `{relay}`",
                nn "--relay må vere ei https-adresse (http berre til 127.0.0.1), fann `{relay}`",
                "--relay must be an https address (http to 127.0.0.1 only), found `{relay}`"
            )));
        }
    }
    Ok(relay.trim_end_matches('/').to_owned())
}

fn words(error: &Error) -> Text {
    match error {
        Error::StatusCode(404 | 425) => {
            Text::new("den har ikke runden ennå", "it does not have the round yet")
                .nn("den har ikkje runda enno")
        }
        Error::StatusCode(code) => {
            say!(
                "den svarte med status {code}",
                nn "den svara med status {code}",
                "it answered with status {code}"
            )
        }
        Error::Timeout(_) => Text::new("den svarte ikke i tide", "it did not answer in time")
            .nn("den svara ikkje i tide"),
        Error::BodyExceedsLimit(_) => {
            Text::new("svaret er for langt", "the answer is too long").nn("svaret er for langt")
        }
        Error::HostNotFound => {
            Text::new("adressen finnes ikke", "there is no such address").nn("adressa finst ikkje")
        }
        other => Text::same(other.to_string()),
    }
}

#[cfg(test)]
mod tests;
