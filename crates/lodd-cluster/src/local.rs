//! The panel on one machine: part by part, so that memory does not grow with the register.
//!
//! 1. How the rows lie is read from the units alone. Files sorted by unit are read side by side, a
//!    range of units at a time; others are first spread over files by family.
//! 2. Every part is checked, and the series that occur are noted. Nothing is worked out before all
//!    parts have passed.
//! 3. The query runs on each part. Its rows are kept on disk, and joined in the file's order.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use datafusion::{
    arrow::array::RecordBatch,
    common::Result as EngineResult,
    datasource::MemTable,
    execution::runtime_env::RuntimeEnv,
    prelude::{SessionConfig, SessionContext, col},
};
use futures::{TryStreamExt, stream};

use crate::{
    assigned::Assigned,
    check as cells,
    files::Input,
    layout::Layout,
    output::{Output, as_file},
    part::{Part, Series, snapshots_schema},
    problem::Failure,
    progress::Progress,
    query::Query,
    read::Cursor,
    runs::{Run, join},
    scatter::{self, Spread},
    tables::{self, Cut},
};

/// What is to be worked out.
#[derive(Clone, Debug)]
pub(crate) struct Work {
    pub(crate) snapshots: Input,
    pub(crate) assigned: Assigned,
    pub(crate) targets: Vec<lodd_panel::horizon::Target>,
    pub(crate) cut: Cut,
    pub(crate) query: Query,
}

/// Where and how.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) scratch: PathBuf,
    pub(crate) runtime: Arc<RuntimeEnv>,
    pub(crate) threads: usize,
    /// Rows that a part aims at: two parts and what a query makes of them fit in memory.
    pub(crate) part_rows: usize,
    pub(crate) progress: bool,
}

/// How to come by the rows of whole families, part by part.
enum Parts {
    /// Files sorted by unit: the ends of the ranges.
    Ranges(Vec<Option<String>>),
    Spread(Spread, Vec<PathBuf>),
}

/// The rows of a part, and who is assigned in it.
struct Loaded {
    index: usize,
    batches: Vec<RecordBatch>,
    assigned: Assigned,
}

impl Loaded {
    fn rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// Runs the query and writes its rows.
///
/// # Errors
///
/// Refused with the place of each bad row, before the query runs; could not run where disk or
/// memory do not suffice.
pub(crate) async fn run(work: Work, place: &Place, output: &mut Output) -> Result<(), Failure> {
    let work = Arc::new(work);
    let (parts, series) = checked(&work, place).await?;
    let bar = Progress::new(place.progress, work.snapshots.rows(), "panel");
    let runs = query_all(&work, place, (&parts, Arc::new(series)), &bar).await?;
    bar.finish();
    join(&runs, output)
}

/// Checks the rows, for an engine that has parts of its own.
///
/// # Errors
///
/// As [`run`].
pub(crate) async fn check(work: &Work, place: &Place) -> Result<(), Failure> {
    checked(&Arc::new(work.clone()), place).await.map(|_| ())
}

async fn checked(work: &Arc<Work>, place: &Place) -> Result<(Parts, Series), Failure> {
    let layout = Layout::read(&work.snapshots, place.part_rows).await?;
    let parts = parts(work, place, &layout).await?;
    let bar = Progress::new(place.progress, layout.rows, "check");
    let series = check_all(work, place, &parts, &bar).await?;
    bar.finish();
    Ok((parts, series))
}

async fn parts(work: &Work, place: &Place, layout: &Layout) -> Result<Parts, Failure> {
    // A member's rows depend on its family's, which lie elsewhere in the order.
    let apart = layout.has_families && !work.assigned.only_families()?;
    if layout.rows <= place.part_rows {
        return Ok(Parts::Ranges(vec![None]));
    }
    if layout.sorted && !apart {
        return Ok(Parts::Ranges(layout.ends()));
    }
    let spread = Spread::new(&work.assigned, layout.rows.div_ceil(place.part_rows))?;
    let bar = Progress::new(place.progress, layout.rows, "sort");
    let files = scatter::scatter(&work.snapshots, &spread, &place.scratch, &bar).await?;
    bar.finish();
    Ok(Parts::Spread(spread, files))
}

/// Reads parts in order.
enum Loader<'p> {
    Ranges { cursors: Vec<Cursor>, ends: &'p [Option<String>] },
    Files(&'p Spread, &'p [PathBuf]),
}

impl<'p> Loader<'p> {
    fn new(work: &Work, parts: &'p Parts) -> Result<Self, Failure> {
        Ok(match parts {
            Parts::Ranges(ends) => {
                let open = |index| Cursor::open(&work.snapshots, index, &[]);
                let cursors =
                    (0..work.snapshots.files.len()).map(open).collect::<Result<_, _>>()?;
                Self::Ranges { cursors, ends }
            }
            Parts::Spread(spread, files) => Self::Files(spread, files),
        })
    }

