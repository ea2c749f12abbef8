//! What the pages ask, answered by the steps.

use std::{collections::BTreeMap, path::Path};

use jiff::civil::Date;
use lodd_server::{
    Asker, Deed, Delivered, Done as Came, Download, Due, Filled, Finding, Held, Home, Looked,
    Manner, Note, Of, OfficeForm, Sent, Severity as Gravity, Sheet, Shelf, Stored, Trouble, View,
    Waiting,
    http::{Request, Response},
};
use serde_json::Value;

use super::super::{
    Context,
    due::{self, Owed, State},
    known_office, stamp_of, template,
    upload::{self, Done},
    words,
};
use super::{access, audit, evaluate, families, open, outside, research};
use crate::{
    clock::{date_text, moment_text},
    problem::{Failure, Problem, Severity},
    render::say_line,
    text::{Lang, Text},
};

/// The steps, as the pages know them.
pub(super) struct Desk {
    context: Context,
}

impl Desk {
    pub(super) fn new(context: Context) -> Self {
        Self { context }
    }

    /// The step's context of whoever asks.
    fn context(&self, asker: &Asker) -> Context {
        let lang = lang_of(asker.lang);
        Context { lang, actor: asker.actor.as_str().into(), ..self.context.clone() }
    }
}

fn lang_of(lang: lodd_server::Lang) -> Lang {
    match lang {
        lodd_server::Lang::Nb => Lang::Nb,
        lodd_server::Lang::Nn => Lang::Nn,
        lodd_server::Lang::En => Lang::En,
    }
}

impl lodd_server::Desk for Desk {
    fn random(&self) -> Result<[u8; 32], Trouble> {
        super::random().map_err(|it| troubled(&it, self.context.lang))
    }

    fn now_us(&self) -> i64 {
        self.context.clock.now().as_microsecond()
    }

    fn home(&self, asker: &Asker, office: &str) -> Result<Home, Trouble> {
        let context = self.context(asker);
        home(&context, office).map_err(|it| troubled(&it, context.lang))
    }

    fn form(&self, asker: &Asker, office: &str, form: OfficeForm) -> Result<Vec<u8>, Trouble> {
        let context = self.context(asker);
        let made = template::made(&context, office, Path::new("xlsx"), form == OfficeForm::Log);
        made.map(|it| it.0).map_err(|it| troubled(&it, context.lang))
    }

    fn look(
        &self,
        asker: &Asker,
        office: &str,
        file: &Sent,
        manner: Manner,
    ) -> Result<Looked, Trouble> {
        let context = self.context(asker);
        match deliver(&context, office, file, manner, true) {
            Ok(done) => Ok(looked(&context, file, &done)),
            Err(failure) => refused(failure, file, context.lang),
        }
    }

    fn store(
        &self,
        asker: &Asker,
        office: &str,
        file: &Sent,
        manner: Manner,
    ) -> Result<Stored, Trouble> {
        let context = self.context(asker);
        match deliver(&context, office, file, manner, false) {
            Ok(done) => {
                let receipt = done.answer.json.get("receipt");
                let of = |name: &str| receipt.and_then(|it| it.get(name));
                let sequence = of("sequence").and_then(Value::as_i64).unwrap_or_default();
                let already = of("already").and_then(Value::as_bool).unwrap_or_default();
                let looked = looked(&context, file, &done);
                let receipt = receipt.map_or_else(String::new, ToString::to_string);
                Ok(Stored::Done { sequence, already, receipt, looked })
            }
            Err(failure) => refused(failure, file, context.lang).map(Stored::Refused),
        }
    }

    fn deliveries(&self, asker: &Asker, office: &str) -> Result<Vec<Delivered>, Trouble> {
        let context = self.context(asker);
        deliveries(&context, office).map_err(|it| troubled(&it, context.lang))
    }

    fn receipt(
        &self,
        asker: &Asker,
        office: &str,
        sequence: i64,
    ) -> Result<Option<String>, Trouble> {
        let context = self.context(asker);
        upload::receipt_page(&context, office, sequence).map_err(|it| troubled(&it, context.lang))
    }

    fn sheet(&self, asker: &Asker, view: View, of: Of<'_>) -> Result<Option<Sheet>, Trouble> {
        let context = self.context(asker);
        let made = match view {
            View::Families | View::Family => families::sheet(&context, view, (of, is_lead(asker))),
            View::Roster | View::Draws | View::Draw | View::Places => {
                research::sheet(&context, view, of)
            }
            View::Answers | View::Flow | View::Plan | View::Results | View::Releases => {
                evaluate::sheet(&context, asker.role, view)
            }
            View::Proofs | View::Ledger | View::Receipts => audit::sheet(&context, view),
            View::Access => access::sheet(&context).map(Some),
            View::Open | View::OpenDraw => open::sheet(&context, view, of),
        };
        made.map_err(|it| troubled(&it, context.lang))
    }

