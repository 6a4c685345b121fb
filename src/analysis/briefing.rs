//! The three analyses joined: renewals, what to propose, what to earn first, and what to be careful with.

use chrono::NaiveDate;

use super::{
    Assessment, Attention, Band, Doubts, Engagement, Findings, Group, GroupBy, Need, Outlook, Proposal, Reviews, Scope,
    Tally, Tier, Totals, Trend, groups,
};
use crate::account::{Account, Entry, Profile, Schema};
use crate::workers::{self, Then, Threads};

/// Renewals that are decided within this many days are listed (our choice).
pub const RENEWAL_WINDOW_DAYS: i64 = 180;
/// The windows in which renewals are summed up, in days; each holds those before it (our choice).
pub const RENEWAL_WINDOWS: [i64; 4] = [30, 60, 90, RENEWAL_WINDOW_DAYS];
/// More than this share of the accounts in one band is worth a look at thresholds or data (our choice).
pub const ONE_BAND_SHARE: f64 = 0.8;
/// Below this many accounts, their distribution over the bands says nothing (our choice).
pub const ENOUGH_ACCOUNTS: u64 = 10;
/// A churn category that is absent in at least this share of the accounts understates the risk (our choice).
pub const ABSENT_GROUP_SHARE: f64 = 0.5;

/// An account whose renewal is decided soon, or overdue.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UpcomingRenewal {
    /// The account.
    pub entry: Entry,
    /// The day on which the renewal is decided: the notice date, else the contract's end. For a contract that is past its end, the end.
    pub decided: NaiveDate,
    /// Whether the overall health score declines against the last period.
    pub declining: bool,
    /// Whether the account is at critical or high churn risk.
    pub at_risk: bool,
    arr: f64,
}

/// The renewals that are decided within some days, those past their contract's end left out.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct RenewalWindow {
    /// Within how many days.
    pub days: i64,
    /// All of them.
    pub renewals: Tally,
    /// Those at critical or high churn risk.
    pub at_risk: Tally,
}

/// So many accounts are looked at by a thread at a time.
const PIECE: usize = 256;

/// What the lists of a briefing go by.
struct Outlined {
    entry: Entry,
    doubts: Option<Doubts>,
    renewal: Option<UpcomingRenewal>,
    attention: Attention,
    /// The base case of its pipeline.
    base: f64,
    proposal: Proposal,
}

impl Outlined {
    /// Reads and scores an account, with memory to do so.
    fn of(entry: Entry, findings: &Findings<'_>, account: &mut Account, assessment: &mut Assessment) -> Self {
        let assessor = findings.assessor();
        findings.score(entry, Scope::ALL, account, assessment);
        // Of the rules, only the warnings of green accounts are looked at.
        if assessment.health.band() == Some(Band::Green) {
            assessor.churn.model.apply_rules(account, &mut assessment.churn.card);
        }
        let decided = account.term.pending(assessor.as_of);
        let decided = decided.filter(|decided| (*decided - assessor.as_of).num_days() <= RENEWAL_WINDOW_DAYS);
        let renewal = decided.map(|decided| UpcomingRenewal {
            entry,
            decided,
            declining: assessment.health.trend == Trend::Declining,
            at_risk: assessment.churn.tier().is_some_and(Tier::at_risk),
            arr: account.arr,
        });
        Self {
            entry,
            doubts: Doubts::of(assessment),
            renewal,
            attention: assessment.attention(),
            base: assessment.expansion.pipeline.base,
            proposal: assessment.proposal(&assessor.expansion.gate),
        }
    }
}

/// A green account that may be worse than it looks.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FalseGreen {
    /// The account.
    pub entry: Entry,
    /// What speaks against its score.
    pub doubts: Doubts,
    /// Whether its score has fallen over a history, as two readings confirm; only where a history was read.
    pub confirmed_fall: bool,
}

