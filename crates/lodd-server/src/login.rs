//! Log-in with a provider: the code flow of `OpenID Connect` with PKCE, state and nonce.

mod crypto;
mod issuer;
mod token;

use axum::http::{Request, header};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::{Url, form_urlencoded};

pub(crate) use crypto::install;
pub(crate) use issuer::{Down, Issuer};
pub(crate) use token::BadToken;

use crate::{
    Desk, Lang, Role, Who,
    door::same,
    many::{Access, Claims, LogIn, Many},
};

/// From the button to the way back at most.
const ATTEMPT_US: i64 = 10 * 60 * 1_000_000;
/// Where the provider sends people back to.
pub(crate) const BACK: &str = "/inn/tilbake";

/// An attempt to log in: kept in the browser's session, used once.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Attempt {
    state: String,
    nonce: String,
    verifier: String,
    at_us: i64,
}

/// What the provider sent back with the browser.
#[derive(Deserialize)]
pub(crate) struct Back {
    #[serde(default)]
    code: String,
    #[serde(default)]
    state: String,
    iss: Option<String>,
}

/// What a code is exchanged for; the rest of it is of no use here.
#[derive(Deserialize)]
struct Tokens {
    id_token: String,
}

/// Why somebody is not let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotIn {
    /// What came back is not an answer to what was asked, whatever is wrong with it.
    Refused,
    /// Known to the provider, and has nothing to do here.
    NoAccess,
    /// The provider does not answer.
    Down,
}

impl From<Down> for NotIn {
    fn from(Down: Down) -> Self {
        Self::Down
    }
}

/// The log-in of a server for many.
#[derive(Debug)]
pub(crate) struct Provider {
    issuer: Issuer,
    own: LogIn,
    origin: String,
    access: Vec<Access>,
}

impl Provider {
    pub(crate) fn new(many: &Many) -> Self {
        install();
        Self {
            issuer: Issuer::new(many.log_in.issuer.as_str()),
            own: many.log_in.clone(),
            origin: many.origin.clone(),
            access: many.access.clone(),
        }
    }

    fn redirect_uri(&self) -> String {
        format!("{}{BACK}", self.origin)
    }

