//! The words of the pages, in three languages.

mod at_the_door;
mod en;
mod nb;
mod nn;
mod statement;

use crate::{Lang, View};

pub(crate) use at_the_door::{AtTheDoor, at_the_door};

/// One language's words.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) skip: &'static str,
    pub(crate) menu: &'static str,
    pub(crate) language: &'static str,
    pub(crate) log_out: &'static str,
    pub(crate) log_in: &'static str,
    pub(crate) home: &'static str,
    pub(crate) history: &'static str,
    pub(crate) preview: &'static str,
    pub(crate) stored: &'static str,
    pub(crate) trouble: &'static str,
    pub(crate) nothing_lost: &'static str,
    pub(crate) not_found: &'static str,
    pub(crate) not_found_why: &'static str,
    pub(crate) accessibility: &'static str,
    pub(crate) door_open: &'static str,
    pub(crate) door_closed: &'static str,
    pub(crate) door_refused: &'static str,
    pub(crate) wrong: &'static str,
    pub(crate) mend_first: &'static str,
    pub(crate) no_file: &'static str,
    pub(crate) too_large: &'static str,
    pub(crate) broken: &'static str,
    pub(crate) not_signed: &'static str,
    pub(crate) step_form: &'static str,
    pub(crate) form_why: &'static str,
    pub(crate) get_form: &'static str,
    pub(crate) get_log: &'static str,
    pub(crate) step_send: &'static str,
    pub(crate) choose: &'static str,
    pub(crate) choose_hint: &'static str,
    pub(crate) look: &'static str,
    pub(crate) sending: &'static str,
    pub(crate) reading: &'static str,
    pub(crate) send_failed: &'static str,
    pub(crate) due: &'static str,
    pub(crate) nothing_due: &'static str,
    pub(crate) due_caption: &'static str,
    pub(crate) when: &'static str,
    pub(crate) window: &'static str,
    pub(crate) deadline: &'static str,
    pub(crate) told: &'static str,
    pub(crate) later: &'static str,
    pub(crate) draw: &'static str,
    pub(crate) waiting: &'static str,
    pub(crate) waiting_caption: &'static str,
    pub(crate) family: &'static str,
    pub(crate) missing: &'static str,
    pub(crate) overdue: &'static str,
    pub(crate) on_hold: &'static str,
    pub(crate) on_hold_why: &'static str,
    pub(crate) on_hold_caption: &'static str,
    pub(crate) date: &'static str,
    pub(crate) codes: &'static str,
    pub(crate) jump: &'static str,
    pub(crate) stops: &'static str,
    pub(crate) holds: &'static str,
    pub(crate) warnings: &'static str,
    pub(crate) infos: &'static str,
    pub(crate) findings_caption: &'static str,
    pub(crate) place: &'static str,
    pub(crate) what: &'static str,
    pub(crate) mend: &'static str,
    pub(crate) code: &'static str,
    pub(crate) whole_file: &'static str,
    pub(crate) expected: &'static str,
    pub(crate) found: &'static str,
    pub(crate) in_all: &'static str,
    pub(crate) changes: &'static str,
    pub(crate) file: &'static str,
    pub(crate) nothing_stored_yet: &'static str,
    pub(crate) get_correction: &'static str,
    pub(crate) correction_why: &'static str,
    pub(crate) decide: &'static str,
    pub(crate) accept_good: &'static str,
    pub(crate) is_correction: &'static str,
    pub(crate) store: &'static str,
    pub(crate) look_again: &'static str,
    pub(crate) cancel: &'static str,
    pub(crate) already: &'static str,
    pub(crate) is_stored: &'static str,
    pub(crate) entry: &'static str,
    pub(crate) show_receipt: &'static str,
    pub(crate) back: &'static str,
    pub(crate) nothing_delivered: &'static str,
    pub(crate) history_caption: &'static str,
    pub(crate) receipt: &'static str,
    pub(crate) counts_unit: &'static str,
    pub(crate) counts: [&'static str; 6],
    pub(crate) approvals: &'static str,
    pub(crate) approvals_why: &'static str,
    pub(crate) nothing_waits: &'static str,
    pub(crate) asked_by: &'static str,
    pub(crate) approve: &'static str,
    pub(crate) another_must: &'static str,
    pub(crate) take_away: &'static str,
    pub(crate) session_over: &'static str,
    pub(crate) session_over_why: &'static str,
    pub(crate) not_signed_form: &'static str,
    pub(crate) takes_two: &'static str,
    pub(crate) takes_two_why: &'static str,
    pub(crate) session_soon: &'static str,
    pub(crate) session_go_on: &'static str,
    pub(crate) session_gone: &'static str,
    pub(crate) session_again: &'static str,
    pub(crate) kept: &'static str,
    pub(crate) kept_why: &'static str,
    pub(crate) kept_go_on: &'static str,
    pub(crate) one_file: &'static str,
    pub(crate) some_hold: &'static str,
    pub(crate) to_first: &'static str,
    pub(crate) statement_title: &'static str,
    pub(crate) statement_lead: &'static str,
    pub(crate) statement: &'static [Section],
}

/// A part of the statement of accessibility.
#[derive(Debug)]
pub(crate) struct Section {
    pub(crate) heading: &'static str,
    pub(crate) paragraphs: &'static [&'static str],
    pub(crate) points: &'static [&'static str],
    /// Where more is: address and words.
    pub(crate) links: &'static [(&'static str, &'static str)],
}

pub(crate) fn words(lang: Lang) -> &'static Words {
    match lang {
        Lang::Nb => &nb::WORDS,
        Lang::Nn => &nn::WORDS,
        Lang::En => &en::WORDS,
    }
}

/// What the menu calls a page.
pub(crate) fn view(view: View, lang: Lang) -> &'static str {
    let [nb, nn, en] = match view {
        View::Families | View::Family => ["Familier", "Familiar", "Families"],
        View::Roster => ["Liste", "Liste", "List"],
        View::Draws | View::Draw => ["Trekninger", "Trekkingar", "Draws"],
        View::Places => ["Plasser", "Plassar", "Places"],
        View::Answers => ["Svar", "Svar", "Answers"],
        View::Flow => ["Flyt", "Flyt", "Flow"],
        View::Plan => ["Plan", "Plan", "Plan"],
        View::Results => ["Resultater", "Resultat", "Results"],
        View::Releases => ["Frigivelser", "Frigjevingar", "Releases"],
        View::Proofs => ["Bevis", "Prov", "Proofs"],
        View::Ledger => ["Journal", "Journal", "Ledger"],
        View::Receipts => ["Kvitteringer", "Kvitteringar", "Receipts"],
        View::Access => ["Innsyn", "Innsyn", "Access"],
        View::Open | View::OpenDraw => ["Åpne trekninger", "Opne trekkingar", "Open draws"],
    };
    match lang {
        Lang::Nb => nb,
        Lang::Nn => nn,
        Lang::En => en,
    }
}
