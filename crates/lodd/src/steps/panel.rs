//! `lodd panel`: panel, outcomes and flow at the horizons, from the store as known at a cut.

mod answer;
mod completeness;
mod flow_sums;
mod over_time;

use indicatif::ProgressBar;
use jiff::{Timestamp, civil::Date};
use lodd_panel::{Mistake, concordance, flow, horizon::Target, outcomes, panel};
use lodd_store::{
    Column, Kind, Pilot, Table, Values, parquet,
    query::Engine,
    schema::{self, Schema},
};

use super::{Context, drawn, export, origins, screen, tables, words};
use crate::{
    answer::Answer,
    problem::{Failure, Place, Problem},
    progress,
    protocol::{self, Protocol},
    text::{Text, say},
};

/// What estimates and report are made from, at one cut.
#[derive(Debug)]
pub(super) struct Built {
    pub(super) cut_us: i64,
    /// The date of the cut in Oslo, in days since 1970-01-01.
    pub(super) cut_day: i64,
    pub(super) targets: Vec<Target>,
    pub(super) outcomes: Table,
    pub(super) flow: Table,
}

/// Builds and writes the tables, or prints the queries.
///
/// # Errors
///
/// Refused when nothing has been drawn, or the cut is later than what is recorded.
pub(crate) fn run(
    context: &Context,
    cut: Option<&str>,
    print_sql: bool,
) -> Result<Answer, Failure> {
    let pilot = context.pilot()?;
    let protocol = context.protocol(&pilot)?;
    drawn::check(&protocol)?;
    if print_sql {
        return Ok(Answer { raw: Some(sql(&protocol).into_bytes()), ..Answer::default() });
    }
    if pilot.locked_plans().map_err(|error| words::store(&error))?.is_empty() {
        return Err(Failure::policy_with(
            Text::new(
                "analyseplanen må låses før utfallene åpnes",
                "the analysis plan must be locked before outcomes are opened",
            )
            .nn("analyseplanen må låsast før utfalla blir opna"),
            Text::new(
                "skriv analysis.toml og kjør `lodd plan lock`",
                "write analysis.toml and run `lodd plan lock`",
            )
            .nn("skriv analysis.toml og køyr `lodd plan lock`"),
        ));
    }
    let cut_us = cut.map_or_else(|| default_cut(&pilot), parse_cut)?;
    let bar = progress::bar(context.progress, STEPS, "lodd panel");
    let (panel, built, engine) = build(&pilot, &protocol, cut_us, &bar)?;
    let over_time = over_time::build(&engine, &protocol)?;
    let compared = compared(&engine, &protocol)?;
    bar.finish_and_clear();
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let metadata = || {
        vec![
            ("cut".to_owned(), instant(cut_us)),
            ("protocol_sha256".to_owned(), protocol.sha256()),
            ("origin".to_owned(), origins(&draws)),
            ("interim".to_owned(), interim_words(&built)),
        ]
    };
    let tables: Vec<(&Schema, &Table)> = [
        (&schema::PANEL, &panel),
        (&schema::OUTCOMES, &built.outcomes),
        (&schema::FLOW, &built.flow),
        (&schema::CONCORDANCE, &compared),
    ]
    .into_iter()
    .chain(over_time.tables())
    .collect();
    for (schema, table) in &tables {
        tables::write(context, schema, table, metadata())?;
    }
    export::write_codes(context, &protocol)?;
    let erased = pilot.erasures().map_err(|error| words::store(&error))?.len();
    let control = protocol.draw.control();
    let problems = completeness::warnings(&flow_sums::counts(&built.flow)?, control);
    let file = |(schema, _): &(&Schema, &Table)| format!("out/{}.parquet", schema.name);
    let files: Vec<String> = tables.iter().map(file).collect();
    Ok(Answer { problems, ..answer::answer((&panel, &built), &draws, (erased, &files))? })
}

fn parse_cut(text: &str) -> Result<i64, Failure> {
    text.parse::<Timestamp>().map(Timestamp::as_microsecond).map_err(|_| Failure::CouldNotRun {
        message: say!(
            "--cut må være et tidspunkt som 2016-10-01T00:00:00Z, fant `{text}`",
            nn "--cut må vere eit tidspunkt som 2016-10-01T00:00:00Z, fann `{text}`",
            "--cut must be a time like 2016-10-01T00:00:00Z, found `{text}`"
        ),
        hint: None,
    })
}

