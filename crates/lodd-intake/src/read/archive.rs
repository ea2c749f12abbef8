//! The zip archive of a workbook: refused before it is parsed if it is too large, or not what a
//! workbook is.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
};

use zip::{ZipArchive, read::ZipFile};

use super::{Refusal, guard, observed::Observed};
use crate::{catalogue, limits::Limits, text::Phrase};

/// Parts a workbook must not have: macros, other files, other programs.
const ACTIVE: [&str; 6] = [
    "vbaproject.bin",
    "/externallinks/",
    "/embeddings/",
    "/activex/",
    "/connections.xml",
    "/macrosheets/",
];

/// Inflates every part, counting, and checks it. Gives where a national identity number stands
/// outside the cells, and what the parts say of the sheets.
pub(super) fn inspect(
    bytes: &[u8],
    limits: &Limits,
) -> Result<(Option<Phrase>, Observed), Refusal> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| broken())?;
    if zip.len() > limits.zip_entries {
        let count = zip.len();
        return Err(Refusal::too_many(count, ["deler", "delar", "parts"]));
    }
    if zip.has_duplicate_names() || zip.has_overlapping_entries().map_err(|_| broken())? {
        return Err(Refusal::damaged(
            "samme del to ganger",
            "same delen to gonger",
            "the same part twice",
        ));
    }
    let names = names(&mut zip)?;
    if !names.contains("[content_types].xml") || !names.contains("xl/workbook.xml") {
        return Err(Refusal::new(&catalogue::F01));
    }
    let mut left = limits.inflated_bytes;
    let mut leak = None;
    let mut observed = Observed::default();
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|_| broken())?;
        let found = inspect_part(part, &mut left, &mut observed, limits)?;
        leak = leak.or(found);
    }
    Ok((leak, observed))
}

/// The parts' names in lower case, each of which must be a plain relative path.
fn names(zip: &mut ZipArchive<Cursor<&[u8]>>) -> Result<BTreeSet<String>, Refusal> {
    let mut names = BTreeSet::new();
    for index in 0..zip.len() {
        let part = zip.by_index_raw(index).map_err(|_| broken())?;
        if part.encrypted() {
            return Err(Refusal::new(&catalogue::F02));
        }
        let name = std::str::from_utf8(part.name_raw()).unwrap_or("\\").to_ascii_lowercase();
        let plain = !name.starts_with('/') && !name.contains(['\\', ':', '\0']);
        if !plain || name.split('/').any(|step| step == ".." || step == ".") {
            return Err(Refusal::damaged(
                "ulovlig navn på en del",
                "ulovleg namn på ein del",
                "a forbidden name of a part",
            ));
        }
        let path = format!("/{name}");
        if ACTIVE.iter().any(|active| path.contains(active)) {
            return Err(Refusal::new(&catalogue::F03));
        }
        if !names.insert(name) {
            return Err(Refusal::damaged(
                "samme del to ganger",
                "same delen to gonger",
                "the same part twice",
            ));
        }
    }
    Ok(names)
}

fn inspect_part(
    mut part: ZipFile<'_, Cursor<&[u8]>>,
    left: &mut u64,
    observed: &mut Observed,
    limits: &Limits,
) -> Result<Option<Phrase>, Refusal> {
    let packed = part.compressed_size().max(1);
    let name = std::str::from_utf8(part.name_raw()).unwrap_or_default().to_owned();
    let allowed = (*left).min((packed.saturating_mul(limits.ratio)).max(1 << 20));
    let mut inflated = Vec::new();
    part.by_ref().take(allowed + 1).read_to_end(&mut inflated).map_err(|_| broken())?;
    let size = inflated.len() as u64;
    if size > allowed {
        let mib = allowed >> 20;
        return Err(Refusal::too_large(
            &format!("mer enn {mib} MiB"),
            &format!("meir enn {mib} MiB"),
            &format!("more than {mib} MiB"),
        ));
    }
    *left -= size;
    let lower = name.to_ascii_lowercase();
    if [".xml", ".rels"].iter().any(|ending| lower.ends_with(ending)) {
        return guard::check(&name, &inflated, observed, limits);
    }
    Ok(None)
}

fn broken() -> Refusal {
    Refusal::damaged(
        "pakken er avkortet eller endret",
        "pakka er avkorta eller endra",
        "the archive is cut off or altered",
    )
}
