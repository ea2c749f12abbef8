//! What `lodd-panel` finds wrong in a protocol, in Norwegian and English.

use lodd_panel::{Mistake, MistakeKind, expression::Reason};

use crate::text::{Text, say};

/// The mistake as a sentence.
pub(crate) fn sentence(mistake: &Mistake) -> Text {
    let en = mistake.kind.to_string();
    let nb = match &mistake.kind {
        MistakeKind::Expression(refusal) => return reason(&refusal.reason),
        MistakeKind::BadName { name, .. } => format!(
            "`{name}` må være 1 til 32 bokstaver, sifre og `_`, en bokstav først, og ikke et ord som uttrykk bruker"
        ),
        MistakeKind::DuplicateName { name, first } => {
            format!("`{name}` må stå én gang; `{first}` har det alt")
        }
        MistakeKind::UnusedParameter { name } => {
            format!("parameteren `{name}` er ikke brukt i uttrykket")
        }
        MistakeKind::UnknownOutcome { id, candidates } => {
            format!("det finnes ikke noe utfall `{id}`{}", meant(candidates))
        }
        MistakeKind::UnknownVersion { id, max, found } => {
            format!("`{id}` har definisjoner til og med versjon {max}; versjon {found} finnes ikke")
        }
        MistakeKind::WrongOutcome { id, expected, found } => {
            format!("`{id}` må være et ja/nei-utfall for {expected}, ikke {found}")
        }
        MistakeKind::Empty => "må ha minst ett innslag".to_owned(),
        MistakeKind::OutOfRange { min, max, found } => {
            format!("må være fra {min} til {max}, ikke {found}")
        }
        MistakeKind::NoDefaultWindow { horizon } => {
            format!(
                "horisonten `{horizon}` har ikke noe standardvindu: `low_days` og `high_days` må stå"
            )
        }
        MistakeKind::BaselineAfterDraw => {
            "horisont `0` må slutte på trekningsdagen: `high_days` kan ikke være over 0".to_owned()
        }
        MistakeKind::Overlap { first, second, when } => {
            format!("horisontene `{first}` og `{second}` må ikke overlappe: {when}")
        }
        MistakeKind::BeforeDraw { horizon, drawn_on } => {
            format!("horisonten `{horizon}` må komme etter trekningen {drawn_on}")
        }
        MistakeKind::DateOutOfRange => "datoen ligger utenfor kalenderen".to_owned(),
        _ => en.clone(),
    };
    Text::new(nb, en)
}

/// Why an expression is refused.
fn reason(reason: &Reason) -> Text {
    let en = reason.to_string();
    let nb = match reason {
        Reason::Empty => "uttrykket må ikke være tomt".to_owned(),
        Reason::NotAllowed { found } => {
            return say!(
                "`{found}` kan ikke brukes; tillatt er kolonner, heltall, 'tekster', :parametre, AND OR NOT, sammenligninger, IN, BETWEEN, IS NULL, CASE, + - *",
                nn "`{found}` kan ikkje brukast; tillate er kolonnar, heiltal, 'tekstar', :parametrar, AND OR NOT, samanlikningar, IN, BETWEEN, IS NULL, CASE, + - *",
                "{en}"
            );
        }
        Reason::UnknownName { name, candidates } => {
            format!("det finnes ikke noe `{name}`{}", meant(candidates))
        }
        Reason::UnknownParameter { name, candidates } => {
            format!("det finnes ingen parameter `:{name}`{}", meant(candidates))
        }
        Reason::UnknownCode { name, code, candidates } => {
            format!("`{name}` kan ikke være `{code}`{}", meant(candidates))
        }
        Reason::Number { found } => format!("et heltall må ha høyst ni sifre, ikke `{found}`"),
        Reason::Syntax { message } => format!("uttrykket kan ikke leses: {message}"),
        _ => en.clone(),
    };
    Text::new(nb, en)
}

fn meant(candidates: &[String]) -> String {
    if candidates.is_empty() {
        return String::new();
    }
    let quoted: Vec<String> = candidates.iter().map(|it| format!("`{it}`")).collect();
    format!("; mente du {}?", quoted.join(", "))
}
