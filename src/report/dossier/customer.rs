//! What a document for the customer may hold. There is no field here for what is the team's alone.

use std::collections::BTreeMap;

use super::shape::{Day, record};

record! {
    /// All that a template for the customer sees.
    pub struct CustomerDossier {
        /// The document itself.
        pub document: DocumentFacts,
        /// Who it is about.
        pub customer: CustomerFacts,
        /// Further text fields of the input, by name: `attributes.territory`. A field that an account lacks is none.
        pub attributes: BTreeMap<String, Option<String>>,
        /// The contract and its dates.
        pub contract: ContractFacts,
        /// Health, 0 to 100, and what it rests on.
        pub health: HealthFacts,
        /// How the product is used.
        pub adoption: AdoptionFacts,
        /// Support in figures.
        pub support: SupportFacts,
        /// Where more of the product could help; empty unless health and risk allow it.
        pub growth: GrowthFacts,
        /// The period in a sentence or two, as the team wrote it.
        pub summary: Option<String>,
        /// Who takes part.
        pub attendees: Vec<PersonFacts>,
        /// Who matters at the customer.
        pub stakeholders: Vec<PersonFacts>,
        /// What was achieved.
        pub achievements: Vec<AchievementFacts>,
        /// What the customer wants to reach.
        pub goals: Vec<GoalFacts>,
        /// What the product has brought.
        pub value_delivered: Vec<ValueFacts>,
        /// What is coming that matters to the customer.
        pub roadmap: Vec<RoadmapFacts>,
        /// What is unsolved.
        pub open_issues: Vec<TaskFacts>,
        /// What was agreed to be done.
        pub action_items: Vec<TaskFacts>,
        /// Risks that both sides speak of.
        pub risks: Vec<RiskFacts>,
        /// How often the team meets with accounts of the segment; none where the model does not say.
        pub cadence: Option<CadenceFacts>,
        /// The milestones of the success plan by phase, in the order of the input.
        pub phases: Vec<PhaseFacts>,
    }
}

record! {
    /// The document itself.
    pub struct DocumentFacts {
        /// Its title, such as `Quarterly business review`; of a template of your own, made of the name of the file.
        pub title: String,
        /// The day that counts as today.
        pub as_of: Day,
        /// The period under review.
        pub period: Option<String>,
        /// The day of the meeting.
        pub meeting_date: Option<Day>,
        /// The day of the next one.
        pub next_meeting_date: Option<Day>,
        /// Who leads the meeting: the lead that the review names, else the owner of the account.
        pub lead: Option<String>,
        /// The currency of the amounts, as the input names it.
        pub currency: Option<String>,
    }
}

record! {
    /// Who the document is about.
    pub struct CustomerFacts {
        /// The id.
        pub id: String,
        /// The name.
        pub name: String,
        /// The segment whose benchmarks count, as people call it.
        pub segment: String,
        /// The industry.
        pub industry: Option<String>,
        /// The region.
        pub region: Option<String>,
        /// The owner of the account.
        pub owner: Option<String>,
    }
}

record! {
    /// The contract and its dates.
    pub struct ContractFacts {
        /// The day it began.
        pub start: Option<Day>,
        /// The day it ends.
        pub end: Option<Day>,
        /// The last day to give notice.
        pub notice: Option<Day>,
        /// Whether it renews by itself.
        pub auto_renew: Option<bool>,
        /// Days to its end; none where that is unknown or past.
        pub days_to_renewal: Option<i64>,
        /// Days since its end; none where that is unknown or ahead.
        pub days_overdue: Option<i64>,
        /// Days since its start, negative before it.
        pub days_since_start: Option<i64>,
        /// The plan.
        pub plan: Option<String>,
        /// What it is worth in a year (ARR).
        pub annual_value: Option<f64>,
    }
}

record! {
    /// Health and what it rests on.
    pub struct HealthFacts {
        /// The overall score, 0 to 100; none where too little is known to score it.
        pub score: Option<f64>,
        /// green, yellow or red.
        pub band: Option<String>,
        /// The score from which an account of this segment is green.
        pub green_from: f64,
        /// improving, stable or declining; none without a last period.
        pub trend: Option<String>,
        /// The score of the last period.
        pub previous: Option<f64>,
        /// Score less that of the last period.
        pub change: Option<f64>,
        /// The parts of the score that may be shown to the customer.
        pub dimensions: Vec<DimensionFacts>,
        /// Health of earlier periods, the oldest first.
        pub history: Vec<PastFacts>,
    }
}

record! {
    /// One part of the health score.
    pub struct DimensionFacts {
        /// Its name.
        pub label: String,
        /// Its score, 0 to 100; none where it has no data.
        pub score: Option<f64>,
        /// green, yellow or red.
        pub band: Option<String>,
        /// improving, stable or declining; none without a last period.
        pub trend: Option<String>,
        /// The score of the last period.
        pub previous: Option<f64>,
        /// Score less that of the last period.
        pub change: Option<f64>,
        /// The metrics that it rests on.
        pub metrics: Vec<MetricFacts>,
    }
}

record! {
    /// One metric against its benchmark.
    pub struct MetricFacts {
        /// Its name.
        pub label: String,
        /// What it is measured in.
        pub unit: Option<String>,
        /// Its value as text; none where there is no figure, or one that is too old.
        pub text: Option<String>,
        /// Its value where it is a number.
        pub value: Option<f64>,
        /// The benchmark of the segment.
        pub benchmark: Option<f64>,
        /// The benchmark as text, such as `at least 80` or `below 20`.
        pub aim: Option<String>,
        /// Whether the value meets the benchmark; none where there is no value or no benchmark.
        pub meets: Option<bool>,
        /// How it stands: `on target`, `below target`, `within limit`, `above limit`, `no figure this period` or `no benchmark`.
        pub standing: String,
    }
}

