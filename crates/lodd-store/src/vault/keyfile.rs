//! The key files of the offices, outside the store: `private/keys/OFFICE.key`, or another folder.
//!
//! One line, 64 hexadecimal digits, readable by its owner only. The pilot's own key is in
//! `pilot.key`. While a key is being replaced the new one stands in `OFFICE.key.new`; the one it
//! replaced stays in `OFFICE.key.1.old` (its version), for backups from its time. A key is known by
//! its id, which stands in the store, so it does not matter in which of them it is found: an
//! interrupted replacement is gone on with, or has not happened.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::{
    PILOT, VaultError,
    cipher::{Cipher, Secret, mac},
};
use crate::{
    files::{self, FileError},
    ledger::{hex, push_text, unhex_32},
    random,
};

/// The folder of the key files in a pilot's folder, where no other is named.
pub fn default_folder(pilot: &Path) -> PathBuf {
    pilot.join("private").join("keys")
}

/// An office's key, in memory.
pub(crate) struct OfficeKey {
    root: Secret,
    cipher: Cipher,
}

impl OfficeKey {
    pub(super) fn new(root: Secret) -> Self {
        Self { cipher: Cipher::new(&root), root }
    }

    pub(crate) fn random() -> Result<Self, VaultError> {
        Ok(Self::new(random::bytes()?))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.root.as_slice()
    }

    /// What the key is known by; says nothing of it.
    pub(crate) fn id(&self) -> String {
        let mac = mac(&self.root, &[b"lodd key id/1"]);
        hex(mac.first_chunk::<16>().map_or(&[], |it| it.as_slice()))
    }

    pub(super) fn wrap(&self, bound_to: &Bound<'_>, key: &Secret) -> Vec<u8> {
        self.cipher.seal(&bound_to.bytes(), key.as_slice())
    }

    pub(super) fn unwrap(&self, bound_to: &Bound<'_>, wrapped: &[u8]) -> Option<Secret> {
        let plain = self.cipher.open(&bound_to.bytes(), wrapped)?;
        Some(Zeroizing::new(plain.as_slice().try_into().ok()?))
    }
}

/// What a wrapped key is bound to.
pub(super) struct Bound<'a> {
    pub(super) family_id: &'a str,
    pub(super) office_id: &'a str,
    pub(super) version: i64,
}

impl Bound<'_> {
    fn bytes(&self) -> Vec<u8> {
        let mut bytes = b"lodd wrap/1\0".to_vec();
        push_text(&mut bytes, self.family_id);
        push_text(&mut bytes, self.office_id);
        bytes.extend(self.version.to_be_bytes());
        bytes
    }
}

/// Where an office's key lies. Ids are written as they are but for what a file name can't hold
/// everywhere, which is written `%xx`.
pub fn path_of(folder: &Path, office_id: &str) -> PathBuf {
    let name = if office_id == PILOT {
        "pilot".to_owned()
    } else if office_id == "pilot" {
        "%70ilot".to_owned()
    } else {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        let written = |byte: u8| match byte {
            byte if plain(byte) => char::from(byte).to_string(),
            byte => format!("%{byte:02x}"),
        };
        office_id.bytes().map(written).collect()
    };
    folder.join(format!("{name}.key"))
}

/// The same file with something behind its name.
pub(super) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// The key of an office with that version and id.
pub(super) fn find(
    folder: &Path,
    office_id: &str,
    (version, id): (i64, &str),
) -> Result<OfficeKey, VaultError> {
    let path = path_of(folder, office_id);
    let mut any = false;
    for candidate in
        [path.clone(), beside(&path, ".new"), beside(&path, &format!(".{version}.old"))]
    {
        let Some(key) = read(&candidate)? else { continue };
        any = true;
        if key.id() == id {
            return Ok(key);
        }
    }
    let office_id = office_id.to_owned();
    Err(if any {
        VaultError::OtherKey { path }
    } else {
        VaultError::KeyMissing { office_id, path }
    })
}

/// The key in a file; `None` where there is no such file. Another way to write the same key is a file
/// that was changed.
pub(crate) fn read(path: &Path) -> Result<Option<OfficeKey>, VaultError> {
    let bytes = match fs::read(path) {
        Ok(bytes) => Zeroizing::new(bytes),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(FileError::at("read", path)(error).into()),
    };
    let text = std::str::from_utf8(&bytes).ok();
    let key = text.and_then(|it| it.strip_suffix('\n')).and_then(unhex_32).map(Zeroizing::new);
    let key = key.filter(|key| text == Some(&*line(key)));
    let key = key.ok_or_else(|| VaultError::BadKeyFile { path: path.to_owned() })?;
    Ok(Some(OfficeKey::new(key)))
}

/// What a key that lies in a file is known by.
pub(crate) fn id_in(path: &Path) -> Result<Option<String>, VaultError> {
    Ok(read(path)?.map(|it| it.id()))
}

fn line(key: &Secret) -> Zeroizing<String> {
    Zeroizing::new(format!("{}\n", hex(key.as_slice())))
}

/// Writes the key that is to take the place of an office's, beside it.
pub(crate) fn write_new(folder: &Path, office_id: &str, key: &OfficeKey) -> Result<(), VaultError> {
    write(&beside(&path_of(folder, office_id), ".new"), key)
}

/// Puts the key with that version and id in its file, if it still stands beside it; the one before
/// goes to `.N.old`, N being its version. Returns where it lies.
pub(crate) fn settle(
    folder: &Path,
    office_id: &str,
    (version, id): (i64, &str),
) -> Result<Option<PathBuf>, VaultError> {
    let path = path_of(folder, office_id);
    let new = beside(&path, ".new");
    if read(&new)?.is_none_or(|it| it.id() != id) {
        return Ok(None);
    }
    let old = beside(&path, &format!(".{}.old", version - 1));
    if path.exists() {
        files::move_to(&path, &old)?;
    }
    files::move_to(&new, &path)?;
    Ok(Some(old))
}

/// Writes a key, flushed to the disk, in place of what is there.
pub(crate) fn write(path: &Path, key: &OfficeKey) -> Result<(), VaultError> {
    if let Some(folder) = path.parent().filter(|it| !it.is_dir()) {
        files::create_private_dir(folder)?;
    }
    Ok(files::write_private(path, line(&key.root).as_bytes())?)
}
