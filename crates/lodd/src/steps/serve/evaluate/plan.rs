//! The analysis plan: what stands in the file, whether it is locked, and what has deviated since.

use lodd_report::{DeviationKind, word_of};
use lodd_server::{Block, Cell, Deed, Filled, Sheet, View};
use lodd_store::{Pilot, pilot::LockedPlan};

use super::super::{
    came_of::came_of,
    results_parts::{
        FormWords, form, grid, heading, hidden, moment, moment_of, paragraph, said, sheet as page,
        state as stands,
    },
};
use crate::{
    answer::Answer,
    plan::{self, Analysis, Plan},
    problem::Failure,
    protocol::Protocol,
    steps::{Context, drawn, due, plan as step, plan::FILE, report::deviations, words},
    text::{Lang, Text, count, say},
};

/// The page.
pub(super) fn sheet(context: &Context) -> Result<Sheet, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let locked = pilot.locked_plans().map_err(|error| words::store(&error))?;
    let mut blocks = match read(context, &protocol) {
        Ok(plan) => of_file(&plan, &locked, &protocol, lang),
        Err(failure @ Failure::Refused { .. }) => came_of(context, "", Err(failure))?.sheet.blocks,
        Err(failure) => return Err(failure),
    };
    blocks.extend(plans(&locked, lang)?);
    blocks.extend(deviated(&pilot, lang)?);
    page(context, &pilot, (&super::title(View::Plan), &protocol.title), blocks)
}

/// The plan of the pilot's file.
///
/// # Errors
///
/// Refused where there is none, or with its mistakes.
pub(super) fn read(context: &Context, protocol: &Protocol) -> Result<Plan, Failure> {
    drawn::check(protocol)?;
    let path = context.path(FILE);
    if !path.is_file() {
        return Err(Failure::policy_with(
            say!(
                "piloten har ingen `{FILE}`",
                nn "piloten har ingen `{FILE}`",
                "the pilot has no `{FILE}`"
            ),
            say!(
                "skriv planen og legg den i mappen til piloten; malene fra `lodd new` har en å begynne på",
                nn "skriv planen og legg han i mappa til piloten; malane frå `lodd new` har ein å byrje på",
                "write the plan and put it in the pilot's folder; the templates of `lodd new` have one to begin with"
            ),
        ));
    }
    plan::read(&path, protocol)
}

/// Locks the plan that was shown.
///
/// # Errors
///
/// As `lodd plan lock`; refused too where the file is another than the one shown.
pub(super) fn lock(context: &Context, filled: &Filled) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let shown = filled.get("sha256");
    if shown != Some(read(context, &context.protocol(&pilot)?)?.sha256.as_str()) {
        return Err(Failure::policy_with(
            say!(
                "`{FILE}` er endret siden siden ble vist",
                nn "`{FILE}` er endra sidan sida vart vist",
                "`{FILE}` has changed since the page was shown"
            ),
            say!(
                "åpne siden på nytt, les planen, og lås den",
                nn "opne sida på nytt, les planen, og lås han",
                "open the page again, read the plan, and lock it"
            ),
        ));
    }
    step::lock(context)
}

