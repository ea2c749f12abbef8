//! The three forms: statuses of an office's families, the coordinators' log, the roster.

use rust_xlsxwriter::XlsxError;

use super::{
    Ask, Form, FormError,
    book::{Book, Filled, Put},
    columns::{self, Sheet},
    guide::{self, About},
    lists::{self, Item, Lists, items},
    words,
};
use crate::{codes, expectations::KnownMember, text::Lang, variable::UnitKind};

/// The form in which an office tells of its families: every family that is followed, whatever was
/// drawn for it. `asks` are its rows; they come in the order of the ids, so that no order tells an arm.
///
/// # Errors
///
/// If there are more rows than a workbook can hold.
pub fn status(form: &Form<'_>, asks: &[Ask]) -> Result<Vec<u8>, FormError> {
    let mut plans = columns::statuses(form);
    plans.extend(columns::events());
    let mut book = Book::new(form, About::Status.title(form.lang), status_lists(form))?;
    guide::add(&mut book, form, About::Status, &plans)?;
    for plan in &plans {
        let rows = match plan.name {
            "Familier" => asked(form, asks, UnitKind::Family),
            "Voksne" => asked(form, asks, UnitKind::Adult),
            "Barn" => asked(form, asks, UnitKind::Child),
            "Familiemedlemmer" => members(form),
            _ => Vec::new(),
        };
        book.add_answers(plan, &rows)?;
    }
    finish(book)
}

/// The form in which the coordinators tell of the families they follow, and of no other.
///
/// # Errors
///
/// If there are more rows than a workbook can hold.
pub fn log(form: &Form<'_>, families: &[String]) -> Result<Vec<u8>, FormError> {
    let lang = form.lang;
    let mut all = Lists::default();
    all.add("sluttarsak", items(&codes::END_REASONS, lang));
    all.add("avvik", items(&codes::DEVIATIONS, lang));
    all.add("arsak_til_retting", items(&codes::REASONS, lang));
    let plans = columns::log();
    let mut book = Book::new(form, About::Log.title(lang), all)?;
    guide::add(&mut book, form, About::Log, &plans)?;
    for plan in &plans {
        let rows: Vec<_> = if plan.name == "Deltakelse" {
            let mut families = families.to_vec();
            families.sort();
            families.into_iter().map(|id| vec![Filled::new(Put::Text(id))]).collect()
        } else {
            Vec::new()
        };
        book.add_answers(plan, &rows)?;
    }
    finish(book)
}

/// The form of the roster, empty.
///
/// # Errors
///
/// None in practice; the workbook is small.
pub fn roster(form: &Form<'_>) -> Result<Vec<u8>, FormError> {
    let lang = form.lang;
    let mut all = Lists::default();
    all.add("kontor", lists::ids(form.expect.offices.iter().cloned()));
    all.add("rolle", items(&codes::ROLES, lang));
    all.add("kjonn", items(&codes::SEXES, lang));
    let plans = columns::roster();
    let mut book = Book::new(form, About::Roster.title(lang), all)?;
    guide::add(&mut book, form, About::Roster, &plans)?;
    for plan in &plans {
        book.add_answers(plan, &[])?;
    }
    finish(book)
}

fn finish(mut book: Book) -> Result<Vec<u8>, FormError> {
    book.add_codes()?;
    Ok(book.finish()?)
}

/// The lists of the form of statuses.
pub(super) fn status_lists(form: &Form<'_>) -> Lists {
    let lang = form.lang;
    let mut all = Lists::default();
    lists::of_variables(form, &mut all);
    all.add("registrering", items(&codes::STATUSES, lang));
    all.add("kilde", items(&codes::SOURCES, lang));
    all.add("anledning", items(&codes::OCCASIONS, lang));
    all.add("arsak_til_retting", items(&codes::REASONS, lang));
    all.add("rolle", items(&codes::ROLES, lang));
    all.add("arsak", items(&codes::MEMBER_REASONS, lang));
    all.add("samtykke", items(&codes::CONSENTS, lang));
    all.add("svar", items(&codes::ANSWERS, lang));
    all.add("kontor", lists::ids(form.expect.offices.iter().cloned()));
    all.add("familie_id", families(form));
    all.add("medlem_id", lists::ids(own_members(form).map(|(id, _)| id.clone())));
    all
}

fn families(form: &Form<'_>) -> Vec<Item> {
    let expect = form.expect;
    let own = expect.families.keys().filter(|id| is_own(form, id));
    lists::ids(own.cloned())
}

/// Whether a family is this office's, and followed once there is a list.
fn is_own(form: &Form<'_>, family: &str) -> bool {
    let expect = form.expect;
    let drawn = expect.drawn.as_ref().is_none_or(|drawn| drawn.contains(family));
    let office = expect.follower(family);
    drawn && office.is_some_and(|it| expect.office.as_ref().is_none_or(|own| own == it))
}

fn own_members<'a>(form: &Form<'a>) -> impl Iterator<Item = (&'a String, &'a KnownMember)> {
    let form = *form;
    form.expect.members.iter().filter(move |(_, it)| is_own(&form, &it.family_id))
}

/// The rows that are asked for of one kind of unit, by id; of one id in the order given.
fn asked(form: &Form<'_>, asks: &[Ask], unit: UnitKind) -> Vec<Vec<Filled>> {
    let mut asks: Vec<&Ask> = asks.iter().filter(|it| it.unit == unit).collect();
    asks.sort_by(|a, b| a.unit_id.cmp(&b.unit_id));
    asks.into_iter().map(|ask| row(form.lang, ask)).collect()
}

fn row(lang: Lang, ask: &Ask) -> Vec<Filled> {
    let mut cells = vec![Put::Text(ask.unit_id.clone())];
    if ask.unit != UnitKind::Family {
        cells.push(match ask.who {
            Some((role, year)) => {
                let role = codes::ROLES.iter().find(|it| it.code == role.code());
                let role = role.map_or("", |it| lists::label(it, lang));
                Put::Text(format!("{role}, {} {year}", words::BORN.in_lang(lang)))
            }
            None => Put::Empty,
        });
    }
    cells.push(Put::Text(ask.horizon.in_lang(lang).to_owned()));
    let (low, high) = ask.window.unzip();
    cells.push(low.map_or(Put::Empty, Put::Date));
    cells.push(high.map_or(Put::Empty, Put::Date));
    cells.into_iter().map(Filled::new).collect()
}

/// The members as they are known, for whoever has left to get a last day.
fn members(form: &Form<'_>) -> Vec<Vec<Filled>> {
    let row = |(id, it): (&String, &KnownMember)| {
        let role = codes::ROLES.iter().find(|code| code.code == it.role.code());
        let role = role.map_or_else(String::new, |it| lists::label(it, form.lang).to_owned());
        let cells = [id.clone(), it.family_id.clone(), role];
        let year = it.birth_year.map_or(Put::Empty, |year| Put::Number(f64::from(year)));
        let texts = cells.into_iter().map(Put::Text);
        texts.chain([year]).map(Filled::new).collect()
    };
    own_members(form).map(row).collect()
}

/// Writes nothing by itself: the type of what can go wrong below.
pub(super) type Written = Result<(), XlsxError>;

/// A sheet of the form of statuses by its name, or `Måneder`.
pub(super) fn sheet(form: &Form<'_>, name: &str) -> Option<Sheet> {
    let mut all = columns::statuses(form);
    all.extend(columns::events());
    all.extend(columns::log());
    all.push(columns::months());
    all.into_iter().find(|it| it.name == name)
}
