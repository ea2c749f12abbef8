//! A pilot whose pages are served, and requests as they stand.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
};

use crate::support::{copied, lodd_in, root};

/// The throw-away pilot, drawn: what its demo does before the first delivery.
pub(crate) fn drawn() -> tempfile::TempDir {
    let dir = copied(&root().join("data/kast"));
    let commands = fs::read_to_string(dir.path().join("demo.txt")).unwrap();
    let before = commands.lines().filter(|line| !line.starts_with('#'));
    for line in before.take_while(|line| !line.contains("tre-maneder")) {
        let (clock, command) = line.split_once(" lodd ").unwrap();
        lodd_in(dir.path(), &format!("--clock {clock} {command}")).ok();
    }
    dir
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
        let mut child = Command::new(env!("CARGO_BIN_EXE_lodd"))
            .current_dir(dir.path())
            .args(["--clock", clock, "--json", "serve", "--listen", "127.0.0.1:0"])
            .args(whose)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
        let said: serde_json::Value = serde_json::from_str(&first).unwrap();
        let link = said["url"].as_str().unwrap().to_owned();
        Self { dir, child, link }
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
        // A server that refuses early closes before it has read everything.
        let _ = stream.read_to_end(&mut bytes);
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

    /// Logs in, and gives the header that says so.
    pub(crate) fn enter(&self) -> String {
        let (status, head, _) = self.post("/inn", "", &format!("kode={}", self.word()));
        assert_eq!(status, 303, "{head}");
        let cookie = head.split("set-cookie: ").nth(1).unwrap().split(';').next().unwrap();
        format!("Cookie: {cookie}\r\n")
    }

    /// The word that signs what a page sends.
    pub(crate) fn csrf(&self, cookie: &str) -> String {
        let (status, _, body) = self.get("/", cookie);
        assert_eq!(status, 200, "{body}");
        let at = body.split("name=\"csrf\" value=\"").nth(1).unwrap();
        at.split('"').next().unwrap().to_owned()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
