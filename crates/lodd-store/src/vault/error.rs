//! Why something can't be locked away, or be had again.

use std::path::PathBuf;

use super::shares::ShareError;
use crate::{files::FileError, random::NoRandom};

/// Why the vault refuses or fails. No variant carries a key or a value.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum VaultError {
    #[error("the key file `{}` is missing: what {} is kept under that key", path.display(), whose(office_id))]
    KeyMissing { office_id: String, path: PathBuf },
    #[error("`{}` must hold the key that this pilot was written with: it holds another", path.display())]
    OtherKey { path: PathBuf },
    #[error("`{}` must hold a key, 64 hexadecimal digits", path.display())]
    BadKeyFile { path: PathBuf },
    #[error(
        "what is stored of `{family_id}` in `{table}` does not open under its key: it was changed, or moved there from another row"
    )]
    Unopened { family_id: String, table: &'static str },
    #[error(
        "the key of `{family_id}` does not open under its office's key: it was changed, or is another family's"
    )]
    Unwrapped { family_id: String },
    #[error("{} has no key", named(office_id))]
    NoOfficeKey { office_id: String },
    #[error("{} has a key already", named(office_id))]
    HasKey { office_id: String },
    #[error(transparent)]
    Share(#[from] ShareError),
    #[error("there is no key for `{family_id}`")]
    NoKey { family_id: String },
    #[error("family `{family_id}` has been erased: nothing about it can be stored again")]
    Erased { family_id: String },
    #[error(transparent)]
    Random(#[from] NoRandom),
    #[error(transparent)]
    File(#[from] FileError),
}

fn named(office_id: &str) -> String {
    if office_id.is_empty() {
        "the pilot itself".to_owned()
    } else {
        format!("office `{office_id}`")
    }
}

fn whose(office_id: &str) -> String {
    if office_id.is_empty() {
        "belongs to no family".to_owned()
    } else {
        format!("office `{office_id}` has delivered")
    }
}

impl VaultError {
    /// What to do about it, where there is one thing to do.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::KeyMissing { .. } | Self::OtherKey { .. } => Some(
                "put the key's folder back, name it with `--keys DIR`, or bring the key back from its shares with `lodd key import`",
            ),
            Self::HasKey { .. } => Some("`lodd key rotate` puts a new one in its place"),
            Self::Erased { .. } => Some("take its rows out of the file"),
            _ => None,
        }
    }
}
