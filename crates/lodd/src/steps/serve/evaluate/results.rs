//! Panel, estimates and report: what has been made, and what can be made next.

mod table;

use std::path::Path;

use jiff::Timestamp;
use lodd_server::{Block, Deed, FieldKind, Filled, Sheet, View};
use lodd_store::{Pilot, checksums::Checksums, parquet, pilot::OUT};

use super::{
    super::results_parts::{
        FormWords, field, form, heading, moment, moment_of, paragraph, sheet as page, state,
    },
    files, plan,
};
use crate::{
    answer::Answer,
    cli::ReportFormat,
    problem::Failure,
    protocol::Protocol,
    steps::{
        Context, estimate as estimates, panel as panels, report as reports,
        report::{publish::LIST, runs_of},
        words,
    },
    text::{Lang, Text, count, say},
};

/// The page.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let mut blocks = vec![heading(&say!("Panelet", nn "Panelet", "The panel"), lang)];
    blocks.extend(of_panel(context)?);
    blocks.push(form(Deed::MakePanel, &panel_words(), vec![cut_field(lang)], lang));
    blocks.push(heading(&say!("Estimatene", nn "Estimata", "The estimates"), lang));
    blocks.extend(of_estimates(context, &pilot, &protocol)?);
    blocks.push(form(Deed::Estimate, &estimate_words(), vec![interim_field(lang)], lang));
    blocks
        .push(heading(&say!("Rapport og filer", nn "Rapport og filer", "Report and files"), lang));
    blocks.push(form(Deed::Report, &report_words(), formats(lang), lang));
    blocks.extend(of_files(context)?);
    page(context, &pilot, (&super::title(View::Results), &protocol.title), blocks)
}

/// The mark of what is made before all were due.
pub(super) fn interim_mark(lang: Lang) -> Block {
    let text = say!(
        "FORELØPIG (INTERIM): ikke alle var forfalt til måling.",
        nn "FØREBELS (INTERIM): ikkje alle var forfalne til måling.",
        "INTERIM: not all were due."
    );
    Block::Mark(text.get(lang).to_owned())
}

fn of_panel(context: &Context) -> Result<Vec<Block>, Failure> {
    let lang = context.lang;
    let (panel, flow) = (context.out("panel.parquet"), context.out("flow.parquet"));
    if !panel.is_file() || !flow.is_file() {
        let text = say!("Ikke laget ennå.", nn "Ikkje laga enno.", "Not made yet.");
        return Ok(vec![paragraph(&text, lang)]);
    }
    let (_, metadata) = parquet::read(&flow).map_err(|error| words::parquet(&error))?;
    let says = |key: &str| {
        let found = metadata.iter().find(|(it, _)| it == key);
        found.map_or("", |(_, value)| value.as_str())
    };
    let (cut, made) = (moment_of(says("cut"), lang), made(&panel, lang)?);
    let text = say!(
        "Laget {made}, på det som var kjent {cut}.",
        nn "Laga {made}, på det som var kjent {cut}.",
        "Made {made}, from what was known at {cut}."
    );
    let mut blocks = vec![paragraph(&text, lang)];
    let late = says("interim");
    if !late.is_empty() {
        blocks.push(interim_mark(lang));
        let late = late.replace(',', ", ");
        let text = say!(
            "Ikke forfalt (trekning/tidspunkt): {late}.",
            nn "Ikkje forfalle (trekning/tidspunkt): {late}.",
            "Not due (draw/horizon): {late}."
        );
        blocks.push(paragraph(&text, lang));
    }
    Ok(blocks)
}

/// When a file was written.
fn made(path: &Path, lang: Lang) -> Result<String, Failure> {
    let modified = path.metadata().and_then(|it| it.modified());
    let modified = modified.map_err(|error| Failure::io(path, &error))?;
    let at = Timestamp::try_from(modified).map_err(|error| Failure::internal("file", error))?;
    moment(at.as_microsecond(), lang)
}

