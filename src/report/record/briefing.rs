//! The briefing for machines.

use serde::Serialize;

use super::super::{Context, briefing as shown, sentence};
use super::expansion::{OpportunityRecord, OutlookRecord};
use super::scored::Named;
use super::{ChurnSummary, HealthSummary};
use crate::account::{Account, Entry, Profile, Renewal};
use crate::analysis::{Assessment, Briefing, Note, Tally, UpcomingRenewal};

/// The sums and lists of a briefing; what to do first follows it as a list of [`ActionRecord`]s.
#[derive(Debug, Serialize)]
pub struct BriefingRecord<'a> {
    health: HealthSummary,
    churn: ChurnSummary,
    segments: Named<'a, SegmentRecord>,
    retention: Option<RetentionRecord>,
    expansion: PipelineRecord,
    renewals: Vec<RenewalRecord>,
    declining_renewals: Vec<RenewalRecord>,
    proposals: Vec<ProposalRecord>,
    earn_first: Vec<EarnFirstRecord>,
    onboarding: Vec<OnboardingRecord>,
    notes: Vec<NoteRecord>,
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
    average_score: f64,
    target_average: Option<f64>,
    median_score: Option<f64>,
    industry_median: Option<f64>,
}

#[derive(Debug, Serialize)]
struct RetentionRecord {
    grr: OutlookRecord,
    nrr: OutlookRecord,
    pipeline_coverage: Option<f64>,
    pipeline_coverage_goal: f64,
}

#[derive(Debug, Serialize)]
struct PipelineRecord {
    proposed: TallyRecord,
    pipeline: OutlookRecord,
    expected: OutlookRecord,
    earn_first: TallyRecord,
    earn_first_revenue: f64,
}

#[derive(Debug, Serialize)]
struct Who {
    customer_id: String,
    name: String,
    segment: String,
    csm: Option<String>,
    arr: f64,
}

impl Who {
    fn of(context: &Context<'_>, account: &Account) -> Self {
        Self {
            customer_id: account.id.clone(),
            name: account.name.clone(),
            segment: sentence::segment(context.models, account),
            csm: (!account.owner.is_empty()).then(|| account.owner.clone()),
            arr: account.arr,
        }
    }
}

#[derive(Debug, Serialize)]
struct RenewalRecord {
    #[serde(flatten)]
    who: Who,
    decided: String,
    contract_end_date: Option<String>,
    classification: &'static str,
    trend: &'static str,
    risk_tier: &'static str,
}

#[derive(Debug, Serialize)]
struct ProposalRecord {
    #[serde(flatten)]
    who: Who,
    pipeline: OutlookRecord,
    plays: Vec<PlayRecord>,
}

#[derive(Debug, Serialize)]
struct PlayRecord {
    category: &'static str,
    target: Option<String>,
    estimated_revenue: f64,
    counts_in_pipeline: bool,
    next_step: String,
}

#[derive(Debug, Serialize)]
struct EarnFirstRecord {
    #[serde(flatten)]
    who: Who,
    total_estimated_revenue: f64,
    reason: String,
}

#[derive(Debug, Serialize)]
struct OnboardingRecord {
    #[serde(flatten)]
    who: Who,
    days_since_start: Option<i64>,
    overall_score: f64,
    classification: &'static str,
}

#[derive(Debug, Serialize)]
struct NoteRecord {
    kind: &'static str,
    subject: Option<String>,
    accounts: Option<u64>,
    share: Option<f64>,
    arr: Option<f64>,
}

impl NoteRecord {
    fn of(context: &Context<'_>, note: Note) -> Self {
        let empty = |kind| Self { kind, subject: None, accounts: None, share: None, arr: None };
        let some = |kind, accounts| Self { accounts: Some(accounts), ..empty(kind) };
        let tally = |kind, tally: Tally| Self { arr: Some(tally.arr), ..some(kind, tally.accounts) };
        match note {
            Note::OneBand { band, share } => {
                Self { subject: Some(band.name().to_owned()), share: Some(share), ..empty("one_band") }
            }
            Note::AbsentGroup { group, share } => {
                let name = context.models.churn.model.groups()[group].name.clone();
                Self { subject: Some(name), share: Some(share), ..empty("absent_churn_category") }
            }
            Note::NoPrevious { accounts } => some("no_previous_period", accounts),
            Note::NoSegment { accounts } => some("no_segment", accounts),
            Note::UnknownSegment { accounts } => some("unknown_segment", accounts),
            Note::NoModules { accounts } => some("no_modules", accounts),
            Note::LowCoverage { accounts } => tally("low_coverage", accounts),
            Note::NoRenewalDate { accounts } => tally("no_renewal_date", accounts),
        }
    }
}

