//! Any bytes as the files of a draw: a verdict, never a crash, and never `ok` by accident.
//!
//! The input is one byte that says which file it stands for, and the file; the others are those
//! of a spec vector, so that what lies behind the first check is reached too.

#![no_main]

use libfuzzer_sys::fuzz_target;
use lodd_draw::{Announcement, DrawFiles, Evidence, check_slip, compute, slip, verify};

macro_rules! vector {
    ($file:literal) => {
        include_bytes!(concat!(
            "../../crates/lodd-draw/tests/vectors/draw/constrained-prob/0001/",
            $file
        ))
        .as_slice()
    };
}

fuzz_target!(|input: &[u8]| {
    let Some((which, bytes)) = input.split_first() else { return };
    let any = Some(bytes);
    let mut files = DrawFiles {
        number: Some(1),
        announcement: Some(vector!("announcement.json")),
        plan: Some(vector!("plan.toml")),
        leaves: Some(vector!("leaves.csv")),
        reveal: Some(vector!("reveal.json")),
        result: Some(vector!("result.csv")),
        void: None,
    };
    let (mut roster, mut covariates) = (None, None);
    let original = match which % 8 {
        0 => files.announcement.replace(bytes),
        1 => files.leaves.replace(bytes),
        2 => files.reveal.replace(bytes),
        3 => files.result.replace(bytes),
        4 => files.void.replace(bytes),
        5 => roster.replace(bytes).or(Some(vector!("private.csv"))),
        6 => covariates.replace(bytes).or(Some(vector!("covariates.csv"))),
        _ => None,
    };
    let check = &|round: u64, _: &_| round % 2 == 0;
    let evidence = Evidence { previous: Some(&files), roster, covariates, check };
    let _ = verify(&files, &evidence);
    let verdict = verify(&files, &Evidence { previous: None, ..evidence });
    assert!(!verdict.ok || which % 8 == 7 || original == any, "other bytes verified");
    let _ = Announcement::parse(bytes);
    let _ = check_slip(bytes, &files, check);
    if let (Some(announcement), Some(leaves), Some(reveal)) =
        (files.announcement, files.leaves, files.reveal)
    {
        let _ = compute(announcement, leaves, reveal, check);
    }
    let _ = slip(&files, "id", &lodd_draw::Secret([0; 32]), check);
});
