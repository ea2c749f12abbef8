//! Where an export goes: a folder of its own below the pilot's `out/`.

use std::{fs, path::Path};

use lodd_store::pilot::OUT;

use super::EXPORT_MARK;
use crate::{
    problem::Failure,
    steps::{Context, absolute},
    text::{Text, say},
};

/// The folder when none is named.
const DEFAULT: &str = "export";

/// The folder's path below `out/`, with `/` between its parts.
///
/// # Errors
///
/// Refused when it is not below `out/`, or holds files that are no export.
pub(super) fn below_out(context: &Context, dir: Option<&Path>) -> Result<String, Failure> {
    let out = absolute(&context.dir.join(OUT))?;
    let folder = dir.map_or_else(|| Ok(out.join(DEFAULT)), absolute)?;
    let shown = folder.display().to_string();
    let below = folder.strip_prefix(&out).ok().and_then(parts).filter(|it| !it.is_empty());
    // A link in `out/` can lead anywhere.
    let resolved = |path: &Path| fs::canonicalize(path).ok();
    let leads_out =
        resolved(&folder).zip(resolved(&out)).is_some_and(|(it, out)| !it.starts_with(out));
    let Some(below) = below.filter(|_| !leads_out) else {
        let message = say!(
            "`{shown}` er ikke en mappe under pilotens out/, der alt som er avledet av dataene ligger",
            "`{shown}` is not a folder below the pilot's out/, where all that is derived from its data stands"
        );
        let fix = Text::new(
            "utelat mappen, eller skriv out/NAVN",
            "leave the folder out, or say out/NAME",
        );
        return Err(Failure::policy_with(message, fix));
    };
    let mut entries = fs::read_dir(&folder).into_iter().flatten();
    if folder.is_file() || entries.next().is_some() && !folder.join(EXPORT_MARK).is_file() {
        let message = say!(
            "`{shown}` har andre filer enn en eksport",
            "`{shown}` holds other files than an export"
        );
        let fix = Text::new("velg en annen mappe under out/", "choose another folder below out/");
        return Err(Failure::policy_with(message, fix));
    }
    Ok(below)
}

/// The parts of a path below a folder, each of letters that stand in every list of files.
fn parts(path: &Path) -> Option<String> {
    let parts = path.iter().map(|it| {
        let part = it.to_str()?;
        part.bytes().all(|it| it.is_ascii_alphanumeric() || b"._-".contains(&it)).then_some(part)
    });
    Some(parts.collect::<Option<Vec<_>>>()?.join("/"))
}
