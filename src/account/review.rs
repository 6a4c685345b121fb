//! What only people know of an account, for documents that are taken into a meeting.

use chrono::NaiveDate;

/// The notes on an account that its team keeps for reviews: the `qbr` block of the input. Every part may be empty; texts
/// are as they were written, numbers among them too.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Review {
    /// The period under review, such as `Q2 2026`.
    pub period: Option<String>,
    /// The day of the meeting.
    pub meeting_date: Option<NaiveDate>,
    /// The day of the one after it.
    pub next_meeting_date: Option<NaiveDate>,
    /// Who leads the meeting, where that is not the owner of the account (`csm`).
    pub lead: Option<String>,
    /// The period in a sentence or two.
    pub summary: Option<String>,
    /// Who takes part.
    pub attendees: Vec<Person>,
    /// Who matters at the customer.
    pub stakeholders: Vec<Person>,
    /// What was achieved.
    pub achievements: Vec<Achievement>,
    /// What the customer wants to reach.
    pub goals: Vec<Goal>,
    /// What the product has brought, in figures.
    pub value_delivered: Vec<DeliveredValue>,
    /// What is coming in the product that matters to the customer.
    pub roadmap: Vec<RoadmapItem>,
    /// What is unsolved.
    pub open_issues: Vec<Issue>,
    /// What was agreed to be done.
    pub action_items: Vec<ActionItem>,
    /// Risks that both sides speak of.
    pub risks: Vec<Risk>,
    /// The steps of the success plan.
    pub milestones: Vec<Milestone>,
    /// Health of earlier periods, the oldest first.
    pub history: Vec<PastPeriod>,
    /// Notes of the team for itself, which no customer is to see.
    pub internal_notes: Vec<String>,
}

/// Somebody who takes part or matters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Person {
    /// The name.
    pub name: String,
    /// What they do.
    pub role: Option<String>,
    /// For whom they work.
    pub company: Option<String>,
    /// Where they stand, such as champion or detractor: for the team alone.
    pub stance: Option<String>,
}

/// Something that was achieved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Achievement {
    /// What.
    pub title: String,
    /// What came of it.
    pub result: Option<String>,
    /// When.
    pub date: Option<NaiveDate>,
}

/// Something that the customer wants to reach.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Goal {
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
    pub due: Option<NaiveDate>,
    /// By whom.
    pub owner: Option<String>,
    /// How it stands, such as `on track`.
    pub status: Option<String>,
}

/// Something that the product has brought.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DeliveredValue {
    /// What.
    pub title: String,
    /// How much of it, with its unit.
    pub amount: Option<String>,
    /// Where the figure comes from.
    pub evidence: Option<String>,
}

/// Something that is coming.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RoadmapItem {
    /// What.
    pub title: String,
    /// When, as people say it, such as `Q4`.
    pub expected: Option<String>,
    /// What it is good for here.
    pub benefit: Option<String>,
    /// How it stands.
    pub status: Option<String>,
}

/// Something that is unsolved.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Issue {
    /// What.
    pub title: String,
    /// How bad it is.
    pub severity: Option<String>,
    /// Who sees to it.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// How it stands.
    pub status: Option<String>,
}

/// Something that was agreed to be done.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ActionItem {
    /// What.
    pub title: String,
    /// By whom.
    pub owner: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// How it stands.
    pub status: Option<String>,
}

/// A risk that both sides speak of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Risk {
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

/// A step of the success plan.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Milestone {
    /// What.
    pub title: String,
    /// The phase that it belongs to.
    pub phase: Option<String>,
    /// Until when.
    pub due: Option<NaiveDate>,
    /// By whom.
    pub owner: Option<String>,
    /// How it stands.
    pub status: Option<String>,
}

/// Health in an earlier period.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PastPeriod {
    /// The period, such as `Q1 2026`.
    pub period: String,
    /// The overall score, 0–100, as it was written.
    pub overall_score: Option<String>,
}
