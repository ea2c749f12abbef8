//! The files of an announcement: written once, in an order that a crash can't turn into a second draw.

use std::io;

use lodd_draw::{Announced, File, Secret};
use lodd_store::files::{self, FileError};

use super::super::Context;
use crate::hash::hex;

/// The values behind a constraint, in a draw's private folder.
pub(in crate::steps) const COVARIATES: &str = "covariates.csv";

/// What is kept of a locked list.
#[derive(Debug)]
pub(super) struct Locked<'a> {
    /// The protocol file, byte for byte.
    pub(super) plan: &'a [u8],
    pub(super) announced: &'a Announced,
    pub(super) secret: &'a Secret,
    /// Names and bytes of what is kept of who is a unit.
    pub(super) linked: [(&'static str, Vec<u8>); 2],
}

/// Writes the private side, then the public files, `announcement.json` last.
///
/// Without the private side an announcement could never be revealed; and an announcement that is
/// there is never written over, since someone may have seen it. What an interrupted run left in
/// `private/NNNN` is kept beside.
///
/// # Errors
///
/// If the disk refuses, or there is an announcement already.
pub(super) fn write(context: &Context, number: u32, locked: &Locked<'_>) -> Result<(), FileError> {
    let Locked { plan, announced, secret, linked } = locked;
    let private = context.path(format!("private/{number:04}"));
    let public = context.path(format!("draws/{number:04}"));
    let announcement = public.join(File::Announcement.name());
    if announcement.exists() {
        let source = io::ErrorKind::AlreadyExists.into();
        return Err(FileError { action: "write", path: announcement, source });
    }
    files::set_aside(&private)?;
    files::create_private_dir(&private)?;
    files::create_dir(&public)?;
    let line = format!("{}\n", hex(&secret.0));
    files::write_private_new(&private.join("private.csv"), &announced.private)?;
    files::write_private_new(&private.join("secret"), line.as_bytes())?;
    if let Some(covariates) = &announced.covariates {
        files::write_private_new(&private.join(COVARIATES), covariates)?;
    }
    for (name, bytes) in linked {
        files::write_private_new(&private.join(name), bytes)?;
    }
    files::write_atomically(&public.join(File::Plan.name()), plan)?;
    files::write_atomically(&public.join(File::Leaves.name()), &announced.leaves)?;
    files::write_new(&announcement, &announced.announcement)
}
