//! Family keys as they stand in the store: wrapped under their offices' keys.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
};

use rusqlite::{Connection, OptionalExtension};

use super::{
    FamilyKey, VaultError,
    keyfile::{self, Bound, OfficeKey},
};
use crate::{StoreError, random};

/// The keys that a connection has had in hand, and the folder where the offices' keys lie.
pub(crate) struct Vault {
    folder: PathBuf,
    /// By the key's id.
    offices: RefCell<BTreeMap<String, Arc<OfficeKey>>>,
    /// By family: the key, and the wrapped bytes it came from.
    families: RefCell<BTreeMap<String, (Vec<u8>, FamilyKey)>>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Vault").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A family's key as stored.
struct Wrap {
    office_id: String,
    version: i64,
    wrapped: Vec<u8>,
}

/// Office keys that a write has made. They go to their files before it is committed, and nowhere
/// if it is not.
#[derive(Default)]
pub(crate) struct Fresh(RefCell<Vec<(PathBuf, Arc<OfficeKey>)>>);

impl Fresh {
    /// Writes the files.
    pub(crate) fn write(&self) -> Result<(), VaultError> {
        self.0.take().iter().try_for_each(|(path, key)| keyfile::write(path, key))
    }
}

impl Vault {
    pub(crate) fn new(folder: PathBuf) -> Self {
        Self { folder, offices: RefCell::default(), families: RefCell::default() }
    }

    /// A family's key; `None` if it has none, or none any more.
    pub(crate) fn family_key(
        &self,
        connection: &Connection,
        family_id: &str,
    ) -> Result<Option<FamilyKey>, StoreError> {
        let sql = "SELECT office_id, version, wrapped FROM family_keys WHERE family_id = ? \
                   ORDER BY recorded_at DESC LIMIT 1";
        let mut select = connection.prepare_cached(sql)?;
        let stored = select
            .query_row([family_id], |row| {
                Ok(Wrap { office_id: row.get(0)?, version: row.get(1)?, wrapped: row.get(2)? })
            })
            .optional()?;
        stored.map(|wrap| self.unwrap(connection, family_id, wrap)).transpose()
    }

    fn unwrap(
        &self,
        connection: &Connection,
        family_id: &str,
        wrap: Wrap,
    ) -> Result<FamilyKey, StoreError> {
        let had = self.families.borrow().get(family_id).cloned();
        if let Some((_, key)) = had.filter(|(wrapped, _)| *wrapped == wrap.wrapped) {
            return Ok(key);
        }
        let Wrap { office_id, version, wrapped } = wrap;
        let sql = "SELECT key_id FROM office_keys WHERE office_id = ? AND version = ?";
        let mut select = connection.prepare_cached(sql)?;
        let id: Option<String> =
            select.query_row((&office_id, version), |row| row.get(0)).optional()?;
        let unwrapped = || VaultError::Unwrapped { family_id: family_id.to_owned() };
        let office = self.office_key(&office_id, (version, &id.ok_or_else(unwrapped)?))?;
        let bound = Bound { family_id, office_id: &office_id, version };
        let root = office.unwrap(&bound, &wrapped).ok_or_else(unwrapped)?;
        let key = FamilyKey::new(family_id, root);
        self.families.borrow_mut().insert(family_id.to_owned(), (wrapped, key.clone()));
        Ok(key)
    }

    /// The folder of the key files.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The version and id of an office's key; `None` where it has none.
    pub(crate) fn version(
        connection: &Connection,
        office_id: &str,
    ) -> Result<Option<(i64, String)>, StoreError> {
        let sql = "SELECT version, key_id FROM office_keys WHERE office_id = ? \
                   ORDER BY version DESC LIMIT 1";
        let mut select = connection.prepare_cached(sql)?;
        Ok(select.query_row([office_id], |row| Ok((row.get(0)?, row.get(1)?))).optional()?)
    }

