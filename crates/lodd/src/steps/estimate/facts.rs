//! What was known of each family before the draw, and what it received after: the columns that a
//! plan may name.

use std::collections::{BTreeMap, BTreeSet};

use lodd_estimate::Role;
use lodd_panel::outcomes::ValueKind;
use lodd_store::{Column, Kind, Pilot, Table, pilot::Exit, query};

use super::{super::taking_part, Analysis, Built, Plan, sample::Drawn, tables, words};
use crate::{
    frame::Frame,
    plan::{BASELINE, Derived, OF_EVERY_PILOT, Population, is_text},
    problem::Failure,
    protocol::Protocol,
    text::Text,
};

/// A unit of an analysis: a family, or a member of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Unit<'u> {
    pub(super) draw: i64,
    pub(super) family: &'u str,
    pub(super) id: &'u str,
}

/// A value as text or as a number.
#[derive(Clone, Debug)]
enum Value {
    Number(f64),
    Text(String),
}

/// The columns of a pilot, by draw and family, or by unit.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// Names in order, and whether each is text.
    names: Vec<(String, bool)>,
    of_families: BTreeMap<(i64, String), BTreeMap<String, Value>>,
    /// Outcomes at the draw, by source, register, outcome and unit.
    before: BTreeMap<(String, String), BTreeMap<(String, String), Value>>,
    /// Outcomes at the draw with the unit they are of.
    outcomes: Vec<(String, bool)>,
    /// Who was ever offered a place, and who took one, by draw.
    received: BTreeMap<&'static str, BTreeMap<i64, BTreeSet<String>>>,
    /// Families in which someone has said yes to the research, and those that began to take part;
    /// read where the plan asks for them.
    consented: BTreeSet<String>,
    started: BTreeSet<String>,
    /// Family and coordinator, of each time of follow-up that the log tells of.
    coordinators: Vec<(String, String)>,
    derived: Vec<Derived>,
    /// The day on which a family or member died or moved away for good, in days since 1970-01-01;
    /// read where the plan asks for it.
    exits: BTreeMap<String, i64>,
}

/// Exits after which what is followed can't come any more, or can't be seen.
const COMPETING: [&str; 2] = ["DOD", "FLYTTET"];

impl Facts {
    /// The day on which a member or its family left for good, in days since 1970-01-01.
    pub(super) fn left_on(&self, unit: &Unit<'_>) -> Option<i64> {
        let day = |id: &str| self.exits.get(id).copied();
        day(unit.id).into_iter().chain(day(unit.family)).min()
    }

    /// Reads what the plan's draws had before them, as it was known when each list was locked.
    pub(super) fn read(
        pilot: &Pilot,
        protocol: &Protocol,
        (plan, drawn, built): (&Plan, &Drawn, &Built),
    ) -> Result<Self, Failure> {
        let mut facts = Self { derived: plan.derived.clone(), ..Self::default() };
        let screened = &protocol.screening.columns;
        facts.names = screened.iter().map(|it| (it.name.clone(), is_text(&it.kind))).collect();
        for name in OF_EVERY_PILOT {
            if facts.names.iter().all(|(it, _)| it != name) {
                facts.names.push((name.to_owned(), !matches!(name, "children" | "adults")));
            }
        }
        let numbers: BTreeSet<i64> =
            plan.analyses.iter().flat_map(|it| it.draws.iter().copied()).collect();
        for (draw, _) in drawn.of(&numbers.into_iter().collect::<Vec<_>>()) {
            facts.add_draw(pilot, protocol, (draw.draw, draw.announced_at_us))?;
            facts.add_received(pilot, draw.draw, built.cut_us)?;
        }
        facts.coordinators =
            pilot.coordinators(built.cut_us).map_err(|error| words::store(&error))?;
        if plan.analyses.iter().any(|it| it.method.takes(Role::Competing.key())) {
            let all = pilot.exits(built.cut_us).map_err(|error| words::store(&error))?;
            let lasting =
                |it: &Exit| it.until_on.is_none() && COMPETING.contains(&it.reason.as_str());
            for exit in all.into_iter().filter(lasting) {
                let day = facts.exits.entry(exit.unit_id).or_insert_with(|| exit.from_on.into());
                *day = (*day).min(exit.from_on.into());
            }
        }
        if plan.analyses.iter().any(|it| it.population != Population::Drawn) {
            facts.add_taking_part(pilot, built)?;
        }
        if protocol.horizons().iter().any(|it| it == BASELINE) {
            facts.outcomes = protocol
                .outcomes()
                .map(|it| (it.id.to_string(), it.value_kind() == ValueKind::Category))
                .collect();
            facts.add_before(&built.outcomes)?;
        }
        Ok(facts)
    }

