//! A disk that keeps what was flushed, and of the rest whatever it happens to have written.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use crate::{faults::Random, support::snapshot, traced::Call};

/// What of the unflushed is on the disk when the power goes.
pub(super) enum Kept<'r> {
    /// Nothing.
    Flushed,
    /// Any writes of any files, in any order; of each folder the first few changes.
    Any(&'r mut Random),
}

/// Where the name of a folder leads.
const FOLDER: usize = usize::MAX;

#[derive(Clone)]
pub(super) struct Disk {
    root: PathBuf,
    files: Vec<File>,
    folders: BTreeMap<PathBuf, Folder>,
    /// Where each name leads now.
    names: BTreeMap<PathBuf, usize>,
}

#[derive(Clone, Default)]
struct File {
    flushed: Vec<u8>,
    /// Since the last flush, in order.
    pending: Vec<Change>,
    /// Where the next plain `write` goes.
    position: usize,
}

#[derive(Clone)]
enum Change {
    Write { at: usize, bytes: Vec<u8> },
    Length(usize),
}

#[derive(Clone, Default)]
struct Folder {
    flushed: BTreeMap<PathBuf, usize>,
    pending: Vec<Rename>,
}

/// A change of names in one folder; a rename is one change.
#[derive(Clone)]
struct Rename {
    gone: Option<PathBuf>,
    come: Option<(PathBuf, usize)>,
}

impl Change {
    fn make(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Write { at, bytes: new } => {
                bytes.resize(bytes.len().max(at + new.len()), 0);
                bytes[*at..at + new.len()].copy_from_slice(new);
            }
            Self::Length(length) => bytes.resize(*length, 0),
        }
    }
}

impl Rename {
    fn make(&self, names: &mut BTreeMap<PathBuf, usize>) {
        if let Some(gone) = &self.gone {
            names.remove(gone);
        }
        if let Some((name, file)) = &self.come {
            names.insert(name.clone(), *file);
        }
    }
}

impl Disk {
    /// A folder as it is, all flushed.
    pub(super) fn of(root: &Path) -> Self {
        let (files, folders, names) = Default::default();
        let mut disk = Self { root: root.to_owned(), files, folders, names };
        for (path, bytes) in snapshot(root) {
            for folder in path.ancestors().skip(1).take_while(|it| *it != root) {
                disk.keep(folder, FOLDER);
            }
            disk.files.push(File { flushed: bytes, ..File::default() });
            disk.keep(&path, disk.files.len() - 1);
        }
        disk
    }

    fn keep(&mut self, path: &Path, file: usize) {
        let folder = self.folders.entry(path.parent().unwrap().to_owned()).or_default();
        folder.flushed.insert(path.to_owned(), file);
        self.names.insert(path.to_owned(), file);
    }

    fn rename(&mut self, gone: Option<PathBuf>, come: Option<(PathBuf, usize)>) {
        let folders = [&gone, &come.clone().map(|it| it.0)]
            .map(|it| it.as_ref().map(|it| it.parent().unwrap().to_owned()));
        if let [Some(from), Some(to)] = &folders {
            assert_eq!(from, to, "the model knows no rename between folders");
        }
        let change = Rename { gone, come };
        change.make(&mut self.names);
        let folder = folders.into_iter().flatten().next().unwrap();
        self.folders.entry(folder).or_default().pending.push(change);
    }

    /// Plays one call of a run in the folder; what lies elsewhere is passed over.
    pub(super) fn play(&mut self, call: &Call) {
        let Some(result) = call.result else { return };
        if call.injected {
            return;
        }
        match call.name.as_str() {
            "openat" | "open" | "creat" => self.open(call),
            "write" | "pwrite64" => self.write(call, result),
            "ftruncate" => {
                if let Some(file) = self.at(&call.file(0)) {
                    file.pending.push(Change::Length(call.number(1)));
                }
            }
            "fsync" | "fdatasync" => self.flush(&call.file(0)),
            "rename" | "link" => self.name(call, 0, 1),
            "renameat" | "renameat2" | "linkat" => self.name(call, 1, 3),
            "unlink" => {
                let path = call.path(0, &self.root);
                if self.names.contains_key(&path) {
                    self.rename(Some(path), None);
                }
            }
            "mkdir" => {
                let path = call.path(0, &self.root);
                if path.starts_with(&self.root) {
                    self.rename(None, Some((path, FOLDER)));
                }
            }
            "close" => {}
            name => panic!("the model of the disk does not know `{name}`: {:?}", call.arguments),
        }
    }

