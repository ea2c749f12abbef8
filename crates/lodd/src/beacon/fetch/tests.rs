//! A relay on 127.0.0.1 that answers as it is told.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread::{JoinHandle, spawn},
};

use super::*;

/// Answers one request with these bytes; gives back the first line of the request.
fn relay(answer: Vec<u8>) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let served = spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = Vec::new();
        let mut buffer = [0; 1024];
        while !asked.windows(4).any(|it| it == b"\r\n\r\n") {
            let n = stream.read(&mut buffer).unwrap();
            asked.extend(buffer.iter().take(n));
        }
        // The client may hang up when it has read enough.
        let _ = stream.write_all(&answer);
        String::from_utf8(asked).unwrap().lines().next().unwrap().to_owned()
    });
    (address, served)
}

fn answer(status: &str, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

fn could_not(relay: &str) -> String {
    match fetch(Some(relay), 1000) {
        Err(Failure::CouldNotRun { message, hint }) => {
            assert!(hint.is_some_and(|it| it.en.contains("--beacon FILE")));
            assert_ne!(message.nb, message.en);
            message.en
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_round_is_asked_for_on_the_pinned_chain() {
    let (address, served) = relay(answer("200 OK", r#"{"round":1000}"#));
    let (from, bytes) = fetch(Some(&format!("{address}/")), 1000).unwrap();
    let path = format!("/{CHAIN}/public/1000");
    assert_eq!(bytes, br#"{"round":1000}"#);
    assert_eq!(from, format!("{address}{path}"));
    assert_eq!(served.join().unwrap(), format!("GET {path} HTTP/1.1"));
}

#[test]
fn answers_that_can_not_be_used_are_said_plainly() {
    for (bytes, words) in [
        (answer("404 Not Found", "{}"), "does not have the round yet"),
        (answer("425 Too Early", "{}"), "does not have the round yet"),
        (answer("500 Oops", ""), "answered with status 500"),
        (answer("200 OK", &"x".repeat(1 << 20)), "the answer is too long"),
        (b"not HTTP at all\r\n\r\n".to_vec(), "did not get round 1000"),
        (Vec::new(), "did not get round 1000"),
    ] {
        let (address, served) = relay(bytes);
        let said = could_not(&address);
        assert!(said.contains(words), "{said}");
        served.join().unwrap();
    }
    // Nobody listens.
    let gone = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    could_not(&format!("http://{gone}"));
}

/// A redirect is not followed: the relay that was named answers, or none.
#[test]
fn a_redirect_leads_nowhere() {
    let moved = "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\nContent-Length: 0\r\n\r\n";
    let (address, served) = relay(moved.as_bytes().to_vec());
    if let Ok((_, bytes)) = fetch(Some(&address), 1000) {
        assert!(bytes.is_empty(), "{bytes:?}");
    }
    served.join().unwrap();
}

#[test]
fn only_https_or_this_machine() {
    for relay in [
        "http://api.drand.sh",
        "http://localhost:8080",
        "http://127.0.0.1.example.org",
        "http://user@example.org",
        "ftp://127.0.0.1",
        "api.drand.sh",
        "https://",
        "",
        "file:///etc/hosts",
        "https://api.drand.sh/?x=1",
    ] {
        let refused = fetch(Some(relay), 1000);
        assert!(matches!(&refused, Err(Failure::Refused { .. })), "{relay}: {refused:?}");
    }
    for relay in ["https://api.drand.sh/", "https://relay.example.org/drand", "http://[::1]:8080"] {
        assert!(checked(relay).is_ok(), "{relay}");
    }
}
