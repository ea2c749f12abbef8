//! The forms of a family's page. What they ask is what `lodd family …` takes, in codes: there is no field
//! for a reason in words.

use lodd_intake::{codes, variable::Code};
use lodd_server::{Deed, Field, FieldKind, Filled, Form};

use super::{label, page::Page, said};
use crate::text::Lang;

/// The family's pseudonym, which every form carries.
pub(super) const FAMILY: &str = "familie";
pub(super) const MEMBER: &str = "medlem";
pub(super) const UNIT: &str = "hvem";
pub(super) const ROLE: &str = "rolle";
pub(super) const BIRTH_YEAR: &str = "fodselsar";
pub(super) const WHY: &str = "hvorfor";
pub(super) const DAY: &str = "dato";
pub(super) const MUNICIPALITY: &str = "kommune";
pub(super) const OFFICE: &str = "kontor";
pub(super) const CONSENT: &str = "samtykke";
pub(super) const REASON: &str = "arsak";
pub(super) const EVENT: &str = "hendelse";
/// Of [`MEMBER`] in the form of who joins: somebody who is not known yet.
pub(super) const NEW: &str = "ny";

/// Reasons to come, and to leave.
pub(super) const COME: [&str; 3] = ["FODT", "FLYTTET_INN", "ANNET"];
pub(super) const GO: [&str; 4] = ["FLYTTET_UT", "SAMLIVSBRUDD", "DOD", "ANNET"];

/// The forms that are this office's to send; a family that another office follows has none but the
/// lead's. `sent` is what was sent, which stands in its form again.
pub(super) fn all(page: &Page<'_>, sent: Option<(Deed, &Filled)>) -> Vec<Form> {
    let empty = Filled::default();
    let made = |deed| {
        let own = sent.filter(|it| it.0 == deed).map_or(&empty, |it| it.1);
        Make { page, filled: own, lang: page.lang }
    };
    let mut all = Vec::new();
    if page.family.passed().is_none() {
        all.push(made(Deed::Join).join());
        all.extend((!page.present().is_empty()).then(|| made(Deed::Leave).leave()));
        all.push(made(Deed::Move).moved());
        all.push(made(Deed::Withdraw).withdraw());
    }
    let can_retract = page.is_lead && !page.standing.is_empty();
    all.extend(can_retract.then(|| made(Deed::Retract).retract()));
    all
}

impl Page<'_> {
    /// Members whose time in the household lasts.
    pub(super) fn present(&self) -> Vec<&str> {
        let lasting = self.events.spells.iter().filter(|it| it.valid_to.is_none());
        lasting.map(|it| it.member_id.as_str()).collect()
    }

    /// Members who have left it.
    pub(super) fn away(&self) -> Vec<&str> {
        let present = self.present();
        self.known().filter(|it| !present.contains(it)).collect()
    }

    /// Everyone who is in it, or once was.
    pub(super) fn known(&self) -> impl Iterator<Item = &str> {
        self.members.iter().map(|it| it.member_id.as_str())
    }
}

/// A form being made: what stood in it stands there again.
struct Make<'a> {
    page: &'a Page<'a>,
    filled: &'a Filled,
    lang: Lang,
}

