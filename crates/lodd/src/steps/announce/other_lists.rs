//! Other announced lists: who on this list stands on them too, by keyed id.
//!
//! `lodd draw announce` keeps the keyed ids of a locked list in `private/NNNN/person-keys.csv`
//! (`pilot,draw,person_key`), for the comparison when the next list is locked. No keyed id is shown.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use lodd_store::pilot::Overlap;

use super::{super::read_file, linking::Linked};
use crate::{
    problem::{Failure, Place, Problem},
    text::{Text, say},
};

/// The file in `private/NNNN`.
pub(super) const PERSON_KEYS: &str = "person-keys.csv";
const HEADER: &str = "pilot,draw,person_key";

/// The lists that a new one is compared with.
#[derive(clap::Args, Clone, Debug, Default)]
pub(crate) struct OtherLists {
    /// Another announced list to compare with: its person-keys.csv, or its pilot folder (repeatable)
    #[arg(long = "other", value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Why the list is locked although persons on it stand on another; goes into the ledger
    #[arg(long, value_name = "TEXT", requires = "paths")]
    pub(super) overlap_known: Option<String>,
    /// Lists that were sent from a page: what each is called, and its bytes.
    #[arg(skip)]
    pub(super) sent: Vec<(String, Vec<u8>)>,
}

impl OtherLists {
    pub(super) fn is_empty(&self) -> bool {
        self.paths.is_empty() && self.sent.is_empty()
    }

    /// Lists that were sent, and why they may overlap.
    pub(crate) fn sent(lists: Vec<(String, Vec<u8>)>, overlap_known: Option<String>) -> Self {
        Self { sent: lists, overlap_known, ..Self::default() }
    }

    /// Nobody stands on a list of offices.
    ///
    /// # Errors
    ///
    /// Refused where lists were named to compare with.
    pub(super) fn of_offices(&self) -> Result<Linked, Failure> {
        if self.is_empty() {
            return Ok(Linked::default());
        }
        Err(Failure::policy_with(
            Text::new(
                "en trekning av kontor har ingen personer å sammenligne",
                "a draw of offices has no persons to compare",
            )
            .nn("ei trekking av kontor har ingen personar å samanlikne"),
            Text::new(
                "gi --other når familiene trekkes",
                "give --other when the families are drawn",
            )
            .nn("gi --other når familiane blir trekte"),
        ))
    }

    /// The keyed ids of every list, by the list's name (pilot and draw).
    ///
    /// # Errors
    ///
    /// Refused with the file and row that is not such a list.
    pub(super) fn read(&self) -> Result<BTreeMap<String, BTreeSet<String>>, Failure> {
        let mut lists: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for path in &self.paths {
            for file in files_of(path)? {
                read_list(&file, &read_file(&file)?, &mut lists)?;
            }
        }
        for (name, bytes) in &self.sent {
            read_list(Path::new(name), bytes, &mut lists)?;
        }
        Ok(lists)
    }
}

/// The file itself, or all lists that a pilot folder has locked.
fn files_of(path: &Path) -> Result<Vec<PathBuf>, Failure> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let private = path.join("private");
    let folders = std::fs::read_dir(&private).map_err(|error| Failure::io(&private, &error))?;
    let mut found: Vec<PathBuf> =
        folders.flatten().map(|it| it.path().join(PERSON_KEYS)).filter(|it| it.is_file()).collect();
    found.sort();
    if found.is_empty() {
        let shown = path.display().to_string();
        return Err(Failure::policy(say!(
            "det er ingen låst liste med nøkler (private/NNNN/{PERSON_KEYS}) i `{shown}`",
            nn "det er inga låst liste med nøklar (private/NNNN/{PERSON_KEYS}) i `{shown}`",
            "there is no locked list of keyed ids (private/NNNN/{PERSON_KEYS}) in `{shown}`"
        )));
    }
    Ok(found)
}