/// The estimates, where they are of a locked plan and of the files beside them: what a report would take.
fn of_estimates(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
) -> Result<Vec<Block>, Failure> {
    let lang = context.lang;
    let path = context.out("estimates.parquet");
    if !path.is_file() {
        let text = say!("Ikke regnet ennå.", nn "Ikkje rekna enno.", "Not computed yet.");
        return Ok(vec![paragraph(&text, lang)]);
    }
    let (table, metadata) = parquet::read(&path).map_err(|error| words::parquet(&error))?;
    let says = |key: &str| {
        let found = metadata.iter().find(|(it, _)| it == key);
        found.map_or("", |(_, value)| value.as_str())
    };
    let locked = pilot.locked_plans().map_err(|error| words::store(&error))?;
    let by = says("plan_sha256");
    let is_current = plan::read(context, protocol).is_ok_and(|it| it.sha256 == by);
    if !is_current || locked.iter().all(|it| it.sha256 != by) {
        let text = say!(
            "Estimatene som ligger der er ikke regnet etter den låste planen. De vises ikke.",
            nn "Estimata som ligg der er ikkje rekna etter den låste planen. Dei blir ikkje viste.",
            "The estimates that are there were not computed by the locked plan. They are not shown."
        );
        return Ok(vec![state(false, &text, lang)]);
    }
    let sums = Checksums::read(&context.path(OUT).join(LIST));
    let sums = sums.map_err(|error| words::file(&error))?;
    let is_of = |name: &str| {
        let file = format!("{name}.parquet");
        sums.iter().any(|(it, hash)| it == file && hash == says(&format!("{name}_sha256")))
    };
    if !["assignments", "outcomes", "flow"].into_iter().all(is_of) {
        let text = say!(
            "Estimatene er ikke regnet på panelet som ligger der nå. De vises ikke før de er regnet på nytt.",
            nn "Estimata er ikkje rekna på panelet som ligg der no. Dei blir ikkje viste før dei er rekna på nytt.",
            "The estimates were not computed from the panel that is there now. They are not shown before they are computed again."
        );
        return Ok(vec![state(false, &text, lang)]);
    }
    let entries = pilot.ledger().map_err(|error| words::store(&error))?;
    let (runs, cut) = (times(runs_of(&entries, by)), moment_of(says("cut"), lang));
    let (nb, nn, en) = (&runs.nb, runs.get(Lang::Nn), &runs.en);
    let text = say!(
        "Regnet på det som var kjent {cut}. Planen er kjørt {nb}. Til bruk i evalueringen, ikke skjermet: ikke for publisering.",
        nn "Rekna på det som var kjent {cut}. Planen er køyrd {nn}. Til bruk i evalueringa, ikkje skjerma: ikkje for publisering.",
        "Computed from what was known at {cut}. The plan has been run {en}. For the evaluation, not protected: not for publication."
    );
    let mut blocks = vec![paragraph(&text, lang)];
    match says("status") {
        "interim" => blocks.push(interim_mark(lang)),
        "exploratory" => {
            let text = say!(
                "UTFORSKENDE: planen var ikke den som ble låst først.",
                nn "UTFORSKANDE: planen var ikkje den som vart låst først.",
                "EXPLORATORY: the plan was not the one locked first."
            );
            blocks.push(Block::Mark(text.get(lang).to_owned()));
        }
        _ => {}
    }
    blocks.extend(table::blocks(&table, protocol, lang));
    Ok(blocks)
}

fn times(n: u64) -> Text {
    if n == 1 {
        return say!("1 gang", nn "1 gong", "once");
    }
    let n = count(n);
    say!("{n} ganger", nn "{n} gonger", "{n} times")
}

fn of_files(context: &Context) -> Result<Vec<Block>, Failure> {
    let lang = context.lang;
    let [open, personal] = files::outputs(context).links(lang)?;
    let mut blocks = Vec::new();
    if !open.is_empty() {
        let text = say!(
            "Rapporter og tabeller, til bruk i evalueringen. Ingen rader om familier, men tallene er ikke skjermet.",
            nn "Rapportar og tabellar, til bruk i evalueringa. Ingen rader om familiar, men tala er ikkje skjerma.",
            "Reports and tables, for the evaluation. No rows of families, but the numbers are not protected."
        );
        blocks.extend([paragraph(&text, lang), Block::Links(open)]);
    }
    if !personal.is_empty() {
        let text = say!(
            "Rader om familier og personer under pseudonym. De er personopplysninger: ikke for publisering, og de slettes når analysen er gjort.",
            nn "Rader om familiar og personar under pseudonym. Dei er personopplysningar: ikkje for publisering, og dei skal slettast når analysen er gjord.",
            "Rows of families and persons under pseudonyms. They are personal data: not for publication, and to be deleted when the analysis is done."
        );
        blocks.extend([paragraph(&text, lang), Block::Links(personal)]);
    }
    Ok(blocks)
}

fn panel_words() -> FormWords {
    FormWords {
        title: say!("Lag panelet", nn "Lag panelet", "Make the panel"),
        why: say!(
            "Panel, utfall og flyt lages på nytt av det som er lagret. Planen må være låst.",
            nn "Panel, utfall og flyt blir laga på nytt av det som er lagra. Planen må vere låst.",
            "Panel, outcomes and flow are made again from what is stored. The plan must be locked."
        ),
        button: say!("Lag panelet", nn "Lag panelet", "Make the panel"),
    }
}

