//! Health for machines.

use std::borrow::Cow;

use serde::Serialize;

use super::super::Context;
use super::super::sentence::{self, RuleText};
use super::ContributionsRecord;
use super::scored::{Named, Percent, Text, absent, stale};
use crate::account::Account;
use crate::analysis::{Band, Findings, Health};

/// The sums of a health report.
#[derive(Debug, Serialize)]
pub struct HealthSummary {
    total_customers: u64,
    average_score: Option<f64>,
    average_score_by_arr: Option<f64>,
    green_count: u64,
    yellow_count: u64,
    red_count: u64,
    not_scored_count: u64,
    total_arr: f64,
    green_arr: f64,
    yellow_arr: f64,
    red_arr: f64,
    average_coverage: Option<f64>,
    onboarding_count: u64,
    churned_count: u64,
}

impl HealthSummary {
    /// The sums of findings that have health in scope.
    pub fn of(findings: &Findings<'_>) -> Self {
        let totals = findings.totals();
        let [green, yellow, red] = totals.health.bands;
        Self {
            total_customers: totals.health.all.accounts,
            average_score: totals.health.average(),
            average_score_by_arr: totals.health.average_by_arr(),
            green_count: green.accounts,
            yellow_count: yellow.accounts,
            red_count: red.accounts,
            not_scored_count: totals.health.not_scored.accounts,
            total_arr: totals.health.all.arr,
            green_arr: green.arr,
            yellow_arr: yellow.arr,
            red_arr: red.arr,
            average_coverage: totals.health.coverage(),
            onboarding_count: totals.onboarding.accounts,
            churned_count: totals.churned.accounts,
        }
    }
}

/// The health of one account.
#[derive(Debug, Serialize)]
pub struct HealthRecord<'a> {
    customer_id: &'a str,
    name: &'a str,
    segment: Cow<'a, str>,
    arr: f64,
    overall_score: Option<f64>,
    classification: Option<&'static str>,
    dimensions: Named<'a, DimensionRecord>,
    trends: Named<'a, &'static str>,
    recommendations: Vec<Text<RuleText<'a>>>,
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
struct DimensionRecord {
    score: Option<f64>,
    weight: Percent,
    classification: Option<&'static str>,
}

impl<'a> HealthRecord<'a> {
    /// The record of an account and its health; with `detail` the contributions too.
    pub fn new(context: &Context<'a>, account: &'a Account, health: &'a Health, detail: bool) -> Self {
        let models = context.models;
        let model = &models.health.model;
        let card = &health.card;
        let dimensions = model.groups().iter().zip(&card.groups).map(|(group, grade)| {
            let classification = grade.map(|grade| Band::at(grade.band).name());
            let score = grade.map(|grade| grade.score);
            (group.name.as_str(), DimensionRecord { score, weight: Percent(group.weight), classification })
        });
        let trends =
            model.groups().iter().zip(&health.trends).map(|(group, trend)| (group.name.as_str(), trend.name()));
        let contributions = detail.then(|| {
            let contributions = model.plan(account.profile).contributions(card);
            ContributionsRecord::new(context, model, account, card, contributions.as_ref())
        });
        let advice = card.advice.iter();
        Self {
            customer_id: &account.id,
            name: &account.name,
            segment: sentence::segment(models, account),
            arr: account.arr,
            overall_score: card.score(),
            classification: health.band().map(Band::name),
            dimensions: Named(dimensions.collect()),
            trends: Named(trends.chain([("overall", health.trend.name())]).collect()),
            recommendations: advice.map(|fired| Text(sentence::advice(models, account, card, *fired))).collect(),
            coverage: card.coverage,
            absent: absent(context, model, card),
            stale: stale(context, model, card),
            lifecycle: sentence::lifecycle(account),
            contributions,
        }
    }
}
