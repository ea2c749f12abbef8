//! Every sentence and word of the report. What several sections say stands in one file a language
//! (`locale/nb.rs`, `nn.rs`, `en.rs`); what one topic says, in a file of its own with the languages
//! side by side (`locale/titles.rs` and its like, made by `topic!`).
//!
//! To change a sentence, change it there. Names in braces, as in `{effect}`, are filled in by
//! [`fill`]; a test holds them equal in all languages. Two forms with a bar between, as in
//! `familie|familier`, are singular and plural.

/// Declares the texts of one topic, each in bokmål, nynorsk and English.
macro_rules! topic {
    ($(#[$doc:meta])* $name:ident { $($key:ident: $nb:literal, $nn:literal, $en:literal;)* }) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub(crate) struct $name {
            $(pub(crate) $key: &'static str,)*
        }

        impl $name {
            pub(super) const NB: Self = Self { $($key: $nb),* };
            pub(super) const NN: Self = Self { $($key: $nn),* };
            pub(super) const EN: Self = Self { $($key: $en),* };

            /// Every text with its name.
            #[cfg(test)]
            pub(super) fn texts(&self) -> Vec<(&'static str, &'static str)> {
                vec![$((stringify!($key), self.$key)),*]
            }
        }
    };
}

mod appendix;
pub(crate) mod checklist;
mod codes;
mod descriptive;
mod en;
mod figures;
mod formats;
mod nb;
mod nn;
mod profile_tables;
mod results;
mod titles;

use crate::model::Lang;

/// The sentences of one language.
pub(crate) fn of(lang: Lang) -> &'static Locale {
    match lang {
        Lang::Nb => &nb::NB,
        Lang::Nn => &nn::NN,
        Lang::En => &en::EN,
    }
}

/// Declares the texts that every language must have.
macro_rules! texts {
    ($($name:ident)*; $($topic:ident: $Topic:ty),*) => {
        /// One language's texts.
        #[derive(Debug)]
        pub(crate) struct Locale {
            lang: Lang,
            $(pub(crate) $name: &'static str,)*
            $(pub(crate) $topic: $Topic,)*
        }

        #[cfg(test)]
        impl Locale {
            /// Every text with its name.
            fn texts(&self) -> Vec<(&'static str, &'static str)> {
                let mut texts = vec![$((stringify!($name), self.$name)),*];
                $(texts.extend(self.$topic.texts());)*
                texts
            }
        }
    };
}

texts! {
    // Frame and cover.
    kind skip contents table figure region
    pilot offices drawn_on cut plan plan_none runs program
    stamp_intern stamp_public stamp_rehearsal stamp_imported stamp_interim
    // What the evaluator has not written, and what the pilot says in its place.
    prose_other_language not_written about arms_are
    // Units, horizons, lists.
    office family adult child offices_counted families adults children
    at_start after_months on_date month times and
    // Summary and findings.
    sum_assessed sum_drawn sum_imported sum_arm sum_arm_control sum_no_headline
    means_share means_other share_of interval
    null_effect null_effect_mde certain_effect untested_effect no_estimate tests_disagree
    attrition_overall attrition_apart
    points months kroner number range
    unit_points unit_months unit_kroner unit_number percent
    exploratory interim origin_imported origin_rehearsal
    // Flow.
    flow_intro flow_figure flow_desc same_numbers flow_none flow_table
    col_stage
    assessed not_eligible eligible drawn erased struck asked consented declined withdrew
    offered accepted refused not_reached no_answer started died left came split dissolved present
    due observed missing analysed not_analysed imported_total reconciled_table
    eligibility_title eligibility_intro col_rule col_failed col_failed_ineligible
    // Draw.
    draw_title draw_drawn draw_imported draw_rehearsal draw_taken_over draw_joined draw_clock
    draw_list draw_beacon_fixed draw_beacon_witnessed draw_beacon_drand draw_tickets draw_hashes
    beacon_seed beacon_description beacon_value beacon_round beacon_signature
    hash_announcement hash_plan hash_root file_sha256
    seats_table col_block col_total control
    verify_intro verify_imported verify_none
    // Status.
    status_intro status_none status_table unit source due_row drawn_row observed_row of_observed
    file symbols
    // Effects.
    effects_intro effects_none effects_figure effects_desc
    col_outcome col_difference col_se col_interval col_p col_p_rand df
    n_of legend_certain legend_uncertain legend_none axis
    remarks
    // Method, legal, files.
    method_plan_before method_plan_after method_plan_none method_runs method_interim
    method_interval method_itt method_estimators method_sources method_cut
    clock_note
    legal_intro legal_processing legal_confidentiality legal_authority legal_dpia legal_ethics
    legal_information legal_objection legal_deletion
    files_intro col_file col_holds
    f_screening f_assignments f_panel f_outcomes f_flow f_estimates;
    // Topics with a file of their own.
    appendix: appendix::Appendix, descriptive: descriptive::Descriptive, figures: figures::Figures, formats: formats::Formats, profile_tables: profile_tables::ProfileTables, results: results::Results, titles: titles::Titles
}

impl Locale {
    /// The words for a code; the code itself where there are none.
    pub(crate) fn code<'a>(&self, code: &'a str) -> &'a str
    where
        'static: 'a,
    {
        let Some((_, [nb, nn, en])) = codes::CODES.iter().find(|(it, _)| *it == code) else {
            return code;
        };
        match self.lang {
            Lang::Nb => nb,
            Lang::Nn => nn,
            Lang::En => en,
        }
    }
}

