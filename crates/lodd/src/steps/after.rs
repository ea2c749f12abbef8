//! What is written after a draw and before anyone is told: balance, the order of the list against
//! the draw, and the record for the archive.
//!
//! All of it follows from the store and the draw's public files, so it can be written again. The
//! draw is recorded before: if a file can't be written, the draw stands.

mod balance;
mod facts;
mod made;
mod order;
mod record;
mod stored;
mod words;

use lodd_estimate::{EstimateError, balance::Runs};
use lodd_report::{Checks, Lang, render_checks, render_record};
use lodd_store::{
    Pilot,
    pilot::{Draw, DrawStatus},
    schema,
};
use serde_json::{Value, json};

use super::{Context, outputs, tables};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem, Severity},
    protocol::Protocol,
    text::{Text, say},
};
use balance::Balance;
pub(in crate::steps) use facts::Known;
pub(in crate::steps) use made::{Made, arm_name};
use order::Orders;
pub(in crate::steps) use record::block_name;
pub(in crate::steps) use stored::{Compared, Ordered, Stored};

/// Below this p-value a check of the order says stop and look.
const STOP: f64 = 0.001;

/// Up to so many units a draw is re-run 9,999 times, above it 1,999 times.
const MANY_UNITS: usize = 20_000;

/// Everything that is told of one draw.
struct Told {
    text: Text,
    json: Value,
}

/// Writes the files of a draw that has just been recorded and adds to the answer what they say.
/// What goes wrong here is a warning: the draw stands.
pub(super) fn tell(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    draw: i64,
    mut answer: Answer,
) -> Answer {
    match write(context, pilot, protocol, draw) {
        Ok(told) => {
            answer.text = Text::lines([answer.text, told.text]);
            if let Value::Object(json) = &mut answer.json {
                json.insert("after".to_owned(), told.json);
            }
        }
        Err(failure) => answer.problems.push(not_written(draw, &failure)),
    }
    answer
}

fn not_written(draw: i64, failure: &Failure) -> Problem {
    let (Failure::Refused { summary: why, .. } | Failure::CouldNotRun { message: why, .. }) =
        failure;
    let message = Text::new(
        format!("trekningen står, men kontrollen etter den er ikke skrevet: {}", why.nb),
        format!("the draw stands, but the checks after it were not written: {}", why.en),
    );
    let fix = say!(
        "kjør `lodd draw report {draw}`",
        nn "køyr `lodd draw report {draw}`",
        "run `lodd draw report {draw}`"
    );
    Problem { severity: Severity::Warning, ..Problem::new(Place::default(), message).fix(fix) }
}

/// A draw as it was made, with what was known of its units when the list was locked.
///
/// # Errors
///
/// If the store or the draw's public files can't be read.
pub(in crate::steps) fn made(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    draw: i64,
) -> Result<(Made, Known), Failure> {
    let made = Made::read(context, pilot, protocol, draw)?;
    let known = Known::read(pilot, protocol, &made)?;
    Ok((made, known))
}

/// Writes the files of a draw again; without a number those of the last draw that was made.
///
/// # Errors
///
/// Refused when no such draw has been made.
pub(crate) fn report(context: &Context, draw: Option<u32>) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    let draws = pilot.draws().map_err(|error| super::words::store(&error))?;
    let made = |it: &&Draw| matches!(it.status, DrawStatus::Drawn | DrawStatus::Imported);
    let found = match draw {
        Some(number) => draws.iter().filter(made).find(|it| it.draw == i64::from(number)),
        None => draws.iter().rfind(made),
    };
    let Some(found) = found else {
        return Err(Failure::policy_with(
            draw.map_or_else(
                || {
                    Text::new("ingen trekning er gjort", "no draw has been made")
                        .nn("inga trekking er gjord")
                },
                |n| {
                    say!(
                        "trekning {n} er ikke gjort",
                        nn "trekking {n} er ikkje gjord",
                        "draw {n} has not been made"
                    )
                },
            ),
            Text::new(
                "`lodd draw status` viser hvor trekningene står",
                "`lodd draw status` shows where the draws stand",
            )
            .nn("`lodd draw status` viser kvar trekkingane står"),
        ));
    };
    let told = write(context, &pilot, &protocol, found.draw)?;
    Ok(Answer::new(told.text, told.json))
}

