//! What the sums of a portfolio need of its accounts.
//!
//! A sum of floating-point numbers depends on the order in which they are added up. So what is added up is kept account by account
//! while parts of a portfolio are scored apart, and added in input order; what is counted is counted at once.

use super::whitespace::WhitespaceCounts;
use super::{
    Assessment, Assessor, Band, Churn, Expansion, ExpansionModel, Health, LastScore, Outlook, Play, Proposal, Scope,
    Tier, Trend,
};
use crate::account::{Account, Profile, Renewal, Texts, lower_case, same_word};
use crate::engine::Scorecard;

/// What the sums need of the accounts of a part of a portfolio, in input order.
#[derive(Debug, Clone, Default)]
pub(super) struct Addends {
    /// The ARR of churned accounts, which are in no other sum.
    pub(super) churned: Vec<f64>,
    /// The ARR of onboarding accounts.
    pub(super) onboarding: Vec<f64>,
    pub(super) accounts: Vec<AccountAddends>,
    /// As many as accounts where health is in scope; none where it is not. So it is with those that follow.
    pub(super) health: Vec<HealthAddends>,
    pub(super) churn: Vec<ChurnAddends>,
    pub(super) expansion: Vec<ExpansionAddends>,
    /// The plays of all accounts, one account behind the other.
    pub(super) plays: Vec<(Play, f64)>,
    pub(super) pipeline: Vec<PipelineAddends>,
    pub(super) counts: Counts,
}

/// What is added up of every account.
#[derive(Debug, Clone, Copy)]
pub(super) struct AccountAddends {
    pub(super) arr: f64,
    pub(super) profile: Profile,
    /// Whether all is scored that is in scope.
    pub(super) is_scored: bool,
}

/// What is added up of health.
#[derive(Debug, Clone, Copy)]
pub(super) struct HealthAddends {
    pub(super) grade: Option<(f64, Band)>,
    pub(super) coverage: f64,
    pub(super) last: Option<LastScore>,
    /// Whether there is no figure of the last period beside one of now.
    pub(super) lacks_previous: bool,
}

impl HealthAddends {
    fn of(health: &Health) -> Self {
        let is_unknown = |trend: &Trend| *trend == Trend::NoData;
        Self {
            grade: health.card.score().zip(health.band()),
            coverage: health.card.coverage,
            last: health.last,
            lacks_previous: is_unknown(&health.trend) && health.trends.iter().all(is_unknown),
        }
    }
}

/// What is added up of churn risk.
#[derive(Debug, Clone, Copy)]
pub(super) struct ChurnAddends {
    pub(super) tier: Option<Tier>,
    pub(super) coverage: f64,
    pub(super) renewal: Option<Renewal>,
}

impl ChurnAddends {
    fn of(churn: &Churn) -> Self {
        Self { tier: churn.tier(), coverage: churn.card.coverage, renewal: churn.renewal }
    }
}

/// What is added up of expansion.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExpansionAddends {
    pub(super) total: f64,
    /// How many plays there are.
    pub(super) plays: usize,
}

/// What is added up of the plays that health and churn risk let be proposed, or not.
#[derive(Debug, Clone, Copy)]
pub(super) struct PipelineAddends {
    pub(super) proposal: Proposal,
    pub(super) pipeline: Outlook,
    pub(super) expected: Outlook,
}

impl PipelineAddends {
    fn of(assessment: &Assessment, model: &ExpansionModel) -> Self {
        let Expansion { pipeline, expected, .. } = assessment.expansion;
        Self { proposal: assessment.proposal(&model.gate), pipeline, expected }
    }
}

/// What is counted, in whatever order.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    pub(super) no_segment: u64,
    pub(super) unknown_segment: u64,
    pub(super) absent_groups: Vec<u64>,
    pub(super) absent_health: Vec<u64>,
    pub(super) absent_churn: Vec<u64>,
    pub(super) modules: WhitespaceCounts,
    pub(super) departments: WhitespaceCounts,
    pub(super) no_modules: u64,
    pub(super) few_modules: u64,
    pub(super) unknown_plan: u64,
}

impl Addends {
    /// How many of any kind there are.
    pub(super) fn len(&self) -> usize {
        self.churned.len() + self.onboarding.len() + self.accounts.len()
    }

    /// Adds an account and what was found of it.
    pub(super) fn add(&mut self, account: &Account, assessor: &Assessor<'_>, assessment: &Assessment) {
        let Scope { health, churn, expansion } = assessor.scope;
        let health_is_scored = !health || assessment.health.card.grade.is_some();
        let churn_is_scored = !churn || assessment.churn.card.grade.is_some();
        self.accounts.push(AccountAddends {
            arr: account.arr,
            profile: account.profile,
            is_scored: health_is_scored && churn_is_scored,
        });
        if health {
            self.health.push(HealthAddends::of(&assessment.health));
        }
        if churn {
            self.churn.push(ChurnAddends::of(&assessment.churn));
            self.counts.add_churn(account, assessor, &assessment.churn);
        }
        if expansion {
            let plays = &assessment.expansion.opportunities;
            self.expansion.push(ExpansionAddends { total: assessment.expansion.total, plays: plays.len() });
            self.plays.extend(plays.iter().map(|opportunity| (opportunity.play, opportunity.revenue)));
            self.counts.add_expansion(account, assessor.expansion);
        }
        if assessor.scope == Scope::ALL {
            count_absent(&mut self.counts.absent_health, &assessment.health.card);
            count_absent(&mut self.counts.absent_churn, &assessment.churn.card);
            self.pipeline.push(PipelineAddends::of(assessment, assessor.expansion));
        }
    }
}

impl Counts {
    fn add_churn(&mut self, account: &Account, assessor: &Assessor<'_>, churn: &Churn) {
        let mut start = 0;
        let groups = assessor.churn.model.plan(account.profile).groups();
        self.absent_groups.resize(groups.len(), 0);
        for (group, count) in groups.iter().zip(&mut self.absent_groups) {
            let end = start + group.signals.len();
            *count += u64::from(churn.card.signals[start..end].iter().all(|signal| !signal.presence.is_present()));
            start = end;
        }
    }

    pub(super) fn add_expansion(&mut self, account: &Account, model: &ExpansionModel) {
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
}

fn count_absent(counts: &mut Vec<u64>, card: &Scorecard) {
    if card.coverage < 1.0 {
        counts.resize(card.signals.len(), 0);
        for (count, signal) in counts.iter_mut().zip(&card.signals) {
            *count += u64::from(!signal.presence.is_present());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::WhitespaceTotals;

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
            // It makes no difference whether accounts are counted together or apart.
            let mut together = Counts::default();
            let mut apart = WhitespaceTotals::default();
            for (current, potential) in accounts {
                let account = with_departments(current, potential);
                together.add_expansion(&account, &model);
                let mut alone = Counts::default();
                alone.add_expansion(&account, &model);
                apart.add(&alone.departments, lower_case);
            }
            let mut totals = WhitespaceTotals::default();
            totals.add(&together.departments, lower_case);
            assert_eq!(totals.list(), apart.list(), "{accounts:?}");
            let found = totals.list().iter().map(|place| (place.name.as_str(), place.adopted, place.unused));
            assert_eq!(found.collect::<Vec<_>>(), expected, "{accounts:?}");
        }
    }
}
