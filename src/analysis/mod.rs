//! Health, churn risk and expansion of accounts, and what joins them.
//!
//! Models come in checked, accounts come in filled, and results go out as figures: which rule fired and with
//! which values, never a sentence.

mod churn;
mod expansion;
mod health;
mod model;
mod outlook;

pub use churn::{Branch, Churn, ChurnModel, Condition, Tier};
pub use expansion::{
    Adoption, Effort, Expansion, ExpansionModel, Gate, ModuleShare, Opportunity, PlanTier, Play, PlayTerms, PlayType,
    Target,
};
pub use health::{Band, Health, HealthModel, Trend};
pub use model::{GroupName, Model, ModelError, SignalName};
pub use outlook::{Case, Outlook};
