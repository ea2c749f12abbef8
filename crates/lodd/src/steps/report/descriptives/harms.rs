//! T13, harms: of the variables that a pilot has declared under these names.

use lodd_report::{Descriptive, RowKind, Subject, Term, Text as Words, Title, Unit};

use super::{
    Ground, One,
    sheet::{Key, Sheet, compared, empty, of_families, with_points, without_points},
};

/// A harm: the variable (yes or no) that tells of it, and what it is called.
pub(super) struct Harm {
    pub(super) variable: &'static str,
    nb: &'static str,
    nn: &'static str,
    en: &'static str,
}

/// The harms that every pilot should ask about; see `docs/pilot-toml.md`.
pub(super) const HARMS: [Harm; 3] = [
    Harm { variable: "UTKASTELSE", nb: "utkastelse", nn: "utkasting", en: "eviction" },
    Harm {
        variable: "SANKSJON",
        nb: "sanksjon eller trekk i ytelsen",
        nn: "sanksjon eller trekk i ytinga",
        en: "sanction or cut in the benefit",
    },
    Harm {
        variable: "BARNEVERN_NY",
        nb: "ny barnevernssak",
        nn: "ny barnevernssak",
        en: "new child welfare case",
    },
];

/// The units that a harm may be asked of, by code.
const UNITS: [(&str, Unit); 3] =
    [("FAMILIE", Unit::Family), ("VOKSEN", Unit::Adult), ("BARN", Unit::Child)];

/// One table a draw and unit, and the harms that nobody was asked about.
pub(super) fn read(ground: &Ground<'_>, sheet: &mut Sheet) -> (Vec<Descriptive>, Vec<Words>) {
    let mut tables = Vec::new();
    for one in &ground.draws {
        tables.extend(UNITS.iter().filter_map(|unit| table(ground, one, *unit, sheet)));
    }
    let was_asked = |harm: &&Harm| ground.seen.harms.keys().any(|it| it.0 == harm.variable);
    let missing = HARMS.iter().filter(|harm| !was_asked(harm));
    (tables, missing.map(|it| Words::new(it.nb, it.en).nn(it.nn)).collect())
}

fn table(
    ground: &Ground<'_>,
    one: &One,
    (code, unit): (&'static str, Unit),
    sheet: &mut Sheet,
) -> Option<Descriptive> {
    let columns = compared(unit, None, one.arms(), Term::Contrast);
    let mut table = empty(Subject::Harms, Some(one.number), columns);
    for harm in &HARMS {
        let asked = |arm: &str| -> Vec<bool> {
            let families: std::collections::BTreeSet<&str> = one.families(arm).collect();
            let of = ground.seen.harms.iter().filter(|((variable, _), it)| {
                *variable == harm.variable
                    && it.unit_kind == code
                    && it.draw == one.draw()
                    && families.contains(it.family.as_str())
            });
            of.map(|(_, it)| it.harmed).collect()
        };
        if one.arms().iter().all(|arm| asked(arm).is_empty()) {
            continue;
        }
        let base = one.arms().iter().map(|arm| {
            let item = format!("{}:answered", harm.variable);
            sheet.count(key((one, code), arm, &item), asked(arm).len() as u64)
        });
        let base = base.collect();
        table.rows.push(without_points(RowKind::Base, Title::Term(Term::Ever), base));
        let cells = one.arms().iter().map(|arm| {
            let asked = asked(arm);
            let n = asked.iter().filter(|it| **it).count() as u64;
            sheet.share(key((one, code), arm, harm.variable), Some(n), asked.len() as u64)
        });
        let cells = cells.collect();
        let title = Title::Text(Words::new(harm.nb, harm.en).nn(harm.nn));
        table.rows.push(with_points(RowKind::Plain, title, cells));
    }
    (!table.rows.is_empty()).then_some(table)
}

fn key<'k>((one, unit): (&One, &'static str), arm: &'k str, item: &'k str) -> Key<'k> {
    Key { unit, arm: Some(arm), item, ..of_families("harms", one.draw()) }
}