fn of_file(plan: &Plan, locked: &[LockedPlan], protocol: &Protocol, lang: Lang) -> Vec<Block> {
    let at = locked.iter().position(|it| it.sha256 == plan.sha256);
    let state = match (at, locked.is_empty()) {
        (Some(0), _) => say!(
            "Planen er låst, før noe utfall ble åpnet. Det som regnes etter den er bekreftende.",
            nn "Planen er låst, før noko utfall vart opna. Det som blir rekna etter han er stadfestande.",
            "The plan is locked, before any outcome was opened. What is computed by it is confirmatory."
        ),
        (Some(_), _) => say!(
            "Planen er låst, men en annen ble låst før den. Det som regnes etter den er utforskende.",
            nn "Planen er låst, men ein annan vart låst før han. Det som blir rekna etter han er utforskande.",
            "The plan is locked, but another was locked before it. What is computed by it is exploratory."
        ),
        (None, true) => say!(
            "Planen er ikke låst. Utfallene kan ikke åpnes før den er det.",
            nn "Planen er ikkje låst. Utfalla kan ikkje opnast før han er det.",
            "The plan is not locked. Outcomes can't be opened before it is."
        ),
        (None, false) => say!(
            "Filen er en annen enn planen som er låst. Blir den låst nå, er det som regnes etter den utforskende.",
            nn "Fila er ein annan enn planen som er låst. Blir han låst no, er det som blir rekna etter han utforskande.",
            "The file is another than the plan that is locked. If it is locked now, what is computed by it is exploratory."
        ),
    };
    let mut blocks = vec![stands(at == Some(0), &state, lang)];
    blocks.push(heading(&say!("Planen", nn "Planen", "The plan"), lang));
    let sha256 = say!("Planens SHA-256", nn "SHA-256 av planen", "SHA-256 of the plan");
    let row = vec![said(sha256.get(lang)), Cell::Code(plan.sha256.clone())];
    let caption = say!("Filen analysis.toml", nn "Fila analysis.toml", "The file analysis.toml");
    let head = [say!("Hva", nn "Kva", "What"), say!("Verdi", nn "Verdi", "Value")];
    let alpha = Text::number(plan.alpha.to_string());
    let level = say!("Signifikansnivå", nn "Signifikansnivå", "Level of significance");
    let level = vec![said(level.get(lang)), said(alpha.get(lang))];
    blocks.push(grid(&caption, &head, vec![row, level], lang));
    if at.is_none() {
        blocks.push(form(
            Deed::LockPlan,
            &lock_words(),
            vec![hidden("sha256", &plan.sha256)],
            lang,
        ));
    }
    blocks.push(heading(&say!("Analysene", nn "Analysane", "The analyses"), lang));
    blocks.push(analyses(plan, protocol, lang));
    blocks
}

fn lock_words() -> FormWords {
    FormWords {
        title: say!("Lås planen", nn "Lås planen", "Lock the plan"),
        why: say!(
            "Planen føres i journalen slik den står nå, med tidspunkt og hash. Det kan ikke gjøres om; en ny plan kan bare låses ved siden av.",
            nn "Planen blir ført i journalen slik han står no, med tidspunkt og hash. Det kan ikkje gjerast om; ein ny plan kan berre låsast ved sida av.",
            "The plan is recorded in the ledger as it stands now, with its time and hash. That can't be undone; a new plan can only be locked beside it."
        ),
        button: say!("Lås planen", nn "Lås planen", "Lock the plan"),
    }
}

fn analyses(plan: &Plan, protocol: &Protocol, lang: Lang) -> Block {
    let head = [
        say!("Analyse", nn "Analyse", "Analysis"),
        say!("Utfall", nn "Utfall", "Outcome"),
        say!("Når", nn "Når", "When"),
        say!("Kilde", nn "Kjelde", "Source"),
        say!("Metode", nn "Metode", "Method"),
    ];
    let caption = say!(
        "Det som skal regnes, i planens rekkefølge",
        nn "Det som skal reknast, i rekkjefølgja til planen",
        "What is to be computed, in the plan's order"
    );
    let row = |it: &Analysis| {
        vec![
            Cell::Code(it.id.clone()),
            said(outcomes(it, plan, protocol, lang)),
            said(horizons(&it.horizons, lang)),
            said(word_of(&it.source, lang.of_report())),
            said(word_of(&it.method.estimator, lang.of_report())),
        ]
    };
    grid(&caption, &head, plan.analyses.iter().map(row).collect(), lang)
}

/// The outcomes in words; main outcomes are called so.
fn outcomes(analysis: &Analysis, plan: &Plan, protocol: &Protocol, lang: Lang) -> String {
    let named = |id: &String| {
        let label = outcome(id, protocol, lang);
        if !plan.primary.contains(id) {
            return label;
        }
        let text =
            say!("{label} (hovedutfall)", nn "{label} (hovudutfall)", "{label} (main outcome)");
        text.get(lang).to_owned()
    };
    let all: Vec<String> = analysis.outcomes.iter().map(named).collect();
    if all.is_empty() { super::super::results_parts::NONE.to_owned() } else { all.join("; ") }
}

