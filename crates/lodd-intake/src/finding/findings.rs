//! The findings of an upload, grouped by code and bounded.

use std::collections::BTreeMap;

use super::Finding;
use crate::{catalogue::Severity, text::Lang};

/// How many findings of one code are kept and shown; the rest are counted.
pub const SHOWN_MAX: usize = 20;

/// All findings of one upload: of each code the first [`SHOWN_MAX`], and how many there were.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Findings {
    groups: BTreeMap<(Severity, &'static str), Group>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Group {
    kept: Vec<Finding>,
    total: usize,
}

impl Findings {
    /// The findings kept of each code, and how many there were.
    pub(crate) fn groups(&self) -> impl Iterator<Item = (&[Finding], usize)> {
        self.groups.values().map(|group| (group.kept.as_slice(), group.total))
    }

    /// Builds findings of such groups; none if they are not what [`Findings::groups`] gives.
    pub(crate) fn from_groups(groups: Vec<(Vec<Finding>, usize)>) -> Option<Self> {
        let mut findings = Self::default();
        for (kept, total) in groups {
            let first = kept.first()?;
            let key = (first.severity(), first.code());
            let severities = [Some(first.entry.severity), first.entry.otherwise];
            let sound = kept.iter().all(|it| (it.severity(), it.code()) == key)
                && severities.contains(&Some(key.0))
                && kept.len() == total.min(SHOWN_MAX)
                && !findings.groups.contains_key(&key);
            if !sound {
                return None;
            }
            findings.groups.insert(key, Group { kept, total });
        }
        Some(findings)
    }

    /// Adds a finding.
    pub fn push(&mut self, finding: Finding) {
        let group = self.groups.entry((finding.severity(), finding.code())).or_default();
        group.total += 1;
        if group.kept.len() < SHOWN_MAX {
            group.kept.push(finding);
        }
    }

    /// Adds all findings of another file.
    pub fn merge(&mut self, other: Self) {
        for (key, theirs) in other.groups {
            let group = self.groups.entry(key).or_default();
            group.total += theirs.total;
            let room = SHOWN_MAX.saturating_sub(group.kept.len());
            group.kept.extend(theirs.kept.into_iter().take(room));
        }
    }

    /// The findings kept, gravest first, then by code, then in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Finding> {
        self.groups.values().flat_map(|group| &group.kept)
    }

    /// How many findings there were of `code`, shown or not.
    pub fn total(&self, code: &str) -> usize {
        self.groups.iter().filter(|((_, it), _)| *it == code).map(|(_, group)| group.total).sum()
    }

    /// The codes found, gravest first, each with its number.
    pub fn codes(&self) -> impl Iterator<Item = (&'static str, usize)> {
        self.groups.iter().map(|((_, code), group)| (*code, group.total))
    }

    /// The gravest severity found.
    pub fn worst(&self) -> Option<Severity> {
        self.groups.keys().next().map(|(severity, _)| *severity)
    }

    /// Whether nothing was found.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Messages as lines of text, each with its place and its fix; after the shown ones of a code
    /// a line says how many more there are.
    pub fn lines(&self, lang: Lang) -> Vec<String> {
        let mut lines = Vec::new();
        for group in self.groups.values() {
            for it in &group.kept {
                let fix = it.fix(lang).map(|fix| format!(" {fix}")).unwrap_or_default();
                let (code, place) = (it.code(), it.place(lang));
                lines.push(format!("{code} {place}: {}{fix}", it.message(lang)));
            }
            lines.extend(more(group.total - group.kept.len(), lang));
        }
        lines
    }

    /// The line after the findings of `code` that says how many are not shown, if any.
    pub fn more(&self, code: &str, lang: Lang) -> Option<String> {
        let kept = self.iter().filter(|finding| finding.code() == code).count();
        more(self.total(code) - kept, lang)
    }
}

impl Extend<Finding> for Findings {
    fn extend<T: IntoIterator<Item = Finding>>(&mut self, findings: T) {
        findings.into_iter().for_each(|finding| self.push(finding));
    }
}

impl From<Finding> for Findings {
    fn from(finding: Finding) -> Self {
        let mut findings = Self::default();
        findings.push(finding);
        findings
    }
}

fn more(hidden: usize, lang: Lang) -> Option<String> {
    let line = match lang {
        Lang::Nb | Lang::Nn => format!("… og {hidden} til"),
        Lang::En => format!("… and {hidden} more"),
    };
    (hidden > 0).then_some(line)
}