    fn add_draw(
        &mut self,
        pilot: &Pilot,
        protocol: &Protocol,
        (draw, at_us): (i64, i64),
    ) -> Result<(), Failure> {
        let inputs = pilot.screening_inputs_at(at_us).map_err(|error| words::store(&error))?;
        let columns = &protocol.screening.columns;
        let kind = |text: bool| if text { Kind::Text } else { Kind::Int };
        let kinds: Vec<(&str, Kind)> = [("family_id", Kind::Text)]
            .into_iter()
            .chain(columns.iter().map(|it| (it.name.as_str(), kind(is_text(&it.kind)))))
            .collect();
        let sql = protocol.panel.columns_sql().unwrap_or_default();
        let run = |inputs: &[Table], sql: &str, kinds: &[(&str, Kind)]| {
            query::run(inputs, sql, "columns", kinds).map_err(|error| words::query(&error))
        };
        self.add_table(draw, &run(&inputs, sql, &kinds)?)?;
        let members = pilot.panel_inputs(at_us).map_err(|error| words::store(&error))?;
        let sql = "SELECT family_id, SUM(role = 'BARN') AS children, SUM(role <> 'BARN') AS adults \
                   FROM members GROUP BY family_id ORDER BY family_id";
        let kinds = [("family_id", Kind::Text), ("children", Kind::Int), ("adults", Kind::Int)];
        self.add_table(draw, &run(&members, sql, &kinds)?)?;
        let sql = "SELECT family_id, office_id AS office FROM families ORDER BY family_id";
        let kinds = [("family_id", Kind::Text), ("office", Kind::Text)];
        self.add_table(draw, &run(&inputs, sql, &kinds)?)
    }

    /// Adds the columns of a table by family; what is known already stays.
    fn add_table(&mut self, draw: i64, table: &Table) -> Result<(), Failure> {
        let frame = Frame::new(table.columns().to_vec());
        let frame = frame.map_err(|why| Failure::internal("columns", why.en))?;
        let wrong = |it: crate::frame::Wrong| Failure::internal("columns", it.why.en);
        let families = frame.labels("family_id").map_err(wrong)?;
        for column in table.columns().iter().filter(|it| it.name != "family_id") {
            let texts = column.values.kind() == Kind::Text;
            let labels =
                if texts { frame.labels(&column.name).map_err(wrong)? } else { Vec::new() };
            let numbers =
                if texts { Vec::new() } else { frame.numbers(&column.name).map_err(wrong)? };
            for (row, family) in families.iter().enumerate() {
                let text = labels.get(row).cloned().flatten().map(Value::Text);
                let number = numbers.get(row).copied().flatten().map(Value::Number);
                if let (Some(family), Some(value)) = (family, text.or(number)) {
                    let known = self.of_families.entry((draw, family.clone())).or_default();
                    known.entry(column.name.clone()).or_insert(value);
                }
            }
        }
        Ok(())
    }

    fn add_received(&mut self, pilot: &Pilot, draw: i64, cut_us: i64) -> Result<(), Failure> {
        let log = pilot.offer_log_at(draw, cut_us).map_err(|error| words::store(&error))?;
        if log.blocks.is_empty() {
            return Ok(());
        }
        let offers = || log.blocks.iter().flat_map(|it| &it.offers);
        let offered = offers().map(|it| it.family_id.clone()).collect();
        let took = offers().filter(|it| it.taken()).map(|it| it.family_id.clone()).collect();
        self.received.entry("offered").or_default().insert(draw, offered);
        self.received.entry("took").or_default().insert(draw, took);
        Ok(())
    }

    /// Who consented and who started, in days up to the cut's.
    fn add_taking_part(&mut self, pilot: &Pilot, built: &Built) -> Result<(), Failure> {
        let inputs =
            pilot.taking_part_inputs(built.cut_us).map_err(|error| words::store(&error))?;
        (self.consented, self.started) = taking_part::families(&inputs, built.cut_day)?;
        Ok(())
    }

    /// Families with the coordinators who followed them up.
    pub(super) fn coordinators(&self) -> impl Iterator<Item = (&str, &str)> {
        self.coordinators.iter().map(|(family, own)| (family.as_str(), own.as_str()))
    }

    /// Whether someone in a family has said yes to the research.
    pub(super) fn has_consented(&self, family: &str) -> bool {
        self.consented.contains(family)
    }

    /// Whether a family began to take part.
    pub(super) fn has_started(&self, family: &str) -> bool {
        self.started.contains(family)
    }

