//! The sheets of what happened to families.

use super::{Asked, Fill, Sheet, ask, list, of_events};
use crate::write::words::Phrased;

/// What happened to families, of both arms alike.
pub(in crate::write) fn events() -> Vec<Sheet> {
    [("Familiemedlemmer", MEMBERS), ("Flytting", MOVES), ("Samtykke", CONSENTS)]
        .map(|(name, asked)| of_events(name, asked))
        .into()
}

const MEMBER: Phrased = Phrased::new("Personen", "Personen", "The person");
const FAMILY: Phrased = Phrased::new("Familien", "Familien", "The family");

const MEMBERS: &[Asked] = &[
    ask(
        "medlem_id",
        Fill::Fixed,
        18.0,
        Phrased::new(
            "Personen. Nye får familiens ID og neste nummer: -A3 for en voksen, -B4 for et barn",
            "Personen. Nye får ID-en til familien og neste nummer: -A3 for ein vaksen, -B4 for eit barn",
            "The person. Somebody new gets the family's id and the next number: -A3, -B4",
        ),
    ),
    ask("familie_id", list("familie_id"), 16.0, FAMILY),
    ask(
        "rolle",
        list("rolle"),
        15.0,
        Phrased::new("Rollen i familien", "Rolla i familien", "The role in the family"),
    ),
    ask(
        "fodselsar",
        Fill::Whole { min: 1900, max: 2100 },
        11.0,
        Phrased::new("Bare året, aldri datoen", "Berre året, aldri datoen", "The year only"),
    ),
    ask(
        "fra_dato",
        Fill::Date,
        12.0,
        Phrased::new(
            "Første dag i familien, for en ny person",
            "Første dag i familien, for ein ny person",
            "First day in the family, of somebody new",
        ),
    ),
    ask(
        "til_dato",
        Fill::Date,
        12.0,
        Phrased::new(
            "Siste dag i familien, for en som har gått ut",
            "Siste dag i familien, for ein som har gått ut",
            "Last day in the family, of somebody who left",
        ),
    ),
    ask("arsak", list("arsak"), 16.0, Phrased::new("Hvorfor", "Kvifor", "Why")),
];

const MOVES: &[Asked] = &[
    ask("familie_id", list("familie_id"), 16.0, FAMILY),
    ask(
        "dato",
        Fill::Date,
        12.0,
        Phrased::new("Dagen de flyttet", "Dagen dei flytta", "The day they moved"),
    ),
    ask(
        "til_kommune",
        Fill::Text,
        13.0,
        Phrased::new(
            "Kommunen de flyttet til, fire sifre",
            "Kommunen dei flytta til, fire siffer",
            "The municipality they moved to, four digits",
        ),
    ),
    ask(
        "til_kontor",
        list("kontor"),
        20.0,
        Phrased::new(
            "Kontoret som følger familien videre, hvis det er med i piloten",
            "Kontoret som følgjer familien vidare, om det er med i piloten",
            "The office that goes on with the family, if it is in the pilot",
        ),
    ),
];

const CONSENTS: &[Asked] = &[
    ask("medlem_id", list("medlem_id"), 18.0, MEMBER),
    ask(
        "type",
        list("samtykke"),
        14.0,
        Phrased::new("Hva det samtykkes til", "Kva det blir samtykt til", "Consent to what"),
    ),
    ask(
        "dato",
        Fill::Date,
        12.0,
        Phrased::new("Dagen svaret ble gitt", "Dagen svaret vart gitt", "The day it was given"),
    ),
    ask("svar", list("svar"), 10.0, Phrased::new("Ja eller nei", "Ja eller nei", "Yes or no")),
    ask(
        "trukket",
        Fill::Date,
        12.0,
        Phrased::new(
            "Dagen samtykket ble trukket",
            "Dagen samtykket vart trekt",
            "The day it was withdrawn",
        ),
    ),
];
