//! An axis: a range of values in round steps, laid over a range of places.

use crate::format::Format;

/// A linear axis. `from` and `to` are the places of its ends.
#[derive(Clone, Debug)]
pub(crate) struct Scale {
    low: f64,
    step: f64,
    steps: u32,
    from: f64,
    to: f64,
}

impl Scale {
    /// An axis from round number to round number that covers all values, in about `parts` steps of
    /// 1, 2 or 5 times a power of ten.
    pub(crate) fn covering(
        values: impl IntoIterator<Item = f64>,
        parts: u32,
        (from, to): (f64, f64),
    ) -> Self {
        let ends = values.into_iter().filter(|it| it.is_finite()).fold(None, |ends, it| {
            let (low, high): (f64, f64) = ends.unwrap_or((it, it));
            Some((low.min(it), high.max(it)))
        });
        let (low, high) = ends.unwrap_or((0.0, 1.0));
        let span = if high > low { high - low } else { 1.0 };
        let step = nice(span / f64::from(parts.max(1)));
        // A value on a step stays on it, whatever its last binary digit.
        let low = (low / step + 1e-9).floor() * step;
        let steps = ((high - low) / step - 1e-9).ceil().clamp(1.0, 40.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 1 to 40"
        )]
        Self { low, step, steps: steps as u32, from, to }
    }

    /// An axis with this step; the ends are whole steps.
    pub(crate) fn stepped((low, high): (f64, f64), step: f64, ends: (f64, f64)) -> Self {
        let steps = ((high - low) / step - 1e-9).ceil().clamp(1.0, 40.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "clamped to 1 to 40"
        )]
        Self { low, step, steps: steps as u32, from: ends.0, to: ends.1 }
    }

    /// Where a value stands.
    pub(crate) fn at(&self, value: f64) -> f64 {
        let share = (value - self.low) / (self.step * f64::from(self.steps));
        self.from + share * (self.to - self.from)
    }

    /// The values with a tick, ascending.
    pub(crate) fn ticks(&self) -> impl Iterator<Item = f64> + '_ {
        (0..=self.steps).map(|n| {
            let value = self.low + f64::from(n) * self.step;
            // Not 5e-17 for 0.
            if value.abs() < self.step * 1e-9 { 0.0 } else { value }
        })
    }

    /// A tick's value times `factor`, with the decimals that the step needs.
    pub(crate) fn label(&self, value: f64, factor: f64, format: Format) -> String {
        let step = self.step * factor;
        let mut places = 0;
        let mut scaled = step;
        while places < 6 && (scaled - scaled.round()).abs() > 1e-6 * scaled.abs() {
            places += 1;
            scaled *= 10.0;
        }
        format.decimal(value * factor, places)
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is not below `x > 0`.
fn nice(x: f64) -> f64 {
    // Powers by multiplication: the same on every machine.
    let mut power = 1.0_f64;
    while power > x && power > 1e-12 {
        power /= 10.0;
    }
    while power * 10.0 <= x && power < 1e15 {
        power *= 10.0;
    }
    let times = [1.0, 2.0, 5.0].into_iter().find(|it| it * power >= x * (1.0 - 1e-9));
    times.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Lang;

    #[test]
    fn steps_are_one_two_or_five() {
        let steps = [0.1, 0.101, 0.3, 7.0, 0.05, 1000.0].map(nice);
        for (step, expected) in steps.into_iter().zip([0.1, 0.2, 0.5, 10.0, 0.05, 1000.0]) {
            assert!((step / expected - 1.0).abs() < 1e-9, "{step} is not {expected}");
        }
    }

    #[test]
    fn ticks_cover_the_values_and_read_as_round_numbers() {
        let format = Format::new(Lang::En);
        let scale = Scale::covering([-0.0801, 0.1421, 0.0], 5, (100.0, 300.0));
        let labels: Vec<String> = scale.ticks().map(|it| scale.label(it, 100.0, format)).collect();
        assert_eq!(labels, ["−10", "−5", "0", "5", "10", "15"]);
        assert!((scale.at(0.15) - 300.0).abs() < 1e-9);
        assert!((scale.at(-0.1) - 100.0).abs() < 1e-9);
        let fine = Scale::covering([0.0, 0.011], 5, (0.0, 1.0));
        let labels: Vec<String> = fine.ticks().map(|it| fine.label(it, 1.0, format)).collect();
        assert_eq!(labels.first().map(String::as_str), Some("0.000"));
        assert_eq!(labels.get(1).map(String::as_str), Some("0.005"));
    }
}
