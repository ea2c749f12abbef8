//! Shares of a whole, and how the rows of a table add up.

use lodd_report::{DescriptiveColumn, DescriptiveRow, Number, RowKind, Subject};

use super::{
    super::{Ground, linked::Spot},
    Mark, Marks, title,
};

impl Marks<'_> {
    pub(super) fn share(
        &mut self,
        ground: &mut Ground<'_>,
        row: &DescriptiveRow,
        (place, column): (usize, &DescriptiveColumn),
        (part, whole): (u64, u64),
    ) -> Mark {
        let unit = self.table.unit;
        let office = self.office(row);
        let office = office.as_deref();
        let whole = self.whole(ground, row, (place, column), whole);
        let name = self.name(&format!("{} {}", self.what, title(&row.title)), column, office);
        let is_open = self.table.subject != Subject::Response || ground.gate.is_open_in(office);
        let part = if is_open {
            ground.linked.count(name, unit, part)
        } else {
            ground.linked.gated(name, unit, part)
        };
        ground.linked.within(whole, part);
        match (self.table.subject, row.kind) {
            (Subject::Response, _) => self.office_of_total(place, row, part, ground),
            (Subject::Attrition, RowKind::Part) => {
                if let Some(above) = self.above.get(&place) {
                    self.to_above.entry(place).or_insert_with(|| (*above, Vec::new())).1.push(part);
                }
            }
            (Subject::Attrition | Subject::Transitions, _) => {
                self.to_base.entry(place).or_default().push(part);
            }
            (Subject::Received, _) => ground.remember(&row.title, column, part),
            _ => {}
        }
        if row.kind != RowKind::Part {
            self.above.insert(place, part);
        }
        Mark::Share(part, whole)
    }

    /// The number that a share is of.
    fn whole(
        &self,
        ground: &mut Ground<'_>,
        row: &DescriptiveRow,
        (place, column): (usize, &DescriptiveColumn),
        n: u64,
    ) -> Spot {
        if self.table.subject == Subject::Response {
            return self.drawn(ground, column, self.office(row).as_deref(), n);
        }
        let base = self.base.get(&place).copied();
        let above = self.above.get(&place).copied();
        let of_row = if row.kind == RowKind::Part && self.table.subject == Subject::Received {
            above.or(base)
        } else {
            base
        };
        if let Some(there) = of_row
            && ground.linked.value(there) == n
        {
            return there;
        }
        let name = self.name(&format!("{} {} of", self.what, title(&row.title)), column, None);
        let whole = ground.linked.count(name, self.table.unit, n);
        if let Some(base) = base {
            ground.linked.same(base, whole);
        }
        whole
    }

    /// A share of the base: how many that is, if it is of all of them.
    pub(super) fn fraction(
        &mut self,
        ground: &mut Ground<'_>,
        row: &DescriptiveRow,
        (place, column): (usize, &DescriptiveColumn),
        share: Number,
    ) -> Mark {
        let Some(share) = share.known() else { return Mark::Free };
        let base = match self.base.get(&place) {
            Some(base) => Some(*base),
            // Balance has no row of how many there are: they are those who were drawn.
            None => ground.drawn_in(self.table.unit, self.draw.as_deref(), column),
        };
        let Some(base) = base else { return Mark::Hidden };
        let whole = ground.linked.value(base) as f64;
        let part = share * whole;
        // Of some of them only: how many is not known here.
        if (part - part.round()).abs() > 1e-6 || part < -0.5 {
            return Mark::Hidden;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count")]
        let part = part.round() as u64;
        let name = format!("{} {} {}", self.what, title(&row.title), title(&column.title));
        let name = self.name(&name, column, None);
        let part = ground.linked.count(name, self.table.unit, part);
        ground.linked.within(base, part);
        Mark::Share(part, base)
    }

    pub(super) fn add_up(&mut self, ground: &mut Ground<'_>) {
        for (place, parts) in std::mem::take(&mut self.to_base) {
            if let Some(base) = self.base.get(&place) {
                ground.linked.sum(*base, &parts);
            }
        }
        for (above, parts) in std::mem::take(&mut self.to_above).into_values() {
            ground.linked.sum(above, &parts);
        }
    }
}
