//! The zip archive of a workbook: refused before it is parsed if it is too large, or not what a
//! workbook is.

use std::{
    collections::BTreeSet,
    io::{Cursor, Read},
};

use zip::{ZipArchive, read::ZipFile};

use super::{Refusal, guard, observed::Observed, search::found_in_bytes};
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

/// Inflates every part, counting, and checks it. Gives what was found outside the cells, and what the parts
/// say of the sheets.
pub(super) fn inspect(bytes: &[u8], limits: &Limits) -> Result<Inspected, Refusal> {
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
        return Err(Refusal::format("", b""));
    }
    let mut left = limits.inflated_bytes;
    let mut found = Inspected { leak: wrapping(bytes, &mut zip)?, ..Inspected::default() };
    for index in 0..zip.len() {
        let part = zip.by_index(index).map_err(|_| broken())?;
        inspect_part(part, &mut left, &mut found, limits)?;
    }
    Ok(found)
}

/// What was found in the parts of a workbook.
#[derive(Debug, Default)]
pub(super) struct Inspected {
    /// Where a national identity number stands outside the cells.
    leak: Option<Phrase>,
    /// Where one stands in the cells of some sheet.
    leak_in_cells: Option<Phrase>,
    /// How many parts are sheets.
    sheets: usize,
    /// What the parts say of the sheets.
    pub(super) observed: Observed,
}

impl Inspected {
    /// Where a national identity number stands that the parser did not see, having read so many
    /// sheets: cells are left to it, but for those of a sheet that the workbook does not list.
    pub(super) fn leak(self, sheets_read: usize) -> Option<Phrase> {
        let unlisted = if self.sheets > sheets_read { self.leak_in_cells } else { None };
        self.leak.or(unlisted)
    }
}

/// A national identity number between the parts: in their names, in comments, in bytes that belong
/// to none of them.
fn wrapping(bytes: &[u8], zip: &mut ZipArchive<Cursor<&[u8]>>) -> Result<Option<Phrase>, Refusal> {
    let mut contents = Vec::new();
    for index in 0..zip.len() {
        let part = zip.by_index_raw(index).map_err(|_| broken())?;
        let start = part.data_start().ok_or_else(broken)?;
        contents.push((start, start.saturating_add(part.compressed_size())));
    }
    contents.sort_unstable();
    let (mut from, mut leak) = (0, false);
    for (start, end) in contents.into_iter().chain([(bytes.len() as u64, 0)]) {
        let range = usize::try_from(from).ok().zip(usize::try_from(start).ok());
        let between = range.and_then(|(from, start)| bytes.get(from..start));
        leak |= between.is_some_and(found_in_bytes);
        from = end;
    }
    Ok(leak.then(|| {
        Phrase::new(
            "filens innpakning (zip)",
            "innpakninga til fila (zip)",
            "the file's wrapping (zip)",
        )
    }))
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
    found: &mut Inspected,
    limits: &Limits,
) -> Result<(), Refusal> {
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
        let search = guard::check(&name, &inflated, &mut found.observed, limits)?;
        found.sheets += usize::from(search.is_sheet);
        note(&mut found.leak, search.leak, &name);
        note(&mut found.leak_in_cells, search.leak_in_cells, &name);
    } else {
        note(&mut found.leak, found_in_bytes(&inflated), &name);
    }
    Ok(())
}

fn note(place: &mut Option<Phrase>, found: bool, part: &str) {
    if found && place.is_none() {
        *place = Some(guard::part_name(part));
    }
}

fn broken() -> Refusal {
    Refusal::damaged(
        "pakken er avkortet eller endret",
        "pakka er avkorta eller endra",
        "the archive is cut off or altered",
    )
}
