//! What is said of the office's key: the line and the column, never a number.

use lodd_intake::kostra::{KeyFault, KeyProblem};

use crate::{
    problem::{Place, Problem},
    text::{Text, say},
};

const SHOWN_MAX: usize = 20;

/// What is wrong with a key, at most 20 of each kind.
pub(super) fn problems(file: &str, faults: &[KeyProblem]) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for it in faults {
        let code = code_of(&it.fault);
        let shown = problems.iter().filter(|it| it.code.as_deref() == Some(code)).count();
        if shown < SHOWN_MAX {
            problems.push(problem(file, it, code));
        } else if let Some(last) =
            problems.iter_mut().rev().find(|it| it.code.as_deref() == Some(code))
        {
            last.count = last.count.max(1) + 1;
        }
    }
    problems
}

fn code_of(fault: &KeyFault) -> &'static str {
    match fault {
        KeyFault::Unreadable => "R30",
        KeyFault::NoColumn(_) => "R31",
        KeyFault::Empty => "R32",
        KeyFault::Member => "R33",
        KeyFault::Type => "R34",
        KeyFault::Number(_) => "R35",
        KeyFault::Twice(_) => "R36",
    }
}

fn problem(file: &str, it: &KeyProblem, code: &str) -> Problem {
    let message = match &it.fault {
        KeyFault::Unreadable => {
            Text::new("filen kan ikke leses som csv", "the file can't be read as csv")
        }
        KeyFault::NoColumn(name) => {
            say!("kolonnen `{name}` mangler", "the column `{name}` is missing")
        }
        KeyFault::Empty => Text::new("nøkkelen har ingen rader", "the key has no rows"),
        KeyFault::Member => Text::new(
            "dette er ikke et medlems ID, eller kontrolltegnet er feil",
            "this is no member's id, or its check symbol is wrong",
        ),
        KeyFault::Type => Text::new(
            "typen må være FNR, DNR, DUF eller JOURNAL",
            "the type must be FNR, DNR, DUF or JOURNAL",
        ),
        KeyFault::Number(kind) => say!(
            "nummeret kan ikke være et {kind}: lengde eller kontrollsifre er feil (verdien vises ikke)",
            "the number can't be a {kind}: its length or control digits are wrong (the value is not shown)"
        ),
        KeyFault::Twice(line) => say!(
            "samme nummer står i linje {line} med et annet medlem",
            "the same number stands in line {line} with another member"
        ),
    };
    let fix = match &it.fault {
        KeyFault::Unreadable | KeyFault::NoColumn(_) | KeyFault::Empty => Text::new(
            "nøkkelen er en csv-fil med kolonnene member_id, id_type og id_value",
            "the key is a csv file with the columns member_id, id_type and id_value",
        ),
        _ => Text::new("rett raden i nøkkelen", "correct the row of the key"),
    };
    let field = (!it.column.is_empty()).then(|| it.column.to_owned());
    let place =
        Place { file: Some(file.to_owned()), line: Some((it.line, 1)), field, ..Place::default() };
    Problem { code: Some(code.to_owned()), ..Problem::new(place, message).fix(fix) }
}
