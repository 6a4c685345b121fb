//! Records for machines. Their names are a contract: keys may be added, none is renamed or dropped within a schema version.

mod backtest;
mod briefing;
mod calibration;
mod churn;
mod difference;
mod expansion;
mod explanation;
mod head;
mod health;
mod scored;
mod trend;
mod validation;
mod write;

pub use backtest::write_backtest;
pub use briefing::{
    ActionRecord, BriefingSummary, EarnFirstRecord, FalseGreenRecord, GroupRecord, OnboardingRecord, OverdueRecord,
    ProposalRecord, RenewalRecord, UnreadyRecord,
};
pub use calibration::write_calibration;
pub(super) use churn::severity;
pub use churn::{ChurnRecord, ChurnSummary};
pub(super) use difference::band_name;
pub use difference::{ChangesRecord, ComparedRecord, DifferenceHead, SingleRecord};
pub use expansion::{ExpansionRecord, ExpansionSummary};
pub use explanation::ExplanationRecord;
pub use head::{DataQuality, Head, ProblemRecord, Provenance, SCHEMA_VERSION};
pub use health::{HealthRecord, HealthSummary};
pub use scored::ContributionsRecord;
pub(super) use scored::{Named, absent, stale};
pub use trend::write_trend;
pub use validation::write_validation;
pub use write::{
    Extent, Part, Sink, write_briefing, write_briefing_over_time, write_churn, write_difference, write_expansion,
    write_explanation, write_health,
};
