//! The routes, each with whose it is. Each answers with a page, or the same 404 whatever was asked for.

mod approve;
mod delivery;
mod log_in;
mod machine;
mod office;
mod open;
mod steps;

use std::time::Duration;

use axum::{
    Router,
    extract::{DefaultBodyLimit, FromRequestParts, Request, State as With},
    http::{HeaderMap, Method, StatusCode, header, request::Parts},
    middleware::{self, Next},
    response::{IntoResponse, Redirect, Response},
    routing::{MethodRouter, get, post},
};
use tower_http::timeout::RequestBodyTimeoutLayer;
use tower_sessions::{
    Expiry, Session, SessionManagerLayer,
    cookie::{SameSite, time},
};

use crate::{
    Asker, Deed, Lang, Role, Shelf, Trouble, View, Who, approvals, body,
    door::{self, Visit},
    guard,
    limits::What,
    metrics, page,
    state::State,
};

/// A file of 10 MiB, and what a browser writes around it.
pub(crate) const FILE_MAX: usize = 10 * 1024 * 1024;
const BODY_MAX: usize = FILE_MAX + 16 * 1024;
/// Nothing may come of a request's body for so long.
const BODY_WAIT: Duration = Duration::from_secs(30);
pub(crate) const IDLE_MINUTES: i64 = 15;

/// A route, and whose it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// Its path; `{…}` stands for one segment.
    pub path: &'static str,
    /// Who may ask for it; nobody named: everyone, without log-in.
    pub roles: Vec<Role>,
}

/// Every page, file and deed, on one machine and for many.
pub fn routes() -> Vec<Route> {
    table().into_iter().map(|(route, _)| route).collect()
}

/// What is served for many alone: log-in with a provider, and what machines ask for. Nobody's role lets
/// them in there; a machine's token does.
pub fn routes_for_many() -> Vec<Route> {
    let route = |method, path| Route { method, path, roles: Vec::new() };
    vec![
        route("POST", log_in::START),
        route("GET", crate::login::BACK),
        route("GET", machine::DESCRIPTION),
        route("POST", machine::DELIVERY),
    ]
}

const OFFICE: &[Role] = &[Role::Clerk, Role::Lead];

fn table() -> Vec<(Route, MethodRouter<State>)> {
    let mut all = Vec::new();
    let mut gets = |path, roles: &[Role], handler| {
        all.push((Route { method: "GET", path, roles: roles.to_vec() }, handler));
    };
    let two: Vec<Role> = Role::ALL.into_iter().filter(|it| approvals::concern(*it)).collect();
    gets("/", &Role::ALL, get(office::home));
    gets("/skjema.xlsx", OFFICE, get(office::status_form));
    // It lists those who are followed up: whoever reports outcomes is not told who that is.
    gets("/logg.xlsx", &[Role::Lead], get(office::log_form));
    gets("/levering", OFFICE, get(delivery::look));
    gets("/levering/retting.xlsx", OFFICE, get(delivery::correction));
    gets("/historikk", OFFICE, get(office::history));
    gets("/kvittering/{sequence}", OFFICE, get(office::receipt));
    gets("/venter", &two, get(approve::list));
    gets("/inn", &[], get(open::ask));
    gets("/sprak/{lang}", &[], get(open::speak));
    gets("/tilgjengelighet", &[], get(open::accessibility));
    gets("/helse", &[], get(open::health));
    gets("/lodd.css", &[], get(open::css));
    gets("/lodd.js", &[], get(open::js));
    for view in View::ALL {
        gets(view.path(), view.roles(), steps::view(view));
    }
    for shelf in Shelf::ALL {
        gets(shelf.path(), shelf.roles(), steps::file(shelf));
    }
    let mut posts = |path, roles: &[Role], handler| {
        all.push((Route { method: "POST", path, roles: roles.to_vec() }, handler));
    };
    posts("/levering", OFFICE, post(delivery::send));
    posts("/levering/igjen", OFFICE, post(delivery::again));
    posts("/levering/lagre", OFFICE, post(delivery::store));
    posts("/levering/avbryt", OFFICE, post(delivery::cancel));
    posts("/venter/{id}/ja", &two, post(approve::yes));
    posts("/venter/{id}/nei", &two, post(approve::no));
    posts("/inn", &[], post(open::enter));
    posts("/ut", &[], post(open::leave));
    for deed in Deed::ALL {
        posts(deed.path(), deed.roles(), steps::deed(deed));
    }
    all
}

pub(crate) fn app(state: State) -> Router {
    let sessions = SessionManagerLayer::new(state.sessions.clone())
        .with_name("__Host-lodd")
        .with_secure(true)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::minutes(IDLE_MINUTES)))
        // Looking at a page is activity too, though it changes nothing in the session.
        .with_always_save(true);
    let mut router = Router::new();
    for (route, handler) in table() {
        let handler = if route.roles.is_empty() {
            handler
        } else {
            let whose = Whose { state: state.clone(), route: route.clone() };
            handler.route_layer(middleware::from_fn_with_state(whose, let_in))
        };
        router = router.route(route.path, handler);
    }
    if !state.is_one_person() {
        router = log_in::add(router);
    }
    let mut router = router
        .fallback(open::not_found)
        .method_not_allowed_fallback(open::not_found)
        .layer(sessions);
    if state.machines.is_some() {
        // A machine has no session: what it asks for stands outside them.
        router = router.merge(machine::router());
    }
    router
        .layer(DefaultBodyLimit::max(BODY_MAX))
        .layer(RequestBodyTimeoutLayer::new(BODY_WAIT))
        .layer(middleware::from_fn_with_state(state.clone(), body::in_time))
        .layer(middleware::from_fn_with_state(state.clone(), guard::guard))
        .layer(middleware::from_fn_with_state(state.clone(), metrics::measure))
        .with_state(state)
}

