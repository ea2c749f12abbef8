//! What is open to everyone: the door, the languages, the statement of accessibility, our own files.

use axum::{
    Form,
    extract::{Path, State as With},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
};
use tower_sessions::Session;

use super::missing;
use crate::{
    Lang, door, page,
    state::{Entrance, State},
};

const CSS: &str = include_str!("../../assets/lodd.css");
const JS: &str = include_str!("../../assets/lodd.js");
/// Whoever leaves leaves nothing of ours in the browser.
const CLEARED: [(HeaderName, &str); 1] =
    [(HeaderName::from_static("clear-site-data"), r#""cache", "storage""#)];

/// The first of the browser's languages that the pages have, else bokmål. Their weights are in the order
/// in which browsers write them.
pub(crate) fn preferred(headers: &HeaderMap) -> Lang {
    let asked = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok());
    let tags = asked.unwrap_or_default().split(',');
    let mut codes = tags.filter_map(|tag| tag.trim().split([';', '-']).next());
    let known = codes.find_map(|code| if code == "no" { Some(Lang::Nb) } else { Lang::of(code) });
    known.unwrap_or(Lang::Nb)
}

#[derive(serde::Deserialize)]
pub(crate) struct Word {
    #[serde(default)]
    kode: String,
}

/// The page with the button that lets somebody in. Showing it uses up nothing: a browser may look ahead.
pub(crate) async fn ask(
    With(state): With<State>,
    headers: HeaderMap,
    axum::extract::Query(word): axum::extract::Query<Word>,
) -> Response {
    let lang = preferred(&headers);
    match &*state.entrance {
        Entrance::Ticket(_) => page::door(&word.kode, false, lang),
        Entrance::LogIn(_) => page::log_in(lang),
    }
}

pub(crate) async fn enter(
    With(state): With<State>,
    session: Session,
    headers: HeaderMap,
    Form(word): Form<Word>,
) -> Response {
    let Entrance::Ticket(ticket) = &*state.entrance else { return missing(preferred(&headers)) };
    let now = state.desk.now_us();
    let who = ticket.lock().ok().and_then(|mut ticket| ticket.take(&word.kode, now));
    if let Some(who) = who
        && door::enter(&state, &session, &who).await.is_ok()
        && state.note_of(&who, ("POST", "/inn"), StatusCode::SEE_OTHER.as_u16()).await
    {
        return Redirect::to("/").into_response();
    }
    state.note_of_nobody("nobody", ("POST", "/inn"), StatusCode::FORBIDDEN).await;
    (StatusCode::FORBIDDEN, page::door("", true, preferred(&headers))).into_response()
}

#[derive(serde::Deserialize)]
pub(crate) struct Signed {
    #[serde(default)]
    pub(crate) csrf: String,
}

pub(crate) async fn leave(
    With(state): With<State>,
    session: Session,
    headers: HeaderMap,
    Form(signed): Form<Signed>,
) -> Response {
    if let Some(visit) = door::visit(&state, &session).await
        && door::same(&visit.csrf, &signed.csrf)
    {
        door::leave(&session).await;
        // Whoever leaves has left, noted or not.
        let _ = state.note_of(&visit.who, ("POST", "/ut"), StatusCode::SEE_OTHER.as_u16()).await;
        let lang = visit.lang.unwrap_or_else(|| preferred(&headers));
        let shown = super::log_in::left(&state, lang).await;
        let shown = shown.unwrap_or_else(|| Redirect::to("/inn").into_response());
        return (CLEARED, shown).into_response();
    }
    Redirect::to("/inn").into_response()
}

pub(crate) async fn speak(
    With(state): With<State>,
    session: Session,
    headers: HeaderMap,
    Path(code): Path<String>,
) -> Response {
    let Some(lang) = Lang::of(&code) else { return missing(preferred(&headers)) };
    if door::visit(&state, &session).await.is_some() && door::speak(&session, lang).await.is_ok() {
        return Redirect::to("/").into_response();
    }
    Redirect::to("/inn").into_response()
}

pub(crate) async fn accessibility(
    With(state): With<State>,
    session: Session,
    headers: HeaderMap,
) -> Response {
    let visit = door::visit(&state, &session).await;
    let lang = visit.as_ref().and_then(|it| it.lang).unwrap_or_else(|| preferred(&headers));
    page::accessibility(visit.as_ref(), lang)
}

/// Whether the process lives and the pilot's store can be opened.
pub(crate) async fn health(With(state): With<State>) -> Response {
    if state.is_well().await {
        return "ok\n".into_response();
    }
    (StatusCode::SERVICE_UNAVAILABLE, "the store can't be opened\n").into_response()
}

pub(crate) async fn css() -> Response {
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8")], CSS).into_response()
}

pub(crate) async fn js() -> Response {
    ([(header::CONTENT_TYPE, "text/javascript; charset=utf-8")], JS).into_response()
}

/// The same for everyone: what is somebody else's looks like this too.
pub(crate) async fn not_found(
    With(state): With<State>,
    session: Session,
    headers: HeaderMap,
) -> Response {
    match door::visit(&state, &session).await {
        Some(visit) => {
            let lang = visit.lang.unwrap_or_else(|| preferred(&headers));
            super::missing_for(&super::Asked { visit, lang })
        }
        None => missing(preferred(&headers)),
    }
}
