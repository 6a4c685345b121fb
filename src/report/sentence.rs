//! Sentences: wording from the model, filled with the values that fired it.

use std::borrow::Cow;
use std::fmt;

use chrono::{NaiveDate, TimeDelta};

use super::number::{ShortNumber, short_number};
use crate::account::{Account, Footprint, Kind, Lifecycle, lower_case};
use crate::analysis::{
    Assessment, Attention, Band, Doubts, FalseGreen, LOW_COVERAGE, Model, Opportunity, Situation, Target, Tier, Trend,
};
use crate::config::{EscalationWording, Field, Models, Step, Template};
use crate::engine::{Fired, Presence, Scorecard, Severity, Slot, Value, round1};

/// What is said in place of a score.
pub(super) const NOT_SCORED: &str = "not scored";

/// Most sentences are shorter than this.
pub(super) const USUAL: usize = 256;

/// What can be said in a piece of text.
pub(super) trait Say {
    /// Puts the text behind what `out` holds.
    fn say(&self, out: &mut String);

    /// The text alone.
    fn said(&self) -> String {
        let mut text = String::with_capacity(USUAL);
        self.say(&mut text);
        text
    }
}

/// The text of a value of a metric. A word that no vocabulary knows is given as the account spells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueText<'a> {
    pub(super) models: &'a Models,
    pub(super) account: &'a Account,
    pub(super) slot: Slot,
    pub(super) value: Value,
}

impl Say for ValueText<'_> {
    fn say(&self, out: &mut String) {
        match self.value {
            Value::Absent => {}
            Value::Number(number) => ShortNumber(number).push_to(out),
            Value::Flag(flag) => out.push_str(if flag { "yes" } else { "no" }),
            Value::Word(word) => {
                let kind = &self.models.schema.metric(self.slot).kind;
                let known = if let Kind::Word(vocabulary) = kind { vocabulary.text(word) } else { None };
                out.push_str(known.or_else(|| self.account.other_word(self.slot)).unwrap_or("other"));
            }
        }
    }
}

/// What a rule that fired says.
#[derive(Debug, Clone, Copy)]
pub(super) struct RuleText<'a> {
    models: &'a Models,
    model: &'a Model,
    account: &'a Account,
    card: &'a Scorecard,
    fired: Fired,
    template: Option<&'a Template>,
}

/// The advice of a rule that fired.
pub(super) fn advice<'a>(models: &'a Models, account: &'a Account, card: &'a Scorecard, fired: Fired) -> RuleText<'a> {
    let template = models.wording.health.get(fired.signal).and_then(|signal| signal.advise.get(fired.rule));
    RuleText { models, model: &models.health.model, account, card, fired, template }
}

/// The warning of a rule that fired.
pub(super) fn warning<'a>(models: &'a Models, account: &'a Account, card: &'a Scorecard, fired: Fired) -> RuleText<'a> {
    let template = models.wording.churn.get(fired.signal).and_then(|signal| signal.warn.get(fired.rule));
    RuleText { models, model: &models.churn.model, account, card, fired, template }
}

impl Say for RuleText<'_> {
    fn say(&self, out: &mut String) {
        let Self { models, model, account, card, fired, template } = *self;
        let Some(template) = template else { return };
        let scored = &card.signals[fired.signal];
        let slot = model.signals()[fired.signal].slot;
        let benchmark = || model.plan(account.profile).signals().nth(fired.signal)?.scale.benchmark();
        template.render(out, |field, out| match field {
            Field::Value => ValueText { models, account, slot, value: scored.value }.say(out),
            Field::Benchmark => {
                if let Some(benchmark) = benchmark() {
                    ShortNumber(benchmark).push_to(out);
                }
            }
            Field::Score => ShortNumber(scored.score).push_to(out),
            Field::Metric => out.push_str(&models.schema.metric(slot).label),
            _ => {}
        });
        out.push_str(match scored.presence {
            Presence::Present => "",
            Presence::Absent => " (no figure: judged by the default)",
            Presence::Stale => " (the figure is stale: judged by the default)",
        });
    }
}

