//! The faults that are put into a run, and the seeded choice among them.

use std::{
    collections::BTreeMap,
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use crate::{crash::Scenario, support, traced};

/// One way in which the system fails a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Fault {
    /// SIGKILL when the n-th call of a name begins.
    Kill { call: String, n: usize },
    /// The n-th call of a name, or it and all after it, has this outcome (`error=EIO`, `retval=0`)
    /// and is not made.
    Fail { call: String, n: usize, onwards: bool, outcome: &'static str },
    /// No file may grow beyond so many blocks of 512 bytes: writes are cut short there, and fail or
    /// kill.
    FileSize { blocks: usize, kills: bool },
    /// A disk with so many free blocks of 4096 bytes.
    FullDisk { free: usize },
    /// SIGKILL after a time.
    KillAfter(Duration),
}

/// What can fail, and with which outcomes. A write of nothing is a short write that leaves the disk
/// and the program agreeing; the ones that write a part come from `FileSize` and `FullDisk`.
const OUTCOMES: &[(&[&str], &[&str])] = &[
    (&["write", "pwrite64", "ftruncate", "fallocate"], &["error=EIO", "error=ENOSPC", "retval=0"]),
    (&["fsync", "fdatasync", "close", "msync"], &["error=EIO", "error=ENOSPC"]),
    (&["openat", "open", "pipe2", "socketpair"], &["error=EIO", "error=EMFILE", "error=ENOSPC"]),
    (
        &["rename", "renameat2", "link", "linkat", "unlink", "unlinkat", "mkdir", "rmdir"],
        &["error=EIO", "error=ENOSPC"],
    ),
    (&["fcntl"], &["error=EIO", "error=ENOLCK", "error=EAGAIN"]),
    (&["mmap"], &["error=ENOMEM", "error=EMFILE"]),
    (&["read", "pread64", "fchown", "fchmod", "newfstatat", "statx", "access"], &["error=EIO"]),
    (&["clone", "clone3", "vfork", "fork"], &["error=EAGAIN"]),
];

/// A `ftruncate` that is said to be done and is not is no short write.
fn possible(call: &str, outcome: &str) -> bool {
    outcome != "retval=0" || matches!(call, "write" | "pwrite64")
}

impl Fault {
    /// Any of them, over all calls that the scenario makes.
    pub(crate) fn any(random: &mut Random, scenario: &Scenario) -> Self {
        let kinds = if scenario.calls.is_empty() { 2 } else { 20 };
        match random.below(kinds) {
            0 => Self::KillAfter(scenario.takes.mul_f64(random.below(1500) as f64 / 1000.0)),
            1 => Self::FileSize { blocks: random.below(600), kills: random.below(2) == 0 },
            2 | 3 if may_mount() => Self::FullDisk { free: random.below(90) },
            4..=10 => {
                // Weighted by how often a call is made: every call is as likely as any other.
                let total: usize = scenario.calls.iter().map(|it| it.1).sum();
                let mut at = random.below(total);
                let mut all = scenario.calls.iter();
                let (call, n) = loop {
                    let (call, count) = all.next().unwrap();
                    if at < *count {
                        break (call.clone(), at + 1);
                    }
                    at -= count;
                };
                Self::Kill { call, n }
            }
            _ => Self::failing(random, scenario),
        }
    }

    fn failing(random: &mut Random, scenario: &Scenario) -> Self {
        let mut all = Vec::new();
        for (calls, outcomes) in OUTCOMES {
            for (call, count) in scenario.calls.iter().filter(|it| calls.contains(&it.0.as_str())) {
                let outcomes = outcomes.iter().filter(|it| possible(call, it));
                all.extend(outcomes.map(|outcome| (call, *count, *outcome)));
            }
        }
        let (call, count, outcome) = all[random.below(all.len())];
        let n = 1 + random.below(count);
        Self::Fail { call: call.clone(), n, onwards: random.below(3) == 0, outcome }
    }

    /// Whether this system lets it happen.
    pub(crate) fn can_be(&self) -> bool {
        match self {
            Self::Kill { .. } | Self::Fail { .. } => traced::no_tracing().is_none(),
            Self::FullDisk { .. } => may_mount(),
            Self::FileSize { .. } | Self::KillAfter(_) => true,
        }
    }

    /// Runs the program with the fault.
    pub(crate) fn run(&self, dir: &Path, words: &str) -> Output {
        let (call, what) = match self {
            Self::Kill { call, n } => (call, format!("signal=SIGKILL:when={n}")),
            Self::Fail { call, n, onwards, outcome } => {
                (call, format!("{outcome}:when={n}{}", if *onwards { "+" } else { "" }))
            }
            Self::FileSize { blocks, kills } => return cut_short(dir, words, *blocks, *kills),
            Self::FullDisk { .. } => return program(dir, words).output().unwrap(),
            Self::KillAfter(time) => return killed_after(&mut program(dir, words), *time),
        };
        let (trace, inject) = (format!("trace={call}"), format!("inject={call}:{what}"));
        let options = ["-o", "/dev/null", "-e", &trace, "-e", &inject];
        traced::traced(dir, &options, words).output().unwrap()
    }

    /// A copy of the pilot where the fault can happen.
    pub(crate) fn place(&self, pilot: &Path) -> Place {
        let dir = in_memory();
        let mounted = matches!(self, Self::FullDisk { .. });
        if let Self::FullDisk { free } = self {
            mount(dir.path(), blocks_of(pilot) + free).unwrap();
        }
        support::copy(pilot, dir.path());
        Place { dir, mounted }
    }
}

/// The program, not yet started.
pub(crate) fn program(dir: &Path, words: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lodd"));
    traced::in_folder(&mut command, dir).args(words.split(' ')).stdin(Stdio::null());
    command
}

/// Runs the program where no file may grow beyond so many blocks of 512 bytes.
fn cut_short(dir: &Path, words: &str, blocks: usize, kills: bool) -> Output {
    let trap = if kills { "" } else { "trap '' XFSZ; " };
    let limits = format!("ulimit -c 0; ulimit -f {blocks}; {trap}exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.args(["-c", &limits, env!("CARGO_BIN_EXE_lodd")]).args(words.split(' '));
    traced::in_folder(&mut command, dir).output().unwrap()
}

/// Runs a command and kills it after a time.
pub(crate) fn killed_after(command: &mut Command, time: Duration) -> Output {
    let mut child =
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(time);
    let _ = child.kill();
    child.wait_with_output().unwrap()
}

/// A new folder on a disk that is no disk, where there is one: killing a program tells nothing of
/// disks, and this many programs keep one busy. (`power.rs` tells of disks.)
pub(crate) fn in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        tempfile::tempdir_in(memory).unwrap()
    } else {
        tempfile::tempdir().unwrap()
    }
}

