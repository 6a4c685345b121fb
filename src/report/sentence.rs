//! Sentences: wording from the model, filled with the values that fired it.

use std::borrow::Cow;
use std::fmt;

use super::number::{ShortNumber, short_number};
use crate::account::{Account, Footprint, Kind, Lifecycle, lower_case};
use crate::analysis::{Assessment, Attention, Band, LOW_COVERAGE, Model, Opportunity, Target, Tier, Trend};
use crate::config::{Field, Models, Step, Template};
use crate::engine::{Fired, Presence, Scorecard, Slot, Value, round1};

/// What is said in place of a score.
pub(super) const NOT_SCORED: &str = "not scored";

/// The text of a value of a metric. A word that no vocabulary knows is given as the account spells it.
#[derive(Debug, Clone, Copy)]
pub(super) struct ValueText<'a> {
    pub(super) models: &'a Models,
    pub(super) account: &'a Account,
    pub(super) slot: Slot,
    pub(super) value: Value,
}

impl fmt::Display for ValueText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Absent => Ok(()),
            Value::Number(number) => ShortNumber(number).fmt(f),
            Value::Flag(flag) => f.write_str(if flag { "yes" } else { "no" }),
            Value::Word(word) => {
                let kind = &self.models.schema.metric(self.slot).kind;
                let known = if let Kind::Word(vocabulary) = kind { vocabulary.text(word) } else { None };
                f.write_str(known.or_else(|| self.account.other_word(self.slot)).unwrap_or("other"))
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

impl fmt::Display for RuleText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { models, model, account, card, fired, template } = *self;
        let Some(template) = template else { return Ok(()) };
        let scored = &card.signals[fired.signal];
        let slot = model.signals()[fired.signal].slot;
        let benchmark = || model.plan(account.profile).signals().nth(fired.signal)?.scale.benchmark();
        template.render(f, |field, f| match field {
            Field::Value => ValueText { models, account, slot, value: scored.value }.fmt(f),
            Field::Benchmark => benchmark().map_or(Ok(()), |benchmark| ShortNumber(benchmark).fmt(f)),
            Field::Score => ShortNumber(scored.score).fmt(f),
            Field::Metric => f.write_str(&models.schema.metric(slot).label),
            _ => Ok(()),
        })?;
        match scored.presence {
            Presence::Present => Ok(()),
            Presence::Absent => f.write_str(" (no figure: judged by the default)"),
            Presence::Stale => f.write_str(" (the figure is stale: judged by the default)"),
        }
    }
}

/// A step of a playbook in one line.
#[derive(Debug, Clone, Copy)]
pub(super) struct StepText<'a>(pub(super) &'a Step);

impl fmt::Display for StepText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}, within {})", self.0.action, self.0.owner, self.0.within)
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

/// Why a play is open to an account.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rationale<'a> {
    pub(super) models: &'a Models,
    pub(super) footprint: &'a Footprint,
    pub(super) opportunity: Opportunity,
}

impl fmt::Display for Rationale<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { models, footprint, opportunity } = self;
        let wording = &models.wording.plays[opportunity.play.index()];
        let target = target(footprint, opportunity).unwrap_or_default();
        wording.rationale.render(f, |field, f| match field {
            Field::ActiveSeats => ShortNumber(footprint.active_seats).fmt(f),
            Field::LicensedSeats => ShortNumber(footprint.licensed_seats).fmt(f),
            Field::Utilisation => {
                let licensed = footprint.licensed_seats;
                let share = if licensed == 0.0 { 0.0 } else { footprint.active_seats / licensed };
                ShortNumber(round1(share * 100.0)).fmt(f)
            }
            Field::CurrentTier if footprint.plan_tier.is_empty() => f.write_str("unknown"),
            Field::CurrentTier => f.write_str(&footprint.plan_tier),
            Field::DepartmentsCovered => footprint.departments.current.len().fmt(f),
            Field::Module => f.write_str(models.wording.module_label(target)),
            Field::TargetTier | Field::Department => f.write_str(target),
            _ => Ok(()),
        })
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
        parts.push(warning(models, account, &churn.card, *first).to_string());
    } else if let Some(first) = founded_advice(&health.card) {
        parts.push(advice(models, account, &health.card, first).to_string());
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

/// What to do next for an account: the first step of a branch that comes first, such as an overdue renewal. Else, at high and critical
/// risk, the first step of the playbook; where it is health that asks for attention, the first advice on that; else the playbook.
pub(super) fn next_step(models: &Models, account: &Account, assessment: &Assessment) -> String {
    let health = &assessment.health;
    if let Some(step) = branch_steps(models, assessment, true).next() {
        return StepText(step).to_string();
    }
    let at_risk = assessment.churn.tier().is_some_and(Tier::at_risk);
    if !at_risk && assessment.attention() != Attention::Low {
        if let Some(first) = founded_advice(&health.card) {
            return advice(models, account, &health.card, first).to_string();
        }
        if health.card.coverage < 1.0 {
            return "Get the missing figures before judging this account: `csm explain` names them".to_owned();
        }
    }
    steps(models, assessment).next().map(|step| StepText(step).to_string()).unwrap_or_default()
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
