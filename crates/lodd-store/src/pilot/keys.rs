//! The offices' keys: which there are, a new one in an old one's place, and shares for loss. Each is
//! a ledger entry without anything of a key.

use std::{path::PathBuf, sync::Arc, time::Duration};

use serde_json::json;
use zeroize::Zeroizing;

use super::{Pilot, Stamp, roster::known_office, write::Write};
use crate::{
    StoreError,
    ledger::Head,
    vault::{
        PILOT, Vault, VaultError,
        keyfile::{self, OfficeKey},
        shares,
    },
};

/// How long a rotation waits for other programs before it leaves the overwriting to the next
/// opening of the store.
const WAIT: Duration = Duration::from_secs(5);

/// An office's key as it stands.
#[derive(Debug)]
pub struct KeyState {
    /// The office; empty for the pilot itself.
    pub office_id: String,
    /// Its version, from 1.
    pub version: i64,
    /// The file that it lies in, or should.
    pub path: PathBuf,
    /// Families whose keys are wrapped under it.
    pub families: i64,
    /// What is wrong with the file, if anything is.
    pub fault: Option<VaultError>,
}

/// A key that was made, replaced, given in shares or brought back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyChange {
    /// The ledger entry.
    pub entry: Head,
    /// The office; empty for the pilot itself.
    pub office_id: String,
    /// The key's version.
    pub version: i64,
    /// The file that it lies in.
    pub path: PathBuf,
    /// Families whose keys were wrapped anew.
    pub families: usize,
    /// Where the key that was replaced lies.
    pub old: Option<PathBuf>,
    /// Whether the store's files have been written anew, where they had to be.
    pub overwritten: bool,
}

impl Pilot {
    /// Every key that there is, by office, and whether its file is there.
    ///
    /// # Errors
    ///
    /// If the store can't be read.
    pub fn keys(&self) -> Result<Vec<KeyState>, StoreError> {
        let reading = self.connection.unchecked_transaction()?;
        let sql = "SELECT office_id, MAX(version), (SELECT COUNT(*) FROM family_keys AS it \
                   WHERE it.office_id = office_keys.office_id) FROM office_keys \
                   GROUP BY office_id ORDER BY office_id";
        let mut select = reading.prepare(sql)?;
        let states = select.query_map([], |row| {
            let office_id: String = row.get(0)?;
            let path = keyfile::path_of(self.vault.folder(), &office_id);
            let (version, families) = (row.get(1)?, row.get(2)?);
            Ok(KeyState { office_id, version, path, families, fault: None })
        })?;
        let mut states = states.collect::<Result<Vec<_>, _>>()?;
        for state in &mut states {
            state.fault = match self.vault.standing(&reading, &state.office_id) {
                Ok(_) => None,
                Err(StoreError::Vault(fault)) => Some(fault),
                Err(error) => return Err(error),
            };
        }
        Ok(states)
    }

    /// Makes the key of an office (or of the pilot itself, [`PILOT`]) that has none. Offices get
    /// theirs with their first rows, so this is for a key that is wanted before.
    ///
    /// # Errors
    ///
    /// If the office is not in the pilot, or has a key.
    pub fn new_key(&mut self, stamp: &Stamp, office_id: &str) -> Result<KeyChange, StoreError> {
        let write = self.begin(stamp)?;
        if office_id != PILOT {
            known_office(&write.transaction, office_id)?;
        }
        if Vault::version(&write.transaction, office_id)?.is_some() {
            return Err(VaultError::HasKey { office_id: office_id.to_owned() }.into());
        }
        write.office_key(office_id)?;
        let path = keyfile::path_of(write.vault.folder(), office_id);
        let entry = write.commit("key_new", &json!({ "office": office_id, "version": 1 }))?;
        let office_id = office_id.to_owned();
        Ok(KeyChange {
            entry,
            office_id,
            version: 1,
            path,
            families: 0,
            old: None,
            overwritten: true,
        })
    }

