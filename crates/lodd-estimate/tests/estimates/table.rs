//! A table of text with names, and the arrays an analysis needs from it.

use std::collections::BTreeMap;

use lodd_estimate::{Column, Covariate, Offers, Rows, Sample, Taken};

/// A place taken and kept, or not taken.
pub(crate) fn kept(taken: bool) -> Taken {
    if taken { Taken::Kept } else { Taken::No }
}

/// Columns by name, as text.
#[derive(Clone)]
pub(crate) struct Table {
    pub(crate) columns: BTreeMap<String, Vec<String>>,
}

/// The arrays of one analysis, in the order of a table's rows.
#[derive(Clone, Default)]
pub(crate) struct Arrays {
    pub(crate) y: Vec<f64>,
    pub(crate) treated: Vec<bool>,
    pub(crate) unit: Vec<u32>,
    pub(crate) block: Option<Vec<u32>>,
    pub(crate) cluster: Option<Vec<u32>>,
    pub(crate) covariates: Vec<Covariate>,
    pub(crate) weights: Option<Vec<f64>>,
    pub(crate) columns: Vec<Column>,
    /// What became of the row's place, and the places of its list.
    pub(crate) offers: Option<(Vec<Taken>, Vec<u32>)>,
}

impl Arrays {
    /// One row a unit.
    pub(crate) fn new(y: &[f64], treated: &[bool]) -> Self {
        let unit = (0..y.len() as u32).collect();
        Self { y: y.to_vec(), treated: treated.to_vec(), unit, ..Self::default() }
    }

    pub(crate) fn rows(&self) -> Rows<'_> {
        Rows {
            y: &self.y,
            treated: &self.treated,
            unit: &self.unit,
            block: self.block.as_deref(),
            cluster: self.cluster.as_deref(),
            cluster_spans_arms: false,
            covariates: &self.covariates,
            weights: self.weights.as_deref(),
            columns: &self.columns,
            offers: self.offers.as_ref().map(|(taken, places)| Offers { taken, places }),
        }
    }

    pub(crate) fn sample(&self) -> Sample {
        Sample::new(self.rows()).unwrap()
    }

    /// The same rows in another order.
    pub(crate) fn permuted(&self, order: &[usize]) -> Self {
        fn pick<T: Copy>(column: &[T], order: &[usize]) -> Vec<T> {
            order.iter().map(|&row| column[row]).collect()
        }
        let covariate =
            |it: &Covariate| Covariate { name: it.name.clone(), values: pick(&it.values, order) };
        Self {
            y: pick(&self.y, order),
            treated: pick(&self.treated, order),
            unit: pick(&self.unit, order),
            block: self.block.as_ref().map(|it| pick(it, order)),
            cluster: self.cluster.as_ref().map(|it| pick(it, order)),
            covariates: self.covariates.iter().map(covariate).collect(),
            weights: self.weights.as_ref().map(|it| pick(it, order)),
            columns: self
                .columns
                .iter()
                .map(|it| Column { values: pick(&it.values, order), ..it.clone() })
                .collect(),
            offers: self.offers.as_ref().map(|it| (pick(&it.0, order), pick(&it.1, order))),
        }
    }

    /// The same rows with the arms exchanged.
    pub(crate) fn swapped(&self) -> Self {
        Self { treated: self.treated.iter().map(|it| !it).collect(), ..self.clone() }
    }
}

impl Table {
    /// Reads a file of tests/reference. Its cells hold no commas and no quotes.
    pub(crate) fn read(text: &str) -> Self {
        let cells = |line: &str| -> Vec<String> {
            line.split(',').map(|it| it.trim_matches('"').to_owned()).collect()
        };
        let mut lines = text.lines();
        let names = cells(lines.next().unwrap());
        let mut columns: BTreeMap<String, Vec<String>> =
            names.iter().map(|name| (name.clone(), Vec::new())).collect();
        for line in lines {
            let row = cells(line);
            assert_eq!(row.len(), names.len(), "{line}");
            for (name, cell) in names.iter().zip(row) {
                columns.get_mut(name).unwrap().push(cell);
            }
        }
        Self { columns }
    }

    pub(crate) fn text(&self, name: &str) -> &[String] {
        &self.columns[name]
    }

    pub(crate) fn numbers(&self, name: &str) -> Vec<f64> {
        self.text(name).iter().map(|it| it.parse().unwrap()).collect()
    }

    pub(crate) fn flags(&self, name: &str) -> Vec<bool> {
        self.text(name).iter().map(|it| it == "1").collect()
    }

    /// Labels as numbers, in the labels' sorted order.
    pub(crate) fn codes(&self, name: &str) -> Vec<u32> {
        let levels = self.levels(name);
        let code = |it: &String| levels.binary_search(&it.as_str()).unwrap() as u32;
        self.text(name).iter().map(code).collect()
    }

    fn levels(&self, name: &str) -> Vec<&str> {
        let mut levels: Vec<&str> = self.text(name).iter().map(String::as_str).collect();
        levels.sort_unstable();
        levels.dedup();
        levels
    }

    /// Keeps the rows for which `keep`, given the row's cells by name, is true.
    pub(crate) fn filter(&self, keep: impl Fn(&dyn Fn(&str) -> String) -> bool) -> Self {
        let rows = self.columns.values().next().unwrap().len();
        let kept: Vec<usize> =
            (0..rows).filter(|&row| keep(&|name| self.columns[name][row].clone())).collect();
        let pick = |cells: &Vec<String>| kept.iter().map(|&row| cells[row].clone()).collect();
        Self { columns: self.columns.iter().map(|(name, it)| (name.clone(), pick(it))).collect() }
    }

    /// Covariates by the words of a specification: a column, `2*column` or `factor(column)`.
    pub(crate) fn covariates(&self, words: &[String]) -> Vec<Covariate> {
        words.iter().flat_map(|word| self.covariate(word)).collect()
    }

    fn covariate(&self, word: &str) -> Vec<Covariate> {
        let one = |values| vec![Covariate { name: word.to_owned(), values }];
        if let Some(name) = word.strip_prefix("factor(").and_then(|it| it.strip_suffix(')')) {
            return self.levels(name)[1..]
                .iter()
                .map(|level| Covariate {
                    name: format!("{name}{level}"),
                    values: self
                        .text(name)
                        .iter()
                        .map(|it| f64::from(u8::from(it == level)))
                        .collect(),
                })
                .collect();
        }
        match word.strip_prefix("2*") {
            Some(name) => one(self.numbers(name).iter().map(|it| 2.0 * it).collect()),
            None => one(self.numbers(word)),
        }
    }
}
