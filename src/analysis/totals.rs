//! Sums over a portfolio, in input order.

use super::spread::Spread;
use super::{
    Assessment, Assessor, Band, Expansion, ExpansionModel, Health, LastScore, Outlook, Play, Proposal, Scope, Tier,
    Trend, WhitespaceTotals,
};
use crate::account::{Account, Profile, Renewal, Segments, Texts, lower_case, same_word};
use crate::engine::{Scorecard, round1};

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
    fn add(&mut self, arr: f64, health: &Health) {
        self.all.add(arr);
        let Some((score, band)) = health.card.score().zip(health.band()) else { return self.not_scored.add(arr) };
        self.scored.add(arr);
        self.bands[band as usize].add(arr);
        self.score_sum += score;
        self.score_by_arr += score * arr;
        self.coverage_sum += health.card.coverage;
        self.spread.add(score);
        if health.card.coverage < LOW_COVERAGE {
            self.low_coverage.add(arr);
        }
        if let Some(last) = health.last {
            self.compared.add(arr, last, score, band);
        }
        let no_data = Trend::NoData;
        if health.trend == no_data && health.trends.iter().all(|trend| *trend == no_data) {
            self.no_previous += 1;
        }
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

    fn add(&mut self, account: &Account, assessor: &Assessor<'_>, assessment: &Assessment) {
        let churn = &assessment.churn;
        self.all.add(account.arr);
        match churn.tier() {
            None => self.not_scored.add(account.arr),
            Some(tier) => {
                self.scored.add(account.arr);
                self.coverage_sum += churn.card.coverage;
                if churn.card.coverage < LOW_COVERAGE {
                    self.low_coverage.add(account.arr);
                }
                self.tiers[tier.index()].add(account.arr);
                if tier.at_risk() {
                    self.arr_at_risk += account.arr;
                }
                self.renewing += assessor.churn.renewal_rates[tier.index()].times(account.arr);
            }
        }
        match churn.renewal {
            None => self.no_renewal.add(account.arr),
            Some(Renewal::Overdue { .. }) => self.overdue.add(account.arr),
            Some(Renewal::Due { .. }) => {}
        }
        let mut start = 0;
        let groups = assessor.churn.model.plan(account.profile).groups();
        self.absent_groups.resize(groups.len(), 0);
        for (group, count) in groups.iter().zip(&mut self.absent_groups) {
            let end = start + group.signals.len();
            *count += u64::from(churn.card.signals[start..end].iter().all(|signal| !signal.presence.is_present()));
            start = end;
        }
    }
}

