//! Figures: one pure function a figure, from values of the model to a drawing with its words. Nothing
//! is told by colour alone.

pub(crate) mod balance;
pub(crate) mod curves;
pub(crate) mod flow;
pub(crate) mod forest;
mod ink;
pub(crate) mod letters;
pub(crate) mod paths;
mod plot;
pub(crate) mod power;
mod scale;
pub(crate) mod states;
pub(crate) mod svg;
pub(crate) mod transitions;

use crate::{
    model::Report,
    table::{Fact, Table},
    wording::Words,
};

/// A figure, drawn.
#[derive(Clone, Debug)]
pub(crate) struct Figure {
    pub(crate) number: u32,
    pub(crate) title: String,
    /// What it shows, for those who do not see it.
    pub(crate) description: String,
    /// An `<svg>` element with its title and description, without a namespace.
    pub(crate) svg: String,
    /// Its numbers, where no other table of the report has them.
    pub(crate) table: Option<Table>,
    /// Unit, source, cut, and where its numbers stand.
    pub(crate) meta: Vec<Fact>,
}

/// What the arm at a place is called, the last with the word for the control.
fn arm_name(words: Words, report: &Report, place: usize) -> String {
    let name = report.arms.get(place).map_or("", |arm| arm.name.get(words.lang));
    if place + 1 == report.arms.len() {
        format!("{name} ({})", words.t.control)
    } else {
        name.to_owned()
    }
}