    fn act(
        &self,
        asker: &Asker,
        deed: Deed,
        of: Of<'_>,
        filled: &Filled,
    ) -> Result<Option<Came>, Trouble> {
        let context = self.context(asker);
        let came = match deed {
            Deed::Join | Deed::Leave | Deed::Move | Deed::Withdraw | Deed::Retract => {
                families::act(&context, deed, (of, is_lead(asker)), filled)
            }
            Deed::Screen
            | Deed::Announce
            | Deed::Reveal
            | Deed::Void
            | Deed::Offer
            | Deed::OfferAnswer
            | Deed::GiveUp
            | Deed::CloseOffers
            | Deed::RotateKeys => research::act(&context, deed, filled).map(Some),
            Deed::LockPlan | Deed::MakePanel | Deed::Estimate | Deed::Report | Deed::Release => {
                evaluate::act(&context, deed, filled).map(Some)
            }
            Deed::VerifyLedger | Deed::CheckReceipt => audit::act(&context, deed, filled).map(Some),
        };
        came.map_err(|it| troubled(&it, context.lang))
    }

    fn describe(&self, asker: &Asker, deed: Deed, filled: &Filled) -> Result<String, Trouble> {
        let context = self.context(asker);
        let said = if deed == Deed::Release {
            evaluate::describe(&context, filled)
        } else {
            research::describe(&context, deed, filled)
        };
        said.map_err(|it| troubled(&it, context.lang))
    }

    fn file(
        &self,
        asker: &Asker,
        shelf: Shelf,
        of: Of<'_>,
        name: &str,
    ) -> Result<Option<Download>, Trouble> {
        let context = self.context(asker);
        let found = match shelf {
            Shelf::Open | Shelf::Verifier => open::file(&context, shelf, of, name),
            Shelf::Record | Shelf::Roster => research::file(&context, shelf, of, name),
            Shelf::Output | Shelf::Public => evaluate::file(&context, shelf, name),
            Shelf::Journal => audit::file(&context, name),
        };
        found.map_err(|it| troubled(&it, context.lang))
    }

    fn is_well(&self) -> bool {
        self.context.pilot().is_ok()
    }

    fn note(&self, note: &Note) -> Result<(), Trouble> {
        access::note(&self.context, note).map_err(|it| troubled(&it, self.context.lang))
    }

    fn pseudonym(&self, issuer: &str, subject: &str) -> Result<String, Trouble> {
        let made = lodd_store::actors::pseudonym(&self.context.dir, issuer, subject);
        made.map_err(|error| troubled(&words::store(&error), self.context.lang))
    }

