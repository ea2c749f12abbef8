//! Pages, files and deeds of the tables in `map.rs`: each asks the desk for what it is called.

use axum::{
    extract::{FromRequest, FromRequestParts, Multipart, Path, Request, State as With},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};

use super::{Asked, FILE_MAX, missing, missing_for, open, troubled};
use crate::{
    Asker, Deed, Done, Download, Filled, Lang, Of, Sent, Shelf, View, door::same, page,
    state::State,
};

/// A file that is a page of its own has its style and script inside; it may ask nobody for anything.
const CSP_OF_A_FILE: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline' \
     'wasm-unsafe-eval'; img-src data:; font-src data:; worker-src blob:; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'; sandbox allow-scripts allow-downloads";

#[derive(Default, serde::Deserialize)]
struct At {
    id: Option<String>,
    file: Option<String>,
}

/// Whoever asks for what is open to everyone.
fn anyone(lang: Lang) -> Asker {
    Asker { actor: String::new(), role: None, lang }
}

/// Who asks, of a route that may be open to everyone.
async fn asked(state: &State, request: Request) -> Result<(Option<Asked>, Asker, At), Response> {
    let (mut parts, _) = request.into_parts();
    let at = Path::<At>::from_request_parts(&mut parts, state).await;
    let at = at.map(|Path(at)| at).unwrap_or_default();
    if let Some(asked) = parts.extensions.get::<Asked>().cloned() {
        let asker = asked.asker();
        return Ok((Some(asked), asker, at));
    }
    let asked = Asked::of(&mut parts, state).await?;
    let lang = asked.as_ref().map_or_else(|| open::preferred(&parts.headers), |it| it.lang);
    Ok((asked, anyone(lang), at))
}

fn office_of(asked: Option<&Asked>) -> Option<String> {
    asked.and_then(|it| it.who().office()).map(ToOwned::to_owned)
}

pub(crate) fn view(view: View) -> MethodRouter<State> {
    get(async move |With(state): With<State>, request: Request| {
        shown(&state, view, request).await.unwrap_or_else(|response| response)
    })
}