impl Make<'_> {
    fn said(&self, all: [&'static str; 3]) -> String {
        said(all, self.lang).to_owned()
    }

    fn form(&self, deed: Deed, title: [&'static str; 3], button: [&'static str; 3]) -> Form {
        let family = Field {
            name: FAMILY.to_owned(),
            label: String::new(),
            hint: None,
            kind: FieldKind::Hidden,
            value: self.page.family.id().to_owned(),
            required: true,
        };
        let (title, button) = (self.said(title), self.said(button));
        Form { deed, title, why: None, fields: vec![family], button }
    }

    fn field(&self, name: &str, label: [&'static str; 3], kind: FieldKind) -> Field {
        Field {
            name: name.to_owned(),
            label: self.said(label),
            hint: None,
            kind,
            value: self.filled.get(name).unwrap_or_default().to_owned(),
            required: true,
        }
    }

    fn hinted(&self, field: Field, hint: [&'static str; 3]) -> Field {
        Field { hint: Some(self.said(hint)), ..field }
    }

    /// `KAS-7X7Q-F-A1 (Forelder, 1985)`.
    fn member(&self, id: &str) -> (String, String) {
        let known = self.page.members.iter().find(|it| it.member_id == id);
        let words = known.map_or_else(
            || id.to_owned(),
            |it| {
                let role = label(&codes::ROLES, it.role.code(), self.lang);
                format!("{id} ({role}, {})", it.birth_year)
            },
        );
        (id.to_owned(), words)
    }

    fn choice(&self, list: &[Code], only: &[&str]) -> FieldKind {
        let known = list.iter().filter(|it| only.is_empty() || only.contains(&it.code.as_str()));
        let choice = |it: &Code| (it.code.clone(), label(list, &it.code, self.lang));
        FieldKind::Choice(known.map(choice).collect())
    }

    fn day(&self, label: [&'static str; 3]) -> Field {
        let hint = [
            "Dag, måned, år. Ikke etter i dag.",
            "Dag, månad, år. Ikkje etter i dag.",
            "Not after today.",
        ];
        self.hinted(self.field(DAY, label, FieldKind::Day), hint)
    }

    /// Why what stands is told otherwise; only where it is.
    fn reason(&self) -> Field {
        let label = [
            "Hvorfor, hvis dette retter noe som er ført før",
            "Kvifor, viss dette rettar noko som er ført før",
            "Why, if this corrects what was recorded before",
        ];
        let field = self.field(REASON, label, self.choice(&codes::REASONS, &[]));
        Field { required: false, ..field }
    }

    fn join(&self) -> Form {
        let (title, button) = (
            [
                "Noen er kommet til familien",
                "Nokon er komen til familien",
                "Somebody joined the family",
            ],
            ["Før inn", "Før inn", "Record"],
        );
        let new = self.said(["En ny i familien", "Ein ny i familien", "Somebody new"]);
        let mut who = vec![(NEW.to_owned(), new)];
        who.extend(self.page.away().into_iter().map(|it| self.member(it)));
        let only_new = ["Bare for en ny.", "Berre for ein ny.", "Only of somebody new."];
        let role = self.field(ROLE, ["Rolle", "Rolle", "Role"], self.choice(&codes::ROLES, &[]));
        let year = ["Fødselsår", "Fødselsår", "Year of birth"];
        let year = self.field(BIRTH_YEAR, year, FieldKind::Count);
        let why = ["Hvorfor", "Kvifor", "Why"];
        let why = self.field(WHY, why, self.choice(&codes::MEMBER_REASONS, &COME));
        let optional = |field: Field| Field { required: false, ..self.hinted(field, only_new) };
        let mut member = self.field(MEMBER, ["Hvem", "Kven", "Who"], FieldKind::Choice(who));
        if self.page.away().is_empty() && member.value.is_empty() {
            NEW.clone_into(&mut member.value);
        }
        let mut form = self.form(Deed::Join, title, button);
        form.why = Some(self.said([
            "Den nye får familiens neste ID. Skriv den inn i kontorets nøkkel; navn og fødselsnummer skal ikke hit.",
            "Den nye får den neste ID-en til familien. Skriv han inn i nøkkelen til kontoret; namn og fødselsnummer skal ikkje hit.",
            "Somebody new gets the family's next id. Write it into the office's key; no name and no national identity number goes here.",
        ]));
        form.fields.extend([member, optional(role), optional(year), optional(why)]);
        form.fields.push(self.day(["Første dag", "Første dag", "First day"]));
        form
    }

    fn leave(&self) -> Form {
        let (title, button) = (
            [
                "Noen er gått ut av familien",
                "Nokon er gått ut av familien",
                "Somebody left the family",
            ],
            ["Før ut", "Før ut", "Record"],
        );
        let who = self.page.present().into_iter().map(|it| self.member(it)).collect();
        let why = self.choice(&codes::MEMBER_REASONS, &GO);
        let mut form = self.form(Deed::Leave, title, button);
        form.fields.extend([
            self.field(MEMBER, ["Hvem", "Kven", "Who"], FieldKind::Choice(who)),
            self.field(WHY, ["Hvorfor", "Kvifor", "Why"], why),
            self.day(["Siste dag", "Siste dag", "Last day"]),
            self.reason(),
        ]);
        form
    }

    fn moved(&self) -> Form {
        let (title, button) = (
            ["Familien har flyttet", "Familien har flytta", "The family moved"],
            ["Før flyttingen", "Før flyttinga", "Record the move"],
        );
        let to = self.field(
            MUNICIPALITY,
            ["Kommunenummer", "Kommunenummer", "Municipality's number"],
            FieldKind::Line,
        );
        let to = self.hinted(
            to,
            ["Fire sifre, som 0301.", "Fire siffer, som 0301.", "Four digits, such as 0301."],
        );
        let mut form = self.form(Deed::Move, title, button);
        form.fields.push(to);
        if !self.page.offices.is_empty() {
            let label = [
                "Kontoret som følger familien fra da av",
                "Kontoret som følgjer familien frå då av",
                "The office that follows the family from then on",
            ];
            let hint = [
                "La feltet stå tomt hvis dette kontoret følger familien videre. Velger du et annet, kan ikke dette kontoret føre mer om familien her.",
                "Lat feltet stå tomt viss dette kontoret følgjer familien vidare. Vel du eit anna, kan ikkje dette kontoret føre meir om familien her.",
                "Leave it empty if this office follows the family on. If you choose another, this office can record nothing more of the family here.",
            ];
            let choices = FieldKind::Choice(self.page.offices.clone());
            let office = self.hinted(self.field(OFFICE, label, choices), hint);
            form.fields.push(Field { required: false, ..office });
        }
        form.fields.push(self.day(["Flyttedag", "Flyttedag", "Day of the move"]));
        form.fields.push(self.reason());
        form
    }

    fn withdraw(&self) -> Form {
        let (title, button) = (
            ["Et samtykke er trukket", "Eit samtykke er trekt", "A consent is withdrawn"],
            ["Før at det er trukket", "Før at det er trekt", "Record the withdrawal"],
        );
        let whole = self.said(["hele familien", "heile familien", "the whole family"]);
        let id = self.page.family.id();
        let mut who = vec![(id.to_owned(), format!("{id} ({whole})"))];
        who.extend(self.page.members.iter().map(|it| self.member(&it.member_id)));
        let mut form = self.form(Deed::Withdraw, title, button);
        form.why = Some(self.said([
            "Fra den dagen spørres det ikke mer. Det som er levert før, blir stående. Skal alt slettes, si fra til den som driver piloten.",
            "Frå den dagen blir det ikkje spurt meir. Det som er levert før, blir ståande. Skal alt slettast, sei frå til den som driv piloten.",
            "From that day nothing more is asked. What was delivered before stays. If all is to be erased, tell whoever runs the pilot.",
        ]));
        let to = ["Samtykke til", "Samtykke til", "Consent to"];
        form.fields.extend([
            self.field(UNIT, ["Hvem", "Kven", "Who"], FieldKind::Choice(who)),
            self.field(CONSENT, to, self.choice(&codes::CONSENTS, &[])),
            self.day(["Trukket fra", "Trekt frå", "Withdrawn from"]),
        ]);
        form
    }

    fn retract(&self) -> Form {
        let (title, button) = (
            [
                "Ta tilbake noe som ble ført ved en feil",
                "Ta tilbake noko som vart ført ved ein feil",
                "Take back what was recorded by mistake",
            ],
            ["Ta tilbake", "Ta tilbake", "Take back"],
        );
        let events = self.page.standing.iter().map(|it| (it.word(), it.words.clone()));
        let mut form = self.form(Deed::Retract, title, button);
        form.why = Some(self.said([
            "Det som tas tilbake, blir stående med begge tider, og gjelder ikke lenger.",
            "Det som blir teke tilbake, blir ståande med begge tider, og gjeld ikkje lenger.",
            "What is taken back stays with both times, and stands no longer.",
        ]));
        let what = ["Hva", "Kva", "What"];
        form.fields.extend([
            self.field(EVENT, what, FieldKind::Choice(events.collect())),
            self.field(REASON, ["Hvorfor", "Kvifor", "Why"], self.choice(&codes::REASONS, &[])),
        ]);
        form
    }
}
