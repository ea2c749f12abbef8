//! `lodd report --public`: the report and its tables after disclosure control, in a folder of their
//! own; and what `lodd release` registers of them.

use std::collections::BTreeMap;

use lodd_disclosure::{Advice, Contributions, Exposed, Release, Rules, Why as Given};
use lodd_report::{Horizon, Lang, Printed, Report, printed};
use lodd_store::{Column, Pilot, Table, checksums::Checksums, files, parquet, pilot::Role, schema};
use serde_json::json;

use super::{
    Source, outcome_label,
    public::{self, Amounts, Households, Known, Manner, Public, Refused, Why, amount_key},
    refused,
    status::arms,
};
use crate::{
    answer::Answer,
    cli::ReportFormat,
    plan::{self, Plan},
    problem::{Failure, Place, Problem, Severity},
    report_file,
    steps::{Context, outputs, panel, plan::FILE, release::register, stamp_of, tables, words},
    text::{Text, say},
};

/// The folder of what may be published.
pub(crate) const FOLDER: &str = "public";
/// Its list of hashes.
pub(crate) const LIST: &str = "SHA256SUMS";
/// The names of its numbers, for those who enter tables that were published elsewhere. Not public.
const NUMBERS: &str = "public-numbers.csv";

/// A public report that is made and not yet written.
#[derive(Debug)]
pub(crate) struct Made {
    /// Names below [`FOLDER`], and bytes.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// What it tells.
    pub(crate) release: Release,
    /// The cut, µs since the epoch.
    pub(crate) cut_us: i64,
    /// What its numbers are rounded to.
    pub(crate) round: Option<i64>,
    /// Numbers of its tables, and how many of them are withheld.
    pub(crate) counts: (usize, usize),
    left_out: Vec<Why>,
    with_numbers: Vec<String>,
}

impl Made {
    /// How many kinds of content were left out as a whole.
    pub(crate) fn left_out(&self) -> usize {
        self.left_out.len()
    }
}

/// Writes `public/`.
///
/// # Errors
///
/// Refused when a family would be given away whatever is withheld. Nothing is written then.
pub(crate) fn run(
    context: &Context,
    round: Option<i64>,
    formats: &[ReportFormat],
) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let made = make(context, &pilot, round, formats)?;
    write(context, &made)?;
    outputs::write(context, NUMBERS, numbers(&made.release).as_bytes())?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    Ok(told(&made, stamp_of(&draws)))
}

/// The public report of the pilot as it is now, together with everything published before.
///
/// # Errors
///
/// Refused when a family would be given away whatever is withheld.
pub(crate) fn make(
    context: &Context,
    pilot: &Pilot,
    round: Option<i64>,
    formats: &[ReportFormat],
) -> Result<Made, Failure> {
    let protocol = context.protocol(pilot)?;
    if !protocol.is_drawn() {
        return Err(Failure::policy(say!(
            "piloten har ingen trekning: tabellene i `report.toml` har ingen offentlig utgave",
            nn "piloten har inga trekning: tabellane i `report.toml` har inga offentleg utgåve",
            "the pilot has no draw: the tables of `report.toml` have no public edition"
        )));
    }
    let file = report_file::read(&context.dir, &protocol)?;
    let plan: Plan = plan::read(&context.path(FILE), &protocol)?;
    let built = panel::written(context, pilot, &protocol)?;
    let earlier = register::read(pilot)?;
    register::one_way(&earlier, round)?;
    let source =
        Source { context, pilot, protocol: &protocol, plan: &plan, built: &built, file: &file };
    let (report, _) = source.report()?;
    let known = Known { households: households(pilot)?, amounts: amounts(&source)? };
    let releases: Vec<Release> = earlier.into_iter().map(|it| it.contents.release).collect();
    let rules = Rules::default();
    let manner = Manner { rules: &rules, earlier: &releases, round };
    let with_numbers = public::with_numbers(&report.profile);
    let Public { report, release, counts, left_out } =
        public::of(report, &known, &manner).map_err(withheld)?;
    let files = files_of(context, &report, round, formats)?;
    let cut_us = built.cut_us;
    Ok(Made { files, release, cut_us, round, counts, left_out, with_numbers })
}

