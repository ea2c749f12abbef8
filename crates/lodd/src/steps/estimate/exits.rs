//! Who died or moved away before the event that is followed could be seen.

use std::collections::BTreeMap;

use jiff::{Span, civil::Date};
use lodd_estimate::Role;

use super::{comparison::Asked, facts::Unit, sample::Measured};

/// The days from the draw to an exit of units of which the event was never seen, where the exit came
/// after they were last known not to have it and by the horizon; nothing unless the estimator tells
/// exits apart.
pub(super) fn left<'u>(
    units: impl Iterator<Item = (Unit<'u>, Measured<'u>)>,
    asked: &Asked<'_>,
) -> Vec<Option<f64>> {
    let analysis = asked.analysis;
    if !analysis.method.takes(Role::Competing.key()) {
        return units.map(|_| None).collect();
    }
    let drawn: BTreeMap<i64, i64> = asked
        .drawn
        .of(&analysis.draws)
        .filter_map(|(draw, _)| Some((draw.draw, i64::from(draw.drawn_on?))))
        .collect();
    let horizon = analysis.horizon();
    let day = |(unit, measured): (Unit<'_>, Measured<'_>)| {
        let Measured { low: Some(low), high: None, .. } = measured else { return None };
        let drawn_on = *drawn.get(&unit.draw)?;
        let days = asked.facts.left_on(&unit)? - drawn_on;
        let in_time = days as f64 >= low && days <= days_to(&horizon, drawn_on)?;
        in_time.then_some(days as f64)
    };
    units.map(day).collect()
}

/// The days from a draw (in days since 1970-01-01) to a horizon: months, or a date.
fn days_to(horizon: &str, drawn_on: i64) -> Option<i64> {
    let epoch = jiff::civil::date(1970, 1, 1);
    let drawn = epoch.checked_add(Span::new().try_days(drawn_on).ok()?).ok()?;
    let target: Date = match horizon.parse::<i64>() {
        Ok(months) => drawn.checked_add(Span::new().try_months(months).ok()?).ok()?,
        Err(_) => horizon.parse().ok()?,
    };
    drawn.until(target).ok().map(|it| i64::from(it.get_days()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_end_with_the_month() {
        // 30 November 2015 and three months: 29 February 2016.
        assert_eq!(days_to("3", 16_769), Some(91));
        assert_eq!(days_to("2016-12-31", 16_769), Some(397));
        assert_eq!(days_to("soon", 16_769), None);
    }
}
