//! What the flow counts beside the panel: offices, offers, consents, participation, and who lived
//! in a family, as known at a cut; and what registers say at last contact.

use super::{Input, linked::linked, opened};
use crate::{
    Column, Kind, StoreError, Table,
    pilot::{OfferAnswer, Pilot, events::household_spells, sealed::Ring},
    query::QueryError,
};

/// The office of each family on the roster, erased or not.
const OFFICE_FAMILIES: Input = Input {
    name: "office_families",
    sql: "SELECT family_id, office_id FROM families AS version \
          WHERE recorded_at = (SELECT MAX(recorded_at) FROM families \
          WHERE family_id = version.family_id AND recorded_at <= :cut) ORDER BY family_id",
    columns: &[("family_id", Kind::Text), ("office_id", Kind::Text)],
};

const OFFICE_DRAWS: Input = Input {
    name: "office_draws",
    sql: "SELECT draw, unit_id AS office_id, arm FROM assignments \
          WHERE recorded_at <= :cut AND unit_kind = 'KONTOR' ORDER BY draw, unit_id",
    columns: &[("draw", Kind::Int), ("office_id", Kind::Text), ("arm", Kind::Text)],
};

/// Families assigned of whom nothing is left but that.
const ERASED: Input = Input {
    name: "erased",
    sql: "SELECT draw, unit_id AS family_id, arm FROM assignments \
          WHERE recorded_at <= :cut AND unit_kind = 'FAMILIE' \
          AND unit_id IN (SELECT family_id FROM erasures) ORDER BY draw, unit_id",
    columns: &[("draw", Kind::Int), ("family_id", Kind::Text), ("arm", Kind::Text)],
};

/// Those struck that leave the analysis: see `Struck::leaves_analysis`.
const STRUCK: Input = Input {
    name: "struck",
    sql: "SELECT draw, unit_id AS family_id FROM struck WHERE recorded_at <= :cut \
          AND unit_kind = 'FAMILIE' AND blind = 1 AND before_locking = 1 ORDER BY draw, unit_id",
    columns: &[("draw", Kind::Int), ("family_id", Kind::Text)],
};

/// Every answer to a question of consent that stands, of members as they are counted.
const ASKED: Input = Input {
    name: "asked",
    sql: linked!(
        "SELECT kind, COALESCE(counted_as, version.member_id) AS member_id, \
         COALESCE(unit_id, version.family_id) AS family_id, at, answer, withdrawn_at \
         FROM consents AS version LEFT JOIN persons ON persons.member_id = version.member_id \
         LEFT JOIN units ON units.family_id = version.family_id \
         WHERE retracted = 0 AND version.recorded_at = (SELECT MAX(recorded_at) FROM consents \
         WHERE member_id = version.member_id AND kind = version.kind AND at = version.at \
         AND recorded_at <= :cut) ORDER BY 1, 2, 4, 5, 3"
    ),
    columns: &[
        ("kind", Kind::Text),
        ("member_id", Kind::Text),
        ("family_id", Kind::Text),
        ("at", Kind::Date),
        ("answer", Kind::Text),
        ("withdrawn_at", Kind::Date),
    ],
};

/// Each time a family began to take part, as told with its place or in the coordinators' log.
const STARTED: Input = Input {
    name: "started",
    sql: linked!(
        "SELECT draw, COALESCE(unit_id, version.family_id) AS family_id, started_on \
         FROM participation AS version LEFT JOIN units ON units.family_id = version.family_id \
         WHERE retracted = 0 AND version.recorded_at = (SELECT MAX(recorded_at) \
         FROM participation WHERE family_id = version.family_id \
         AND started_on = version.started_on AND recorded_at <= :cut) ORDER BY 1, 2, 3"
    ),
    columns: &[("draw", Kind::Int), ("family_id", Kind::Text), ("started_on", Kind::Date)],
};

/// Follow-up as the coordinators' log tells of it: who followed the family up, and how often they met.
const FOLLOW_UP: Input = Input {
    name: "follow_up",
    sql: linked!(
        "SELECT COALESCE(unit_id, version.family_id) AS family_id, started_on, ended_on, meetings, \
         coordinator FROM participation AS version \
         LEFT JOIN units ON units.family_id = version.family_id \
         WHERE told_by = 'LOGG' AND retracted = 0 AND version.recorded_at = \
         (SELECT MAX(recorded_at) FROM participation WHERE told_by = 'LOGG' \
         AND family_id = version.family_id AND started_on = version.started_on \
         AND recorded_at <= :cut) ORDER BY 1, 2, 3, 4, 5"
    ),
    columns: &[
        ("family_id", Kind::Text),
        ("started_on", Kind::Date),
        ("ended_on", Kind::Date),
        ("meetings", Kind::Int),
        ("coordinator", Kind::Text),
    ],
};

