//! The panel on a Ballista cluster: the whole query as one job, its rows fetched from the executors
//! and sorted here by one writer.

use std::{
    fmt,
    sync::{Arc, Mutex},
    time::Duration,
};

use ballista::prelude::{SessionConfigExt, SessionContextExt};
use ballista_core::config::BALLISTA_ADAPTIVE_PLANNER_ENABLED;
use datafusion::{
    arrow::{
        array::AsArray,
        datatypes::{Int64Type, SchemaRef},
    },
    catalog::streaming::StreamingTable,
    error::{DataFusionError, Result as EngineResult},
    execution::{SessionStateBuilder, TaskContext},
    physical_plan::{SendableRecordBatchStream, streaming::PartitionStream},
    prelude::{SessionConfig, SessionContext},
};
use futures::StreamExt;

use crate::{
    files::Input,
    local::{Place, Work},
    output::{Output, as_file},
    problem::Failure,
    stores, tables,
    text::say,
};

/// How long a scheduler and its first executor may take to answer.
const PROBE: Duration = Duration::from_secs(10);

/// How often the cluster is asked whether it lives, and how long it may have no executor.
const WATCH_EVERY: Duration = Duration::from_secs(2);
const WATCH_PATIENCE: Duration = Duration::from_secs(20);

/// Jobs that are submitted again when one is lost.
const AGAIN: usize = 1;

/// Pieces that the cluster cuts a table into.
const PIECES: usize = 4;

/// A scheduler, `HOST:PORT`.
#[derive(Clone, Debug)]
pub(crate) struct Cluster {
    address: String,
    deadline: Duration,
}

impl Cluster {
    /// From `ballista://HOST:PORT`; `None` where the engine is another.
    pub(crate) fn new(engine: &str, deadline: Duration) -> Option<Self> {
        let url = url::Url::parse(engine).ok().filter(|it| it.scheme() == "ballista")?;
        let address = format!("{}:{}", url.host_str()?, url.port().unwrap_or(50050));
        Some(Self { address, deadline })
    }

