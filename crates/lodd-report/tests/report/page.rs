//! The page as a whole: form, content, what it must not contain.

use std::collections::BTreeSet;

use lodd_report::*;

use crate::{
    fixture::{housing, null, ringerike, written},
    html::tags,
};

#[expect(clippy::unwrap_used, reason = "a panic here is a failing test")]
fn pages() -> Vec<(Lang, String)> {
    let reports = [housing(), ringerike()];
    reports
        .iter()
        .flat_map(|report| Lang::ALL.map(|lang| (lang, written(report, lang).unwrap())))
        .collect()
}

/// Also leaves the pages where a developer can look at them.
#[test]
#[expect(
    clippy::disallowed_methods,
    reason = "the pages are for looking at; the crate writes none"
)]
fn the_same_report_gives_the_same_bytes() {
    for (name, report) in [("housing", housing()), ("ringerike", ringerike())] {
        for lang in Lang::ALL {
            let page = written(&report, lang).unwrap();
            assert_eq!(page, written(&report.clone(), lang).unwrap());
            let file = format!("{}/{name}-{}.html", env!("CARGO_TARGET_TMPDIR"), lang.code());
            std::fs::write(file, page).unwrap();
        }
    }
}

#[test]
fn tags_balance_and_anchors_lead_somewhere() {
    for (lang, page) in pages() {
        let tags = tags(&page);
        assert_eq!(tags[0].get("lang"), Some(lang.code()));
        let mut ids = BTreeSet::new();
        for id in tags.iter().filter_map(|it| it.get("id")) {
            assert!(ids.insert(id), "`{id}` twice");
        }
        for tag in &tags {
            let labels = tag.get("aria-labelledby").unwrap_or_default().split_whitespace();
            let anchor = tag.get("href").and_then(|it| it.strip_prefix('#'));
            for target in labels.chain(anchor) {
                assert!(ids.contains(target), "`{target}` is nowhere");
            }
        }
    }
}

/// Nothing that a browser would fetch or run: no address, no script, no style from elsewhere.
#[test]
fn the_page_needs_no_network_and_no_script() {
    for (_, page) in pages() {
        for part in ["http:", "https:", "//", "url(", "@import", "<script", "javascript:"] {
            assert!(!page.contains(part), "`{part}`");
        }
        for tag in tags(&page) {
            assert!(tag.get("src").is_none() && tag.get("srcset").is_none());
            assert!(tag.get("href").is_none_or(|it| it.starts_with('#') || it == "data:,"));
            assert!(!tag.attributes.iter().any(|(name, _)| name.starts_with("on")), "{tag:?}");
        }
    }
}

#[test]
fn families_drawn_together_are_counted_where_they_are_some() {
    for (lang, words) in [
        (Lang::Nb, "2 familier til er trukket sammen med en av disse"),
        (Lang::En, "2 families more were drawn together with one of these"),
    ] {
        assert!(written(&ringerike(), lang).unwrap().contains(words));
        assert!(!written(&housing(), lang).unwrap().contains(&words[10..]));
    }
}

#[test]
fn every_number_of_the_report_is_on_the_page() {
    let page = written(&housing(), Lang::Nb).unwrap();
    let exact = [
        "0.403716953145",
        "0.0527069574399",
        "0.391304347826",
        "0.0508738878331",
        "0.231209079005",
        "0.0560162754541",
        "0.0002",
        "0.00005",
        "157",
        "146",
        "115",
        "48",
        "181",
    ];
    for number in exact {
        assert!(page.contains(&format!("<data value=\"{number}\">")), "{number}");
    }
    let shown = [
        ">40,4</data>",
        ">5,3</data>",
        "df 295,8",
        "30,0 til 50,7",
        ">39,1</data>",
        "29,1 til 49,1",
        ">23,1</data>",
        ">5,6</data>",
        "12,1 til 34,2",
        "115 av 157",
        "48 av 146",
        "73,2 %",
        "32,9 %",
        ">&#60; 0,001</data>",
        "40,4 (30,0 til 50,7)",
    ];
    for number in shown {
        assert!(page.contains(number), "{number}");
    }
}

/// Both languages show the same numbers in the same order, only written differently.
#[test]
fn languages_differ_in_words_only() {
    let numbers = |page: &str| -> Vec<String> {
        tags(page)
            .iter()
            .filter(|it| it.name == "data")
            .map(|it| it.get("value").unwrap().to_owned())
            .collect()
    };
    for report in [housing(), ringerike()] {
        let nb = numbers(&written(&report, Lang::Nb).unwrap());
        assert!(nb.len() > 40);
        assert_eq!(nb, numbers(&written(&report, Lang::En).unwrap()));
    }
}

#[test]
fn missing_suppressed_and_impossible_have_their_symbols() {
    let page = written(&housing(), Lang::Nb).unwrap();
    for cell in ["<td>..</td>", "<td>:</td>", "<td>.</td>", "<td><data value=\"0\">–</data>"] {
        assert!(page.contains(cell), "{cell}");
    }
}

