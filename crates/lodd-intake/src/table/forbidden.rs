//! Columns that must not be delivered: names and the like (P05), and the arm (K08).

use super::{Layout, Table};
use crate::{catalogue, finding::Finding, normal::fold_header};

/// Words of a header, folded, that stand for personal data.
const PERSONAL: [&str; 26] = [
    "navn",
    "fornavn",
    "etternavn",
    "mellomnavn",
    "name",
    "surname",
    "firstname",
    "lastname",
    "fodselsdato",
    "fodt",
    "fodselsnummer",
    "fodselsnr",
    "fnr",
    "personnummer",
    "personnr",
    "dnr",
    "duf",
    "adresse",
    "gateadresse",
    "address",
    "telefon",
    "tlf",
    "mobil",
    "epost",
    "email",
    "journalnummer",
];

/// Words of a header, folded, that stand for the arm.
const ARM: [&str; 16] = [
    "gruppe",
    "arm",
    "tiltak",
    "kontroll",
    "tiltaksgruppe",
    "kontrollgruppe",
    "trekning",
    "trekningsresultat",
    "loddtrekning",
    "behandling",
    "intervensjon",
    "randomisering",
    "randomisert",
    "treatment",
    "control",
    "group",
];

/// The finding for a header that is not in the layout, if it must not be there.
pub(super) fn find(
    table: &Table<'_>,
    layout: &Layout,
    column: u32,
    header: &str,
) -> Option<Finding> {
    let folded = fold_header(header);
    let has = |word: &str| folded.split(|c: char| !c.is_alphanumeric()).any(|it| it == word);
    // The word shown is ours, not the file's: a header can hold a name.
    if let Some(word) = PERSONAL.iter().find(|word| has(word)) {
        return Some(table.finding(&catalogue::P05).at(column, 1).value(*word));
    }
    let labels = layout.secret.as_ref()?;
    let shows_arm = ARM.iter().any(|word| has(word)) || labels.contains(&folded);
    shows_arm.then(|| table.finding(&catalogue::K08).at(column, 1).in_column(header).value(header))
}