record! {
    /// Health of an earlier period.
    pub struct PastFacts {
        /// The period.
        pub period: String,
        /// The overall score, as it was written.
        pub score: Option<String>,
    }
}

record! {
    /// How the product is used.
    pub struct AdoptionFacts {
        /// The metrics of use.
        pub metrics: Vec<MetricFacts>,
        /// Seats; none where no seats are known.
        pub seats: Option<SeatFacts>,
        /// The modules that the input names, in its order.
        pub modules: Vec<ModuleFacts>,
        /// How many of them are in use.
        pub modules_in_use: i64,
        /// Mean usage of the modules in use, in %.
        pub average_usage: Option<f64>,
        /// The departments that use the product.
        pub departments: Vec<String>,
    }
}

record! {
    /// Seats.
    pub struct SeatFacts {
        /// Seats paid for.
        pub licensed: f64,
        /// Seats in use.
        pub active: f64,
        /// Seats in use of those paid for, in %.
        pub used: f64,
    }
}

record! {
    /// A module of the product.
    pub struct ModuleFacts {
        /// Its name.
        pub label: String,
        /// Whether it is in use.
        pub in_use: bool,
        /// How much of it is used, in %; none where it is not in use.
        pub usage: Option<f64>,
        /// `not in use`, `just started`, `in use` or `well used`.
        pub standing: String,
    }
}

record! {
    /// Support in figures.
    pub struct SupportFacts {
        /// The metrics of support.
        pub metrics: Vec<MetricFacts>,
        /// The score of support, 0 to 100, where the model has one.
        pub score: Option<f64>,
        /// improving, stable or declining; none without a last period.
        pub trend: Option<String>,
    }
}

record! {
    /// Where more of the product could help.
    pub struct GrowthFacts {
        /// Ideas, the most promising first.
        pub ideas: Vec<IdeaFacts>,
    }
}

record! {
    /// An idea for more, without an amount.
    pub struct IdeaFacts {
        /// What it is about: `Seats`, `Plan`, `Module` or `Department`.
        pub label: String,
        /// What it would be.
        pub what: String,
    }
}

record! {
    /// Somebody who takes part or matters.
    pub struct PersonFacts {
        /// The name.
        pub name: String,
        /// What they do.
        pub role: Option<String>,
        /// For whom they work.
        pub company: Option<String>,
    }
}

record! {
    /// Something that was achieved.
    pub struct AchievementFacts {
        /// What.
        pub title: String,
        /// What came of it.
        pub result: Option<String>,
        /// When.
        pub date: Option<Day>,
    }
}

record! {
    /// Something that the customer wants to reach.
    pub struct GoalFacts {
        /// What.
        pub title: String,
        /// By what it is measured.
        pub measure: Option<String>,
        /// The figure before.
        pub baseline: Option<String>,
        /// The figure to reach.
        pub target: Option<String>,
        /// The figure now.
        pub actual: Option<String>,
        /// Until when.
        pub due: Option<Day>,
        /// By whom.
        pub owner: Option<String>,
        /// How it stands.
        pub status: Option<String>,
    }
}

record! {
    /// Something that the product has brought.
    pub struct ValueFacts {
        /// What.
        pub title: String,
        /// How much of it, with its unit.
        pub amount: Option<String>,
        /// Where the figure comes from.
        pub evidence: Option<String>,
    }
}

record! {
    /// Something that is coming.
    pub struct RoadmapFacts {
        /// What.
        pub title: String,
        /// When, as people say it.
        pub expected: Option<String>,
        /// What it is good for here.
        pub benefit: Option<String>,
        /// How it stands.
        pub status: Option<String>,
    }
}

record! {
    /// Something to be done: an open issue or an action.
    pub struct TaskFacts {
        /// What.
        pub title: String,
        /// How bad an open issue is; none for an action.
        pub severity: Option<String>,
        /// Who sees to it.
        pub owner: Option<String>,
        /// Until when.
        pub due: Option<Day>,
        /// How it stands.
        pub status: Option<String>,
    }
}

record! {
    /// A risk that both sides speak of.
    pub struct RiskFacts {
        /// What.
        pub title: String,
        /// What would come of it.
        pub impact: Option<String>,
        /// How likely it is.
        pub likelihood: Option<String>,
        /// What is done about it.
        pub mitigation: Option<String>,
        /// By whom.
        pub owner: Option<String>,
    }
}

record! {
    /// How often the team meets with accounts of a segment, such as `every quarter`.
    pub struct CadenceFacts {
        /// What is open, with the main contact.
        pub check_in: String,
        /// The business review.
        pub business_review: String,
        /// The executive business review.
        pub executive_review: String,
        /// The success plan.
        pub success_plan: String,
    }
}

record! {
    /// A phase of the success plan.
    pub struct PhaseFacts {
        /// Its name; none for milestones without one.
        pub name: Option<String>,
        /// Its milestones, in order.
        pub milestones: Vec<MilestoneFacts>,
    }
}

record! {
    /// A step of the success plan.
    pub struct MilestoneFacts {
        /// What.
        pub title: String,
        /// Until when.
        pub due: Option<Day>,
        /// By whom.
        pub owner: Option<String>,
        /// How it stands.
        pub status: Option<String>,
    }
}
