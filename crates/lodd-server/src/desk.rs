//! What the pages ask of the program behind them, and what it answers: words that can be shown.

use axum::http::{Request, Response};

use crate::{Asker, Deed, Done, Download, Filled, Sheet, Shelf, View};

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lang {
    /// Bokmål.
    Nb,
    /// Nynorsk.
    Nn,
    /// English.
    En,
}

impl Lang {
    /// `nb`, `nn` or `en`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Nb => "nb",
            Self::Nn => "nn",
            Self::En => "en",
        }
    }

    /// The language of a code.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Nb, Self::Nn, Self::En].into_iter().find(|it| it.code() == code)
    }
}

/// What a pilot's program can do for those who ask. Every method may read and write files, and blocks.
///
/// What takes an office shows nothing of another, and nothing that is shown to an office tells the arm of
/// a family.
pub trait Desk: Send + Sync + 'static {
    /// 32 bytes from the operating system's generator.
    ///
    /// # Errors
    /// If there are none.
    fn random(&self) -> Result<[u8; 32], Trouble>;

    /// Now, µs since the epoch.
    fn now_us(&self) -> i64;

    /// What the office owes, and what it has on hold.
    ///
    /// # Errors
    /// If the pilot can't be read.
    fn home(&self, asker: &Asker, office: &str) -> Result<Home, Trouble>;

    /// A form to fill in, xlsx.
    ///
    /// # Errors
    /// If the pilot can't be read.
    fn form(&self, asker: &Asker, office: &str, form: OfficeForm) -> Result<Vec<u8>, Trouble>;

    /// Reads a file and says what storing it would do; stores nothing.
    ///
    /// # Errors
    /// If reading could not be run. A file that is refused is no error.
    fn look(
        &self,
        asker: &Asker,
        office: &str,
        file: &Sent,
        manner: Manner,
    ) -> Result<Looked, Trouble>;

    /// Stores a file, or refuses it whole.
    ///
    /// # Errors
    /// If storing could not be run; whether it is stored is said by sending it again.
    fn store(
        &self,
        asker: &Asker,
        office: &str,
        file: &Sent,
        manner: Manner,
    ) -> Result<Stored, Trouble>;

    /// What the office has delivered, newest first.
    ///
    /// # Errors
    /// If the pilot can't be read.
    fn deliveries(&self, asker: &Asker, office: &str) -> Result<Vec<Delivered>, Trouble>;

    /// The receipt of a delivery as a page; nothing where it is not the office's.
    ///
    /// # Errors
    /// If it can't be read.
    fn receipt(
        &self,
        asker: &Asker,
        office: &str,
        sequence: i64,
    ) -> Result<Option<String>, Trouble>;

    /// A page that is about `of`: an office for an office's people, and the `{id}` of its path. Nothing
    /// where there is no such thing for whoever asks.
    ///
    /// # Errors
    /// If the pilot can't be read.
    fn sheet(&self, asker: &Asker, view: View, of: Of<'_>) -> Result<Option<Sheet>, Trouble>;

    /// Does something, or refuses it and writes nothing. Nothing where what it is about is not there for
    /// whoever asks.
    ///
    /// # Errors
    /// If it could not be run. What is refused is no error.
    fn act(
        &self,
        asker: &Asker,
        deed: Deed,
        of: Of<'_>,
        filled: &Filled,
    ) -> Result<Option<Done>, Trouble>;

    /// What a deed that waits for a second person would do, in one sentence without personal data.
    ///
    /// # Errors
    /// If the pilot can't be read.
    fn describe(&self, asker: &Asker, deed: Deed, filled: &Filled) -> Result<String, Trouble>;

    /// A file; nothing where there is none of that name.
    ///
    /// # Errors
    /// If it can't be read.
    fn file(
        &self,
        asker: &Asker,
        shelf: Shelf,
        of: Of<'_>,
        name: &str,
    ) -> Result<Option<Download>, Trouble>;

    /// Whether the pilot's store can be opened.
    fn is_well(&self) -> bool;

    /// Notes who asked for what, so that it outlives this request.
    ///
    /// # Errors
    /// If it can't be noted.
    fn note(&self, note: &Note) -> Result<(), Trouble>;

    /// What the ledger calls somebody that a provider of log-in knows: the same for the same, and
    /// nothing that leads back to them without the pilot's own secret.
    ///
    /// # Errors
    /// If the secret can't be read or made.
    fn pseudonym(&self, issuer: &str, subject: &str) -> Result<String, Trouble>;

    /// Sends a request to a provider of log-in, https or to this machine, with a limit on its time and
    /// on the answer's length; follows no redirect.
    ///
    /// # Errors
    /// If there is no answer. An answer with any status is one.
    fn fetch(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Trouble>;
}

/// Who asked for what, and how it went. Nothing of what was asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// Whoever asked: a pseudonym, or `nobody` for whoever was not let in.
    pub actor: String,
    /// Their role's code, `machine`, or `nobody`.
    pub role: &'static str,
    /// Their office.
    pub office: Option<String>,
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The route's template: `/kvittering/{sequence}`.
    pub route: &'static str,
    /// The answer's status.
    pub status: u16,
}

