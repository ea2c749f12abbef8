//! `flow.parquet` as the report shows it.

use lodd_report::{Cell, FlowRow, Horizon, Reason, Stage, Text as Words, Unit};

use super::{Source, outcome_label};
use crate::{problem::Failure, steps::tables};

/// Every row, in the file's order.
pub(super) fn read(source: &Source<'_>) -> Result<Vec<FlowRow>, Failure> {
    let table = &source.built.flow;
    let text = |name| table.text(name).map_err(|error| tables::internal(&error));
    let (levels, arms, stages) = (text("level")?, text("arm")?, text("stage")?);
    let (horizons, reasons) = (text("horizon")?, text("reason")?);
    let (sources, registers) = (text("source")?, text("register")?);
    let outcomes = text("outcome_id")?;
    let counts = table.int("count").map_err(|error| tables::internal(&error))?;
    let outcome = |id: String| {
        source.protocol.outcome(&id).map_or_else(|| Words::same(id.as_str()), outcome_label)
    };
    let row = |row: usize| {
        let at = |column: &[Option<String>]| column.get(row).cloned().flatten();
        let unknown = |code: &str| Failure::internal("flow", format!("unknown code `{code}`"));
        let (level, stage) = (at(levels).unwrap_or_default(), at(stages).unwrap_or_default());
        Ok(FlowRow {
            level: Unit::from_code(&level).ok_or_else(|| unknown(&level))?,
            arm: at(arms),
            stage: Stage::from_code(&stage).ok_or_else(|| unknown(&stage))?,
            horizon: at(horizons).map(|it| Horizon::from_code(&it)),
            source: at(sources),
            register: at(registers),
            outcome: at(outcomes).map(outcome),
            reason: at(reasons).map(Reason::Code),
            count: counts
                .get(row)
                .copied()
                .flatten()
                .and_then(|n| u64::try_from(n).ok())
                .map(Cell::Count)
                .ok_or_else(|| tables::internal_missing("flow", "count"))?,
        })
    };
    (0..table.rows()).map(row).collect()
}

/// What the chart and its tables count: a pilot that asks nothing of its adults or children has
/// nothing to show of them.
pub(super) fn shown(rows: &[FlowRow]) -> Vec<FlowRow> {
    let seen = |level: Unit| {
        rows.iter().any(|it| it.level == level && it.stage == Stage::Observed && it.count.is_some())
    };
    let always = |level: Unit| matches!(level, Unit::Office | Unit::Family);
    let levels: Vec<Unit> = Unit::FLOW.into_iter().filter(|it| always(*it) || seen(*it)).collect();
    let counted = |it: &&FlowRow| !it.stage.reconciles() && levels.contains(&it.level);
    rows.iter().filter(counted).cloned().collect()
}

/// Who was drawn and who lives in the families, of every unit.
pub(super) fn reconciliation(rows: &[FlowRow]) -> Vec<FlowRow> {
    let counted = |it: &&FlowRow| {
        it.level != Unit::Office && (it.stage == Stage::Drawn || it.stage.reconciles())
    };
    rows.iter().filter(counted).cloned().collect()
}
