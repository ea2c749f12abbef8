//! The pages, from what the desk answered.

use askama::Template;
use axum::response::{Html, IntoResponse, Response};

use crate::{
    Block, Cell, Delivered, Due, Field, FieldKind, Finding, Form, Home, Lang, Looked, Manner, Role,
    Severity, Sheet, Trouble, View, approvals,
    approvals::Request,
    door::Visit,
    locale::{AtTheDoor, Words, at_the_door, view, words},
    login::NotIn,
    pending::Waiting,
    routes::{Asked, IDLE_MINUTES},
};

/// What stands around every page.
struct Frame<'a> {
    lang: Lang,
    t: &'static Words,
    title: &'a str,
    visit: Option<&'a Visit>,
}

/// A page of the menu.
struct Item {
    href: &'static str,
    text: &'static str,
}

impl<'a> Frame<'a> {
    fn new(lang: Lang, title: &'a str, visit: Option<&'a Visit>) -> Self {
        Self { lang, t: words(lang), title, visit }
    }

    /// How long a session may be idle.
    fn idle_minutes(&self) -> i64 {
        self.visit.map_or(0, |_| IDLE_MINUTES)
    }

    /// Signs what a page sends; empty where nobody has been let in.
    fn csrf(&self) -> &str {
        self.visit.map_or("", |it| it.csrf.as_str())
    }

    /// What everyone may see, of every page.
    fn open(&self) -> &'static str {
        view(View::Open, self.lang)
    }

    /// The pages of whoever has been let in.
    fn menu(&self) -> Vec<Item> {
        let Some(visit) = self.visit else { return Vec::new() };
        let (role, t) = (visit.who.role(), self.t);
        let mut items = Vec::new();
        if role.is_of_an_office() {
            items.push(Item { href: "/", text: t.home });
            items.push(Item { href: "/historikk", text: t.history });
        }
        let own = View::ALL.into_iter().filter(|it| it.is_in_menu() && it.roles().contains(&role));
        items.extend(own.map(|it| Item { href: it.path(), text: view(it, self.lang) }));
        if approvals::concern(role) {
            items.push(Item { href: "/venter", text: t.approvals });
        }
        items
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
    waiting: Option<&'a Waiting>,
}

impl HomePage<'_> {
    /// Whether the coordinators' log is theirs to take.
    fn is_lead(&self) -> bool {
        self.f.visit.is_some_and(|it| it.who.role() == Role::Lead)
    }

    /// The name of a file that has been looked at and not stored.
    fn kept(&self) -> Option<&str> {
        self.waiting.filter(|it| !it.stored).map(|it| it.looked.name.as_str())
    }

    /// Whether the file to mend can still be taken.
    fn can_mend(&self) -> bool {
        self.waiting.is_some_and(|it| it.looked.correction.is_some())
    }

    fn open(&self) -> Vec<&Due> {
        self.home.due.iter().filter(|it| !it.waiting.is_empty()).collect()
    }
}

/// `waiting` is a file that waits to be stored, or to be mended.
pub(crate) fn home(
    home: &Home,
    (wrong, waiting): (Option<&str>, Option<&Waiting>),
    visit: &Visit,
    lang: Lang,
) -> Response {
    let f = Frame::new(lang, words(lang).home, Some(visit));
    shown(&HomePage { f, home, wrong, waiting })
}

#[derive(Template)]
#[template(path = "looked.html")]
struct LookedPage<'a> {
    f: Frame<'a>,
    looked: &'a Looked,
    manner: Manner,
    groups: Vec<Group<'a>>,
}

impl LookedPage<'_> {
    /// Whether something would be on hold.
    fn holds(&self) -> bool {
        self.looked.counts.is_some_and(|[_, _, _, _, held, _]| held > 0)
    }
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

pub(crate) fn looked(looked: &Looked, manner: Manner, visit: &Visit, lang: Lang) -> Response {
    let t = words(lang);
    let f = Frame::new(lang, t.preview, Some(visit));
    shown(&LookedPage { f, looked, manner, groups: groups(&looked.findings, t) })
}

