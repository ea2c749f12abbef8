//! What machines ask for: a file is delivered, and what came of it is told as JSON.

use std::sync::Arc;

use axum::{
    Extension, Router,
    body::{Body, to_bytes},
    extract::{Query, Request, State as With},
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::{MethodRouter, get, post},
};
use ring::digest::{Context, SHA256};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{FILE_MAX, office::XLSX, open::preferred};
use crate::{
    Asker, Finding, Lang, Looked, Manner, Note, Sent, Severity, Stored, Trouble,
    guard::From,
    limits::What,
    machine::{Key, Known, Machines, NotKnown},
    state::State,
};

/// Where a machine delivers.
pub(super) const DELIVERY: &str = "/api/levering";
/// What there is, as `OpenAPI` 3.1.
pub(super) const DESCRIPTION: &str = "/api/openapi.json";
const OPENAPI: &str = include_str!("../../assets/openapi.json");
const PROBLEM: &str = "application/problem+json";
const KEY_MAX: usize = 128;

pub(super) fn router() -> Router<State> {
    let only = |route: MethodRouter<State>, allowed: &'static str| {
        route.fallback(async move || {
            let allow = [(header::ALLOW, allowed)];
            (StatusCode::METHOD_NOT_ALLOWED, allow, problem(405, "not this method", None))
        })
    };
    Router::new()
        .route(DELIVERY, only(post(deliver), "POST"))
        .route(DESCRIPTION, only(get(describe), "GET,HEAD"))
}

async fn describe() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], OPENAPI).into_response()
}

#[derive(Clone, Copy, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Choices {
    dry_run: bool,
    accept_good: bool,
    correction: bool,
}

/// A problem as RFC 9457 has it: its body alone.
fn problem(status: u16, detail: &str, findings: Option<Value>) -> Response {
    let code = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let title = code.canonical_reason().unwrap_or_default();
    let mut body =
        json!({ "type": "about:blank", "title": title, "status": status, "detail": detail });
    if let (Some(findings), Some(body)) = (findings, body.as_object_mut()) {
        body.insert("findings".to_owned(), findings);
    }
    (code, [(header::CONTENT_TYPE, PROBLEM)], body.to_string()).into_response()
}

async fn deliver(
    With(state): With<State>,
    Extension(From(from)): Extension<From>,
    request: Request,
) -> Response {
    let Some(machines) = state.machines.clone() else { return problem(404, "not found", None) };
    let known = match known(&state, &machines, &from, request.headers()).await {
        Ok(known) => known,
        Err(response) => {
            let status = response.status();
            // Whoever shows no token can't fill the notes; bad ones are limited by address.
            let is_refused = matches!(status.as_u16(), 401 | 404);
            if is_refused && request.headers().contains_key(header::AUTHORIZATION) {
                state.note_of_nobody("machine", ("POST", DELIVERY), status).await;
            }
            return response;
        }
    };
    if let Err(seconds) = state.buckets.take(What::Uploads, &known.actor) {
        return later(seconds);
    }
    let response = match read(request).await {
        Ok(delivery) => delivered(&state, &machines, &known, delivery).await,
        Err(response) => response,
    };
    let note = Note {
        actor: known.actor,
        role: "machine",
        office: Some(known.office),
        method: "POST",
        route: DELIVERY,
        status: response.status().as_u16(),
    };
    if state.note(note).await { response } else { problem(500, "not noted; send it again", None) }
}

fn later(seconds: u64) -> Response {
    let detail = format!("too many requests: try again in {seconds} seconds");
    ([(header::RETRY_AFTER, seconds.to_string())], problem(429, &detail, None)).into_response()
}

