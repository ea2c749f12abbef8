//! The public control program's rules between fields, as warnings (data model, section 7).

use super::problem::Rule;

/// What the rules look at; codes as they stand in the file, `None` where blank.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Status {
    pub(super) livelihood: Option<&'static str>,
    pub(super) benefit: Option<&'static str>,
    pub(super) work: Option<&'static str>,
    pub(super) has_children: Option<&'static str>,
    pub(super) children: i64,
    /// Age at the end of the year, where the national id tells it.
    pub(super) age: Option<i32>,
}

/// What livelihood goes with which work situation.
const LIVELIHOOD: [(&str, &[&str], Rule); 6] = [
    ("1", &["01", "02"], Rule::Wages),
    ("2", &["03", "05", "06"], Rule::MeasurePay),
    ("4", &["03"], Rule::Student),
    ("6", &["09"], Rule::Introduction),
    ("8", &["10"], Rule::Programme),
    ("5", &["02", "03", "04", "05", "06", "07", "08"], Rule::SocialAssistance),
];

impl Status {
    /// The rules of 11F that it breaks, in the order of their numbers.
    pub(super) fn broken(&self) -> Vec<Rule> {
        let mut broken = self.person();
        for (livelihood, works, rule) in LIVELIHOOD {
            let of = self.livelihood == Some(livelihood);
            if of && !self.work.is_some_and(|it| works.contains(&it)) {
                broken.push(rule);
            }
        }
        let benefit = |code: &str| self.benefit == Some(code);
        let younger = |years: i32| self.age.is_some_and(|it| it < years);
        let with_children = self.has_children == Some("1") && self.children > 0;
        let idle = ["02", "03", "04", "05", "06", "07"];
        let checks = [
            (
                self.livelihood == Some("3") && self.benefit.is_none_or(|it| it == "12"),
                Rule::Benefit,
            ),
            (benefit("07") && younger(62), Rule::OldAge),
            (benefit("05") && !with_children, Rule::Transitional),
            (benefit("13") && !with_children, Rule::ChildBenefit),
            (
                (benefit("04") || benefit("07")) && !self.work.is_some_and(|it| idle.contains(&it)),
                Rule::PensionAndWork,
            ),
            (
                self.livelihood == Some("3") && benefit("11") && self.work == Some("08"),
                Rule::AssessmentAndWork,
            ),
        ];
        broken.extend(checks.into_iter().filter(|(is, _)| *is).map(|(_, rule)| rule));
        broken
    }

    /// Age and children, in both forms.
    pub(super) fn person(&self) -> Vec<Rule> {
        let checks = [
            (self.age.is_some_and(|it| it < 18), Rule::Minor),
            (self.age.is_some_and(|it| it >= 96), Rule::VeryOld),
            (self.has_children == Some("1") && self.children == 0, Rule::ChildrenNotCounted),
            (self.has_children != Some("1") && self.children > 0, Rule::ChildrenNotSaid),
        ];
        checks.into_iter().filter(|(is, _)| *is).map(|(_, rule)| rule).collect()
    }
}