pub(crate) fn stored(
    sequence: i64,
    already: bool,
    looked: &Looked,
    visit: &Visit,
    lang: Lang,
) -> Response {
    let t = words(lang);
    let f = Frame::new(lang, t.stored, Some(visit));
    shown(&StoredPage { f, looked, groups: groups(&looked.findings, t), sequence, already })
}

#[derive(Template)]
#[template(path = "history.html")]
struct HistoryPage<'a> {
    f: Frame<'a>,
    all: &'a [Delivered],
}

pub(crate) fn history(all: &[Delivered], visit: &Visit, lang: Lang) -> Response {
    shown(&HistoryPage { f: Frame::new(lang, words(lang).history, Some(visit)), all })
}

#[derive(Template)]
#[template(path = "door.html")]
struct DoorPage<'a> {
    f: Frame<'a>,
    word: &'a str,
    refused: bool,
}

pub(crate) fn door(word: &str, refused: bool, lang: Lang) -> Response {
    shown(&DoorPage { f: Frame::new(lang, words(lang).log_in, None), word, refused })
}

#[derive(Template)]
#[template(path = "log_in.html")]
struct LogInPage<'a> {
    f: Frame<'a>,
    d: &'static AtTheDoor,
}

/// The button that begins a log-in.
pub(crate) fn log_in(lang: Lang) -> Response {
    let f = Frame::new(lang, words(lang).log_in, None);
    shown(&LogInPage { f, d: at_the_door(lang) })
}

#[derive(Template)]
#[template(path = "onward.html")]
struct OnwardPage<'a> {
    f: Frame<'a>,
    d: &'static AtTheDoor,
    there: &'a str,
}

/// On to the provider by itself, and by a link where a browser does not.
pub(crate) fn onward(there: &str, lang: Lang) -> Response {
    let d = at_the_door(lang);
    shown(&OnwardPage { f: Frame::new(lang, d.onward, None), d, there })
}

#[derive(Template)]
#[template(path = "left.html")]
struct LeftPage<'a> {
    f: Frame<'a>,
    d: &'static AtTheDoor,
    why: &'a str,
    there: Option<&'a str>,
}

/// After log-out, with the provider's own log-out.
pub(crate) fn left(there: Option<&str>, lang: Lang) -> Response {
    let d = at_the_door(lang);
    shown(&LeftPage { f: Frame::new(lang, d.left, None), d, why: d.left_why, there })
}

/// Why somebody is not let in: of what came back wrong always the same.
pub(crate) fn not_in(why: NotIn, lang: Lang) -> Response {
    let d = at_the_door(lang);
    let (title, why) = match why {
        NotIn::Refused => (d.refused, d.refused_why),
        NotIn::NoAccess => (d.no_access, d.no_access_why),
        NotIn::Down => (d.down, d.down_why),
    };
    shown(&LeftPage { f: Frame::new(lang, title, None), d, why, there: None })
}

/// Asked for too much: when to ask again.
pub(crate) fn too_many(seconds: u64, lang: Lang) -> Response {
    let d = at_the_door(lang);
    said(d.too_many, &d.too_many_why.replace("{n}", &seconds.to_string()), None, lang)
}

#[derive(Template)]
#[template(path = "said.html")]
struct SaidPage<'a> {
    f: Frame<'a>,
    paragraphs: Vec<&'a str>,
}

pub(crate) fn trouble(trouble: &Trouble, visit: &Visit, lang: Lang) -> Response {
    let t = words(lang);
    let mut paragraphs = vec![trouble.message.as_str()];
    paragraphs.extend(trouble.hint.as_deref());
    paragraphs.push(t.nothing_lost);
    shown(&SaidPage { f: Frame::new(lang, t.trouble, Some(visit)), paragraphs })
}