/// What an outcome is called; its id where the protocol has no such outcome.
pub(super) fn outcome(id: &str, protocol: &Protocol, lang: Lang) -> String {
    protocol.outcome(id).map_or_else(
        || id.to_owned(),
        |it| {
            let label = Text::new(it.label_nb.as_ref(), it.label_en.as_ref());
            label.nn(it.label_nn.as_ref()).get(lang).to_owned()
        },
    )
}

/// `6 måneder, 12 måneder`.
pub(super) fn horizons<T: AsRef<str>>(all: &[T], lang: Lang) -> String {
    let words = all.iter().map(|it| due::horizon_words(it.as_ref()).get(lang).to_owned());
    let words: Vec<String> = words.collect();
    if words.is_empty() { super::super::results_parts::NONE.to_owned() } else { words.join(", ") }
}

/// What has been locked, in order.
fn plans(locked: &[LockedPlan], lang: Lang) -> Result<Vec<Block>, Failure> {
    if locked.is_empty() {
        return Ok(Vec::new());
    }
    let row = |(at, it): (usize, &LockedPlan)| {
        let kind = if at == 0 {
            say!("bekreftende", nn "stadfestande", "confirmatory")
        } else {
            say!("utforskende", nn "utforskande", "exploratory")
        };
        let at = moment(it.locked_at_us, lang)?;
        Ok(vec![said(at), said(kind.get(lang)), Cell::Code(it.sha256.clone())])
    };
    let head = [
        say!("Låst", nn "Låst", "Locked"),
        say!("Gjelder som", nn "Gjeld som", "Counts as"),
        say!("SHA-256", nn "SHA-256", "SHA-256"),
    ];
    let rows = locked.iter().enumerate().map(row).collect::<Result<_, Failure>>()?;
    let n = count(locked.len());
    let caption = say!("Låste planer: {n}", nn "Låste planar: {n}", "Locked plans: {n}");
    let title = heading(&say!("Låste planer", nn "Låste planar", "Locked plans"), lang);
    Ok(vec![title, grid(&caption, &head, rows, lang)])
}

/// What did not go as the locked protocol says.
fn deviated(pilot: &Pilot, lang: Lang) -> Result<Vec<Block>, Failure> {
    let title = heading(&say!("Avvik", nn "Avvik", "Deviations"), lang);
    let all = deviations(pilot)?;
    if all.is_empty() {
        let none =
            say!("Ingen avvik er ført.", nn "Ingen avvik er førte.", "No deviation is recorded.");
        return Ok(vec![title, paragraph(&none, lang)]);
    }
    let row = |it: &lodd_report::Deviation| {
        let entry = Cell::Number(count(it.entry));
        vec![entry, said(moment_of(&it.at, lang)), said(kind(it.kind).get(lang)), said(&*it.reason)]
    };
    let head = [
        say!("Innslag", nn "Innslag", "Entry"),
        say!("Når", nn "Når", "When"),
        say!("Hva", nn "Kva", "What"),
        say!("Hvorfor", nn "Kvifor", "Why"),
    ];
    let caption = say!("Avvik som er ført i journalen", nn "Avvik som er førte i journalen", "Deviations recorded in the ledger");
    Ok(vec![title, grid(&caption, &head, all.iter().map(row).collect(), lang)])
}

fn kind(of: DeviationKind) -> Text {
    match of {
        DeviationKind::Amendment => say!(
            "protokollfilen ble endret etter låsing",
            nn "protokollfila vart endra etter låsing",
            "the protocol file was changed after locking"
        ),
        DeviationKind::Strike { leaves: true } => say!(
            "en familie ble strøket og er ute av analysen",
            nn "ein familie vart stroken og er ute av analysen",
            "a family was struck and leaves the analysis"
        ),
        DeviationKind::Strike { leaves: false } => say!(
            "en familie ble strøket og er med i analysen",
            nn "ein familie vart stroken og er med i analysen",
            "a family was struck and stays in the analysis"
        ),
        DeviationKind::Void { draw } => say!(
            "trekning {draw} ble annullert",
            nn "trekning {draw} vart annullert",
            "draw {draw} was voided"
        ),
        DeviationKind::Replanned => say!(
            "en ny plan ble låst",
            nn "ein ny plan vart låst",
            "a new plan was locked"
        ),
        DeviationKind::StrikesWithheld => say!(
            "familier ble strøket",
            nn "familiar vart strokne",
            "families were struck"
        ),
    }
}
