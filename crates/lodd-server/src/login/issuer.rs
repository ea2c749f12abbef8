//! A provider: what it says of itself, and its keys, kept for a while.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::http::{Request, header};
use jsonwebtoken::jwk::JwkSet;
use serde::Deserialize;
use url::{Host, Url};

use super::token::{self, BadToken};
use crate::{Desk, many::Claims};

/// Asked again after so long.
const KEPT: Duration = Duration::from_hours(1);
/// What was found before is used for so long when the provider does not answer.
const KEPT_AT_MOST: Duration = Duration::from_hours(24);
/// A key that is not known makes us ask, but not more often than this.
const KEYS_AT_MOST_EVERY: Duration = Duration::from_secs(5);

/// The provider did not answer, or not so that it can be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Down;

/// What a provider says of itself.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Metadata {
    issuer: String,
    #[serde(default)]
    pub(crate) authorization_endpoint: String,
    #[serde(default)]
    pub(crate) token_endpoint: String,
    jwks_uri: String,
    pub(crate) end_session_endpoint: Option<String>,
    #[serde(default)]
    pub(crate) token_endpoint_auth_methods_supported: Vec<String>,
}

/// What is known of a provider.
#[derive(Debug)]
pub(crate) struct Known {
    pub(crate) metadata: Metadata,
    keys: JwkSet,
    at: Instant,
}

/// A provider.
#[derive(Debug)]
pub(crate) struct Issuer {
    url: String,
    known: Mutex<Option<Arc<Known>>>,
}

impl Issuer {
    pub(crate) fn new(url: impl Into<String>) -> Self {
        Self { url: url.into(), known: Mutex::default() }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// What is known of it, asked for where it is not, or is old. Blocks.
    ///
    /// # Errors
    ///
    /// If it does not answer and nothing is known from before.
    pub(crate) fn known(&self, desk: &dyn Desk) -> Result<Arc<Known>, Down> {
        self.not_older_than(desk, KEPT)
    }

    fn not_older_than(&self, desk: &dyn Desk, age: Duration) -> Result<Arc<Known>, Down> {
        let lock = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let before = lock().clone();
        if let Some(known) = before.as_ref().filter(|it| it.at.elapsed() < age) {
            return Ok(Arc::clone(known));
        }
        match self.ask(desk) {
            Ok(known) => {
                let known = Arc::new(known);
                *lock() = Some(Arc::clone(&known));
                Ok(known)
            }
            Err(Down) => before.filter(|it| it.at.elapsed() < KEPT_AT_MOST).ok_or(Down),
        }
    }

    fn ask(&self, desk: &dyn Desk) -> Result<Known, Down> {
        let base = self.url.trim_end_matches('/');
        let metadata = get::<Metadata>(desk, &format!("{base}/.well-known/openid-configuration"))
            .or_else(|Down| {
            get(desk, &format!("{base}/.well-known/oauth-authorization-server"))
        })?;
        let all = [
            &metadata.authorization_endpoint,
            &metadata.token_endpoint,
            &metadata.jwks_uri,
            metadata.end_session_endpoint.as_ref().unwrap_or(&metadata.jwks_uri),
        ];
        // A provider that says it is another, or that sends people over an open line, is none.
        if metadata.issuer != self.url || !all.iter().all(|it| it.is_empty() || is_safe(it)) {
            return Err(Down);
        }
        let keys = get(desk, &metadata.jwks_uri)?;
        Ok(Known { metadata, keys, at: Instant::now() })
    }

    /// What a token of this provider says; keys are asked for again where its key is not known. Blocks.
    ///
    /// # Errors
    ///
    /// The provider is down, or (inside) the token is not good.
    pub(crate) fn claims(
        &self,
        desk: &dyn Desk,
        token: &str,
        audience: &str,
    ) -> Result<Result<Claims, BadToken>, Down> {
        let known = self.known(desk)?;
        match token::claims(token, &known.keys, &self.url, audience) {
            Err(BadToken::UnknownKey) => {
                let known = self.not_older_than(desk, KEYS_AT_MOST_EVERY)?;
                Ok(token::claims(token, &known.keys, &self.url, audience))
            }
            other => Ok(other),
        }
    }
}

fn get<T: for<'d> Deserialize<'d>>(desk: &dyn Desk, address: &str) -> Result<T, Down> {
    let request = Request::get(address).header(header::ACCEPT, "application/json");
    let request = request.body(Vec::new()).map_err(|_| Down)?;
    let response = desk.fetch(request).map_err(|_| Down)?;
    if response.status() != 200 {
        return Err(Down);
    }
    serde_json::from_slice(response.body()).map_err(|_| Down)
}

/// https, or http on this machine.
pub(crate) fn is_safe(address: &str) -> bool {
    let Ok(url) = Url::parse(address) else { return false };
    match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(&url),
        _ => false,
    }
}

/// Whether an address is on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}
