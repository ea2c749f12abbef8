//! Status at each horizon, and the months: one count a status and arm.

use lodd_report::{
    Cell, CurveMonth, MonthlyCurve, MonthlyCurves, StatusColumn, StatusHorizon, StatusTable, Unit,
};

use super::{
    Ground, cell, horizon,
    linked::{Decided, Spot, series},
};

/// The numbers of one column: drawn, observed, each status.
#[derive(Debug, Default)]
struct Column {
    drawn: Option<Spot>,
    observed: Option<Spot>,
    counts: Vec<Option<Spot>>,
}

/// A table with its numbers, column by column.
#[derive(Debug)]
pub(super) struct Entered {
    table: StatusTable,
    columns: Vec<Column>,
}

/// Unit, source, register, horizon, arm.
pub(super) type Place = (Unit, String, Option<String>, String, String);

/// The statuses of one table at a place.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    pub(super) observed: Spot,
    pub(super) counts: Vec<(String, Spot)>,
}

/// The statuses that the report's tables count, by where they do.
#[derive(Clone, Debug, Default)]
pub(super) struct Statuses(Vec<(Place, Counted)>);

impl Statuses {
    fn add(&mut self, place: Place, counted: Counted) {
        self.0.push((place, counted));
    }

    /// Every table's count of a status; the empty one is of those whose status is not known.
    pub(super) fn of(&self, place: &Place, status: &str) -> Vec<Spot> {
        let counts = self.at(place).flat_map(|it| &it.counts);
        counts.filter(|it| it.0 == status).map(|it| it.1).collect()
    }

    /// Every table at a place.
    pub(super) fn at(&self, place: &Place) -> impl Iterator<Item = &Counted> {
        self.0.iter().filter(move |it| it.0 == *place).map(|it| &it.1)
    }
}

/// Enters a table; `None` where arms may not be told apart.
pub(super) fn enter(ground: &mut Ground<'_>, table: StatusTable) -> Option<Entered> {
    if !ground.gate.is_open() {
        return None;
    }
    let mut columns = Vec::new();
    for at in &table.horizons {
        let StatusHorizon { horizon: when, columns: arms } = at;
        for column in arms {
            columns.push(enter_column(ground, &table, &horizon(when), column));
        }
    }
    Some(Entered { table, columns })
}

fn enter_column(
    ground: &mut Ground<'_>,
    table: &StatusTable,
    at: &str,
    column: &StatusColumn,
) -> Column {
    let StatusColumn { unit, arm, drawn, due, observed, counts } = column;
    // Nobody is due yet: that nobody is observed is no secret.
    if due.count().is_none() {
        return Column { counts: vec![None; counts.len()], ..Column::default() };
    }
    let name = |what: &str, status: Option<&str>| {
        let places = [
            ("outcome", Some(table.label.nb.as_str())),
            ("source", Some(table.source.as_str())),
            ("register", table.register.as_deref()),
            ("h", Some(at)),
            ("arm", Some(arm.as_str())),
            ("status", status),
        ];
        series(*unit, what, &places)
    };
    let linked = &mut ground.linked;
    let mut enter = |what: &str, status: Option<&str>, n: Cell| {
        Some(linked.count(name(what, status), *unit, n.count()?))
    };
    let drawn = enter("Status drawn", None, *drawn);
    let observed = enter("Status observed", None, *observed);
    let categories = table.categories.iter().map(|it| it.nb.as_str());
    let counts: Vec<Option<Spot>> =
        categories.zip(counts).map(|(it, n)| enter("Status", Some(it), *n)).collect();
    if let (Some(drawn), Some(observed)) = (drawn, observed) {
        ground.linked.within(drawn, observed);
    }
    if let (Some(observed), true) = (observed, counts.iter().all(Option::is_some)) {
        let parts: Vec<Spot> = counts.iter().copied().flatten().collect();
        ground.linked.sum(observed, &parts);
    }
    if let (Some(drawn), Some(all)) = (drawn, ground.all_drawn(*unit, arm)) {
        ground.linked.same(all, drawn);
    }
    if let Some(observed) = observed {
        let named = table.categories.iter().map(|it| it.nb.clone()).zip(counts.iter().copied());
        let counts = named.filter_map(|(name, spot)| Some((name, spot?))).collect();
        let (source, register) = (table.source.clone(), table.register.clone());
        let key = (*unit, source, register, at.to_owned(), arm.clone());
        ground.statuses.add(key, Counted { observed, counts });
    }
    Column { drawn, observed, counts }
}

