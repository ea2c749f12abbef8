//! What the files of an export say in words, in its language.

use super::sheet::Sheet;
use crate::text::{Lang, Text, say};

/// The words of an export.
#[derive(Debug)]
pub(super) struct Voice {
    pub(super) lang: Lang,
    pub(super) no_yes: [String; 2],
    /// Whose data these are, and that they are not for publication.
    pub(super) warning: String,
    /// How cells are written that would begin a formula or run over lines.
    pub(super) escaping: String,
}

fn warning() -> Text {
    Text::new(
        "Personopplysninger under pseudonym, og tall som ikke er skjermet: ikke for publisering. Slettes når \
         analysen er gjort.",
        "Personal data under pseudonyms, and numbers that are not protected: not for publication. Delete when \
         the analysis is done.",
    )
    .nn(
        "Personopplysningar under pseudonym, og tal som ikkje er skjerma: ikkje for publisering. Blir sletta når \
         analysen er gjord.",
    )
}

fn escaping() -> Text {
    Text::new(
        "I celler med tekst står \\ som \\\\, tabulator som \\t og linjeskift som \\n og \\r. En celle som ville begynt \
         på = + - eller @ (negative tall unntatt), eller på ', har en ' foran. Skriptene tar det tilbake.",
        "In cells of text \\ stands as \\\\, a tab as \\t and line breaks as \\n and \\r. A cell that would begin with = + \
         - or @ (other than a negative number), or with ', has a ' before it. The scripts take this back.",
    )
    .nn(
        "I celler med tekst står \\ som \\\\, tabulator som \\t og linjeskift som \\n og \\r. Ei celle som ville byrja på = + \
         - eller @ (utanom negative tal), eller på ', har ein ' føre. Skripta tek det tilbake.",
    )
}

impl Voice {
    pub(super) fn new(lang: Lang) -> Self {
        let no_yes = [Text::new("Nei", "No"), Text::new("Ja", "Yes")];
        Self {
            lang,
            no_yes: no_yes.map(|it| it.get(lang).to_owned()),
            warning: warning().get(lang).to_owned(),
            escaping: escaping().get(lang).to_owned(),
        }
    }

    /// The first lines of a script, without what makes them comments.
    pub(super) fn head(&self, sheet: &Sheet, ending: &str) -> Vec<String> {
        let (name, label) = (sheet.name, sheet.label.as_str());
        let run = match ending {
            "do" => format!("do {name}.do"),
            "sps" => format!("INSERT FILE=\"{name}.sps\""),
            _ => format!("source(\"{name}.R\")"),
        };
        let first = say!(
            "{label}: leser {name}.csv. Kjøres i denne mappen: {run}",
            nn "{label}: les {name}.csv. Blir køyrt i denne mappa: {run}",
            "{label}: reads {name}.csv. Run it in this folder: {run}"
        );
        let mut lines = vec![first.get(self.lang).to_owned()];
        if sheet.is_personal() {
            lines.push(self.warning.clone());
        }
        lines
    }

    /// `README.md`.
    pub(super) fn readme(&self, title: &str, sheets: &[&Sheet]) -> String {
        let words = Text::new(
            "En csv-fil per tabell; `datapackage.json` sier hva hver kolonne er, og `codes.csv` hva kodene heter. \
             Tom celle er manglende verdi, 1 og 0 er ja og nei, datoer er ISO, tider UTC. For hver tabell leser \
             `.do` filen inn i Stata, `.sps` i SPSS og `.R` i R (med pakken haven), med typer og navn; kjør dem i denne mappen.",
            "One csv file a table; `datapackage.json` says what each column is, `codes.csv` what the codes are called. \
             An empty cell is a missing value, 1 and 0 are yes and no, dates are ISO, times UTC. For each table \
             `.do` reads the file into Stata, `.sps` into SPSS and `.R` into R (with the package haven), with types \
             and labels; run them in this folder.",
        )
        .nn(
            "Ei csv-fil per tabell; `datapackage.json` seier kva kvar kolonne er, og `codes.csv` kva kodane heiter. \
             Tom celle er manglande verdi, 1 og 0 er ja og nei, datoar er ISO, tider UTC. For kvar tabell les \
             `.do` fila inn i Stata, `.sps` i SPSS og `.R` i R (med pakken haven), med typar og namn; køyr dei i denne mappa.",
        );
        let head =
            Text::new("tabell | rader | hva", "table | rows | what").nn("tabell | rader | kva");
        let rows =
            sheets.iter().map(|it| format!("| `{}.csv` | {} | {} |\n", it.name, it.rows, it.label));
        format!(
            "# {title}\n\n**{}**\n\n{}\n\n{}\n\n| {} |\n|---|---|---|\n{}",
            self.warning,
            words.get(self.lang),
            self.escaping,
            head.get(self.lang),
            rows.collect::<String>(),
        )
    }
}
