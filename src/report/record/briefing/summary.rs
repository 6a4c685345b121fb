//! The sums of a briefing for machines.

use serde::Serialize;

use super::TallyRecord;
use super::overdue::InterventionsRecord;
use crate::account::Profile;
use crate::analysis::{Briefing, Compared, Note, Tally};
use crate::evidence::Overdue;
use crate::report::record::expansion::OutlookRecord;
use crate::report::record::{ChurnSummary, HealthSummary, Named};
use crate::report::{Context, briefing as shown};

/// The sums of a briefing, and what to be careful with; its lists of accounts follow.
#[derive(Debug, Serialize)]
pub struct BriefingSummary<'a> {
    health: HealthSummary,
    churn: ChurnSummary,
    last_period: Option<LastPeriodRecord>,
    segments: Named<'a, SegmentRecord>,
    retention: Option<RetentionRecord>,
    renewal_windows: Vec<WindowRecord>,
    expansion: PipelineRecord,
    data_gaps: Vec<GapRecord<'a>>,
    notes: Vec<NoteRecord<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interventions: Option<InterventionsRecord<'a>>,
}

/// The scores of now beside those of the last period, over the accounts that have both.
#[derive(Debug, Serialize)]
struct LastPeriodRecord {
    accounts: u64,
    average_before: f64,
    average_now: f64,
    before: BandsRecord,
    now: BandsRecord,
}

#[derive(Debug, Serialize)]
struct BandsRecord {
    green: TallyRecord,
    yellow: TallyRecord,
    red: TallyRecord,
}

impl From<[Tally; 3]> for BandsRecord {
    fn from(bands: [Tally; 3]) -> Self {
        let [green, yellow, red] = bands.map(TallyRecord::from);
        Self { green, yellow, red }
    }
}

impl LastPeriodRecord {
    fn of(compared: &Compared) -> Option<Self> {
        let (average_before, average_now) = compared.averages()?;
        let (before, now) = (compared.before.into(), compared.now.into());
        Some(Self { accounts: compared.all.accounts, average_before, average_now, before, now })
    }
}

#[derive(Debug, Serialize)]
struct WindowRecord {
    within_days: i64,
    renewals: TallyRecord,
    at_risk: TallyRecord,
}

/// A metric that is absent or too old in some accounts.
#[derive(Debug, Serialize)]
struct GapRecord<'a> {
    metric: &'a str,
    score: &'static str,
    weight: f64,
    accounts: u64,
    share: f64,
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
    last_period: Option<LastPeriodRecord>,
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
    /// The sums of a briefing, and of interventions where they were read.
    pub fn of(context: &Context<'a>, briefing: &Briefing<'_>, overdue: Option<&'a Overdue<'_>>) -> Self {
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
                last_period: LastPeriodRecord::of(&health.compared),
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
        let windows = briefing.windows.iter().map(|window| WindowRecord {
            within_days: window.days,
            renewals: window.renewals.into(),
            at_risk: window.at_risk.into(),
        });
        let gaps = shown::gaps(context, totals).into_iter().map(|gap| GapRecord {
            metric: gap.path,
            score: gap.score.key(),
            weight: gap.weight,
            accounts: gap.accounts,
            share: gap.share,
        });
        Self {
            health: HealthSummary::of(&briefing.findings),
            churn: ChurnSummary::of(&briefing.findings),
            last_period: LastPeriodRecord::of(&totals.health.compared),
            segments: Named(segments.collect()),
            retention,
            renewal_windows: windows.collect(),
            expansion: PipelineRecord {
                proposed: totals.gated.into(),
                estimated_pipeline: totals.pipeline.into(),
                estimated_wins: totals.expected.into(),
                earn_first: totals.earn_first.into(),
                earn_first_estimated_revenue: totals.earn_first_revenue,
            },
            data_gaps: gaps.collect(),
            notes: briefing.notes.iter().map(|note| NoteRecord::of(context, *note)).collect(),
            interventions: overdue.map(InterventionsRecord::from),
        }
    }
}