/// A step of a playbook in one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepText<'a>(pub(super) &'a Step);

impl Say for StepText<'_> {
    fn say(&self, out: &mut String) {
        let Step { action, owner, within } = self.0;
        out.extend([action, " (", owner, ", within ", within, ")"]);
    }
}

/// The steps of an account's playbook, those of its branches before or behind them.
pub(super) fn steps<'m>(models: &'m Models, assessment: &'m Assessment) -> impl Iterator<Item = &'m Step> {
    let playbook = assessment.churn.playbook.and_then(|playbook| models.wording.playbooks.get(playbook));
    let playbook = playbook.into_iter().flat_map(|playbook| &playbook.steps);
    branch_steps(models, assessment, true).chain(playbook).chain(branch_steps(models, assessment, false))
}

/// The steps of the branches that apply, of those that come first or of the others.
fn branch_steps<'m>(models: &'m Models, assessment: &'m Assessment, first: bool) -> impl Iterator<Item = &'m Step> {
    let branches = assessment.churn.branches.iter().copied();
    branches
        .filter(move |branch| models.churn.branches.get(*branch).is_some_and(|branch| branch.first == first))
        .filter_map(|branch| models.wording.branches.get(branch))
        .flat_map(|branch| &branch.steps)
}

/// The escalations that apply to an account, the most urgent response first.
pub(super) fn escalations<'m>(
    models: &'m Models,
    situation: &Situation<'_>,
) -> impl Iterator<Item = &'m EscalationWording> + use<'m> {
    let positions = models.engagement.escalations(situation).into_iter();
    positions.filter_map(|position| models.wording.engagement.escalations.get(position))
}

/// The escalations that only people can tell, in the order of the model.
pub(super) fn manual_escalations(models: &Models) -> impl Iterator<Item = &EscalationWording> {
    let positions = models.engagement.manual_escalations();
    positions.filter_map(|position| models.wording.engagement.escalations.get(position))
}

/// Why a play is open to an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rationale<'a> {
    pub(super) models: &'a Models,
    pub(super) footprint: &'a Footprint,
    pub(super) opportunity: Opportunity,
}

impl Say for Rationale<'_> {
    fn say(&self, out: &mut String) {
        let Self { models, footprint, opportunity } = self;
        let wording = &models.wording.plays[opportunity.play.index()];
        let target = target(footprint, opportunity).unwrap_or_default();
        wording.rationale.render(out, |field, out| match field {
            Field::ActiveSeats => ShortNumber(footprint.active_seats).push_to(out),
            Field::LicensedSeats => ShortNumber(footprint.licensed_seats).push_to(out),
            Field::Utilisation => {
                let licensed = footprint.licensed_seats;
                let share = if licensed == 0.0 { 0.0 } else { footprint.active_seats / licensed };
                ShortNumber(round1(share * 100.0)).push_to(out);
            }
            Field::CurrentTier if footprint.plan_tier.is_empty() => out.push_str("unknown"),
            Field::CurrentTier => out.push_str(&footprint.plan_tier),
            Field::DepartmentsCovered => {
                out.push_str(itoa::Buffer::new().format(footprint.departments.current.len()));
            }
            Field::Module => out.push_str(models.wording.module_label(target)),
            Field::TargetTier | Field::Department => out.push_str(target),
            _ => {}
        });
    }
}

/// What a play is about, as the input spells it; `None` for seats.
pub(super) fn target<'a>(footprint: &'a Footprint, opportunity: &Opportunity) -> Option<&'a str> {
    match opportunity.target {
        Target::Seats => None,
        Target::Tier(position) => footprint.available_tiers.get(position),
        Target::Module(position) => footprint.modules.iter().nth(position).map(|module| module.name),
        Target::Department(position) => footprint.departments.potential.get(position),
    }
}

