//! What the ledger calls people that a provider of log-in knows: a word that is theirs alone, and leads
//! back to nobody without the pilot's own key.

use std::{fs, io, path::Path};

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    StoreError,
    files::{self, FileError},
    random,
};

/// The key, in the pilot's private folder: 64 hexadecimal digits.
pub(crate) const KEY: &str = "private/actors.key";
/// Bytes of the word: among a thousand people two are the same once in two million.
const BYTES: usize = 5;

/// Ten hexadecimal digits for whom `issuer` calls `subject`: HMAC-SHA256 under the pilot's key, which is
/// made where there is none.
///
/// # Errors
///
/// If the key can't be read or made.
pub fn pseudonym(dir: &Path, issuer: &str, subject: &str) -> Result<String, StoreError> {
    Ok(word(&key(&dir.join(KEY))?, issuer, subject))
}

fn word(key: &[u8], issuer: &str, subject: &str) -> String {
    // Any length of key is one that HMAC takes.
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    // The length first, so that no two pairs are the same bytes.
    mac.update(&(issuer.len() as u64).to_be_bytes());
    mac.update(issuer.as_bytes());
    mac.update(subject.as_bytes());
    let digest = mac.finalize().into_bytes();
    digest.iter().take(BYTES).map(|byte| format!("{byte:02x}")).collect()
}

fn key(path: &Path) -> Result<Vec<u8>, StoreError> {
    if let Some(key) = read(path)? {
        return Ok(key);
    }
    let bytes = random::bytes().map_err(|error| wrong(path, io::Error::other(error)))?;
    let line: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    match files::write_private_new(path, format!("{line}\n").as_bytes()) {
        // Another program was faster: its key is the key.
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {}
        other => other?,
    }
    let none = || wrong(path, io::ErrorKind::NotFound.into());
    read(path)?.ok_or_else(none)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(wrong(path, error)),
    };
    let digits = text.trim_end();
    if digits.len() != 64 || !digits.bytes().all(|it| it.is_ascii_hexdigit()) {
        return Err(wrong(path, io::ErrorKind::InvalidData.into()));
    }
    Ok(Some(digits.as_bytes().to_vec()))
}

fn wrong(path: &Path, source: io::Error) -> StoreError {
    FileError { action: "read", path: path.to_owned(), source }.into()
}

#[cfg(test)]
mod tests {
    use super::{pseudonym, word};

    /// The vector is Python's: `hmac.new(key, len(issuer).to_bytes(8, "big") + issuer + subject, "sha256")`.
    #[test]
    fn a_word_is_an_hmac_that_another_program_gives_too() {
        assert_eq!(word(b"key", "https://a", "b"), "2996a11a5b");
        assert_ne!(word(b"key", "https://a", "b"), word(b"key", "https://", "ab"));
    }

    #[test]
    fn the_key_is_made_once_and_a_damaged_one_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let key = dir.path().join(super::KEY);
        std::fs::create_dir(dir.path().join("private")).unwrap();
        let first = pseudonym(dir.path(), "i", "s").unwrap();
        assert_eq!(first.len(), 10);
        assert_eq!(pseudonym(dir.path(), "i", "s").unwrap(), first);
        assert_ne!(pseudonym(dir.path(), "i", "t").unwrap(), first);
        std::fs::write(&key, "0123").unwrap();
        assert!(pseudonym(dir.path(), "i", "s").is_err());
    }
}
