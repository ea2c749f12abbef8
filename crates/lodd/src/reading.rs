//! How an office's file is read: the one place where its bytes meet the parser.

use lodd_intake::{Findings, Limits, Upload, Workbook};

use crate::problem::Failure;

/// Reads a file that nobody has vouched for.
///
/// # Errors
///
/// The outer one when reading could not be run; the inner one, findings, when the file is refused.
#[expect(clippy::unnecessary_wraps, reason = "the parser moves into a child process")]
pub(crate) fn workbook(name: &str, bytes: &[u8]) -> Result<Result<Workbook, Findings>, Failure> {
    Ok(lodd_intake::read(Upload { name, bytes }, &Limits::default()))
}