fn count_absent(counts: &mut Vec<u64>, card: &Scorecard) {
    if card.coverage < 1.0 {
        counts.resize(card.signals.len(), 0);
        for (count, signal) in counts.iter_mut().zip(&card.signals) {
            *count += u64::from(!signal.presence.is_present());
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
    fn add(&mut self, account: &Account, expansion: &Expansion, model: &ExpansionModel) {
        self.all.add(account.arr);
        self.total.plays += expansion.opportunities.len() as u64;
        self.total.revenue += expansion.total;
        for opportunity in &expansion.opportunities {
            let tally = &mut self.plays[opportunity.play.index()];
            tally.plays += 1;
            tally.revenue += opportunity.revenue;
        }
        let plan = &account.footprint.plan_tier;
        self.unknown_plan += u64::from(!plan.is_empty() && !model.lists_tier(plan));
        let modules = &account.footprint.modules;
        self.no_modules += u64::from(modules.is_empty());
        self.few_modules += u64::from(!modules.is_empty() && modules.len() * 2 < model.modules.len());
        for module in modules.iter() {
            self.modules.count(module.name, module.name, module.adopted);
        }
        let departments = &account.footprint.departments;
        let (current, potential) = (&departments.current, &departments.potential);
        let first =
            |texts: &Texts, position: usize, name: &str| !texts.iter().take(position).any(|text| same_word(text, name));
        for (position, name) in current.iter().enumerate() {
            if first(current, position, name) {
                self.departments.count(name, &lower_case(name), true);
            }
        }
        for (position, name) in potential.iter().enumerate() {
            if first(potential, position, name) && !current.iter().any(|taken| same_word(taken, name)) {
                self.departments.count(name, &lower_case(name), false);
            }
        }
    }

    /// The tally of a play.
    pub fn play(&self, play: Play) -> PlayTally {
        self.plays[play.index()]
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

    /// Adds an account and what was found of it.
    pub fn add(&mut self, account: &Account, assessor: &Assessor<'_>, assessment: &Assessment) {
        self.all.add(account.arr);
        let health_is_scored = !assessor.scope.health || assessment.health.card.grade.is_some();
        let churn_is_scored = !assessor.scope.churn || assessment.churn.card.grade.is_some();
        if !(health_is_scored && churn_is_scored) {
            self.not_scored.add(account.arr);
        }
        if assessor.scope.health {
            self.health.add(account.arr, &assessment.health);
            if let Some(totals) = self.health_by_segment.get_mut(account.profile.index()) {
                totals.add(account.arr, &assessment.health);
            }
        }
        if assessor.scope.churn {
            self.churn.add(account, assessor, assessment);
        }
        if assessor.scope.expansion {
            self.expansion.add(account, &assessment.expansion, assessor.expansion);
        }
        if assessor.scope == Scope::ALL {
            count_absent(&mut self.absent_health, &assessment.health.card);
            count_absent(&mut self.absent_churn, &assessment.churn.card);
            self.add_pipeline(account, assessor, assessment);
        }
    }

    fn add_pipeline(&mut self, account: &Account, assessor: &Assessor<'_>, assessment: &Assessment) {
        let expansion = &assessment.expansion;
        match assessment.proposal(&assessor.expansion.gate) {
            Proposal::Propose => {
                self.gated.add(account.arr);
                self.pipeline += expansion.pipeline;
                self.expected += expansion.expected;
            }
            Proposal::EarnFirst => {
                self.earn_first.add(account.arr);
                self.earn_first_revenue += expansion.pipeline.base;
            }
            Proposal::None => {}
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    fn with_departments(current: &[&str], potential: &[&str]) -> Account {
        let mut account = Account::default();
        let departments = &mut account.footprint.departments;
        for name in current {
            departments.current.push(name);
        }
        for name in potential {
            departments.potential.push(name);
        }
        account
    }

    #[test]
    fn a_department_counts_once_in_an_account_whatever_its_case() {
        for (accounts, expected) in [
            (&[] as &[(&[&str], &[&str])], &[] as &[(&str, u64, u64)]),
            (&[(&["Sales", "Sales"], &[])], &[("Sales", 1, 0)]),
            (&[(&["Übersee", "übersee", "ÜBERSEE"], &[])], &[("Übersee", 1, 0)]),
            (&[(&[], &["übersee", "Übersee"])], &[("übersee", 0, 1)]),
            // What is covered is no potential, even where both lists name it.
            (&[(&["Übersee"], &["ÜBERSEE", "Ops"])], &[("Übersee", 1, 0), ("Ops", 0, 1)]),
            (&[(&[], &["Übersee"]), (&["übersee"], &[])], &[("Übersee", 1, 1)]),
            (&[(&["Sales"], &["ops", "OPS"]), (&["SALES"], &["Ops"])], &[("Sales", 2, 0), ("ops", 0, 2)]),
        ] {
            let model = crate::analysis::expansion::tests::model();
            let mut totals = ExpansionTotals::default();
            for (current, potential) in accounts {
                totals.add(&with_departments(current, potential), &Expansion::default(), &model);
            }
            let found =
                totals.departments.list().iter().map(|place| (place.name.as_str(), place.adopted, place.unused));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{accounts:?}");
        }
    }
}
