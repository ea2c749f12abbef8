//! The parent's side: starts the child, feeds it, takes what it gives, and sees it off.

use std::{
    io::{self, Read, Write},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use super::{CHILD, confine};
use crate::problem::Failure;

/// How long a child may take, by the clock on the wall: one that waits uses no processor time.
const WALL: Duration = Duration::from_secs(30);

/// How often it is asked whether the child has ended without closing its output.
const OUTPUT_POLL: Duration = Duration::from_millis(20);

/// How long what a child has written may take to arrive after its end.
const OUTPUT_AFTER_END: Duration = Duration::from_secs(10);

/// What is left of a child.
#[derive(Debug)]
pub(super) struct Ended {
    /// What it wrote; cut off if it was too much.
    pub(super) output: Vec<u8>,
    pub(super) end: End,
}

/// How a child ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    Exit(i32),
    /// Out of memory.
    Memory,
    /// Out of processor time, or stopped for being too slow.
    Time,
    /// Any other way to die.
    Signal,
}

/// A child that does not outlive its parent's interest, nor stay behind as a zombie.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may be gone already: then there is nothing to kill, and waiting ends at once.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Runs a child over one file.
///
/// # Errors
///
/// If no process or thread can be started.
pub(super) fn run(name: &str, bytes: &[u8], output_max: usize) -> Result<Ended, Failure> {
    let could_not = |error: io::Error| Failure::internal("the reader of office files", error);
    let executable = std::env::current_exe().map_err(could_not)?;
    let mut command = Command::new(executable);
    command.arg(CHILD).env_clear();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let deadline = Instant::now() + WALL;
    let mut running = Running(command.spawn().map_err(could_not)?);
    let (stdin, stdout) = (running.0.stdin.take(), running.0.stdout.take());
    let (Some(stdin), Some(stdout)) = (stdin, stdout) else {
        return Err(could_not(io::ErrorKind::BrokenPipe.into()));
    };
    exchange(&mut running, (stdin, stdout), (name, bytes), (output_max, deadline))
        .map_err(could_not)
}

/// Feeds the child and takes its output at the same time, so that neither waits for the other. The
/// threads are not waited for: one whose pipe is never closed would keep us for ever.
fn exchange(
    running: &mut Running,
    (stdin, stdout): (ChildStdin, ChildStdout),
    (name, bytes): (&str, &[u8]),
    (output_max, deadline): (usize, Instant),
) -> io::Result<Ended> {
    let (sender, receiver) = mpsc::channel();
    let (name, bytes) = (name.to_owned(), bytes.to_vec());
    // A child that died of its first bytes takes no more: its end tells why.
    thread::Builder::new().spawn(move || feed(stdin, &name, &bytes).is_ok())?;
    thread::Builder::new().spawn(move || sender.send(take(stdout, output_max)))?;
    let mut output = None;
    while output.is_none() && Instant::now() < deadline {
        output = receiver.recv_timeout(OUTPUT_POLL).ok();
        if output.is_none() && running.0.try_wait()?.is_some() {
            output = Some(after_end(&receiver)?);
        }
    }
    let end = end(&mut running.0, deadline)?;
    Ok(Ended { output: output.unwrap_or_default(), end })
}

/// What a child that has ended had written. Without it nothing can be said of the file: it isn't
/// the file's fault.
fn after_end(receiver: &mpsc::Receiver<Vec<u8>>) -> io::Result<Vec<u8>> {
    receiver.recv_timeout(OUTPUT_AFTER_END).map_err(|_| io::ErrorKind::TimedOut.into())
}

fn feed(mut stdin: ChildStdin, name: &str, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(name.len()).map_err(io::Error::other)?;
    stdin.write_all(&length.to_le_bytes())?;
    stdin.write_all(name.as_bytes())?;
    stdin.write_all(bytes)
}

fn take(stdout: ChildStdout, output_max: usize) -> Vec<u8> {
    let mut output = Vec::new();
    // What could not be read is missing at the end, where it is noticed.
    let _ = stdout.take(output_max as u64 + 1).read_to_end(&mut output);
    output
}

/// Waits for the child, and stops it at the deadline.
fn end(child: &mut Child, deadline: Instant) -> io::Result<End> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(confine::end(status));
        }
        if Instant::now() >= deadline {
            child.kill()?;
            child.wait()?;
            return Ok(End::Time);
        }
        thread::sleep(Duration::from_micros(200));
    }
}
