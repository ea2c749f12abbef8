//! KOSTRA files: the layouts against the public record descriptions, the control program's rules, damage.

use std::collections::BTreeMap;

use lodd_intake::kostra::{
    Extract, Form, Key, Kind, Layout, Problems, Refused, Rule, What, Wish, YEARS, read,
};

/// Every field of every layout, as Statistics Norway describes it.
#[test]
fn the_layouts_are_those_of_the_public_descriptions() {
    let table = include_str!("../kostra/fields.csv");
    let mut described: BTreeMap<(String, u16), Vec<Vec<String>>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        let key = (cells[0].clone(), cells[1].parse().unwrap());
        described.entry(key).or_default().push(cells[2..].to_vec());
    }
    assert_eq!(described.len(), 10);
    for ((form, year), rows) in described {
        let form = *Form::ALL.iter().find(|it| it.name() == form).unwrap();
        let layout = Layout::of(form, year).unwrap();
        assert_eq!(layout.fields.len(), rows.len(), "{form:?} {year}");
        for (field, row) in layout.fields.iter().zip(&rows) {
            let place = (field.name, field.from.to_string(), field.size.to_string());
            assert_eq!(place, (row[0].as_str(), row[1].clone(), row[2].clone()), "{form:?} {year}");
            check_kind(field.kind, row, year);
        }
    }
    assert!(Layout::of(Form::Assistance, 2021).is_none());
}

fn check_kind(kind: Kind, row: &[String], year: u16) {
    let (name, type_, pattern) = (row[0].as_str(), row[3].as_str(), row[4].as_str());
    let codes: Vec<&str> = row[5].split('|').filter(|it| !it.is_empty()).collect();
    match kind {
        Kind::Integer => assert_eq!(type_, "integer", "{name}"),
        Kind::Date => {
            let expected = if row[2] == "6" { "ddMMyy" } else { "ddMMyyyy" };
            assert_eq!((type_, pattern), ("date", expected), "{name}");
        }
        Kind::Text => assert_eq!((type_, codes.len()), ("string", 0), "{name}"),
        // 2022 has no lists of its own for these: 2023's.
        Kind::Codes(_) if year == 2022 && ["VKLO", "TRYGDESIT", "ARBSIT"].contains(&name) => {}
        Kind::Codes(ours) => {
            let mut ours = ours.to_vec();
            let mut codes = codes;
            ours.sort_unstable();
            codes.sort_unstable();
            assert_eq!(ours, codes, "{name} {year}");
        }
    }
}

/// A sound record of 11F in 2024: a synthetic person born in 1980, two children, help in March.
/// Positions typed from the description.
fn record(changes: &[(usize, &str)]) -> Vec<u8> {
    let mut line = vec![b' '; 324];
    let sound: [(usize, &str); 17] = [
        (1, "330524"),
        (9, "J0000001"),
        (17, PERSON),
        (40, "2"),
        (41, "1"),
        (42, "102"),
        (45, "5"),
        (46, "12"),
        (48, "07"),
        (54, "03"),
        (74, "   5000"),
        (81, "0000100"),
        (116, "0005000"),
        (123, "    100"),
        (256, "22"),
        (268, "2"),
        (269, "2"),
    ];
    for (from, text) in sound.iter().chain(changes) {
        line[from - 1..from - 1 + text.len()].copy_from_slice(text.as_bytes());
    }
    line
}

const PERSON: &str = "15838010080";

fn key() -> Key {
    Key::read(b"member_id,id_type,id_value\nRIN-7KQ4-R-A1,JOURNAL,J9999999\n").unwrap()
}

const WISH: Wish = Wish { year: None, form: None, complete: false, this_year: 2026 };

fn warnings(lines: &[Vec<u8>]) -> Vec<(String, (usize, usize))> {
    let bytes: Vec<u8> = lines.iter().flat_map(|it| [it.as_slice(), b"\n"].concat()).collect();
    let extract = read(bytes.as_slice(), &key(), &WISH).unwrap();
    let located =
        extract.problems.iter().filter_map(|it| Some((it.what.code().to_owned(), it.place?)));
    located.collect()
}

/// A national id of this birth, valid today: day, month + 80, year, individual number.
fn person(birth: &str, first_own: u32) -> String {
    for own in first_own.. {
        let digits: Vec<u32> =
            format!("{birth}{own:03}").bytes().map(|it| u32::from(it - b'0')).collect();
        let check = |weights: &[u32], digits: &[u32]| {
            let sum: u32 = weights.iter().zip(digits).map(|(w, d)| w * d).sum();
            (11 - sum % 11) % 11
        };
        let k1 = check(&[3, 7, 6, 1, 8, 9, 4, 5, 2], &digits);
        let k2 = check(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2], &[digits.clone(), vec![k1]].concat());
        if k1 < 10 && k2 < 10 {
            return format!("{birth}{own:03}{k1}{k2}");
        }
    }
    unreachable!()
}

