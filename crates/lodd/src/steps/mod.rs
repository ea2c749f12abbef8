//! The steps: one file a command, called by the command line.

pub(crate) mod after;
pub(crate) mod amend;
pub(crate) mod announce;
pub(crate) mod application;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod demo;
mod design;
mod draw_words;
mod drawn;
pub(crate) mod due;
pub(crate) mod erase;
pub(crate) mod estimate;
pub(crate) mod export;
pub(crate) mod family;
pub(crate) mod ids;
pub(crate) mod import;
mod intake;
pub(crate) mod key;
pub(crate) mod kostra;
pub(crate) mod ledger;
pub(crate) mod new;
pub(crate) mod offer;
pub(crate) mod office;
mod outputs;
pub(crate) mod panel;
pub(crate) mod plan;
pub(crate) mod power;
pub(crate) mod probabilities;
pub(crate) mod release;
pub(crate) mod report;
pub(crate) mod reveal;
pub(crate) mod roster;
pub(crate) mod screen;
pub(crate) mod serve;
pub(crate) mod slip;
pub(crate) mod status;
pub(crate) mod strike;
mod tables;
mod taking_part;
pub(crate) mod template;
pub(crate) mod upload;
pub(crate) mod verify;
pub(crate) mod void;
mod words;

pub(crate) use intake::problem as finding_problem;

use std::{
    collections::BTreeSet,
    path::{Component, Path, PathBuf},
    sync::Arc,
};

use lodd_store::{
    Pilot, Stamp, StoreError,
    pilot::{Draw, DrawStatus, Origin},
};

use crate::{
    clock::Clock,
    problem::Failure,
    protocol::{self, Office, Protocol},
    text::{Lang, Text, say},
};

/// What a step knows of how it was called.
#[derive(Clone, Debug)]
pub(crate) struct Context {
    /// The pilot folder.
    pub(crate) dir: PathBuf,
    /// Where the offices' keys lie.
    pub(crate) keys: PathBuf,
    pub(crate) lang: Lang,
    pub(crate) clock: Clock,
    /// Whether progress may be shown.
    pub(crate) progress: bool,
    pub(crate) threads: Option<usize>,
    /// Who the ledger says it was.
    pub(crate) actor: Arc<str>,
}

impl Context {
    pub(crate) fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.dir.join(below)
    }

    /// Where derived files go.
    pub(crate) fn out(&self, name: &str) -> PathBuf {
        self.dir.join("out").join(name)
    }
}

impl Context {
    /// Opens the pilot's store.
    pub(crate) fn pilot(&self) -> Result<Pilot, Failure> {
        Pilot::open_with(&self.dir, &self.keys).map_err(|error| words::store(&error))
    }

    /// Opens the store, or makes it with a new key for its ledger.
    pub(crate) fn pilot_or_new(&self) -> Result<Pilot, Failure> {
        match Pilot::open_with(&self.dir, &self.keys) {
            Err(StoreError::NoPilot { .. }) => {
                let made = Pilot::create_with(&self.dir, &random()?, &self.keys);
                made.map_err(|error| words::store(&error))
            }
            other => other.map_err(|error| words::store(&error)),
        }
    }

    /// Who writes, when, and by which clock.
    pub(crate) fn stamp(&self) -> Stamp {
        let clock = match self.clock {
            Clock::System => lodd_store::Clock::System,
            Clock::Scripted(_) => lodd_store::Clock::Scripted,
        };
        Stamp { at_us: self.clock.now().as_microsecond(), clock, actor: self.actor.to_string() }
    }

    /// The protocol, which must be the one that was locked if a list has been locked.
    ///
    /// # Errors
    ///
    /// Refused when the file has mistakes, or has changed since the list was locked.
    pub(crate) fn protocol(&self, pilot: &Pilot) -> Result<Protocol, Failure> {
        let protocol = protocol::read(&self.dir)?;
        match locked_protocol(pilot)? {
            Some((sha256, draw)) if sha256 != protocol.sha256() => Err(Failure::policy_with(
                say!(
                    "`{file}` er endret siden listen ble låst for trekning {draw}",
                    nn "`{file}` er endra sidan lista vart låst for trekking {draw}",
                    "`{file}` has changed since the list was locked for draw {draw}",
                    file = protocol::FILE
                ),
                say!(
                    "ta tilbake filen fra `draws/{draw:04}/plan.toml` eller `protocols/`, eller før endringen med `lodd amend --reason TEKST`",
                    nn "ta tilbake fila frå `draws/{draw:04}/plan.toml` eller `protocols/`, eller før endringa med `lodd amend --reason TEKST`",
                    "take the file back from `draws/{draw:04}/plan.toml` or `protocols/`, or record the change with `lodd amend --reason TEXT`"
                ),
            )),
            _ => Ok(protocol),
        }
    }
}