    /// An office's key, from its file, and its version.
    pub(crate) fn standing(
        &self,
        connection: &Connection,
        office_id: &str,
    ) -> Result<(i64, Arc<OfficeKey>), StoreError> {
        let none = || VaultError::NoOfficeKey { office_id: office_id.to_owned() };
        let (version, id) = Self::version(connection, office_id)?.ok_or_else(none)?;
        Ok((version, Arc::new(keyfile::find(&self.folder, office_id, (version, &id))?)))
    }

    /// A family's key, wrapped under another version of its office's.
    pub(crate) fn rewrapped(
        &self,
        connection: &Connection,
        family_id: &str,
        (office_id, version, office): (&str, i64, &OfficeKey),
    ) -> Result<Vec<u8>, StoreError> {
        let none = || VaultError::NoKey { family_id: family_id.to_owned() };
        let key = self.family_key(connection, family_id)?.ok_or_else(none)?;
        Ok(office.wrap(&Bound { family_id, office_id, version }, key.root()))
    }

    /// An office's key by version and id, from its file the first time.
    fn office_key(
        &self,
        office_id: &str,
        (version, id): (i64, &str),
    ) -> Result<Arc<OfficeKey>, VaultError> {
        if let Some(key) = self.offices.borrow().get(id) {
            return Ok(Arc::clone(key));
        }
        let key = Arc::new(keyfile::find(&self.folder, office_id, (version, id))?);
        self.offices.borrow_mut().insert(id.to_owned(), Arc::clone(&key));
        Ok(key)
    }

    /// Lets go of a family's key.
    pub(crate) fn forget(&self, family_id: &str) {
        self.families.borrow_mut().remove(family_id);
    }

    /// A family's key; made and appended, wrapped under its office's, where it has none.
    pub(crate) fn family_key_or_new(
        &self,
        (connection, at_us): (&Connection, i64),
        (family_id, office_id): (&str, &str),
        fresh: &Fresh,
    ) -> Result<FamilyKey, StoreError> {
        if let Some(key) = self.family_key(connection, family_id)? {
            return Ok(key);
        }
        let sql = "SELECT 1 FROM erasures WHERE family_id = ?";
        if connection.prepare_cached(sql)?.exists([family_id])? {
            return Err(VaultError::Erased { family_id: family_id.to_owned() }.into());
        }
        let (version, office) = self.office_key_or_new((connection, at_us), office_id, fresh)?;
        let key = FamilyKey::new(family_id, random::bytes().map_err(VaultError::from)?);
        let wrapped = office.wrap(&Bound { family_id, office_id, version }, key.root());
        let sql = "INSERT INTO family_keys (family_id, recorded_at, office_id, version, wrapped) \
                   VALUES (?, ?, ?, ?, ?)";
        let mut insert = connection.prepare_cached(sql)?;
        insert.execute((family_id, at_us, office_id, version, &wrapped))?;
        self.families.borrow_mut().insert(family_id.to_owned(), (wrapped, key.clone()));
        Ok(key)
    }

    /// The key of an office and its version; made where it has none. A key that lies there already,
    /// from a write that was interrupted, is taken.
    pub(crate) fn office_key_or_new(
        &self,
        (connection, at_us): (&Connection, i64),
        office_id: &str,
        fresh: &Fresh,
    ) -> Result<(i64, Arc<OfficeKey>), StoreError> {
        if let Some((version, id)) = Self::version(connection, office_id)? {
            // One that this write made is in hand, though not in its file yet.
            return Ok((version, self.office_key(office_id, (version, &id))?));
        }
        let path = keyfile::path_of(&self.folder, office_id);
        let key = if let Some(key) = keyfile::read(&path)? {
            Arc::new(key)
        } else {
            let key = Arc::new(OfficeKey::random()?);
            fresh.0.borrow_mut().push((path, Arc::clone(&key)));
            key
        };
        let sql = "INSERT INTO office_keys (office_id, version, recorded_at, key_id) \
                   VALUES (?, 1, ?, ?)";
        connection.execute(sql, (office_id, at_us, key.id()))?;
        self.offices.borrow_mut().insert(key.id(), Arc::clone(&key));
        Ok((1, key))
    }
}