/// Why an account is on the list of what to do first, in one line.
pub(super) fn reason(models: &Models, account: &Account, assessment: &Assessment) -> String {
    let Assessment { health, churn, .. } = assessment;
    let mut parts = Vec::new();
    let declining = match (health.attention_trend, health.trend) {
        (Trend::Declining, Trend::NoData) => ", declining by its dimensions",
        (Trend::Declining, _) => ", declining",
        _ => "",
    };
    match health.band() {
        None => parts.push(format!("health {NOT_SCORED}")),
        Some(Band::Green) if declining.is_empty() => {}
        Some(band) => parts.push(format!("{} health{declining}", band.name())),
    }
    match churn.tier() {
        None => parts.push(format!("churn risk {NOT_SCORED}")),
        Some(Tier::Low) => {}
        Some(tier) => parts.push(format!("{} churn risk", tier.name())),
    }
    if let Some(first) = churn.card.warnings.first() {
        parts.push(warning(models, account, &churn.card, *first).said());
    } else if let Some(first) = founded_advice(&health.card) {
        parts.push(advice(models, account, &health.card, first).said());
    } else if health.card.coverage < LOW_COVERAGE {
        parts.push("most of its figures are missing".to_owned());
    }
    if churn.card.coverage < LOW_COVERAGE {
        parts.push(format!("{} % of the churn model has data", short_number(round1(churn.card.coverage * 100.0))));
    }
    if parts.is_empty() {
        parts.push("no sign of trouble".to_owned());
    }
    capitalised(&parts.join("; "))
}

/// The first advice that rests on data rather than on a default.
fn founded_advice(card: &Scorecard) -> Option<Fired> {
    card.advice.iter().copied().find(|fired| card.signals[fired.signal].presence.is_present())
}

/// What is done next for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NextStep {
    /// What is done.
    pub(super) action: String,
    /// Who does it; empty where nobody is named.
    pub(super) owner: String,
    /// The time for it, as the playbook words it; empty where it is not a step of a playbook.
    pub(super) within: String,
    /// Until when, where the time for it is known.
    pub(super) due: Option<NaiveDate>,
}

impl NextStep {
    fn of(step: &Step, as_of: NaiveDate) -> Self {
        Self {
            action: step.action.clone(),
            owner: step.owner.clone(),
            within: step.within.clone(),
            due: step.due(as_of),
        }
    }

    /// A step that no playbook names: the owner of the account does it, in the time that its attention asks for.
    fn of_owner(action: String, account: &Account, attention: Attention, as_of: NaiveDate) -> Self {
        let owner = if account.owner.is_empty() { "CSM" } else { &account.owner };
        let due = attention.days_to_act().and_then(|days| as_of.checked_add_signed(TimeDelta::days(days)));
        Self { action, owner: owner.to_owned(), within: String::new(), due }
    }
}

impl fmt::Display for NextStep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.action)?;
        if self.within.is_empty() { Ok(()) } else { write!(f, " ({}, within {})", self.owner, self.within) }
    }
}

/// What to do next for an account: the first step of a branch that comes first, such as an overdue renewal. Else, at high and critical
/// risk, the first step of the playbook; where it is health that asks for attention, the first advice on that; else the playbook. `None`
/// where neither has anything to say.
pub(super) fn next_step(
    models: &Models,
    account: &Account,
    assessment: &Assessment,
    as_of: NaiveDate,
) -> Option<NextStep> {
    let health = &assessment.health;
    if let Some(step) = branch_steps(models, assessment, true).next() {
        return Some(NextStep::of(step, as_of));
    }
    let at_risk = assessment.churn.tier().is_some_and(Tier::at_risk);
    let attention = assessment.attention();
    if !at_risk && attention != Attention::Low {
        if let Some(first) = founded_advice(&health.card) {
            let action = advice(models, account, &health.card, first).said();
            return Some(NextStep::of_owner(action, account, attention, as_of));
        }
        if health.card.coverage < 1.0 {
            let action = "Get the missing figures before judging this account: csm explain names them".to_owned();
            return Some(NextStep::of_owner(action, account, attention, as_of));
        }
    }
    steps(models, assessment).next().map(|step| NextStep::of(step, as_of))
}

