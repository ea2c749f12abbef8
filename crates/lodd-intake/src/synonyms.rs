//! Words that offices use for codes, and how they are recognised (D11).

use crate::{normal::clean, variable::Code};

/// Folded words without underscores, and the codes that they stand for where a list has them.
const WORDS: &[(&str, &str)] = &[
    ("AAPPENGER", "AAP"),
    ("ALDERSTRYGD", "ALDERSPENSJON"),
    ("ARBEIDSLEDIG", "LEDIG_REG"),
    ("ARBEIDSLEDIGHETSTRYGD", "DAGPENGER"),
    ("DELTIDSJOBB", "DELTID"),
    ("EGENBOLIG", "EID"),
    ("FASTJOBB", "HELTID"),
    ("FULLTID", "HELTID"),
    ("HELTIDSJOBB", "HELTID"),
    ("HJEMLOS", "UTEN"),
    ("KOMMUNALBOLIG", "LEID_KOMM"),
    ("KVALIFISERINGSPROGRAM", "KVP_PROG"),
    ("LEDIG", "LEDIG_REG"),
    ("LONNSARBEID", "LONN"),
    ("LONNSINNTEKT", "LONN"),
    ("SJUKEPENGAR", "SYKEPENGER"),
    ("SJUKEPENGER", "SYKEPENGER"),
    ("SOSHJELP", "SOSIALHJELP"),
    ("SOSIALSTONAD", "SOSIALHJELP"),
    ("SOSIALSTOTTE", "SOSIALHJELP"),
    ("SYKEPENGAR", "SYKEPENGER"),
    ("UFOR", "UFORETRYGD"),
    ("UFOREPENSJON", "UFORETRYGD"),
];

/// The code that a word stands for: its label but for case and signs, or what offices call it.
pub(crate) fn code_of<'c>(written: &str, codes: &'c [Code]) -> Option<&'c Code> {
    let folded: String = squashed(&clean(written).0).collect();
    if folded.is_empty() {
        return None;
    }
    let is_folded = |text: &str| squashed(&clean(text).0).eq(folded.chars());
    let labelled = |code: &Code| {
        code.labels().into_iter().any(|label| {
            let short = label.split(['(', ',', '/']).next().unwrap_or(label);
            is_folded(label) || is_folded(short)
        })
    };
    let same = |code: &&Code| is_folded(&code.code);
    let known = WORDS.iter().find(|(word, _)| *word == folded).map(|(_, code)| *code);
    codes.iter().find(same).or_else(|| {
        let mut of_label = codes.iter().filter(|code| labelled(code));
        match (of_label.next(), of_label.next()) {
            (Some(code), None) => Some(code),
            _ => codes.iter().find(|code| known == Some(code.code.as_str())),
        }
    })
}

/// The letters and digits of a clean text, as [`crate::normal::fold_code`] writes them.
fn squashed(text: &str) -> impl Iterator<Item = char> {
    let folded = |c: char| match c {
        'æ' => ['a', 'e'],
        'ø' => ['o', '_'],
        'å' => ['a', '_'],
        _ => [c, '_'],
    };
    let lower = text.chars().flat_map(char::to_lowercase).flat_map(folded);
    lower.flat_map(char::to_uppercase).filter(|c| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A code is recognised as it is matched elsewhere, but for what stands between its letters.
    #[test]
    fn words_are_folded_as_codes_are() {
        for text in
            ["Økonomisk sosialhjelp", "Arbeid, heltid", "STRASSE-ß", "Ærlig å være", "ΟΔΟΣ", "１２"]
        {
            let folded = crate::normal::fold_code(text);
            let letters: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
            assert_eq!(squashed(&clean(text).0).collect::<String>(), letters, "{text}");
        }
    }

    #[test]
    fn what_offices_call_a_code_is_read_and_what_could_be_two_is_not() {
        let codes = [
            Code::new("HELTID", "Arbeid, heltid", "Full-time work"),
            Code::new("DELTID", "Arbeid, deltid", "Part-time work"),
            Code::new("AAP", "Arbeidsavklaringspenger", "Work assessment allowance"),
            Code::new("LONN", "Arbeidsinntekt (lønn)", "Wages"),
            Code::new("KVP_PROG", "Kvalifiseringsprogram", "Qualification programme"),
        ];
        for (written, code) in [
            ("Full tid", Some("HELTID")),
            ("hel-tid", Some("HELTID")),
            ("AAP-penger", Some("AAP")),
            ("arbeidsinntekt", Some("LONN")),
            ("KVP prog.", Some("KVP_PROG")),
            ("part-time work", Some("DELTID")),
            ("Arbeid", None),
            ("HELTIDD", None),
            ("", None),
            ("-", None),
        ] {
            assert_eq!(code_of(written, &codes).map(|it| it.code.as_str()), code, "{written}");
        }
    }
}
