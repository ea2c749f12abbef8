//! `lodd draw verify` and `lodd draw compute`: for anyone, without a pilot.

use std::{
    fs,
    path::{Path, PathBuf},
};

use lodd_draw::{
    Beacon, DrawFiles, Evidence, File, Finding, Note, SlipVerdict, Verdict, check_slip,
    compute as draw, verify,
};
use serde_json::{Map, Value, json};

use super::draw_words;
use crate::{
    answer::Answer,
    beacon::{self, times},
    problem::{Failure, Problem},
    text::{Text, count, say},
};

/// The files of a draw folder, as far as they are there.
#[derive(Debug, Default)]
pub(crate) struct Folder {
    number: Option<u32>,
    pub(crate) announcement: Option<Vec<u8>>,
    pub(crate) plan: Option<Vec<u8>>,
    pub(crate) leaves: Option<Vec<u8>>,
    pub(crate) reveal: Option<Vec<u8>>,
    pub(crate) result: Option<Vec<u8>>,
    pub(crate) void: Option<Vec<u8>>,
}

impl Folder {
    /// Reads a folder; a file that is not there is left out, one that is too large is refused.
    pub(crate) fn read(dir: &Path) -> Result<Self, Failure> {
        if !dir.is_dir() {
            return Err(Failure::io(dir, &std::io::Error::from(std::io::ErrorKind::NotFound)));
        }
        let name =
            dir.canonicalize().ok().and_then(|it| it.file_name()?.to_str().map(str::to_owned));
        let number = name.filter(|it| it.len() == 4).and_then(|it| it.parse().ok());
        let file = |file: File| read_bounded(&dir.join(file.name()), file.bytes_max());
        Ok(Self {
            number,
            announcement: file(File::Announcement)?,
            plan: file(File::Plan)?,
            leaves: file(File::Leaves)?,
            reveal: file(File::Reveal)?,
            result: file(File::Result)?,
            void: file(File::Void)?,
        })
    }

    pub(crate) fn files(&self) -> DrawFiles<'_> {
        DrawFiles {
            number: self.number,
            announcement: self.announcement.as_deref(),
            plan: self.plan.as_deref(),
            leaves: self.leaves.as_deref(),
            reveal: self.reveal.as_deref(),
            result: self.result.as_deref(),
            void: self.void.as_deref(),
        }
    }

    pub(super) fn need(&self, file: File, dir: &Path) -> Result<&[u8], Failure> {
        let bytes = match file {
            File::Announcement => &self.announcement,
            File::Leaves => &self.leaves,
            _ => &self.reveal,
        };
        let absent = || {
            Failure::io(&dir.join(file.name()), &std::io::Error::from(std::io::ErrorKind::NotFound))
        };
        bytes.as_deref().ok_or_else(absent)
    }
}

fn read_bounded(path: &Path, bytes_max: usize) -> Result<Option<Vec<u8>>, Failure> {
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Failure::io(path, &error)),
        Ok(it) if it.len() > bytes_max as u64 => {
            let (shown, max) = (path.display().to_string(), count(bytes_max));
            return Err(Failure::policy(say!(
                "`{shown}` er større enn {max} byte", nn "`{shown}` er større enn {max} byte",
                "`{shown}` is larger than {max} bytes"
            )));
        }
        Ok(_) => {}
    }
    fs::read(path).map(Some).map_err(|error| Failure::io(path, &error))
}

/// The folder of the draw before: as given, else the sibling with the number before.
fn previous(
    dir: &Path,
    given: Option<&Path>,
    number: Option<u32>,
) -> Result<Option<Folder>, Failure> {
    if let Some(given) = given {
        return Folder::read(given).map(Some);
    }
    let sibling: Option<PathBuf> = number.filter(|&n| n > 1).and_then(|n| {
        let parent = dir.canonicalize().ok()?.parent()?.join(format!("{:04}", n - 1));
        parent.is_dir().then_some(parent)
    });
    sibling.map(|dir| Folder::read(&dir)).transpose()
}

/// What a draw folder is checked with beyond its own files.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Beside<'a> {
    /// The folder of the draw before.
    pub(crate) previous: Option<&'a Path>,
    /// The private list.
    pub(crate) roster: Option<&'a Path>,
    /// The private values of a constrained draw.
    pub(crate) covariates: Option<&'a Path>,
    /// A family's slip.
    pub(crate) slip: Option<&'a Path>,
}

