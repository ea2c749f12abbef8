//! A made-up pilot of many offices, each with its families and a file a day.

use std::{fs, path::Path};

use sha2::{Digest, Sha256};

use crate::{
    faults::in_memory,
    support::{copy, lodd_in, root},
};

/// Families of each office.
pub(crate) const FAMILIES: usize = 3;

pub(crate) fn office(number: usize) -> String {
    format!("k{number:02}")
}

/// The name of an office's file of a day.
pub(crate) fn file(office: usize, day: usize) -> String {
    format!("k{office:02}-{day:02}.csv")
}

/// The pilot with its roster read, and the files to send.
pub(crate) fn of_offices(offices: usize, days: usize) -> tempfile::TempDir {
    let pilot = in_memory();
    let dir = pilot.path();
    copy(&root().join("data/kast"), dir);
    let path = dir.join("pilot.toml");
    let text = fs::read_to_string(&path).unwrap();
    let one = "[[office]]\nid = \"kast\"\nname = \"Nav Øvelse\"\nmunicipality = \"9999\"\n";
    assert!(text.contains(one));
    let all: String =
        (0..offices).map(|it| one.replace("\"kast\"", &format!("\"{}\"", office(it)))).collect();
    let ids: Vec<String> = (0..offices).map(|it| format!("\"{}\"", office(it))).collect();
    let list = format!("offices = [{}]", ids.join(", "));
    fs::write(&path, text.replace(one, &all).replace("offices = [\"kast\"]", &list)).unwrap();
    let ids = family_ids(offices * FAMILIES);
    let family = |(i, id): (usize, &String)| format!("{id};{};2026-07-02\n", office(i / FAMILIES));
    let member = |id: &String| format!("{id}-A1;{id};FORELDER;1985\n{id}-B1;{id};BARN;2015\n");
    let families: String = ids.iter().enumerate().map(family).collect();
    let members: String = ids.iter().map(member).collect();
    let families = format!("familie_id;kontor;registrert\n{families}");
    let members = format!("medlem_id;familie_id;rolle;fodselsar\n{members}");
    fs::write(dir.join("familier.csv"), families).unwrap();
    fs::write(dir.join("medlemmer.csv"), members).unwrap();
    for (i, ids) in ids.chunks(FAMILIES).enumerate() {
        for day in 0..days {
            let row = |id: &String| {
                let work = ["LEDIG_REG", "DELTID", "HELTID"][(i + day) % 3];
                format!("{id}-A1;2026-08-{:02};LONN;{work};BARNETRYGD\n", day % 28 + 1)
            };
            let rows: String = ids.iter().map(row).collect();
            let text = format!("voksen_id;statusdato;inntekt;arbeid;tillegg\n{rows}");
            fs::write(dir.join(file(i, day)), text).unwrap();
        }
    }
    lodd_in(dir, "--clock 2026-08-20T08:10:00Z roster import familier.csv medlemmer.csv").ok();
    pilot
}

/// Ids with check symbols, by the rule of the data model (modulo 23).
fn family_ids(count: usize) -> Vec<String> {
    let alphabet: Vec<char> = "3456789CDFGHJKMNPQRTVWX".chars().collect();
    let id = |serial: usize| {
        let values: Vec<usize> = (0..4).map(|place| serial / 23_usize.pow(place) % 23).collect();
        let sum: usize = values.iter().zip(2..).map(|(value, weight)| value * weight).sum();
        let symbols: String = values.iter().map(|it| alphabet[*it]).collect();
        (symbols, alphabet[(23 - sum % 23) % 23])
    };
    let all =
        (0..).map(id).filter(|(symbols, _)| symbols.contains(|it: char| it.is_ascii_uppercase()));
    all.take(count).map(|(symbols, check)| format!("KAS-{symbols}-{check}")).collect()
}

pub(crate) fn sha256(path: &Path) -> String {
    Sha256::digest(fs::read(path).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect()
}
