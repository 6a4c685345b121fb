//! From results to what is shown: neutral documents, sentences with their values filled in, and records for machines.

pub mod chart;
pub mod columns;
pub mod document;
pub mod dossier;
pub mod record;
pub mod schema;
pub mod sheet;

mod backtest;
mod briefing;
mod calibration;
mod churn;
mod context;
mod coverage;
mod difference;
mod expansion;
mod explain;
mod health;
mod note;
mod number;
mod piece;
mod preparation;
mod quality;
mod sentence;
mod trend;
mod validation;

pub use backtest::{Backtested, backtest};
pub use briefing::{Past, briefing, briefing_over_time, briefing_page, briefing_page_over_time};
pub use calibration::{Calibration, Proposed, calibration, calibration_note};
pub use churn::churn;
pub use context::Context;
pub use difference::{Comparison, difference};
pub use expansion::expansion;
pub use explain::explanation;
pub use health::health;
pub use number::{ShortNumber, short_number, signed};
pub use piece::{Setting, View};
pub use preparation::{Preparation, need_label};
pub use quality::quality_line;
pub use trend::{TrendFindings, trend};
pub use validation::{Validation, validation};