/// Verifies a draw folder from anyone.
///
/// # Errors
///
/// Refused with every finding; could not run when the folder can't be read.
pub(crate) fn run(dir: &Path, beside: Beside<'_>) -> Result<Answer, Failure> {
    let folder = Folder::read(dir)?;
    let files = folder.files();
    let previous = previous(dir, beside.previous, folder.number)?;
    let given = |path: Option<&Path>, file: File| {
        path.map(|path| read_given(path, file.bytes_max())).transpose()
    };
    let roster = given(beside.roster, File::Roster)?;
    let covariates = given(beside.covariates, File::Covariates)?;
    let slip = given(beside.slip, File::Slip)?;
    let mut verdict = verify(
        &files,
        &Evidence {
            previous: previous.as_ref().map(Folder::files).as_ref(),
            roster: roster.as_deref(),
            covariates: covariates.as_deref(),
            check: &beacon::is_signature,
        },
    );
    let slip = slip.map(|bytes| check_slip(&bytes, &files, &beacon::is_signature));
    if let Some(slip) = &slip {
        // The slip's own findings; those of the draw's files are there already.
        let own = slip.findings.iter().filter(|it| !verdict.findings.contains(it)).cloned();
        let own: Vec<Finding> = own.collect();
        verdict.findings.extend(own);
        verdict.ok = verdict.ok && slip.ok;
    }
    let json = verdict_json(&verdict, slip.as_ref());
    if verdict.ok {
        return Ok(Answer::new(verdict_text(&verdict, slip.as_ref())?, json));
    }
    let (shown, n) = (dir.display().to_string(), verdict.findings.len());
    Err(Failure::Refused {
        summary: say!(
            "trekningen i `{shown}` stemmer ikke: {n} funn",
            nn "trekkinga i `{shown}` stemmer ikkje: {n} funn",
            "the draw in `{shown}` does not verify: {n} findings"
        ),
        problems: verdict.findings.iter().map(draw_words::problem).collect(),
        json: Some(Box::new(json)),
    })
}

/// A file that was named: it must be there.
fn read_given(path: &Path, bytes_max: usize) -> Result<Vec<u8>, Failure> {
    let absent = || Failure::io(path, &std::io::Error::from(std::io::ErrorKind::NotFound));
    read_bounded(path, bytes_max)?.ok_or_else(absent)
}

fn verdict_json(verdict: &Verdict, slip: Option<&SlipVerdict>) -> Value {
    let announced = verdict.announcement.as_ref();
    let round = announced.and_then(|it| round(&it.beacon));
    let arms: Map<String, Value> =
        verdict.arms.iter().map(|(arm, n)| (arm.clone(), json!(n))).collect();
    json!({
        "ok": verdict.ok,
        "protocol": lodd_draw::PROTOCOL,
        "pilot": announced.map(|it| &it.pilot),
        "draw": announced.map(|it| it.draw),
        "state": state(verdict),
        "rehearsal": verdict.rehearsal,
        "announcement": verdict.announcement_hash,
        "units": verdict.units,
        "arms": arms,
        "beacon": announced.map(|it| it.beacon.kind()),
        "round": round,
        "round_at": round.and_then(times::time_of).map(|at| at.to_string()),
        "attempt": verdict.attempt,
        "slip": slip.map(slip_json),
        "notes": verdict.notes.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "findings": verdict.findings.iter().map(draw_words::finding_json).collect::<Vec<_>>(),
    })
}

/// What a slip says, and whether it holds; neither its id nor its salt.
fn slip_json(verdict: &SlipVerdict) -> Value {
    let slip = verdict.slip.as_ref();
    json!({
        "ok": verdict.ok,
        "drawn": verdict.drawn,
        "block": slip.map(|it| &it.block),
        "ordinal": slip.map(|it| it.ordinal),
        "rank": slip.map(|it| it.rank),
        "arm": slip.map(|it| &it.arm),
    })
}

fn round(beacon: &Beacon) -> Option<u64> {
    match beacon {
        Beacon::Drand { round } => Some(*round),
        _ => None,
    }
}

