//! The briefing for machines.

mod overdue;
mod summary;

use std::borrow::Cow;

use serde::Serialize;

use super::super::{Context, need_label, sentence};
use super::expansion::{OpportunityRecord, OutlookRecord};
use crate::account::{Account, Renewal};
use crate::analysis::{Assessment, Band, FalseGreen, Group, Tally, Tier, Unready, UpcomingRenewal};
use crate::config::EscalationWording;

pub use overdue::OverdueRecord;
pub use summary::BriefingSummary;

#[derive(Debug, Serialize)]
struct Who<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: Cow<'a, str>,
    csm: Option<&'a str>,
    arr: f64,
}

impl<'a> Who<'a> {
    fn of(context: &Context<'a>, account: &'a Account) -> Self {
        Self {
            customer_id: &account.id,
            name: &account.name,
            segment: sentence::segment(context.models, account),
            csm: Some(account.owner.as_str()).filter(|owner| !owner.is_empty()),
            arr: account.arr,
        }
    }
}

/// A renewal that is decided soon, or overdue.
#[derive(Debug, Serialize)]
pub struct RenewalRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    decided: String,
    contract_end_date: Option<String>,
    days_overdue: Option<i64>,
    classification: Option<&'static str>,
    trend: &'static str,
    risk_tier: Option<&'static str>,
    stage_days: Option<u32>,
    stage_due: Option<String>,
    steps: Vec<RenewalStepRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct RenewalStepRecord<'a> {
    action: &'a str,
    owner: &'a str,
}

impl<'a> RenewalRecord<'a> {
    /// The record of a renewal, its account and the account's assessment.
    pub fn new(
        context: &Context<'a>,
        renewal: &UpcomingRenewal,
        account: &'a Account,
        assessment: &Assessment,
    ) -> Self {
        let engagement = &context.models.engagement;
        let is_ahead = renewal.decided >= context.as_of;
        let stage = engagement.current_stage(renewal.decided, context.as_of).filter(|_| is_ahead);
        let steps = stage.map_or(&[][..], |stage| context.models.wording.engagement.steps_of(stage.stage));
        let steps = steps.iter().map(|step| RenewalStepRecord { action: &step.action, owner: &step.owner });
        Self {
            who: Who::of(context, account),
            decided: renewal.decided.to_string(),
            contract_end_date: account.term.end.map(|end| end.to_string()),
            days_overdue: days_overdue(assessment),
            classification: assessment.health.band().map(Band::name),
            trend: assessment.health.trend.name(),
            risk_tier: assessment.churn.tier().map(Tier::name),
            stage_days: stage.and_then(|stage| engagement.renewal.get(stage.stage).copied()),
            stage_due: stage.map(|stage| stage.due.to_string()),
            steps: steps.collect(),
        }
    }
}

/// The plays to propose to an account now.
#[derive(Debug, Serialize)]
pub struct ProposalRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    estimated_pipeline: OutlookRecord,
    opportunities: Vec<OpportunityRecord<'a>>,
}

impl<'a> ProposalRecord<'a> {
    /// The record of an account and its assessment.
    pub fn new(context: &Context<'a>, account: &'a Account, assessment: &Assessment) -> Self {
        let plays = assessment.expansion.opportunities.iter();
        Self {
            who: Who::of(context, account),
            estimated_pipeline: assessment.expansion.pipeline.into(),
            opportunities: plays.map(|play| OpportunityRecord::new(context, account, play)).collect(),
        }
    }
}

/// An account whose expansion has to wait, and why.
#[derive(Debug, Serialize)]
pub struct EarnFirstRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    estimated_pipeline: OutlookRecord,
    reason: String,
}

impl<'a> EarnFirstRecord<'a> {
    /// The record of an account and its assessment.
    pub fn new(context: &Context<'a>, account: &'a Account, assessment: &Assessment) -> Self {
        Self {
            who: Who::of(context, account),
            estimated_pipeline: assessment.expansion.pipeline.into(),
            reason: sentence::barrier(context.models, assessment),
        }
    }
}

/// An account that is onboarding, which is in no sum.
#[derive(Debug, Serialize)]
pub struct OnboardingRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    days_since_start: Option<i64>,
    overall_score: Option<f64>,
    classification: Option<&'static str>,
}