/// The last entry that said anything about families: neither a run of the plan nor a new key moves
/// the cut.
pub(super) fn default_cut(pilot: &Pilot) -> Result<i64, Failure> {
    let entries = pilot.ledger().map_err(|error| words::store(&error))?;
    let about_families = |event: &str| event != "run" && !event.starts_with("key_");
    let last = entries.iter().rev().find(|entry| about_families(&entry.event));
    last.map(|entry| entry.at_us)
        .ok_or_else(|| words::store(&lodd_store::StoreError::NothingRecorded))
}

/// An instant as ISO text.
pub(super) fn instant(us: i64) -> String {
    Timestamp::from_microsecond(us).map_or_else(|_| us.to_string(), |at| at.to_string())
}

/// Every query that runs, in order.
fn sql(protocol: &Protocol) -> String {
    let mut texts = vec![
        ("screening", screen::sql(protocol).to_owned()),
        ("panel", protocol.panel.panel_sql()),
        ("observations", protocol.panel.observations_sql()),
        ("outcomes", protocol.panel.outcomes_sql()),
        ("flow", protocol.panel.flow_sql()),
        ("concordance", protocol.panel.concordance_sql()),
    ];
    texts.extend(over_time::texts(protocol));
    texts
        .iter()
        .map(|(name, text)| format!("-- {name}\n{};\n", text.trim_end().trim_end_matches(';')))
        .collect()
}

/// Queries that a panel takes, for the bar.
const STEPS: u64 = 4;

/// Runs the queries on the store as known at `cut_us`: the panel, and what is made of it. `bar` moves
/// with each query.
pub(super) fn build(
    pilot: &Pilot,
    protocol: &Protocol,
    cut_us: i64,
    bar: &ProgressBar,
) -> Result<(Table, Built, Engine), Failure> {
    let mut inputs =
        pilot.panel_inputs_by(cut_us, protocol.consent).map_err(|error| words::store(&error))?;
    let targets = targets(pilot, protocol, cut_us)?;
    inputs.push(over_time::calendar(&inputs, &targets)?);
    inputs.push(targets_table(&targets)?);
    inputs.extend(screening_tables(pilot, cut_us)?);
    inputs.extend(pilot.flow_inputs(cut_us).map_err(|error| words::store(&error))?);
    inputs.push(flow_sums::planned(pilot, protocol, cut_us)?);
    let engine = Engine::new().map_err(|error| words::query(&error))?;
    let query = |table: &Table| engine.register(table).map_err(|error| words::query(&error));
    inputs.iter().try_for_each(query)?;
    let run = |sql: &str, name: &str, kinds: &[(&str, Kind)]| {
        let table = engine.run(sql, name, kinds).map_err(|error| words::query(&error))?;
        bar.inc(1);
        Ok::<Table, Failure>(table)
    };
    let raw = run(&protocol.panel.panel_sql(), "panel", &kinds(panel::COLUMNS, &schema::PANEL))?;
    query(&raw)?;
    let observations = protocol.panel.observations_sql();
    query(&run(&observations, "observations", over_time::OBSERVATIONS)?)?;
    let outcomes = run(
        &protocol.panel.outcomes_sql(),
        "outcomes",
        &kinds(outcomes::COLUMNS, &schema::OUTCOMES),
    )?;
    query(&outcomes)?;
    let flow = run(&protocol.panel.flow_sql(), "flow", &kinds(flow::COLUMNS, &schema::FLOW))?;
    flow_sums::check(&flow)?;
    let built = Built {
        cut_us,
        cut_day: cut_day(cut_us)?,
        targets,
        outcomes: divided(&outcomes)?,
        flow: finished(&flow, &schema::FLOW)?,
    };
    Ok((finished(&raw, &schema::PANEL)?, built, engine))
}

/// The concordance, which nothing is estimated from.
fn compared(engine: &Engine, protocol: &Protocol) -> Result<Table, Failure> {
    let columns = kinds(concordance::COLUMNS, &schema::CONCORDANCE);
    let sql = protocol.panel.concordance_sql();
    let raw = engine.run(&sql, "concordance", &columns).map_err(|error| words::query(&error))?;
    finished(&raw, &schema::CONCORDANCE)
}

