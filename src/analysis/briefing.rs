//! The three analyses joined: renewals, what to propose, what to earn first, and what to be careful with.

use chrono::NaiveDate;

use super::{Assessment, Band, Findings, Outlook, Tally, Totals, Trend};
use crate::account::{Entry, Profile};

/// Renewals that are decided within this many days are listed (our choice).
pub const RENEWAL_WINDOW_DAYS: i64 = 180;
/// More than this share of the accounts in one band is worth a look at thresholds or data (our choice).
pub const ONE_BAND_SHARE: f64 = 0.8;
/// A churn category that is absent in at least this share of the accounts understates the risk (our choice).
pub const ABSENT_GROUP_SHARE: f64 = 0.5;

/// An account whose renewal is decided soon, or overdue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UpcomingRenewal {
    /// The account.
    pub entry: Entry,
    /// The day on which the renewal is decided: the notice date, else the contract's end.
    pub decided: NaiveDate,
    /// Whether the overall health score is declining.
    pub declining: bool,
    arr: f64,
}

/// What a data set or a model may hide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// More than [`ONE_BAND_SHARE`] of the accounts are in one band.
    OneBand {
        /// The band.
        band: Band,
        /// The share of accounts, 0–1.
        share: f64,
    },
    /// A churn category is wholly absent in at least [`ABSENT_GROUP_SHARE`] of the accounts.
    AbsentGroup {
        /// The category, by its position in the churn model.
        group: usize,
        /// The share of accounts, 0–1.
        share: f64,
    },
    /// Accounts without any figure of the last period.
    NoPrevious {
        /// How many.
        accounts: u64,
    },
    /// Accounts that name no segment.
    NoSegment {
        /// How many.
        accounts: u64,
    },
    /// Accounts that name a segment for which the model has no figures.
    UnknownSegment {
        /// How many.
        accounts: u64,
    },
    /// Accounts that name no module.
    NoModules {
        /// How many.
        accounts: u64,
    },
    /// Accounts whose health rests on less than [`super::LOW_COVERAGE`] of the model's weight.
    LowCoverage {
        /// How many, and their ARR.
        accounts: Tally,
    },
    /// Accounts whose contract end is unknown: no urgency is applied to them.
    NoRenewalDate {
        /// How many, and their ARR.
        accounts: Tally,
    },
}

/// Retention over the next twelve months, and the pipeline behind it. Shares of the ARR of today; `None` without any ARR.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetentionOutlook {
    /// Σ ARR × renewal rate of the tier ÷ Σ ARR.
    pub grr: Outlook,
    /// The same with the gated expansion × the win rate of its play.
    pub nrr: Outlook,
    /// Gated base pipeline ÷ (NRR target × ARR), the target weighted by the ARR of the segments.
    pub pipeline_coverage: Option<f64>,
}

/// The lists of a briefing, and the findings that they point into. The findings' own order is that of what to do first.
#[derive(Debug, Clone)]
pub struct Briefing<'m> {
    /// The findings, with all analyses in scope.
    pub findings: Findings<'m>,
    /// By the day on which they are decided, then the highest ARR first: all that are decided within [`RENEWAL_WINDOW_DAYS`], and
    /// those whose day is past.
    pub renewals: Vec<UpcomingRenewal>,
    /// Accounts with plays that pass the gate, the largest base pipeline first.
    pub proposals: Vec<Entry>,
    /// Accounts with plays that do not pass the gate, the largest revenue first.
    pub earn_first: Vec<Entry>,
    /// What to be careful with.
    pub notes: Vec<Note>,
}

