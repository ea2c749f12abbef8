//! The code lists of the sheets of events, with their labels.

use crate::variable::Code;

/// Why a member came: the first two and `ANNET`; why one left: all but the first two.
pub fn member_reasons() -> Vec<Code> {
    vec![
        Code::new("FODT", "Født", "Born").in_nynorsk("Fødd"),
        Code::new("FLYTTET_INN", "Flyttet inn", "Moved in").in_nynorsk("Flytta inn"),
        Code::new("FLYTTET_UT", "Flyttet ut", "Moved out").in_nynorsk("Flytta ut"),
        Code::new("DOD", "Død", "Died"),
        Code::new("SAMLIVSBRUDD", "Samlivsbrudd", "The couple parted").in_nynorsk("Samlivsbrot"),
        Code::new("ANNET", "Annet", "Other").in_nynorsk("Anna"),
    ]
}

/// Whether a reason of [`member_reasons`] can be one to come for.
pub fn is_to_come(code: &str) -> bool {
    ["FODT", "FLYTTET_INN", "ANNET"].contains(&code)
}

/// Whether a reason of [`member_reasons`] can be one to leave for.
pub fn is_to_leave(code: &str) -> bool {
    !["FODT", "FLYTTET_INN"].contains(&code)
}

/// What a consent is to.
pub fn consents() -> Vec<Code> {
    vec![
        Code::new("FORSKNING", "Forskning", "Research").in_nynorsk("Forsking"),
        Code::new("TILTAK", "Tiltaket", "The follow-up"),
    ]
}

/// The answer to a question for consent.
pub fn answers() -> Vec<Code> {
    vec![Code::new("JA", "Ja", "Yes"), Code::new("NEI", "Nei", "No")]
}

/// Why follow-up ended.
pub fn end_reasons() -> Vec<Code> {
    vec![
        Code::new("FULLFORT", "Fullført", "Carried through"),
        Code::new("EGET_ONSKE", "Familiens eget ønske", "The family's own wish")
            .in_nynorsk("Familien sitt eige ønske"),
        Code::new("FLYTTET", "Flyttet", "Moved").in_nynorsk("Flytta"),
        Code::new("IKKE_NADD", "Ikke nådd", "Not reached").in_nynorsk("Ikkje nådd"),
        Code::new("ANNET", "Annet", "Other").in_nynorsk("Anna"),
    ]
}

/// How what was done differs from what was drawn.
pub fn deviations() -> Vec<Code> {
    vec![
        Code::new("KRYSSET_OVER", "Fikk det en annen gruppe var trukket til", "Crossed over")
            .in_nynorsk("Fekk det ei anna gruppe var trekt til"),
        Code::new("KONTROLL_FULGT_OPP", "Kontrollfamilie fulgt opp", "Control family followed up")
            .in_nynorsk("Kontrollfamilie følgd opp"),
        Code::new("SEN_BASELINE", "Startmåling etter trekningen", "Baseline after the draw")
            .in_nynorsk("Startmåling etter trekninga"),
        Code::new("ANNET", "Annet avvik", "Another deviation").in_nynorsk("Anna avvik"),
    ]
}
