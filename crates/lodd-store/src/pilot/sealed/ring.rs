//! The keys of many families, each looked up once.

use std::collections::HashMap;

use rusqlite::Connection;

use crate::{
    StoreError,
    vault::{FamilyKey, Place, Vault, VaultError},
};

/// The keys that one reading needs. Order never comes from it.
pub(in crate::pilot) struct Ring<'a> {
    vault: &'a Vault,
    connection: &'a Connection,
    keys: HashMap<String, FamilyKey>,
}

impl<'a> Ring<'a> {
    pub(in crate::pilot) fn new(vault: &'a Vault, connection: &'a Connection) -> Self {
        Self { vault, connection, keys: HashMap::new() }
    }

    /// The reading that the keys are looked up in.
    pub(in crate::pilot) const fn connection(&self) -> &'a Connection {
        self.connection
    }

    /// The key of a family whose rows are there.
    pub(in crate::pilot) fn key(&mut self, family_id: &str) -> Result<&FamilyKey, StoreError> {
        if !self.keys.contains_key(family_id) {
            let none = || VaultError::NoKey { family_id: family_id.to_owned() };
            let key = self.vault.family_key(self.connection, family_id)?.ok_or_else(none)?;
            self.keys.insert(family_id.to_owned(), key);
        }
        let none = || VaultError::NoKey { family_id: family_id.to_owned() };
        Ok(self.keys.get(family_id).ok_or_else(none)?)
    }

    /// Opens what is sealed at a place and reads it.
    pub(in crate::pilot) fn open<T>(
        &mut self,
        family_id: &str,
        (place, sealed): (&Place, &[u8]),
        read: impl FnOnce(&[u8]) -> Option<T>,
    ) -> Result<T, StoreError> {
        open(self.key(family_id)?, (place, sealed), read)
    }
}

/// Opens what is sealed at a place and reads it.
pub(in crate::pilot) fn open<T>(
    key: &FamilyKey,
    (place, sealed): (&Place, &[u8]),
    read: impl FnOnce(&[u8]) -> Option<T>,
) -> Result<T, StoreError> {
    let plain = key.open(place, sealed)?;
    let (family_id, table) = (key.family_id().to_owned(), place.table());
    Ok(read(&plain).ok_or(VaultError::Unopened { family_id, table })?)
}

/// The text that bytes are.
pub(in crate::pilot) fn text(bytes: &[u8]) -> Option<String> {
    String::from_utf8(bytes.to_vec()).ok()
}
