//! What has been published, and what can be: the public report, which two persons publish.

use std::{fs, path::Path};

use lodd_server::{Block, Cell, Deed, Field, FieldKind, Filled, Role, Sheet, View};
use serde_json::Value;

use super::{
    super::results_parts::{
        FormWords, field, form, grid, heading, hidden, moment_of, paragraph, said, sheet as page,
    },
    files, results,
};
use crate::{
    answer::Answer,
    hash::sha256_hex,
    problem::Failure,
    steps::{
        Context, read_file, release as releases,
        report::publish::{self, FOLDER, LIST},
        words,
    },
    text::{Lang, count, say},
};

/// The page: the register for all who may see it, what can be done for the evaluator.
pub(super) fn sheet(context: &Context, role: Option<Role>) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let mut blocks = register(context)?;
    let is_evaluator = role == Some(Role::Evaluator);
    blocks.push(heading(
        &say!("Den offentlige rapporten", nn "Den offentlege rapporten", "The public report"),
        lang,
    ));
    if is_evaluator {
        let mut fields = vec![hidden("edition", "public"), round_field(lang)];
        fields.extend(results::formats(lang));
        blocks.push(form(Deed::Report, &report_words(), fields, lang));
    }
    let [files, _] = files::public(context).links(lang)?;
    if let Some(sums) = sums(context)? {
        let text = say!(
            "Dette er skrevet og kan leses før det publiseres:",
            nn "Dette er skrive og kan lesast før det blir publisert:",
            "This is written and can be read before it is published:"
        );
        blocks.extend([paragraph(&text, lang), Block::Links(files)]);
        if is_evaluator {
            let fields = vec![hidden("sums", sums), label_field(lang)];
            blocks.push(form(Deed::Release, &release_words(), fields, lang));
        }
    } else {
        let text = say!(
            "Den er ikke skrevet ennå.",
            nn "Han er ikkje skriven enno.",
            "It has not been written yet."
        );
        blocks.push(paragraph(&text, lang));
    }
    page(context, &pilot, (&super::title(View::Releases), &protocol.title), blocks)
}

/// What `lodd release --list` says, as a table.
fn register(context: &Context) -> Result<Vec<Block>, Failure> {
    let lang = context.lang;
    let title = heading(&say!("Publisert", nn "Publisert", "Published"), lang);
    let answer = releases::list(context)?;
    let all = answer.json.get("releases").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    if all.is_empty() {
        let text = say!(
            "Ingenting er ført opp som publisert.",
            nn "Ingenting er ført opp som publisert.",
            "Nothing is registered as published."
        );
        return Ok(vec![title, paragraph(&text, lang)]);
    }
    let head = [
        say!("Innslag", nn "Innslag", "Entry"),
        say!("Når", nn "Når", "When"),
        say!("Navn", nn "Namn", "Name"),
        say!("Hva", nn "Kva", "What"),
        say!("Uttrekk", nn "Uttrekk", "Cut"),
        say!("Tall", nn "Tal", "Numbers"),
        say!("Avrunding", nn "Avrunding", "Rounding"),
        say!("Av", nn "Av", "By"),
    ];
    let caption = say!(
        "Det som er ført opp som publisert",
        nn "Det som er ført opp som publisert",
        "What is registered as published"
    );
    let rows = all.iter().rev().map(|it| row(it, lang)).collect();
    Ok(vec![title, grid(&caption, &head, rows, lang)])
}

fn row(of: &Value, lang: Lang) -> Vec<Cell> {
    let text = |key: &str| of.get(key).and_then(Value::as_str).unwrap_or_default();
    let number = |key: &str| of.get(key).and_then(Value::as_u64).map_or_else(String::new, count);
    let kind = if text("kind") == "report" {
        say!("rapport", nn "rapport", "report")
    } else {
        say!("et annet sted", nn "ein annan stad", "elsewhere")
    };
    let round = match of.get("rounded_to").and_then(Value::as_u64) {
        None => say!("ingen", nn "inga", "none"),
        Some(base) => say!("til {base}", nn "til {base}", "to {base}"),
    };
    vec![
        Cell::Number(number("entry")),
        said(moment_of(text("at"), lang)),
        said(text("label")),
        said(kind.get(lang)),
        said(moment_of(text("cut"), lang)),
        Cell::Number(number("numbers")),
        said(round.get(lang)),
        said(text("actor")),
    ]
}

/// The hash of the public report's list of hashes: what is read is what is published.
fn sums(context: &Context) -> Result<Option<String>, Failure> {
    let path = context.path(FOLDER).join(LIST);
    if !fs::symlink_metadata(&path).is_ok_and(|it| it.is_file()) {
        return Ok(None);
    }
    Ok(Some(sha256_hex(&read_file(&path)?)))
}

