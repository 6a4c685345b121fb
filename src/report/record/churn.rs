//! Churn risk for machines.

use serde::Serialize;

use super::super::Context;
use super::super::sentence::{self, RuleText, StepText};
use super::ContributionsRecord;
use super::scored::{Named, Percent, Text, absent, stale};
use crate::account::{Account, Renewal};
use crate::analysis::{Assessment, Findings, Tier};
use crate::engine::Severity;

/// The sums of a churn report.
#[derive(Debug, Serialize)]
pub struct ChurnSummary {
    total_customers: u64,
    critical_count: u64,
    high_count: u64,
    medium_count: u64,
    low_count: u64,
    not_scored_count: u64,
    total_arr_at_risk: f64,
    total_arr: f64,
    no_renewal_date_count: u64,
    overdue_count: u64,
    onboarding_count: u64,
    churned_count: u64,
}

impl ChurnSummary {
    /// The sums of findings that have churn in scope.
    pub fn of(findings: &Findings<'_>) -> Self {
        let totals = findings.totals();
        let [critical, high, medium, low] = totals.churn.tiers.map(|tier| tier.accounts);
        Self {
            total_customers: totals.churn.all.accounts,
            critical_count: critical,
            high_count: high,
            medium_count: medium,
            low_count: low,
            not_scored_count: totals.churn.not_scored.accounts,
            total_arr_at_risk: totals.churn.arr_at_risk,
            total_arr: totals.churn.all.arr,
            no_renewal_date_count: totals.churn.no_renewal.accounts,
            overdue_count: totals.churn.overdue.accounts,
            onboarding_count: totals.onboarding.accounts,
            churned_count: totals.churned.accounts,
        }
    }
}

/// The churn risk of one account.
#[derive(Debug, Serialize)]
pub struct ChurnRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: &'a str,
    arr: f64,
    risk_score: Option<f64>,
    raw_score: Option<f64>,
    risk_tier: Option<&'static str>,
    risk_label: Option<String>,
    urgency_multiplier: f64,
    days_to_renewal: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_overdue: Option<i64>,
    signal_scores: Named<'a, CategoryRecord>,
    warning_signals: Vec<WarningRecord<'a>>,
    recommended_actions: Vec<Text<StepText<'a>>>,
    coverage: f64,
    absent: Vec<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stale: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contributions: Option<ContributionsRecord<'a>>,
}

#[derive(Debug, Serialize)]
struct CategoryRecord {
    score: Option<f64>,
    weight: Percent,
}

#[derive(Debug, Serialize)]
pub(super) struct WarningRecord<'a> {
    severity: &'static str,
    signal: Text<RuleText<'a>>,
}

/// The name of a severity.
pub(in crate::report) fn severity(severity: Option<Severity>) -> &'static str {
    match severity {
        Some(Severity::Critical) => "critical",
        Some(Severity::High) => "high",
        Some(Severity::Medium) | None => "medium",
    }
}

pub(super) fn warnings<'a>(
    context: &Context<'a>,
    account: &'a Account,
    assessment: &'a Assessment,
) -> Vec<WarningRecord<'a>> {
    let card = &assessment.churn.card;
    let warnings = card.warnings.iter().map(|fired| WarningRecord {
        severity: severity(fired.severity),
        signal: Text(sentence::warning(context.models, account, card, *fired)),
    });
    warnings.collect()
}

pub(super) fn steps<'a>(context: &Context<'a>, assessment: &'a Assessment) -> Vec<Text<StepText<'a>>> {
    sentence::steps(context.models, assessment).map(|step| Text(StepText(step))).collect()
}

impl<'a> ChurnRecord<'a> {
    /// The record of an account and its churn risk; with `detail` the contributions too.
    pub fn new(context: &Context<'a>, account: &'a Account, assessment: &'a Assessment, detail: bool) -> Self {
        let models = context.models;
        let churn = &assessment.churn;
        let model = &models.churn.model;
        let card = &churn.card;
        let categories = model.groups().iter().zip(&card.groups).map(|(group, grade)| {
            let score = grade.map(|grade| grade.score);
            (group.name.as_str(), CategoryRecord { score, weight: Percent(group.weight) })
        });
        let contributions = detail.then(|| {
            let contributions = model.plan(account.profile).contributions(card);
            ContributionsRecord::new(context, model, account, card, contributions.as_ref())
        });
        let tier = churn.tier().map(Tier::name);
        Self {
            customer_id: &account.id,
            name: &account.name,
            segment: account.segment.as_deref().unwrap_or("unknown"),
            arr: account.arr,
            risk_score: card.score(),
            raw_score: card.shown_raw(),
            risk_tier: tier,
            risk_label: tier.map(str::to_uppercase),
            urgency_multiplier: card.multiplier,
            days_to_renewal: churn.renewal.map(Renewal::days_left),
            days_overdue: churn.renewal.and_then(Renewal::days_overdue),
            signal_scores: Named(categories.collect()),
            warning_signals: warnings(context, account, assessment),
            recommended_actions: steps(context, assessment),
            coverage: card.coverage,
            absent: absent(context, model, card),
            stale: stale(context, model, card),
            lifecycle: sentence::lifecycle(account),
            contributions,
        }
    }
}