/// The files of a public report, in the order of their names.
fn files_of(
    context: &Context,
    report: &Report,
    round: Option<i64>,
    formats: &[ReportFormat],
) -> Result<Vec<(String, Vec<u8>)>, Failure> {
    let mut all = super::write::made(context, report, formats)?;
    let cells = printed(report, Lang::Nb).map_err(|error| refused(&error))?;
    let metadata = vec![
        ("lodd_version".to_owned(), env!("CARGO_PKG_VERSION").to_owned()),
        ("cut".to_owned(), report.cut.clone()),
        (ROUND.to_owned(), round.map_or_else(String::new, |it| it.to_string())),
    ];
    let bytes = parquet::encode(&table(&cells)?, &schema::TABLES, &metadata);
    all.push((public::TABLES.to_owned(), bytes.map_err(|error| words::parquet(&error))?));
    all.push(("tables.csv".to_owned(), csv(&cells).into_bytes()));
    all.sort();
    Ok(all)
}

/// The key of the file's metadata that says what its numbers are rounded to.
pub(crate) const ROUND: &str = "rounded_to";

fn table(cells: &[Printed]) -> Result<Table, Failure> {
    let columns = vec![
        Column::int("table", cells.iter().map(|it| Some(i64::from(it.table)))),
        Column::text("caption", cells.iter().map(|it| Some(it.caption.as_str()))),
        Column::text("row", cells.iter().map(|it| Some(it.row.as_str()))),
        Column::text("column", cells.iter().map(|it| Some(it.column.as_str()))),
        Column::real("value", cells.iter().map(|it| it.value)),
        Column::text("shown", cells.iter().map(|it| Some(it.shown.as_str()))),
    ];
    Table::new("tables", columns).map_err(|error| tables::internal(&error))
}

fn csv(cells: &[Printed]) -> String {
    let mut lines = vec!["table;caption;row;column;value;shown".to_owned()];
    lines.extend(cells.iter().map(|it| {
        let Printed { table, caption, row, column, value, shown } = it;
        let value = value.map_or_else(String::new, |it| it.to_string());
        let texts = [caption, row, column].map(|it| field(it)).join(";");
        format!("{table};{texts};{value};{}", field(shown))
    }));
    lines.join("\n") + "\n"
}

/// A field of a csv file; no spreadsheet takes it for a formula.
fn field(text: &str) -> String {
    let text = text.replace('"', "\"\"");
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{text}\"", if is_formula { "'" } else { "" })
}

/// The numbers of a release by name: what is published of each.
fn numbers(release: &Release) -> String {
    let mut lines = vec!["number;cut;published".to_owned()];
    lines.extend(release.numbers.iter().map(|it| {
        let value = it.value.map_or_else(|| ":".to_owned(), |it| it.to_string());
        format!("{};{};{value}", field(&it.series), field(&it.cut))
    }));
    lines.join("\n") + "\n"
}

fn write(context: &Context, made: &Made) -> Result<(), Failure> {
    let folder = context.path(FOLDER);
    let list = folder.join(LIST);
    let mut sums = Checksums::default();
    for (name, bytes) in &made.files {
        sums.set(name, bytes);
    }
    let put = || {
        let before = Checksums::read(&list)?;
        files::create_dir(&folder)?;
        for (name, bytes) in &made.files {
            files::write_atomically(&folder.join(name), bytes)?;
        }
        files::write_atomically(&list, sums.text().as_bytes())?;
        Ok(before)
    };
    let before: Checksums = put().map_err(|error| words::file(&error))?;
    // What an earlier report wrote and this one does not.
    for (name, _) in before.iter().filter(|(name, _)| !sums.has(name)) {
        let path = folder.join(name);
        match std::fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(Failure::io(&path, &error));
            }
            _ => {}
        }
    }
    Ok(())
}

