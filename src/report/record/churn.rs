//! Churn risk for machines.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::super::Context;
use super::super::sentence::{self, RuleText, StepText};
use super::ContributionsRecord;
use super::scored::{Missing, Text, put_percent, texts};
use crate::account::{Account, Renewal};
use crate::analysis::{Assessment, Findings, Model, Tier};
use crate::config::Models;
use crate::engine::{Scorecard, Severity};

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
    risk_label: Option<&'static str>,
    urgency_multiplier: f64,
    days_to_renewal: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    days_overdue: Option<i64>,
    signal_scores: Categories<'a>,
    warning_signals: Warnings<'a>,
    recommended_actions: Steps<'a>,
    coverage: f64,
    absent: Missing<'a>,
    #[serde(skip_serializing_if = "Missing::is_empty")]
    stale: Missing<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contributions: Option<ContributionsRecord<'a>>,
}

/// The categories of an account by name.
#[derive(Debug)]
struct Categories<'a>(&'a Model, &'a Scorecard);

impl Serialize for Categories<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut weight = String::with_capacity(8);
        for (group, grade) in self.0.groups().iter().zip(&self.1.groups) {
            let score = grade.map(|grade| grade.score);
            put_percent(group.weight, &mut weight);
            map.serialize_entry(&*group.name, &CategoryRecord { score, weight: &weight })?;
        }
        map.end()
    }
}

#[derive(Debug, Serialize)]
struct CategoryRecord<'a> {
    score: Option<f64>,
    weight: &'a str,
}

/// The warnings of an account.
#[derive(Debug)]
pub(super) struct Warnings<'a>(pub &'a Models, pub &'a Account, pub &'a Scorecard);

impl Serialize for Warnings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(models, account, card) = self;
        serializer.collect_seq(card.warnings.iter().map(|fired| WarningRecord {
            severity: severity(fired.severity),
            signal: Text(sentence::warning(models, account, card, *fired)),
        }))
    }
}

/// The steps of an account's playbook.
#[derive(Debug)]
pub(super) struct Steps<'a>(pub &'a Models, pub &'a Assessment);

impl Serialize for Steps<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        texts(serializer, sentence::steps(self.0, self.1).map(StepText))
    }
}

#[derive(Debug, Serialize)]
struct WarningRecord<'a> {
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

impl<'a> ChurnRecord<'a> {
    /// The record of an account and its churn risk; with `detail` the contributions too.
    pub fn new(context: &Context<'a>, account: &'a Account, assessment: &'a Assessment, detail: bool) -> Self {
        let models = context.models;
        let churn = &assessment.churn;
        let model = &models.churn.model;
        let card = &churn.card;
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
            risk_label: churn.tier().map(Tier::label),
            urgency_multiplier: card.multiplier,
            days_to_renewal: churn.renewal.map(Renewal::days_left),
            days_overdue: churn.renewal.and_then(Renewal::days_overdue),
            signal_scores: Categories(model, card),
            warning_signals: Warnings(models, account, card),
            recommended_actions: Steps(models, assessment),
            coverage: card.coverage,
            absent: Missing::absent(context, model, card),
            stale: Missing::stale(context, model, card),
            lifecycle: sentence::lifecycle(account),
            contributions,
        }
    }
}