/// What a page or a deed is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Of<'a> {
    /// The office, for an office's people.
    pub office: Option<&'a str>,
    /// The `{id}` of the path, as it was sent.
    pub id: Option<&'a str>,
}

/// Why nothing could be done, in words that can be shown; says nothing of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    /// What happened.
    pub message: String,
    /// What can be done about it.
    pub hint: Option<String>,
}

/// The office's first page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Home {
    /// The office's name.
    pub office: String,
    /// The pilot's name.
    pub pilot: String,
    /// What every page says of numbers that do not count.
    pub marks: Vec<String>,
    /// What is owed, by draw and time of measurement.
    pub due: Vec<Due>,
    /// Families × dates on hold.
    pub held: Vec<Held>,
}

/// One time of measurement of a draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// `12 måneder`.
    pub horizon: String,
    /// The draw's number.
    pub draw: i64,
    /// The first day on which it can be told, and the last.
    pub window: (String, String),
    /// The last day on which it is delivered in time.
    pub due_on: String,
    /// Families, and how many of them have been told of.
    pub families: usize,
    /// How many of them are told of, or have nobody left to tell of.
    pub told: usize,
    /// Those that something can be told of now.
    pub waiting: Vec<Waiting>,
    /// Whether the window has not opened.
    pub later: bool,
}

/// A family that something can be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Its pseudonym.
    pub family: String,
    /// Whether the deadline has passed.
    pub overdue: bool,
    /// Rows that are missing, of how many.
    pub missing: (usize, usize),
}

/// A family at a date that waits for a mended file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its pseudonym as written; empty where none was.
    pub family: String,
    /// The date, where it could be read.
    pub date: Option<String>,
    /// Codes of what is wrong.
    pub codes: Vec<String>,
}

/// Which form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OfficeForm {
    /// Statuses, with the office's families filled in.
    Status,
    /// The coordinators' log.
    Log,
}

/// A file that was sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Sent {
    /// Its name, as the browser gave it.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Sent {
    /// Neither the name nor what is in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sent").field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}

/// How a file is delivered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Manner {
    /// Store what is in order even when over a fifth is held.
    pub accept_good: bool,
    /// The file is meant to change much of what is stored.
    pub correction: bool,
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Whether it can be stored.
    pub accepted: bool,
    /// The file's name as it may be shown.
    pub name: String,
    /// One sentence: what happened, or would.
    pub summary: String,
    /// Families × dates: delivered, new, unchanged, corrected, on hold; then holds resolved.
    pub counts: Option<[i64; 6]>,
    /// Answers that would be other than those stored, a line each.
    pub changes: Vec<String>,
    /// What is wrong or worth knowing.
    pub findings: Vec<Finding>,
    /// The file to mend, xlsx, where something is held.
    pub correction: Option<Vec<u8>>,
}

/// What came of storing a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stored {
    /// Stored now or before: the ledger entry's number.
    Done {
        /// The entry's number.
        sequence: i64,
        /// Whether it had been stored before.
        already: bool,
        /// The receipt as JSON: what the office holds, to check the ledger with.
        receipt: String,
        /// What was found.
        looked: Looked,
    },
    /// Refused: nothing is stored.
    Refused(Looked),
}

/// How grave a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The file is refused.
    Stop,
    /// A family at a date waits.
    Hold,
    /// Stored, but look.
    Warning,
    /// For information.
    Info,
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// How grave.
    pub severity: Severity,
    /// The catalogue's code, when it has one.
    pub code: String,
    /// Sheet and cell.
    pub place: String,
    /// What is wrong.
    pub message: String,
    /// What was expected, and found.
    pub expected_found: Option<(String, String)>,
    /// How to mend it.
    pub fix: Option<String>,
    /// How many like it there are.
    pub count: usize,
}

/// A delivery of before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivered {
    /// The ledger entry's number.
    pub sequence: i64,
    /// When it was recorded, as people write it.
    pub at: String,
    /// Families × dates: delivered, new, unchanged, corrected, on hold.
    pub counts: [i64; 5],
}