/// Computes everything first, then writes.
fn write(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
    draw: i64,
) -> Result<Told, Failure> {
    let (made, known) = made(context, pilot, protocol, draw)?;
    let runs = runs(made.units());
    let (balance, orders) = super::estimate::on_threads(context.threads, || {
        Ok::<_, Failure>((
            Balance::of(&made, known.facts(), runs)?,
            Orders::of(&made, &known, runs)?,
        ))
    })??;
    let folder = format!("draw-{draw:04}/");
    let name = format!("out/draw-{draw:04}");
    let mut written = vec![format!("{name}/balance.parquet"), format!("{name}/order.parquet")];
    let checks = checks(protocol, &made, &balance, &orders, written.clone());
    let mut pages: Vec<(String, String)> = Vec::new();
    for lang in [Lang::Nb, Lang::En] {
        let page = render_checks(&checks, lang);
        pages.push((format!("checks.{}.html", lang.code()), page.map_err(page_failed)?));
    }
    if let Some(record) = record::record(pilot, protocol, &made, (&balance, &orders))? {
        for lang in Lang::ALL {
            let page = render_record(&record, lang);
            pages.push((format!("record.{}.html", lang.code()), page.map_err(page_failed)?));
        }
    }
    let (balanced, ordered) = (balance.table(&made)?, orders.table(&made)?);
    tables::write_in(context, &folder, (&schema::BALANCE, &balanced), metadata(&made))?;
    tables::write_in(context, &folder, (&schema::ORDER, &ordered), metadata(&made))?;
    for (page, html) in pages {
        written.push(format!("{name}/{page}"));
        outputs::write(context, &format!("{folder}{page}"), html.as_bytes())?;
    }
    Ok(told(&made, &balance, &orders, &written))
}

/// How often this draw is run again.
fn runs(units: usize) -> Runs {
    let replicates = if units > MANY_UNITS { 1_999 } else { 9_999 };
    Runs { max_exact: 100_000, replicates }
}

fn metadata(made: &Made) -> lodd_store::parquet::Metadata {
    let result = made.draw.result_sha256.clone().unwrap_or_default();
    vec![
        ("origin".to_owned(), made.draw.origin.code().to_owned()),
        ("result_sha256".to_owned(), result),
    ]
}

fn checks(
    protocol: &Protocol,
    made: &Made,
    balance: &Balance,
    orders: &Orders,
    files: Vec<String>,
) -> Checks {
    Checks {
        program: program(),
        title: words::shown(&protocol.title),
        pilot: protocol.label.clone(),
        draw: u32::try_from(made.draw.draw).unwrap_or_default(),
        stamps: words::stamps(made.draw.origin).iter().map(words::shown).collect(),
        arms: made.arm_names.iter().map(words::shown).collect(),
        characteristics: balance.characteristics(),
        balance: words::balance(balance).iter().map(words::shown).collect(),
        orders: orders.rows(made),
        advice: words::advice(made, orders).iter().map(words::shown).collect(),
        files,
    }
}

fn told(made: &Made, balance: &Balance, orders: &Orders, written: &[String]) -> Told {
    let folder = format!("out/draw-{:04}", made.draw.draw);
    let mut lines = vec![words::headline(balance), words::order_headline(orders)];
    lines.extend(orders.stopped().map(|it| words::stopped(made, it)));
    if orders.stopped().next().is_some() {
        lines.push(words::what_to_do(made));
    }
    lines.push(if made.folder.is_some() {
        say!(
            "  Se {folder}: checks.nb.html før noen får vite resultatet, record.nb.html til arkivet.",
            nn "  Sjå {folder}: checks.nb.html før nokon får vite resultatet, record.nn.html til arkivet.",
            "  See {folder}: checks.en.html before anyone is told, record.en.html for the archive."
        )
    } else {
        say!(
            "  Se {folder}/checks.nb.html før noen får vite resultatet.",
            nn "  Sjå {folder}/checks.nb.html før nokon får vite resultatet.",
            "  See {folder}/checks.en.html before anyone is told."
        )
    });
    let joint = balance.joint.as_ref().map(|(test, _)| {
        json!({
            "statistic": test.statistic, "df": test.df, "p_value": test.p_value(),
            "replays": test.draws, "exact": test.exact,
        })
    });
    let json = json!({
        "draw": made.draw.draw,
        "origin": made.draw.origin.code(),
        "balance": joint,
        "checks": orders.checks.len(),
        "below_0_05": orders.below(0.05),
        "stop": orders.stopped().map(|it| json!({ "list": it.list.id, "against": it.against.code(), "p_value": it.test.p_value() })).collect::<Vec<_>>(),
        "files": written,
    });
    Told { text: Text::lines(lines), json }
}

fn program() -> String {
    format!("lodd {}", env!("CARGO_PKG_VERSION"))
}

fn page_failed(error: lodd_report::ReportError) -> Failure {
    Failure::internal("page", error)
}

fn estimate_failed(error: EstimateError) -> Failure {
    Failure::internal("balance", error)
}
