//! The cells of a row that hold variables.

use crate::{
    catalogue,
    codes::{MISSING, NONE_OF_THEM, YES_NO},
    field::{Content, Field, Noted, code, content, exact, note, one_code, text, whole},
    finding::Finding,
    normal::fold_code,
    table::At,
    variable::{CLEAR, Code, Kind, Value, Variable},
};

/// Variables that say something, by name.
pub(super) type Values = Vec<(String, Value)>;

/// What a cell says of a variable. Noted when it can't be read.
pub(super) fn of(
    at: &At<'_>,
    variable: &Variable,
    notes: &mut Vec<Finding>,
) -> Result<Values, Noted> {
    let every = |value: &Value| match &variable.kind {
        Kind::Several(options) => {
            let name = |option: &Code| option_name(variable, option);
            options.iter().map(|option| (name(option), value.clone())).collect()
        }
        Kind::Code(_) | Kind::YesNo | Kind::Integer { .. } => {
            vec![(variable.name.clone(), value.clone())]
        }
    };
    // A first look, without its notes: the reader of the kind says what is wrong.
    match content(at, &mut Vec::new()) {
        Ok(Content::Blank) => return Ok(Vec::new()),
        Ok(Content::Text(text)) => {
            let folded = fold_code(&text);
            if folded == CLEAR {
                return Ok(every(&Value::Clear));
            }
            if let Some(missing) = exact(&text, &MISSING) {
                return Ok(every(&Value::Missing(missing.code.clone())));
            }
        }
        _ => {}
    }
    let value = match &variable.kind {
        Kind::Code(codes) => code(at, codes, notes)?.map(Value::Code),
        Kind::YesNo => yes_no(at, notes)?.map(Value::Code),
        Kind::Integer { min, max } => whole(at, *min, *max, notes)?.map(Value::Number),
        Kind::Several(options) => return several(at, variable, options, notes),
    };
    Ok(value.iter().flat_map(every).collect())
}

fn option_name(variable: &Variable, option: &Code) -> String {
    format!("{}_{}", variable.name, option.code)
}

fn yes_no(at: &At<'_>, notes: &mut Vec<Finding>) -> Field<String> {
    code(at, &YES_NO, notes)
}

/// Options with commas between, or `INGEN` alone: `J` for each named, `N` for the others.
fn several(
    at: &At<'_>,
    variable: &Variable,
    options: &[Code],
    notes: &mut Vec<Finding>,
) -> Result<Values, Noted> {
    let Some(written) = text(at, notes)? else { return Ok(Vec::new()) };
    let mut valid = options.to_vec();
    valid.push(NONE_OF_THEM.clone());
    let mut named = Vec::new();
    for part in written.split([',', ';']).filter(|part| !part.trim().is_empty()) {
        named.push(one_code(at, part, &valid, notes)?);
    }
    if named.len() > 1 && named.iter().any(|it| it == "INGEN") {
        let codes: Vec<&str> = options.iter().map(|it| it.code.as_str()).collect();
        return note(at.finding(&catalogue::D10).expected(codes.join(", ")), notes);
    }
    let answer = |option: &Code| {
        let yes = named.contains(&option.code);
        let answer = if yes { "J" } else { "N" };
        (option_name(variable, option), Value::Code(answer.to_owned()))
    };
    Ok(options.iter().map(answer).collect())
}