/// What a family was given against the draw, as it stands.
const DEVIATIONS: Input = Input {
    name: "deviations",
    sql: linked!(
        "SELECT COALESCE(unit_id, version.family_id) AS family_id, kind, at \
         FROM deviations AS version LEFT JOIN units ON units.family_id = version.family_id \
         WHERE retracted = 0 AND version.recorded_at = (SELECT MAX(recorded_at) FROM deviations \
         WHERE family_id = version.family_id AND at = version.at AND kind = version.kind \
         AND recorded_at <= :cut) ORDER BY 1, 2, 3"
    ),
    columns: &[("family_id", Kind::Text), ("kind", Kind::Text), ("at", Kind::Date)],
};

/// Members who are counted under another id.
const PERSONS: Input = Input {
    name: "persons",
    sql: linked!("SELECT member_id, counted_as FROM persons ORDER BY 1"),
    columns: &[("member_id", Kind::Text), ("counted_as", Kind::Text)],
};

impl Pilot {
    /// What the flow and the concordance read beside the panel's tables, as known at a cut (µs since
    /// the epoch).
    ///
    /// # Errors
    ///
    /// If the cut is later than what is recorded.
    pub fn flow_inputs(&self, cut_us: i64) -> Result<Vec<Table>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        self.check_cut(cut_us)?;
        let inputs = [OFFICE_FAMILIES, OFFICE_DRAWS, ERASED, STRUCK, ASKED, STARTED];
        let mut tables: Vec<Table> =
            inputs.iter().map(|it| it.at(&reading, cut_us)).collect::<Result<_, _>>()?;
        tables.push(presence(&reading, cut_us)?);
        tables.push(opened::last_contact(&mut Ring::new(&self.vault, &reading), cut_us)?);
        drop(reading);
        tables.push(self.offered(cut_us)?);
        Ok(tables)
    }

    /// Who is of which office, who consented, was offered a place, took part and how, and what was
    /// done against the draw, as known at a cut (µs since the epoch): `office_families`, `asked`,
    /// `started`, `follow_up`, `deviations` and `offered`. Nothing sealed is opened.
    ///
    /// # Errors
    ///
    /// If the cut is later than what is recorded.
    pub fn taking_part_inputs(&self, cut_us: i64) -> Result<Vec<Table>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        self.check_cut(cut_us)?;
        let inputs = [OFFICE_FAMILIES, ASKED, STARTED, FOLLOW_UP, DEVIATIONS];
        let mut tables: Vec<Table> =
            inputs.iter().map(|it| it.at(&reading, cut_us)).collect::<Result<_, _>>()?;
        drop(reading);
        tables.push(self.offered(cut_us)?);
        Ok(tables)
    }

    /// Who has been offered a place and what they said, in draws with a log of offers: one in which
    /// an answer or an offer down the list was recorded.
    fn offered(&self, cut_us: i64) -> Result<Table, StoreError> {
        let mut rows = Vec::new();
        for draw in self.draws()? {
            let log = self.offer_log_at(draw.draw, cut_us)?;
            let offers = || log.blocks.iter().flat_map(|block| &block.offers);
            if offers().any(|it| !it.initial || it.answer.is_some()) {
                rows.extend(offers().map(|it| (draw.draw, it.family_id.clone(), it.answer)));
            }
        }
        let columns = vec![
            Column::int("draw", rows.iter().map(|it| Some(it.0))),
            Column::text("family_id", rows.iter().map(|it| Some(it.1.as_str()))),
            Column::text("answer", rows.iter().map(|it| it.2.map(OfferAnswer::code))),
        ];
        Ok(Table::new("offered", columns).map_err(QueryError::from)?)
    }
}

/// From when to when each member lived in its family, both days included.
fn presence(reading: &rusqlite::Connection, cut_us: i64) -> Result<Table, StoreError> {
    let persons = PERSONS.at(reading, cut_us)?;
    let ids = persons.text("member_id").map_err(QueryError::from)?;
    let counted = persons.text("counted_as").map_err(QueryError::from)?;
    let counted: std::collections::BTreeMap<_, _> =
        ids.iter().flatten().zip(counted.iter().flatten()).collect();
    let spells = household_spells(reading, cut_us)?;
    let member = |id: &String| counted.get(id).map_or(id, |it| *it).clone();
    let columns = vec![
        Column::text("member_id", spells.iter().map(|it| Some(member(&it.member_id)))),
        Column::date("valid_from", spells.iter().map(|it| Some(it.valid_from))),
        Column::date("valid_to", spells.iter().map(|it| it.valid_to)),
    ];
    Ok(Table::new("presence", columns).map_err(QueryError::from)?)
}
