//! Expansion for machines. All revenue is an estimate.

use std::borrow::Cow;

use serde::Serialize;

use super::super::Context;
use super::super::sentence::{self, Rationale};
use super::scored::Text;
use crate::account::Account;
use crate::analysis::{Expansion, Findings, Opportunity, Outlook, Play, Target, Uptake, Whitespace, WhitespaceTotals};

/// The sums of an expansion report.
#[derive(Debug, Serialize)]
pub struct ExpansionSummary<'a> {
    total_customers: u64,
    total_estimated_revenue: f64,
    total_opportunities: u64,
    total_arr: f64,
    onboarding_count: u64,
    churned_count: u64,
    plays: Vec<PlaySummary<'a>>,
    modules: Vec<WhitespaceRecord>,
    departments: Vec<WhitespaceRecord>,
    names_not_followed: u64,
    unknown_plan_count: u64,
}

#[derive(Debug, Serialize)]
struct PlaySummary<'a> {
    category: &'static str,
    label: &'a str,
    next_step: &'a str,
    opportunities: u64,
    estimated_revenue: f64,
}

/// In how many accounts a module or a department is in use, offered and unused, or not named at all.
#[derive(Debug, Serialize)]
struct WhitespaceRecord {
    name: String,
    adopted: u64,
    unused: u64,
    absent: u64,
}

impl WhitespaceRecord {
    fn of(item: &Whitespace, accounts: u64) -> Self {
        let absent = accounts.saturating_sub(item.adopted + item.unused);
        Self { name: item.name.clone(), adopted: item.adopted, unused: item.unused, absent }
    }
}

impl<'a> ExpansionSummary<'a> {
    /// The sums of findings that have expansion in scope.
    pub fn of(context: &Context<'a>, findings: &Findings<'_>) -> Self {
        let totals = findings.totals();
        let accounts = totals.expansion.all.accounts;
        let whitespace =
            |totals: &WhitespaceTotals| totals.list().iter().map(|item| WhitespaceRecord::of(item, accounts)).collect();
        let plays = Play::ALL.into_iter().map(|play| PlaySummary {
            category: play.name(),
            label: &context.models.wording.plays[play.index()].label,
            next_step: &context.models.wording.plays[play.index()].next,
            opportunities: totals.expansion.play(play).plays,
            estimated_revenue: totals.expansion.play(play).revenue,
        });
        Self {
            total_customers: totals.expansion.all.accounts,
            total_estimated_revenue: totals.expansion.total.revenue,
            total_opportunities: totals.expansion.total.plays,
            total_arr: totals.expansion.all.arr,
            onboarding_count: totals.onboarding.accounts,
            churned_count: totals.churned.accounts,
            plays: plays.collect(),
            modules: whitespace(&totals.expansion.modules),
            departments: whitespace(&totals.expansion.departments),
            names_not_followed: totals.expansion.modules.left_out() + totals.expansion.departments.left_out(),
            unknown_plan_count: totals.expansion.unknown_plan,
        }
    }
}

/// The expansion of one account.
#[derive(Debug, Serialize)]
pub struct ExpansionRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: Cow<'a, str>,
    arr: f64,
    adoption_summary: AdoptionRecord,
    total_estimated_revenue: f64,
    opportunity_count: usize,
    opportunities: Vec<OpportunityRecord<'a>>,
    estimated_pipeline: OutlookRecord,
    enablement_modules: Vec<&'a str>,
    ready_modules: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle: Option<&'static str>,
}

#[derive(Debug, Serialize)]
struct AdoptionRecord {
    total_modules: usize,
    adopted_modules: usize,
    adoption_rate: f64,
    avg_usage_pct: f64,
    seat_utilisation: f64,
    current_tier: String,
    departments_covered: usize,
    departments_potential: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct OpportunityRecord<'a> {
    r#type: &'static str,
    category: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_tier: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    module: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    department: Option<&'a str>,
    estimated_revenue: f64,
    effort: &'static str,
    rationale: Text<Rationale<'a>>,
    priority_score: f64,
    counts_in_pipeline: bool,
}

impl<'a> OpportunityRecord<'a> {
    pub(super) fn new(context: &Context<'a>, account: &'a Account, opportunity: &Opportunity) -> Self {
        let models = context.models;
        let terms = &models.expansion.terms[opportunity.play.index()];
        let target = sentence::target(&account.footprint, opportunity);
        let when = |holds: bool| target.filter(|_| holds);
        Self {
            r#type: terms.kind.name(),
            category: opportunity.play.name(),
            target_tier: when(matches!(opportunity.target, Target::Tier(_))),
            module: when(matches!(opportunity.target, Target::Module(_))),
            department: when(matches!(opportunity.target, Target::Department(_))),
            estimated_revenue: opportunity.revenue,
            effort: terms.effort.name(),
            rationale: Text(Rationale { models, footprint: &account.footprint, opportunity: *opportunity }),
            priority_score: opportunity.priority,
            counts_in_pipeline: opportunity.counts,
        }
    }
}

/// A figure in three cases.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct OutlookRecord {
    low: f64,
    base: f64,
    high: f64,
}

impl From<Outlook> for OutlookRecord {
    fn from(outlook: Outlook) -> Self {
        Self { low: outlook.low, base: outlook.base, high: outlook.high }
    }
}

impl<'a> ExpansionRecord<'a> {
    /// The record of an account and its expansion.
    pub fn new(context: &Context<'a>, account: &'a Account, expansion: &Expansion) -> Self {
        let models = context.models;
        let adoption = &expansion.adoption;
        let footprint = &account.footprint;
        let modules = |wanted: Uptake| {
            let modules = footprint.modules.iter().filter(|module| models.expansion.uptake(module) == wanted);
            modules.map(|module| module.name).collect()
        };
        let opportunities = expansion.opportunities.iter();
        Self {
            customer_id: &account.id,
            name: &account.name,
            segment: sentence::segment(models, account),
            arr: account.arr,
            adoption_summary: AdoptionRecord {
                total_modules: adoption.modules,
                adopted_modules: adoption.adopted,
                adoption_rate: adoption.rate,
                avg_usage_pct: adoption.average_usage,
                seat_utilisation: adoption.seat_utilisation,
                current_tier: footprint.plan_tier.to_lowercase(),
                departments_covered: adoption.departments_current,
                departments_potential: adoption.departments_potential,
            },
            total_estimated_revenue: expansion.total,
            opportunity_count: expansion.opportunities.len(),
            opportunities: opportunities.map(|play| OpportunityRecord::new(context, account, play)).collect(),
            estimated_pipeline: expansion.pipeline.into(),
            enablement_modules: modules(Uptake::Enable),
            ready_modules: modules(Uptake::Ready),
            lifecycle: sentence::lifecycle(account),
        }
    }
}
