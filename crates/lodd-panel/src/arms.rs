//! The arms of a comparison over time.
//!
//! How things were at the start and how they are later says nothing of an effect: families whose list
//! was made in a bad month get better on their own. So no text compares two times without the control
//! beside it: it takes [`Arms`], and these are two at the least.

use crate::expression::quoted;

/// Arms to be shown together, the control last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arms(Vec<String>);

/// Why arms can't be compared over time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ArmsError {
    /// A comparison of two times needs the control beside it.
    #[error("before and after can't be shown of {} alone: the control must stand beside it", .found.as_deref().unwrap_or("no arm"))]
    WithoutControl {
        /// The only arm, if there is one.
        found: Option<String>,
    },
    /// An arm is named twice.
    #[error("arm `{arm}` must stand once")]
    Twice {
        /// Which.
        arm: String,
    },
}

impl Arms {
    /// Arms by label, the control last.
    ///
    /// # Errors
    ///
    /// With fewer than two, or one of them twice.
    ///
    /// ```
    /// use lodd_panel::arms::Arms;
    ///
    /// assert!(Arms::new(["follow-up", "ordinary"]).is_ok());
    /// assert!(Arms::new(["follow-up"]).is_err(), "before and after, without the control");
    /// ```
    pub fn new<T: Into<String>>(labels: impl IntoIterator<Item = T>) -> Result<Self, ArmsError> {
        let labels: Vec<String> = labels.into_iter().map(Into::into).collect();
        if labels.len() < 2 {
            return Err(ArmsError::WithoutControl { found: labels.into_iter().next() });
        }
        let again = |at: usize, arm: &String| labels.iter().take(at).any(|it| it == arm);
        if let Some((_, arm)) = labels.iter().enumerate().find(|(at, arm)| again(*at, arm)) {
            return Err(ArmsError::Twice { arm: arm.clone() });
        }
        Ok(Self(labels))
    }

    /// The labels, in order.
    pub fn labels(&self) -> &[String] {
        &self.0
    }

    /// Rows `arm, arm_order` for a common table expression.
    pub(crate) fn rows(&self) -> String {
        let row = |(order, arm): (usize, &String)| {
            format!("  SELECT {} AS arm, {order} AS arm_order", quoted(arm))
        };
        (1..).zip(&self.0).map(row).collect::<Vec<_>>().join("\n  UNION ALL\n")
    }
}