/// Why a green account may be worse than it looks, in one line: what a history confirms comes first.
pub(super) fn false_green(models: &Models, account: &Account, assessment: &Assessment, found: FalseGreen) -> String {
    let doubts = doubts(models, account, assessment, found.doubts);
    match (found.confirmed_fall, doubts.is_empty()) {
        (false, _) => doubts,
        (true, true) => CONFIRMED_FALL.to_owned(),
        (true, false) => format!("{CONFIRMED_FALL}. {doubts}"),
    }
}

const CONFIRMED_FALL: &str = "Green now, but the score has fallen, as two readings confirm";

/// What speaks against the green score of an account, in one line.
pub(super) fn doubts(models: &Models, account: &Account, assessment: &Assessment, doubts: Doubts) -> String {
    let (health, churn) = (&assessment.health, &assessment.churn);
    let mut parts = Vec::new();
    if doubts.declining {
        let model = &models.health.model;
        let falling = model.groups().iter().zip(&health.trends).filter(|(_, trend)| **trend == Trend::Declining);
        let falling: Vec<String> = falling.map(|(group, _)| group.label.to_lowercase()).collect();
        parts.push(match falling.as_slice() {
            [] => "the score declines".to_owned(),
            falling => format!("{} declining", falling.join(" and ")),
        });
    }
    if doubts.critical_warning {
        let critical = churn.card.warnings.iter().find(|fired| fired.severity == Some(Severity::Critical));
        parts.extend(critical.map(|fired| warning(models, account, &churn.card, *fired).said()));
    }
    if doubts.low_coverage {
        parts.push(format!("only {} % of its figures are known", short_number(round1(health.card.coverage * 100.0))));
    }
    capitalised(&parts.join("; "))
}

/// Why expansion must wait for an account; what the gate asks for is the other half of the sentence.
pub(super) fn barrier(models: &Models, assessment: &Assessment) -> String {
    let gate = &models.expansion.gate;
    let mut parts = Vec::new();
    match assessment.health.band() {
        None => parts.push(format!("health {NOT_SCORED}")),
        Some(band) if gate.bands.contains(&band) => {}
        Some(band) => parts.push(format!("{} health", band.name())),
    }
    match assessment.churn.tier() {
        None => parts.push(format!("churn risk {NOT_SCORED}")),
        Some(tier) if gate.tiers.contains(&tier) => {}
        Some(tier) => parts.push(format!("{} churn risk", tier.name())),
    }
    capitalised(&parts.join(" and "))
}

/// How old the value of a signal is, in days, where the model limits that and the age is known.
pub(super) fn age(model: &Model, account: &Account, signal: usize) -> Option<f64> {
    let freshness = model.plan(account.profile).signals().nth(signal)?.freshness?;
    account.row.get(freshness.age).number()
}

/// The name of an account's segment for people and for machines: lower case, the model's default where none is named.
pub(super) fn segment<'a>(models: &'a Models, account: &'a Account) -> Cow<'a, str> {
    match account.segment.as_deref() {
        Some(segment) => lower_case(segment),
        None => models.segments.name(models.segments.default_profile()).into(),
    }
}

/// The lifecycle of an account where it is not the usual one.
pub(super) fn lifecycle(account: &Account) -> Option<&'static str> {
    match account.lifecycle {
        Lifecycle::Live => None,
        Lifecycle::Onboarding => Some(Lifecycle::WORDS[0]),
        Lifecycle::Churned => Some(Lifecycle::WORDS[2]),
    }
}

pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}