fn told(made: &Made, stamps: Vec<Text>) -> Answer {
    let names: Vec<String> = made.files.iter().map(|it| format!("{FOLDER}/{}", it.0)).collect();
    let list = names.join(", ");
    let (all, withheld) = made.counts;
    let mut lines = vec![
        say!(
            "Den offentlige rapporten er skrevet: {list}",
            nn "Den offentlege rapporten er skriven: {list}",
            "The public report is written: {list}"
        ),
        say!(
            "  {withheld} av {all} tall er holdt tilbake (:). `lodd release {FOLDER}` fører den opp når den publiseres.",
            nn "  {withheld} av {all} tal er haldne tilbake (:). `lodd release {FOLDER}` fører han opp når han blir publisert.",
            "  {withheld} of {all} numbers are withheld (:). `lodd release {FOLDER}` registers it when it is published."
        ),
    ];
    for why in &made.left_out {
        let text = why.text();
        let said = Text::new(format!("  {}", text.nb), format!("  {}", text.en));
        lines.push(said.nn(format!("  {}", text.nn)));
    }
    lines.extend(stamps);
    let mut problems = Vec::new();
    if !made.with_numbers.is_empty() {
        let sections = made.with_numbers.join(", ");
        let message = say!(
            "teksten i `{file}` er evaluators egen og er ikke skjermet; disse delene har sifre: {sections}",
            nn "teksten i `{file}` er evaluatoren sin eigen og er ikkje skjerma; desse delane har siffer: {sections}",
            "the words of `{file}` are the evaluator's own and are not controlled; these sections hold digits: {sections}",
            file = report_file::FILE,
        );
        let fix = say!(
            "les dem, og ta ut antall som rapporten holder tilbake",
            nn "les dei, og ta ut tal som rapporten held tilbake",
            "read them, and take out counts that the report withholds"
        );
        let problem = Problem::new(Place::default(), message).fix(fix);
        problems.push(Problem { severity: Severity::Warning, ..problem });
    }
    let json = json!({
        "files": names,
        "numbers": all,
        "withheld": withheld,
        "left_out": made.left_out.iter().map(|it| it.code()).collect::<Vec<_>>(),
        "rounded_to": made.round,
        "sections_with_digits": made.with_numbers,
    });
    Answer { problems, ..Answer::new(Text::lines(lines), json) }
}

fn withheld(why: Refused) -> Failure {
    match why {
        Refused::SmallArm => Failure::policy_with(
            say!(
                "en gruppe i trekningen er under terskelen: ingenting om den kan publiseres",
                nn "ei gruppe i trekninga er under terskelen: ingenting om ho kan publiserast",
                "an arm of the draw is under the threshold: nothing of it may be published"
            ),
            say!(
                "vent til flere er trukket, eller slå piloten sammen med andre",
                nn "vent til fleire er trekte, eller slå piloten saman med andre",
                "wait until more are drawn, or pool the pilot with others"
            ),
        ),
        Refused::Exposed(cells) => exposed(&cells),
        Refused::Contradiction(why) => Failure::policy(say!(
            "tallene motsier det som er publisert før: {why}",
            nn "tala motseier det som er publisert før: {why}",
            "the numbers contradict what was published before: {why}"
        )),
    }
}

/// The numbers that would be given away, each with what would help.
pub(crate) fn exposed(cells: &[Exposed]) -> Failure {
    let n = cells.len();
    let problems = cells.iter().map(problem).collect();
    Failure::refused(
        say!(
            "{n} tall ville røpet familier, ingenting er skrevet",
            nn "{n} tal ville ha røpt familiar, ingenting er skrive",
            "{n} numbers would give families away, nothing is written"
        ),
        problems,
    )
}

