//! The routes. Each answers with a page, or the same 404 whatever was asked for.

mod delivery;
mod office;
mod open;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts},
    http::{StatusCode, request::Parts},
    middleware,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_sessions::{
    Expiry, MemoryStore, Session, SessionManagerLayer,
    cookie::{SameSite, time},
};

use crate::{
    Lang, Trouble,
    door::{self, Visit},
    guard, page,
    state::State,
};

/// A file of 10 MiB, and what a browser writes around it.
pub(crate) const FILE_MAX: usize = 10 * 1024 * 1024;
const BODY_MAX: usize = FILE_MAX + 16 * 1024;
/// Nothing may come of a request's body for so long.
const BODY_WAIT: Duration = Duration::from_secs(30);
const IDLE_MINUTES: i64 = 15;

pub(crate) fn app(state: State) -> Router {
    let sessions = SessionManagerLayer::new(MemoryStore::default())
        .with_name("__Host-lodd")
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::minutes(IDLE_MINUTES)))
        // Looking at a page is activity too, though it changes nothing in the session.
        .with_always_save(true);
    Router::new()
        .route("/", get(office::home))
        .route("/skjema.xlsx", get(office::status_form))
        .route("/logg.xlsx", get(office::log_form))
        .route("/levering", get(delivery::look).post(delivery::send))
        .route("/levering/igjen", post(delivery::again))
        .route("/levering/lagre", post(delivery::store))
        .route("/levering/avbryt", post(delivery::cancel))
        .route("/levering/retting.xlsx", get(delivery::correction))
        .route("/historikk", get(office::history))
        .route("/kvittering/{sequence}", get(office::receipt))
        .route("/inn", get(open::ask).post(open::enter))
        .route("/ut", post(open::leave))
        .route("/sprak/{lang}", get(open::speak))
        .route("/tilgjengelighet", get(open::accessibility))
        .route("/helse", get(open::health))
        .route("/lodd.css", get(open::css))
        .route("/lodd.js", get(open::js))
        .fallback(open::not_found)
        .method_not_allowed_fallback(open::not_found)
        .layer(sessions)
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(RequestBodyTimeoutLayer::new(BODY_WAIT))
        .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .with_state(state)
}

/// What a request is about: who sends it, and in which language. Whoever has not been let in is shown the
/// door.
pub(crate) struct Asked {
    pub(crate) visit: Visit,
    pub(crate) lang: Lang,
}

impl FromRequestParts<State> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &State) -> Result<Self, Response> {
        let session = Session::from_request_parts(parts, state).await;
        let session = session.map_err(IntoResponse::into_response)?;
        match door::visit(state, &session).await {
            Some(visit) => {
                let lang = visit.lang.unwrap_or_else(|| open::preferred(&parts.headers));
                Ok(Self { visit, lang })
            }
            None => Err(Redirect::to("/inn").into_response()),
        }
    }
}

/// The same page for what does not exist and for what is another's.
pub(crate) fn missing(lang: Lang) -> Response {
    (StatusCode::NOT_FOUND, page::not_found(lang)).into_response()
}

/// Why something could not be done, as a page.
pub(crate) fn troubled(trouble: &Trouble, lang: Lang) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, page::trouble(trouble, lang)).into_response()
}