    /// Begins: what is kept, and where the browser goes. Blocks.
    pub(crate) fn begin(&self, desk: &dyn Desk, lang: Lang) -> Result<(Attempt, String), NotIn> {
        let known = self.issuer.known(desk)?;
        let random =
            || desk.random().map(|it| URL_SAFE_NO_PAD.encode(it)).map_err(|_| NotIn::Refused);
        let (state, nonce, verifier) = (random()?, random()?, random()?);
        let digest = ring::digest::digest(&ring::digest::SHA256, verifier.as_bytes());
        let mut url =
            Url::parse(&known.metadata.authorization_endpoint).map_err(|_| NotIn::Down)?;
        url.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.own.client_id)
            .append_pair("redirect_uri", &self.redirect_uri())
            .append_pair("scope", &self.own.scopes.join(" "))
            .append_pair("state", &state)
            .append_pair("nonce", &nonce)
            .append_pair("code_challenge", &URL_SAFE_NO_PAD.encode(digest))
            .append_pair("code_challenge_method", "S256")
            .append_pair("ui_locales", lang.code());
        let at_us = desk.now_us();
        Ok((Attempt { state, nonce, verifier, at_us }, url.into()))
    }

    /// Who came back. Blocks.
    pub(crate) fn finish(
        &self,
        desk: &dyn Desk,
        attempt: &Attempt,
        back: &Back,
    ) -> Result<Who, NotIn> {
        if !attempt.is_answered_by(back, desk.now_us())
            || back.iss.as_deref().is_some_and(|it| it != self.issuer.url())
        {
            return Err(NotIn::Refused);
        }
        let token = self.exchange(desk, attempt, &back.code)?;
        let claims = self.issuer.claims(desk, &token, &self.own.client_id)?;
        let claims = claims.map_err(|_| NotIn::Refused)?;
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        if !text("nonce").is_some_and(|it| same(it, &attempt.nonce)) || !self.is_for_us(&claims) {
            return Err(NotIn::Refused);
        }
        let subject = text("sub").filter(|it| !it.is_empty()).ok_or(NotIn::Refused)?;
        let access = self.access.iter().find(|it| it.when.holds(&claims));
        let access = access.ok_or(NotIn::NoAccess)?;
        let person = desk.pseudonym(self.issuer.url(), subject).map_err(|_| NotIn::Refused)?;
        who(access, &person).ok_or(NotIn::NoAccess)
    }

    /// A token for several must name us as the one it was given to.
    fn is_for_us(&self, claims: &Claims) -> bool {
        let many = claims.get("aud").and_then(Value::as_array).is_some_and(|it| it.len() > 1);
        match claims.get("azp") {
            Some(given_to) => given_to.as_str() == Some(&self.own.client_id),
            None => !many,
        }
    }

    /// The ID token for a code.
    fn exchange(&self, desk: &dyn Desk, attempt: &Attempt, code: &str) -> Result<String, NotIn> {
        let known = self.issuer.known(desk)?;
        let methods = &known.metadata.token_endpoint_auth_methods_supported;
        let has = |name: &str| methods.iter().any(|it| it == name);
        let in_body = !methods.is_empty() && !has("client_secret_basic");
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("grant_type", "authorization_code")
            .append_pair("code", code)
            .append_pair("redirect_uri", &self.redirect_uri())
            .append_pair("code_verifier", &attempt.verifier);
        let mut request = Request::post(&known.metadata.token_endpoint)
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let LogIn { client_id, client_secret, .. } = &self.own;
        if in_body {
            form.append_pair("client_id", client_id).append_pair("client_secret", client_secret);
        } else {
            let coded =
                |it: &str| form_urlencoded::byte_serialize(it.as_bytes()).collect::<String>();
            let both = format!("{}:{}", coded(client_id), coded(client_secret));
            let basic = format!("Basic {}", STANDARD.encode(both));
            request = request.header(header::AUTHORIZATION, basic);
        }
        let request = request.body(form.finish().into_bytes()).map_err(|_| NotIn::Down)?;
        let response = desk.fetch(request).map_err(|_| NotIn::Down)?;
        match response.status().as_u16() {
            200 => {}
            // A code that is not good; what else the provider may have against us is not the browser's.
            400..=499 => return Err(NotIn::Refused),
            _ => return Err(NotIn::Down),
        }
        let tokens: Result<Tokens, _> = serde_json::from_slice(response.body());
        tokens.map(|it| it.id_token).map_err(|_| NotIn::Refused)
    }

    /// Where somebody can end what they began at the provider. Blocks.
    pub(crate) fn end_of_session(&self, desk: &dyn Desk) -> Option<String> {
        let known = self.issuer.known(desk).ok()?;
        let mut url = Url::parse(known.metadata.end_session_endpoint.as_deref()?).ok()?;
        url.query_pairs_mut()
            .append_pair("client_id", &self.own.client_id)
            .append_pair("post_logout_redirect_uri", &format!("{}/inn", self.origin));
        Some(url.into())
    }
}

impl Attempt {
    fn is_answered_by(&self, back: &Back, now_us: i64) -> bool {
        let age = now_us.saturating_sub(self.at_us);
        same(&self.state, &back.state) && !back.code.is_empty() && (0..ATTEMPT_US).contains(&age)
    }
}

/// `clerk 3f9a12cd4b, page`.
fn who(access: &Access, person: &str) -> Option<Who> {
    let name = format!("{} {person}, page", access.role.code());
    let who = match (&access.office, access.role) {
        (Some(office), Role::Clerk) => Who::of_office(name, false, office),
        (Some(office), Role::Lead) => Who::of_office(name, true, office),
        _ => Who::central(name, access.role)?,
    };
    Some(who.as_person(person))
}

#[cfg(test)]
mod tests {
    use super::{ATTEMPT_US, Attempt, Back};

    #[test]
    fn an_attempt_is_answered_by_its_own_state_within_ten_minutes() {
        let attempt =
            Attempt { state: "s".into(), nonce: "n".into(), verifier: "v".into(), at_us: 5 };
        let back =
            |code: &str, state: &str| Back { code: code.into(), state: state.into(), iss: None };
        assert!(attempt.is_answered_by(&back("c", "s"), 5 + ATTEMPT_US - 1));
        assert!(!attempt.is_answered_by(&back("c", "s"), 5 + ATTEMPT_US));
        assert!(!attempt.is_answered_by(&back("c", "s"), 4));
        assert!(!attempt.is_answered_by(&back("c", "t"), 5));
        assert!(!attempt.is_answered_by(&back("", "s"), 5));
        assert!(!attempt.is_answered_by(&back("c", ""), 5));
    }
}
