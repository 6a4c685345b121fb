//! Gates on a backtest.

use super::{Backtest, Rate, Timing, Verdict};
use crate::analysis::{GateFigure, Measure, Unit, settled};

/// A figure of a backtest that a gate can look at. Where the verdict is withheld there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BacktestFigure {
    /// The area under the ROC curve, 0–1.
    Auc,
    /// Average precision, 0–1.
    AveragePrecision,
    /// The lift of the worst [`TOP_SHARE`](super::TOP_SHARE), from 0.
    Lift,
    /// Of those who left, the share with an alarm 30 days before, 0–1.
    Caught30,
    /// 60 days before.
    Caught60,
    /// 90 days before.
    Caught90,
    /// Those who left without an alarm, of those who left and had a score.
    FalseGreens,
    /// The skill of band rates as a forecast, up to 1.
    Skill,
    /// Their Brier score, 0–1.
    Brier,
}

impl GateFigure for BacktestFigure {
    type Of = Backtest;

    const ALL: &'static [Self] = &[
        Self::Auc,
        Self::AveragePrecision,
        Self::Lift,
        Self::Caught30,
        Self::Caught60,
        Self::Caught90,
        Self::FalseGreens,
        Self::Skill,
        Self::Brier,
    ];

    fn name(self) -> &'static str {
        match self {
            Self::Auc => "auc",
            Self::AveragePrecision => "average-precision",
            Self::Lift => "lift",
            Self::Caught30 => "caught-30",
            Self::Caught60 => "caught-60",
            Self::Caught90 => "caught-90",
            Self::FalseGreens => "false-greens",
            Self::Skill => "skill",
            Self::Brier => "brier",
        }
    }

    fn measure(self) -> Measure {
        match self {
            Self::FalseGreens => Measure::Count,
            Self::Caught30 | Self::Caught60 | Self::Caught90 => Measure::Part,
            Self::Auc | Self::AveragePrecision | Self::Lift | Self::Skill | Self::Brier => Measure::Number,
        }
    }

    fn example(self) -> &'static str {
        match self {
            Self::Auc => "auc<0.7",
            Self::AveragePrecision => "average-precision<0.2",
            Self::Lift => "lift<2",
            Self::Caught30 => "caught-30<60%",
            Self::Caught60 => "caught-60<50%",
            Self::Caught90 => "caught-90<40%",
            Self::FalseGreens => "false-greens>10%",
            Self::Skill => "skill<0",
            Self::Brier => "brier>0.2",
        }
    }

    fn found(self, backtest: &Backtest, unit: Unit) -> Option<f64> {
        if matches!(backtest.verdict, Verdict::Withheld { .. }) {
            return None;
        }
        let Backtest { ranking, timing, forecast, .. } = backtest;
        match self {
            Self::Auc => ranking.auc,
            Self::AveragePrecision => ranking.average_precision.map(settled),
            Self::Lift => ranking.lift.map(settled),
            Self::Caught30 => caught(timing.as_ref()?, 30, unit),
            Self::Caught60 => caught(timing.as_ref()?, 60, unit),
            Self::Caught90 => caught(timing.as_ref()?, 90, unit),
            Self::FalseGreens => {
                let timing = timing.as_ref()?;
                let rate = Rate { hits: timing.missed.len() as u64, of: timing.seen };
                match unit {
                    Unit::Plain => (rate.of > 0).then_some(rate.hits as f64),
                    Unit::Percent => percent(rate),
                }
            }
            Self::Skill => forecast.as_ref()?.skill.map(settled),
            Self::Brier => Some(settled(forecast.as_ref()?.brier)),
        }
    }
}

fn caught(timing: &Timing, days: u32, unit: Unit) -> Option<f64> {
    let rate = timing.caught.iter().find(|caught| caught.days == days)?.rate;
    match unit {
        Unit::Plain => rate.share(),
        Unit::Percent => percent(rate),
    }
}

