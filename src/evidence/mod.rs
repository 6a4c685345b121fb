//! Whether scores hold good: accounts over time, what moved their scores, and what became of the customers.
//!
//! Snapshots and outcomes come in read, figures go out: rates, ranks and intervals, never a sentence. Nothing here learns;
//! everything can be counted again by hand.

mod history;
mod life;
mod outcome;

pub use history::{Customer, History, Point, SavedPoint, SavedSnapshot, Score, Snapshot};
pub use life::{Cases, LATE_DAYS, Life, Lives, Oddities};
pub use outcome::{Fate, Intervention, InterventionStatus, Outcome};
