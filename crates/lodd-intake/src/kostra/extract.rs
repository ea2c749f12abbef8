//! Reads a file against a key: monthly assistance of families, last contact of members.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, BufRead},
};

use super::{
    crosswalk::Contact,
    key::Key,
    layout::{Field, Form, Kind},
    lines::{Fault, Lines},
    pass::Pass,
    problem::{Problem, Problems, What},
};

/// What is asked of a file.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// The year it must be of; `None` takes its own word.
    pub year: Option<u16>,
    /// The form; `None` goes by what the first record looks like.
    pub form: Option<Form>,
    /// Whether it is the municipality's whole file of the year.
    pub complete: bool,
    /// This year: only one that is over can be complete.
    pub this_year: u16,
}

/// A family's month with assistance: the sums over its members.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidMonth {
    /// The family.
    pub family_id: String,
    /// 1 to 12.
    pub month: u8,
    /// Grants, whole NOK.
    pub grant: i64,
    /// Loans, whole NOK.
    pub loan: i64,
}

/// What a file says of the members of the key.
#[derive(Clone, Debug)]
pub struct Extract {
    /// The form.
    pub form: Form,
    /// The year.
    pub year: u16,
    /// The municipality, four digits.
    pub municipality: String,
    /// Whether it is the municipality's whole file.
    pub complete: bool,
    /// Records in the file.
    pub records: usize,
    /// Records of persons who are not in the key: left out.
    pub left_out: usize,
    /// Members of the key that stand in the file.
    pub found: BTreeSet<String>,
    /// The months with assistance, by family and month; none of 11CF.
    pub months: Vec<PaidMonth>,
    /// Every family of the key with its members in the key, and whether all its months are known.
    pub families: BTreeMap<String, (Vec<String>, bool)>,
    /// Values at last contact, by member and variable.
    pub contacts: Vec<Contact>,
    /// Warnings.
    pub problems: Problems,
}

/// Why a file gives nothing.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    /// It can't be read from the disk.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// What is wrong with it.
    #[error("the file is refused")]
    Found(Problems),
}

/// The last two digits of the year: in the same columns every year.
pub(super) const VERSION: Field = Field { name: "VERSION", from: 5, size: 2, kind: Kind::Text };

/// Reads a file, line by line.
///
/// # Errors
///
/// All findings if any stops it; or the disk's error.
pub fn read(source: impl BufRead, key: &Key, wish: &Wish) -> Result<Extract, Refused> {
    let mut lines = Lines::new(source);
    let mut pass: Option<Pass<'_>> = None;
    let mut problems = Problems::default();
    while let Some((number, line)) = lines.next()? {
        let columns = match line {
            Ok(columns) => columns,
            Err(fault) => {
                problems.push(Problem { what: what(fault), place: Some((number, 1)), field: None });
                if fault == Fault::OtherEncoding {
                    continue;
                }
                break;
            }
        };
        if columns.is_empty() {
            continue;
        }
        if pass.is_none() {
            pass = Pass::new(columns, key, *wish);
        }
        let Some(pass) = &mut pass else {
            let place = Some((number, VERSION.from));
            problems.push(Problem { what: What::Version, place, field: Some(VERSION.name) });
            break;
        };
        pass.record(number, columns, &mut problems);
    }
    match pass {
        Some(pass) => pass.finish(problems),
        None if problems.stop() => Err(Refused::Found(problems)),
        None => {
            problems.push(Problem::of_file(What::Empty));
            Err(Refused::Found(problems))
        }
    }
}

fn what(fault: Fault) -> What {
    match fault {
        Fault::NotText => What::NotText,
        Fault::TooLong => What::TooLong,
        Fault::OtherEncoding => What::OtherEncoding,
    }
}
