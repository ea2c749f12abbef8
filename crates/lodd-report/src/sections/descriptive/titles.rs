//! What rows and columns are called.

use crate::{
    locale::fill,
    model::{Report, Subject, Term, Title},
    sections::flow,
    table::capital,
    wording::Words,
};

/// The head of the first column.
pub(super) fn first(words: Words, subject: Subject) -> &'static str {
    let t = words.t;
    match subject {
        Subject::Offices | Subject::Response => t.descriptive.col_office,
        Subject::Balance | Subject::BalanceAnalysed | Subject::Profile => t.descriptive.col_fact,
        Subject::Order => t.descriptive.col_order,
        Subject::Attrition => t.col_stage,
        Subject::Received => t.descriptive.col_received,
        Subject::Power => t.descriptive.base_rate,
        Subject::Transitions => t.descriptive.col_move,
        Subject::Calendar => t.descriptive.col_horizon,
        Subject::Harms => t.descriptive.col_harm,
    }
}

pub(super) fn head(words: Words, report: &Report, title: &Title) -> String {
    let t = words.t;
    match title {
        Title::Text(text) => capital(text.get(words.lang)),
        Title::Arm(label) => {
            let name = report.arm(label).map_or(label.as_str(), |arm| arm.name.get(words.lang));
            let is_control = report.control().is_some_and(|it| it.label == *label);
            if is_control { format!("{name} ({})", t.control) } else { name.to_owned() }
        }
        Title::Stage(stage) => flow::stage(words, report, *stage).to_owned(),
        Title::Code(code) => capital(t.code(code)),
        Title::Simulated(estimator) => {
            fill(t.descriptive.simulated, &[("estimator", t.code(estimator))])
        }
        Title::Horizon(horizon) => capital(&words.horizon(horizon)),
        Title::Move(from, to) => {
            let name = |it: &Option<crate::model::Text>| {
                it.as_ref().map_or(t.descriptive.not_known, |it| it.get(words.lang)).to_owned()
            };
            fill(t.descriptive.moved, &[("from", &name(from)), ("to", &name(to))])
        }
        Title::Share(share) => fill(t.of_observed, &[("x", &words.f.level(*share))]),
        Title::Term(it) => term(words, *it).to_owned(),
        Title::Versus(it, label) => {
            let name = report.arm(label).map_or(label.as_str(), |arm| arm.name.get(words.lang));
            format!("{}: {name}", term(words, *it))
        }
    }
}

fn term(words: Words, term: Term) -> &'static str {
    let t = words.t;
    match term {
        Term::OnList => t.descriptive.on_list,
        Term::Reserve => t.descriptive.reserve,
        Term::AllDrawn => t.descriptive.all_drawn,
        Term::StdDifference => t.descriptive.std_difference,
        Term::AllFacts => t.descriptive.all_facts,
        Term::PReplay => t.descriptive.p_replay,
        Term::Statistic => t.descriptive.statistic,
        Term::FirstTenth => t.descriptive.first_tenth,
        Term::Expected => t.descriptive.expected,
        Term::Families => t.descriptive.families_row,
        Term::Total => t.col_total,
        Term::Contrast => t.descriptive.contrast,
        Term::ObservedOnce => t.descriptive.observed_once,
        Term::InMeasure => t.descriptive.in_measure,
        Term::InProgramme => t.descriptive.in_programme,
        Term::FollowedUp => t.descriptive.followed_up,
        Term::Met => t.descriptive.met,
        Term::Meetings => t.descriptive.meetings,
        Term::HasCoordinator => t.descriptive.has_coordinator,
        Term::CrossedOver => t.descriptive.crossed_over,
        Term::ControlFollowed => t.descriptive.control_followed,
        Term::OtherDeviation => t.descriptive.other_deviation,
        Term::BaseRate => t.descriptive.base_rate,
        Term::Formula => t.descriptive.formula,
        Term::DrawDate => t.descriptive.draw_date,
        Term::Target => t.descriptive.target,
        Term::WindowLow => t.descriptive.window_low,
        Term::WindowHigh => t.descriptive.window_high,
        Term::Deadline => t.descriptive.deadline,
        Term::Ever => t.descriptive.ever,
    }
}
