//! Health for machines.

use std::borrow::Cow;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::super::Context;
use super::super::sentence;
use super::ContributionsRecord;
use super::scored::{Missing, put_percent, texts};
use crate::account::Account;
use crate::analysis::{Band, Findings, Health, Model};
use crate::config::Models;
use crate::engine::Scorecard;

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
    dimensions: Dimensions<'a>,
    trends: Trends<'a>,
    recommendations: Advice<'a>,
    coverage: f64,
    absent: Missing<'a>,
    #[serde(skip_serializing_if = "Missing::is_empty")]
    stale: Missing<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    lifecycle: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    contributions: Option<ContributionsRecord<'a>>,
}

/// The dimensions of an account by name.
#[derive(Debug)]
struct Dimensions<'a>(&'a Model, &'a Scorecard);

impl Serialize for Dimensions<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        let mut weight = String::with_capacity(8);
        for (group, grade) in self.0.groups().iter().zip(&self.1.groups) {
            let classification = grade.map(|grade| Band::at(grade.band).name());
            let score = grade.map(|grade| grade.score);
            put_percent(group.weight, &mut weight);
            map.serialize_entry(&*group.name, &DimensionRecord { score, weight: &weight, classification })?;
        }
        map.end()
    }
}

#[derive(Debug, Serialize)]
struct DimensionRecord<'a> {
    score: Option<f64>,
    weight: &'a str,
    classification: Option<&'static str>,
}

/// Where the dimensions of an account are going, by name, and the whole.
#[derive(Debug)]
struct Trends<'a>(&'a Model, &'a Health);

impl Serialize for Trends<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let dimensions = self.0.groups().iter().zip(&self.1.trends).map(|(group, trend)| (&*group.name, trend.name()));
        serializer.collect_map(dimensions.chain([("overall", self.1.trend.name())]))
    }
}

/// The advice on an account's health.
#[derive(Debug)]
pub(super) struct Advice<'a>(pub &'a Models, pub &'a Account, pub &'a Scorecard);

impl Serialize for Advice<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(models, account, card) = self;
        texts(serializer, card.advice.iter().map(|fired| sentence::advice(models, account, card, *fired)))
    }
}

impl<'a> HealthRecord<'a> {
    /// The record of an account and its health; with `detail` the contributions too.
    pub fn new(context: &Context<'a>, account: &'a Account, health: &'a Health, detail: bool) -> Self {
        let models = context.models;
        let model = &models.health.model;
        let card = &health.card;
        let contributions = detail.then(|| {
            let contributions = model.plan(account.profile).contributions(card);
            ContributionsRecord::new(context, model, account, card, contributions.as_ref())
        });
        Self {
            customer_id: &account.id,
            name: &account.name,
            segment: sentence::segment(models, account),
            arr: account.arr,
            overall_score: card.score(),
            classification: health.band().map(Band::name),
            dimensions: Dimensions(model, card),
            trends: Trends(model, health),
            recommendations: Advice(models, account, card),
            coverage: card.coverage,
            absent: Missing::absent(context, model, card),
            stale: Missing::stale(context, model, card),
            lifecycle: sentence::lifecycle(account),
            contributions,
        }
    }
}
