//! A pilot whose pages are served, and requests as they stand.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
};

use crate::support::{copied, lodd_in, root};

/// The throw-away pilot, drawn: what its demo does before the first delivery.
pub(crate) fn drawn() -> tempfile::TempDir {
    before("tre-maneder")
}

/// The same for a pilot made from it, whose roster has been read and whose statuses are not there yet.
pub(crate) fn draw(dir: &Path) {
    run_before(dir, "draw verify", "roster import|upload");
}

/// The throw-away pilot as its demo has it before a command.
pub(crate) fn before(last: &str) -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    run_before(dir.path(), last, "");
    dir
}

/// Runs the throw-away pilot's demo up to a command, without some.
pub(crate) fn run_before(dir: &Path, last: &str, without: &str) {
    let commands = fs::read_to_string(root().join("data/kast/demo.txt")).unwrap();
    let before = commands.lines().filter(|line| !line.starts_with('#'));
    let left_out = |line: &str| without.split('|').any(|it| !it.is_empty() && line.contains(it));
    for line in before.take_while(|line| !line.contains(last)).filter(|line| !left_out(line)) {
        let (clock, command) = line.split_once(" lodd ").unwrap();
        lodd_in(dir, &format!("--clock {clock} {command}")).ok();
    }
}

/// Starts the page; gives the program and its link.
fn start(clock: &str, dir: &Path, whose: &[&str]) -> (Child, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_lodd"))
        .current_dir(dir)
        .args(["--clock", clock, "--json", "serve", "--listen", "127.0.0.1:0"])
        .args(whose)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let link = first_line(&mut child)["url"].as_str().unwrap().to_owned();
    (child, link)
}

/// What the program says first, which is JSON.
fn first_line(child: &mut Child) -> serde_json::Value {
    let mut first = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    serde_json::from_str(&first).unwrap()
}

/// A served pilot; ends with it.
pub(crate) struct Served {
    pub(crate) dir: tempfile::TempDir,
    child: Child,
    pub(crate) link: String,
}

impl Served {
    /// The throw-away pilot's office, drawn, three months later.
    pub(crate) fn new() -> Self {
        Self::by(drawn(), &["--office", "kast"])
    }

    /// A pilot's page for whom these options name, three months after the throw-away pilot's draw.
    pub(crate) fn by(dir: tempfile::TempDir, whose: &[&str]) -> Self {
        Self::at("2026-12-10T09:00:00Z", dir, whose)
    }

    /// A pilot's page at a time.
    pub(crate) fn at(clock: &str, dir: tempfile::TempDir, whose: &[&str]) -> Self {
        let (child, link) = start(clock, dir.path(), whose);
        Self { dir, child, link }
    }

    /// The pilot for many, and the cookies of people who have logged in: `[[role, office], …]`.
    pub(crate) fn many(dir: &Path, people: &str) -> (Self, Vec<String>) {
        let mut child = Command::new("node")
            .current_dir(root().join("verifier"))
            .args(["test/people.mjs", env!("CARGO_BIN_EXE_lodd")])
            .arg(dir)
            .arg(people)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = first_line(&mut child);
        let text = |it: &serde_json::Value| it.as_str().unwrap().to_owned();
        let cookies = said["cookies"].as_array().unwrap().iter().map(text).collect();
        (Self { dir: tempfile::tempdir().unwrap(), child, link: text(&said["url"]) }, cookies)
    }

    /// The same pilot at another time, for whom these options name.
    pub(crate) fn again(mut self, clock: &str, whose: &[&str]) -> Self {
        let dir = std::mem::replace(&mut self.dir, tempfile::tempdir().unwrap());
        drop(self);
        Self::at(clock, dir, whose)
    }

    /// Ends it, and gives its pilot.
    pub(crate) fn into_dir(mut self) -> tempfile::TempDir {
        std::mem::replace(&mut self.dir, tempfile::tempdir().unwrap())
    }

    pub(crate) fn host(&self) -> &str {
        self.link.strip_prefix("http://").unwrap().split('/').next().unwrap()
    }

    pub(crate) fn word(&self) -> &str {
        self.link.split_once("kode=").unwrap().1
    }

    /// Sends a request as it stands, and gives status, headers and body.
    pub(crate) fn send(&self, request: &str) -> (u16, String, String) {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).map_or(0, |it| it.parse().unwrap());
        (status, head.to_owned(), body.to_owned())
    }

    pub(crate) fn get(&self, path: &str, headers: &str) -> (u16, String, String) {
        let host = self.host();
        self.send(&format!(
            "GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\r\n"
        ))
    }

    pub(crate) fn post(&self, path: &str, headers: &str, body: &str) -> (u16, String, String) {
        let (host, length) = (self.host(), body.len());
        let form = "Content-Type: application/x-www-form-urlencoded";
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{form}\r\n\
             Content-Length: {length}\r\n{headers}\r\n{body}"
        ))
    }

    /// Sends a csv file, to be looked at.
    pub(crate) fn deliver(&self, cookie: &str, csrf: &str, text: &str) -> (u16, String, String) {
        let part = |name: &str, more: &str, value: &str| {
            format!(
                "--x\r\nContent-Disposition: form-data; name=\"{name}\"{more}\r\n\r\n{value}\r\n"
            )
        };
        let file = part("fil", "; filename=\"a.csv\"", text);
        let body = format!("{}{file}--x--\r\n", part("csrf", "", csrf));
        let (host, length) = (self.host(), body.len());
        let kind = "Content-Type: multipart/form-data; boundary=x";
        self.send(&format!(
            "POST /levering HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{kind}\r\n\
             Content-Length: {length}\r\n{cookie}\r\n{body}"
        ))
    }

    /// Logs in, and gives the header that says so.
    pub(crate) fn enter(&self) -> String {
        let (status, head, _) = self.post("/inn", "", &format!("kode={}", self.word()));
        assert_eq!(status, 303, "{head}");
        let cookie = head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
        format!("Cookie: {cookie}\r\n")
    }

    /// The word that signs what a page sends.
    pub(crate) fn csrf(&self, cookie: &str) -> String {
        // A page that everyone has, with their own way out.
        let (status, _, body) = self.get("/tilgjengelighet", cookie);
        assert_eq!(status, 200, "{body}");
        let at = body.split("name=\"csrf\" value=\"").nth(1).unwrap();
        at.split('"').next().unwrap().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // A script ends with its input, and then ends what it began.
        if self.child.stdin.take().is_none() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}
