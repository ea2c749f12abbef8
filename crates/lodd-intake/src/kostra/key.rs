//! The office's key: which national id, DUF or journal number is which member.
//!
//! `KEY.csv` has the columns `member_id`, `id_type` (`FNR`, `DNR`, `DUF`, `JOURNAL`) and `id_value`;
//! a member may have several rows. It is read on the office's own machine, and nothing of its
//! numbers is ever shown: a fault names the line and the column.

use std::collections::BTreeMap;

use crate::{
    ids::{split_member, verify_family},
    national_id,
};

/// What is wrong with a line of the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum KeyFault {
    /// The file is no csv that can be read.
    Unreadable,
    /// This column is missing.
    NoColumn(&'static str),
    /// It has no rows.
    Empty,
    /// The member's id is not one, or its check symbol is wrong.
    Member,
    /// The type is not `FNR`, `DNR`, `DUF` or `JOURNAL`.
    Type,
    /// The number can't be one of this type: its length or its control digits.
    Number(&'static str),
    /// The number stands in this earlier line with another member.
    Twice(usize),
}

/// A fault and its place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyProblem {
    /// The line, from 1.
    pub line: usize,
    /// The column's header.
    pub column: &'static str,
    /// What is wrong.
    pub fault: KeyFault,
}

const COLUMNS: [&str; 3] = ["member_id", "id_type", "id_value"];

/// The kinds of numbers; FNR and DNR are looked up together, since a person may have had both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Personal,
    Duf,
    Journal,
}

/// Numbers and the members they stand for. Its `Debug` shows how many, never which.
#[derive(Default)]
pub struct Key {
    numbers: BTreeMap<(Kind, Vec<u8>), (String, usize)>,
    members: BTreeMap<String, bool>,
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Key").field("members", &self.members.len()).finish_non_exhaustive()
    }
}

/// Whom a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found<'k> {
    /// This member.
    Member(&'k str),
    /// Nobody in the key.
    Nobody,
    /// Two members; or a member by one number whose national id in the key is another.
    Conflict,
}

impl Key {
    /// Reads a key.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with it, by line.
    pub fn read(bytes: &[u8]) -> Result<Self, Vec<KeyProblem>> {
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let at_top = |column, fault| vec![KeyProblem { line: 1, column, fault }];
        let unreadable = || at_top("", KeyFault::Unreadable);
        if bytes.contains(&0) {
            return Err(unreadable());
        }
        let first = bytes.split(|it| *it == b'\n').next().unwrap_or_default();
        let of = |delimiter: &&u8| first.split(|it| it == *delimiter).count();
        let delimiter = b";\t,".iter().max_by_key(of).copied().unwrap_or(b';');
        let mut reader =
            csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(bytes);
        let headers = reader.byte_headers().map_err(|_| unreadable())?.clone();
        let place = |name: &&str| {
            let is = |it: &[u8]| it.trim_ascii().eq_ignore_ascii_case(name.as_bytes());
            headers.iter().position(is)
        };
        let missing: Vec<KeyProblem> = COLUMNS
            .iter()
            .filter(|name| place(name).is_none())
            .flat_map(|name| at_top(name, KeyFault::NoColumn(name)))
            .collect();
        if !missing.is_empty() {
            return Err(missing);
        }
        let places = COLUMNS.map(|name| place(&name).unwrap_or(usize::MAX));
        let (mut key, mut problems) = (Self::default(), Vec::new());
        for row in reader.byte_records() {
            let row = row.map_err(|_| unreadable())?;
            let line = row.position().map_or(0, |it| usize::try_from(it.line()).unwrap_or(0));
            let [member, id_type, value] =
                places.map(|at| latin(row.get(at).unwrap_or_default().trim_ascii()));
            if [&member, &id_type, &value].iter().all(|it| it.is_empty()) {
                continue;
            }
            if let Err((column, fault)) = key.add(line, member, (&id_type, &value)) {
                problems.push(KeyProblem { line, column, fault });
            }
        }
        if problems.is_empty() && key.members.is_empty() {
            problems = at_top("", KeyFault::Empty);
        }
        if problems.is_empty() { Ok(key) } else { Err(problems) }
    }

    fn add(
        &mut self,
        line: usize,
        member: Vec<u8>,
        (id_type, value): (&[u8], &[u8]),
    ) -> Result<(), (&'static str, KeyFault)> {
        let member = String::from_utf8(member).ok().map(|it| it.to_uppercase());
        let member = member.filter(|it| is_member(it)).ok_or(("member_id", KeyFault::Member))?;
        let wrong = |kind| ("id_value", KeyFault::Number(kind));
        let number = match id_type.to_ascii_uppercase().as_slice() {
            b"FNR" => (Kind::Personal, personal(value).ok_or(wrong("FNR"))?),
            b"DNR" => (Kind::Personal, personal(value).ok_or(wrong("DNR"))?),
            b"DUF" => (Kind::Duf, duf(value).ok_or(wrong("DUF"))?),
            b"JOURNAL" => (Kind::Journal, journal(value).ok_or(wrong("JOURNAL"))?),
            _ => return Err(("id_type", KeyFault::Type)),
        };
        let personal = number.0 == Kind::Personal;
        if let Some((other, at)) = self.numbers.get(&number) {
            if *other != member {
                return Err(("id_value", KeyFault::Twice(*at)));
            }
        } else {
            self.numbers.insert(number, (member.clone(), line));
        }
        *self.members.entry(member).or_default() |= personal;
        Ok(())
    }