impl<'a> OnboardingRecord<'a> {
    /// The record of an account and its assessment.
    pub fn new(context: &Context<'a>, account: &'a Account, assessment: &Assessment) -> Self {
        Self {
            who: Who::of(context, account),
            days_since_start: account.term.days_since_start(context.as_of),
            overall_score: assessment.health.card.score(),
            classification: assessment.health.band().map(Band::name),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct TallyRecord {
    accounts: u64,
    arr: f64,
}

impl From<Tally> for TallyRecord {
    fn from(tally: Tally) -> Self {
        Self { accounts: tally.accounts, arr: tally.arr }
    }
}

/// A green account that may be worse than it looks.
#[derive(Debug, Serialize)]
pub struct FalseGreenRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    overall_score: Option<f64>,
    risk_tier: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    confirmed_fall: Option<bool>,
    declining: bool,
    critical_warning: bool,
    low_coverage: bool,
    reason: String,
}

impl<'a> FalseGreenRecord<'a> {
    /// The record of what speaks against the score of an account.
    pub fn new(context: &Context<'a>, found: FalseGreen, account: &'a Account, assessment: &Assessment) -> Self {
        let doubts = found.doubts;
        Self {
            who: Who::of(context, account),
            overall_score: assessment.health.card.score(),
            risk_tier: assessment.churn.tier().map(Tier::name),
            confirmed_fall: found.confirmed_fall.then_some(true),
            declining: doubts.declining,
            critical_warning: doubts.critical_warning,
            low_coverage: doubts.low_coverage,
            reason: sentence::false_green(context.models, account, assessment, found),
        }
    }
}

/// A strategic account that lacks what a review cannot do without.
#[derive(Debug, Serialize)]
pub struct UnreadyRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    lacking: Vec<String>,
}

impl<'a> UnreadyRecord<'a> {
    /// The record of an account and of what it lacks.
    pub fn new(context: &Context<'a>, unready: &Unready, account: &'a Account) -> Self {
        let lacking = unready.lacking.iter().map(|need| need_label(context.models, *need));
        Self { who: Who::of(context, account), lacking: lacking.collect() }
    }
}

/// The accounts that have something in common.
#[derive(Debug, Serialize)]
pub struct GroupRecord<'a> {
    field: &'a str,
    name: Option<&'a str>,
    accounts: u64,
    arr: f64,
    green: TallyRecord,
    yellow: TallyRecord,
    red: TallyRecord,
    average_score: Option<f64>,
    at_risk: TallyRecord,
    urgent_count: u64,
    renewals_in_90_days: TallyRecord,
    estimated_pipeline: f64,
}

impl<'a> GroupRecord<'a> {
    /// The record of a group by a field.
    pub fn new(field: &'a str, group: &'a Group) -> Self {
        let [green, yellow, red] = group.bands.map(TallyRecord::from);
        Self {
            field,
            name: Some(group.name.as_str()).filter(|name| !name.is_empty()),
            accounts: group.all.accounts,
            arr: group.all.arr,
            green,
            yellow,
            red,
            average_score: group.average(),
            at_risk: group.at_risk.into(),
            urgent_count: group.urgent.len() as u64,
            renewals_in_90_days: group.renewals.into(),
            estimated_pipeline: group.pipeline,
        }
    }
}

#[derive(Debug, Serialize)]
struct EscalationRecord<'a> {
    trigger: &'a str,
    level: &'a str,
    within: &'a str,
}

impl<'a> EscalationRecord<'a> {
    fn of(wording: &'a EscalationWording) -> Self {
        Self { trigger: &wording.label, level: &wording.level, within: &wording.within }
    }
}

/// One account on the list of what to do first, with all three analyses.
#[derive(Debug, Serialize)]
pub struct ActionRecord<'a> {
    #[serde(flatten)]
    who: Who<'a>,
    attention: &'static str,
    stake: Option<f64>,
    overall_score: Option<f64>,
    classification: Option<&'static str>,
    trend: &'static str,
    attention_trend: &'static str,
    risk_score: Option<f64>,
    risk_tier: Option<&'static str>,
    days_to_renewal: Option<i64>,
    days_overdue: Option<i64>,
    reason: String,
    next_step: String,
    next_step_owner: Option<String>,
    next_step_due: Option<String>,
    escalations: Vec<EscalationRecord<'a>>,
    health_coverage: f64,
    churn_coverage: f64,
    expansion: &'static str,
}

fn days_overdue(assessment: &Assessment) -> Option<i64> {
    assessment.churn.renewal.and_then(Renewal::days_overdue)
}

impl<'a> ActionRecord<'a> {
    /// The record of an account and its assessment.
    pub fn new(context: &Context<'a>, account: &'a Account, assessment: &Assessment) -> Self {
        let (health, churn) = (&assessment.health, &assessment.churn);
        let step = sentence::next_step(context.models, account, assessment, context.as_of);
        let situation = context.assessor().situation(account, assessment);
        let escalations = sentence::escalations(context.models, &situation).map(EscalationRecord::of);
        Self {
            who: Who::of(context, account),
            attention: assessment.attention().name(),
            stake: assessment.stake(account),
            overall_score: health.card.score(),
            classification: health.band().map(Band::name),
            trend: health.trend.name(),
            attention_trend: health.attention_trend.name(),
            risk_score: churn.card.score(),
            risk_tier: churn.tier().map(Tier::name),
            days_to_renewal: churn.renewal.map(Renewal::days_left),
            days_overdue: days_overdue(assessment),
            reason: sentence::reason(context.models, account, assessment),
            next_step: step.as_ref().map(ToString::to_string).unwrap_or_default(),
            next_step_due: step.as_ref().and_then(|step| step.due).map(|due| due.to_string()),
            next_step_owner: step.map(|step| step.owner),
            escalations: escalations.collect(),
            health_coverage: health.card.coverage,
            churn_coverage: churn.card.coverage,
            expansion: assessment.proposal(&context.models.expansion.gate).name(),
        }
    }
}
