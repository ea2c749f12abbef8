//! What every request and answer is held to, whatever the route.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::{
    extract::{Request, State as With},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{
    accept::Peer,
    limits::{self, What},
    many::Many,
    routes,
    state::State,
};

/// No script but our own file, no style but our own, nothing from anywhere else.
const CSP: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
                   connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The receipt is a page of its own with its style inside.
pub(crate) const CSP_OF_A_RECEIPT: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'none'; \
     base-uri 'none'; form-action 'none'";

const HEADERS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    (header::STRICT_TRANSPORT_SECURITY, "max-age=31536000"),
];

/// Refuses requests that another site made this browser send, and names that are not this machine's.
pub(crate) async fn guard(With(state): With<State>, mut request: Request, next: Next) -> Response {
    let from = from(&state, &request);
    request.extensions_mut().insert(From(from.clone()));
    let mut response = if let Err(seconds) = state.buckets.take(What::Address, &from) {
        routes::too_many(seconds, request.headers())
    } else if !is_our_name(&state, request.headers()) {
        StatusCode::MISDIRECTED_REQUEST.into_response()
    } else if !is_our_page(&state, request.method(), request.headers()) {
        StatusCode::FORBIDDEN.into_response()
    } else {
        next.run(request).await
    };
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    for (name, value) in
        [(header::CONTENT_SECURITY_POLICY, CSP), (header::CACHE_CONTROL, "no-store")]
    {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    response
}

/// The address that a request is counted as, and no more than that.
#[derive(Clone, Debug)]
pub(crate) struct From(pub(crate) String);

fn from(state: &State, request: &Request) -> String {
    let peer = request.extensions().get::<Peer>();
    let peer = peer.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |it| it.0.ip());
    let said = request.headers().get_all("x-forwarded-for").iter();
    let said: Vec<&str> = said.map(|it| it.to_str().unwrap_or("?")).collect();
    limits::counted(limits::client(peer, &said, &state.site.proxies))
}

/// The names that this page answers to.
#[derive(Clone, Debug)]
pub(crate) struct Site {
    hosts: Vec<String>,
    origins: Vec<String>,
    proxies: Vec<IpAddr>,
}

impl Site {
    /// A page on this machine only.
    pub(crate) fn local(at: SocketAddr) -> Self {
        let hosts = vec![at.to_string(), format!("localhost:{}", at.port())];
        let origins = hosts.iter().map(|it| format!("http://{it}")).collect();
        Self { hosts, origins, proxies: Vec::new() }
    }

    /// A page for many, behind whatever ends TLS.
    pub(crate) fn of(many: &Many) -> Self {
        let Many { host, origin, proxies, .. } = many;
        let (hosts, origins) = (vec![host.clone()], vec![origin.clone()]);
        Self { hosts, origins, proxies: proxies.clone() }
    }
}

/// `Host` must be ours: a name that somebody points here is another site.
fn is_our_name(state: &State, headers: &HeaderMap) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let named = hosts.next().and_then(|it| it.to_str().ok());
    hosts.next().is_none() && named.is_some_and(|host| state.site.hosts.iter().any(|it| it == host))
}

/// What changes something must come from one of our own pages; browsers say where a request is from.
fn is_our_page(state: &State, method: &Method, headers: &HeaderMap) -> bool {
    if matches!(*method, Method::GET | Method::HEAD) {
        return true;
    }
    let said = |name: &str| headers.get(name).map(|it| it.to_str().unwrap_or("?"));
    let origin = said("origin");
    let is_ours = origin.is_none_or(|it| state.site.origins.iter().any(|own| own == it));
    match said("sec-fetch-site") {
        // A page that sends no referrer sends `Origin: null` with its forms.
        Some("same-origin" | "none") => is_ours || origin == Some("null"),
        Some(_) => false,
        None => is_ours,
    }
}
