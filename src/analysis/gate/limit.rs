//! What a figure is held against.

use std::fmt;
use std::str::FromStr;

/// A comparison with a number, such as `>15%` or `<= 0.7`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    comparison: Comparison,
    bound: f64,
    unit: Unit,
}

/// What the number of a limit counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// The unit of the figure.
    Plain,
    /// Percent of a whole.
    Percent,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Above,
    AtLeast,
    Below,
    AtMost,
}

/// A text is no comparison with a finite number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected >, >=, < or <= and a number")]
pub struct LimitError;

impl Limit {
    /// What any that there is exceeds: `>0`.
    pub const NONE: Self = Self { comparison: Comparison::Above, bound: 0.0, unit: Unit::Plain };

    /// What its number counts in.
    pub fn unit(self) -> Unit {
        self.unit
    }

    /// Whether a figure, in the unit of the limit, is as the comparison says.
    pub fn holds(self, found: f64) -> bool {
        match self.comparison {
            Comparison::Above => found > self.bound,
            Comparison::AtLeast => found >= self.bound,
            Comparison::Below => found < self.bound,
            Comparison::AtMost => found <= self.bound,
        }
    }

    /// A figure with two decimals, or with as many as it takes to be on its side of the bound still.
    pub fn round(self, found: f64) -> f64 {
        let rounded = [1e2, 1e3, 1e4, 1e6, 1e9].into_iter().map(|scale| (found * scale).round() / scale);
        rounded.into_iter().find(|rounded| self.holds(*rounded) == self.holds(found)).unwrap_or(found)
    }
}

impl Unit {
    /// What stands behind figures.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Percent => "%",
        }
    }
}

impl FromStr for Limit {
    type Err = LimitError;

    fn from_str(text: &str) -> Result<Self, LimitError> {
        let text = text.trim();
        let (comparison, rest) = [
            (">=", Comparison::AtLeast),
            ("<=", Comparison::AtMost),
            (">", Comparison::Above),
            ("<", Comparison::Below),
        ]
        .into_iter()
        .find_map(|(sign, comparison)| Some((comparison, text.strip_prefix(sign)?)))
        .ok_or(LimitError)?;
        let rest = rest.trim();
        let (number, unit) = match rest.strip_suffix('%') {
            Some(number) => (number.trim_end(), Unit::Percent),
            None => (rest, Unit::Plain),
        };
        let bound = number.parse::<f64>().ok().filter(|bound| bound.is_finite()).ok_or(LimitError)?;
        Ok(Self { comparison, bound, unit })
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.comparison {
            Comparison::Above => ">",
            Comparison::AtLeast => ">=",
            Comparison::Below => "<",
            Comparison::AtMost => "<=",
        };
        write!(f, "{sign}{}{}", self.bound, self.unit.suffix())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(text: &str) -> Limit {
        text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn a_limit_holds_exactly_at_its_bound() {
        for (text, below, on, above) in [
            (">0.7", false, false, true),
            (">= 0.7", false, true, true),
            (" <0.7", true, false, false),
            ("<=0.7 %", true, true, false),
        ] {
            let found = [0.699_999, 0.7, 0.700_001].map(|found| limit(text).holds(found));
            assert_eq!(found, [below, on, above], "{text}");
        }
        assert!(!Limit::NONE.holds(0.0) && Limit::NONE.holds(1.0));
    }

    #[test]
    fn a_limit_is_written_as_it_is_read() {
        for (text, written) in [(" >= 15 %", ">=15%"), ("<0.70", "<0.7"), (">-1", ">-1"), ("<=1e3", "<=1000")] {
            assert_eq!(limit(text).to_string(), written);
            assert_eq!(limit(written), limit(text));
        }
    }

    #[test]
    fn what_is_no_limit_is_refused() {
        for text in ["", "0.7", "=5", "==5", ">", ">%", "><5", "> lots", ">inf", "<nan", ">1e999", ">5%%", ">5 6"] {
            assert_eq!(text.parse::<Limit>(), Err(LimitError), "{text}");
        }
    }

    #[test]
    fn a_rounded_figure_stays_on_its_side() {
        for (text, found, rounded) in [
            ("<0.7", 0.654_321, 0.65),
            ("<0.7", 0.698_7, 0.699),
            ("<0.7", 0.699_96, 0.699_96),
            (">15%", 15.004, 15.004),
            (">=15%", 15.004, 15.0),
            ("<0.7", 0.699_999_999_99, 0.699_999_999_99),
            (">5", f64::INFINITY, f64::INFINITY),
        ] {
            assert_eq!(limit(text).round(found), rounded, "{text} of {found}");
        }
    }
}