/// A rule, what is changed of the sound record, and the column it is found at.
type Case<'a> = (Rule, Vec<(usize, &'a str)>, usize);

/// Each rule of the control program, broken once by a change of one sound record.
#[test]
fn each_rule_is_found_once_at_its_line_and_column() {
    let minor = person("158310", 500);
    let old = person("158325", 100);
    // Codes of VKLO, TRYGDESIT, ARBSIT; or other columns.
    let cases: [Case<'_>; 18] = [
        (Rule::Minor, vec![(17, &minor)], 17),
        (Rule::VeryOld, vec![(17, &old)], 17),
        (Rule::ChildrenNotCounted, vec![(43, "  ")], 43),
        (Rule::ChildrenNotSaid, vec![(42, "2")], 42),
        (Rule::Wages, vec![(45, "11203")], 48),
        (Rule::MeasurePay, vec![(45, "21201")], 48),
        (Rule::Student, vec![(45, "41204")], 48),
        (Rule::Introduction, vec![(45, "61207")], 48),
        (Rule::Programme, vec![(45, "81209")], 48),
        (Rule::Benefit, vec![(45, "31204")], 46),
        (Rule::SocialAssistance, vec![(45, "51201")], 48),
        (Rule::OldAge, vec![(45, "30704")], 46),
        (Rule::Transitional, vec![(42, "2  30504")], 46),
        (Rule::ChildBenefit, vec![(42, "2  31304")], 46),
        (Rule::PensionAndWork, vec![(45, "30401")], 48),
        (Rule::AssessmentAndWork, vec![(45, "31108")], 48),
        (Rule::Grants, vec![(74, "   5001")], 74),
        (Rule::Loans, vec![(81, "0000000")], 81),
    ];
    for (rule, changes, column) in &cases {
        let found = warnings(&[record(changes)]);
        assert_eq!(found, [(rule.code().to_owned(), (1, *column))], "{rule:?}");
    }
    let stranger = person("158381", 100);
    let twice = warnings(&[record(&[]), record(&[(9, "J0000002")]), record(&[(17, &stranger)])]);
    let expected = [(Rule::PersonTwice, (2, 17)), (Rule::JournalTwice, (3, 9))];
    assert_eq!(twice, expected.map(|(rule, place)| (rule.code().to_owned(), place)));
    assert_eq!(cases.len() + 2, Rule::ALL.len());
    assert_eq!(warnings(&[record(&[])]), []);
}

/// What a member of the key needs must be in order; of others it is a warning.
#[test]
fn amounts_of_a_member_are_right_or_refused() {
    let of_member = |changes: &[(usize, &str)]| {
        let all = [&[(9, "J9999999"), (17, "           ")], changes].concat();
        let sound = record(&[]);
        let lines = [sound.clone(), sound.clone(), sound, record(&all)].join(&b'\n');
        read(lines.as_slice(), &key(), &WISH)
    };
    let extract = of_member(&[]).unwrap();
    assert_eq!((extract.records, extract.left_out, extract.months.len()), (4, 3, 1));
    let month = &extract.months[0];
    assert_eq!((month.month, month.grant, month.loan), (3, 5000, 100));
    for (column, text) in [(116, "00x5000"), (116, "-005000"), (54, "04"), (102, "12 4500")] {
        let found = found(of_member(&[(column, text)]));
        let places: Vec<_> = found.iter().filter(|it| it.what.code() == "R13").collect();
        assert_eq!(places.len(), 1, "{text}");
        assert_eq!(places[0].place, Some((4, column)), "{text}");
    }
    // Marked without an amount: how much is not known, so the month is neither there nor 0.
    let extract = of_member(&[(52, "02")]).unwrap();
    assert_eq!(extract.problems.total("R22"), 1);
    assert!(!extract.families["RIN-7KQ4-R"].1);
    // An amount without a mark counts.
    let extract = of_member(&[(54, "  ")]).unwrap();
    assert_eq!((extract.problems.total("R23"), extract.months.len()), (1, 1));
    // A status code that does not exist is left out.
    let extract = of_member(&[(46, "99")]).unwrap();
    let codes: Vec<&str> = extract.contacts.iter().map(|it| it.variable).collect();
    assert_eq!((extract.problems.total("R20"), codes), (1, vec!["ARBEID", "BOLIG", "INNTEKT"]));
}

