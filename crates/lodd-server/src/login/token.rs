//! A signed token: whether it is good, and what it says.

use jsonwebtoken::{
    DecodingKey, Validation, decode, decode_header, get_current_timestamp,
    jwk::{Jwk, JwkSet, KeyAlgorithm, PublicKeyUse},
};

use super::crypto::ALGORITHMS;
use crate::many::Claims;

/// Clocks may differ by so much.
const LEEWAY_S: u64 = 60;
/// Longer than any provider's tokens.
const TOKEN_MAX: usize = 16 * 1024;

/// Why a token is not taken. Whoever sent it is not told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BadToken {
    /// Signed by a key that is not known: the provider may have a new one.
    UnknownKey,
    /// Anything else.
    Refused,
}

/// What a token says that `issuer` signed for `audience`, and that is good now.
pub(crate) fn claims(
    token: &str,
    keys: &JwkSet,
    issuer: &str,
    audience: &str,
) -> Result<Claims, BadToken> {
    if token.len() > TOKEN_MAX {
        return Err(BadToken::Refused);
    }
    let header = decode_header(token).map_err(|_| BadToken::Refused)?;
    // What a token says must be understood (`crit`) is not.
    if !ALGORITHMS.contains(&header.alg) || header.crit.is_some() {
        return Err(BadToken::Refused);
    }
    let wanted = KeyAlgorithm::from(header.alg);
    let fits = |key: &&Jwk| {
        let common = &key.common;
        common.public_key_use != Some(PublicKeyUse::Encryption)
            && common.key_algorithm.is_none_or(|it| it == wanted)
            && (header.kid.is_none() || header.kid == common.key_id)
    };
    let mut keys = keys.keys.iter().filter(fits).peekable();
    if keys.peek().is_none() {
        return Err(BadToken::UnknownKey);
    }
    let mut validation = Validation::new(header.alg);
    validation.set_issuer(&[issuer]);
    validation.set_audience(&[audience]);
    validation.set_required_spec_claims(&["exp", "iss", "aud"]);
    validation.validate_nbf = true;
    validation.leeway = LEEWAY_S;
    let good = keys.find_map(|key| {
        let key = DecodingKey::from_jwk(key).ok()?;
        decode::<Claims>(token, &key, &validation).ok()
    });
    let claims = good.ok_or(BadToken::Refused)?.claims;
    let issued = claims.get("iat").and_then(serde_json::Value::as_u64);
    if issued.is_none_or(|at| at > get_current_timestamp() + LEEWAY_S) {
        return Err(BadToken::Refused);
    }
    Ok(claims)
}