impl<'a> BriefingRecord<'a> {
    /// The record of a briefing; each list holds at most `top` accounts.
    pub fn new(context: &Context<'a>, briefing: &Briefing<'_>, top: Option<usize>) -> Self {
        let models = context.models;
        let totals = briefing.findings.totals();
        let limit = top.unwrap_or(usize::MAX);
        let segments = (0..).map(Profile).zip(&totals.health_by_segment).map(|(profile, health)| {
            let benchmark = models.industry.health_of(profile);
            let [green, yellow, red] = health.bands.map(TallyRecord::from);
            let record = SegmentRecord {
                accounts: health.all.accounts,
                arr: health.all.arr,
                green,
                yellow,
                red,
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
            pipeline_coverage: retention.pipeline_coverage,
            pipeline_coverage_goal: models.expansion.coverage_goal,
        });
        let renewals = |declining_only: bool| {
            let wanted = briefing.renewals.iter().filter(|renewal| renewal.declining || !declining_only);
            wanted.take(limit).map(|renewal| renewal_record(context, briefing, renewal)).collect()
        };
        Self {
            health: HealthSummary::of(&briefing.findings),
            churn: ChurnSummary::of(&briefing.findings),
            segments: Named(segments.collect()),
            retention,
            expansion: PipelineRecord {
                proposed: totals.gated.into(),
                pipeline: totals.pipeline.into(),
                expected: totals.expected.into(),
                earn_first: totals.earn_first.into(),
                earn_first_revenue: totals.earn_first_revenue,
            },
            renewals: renewals(false),
            declining_renewals: renewals(true),
            proposals: each(briefing, &briefing.proposals, limit, |account, assessment| ProposalRecord {
                who: Who::of(context, account),
                pipeline: assessment.expansion.pipeline.into(),
                plays: plays(context, account, assessment),
            }),
            earn_first: each(briefing, &briefing.earn_first, limit, |account, assessment| EarnFirstRecord {
                who: Who::of(context, account),
                total_estimated_revenue: assessment.expansion.total,
                reason: sentence::barrier(models, assessment),
            }),
            onboarding: each(briefing, briefing.findings.onboarding(), limit, |account, assessment| OnboardingRecord {
                who: Who::of(context, account),
                days_since_start: account.term.days_since_start(context.as_of),
                overall_score: assessment.health.card.score,
                classification: assessment.health.band().name(),
            }),
            notes: briefing.notes.iter().map(|note| NoteRecord::of(context, *note)).collect(),
        }
    }
}

fn each<T>(
    briefing: &Briefing<'_>,
    entries: &[Entry],
    limit: usize,
    make: impl Fn(&Account, &Assessment) -> T,
) -> Vec<T> {
    super::super::piece::each(&briefing.findings, &entries[..limit.min(entries.len())], make).collect()
}

fn plays(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Vec<PlayRecord> {
    let plays = assessment.expansion.opportunities.iter().map(|play| PlayRecord {
        category: play.play.name(),
        target: sentence::target(&account.footprint, play).map(str::to_owned),
        estimated_revenue: play.revenue,
        counts_in_pipeline: play.counts,
        next_step: context.models.wording.plays[play.play.index()].next.clone(),
    });
    plays.collect()
}

fn renewal_record(context: &Context<'_>, briefing: &Briefing<'_>, renewal: &UpcomingRenewal) -> RenewalRecord {
    let mut account = briefing.findings.blank_account();
    let mut assessment = Assessment::default();
    briefing.findings.read(renewal.entry, &mut account, &mut assessment);
    RenewalRecord {
        who: Who::of(context, &account),
        decided: renewal.decided.to_string(),
        contract_end_date: account.term.end.map(|end| end.to_string()),
        classification: assessment.health.band().name(),
        trend: assessment.health.attention_trend.name(),
        risk_tier: assessment.churn.tier().name(),
    }
}

/// One account on the list of what to do first, with all three analyses.
#[derive(Debug, Serialize)]
pub struct ActionRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: String,
    csm: Option<&'a str>,
    arr: f64,
    attention: &'static str,
    stake: f64,
    overall_score: f64,
    classification: &'static str,
    trend: &'static str,
    risk_score: f64,
    risk_tier: &'static str,
    days_to_renewal: Option<i64>,
    reason: String,
    next_step: String,
    health_coverage: f64,
    churn_coverage: f64,
    opportunities: Vec<OpportunityRecord<'a>>,
}

impl<'a> ActionRecord<'a> {
    /// The record of an account and its assessment.
    pub fn new(context: &Context<'a>, account: &'a Account, assessment: &Assessment) -> Self {
        let (health, churn) = (&assessment.health, &assessment.churn);
        let plays = assessment.expansion.opportunities.iter();
        Self {
            customer_id: &account.id,
            name: &account.name,
            segment: sentence::segment(context.models, account),
            csm: (!account.owner.is_empty()).then_some(account.owner.as_str()),
            arr: account.arr,
            attention: assessment.attention().name(),
            stake: assessment.stake(account),
            overall_score: health.card.score,
            classification: health.band().name(),
            trend: health.attention_trend.name(),
            risk_score: churn.card.score,
            risk_tier: churn.tier().name(),
            days_to_renewal: churn.renewal.map(Renewal::days_left),
            reason: sentence::reason(context.models, account, assessment),
            next_step: sentence::next_step(context.models, account, assessment),
            health_coverage: health.card.coverage,
            churn_coverage: churn.card.coverage,
            opportunities: plays.map(|play| OpportunityRecord::new(context, account, play)).collect(),
        }
    }
}