/// Multiplied first: 7 of 25 are 28 %, while 7 ÷ 25 × 100 is a little more.
fn percent(rate: Rate) -> Option<f64> {
    (rate.of > 0).then(|| rate.hits as f64 * 100.0 / rate.of as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::{Lifecycle, Profile};
    use crate::analysis::Judgement;
    use crate::evidence::{
        AccountCounts, Caught, Customer, Departure, Forecast, LEADS_DAYS, Missed, On, Point, RankingFigures, Sample,
        Score, Strength,
    };
    use chrono::NaiveDate;

    type FailOn = crate::analysis::FailOn<BacktestFigure>;

    /// 25 left and were seen, 7 of them without an alarm, and 5, 10 and 18 were caught at the three leads. Without scores in time where
    /// `timing` is `None`.
    fn backtest(verdict: Verdict, rates: Option<[u64; 3]>) -> Backtest {
        let date = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day");
        let score = Score { value: 90.0, band: 0 };
        let departure = Departure { customer: Customer(0), end: date, before: None };
        let missed = vec![Missed { departure, snapshot: 0, score, arr: 0.0 }; 7];
        let point = Point {
            customer: Customer(0),
            profile: Profile::default(),
            lifecycle: Lifecycle::default(),
            arr: 0.0,
            health: Some(score),
            churn: None,
        };
        let sample = Sample::of_labels(On::Health, date, [(point, true)]);
        let timing = rates.map(|rates| {
            let caught = |position: usize| Caught {
                days: LEADS_DAYS[position],
                rate: Rate { hits: rates[position], of: 25 },
                without: 0,
            };
            Timing { departures: 30, seen: 25, caught: [caught(0), caught(1), caught(2)], missed }
        });
        Backtest {
            ranking: RankingFigures {
                auc: Some(0.7),
                average_precision: Some(0.1 + 0.2),
                lift: Some(0.3 / 0.1),
                ..RankingFigures::of(sample.rows.iter(), On::Health)
            },
            sample,
            verdict,
            segments: Vec::new(),
            bands: Vec::new(),
            misordered: Vec::new(),
            timing,
            signals: Vec::new(),
            forecast: Some(Forecast { brier: 0.2, skill: Some(-0.1), is_out_of_time: true, curve: Vec::new() }),
            retention: None,
            treatment: None,
        }
    }

    fn judged(gate: &str, backtest: &Backtest) -> Judgement {
        gate.parse::<FailOn>().unwrap_or_else(|error| panic!("{gate}: {error}")).judge(backtest)
    }

    #[test]
    fn gates_hold_exactly_at_their_bounds() {
        let backtest = backtest(Verdict::Predicts(Strength::Fair), Some([18, 10, 5]));
        for (gate, met) in [
            ("auc<0.7", true),
            ("AUC <= 0.7", false),
            ("auc<0.7001", false),
            ("average-precision<0.3", true),
            ("average-precision>0.3", true),
            ("average-precision<=0.3", false),
            ("lift<3", true),
            ("lift<=3", false),
            ("caught-30<0.72", true),
            ("caught-30<72%", true),
            ("caught-30<=72%", false),
            ("caught-60<40%", true),
            ("caught-60<0.41", false),
            ("caught-90<=0.2", false),
            ("caught-90<20%", true),
            ("false-greens", false),
            ("false-greens>7", true),
            ("false-greens>=7", false),
            ("false-greens>28%", true),
            ("false-greens>=28%", false),
            ("skill<-0.1", true),
            ("skill<0", false),
            ("brier>0.2", true),
            ("brier>=0.2", false),
        ] {
            assert_eq!(judged(gate, &backtest) == Judgement::Met, met, "{gate}");
        }
    }

    #[test]
    fn without_a_verdict_every_figure_is_withheld() {
        let backtest = backtest(Verdict::Withheld(AccountCounts { churned: 29, retained: 400 }), Some([18, 10, 5]));
        for figure in BacktestFigure::ALL {
            assert_eq!(judged(figure.example(), &backtest), Judgement::Withheld, "{figure:?}");
        }
    }

    #[test]
    fn where_there_is_no_time_nothing_is_in_time() {
        let backtest = backtest(Verdict::NoEvidence, None);
        for (gate, judgement) in [
            ("caught-30<60%", Judgement::Withheld),
            ("caught-60<60%", Judgement::Withheld),
            ("caught-90>=0", Judgement::Withheld),
            ("false-greens", Judgement::Withheld),
            ("false-greens>10%", Judgement::Withheld),
            ("auc<0.8", Judgement::NotMet { found: 0.7 }),
            ("skill<-0.2", Judgement::Met),
        ] {
            assert_eq!(judged(gate, &backtest), judgement, "{gate}");
        }
    }

    #[test]
    fn every_example_is_a_gate_on_its_figure() {
        for figure in BacktestFigure::ALL {
            let gate = figure.example().parse::<FailOn>().expect("the example of a figure is a gate");
            assert_eq!((gate.figure(), gate.to_string()), (*figure, figure.example().to_owned()));
        }
    }

    #[test]
    fn what_is_no_gate_is_named() {
        for (gate, message) in [
            (
                "red",
                "unknown figure `red`, expected one of auc, average-precision, lift, caught-30, caught-60, caught-90, false-greens, skill, brier",
            ),
            ("auc", "`auc` needs a comparison, such as `auc<0.7`"),
            ("caught-60", "`caught-60` needs a comparison, such as `caught-60<50%`"),
            ("auc=0.7", "`=0.7` is no comparison, expected >, >=, < or <= and a number, such as `auc<0.7`"),
            ("auc<70%", "`auc` is no share, expected a number without %"),
            ("lift<200%", "`lift` is no share, expected a number without %"),
        ] {
            assert_eq!(gate.parse::<FailOn>().expect_err(gate).to_string(), message);
        }
    }
}