    /// Puts a new key in the place of an office's: all its families' keys are wrapped anew and the
    /// old wrappings are gone from the store. The old key is kept in a file beside, for backups from
    /// its time.
    ///
    /// Whatever stops it, one of the two keys is the office's, and lies in a file that is found.
    ///
    /// # Errors
    ///
    /// If the office has no key, or its file is missing or another's.
    pub fn rotate_key(&mut self, stamp: &Stamp, office_id: &str) -> Result<KeyChange, StoreError> {
        let due = self.due.clone();
        let folder = self.vault.folder().to_owned();
        let write = self.begin(stamp)?;
        let (version, old) = write.vault.standing(&write.transaction, office_id)?;
        keyfile::settle(&folder, office_id, (version, &old.id()))?;
        let new = Arc::new(OfficeKey::random()?);
        keyfile::write_new(&folder, office_id, &new)?;
        due.mark()?;
        let families = rewrap(&write, (office_id, version), &new)?;
        let payload = json!({ "office": office_id, "version": version + 1, "families": families });
        let entry = write.commit("key_rotation", &payload)?;
        let old = keyfile::settle(&folder, office_id, (version + 1, &new.id()))?;
        let overwritten = due.run(&self.connection, WAIT)?;
        let (office_id, path) = (office_id.to_owned(), keyfile::path_of(&folder, office_id));
        Ok(KeyChange { entry, office_id, version: version + 1, path, families, old, overwritten })
    }

    /// Gives an office's key in shares, any `threshold` of which bring it back. `write_files` gets
    /// their texts before the ledger's entry is written.
    ///
    /// # Errors
    ///
    /// If the office has no key, its file is missing, the numbers make no sense, or `write_files`
    /// fails.
    pub fn export_key(
        &mut self,
        stamp: &Stamp,
        (office_id, shares, threshold): (&str, u8, u8),
        write_files: impl FnOnce(&[Zeroizing<String>]) -> Result<(), StoreError>,
    ) -> Result<KeyChange, StoreError> {
        let write = self.begin(stamp)?;
        let (version, key) = write.vault.standing(&write.transaction, office_id)?;
        let texts = shares::split((office_id, version, &key), (shares, threshold))?;
        write_files(&texts)?;
        let path = keyfile::path_of(write.vault.folder(), office_id);
        let payload = json!({
            "office": office_id, "version": version, "shares": shares, "needed": threshold,
        });
        let entry = write.commit("key_export", &payload)?;
        let office_id = office_id.to_owned();
        Ok(KeyChange { entry, office_id, version, path, families: 0, old: None, overwritten: true })
    }

    /// Brings a lost key back from its shares, into its file.
    ///
    /// # Errors
    ///
    /// If the shares are too few, changed, of different exports, or of a key that is not this
    /// pilot's; if another key lies in the file.
    pub fn import_key(
        &mut self,
        stamp: &Stamp,
        texts: &[Zeroizing<String>],
    ) -> Result<KeyChange, StoreError> {
        let (shared, key) = shares::join(texts)?;
        let write = self.begin(stamp)?;
        let office_id = shared.office_id.clone();
        let standing = Vault::version(&write.transaction, &office_id)?;
        if standing != Some((shared.version, shared.key_id)) {
            return Err(VaultError::from(shares::ShareError::OtherKey).into());
        }
        let path = keyfile::path_of(write.vault.folder(), &office_id);
        if keyfile::read(&path)?.is_some_and(|it| it.id() != key.id()) {
            return Err(VaultError::OtherKey { path }.into());
        }
        keyfile::write(&path, &key)?;
        let version = shared.version;
        let payload = json!({ "office": office_id, "version": version });
        let entry = write.commit("key_import", &payload)?;
        Ok(KeyChange { entry, office_id, version, path, families: 0, old: None, overwritten: true })
    }
}

/// Wraps every family's key of an office anew, under the next version; returns how many.
fn rewrap(
    write: &Write<'_>,
    (office_id, version): (&str, i64),
    new: &OfficeKey,
) -> Result<usize, StoreError> {
    let (transaction, at_us) = (&write.transaction, write.at_us);
    let sql =
        "INSERT INTO office_keys (office_id, version, recorded_at, key_id) VALUES (?, ?, ?, ?)";
    transaction.execute(sql, (office_id, version + 1, at_us, new.id()))?;
    let sql = "SELECT family_id FROM family_keys WHERE office_id = ? ORDER BY family_id";
    let families: Vec<String> = transaction
        .prepare(sql)?
        .query_map([office_id], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let insert = "INSERT INTO family_keys (family_id, recorded_at, office_id, version, wrapped) \
                  VALUES (?, ?, ?, ?, ?)";
    let (mut insert, mut delete) = (
        transaction.prepare(insert)?,
        transaction.prepare("DELETE FROM family_keys WHERE family_id = ? AND recorded_at < ?")?,
    );
    for family_id in &families {
        let wrapped =
            write.vault.rewrapped(transaction, family_id, (office_id, version + 1, new))?;
        insert.execute((family_id, at_us, office_id, version + 1, wrapped))?;
        delete.execute((family_id, at_us))?;
    }
    Ok(families.len())
}
