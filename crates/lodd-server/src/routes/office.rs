//! What is due, the forms, what has been delivered.

use super::{Asked, missing_for, troubled};
use crate::{OfficeForm, View, guard::CSP_OF_A_RECEIPT, page, state::State};
use axum::{
    extract::{Path, State as With},
    http::{HeaderName, header},
    response::{Html, IntoResponse, Redirect, Response},
};

pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// An office's first page; everyone else is sent to theirs.
pub(crate) async fn home(With(state): With<State>, asked: Asked) -> Result<Response, Response> {
    if let Some(first) = View::first(asked.who().role()) {
        return Ok(Redirect::to(first.path()).into_response());
    }
    let (asker, office) = (asked.asker(), asked.office()?);
    let home = state.ask(move |desk| desk.home(&asker, &office)).await;
    let home = home.map_err(|it| troubled(&it, &asked))?;
    let waiting = super::delivery::kept(&state, &asked);
    Ok(page::home(&home, (None, waiting.as_ref()), &asked.visit, asked.lang).into_response())
}

pub(crate) async fn status_form(
    With(state): With<State>,
    asked: Asked,
) -> Result<Response, Response> {
    form(&state, &asked, OfficeForm::Status).await
}

pub(crate) async fn log_form(With(state): With<State>, asked: Asked) -> Result<Response, Response> {
    form(&state, &asked, OfficeForm::Log).await
}

async fn form(state: &State, asked: &Asked, form: OfficeForm) -> Result<Response, Response> {
    let (asker, office) = (asked.asker(), asked.office()?);
    let id = office.clone();
    let bytes = state.ask(move |desk| desk.form(&asker, &id, form)).await;
    let bytes = bytes.map_err(|it| troubled(&it, asked))?;
    let name = match form {
        OfficeForm::Status => "skjema",
        OfficeForm::Log => "logg",
    };
    Ok(workbook(bytes, &format!("{name}_{office}.xlsx")))
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
    let (asker, office) = (asked.asker(), asked.office()?);
    let all = state.ask(move |desk| desk.deliveries(&asker, &office)).await;
    let all = all.map_err(|it| troubled(&it, &asked))?;
    Ok(page::history(&all, &asked.visit, asked.lang).into_response())
}

pub(crate) async fn receipt(
    With(state): With<State>,
    asked: Asked,
    Path(sequence): Path<String>,
) -> Result<Response, Response> {
    let (asker, office) = (asked.asker(), asked.office()?);
    let Ok(sequence) = sequence.parse::<i64>() else { return Err(missing_for(&asked)) };
    let found = state.ask(move |desk| desk.receipt(&asker, &office, sequence)).await;
    match found.map_err(|it| troubled(&it, &asked))? {
        Some(receipt) => {
            let csp: [(HeaderName, &str); 1] =
                [(header::CONTENT_SECURITY_POLICY, CSP_OF_A_RECEIPT)];
            Ok((csp, Html(receipt)).into_response())
        }
        None => Err(missing_for(&asked)),
    }
}
