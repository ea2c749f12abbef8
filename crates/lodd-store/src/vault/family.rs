//! The key of one family, and what it does.

use std::sync::Arc;

use zeroize::Zeroizing;

use super::{
    Place, VaultError,
    cipher::{Cipher, Secret, derive, mac},
};
use crate::ledger::{hex, push_text};

/// A family's key, in memory. Cheap to clone; wiped when the last clone is dropped; printed as the
/// family's pseudonym alone.
#[derive(Clone)]
pub struct FamilyKey(Arc<Keys>);

struct Keys {
    family_id: String,
    root: Secret,
    cipher: Cipher,
    content: Secret,
}

impl std::fmt::Debug for FamilyKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FamilyKey").field("family_id", &self.0.family_id).finish_non_exhaustive()
    }
}

impl FamilyKey {
    /// The key that these bytes are.
    pub(super) fn new(family_id: &str, root: Secret) -> Self {
        let cipher = Cipher::new(&root);
        let content = derive(&root, "lodd content/1");
        Self(Arc::new(Keys { family_id: family_id.to_owned(), root, cipher, content }))
    }

    /// Whose key it is.
    pub fn family_id(&self) -> &str {
        &self.0.family_id
    }

    /// Seals a text for its place.
    pub fn seal(&self, place: &Place, plain: &[u8]) -> Vec<u8> {
        self.0.cipher.seal(&self.bound_to(place), plain)
    }

    /// Opens what was sealed for that place.
    ///
    /// # Errors
    ///
    /// If any byte of it was changed, or it was sealed for another place or family.
    pub fn open(&self, place: &Place, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let opened = self.0.cipher.open(&self.bound_to(place), sealed);
        opened.ok_or_else(|| VaultError::Unopened {
            family_id: self.0.family_id.clone(),
            table: place.table(),
        })
    }

    /// The key of the ledger's commitments to this family's rows: `HMAC-SHA-256(family key,
    /// "lodd commit/1")`. Gone with the family's key.
    pub fn commit_key(&self) -> Zeroizing<[u8; 32]> {
        derive(&self.0.root, "lodd commit/1")
    }

    /// The digest under which two texts of this family are compared: 64 hexadecimal digits that
    /// tell nothing without the key, however few texts there could be.
    pub fn content(&self, text: &[u8]) -> String {
        hex(mac(&self.0.content, &[text]).as_slice())
    }

    pub(super) fn root(&self) -> &Secret {
        &self.0.root
    }

    /// The family, as a text of the ledger, and the place.
    fn bound_to(&self, place: &Place) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 + self.0.family_id.len() + place.bytes().len());
        push_text(&mut bytes, &self.0.family_id);
        bytes.extend(place.bytes());
        bytes
    }
}
