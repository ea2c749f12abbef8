//! Machines that deliver: whose token it is, and keys that make a retry harmless.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use serde_json::Value;

use crate::{
    Desk,
    login::{BadToken, Down, Issuer, install},
    many::{Claims, Machine},
};

/// A key is remembered for a day, as long as this program runs.
const KEY_KEPT: Duration = Duration::from_hours(24);
/// So many keys; the oldest goes.
const KEYS_MAX: usize = 10_000;

/// A machine that has shown a good token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    /// What the ledger calls it.
    pub(crate) actor: String,
    /// The office it delivers for.
    pub(crate) office: String,
}

/// Why a token lets nobody in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotKnown {
    /// It is not good.
    BadToken,
    /// It is good, and its owner has nothing to do here.
    NotHere,
    /// Whoever signs such tokens does not answer.
    Down,
}

impl From<Down> for NotKnown {
    fn from(Down: Down) -> Self {
        Self::Down
    }
}

/// The machines, who signs their tokens, and the keys they have used.
#[derive(Debug)]
pub(crate) struct Machines {
    all: Vec<Machine>,
    issuers: Vec<Issuer>,
    keys: Mutex<HashMap<(String, String), Used>>,
}

#[derive(Clone, Copy, Debug)]
struct Used {
    digest: [u8; 32],
    at: Instant,
    working: bool,
}

/// What a key says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    /// New, or the same file again.
    Go,
    /// The same request is being worked at.
    Working,
    /// It was used for another file.
    Other,
}

impl Machines {
    pub(crate) fn new(all: Vec<Machine>) -> Self {
        install();
        let mut names: Vec<&str> = all.iter().map(|it| it.issuer.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        let issuers = names.into_iter().map(Issuer::new).collect();
        Self { all, issuers, keys: Mutex::default() }
    }

    /// Whose token this is. Blocks.
    pub(crate) fn known(&self, desk: &dyn Desk, token: &str) -> Result<Known, NotKnown> {
        let issuer =
            said_issuer(token).and_then(|said| self.issuers.iter().find(|it| it.url() == said));
        let issuer = issuer.ok_or(NotKnown::BadToken)?;
        let own = self.all.iter().filter(|it| it.issuer == issuer.url());
        let mut is_good = false;
        for machine in own {
            match issuer.claims(desk, token, &machine.audience)? {
                Ok(claims) => {
                    is_good = true;
                    if let Some(known) = known_as(desk, machine, &claims)? {
                        return Ok(known);
                    }
                }
                // For another audience, or not good at all.
                Err(BadToken::Refused | BadToken::UnknownKey) => {}
            }
        }
        Err(if is_good { NotKnown::NotHere } else { NotKnown::BadToken })
    }

    /// Begins what a key stands for.
    pub(crate) fn begin(&self, whose: &str, key: &str, digest: [u8; 32]) -> Key {
        self.begin_at(whose, key, digest, Instant::now())
    }

    fn begin_at(&self, whose: &str, key: &str, digest: [u8; 32], now: Instant) -> Key {
        let mut all = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, it| it.working || now.saturating_duration_since(it.at) < KEY_KEPT);
        if all.len() >= KEYS_MAX {
            let oldest = all.iter().filter(|(_, it)| !it.working).min_by_key(|(_, it)| it.at);
            oldest.map(|(key, _)| key.clone()).and_then(|key| all.remove(&key));
        }
        let name = (whose.to_owned(), key.to_owned());
        match all.get_mut(&name) {
            Some(used) if used.digest != digest => Key::Other,
            Some(used) if used.working => Key::Working,
            Some(used) => {
                used.working = true;
                Key::Go
            }
            None => {
                all.insert(name, Used { digest, at: now, working: true });
                Key::Go
            }
        }
    }

    /// Ends it: a key whose file was not stored is free for the mended one.
    pub(crate) fn end(&self, whose: &str, key: &str, stored: bool) {
        let mut all = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let name = (whose.to_owned(), key.to_owned());
        if !stored {
            all.remove(&name);
        } else if let Some(used) = all.get_mut(&name) {
            used.working = false;
        }
    }
}

/// Who a token says has signed it: which keys to ask for, and no more than that until it is checked.
fn said_issuer(token: &str) -> Option<String> {
    let claims = jsonwebtoken::dangerous::insecure_decode_claims::<Claims>(token).ok()?;
    claims.get("iss")?.as_str().map(ToOwned::to_owned)
}

fn known_as(
    desk: &dyn Desk,
    machine: &Machine,
    claims: &Claims,
) -> Result<Option<Known>, NotKnown> {
    if !has_scope(claims, &machine.scope) || !machine.when.holds(claims) {
        return Ok(None);
    }
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let consumer = claims.get("consumer").and_then(|it| it.get("ID")).and_then(Value::as_str);
    let named = [text("client_id"), text("azp"), text("sub"), consumer];
    let Some(subject) = named.into_iter().flatten().find(|it| !it.is_empty()) else {
        return Ok(None);
    };
    let pseudonym = desk.pseudonym(&machine.issuer, subject).map_err(|_| NotKnown::Down)?;
    let actor = format!("machine {pseudonym}, upload");
    Ok(Some(Known { actor, office: machine.office.clone() }))
}

/// `scope` is words with spaces between, or a list.
fn has_scope(claims: &Claims, wanted: &str) -> bool {
    match claims.get("scope").or_else(|| claims.get("scp")) {
        Some(Value::String(words)) => words.split(' ').any(|it| it == wanted),
        Some(Value::Array(all)) => all.iter().any(|it| it.as_str() == Some(wanted)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use serde_json::json;

    use super::{KEY_KEPT, Key, Machines, has_scope};

    #[test]
    fn a_key_stands_for_one_file_of_one_machine() {
        let machines = Machines::new(Vec::new());
        let now = Instant::now();
        assert_eq!(machines.begin_at("a", "k", [1; 32], now), Key::Go);
        assert_eq!(machines.begin_at("a", "k", [1; 32], now), Key::Working);
        assert_eq!(machines.begin_at("a", "k", [2; 32], now), Key::Other);
        assert_eq!(machines.begin_at("b", "k", [2; 32], now), Key::Go);
        machines.end("a", "k", true);
        assert_eq!(machines.begin_at("a", "k", [2; 32], now), Key::Other);
        assert_eq!(machines.begin_at("a", "k", [1; 32], now), Key::Go);
        machines.end("a", "k", false);
        assert_eq!(machines.begin_at("a", "k", [2; 32], now), Key::Go);
        machines.end("a", "k", true);
        assert_eq!(machines.begin_at("a", "k", [3; 32], now + KEY_KEPT), Key::Go);
    }

    #[test]
    fn a_scope_is_a_whole_word() {
        let has =
            |claims: serde_json::Value| has_scope(claims.as_object().unwrap(), "lodd:levering");
        assert!(has(json!({ "scope": "a lodd:levering" })));
        assert!(has(json!({ "scp": ["lodd:levering"] })));
        assert!(!has(json!({ "scope": "lodd:levering.les xlodd:levering" })));
        assert!(!has(json!({})));
    }
}
