//! A file: sent, looked at, stored.

use std::sync::Arc;

use axum::{
    extract::{Multipart, State as With, multipart::Field},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};

use super::{Asked, FILE_MAX, missing_for, office::workbook, open::Signed, troubled};
use crate::{Manner, Sent, Stored, door::same, page, pending::Waiting, state::State};

/// A check box that is ticked sends a word, one that is not sends nothing.
#[derive(serde::Deserialize)]
pub(crate) struct Choices {
    #[serde(default)]
    csrf: String,
    gode: Option<String>,
    rettelse: Option<String>,
}

/// Why a file did not arrive.
enum NotSent {
    NoFile,
    TooLarge,
    Broken,
    NotSigned,
}

/// Under what a file waits: a person at an office. It outlives their session, so that whoever logs in
/// again finds it; who has two offices does not find the one's file at the other.
fn whose(asked: &Asked) -> String {
    let who = asked.who();
    format!("{}\n{}", who.office().unwrap_or_default(), who.name())
}

/// The file that waits for whoever asks.
pub(crate) fn kept(state: &State, asked: &Asked) -> Option<Waiting> {
    state.pending.get(&whose(asked), state.desk.now_us())
}

/// Takes a file, looks at it, and shows what was found on a page of its own.
pub(crate) async fn send(
    With(state): With<State>,
    asked: Asked,
    parts: Multipart,
) -> Result<Response, Response> {
    match received(parts, &asked.visit.csrf).await {
        Ok(file) => {
            found(&state, &asked, Arc::new(file), Manner::default()).await?;
            Ok(Redirect::to("/levering").into_response())
        }
        Err(why) => Err(not_sent(&state, &asked, &why).await),
    }
}

async fn not_sent(state: &State, asked: &Asked, why: &NotSent) -> Response {
    let t = crate::locale::words(asked.lang);
    let (status, words) = match why {
        NotSent::NoFile => (StatusCode::UNPROCESSABLE_ENTITY, t.no_file),
        NotSent::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, t.too_large),
        NotSent::Broken => (StatusCode::BAD_REQUEST, t.broken),
        NotSent::NotSigned => (StatusCode::FORBIDDEN, t.not_signed),
    };
    let (asker, office) = match asked.office() {
        Ok(office) => (asked.asker(), office),
        Err(response) => return response,
    };
    match state.ask(move |desk| desk.home(&asker, &office)).await {
        Ok(home) => (status, page::home(&home, (Some(words), None), &asked.visit, asked.lang))
            .into_response(),
        Err(trouble) => troubled(&trouble, asked),
    }
}

/// The file of a form. The first part signs the form, so that a stranger's file is not even read.
async fn received(mut parts: Multipart, csrf: &str) -> Result<Sent, NotSent> {
    let mut signed = false;
    while let Some(part) = parts.next_field().await.map_err(|_| NotSent::Broken)? {
        match part.name() {
            Some("csrf") => {
                let word = part.text().await.map_err(|_| NotSent::Broken)?;
                signed = same(&word, csrf);
            }
            Some("fil") if !signed => return Err(NotSent::NotSigned),
            Some("fil") => return file(part).await,
            _ => {}
        }
    }
    Err(if signed { NotSent::NoFile } else { NotSent::NotSigned })
}

async fn file(mut part: Field<'_>) -> Result<Sent, NotSent> {
    let name = part.file_name().unwrap_or_default().to_owned();
    let mut bytes = Vec::new();
    loop {
        match part.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) if bytes.is_empty() => return Err(NotSent::NoFile),
            Ok(None) => return Ok(Sent { name, bytes }),
            Err(error) if error.status() == StatusCode::PAYLOAD_TOO_LARGE => {
                return Err(NotSent::TooLarge);
            }
            Err(_) => return Err(NotSent::Broken),
        }
        if bytes.len() > FILE_MAX {
            return Err(NotSent::TooLarge);
        }
    }
}

/// Looks at a file and keeps it with what was found.
async fn found(
    state: &State,
    asked: &Asked,
    file: Arc<Sent>,
    manner: Manner,
) -> Result<(), Response> {
    let (asker, office) = (asked.asker(), asked.office()?);
    let work = move |desk: &dyn crate::Desk| {
        let looked = desk.look(&asker, &office, &file, manner)?;
        Ok((file, looked))
    };
    let (file, looked) = state.ask(work).await.map_err(|it| troubled(&it, asked))?;
    let at_us = state.desk.now_us();
    state.pending.put(
        whose(asked),
        Waiting { file, manner, looked: Arc::new(looked), stored: false, lang: asked.lang, at_us },
    );
    Ok(())
}

