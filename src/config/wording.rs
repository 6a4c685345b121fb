//! What people read: the texts of a model, kept apart from its figures.

use chrono::{Days, NaiveDate};

use super::{Template, duration};
use crate::account::Profile;

/// The texts of all models. What metrics, segments and groups are called stands in the schema, in the segments and
/// in the group names of each model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Wording {
    /// The texts of the health signals, in the order of the model's signals.
    pub health: Vec<SignalWording>,
    /// The texts of the churn signals, in the order of the model's signals.
    pub churn: Vec<SignalWording>,
    /// The playbooks, which the churn model names by position.
    pub playbooks: Vec<Playbook>,
    /// The further steps of each branch, in the order of the churn model's branches.
    pub branches: Vec<BranchWording>,
    /// The texts of the plays, in the order of [`crate::analysis::Play::ALL`].
    pub plays: [PlayWording; 4],
    /// The modules, in the order of the expansion model's modules, as (name, label).
    pub modules: Vec<(String, String)>,
    /// The texts of how the team works with accounts.
    pub engagement: EngagementWording,
}

/// The texts of a signal's rules, by the positions of the rules in its ladders.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SignalWording {
    /// What each rule of advice says.
    pub advise: Vec<Template>,
    /// What each warning says.
    pub warn: Vec<Template>,
}

/// What to do about an account in one tier.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Playbook {
    /// What it is for, on one line.
    pub goal: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// One step: who does what by when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub action: String,
    /// Who does it.
    pub owner: String,
    /// The time for it, from the day on which the account enters the tier.
    pub within: String,
}

impl Step {
    /// The day by which it is to be done, counted from one; `None` where the time is given in other words than hours, days, weeks or
    /// months.
    pub fn due(&self, from: NaiveDate) -> Option<NaiveDate> {
        let days = duration::hours(&self.within)?.div_ceil(24);
        from.checked_add_days(Days::new(u64::from(days)))
    }
}

/// The further steps of a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchWording {
    /// Its key in the model.
    pub name: String,
    /// The steps, in order.
    pub steps: Vec<Step>,
}

/// The texts of a play.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PlayWording {
    /// Its name for people.
    pub label: String,
    /// Why it is proposed.
    pub rationale: Template,
    /// The next step that somebody takes.
    pub next: String,
}

/// The texts of how the team works with accounts.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct EngagementWording {
    /// The steps of each stage of a renewal, in the order of the stages.
    pub renewal: Vec<Vec<RenewalStep>>,
    /// The escalations, in the order of the model's.
    pub escalations: Vec<EscalationWording>,
    /// The cadence of each segment, by its position; `None` where the model names none.
    pub cadence: Vec<Option<Cadence>>,
    /// What is worth saying in a meeting, in the order of the model's talking points.
    pub talking_points: Vec<Prompt>,
    /// What the customer may object, in the order of the model's objections.
    pub objections: Vec<Prompt>,
    /// What is better not raised, in the order of the model.
    pub avoid: Vec<Prompt>,
}

/// One step of a renewal: who does what. When it is due is said by its stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenewalStep {
    /// What is done.
    pub action: String,
    /// Who does it.
    pub owner: String,
}

/// The texts of an escalation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EscalationWording {
    /// Its key in the model.
    pub name: String,
    /// What has happened.
    pub label: String,
    /// Who is called in.
    pub level: String,
    /// The time until somebody of that level has spoken to the CSM or to the customer.
    pub within: String,
}

/// How often the team meets with the accounts of a segment, such as `every quarter`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cadence {
    /// The CSM and the customer's main contact look at what is open.
    pub check_in: String,
    /// The business review (QBR).
    pub business_review: String,
    /// The executive business review (EBR).
    pub executive_review: String,
    /// The success plan is gone through.
    pub success_plan: String,
}

/// Something that a meeting is prepared with. Its places are about the metric of its first condition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Its key in the model.
    pub name: String,
    /// A talking point, what the customer may object, or what is better not raised.
    pub say: Template,
    /// The answer to an objection, or why something is better not raised; none for a talking point.
    pub answer: Option<Template>,
}

impl EngagementWording {
    /// The cadence of a segment.
    pub fn cadence_of(&self, profile: Profile) -> Option<&Cadence> {
        self.cadence.get(profile.index()).and_then(Option::as_ref)
    }

    /// The steps of a stage of a renewal, by its position.
    pub fn steps_of(&self, stage: usize) -> &[RenewalStep] {
        self.renewal.get(stage).map_or(&[], Vec::as_slice)
    }
}

impl Wording {
    /// The label of a module; its name where the model does not list it.
    pub fn module_label<'a>(&'a self, name: &'a str) -> &'a str {
        self.modules.iter().find(|(known, _)| known == name).map_or(name, |(_, label)| label)
    }
}

/// A name as people read it: underscores and hyphens are spaces, and the first letter is a capital.
pub(super) fn label_of(name: &str) -> String {
    let spaced = name.replace(['_', '-'], " ");
    let mut letters = spaced.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => spaced,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_is_due_within_its_time_rounded_up_to_days() {
        let from: NaiveDate = "2026-06-30".parse().expect("a date");
        for (within, due) in [
            ("24 hours", Some("2026-07-01")),
            ("25 hours", Some("2026-07-02")),
            ("2 weeks", Some("2026-07-14")),
            ("soon", None),
        ] {
            let step = Step { action: String::new(), owner: String::new(), within: within.to_owned() };
            let due: Option<NaiveDate> = due.map(|due| due.parse().expect("a date"));
            assert_eq!(step.due(from), due, "{within}");
            assert_eq!(step.due(NaiveDate::MAX), None, "{within}");
        }
    }
}
