//! Why the store refuses or fails.

use std::path::PathBuf;

use crate::{files::FileError, pilot::OfferError, query::QueryError, vault::VaultError};

/// Why a pilot can't be opened, read or written. Families and members appear by pseudonym only;
/// no variant carries a value that was reported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages name every field")]
pub enum StoreError {
    #[error("there is no pilot in `{}`", dir.display())]
    NoPilot { dir: PathBuf },
    #[error("there is a pilot in `{}` already", dir.display())]
    PilotExists { dir: PathBuf },
    #[error("`{}` is not a pilot's store", path.display())]
    NotAStore { path: PathBuf },
    #[error("the store has format {found}, this program knows {supported}")]
    TooNew { found: i64, supported: i64 },
    #[error("`{}` must hold the ledger's key, 64 hexadecimal digits", path.display())]
    BadKey { path: PathBuf },
    #[error("the store is busy: another program has been writing for too long")]
    Busy,
    #[error("the store failed to reach the disk and takes no more until it is opened again")]
    ClosedToWriting,
    #[error("the store can't be read or written: {source}")]
    Sqlite { source: rusqlite::Error },
    #[error(transparent)]
    File(#[from] FileError),
    #[error(transparent)]
    Query(#[from] QueryError),
    #[error(transparent)]
    Vault(#[from] VaultError),

    #[error("{at_us} µs is not an instant between the years -9999 and 9999")]
    NoSuchInstant { at_us: i64 },
    #[error("nothing has been recorded in this pilot yet")]
    NothingRecorded,
    #[error("the cut can't be later than what is recorded: {cut} µs, last {last} µs")]
    CutTooLate { cut: i64, last: i64 },

    #[error("office `{office_id}` is not in this pilot")]
    UnknownOffice { office_id: String },
    #[error("family `{family_id}` is not on the roster")]
    UnknownFamily { family_id: String },
    #[error("family `{family_id}` has been erased already")]
    AlreadyErased { family_id: String },
    #[error("{unit_kind} `{unit_id}` is not on the roster")]
    UnknownUnit { unit_kind: &'static str, unit_id: String },
    #[error("{what} `{key}` must be given once")]
    Twice { what: &'static str, key: String },
    #[error("family `{family_id}` can't change: it is on the list of draw {draw}")]
    LockedFamily { family_id: String, draw: i64 },
    #[error("month {month} of `{unit_id}` must have an amount")]
    EmptyMonth { unit_id: String, month: i64 },
    #[error("month {month} of `{unit_id}` must name its register, other than `ROSTER`")]
    NoRegister { unit_id: String, month: i64 },

    #[error("unit `{unit_id}` belongs to office `{owner}`, not to `{office_id}`")]
    OtherOffice { unit_id: String, office_id: String, owner: String },
    #[error("`{unit_id}` is in family `{family_id}`, not in the one it was delivered with")]
    OtherFamily { unit_id: String, family_id: String },
    #[error("variable `{variable}` of `{unit_id}` must be given once a date")]
    VariableTwice { unit_id: String, variable: String },

    #[error("a screening must judge at least one family")]
    NothingScreened,
    #[error("draw {open} is open: it must be finished before another is announced")]
    DrawOpen { open: i64 },
    #[error("the next draw must have number {expected}, not {found}")]
    DrawNumber { expected: i64, found: i64 },
    #[error("that assignment is draw {draw} already")]
    AlreadyImported { draw: i64 },
    #[error("draw {draw} is not open")]
    DrawNotOpen { draw: i64 },
    #[error("draw {draw} must assign the units on its locked list: `{unit_id}` is not on both")]
    OtherUnits { draw: i64, unit_id: String },
    #[error("`{unit_id}` must be in an arm of draw {draw}: `{arm}` is none")]
    UnknownArm { draw: i64, unit_id: String, arm: String },
    #[error("draw {draw} must have units")]
    NoUnits { draw: i64 },

    #[error("`{unit_id}` must have a first day no later than its last")]
    DaysReversed { unit_id: String },
    #[error("`{member_id}` is not in the household on that day: tell first when it came")]
    NotInHousehold { member_id: String },
    #[error("`{member_id}` stands on the locked list with another role or year of birth")]
    ListedOtherwise { member_id: String },
    #[error("there is nothing of `{unit_id}` to retract on that day")]
    NothingToRetract { unit_id: String },

    #[error("`{unit_id}` is on the list of no draw")]
    NotOnAList { unit_id: String },
    #[error("`{unit_id}` is struck from the list of draw {draw} already")]
    AlreadyStruck { draw: i64, unit_id: String },
    #[error("the fact about `{unit_id}` can't be dated after today")]
    FactTooLate { unit_id: String },

    #[error(transparent)]
    Offer(#[from] OfferError),

    #[error("the plan's hash must be {expected}, not {found}")]
    PlanHash { expected: String, found: String },
}

impl StoreError {
    /// Whether it says that the store is damaged, rather than out of reach or in use.
    pub fn is_damage(&self) -> bool {
        use rusqlite::ErrorCode::{
            CannotOpen, DatabaseBusy, DatabaseLocked, DiskFull, OperationInterrupted, OutOfMemory,
            PermissionDenied, ReadOnly, SystemIoFailure,
        };
        match self {
            Self::NotAStore { .. } | Self::TooNew { .. } | Self::BadKey { .. } => true,
            Self::Sqlite { source } => !matches!(
                source.sqlite_error_code(),
                Some(
                    CannotOpen
                        | DatabaseBusy
                        | DatabaseLocked
                        | DiskFull
                        | OperationInterrupted
                        | OutOfMemory
                        | PermissionDenied
                        | ReadOnly
                        | SystemIoFailure
                )
            ),
            _ => false,
        }
    }

    /// What to do about it, where there is one thing to do.
    pub const fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NoPilot { .. } => Some("name the pilot's folder with `--pilot DIR`"),
            Self::TooNew { .. } => Some("use the program that wrote it, or a later one"),
            Self::Busy => Some("try again; nothing was written"),
            Self::LockedFamily { .. } => Some(
                "a family's roster is locked when a draw is announced; later families go into the next draw",
            ),
            Self::Offer(error) => error.hint(),
            Self::Vault(error) => error.hint(),
            Self::DrawOpen { .. } => Some("reveal the open draw first, or void it"),
            _ => None,
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(source: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode::{DatabaseBusy, DatabaseLocked};
        match source.sqlite_error_code() {
            Some(DatabaseBusy | DatabaseLocked) => Self::Busy,
            _ => Self::Sqlite { source },
        }
    }
}
