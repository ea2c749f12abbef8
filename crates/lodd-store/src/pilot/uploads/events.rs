//! Events of an upload, and the retraction of one stored status by command.

use std::collections::BTreeMap;

use serde_json::json;

use super::{Atom, Snapshot, Upload, check_office, worst};
use crate::{
    StoreError,
    ledger::sha256_hex,
    oslo_day,
    pilot::{
        EventCorrection, EventReceipt, Ground, Occasion, Pilot, RecordStatus, Retraction, Stamp,
        UnitKind,
        events::append_all,
        roster::{Change, member_of, office_of},
        write::Write,
    },
};

/// What became of each family and date of which events are told, and what they replace.
pub(super) type Appended = (BTreeMap<(String, i32), Change>, Vec<EventCorrection>);

/// Appends the events of an upload.
pub(super) fn append(write: &Write<'_>, upload: &Upload) -> Result<Appended, StoreError> {
    for event in &upload.events {
        check_office(write, upload, &event.family_id)?;
    }
    let changes = append_all(write, &upload.events)?;
    let (mut told, mut corrections) = (BTreeMap::new(), Vec::new());
    for (place, (event, (change, replaced))) in upload.events.iter().zip(changes).enumerate() {
        let atom = told.entry((event.family_id.clone(), event.on)).or_insert(change);
        *atom = worst([*atom, change]);
        corrections.extend(replaced.map(|it| it.by(place, event)));
    }
    Ok((told, corrections))
}

impl Pilot {
    /// Takes a stored status back. The version stays; what is current afterwards is nothing.
    ///
    /// # Errors
    ///
    /// If the unit is unknown, or nothing of it stands by that source on that date.
    pub fn retract_snapshot(
        &mut self,
        stamp: &Stamp,
        ground: Ground<'_>,
        retraction: Retraction<'_>,
    ) -> Result<EventReceipt, StoreError> {
        let write = self.begin(stamp)?;
        if retraction.status_date > oslo_day(write.at_us)? {
            return Err(StoreError::FactTooLate { unit_id: retraction.unit_id.to_owned() });
        }
        let upload = retracting(&write, retraction)?;
        let counted = super::append(&write, &upload)?;
        let one = |count: i64| usize::try_from(count).unwrap_or(0);
        let (changed, unchanged) = (one(counted.corrected), one(counted.unchanged));
        if counted.new > 0 {
            return Err(StoreError::NothingToRetract { unit_id: retraction.unit_id.to_owned() });
        }
        let entry = if changed == 0 {
            None
        } else {
            let payload = json!({
                "ground": ground.legal,
                "unit_id": retraction.unit_id,
                "status_date": retraction.status_date,
                "source": retraction.source.code(),
                "register": retraction.register,
                "reason_code": retraction.reason_code.code(),
            });
            Some(write.commit(ground.event, &payload)?)
        };
        Ok(EventReceipt { entry, new: 0, changed, unchanged })
    }
}

/// The retraction as a delivery of the family's office; its hash stands for a file that is none.
fn retracting(write: &Write<'_>, retraction: Retraction<'_>) -> Result<Upload, StoreError> {
    let Retraction { unit_id, status_date, source, register, reason_code } = retraction;
    let (unit_kind, family_id) = match member_of(&write.transaction, unit_id)? {
        Some(member) => (member.role.unit(), member.family_id),
        None => (UnitKind::Family, unit_id.to_owned()),
    };
    let snapshot = Snapshot {
        unit_kind,
        unit_id: unit_id.to_owned(),
        source,
        register: register.map(str::to_owned),
        occasion: Occasion::Planned,
        record_status: RecordStatus::Retracted,
        reason_code: Some(reason_code),
        values: Vec::new(),
    };
    let named = format!("lodd retraction/1 {} {}", write.seq, snapshot.key(status_date));
    Ok(Upload {
        office_id: office_of(&write.transaction, &family_id)?,
        file_sha256: sha256_hex(named.as_bytes()),
        atoms: vec![Atom { family_id, status_date, snapshots: vec![snapshot] }],
        ..Upload::default()
    })
}