/// What a data set or a model may hide.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Note {
    /// More than [`ONE_BAND_SHARE`] of the scored accounts are in one band.
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
    /// Accounts that name no module, and accounts that name fewer than half of the modules that the model lists.
    IncompleteModules {
        /// How many name none.
        none: u64,
        /// How many name some, but fewer than half.
        few: u64,
    },
    /// Accounts that name a plan which the model does not list: it counts as the price of the lowest.
    UnknownPlan {
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

/// Retention over twelve months, as shares.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Retention {
    /// Gross revenue retention, 0–1.
    pub grr: f64,
    /// Net revenue retention, from 0; may exceed 1.
    pub nrr: f64,
}

/// Retention over the next twelve months, and the pipeline behind it. Shares of the ARR of today; `None` without any ARR. Nothing is
/// foretold of accounts whose churn risk is not scored: they are in neither part of a share.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RetentionOutlook {
    /// Σ ARR × renewal rate of the tier ÷ Σ ARR.
    pub grr: Outlook,
    /// The same with the gated expansion × the win rate of its play.
    pub nrr: Outlook,
    /// What the field has for GRR and NRR, weighted by the ARR of the segments; `None` where a segment with ARR has no figure.
    pub field: Option<Retention>,
    /// Gated base pipeline ÷ (NRR target × ARR), where the field's NRR is the target; `None` without one.
    pub pipeline_coverage: Option<f64>,
}

/// The accounts of a briefing by what they have in common.
#[derive(Debug, Clone, PartialEq)]
pub struct Grouped {
    /// What people call that by which they are grouped.
    pub field: String,
    /// The groups, the highest ARR first.
    pub groups: Vec<Group>,
}

/// The strategic accounts of a briefing, and which of them lack what a review cannot do without.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Readiness {
    /// All strategic accounts.
    pub strategic: Tally,
    /// Those that lack something, the highest ARR first.
    pub unready: Vec<Unready>,
}

/// A strategic account that lacks what a review cannot do without.
#[derive(Debug, Clone, PartialEq)]
pub struct Unready {
    /// The account.
    pub entry: Entry,
    /// What it lacks, in the order of the model.
    pub lacking: Vec<Need>,
    arr: f64,
}

/// The lists of a briefing, and the findings that they point into. The findings' own order is that of what to do first.
#[derive(Debug, Clone)]
pub struct Briefing<'m> {
    /// The findings, with all analyses in scope.
    pub findings: Findings<'m>,
    /// How many of the listed accounts, which lead the list, ask for more attention than low.
    pub urgent: usize,
    /// How many of the listed accounts, which close the list, have neither a health nor a churn score.
    pub unknown: usize,
    /// By the day on which they are decided, then the highest ARR first: all that are decided within [`RENEWAL_WINDOW_DAYS`], and
    /// those past their contract's end. A renewal whose notice date has passed is decided, and not listed until the end has passed too.
    pub renewals: Vec<UpcomingRenewal>,
    /// The same summed up, by the days of [`RENEWAL_WINDOWS`].
    pub windows: [RenewalWindow; 4],
    /// Green accounts that may be worse than they look, in the order of what to do first.
    pub false_greens: Vec<FalseGreen>,
    /// Accounts with plays that pass the gate, the largest base pipeline first.
    pub proposals: Vec<Entry>,
    /// Accounts with plays that do not pass the gate, the largest base pipeline first.
    pub earn_first: Vec<Entry>,
    /// What to be careful with.
    pub notes: Vec<Note>,
    /// The accounts by what they have in common, where that was asked for.
    pub grouped: Option<Grouped>,
    /// How ready the strategic accounts are for a review, where that was asked for.
    pub readiness: Option<Readiness>,
}

