//! Gates: conditions on a portfolio under which a run is to fail.

use std::fmt;
use std::str::FromStr;

use super::{Band, Scope, Tier, Totals};

/// A condition such as `red>15%`; where it holds, the gate is not met.
#[derive(Debug, Clone, PartialEq)]
pub struct FailOn {
    figure: Figure,
    comparison: Comparison,
    bound: f64,
    unit: Unit,
}

/// A figure of a portfolio that a gate can look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Figure {
    Band(Band),
    Tier(Tier),
    AverageHealth,
    Coverage,
    NotScored,
    ArrAtRisk,
    Plays,
    Revenue,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Above,
    AtLeast,
    Below,
    AtMost,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Unit {
    Plain,
    Percent,
}

/// What a gate says of a portfolio.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
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
    #[error("unknown figure `{0}`, expected one of {list}", list = Figure::NAMES.join(", "))]
    Figure(String),
    /// Behind the figure stands neither a comparison with a number nor nothing.
    #[error("`{0}` is no comparison, expected >, >=, < or <= and a number, such as `red>15%`")]
    Comparison(String),
    /// The figure alone is no condition.
    #[error("`{0}` needs a comparison, such as `{0}<60`")]
    Bare(String),
    /// The figure has no percentage.
    #[error("`{0}` is no share, expected a number without %")]
    NoShare(String),
    /// The figure is only given as a percentage.
    #[error("`{0}` is a share, expected a number with %")]
    OnlyShare(String),
}

impl Figure {
    const NAMES: [&str; 13] = [
        "green",
        "yellow",
        "red",
        "critical",
        "high",
        "medium",
        "low",
        "average",
        "coverage",
        "not-scored",
        "arr-at-risk",
        "plays",
        "revenue",
    ];

    fn from_name(name: &str) -> Option<Self> {
        let band = Band::ALL.into_iter().find(|band| band.name() == name).map(Self::Band);
        let tier = Tier::ALL.into_iter().find(|tier| tier.name() == name).map(Self::Tier);
        band.or(tier).or(match name {
            "average" => Some(Self::AverageHealth),
            "coverage" => Some(Self::Coverage),
            "not-scored" => Some(Self::NotScored),
            "arr-at-risk" => Some(Self::ArrAtRisk),
            "plays" => Some(Self::Plays),
            "revenue" => Some(Self::Revenue),
            _ => None,
        })
    }

    fn name(self) -> &'static str {
        match self {
            Self::Band(band) => band.name(),
            Self::Tier(tier) => tier.name(),
            Self::AverageHealth => "average",
            Self::Coverage => "coverage",
            Self::NotScored => "not-scored",
            Self::ArrAtRisk => "arr-at-risk",
            Self::Plays => "plays",
            Self::Revenue => "revenue",
        }
    }

    fn scope(self) -> Scope {
        let none = Scope::default();
        match self {
            Self::Band(_) | Self::AverageHealth | Self::Coverage => Scope { health: true, ..none },
            Self::Tier(_) | Self::ArrAtRisk => Scope { churn: true, ..none },
            Self::NotScored => Scope { health: true, churn: true, ..none },
            Self::Plays | Self::Revenue => Scope { expansion: true, ..none },
        }
    }
}

impl FromStr for FailOn {
    type Err = GateError;

    fn from_str(text: &str) -> Result<Self, GateError> {
        let text = text.trim();
        let end = text.find(['<', '>', '=']).unwrap_or(text.len());
        let (name, condition) = text.split_at(end);
        let name = name.trim().to_lowercase();
        let figure = Figure::from_name(&name).ok_or(GateError::Figure(name))?;
        let counted = matches!(figure, Figure::Band(_) | Figure::Tier(_) | Figure::NotScored);
        if condition.is_empty() {
            if !counted {
                return Err(GateError::Bare(figure.name().to_owned()));
            }
            return Ok(Self { figure, comparison: Comparison::Above, bound: 0.0, unit: Unit::Plain });
        }
        let no_comparison = || GateError::Comparison(condition.to_owned());
        let (comparison, rest) = [
            (">=", Comparison::AtLeast),
            ("<=", Comparison::AtMost),
            (">", Comparison::Above),
            ("<", Comparison::Below),
        ]
        .into_iter()
        .find_map(|(sign, comparison)| Some((comparison, condition.strip_prefix(sign)?)))
        .ok_or_else(no_comparison)?;
        let rest = rest.trim();
        let (number, unit) = match rest.strip_suffix('%') {
            Some(number) => (number.trim_end(), Unit::Percent),
            None => (rest, Unit::Plain),
        };
        let bound = number.parse::<f64>().ok().filter(|bound| bound.is_finite()).ok_or_else(no_comparison)?;
        match (figure, unit) {
            (Figure::AverageHealth | Figure::Plays | Figure::Revenue, Unit::Percent) => {
                Err(GateError::NoShare(figure.name().to_owned()))
            }
            (Figure::Coverage, Unit::Plain) => Err(GateError::OnlyShare(figure.name().to_owned())),
            _ => Ok(Self { figure, comparison, bound, unit }),
        }
    }
}

