//! A rule for the plans of a cluster: what a window partitions by is sorted by, whole.
//!
//! Where a filter makes a column the same in all rows, `DataFusion` leaves it out of the sort below
//! the window. Ballista cuts plans into stages; the next stage does not see the filter, misses the
//! column in the order and refuses to run. Sorting by a column that is the same everywhere costs little.

use std::sync::Arc;

use datafusion::{
    common::{
        config::ConfigOptions,
        tree_node::{Transformed, TreeNode},
    },
    error::Result,
    physical_expr::{LexOrdering, PhysicalExpr, PhysicalSortExpr, expressions::Column},
    physical_optimizer::PhysicalOptimizerRule,
    physical_plan::{
        ExecutionPlan,
        execution_plan::replace_children_if_necessary,
        sorts::sort::SortExec,
        windows::{BoundedWindowAggExec, WindowAggExec},
    },
};

/// See the module.
#[derive(Debug)]
pub(crate) struct WholeKeys;

impl PhysicalOptimizerRule for WholeKeys {
    fn optimize(
        &self,
        plan: Arc<dyn ExecutionPlan>,
        _: &ConfigOptions,
    ) -> Result<Arc<dyn ExecutionPlan>> {
        plan.transform_up(|plan| match sorted_by_all(&plan) {
            Some(sort) => Ok(Transformed::yes(replace_children_if_necessary(plan, vec![sort])?)),
            None => Ok(Transformed::no(plan)),
        })
        .map(|it| it.data)
    }

    fn name(&self) -> &'static str {
        "whole_keys"
    }

    fn schema_check(&self) -> bool {
        true
    }
}

/// The sort right below a window, by the columns that it left out as well; `None` where it left
/// none out.
fn sorted_by_all(window: &Arc<dyn ExecutionPlan>) -> Option<Arc<dyn ExecutionPlan>> {
    let expressions =
        window.downcast_ref::<WindowAggExec>().map(WindowAggExec::window_expr).or_else(|| {
            window.downcast_ref::<BoundedWindowAggExec>().map(BoundedWindowAggExec::window_expr)
        })?;
    let [below] = window.children()[..] else { return None };
    let sort = below.downcast_ref::<SortExec>()?;
    let has = |key: &Arc<dyn PhysicalExpr>| sort.expr().iter().any(|it| it.expr.eq(key));
    let left_out: Vec<PhysicalSortExpr> = expressions
        .first()?
        .partition_by()
        .iter()
        .filter(|key| key.downcast_ref::<Column>().is_some() && !has(key))
        .map(|key| PhysicalSortExpr::new_default(Arc::clone(key)))
        .collect();
    if left_out.is_empty() {
        return None;
    }
    let order = LexOrdering::new(left_out.into_iter().chain(sort.expr().iter().cloned()))?;
    let sort = SortExec::new(order, Arc::clone(sort.input()))
        .with_preserve_partitioning(sort.preserve_partitioning())
        .with_fetch(sort.fetch());
    Some(Arc::new(sort))
}
