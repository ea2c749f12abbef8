//! Files behind a URL: a server on this machine that gives ranges of bytes, as object stores do.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::{TcpListener, TcpStream},
    path::{Path, PathBuf},
};

use crate::{
    made::register,
    run::{Folder, said},
};

/// Serves the files of a folder until the test is over. Gives the address.
fn serve(folder: PathBuf) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(stream) = stream else { continue };
            let folder = folder.clone();
            std::thread::spawn(move || answer(stream, &folder));
        }
    });
    format!("http://{address}")
}

fn answer(stream: TcpStream, folder: &Path) {
    let mut lines = BufReader::new(stream.try_clone().unwrap()).lines();
    let first = lines.next().unwrap().unwrap();
    let mut words = first.split(' ');
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    let headers: Vec<String> = lines.map(Result::unwrap).take_while(|it| !it.is_empty()).collect();
    let bytes = fs::read(folder.join(path.trim_start_matches('/')));
    let mut stream = stream;
    let Ok(bytes) = bytes else {
        let _ = write!(
            stream,
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
        );
        return;
    };
    let range = headers.iter().find_map(|it| {
        let (name, value) = it.split_once(": ")?;
        name.eq_ignore_ascii_case("range").then(|| value.trim_start_matches("bytes=").to_owned())
    });
    let size = bytes.len();
    let (status, content, more) = match range.as_deref().and_then(|it| it.split_once('-')) {
        None => ("200 OK", &bytes[..], String::new()),
        Some((start, end)) => {
            let start = start.parse().unwrap_or_else(|_| size - end.parse::<usize>().unwrap());
            let end = end.parse().map_or(size, |it: usize| (it + 1).min(size));
            let more = format!("Content-Range: bytes {start}-{}/{size}\r\n", end - 1);
            ("206 Partial Content", &bytes[start..end], more)
        }
    };
    let _ = write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\n{more}Accept-Ranges: bytes\r\n\
         Last-Modified: Mon, 02 Jan 2017 00:00:00 GMT\r\nConnection: close\r\n\r\n",
        content.len()
    );
    if method != "HEAD" {
        let _ = stream.write_all(content);
    }
}

#[test]
fn a_url_gives_the_bytes_of_the_file() {
    let folder = Folder::with(&register(31, 8));
    let expected = folder.panel(&["snapshots.parquet"], &[]);
    let url = serve(folder.path(""));
    let snapshots = format!("{url}/snapshots.parquet");
    assert!(folder.panel(&[&snapshots], &[]) == expected);
    let nowhere = format!("{url}/nowhere.parquet");
    let output = folder.command(&[&nowhere], "refused", &[]).output().unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
}