/// The horizons of draws that were not due at the cut, each with the date when it is: what is made
/// of them is interim.
fn interim(built: &Built) -> Vec<(String, i64)> {
    let late = built.targets.iter().filter(|it| it.due_on > built.cut_day);
    late.map(|it| (format!("{}/{}", it.draw, it.horizon), it.due_on)).collect()
}

/// The same for a file's metadata: `1/12,2/12` as draw and horizon; empty where all were due.
fn interim_words(built: &Built) -> String {
    interim(built).into_iter().map(|(it, _)| it).collect::<Vec<_>>().join(",")
}

/// What `lodd panel` has written, as it stands on disk.
pub(super) fn written(
    context: &Context,
    pilot: &Pilot,
    protocol: &Protocol,
) -> Result<Built, Failure> {
    let read = |name: &str| {
        let path = context.out(&format!("{name}.parquet"));
        if path.exists() {
            return parquet::read(&path).map_err(|error| words::parquet(&error));
        }
        Err(Failure::policy_with(
            Text::new("panelet er ikke bygd", "the panel has not been built")
                .nn("panelet er ikkje bygd"),
            Text::new("kjør `lodd panel`", "run `lodd panel`").nn("køyr `lodd panel`"),
        ))
    };
    let ((outcomes, metadata), (flow, _)) = (read("outcomes")?, read("flow")?);
    let cut = metadata.iter().find(|(key, _)| key == "cut").map(|(_, value)| value.as_str());
    let cut_us = cut.map_or_else(|| parse_cut(""), parse_cut)?;
    Ok(Built {
        cut_us,
        cut_day: cut_day(cut_us)?,
        targets: targets(pilot, protocol, cut_us)?,
        outcomes,
        flow,
    })
}

/// The date of a cut in Oslo.
fn cut_day(cut_us: i64) -> Result<i64, Failure> {
    lodd_store::oslo_day(cut_us).map(i64::from).map_err(|error| words::store(&error))
}

/// The targets of every draw that had ended by the cut.
fn targets(pilot: &Pilot, protocol: &Protocol, cut_us: i64) -> Result<Vec<Target>, Failure> {
    let draws = drawn_dates(pilot, cut_us)?;
    if draws.is_empty() {
        return Err(Failure::policy(
            Text::new("ingen er trukket ennå", "nobody has been drawn yet")
                .nn("ingen er trekt enno"),
        ));
    }
    targets_of(protocol, &draws)
}

/// The targets of draws with their dates.
pub(super) fn targets_of(
    protocol: &Protocol,
    draws: &[(i64, Date)],
) -> Result<Vec<Target>, Failure> {
    protocol.panel.targets(draws).map_err(|mistakes| {
        let problem = |it: &Mistake| Problem::new(Place::default(), protocol::sentence(it));
        Failure::refused(
            Text::new("horisontene passer ikke med trekningen", "the horizons do not fit the draw")
                .nn("horisontane passar ikkje med trekkinga"),
            mistakes.iter().map(problem).collect(),
        )
    })
}

/// Number and date of each draw that had ended by the cut.
pub(super) fn drawn_dates(pilot: &Pilot, cut_us: i64) -> Result<Vec<(i64, Date)>, Failure> {
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let dated = draws.iter().filter(|draw| draw.shown_at_us.is_some_and(|at| at <= cut_us));
    let epoch = jiff::civil::date(1970, 1, 1);
    let date = |days: i32| epoch.checked_add(jiff::Span::new().days(days)).ok();
    Ok(dated.filter_map(|draw| Some((draw.draw, date(draw.drawn_on?)?))).collect())
}

fn targets_table(targets: &[Target]) -> Result<Table, Failure> {
    let int = |name: &str, value: fn(&Target) -> i64| {
        Column::int(name, targets.iter().map(|it| Some(value(it))))
    };
    let columns = vec![
        int("draw", |it| it.draw),
        Column::text("horizon", targets.iter().map(|it| Some(it.horizon.as_str()))),
        int("horizon_order", |it| it.horizon_order),
        int("target", |it| it.target),
        int("window_low", |it| it.window_low),
        int("window_high", |it| it.window_high),
        int("due_on", |it| it.due_on),
        int("target_year", |it| it.target_year),
        int("month_first", |it| it.month_first),
        int("month_last", |it| it.month_last),
    ];
    Table::new("targets", columns).map_err(|error| tables::internal(&error))
}