/// One number that would be given away.
pub(crate) fn problem(cell: &Exposed) -> Problem {
    let Exposed { series, cut, width: _, needed: _, why, advice } = cell;
    let message = match why {
        Given::Small => say!(
            "`{series}` ({cut}): for få står bak et tall som vises",
            nn "`{series}` ({cut}): for få står bak eit tal som blir vist",
            "`{series}` ({cut}): too few stand behind a number that is shown"
        ),
        Given::Narrow => say!(
            "`{series}` ({cut}): et tall som holdes tilbake følger av de andre",
            nn "`{series}` ({cut}): eit tal som blir halde tilbake følgjer av dei andre",
            "`{series}` ({cut}): a number that is withheld follows from the others"
        ),
        Given::Difference { since } => say!(
            "`{series}` ({cut}): sammen med det som ble publisert ved uttrekket {since} viser det hvem som har kommet eller gått",
            nn "`{series}` ({cut}): saman med det som vart publisert ved uttrekket {since} viser det kven som har kome eller gått",
            "`{series}` ({cut}): together with what was published at the cut {since} it tells who came or went"
        ),
    };
    let fix = match advice {
        Advice::Merge => say!(
            "slå kategorien sammen med en annen, eller hold flere tall tilbake",
            nn "slå kategorien saman med ein annan, eller hald fleire tal tilbake",
            "merge the category with another, or withhold more"
        ),
        Advice::Pool => say!(
            "slå kontorer sammen, eller la være å navngi stedet",
            nn "slå kontor saman, eller lat vere å namngi staden",
            "pool offices, or leave the place unnamed"
        ),
        Advice::Wait => say!(
            "vent til flere har kommet",
            nn "vent til fleire har kome",
            "wait until more have come"
        ),
    };
    Problem::new(Place::default(), message).fix(fix)
}

/// The most adults and children of one family, whenever they lived there.
fn households(pilot: &Pilot) -> Result<Households, Failure> {
    let roster = pilot.roster().map_err(|error| words::store(&error))?;
    let mut of: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for member in roster.members {
        let there = of.entry(member.family_id).or_default();
        match member.role {
            Role::Child => there.1 += 1,
            Role::Parent | Role::Partner | Role::OtherAdult => there.0 += 1,
        }
    }
    let most = |kind: fn(&(u64, u64)) -> u64| of.values().map(kind).max().unwrap_or(1).max(1);
    Ok(Households { adults: most(|it| it.0), children: most(|it| it.1) })
}

/// What each family contributes to an outcome that is a number, by arm.
fn amounts(source: &Source<'_>) -> Result<Amounts, Failure> {
    let table = &source.built.outcomes;
    let text = |name| table.text(name).map_err(|error| tables::internal(&error));
    let (outcomes, units, horizons) = (text("outcome_id")?, text("unit_id")?, text("horizon")?);
    let (sources, registers) = (text("source")?, text("register")?);
    let values = table.real("value").map_err(|error| tables::internal(&error))?;
    let (arms, families) = (arms(source.pilot)?, families(source.pilot)?);
    let mut sums: BTreeMap<[String; 5], BTreeMap<String, f64>> = BTreeMap::new();
    for row in 0..table.rows() {
        let at = |column: &[Option<String>]| column.get(row).cloned().flatten();
        let (Some(outcome), Some(unit)) = (at(outcomes), at(units)) else { continue };
        let Some(value) = values.get(row).copied().flatten() else { continue };
        let Some((outcome, arm)) = source.protocol.outcome(&outcome).zip(arms.get(&unit)) else {
            continue;
        };
        let label = outcome_label(outcome);
        let from = (at(sources).unwrap_or_default(), at(registers));
        let horizon = Horizon::from_code(&at(horizons).unwrap_or_default());
        let family = families.get(&unit).unwrap_or(&unit).clone();
        // An analysis names a register or takes any.
        for register in [from.1.as_deref(), None] {
            let key = amount_key(&label.nb, (&from.0, register), &horizon, arm);
            *sums.entry(key).or_default().entry(family.clone()).or_default() += value.abs();
            if from.1.is_none() {
                break;
            }
        }
    }
    let all = sums.into_iter();
    Ok(all.map(|(key, of)| (key, Contributions::new(of.into_values().collect()))).collect())
}

/// The family of every member.
fn families(pilot: &Pilot) -> Result<BTreeMap<String, String>, Failure> {
    let roster = pilot.roster().map_err(|error| words::store(&error))?;
    Ok(roster.members.into_iter().map(|it| (it.member_id, it.family_id)).collect())
}
