//! What a descriptive table has in common with others, beside its own rows and columns.

use std::collections::BTreeMap;

use lodd_report::{Descriptive, DescriptiveColumn, Stage, Subject, Term, Title};

use super::{
    super::{
        Ground, horizon,
        linked::{Spot, series},
    },
    Mark,
};

/// T1: those on the list are the drawn, and are among the eligible; those who consented are
/// among the drawn, and so are those in reserve.
pub(super) fn list(table: &Descriptive, ground: &mut Ground<'_>, rows: &[Vec<Mark>]) {
    for row in rows {
        let of = |is: &dyn Fn(&DescriptiveColumn) -> bool| -> Vec<Spot> {
            let cells = table.columns.iter().zip(row).filter(|(it, _)| is(it));
            let spot = |(_, mark): (_, &Mark)| match mark {
                Mark::Count(spot) => Some(*spot),
                _ => None,
            };
            cells.filter_map(spot).collect()
        };
        let under = |it: Stage| of(&move |column| column.group == Some(Title::Stage(it)));
        let own = |title: Title| of(&move |column| column.group.is_none() && column.title == title);
        let drawn = under(Stage::Drawn);
        let listed = own(Title::Term(Term::OnList));
        for listed in &listed {
            ground.linked.sum(*listed, &drawn);
            for eligible in own(Title::Stage(Stage::Eligible)) {
                ground.linked.same(eligible, *listed);
            }
        }
        for (drawn, consented) in drawn.iter().zip(under(Stage::Consented)) {
            ground.linked.within(*drawn, consented);
        }
        if let Some(control) = drawn.last() {
            for reserve in own(Title::Term(Term::Reserve)) {
                ground.linked.same(*control, reserve);
            }
        }
    }
}

/// T4b: everybody of a later step is of the earlier ones, with and without a fact.
pub(super) fn nested(ground: &mut Ground<'_>, rows: &[Vec<Mark>]) {
    for row in rows {
        let spots: Vec<Option<Spot>> = row
            .iter()
            .map(|mark| match mark {
                Mark::Count(spot) | Mark::Share(spot, _) => Some(*spot),
                Mark::Free | Mark::Hidden | Mark::Made => None,
            })
            .collect();
        let (eligible, drawn) = (spots.first().copied().flatten(), spots.get(1).copied().flatten());
        if let (Some(eligible), Some(drawn)) = (eligible, drawn) {
            ground.linked.same(eligible, drawn);
        }
        for later in spots.iter().skip(2).flatten() {
            if let Some(drawn) = drawn {
                ground.linked.same(drawn, *later);
            }
        }
    }
}

/// T11: those who came from a status had it at the start, and those who came to it have it at the
/// horizon: the tables of statuses say how many.
pub(super) fn transitions(table: &Descriptive, ground: &mut Ground<'_>, rows: &[Vec<Mark>]) {
    debug_assert_eq!(table.subject, Subject::Transitions);
    let Some((source, register)) = &table.source else { return };
    for (place, column) in table.columns.iter().enumerate() {
        let (Some(Title::Horizon(at)), Title::Arm(arm)) = (&column.group, &column.title) else {
            continue;
        };
        let mut margins: BTreeMap<(String, String), Vec<Spot>> = BTreeMap::new();
        for (row, marks) in table.rows.iter().zip(rows) {
            let (Title::Move(from, to), Some(Mark::Share(part, _))) =
                (&row.title, marks.get(place))
            else {
                continue;
            };
            let name = |it: &Option<lodd_report::Text>| {
                it.as_ref().map_or_else(String::new, |it| it.nb.clone())
            };
            margins.entry(("0".to_owned(), name(from))).or_default().push(*part);
            margins.entry((horizon(at), name(to))).or_default().push(*part);
        }
        for ((when, status), parts) in margins {
            let total = parts.iter().map(|it| ground.linked.value(*it)).sum();
            let from = [("source", Some(source.as_str())), ("register", register.as_deref())];
            let own = [
                ("of", table.label.as_ref().map(|it| it.nb.as_str())),
                ("h", Some(when.as_str())),
                ("arm", Some(arm.as_str())),
                ("status", Some(status.as_str())),
            ];
            let places: Vec<_> = from.into_iter().chain(own).collect();
            let name = series(table.unit, &format!("Moved until {}", horizon(at)), &places);
            let margin = ground.linked.unprinted(name, table.unit, total);
            ground.linked.sum(margin, &parts);
            let key = (table.unit, source.clone(), register.clone(), when, arm.clone());
            for status in ground.statuses.of(&key, &status) {
                if ground.linked.value(status) == total {
                    ground.linked.same(status, margin);
                }
            }
        }
    }
}