#[test]
fn hostile_labels_stay_text() {
    let hostile = "<script>alert(1)</script>\"'&";
    let mut report = ringerike();
    report.title = Text::same(hostile);
    report.pilot = hostile.into();
    report.offices = vec![hostile.into()];
    report.arms[0].name = Text::same(hostile);
    report.draws[0].commands = vec![hostile.into()];
    report.status[0].label = Text::same(hostile);
    report.status[0].categories[0] = Text::same(hostile);
    report.effects[0].label = Text::same(hostile);
    report.effects[0].note = Some(hostile.into());
    report.eligibility.as_mut().unwrap().rules[0].reason = Text::same(hostile);
    report.legal.ethics = hostile.into();
    report.program = hostile.into();
    for lang in Lang::ALL {
        let page = written(&report, lang).unwrap();
        assert!(!page.contains("<script"));
        assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62;"));
        tags(&page);
    }
}

#[test]
fn what_a_report_rests_on_is_stamped() {
    let (housing, ringerike) = (housing(), ringerike());
    let page = |report: &Report| written(report, Lang::Nb).unwrap();
    let stamp = |text: &str| format!("<span class=\"stamp\">{text}");
    assert!(page(&housing).contains(&stamp("INTERN")));
    assert!(page(&housing).contains(&stamp("Ikke trukket her")));
    assert!(!page(&housing).contains(&stamp("REHEARSAL")));
    assert!(page(&ringerike).contains(&stamp("REHEARSAL")));
    assert!(!page(&ringerike).contains(&stamp("Ikke trukket her")));
    assert!(!page(&ringerike).contains(&stamp("INTERIM")));
    let drawn_only = |report: &Report| page(&Report { effects: vec![], ..report.clone() });
    assert!(drawn_only(&housing).contains(&stamp("Ikke trukket her")));
    assert!(drawn_only(&ringerike).contains(&stamp("REHEARSAL")));
    let early = Report { effects: vec![Effect { status: Status::Interim, ..null() }], ..ringerike };
    assert!(page(&early).contains(&stamp("INTERIM")));
    let exploratory = page(&housing).matches("<span class=\"badge\">utforskende</span>").count();
    assert_eq!(exploratory, 5, "in summary, chapter, two tables and discussion");
}

/// Every table of numbers says what it counts, at which cut and in which file.
#[test]
fn tables_name_their_unit_cut_and_file() {
    for (_, page) in pages() {
        let captions: Vec<&str> = page
            .split("<caption>")
            .skip(1)
            .map(|it| it.split_once("</caption>").unwrap().0)
            .filter(|it| it.contains(".parquet"))
            .collect();
        // The list of files and the checklist are in no file.
        assert_eq!(captions.len() + 2, page.matches("<table id=\"table-").count());
        for caption in captions {
            let has = |words: &[&str]| words.iter().any(|it| caption.contains(it));
            assert!(has(&["Enhet: ", "Eining: ", "Unit: "]), "{caption}");
            assert!(has(&["Uttrekk: ", "Cut: "]), "{caption}");
        }
    }
}

#[test]
fn the_draw_can_be_verified_from_the_page() {
    let report = ringerike();
    let page = written(&report, Lang::Nb).unwrap();
    let protocol = report.draws[0].protocol.clone().unwrap();
    for hash in [&protocol.announcement, &protocol.plan, &protocol.root] {
        assert!(page.contains(&format!("<code>{hash}</code>")));
    }
    assert!(page.contains("lodd draw verify draws/0001\n"));
    assert!(written(&housing(), Lang::Nb).unwrap().contains("kan ikke etterprøves her"));
}

#[test]
fn no_name_in_braces_is_left_unfilled() {
    for (_, page) in pages() {
        let body = page.split_once("</style>").unwrap().1;
        assert!(!body.contains('{') && !body.contains('}'));
    }
}

/// Every template escapes every value; only a drawing, which a template has made, stands as it is.
#[test]
#[expect(clippy::disallowed_methods, reason = "the test reads the templates")]
fn templates_escape_everything() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/templates");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let template = std::fs::read_to_string(&path).unwrap();
        let dense: String = template.split_whitespace().collect();
        let dense = dense.replace("{{figure.svg|safe}}", "");
        assert!(!dense.contains("|safe") && !dense.contains("autoescape"), "{path:?}");
        seen += 1;
    }
    assert!(seen >= 8);
}

/// WCAG 2.1 AA: 4.5 to 1 for text, by the standard's formula.
#[test]
fn text_stands_out_from_its_background() {
    let css = include_str!("../../templates/style.css");
    let colour = |name: &str| -> [f64; 3] {
        let hex = css.split_once(&format!("--{name}: #")).unwrap().1;
        [0, 2, 4].map(|at| {
            let share = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
        })
    };
    let luminance = |[r, g, b]: [f64; 3]| 0.2126 * r + 0.7152 * g + 0.0722 * b;
    for text in ["ink", "soft", "accent", "stamp"] {
        let ratio = (luminance(colour("faint")) + 0.05) / (luminance(colour(text)) + 0.05);
        assert!(ratio >= 4.5, "{text}: {ratio}");
    }
}
