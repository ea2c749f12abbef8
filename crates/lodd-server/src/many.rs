//! What a server for many is told: where it is, who says who people are, and what they may do.

use std::{net::IpAddr, time::Duration};

use serde_json::{Map, Value};

use crate::Role;

/// What a token says of whoever it was given to.
pub(crate) type Claims = Map<String, Value>;

/// A server for many.
#[derive(Clone, Debug)]
pub struct Many {
    /// `https://lodd.example.no`: where browsers reach it, without a path.
    pub origin: String,
    /// The host and port of `origin`, as browsers write it in `Host`.
    pub host: String,
    /// Who says who people are.
    pub log_in: LogIn,
    /// Who may come in as what: the first that holds is it.
    pub access: Vec<Access>,
    /// Machines that may deliver.
    pub machines: Vec<Machine>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// What one person, machine or address may ask for.
    pub limits: Limits,
}

/// A provider of log-in, as it knows us.
#[derive(Clone)]
pub struct LogIn {
    /// Its name: what its tokens say in `iss`.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: String,
    /// What is asked for; `openid` among it.
    pub scopes: Vec<String>,
}

impl std::fmt::Debug for LogIn {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LogIn").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// What a token must say: a claim's name and its value.
///
/// A claim agrees when it is that text, or a list that holds it. `consumer.ID` is the claim of that
/// name, else `ID` inside `consumer`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct When(pub Vec<(String, String)>);

impl When {
    /// Whether every line agrees. Nothing asked for is nobody let in.
    pub(crate) fn holds(&self, claims: &Claims) -> bool {
        let agrees = |(name, wanted): &(String, String)| {
            claim(claims, name).is_some_and(|it| says(it, wanted))
        };
        !self.0.is_empty() && self.0.iter().all(agrees)
    }
}

fn claim<'c>(claims: &'c Claims, name: &str) -> Option<&'c Value> {
    claims.get(name).or_else(|| {
        name.match_indices('.').find_map(|(at, _)| {
            let (outer, inner) = (name.get(..at)?, name.get(at + 1..)?);
            claim(claims.get(outer)?.as_object()?, inner)
        })
    })
}

fn says(found: &Value, wanted: &str) -> bool {
    match found {
        Value::String(text) => text == wanted,
        Value::Array(all) => all.iter().any(|it| it.as_str() == Some(wanted)),
        _ => false,
    }
}

/// Who may come in as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What their token must say.
    pub when: When,
    /// Their role.
    pub role: Role,
    /// Their office, for an office's people.
    pub office: Option<String>,
}

/// A machine that may deliver for an office.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Machine {
    /// Who gives it its tokens.
    pub issuer: String,
    /// What its tokens say that they are for.
    pub audience: String,
    /// What they say that it may do.
    pub scope: String,
    /// What else they must say.
    pub when: When,
    /// The office it delivers for.
    pub office: String,
}

/// What one person, machine or address may ask for: so many at once, and so many a minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Requests of one person or machine.
    pub requests: u32,
    /// Files of one person or machine.
    pub uploads: u32,
    /// Attempts to log in from one address: many offices may share one.
    pub log_ins: u32,
    /// Requests from one address.
    pub address: u32,
    /// Connections that are open at once.
    pub connections: usize,
    /// A request's headers must be here within this.
    pub headers: Duration,
    /// A request's body must be here within this.
    pub body: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            requests: 300,
            uploads: 60,
            log_ins: 200,
            address: 10_000,
            connections: 512,
            headers: Duration::from_secs(15),
            body: Duration::from_mins(5),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::When;

    #[test]
    fn every_line_must_agree_and_no_lines_let_nobody_in() {
        let claims = json!({
            "role": ["clerk", "x"], "consumer": { "ID": "0192:1" }, "a.b": "flat", "n": 1, "deep": { "c.d": { "e": "f" } },
        });
        let claims = claims.as_object().unwrap();
        let holds = |all: &[(&str, &str)]| {
            When(all.iter().map(|(a, b)| ((*a).into(), (*b).into())).collect()).holds(claims)
        };
        assert!(holds(&[("role", "clerk")]));
        assert!(holds(&[("role", "x"), ("consumer.ID", "0192:1"), ("a.b", "flat")]));
        assert!(holds(&[("deep.c.d.e", "f")]));
        for wrong in [
            &[][..],
            &[("role", "cler")],
            &[("role", "clerk"), ("consumer.ID", "0192:2")],
            &[("n", "1")],
            &[("consumer", "0192:1")],
            &[("missing", "")],
            &[("consumer.", "0192:1")],
        ] {
            assert!(!holds(wrong), "{wrong:?}");
        }
    }
}
