//! Whether the columns hold what the form and year say they hold: the length never tells.

use super::{
    layout::{Form, Layout, YEARS},
    problem::{Problem, What},
    record::{Misfit, Record},
};

/// So many of the records that misfit are tried by the other layouts.
const TRIED_MAX: usize = 500;

/// Counts records that fit and do not.
#[derive(Debug)]
pub(super) struct Tally {
    others: Vec<(Layout, usize)>,
    records: usize,
    misfits: usize,
    tried: usize,
    first: Option<(usize, Misfit)>,
    dated: usize,
    late: usize,
    first_late: Option<(usize, usize, &'static str)>,
}

impl Tally {
    /// A tally against every layout but that of the file.
    pub(super) fn new(own: &Layout) -> Self {
        let all = Form::ALL.into_iter().flat_map(|form| YEARS.map(move |year| (form, year)));
        let others = all.filter_map(|(form, year)| Layout::of(form, year));
        Self {
            others: others.filter(|it| it.fields != own.fields).map(|it| (it, 0)).collect(),
            records: 0,
            misfits: 0,
            tried: 0,
            first: None,
            dated: 0,
            late: 0,
            first_late: None,
        }
    }

    /// Counts a record, with the first of its misfits.
    pub(super) fn count(&mut self, line: usize, columns: &[u8], misfit: Option<Misfit>) {
        self.records += 1;
        let Some(misfit) = misfit else { return };
        self.misfits += 1;
        self.first.get_or_insert((line, misfit));
        if self.tried < TRIED_MAX {
            self.tried += 1;
            for (layout, fits) in &mut self.others {
                *fits += usize::from(Record::new(columns, layout).misfits().next().is_none());
            }
        }
    }

    /// Counts a record that has dates, and whether one of them is later than the year.
    pub(super) fn count_dates(&mut self, line: usize, late: Option<(usize, &'static str)>) {
        self.dated += 1;
        if let Some((column, field)) = late {
            self.late += 1;
            self.first_late.get_or_insert((line, column, field));
        }
    }

    /// The finding when over half of the records do not fit, or over a fifth and another layout
    /// fits those; else when over a fifth of those with dates have one that is later than the year:
    /// two years may share their columns.
    pub(super) fn judge(&self, own: &Layout) -> Option<Problem> {
        let fits = self.others.iter().filter(|(_, fits)| fits * 5 >= self.tried * 4);
        let fits: Vec<_> = fits.map(|(layout, _)| (layout.form, layout.year)).collect();
        let wrong = self.misfits * 2 > self.records
            || (self.misfits * 5 > self.records && !fits.is_empty());
        if let Some((line, misfit)) = self.first.filter(|_| wrong) {
            let (records, of) = (self.misfits, self.records);
            let what = What::Layout { read_as: (own.form, own.year), fits, records, of };
            let field = misfit.field.map(|it| it.name);
            return Some(Problem { what, place: Some((line, misfit.column)), field });
        }
        let (line, column, field) = self.first_late.filter(|_| self.late * 5 > self.dated)?;
        let what = What::LaterDates { year: own.year };
        Some(Problem { what, place: Some((line, column)), field: Some(field) })
    }
}
