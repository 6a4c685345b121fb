//! The briefing for machines.

use std::borrow::Cow;

use serde::Serialize;

use super::super::{Context, briefing as shown, sentence};
use super::expansion::{OpportunityRecord, OutlookRecord};
use super::scored::Named;
use super::{ChurnSummary, HealthSummary};
use crate::account::{Account, Profile, Renewal};
use crate::analysis::{Assessment, Band, Briefing, Note, Tally, Tier, UpcomingRenewal};

/// The sums of a briefing, and what to be careful with; its lists of accounts follow.
#[derive(Debug, Serialize)]
pub struct BriefingSummary<'a> {
    health: HealthSummary,
    churn: ChurnSummary,
    segments: Named<'a, SegmentRecord>,
    retention: Option<RetentionRecord>,
    expansion: PipelineRecord,
    notes: Vec<NoteRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct TallyRecord {
    accounts: u64,
    arr: f64,
}

impl From<Tally> for TallyRecord {
    fn from(tally: Tally) -> Self {
        Self { accounts: tally.accounts, arr: tally.arr }
    }
}

#[derive(Debug, Serialize)]
struct SegmentRecord {
    accounts: u64,
    arr: f64,
    green: TallyRecord,
    yellow: TallyRecord,
    red: TallyRecord,
    not_scored_count: u64,
    average_score: Option<f64>,
    target_average: Option<f64>,
    median_score: Option<f64>,
    industry_median: Option<f64>,
}

#[derive(Debug, Serialize)]
struct RetentionRecord {
    grr: OutlookRecord,
    nrr: OutlookRecord,
    field_grr: Option<f64>,
    field_nrr: Option<f64>,
    pipeline_coverage: Option<f64>,
    pipeline_coverage_goal: f64,
    not_scored: TallyRecord,
}

#[derive(Debug, Serialize)]
struct PipelineRecord {
    proposed: TallyRecord,
    estimated_pipeline: OutlookRecord,
    estimated_wins: OutlookRecord,
    earn_first: TallyRecord,
    earn_first_estimated_revenue: f64,
}

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
}

impl<'a> RenewalRecord<'a> {
    /// The record of a renewal, its account and the account's assessment.
    pub fn new(
        context: &Context<'a>,
        renewal: &UpcomingRenewal,
        account: &'a Account,
        assessment: &Assessment,
    ) -> Self {
        Self {
            who: Who::of(context, account),
            decided: renewal.decided.to_string(),
            contract_end_date: account.term.end.map(|end| end.to_string()),
            days_overdue: days_overdue(assessment),
            classification: assessment.health.band().map(Band::name),
            trend: assessment.health.trend.name(),
            risk_tier: assessment.churn.tier().map(Tier::name),
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
struct NoteRecord<'a> {
    kind: &'static str,
    subject: Option<&'a str>,
    accounts: Option<u64>,
    share: Option<f64>,
    arr: Option<f64>,
}

impl<'a> NoteRecord<'a> {
    fn of(context: &Context<'a>, note: Note) -> Self {
        let empty = |kind| Self { kind, subject: None, accounts: None, share: None, arr: None };
        let some = |kind, accounts| Self { accounts: Some(accounts), ..empty(kind) };
        let tally = |kind, tally: Tally| Self { arr: Some(tally.arr), ..some(kind, tally.accounts) };
        match note {
            Note::OneBand { band, share } => {
                Self { subject: Some(band.name()), share: Some(share), ..empty("one_band") }
            }
            Note::AbsentGroup { group, share } => {
                let name = &context.models.churn.model.groups()[group].name;
                Self { subject: Some(name), share: Some(share), ..empty("absent_churn_category") }
            }
            Note::NoPrevious { accounts } => some("no_previous_period", accounts),
            Note::NoSegment { accounts } => some("no_segment", accounts),
            Note::UnknownSegment { accounts } => some("unknown_segment", accounts),
            Note::IncompleteModules { none, few } => some("incomplete_modules", none + few),
            Note::UnknownPlan { accounts } => some("unknown_plan", accounts),
            Note::LowCoverage { accounts } => tally("low_coverage", accounts),
            Note::NoRenewalDate { accounts } => tally("no_renewal_date", accounts),
        }
    }
}

impl<'a> BriefingSummary<'a> {
    /// The sums of a briefing.
    pub fn of(context: &Context<'a>, briefing: &Briefing<'_>) -> Self {
        let models = context.models;
        let totals = briefing.findings.totals();
        let segments = (0..).map(Profile).zip(&totals.health_by_segment).map(|(profile, health)| {
            let benchmark = models.industry.health_of(profile);
            let [green, yellow, red] = health.bands.map(TallyRecord::from);
            let record = SegmentRecord {
                accounts: health.all.accounts,
                arr: health.all.arr,
                green,
                yellow,
                red,
                not_scored_count: health.not_scored.accounts,
                average_score: health.average(),
                target_average: benchmark.map(|benchmark| benchmark.target),
                median_score: health.median(),
                industry_median: benchmark.map(|benchmark| benchmark.median),
            };
            (models.segments.name(profile), record)
        });
        let retention = shown::retention(context, briefing).map(|retention| RetentionRecord {
            grr: retention.grr.into(),
            nrr: retention.nrr.into(),
            field_grr: retention.field.map(|field| field.grr),
            field_nrr: retention.field.map(|field| field.nrr),
            pipeline_coverage: retention.pipeline_coverage,
            pipeline_coverage_goal: models.expansion.coverage_goal,
            not_scored: totals.churn.not_scored.into(),
        });
        Self {
            health: HealthSummary::of(&briefing.findings),
            churn: ChurnSummary::of(&briefing.findings),
            segments: Named(segments.collect()),
            retention,
            expansion: PipelineRecord {
                proposed: totals.gated.into(),
                estimated_pipeline: totals.pipeline.into(),
                estimated_wins: totals.expected.into(),
                earn_first: totals.earn_first.into(),
                earn_first_estimated_revenue: totals.earn_first_revenue,
            },
            notes: briefing.notes.iter().map(|note| NoteRecord::of(context, *note)).collect(),
        }
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
            next_step: sentence::next_step(context.models, account, assessment),
            health_coverage: health.card.coverage,
            churn_coverage: churn.card.coverage,
            expansion: match &assessment.expansion {
                expansion if expansion.opportunities.is_empty() => "none",
                _ if context.models.expansion.gate.opens(health.band(), churn.tier()) => "propose",
                _ => "earn_first",
            },
        }
    }
}
