//! Sums over a portfolio, in input order.

use super::addends::{Addends, ChurnAddends, Counts, ExpansionAddends, HealthAddends, PipelineAddends};
use super::spread::Spread;
use super::{Band, LastScore, Outlook, Play, Proposal, Tier, WhitespaceTotals};
use crate::account::{Profile, Renewal, Segments, lower_case};
use crate::engine::round1;

/// How many accounts, and their ARR.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Accounts.
    pub accounts: u64,
    /// Σ ARR.
    pub arr: f64,
}

impl Tally {
    /// Counts an account.
    pub fn add(&mut self, arr: f64) {
        self.accounts += 1;
        self.arr += arr;
    }

    /// Accounts ÷ all accounts, 0–1; `None` where there are none.
    pub fn share_of(&self, all: &Self) -> Option<f64> {
        (all.accounts > 0).then(|| self.accounts as f64 / all.accounts as f64)
    }
}

/// Health over some accounts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HealthTotals {
    /// All accounts.
    pub all: Tally,
    /// Those that are scored: all that follows is about them.
    pub scored: Tally,
    /// Those that are not.
    pub not_scored: Tally,
    /// By band, from green.
    pub bands: [Tally; 3],
    /// Accounts that rest on less than [`LOW_COVERAGE`] of the model's weight.
    pub low_coverage: Tally,
    /// Accounts without any figure of the last period beside one of now.
    pub no_previous: u64,
    /// Those that have an overall score of the last period too.
    pub compared: Compared,
    score_sum: f64,
    score_by_arr: f64,
    coverage_sum: f64,
    spread: Spread,
}

/// Overall scores of now beside those of the last period, over the accounts that have both.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Compared {
    /// The accounts.
    pub all: Tally,
    /// By band of the last period, from green.
    pub before: [Tally; 3],
    /// By band of now, from green.
    pub now: [Tally; 3],
    sum_before: f64,
    sum_now: f64,
}

impl Compared {
    fn add(&mut self, arr: f64, last: LastScore, score: f64, band: Band) {
        self.all.add(arr);
        self.before[last.band as usize].add(arr);
        self.now[band as usize].add(arr);
        self.sum_before += last.score;
        self.sum_now += score;
    }

    /// The mean scores of the last period and of now, one decimal; `None` where no account has both.
    pub fn averages(&self) -> Option<(f64, f64)> {
        let mean = |sum: f64| round1(sum / self.all.accounts as f64);
        (self.all.accounts > 0).then(|| (mean(self.sum_before), mean(self.sum_now)))
    }
}

/// A score that rests on less than this share of the model's weight is one to be careful with (our choice).
pub const LOW_COVERAGE: f64 = 0.6;

impl HealthTotals {
    fn add(&mut self, arr: f64, health: &HealthAddends) {
        self.all.add(arr);
        let Some((score, band)) = health.grade else { return self.not_scored.add(arr) };
        self.scored.add(arr);
        self.bands[band as usize].add(arr);
        self.score_sum += score;
        self.score_by_arr += score * arr;
        self.coverage_sum += health.coverage;
        self.spread.add(score);
        if health.coverage < LOW_COVERAGE {
            self.low_coverage.add(arr);
        }
        if let Some(last) = health.last {
            self.compared.add(arr, last, score, band);
        }
        self.no_previous += u64::from(health.lacks_previous);
    }

    /// The mean score, one decimal; 0 for no account, `None` where none of the accounts is scored.
    pub fn average(&self) -> Option<f64> {
        if self.all.accounts == 0 {
            return Some(0.0);
        }
        (self.scored.accounts > 0).then(|| round1(self.score_sum / self.scored.accounts as f64))
    }

    /// The mean score weighted by ARR, one decimal; `None` without any ARR.
    pub fn average_by_arr(&self) -> Option<f64> {
        (self.scored.arr > 0.0).then(|| round1(self.score_by_arr / self.scored.arr))
    }

    /// The median score; `None` where none is scored.
    pub fn median(&self) -> Option<f64> {
        self.spread.median()
    }

    /// The mean coverage, 0–1; `None` where none is scored.
    pub fn coverage(&self) -> Option<f64> {
        (self.scored.accounts > 0).then(|| self.coverage_sum / self.scored.accounts as f64)
    }
}

