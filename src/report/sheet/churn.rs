//! Churn risk, a row per account, and its warnings, a row each.

use super::super::document::Cell;
use super::super::record::{absent, severity, stale};
use super::super::{Context, sentence};
use super::account::days;
use super::field::{Field, Item, field, group_scores, identity, lifecycle, risk, sheet, sheet_of_accounts, tier};
use super::{Kind, SEVERITIES, Sheet, first, joined};
use crate::account::Renewal;
use crate::analysis::Findings;
use crate::config::Step;
use crate::engine::Fired;

/// The churn risk of every listed account, in their order. The findings must have churn in scope.
pub fn churn<'a>(context: Context<'a>, findings: &'a Findings<'a>, top: Option<usize>) -> Sheet<'a> {
    let models = context.models;
    let model = &models.churn.model;
    let mut fields = identity(context);
    fields.extend([lifecycle(), risk(), tier()]);
    fields.extend([
        field(
            "raw_score",
            "Risk without urgency",
            Kind::Score,
            "The churn risk before the urgency of the renewal multiplies it.",
            |item| Cell::or_empty(item.assessment.churn.card.shown_raw(), Cell::Score),
        ),
        field(
            "urgency_multiplier",
            "Urgency",
            Kind::Number,
            "What the nearness of the renewal multiplies the raw churn risk by.",
            |item| Cell::Number(item.assessment.churn.card.multiplier),
        ),
        field(
            "days_to_renewal",
            "Days to renewal",
            Kind::Count,
            "Days to the end of the contract, 0 once it is past; empty where no end is known.",
            |item| days(item.assessment.churn.renewal.map(Renewal::days_left)),
        ),
        field("days_overdue", "Days overdue", Kind::Count, "Days since the contract ended, where it has.", |item| {
            days(item.assessment.churn.renewal.and_then(Renewal::days_overdue))
        }),
    ]);
    fields.extend(group_scores(model, "signal_scores", |assessment| &assessment.churn.card, "Churn risk"));
    fields.extend([
        field("warning_count", "Warnings, count", Kind::Count, "How many warnings there are.", |item| {
            Cell::Count(item.assessment.churn.card.warnings.len() as u64)
        }),
        field("warning_signals", "Warnings", Kind::Prose, "The warnings, the gravest first.", move |item| {
            let card = &item.assessment.churn.card;
            let text = |fired: &Fired| {
                let warning = sentence::warning(models, item.account, card, *fired);
                format!("{}: {warning}", severity(fired.severity))
            };
            joined(card.warnings.iter().map(text))
        }),
        first_step(context, "first_step", "First step", "The first step of the playbook.", |step| &step.action),
        first_step(context, "first_step_owner", "Who", "Who takes it.", |step| &step.owner),
        first_step(context, "first_step_within", "Within", "The time for it.", |step| &step.within),
        field("coverage", "Data", Kind::Share, "The share of the model's weight that rests on data.", |item| {
            Cell::Share(item.assessment.churn.card.coverage)
        }),
        field("absent", "Missing metrics", Kind::Prose, "Metrics that count as absent.", move |item| {
            joined(absent(&context, model, &item.assessment.churn.card).into_iter())
        }),
        field("stale", "Stale metrics", Kind::Prose, "Of these, metrics that are there and too old.", move |item| {
            joined(stale(&context, model, &item.assessment.churn.card).into_iter())
        }),
    ]);
    sheet_of_accounts("Churn", findings, first(findings.listed(), top).to_vec(), fields)
}

/// A part of the first step of an account's playbook.
fn first_step<'a>(
    context: Context<'a>,
    key: &str,
    title: &str,
    note: &str,
    part: impl for<'s> Fn(&'s Step) -> &'s str + 'a,
) -> Field<'a, ()> {
    let kind = if key == "first_step" { Kind::Prose } else { Kind::Text };
    field(key, title, kind, note, move |item| {
        let step = sentence::steps(context.models, item.assessment).next();
        Cell::or_empty(step, |step| Cell::from(part(step)))
    })
}

/// The warnings of every listed account, a row each. The findings must have churn in scope.
pub fn warnings<'a>(context: Context<'a>, findings: &'a Findings<'a>, top: Option<usize>) -> Sheet<'a> {
    let models = context.models;
    let mut fields: Vec<Field<'a, Fired>> = identity(context);
    fields.extend([
        risk(),
        tier(),
        field("severity", "Severity", SEVERITIES, "How grave the warning is.", |item: &Item<'_, Fired>| {
            Cell::from(severity(item.part.severity))
        }),
        field("signal", "Warning", Kind::Prose, "What the warning says.", move |item: &Item<'_, Fired>| {
            let warning = sentence::warning(models, item.account, &item.assessment.churn.card, item.part);
            Cell::from(warning.to_string())
        }),
        field("metric", "Metric", Kind::Text, "The metric that it rests on.", move |item: &Item<'_, Fired>| {
            let signal = &models.churn.model.signals()[item.part.signal];
            Cell::from(models.schema.metric(signal.slot).path.clone())
        }),
    ]);
    let entries = first(findings.listed(), top).to_vec();
    sheet("Warnings", findings, entries, fields, |_, assessment| assessment.churn.card.warnings.clone())
}
