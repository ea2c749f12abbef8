//! Families of the control arm that were offered a place later. Their arm stays what it was.

use std::collections::{BTreeMap, BTreeSet};

use lodd_store::{Pilot, pilot::Assignment};

use super::words;
use crate::problem::Failure;

/// Who had been offered a place down the list, by draw, as known at a cut.
#[derive(Debug, Default)]
pub(super) struct Offered {
    /// A draw that was taken over without ranks has no entry: what was offered is not known here.
    draws: BTreeMap<i64, BTreeSet<String>>,
}

impl Offered {
    /// The offers of every draw as known at a cut, µs since the epoch.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub(super) fn read(pilot: &Pilot, cut_us: i64) -> Result<Self, Failure> {
        let mut draws = BTreeMap::new();
        for draw in pilot.draws().map_err(|error| words::store(&error))? {
            let rows = pilot.assignments(draw.draw).map_err(|error| words::store(&error))?;
            if rows.iter().any(|row| row.rank.is_some()) {
                let log =
                    pilot.offer_log_at(draw.draw, cut_us).map_err(|error| words::store(&error))?;
                let offers = log.blocks.into_iter().flat_map(|block| block.offers);
                let later = offers.filter(|it| !it.initial).map(|it| it.family_id).collect();
                draws.insert(draw.draw, later);
            }
        }
        Ok(Self { draws })
    }

    /// The share of the compared families of the control arm that were offered a place; `None`
    /// without such families, or where it is not known of all.
    pub(super) fn share<'a>(
        &self,
        rows: impl Iterator<Item = (i64, &'a Assignment)>,
        control: &str,
    ) -> Option<f64> {
        let (mut all, mut offered) = (0_u32, 0_u32);
        for (draw, row) in rows.filter(|(_, row)| row.arm == control && compared(row)) {
            all += 1;
            offered += u32::from(self.draws.get(&draw)?.contains(&row.unit_id));
        }
        (all > 0).then(|| f64::from(offered) / f64::from(all))
    }
}

/// Whether the lot decided a unit's arm; where it was certain there is nothing to compare with.
pub(super) fn compared(row: &Assignment) -> bool {
    row.probability.as_deref() != Some("1")
}

/// What the note says of families whose arm was certain; `None` without any.
pub(super) fn certain_note<'a>(
    rows: impl Iterator<Item = (i64, &'a Assignment)>,
) -> Option<String> {
    let mut blocks: BTreeSet<String> = BTreeSet::new();
    let mut n = 0_u32;
    for (draw, row) in rows.filter(|(_, row)| !compared(row)) {
        n += 1;
        blocks.insert(format!("draw {draw} {}", row.block));
    }
    let blocks: Vec<String> = blocks.into_iter().collect();
    (n > 0).then(|| {
        format!("{n} drawn units whose arm was certain are left out ({})", blocks.join(", "))
    })
}

#[cfg(test)]
mod tests {
    use lodd_store::pilot::DrawnKind;

    use super::*;

    fn row(id: &str, arm: &str, probability: &str) -> Assignment {
        Assignment {
            unit_kind: DrawnKind::Family,
            unit_id: id.to_owned(),
            block: "nord".to_owned(),
            ordinal: None,
            ticket: None,
            rank: None,
            arm: arm.to_owned(),
            probability: Some(probability.to_owned()),
        }
    }

    /// Two of the four controls of draws 1 and 2 were offered a place; the one who had no lot (draw
    /// 3) counts nowhere; and with a draw that nothing is known of there is no share.
    #[test]
    fn a_share_is_of_the_compared_controls() {
        let offered: BTreeSet<String> = ["b", "d", "x"].map(str::to_owned).into();
        let draws = [1, 2, 3].map(|draw| (draw, offered.clone())).into();
        let it = Offered { draws };
        let rows = [
            (1, row("a", "follow-up", "1/2")),
            (1, row("b", "ordinary", "1/2")),
            (1, row("c", "ordinary", "1/2")),
            (2, row("d", "ordinary", "2/3")),
            (2, row("e", "ordinary", "2/3")),
            (3, row("x", "ordinary", "1")),
        ];
        let all = || rows.iter().map(|(draw, row)| (*draw, row));
        assert_eq!(it.share(all(), "ordinary"), Some(0.5));
        assert_eq!(it.share(all().take(1), "ordinary"), None);
        let unknown = (4, row("f", "ordinary", "1/2"));
        assert_eq!(it.share(all().chain([(4, &unknown.1)]), "ordinary"), None);
        let note = certain_note(all()).unwrap_or_default();
        assert_eq!(note, "1 drawn units whose arm was certain are left out (draw 3 nord)");
    }
}
