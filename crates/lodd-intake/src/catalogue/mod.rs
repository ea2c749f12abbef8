//! The catalogue of findings: every sentence an office can be told about its file, as data.
//!
//! To add a finding, write one entry in the group it belongs to (`files`, `sheets`, `cells`,
//! `rows`, `privacy`) and the check that raises it; `cargo xtask docs` lists it in
//! `docs/findings.md`. A text is a template, see [`crate::text`]: `{c}` is a placeholder,
//! `[ Mente du {x}?]` is left out when its placeholder has no value, and
//! `{n|familie|familier}` is a number with its noun.
//!
//! The placeholders: `{a}` sheet, `{c}` cell, `{r}` row, `{k}` column, `{v}` value, `{f}` what was
//! expected, `{x}` a suggestion, `{id}` a family or a member, `{n}` a count; others (`{m}`, `{y}`,
//! `{h}`, `{r1}`, `{r2}`, `{c1}`, `{c2}`, `{dato}`, `{liste}`) by the name they are given in the
//! check.

mod cells;
mod files;
mod markdown;
mod privacy;
mod rows;
mod sheets;

pub use cells::*;
pub use files::*;
pub use markdown::markdown;
pub use privacy::*;
pub use rows::*;
pub use sheets::*;

use serde::{Deserialize, Serialize};

use crate::text::Lang;

/// What a finding does to the file. Ordered with the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Severity {
    /// Nothing of the file is stored.
    Stop,
    /// The family and date (or month) it concerns are held back; the rest may go in.
    Hold,
    /// The value is accepted; somebody should look.
    Warning,
    /// For information.
    Info,
}

/// One kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Entry {
    /// Stable code: a letter for the group, two digits.
    pub code: &'static str,
    /// What it does to the file.
    pub severity: Severity,
    /// What it does in the other case that `trigger` tells of, where there is one.
    pub otherwise: Option<Severity>,
    /// The nearest error type of Frictionless Data, for other programs.
    pub slug: &'static str,
    /// When it is raised, in English, for those who maintain the checks.
    pub trigger: &'static str,
    /// The message in Norwegian bokmål, a template.
    pub nb: &'static str,
    /// The message in Norwegian nynorsk, a template.
    pub nn: &'static str,
    /// The message in English, a template.
    pub en: &'static str,
    /// How to mend it, in Norwegian bokmål; empty when there is nothing to do.
    pub fix_nb: &'static str,
    /// How to mend it, in Norwegian nynorsk.
    pub fix_nn: &'static str,
    /// How to mend it, in English.
    pub fix_en: &'static str,
}

impl Entry {
    /// The message's template in `lang`.
    pub fn text(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nb => self.nb,
            Lang::Nn => self.nn,
            Lang::En => self.en,
        }
    }

    /// The template of how to mend it in `lang`; empty when there is nothing to do.
    pub fn fix(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Nb => self.fix_nb,
            Lang::Nn => self.fix_nn,
            Lang::En => self.fix_en,
        }
    }
}

/// Every entry, in the order of the groups.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    [FILES, SHEETS, CELLS, ROWS, PRIVACY].into_iter().flatten().copied()
}

/// The entry of `code`, if there is one.
pub fn find(code: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.code == code)
}

/// The placeholder of this name, if any text has one.
pub(crate) fn placeholder(name: &str) -> Option<&'static str> {
    let texts = |it: &'static Entry| [it.nb, it.nn, it.en, it.fix_nb, it.fix_nn, it.fix_en];
    all().flat_map(texts).flat_map(crate::text::names).find(|it| *it == name)
}

/// Writes each entry as a public static of the code's name, and the list of them.
macro_rules! entries {
    ($list:ident $($code:ident $severity:ident $(or $other:ident)? $slug:literal
        on $trigger:literal nb $nb:literal nn $nn:literal en $en:literal
        fix_nb $fix_nb:literal fix_nn $fix_nn:literal fix_en $fix_en:literal)*) => {
        $(
            #[doc = $en]
            pub static $code: Entry = Entry {
                code: stringify!($code),
                severity: Severity::$severity,
                otherwise: entries!(@other $($other)?),
                slug: $slug,
                trigger: $trigger,
                nb: $nb, nn: $nn, en: $en,
                fix_nb: $fix_nb, fix_nn: $fix_nn, fix_en: $fix_en,
            };
        )*
        pub(super) static $list: &[&Entry] = &[$(&$code),*];
    };
    (@other) => { None };
    (@other $other:ident) => { Some(Severity::$other) };
}
use entries;
