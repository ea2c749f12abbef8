use super::*;

fn record() -> Record {
    let hash = |digit: char| digit.to_string().repeat(64);
    Record {
        program: "lodd 0.1.0".to_owned(),
        title: Text::new("Oppfølging av familier", "Follow-up of families"),
        pilot: "prøve".to_owned(),
        draw: 2,
        unit: DrawnUnit::Family,
        rehearsal: true,
        taken_over: false,
        scripted_clock: true,
        arms: vec![Text::new("Oppfølging", "Follow-up"), Text::new("Ordinær", "Ordinary")],
        blocks: vec![
            RecordBlock {
                name: "Nav A".to_owned(),
                units: 1_057,
                promised: vec!["15".to_owned(), "1042".to_owned()],
                drawn: vec![15, 1_042],
            },
            RecordBlock {
                name: "Nav B".to_owned(),
                units: 5,
                promised: vec!["2/5".to_owned(), "3/5".to_owned()],
                drawn: vec![2, 3],
            },
        ],
        locked_at: "2026-09-01T10:00:00+02:00".to_owned(),
        revealed_at: "2026-09-01T14:00:00+02:00".to_owned(),
        drawn_on: "2026-09-01".to_owned(),
        beacon: RecordBeacon::Fixed { seed: hash('5') },
        attempt: None,
        announcement: hash('a'),
        root: hash('b'),
        plan: hash('c'),
        reveal: hash('d'),
        result: hash('e'),
        entries: vec![(3, "announcement".to_owned(), hash('1')), (4, "draw".to_owned(), hash('2'))],
        balance_p: Some(0.42),
        checks: (10, 0),
        folder: "draws/0002".to_owned(),
    }
}

/// No name in braces is left, in any language and with any source of randomness.
#[test]
fn every_name_is_filled_in() {
    let beacons = [
        RecordBeacon::Fixed { seed: "00".to_owned() },
        RecordBeacon::Witnessed {
            description: "seks terninger".to_owned(),
            value: "4-2".to_owned(),
        },
        RecordBeacon::Drand {
            round: 12_040_883,
            at: "2026-09-01T12:00:00Z".to_owned(),
            signature: "ab".repeat(48),
        },
    ];
    for (beacon, lang) in
        beacons.into_iter().flat_map(|it| Lang::ALL.map(|lang| (it.clone(), lang)))
    {
        for (checks, arms) in [((10, 0), 2), ((10, 1), 7)] {
            let arms = vec![Text::same("arm"); arms];
            let record =
                Record { beacon: beacon.clone(), checks, arms, attempt: Some(7), ..record() };
            let page = render_record(&record, lang).unwrap();
            let body = page.split_once("</style>").unwrap().1;
            assert!(!body.contains('{') && !body.contains('}'), "{body}");
        }
    }
}

/// Counts, hashes and dates stand as each language writes them.
#[test]
fn the_page_holds_what_was_locked_and_drawn() {
    for (lang, count, time, stamp) in [
        (Lang::Nb, "1\u{202f}057", "01.09.2026 kl. 10.00", "ØVELSE (REHEARSAL)"),
        (Lang::Nn, "1\u{202f}057", "01.09.2026 kl. 10.00", "ØVING (REHEARSAL)"),
        (Lang::En, "1,057", "2026-09-01 10:00", "REHEARSAL"),
    ] {
        let page = render_record(&record(), lang).unwrap();
        let start = format!("<html lang=\"{}\">", lang.code());
        for words in [&start, count, time, stamp, "2/5", "lodd draw verify draws/0002"] {
            assert!(page.contains(words), "{words}: {page}");
        }
        for digit in "abcde12".chars() {
            assert!(page.contains(&digit.to_string().repeat(64)), "{digit}");
        }
    }
}

/// What could make the page longer than one sheet is cut or told together.
#[test]
fn a_long_draw_is_told_shortly() {
    let block = record().blocks.remove(0);
    let long = Record {
        blocks: vec![block; 357],
        beacon: RecordBeacon::Witnessed {
            description: "terninger ".repeat(1_000),
            value: "4-2-6 ".repeat(1_000),
        },
        title: Text::same("Forsøk ".repeat(100)),
        ..record()
    };
    let page = render_record(&long, Lang::Nb).unwrap();
    assert!(page.contains("I alt, 357 blokker") && page.contains("377\u{202f}349"), "{page}");
    assert!(page.matches("terninger").count() < 30 && page.matches("Forsøk").count() < 20);
    assert_eq!(page.matches("Nav A").count(), 0);
    let many = Record { arms: vec![Text::same("arm"); 64], ..record() };
    let page = render_record(&many, Lang::Nb).unwrap();
    assert!(page.contains("Trukket: arm 17 · arm 1\u{202f}045 · arm 0"), "{page}");
}

/// The wording rules of the report hold here too.
#[test]
fn forbidden_words_are_in_no_language() {
    for lang in Lang::ALL {
        let page = render_record(&Record { rehearsal: false, ..record() }, lang).unwrap();
        for phrase in
            ["NAV ", "loddtrukket", "signifikan", "tendens", "gjenganger", "familie gjeld"]
        {
            assert!(!page.contains(phrase), "{phrase}");
        }
    }
}