fn cut_field(lang: Lang) -> lodd_server::Field {
    let label = say!(
        "Uttrekk (tomt: det siste som er ført)",
        nn "Uttrekk (tomt: det siste som er ført)",
        "Cut (empty: the last that is recorded)"
    );
    let hint = say!(
        "Et tidspunkt som 2016-10-01T00:00:00Z: bare det som var kjent da, er med.",
        nn "Eit tidspunkt som 2016-10-01T00:00:00Z: berre det som var kjent då, er med.",
        "A time like 2016-10-01T00:00:00Z: only what was known then is in it."
    );
    let hint = Some(hint.get(lang).to_owned());
    lodd_server::Field { hint, ..field("cut", FieldKind::Line, &label, lang) }
}

fn estimate_words() -> FormWords {
    FormWords {
        title: say!("Regn ut estimatene", nn "Rekn ut estimata", "Compute the estimates"),
        why: say!(
            "Den låste planen kjøres, og kjøringen telles i journalen. Er ikke alle forfalt, blir det avvist hvis det ikke er merket som foreløpig.",
            nn "Den låste planen blir køyrd, og køyringa blir tald i journalen. Er ikkje alle forfalne, blir det avvist om det ikkje er merkt som førebels.",
            "The locked plan is run, and the run is counted in the ledger. Unless all are due it is refused, if it is not marked as interim."
        ),
        button: say!("Regn ut", nn "Rekn ut", "Compute"),
    }
}

fn interim_field(lang: Lang) -> lodd_server::Field {
    let label = say!(
        "Foreløpig: regn selv om ikke alle er forfalt, og merk alt som foreløpig",
        nn "Førebels: rekn sjølv om ikkje alle er forfalne, og merk alt som førebels",
        "Interim: compute although not all are due, and mark everything as interim"
    );
    field("interim", FieldKind::Tick, &label, lang)
}

fn report_words() -> FormWords {
    FormWords {
        title: say!("Skriv rapporten", nn "Skriv rapporten", "Write the report"),
        why: say!(
            "Rapporten skrives på bokmål, nynorsk og engelsk, for dem som arbeider med piloten.",
            nn "Rapporten blir skriven på bokmål, nynorsk og engelsk, for dei som arbeider med piloten.",
            "The report is written in bokmål, nynorsk and English, for those who work with the pilot."
        ),
        button: say!("Skriv rapporten", nn "Skriv rapporten", "Write the report"),
    }
}

/// A box for each format.
pub(super) fn formats(lang: Lang) -> Vec<lodd_server::Field> {
    let all = [("html", "HTML"), ("pdf", "PDF"), ("xlsx", "Excel")];
    let tick = |(name, label): (&str, &str)| lodd_server::Field {
        value: "on".to_owned(),
        ..field(name, FieldKind::Tick, &Text::same(label), lang)
    };
    all.map(tick).into_iter().collect()
}

/// The formats that were ticked.
///
/// # Errors
///
/// Refused where none was.
pub(super) fn ticked(filled: &Filled) -> Result<Vec<ReportFormat>, Failure> {
    let named =
        [("html", ReportFormat::Html), ("pdf", ReportFormat::Pdf), ("xlsx", ReportFormat::Xlsx)];
    let formats: Vec<ReportFormat> =
        named.into_iter().filter(|it| filled.ticked(it.0)).map(|it| it.1).collect();
    if formats.is_empty() {
        return Err(Failure::policy(say!(
            "velg minst ett format, ingenting er skrevet",
            nn "vel minst eitt format, ingenting er skrive",
            "choose at least one format, nothing is written"
        )));
    }
    Ok(formats)
}

/// As `lodd panel`.
pub(super) fn panel(context: &Context, filled: &Filled) -> Result<Answer, Failure> {
    let cut = filled.get("cut");
    if cut.is_some_and(|it| it.parse::<Timestamp>().is_err()) {
        return Err(Failure::policy(say!(
            "uttrekket må være et tidspunkt som 2016-10-01T00:00:00Z, ingenting er laget",
            nn "uttrekket må vere eit tidspunkt som 2016-10-01T00:00:00Z, ingenting er laga",
            "the cut must be a time like 2016-10-01T00:00:00Z, nothing is made"
        )));
    }
    panels::run(context, cut, false)
}

/// As `lodd estimate`.
pub(super) fn estimate(context: &Context, filled: &Filled) -> Result<Answer, Failure> {
    has_plan(context)?;
    estimates::run(context, filled.ticked("interim"), None)
}

/// As `lodd report`.
pub(super) fn report(context: &Context, filled: &Filled) -> Result<Answer, Failure> {
    let formats = ticked(filled)?;
    let pilot = context.pilot()?;
    if context.protocol(&pilot)?.is_drawn() {
        has_plan(context)?;
    }
    reports::run(context, &formats)
}

/// Refused where there is no plan to run.
pub(super) fn has_plan(context: &Context) -> Result<(), Failure> {
    let pilot = context.pilot()?;
    plan::read(context, &context.protocol(&pilot)?).map(drop)
}
