//! The pages, from what the desk answered.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::{
    Delivered, Due, Finding, Home, Lang, Looked, Manner, Severity, Trouble,
    locale::{Words, words},
};

/// What stands around every page.
struct Frame<'a> {
    lang: Lang,
    t: &'static Words,
    title: &'a str,
    /// Signs what a page sends; empty where nobody has been let in.
    csrf: &'a str,
}

impl<'a> Frame<'a> {
    fn new(lang: Lang, title: &'a str, csrf: &'a str) -> Self {
        Self { lang, t: words(lang), title, csrf }
    }
}

/// A template that could not be filled is an empty page with the status of a fault.
fn shown(page: &impl Template) -> Response {
    match page.render() {
        Ok(text) => Html(text).into_response(),
        Err(_) => axum::http::StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

#[derive(Template)]
#[template(path = "home.html")]
struct HomePage<'a> {
    f: Frame<'a>,
    home: &'a Home,
    wrong: Option<&'a str>,
}

impl HomePage<'_> {
    fn open(&self) -> Vec<&Due> {
        self.home.due.iter().filter(|it| !it.waiting.is_empty()).collect()
    }
}

pub(crate) fn home(home: &Home, wrong: Option<&str>, csrf: &str, lang: Lang) -> Response {
    let f = Frame::new(lang, words(lang).home, csrf);
    shown(&HomePage { f, home, wrong })
}

#[derive(Template)]
#[template(path = "looked.html")]
struct LookedPage<'a> {
    f: Frame<'a>,
    looked: &'a Looked,
    manner: Manner,
    groups: Vec<Group<'a>>,
}

#[derive(Template)]
#[template(path = "stored.html")]
struct StoredPage<'a> {
    f: Frame<'a>,
    looked: &'a Looked,
    groups: Vec<Group<'a>>,
    sequence: i64,
    already: bool,
}

/// Findings of one gravity, the gravest first.
struct Group<'a> {
    id: &'static str,
    title: &'static str,
    findings: Vec<&'a Finding>,
}

fn groups<'a>(findings: &'a [Finding], t: &'static Words) -> Vec<Group<'a>> {
    let kinds = [
        (Severity::Stop, "stopp", t.stops),
        (Severity::Hold, "vent", t.holds),
        (Severity::Warning, "varsel", t.warnings),
        (Severity::Info, "info", t.infos),
    ];
    let group = |(severity, id, title)| {
        let findings: Vec<_> = findings.iter().filter(|it| it.severity == severity).collect();
        Group { id, title, findings }
    };
    kinds.into_iter().map(group).filter(|it| !it.findings.is_empty()).collect()
}

pub(crate) fn looked(looked: &Looked, manner: Manner, csrf: &str, lang: Lang) -> Response {
    let t = words(lang);
    let f = Frame::new(lang, t.preview, csrf);
    shown(&LookedPage { f, looked, manner, groups: groups(&looked.findings, t) })
}

pub(crate) fn stored(
    sequence: i64,
    already: bool,
    looked: &Looked,
    csrf: &str,
    lang: Lang,
) -> Response {
    let t = words(lang);
    let f = Frame::new(lang, t.stored, csrf);
    shown(&StoredPage { f, looked, groups: groups(&looked.findings, t), sequence, already })
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage<'a> {
    f: Frame<'a>,
    all: &'a [Delivered],
}

pub(crate) fn history(all: &[Delivered], csrf: &str, lang: Lang) -> Response {
    shown(&HistoryPage { f: Frame::new(lang, words(lang).history, csrf), all })
}

#[derive(Template)]
#[template(path = "door.html")]
struct DoorPage<'a> {
    f: Frame<'a>,
    word: &'a str,
    refused: bool,
}

pub(crate) fn door(word: &str, refused: bool, lang: Lang) -> Response {
    shown(&DoorPage { f: Frame::new(lang, words(lang).log_in, ""), word, refused })
}

#[derive(Template)]
#[template(path = "said.html")]
struct SaidPage<'a> {
    f: Frame<'a>,
    paragraphs: Vec<&'a str>,
}

pub(crate) fn trouble(trouble: &Trouble, lang: Lang) -> Response {
    let t = words(lang);
    let mut paragraphs = vec![trouble.message.as_str()];
    paragraphs.extend(trouble.hint.as_deref());
    paragraphs.push(t.nothing_lost);
    shown(&SaidPage { f: Frame::new(lang, t.trouble, ""), paragraphs })
}

pub(crate) fn not_found(lang: Lang) -> Response {
    let t = words(lang);
    shown(&SaidPage { f: Frame::new(lang, t.not_found, ""), paragraphs: vec![t.not_found_why] })
}

pub(crate) fn accessibility(lang: Lang) -> Response {
    let t = words(lang);
    let paragraphs = t.statement.to_vec();
    shown(&SaidPage { f: Frame::new(lang, t.accessibility, ""), paragraphs })
}