impl<'m> Briefing<'m> {
    /// A briefing from findings whose scope is everything, made by so many threads.
    pub fn new(findings: Findings<'m>, threads: Threads) -> Self {
        let assessor = *findings.assessor();
        let mut urgent = 0;
        let mut unknown = 0;
        let mut renewals = Vec::new();
        let mut proposals: Vec<(f64, Entry)> = Vec::new();
        let mut earn_first: Vec<(f64, Entry)> = Vec::new();
        let mut windows = RENEWAL_WINDOWS.map(|days| RenewalWindow { days, ..RenewalWindow::default() });
        let mut false_greens = Vec::new();
        let mut pieces = findings.listed().chunks(PIECE);
        workers::in_order(
            threads,
            || pieces.next(),
            || (findings.blank_account(), Assessment::default()),
            |(account, assessment), piece| {
                let read = |entry: &Entry| Outlined::of(*entry, &findings, account, assessment);
                piece.iter().map(read).collect::<Vec<_>>()
            },
            |piece| {
                for outlined in piece {
                    let Outlined { entry, doubts, renewal, attention, base, proposal } = outlined;
                    false_greens.extend(doubts.map(|doubts| FalseGreen { entry, doubts, confirmed_fall: false }));
                    renewals.extend(renewal);
                    urgent += usize::from(attention < Attention::Low);
                    unknown += usize::from(attention == Attention::NotScored);
                    match proposal {
                        Proposal::Propose => proposals.push((base, entry)),
                        Proposal::EarnFirst => earn_first.push((base, entry)),
                        Proposal::None => {}
                    }
                }
                Then::GoOn
            },
        );
        renewals.sort_by(|a, b| a.decided.cmp(&b.decided).then(b.arr.total_cmp(&a.arr)).then(a.entry.cmp(&b.entry)));
        for renewal in renewals.iter().filter(|renewal| renewal.decided >= assessor.as_of) {
            let days = (renewal.decided - assessor.as_of).num_days();
            for window in windows.iter_mut().filter(|window| days <= window.days) {
                window.renewals.add(renewal.arr);
                if renewal.at_risk {
                    window.at_risk.add(renewal.arr);
                }
            }
        }
        let notes = notes(findings.totals());
        Self {
            findings,
            urgent,
            unknown,
            renewals,
            windows,
            false_greens,
            proposals: largest_first(proposals),
            earn_first: largest_first(earn_first),
            notes,
            grouped: None,
            readiness: None,
        }
    }

    /// The same with the accounts grouped; `field` is what people call that by which they are.
    #[must_use]
    pub fn grouped(self, field: &str, by: GroupBy, schema: &Schema) -> Self {
        let groups = groups(&self.findings, by, schema);
        Self { grouped: Some(Grouped { field: field.to_owned(), groups }), ..self }
    }

    /// The same with how ready the strategic accounts are for a review, for which their notes must have been read.
    #[must_use]
    pub fn with_readiness(self, engagement: &Engagement) -> Self {
        let mut readiness = Readiness::default();
        let mut account = self.findings.blank_account();
        let mut entries = self.findings.listed().to_vec();
        entries.sort_unstable();
        for entry in entries {
            self.findings.account(entry, &mut account);
            if engagement.is_strategic(&account) {
                readiness.strategic.add(account.arr);
                let lacking = engagement.lacking(&account, Reviews::Read);
                if !lacking.is_empty() {
                    readiness.unready.push(Unready { entry, lacking, arr: account.arr });
                }
            }
        }
        readiness.unready.sort_by(|a, b| b.arr.total_cmp(&a.arr));
        Self { readiness: Some(readiness), ..self }
    }

    /// The same with what a history says: green accounts whose score has fallen, by their ids, are told as false greens, before the others.
    #[must_use]
    pub fn with_confirmed_falls(mut self, has_fallen: impl Fn(&str) -> bool) -> Self {
        let mut account = self.findings.blank_account();
        let mut assessment = Assessment::default();
        let mut fallen = Vec::new();
        for entry in self.findings.listed() {
            self.findings.account(*entry, &mut account);
            if !has_fallen(&account.id) {
                continue;
            }
            let scope = Scope { health: true, ..Scope::default() };
            self.findings.score(*entry, scope, &mut account, &mut assessment);
            if assessment.health.band() == Some(Band::Green) {
                let known = self.false_greens.iter().find(|known| known.entry == *entry);
                let doubts = known.map(|known| known.doubts).unwrap_or_default();
                fallen.push(FalseGreen { entry: *entry, doubts, confirmed_fall: true });
            }
        }
        let others = self.false_greens.iter().filter(|known| fallen.iter().all(|other| other.entry != known.entry));
        let others: Vec<FalseGreen> = others.copied().collect();
        fallen.extend(others);
        self.false_greens = fallen;
        self
    }

    /// All renewals that lie ahead, summed up: the window that holds all others.
    pub fn widest_window(&self) -> RenewalWindow {
        let [.., widest] = self.windows;
        widest
    }