async fn shown(state: &State, view: View, request: Request) -> Result<Response, Response> {
    let (asked, asker, At { id, .. }) = asked(state, request).await?;
    let (lang, office) = (asker.lang, office_of(asked.as_ref()));
    let work = move |desk: &dyn crate::Desk| {
        desk.sheet(&asker, view, Of { office: office.as_deref(), id: id.as_deref() })
    };
    let visit = asked.as_ref().map(|it| &it.visit);
    match (state.ask(work).await, &asked) {
        (Ok(Some(sheet)), _) => Ok(page::sheet(&sheet, visit, lang)),
        (Ok(None), Some(asked)) => Err(missing_for(asked)),
        (Ok(None), None) => Err(missing(lang)),
        (Err(trouble), Some(asked)) => Err(troubled(&trouble, asked)),
        (Err(_), None) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

pub(crate) fn file(shelf: Shelf) -> MethodRouter<State> {
    get(async move |With(state): With<State>, request: Request| {
        taken(&state, shelf, request).await.unwrap_or_else(|response| response)
    })
}

async fn taken(state: &State, shelf: Shelf, request: Request) -> Result<Response, Response> {
    let (asked, asker, At { id, file }) = asked(state, request).await?;
    let (lang, office) = (asker.lang, office_of(asked.as_ref()));
    let name = file.unwrap_or_default();
    let work = move |desk: &dyn crate::Desk| {
        desk.file(&asker, shelf, Of { office: office.as_deref(), id: id.as_deref() }, &name)
    };
    match (state.ask(work).await, &asked) {
        (Ok(Some(file)), _) => Ok(given(file)),
        (Ok(None), Some(asked)) => Err(missing_for(asked)),
        (Ok(None), None) => Err(missing(lang)),
        (Err(trouble), Some(asked)) => Err(troubled(&trouble, asked)),
        (Err(_), None) => Err(StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    }
}

/// A file to keep, or to look at as a page of its own.
fn given(file: Download) -> Response {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(file.media));
    if file.shown {
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(CSP_OF_A_FILE));
    }
    let how = if file.shown { "inline" } else { "attachment" };
    let named = HeaderValue::try_from(format!("{how}; filename=\"{}\"", file.name));
    if let Ok(named) = named {
        headers.insert(header::CONTENT_DISPOSITION, named);
    }
    (headers, file.bytes).into_response()
}

pub(crate) fn deed(deed: Deed) -> MethodRouter<State> {
    post(async move |With(state): With<State>, asked: Asked, request: Request| {
        done(&state, deed, &asked, request).await.unwrap_or_else(|response| response)
    })
}

async fn done(
    state: &State,
    deed: Deed,
    asked: &Asked,
    request: Request,
) -> Result<Response, Response> {
    let filled = filled(state, asked, request).await?;
    if !deed.second().is_empty() {
        return super::approve::ask(state, asked, deed, filled).await;
    }
    let (asker, office) = (asked.asker(), asked.who().office().map(ToOwned::to_owned));
    let work = move |desk: &dyn crate::Desk| {
        desk.act(&asker, deed, Of { office: office.as_deref(), id: None }, &filled)
    };
    let done = state.ask(work).await.map_err(|it| troubled(&it, asked))?;
    Ok(came_of(done.as_ref(), asked))
}

/// What came of a deed, as a page: 409 where it was refused, and the 404 of everything that is not there
/// where what it is about is not theirs.
pub(crate) fn came_of(done: Option<&Done>, asked: &Asked) -> Response {
    let Some(done) = done else { return missing_for(asked) };
    let shown = page::sheet(&done.sheet, Some(&asked.visit), asked.lang);
    let status = if done.good { StatusCode::OK } else { StatusCode::CONFLICT };
    (status, shown).into_response()
}

/// The answers of a form, as a browser sends them with or without files. The first part signs the form:
/// of one that is not signed nothing more is read.
async fn filled(state: &State, asked: &Asked, request: Request) -> Result<Filled, Response> {
    let is_multipart = request
        .headers()
        .get(header::CONTENT_TYPE)
        .and_then(|it| it.to_str().ok())
        .is_some_and(|it| it.starts_with("multipart/form-data"));
    let unsigned = || (StatusCode::FORBIDDEN, page::not_signed(asked)).into_response();
    let broken = || (StatusCode::BAD_REQUEST, page::broken(asked)).into_response();
    let mut filled = Filled::default();
    let signed = |word: &str| same(word, &asked.visit.csrf);
    if !is_multipart {
        let form = axum::Form::<Vec<(String, String)>>::from_request(request, state).await;
        let Ok(axum::Form(answers)) = form else { return Err(broken()) };
        if !answers.iter().any(|(name, word)| name == "csrf" && signed(word)) {
            return Err(unsigned());
        }
        filled.answers = answers.into_iter().filter(|(name, _)| name != "csrf").collect();
        return Ok(filled);
    }
    let parts = Multipart::from_request(request, state).await;
    let Ok(mut parts) = parts else { return Err(broken()) };
    let (mut is_signed, mut size) = (false, 0);
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        let name = part.name().unwrap_or_default().to_owned();
        let file = part.file_name().map(ToOwned::to_owned);
        let bytes = part.bytes().await.map_err(|_| broken())?;
        size += bytes.len();
        if size > FILE_MAX {
            return Err((StatusCode::PAYLOAD_TOO_LARGE, page::too_large(asked)).into_response());
        }
        if name == "csrf" {
            is_signed = std::str::from_utf8(&bytes).is_ok_and(signed);
        } else if !is_signed {
            return Err(unsigned());
        } else if let Some(file) = file {
            if !bytes.is_empty() {
                filled.files.insert(name, Sent { name: file, bytes: bytes.into() });
            }
        } else {
            filled.answers.insert(name, String::from_utf8(bytes.into()).map_err(|_| broken())?);
        }
    }
    if is_signed { Ok(filled) } else { Err(unsigned()) }
}