/// The table as it is printed.
pub(super) fn apply(decided: &Decided, entered: Entered) -> StatusTable {
    let Entered { table, columns } = entered;
    let mut spots = columns.into_iter();
    let horizons = table.horizons.into_iter().map(|at| {
        let StatusHorizon { horizon, columns } = at;
        let columns = columns
            .into_iter()
            .map(|column| apply_column(decided, column, &spots.next().unwrap_or_default()));
        StatusHorizon { horizon, columns: columns.collect() }
    });
    let horizons = horizons.collect();
    StatusTable { horizons, ..table }
}

fn apply_column(decided: &Decided, column: StatusColumn, spots: &Column) -> StatusColumn {
    let StatusColumn { unit, arm, drawn, due, observed, counts } = column;
    if due.count().is_none() {
        // Not due: nothing is there to be told.
        let counts = counts.iter().map(|_| Cell::Missing).collect();
        let (drawn, observed) = (Cell::Missing, Cell::Missing);
        return StatusColumn { unit, arm, drawn, due, observed, counts };
    }
    let print = |spot: Option<Spot>, n: Cell| cell(decided, spot, n);
    let all = spots.counts.iter().copied().chain(std::iter::repeat(None));
    StatusColumn {
        unit,
        arm,
        drawn: print(spots.drawn, drawn),
        due: print(spots.drawn, due),
        observed: print(spots.observed, observed),
        counts: counts.into_iter().zip(all).map(|(n, spot)| print(spot, n)).collect(),
    }
}

/// Curves with the numbers of each arm's months: known, with.
#[derive(Debug)]
pub(super) struct Months {
    curves: MonthlyCurves,
    spots: Vec<Vec<[Option<Spot>; 2]>>,
}

/// Enters a set of curves; `None` where arms may not be told apart.
pub(super) fn enter_months(ground: &mut Ground<'_>, curves: MonthlyCurves) -> Option<Months> {
    if !ground.gate.is_open() {
        return None;
    }
    let MonthlyCurves { unit, register, arms } = &curves;
    let mut spots = Vec::new();
    for MonthlyCurve { arm, months } in arms {
        let of_arm = months.iter().map(|month| {
            let CurveMonth { month, known, with, interval: _ } = month;
            let month = month.to_string();
            let places = [
                ("register", register.as_deref()),
                ("month", Some(month.as_str())),
                ("arm", Some(arm.as_str())),
            ];
            enter_month(ground, (*unit, arm), &places, [*known, *with])
        });
        spots.push(of_arm.collect::<Vec<_>>());
    }
    // A month of the curves is a comparison.
    let mut by_month: std::collections::BTreeMap<i32, Vec<Spot>> =
        std::collections::BTreeMap::new();
    for (arm, of_arm) in arms.iter().zip(&spots) {
        for (month, spots) in arm.months.iter().zip(of_arm) {
            by_month.entry(month.month).or_default().extend(spots.iter().copied().flatten());
        }
    }
    for spots in by_month.into_values() {
        ground.linked.together(&spots);
    }
    Some(Months { curves, spots })
}

fn enter_month(
    ground: &mut Ground<'_>,
    (unit, arm): (Unit, &str),
    places: &[(&str, Option<&str>)],
    [known, with]: [Cell; 2],
) -> [Option<Spot>; 2] {
    let mut enter = |what: &str, n: Cell| {
        Some(ground.linked.count(series(unit, what, places), unit, n.count()?))
    };
    let spots = [enter("Month known", known), enter("Month with", with)];
    if let [Some(known), Some(with)] = spots {
        ground.linked.within(known, with);
        if let Some(all) = ground.all_drawn(unit, arm) {
            ground.linked.same(all, known);
        }
    }
    spots
}

/// The curves as they are printed.
pub(super) fn apply_months(decided: &Decided, months: Months, is_rounded: bool) -> MonthlyCurves {
    let Months { curves, spots } = months;
    let MonthlyCurves { unit, register, arms } = curves;
    let arms = arms.into_iter().zip(spots).map(|(curve, spots)| {
        let MonthlyCurve { arm, months } = curve;
        let months = months.into_iter().zip(spots).map(|(it, [known, with])| {
            let CurveMonth { month, known: n_known, with: n_with, interval } = it;
            let (n_known, n_with) = (cell(decided, known, n_known), cell(decided, with, n_with));
            let shown = n_known.count().is_some() && n_with.count().is_some() && !is_rounded;
            CurveMonth { month, known: n_known, with: n_with, interval: interval.filter(|_| shown) }
        });
        MonthlyCurve { arm, months: months.collect() }
    });
    MonthlyCurves { unit, register, arms: arms.collect() }
}
