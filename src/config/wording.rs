//! What people read: the texts of a model, kept apart from its figures.

use super::Template;

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
