//! What is due, the forms, what has been delivered.

use super::{Asked, missing, troubled};
use crate::{Form, guard::CSP_OF_A_RECEIPT, page, state::State};
use axum::{
    extract::{Path, State as With},
    http::{HeaderName, header},
    response::{Html, IntoResponse, Response},
};

pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub(crate) async fn home(With(state): With<State>, asked: Asked) -> Result<Response, Response> {
    let lang = asked.lang;
    let home = state.ask(move |desk, office| desk.home(office, lang)).await;
    let home = home.map_err(|it| troubled(&it, lang))?;
    Ok(page::home(&home, None, &asked.visit.csrf, lang).into_response())
}

pub(crate) async fn status_form(
    With(state): With<State>,
    asked: Asked,
) -> Result<Response, Response> {
    form(&state, &asked, Form::Status).await
}

pub(crate) async fn log_form(With(state): With<State>, asked: Asked) -> Result<Response, Response> {
    form(&state, &asked, Form::Log).await
}

async fn form(state: &State, asked: &Asked, form: Form) -> Result<Response, Response> {
    let lang = asked.lang;
    let bytes = state.ask(move |desk, office| desk.form(office, form, lang)).await;
    let bytes = bytes.map_err(|it| troubled(&it, lang))?;
    let name = match form {
        Form::Status => "skjema",
        Form::Log => "logg",
    };
    Ok(workbook(bytes, &format!("{name}_{}.xlsx", state.office)))
}

/// A workbook to keep. `name` has letters, digits, `-`, `_` and `.` only: an office's id has no other.
pub(crate) fn workbook(bytes: Vec<u8>, name: &str) -> Response {
    let headers = [
        (header::CONTENT_TYPE, XLSX.to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    (headers, bytes).into_response()
}

pub(crate) async fn history(With(state): With<State>, asked: Asked) -> Result<Response, Response> {
    let lang = asked.lang;
    let all = state.ask(move |desk, office| desk.deliveries(office, lang)).await;
    let all = all.map_err(|it| troubled(&it, lang))?;
    Ok(page::history(&all, &asked.visit.csrf, lang).into_response())
}

pub(crate) async fn receipt(
    With(state): With<State>,
    asked: Asked,
    Path(sequence): Path<String>,
) -> Result<Response, Response> {
    let lang = asked.lang;
    let Ok(sequence) = sequence.parse::<i64>() else { return Err(missing(lang)) };
    let found = state.ask(move |desk, office| desk.receipt(office, sequence, lang)).await;
    match found.map_err(|it| troubled(&it, lang))? {
        Some(receipt) => {
            let csp: [(HeaderName, &str); 1] =
                [(header::CONTENT_SECURITY_POLICY, CSP_OF_A_RECEIPT)];
            Ok((csp, Html(receipt)).into_response())
        }
        None => Err(missing(lang)),
    }
}