    fn at(&mut self, path: &Path) -> Option<&mut File> {
        let file = *self.names.get(path)?;
        self.files.get_mut(file)
    }

    fn open(&mut self, call: &Call) {
        let Some(path) = call.opened.clone().filter(|it| it.starts_with(&self.root)) else {
            return;
        };
        let flags = call.arguments.get(2).map_or("", String::as_str);
        if let Some(file) = self.at(&path) {
            file.position = 0;
            if flags.contains("O_TRUNC") {
                file.pending.push(Change::Length(0));
            }
        } else if flags.contains("O_CREAT") {
            self.files.push(File::default());
            self.rename(None, Some((path, self.files.len() - 1)));
        }
    }

    fn write(&mut self, call: &Call, written: i64) {
        let path = call.file(0);
        let ours = path.starts_with(&self.root);
        let Some(file) = self.at(&path) else {
            assert!(!ours, "a write to {}, which was not opened", path.display());
            return;
        };
        let mut bytes = call.bytes(1);
        bytes.truncate(usize::try_from(written).unwrap());
        let at = if call.name == "write" { file.position } else { call.number(3) };
        file.position = at + bytes.len();
        file.pending.push(Change::Write { at, bytes });
    }

    fn flush(&mut self, path: &Path) {
        if let Some(file) = self.at(path) {
            for change in std::mem::take(&mut file.pending) {
                change.make(&mut file.flushed);
            }
        } else if let Some(folder) = self.folders.get_mut(path) {
            for change in std::mem::take(&mut folder.pending) {
                change.make(&mut folder.flushed);
            }
        }
    }

    /// A rename or link; the two names are these arguments.
    fn name(&mut self, call: &Call, from: usize, to: usize) {
        let (from, to) = (call.path(from, &self.root), call.path(to, &self.root));
        let file = *self.names.get(&from).unwrap_or_else(|| panic!("no {}", from.display()));
        assert_ne!(file, FOLDER, "the model knows no moved folders: {}", from.display());
        let gone = call.name.starts_with("rename").then_some(from);
        self.rename(gone, Some((to, file)));
    }

    /// The files as they are found when the power is back.
    pub(super) fn files(&self, kept: &mut Kept<'_>) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut found = BTreeMap::new();
        for folder in self.folders.values() {
            let mut names = folder.flushed.clone();
            if let Kept::Any(random) = kept {
                let some = random.below(folder.pending.len() + 1);
                folder.pending.iter().take(some).for_each(|it| it.make(&mut names));
            }
            found.extend(names);
        }
        let mut bytes = |file: usize| {
            let mut bytes = self.files[file].flushed.clone();
            if let Kept::Any(random) = kept {
                let pending = self.files[file].pending.iter();
                pending.filter(|_| random.below(2) == 0).for_each(|it| it.make(&mut bytes));
            }
            bytes
        };
        let there = |path: &Path| {
            let mut above = path.ancestors().skip(1).take_while(|it| *it != self.root);
            above.all(|it| found.get(it) == Some(&FOLDER))
        };
        let files = found.iter().filter(|(path, file)| **file != FOLDER && there(path));
        files.map(|(path, file)| (path.clone(), bytes(*file))).collect()
    }

    /// Writes the files as they are found when the power is back, below another folder.
    pub(super) fn write_to(&self, to: &Path, kept: &mut Kept<'_>) {
        for (path, bytes) in self.files(kept) {
            let place = to.join(path.strip_prefix(&self.root).unwrap());
            fs::create_dir_all(place.parent().unwrap()).unwrap();
            fs::write(place, bytes).unwrap();
        }
    }
}
