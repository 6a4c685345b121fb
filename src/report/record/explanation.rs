//! Why one account scores as it does, for machines.

use std::borrow::Cow;

use serde::Serialize;

use super::super::Context;
use super::super::sentence;
use super::churn::{Steps, Warnings};
use super::health::Advice;
use super::scored::Named;
use super::{ContributionsRecord, DataQuality, Provenance};
use crate::account::{Account, Renewal};
use crate::analysis::{Assessment, Band, Explanation, Model, Tier};
use crate::engine::{Plan, Reach, Scorecard};

/// Why one account scores as it does.
#[derive(Debug, Serialize)]
pub struct ExplanationRecord<'a> {
    report: &'static str,
    provenance: Provenance<'a>,
    data_quality: DataQuality<'a>,
    customer_id: &'a str,
    name: &'a str,
    segment: Cow<'a, str>,
    scored_as: &'a str,
    arr: f64,
    health: HealthExplanation<'a>,
    churn: ChurnExplanation<'a>,
}

#[derive(Debug, Serialize)]
struct HealthExplanation<'a> {
    overall_score: Option<f64>,
    classification: Option<&'static str>,
    trend: &'static str,
    dimensions: Named<'a, Option<f64>>,
    bounds: Named<'a, f64>,
    coverage: f64,
    contributions: ContributionsRecord<'a>,
    next_band: Option<NextBandRecord<'a>>,
    recommendations: Advice<'a>,
}

#[derive(Debug, Serialize)]
struct NextBandRecord<'a> {
    band: &'static str,
    at_least: f64,
    reachable: bool,
    moves: Vec<MoveRecord<'a>>,
    resulting_score: Option<f64>,
    exact: bool,
}

#[derive(Debug, Serialize)]
struct MoveRecord<'a> {
    metric: &'a str,
    points: Option<f64>,
    full_score_at: Option<f64>,
}

#[derive(Debug, Serialize)]
struct ChurnExplanation<'a> {
    risk_score: Option<f64>,
    risk_tier: Option<&'static str>,
    raw_score: Option<f64>,
    urgency_multiplier: f64,
    days_to_renewal: Option<i64>,
    days_overdue: Option<i64>,
    risk_tier_without_urgency: Option<&'static str>,
    categories: Named<'a, Option<f64>>,
    bounds: Named<'a, f64>,
    coverage: f64,
    contributions: ContributionsRecord<'a>,
    warning_signals: Warnings<'a>,
    recommended_actions: Steps<'a>,
}

impl<'a> ExplanationRecord<'a> {
    /// The record of an account, its assessment and what explains it.
    pub fn new(
        context: &Context<'a>,
        account: &'a Account,
        assessment: &'a Assessment,
        explanation: &Explanation,
    ) -> Self {
        let models = context.models;
        let (health, churn) = (&assessment.health, &assessment.churn);
        let plan = models.health.model.plan(account.profile);
        let churn_plan = models.churn.model.plan(account.profile);
        let next_band = explanation.next_band.as_ref().map(|(band, at_least, reach)| {
            let (signals, resulting_score, exact): (&[usize], Option<f64>, bool) = match reach {
                Reach::Already => (&[], health.card.score(), true),
                Reach::Moving { signals, score, exact } => (signals, Some(*score), *exact),
                Reach::OutOfReach { score, exact } => (&[], Some(*score), *exact),
            };
            // A metric that was not counted takes its weight back, and no figure of before says what each then brings.
            let shifts = signals.iter().any(|signal| health.card.signals[*signal].value.is_absent());
            let brought = explanation.health.as_ref().filter(|_| !shifts);
            let moves = signals.iter().map(|signal| MoveRecord {
                metric: &models.schema.metric(models.health.model.signals()[*signal].slot).path,
                points: brought.map(|brought| (brought.full[*signal] - brought.signals[*signal]).points()),
                full_score_at: plan.signals().nth(*signal).and_then(|signal| signal.scale.full_value()),
            });
            NextBandRecord {
                band: band.name(),
                at_least: *at_least,
                reachable: !matches!(reach, Reach::OutOfReach { .. }),
                moves: moves.collect(),
                resulting_score,
                exact,
            }
        });
        let without_urgency = churn.card.shown_raw().map(|raw| Tier::at(churn_plan.bands().of(raw)));
        Self {
            report: "account_explanation",
            provenance: Provenance::of(context),
            data_quality: DataQuality::of(context),
            customer_id: &account.id,
            name: &account.name,
            segment: sentence::segment(models, account),
            scored_as: models.segments.name(account.profile),
            arr: account.arr,
            health: HealthExplanation {
                overall_score: health.card.score(),
                classification: health.band().map(Band::name),
                trend: health.trend.name(),
                dimensions: group_scores(&models.health.model, &health.card),
                bounds: Named(Band::ALL.iter().map(|band| band.name()).zip(bounds(plan)).collect()),
                coverage: health.card.coverage,
                contributions: ContributionsRecord::new(
                    context,
                    &models.health.model,
                    account,
                    &health.card,
                    explanation.health.as_ref(),
                )
                .largest_loss_first(),
                next_band,
                recommendations: Advice(models, account, &health.card),
            },
            churn: ChurnExplanation {
                risk_score: churn.card.score(),
                risk_tier: churn.tier().map(Tier::name),
                raw_score: churn.card.shown_raw(),
                urgency_multiplier: churn.card.multiplier,
                days_to_renewal: churn.renewal.map(Renewal::days_left),
                days_overdue: churn.renewal.and_then(Renewal::days_overdue),
                risk_tier_without_urgency: without_urgency.map(Tier::name),
                categories: group_scores(&models.churn.model, &churn.card),
                bounds: Named(Tier::ALL.iter().map(|tier| tier.name()).zip(bounds(churn_plan)).collect()),
                coverage: churn.card.coverage,
                contributions: ContributionsRecord::new(
                    context,
                    &models.churn.model,
                    account,
                    &churn.card,
                    explanation.churn.as_ref(),
                )
                .largest_first(),
                warning_signals: Warnings(models, account, &churn.card),
                recommended_actions: Steps(models, assessment),
            },
        }
    }
}

fn group_scores<'a>(model: &'a Model, card: &Scorecard) -> Named<'a, Option<f64>> {
    let groups = model.groups().iter().zip(&card.groups);
    Named(groups.map(|(group, grade)| (group.name.as_str(), grade.map(|grade| grade.score))).collect())
}

/// The lowest score of each band, from the highest.
fn bounds(plan: &Plan) -> impl Iterator<Item = f64> {
    plan.bands().bounds().iter().copied()
}
