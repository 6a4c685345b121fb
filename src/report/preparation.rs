//! What a meeting with one account is prepared with, in sentences. It is for the team: no document for the customer holds any of it.

use super::columns;
use super::number::ShortNumber;
use super::sentence::{Say, ValueText};
use crate::account::Account;
use crate::analysis::{Condition, Need, Occasion, Situation};
use crate::config::{Field, Models, Prompt, Template};

/// What a meeting with one account is prepared with; each list in the order of the model.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Preparation {
    /// What is worth saying.
    pub talking_points: Vec<String>,
    /// What the customer may object, each with an answer.
    pub objections: Vec<(String, String)>,
    /// What is better not raised, each with the reason.
    pub avoid: Vec<(String, String)>,
}

impl Preparation {
    /// What to prepare a meeting with, given what the models say of the account.
    pub fn new(models: &Models, situation: &Situation<'_>) -> Self {
        let (engagement, wording, account) = (&models.engagement, &models.wording.engagement, situation.account());
        let prompts = engagement.prompts(situation);
        let filled = |positions: &[usize], prompts: &[Prompt], occasions: &[Occasion]| -> Vec<(String, String)> {
            let fill = |position: usize| {
                let (prompt, occasion) = (prompts.get(position)?, occasions.get(position)?);
                let about = occasion.conditions.first().copied();
                let text = |template: &Template| PromptText { models, account, about, template }.said();
                Some((text(&prompt.say), prompt.answer.as_ref().map(text).unwrap_or_default()))
            };
            positions.iter().filter_map(|position| fill(*position)).collect()
        };
        let talking_points = filled(&prompts.talking_points, &wording.talking_points, &engagement.talking_points);
        Self {
            talking_points: talking_points.into_iter().map(|(say, _)| say).collect(),
            objections: filled(&prompts.objections, &wording.objections, &engagement.objections),
            avoid: filled(&prompts.avoid, &wording.avoid, &engagement.avoid),
        }
    }
}

/// A text whose places speak of the metric of a condition.
struct PromptText<'a> {
    models: &'a Models,
    account: &'a Account,
    about: Option<Condition>,
    template: &'a Template,
}

impl Say for PromptText<'_> {
    fn say(&self, out: &mut String) {
        let Self { models, account, about, template } = *self;
        template.render(out, |field, out| {
            let Some(Condition { slot, .. }) = about else { return };
            match field {
                Field::Value => ValueText { models, account, slot, value: account.row.get(slot) }.say(out),
                Field::Benchmark => {
                    let mut signals = models.health.model.plan(account.profile).signals();
                    let benchmark = signals.find_map(|signal| signal.scale.benchmark().filter(|_| signal.slot == slot));
                    if let Some(benchmark) = benchmark {
                        ShortNumber(benchmark).push_to(out);
                    }
                }
                Field::Metric => out.push_str(&models.schema.metric(slot).label),
                _ => {}
            }
        });
    }
}

/// What people call something that must be known of an account.
pub fn need_label(models: &Models, need: Need) -> String {
    match need {
        Need::Metric(slot) => models.schema.metric(slot).label.clone(),
        Need::Field(field) => columns::of_field(models, field).label,
        Need::Modules => "Modules of the product".to_owned(),
        Need::Review(part) => part.label().to_owned(),
    }
}
