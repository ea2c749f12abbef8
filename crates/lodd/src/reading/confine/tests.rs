//! A confined process is asked to do harm, and says what came of it.

#![expect(clippy::unwrap_used, reason = "a panic here is a failing test")]

use std::{
    fs,
    hint::black_box,
    net::{TcpStream, UdpSocket},
    os::unix::net::UnixStream,
    process::Command,
};

use super::{MEMORY, platform};

const INSIDE: &str = "LODD_TEST_INSIDE";

/// Runs this one test again, in a process of its own that confines itself.
#[test]
fn a_confined_process_can_do_no_harm() {
    if let Some(dir) = std::env::var_os(INSIDE) {
        return inside(dir.as_ref());
    }
    if !platform::CONFINED {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("old"), "old").unwrap();
    let test = "reading::confine::tests::a_confined_process_can_do_no_harm";
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads", "1"])
        .env(INSIDE, dir.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("nothing was possible"), "{text} {output:?}");
    let left: Vec<_> =
        fs::read_dir(dir.path()).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["old"]);
    assert_eq!(fs::read(dir.path().join("old")).unwrap(), b"old");
}

#[expect(clippy::print_stdout, reason = "how a confined process says anything")]
fn inside(dir: &std::path::Path) {
    let (new, old) = (dir.join("new"), dir.join("old"));
    // All of it is possible before.
    assert!(fs::write(&new, "x").and_then(|()| fs::remove_file(&new)).is_ok());
    assert!(UdpSocket::bind("127.0.0.1:0").is_ok() && fs::read(&old).is_ok());
    assert!(Vec::<u8>::new().try_reserve_exact(big(MEMORY)).is_ok());
    let open = fs::OpenOptions::new().append(true).open(&old).unwrap();
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    super::enter().unwrap();
    let denied = [
        fs::write(&new, "x"),
        fs::write(&old, "x"),
        fs::read(&old).map(drop),
        fs::read_dir(dir).map(drop),
        fs::remove_file(&old),
        fs::rename(&old, &new),
        fs::create_dir(&new),
        std::os::unix::fs::symlink(&old, &new),
        std::io::Write::write(&mut &open, b"x").map(drop),
        open.set_len(0),
        TcpStream::connect(address).map(drop),
        UdpSocket::bind("127.0.0.1:0").map(drop),
        UnixStream::connect(&new).map(drop),
        listener.accept().map(drop),
        Command::new("/bin/true").spawn().map(drop),
        std::thread::Builder::new().spawn(|| ()).map(drop),
    ];
    for (at, outcome) in denied.iter().enumerate() {
        let error = outcome.as_ref().expect_err(&format!("harm {at} was possible"));
        assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied, "{at}: {error}");
    }
    let mut much = Vec::<u8>::new();
    assert!(black_box(&mut much).try_reserve_exact(big(MEMORY)).is_err());
    let mut some = Vec::<u8>::new();
    assert!(black_box(&mut some).try_reserve_exact(big(MEMORY * 3 / 4)).is_ok());
    println!("nothing was possible");
}

fn big(bytes: u64) -> usize {
    usize::try_from(bytes).unwrap()
}
