//! Balance: what the arms had in common when the list was locked.

use lodd_estimate::balance::{
    ArmMean, FTest, Replayed, Runs, arm_means, f_test, joint_tests, standardised_difference,
};
use lodd_report::Characteristic;
use lodd_store::{Column, Table};

use super::{super::tables, estimate_failed, facts::Fact, made::Made, words};
use crate::problem::Failure;

/// The comparison of a draw's arms.
#[derive(Debug)]
pub(super) struct Balance {
    rows: Vec<Compared>,
    /// All facts together, with the F test beside it; none without facts.
    pub(super) joint: Option<(Replayed, Option<FTest>)>,
}

/// One fact, by arm.
#[derive(Debug)]
struct Compared {
    fact: Fact,
    arms: Vec<ArmMean>,
    /// Of each arm but the last.
    differences: Vec<Option<f64>>,
    test: Replayed,
}

impl Balance {
    /// `runs`: how often the draw is re-run.
    pub(super) fn of(made: &Made, facts: &[Fact], runs: Runs) -> Result<Self, Failure> {
        if facts.is_empty() {
            return Ok(Self { rows: Vec::new(), joint: None });
        }
        let assigned = made.assigned();
        let mut columns: Vec<Vec<f64>> = Vec::new();
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for fact in facts {
            let start = columns.len();
            columns.extend(fact.complete());
            groups.push((start..columns.len()).collect());
        }
        groups.push((0..columns.len()).collect());
        let slices: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
        let mut tests = joint_tests(assigned, &slices, &groups, runs).map_err(estimate_failed)?;
        let joint = tests.pop();
        let f = f_test(assigned, &slices).map_err(estimate_failed)?;
        let compared = made.arm_names.len().saturating_sub(1);
        let row = |(fact, test): (&Fact, Replayed)| Compared {
            arms: arm_means(assigned, &fact.values),
            differences: (0..compared)
                .map(|arm| standardised_difference(assigned, &fact.values, arm))
                .collect(),
            fact: fact.clone(),
            test,
        };
        let rows = facts.iter().zip(tests).map(row).collect();
        Ok(Self { rows, joint: joint.map(|it| (it, f)) })
    }

    /// As the page shows it.
    pub(super) fn characteristics(&self) -> Vec<Characteristic> {
        let row = |it: &Compared| Characteristic {
            name: words::shown(&it.fact.name),
            share: it.fact.share,
            arms: it.arms.iter().map(|arm| (arm.n, arm.mean, arm.sd)).collect(),
            differences: it.differences.clone(),
            p: (it.test.df > 0).then(|| it.test.p_value()),
        };
        self.rows.iter().map(row).collect()
    }

    /// The table, in the columns of its schema.
    pub(super) fn table(&self, made: &Made) -> Result<Table, Failure> {
        let labels = made.design().arms();
        let mut lines: Vec<Line<'_>> = Vec::new();
        for row in &self.rows {
            for ((at, arm), label) in row.arms.iter().enumerate().zip(labels) {
                let difference = row.differences.get(at).copied().flatten();
                let of = Some((label.as_str(), arm, difference));
                lines.push(Line { fact: &row.fact.id, of, test: &row.test, f: None });
            }
        }
        if let Some((test, f)) = &self.joint {
            lines.push(Line { fact: "joint", of: None, test, f: f.as_ref() });
        }
        let int = |n: u64| i64::try_from(n).ok();
        let (draw, origin) = (made.draw.draw, made.draw.origin.code());
        let arm = |it: &Line<'_>| it.of.map(|(_, arm, _)| *arm);
        let columns = vec![
            Column::int("draw", lines.iter().map(|_| Some(draw))),
            Column::text("origin", lines.iter().map(|_| Some(origin))),
            Column::text("fact", lines.iter().map(|it| Some(it.fact))),
            Column::text("arm", lines.iter().map(|it| it.of.map(|(label, ..)| label))),
            Column::int("n", lines.iter().map(|it| arm(it).and_then(|it| int(it.n)))),
            Column::real("mean", lines.iter().map(|it| arm(it).and_then(|it| it.mean))),
            Column::real("sd", lines.iter().map(|it| arm(it).and_then(|it| it.sd))),
            Column::real(
                "std_difference",
                lines.iter().map(|it| it.of.and_then(|(_, _, difference)| difference)),
            ),
            Column::real("statistic", lines.iter().map(|it| Some(it.test.statistic))),
            Column::int("df", lines.iter().map(|it| int(it.test.df))),
            Column::real("p_value", lines.iter().map(|it| Some(it.test.p_value()))),
            Column::int("n_replays", lines.iter().map(|it| int(it.test.draws))),
            Column::bool("exact", lines.iter().map(|it| Some(it.test.exact))),
            Column::real("p_chi_squared", lines.iter().map(|it| it.test.p_chi_squared())),
            Column::real("f_statistic", lines.iter().map(|it| it.f.map(|f| f.statistic))),
            Column::real("f_p_value", lines.iter().map(|it| it.f.map(|f| f.p_value))),
        ];
        Table::new("balance", columns).map_err(|error| tables::internal(&error))
    }
}

/// One row of the table.
struct Line<'a> {
    fact: &'a str,
    /// Arm, its mean, and its difference from the last.
    of: Option<(&'a str, &'a ArmMean, Option<f64>)>,
    test: &'a Replayed,
    f: Option<&'a FTest>,
}