    async fn load(&mut self, work: &Work, index: usize) -> Result<Option<Loaded>, Failure> {
        match self {
            Self::Ranges { cursors, ends } => {
                let Some(end) = ends.get(index) else { return Ok(None) };
                let start = index.checked_sub(1).and_then(|it| ends.get(it)).cloned().flatten();
                let mut batches = Vec::new();
                for cursor in cursors {
                    cursor.below(end.as_deref(), &mut batches).await?;
                }
                let assigned = work.assigned.between(start.as_deref(), end.as_deref())?;
                Ok(Some(Loaded { index, batches, assigned }))
            }
            Self::Files(spread, files) => {
                let Some(path) = files.get(index) else { return Ok(None) };
                let assigned =
                    work.assigned.only(|row| spread.of_assignment.get(row) == Some(&index))?;
                Ok(Some(Loaded { index, batches: scatter::read(path)?, assigned }))
            }
        }
    }
}

/// Does something with every part, a few at once, and gives the results in order.
async fn each<T: Send + 'static>(
    work: &Arc<Work>,
    place: &Place,
    parts: &Parts,
    job: impl Fn(Loaded) -> tokio::task::JoinHandle<Result<T, Failure>>,
) -> Result<Vec<T>, Failure> {
    let loader = Loader::new(work, parts)?;
    let parts = stream::try_unfold((loader, 0_usize), |(mut loader, index)| async move {
        let loaded = loader.load(work, index).await?;
        Ok::<_, Failure>(loaded.map(|it| (it, (loader, index + 1))))
    });
    parts
        .map_ok(|loaded| {
            let job = job(loaded);
            async move { job.await.map_err(|error| Failure::internal("thread", error))? }
        })
        .try_buffered(place.threads)
        .try_collect()
        .await
}

/// Checks every part. Gives the series that occur.
async fn check_all(
    work: &Arc<Work>,
    place: &Place,
    parts: &Parts,
    bar: &Progress,
) -> Result<Series, Failure> {
    let spread = matches!(parts, Parts::Spread(..));
    let job = |loaded: Loaded| {
        let (work, bar) = (Arc::clone(work), bar.clone());
        tokio::task::spawn_blocking(move || {
            if !spread {
                for batch in &loaded.batches {
                    cells::cells(&work.snapshots, batch)?;
                    cells::values(&work.snapshots, batch)?;
                }
            }
            let part = Part::new(&work.snapshots, &loaded.batches)?;
            part.check(&work.snapshots)?;
            bar.add(loaded.rows());
            part.series(work.cut.us)
        })
    };
    Ok(each(work, place, parts, job).await?.into_iter().flatten().collect())
}

/// Runs the query on every part. Gives its rows, as runs on disk.
async fn query_all(
    work: &Arc<Work>,
    place: &Place,
    (parts, series): (&Parts, Arc<Series>),
    bar: &Progress,
) -> Result<Vec<Run>, Failure> {
    let job = |loaded: Loaded| {
        let (work, series, bar) = (Arc::clone(work), Arc::clone(&series), bar.clone());
        let (runtime, scratch) = (Arc::clone(&place.runtime), place.scratch.clone());
        tokio::spawn(async move {
            let rows = loaded.rows();
            let runs = query_part(&work, loaded, &series, (runtime, &scratch)).await?;
            bar.add(rows);
            Ok(runs)
        })
    };
    Ok(each(work, place, parts, job).await?.into_iter().flatten().collect())
}

async fn query_part(
    work: &Work,
    loaded: Loaded,
    series: &Series,
    (runtime, scratch): (Arc<RuntimeEnv>, &Path),
) -> Result<Vec<Run>, Failure> {
    let Loaded { index, batches, assigned } = loaded;
    if assigned.rows.num_rows() == 0 {
        return Ok(Vec::new());
    }
    let ids = assigned.ids()?;
    let part = Part::new(&work.snapshots, &batches)?.only(|id| ids.contains(id))?;
    drop(batches);
    let snapshots = part.with_series(series, work.cut.us)?;
    drop(part);
    let mut runs = Vec::new();
    for (group, draws) in assigned.groups.iter().enumerate() {
        let rows = assigned.of_group(draws)?;
        if rows.num_rows() == 0 {
            continue;
        }
        let targets: Vec<_> =
            work.targets.iter().filter(|it| draws.contains(&it.draw)).cloned().collect();
        let session = session(&runtime);
        let found = async {
            register(&session, &snapshots, &rows)?;
            for (name, text) in tables::all(work.cut, &targets) {
                session.register_table(name, session.sql(&text).await?.into_view())?;
            }
            work.query.run(&session).await
        };
        let found = found.await.map_err(|error| Failure::internal("panel", error))?;
        let found = found.iter().map(as_file).collect::<Result<Vec<_>, _>>()?;
        let path = scratch.join(format!("run-{index:05}-{group:03}.arrow"));
        runs.extend(Run::keep(&path, &found)?);
    }
    Ok(runs)
}

/// One thread a part: parts run beside each other.
fn session(runtime: &Arc<RuntimeEnv>) -> SessionContext {
    let config = SessionConfig::new().with_target_partitions(1).with_information_schema(false);
    SessionContext::new_with_config_rt(config, Arc::clone(runtime))
}

/// The tables that a part's query starts from. The order of the snapshots is told, so that the
/// engine need not sort what is sorted.
fn register(
    session: &SessionContext,
    snapshots: &RecordBatch,
    assigned: &RecordBatch,
) -> EngineResult<()> {
    let order = ["unit_kind", "unit_id", "status_date", "source", "register", "recorded_at"];
    let order = order.iter().map(|name| col(*name).sort(true, false)).collect();
    let table = MemTable::try_new(snapshots_schema(), vec![vec![snapshots.clone()]])?;
    session.register_table("snapshots", Arc::new(table.with_sort_order(vec![order])))?;
    let table = MemTable::try_new(assigned.schema(), vec![vec![assigned.clone()]])?;
    session.register_table("assigned", Arc::new(table))?;
    Ok(())
}
