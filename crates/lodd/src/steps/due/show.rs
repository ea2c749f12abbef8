//! What `lodd due` prints.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Owed, State, owed};
use crate::{
    answer::Answer,
    clock::date_text,
    problem::Failure,
    protocol::Protocol,
    steps::{Context, known_office},
    text::{Text, count, say},
};

impl State {
    fn words(self) -> Text {
        match self {
            Self::Later => Text::new("senere", "later").nn("seinare"),
            Self::Open => Text::new("kan leveres nå", "can be delivered now").nn("kan leverast no"),
            Self::Reported => Text::new("levert", "reported").nn("levert"),
            Self::Ended => Text::new("avsluttet", "ended").nn("avslutta"),
            Self::Overdue => Text::new("FRISTEN ER UTE", "OVERDUE").nn("FRISTEN ER UTE"),
        }
    }
}

/// Lists what is owed.
///
/// # Errors
///
/// Refused for an office that is not in the pilot.
pub(crate) fn run(context: &Context, office: Option<&str>) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    if let Some(office) = office {
        known_office(&protocol, office)?;
    }
    let owed = owed(&pilot, &protocol, office, context.clock.today()?)?;
    let json = json!({ "due": owed.iter().map(to_json).collect::<Vec<_>>() });
    Ok(Answer::new(Text::lines(lines(&owed, &protocol)), json))
}

fn to_json(owed: &Owed) -> Value {
    json!({
        "family": owed.family_id,
        "office": owed.office_id,
        "draw": owed.draw,
        "horizon": owed.horizon,
        "target": owed.target.to_string(),
        "window_low": owed.window_low.to_string(),
        "window_high": owed.window_high.to_string(),
        "due_on": owed.due_on.to_string(),
        "state": owed.state.code(),
        "units": owed.units.len(),
        "missing": owed.missing().map(|it| it.id.as_str()).collect::<Vec<_>>(),
    })
}

/// A heading a draw, office and horizon, with the families that are missing below it.
fn lines(owed: &[Owed], protocol: &Protocol) -> Vec<Text> {
    if owed.is_empty() {
        return vec![
            Text::new("Ingen er trukket ennå.", "Nobody has been drawn yet.")
                .nn("Ingen er trekt enno."),
        ];
    }
    let mut groups: BTreeMap<(i64, &str, Date), Vec<&Owed>> = BTreeMap::new();
    for it in owed {
        groups.entry((it.draw, &it.office_id, it.target)).or_default().push(it);
    }
    let mut lines = Vec::new();
    for ((draw, office, target), group) in groups {
        let Some(first) = group.first() else { continue };
        let number =
            |states: &[State]| count(group.iter().filter(|it| states.contains(&it.state)).count());
        let (all, told) = (count(group.len()), number(&[State::Reported, State::Ended]));
        let overdue = number(&[State::Overdue]);
        let (low, high) = (date_text(first.window_low), date_text(first.window_high));
        let (target, due) = (date_text(target), date_text(first.due_on));
        let (office, horizon) = (protocol.office_name(office), horizon_words(&first.horizon));
        lines.push(Text::new(
            format!(
                "{office}, trekning {draw}, {}: {} (vindu {}–{}), frist {}",
                horizon.nb, target.nb, low.nb, high.nb, due.nb
            ),
            format!(
                "{office}, draw {draw}, {}: {} (window {}–{}), due {}",
                horizon.en, target.en, low.en, high.en, due.en
            ),
        ));
        lines.push(say!(
            "  {told} av {all} familier levert, {overdue} over fristen",
            nn "  {told} av {all} familiar leverte, {overdue} over fristen",
            "  {told} of {all} families reported, {overdue} overdue"
        ));
        let waiting = |it: &&&Owed| matches!(it.state, State::Open | State::Overdue);
        lines.extend(group.iter().filter(waiting).map(|it| missing_line(it)));
    }
    lines
}

fn missing_line(owed: &Owed) -> Text {
    let (family, state) = (&owed.family_id, owed.state.words());
    let (missing, all) = (owed.missing().count(), owed.units.len());
    let what = if owed.is_untouched() {
        Text::new("ingenting er levert", "nothing reported").nn("ingenting er levert")
    } else {
        say!(
            "mangler {missing} av {all} rader",
            nn "manglar {missing} av {all} rader",
            "{missing} of {all} rows missing"
        )
    };
    Text::new(
        format!("    {family:<14} {:<15} {}", state.nb, what.nb),
        format!("    {family:<14} {:<20} {}", state.en, what.en),
    )
}

/// A horizon as people say it.
pub(crate) fn horizon_words(horizon: &str) -> Text {
    match horizon.parse::<u32>() {
        Ok(0) => Text::new("start", "start").nn("start"),
        Ok(1) => Text::new("1 måned", "1 month").nn("1 månad"),
        Ok(months) => say!("{months} måneder", nn "{months} månader", "{months} months")
            .nn(format!("{months} månader")),
        Err(_) => match horizon.parse::<Date>() {
            Ok(date) => date_text(date),
            Err(_) => Text::same(horizon),
        },
    }
}
