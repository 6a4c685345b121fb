//! What only the team may see of an account.

use serde::Serialize;

use super::CustomerDossier;
use super::shape::{Day, record};

/// All that a template for the team sees: what the customer may see, and what is the team's alone.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct InternalDossier {
    /// What the customer may see.
    #[serde(flatten)]
    pub shared: CustomerDossier,
    /// What is the team's alone.
    #[serde(flatten)]
    pub team: TeamFacts,
}

record! {
    /// What is the team's alone.
    pub struct TeamFacts {
        /// critical, high, medium or low: how soon somebody must look; none where nothing is scored.
        pub attention: Option<String>,
        /// ARR times churn risk; none where the risk is not scored.
        pub stake: Option<f64>,
        /// Why the account is where it is, in a line.
        pub reason: String,
        /// What to do next.
        pub next_step: Option<StepFacts>,
        /// Churn risk, 0 to 100, higher is worse.
        pub churn: ChurnFacts,
        /// Warnings, the gravest first.
        pub warnings: Vec<WarningFacts>,
        /// The playbook of the tier.
        pub playbook: PlaybookFacts,
        /// Advice on health that rests on figures, that on the largest loss first.
        pub advice: Vec<String>,
        /// Where health loses points, the largest loss first.
        pub losses: Vec<LossFacts>,
        /// Where churn risk comes from, the most points first.
        pub drivers: Vec<DriverFacts>,
        /// All parts of the health score, those too that no customer sees.
        pub all_dimensions: Vec<ChangeFacts>,
        /// Metrics without a figure, or with one that is too old.
        pub gaps: Vec<GapFacts>,
        /// The share of the health model that rests on data, in %.
        pub health_coverage: f64,
        /// The share of the churn model that rests on data, in %.
        pub churn_coverage: f64,
        /// Expansion plays, the highest priority first.
        pub plays: Vec<PlayFacts>,
        /// Whether expansion is to be proposed now.
        pub proposable: bool,
        /// What stands in its way; none where nothing does.
        pub barrier: Option<String>,
        /// The estimated revenue of the plays without double counting, per year.
        pub pipeline: f64,
        /// Who is to be called in now, the most urgent response first.
        pub escalations: Vec<EscalationFacts>,
        /// Who is to be called in for what no figure shows, in the order of the model.
        pub manual_escalations: Vec<EscalationFacts>,
        /// The stages of the renewal, the earliest first; empty where no date is known or the decision lies further ahead.
        pub renewal_stages: Vec<RenewalStageFacts>,
        /// What is worth saying in the meeting.
        pub talking_points: Vec<String>,
        /// What the customer may object.
        pub objections: Vec<ObjectionFacts>,
        /// What is better not raised.
        pub avoid: Vec<AvoidFacts>,
        /// Whether the account is strategic.
        pub strategic: bool,
        /// What a review with a strategic account cannot do without, and this one lacks.
        pub lacking: Vec<String>,
        /// Stakeholders and attendees whose stance is known.
        pub stances: Vec<StanceFacts>,
        /// Notes of the team for itself.
        pub internal_notes: Vec<String>,
    }
}

record! {
    /// Churn risk.
    pub struct ChurnFacts {
        /// 0 to 100; none where it is not scored.
        pub score: Option<f64>,
        /// critical, high, medium or low.
        pub tier: Option<String>,
        /// The factor of the renewal's urgency that is in the score.
        pub urgency: f64,
    }
}

record! {
    /// A warning.
    pub struct WarningFacts {
        /// critical, high or medium.
        pub severity: String,
        /// What it says.
        pub text: String,
    }
}

record! {
    /// What to do about the risk.
    pub struct PlaybookFacts {
        /// What it is for; none where there is no tier.
        pub goal: Option<String>,
        /// The steps, the earliest due first.
        pub steps: Vec<StepFacts>,
    }
}

record! {
    /// A step: who does what by when.
    pub struct StepFacts {
        /// What is done.
        pub action: String,
        /// Who does it; empty where nobody is named.
        pub owner: String,
        /// The time for it; empty where none is given.
        pub within: String,
        /// The day it is due, counted from the as-of date.
        pub due: Option<Day>,
    }
}

record! {
    /// A metric that costs health points.
    pub struct LossFacts {
        /// The metric.
        pub metric: String,
        /// The part of the score it belongs to.
        pub dimension: String,
        /// Its value; none where there is no figure to go by.
        pub text: Option<String>,
        /// The benchmark of the segment, as text.
        pub aim: Option<String>,
        /// Points of the overall score that it costs.
        pub lost: f64,
    }
}

record! {
    /// A metric that adds to churn risk.
    pub struct DriverFacts {
        /// The metric.
        pub metric: String,
        /// The category it belongs to.
        pub category: String,
        /// Its value; none where there is no figure to go by.
        pub text: Option<String>,
        /// Points of the risk score that it brings.
        pub points: f64,
    }
}

record! {
    /// What changed in a part of the health score.
    pub struct ChangeFacts {
        /// Its name.
        pub label: String,
        /// Its score now.
        pub score: Option<f64>,
        /// The score of the last period.
        pub previous: Option<f64>,
        /// Score less that of the last period.
        pub change: Option<f64>,
        /// improving, stable or declining; none without a last period.
        pub trend: Option<String>,
        /// What costs it the most points; none where nothing does.
        pub why: Option<String>,
        /// Whether the customer sees it.
        pub shown: bool,
    }
}

record! {
    /// A metric without a figure to go by.
    pub struct GapFacts {
        /// The metric.
        pub metric: String,
        /// `health` or `churn risk`.
        pub model: String,
        /// `no figure`, or how old it is.
        pub why: String,
    }
}

record! {
    /// An expansion play.
    pub struct PlayFacts {
        /// The play and what it is about.
        pub label: String,
        /// Why it is open.
        pub rationale: String,
        /// The next step.
        pub next: String,
        /// The estimated revenue per year.
        pub revenue: f64,
        /// low, medium or high.
        pub effort: String,
        /// 0 to 300 with the shipped model.
        pub priority: f64,
        /// Whether it counts beside the other plays.
        pub counts: bool,
    }
}

record! {
    /// Somebody is to be called in.
    pub struct EscalationFacts {
        /// What has happened.
        pub label: String,
        /// Who is called in.
        pub level: String,
        /// The time until somebody has spoken to the CSM or to the customer.
        pub within: String,
    }
}

record! {
    /// A stage of a renewal.
    pub struct RenewalStageFacts {
        /// The day on which it begins.
        pub due: Day,
        /// `past`, `current` or `ahead`.
        pub progress: String,
        /// What is done in it.
        pub steps: Vec<RenewalStepFacts>,
    }
}

record! {
    /// A step of a renewal.
    pub struct RenewalStepFacts {
        /// What is done.
        pub action: String,
        /// Who does it.
        pub owner: String,
    }
}

record! {
    /// What the customer may object.
    pub struct ObjectionFacts {
        /// The objection.
        pub objection: String,
        /// An answer.
        pub answer: String,
    }
}

record! {
    /// What is better not raised.
    pub struct AvoidFacts {
        /// What.
        pub what: String,
        /// Why.
        pub because: String,
    }
}

record! {
    /// Where somebody stands.
    pub struct StanceFacts {
        /// The name.
        pub name: String,
        /// What they do.
        pub role: Option<String>,
        /// Where they stand, such as champion or detractor.
        pub stance: String,
    }
}
