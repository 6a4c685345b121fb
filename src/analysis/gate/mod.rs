//! Gates: conditions on figures under which a run is to fail.

mod limit;
mod portfolio;

use std::fmt;
use std::str::FromStr;

pub use limit::{Limit, LimitError, Unit};
pub use portfolio::PortfolioFigure;

/// A figure that a gate can look at.
pub trait GateFigure: Copy + 'static {
    /// What has the figure.
    type Of;

    /// All figures, as they are to be listed.
    const ALL: &'static [Self];

    /// The name by which a gate asks for it.
    fn name(self) -> &'static str;

    /// What it can be held against.
    fn measure(self) -> Measure;

    /// A gate that looks at it.
    fn example(self) -> &'static str;

    /// The figure in a unit that its measure allows; `None` where there is nothing to compute it from.
    fn found(self, of: &Self::Of, unit: Unit) -> Option<f64>;
}

/// What a figure can be held against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// A count, or its share in percent. Alone, the figure stands for any at all.
    Count,
    /// A number, or a share in percent.
    Part,
    /// A number.
    Number,
    /// A share in percent.
    Percentage,
}

/// A condition such as `red>15%`; where it holds, the gate is not met.
#[derive(Debug, Clone, PartialEq)]
pub struct FailOn<F> {
    figure: F,
    limit: Limit,
}

/// What a gate says.
#[derive(Debug, Clone, PartialEq)]
pub enum Judgement {
    /// The condition does not hold: all is well.
    Met,
    /// The condition holds.
    NotMet {
        /// The figure that was found, in the unit of the gate.
        found: f64,
    },
    /// There is nothing to compute the figure from.
    Withheld,
}

/// Why a text is no gate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// The figure is not known.
    #[error("unknown figure `{found}`, expected one of {list}", list = allowed.join(", "))]
    Figure {
        /// What stands for a figure.
        found: String,
        /// The names of the figures.
        allowed: Vec<&'static str>,
    },
    /// Behind the figure stands neither a comparison with a number nor nothing.
    #[error("`{found}` is no comparison, {error}, such as `{example}`")]
    Comparison {
        /// What stands behind the figure.
        found: String,
        /// What is expected there.
        error: LimitError,
        /// A gate on that figure.
        example: &'static str,
    },
    /// The figure alone is no condition.
    #[error("`{figure}` needs a comparison, such as `{example}`")]
    Bare {
        /// The figure.
        figure: &'static str,
        /// A gate on it.
        example: &'static str,
    },
    /// The figure has no percentage.
    #[error("`{0}` is no share, expected a number without %")]
    NoShare(&'static str),
    /// The figure is only given as a percentage.
    #[error("`{0}` is a share, expected a number with %")]
    OnlyShare(&'static str),
}

impl<F: GateFigure> FromStr for FailOn<F> {
    type Err = GateError;

    fn from_str(text: &str) -> Result<Self, GateError> {
        let text = text.trim();
        let (name, condition) = text.split_at(text.find(['<', '>', '=']).unwrap_or(text.len()));
        let name = name.trim().to_lowercase();
        let figure = F::ALL.iter().copied().find(|figure| figure.name() == name);
        let Some(figure) = figure else {
            return Err(GateError::Figure {
                found: name,
                allowed: F::ALL.iter().map(|figure| figure.name()).collect(),
            });
        };
        let limit = match figure.measure() {
            Measure::Count if condition.is_empty() => Limit::NONE,
            _ if condition.is_empty() => {
                return Err(GateError::Bare { figure: figure.name(), example: figure.example() });
            }
            _ => condition.parse::<Limit>().map_err(|error| GateError::Comparison {
                found: condition.to_owned(),
                error,
                example: figure.example(),
            })?,
        };
        match (figure.measure(), limit.unit()) {
            (Measure::Number, Unit::Percent) => Err(GateError::NoShare(figure.name())),
            (Measure::Percentage, Unit::Plain) => Err(GateError::OnlyShare(figure.name())),
            _ => Ok(Self { figure, limit }),
        }
    }
}

impl<F: GateFigure> fmt::Display for FailOn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.figure.name(), self.limit)
    }
}

impl<F: GateFigure> FailOn<F> {
    /// The figure.
    pub fn figure(&self) -> F {
        self.figure
    }

    /// What the figure is held against.
    pub fn limit(&self) -> Limit {
        self.limit
    }

    /// What the gate says of what has the figure.
    pub fn judge(&self, of: &F::Of) -> Judgement {
        match self.figure.found(of, self.limit.unit()) {
            None => Judgement::Withheld,
            Some(found) if self.limit.holds(found) => Judgement::NotMet { found },
            Some(_) => Judgement::Met,
        }
    }
}

/// A figure without the last digits, which are those of its computation: 0.3 ÷ 0.1 is 3, and no less.
pub fn settled(figure: f64) -> f64 {
    (figure * 1e9).round() / 1e9
}
