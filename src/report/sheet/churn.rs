//! Churn risk, a row per account, and its warnings, a row each.

use super::super::Context;
use super::super::document::Cell;
use super::super::record::severity;
use super::super::sentence::{self, Say as _};
use super::field::{
    Field, Item, data, days_overdue, days_to_renewal, field, group_scores, identity, lifecycle, risk, sheet,
    sheet_of_accounts, tier, urgency,
};
use super::{Kind, SEVERITIES, Sheet, first, joined};
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
        urgency(),
        days_to_renewal(),
        days_overdue(),
    ]);
    let first_step = |key, title, kind, note, part: fn(&Step) -> &str| {
        field(key, title, kind, note, move |item: &Item<'_, ()>| {
            let step = sentence::steps(models, item.assessment).next();
            Cell::or_empty(step, |step| Cell::from(part(step)))
        })
    };
    fields.extend(group_scores(model, "signal_scores", |assessment| &assessment.churn.card, "Churn risk"));
    fields.extend([
        field("warning_count", "Warnings, count", Kind::Count, "How many warnings there are.", |item| {
            Cell::Count(item.assessment.churn.card.warnings.len() as u64)
        }),
        field("warning_signals", "Warnings", Kind::Prose, "The warnings, the gravest first.", move |item| {
            let card = &item.assessment.churn.card;
            let text = |fired: &Fired| {
                let warning = sentence::warning(models, item.account, card, *fired);
                format!("{}: {}", severity(fired.severity), warning.said())
            };
            joined(card.warnings.iter().map(text))
        }),
        first_step("first_step", "First step", Kind::Prose, "The first step of the playbook.", |step| &step.action),
        first_step("first_step_owner", "Who", Kind::Text, "Who takes it.", |step| &step.owner),
        first_step("first_step_within", "Within", Kind::Text, "The time for it.", |step| &step.within),
    ]);
    fields.extend(data(context, model, |assessment| &assessment.churn.card));
    sheet_of_accounts("Churn", findings, first(findings.listed(), top).to_vec(), fields)
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
            Cell::from(warning.said())
        }),
        field("metric", "Metric", Kind::Text, "The metric that it rests on.", move |item: &Item<'_, Fired>| {
            let signal = &models.churn.model.signals()[item.part.signal];
            Cell::from(models.schema.metric(signal.slot).path.clone())
        }),
    ]);
    let entries = first(findings.listed(), top).to_vec();
    sheet("Warnings", findings, entries, fields, |_, assessment| assessment.churn.card.warnings.clone())
}
