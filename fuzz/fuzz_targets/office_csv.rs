//! Any bytes as an office's csv file: a workbook or a reason, never a crash; and what the child would
//! answer is what its parent reads.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lodd_intake::{Lang, Limits, Upload, read, wire};

fuzz_target!(|bytes: &[u8]| {
    let limits = Limits::default();
    let outcome = read(Upload { name: "a.csv", bytes }, &limits);
    match &outcome {
        Ok(book) => drop(book.findings.lines(Lang::Nb)),
        Err(findings) => assert!(!findings.lines(Lang::Nn).is_empty()),
    }
    let mut answer = Vec::new();
    wire::write(&outcome, &mut answer).expect("memory can be written to");
    assert!(answer.len() <= wire::bytes_max(&limits));
    assert!(wire::read("a.csv", &answer, &limits).is_some());
    // A child that was taken over may answer anything.
    let _ = wire::read("a.csv", bytes, &limits);
});