/// Fills in the names in braces, in one pass: a value is never searched for names.
pub(crate) fn fill(sentence: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(it, _)| *it == name) {
            Some((_, value)) => out.push_str(value),
            None => out.extend(["{", name, "}"]),
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// The singular form for 1, the plural for all else, of a text with a bar between the two.
pub(crate) fn plural(forms: &'static str, n: u64) -> &'static str {
    let (one, many) = forms.split_once('|').unwrap_or((forms, forms));
    if n == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The names in braces of a text.
    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).map(|it| it.split_once('}').unwrap().0).collect()
    }

    #[test]
    fn languages_fill_in_the_same_names() {
        for other in [&nn::NN, &en::EN] {
            for ((name, nb), (_, text)) in nb::NB.texts().into_iter().zip(other.texts()) {
                assert_eq!(names(nb), names(text), "{name}");
                assert!(!nb.is_empty() && !text.is_empty(), "{name} is empty");
                assert_eq!(nb.contains('|'), text.contains('|'), "{name}");
            }
        }
    }

    #[test]
    fn a_code_stands_once() {
        let codes: BTreeSet<&str> = codes::CODES.iter().map(|it| it.0).collect();
        assert_eq!(codes.len(), codes::CODES.len());
    }

    /// The wording rules: no such phrase may ever be written.
    #[test]
    fn forbidden_phrases_are_in_no_language() {
        let forbidden = [
            "ingen effekt",
            "ingen verknad",
            "utan effekt",
            "no effect",
            "tendens",
            "trend",
            "NAV",
            "gjenganger",
            "loddtrukket",
            "signifikan",
            "borderline",
            "prosent poeng",
            "frafalt",
        ];
        let texts = [&nb::NB, &nn::NN, &en::EN].into_iter().flat_map(Locale::texts);
        let codes = codes::CODES.iter().flat_map(|(code, words)| words.map(|it| (*code, it)));
        let items = checklist::ITEMS
            .iter()
            .flat_map(|item| Lang::ALL.map(|lang| (item.number, item.text(lang))));
        {
            for (name, text) in texts.chain(codes).chain(items) {
                for phrase in forbidden {
                    let found = match phrase {
                        "NAV" => text.contains(phrase),
                        _ => text.to_lowercase().contains(phrase),
                    };
                    assert!(!found, "`{phrase}` in {name}: {text}");
                }
            }
        }
    }

    #[test]
    fn filling_is_one_pass() {
        assert_eq!(fill("{a} og {b}", &[("a", "{b}"), ("b", "2")]), "{b} og 2");
        assert_eq!(fill("{a", &[("a", "1")]), "{a");
        assert_eq!(fill("{c}", &[]), "{c}");
    }

    #[test]
    fn one_is_singular() {
        let forms = [0, 1, 2].map(|n| plural(nb::NB.family, n));
        assert_eq!(forms, ["familier", "familie", "familier"]);
    }
}