impl fmt::Display for FailOn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = match self.comparison {
            Comparison::Above => ">",
            Comparison::AtLeast => ">=",
            Comparison::Below => "<",
            Comparison::AtMost => "<=",
        };
        write!(f, "{}{sign}{}{}", self.figure.name(), self.bound, self.suffix())
    }
}

impl FailOn {
    /// What stands behind figures in the unit of the gate.
    pub fn suffix(&self) -> &'static str {
        match self.unit {
            Unit::Plain => "",
            Unit::Percent => "%",
        }
    }

    /// The name of the figure.
    pub fn figure(&self) -> &'static str {
        self.figure.name()
    }

    /// What must be in scope for the figure to be computed.
    pub fn scope(&self) -> Scope {
        self.figure.scope()
    }

    /// What the gate says of a portfolio. An empty one has no figure, and one without a scored account only the count of those.
    pub fn judge(&self, totals: &Totals) -> Verdict {
        let Some(found) = self.found(totals) else { return Verdict::Withheld };
        let holds = match self.comparison {
            Comparison::Above => found > self.bound,
            Comparison::AtLeast => found >= self.bound,
            Comparison::Below => found < self.bound,
            Comparison::AtMost => found <= self.bound,
        };
        if holds { Verdict::NotMet { found } } else { Verdict::Met }
    }

    fn found(&self, totals: &Totals) -> Option<f64> {
        if totals.all.accounts == 0 {
            return None;
        }
        let tallied = |tally: super::Tally, all: &super::Tally| {
            (all.accounts > 0).then(|| match self.unit {
                Unit::Plain => tally.accounts as f64,
                // Multiplied first: 7 of 25 are 28 %, while 7 ÷ 25 × 100 is a little more.
                Unit::Percent => tally.accounts as f64 * 100.0 / all.accounts as f64,
            })
        };
        match self.figure {
            Figure::Band(band) => tallied(totals.band(band), &totals.health.scored),
            Figure::Tier(tier) => tallied(totals.tier(tier), &totals.churn.scored),
            Figure::NotScored => tallied(totals.not_scored, &totals.all),
            Figure::AverageHealth => totals.health.average(),
            Figure::Coverage => totals.health.coverage().map(|coverage| (coverage * 1e11).round() / 1e9),
            Figure::ArrAtRisk => match self.unit {
                Unit::Plain => (totals.churn.scored.accounts > 0).then_some(totals.churn.arr_at_risk),
                Unit::Percent => {
                    let arr = totals.churn.scored.arr;
                    (arr > 0.0).then(|| totals.churn.arr_at_risk * 100.0 / arr)
                }
            },
            Figure::Plays => Some(totals.expansion.total.plays as f64),
            Figure::Revenue => Some(totals.expansion.total.revenue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Profile, Segments};
    use crate::analysis::Tally;

    fn totals(green: u64, red: u64) -> Totals {
        let mut totals = Totals::new(&Segments::new(vec![("smb".into(), "SMB".into())], Profile(0)));
        let tally = |accounts| Tally { accounts, arr: 0.0 };
        totals.all = tally(green + red);
        totals.health.all = tally(green + red);
        totals.health.scored = tally(green + red);
        totals.health.bands = [tally(green), tally(0), tally(red)];
        totals
    }

    #[test]
    fn gates_hold_exactly_at_their_bounds() {
        for (gate, met) in [
            ("red", false),
            ("yellow", true),
            ("red>1", true),
            ("red>=1", false),
            ("red>25%", true),
            ("red >= 25 %", false),
            ("red<25%", true),
            ("RED<=25%", false),
            ("green<75%", true),
            ("green<75.1%", false),
        ] {
            let verdict = gate.parse::<FailOn>().expect("a gate").judge(&totals(3, 1));
            assert_eq!(verdict == Verdict::Met, met, "{gate}");
        }
    }

    #[test]
    fn shares_do_not_stray_from_their_bounds() {
        for (green, red) in [(18, 7), (43, 57), (93, 7)] {
            let share = red * 100 / (green + red);
            for (gate, met) in [(format!("red>{share}%"), true), (format!("red>={share}%"), false)] {
                let verdict = gate.parse::<FailOn>().expect("a gate").judge(&totals(green, red));
                assert_eq!(verdict == Verdict::Met, met, "{gate}");
            }
        }
    }

    #[test]
    fn a_figure_of_nothing_is_withheld() {
        for gate in ["red", "red>10%", "arr-at-risk>5%", "average<60"] {
            assert_eq!(gate.parse::<FailOn>().expect("a gate").judge(&totals(0, 0)), Verdict::Withheld, "{gate}");
        }
        assert_eq!("arr-at-risk>5%".parse::<FailOn>().expect("a gate").judge(&totals(1, 0)), Verdict::Withheld);
    }

    #[test]
    fn shares_are_of_the_accounts_that_are_scored() {
        let mut totals = totals(3, 1);
        let not_scored = Tally { accounts: 4, arr: 0.0 };
        totals.all.accounts += 4;
        totals.health.all.accounts += 4;
        totals.health.not_scored = not_scored;
        totals.not_scored = not_scored;
        for (gate, met) in [
            ("red>25%", true),
            ("red>=25%", false),
            ("not-scored", false),
            ("not-scored>4", true),
            ("not-scored>=4", false),
            ("not-scored>50%", true),
            ("NOT-SCORED >= 50 %", false),
        ] {
            let verdict = gate.parse::<FailOn>().expect("a gate").judge(&totals);
            assert_eq!(verdict == Verdict::Met, met, "{gate}");
        }
    }

    #[test]
    fn where_none_is_scored_only_that_is_judged() {
        let not_scored = Tally { accounts: 4, arr: 100.0 };
        let mut totals = totals(0, 0);
        (totals.all, totals.health.all, totals.churn.all) = (not_scored, not_scored, not_scored);
        (totals.not_scored, totals.health.not_scored, totals.churn.not_scored) = (not_scored, not_scored, not_scored);
        for gate in [
            "red",
            "red<=10%",
            "critical>=0",
            "high>1%",
            "average>0",
            "coverage<50%",
            "arr-at-risk>=0",
            "arr-at-risk>5%",
        ] {
            assert_eq!(gate.parse::<FailOn>().expect("a gate").judge(&totals), Verdict::Withheld, "{gate}");
        }
        let verdict = "not-scored>=100%".parse::<FailOn>().expect("a gate").judge(&totals);
        assert_eq!(verdict, Verdict::NotMet { found: 100.0 });
    }

    #[test]
    fn what_is_no_gate_is_named() {
        for (gate, message) in [
            (
                "purple",
                "unknown figure `purple`, expected one of green, yellow, red, critical, high, medium, low, average, coverage, not-scored, arr-at-risk, plays, revenue",
            ),
            ("red=5", "`=5` is no comparison, expected >, >=, < or <= and a number, such as `red>15%`"),
            ("red>lots", "`>lots` is no comparison, expected >, >=, < or <= and a number, such as `red>15%`"),
            ("red>inf", "`>inf` is no comparison, expected >, >=, < or <= and a number, such as `red>15%`"),
            ("not-scored>lots", "`>lots` is no comparison, expected >, >=, < or <= and a number, such as `red>15%`"),
            ("average", "`average` needs a comparison, such as `average<60`"),
            ("average<60%", "`average` is no share, expected a number without %"),
            ("coverage<60", "`coverage` is a share, expected a number with %"),
        ] {
            assert_eq!(gate.parse::<FailOn>().expect_err(gate).to_string(), message);
        }
    }
}
