//! What needs a draw is refused, with its place, in a pilot without one.

use crate::{
    problem::{Failure, Place, Problem},
    protocol::{FILE, Protocol},
    text::{Text, say},
};

/// Refuses what needs a draw in a pilot whose protocol has none.
///
/// # Errors
///
/// Refused without `[draw]`.
pub(crate) fn check(protocol: &Protocol) -> Result<(), Failure> {
    if protocol.is_drawn() {
        return Ok(());
    }
    let place =
        Place { file: Some(FILE.to_owned()), field: Some("draw".to_owned()), ..Place::default() };
    let message = say!(
        "protokollfilen har ingen [draw], så her er det ingenting å trekke",
        nn "protokollfila har inga [draw], så her er det ingenting å trekkje",
        "the protocol file has no [draw], so there is nothing to draw"
    );
    let fix = say!(
        "skriv [draw] med armer og blokker; uten trekning regner `lodd report` ut tabellene alene",
        nn "skriv [draw] med armar og blokker; utan trekning reknar `lodd report` ut tabellane åleine",
        "write [draw] with arms and blocks; without a draw `lodd report` counts its tables alone"
    );
    let summary = Text::new("piloten har ingen trekning", "the pilot has no draw")
        .nn("piloten har inga trekning");
    Err(Failure::refused(summary, vec![Problem::new(place, message).fix(fix)]))
}