fn said(title: &str, paragraph: &str, visit: Option<&Visit>, lang: Lang) -> Response {
    shown(&SaidPage { f: Frame::new(lang, title, visit), paragraphs: vec![paragraph] })
}

pub(crate) fn not_found(visit: Option<&Visit>, lang: Lang) -> Response {
    let t = words(lang);
    said(t.not_found, t.not_found_why, visit, lang)
}

/// Sent by somebody whose session is over.
pub(crate) fn session_over(lang: Lang) -> Response {
    let t = words(lang);
    said(t.session_over, t.session_over_why, None, lang)
}

pub(crate) fn not_signed(asked: &Asked) -> Response {
    let t = words(asked.lang);
    said(t.trouble, t.not_signed_form, Some(&asked.visit), asked.lang)
}

pub(crate) fn broken(asked: &Asked) -> Response {
    let t = words(asked.lang);
    said(t.trouble, t.broken, Some(&asked.visit), asked.lang)
}

pub(crate) fn too_large(asked: &Asked) -> Response {
    let t = words(asked.lang);
    said(t.trouble, t.too_large, Some(&asked.visit), asked.lang)
}

/// What one person alone can't do on a page.
pub(crate) fn takes_two(asked: &Asked) -> Response {
    let t = words(asked.lang);
    said(t.takes_two, t.takes_two_why, Some(&asked.visit), asked.lang)
}

#[derive(Template)]
#[template(path = "statement.html")]
struct StatementPage<'a> {
    f: Frame<'a>,
    version: &'static str,
}

pub(crate) fn accessibility(visit: Option<&Visit>, lang: Lang) -> Response {
    let f = Frame::new(lang, words(lang).statement_title, visit);
    shown(&StatementPage { f, version: env!("CARGO_PKG_VERSION") })
}

#[derive(Template)]
#[template(path = "sheet.html")]
struct SheetPage<'a> {
    f: Frame<'a>,
    sheet: &'a Sheet,
}

impl SheetPage<'_> {
    /// Findings of one gravity, the gravest first.
    fn groups<'b>(&self, findings: &'b [Finding]) -> Vec<Group<'b>> {
        groups(findings, self.f.t)
    }

    /// What is wrong with an answer that was sent.
    fn wrong(&self, form: &Form, field: &Field) -> Option<&str> {
        let faults = self.sheet.blocks.iter().filter_map(|it| match it {
            Block::Wrong(faults) => Some(faults),
            _ => None,
        });
        let mut own = faults.flatten().filter(|it| it.deed == form.deed && it.field == field.name);
        own.next().map(|it| it.message.as_str())
    }

    /// What describes a field: its hint, and what is wrong with it.
    fn described(&self, form: &Form, field: &Field) -> String {
        let id = form.deed.field_id(&field.name);
        let hint = field.hint.as_ref().map(|_| format!("{id}-hint"));
        let wrong = self.wrong(form, field).map(|_| format!("{id}-feil"));
        hint.into_iter().chain(wrong).collect::<Vec<_>>().join(" ")
    }
}

/// A page that a step filled; `visit` is nobody's where everyone may see it.
pub(crate) fn sheet(sheet: &Sheet, visit: Option<&Visit>, lang: Lang) -> Response {
    shown(&SheetPage { f: Frame::new(lang, &sheet.title, visit), sheet })
}

#[derive(Template)]
#[template(path = "waiting.html")]
struct WaitingPage<'a> {
    f: Frame<'a>,
    waiting: &'a [Request],
}

impl WaitingPage<'_> {
    fn may_approve(&self, request: &Request) -> bool {
        self.f.visit.is_some_and(|it| request.may_be_approved_by(&it.who))
    }
}

pub(crate) fn waiting(waiting: &[Request], asked: &Asked) -> Response {
    let title = words(asked.lang).approvals;
    shown(&WaitingPage { f: Frame::new(asked.lang, title, Some(&asked.visit)), waiting })
}

#[cfg(test)]
mod tests;
