use super::*;

/// By hand: 7 K Q 4 have the values 4 13 17 1; 2·4 + 3·13 + 4·17 + 5·1 = 120; −120 mod 23 = 18, the
/// place of R. (The id is the specification's own example.)
#[test]
fn the_check_symbol_is_the_hand_computed_one() {
    assert_eq!(check_symbol("7KQ4"), Some('R'));
    assert_eq!(ALPHABET.find('R'), Some(18));
    assert_eq!(verify_family("RIN-7KQ4-R", "RIN"), Ok(()));
    assert_eq!(mint("RIN", &[4, 13, 17, 1]), Ok("RIN-7KQ4-R".to_owned()));
}

/// Every substitution and every swap of unequal neighbours, over the symbols and the check symbol
/// together, of short and of the longest ids.
#[test]
fn every_single_error_is_caught() {
    let mut tried = 0;
    for symbols in ["7KQ4", "C333", "3C3C3", "XXXXXX", "9C8D7F6G5H4J3KMNPQRT"] {
        let whole: Vec<char> = symbols.chars().chain(check_symbol(symbols)).collect();
        let holds = |it: &[char]| {
            let (check, symbols) = it.split_last().unwrap();
            check_symbol(&symbols.iter().collect::<String>()) == Some(*check)
        };
        assert!(holds(&whole));
        for at in 0..whole.len() {
            for symbol in ALPHABET.chars().filter(|it| *it != whole[at]) {
                let mut changed = whole.clone();
                changed[at] = symbol;
                assert!(!holds(&changed), "{whole:?} {changed:?}");
                tried += 1;
            }
            if at + 1 < whole.len() && whole[at] != whole[at + 1] {
                let mut changed = whole.clone();
                changed.swap(at, at + 1);
                assert!(!holds(&changed), "{whole:?} {changed:?}");
                tried += 1;
            }
        }
    }
    assert!(tried > 900, "{tried}");
}

#[test]
fn what_is_not_an_id_is_refused() {
    for id in [
        "",
        "RIN",
        "RIN-7KQ4",
        "rin-7KQ4-R",
        "RIN-7KE4-R",
        "RIN-7K4-R",
        "RIN-7KQ4-RR",
        "MAI-7KQ4-R",
    ] {
        assert_eq!(verify_family(id, "RIN"), Err(IdError::Form), "{id}");
    }
    // Digits only would be read as a number.
    let digits = format!("RIN-4567-{}", check_symbol("4567").unwrap());
    assert_eq!(verify_family(&digits, "RIN"), Err(IdError::Form));
    assert_eq!(mint("RIN", &[1, 2, 3, 4]), Err(IdError::Form));
    assert_eq!(mint("RIN", &[23, 13, 17, 1]), Err(IdError::Form));
    assert_eq!(mint("OKT", &[4, 13, 17, 1]), Err(IdError::Prefix));
    assert_eq!(verify_family("HAD-7KQ4-R", "RIN"), Err(IdError::OtherPilot));
}

#[test]
fn members_are_split() {
    assert_eq!(split_member("RIN-7KQ4-R-A1"), Some(("RIN-7KQ4-R", MemberKind::Adult)));
    assert_eq!(split_member("RIN-7KQ4-R-B12"), Some(("RIN-7KQ4-R", MemberKind::Child)));
    for id in
        ["RIN-7KQ4-R", "RIN-7KQ4-R-A0", "RIN-7KQ4-R-A", "RIN-7KQ4-R-C1", "A1", "RIN-7KQ4-R-A123"]
    {
        assert_eq!(split_member(id), None, "{id}");
    }
}

#[test]
fn a_suggestion_is_the_one_known_neighbour() {
    let known = |id: &str| ["RIN-7KQ4-R", "RIN-9CD4-X"].contains(&id);
    assert_eq!(suggest("RIN-7KQ5-R", "RIN", known), Some("RIN-7KQ4-R".to_owned()));
    assert_eq!(suggest("RIN-K7Q4-R", "RIN", known), Some("RIN-7KQ4-R".to_owned()));
    assert_eq!(suggest("RIM-7KQ4-R", "RIN", known), Some("RIN-7KQ4-R".to_owned()));
    assert_eq!(suggest("RIN-8JQ4-R", "RIN", known), None);
    assert_eq!(
        suggest("RIN-7KQ4-R-C1", "RIN", |id| id == "RIN-7KQ4-R-B1"),
        Some("RIN-7KQ4-R-B1".to_owned())
    );
    // Two neighbours: saying nothing is better than saying the wrong one.
    assert_eq!(suggest("RIN-7KQ5-R", "RIN", |_| true), None);
}