    /// The retention outlook, given what the field has in each segment; `None` without any ARR that is scored.
    pub fn retention(&self, field: impl Fn(Profile) -> Option<Retention>) -> Option<RetentionOutlook> {
        let totals = self.findings.totals();
        let arr = totals.churn.scored.arr;
        if arr <= 0.0 {
            return None;
        }
        let grr = totals.churn.renewing.with(Outlook::default(), |renewing, _| renewing / arr);
        let nrr = (totals.churn.renewing + totals.expected).with(Outlook::default(), |kept, _| kept / arr);
        let all = totals.health.all.arr;
        let segments = (0..).map(Profile).zip(&totals.health_by_segment).filter(|(_, health)| health.all.arr > 0.0);
        let field = segments.map(|(profile, health)| field(profile).map(|norm| (norm, health.all.arr / all))).try_fold(
            Retention::default(),
            |sum, norm| {
                let (norm, share) = norm?;
                Some(Retention { grr: sum.grr + norm.grr * share, nrr: sum.nrr + norm.nrr * share })
            },
        );
        let target = field.map(|field| field.nrr * arr).filter(|target| *target > 0.0);
        let pipeline_coverage = target.map(|target| totals.pipeline.base / target);
        Some(RetentionOutlook { grr, nrr, field, pipeline_coverage })
    }
}

fn largest_first(mut entries: Vec<(f64, Entry)>) -> Vec<Entry> {
    entries.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    entries.into_iter().map(|(_, entry)| entry).collect()
}

fn notes(totals: &Totals) -> Vec<Note> {
    let scored = totals.health.scored.accounts;
    let share = |accounts: u64, all: u64| accounts as f64 / all.max(1) as f64;
    let mut notes = Vec::new();
    let enough = scored >= ENOUGH_ACCOUNTS;
    let crowded = Band::ALL.into_iter().map(|band| (band, share(totals.band(band).accounts, scored)));
    notes.extend(
        crowded
            .filter(|(_, share)| enough && *share > ONE_BAND_SHARE)
            .map(|(band, share)| Note::OneBand { band, share }),
    );
    let all = totals.churn.all.accounts;
    let absent = totals.churn.absent_groups.iter().enumerate().map(|(group, count)| (group, share(*count, all)));
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
    let (none, few) = (totals.expansion.no_modules, totals.expansion.few_modules);
    notes.extend(counted(none + few, Note::IncompleteModules { none, few }));
    let unknown_plan = totals.expansion.unknown_plan;
    notes.extend(counted(unknown_plan, Note::UnknownPlan { accounts: unknown_plan }));
    notes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crowded_band_is_noted_above_its_share_and_from_enough_accounts() {
        for (accounts, in_band, noted) in [
            (10, 7, None),
            (10, 8, None),
            (10, 9, Some(0.9)),
            (10, 10, Some(1.0)),
            (9, 8, None),
            (9, 9, None),
            (100, 80, None),
            (100, 81, Some(0.81)),
            (0, 0, None),
        ] {
            for band in Band::ALL {
                let mut totals = Totals::default();
                totals.health.scored.accounts = accounts;
                totals.health.bands[band as usize].accounts = in_band;
                let expected: Vec<Note> = noted.map(|share| Note::OneBand { band, share }).into_iter().collect();
                assert_eq!(notes(&totals), expected, "{in_band} of {accounts} {band:?}");
            }
        }
    }

    #[test]
    fn a_category_is_noted_that_half_of_the_accounts_lack() {
        for (accounts, absent, noted) in [
            (10, 4, None),
            (10, 5, Some(0.5)),
            (10, 6, Some(0.6)),
            (9, 4, None),
            (1, 1, Some(1.0)),
            (1, 0, None),
            (0, 0, None),
        ] {
            let mut totals = Totals::default();
            totals.churn.all.accounts = accounts;
            totals.churn.absent_groups = vec![0, absent, 0];
            let expected: Vec<Note> = noted.map(|share| Note::AbsentGroup { group: 1, share }).into_iter().collect();
            assert_eq!(notes(&totals), expected, "{absent} of {accounts}");
        }
    }
}
