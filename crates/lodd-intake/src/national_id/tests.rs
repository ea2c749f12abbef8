use super::*;

/// Control digits computed here from the published weights, as the issuing rule states them
/// (k = 11 − remainder, 0 for 11, none for 10), not from the sums the detector uses.
fn synthetic(first_nine: &str, remainder: u32) -> Option<String> {
    let digits: Vec<u32> = first_nine.chars().map(|c| c.to_digit(10).unwrap()).collect();
    let weighted = |weights: &[u32], digits: &[u32]| -> u32 {
        weights.iter().zip(digits).map(|(w, d)| w * d).sum()
    };
    let k1 = (11 + remainder - weighted(&[3, 7, 6, 1, 8, 9, 4, 5, 2], &digits) % 11) % 11;
    let mut ten = digits;
    ten.push(k1);
    let k2 = (11 - weighted(&[5, 4, 3, 2, 7, 6, 5, 4, 3, 2], &ten) % 11) % 11;
    (k1 < 10 && k2 < 10).then(|| format!("{first_nine}{k1}{k2}"))
}

/// A number of today's scheme, with month + 80 as test numbers have it.
fn number(start: &str) -> String {
    (100..999).find_map(|i| synthetic(&format!("{start}{i}"), 0)).unwrap()
}

#[test]
fn numbers_of_every_kind_are_found() {
    for start in ["018190", "418190", "014190", "414190", "298296", "318199"] {
        let id = number(start);
        assert!(found_in(&id, false), "{id}");
        assert!(found_in(&format!("se {id}, ok"), false), "{id}");
        assert!(is_number(id.parse().unwrap(), false), "{id}");
    }
}

#[test]
fn numbers_issued_from_2032_are_found() {
    for remainder in 1..=3 {
        let id = (100..999).find_map(|i| synthetic(&format!("018140{i}"), remainder)).unwrap();
        assert!(found_in(&id, false), "{id}");
    }
}

#[test]
fn separators_full_width_digits_and_a_lost_zero_hide_nothing() {
    let id = number("018190");
    let (date, rest) = id.split_at(6);
    let wide: String =
        id.chars().map(|c| char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c)).collect();
    for text in [
        format!("{date} {rest}"),
        format!("{date}-{rest}"),
        format!("{}.{}.{} {rest}", &date[..2], &date[2..4], &date[4..]),
        format!("{date}\u{a0}{} {}", &rest[..3], &rest[3..]),
        format!("{date}\u{200b}{rest}"),
        format!("x{id}y"),
        format!("1234 {id} 56"),
        wide,
        id[1..].to_owned(),
    ] {
        assert!(found_in(&text, false), "{text}");
    }
}

#[test]
fn what_is_not_one_is_left_alone() {
    let id = number("018190");
    let wrong = format!("{}{}", &id[..10], (id[10..].parse::<u32>().unwrap() + 1) % 10);
    for text in [
        wrong.as_str(),
        "RIN-7KQ4-R-A1",
        "2015-08-20 09:00:00",
        "20.08.2015",
        "12 500",
        "32189000",
        "00000000000",
        &format!("{id}1"),
        "",
    ] {
        assert!(!found_in(text, false), "{text}");
    }
    assert!(found_in(&wrong, true), "a header that says fnr makes a date enough");
    assert!(is_label("Fødselsnr.") && is_label("FNR barn") && !is_label("fodselsar"));
}

/// The measured share of random eleven-digit strings that pass is 0.75 % (both schemes).
#[test]
fn chance_hits_are_as_rare_as_measured() {
    let mut state = 12345_u64;
    let mut hits = 0_u32;
    let tries = 100_000_u32;
    for _ in 0..tries {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        hits += u32::from(found_in(&format!("{:011}", (state >> 20) % 100_000_000_000), false));
    }
    let share = f64::from(hits) / f64::from(tries);
    assert!((0.005..0.010).contains(&share), "{share}");
}