fn report_words() -> FormWords {
    FormWords {
        title: say!("Skriv den offentlige rapporten", nn "Skriv den offentlege rapporten", "Write the public report"),
        why: say!(
            "Alle tall går gjennom skjermingen, sammen med alt som er publisert før. Røper noe en familie, sier siden hvilke tall og hva som kan gjøres, og ingenting skrives. Ingenting publiseres av dette.",
            nn "Alle tal går gjennom skjerminga, saman med alt som er publisert før. Røper noko ein familie, seier sida kva tal og kva som kan gjerast, og ingenting blir skrive. Ingenting blir publisert av dette.",
            "All numbers go through disclosure control, together with all that was published before. If something gives a family away, the page says which numbers and what can be done, and nothing is written. Nothing is published by this."
        ),
        button: say!("Skriv den offentlige rapporten", nn "Skriv den offentlege rapporten", "Write the public report"),
    }
}

fn round_field(lang: Lang) -> Field {
    let choices = [
        (
            "none",
            say!("Hold små tall tilbake", nn "Hald små tal tilbake", "Withhold small numbers"),
        ),
        (
            "3",
            say!("Rund alle antall til 3", nn "Rund alle tal på familiar og personar til 3", "Round all counts to 3"),
        ),
        (
            "5",
            say!("Rund alle antall til 5", nn "Rund alle tal på familiar og personar til 5", "Round all counts to 5"),
        ),
    ];
    let choices = choices.map(|(code, it)| (code.to_owned(), it.get(lang).to_owned()));
    let label = say!("Skjerming", nn "Skjerming", "Disclosure control");
    let kind = FieldKind::Choice(choices.into());
    Field { value: "none".to_owned(), required: true, ..field("round", kind, &label, lang) }
}

fn release_words() -> FormWords {
    FormWords {
        title: say!("Publiser", nn "Publiser", "Publish"),
        why: say!(
            "Rapporten og tabellene over føres opp som publisert, nøyaktig slik de står. Det tar to personer: du ber om det, en annen leser rapporten og sier ja.",
            nn "Rapporten og tabellane over blir førte opp som publiserte, nøyaktig slik dei står. Det tek to personar: du ber om det, ein annan les rapporten og seier ja.",
            "The report and the tables above are registered as published, exactly as they stand. It takes two persons: you ask for it, another reads the report and says yes."
        ),
        button: say!("Be om publisering", nn "Be om publisering", "Ask for publication"),
    }
}

fn label_field(lang: Lang) -> Field {
    let label = say!("Hva den heter, som Rapport 2027", nn "Kva han heiter, som Rapport 2027", "What it is called, such as Report 2027");
    Field { required: true, ..field("label", FieldKind::Line, &label, lang) }
}

/// As `lodd report --public`.
pub(super) fn report(context: &Context, filled: &Filled) -> Result<Answer, Failure> {
    let formats = results::ticked(filled)?;
    results::has_plan(context)?;
    let round = match filled.get("round") {
        None | Some("none") => None,
        Some("3") => Some(3),
        Some("5") => Some(5),
        Some(_) => return Err(no_rounding()),
    };
    publish::run(context, round, &formats)
}

fn no_rounding() -> Failure {
    Failure::policy(say!(
        "avrundingen må være til 3 eller 5",
        nn "avrundinga må vere til 3 eller 5",
        "the rounding must be to 3 or 5"
    ))
}

/// As `lodd release public --label`, of the very files that were shown.
pub(super) fn release(context: &Context, filled: &Filled) -> Result<Answer, Failure> {
    let label = asked(context, filled)?;
    let tables = [Path::new(FOLDER).to_owned()];
    let asked = releases::Asked { tables: &tables, label: Some(label), elsewhere: false };
    releases::run(context, asked)
}

/// What would be published, in one sentence.
pub(super) fn describe(context: &Context, filled: &Filled) -> Result<String, Failure> {
    let label = asked(context, filled)?;
    releases::described(context, label).map(|it| it.get(context.lang).to_owned())
}

/// The name, where the files are still those that were shown.
fn asked<'f>(context: &Context, filled: &'f Filled) -> Result<&'f str, Failure> {
    let Some(label) = filled.get("label") else {
        return Err(Failure::policy(say!(
            "si hva den skal hete",
            nn "sei kva han skal heite",
            "say what it is to be called"
        )));
    };
    words::no_national_id("--label", label)?;
    let there = sums(context)?;
    if there.is_none() || there.as_deref() != filled.get("sums") {
        return Err(Failure::policy_with(
            say!(
                "den offentlige rapporten er en annen enn den som ble lest",
                nn "den offentlege rapporten er ein annan enn den som vart lesen",
                "the public report is another than the one that was read"
            ),
            say!(
                "åpne siden på nytt, les rapporten, og be om det igjen",
                nn "opne sida på nytt, les rapporten, og be om det igjen",
                "open the page again, read the report, and ask again"
            ),
        ));
    }
    Ok(label)
}
