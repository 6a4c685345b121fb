//! Whether scores hold good: accounts over time, what moved their scores, and what became of the customers.
//!
//! Snapshots and outcomes come in read, figures go out: rates, ranks and intervals, never a sentence. Nothing here learns;
//! everything can be counted again by hand.

mod backtest;
pub mod difference;
mod forecast;
mod gate;
mod history;
mod last_move;
mod last_period;
mod life;
#[cfg(test)]
mod made;
mod median;
mod outcome;
mod overdue;
mod ranking;
mod rate;
mod resample;
mod retention;
mod sample;
mod signal;
mod threshold;
mod timing;
mod trajectory;

pub use backtest::{
    AccountCounts, Backtest, BandFigures, ENOUGH, RankingFigures, Strength, Subject, TOP_SHARE, Treatment, Verdict,
};
pub use forecast::{Calibrated, ENOUGH_FOR_CURVE, Forecast};
pub use gate::BacktestFigure;
pub use history::{Customer, History, Point, SavedPoint, SavedSnapshot, Score, Snapshot};
pub use last_move::LastMove;
pub use last_period::{LAST_PERIOD_DAYS, LastPeriod, LastScores};
pub use life::{Cases, LATE_DAYS, Life, Lives, Oddities};
pub use outcome::{Fate, Intervention, InterventionStatus, Outcome};
pub use overdue::{Overdue, OverdueIntervention};
pub use ranking::{Ranked, Ranking};
pub use rate::{Interval, Rate, brier, skill};
pub use resample::{Resampled, bootstrap};
pub use retention::{ArrRetention, RetainedArr};
pub use sample::{Evaluation, HORIZON_DAYS, KNOWN_SHARE, On, Row, Sample};
pub use signal::{Direction, Lead, SignalEvidence};
pub use threshold::{
    Bounds, EARLY_DAYS, Gain, Material, Parting, Performance, Present, Proposal, Refusal, Rule, Split, propose,
};
pub use timing::{Caught, Departure, LEADS_DAYS, Missed, Timing};
pub use trajectory::{Census, Course, Following, PERIODS, Reading, Trajectories, Trajectory, Turn};
