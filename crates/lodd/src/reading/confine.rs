//! What the reader of office files gives up before it reads a byte, and how it ended.
//!
//! On Linux (x86-64 and ARM64) its memory, processor time and files are limited by the kernel, and
//! of all system calls it keeps those that read stdin, write stdout and get memory. Elsewhere the
//! limits that are counted while reading stand alone.

use std::{io, process::ExitStatus};

use super::parent::End;
use crate::{
    problem::Failure,
    text::{Text, say},
};

/// Memory that may be mapped beyond what is at the start, in bytes.
#[cfg(any(test, target_os = "linux"))]
const MEMORY: u64 = 512 << 20;
/// Processor time, in seconds.
#[cfg(target_os = "linux")]
const CPU_SECONDS: u64 = 10;

/// Limits this process, for good.
///
/// # Errors
///
/// If the system does not let it.
pub(super) fn enter() -> io::Result<()> {
    platform::enter()
}

/// How a process ended.
pub(super) fn end(status: ExitStatus) -> End {
    match status.code() {
        Some(code) => End::Exit(code),
        None => platform::end(status),
    }
}

/// What `lodd --version --verbose` says of it.
pub(crate) fn in_words() -> Text {
    if platform::CONFINED {
        say!(
            "filer fra kontorene leses av en egen prosess: 512 MiB minne, 10 s prosessortid, uten nett og filer",
            "files from offices are read by a process of its own: 512 MiB of memory, 10 s of processor time, no network, no files",
        )
    } else {
        say!(
            "filer fra kontorene leses av en egen prosess; på dette systemet uten andre grenser enn de som telles mens filen leses",
            "files from offices are read by a process of its own; on this system with no limits but those counted while reading",
        )
    }
}

/// The system does not let a process limit itself.
pub(super) fn impossible() -> Failure {
    Failure::CouldNotRun {
        message: Text::new(
            "prosessen som leser filer fra kontorene, får ikke begrenset seg selv, og har ikke lest noe",
            "the process that reads files from offices can't limit itself, and has read nothing",
        ),
        hint: Some(Text::new(
            "systemet må tillate setrlimit og seccomp",
            "the system must allow setrlimit and seccomp",
        )),
    }
}

#[cfg(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64")))]
mod platform {
    use std::{
        collections::BTreeMap,
        io,
        os::unix::process::ExitStatusExt,
        process::{ExitStatus, id},
    };

    use rlimit::Resource;
    use seccompiler::{
        BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter,
        SeccompRule,
    };

    use super::{CPU_SECONDS, End, MEMORY};

    pub(super) const CONFINED: bool = true;

    pub(super) fn enter() -> io::Result<()> {
        let memory = mapped()? + MEMORY;
        Resource::AS.set(memory, memory)?;
        Resource::CPU.set(CPU_SECONDS, CPU_SECONDS + 1)?;
        Resource::CORE.set(0, 0)?;
        Resource::FSIZE.set(0, 0)?;
        let filter = filter().map_err(io::Error::other)?;
        seccompiler::apply_filter(&filter).map_err(io::Error::other)
    }

    /// The bytes mapped now.
    fn mapped() -> io::Result<u64> {
        let status = std::fs::read_to_string("/proc/self/status")?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
        let kib = line.and_then(|it| it.trim().strip_suffix("kB")?.trim().parse::<u64>().ok());
        kib.map(|it| it << 10).ok_or_else(|| io::ErrorKind::InvalidData.into())
    }

    /// Calls that need no condition: memory, locks, the end, and what a panic needs.
    const ALLOWED: [libc::c_long; 19] = [
        libc::SYS_brk,
        libc::SYS_clock_gettime,
        libc::SYS_close,
        libc::SYS_exit,
        libc::SYS_exit_group,
        libc::SYS_futex,
        libc::SYS_getpid,
        libc::SYS_getrandom,
        libc::SYS_gettid,
        libc::SYS_madvise,
        libc::SYS_mmap,
        libc::SYS_mremap,
        libc::SYS_munmap,
        libc::SYS_restart_syscall,
        libc::SYS_rt_sigaction,
        libc::SYS_rt_sigprocmask,
        libc::SYS_rt_sigreturn,
        libc::SYS_sched_yield,
        libc::SYS_sigaltstack,
    ];

    /// Everything else fails with EPERM: no file is opened, no socket made, no program started.
    fn filter() -> Result<BpfProgram, seccompiler::BackendError> {
        let first = |value: u64| {
            let it = SeccompCondition::new(0, SeccompCmpArgLen::Dword, SeccompCmpOp::Eq, value)?;
            SeccompRule::new(vec![it])
        };
        let mut rules: BTreeMap<libc::c_long, Vec<SeccompRule>> =
            ALLOWED.into_iter().map(|call| (call, Vec::new())).collect();
        rules.insert(libc::SYS_read, vec![first(0)?]);
        rules.insert(libc::SYS_write, vec![first(1)?, first(2)?]);
        // To abort is to send oneself a signal.
        rules.insert(libc::SYS_tgkill, vec![first(id().into())?]);
        SeccompFilter::new(
            rules,
            SeccompAction::Errno(libc::EPERM.unsigned_abs()),
            SeccompAction::Allow,
            std::env::consts::ARCH.try_into()?,
        )?
        .try_into()
    }

    pub(super) fn end(status: ExitStatus) -> End {
        match status.signal() {
            // Rust aborts when it gets no memory.
            Some(libc::SIGABRT) => End::Memory,
            Some(libc::SIGXCPU | libc::SIGKILL) => End::Time,
            _ => End::Signal,
        }
    }
}

#[cfg(not(all(target_os = "linux", any(target_arch = "x86_64", target_arch = "aarch64"))))]
mod platform {
    use std::{io, process::ExitStatus};

    use super::End;

    pub(super) const CONFINED: bool = false;

    pub(super) fn enter() -> io::Result<()> {
        Ok(())
    }

    pub(super) fn end(_: ExitStatus) -> End {
        End::Signal
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests;
