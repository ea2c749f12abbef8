//! The sheet `Koder`: every list that a drop-down shows, with the code of each label.

use std::ops::RangeInclusive;

use super::{Form, words};
use crate::{
    codes,
    text::{Lang, Phrase},
    variable::{CLEAR, Code, Kind},
};

/// One line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) code: String,
    /// What the drop-down shows.
    pub(super) label: String,
    pub(super) remark: String,
}

/// A list: the choices of one or more columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct List {
    pub(super) name: String,
    pub(super) items: Vec<Item>,
}

/// The lists of a workbook, and in which rows of `Koder` each stands.
#[derive(Clone, Debug, Default)]
pub(super) struct Lists(Vec<List>);

/// The first row of the first list, from 1: below the header.
const FIRST_ROW: usize = 2;

impl Lists {
    pub(super) fn add(&mut self, name: &str, items: Vec<Item>) {
        if !items.is_empty() && !self.0.iter().any(|it| it.name == name) {
            self.0.push(List { name: name.to_owned(), items });
        }
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &List> {
        self.0.iter()
    }

    /// The rows of a list, from 1.
    pub(super) fn rows(&self, name: &str) -> Option<RangeInclusive<usize>> {
        let mut first = FIRST_ROW;
        for list in &self.0 {
            let next = first + list.items.len();
            if list.name == name {
                return Some(first..=next - 1);
            }
            first = next;
        }
        None
    }

    /// The cells of a list's labels, as a formula names them.
    pub(super) fn range(&self, name: &str) -> Option<String> {
        let rows = self.rows(name)?;
        Some(format!("Koder!$C${}:$C${}", rows.start(), rows.end()))
    }
}

/// Codes as lines, with their labels in a language.
pub(super) fn items(codes: &[Code], lang: Lang) -> Vec<Item> {
    let item = |it: &Code| Item {
        code: it.code.clone(),
        label: label(it, lang).to_owned(),
        remark: String::new(),
    };
    codes.iter().map(item).collect()
}

/// Ids, which are their own labels.
pub(super) fn ids(ids: impl Iterator<Item = String>) -> Vec<Item> {
    ids.map(|id| Item { label: id.clone(), code: id, remark: String::new() }).collect()
}

/// What a code is called; the code itself where nobody has said.
pub(super) fn label(code: &Code, lang: Lang) -> &str {
    let label = match lang {
        Lang::Nb => &code.nb,
        Lang::Nn => &code.nn,
        Lang::En => &code.en,
    };
    if label.is_empty() { &code.code } else { label }
}

/// The lists of all variables: their answers, why there is none, and what takes one away.
pub(super) fn of_variables(form: &Form<'_>, lists: &mut Lists) {
    let lang = form.lang;
    let mut closing = items(&codes::MISSING, lang);
    let remark = words::CLEARS.in_lang(lang).to_owned();
    closing.push(Item { code: CLEAR.to_owned(), label: CLEAR.to_owned(), remark });
    for variable in &form.expect.variables {
        let mut all = match &variable.kind {
            Kind::Code(codes) => items(codes, lang),
            Kind::YesNo => items(&codes::YES_NO, lang),
            Kind::Integer { .. } => Vec::new(),
            Kind::Several(options) => {
                let mut all = items(options, lang);
                let none = std::slice::from_ref(&*codes::NONE_OF_THEM);
                all.extend(items(none, lang));
                all
            }
        };
        all.extend(closing.iter().cloned());
        lists.add(&variable.name, all);
    }
}

/// The header of the list of a phrase.
pub(super) fn headers(lang: Lang) -> [&'static str; 4] {
    let [list, code, label, remark] = &words::LIST_HEADERS;
    [list, code, label, remark].map(|it: &Phrased| it.in_lang(lang))
}

pub(super) use words::Phrased;

/// A phrase of this program's as a text of its own.
pub(super) fn phrase(it: &Phrased) -> Phrase {
    Phrase::new(it.nb, it.nn, it.en)
}