/// Refuses an office that the protocol does not know.
pub(crate) fn known_office<'p>(protocol: &'p Protocol, id: &str) -> Result<&'p Office, Failure> {
    protocol.offices.iter().find(|it| it.id == id).ok_or_else(|| {
        let all = protocol.offices.iter().map(|it| it.id.as_str()).collect::<Vec<_>>().join(", ");
        Failure::policy(say!(
            "kontoret `{id}` er ikke med i piloten; det finnes {all}",
            nn "kontoret `{id}` er ikkje med i piloten; det finst {all}",
            "office `{id}` is not in this pilot; there are {all}"
        ))
    })
}

/// The SHA-256 of the protocol in force and the draw it was locked for: that of the last draw that
/// stands, or what it was amended to since.
fn locked_protocol(pilot: &Pilot) -> Result<Option<(String, i64)>, Failure> {
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    // What was locked for a void draw binds nobody any more.
    let mut standing = draws.iter().rev().filter(|draw| draw.status != DrawStatus::Void);
    let locked = standing.find_map(|draw| draw.plan_sha256.clone().zip(Some(draw.draw)));
    let Some((mut sha256, draw)) = locked else { return Ok(None) };
    for amendment in pilot.amendments().map_err(|error| words::store(&error))? {
        if amendment.replaced_sha256 == sha256 {
            sha256 = amendment.amended_sha256;
        }
    }
    Ok(Some((sha256, draw)))
}

/// What every output of draws that are not the real thing says; empty where they are.
pub(crate) fn stamp_of(draws: &[Draw]) -> Vec<Text> {
    let has = |origin| draws.iter().any(|draw| draw.origin == origin);
    let rehearsal = Text::new(
        "  ØVELSE (REHEARSAL): tallene gjelder ikke.",
        "  REHEARSAL: these numbers do not count.",
    )
    .nn("  ØVING (REHEARSAL): tala gjeld ikkje.");
    let imported = Text::new(
        "  IKKE TRUKKET HER: tildelingen er gjort et annet sted.",
        "  NOT DRAWN HERE: the assignment was made elsewhere.",
    )
    .nn("  IKKJE TREKT HER: tildelinga er gjord ein annan stad.");
    [(Origin::Rehearsal, rehearsal), (Origin::Imported, imported)]
        .into_iter()
        .filter(|(origin, _)| has(*origin))
        .map(|(_, text)| text)
        .collect()
}

/// The same for a file's metadata: `drawn`, `imported`, `rehearsal`, each once.
pub(crate) fn origins(draws: &[Draw]) -> String {
    let all: BTreeSet<&str> = draws.iter().map(|draw| draw.origin.code()).collect();
    all.into_iter().collect::<Vec<_>>().join(",")
}

/// 32 bytes from the operating system's generator.
///
/// # Errors
///
/// If the operating system gives none.
pub(crate) fn random() -> Result<[u8; 32], Failure> {
    let bytes = lodd_store::random::bytes();
    Ok(*bytes.map_err(|error| Failure::internal("random bytes", error))?)
}

/// Reads a file that the user named.
pub(crate) fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| Failure::io(path, &error))
}

/// A file's name without its folder, for messages.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// The path from the root, without `.` and `..`.
///
/// # Errors
///
/// If the working folder is gone.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let absolute = std::path::absolute(path).map_err(|error| Failure::io(path, &error))?;
    let mut plain = PathBuf::new();
    for part in absolute.components() {
        match part {
            Component::ParentDir => {
                plain.pop();
            }
            Component::CurDir => {}
            other => plain.push(other),
        }
    }
    Ok(plain)
}

/// The same with links followed, as far as there is something at the path.
///
/// # Errors
///
/// If the working folder is gone.
pub(crate) fn resolved(path: &Path) -> Result<PathBuf, Failure> {
    let path = absolute(path)?;
    let there = path.ancestors().find_map(|it| Some((it, std::fs::canonicalize(it).ok()?)));
    let Some((above, real)) = there else { return Ok(path) };
    let rest = path.strip_prefix(above).unwrap_or(Path::new(""));
    Ok(real.join(rest))
}
