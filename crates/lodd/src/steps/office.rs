//! `lodd office add`: the lines that add an office to the protocol file. The file is written by hand,
//! so they are printed, not written: `lodd office add … >> pilot.toml`.

use serde_json::json;

use super::Context;
use crate::{
    answer::Answer,
    problem::Failure,
    protocol,
    text::{Text, say},
};

/// Prints the `[[office]]` of a new office, if the protocol can have it.
///
/// # Errors
///
/// Refused when the id is taken or no label, or the municipality's number is not four digits.
pub(crate) fn add(
    context: &Context,
    id: &str,
    name: &str,
    municipality: &str,
) -> Result<Answer, Failure> {
    let protocol = protocol::read(&context.dir)?;
    if !lodd_draw::is_label(id) {
        return Err(Failure::policy(say!(
            "`{id}` må være 1 til 64 av tegnene A-Z a-z 0-9 _ . -",
            "`{id}` must be 1 to 64 of the characters A-Z a-z 0-9 _ . -"
        )));
    }
    if protocol.offices.iter().any(|it| it.id.eq_ignore_ascii_case(id)) {
        return Err(Failure::policy(say!(
            "kontoret `{id}` er med i piloten fra før",
            "office `{id}` is in this pilot already"
        )));
    }
    if municipality.len() != 4 || !municipality.bytes().all(|it| it.is_ascii_digit()) {
        return Err(Failure::policy(say!(
            "--municipality må være fire sifre som 0301, fant `{municipality}`",
            "--municipality must be four digits like 0301, found `{municipality}`"
        )));
    }
    let quoted = |text: &str| json!(text).to_string();
    let lines = format!(
        "\n[[office]]\nid = {}\nname = {}\nmunicipality = {}",
        quoted(id),
        quoted(name),
        quoted(municipality)
    );
    let json = json!({ "id": id, "name": name, "municipality": municipality, "toml": lines });
    Ok(Answer::new(Text::same(lines), json))
}
