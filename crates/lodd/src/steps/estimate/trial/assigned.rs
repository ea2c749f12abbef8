//! Who was assigned what, as the table and the plan say.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    frame::{Frame, Wrong},
    plan::trial::Stated,
    text::say,
};

/// Who was assigned what; one element a row of the table in each.
pub(super) struct Assigned {
    pub(super) arm: Vec<String>,
    pub(super) control: String,
    /// The name of the effect's term, where the treatment is 0 and 1.
    pub(super) name: Option<String>,
    pub(super) block: Option<Vec<String>>,
    pub(super) cluster: Option<Vec<String>>,
    /// What each unit is ordered by, which does not follow from the order of the rows.
    pub(super) key: Vec<String>,
}

impl Assigned {
    pub(super) fn of(stated: &Stated, frame: &Frame) -> Result<Self, Wrong> {
        let must = |name: &String| -> Result<Vec<String>, Wrong> {
            let labels = frame.labels(name)?;
            let missing = labels.iter().position(Option::is_none);
            match missing {
                Some(row) => Err(super::super::arrays::absent(name, row)),
                None => Ok(labels.into_iter().flatten().collect()),
            }
        };
        let arm = must(&stated.treatment)?;
        let block = stated.block.as_ref().map(must).transpose()?;
        let cluster = stated.cluster.as_ref().map(must).transpose()?;
        if let Some(wrong) = split(cluster.as_deref(), &arm) {
            return Err(wrong);
        }
        let of_block = |row: usize| block.as_ref().and_then(|it| it.get(row)).map_or("", |it| it);
        let key = match &cluster {
            Some(cluster) => {
                (0..).zip(cluster).map(|(row, it)| format!("{}\u{1}{it}", of_block(row))).collect()
            }
            None => row_keys(frame, block.as_deref(), &arm)?,
        };
        let name = stated.control.is_none().then(|| stated.treatment.clone());
        let control = stated.control.clone().unwrap_or_else(|| "0".to_owned());
        Ok(Self { arm, control, name, block, cluster, key })
    }

    pub(super) fn treated_arms(&self) -> Vec<&str> {
        let arms: BTreeSet<&str> = self.arm.iter().map(String::as_str).collect();
        arms.into_iter().filter(|it| *it != self.control).collect()
    }
}

/// The first row of a cluster that is in two arms.
fn split(cluster: Option<&[String]>, arm: &[String]) -> Option<Wrong> {
    let mut arms = BTreeMap::new();
    let rows = cluster?.iter().zip(arm).enumerate();
    let (row, (label, _)) =
        rows.into_iter().find(|(_, (label, arm))| *arms.entry(*label).or_insert(*arm) != *arm)?;
    let why = say!(
        "klyngen `{label}` må være i én arm",
        nn "klyngja `{label}` må vere i éin arm",
        "cluster `{label}` must be in one arm"
    );
    Some(Wrong { row: Some(row), why })
}

/// Each row's whole content, with the number of the like before it: rows that are the same in
/// every respect may change places.
fn row_keys(frame: &Frame, block: Option<&[String]>, arm: &[String]) -> Result<Vec<String>, Wrong> {
    let mut keys: Vec<String> = (0..frame.rows())
        .map(|row| {
            let block = block.and_then(|it| it.get(row)).map_or("", String::as_str);
            format!("{block}\u{1}{}", arm.get(row).map_or("", String::as_str))
        })
        .collect();
    let names: Vec<String> = frame.names().map(str::to_owned).collect();
    for name in names {
        for (key, label) in keys.iter_mut().zip(frame.labels(&name)?) {
            key.push('\u{1}');
            key.push_str(&label.unwrap_or_default());
        }
    }
    let mut seen = BTreeMap::new();
    for key in &mut keys {
        let before: &mut u32 = seen.entry(key.clone()).or_insert(0);
        let nth = format!("\u{1}{before:09}");
        key.push_str(&nth);
        *before += 1;
    }
    Ok(keys)
}

/// The place of each label among the labels in their sorted order.
pub(super) fn places(labels: &[String]) -> Vec<u32> {
    let sorted: BTreeSet<&String> = labels.iter().collect();
    let sorted: Vec<&String> = sorted.into_iter().collect();
    let place = |it: &String| sorted.binary_search(&it).unwrap_or_default();
    labels.iter().map(|it| u32::try_from(place(it)).unwrap_or(u32::MAX)).collect()
}
