//! What takes two persons: one asks, another says yes.

use axum::{
    extract::{Path, State as With},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{Asked, missing_for, open::Signed, steps::came_of, troubled};
use crate::{Asker, Deed, Filled, Of, approvals::Request, door::same, page, state::State};

/// Lets a deed wait for a second person, and shows what waits.
pub(crate) async fn ask(
    state: &State,
    asked: &Asked,
    deed: Deed,
    filled: Filled,
) -> Result<Response, Response> {
    if state.is_one_person() {
        return Err((StatusCode::CONFLICT, page::takes_two(asked)).into_response());
    }
    let asker = asked.asker();
    let work = move |desk: &dyn crate::Desk| {
        desk.describe(&asker, deed, &filled).map(|what| (what, filled))
    };
    // What can't be described is refused before anybody is asked to say yes to it.
    let refused = |it| (StatusCode::CONFLICT, page::trouble(&it, &asked.visit, asked.lang));
    let (what, filled) = state.ask(work).await.map_err(|it| refused(it).into_response())?;
    let now = state.desk.now_us();
    match state.approvals.put((deed, filled), asked.who().clone(), what, now) {
        Some(_) => Ok(Redirect::to("/venter").into_response()),
        None => Err(StatusCode::SERVICE_UNAVAILABLE.into_response()),
    }
}

pub(crate) async fn list(With(state): With<State>, asked: Asked) -> Response {
    let waiting = state.approvals.of(asked.who(), state.desk.now_us());
    page::waiting(&waiting, &asked)
}

fn signed(asked: &Asked, form: &Signed) -> Result<(), Response> {
    if same(&form.csrf, &asked.visit.csrf) {
        return Ok(());
    }
    Err((StatusCode::FORBIDDEN, page::not_signed(asked)).into_response())
}

fn taken(
    state: &State,
    asked: &Asked,
    id: &str,
    may: impl Fn(&Request) -> bool,
) -> Result<Request, Response> {
    let id = id.parse().map_err(|_| missing_for(asked))?;
    state.approvals.take(id, state.desk.now_us(), may).ok_or_else(|| missing_for(asked))
}

/// Does what waited, in the name of both.
pub(crate) async fn yes(
    With(state): With<State>,
    asked: Asked,
    Path(id): Path<String>,
    axum::Form(form): axum::Form<Signed>,
) -> Result<Response, Response> {
    signed(&asked, &form)?;
    let request = taken(&state, &asked, &id, |it| it.may_be_approved_by(asked.who()))?;
    let Request { deed, filled, by, .. } = request;
    let actor = format!("two persons, page: {} and {}", by.name(), asked.who().name());
    let asker = Asker { actor, role: Some(by.role()), lang: asked.lang };
    let work = move |desk: &dyn crate::Desk| desk.act(&asker, deed, Of::default(), &filled);
    let done = state.ask(work).await.map_err(|it| troubled(&it, &asked))?;
    Ok(came_of(done.as_ref(), &asked))
}

/// Takes away what waited; whoever asked for it may, and whoever could have said yes.
pub(crate) async fn no(
    With(state): With<State>,
    asked: Asked,
    Path(id): Path<String>,
    axum::Form(form): axum::Form<Signed>,
) -> Result<Response, Response> {
    signed(&asked, &form)?;
    taken(&state, &asked, &id, |it| it.concerns(asked.who()))?;
    Ok(Redirect::to("/venter").into_response())
}