    /// Waits until the scheduler has an executor.
    ///
    /// # Errors
    ///
    /// Could not run where there is none after seconds.
    pub(crate) async fn probe(&self) -> Result<(), Failure> {
        let start = tokio::time::Instant::now();
        loop {
            let health = self.health().await;
            if matches!(health, Health::Ready) {
                return Ok(());
            }
            if start.elapsed() > PROBE {
                return Err(self.unwell(&health));
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// Ends with what is wrong once the cluster has had no executor for a while.
    async fn watch(&self) -> Failure {
        let mut since = None;
        loop {
            tokio::time::sleep(WATCH_EVERY).await;
            let health = self.health().await;
            if matches!(health, Health::Ready) {
                since = None;
                continue;
            }
            let since = *since.get_or_insert_with(tokio::time::Instant::now);
            if since.elapsed() > WATCH_PATIENCE {
                return self.unwell(&health);
            }
        }
    }

    async fn health(&self) -> Health {
        let url = format!("http://{}/readyz", self.address);
        let asked = reqwest::Client::builder().timeout(Duration::from_secs(2)).no_proxy().build();
        let answer = match asked {
            Ok(client) => client.get(url).send().await,
            Err(error) => Err(error),
        };
        match answer {
            Ok(answer) if answer.status().is_success() => Health::Ready,
            Ok(answer) if answer.status().as_u16() == 503 => Health::NoExecutors,
            Ok(answer) => Health::Silent(answer.status().to_string()),
            Err(error) => Health::Silent(error.without_url().to_string()),
        }
    }

    fn unwell(&self, health: &Health) -> Failure {
        let address = &self.address;
        match health {
            Health::Silent(error) => Failure::CouldNotRun {
                message: say!(
                    "ingen Ballista-planlegger svarer på {address}: {error}",
                    "no Ballista scheduler answers at {address}: {error}"
                ),
                hint: Some(say!(
                    "start en med `lodd-cluster scheduler`",
                    "start one with `lodd-cluster scheduler`"
                )),
            },
            Health::NoExecutors | Health::Ready => Failure::CouldNotRun {
                message: say!(
                    "planleggeren på {address} har ingen utførere",
                    "the scheduler at {address} has no executors"
                ),
                hint: Some(say!(
                    "start en med `lodd-cluster executor --scheduler {address}`",
                    "start one with `lodd-cluster executor --scheduler {address}`"
                )),
            },
        }
    }

    /// Runs the query on the cluster and writes its rows. A job that is lost is submitted again,
    /// once.
    ///
    /// # Errors
    ///
    /// Could not run where the cluster fails, loses its executors or does not finish in time.
    pub(crate) async fn run(
        &self,
        work: &ClusterWork,
        place: &Place,
        output: impl Fn() -> Result<Output, Failure>,
    ) -> Result<Output, Failure> {
        let mut tries = 0;
        loop {
            let attempt = async {
                tokio::select! {
                    done = self.attempt(work, place, output()?) => done,
                    failure = self.watch() => Err(failure),
                }
            };
            let seconds = self.deadline.as_secs();
            let timed = tokio::time::timeout(self.deadline, attempt).await;
            let done = timed.map_err(|_| {
                Failure::could_not(say!(
                    "klyngen ble ikke ferdig på {seconds} sekunder",
                    "the cluster did not finish in {seconds} seconds"
                ))
            })?;
            match done {
                Ok(output) => return Ok(output),
                Err(_) if tries < AGAIN => {
                    tries += 1;
                    self.probe().await?;
                }
                Err(failure) => return Err(failure),
            }
        }
    }

    async fn attempt(
        &self,
        work: &ClusterWork,
        place: &Place,
        mut output: Output,
    ) -> Result<Output, Failure> {
        let fail = |error| Failure::internal("ballista", error);
        let mut jobs: Vec<Arc<dyn PartitionStream>> = Vec::new();
        for draws in &work.work.assigned.groups {
            let session = self.session().await.map_err(fail)?;
            work.register(&session, draws).await?;
            let frame = session.sql(&work.text).await.map_err(fail)?;
            let schema = Arc::clone(frame.schema().inner());
            let rows = frame.execute_stream().await.map_err(fail)?;
            jobs.push(Arc::new(Received { schema, rows: Mutex::new(Some(rows)) }));
        }
        let mut sorted = sorted(work, place, jobs).await.map_err(fail)?;
        while let Some(batch) = sorted.next().await {
            output.write(&as_file(&batch.map_err(fail)?)?)?;
        }
        Ok(output)
    }

    async fn session(&self) -> EngineResult<SessionContext> {
        let config = SessionConfig::new_with_ballista()
            .with_target_partitions(PIECES)
            // It plans all anew after each stage, without the rules of the scheduler's session.
            .set_bool(BALLISTA_ADAPTIVE_PLANNER_ENABLED, false)
            .with_ballista_job_name("lodd panel");
        let state = SessionStateBuilder::new()
            .with_default_features()
            .with_config(config)
            .with_runtime_env(stores::runtime(None)?)
            .build();
        SessionContext::remote_with_state(&format!("df://{}", self.address), state).await
    }
}

enum Health {
    Ready,
    NoExecutors,
    Silent(String),
}

/// What a cluster reads beside the work itself: the assignments as a file that executors open.
#[derive(Clone, Debug)]
pub(crate) struct ClusterWork {
    pub(crate) work: Work,
    pub(crate) assignments: Input,
    /// The panel's text.
    pub(crate) text: String,
    /// The names of the horizons, in the order of the rules.
    pub(crate) horizons: Vec<String>,
}

impl ClusterWork {
    /// Registers the tables of the query: views over the files, which every executor opens itself.
    async fn register(
        &self,
        session: &SessionContext,
        draws: &std::collections::BTreeSet<i64>,
    ) -> Result<(), Failure> {
        let work = &self.work;
        let (snapshots, assignments) = (work.snapshots.table()?, self.assignments.table()?);
        let register = async {
            session.register_table("snapshot_file", snapshots)?;
            session.register_table("assignment_file", assignments)?;
            let shown = self.shown_at(draws)?;
            let list: Vec<String> = draws.iter().map(ToString::to_string).collect();
            let assigned = format!(
                "SELECT CAST(draw AS BIGINT) AS draw, unit_kind, unit_id, family_id, \
                 CASE draw{shown} END AS shown_at FROM assignment_file WHERE draw IN ({})",
                list.join(", ")
            );
            session.register_table("assigned", session.sql(&assigned).await?.into_view())?;
            session.register_table("snapshots", session.sql(SNAPSHOTS).await?.into_view())?;
            let targets: Vec<_> =
                work.targets.iter().filter(|it| draws.contains(&it.draw)).cloned().collect();
            for (name, text) in tables::all(work.cut, &targets) {
                session.register_table(name, session.sql(&text).await?.into_view())?;
            }
            Ok::<(), DataFusionError>(())
        };
        register.await.map_err(|error| Failure::internal("ballista", error))
    }

    /// ` WHEN 1 THEN …`: when the result of each draw was shown.
    fn shown_at(&self, draws: &std::collections::BTreeSet<i64>) -> EngineResult<String> {
        let rows = &self.work.assigned.rows;
        let column = |name: &str| {
            rows.column_by_name(name)
                .and_then(|it| it.as_primitive_opt::<Int64Type>())
                .ok_or_else(|| DataFusionError::Internal(name.to_owned()))
        };
        let (draw, shown) = (column("draw")?, column("shown_at")?);
        let shown: std::collections::BTreeMap<i64, i64> =
            draw.values().iter().copied().zip(shown.values().iter().copied()).collect();
        let one = |(draw, at): (&i64, &i64)| format!(" WHEN {draw} THEN CAST({at} AS BIGINT)");
        Ok(shown.iter().filter(|(draw, _)| draws.contains(draw)).map(one).collect())
    }
}

/// Days and µs as whole numbers, no register as the empty text. `content` breaks no tie, since a key
/// that stands twice is refused.
const SNAPSHOTS: &str = "\
    SELECT unit_kind, unit_id, CAST(CAST(status_date AS INTEGER) AS BIGINT) AS status_date, source, \
    COALESCE(register, '') AS register, occasion, CAST(recorded_at AS BIGINT) AS recorded_at, \
    record_status, variable, value_code, value_num, missing_code, '' AS content FROM snapshot_file";

/// Rows on their way from a job, which can be read once.
struct Received {
    schema: SchemaRef,
    rows: Mutex<Option<SendableRecordBatchStream>>,
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Received")
    }
}

impl PartitionStream for Received {
    fn schema(&self) -> &SchemaRef {
        &self.schema
    }

    fn execute(&self, _: Arc<TaskContext>) -> SendableRecordBatchStream {
        use datafusion::physical_plan::EmptyRecordBatchStream;
        let rows = self.rows.lock().ok().and_then(|mut it| it.take());
        rows.unwrap_or_else(|| Box::pin(EmptyRecordBatchStream::new(Arc::clone(&self.schema))))
    }
}

/// All rows by the full key, on disk where memory does not suffice.
async fn sorted(
    work: &ClusterWork,
    place: &Place,
    jobs: Vec<Arc<dyn PartitionStream>>,
) -> EngineResult<SendableRecordBatchStream> {
    let config = SessionConfig::new().with_target_partitions(1);
    let session = SessionContext::new_with_config_rt(config, Arc::clone(&place.runtime));
    let Some(schema) = jobs.first().map(|it| Arc::clone(it.schema())) else {
        return session.sql("SELECT 1 WHERE 1 = 0").await?.execute_stream().await;
    };
    let received = StreamingTable::try_new(schema, jobs)?;
    session.register_table("received", Arc::new(received))?;
    let order = |column: &str, names: &[String]| {
        let places = names.iter().enumerate();
        let cases: String =
            places.map(|(place, name)| format!(" WHEN '{name}' THEN {place}")).collect();
        format!("CASE {column}{cases} END")
    };
    let rules: Vec<String> =
        lodd_panel::panel::PICK_RULES.iter().map(|it| it.name.to_owned()).collect();
    let text = format!(
        "SELECT * FROM received ORDER BY draw, unit_kind, unit_id, {}, source, register, {}, variable",
        order("horizon", &work.horizons),
        order("rule", &rules)
    );
    session.sql(&text).await?.execute_stream().await
}