fn found(result: Result<Extract, Refused>) -> Problems {
    match result {
        Err(Refused::Found(problems)) => problems,
        other => panic!("{other:?}"),
    }
}

#[test]
fn one_record_a_member_and_one_member_a_record() {
    let csv = format!(
        "member_id;id_type;id_value\nRIN-7KQ4-R-A1;FNR;{PERSON}\nRIN-7KQ4-R-A2;JOURNAL;J0000007\n"
    );
    let key = Key::read(csv.as_bytes()).unwrap();
    let run = |lines: &[Vec<u8>]| read(lines.join(&b'\n').as_slice(), &key, &WISH);
    let other = person("158381", 100);
    // Both of one family: their months add up.
    let partner = record(&[(9, "J0000007"), (17, "           ")]);
    let extract = run(&[record(&[]), partner.clone()]).unwrap();
    assert_eq!(
        (extract.months.len(), extract.months[0].grant, extract.months[0].loan),
        (1, 10_000, 200)
    );
    // The same record twice is used once; another of the same person is refused.
    let extract = run(&[record(&[]), record(&[])]).unwrap();
    assert_eq!((extract.problems.total("R21"), extract.months[0].grant), (1, 5000));
    let again = run(&[record(&[]), record(&[(116, "0006000")])]);
    assert_eq!(
        found(again).iter().find(|it| it.what.code() == "R15").unwrap().what,
        What::Again(1)
    );
    // One's national id and the other's journal number; a journal number with a stranger's id is fine
    // while the key has no national id of that member.
    assert_eq!(found(run(&[record(&[(9, "J0000007")])])).total("R14"), 1);
    assert!(run(&[record(&[(9, "J0000007"), (17, &other)])]).is_ok());
    let both = format!("{csv}RIN-7KQ4-R-A2;FNR;{}\n", person("158382", 100));
    let key = Key::read(both.as_bytes()).unwrap();
    let line = record(&[(9, "J0000007"), (17, &other)]);
    assert_eq!(found(read(line.as_slice(), &key, &WISH)).total("R14"), 1);
}

#[test]
fn a_file_of_one_district_is_not_the_municipalitys() {
    let complete = Wish { complete: true, ..WISH };
    let line = record(&[(7, "03")]);
    assert_eq!(found(read(line.as_slice(), &key(), &complete)).total("R10"), 1);
    let two = [record(&[(7, "03")]), record(&[(7, "04")])].join(&b'\n');
    assert!(read(two.as_slice(), &key(), &complete).is_ok());
    assert!(read(record(&[]).as_slice(), &key(), &complete).is_ok());
    let other = [record(&[]), record(&[(1, "3301")])].join(&b'\n');
    assert_eq!(found(read(other.as_slice(), &key(), &WISH)).total("R09"), 1);
}

/// Truncated, bit-flipped, spliced: whatever stands there, reading ends without a panic, and no finding
/// is kept more than 20 times.
#[test]
fn damaged_files_never_panic() {
    let mut seed = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = |below: usize| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        usize::try_from(seed % u64::try_from(below.max(1)).unwrap()).unwrap()
    };
    let key = key();
    for round in 0..1_000 {
        let year = YEARS.start() + u16::try_from(round % 5).unwrap();
        let mut lines: Vec<Vec<u8>> = (0..=next(30)).map(|_| record(&[])).collect();
        for line in &mut lines {
            line[4..6].copy_from_slice((year % 100).to_string().as_bytes());
            match next(6) {
                0 => line.truncate(next(324)),
                1 => {
                    let at = next(line.len());
                    line[at] ^= 1 << next(8);
                }
                2 => {
                    let at = next(line.len());
                    line.splice(at..at, std::iter::repeat_n(b'9', next(20)));
                }
                3 => line[8..16].copy_from_slice(b"J9999999"),
                _ => {}
            }
        }
        let bytes = lines.join(&b'\n');
        let wish = Wish { complete: next(2) == 0, ..WISH };
        let problems = match read(bytes.as_slice(), &key, &wish) {
            Ok(extract) => extract.problems,
            Err(Refused::Found(problems)) => problems,
            Err(Refused::Io(error)) => panic!("round {round}: {error}"),
        };
        let mut codes: BTreeMap<&str, usize> = BTreeMap::new();
        for it in problems.iter() {
            *codes.entry(it.what.code()).or_default() += 1;
        }
        assert!(codes.values().all(|it| *it <= 20), "round {round}: {codes:?}");
    }
}