/// Counts, and whether it is well, for whoever keeps it running: on an address of its own.
pub(crate) fn for_operators(state: State) -> Router {
    let counts = get(async |With(state): With<State>| {
        let text = state.metrics.text(state.sessions.count());
        ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], text)
    });
    Router::new().route("/maal", counts).route("/helse", get(open::health)).with_state(state)
}

/// The answer to whoever asks for too much: when they can ask again.
pub(crate) fn too_many(seconds: u64, headers: &HeaderMap) -> Response {
    let shown = page::too_many(seconds, open::preferred(headers));
    let after = [(header::RETRY_AFTER, seconds.to_string())];
    (StatusCode::TOO_MANY_REQUESTS, after, shown).into_response()
}

#[derive(Clone)]
struct Whose {
    state: State,
    route: Route,
}

/// Lets a request on to its route if the route is for whoever asks. Whoever has not been let in is shown
/// the door, and whoever has another role is told what they are told of a page that does not exist.
async fn let_in(With(whose): With<Whose>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let asked = match Asked::of(&mut parts, &whose.state).await {
        Ok(Some(asked)) => asked,
        // A page that was sent is not sent again by itself after log-in: say so.
        Ok(None) if parts.method == Method::POST => {
            let lang = open::preferred(&parts.headers);
            return (StatusCode::UNAUTHORIZED, page::session_over(lang)).into_response();
        }
        Ok(None) => return Redirect::to("/inn").into_response(),
        Err(response) => return response,
    };
    let Whose { state, route } = whose;
    if let Err(seconds) = within_limits(&state, &route, asked.who()) {
        return too_many(seconds, &parts.headers);
    }
    let response = if route.roles.contains(&asked.visit.who.role()) {
        parts.extensions.insert(asked.clone());
        next.run(Request::from_parts(parts, body)).await
    } else {
        missing_for(&asked)
    };
    let status = response.status().as_u16();
    if state.note_of(asked.who(), (route.method, route.path), status).await {
        return response;
    }
    // What nobody will know was asked for is not told.
    let why =
        Trouble { message: crate::locale::at_the_door(asked.lang).not_noted.into(), hint: None };
    troubled(&why, &asked)
}

fn within_limits(state: &State, route: &Route, who: &Who) -> Result<(), u64> {
    state.buckets.take(What::Requests, who.name())?;
    if (route.method, route.path) == ("POST", "/levering") {
        state.buckets.take(What::Uploads, who.name())?;
    }
    Ok(())
}

/// What a request is about: who sends it, and in which language.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) visit: Visit,
    pub(crate) lang: Lang,
}

impl Asked {
    pub(crate) async fn of(parts: &mut Parts, state: &State) -> Result<Option<Self>, Response> {
        let session = Session::from_request_parts(parts, state).await;
        let session = session.map_err(IntoResponse::into_response)?;
        let visit = door::visit(state, &session).await;
        Ok(visit.map(|visit| {
            let lang = visit.lang.unwrap_or_else(|| open::preferred(&parts.headers));
            Self { visit, lang }
        }))
    }

    pub(crate) fn who(&self) -> &Who {
        &self.visit.who
    }

    pub(crate) fn asker(&self) -> Asker {
        let who = self.who();
        Asker { actor: who.name().to_owned(), role: Some(who.role()), lang: self.lang }
    }

    /// The office of an office's people; the 404 of everyone else.
    pub(crate) fn office(&self) -> Result<String, Response> {
        self.who().office().map(ToOwned::to_owned).ok_or_else(|| missing_for(self))
    }
}

/// Whoever was let in to this route.
impl FromRequestParts<State> for Asked {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &State) -> Result<Self, Response> {
        let asked = parts.extensions.get::<Self>().cloned();
        asked.ok_or_else(|| missing(open::preferred(&parts.headers)))
    }
}

/// The same page for what does not exist and for what is another's.
pub(crate) fn missing(lang: Lang) -> Response {
    (StatusCode::NOT_FOUND, page::not_found(None, lang)).into_response()
}

/// The same, with the menu of whoever asks.
pub(crate) fn missing_for(asked: &Asked) -> Response {
    (StatusCode::NOT_FOUND, page::not_found(Some(&asked.visit), asked.lang)).into_response()
}

/// Why something could not be done, as a page.
pub(crate) fn troubled(trouble: &Trouble, asked: &Asked) -> Response {
    let shown = page::trouble(trouble, &asked.visit, asked.lang);
    (StatusCode::INTERNAL_SERVER_ERROR, shown).into_response()
}

#[cfg(test)]
mod tests {
    use super::{Role, routes};

    #[test]
    fn every_role_has_a_first_page_and_something_of_its_own() {
        let all = routes();
        for role in Role::ALL {
            assert!(all.iter().any(|it| it.path == "/" && it.roles.contains(&role)));
            let own = all.iter().filter(|it| it.roles.contains(&role) && it.roles.len() < 4);
            assert!(own.count() > 2, "{role:?}");
        }
    }
}