impl<'m> Briefing<'m> {
    /// A briefing from findings whose scope is everything.
    pub fn new(findings: Findings<'m>) -> Self {
        let assessor = *findings.assessor();
        let mut account = findings.blank_account();
        let mut assessment = Assessment::default();
        let mut renewals = Vec::new();
        let mut proposals: Vec<(f64, Entry)> = Vec::new();
        let mut earn_first: Vec<(f64, Entry)> = Vec::new();
        for entry in findings.listed().iter().copied() {
            findings.read(entry, &mut account, &mut assessment);
            if let Some(decided) = account.term.decided() {
                let days = (decided - assessor.as_of).num_days();
                if days <= RENEWAL_WINDOW_DAYS {
                    let declining = assessment.health.attention_trend == Trend::Declining;
                    renewals.push(UpcomingRenewal { entry, decided, declining, arr: account.arr });
                }
            }
            let expansion = &assessment.expansion;
            if !expansion.opportunities.is_empty() {
                if assessor.expansion.gate.opens(assessment.health.band(), assessment.churn.tier()) {
                    proposals.push((expansion.pipeline.base, entry));
                } else {
                    earn_first.push((expansion.total, entry));
                }
            }
        }
        renewals.sort_by(|a, b| a.decided.cmp(&b.decided).then(b.arr.total_cmp(&a.arr)).then(a.entry.cmp(&b.entry)));
        let notes = notes(findings.totals());
        Self { findings, renewals, proposals: largest_first(proposals), earn_first: largest_first(earn_first), notes }
    }

    /// The retention outlook, given the NRR target of each segment as a share; `None` without any ARR.
    pub fn retention(&self, nrr_target: impl Fn(Profile) -> Option<f64>) -> Option<RetentionOutlook> {
        let totals = self.findings.totals();
        let arr = totals.churn.all.arr;
        if arr <= 0.0 {
            return None;
        }
        let grr = totals.churn.renewing.with(Outlook::default(), |renewing, _| renewing / arr);
        let nrr = (totals.churn.renewing + totals.expected).with(Outlook::default(), |kept, _| kept / arr);
        let mut target = 0.0;
        for (profile, health) in (0..).map(Profile).zip(&totals.health_by_segment) {
            target += nrr_target(profile).unwrap_or(1.0) * health.all.arr;
        }
        let pipeline_coverage = (target > 0.0).then(|| totals.pipeline.base / target);
        Some(RetentionOutlook { grr, nrr, pipeline_coverage })
    }
}

fn largest_first(mut entries: Vec<(f64, Entry)>) -> Vec<Entry> {
    entries.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn notes(totals: &Totals) -> Vec<Note> {
    let all = totals.health.all;
    let share = |accounts: u64| accounts as f64 / all.accounts.max(1) as f64;
    let mut notes = Vec::new();
    let crowded = Band::ALL.into_iter().map(|band| (band, share(totals.band(band).accounts)));
    notes.extend(
        crowded.filter(|(_, share)| *share > ONE_BAND_SHARE).map(|(band, share)| Note::OneBand { band, share }),
    );
    let absent = totals.churn.absent_groups.iter().enumerate().map(|(group, count)| (group, share(*count)));
    notes.extend(
        absent
            .filter(|(_, share)| *share >= ABSENT_GROUP_SHARE)
            .map(|(group, share)| Note::AbsentGroup { group, share }),
    );
    let counted = |accounts: u64, note: Note| (accounts > 0).then_some(note);
    let health = &totals.health;
    let churn = &totals.churn;
    notes.extend(counted(health.low_coverage.accounts, Note::LowCoverage { accounts: health.low_coverage }));
    notes.extend(counted(health.no_previous, Note::NoPrevious { accounts: health.no_previous }));
    notes.extend(counted(churn.no_renewal.accounts, Note::NoRenewalDate { accounts: churn.no_renewal }));
    notes.extend(counted(totals.no_segment, Note::NoSegment { accounts: totals.no_segment }));
    notes.extend(counted(totals.unknown_segment, Note::UnknownSegment { accounts: totals.unknown_segment }));
    let no_modules = totals.expansion.no_modules;
    notes.extend(counted(no_modules, Note::NoModules { accounts: no_modules }));
    notes
}