    fn add_before(&mut self, outcomes: &Table) -> Result<(), Failure> {
        let text = |name| outcomes.text(name).map_err(|error| tables::internal(&error));
        let (ids, units, horizons) = (text("outcome_id")?, text("unit_id")?, text("horizon")?);
        let (sources, registers, codes) = (text("source")?, text("register")?, text("value_code")?);
        let values = outcomes.real("value").map_err(|error| tables::internal(&error))?;
        for row in 0..outcomes.rows() {
            let at = |column: &[Option<String>]| column.get(row).cloned().flatten();
            if at(horizons).as_deref() != Some(BASELINE) {
                continue;
            }
            let number = values.get(row).copied().flatten().map(Value::Number);
            let (Some(id), Some(unit), Some(source)) = (at(ids), at(units), at(sources)) else {
                continue;
            };
            if let Some(value) = number.or(at(codes).map(Value::Text)) {
                let from = (source, at(registers).unwrap_or_default());
                self.before.entry(from).or_default().insert((id, unit), value);
            }
        }
        Ok(())
    }

    /// The columns of an analysis's rows.
    pub(super) fn frame(
        &self,
        units: &[Unit<'_>],
        (blocks, analysis): (&[String], &Analysis),
    ) -> Result<Frame, Text> {
        let mut columns = Vec::new();
        for (name, is_text) in &self.names {
            columns.push(match name.as_str() {
                "block" => Column::text(name, blocks.iter().map(|it| Some(it.as_str()))),
                "family" => Column::text(name, units.iter().map(|it| Some(it.family))),
                _ => column(name, *is_text, units.iter().map(|it| self.of(it, name))),
            });
        }
        // Registers are never blended: without a name there is one.
        let named = analysis.register.clone().unwrap_or_default();
        let from = (analysis.source.clone(), named);
        let before = self.before.get(&from).or_else(|| {
            let mut same = self.before.iter().filter(|(key, _)| key.0 == analysis.source);
            let one = same.next().filter(|_| analysis.register.is_none());
            one.filter(|_| same.next().is_none()).map(|(_, it)| it)
        });
        for (id, is_text) in &self.outcomes {
            let value = |unit: &Unit<'_>| {
                let of = |unit_id: &str| before?.get(&(id.clone(), unit_id.to_owned()));
                of(unit.id).or_else(|| of(unit.family)).cloned()
            };
            let name = format!("{id}@{BASELINE}");
            columns.push(column(&name, *is_text, units.iter().map(value)));
        }
        let mut frame = Frame::new(columns)?;
        for it in &self.derived {
            frame.derive(&it.name, &it.sql)?;
        }
        Ok(frame)
    }

    fn of(&self, unit: &Unit<'_>, name: &str) -> Option<Value> {
        self.of_families.get(&(unit.draw, unit.family.to_owned()))?.get(name).cloned()
    }

    /// 1 for those ever offered a place, or who took one; None if that is not logged, or is no such
    /// column.
    pub(super) fn received(&self, units: &[Unit<'_>], name: &str) -> Option<Vec<f64>> {
        let of = self.received.get(name)?;
        let value =
            |it: &Unit<'_>| Some(f64::from(u8::from(of.get(&it.draw)?.contains(it.family))));
        units.iter().map(value).collect()
    }

    /// The office of each unit.
    pub(super) fn offices(&self, units: &[Unit<'_>]) -> Vec<String> {
        let office = |it: &Unit<'_>| match self.of(it, "office") {
            Some(Value::Text(office)) => office,
            _ => String::new(),
        };
        units.iter().map(office).collect()
    }

    /// Weights by which each office counts alike among the units whose outcome is known.
    pub(super) fn office_weights(&self, units: &[Unit<'_>], known: &[bool]) -> Vec<Option<f64>> {
        let offices = self.offices(units);
        let mut sizes: BTreeMap<&String, f64> = BTreeMap::new();
        for (office, _) in offices.iter().zip(known).filter(|(_, known)| **known) {
            *sizes.entry(office).or_default() += 1.0;
        }
        offices.iter().map(|it| Some(1.0 / sizes.get(it).copied().unwrap_or(1.0))).collect()
    }
}

fn column(name: &str, is_text: bool, values: impl Iterator<Item = Option<Value>>) -> Column {
    if is_text {
        let text = |it: Option<Value>| match it? {
            Value::Text(text) => Some(text),
            Value::Number(number) => Some(number.to_string()),
        };
        return Column::text(name, values.map(text));
    }
    let number = |it: Option<Value>| match it? {
        Value::Number(number) => Some(number),
        Value::Text(_) => None,
    };
    Column::real(name, values.map(number))
}
