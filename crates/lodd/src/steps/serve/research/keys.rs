//! The keys: whose there are, and new ones in their place.

use lodd_server::{Block, Cell, Deed, Done, FieldKind, Filled, Form, Sheet, View};
use lodd_store::{Pilot, pilot::KeyState, vault::PILOT};
use serde_json::Value;

use super::{
    super::parts::{field, form, heading, hint, plain, table, words as said},
    back, refused, with_links,
};
use crate::{
    problem::Failure,
    steps::{Context, key, words},
    text::{Text, say},
};

/// How the pilot's own key is called in the form: no office can be.
const OF_PILOT: &str = "*";

fn name(office: Option<&str>) -> Text {
    match office {
        None => say!("Piloten selv", nn "Piloten sjølv", "The pilot itself"),
        Some(office) => say!("Kontoret {office}", nn "Kontoret {office}", "Office {office}"),
    }
}

fn office(it: &KeyState) -> Option<&str> {
    (it.office_id != PILOT).then_some(it.office_id.as_str())
}

/// The keys, and the form that changes them; says nothing of where they lie.
pub(super) fn section(context: &Context, pilot: &Pilot) -> Result<Vec<Block>, Failure> {
    let lang = context.lang;
    let keys = pilot.keys().map_err(|error| words::store(&error))?;
    let title = say!("Nøkler", nn "Nøklar", "Keys");
    let row = |it: &KeyState| {
        let there = if it.fault.is_none() {
            say!("på plass", nn "på plass", "there")
        } else {
            say!("MANGLER eller er en annen", nn "MANGLAR eller er ein annan", "MISSING or another")
        };
        vec![
            said(lang, &name(office(it))),
            Cell::Number(it.version.to_string()),
            Cell::Number(crate::text::count(it.families)),
            said(lang, &there),
        ]
    };
    let mut blocks = vec![heading(lang, &title)];
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    let caption = say!(
        "Nøklene som alt er kryptert med",
        nn "Nøklane som alt er kryptert med",
        "The keys that everything is encrypted with"
    );
    let head = [
        say!("Nøkkelen til", nn "Nøkkelen til", "The key of"),
        say!("Versjon", nn "Versjon", "Version"),
        say!("Familier", nn "Familiar", "Families"),
        say!("Fila", nn "Fila", "The file"),
    ];
    blocks.push(table(lang, &caption, head, keys.iter().map(row).collect()));
    blocks.push(Block::Form(change(context, &keys)));
    Ok(blocks)
}

fn change(context: &Context, keys: &[KeyState]) -> Form {
    let lang = context.lang;
    let title = say!("Bytt nøkkel", nn "Byt nøkkel", "Change a key");
    let button = say!("Be om å bytte", nn "Be om å byte", "Ask to change");
    let why = say!(
        "Det må to personer til. Alt pakkes om med den nye nøkkelen; gamle sikkerhetskopier åpnes fortsatt med den gamle, som ligger ved siden av.",
        nn "Det må to personar til. Alt blir pakka om med den nye nøkkelen; gamle sikkerheitskopiar blir framleis opna med den gamle, som ligg ved sida av.",
        "It takes two persons. Everything is wrapped anew with the new key; old backups still open with the old one, which lies beside."
    );
    let label = say!("Nøkkelen til", nn "Nøkkelen til", "The key of");
    let all = say!("Tomt: alle.", nn "Tomt: alle.", "Empty: everyone's.");
    let code = |it: &KeyState| office(it).unwrap_or(OF_PILOT).to_owned();
    let choices = keys.iter().map(|it| (code(it), plain(lang, &name(office(it)))));
    let which = field(lang, "office", FieldKind::Choice(choices.collect()), &label);
    let fields = vec![hint(lang, which, &all)];
    Form { why: Some(plain(lang, &why)), fields, ..form(lang, Deed::RotateKeys, &title, &button) }
}

/// Changes the keys, when two have said so. Files are named without their folders.
pub(super) fn rotate(context: &Context, filled: &Filled) -> Result<Done, Failure> {
    let lang = context.lang;
    let title = say!("Nøkkelbytte", nn "Nøkkelbyte", "Change of keys");
    let which = filled.get("office").map(|it| if it == OF_PILOT { PILOT } else { it });
    let answer = match known(context, which).and_then(|()| key::rotate(context, which)) {
        Ok(answer) => answer,
        Err(failure @ Failure::Refused { .. }) => {
            return refused(context, &title, failure, View::Draws);
        }
        Err(failure) => return Err(failure),
    };
    let rotated = answer.json.get("rotated").and_then(Value::as_array);
    let all = rotated.map_or(&[][..], Vec::as_slice);
    let row = |it: &Value| {
        let number = |key: &str| Cell::Number(it[key].to_string());
        let file = it["old"].as_str().map(std::path::Path::new);
        let old = file.map_or_else(|| "–".to_owned(), crate::steps::file_name);
        vec![
            said(lang, &name(it["office"].as_str())),
            number("version"),
            number("families"),
            Cell::Code(old),
        ]
    };
    let text = say!("Nøklene er byttet.", nn "Nøklane er bytte.", "The keys are changed.");
    let caption = say!("De nye nøklene", nn "Dei nye nøklane", "The new keys");
    let head = [
        say!("Nøkkelen til", nn "Nøkkelen til", "The key of"),
        say!("Versjon", nn "Versjon", "Version"),
        say!("Familier pakket om", nn "Familiar pakka om", "Families wrapped anew"),
        say!("Den gamle, ved siden av", nn "Den gamle, ved sida av", "The old one, beside it"),
    ];
    let blocks = vec![
        Block::Outcome { good: true, text: plain(lang, &text) },
        table(lang, &caption, head, all.iter().map(row).collect()),
    ];
    let sheet = Sheet { title: plain(lang, &title), lead: None, blocks };
    Ok(with_links(Done { good: true, sheet }, vec![back(context, View::Draws)]))
}

/// Refuses the key of an office that has none.
fn known(context: &Context, office: Option<&str>) -> Result<(), Failure> {
    let keys = context.pilot()?.keys().map_err(|error| words::store(&error))?;
    if office.is_none_or(|it| keys.iter().any(|key| key.office_id == it)) {
        return Ok(());
    }
    Err(Failure::policy(say!(
        "kontoret har ingen nøkkel å bytte",
        nn "kontoret har ingen nøkkel å byte",
        "the office has no key to change"
    )))
}

/// Whose key would be changed.
pub(super) fn describe(context: &Context, filled: &Filled) -> String {
    let said = match filled.get("office") {
        None => say!(
            "Bytt nøkkelen til hvert kontor og til piloten selv",
            nn "Byt nøkkelen til kvart kontor og til piloten sjølv",
            "Change the key of every office and of the pilot itself"
        ),
        Some(OF_PILOT) => say!(
            "Bytt pilotens egen nøkkel",
            nn "Byt nøkkelen til piloten sjølv",
            "Change the pilot's own key"
        ),
        Some(office) => say!(
            "Bytt nøkkelen til kontoret {office}",
            nn "Byt nøkkelen til kontoret {office}",
            "Change the key of office {office}"
        ),
    };
    plain(context.lang, &said)
}
