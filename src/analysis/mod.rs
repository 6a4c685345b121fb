//! Health, churn risk and expansion of accounts, and what joins them.
//!
//! Models come in checked, accounts come in filled, and results go out as figures: which rule fired and with
//! which values, never a sentence.

mod addends;
mod assess;
mod attention;
mod briefing;
mod churn;
mod doubt;
mod engagement;
mod expansion;
mod flow;
mod gate;
mod groups;
mod health;
mod inventory;
mod model;
mod occasion;
mod outlook;
mod play;
mod selection;
mod spread;
mod survey;
mod totals;
mod whitespace;

pub use assess::{Assessment, Assessor, Explanation, Scope};
pub use attention::{Attention, stake};
pub use briefing::{
    ABSENT_GROUP_SHARE, Briefing, ENOUGH_ACCOUNTS, FalseGreen, Grouped, Note, ONE_BAND_SHARE, RENEWAL_WINDOW_DAYS,
    RENEWAL_WINDOWS, Readiness, RenewalWindow, Retention, RetentionOutlook, Unready, UpcomingRenewal,
};
pub use churn::{Branch, Churn, ChurnModel, Condition, Tier};
pub use doubt::Doubts;
pub use engagement::{Engagement, Escalation, Need, Progress, Prompts, RenewalStage, Reviews, Strategic};
pub use expansion::{
    Adoption, Expansion, ExpansionModel, Gate, ModuleShare, Opportunity, PlanTier, Proposal, Target, Uptake,
};
pub use flow::Flow;
pub use gate::{FailOn, GateError, GateFigure, Judgement, Limit, LimitError, Measure, PortfolioFigure, Unit, settled};
pub use groups::{GROUP_RENEWAL_DAYS, Group, GroupBy, groups};
pub use health::{Band, Health, HealthModel, LastScore, Trend};
pub use inventory::{AccountCoverage, Inventory, MetricCoverage, OddUnit};
pub use model::{GroupName, Model, ModelError, SignalName};
pub use occasion::{Occasion, Situation};
pub use outlook::Outlook;
pub use play::{Effort, Play, PlayTerms, PlayType};
pub use selection::{Order, Population, Selection};
pub use survey::{Findings, Onboarding, Portion, Sums, Survey, Surveyor};
pub use totals::{ChurnTotals, Compared, ExpansionTotals, HealthTotals, LOW_COVERAGE, PlayTally, Tally, Totals};
pub use whitespace::{Whitespace, WhitespaceTotals};