    fn fetch(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, Trouble> {
        outside::fetch(request).map_err(|it| troubled(&it, self.context.lang))
    }
}

fn is_lead(asker: &Asker) -> bool {
    asker.role == Some(lodd_server::Role::Lead)
}

/// What whoever asked is told. Whoever keeps the pages running reads it too, in the service's journal.
pub(super) fn troubled(failure: &Failure, lang: Lang) -> Trouble {
    let trouble = trouble(failure, lang);
    say_line(&format!("lodd serve: {}", trouble.message));
    trouble
}

fn trouble(failure: &Failure, lang: Lang) -> Trouble {
    match failure {
        Failure::Refused { summary, problems, .. } => {
            let fix = problems.first().and_then(|it| it.fix.as_ref());
            let hint = fix.map(|it| it.get(lang).to_owned());
            Trouble { message: summary.get(lang).to_owned(), hint }
        }
        Failure::CouldNotRun { message, hint } => Trouble {
            message: message.get(lang).to_owned(),
            hint: hint.as_ref().map(|it| it.get(lang).to_owned()),
        },
    }
}

fn deliver(
    context: &Context,
    office: &str,
    file: &Sent,
    manner: Manner,
    dry_run: bool,
) -> Result<Done, Failure> {
    let Manner { accept_good, correction } = manner;
    let manner = upload::Manner { dry_run, accept_good, correction };
    upload::deliver(context, (&file.name, || Ok(&file.bytes)), office, manner)
}

/// A file that is refused is an answer; what could not be run is trouble.
fn refused(failure: Failure, file: &Sent, lang: Lang) -> Result<Looked, Trouble> {
    let Failure::Refused { summary, problems, .. } = failure else {
        return Err(troubled(&failure, lang));
    };
    Ok(Looked {
        name: lodd_intake::shown_name(&file.name),
        summary: summary.get(lang).replace('`', ""),
        findings: problems.iter().map(|it| finding(it, lang)).collect(),
        ..Looked::default()
    })
}

fn looked(context: &Context, file: &Sent, done: &Done) -> Looked {
    let lang = context.lang;
    let (correction, unwritten) = match done.correction(context) {
        Ok(bytes) => (bytes, None),
        Err(problem) => (None, Some(*problem)),
    };
    let json = &done.answer.json;
    let names = ["delivered", "new", "unchanged", "corrected", "held", "resolved"];
    let events = json["event_changes"].as_array().map_or(&[][..], Vec::as_slice);
    let events = events.iter().filter_map(Value::as_str).map(ToOwned::to_owned);
    let answers = json["changes"].as_array().map_or(&[][..], Vec::as_slice);
    let summary = Text::new("Filen kan lagres.", "The file can be stored.").nn("Fila kan lagrast.");
    Looked {
        accepted: true,
        name: lodd_intake::shown_name(&file.name),
        summary: summary.get(lang).to_owned(),
        counts: Some(names.map(|name| json[name].as_i64().unwrap_or_default())),
        changes: events.chain(answers.iter().flat_map(change)).collect(),
        findings: done
            .answer
            .problems
            .iter()
            .chain(&unwritten)
            .map(|it| finding(it, lang))
            .collect(),
        correction,
    }
}

/// `RIN-7KQ4-R-A1 2016-08-31 ARBEID: HELTID → DELTID`, a line an answer.
fn change(change: &Value) -> Vec<String> {
    let text = |value: &Value| value.as_str().unwrap_or("–").to_owned();
    let (unit, date) = (text(&change["unit"]), text(&change["status_date"]));
    let answers = change["answers"].as_array().map_or(&[][..], Vec::as_slice);
    let line = |it: &Value| {
        let [variable, before, after] = ["variable", "before", "after"].map(|name| text(&it[name]));
        format!("{unit} {date} {variable}: {before} → {after}")
    };
    answers.iter().map(line).collect()
}

pub(super) fn finding(problem: &Problem, lang: Lang) -> Finding {
    let severity = match problem.severity {
        Severity::Stop => Gravity::Stop,
        Severity::Hold => Gravity::Hold,
        Severity::Warning => Gravity::Warning,
        Severity::Info => Gravity::Info,
    };
    // The page says which file it is; a finding says where in it.
    let place = crate::problem::Place { file: None, ..problem.place.clone() };
    let own = |text: &Text| text.get(lang).to_owned();
    Finding {
        severity,
        code: problem.code.clone().unwrap_or_default(),
        place: place.words(lang).trim_start_matches(", ").to_owned(),
        message: own(&problem.message),
        expected_found: problem
            .expected
            .as_ref()
            .zip(problem.value.as_ref())
            .map(|(a, b)| (own(a), own(b))),
        fix: problem.fix.as_ref().map(own).filter(|it| !it.is_empty()),
        count: problem.count.max(1),
    }
}

fn home(context: &Context, office: &str) -> Result<Home, Failure> {
    let (pilot, lang) = (context.pilot()?, context.lang);
    let protocol = context.protocol(&pilot)?;
    let known = known_office(&protocol, office)?;
    let owed = due::owed(&pilot, &protocol, Some(office), context.clock.today()?)?;
    let held = pilot.open_holds(office).map_err(|error| words::store(&error))?;
    let draws = pilot.draws().map_err(|error| words::store(&error))?;
    let held = held.into_iter().map(|it| {
        let date = it.status_date.map(|day| due::date(day.into())).transpose()?;
        let date = date.map(|it| date_text(it).get(lang).to_owned());
        Ok(Held { family: it.family_id, date, codes: it.codes })
    });
    Ok(Home {
        office: known.name.clone(),
        pilot: protocol.title.get(lang).to_owned(),
        marks: stamp_of(&draws).iter().map(|it| it.get(lang).trim().to_owned()).collect(),
        due: dues(&owed, lang),
        held: held.collect::<Result<_, Failure>>()?,
    })
}

/// By draw and time of measurement.
fn dues(owed: &[Owed], lang: Lang) -> Vec<Due> {
    let mut groups: BTreeMap<(Date, i64), Vec<&Owed>> = BTreeMap::new();
    for it in owed {
        groups.entry((it.target, it.draw)).or_default().push(it);
    }
    let day = |date: Date| date_text(date).get(lang).to_owned();
    let due = |group: Vec<&Owed>| {
        let first = group.first()?;
        let told = group.iter().filter(|it| matches!(it.state, State::Reported | State::Ended));
        let open = group.iter().filter(|it| matches!(it.state, State::Open | State::Overdue));
        let waiting = open.map(|it| Waiting {
            family: it.family_id.clone(),
            overdue: it.state == State::Overdue,
            missing: (it.missing().count(), it.units.len()),
        });
        Some(Due {
            horizon: due::horizon_words(&first.horizon).get(lang).to_owned(),
            draw: first.draw,
            window: (day(first.window_low), day(first.window_high)),
            due_on: day(first.due_on),
            families: group.len(),
            told: told.count(),
            waiting: waiting.collect(),
            later: group.iter().all(|it| it.state == State::Later),
        })
    };
    groups.into_values().filter_map(due).collect()
}

fn deliveries(context: &Context, office: &str) -> Result<Vec<Delivered>, Failure> {
    let pilot = context.pilot()?;
    let all = pilot.deliveries(office).map_err(|error| words::store(&error))?;
    let delivered = |it: lodd_store::pilot::Delivery| {
        let it = it.receipt;
        Ok(Delivered {
            sequence: it.seq,
            at: moment_text(it.recorded_at_us)?.get(context.lang).to_owned(),
            counts: [it.delivered, it.new, it.unchanged, it.corrected, it.held],
        })
    };
    all.into_iter().map(delivered).collect()
}
