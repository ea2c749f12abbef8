//! A page that is not an office's form: what a step said, as headings, tables, files and things to do.

use crate::{Deed, Finding};

/// A page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sheet {
    /// Its title.
    pub title: String,
    /// One sentence below the title: the pilot, the office.
    pub lead: Option<String>,
    /// What is on it, in order.
    pub blocks: Vec<Block>,
}

/// A part of a page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// A heading of the second level.
    Heading(String),
    /// A paragraph.
    Text(String),
    /// Lines as a command prints them, their spaces kept.
    Lines(String),
    /// What numbers of a rehearsal, or of a list drawn elsewhere, say of themselves.
    Mark(String),
    /// What came of something that was asked for.
    Outcome {
        /// Whether it was done.
        good: bool,
        /// In one sentence.
        text: String,
    },
    /// A table.
    Table(Grid),
    /// What is wrong, or worth knowing.
    Findings(Vec<Finding>),
    /// What must be mended in a form before it can be sent again: first on its page, and beside each field.
    Wrong(Vec<Fault>),
    /// Pages and files.
    Links(Vec<Link>),
    /// Something that can be done.
    Form(Form),
    /// A moment that is waited for.
    Until {
        /// µs since the epoch.
        at_us: i64,
        /// What the server's clock says, µs since the epoch: a browser's may be wrong.
        now_us: i64,
        /// The moment and what it is, in words: all that a page without JavaScript says.
        text: String,
        /// What stands before the time that is left.
        left: String,
        /// What is said when it has come.
        over: String,
    },
}

/// A table: a header cell heads each row and each column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grid {
    /// What it holds.
    pub caption: String,
    /// The columns' headings.
    pub head: Vec<String>,
    /// Cells, as many a row as there are columns; the first heads its row.
    pub rows: Vec<Vec<Cell>>,
}

impl Grid {
    /// Whether a column holds numbers: its heading stands above them.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub(crate) fn is_number(&self, column: &usize) -> bool {
        self.rows.first().and_then(|row| row.get(*column)).is_some_and(Cell::is_number)
    }
}

/// A cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Words.
    Text(String),
    /// A number as it is shown, set to the right.
    Number(String),
    /// An id, a code or a hash.
    Code(String),
    /// A page of ours.
    Link(Link),
}

impl Cell {
    pub(crate) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }
}

/// A page or file of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its path, beginning with `/`.
    pub href: String,
    /// What it is called.
    pub text: String,
    /// Whether it is kept as a file and not shown.
    pub is_file: bool,
}

/// Something that can be done: fields and a button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    /// What it does.
    pub deed: Deed,
    /// Its heading.
    pub title: String,
    /// What comes of it.
    pub why: Option<String>,
    /// What is asked.
    pub fields: Vec<Field>,
    /// What the button says.
    pub button: String,
}

/// One question of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    /// The name it is sent under.
    pub name: String,
    /// The question.
    pub label: String,
    /// What helps to answer it.
    pub hint: Option<String>,
    /// What kind of answer it takes.
    pub kind: FieldKind,
    /// What stands there already.
    pub value: String,
    /// Whether it must be answered.
    pub required: bool,
}

/// An answer that a form can't be sent with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The form.
    pub deed: Deed,
    /// The field, as [`Field::name`].
    pub field: String,
    /// What is wrong, and how to mend it.
    pub message: String,
}

/// What kind of answer a field takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// One line.
    Line,
    /// Several lines.
    Lines,
    /// A day, ISO.
    Day,
    /// A whole number.
    Count,
    /// One of these: the word that is sent, and what it is called.
    Choice(Vec<(String, String)>),
    /// A box that is ticked or not.
    Tick,
    /// A file.
    File,
    /// Not shown.
    Hidden,
}

impl FieldKind {
    /// The type of HTML's input.
    pub(crate) fn input(&self) -> &'static str {
        match self {
            Self::Line | Self::Lines | Self::Choice(_) => "text",
            Self::Day => "date",
            Self::Count => "number",
            Self::Tick => "checkbox",
            Self::File => "file",
            Self::Hidden => "hidden",
        }
    }
}

/// What a form sent.
#[derive(Clone, Debug, Default)]
pub struct Filled {
    /// Answers by field, as sent; an empty answer is left out.
    pub answers: std::collections::BTreeMap<String, String>,
    /// Files by field.
    pub files: std::collections::BTreeMap<String, crate::Sent>,
}

impl Filled {
    /// The answer to a field, without the spaces around it.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.answers.get(name).map(|it| it.trim()).filter(|it| !it.is_empty())
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.answers.contains_key(name)
    }
}

/// What came of something that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Whether it was done; nothing was written where not.
    pub good: bool,
    /// The page that says so.
    pub sheet: Sheet,
}

/// A file that is given.
#[derive(Clone, PartialEq, Eq)]
pub struct Download {
    /// Its name: letters, digits, `-`, `_` and `.` only.
    pub name: String,
    /// Its media type.
    pub media: &'static str,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Whether the browser shows it as a page of its own, with its style and script inside.
    pub shown: bool,
}

impl std::fmt::Debug for Download {
    /// Not what is in it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { name, media, bytes, shown } = self;
        let size = bytes.len();
        f.debug_struct("Download")
            .field("name", name)
            .field("media", media)
            .field("bytes", &size)
            .field("shown", shown)
            .finish()
    }
}