fn read_list(
    path: &Path,
    bytes: &[u8],
    lists: &mut BTreeMap<String, BTreeSet<String>>,
) -> Result<(), Failure> {
    let text = String::from_utf8_lossy(bytes);
    let mut lines = text.trim_start_matches('\u{feff}').lines().zip(1_usize..);
    let header = lines.next().is_some_and(|(line, _)| line == HEADER);
    let problem = |row: usize| {
        let place = Place { row: Some(row), ..Place::file(path) };
        let message = say!(
            "er ikke en rad i en liste med nøkler ({HEADER}); innholdet vises ikke",
            nn "er ikkje ei rad i ei liste med nøklar ({HEADER}); innhaldet blir ikkje vist",
            "is not a row of a list of keyed ids ({HEADER}); what it holds is not shown"
        );
        Problem::new(place, message)
    };
    let mut problems: Vec<Problem> = (!header).then(|| problem(1)).into_iter().collect();
    for (line, row) in lines.filter(|_| header) {
        match row_of(line) {
            Some((list, key)) => drop(lists.entry(list).or_default().insert(key)),
            None => problems.push(problem(row)),
        }
    }
    if problems.is_empty() {
        return Ok(());
    }
    problems.truncate(20);
    let shown = path.display().to_string();
    Err(Failure::refused(
        say!(
            "`{shown}` kan ikke sammenlignes",
            nn "`{shown}` kan ikkje samanliknast",
            "`{shown}` can't be compared with"
        ),
        problems,
    ))
}

fn row_of(line: &str) -> Option<(String, String)> {
    let mut fields = line.split(',');
    let (pilot, draw, key) = (fields.next()?, fields.next()?, fields.next()?);
    let number = draw.len() <= 4 && draw.parse::<u16>().is_ok();
    let hex = key.len() == 64 && key.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'));
    let sound = fields.next().is_none() && lodd_draw::is_label(pilot) && number && hex;
    sound.then(|| (format!("{pilot} {draw}"), key.to_owned()))
}

/// The bytes of a locked list's file of keyed ids.
pub(super) fn file<'k>(label: &str, draw: u32, keys: impl Iterator<Item = &'k String>) -> Vec<u8> {
    let rows = keys.map(|key| format!("{label},{draw},{key}\n"));
    std::iter::once(format!("{HEADER}\n")).chain(rows).collect::<String>().into_bytes()
}

/// What the list shares with others; `persons`: keyed id and family of everybody on it.
pub(super) fn overlap(
    persons: &BTreeMap<&str, BTreeSet<&str>>,
    lists: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<Overlap> {
    let shared = |(list, keys): (&String, &BTreeSet<String>)| {
        let both: Vec<&BTreeSet<&str>> =
            persons.iter().filter(|(key, _)| keys.contains(**key)).map(|(_, it)| it).collect();
        let families: BTreeSet<&str> = both.iter().flat_map(|it| it.iter().copied()).collect();
        let families = families.into_iter().map(str::to_owned).collect();
        (!both.is_empty()).then(|| Overlap { list: list.clone(), persons: both.len(), families })
    };
    lists.iter().filter_map(shared).collect()
}

/// What must be answered for before the list can be locked.
pub(super) fn problems(overlap: &[Overlap]) -> Vec<Problem> {
    let problem = |it: &Overlap| {
        let (list, persons, families) = (&it.list, it.persons, it.families.join(", "));
        let message = say!(
            "{persons} personer står også på listen til trekning {list}: familiene {families}",
            nn "{persons} personar står òg på lista til trekking {list}: familiane {families}",
            "{persons} persons stand on the list of draw {list} too: families {families}"
        );
        Problem::new(Place::default(), message).fix(Text::new(
            "skal listen låses likevel, si hvorfor med --overlap-known; grunnen går i protokollen",
            "to lock the list all the same, say why with --overlap-known; the reason goes into the ledger",
        ).nn("skal lista låsast likevel, sei kvifor med --overlap-known; grunnen går i protokollen"))
    };
    overlap.iter().map(problem).collect()
}