/// A folder to fail in.
pub(crate) struct Place {
    dir: tempfile::TempDir,
    mounted: bool,
}

impl Place {
    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    /// Makes room on a full disk.
    pub(crate) fn mend(&self) {
        if self.mounted {
            let mut larger = Command::new("mount");
            larger.args(["-o", "remount,size=64m"]).arg(self.path());
            assert!(larger.status().unwrap().success());
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if self.mounted {
            let _ = Command::new("umount").arg("--lazy").arg(self.path()).status();
        }
    }
}

/// Blocks of 4096 bytes that a folder takes on a `tmpfs`.
fn blocks_of(dir: &Path) -> usize {
    let entries = fs::read_dir(dir).unwrap().map(Result::unwrap);
    let blocks = |path: PathBuf| {
        if path.is_dir() { blocks_of(&path) } else { fs::read(path).unwrap().len().div_ceil(4096) }
    };
    entries.map(|it| blocks(it.path())).sum()
}

fn mount(dir: &Path, blocks: usize) -> Result<(), String> {
    let options = format!("size={}k", 4 * blocks);
    let command = ["-t", "tmpfs", "-o", &options, "tmpfs"];
    let output = Command::new("mount").args(command).arg(dir).output();
    let output = output.map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Whether a small disk can be mounted; says once why not.
fn may_mount() -> bool {
    static MAY: std::sync::OnceLock<bool> = std::sync::OnceLock::new();
    *MAY.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let mounted = mount(dir.path(), 16);
        let _ = Command::new("umount").arg(dir.path()).output();
        if let Err(why) = &mounted {
            println!("no full disk: can't mount a tmpfs: {why}");
        }
        mounted.is_ok()
    })
}

/// The calls that a run makes: of each the largest number in one process, since the faults are
/// counted by process.
pub(crate) fn calls_of(dir: &Path, words: &str) -> Vec<(String, usize)> {
    let (ran, calls) = traced::log_of(dir, &["-e", "trace=all"], words);
    ran.ok();
    let mut counts: BTreeMap<(u32, String), usize> = BTreeMap::new();
    for call in calls {
        *counts.entry((call.process, call.name)).or_default() += 1;
    }
    let mut most: BTreeMap<String, usize> = BTreeMap::new();
    for ((_, name), count) in counts {
        let most = most.entry(name).or_default();
        *most = (*most).max(count);
    }
    most.into_iter().collect()
}

/// The seed of this run: from `LODD_SEED`, else from the clock. Print it.
pub(crate) fn seed() -> u64 {
    match env::var("LODD_SEED") {
        Ok(seed) => seed.parse().unwrap(),
        Err(_) => u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos()),
    }
}

/// `SplitMix64`: enough to choose among faults.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15))
    }

    /// A number below `n`.
    pub(crate) fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % n as u64).unwrap()
    }
}