/// Churn risk over some accounts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ChurnTotals {
    /// All accounts.
    pub all: Tally,
    /// Those that are scored: tiers, what is at risk or renews, and coverage are about them.
    pub scored: Tally,
    /// Those that are not.
    pub not_scored: Tally,
    /// By tier, from critical.
    pub tiers: [Tally; 4],
    /// Σ ARR of the critical and the high tier, added account by account.
    pub arr_at_risk: f64,
    /// Accounts whose contract end is unknown.
    pub no_renewal: Tally,
    /// Accounts past the end of their contract.
    pub overdue: Tally,
    /// Accounts in which every signal of a category is absent, by category, whether they are scored or not.
    pub absent_groups: Vec<u64>,
    /// Σ ARR × renewal rate of the tier.
    pub renewing: Outlook,
    /// Accounts that rest on less than [`LOW_COVERAGE`] of the model's weight.
    pub low_coverage: Tally,
    coverage_sum: f64,
}

impl ChurnTotals {
    /// The mean coverage, 0–1; `None` where none is scored.
    pub fn coverage(&self) -> Option<f64> {
        (self.scored.accounts > 0).then(|| self.coverage_sum / self.scored.accounts as f64)
    }

    fn add(&mut self, arr: f64, churn: &ChurnAddends, renewal_rates: &[Outlook; 4]) {
        self.all.add(arr);
        match churn.tier {
            None => self.not_scored.add(arr),
            Some(tier) => {
                self.scored.add(arr);
                self.coverage_sum += churn.coverage;
                if churn.coverage < LOW_COVERAGE {
                    self.low_coverage.add(arr);
                }
                self.tiers[tier.index()].add(arr);
                if tier.at_risk() {
                    self.arr_at_risk += arr;
                }
                self.renewing += renewal_rates[tier.index()].times(arr);
            }
        }
        match churn.renewal {
            None => self.no_renewal.add(arr),
            Some(Renewal::Overdue { .. }) => self.overdue.add(arr),
            Some(Renewal::Due { .. }) => {}
        }
    }
}

/// How many plays, and their estimated revenue.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct PlayTally {
    /// Plays.
    pub plays: u64,
    /// Σ estimated revenue.
    pub revenue: f64,
}

/// Expansion over some accounts.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ExpansionTotals {
    /// All accounts.
    pub all: Tally,
    /// All plays; their revenue added account by account.
    pub total: PlayTally,
    /// By play.
    pub plays: [PlayTally; 4],
    /// Modules by name.
    pub modules: WhitespaceTotals,
    /// Departments by name, case ignored; one that stands twice in an account counts once there.
    pub departments: WhitespaceTotals,
    /// Accounts that name no module.
    pub no_modules: u64,
    /// Accounts that name fewer than half of the modules that the model lists, but some.
    pub few_modules: u64,
    /// Accounts that name a plan which the model does not list.
    pub unknown_plan: u64,
}

impl ExpansionTotals {
    fn add(&mut self, arr: f64, expansion: ExpansionAddends, plays: &[(Play, f64)]) {
        self.all.add(arr);
        self.total.plays += plays.len() as u64;
        self.total.revenue += expansion.total;
        for (play, revenue) in plays {
            let tally = &mut self.plays[play.index()];
            tally.plays += 1;
            tally.revenue += revenue;
        }
    }

    /// The tally of a play.
    pub fn play(&self, play: Play) -> PlayTally {
        self.plays[play.index()]
    }
}

/// Adds counts to those of the same positions.
fn add_counts(sums: &mut Vec<u64>, counts: &[u64]) {
    sums.resize(sums.len().max(counts.len()), 0);
    for (sum, count) in sums.iter_mut().zip(counts) {
        *sum += count;
    }
}

