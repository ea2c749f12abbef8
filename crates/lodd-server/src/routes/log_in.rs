//! Log-in with a provider: the button, the way there, the way back, and out again.

use axum::{
    Extension, Router,
    extract::{Query, State as With, rejection::QueryRejection},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use tower_sessions::Session;

use super::{open::preferred, too_many};
use crate::{
    Lang,
    door::{self, ATTEMPT},
    guard::From,
    limits::What,
    login::{Attempt, BACK, Back, NotIn, Provider},
    page,
    state::{Entrance, State},
};

pub(super) const START: &str = "/inn/start";

/// The routes of log-in with a provider.
pub(super) fn add(router: Router<State>) -> Router<State> {
    router.route(START, post(start)).route(BACK, get(back))
}

/// Asks the provider, away from the threads that serve.
async fn with<T: Send + 'static>(
    state: &State,
    work: impl FnOnce(&Provider, &dyn crate::Desk) -> Result<T, NotIn> + Send + 'static,
) -> Result<T, NotIn> {
    let entrance = std::sync::Arc::clone(&state.entrance);
    let asked = state.outside(move |desk| match &*entrance {
        Entrance::LogIn(provider) => work(provider, desk),
        Entrance::Ticket(_) => Err(NotIn::Refused),
    });
    asked.await.unwrap_or(Err(NotIn::Down))
}

fn not_in(why: NotIn, lang: Lang) -> Response {
    let status = match why {
        NotIn::Refused | NotIn::NoAccess => StatusCode::FORBIDDEN,
        NotIn::Down => StatusCode::SERVICE_UNAVAILABLE,
    };
    (status, page::not_in(why, lang)).into_response()
}

/// Sends the browser on to the provider, from a page of ours: a redirect that answers a form is held to
/// this page's `form-action` all the way through the provider's own sites, which nobody can list.
async fn start(
    With(state): With<State>,
    Extension(From(from)): Extension<From>,
    session: Session,
    headers: HeaderMap,
) -> Response {
    let lang = preferred(&headers);
    if let Err(seconds) = state.buckets.take(What::LogIns, &from) {
        return too_many(seconds, &headers);
    }
    let begun = with(&state, move |provider, desk| provider.begin(desk, lang)).await;
    let (attempt, there) = match begun {
        Ok(begun) => begun,
        Err(why) => return not_in(why, lang),
    };
    match session.insert(ATTEMPT, attempt).await {
        Ok(()) => page::onward(&there, lang),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Lets in whoever comes back with what they were sent for.
async fn back(
    With(state): With<State>,
    Extension(From(from)): Extension<From>,
    session: Session,
    headers: HeaderMap,
    back: Result<Query<Back>, QueryRejection>,
) -> Response {
    let lang = preferred(&headers);
    if let Err(seconds) = state.buckets.take(What::LogIns, &from) {
        return too_many(seconds, &headers);
    }
    match entered(&state, &session, back.ok()).await {
        Ok(()) => Redirect::to("/").into_response(),
        Err(why) => {
            let response = not_in(why, lang);
            state.note_of_nobody("nobody", ("GET", BACK), response.status()).await;
            response
        }
    }
}

async fn entered(state: &State, session: &Session, back: Option<Query<Back>>) -> Result<(), NotIn> {
    // Taken out before it is looked at: whatever comes of it, it is not used again.
    let attempt = session.remove::<Attempt>(ATTEMPT).await.ok().flatten();
    let attempt = attempt.ok_or(NotIn::Refused)?;
    session.save().await.map_err(|_| NotIn::Refused)?;
    let Query(back) = back.ok_or(NotIn::Refused)?;
    let who = with(state, move |provider, desk| provider.finish(desk, &attempt, &back)).await?;
    session.clear().await;
    door::enter(state, session, &who).await.map_err(|_| NotIn::Refused)?;
    if !state.note_of(&who, ("GET", BACK), StatusCode::SEE_OTHER.as_u16()).await {
        door::leave(session).await;
        return Err(NotIn::Down);
    }
    Ok(())
}

/// The page after log-out: our session is over, the provider's may not be.
pub(super) async fn left(state: &State, lang: Lang) -> Option<Response> {
    if state.is_one_person() {
        return None;
    }
    let there = with(state, |provider, desk| Ok(provider.end_of_session(desk))).await;
    Some(page::left(there.ok().flatten().as_deref(), lang))
}
