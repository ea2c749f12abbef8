//! `lodd new`: a pilot folder from a template.

use std::{fs, path::Path};

use lodd_store::files;
use serde_json::json;

use super::words;
use crate::{
    answer::Answer,
    problem::Failure,
    templates::{TEMPLATES, Template},
    text::{Text, say},
};

/// Writes a template's files into `dir`, which must be new or empty.
///
/// # Errors
///
/// If there is no such template, or `dir` has something in it.
pub(crate) fn run(dir: &Path, name: &str) -> Result<Answer, Failure> {
    let template = TEMPLATES.iter().find(|it| it.name() == name).ok_or_else(|| unknown(name))?;
    let empty = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => true,
        Err(error) => return Err(Failure::io(dir, &error)),
    };
    if !empty {
        let shown = dir.display().to_string();
        return Err(Failure::policy_with(
            say!("mappen `{shown}` er ikke tom", "the folder `{shown}` is not empty"),
            Text::new("velg en ny mappe", "choose a new folder"),
        ));
    }
    files::create_dir(dir).map_err(|error| words::file(&error))?;
    for (file, text) in template.files {
        files::write_atomically(&dir.join(file), text.as_bytes())
            .map_err(|error| words::file(&error))?;
    }
    Ok(answer(dir, template))
}

fn unknown(name: &str) -> Failure {
    let list = TEMPLATES.iter().map(|it| {
        let (name, about) = (it.name(), it.about());
        Text::new(format!("{name}: {}", about.nb), format!("{name}: {}", about.en))
    });
    let list = Text::lines(list);
    Failure::CouldNotRun {
        message: say!("det finnes ingen mal `{name}`", "there is no template `{name}`"),
        hint: Some(Text::new(
            format!("malene er\n{}", list.nb),
            format!("the templates are\n{}", list.en),
        )),
    }
}

fn answer(dir: &Path, template: &Template) -> Answer {
    let (shown, name) = (dir.display().to_string(), template.name());
    let names: Vec<&str> = template.files.iter().map(|(file, _)| *file).collect();
    let files = names.join(", ");
    let text = Text::lines([
        say!(
            "`{shown}` er laget etter malen `{name}`: {files}.",
            "`{shown}` is made from the template `{name}`: {files}."
        ),
        say!(
            "  Fyll ut pilot.toml, og kjør `lodd check --pilot {shown}`.",
            "  Complete pilot.toml, and run `lodd check --pilot {shown}`."
        ),
    ]);
    Answer::new(text, json!({ "dir": shown, "template": name, "files": names }))
}