/// Sums over the accounts of a population, in input order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Totals {
    /// Accounts that all other sums are about.
    pub all: Tally,
    /// Accounts whose lifecycle is onboarding; whether they are in the other sums is the survey's [`super::Onboarding`].
    pub onboarding: Tally,
    /// Accounts whose lifecycle is churned: counted here and nowhere else.
    pub churned: Tally,
    /// Accounts that name no segment.
    pub no_segment: u64,
    /// Accounts that name a segment for which the model has no figures.
    pub unknown_segment: u64,
    /// Accounts whose health or churn risk, as far as in scope, is not scored.
    pub not_scored: Tally,
    /// Health, where it is in scope.
    pub health: HealthTotals,
    /// Health by segment, in the order of the model.
    pub health_by_segment: Vec<HealthTotals>,
    /// Churn risk, where it is in scope.
    pub churn: ChurnTotals,
    /// Accounts in which a health signal is absent or stale, by the signal's position, whether they are scored or not; empty where all
    /// have everything.
    pub absent_health: Vec<u64>,
    /// The same of churn signals.
    pub absent_churn: Vec<u64>,
    /// Expansion, where it is in scope.
    pub expansion: ExpansionTotals,
    /// Accounts with plays that pass the expansion gate, where everything is in scope.
    pub gated: Tally,
    /// Accounts with plays that do not pass it.
    pub earn_first: Tally,
    /// Σ base pipeline of the accounts that do not pass it.
    pub earn_first_revenue: f64,
    /// Σ pipeline of the accounts that pass it, without double counting.
    pub pipeline: Outlook,
    /// The same with each play multiplied by its win rate.
    pub expected: Outlook,
}

impl Totals {
    /// Empty sums over the segments of a model.
    pub fn new(segments: &Segments) -> Self {
        Self { health_by_segment: vec![HealthTotals::default(); segments.names().len()], ..Self::default() }
    }

    /// Adds what the next part of the portfolio brings.
    pub(super) fn add(&mut self, part: &Addends, renewal_rates: &[Outlook; 4]) {
        for arr in &part.churned {
            self.churned.add(*arr);
        }
        for arr in &part.onboarding {
            self.onboarding.add(*arr);
        }
        for account in &part.accounts {
            self.all.add(account.arr);
            if !account.is_scored {
                self.not_scored.add(account.arr);
            }
        }
        for (account, health) in part.accounts.iter().zip(&part.health) {
            self.health.add(account.arr, health);
            if let Some(totals) = self.health_by_segment.get_mut(account.profile.index()) {
                totals.add(account.arr, health);
            }
        }
        for (account, churn) in part.accounts.iter().zip(&part.churn) {
            self.churn.add(account.arr, churn, renewal_rates);
        }
        let mut plays = part.plays.as_slice();
        for (account, expansion) in part.accounts.iter().zip(&part.expansion) {
            let (own, rest) = plays.split_at_checked(expansion.plays).unwrap_or_default();
            self.expansion.add(account.arr, *expansion, own);
            plays = rest;
        }
        for (account, pipeline) in part.accounts.iter().zip(&part.pipeline) {
            self.add_pipeline(account.arr, pipeline);
        }
        self.count(&part.counts);
    }

    fn add_pipeline(&mut self, arr: f64, addends: &PipelineAddends) {
        match addends.proposal {
            Proposal::Propose => {
                self.gated.add(arr);
                self.pipeline += addends.pipeline;
                self.expected += addends.expected;
            }
            Proposal::EarnFirst => {
                self.earn_first.add(arr);
                self.earn_first_revenue += addends.pipeline.base;
            }
            Proposal::None => {}
        }
    }

    fn count(&mut self, counts: &Counts) {
        self.no_segment += counts.no_segment;
        self.unknown_segment += counts.unknown_segment;
        add_counts(&mut self.churn.absent_groups, &counts.absent_groups);
        add_counts(&mut self.absent_health, &counts.absent_health);
        add_counts(&mut self.absent_churn, &counts.absent_churn);
        let expansion = &mut self.expansion;
        expansion.modules.add(&counts.modules, |name| name.into());
        expansion.departments.add(&counts.departments, lower_case);
        expansion.no_modules += counts.no_modules;
        expansion.few_modules += counts.few_modules;
        expansion.unknown_plan += counts.unknown_plan;
    }

    /// Health of the accounts of one segment.
    pub fn segment(&self, profile: Profile) -> Option<&HealthTotals> {
        self.health_by_segment.get(profile.index())
    }

    /// The tally of a health band.
    pub fn band(&self, band: Band) -> Tally {
        self.health.bands[band as usize]
    }

    /// The tally of a churn tier.
    pub fn tier(&self, tier: Tier) -> Tally {
        self.churn.tiers[tier.index()]
    }
}