/// Whose token a request has. Without a good one it is told so; whoever has nothing to do here is told
/// that there is nothing here.
async fn known(
    state: &State,
    machines: &Arc<Machines>,
    from: &str,
    headers: &HeaderMap,
) -> Result<Known, Response> {
    let refused = |how: &'static str| {
        let detail = "a bearer token from this service's provider is needed";
        ([(header::WWW_AUTHENTICATE, how)], problem(401, detail, None)).into_response()
    };
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let (first, more) = (all.next().and_then(|it| it.to_str().ok()), all.next());
    let token =
        first.and_then(|it| it.split_once(' ')).filter(|it| it.0.eq_ignore_ascii_case("bearer"));
    let (Some((_, token)), None) = (token, more) else { return Err(refused("Bearer")) };
    let (token, machines) = (token.trim().to_owned(), Arc::clone(machines));
    let known = state.outside(move |desk| machines.known(desk, &token)).await;
    known.unwrap_or(Err(NotKnown::Down)).map_err(|why| match why {
        NotKnown::BadToken => match state.buckets.take(What::LogIns, from) {
            Ok(()) => refused("Bearer error=\"invalid_token\""),
            Err(seconds) => later(seconds),
        },
        NotKnown::NotHere => problem(404, "not found", None),
        NotKnown::Down => {
            let after = [(header::RETRY_AFTER, "30")];
            (after, problem(503, "whoever signs tokens does not answer", None)).into_response()
        }
    })
}

/// A file as it was sent.
struct Delivery {
    file: Sent,
    choices: Choices,
    key: Option<String>,
    lang: Lang,
}

async fn read(request: Request) -> Result<Delivery, Response> {
    let choices = Query::<Choices>::try_from_uri(request.uri());
    let Query(choices) = choices.map_err(|_| {
        problem(
            400,
            "only dry_run, accept_good and correction, true or false, stand in the query",
            None,
        )
    })?;
    let headers = request.headers();
    let (key, lang) = (key(headers)?, preferred(headers));
    let name = name(headers)?;
    let too_large = || problem(413, "a file is 10 MiB at most", None);
    let length = headers.get(header::CONTENT_LENGTH).and_then(|it| it.to_str().ok());
    if length.and_then(|it| it.parse::<usize>().ok()).is_some_and(|it| it > FILE_MAX) {
        return Err(too_large());
    }
    let bytes = bytes(request.into_body()).await.map_err(|it| match it {
        NotRead::TooLarge => too_large(),
        NotRead::Broken => problem(408, "the file did not come whole, or not in time", None),
    })?;
    Ok(Delivery { file: Sent { name: name.to_owned(), bytes }, choices, key, lang })
}

enum NotRead {
    TooLarge,
    Broken,
}

async fn bytes(body: Body) -> Result<Vec<u8>, NotRead> {
    to_bytes(body, FILE_MAX).await.map(Into::into).map_err(|error| {
        let mut cause: Option<&dyn std::error::Error> = Some(&error);
        while let Some(it) = cause {
            // The one of its causes that says that it is too long; all others are a broken line.
            if it.to_string().contains("length limit") {
                return NotRead::TooLarge;
            }
            cause = it.source();
        }
        NotRead::Broken
    })
}

/// The key that makes a retry known: letters, digits and `-._~:`.
fn key(headers: &HeaderMap) -> Result<Option<String>, Response> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let is_good = |it: &&str| {
        (1..=KEY_MAX).contains(&it.len())
            && it.bytes().all(|it| it.is_ascii_alphanumeric() || b"-._~:".contains(&it))
    };
    let key = key.to_str().ok().filter(is_good);
    let key = key.ok_or_else(|| {
        problem(400, "Idempotency-Key must be 1 to 128 letters, digits or any of -._~:", None)
    })?;
    Ok(Some(key.to_owned()))
}

/// What the file is called here: a machine's own name for it is not asked for.
fn name(headers: &HeaderMap) -> Result<&'static str, Response> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|it| it.to_str().ok());
    let kind = kind.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    match kind.to_ascii_lowercase().as_str() {
        XLSX => Ok("levering.xlsx"),
        "text/csv" => Ok("levering.csv"),
        _ => Err(problem(415, &format!("Content-Type must be text/csv or {XLSX}"), None)),
    }
}

