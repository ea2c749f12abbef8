//! `lodd-cluster panel`: opens and checks the inputs, hands them to an engine, writes the file.

use std::{path::Path, time::Duration};

use jiff::{Timestamp, civil::Date};
use serde_json::{Value, json};

use crate::{
    assigned::Assigned,
    cli::{Global, Panel},
    cluster::{Cluster, ClusterWork},
    files::Input,
    local::{self, Place, Work},
    output::{Output, Stamp},
    problem::Failure,
    query::Query,
    rules::Rules,
    schema::{ASSIGNMENTS, SNAPSHOTS},
    stores::{self, Budget},
    tables::Cut,
    text::{Text, count, say},
};

/// What was done: for a person, and for a script.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) text: Text,
    pub(crate) json: Value,
}

/// Builds the panel.
///
/// # Errors
///
/// Refused where an input can't be used, with the place; could not run where disk, network or
/// cluster fail. Then nothing has been written.
pub(crate) async fn run(words: &Panel, global: Global) -> Result<Answer, Failure> {
    let rules = Rules::read(&words.rules)?;
    if words.print_sql {
        let sql = rules.sql();
        return Ok(Answer { text: say!("{sql}", "{sql}"), json: json!({ "sql": sql }) });
    }
    let cut = cut(&words.cut)?;
    let deadline = Duration::from_secs(words.deadline);
    let cluster = match words.engine.as_str() {
        "local" => None,
        engine => Some(Cluster::new(engine, deadline).ok_or_else(|| {
            Failure::could_not(say!(
                "`--engine` må være local eller ballista://HOST:PORT, fant `{engine}`",
                "`--engine` must be local or ballista://HOST:PORT, found `{engine}`"
            ))
        })?),
    };
    if let Some(cluster) = &cluster {
        cluster.probe().await?;
    }
    let scratch = scratch(&words.out)?;
    let place = Place {
        scratch: scratch.path().to_owned(),
        runtime: stores::runtime(Some(&Budget {
            bytes: words.memory.saturating_mul(1 << 20),
            spill: scratch.path().to_owned(),
        }))
        .map_err(|error| Failure::io(&words.out.display().to_string(), error))?,
        threads: threads(words),
        part_rows: words.part_rows.max(1),
        progress: !global.quiet && !global.json,
    };
    let (work, assignments) = open(words, &rules, &place, cut).await?;
    let stamp = Stamp { cut: instant(cut.us), rules_sha256: rules.sha256.clone() };
    let new = || Output::new(&words.out, &place.scratch, &stamp);
    let (units, draws) = (work.assigned.rows.num_rows(), work.assigned.draws.len());
    let snapshots = work.snapshots.rows();
    let output = match cluster {
        None => {
            let mut output = new()?;
            local::run(work, &place, &mut output).await?;
            output
        }
        Some(cluster) => {
            local::check(&work, &place).await?;
            let work =
                ClusterWork { work, assignments, text: rules.sql(), horizons: rules.horizons() };
            cluster.run(&work, &place, new).await?
        }
    };
    let rows = output.finish()?;
    Ok(answer(words, (rows, snapshots, units, draws)))
}

fn threads(words: &Panel) -> usize {
    let all = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    words.threads.unwrap_or_else(all).max(1)
}

/// A folder for what does not fit in memory, beside the result; it goes when the command ends.
fn scratch(out: &Path) -> Result<tempfile::TempDir, Failure> {
    let fail = |error| Failure::io(&out.display().to_string(), error);
    std::fs::create_dir_all(out).map_err(fail)?;
    tempfile::Builder::new().prefix(".panel-").tempdir_in(out).map_err(fail)
}

async fn open(
    words: &Panel,
    rules: &Rules,
    place: &Place,
    cut: Cut,
) -> Result<(Work, Input), Failure> {
    let session = datafusion::prelude::SessionContext::new_with_config_rt(
        datafusion::prelude::SessionConfig::new(),
        std::sync::Arc::clone(&place.runtime),
    );
    let assignments = Input::open(&session, &words.assignments, ASSIGNMENTS).await?;
    let snapshots = Input::open(&session, &words.snapshots, SNAPSHOTS).await?;
    let assigned = Assigned::read(&assignments).await?;
    let draws: Vec<(i64, Date)> = assigned.draws.iter().map(|(draw, on)| (*draw, *on)).collect();
    let targets = rules.targets(&draws)?;
    let query =
        Query::new(&rules.sql()).map_err(|error| Failure::internal("the panel's text", error))?;
    Ok((Work { snapshots, assigned, targets, cut, query }, assignments))
}

fn cut(text: &str) -> Result<Cut, Failure> {
    let refuse = || {
        Failure::could_not(say!(
            "--cut må være et tidspunkt som 2016-10-01T00:00:00Z, fant `{text}`",
            "--cut must be a time like 2016-10-01T00:00:00Z, found `{text}`"
        ))
    };
    let us = text.parse::<Timestamp>().map_err(|_| refuse())?.as_microsecond();
    let day = lodd_store::oslo_day(us).map_err(|_| refuse())?;
    Ok(Cut { us, day: i64::from(day) })
}

/// An instant as ISO text.
fn instant(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| us.to_string(), |at| at.to_string())
}

fn answer(words: &Panel, (rows, snapshots, units, draws): (usize, usize, usize, usize)) -> Answer {
    let file = words.out.join("panel.parquet").display().to_string();
    let (shown_rows, shown_snapshots) = (count(rows), count(snapshots));
    let shown_units = count(units);
    Answer {
        text: say!(
            "Panelet er bygd: {shown_rows} rader for {shown_units} enheter, av {shown_snapshots} rader øyeblikksbilder. {file}",
            "The panel is built: {shown_rows} rows of {shown_units} units, from {shown_snapshots} rows of snapshots. {file}"
        ),
        json: json!({
            "panel": rows,
            "snapshots": snapshots,
            "units": units,
            "draws": draws,
            "engine": words.engine,
            "files": [file],
        }),
    }
}