pub(crate) async fn look(With(state): With<State>, asked: Asked) -> Result<Response, Response> {
    let Some(waiting) = kept(&state, &asked) else {
        return Ok(Redirect::to("/").into_response());
    };
    // What is found is said in the language that it was looked at in.
    if waiting.lang != asked.lang {
        found(&state, &asked, waiting.file, waiting.manner).await?;
        return Ok(Redirect::to("/levering").into_response());
    }
    let shown = page::looked(&waiting.looked, waiting.manner, &asked.visit, asked.lang);
    Ok(shown.into_response())
}

/// The choices of a form that is signed, and the file they are about.
async fn chosen(state: &State, asked: &Asked, choices: &Choices) -> Result<Waiting, Response> {
    if !same(&choices.csrf, &asked.visit.csrf) {
        return Err(not_sent(state, asked, &NotSent::NotSigned).await);
    }
    let waiting = kept(state, asked);
    let mut waiting = waiting.ok_or_else(|| Redirect::to("/").into_response())?;
    waiting.manner =
        Manner { accept_good: choices.gode.is_some(), correction: choices.rettelse.is_some() };
    Ok(waiting)
}

/// Looks again, with other choices.
pub(crate) async fn again(
    With(state): With<State>,
    asked: Asked,
    axum::Form(choices): axum::Form<Choices>,
) -> Result<Response, Response> {
    let waiting = chosen(&state, &asked, &choices).await?;
    found(&state, &asked, waiting.file, waiting.manner).await?;
    Ok(Redirect::to("/levering").into_response())
}

pub(crate) async fn store(
    With(state): With<State>,
    asked: Asked,
    axum::Form(choices): axum::Form<Choices>,
) -> Result<Response, Response> {
    let mut waiting = chosen(&state, &asked, &choices).await?;
    let (asker, office) = (asked.asker(), asked.office()?);
    let (lang, file, manner) = (asked.lang, Arc::clone(&waiting.file), waiting.manner);
    let stored = state.ask(move |desk| desk.store(&asker, &office, &file, manner)).await;
    match stored.map_err(|it| troubled(&it, &asked))? {
        Stored::Done { sequence, already, looked, .. } => {
            state.metrics.upload(true);
            let has_correction = looked.correction.is_some();
            let shown = page::stored(sequence, already, &looked, &asked.visit, lang);
            if has_correction {
                (waiting.looked, waiting.stored) = (Arc::new(looked), true);
                state.pending.put(whose(&asked), waiting);
            } else {
                state.pending.forget(&whose(&asked));
            }
            Ok(shown.into_response())
        }
        Stored::Refused(looked) => {
            state.metrics.upload(false);
            waiting.looked = Arc::new(looked);
            let shown = page::looked(&waiting.looked, waiting.manner, &asked.visit, lang);
            state.pending.put(whose(&asked), waiting);
            Ok((StatusCode::CONFLICT, shown).into_response())
        }
    }
}

pub(crate) async fn cancel(
    With(state): With<State>,
    asked: Asked,
    axum::Form(signed): axum::Form<Signed>,
) -> Result<Response, Response> {
    if same(&signed.csrf, &asked.visit.csrf) {
        state.pending.forget(&whose(&asked));
    }
    Ok(Redirect::to("/").into_response())
}

/// The file to mend.
pub(crate) async fn correction(
    With(state): With<State>,
    asked: Asked,
) -> Result<Response, Response> {
    let waiting = kept(&state, &asked);
    match waiting.and_then(|it| it.looked.correction.clone()) {
        Some(bytes) => Ok(workbook(bytes, &format!("{}_retting.xlsx", asked.office()?))),
        None => Err(missing_for(&asked)),
    }
}

#[cfg(test)]
mod tests {
    use super::whose;
    use crate::{Lang, Who, door::Visit, routes::Asked};

    fn asked(name: &str, office: &str, csrf: &str) -> Asked {
        let who = Who::of_office(name, false, office);
        Asked { visit: Visit { who, csrf: csrf.to_owned(), lang: None }, lang: Lang::Nb }
    }

    #[test]
    fn a_file_waits_for_a_person_at_an_office_whatever_the_session() {
        let before = whose(&asked("a", "nord", "1"));
        assert_eq!(before, whose(&asked("a", "nord", "2")));
        assert_ne!(before, whose(&asked("a", "sor", "1")));
        assert_ne!(before, whose(&asked("b", "nord", "1")));
    }
}