/// Families and verdicts of the screening that stood at the cut, for the flow.
fn screening_tables(pilot: &Pilot, cut_us: i64) -> Result<Vec<Table>, Failure> {
    let stored = pilot.screening_at(cut_us).map_err(|error| words::store(&error))?;
    let rows = stored.map(|it| it.screening.rows).unwrap_or_default();
    let families = vec![
        Column::text("family_id", rows.iter().map(|row| Some(row.family_id.as_str()))),
        Column::text("office_id", rows.iter().map(|row| Some(row.office_id.as_str()))),
    ];
    let each = || rows.iter().flat_map(|row| row.rules.iter().map(move |rule| (row, rule)));
    let screening = vec![
        Column::text("family_id", each().map(|(row, _)| Some(row.family_id.as_str()))),
        Column::text("office_id", each().map(|(row, _)| Some(row.office_id.as_str()))),
        Column::int("eligible", each().map(|(row, _)| Some(i64::from(row.eligible)))),
        Column::text("rule", each().map(|(_, rule)| Some(rule.rule.as_str()))),
        Column::int("passed", each().map(|(_, rule)| rule.passed.map(i64::from))),
    ];
    let table =
        |name: &str, columns| Table::new(name, columns).map_err(|error| tables::internal(&error));
    Ok(vec![table("families", families)?, table("screening", screening)?])
}

/// What a query's columns hold: as in the file's schema, where the file has them.
fn kinds<'n>(columns: &[&'n str], schema: &Schema) -> Vec<(&'n str, Kind)> {
    let kind = |name: &str| match name {
        "cut_us" => Kind::Instant,
        "value_num" | "value_den" | "value_low" | "value_high" => Kind::Int,
        _ => schema
            .fields
            .iter()
            .find(|it| it.name == name)
            .map_or(Kind::Text, |it| it.physical.kind()),
    };
    columns.iter().map(|&name| (name, kind(name))).collect()
}

/// A query's result as the file has it: `cut` for `cut_us`, null for no register.
fn finished(raw: &Table, schema: &Schema) -> Result<Table, Failure> {
    let column = |field: &schema::Field| -> Result<Column, Failure> {
        let from = if field.name == "cut" { "cut_us" } else { field.name };
        let values = raw.values(from).map_err(|error| tables::internal(&error))?.clone();
        Ok(Column::new(
            field.name,
            if field.name.starts_with("register") { without_empty(values) } else { values },
        ))
    };
    let columns = schema.fields.iter().map(column).collect::<Result<_, _>>()?;
    Table::new(schema.name, columns).map_err(|error| tables::internal(&error))
}

fn without_empty(values: Values) -> Values {
    match values {
        Values::Text(texts) => {
            Values::Text(texts.into_iter().map(|it| it.filter(|text| !text.is_empty())).collect())
        }
        other => other,
    }
}

/// The outcomes with `value`: the two integers of the query, divided.
fn divided(raw: &Table) -> Result<Table, Failure> {
    let internal = |error: lodd_store::TableError| tables::internal(&error);
    let (num, den) =
        (raw.int("value_num").map_err(internal)?, raw.int("value_den").map_err(internal)?);
    let value = num.iter().zip(den).map(|(num, den)| {
        let (num, den) = ((*num)?, den.filter(|it| *it > 0)?);
        Some(num as f64 / den as f64)
    });
    let value = Column::real("value", value);
    let is_bound = |it: &&Column| it.name == "value_low" || it.name == "value_high";
    let mut columns: Vec<Column> =
        raw.columns().iter().filter(|it| !is_bound(it)).cloned().collect();
    for bound in ["value_low", "value_high"] {
        let days = raw.int(bound).map_err(internal)?.iter();
        columns.push(Column::real(bound, days.map(|it| it.map(|it| it as f64))));
    }
    columns.push(value);
    let with_value = Table::new("outcomes", columns).map_err(internal)?;
    finished(&with_value, &schema::OUTCOMES)
}