/// `open`, `revealed` or `void`.
fn state(verdict: &Verdict) -> &'static str {
    if verdict.notes.contains(&Note::Void) {
        "void"
    } else if verdict.notes.contains(&Note::Open) {
        "open"
    } else {
        "revealed"
    }
}

fn verdict_text(verdict: &Verdict, slip: Option<&SlipVerdict>) -> Result<Text, Failure> {
    let (units, hash) =
        (count(verdict.units), verdict.announcement_hash.clone().unwrap_or_default());
    let seats = |(arm, n): &(String, Option<u64>)| match n {
        Some(n) => format!("{arm} {n}"),
        None => arm.clone(),
    };
    let arms: Vec<String> = verdict.arms.iter().map(seats).collect();
    let arms = arms.join(", ");
    let mut lines = vec![say!(
        "Trekningen stemmer: {units} familier, {arms}.\n  kunngjøring {hash}",
        nn "Trekkinga stemmer: {units} familiar, {arms}.\n  kunngjering {hash}",
        "The draw verifies: {units} families, {arms}.\n  announcement {hash}"
    )];
    if verdict.rehearsal {
        lines.push(
            Text::new(
                "  ØVELSE (REHEARSAL): denne trekningen gjelder ikke.",
                "  REHEARSAL: nothing of this draw counts.",
            )
            .nn("  ØVING (REHEARSAL): denne trekkinga gjeld ikkje."),
        );
    }
    match verdict.announcement.as_ref().map(|it| &it.beacon) {
        Some(Beacon::Witnessed { description }) => lines.push(say!(
            "  lest opp for vitner: {description}", nn "  lese opp for vitne: {description}",
            "  read out before witnesses: {description}"
        )),
        Some(Beacon::Drand { round }) => {
            let at = times::time_of(*round).map(times::shown).transpose()?.unwrap_or_default();
            let (nb, en) = (at.nb, at.en);
            lines.push(say!(
                "  runde {round} av drand quicknet, {nb}",
                "  round {round} of drand quicknet, {en}"
            ));
        }
        _ => {}
    }
    if let Some(slip) = slip.and_then(|it| it.slip.as_ref().filter(|_| it.drawn)) {
        let (block, rank, arm) = (&slip.block, slip.rank, &slip.arm);
        lines.push(say!(
            "  lappen stemmer: lodd nummer {rank} i `{block}`, {arm}",
            nn "  lappen stemmer: lodd nummer {rank} i `{block}`, {arm}",
            "  the slip holds: number {rank} in `{block}`, {arm}"
        ));
    } else if slip.is_some() {
        lines.push(
            Text::new(
                "  lappen stemmer så langt: plassen på listen; trekningen er ikke avslørt",
                "  the slip holds so far: its place on the list; the draw is not revealed",
            )
            .nn("  lappen stemmer så langt: plassen på lista; trekkinga er ikkje avslørt"),
        );
    }
    lines.extend(verdict.notes.iter().map(|note| {
        let note = draw_words::note(*note);
        Text::new(format!("  merk: {}", note.nb), format!("  note: {}", note.en))
    }));
    Ok(Text::lines(lines))
}

/// Writes `result.csv` of a draw folder to stdout, from its announcement, leaves and reveal.
///
/// # Errors
///
/// Refused with everything that is wrong with the three files.
pub(crate) fn compute(dir: &Path) -> Result<Answer, Failure> {
    let folder = Folder::read(dir)?;
    let file = |file| folder.need(file, dir);
    let drawn = draw(
        file(File::Announcement)?,
        file(File::Leaves)?,
        file(File::Reveal)?,
        &beacon::is_signature,
    )
    .map_err(|refused| refuse(&refused))?;
    Ok(Answer { raw: Some(drawn.csv()), ..Answer::default() })
}

/// A refusal of `lodd-draw` with all its findings.
pub(super) fn refuse(refused: &lodd_draw::Refused) -> Failure {
    let problems: Vec<Problem> = refused.0.iter().map(draw_words::problem).collect();
    Failure::refused(
        Text::new("filene kan ikke brukes", "the files can't be used")
            .nn("filene kan ikkje brukast"),
        problems,
    )
}