    /// The members of the key, in order.
    pub fn members(&self) -> impl Iterator<Item = &str> {
        self.members.keys().map(String::as_str)
    }

    /// Whom a record with these numbers is about; each may be blank.
    pub(super) fn find(
        &self,
        national: &[u8],
        duf_number: &[u8],
        journal_number: &[u8],
    ) -> Found<'_> {
        let national = personal(national);
        let numbers = [
            national.clone().map(|it| (Kind::Personal, it)),
            duf(duf_number).map(|it| (Kind::Duf, it)),
            journal(journal_number).map(|it| (Kind::Journal, it)),
        ];
        let [by_national, by_duf, by_journal] =
            numbers.map(|number| Some(self.numbers.get(&number?)?.0.as_str()));
        let mut found = [by_national, by_duf, by_journal].into_iter().flatten();
        let Some(member) = found.next() else { return Found::Nobody };
        let other_number = national.is_some()
            && by_national.is_none()
            && self.members.get(member).is_some_and(|has_personal| *has_personal);
        if other_number || found.any(|it| it != member) {
            return Found::Conflict;
        }
        Found::Member(member)
    }
}

/// One byte a letter, as in the records.
fn latin(bytes: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.chars().map(|c| u8::try_from(c).unwrap_or(b'?')).collect(),
        Err(_) => bytes.to_vec(),
    }
}

fn is_member(id: &str) -> bool {
    let prefix = id.get(..3).unwrap_or_default();
    split_member(id).is_some_and(|(family, _)| verify_family(family, prefix).is_ok())
}

/// Digits without the separators that people write.
fn digits(value: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = value.iter().copied().filter(|it| !b" .-".contains(it)).collect();
    digits.iter().all(u8::is_ascii_digit).then_some(digits)
}

/// A fødselsnummer or D-number with valid control digits; one that lost its leading 0 gets it back.
fn personal(value: &[u8]) -> Option<Vec<u8>> {
    let mut digits = digits(value)?;
    if digits.len() == 10 {
        digits.insert(0, b'0');
    }
    let text = std::str::from_utf8(&digits).ok()?;
    (digits.len() == 11 && national_id::found_in(text, false)).then(|| digits.clone())
}

/// A DUF number: the last two of its twelve digits are the weighted sum of the others mod 11.
fn duf(value: &[u8]) -> Option<Vec<u8>> {
    let digits = digits(value).filter(|it| it.len() == 12)?;
    let number = |it: &u8| u32::from(it - b'0');
    let weights = [4, 6, 3, 2, 4, 6, 3, 2, 7, 5];
    let sum: u32 = digits.iter().zip(weights).map(|(digit, weight)| number(digit) * weight).sum();
    let control = digits.iter().skip(10).fold(0, |all, digit| all * 10 + number(digit));
    (sum % 11 == control).then_some(digits)
}

/// A journal number of up to eight characters. Excel and registers differ in leading zeros.
pub(super) fn journal(value: &[u8]) -> Option<Vec<u8>> {
    let value = value.trim_ascii().to_ascii_uppercase();
    if value.is_empty() || value.len() > 8 {
        return None;
    }
    let zeros = value.iter().take_while(|it| **it == b'0').count();
    let numeric = value.iter().all(u8::is_ascii_digit);
    let kept = if numeric { value.get(zeros..).unwrap_or_default() } else { &value };
    (!kept.is_empty()).then(|| kept.to_vec())
}

/// The year of birth that a valid fødselsnummer or D-number of before 2032 tells.
pub(super) fn birth_year(national: &[u8]) -> Option<i32> {
    let digits = personal(national)?;
    let part = |from: usize, to: usize| -> Option<i32> {
        std::str::from_utf8(digits.get(from..to)?).ok()?.parse().ok()
    };
    let (year, own) = (part(4, 6)?, part(6, 9)?);
    Some(match own {
        500..=999 if year <= 39 => 2000 + year,
        500..=749 if year >= 54 => 1800 + year,
        0..=499 | 900..=999 => 1900 + year,
        _ => return None,
    })
}

/// Whether a text is a valid national id, in the form by which two are the same.
pub(super) fn valid_national(value: &[u8]) -> Option<Vec<u8>> {
    (value.len() == 11).then(|| personal(value)).flatten()
}
