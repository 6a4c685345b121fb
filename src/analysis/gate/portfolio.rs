//! Gates on a portfolio.

use super::{GateFigure, Measure, Unit, settled};
use crate::analysis::{Band, Scope, Tally, Tier, Totals};

/// A figure of a portfolio that a gate can look at. An empty portfolio has none, and one without a scored account only the count of
/// those.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PortfolioFigure {
    /// Accounts of a band of health, of those that are scored.
    Band(Band),
    /// Accounts of a tier of churn risk, of those that are scored.
    Tier(Tier),
    /// The average health.
    AverageHealth,
    /// How much of the models' weight the data covers.
    Coverage,
    /// Accounts that are not scored, of all.
    NotScored,
    /// ARR at risk, of that of the scored accounts.
    ArrAtRisk,
    /// Expansion plays.
    Plays,
    /// The revenue of expansion plays.
    Revenue,
}

impl PortfolioFigure {
    /// What must be in scope for the figure to be computed.
    pub fn scope(self) -> Scope {
        let none = Scope::default();
        match self {
            Self::Band(_) | Self::AverageHealth | Self::Coverage => Scope { health: true, ..none },
            Self::Tier(_) | Self::ArrAtRisk => Scope { churn: true, ..none },
            Self::NotScored => Scope { health: true, churn: true, ..none },
            Self::Plays | Self::Revenue => Scope { expansion: true, ..none },
        }
    }
}

impl GateFigure for PortfolioFigure {
    type Of = Totals;

    const ALL: &'static [Self] = &[
        Self::Band(Band::Green),
        Self::Band(Band::Yellow),
        Self::Band(Band::Red),
        Self::Tier(Tier::Critical),
        Self::Tier(Tier::High),
        Self::Tier(Tier::Medium),
        Self::Tier(Tier::Low),
        Self::AverageHealth,
        Self::Coverage,
        Self::NotScored,
        Self::ArrAtRisk,
        Self::Plays,
        Self::Revenue,
    ];

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

    fn measure(self) -> Measure {
        match self {
            Self::Band(_) | Self::Tier(_) | Self::NotScored => Measure::Count,
            Self::ArrAtRisk => Measure::Part,
            Self::AverageHealth | Self::Plays | Self::Revenue => Measure::Number,
            Self::Coverage => Measure::Percentage,
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Band(Band::Green) => "green<60%",
            Self::Band(Band::Yellow) => "yellow>30%",
            Self::Band(Band::Red) => "red>15%",
            Self::Tier(Tier::Critical) => "critical>5%",
            Self::Tier(Tier::High) => "high>10%",
            Self::Tier(Tier::Medium) => "medium>30%",
            Self::Tier(Tier::Low) => "low<60%",
            Self::AverageHealth => "average<60",
            Self::Coverage => "coverage<80%",
            Self::NotScored => "not-scored>10%",
            Self::ArrAtRisk => "arr-at-risk>10%",
            Self::Plays => "plays<5",
            Self::Revenue => "revenue<100000",
        }
    }

    fn found(self, totals: &Totals, unit: Unit) -> Option<f64> {
        if totals.all.accounts == 0 {
            return None;
        }
        let tallied = |tally: Tally, all: &Tally| {
            (all.accounts > 0).then(|| match unit {
                Unit::Plain => tally.accounts as f64,
                // Multiplied first: 7 of 25 are 28 %, while 7 ÷ 25 × 100 is a little more.
                Unit::Percent => tally.accounts as f64 * 100.0 / all.accounts as f64,
            })
        };
        match self {
            Self::Band(band) => tallied(totals.band(band), &totals.health.scored),
            Self::Tier(tier) => tallied(totals.tier(tier), &totals.churn.scored),
            Self::NotScored => tallied(totals.not_scored, &totals.all),
            Self::AverageHealth => totals.health.average(),
            Self::Coverage => totals.health.coverage().map(|coverage| settled(coverage * 100.0)),
            Self::ArrAtRisk => match unit {
                Unit::Plain => (totals.churn.scored.accounts > 0).then_some(totals.churn.arr_at_risk),
                Unit::Percent => {
                    let arr = totals.churn.scored.arr;
                    (arr > 0.0).then(|| totals.churn.arr_at_risk * 100.0 / arr)
                }
            },
            Self::Plays => Some(totals.expansion.total.plays as f64),
            Self::Revenue => Some(totals.expansion.total.revenue),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Profile, Segments};
    use crate::analysis::Judgement;

    type FailOn = crate::analysis::FailOn<PortfolioFigure>;

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
            assert_eq!(verdict == Judgement::Met, met, "{gate}");
        }
    }

    #[test]
    fn shares_do_not_stray_from_their_bounds() {
        for (green, red) in [(18, 7), (43, 57), (93, 7)] {
            let share = red * 100 / (green + red);
            for (gate, met) in [(format!("red>{share}%"), true), (format!("red>={share}%"), false)] {
                let verdict = gate.parse::<FailOn>().expect("a gate").judge(&totals(green, red));
                assert_eq!(verdict == Judgement::Met, met, "{gate}");
            }
        }
    }

    #[test]
    fn a_figure_of_nothing_is_withheld() {
        for gate in ["red", "red>10%", "arr-at-risk>5%", "average<60"] {
            assert_eq!(gate.parse::<FailOn>().expect("a gate").judge(&totals(0, 0)), Judgement::Withheld, "{gate}");
        }
        assert_eq!("arr-at-risk>5%".parse::<FailOn>().expect("a gate").judge(&totals(1, 0)), Judgement::Withheld);
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
            assert_eq!(verdict == Judgement::Met, met, "{gate}");
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
            assert_eq!(gate.parse::<FailOn>().expect("a gate").judge(&totals), Judgement::Withheld, "{gate}");
        }
        let verdict = "not-scored>=100%".parse::<FailOn>().expect("a gate").judge(&totals);
        assert_eq!(verdict, Judgement::NotMet { found: 100.0 });
    }

    #[test]
    fn every_example_is_a_gate_on_its_figure() {
        for figure in PortfolioFigure::ALL {
            let gate = figure.example().parse::<FailOn>().expect("the example of a figure is a gate");
            assert_eq!((gate.figure(), gate.to_string()), (*figure, figure.example().to_owned()));
        }
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
            (
                "not-scored>lots",
                "`>lots` is no comparison, expected >, >=, < or <= and a number, such as `not-scored>10%`",
            ),
            ("average", "`average` needs a comparison, such as `average<60`"),
            ("coverage", "`coverage` needs a comparison, such as `coverage<80%`"),
            ("average<60%", "`average` is no share, expected a number without %"),
            ("coverage<60", "`coverage` is a share, expected a number with %"),
        ] {
            assert_eq!(gate.parse::<FailOn>().expect_err(gate).to_string(), message);
        }
    }
}
