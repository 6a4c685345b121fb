//! The weighted-signal engine: values in slots go in, a score with its reasons comes out.
//!
//! A [`Plan`] is a list of groups of [`Signal`]s. Each signal reads one [`Slot`] of a [`Row`], puts
//! the value on a [`Scale`] and counts with its weight; groups combine their signals by weight or by
//! adding up, the plan combines its groups by weight, an optional [`Multiplier`] follows, and
//! [`Bands`] say where the score lies. [`Ladder`]s of rules on the way give advice and warnings.
//!
//! What [`Plan::evaluate`] leaves in a [`Scorecard`] is everything that the score rests on: the score of
//! every signal, which metrics were absent or stale, which rules fired and how much of the model's weight
//! rests on present data. [`Missing`] says what becomes of the weight of absent metrics; below the plan's
//! minimum coverage there is no score. [`Plan::contributions`] splits the score into whole hundredths of a point that add
//! up to it, [`Plan::change`] does so with what moved it, and [`Plan::reach`] finds the fewest metrics that would lift it to a target.
//!
//! The engine knows no customer, no file format, no clock and no wording: a rule that fired is named by
//! its position, and what it says is looked up elsewhere. It can be used without the rest of the crate:
//!
//! ```
//! use csm::engine::{Bands, Combine, Group, Ladder, Plan, Row, Scale, Scorecard, Signal, Slot, Value};
//!
//! let signal = Signal {
//!     slot: Slot(0),
//!     freshness: None,
//!     default: Value::Number(0.0),
//!     weight: 1.0,
//!     scale: Scale::Ratio { target: 80.0 },
//!     advise: Ladder::default(),
//!     warn: Ladder::default(),
//! };
//! let group = Group { weight: 1.0, combine: Combine::Weigh, signals: vec![signal] };
//! let plan = Plan::new(vec![group], None, Bands::new(vec![70.0, 45.0, 0.0]).unwrap()).unwrap();
//!
//! let mut row = Row::new(1);
//! row.set(Slot(0), Value::Number(60.0));
//! let mut card = Scorecard::default();
//! plan.evaluate(&row, &mut card);
//! assert_eq!(card.score(), Some(75.0));
//! assert_eq!(card.band(), Some(0));
//! ```

mod bands;
mod change;
mod contributions;
mod ladder;
mod missing;
mod multiplier;
mod plan;
mod reach;
mod rounding;
mod scale;
mod scorecard;
mod value;

pub use bands::{Bands, BandsError};
pub use change::Change;
pub use contributions::{Contributions, Hundredths};
pub use ladder::{Ladder, Rule, Severity, Shadow, Test};
pub use missing::{Freshness, Missing};
pub use multiplier::{MOST_FACTOR, Multiplier, MultiplierError};
pub use plan::{Combine, Group, Plan, PlanError, Signal, WEIGHT_TOLERANCE, weights_sum_to_one};
pub use reach::{EXACT_REACH, Reach};
pub use rounding::{clamp, round0, round1, whole_hundredths};
pub use scale::{Scale, Step, StepGives};
pub use scorecard::{Fired, Grade, Presence, Scorecard, SignalScore};
pub use value::{Row, Slot, Value, Word};