async fn delivered(
    state: &State,
    machines: &Arc<Machines>,
    known: &Known,
    delivery: Delivery,
) -> Response {
    let Delivery { file, choices, key, lang } = delivery;
    let key = key.filter(|_| !choices.dry_run);
    if let Some(key) = &key {
        match machines.begin(&known.actor, key, digest(&file, choices)) {
            Key::Go => {}
            Key::Working => return problem(409, "the same request is being worked at", None),
            Key::Other => return problem(409, "this key was used for another file", None),
        }
    }
    let asker = Asker { actor: known.actor.clone(), role: None, lang };
    let (office, whose, machines) =
        (known.office.clone(), known.actor.clone(), Arc::clone(machines));
    let Choices { dry_run, accept_good, correction } = choices;
    let manner = Manner { accept_good, correction };
    let came = state.ask(move |desk| {
        let came = if dry_run {
            desk.look(&asker, &office, &file, manner).map(Came::Looked)
        } else {
            desk.store(&asker, &office, &file, manner).map(Came::Stored)
        };
        // Here, so that a request that is cut off ends its key too.
        if let Some(key) = key {
            machines.end(&whose, &key, matches!(came, Ok(Came::Stored(Stored::Done { .. }))));
        }
        came
    });
    answered(state, came.await)
}

enum Came {
    Looked(Looked),
    Stored(Stored),
}

fn digest(file: &Sent, choices: Choices) -> [u8; 32] {
    let mut context = Context::new(&SHA256);
    context.update(&[u8::from(choices.accept_good), u8::from(choices.correction)]);
    context.update(file.name.as_bytes());
    context.update(&file.bytes);
    let mut digest = [0; 32];
    digest.copy_from_slice(context.finish().as_ref());
    digest
}

fn answered(state: &State, came: Result<Came, Trouble>) -> Response {
    match came {
        Ok(Came::Looked(looked)) if looked.accepted => {
            told(StatusCode::OK, &accepted(&looked, &Value::Null, false, true))
        }
        Ok(Came::Stored(Stored::Done { already, receipt, looked, .. })) => {
            state.metrics.upload(true);
            let receipt: Value = serde_json::from_str(&receipt).unwrap_or_default();
            let status = if already { StatusCode::OK } else { StatusCode::CREATED };
            told(status, &accepted(&looked, &receipt, already, false))
        }
        Ok(Came::Looked(looked)) => problem(422, &looked.summary, Some(findings(&looked))),
        Ok(Came::Stored(Stored::Refused(looked))) => {
            state.metrics.upload(false);
            problem(422, &looked.summary, Some(findings(&looked)))
        }
        Err(trouble) => problem(500, &trouble.message, None),
    }
}

fn told(status: StatusCode, body: &Value) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], body.to_string()).into_response()
}

fn accepted(looked: &Looked, receipt: &Value, already: bool, dry_run: bool) -> Value {
    let names = ["delivered", "new", "unchanged", "corrected", "held", "resolved"];
    let counts = looked.counts.unwrap_or_default();
    let counts = names.into_iter().zip(counts).map(|(name, n)| (name.to_owned(), n.into()));
    json!({
        "dry_run": dry_run,
        "already": already,
        "counts": counts.collect::<serde_json::Map<_, _>>(),
        "changes": looked.changes,
        "receipt": receipt,
        "findings": findings(looked),
    })
}

fn findings(looked: &Looked) -> Value {
    looked.findings.iter().map(finding).collect()
}

fn finding(finding: &Finding) -> Value {
    let severity = match finding.severity {
        Severity::Stop => "stop",
        Severity::Hold => "hold",
        Severity::Warning => "warning",
        Severity::Info => "info",
    };
    let Finding { code, place, message, expected_found, fix, count, .. } = finding;
    let (expected, found) = expected_found.clone().unzip();
    json!({
        "severity": severity,
        "code": code,
        "place": place,
        "message": message,
        "expected": expected,
        "found": found,
        "fix": fix,
        "count": count,
    })
}
