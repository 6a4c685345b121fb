//! Health, a row per account.

use super::super::Context;
use super::super::document::Cell;
use super::super::sentence::{self, Say as _};
use super::field::{Field, Item, band, data, field, identity, lifecycle, score, sheet_of_accounts};
use super::{BANDS, Kind, Sheet, TRENDS, first, joined};
use crate::analysis::{Band, Findings, Trend};
use crate::engine::Slot;

/// The health of every listed account, in their order. The findings must have health in scope.
pub fn health<'a>(context: Context<'a>, findings: &'a Findings<'a>, top: Option<usize>) -> Sheet<'a> {
    let models = context.models;
    let (health, model) = (&models.health, &models.health.model);
    let mut fields = identity(context);
    fields.extend([lifecycle(), score(), band()]);
    fields.push(field("trends.overall", "Trend", TRENDS, "Where the health score is going.", |item| {
        Cell::from(item.assessment.health.trend.name())
    }));
    fields.push(previous("overall", "Health, last period", health.previous_overall));
    for (position, group) in model.groups().iter().enumerate() {
        let (name, label) = (&group.name, &group.label);
        let grade = move |item: &Item<'_, ()>| item.assessment.health.card.groups.get(position).copied().flatten();
        let note = format!("{label}, 0 to 100; empty where nothing of it is known.");
        fields.push(field(format!("dimensions.{name}.score"), label, Kind::Score, note, move |item| {
            Cell::or_empty(grade(item), |grade| Cell::Score(grade.score))
        }));
        let (key, title) = (format!("dimensions.{name}.classification"), format!("{label}, band"));
        fields.push(field(key, title, BANDS, format!("The band of {label}."), move |item| {
            Cell::or_empty(grade(item), |grade| Cell::from(Band::at(grade.band).name()))
        }));
        let note = format!("Where {label} is going against the last period.");
        fields.push(field(format!("trends.{name}"), format!("{label}, trend"), TRENDS, note, move |item| {
            let trend = item.assessment.health.trends.get(position).copied();
            Cell::from(trend.map_or(Trend::NoData.name(), Trend::name))
        }));
        let slot = health.previous.get(position).copied().flatten();
        fields.push(previous(name, &format!("{label}, last period"), slot));
    }
    fields.extend(data(context, model, |assessment| &assessment.health.card));
    fields.extend([
        field("recommendation_count", "Advice, count", Kind::Count, "How much advice there is.", |item| {
            Cell::Count(item.assessment.health.card.advice.len() as u64)
        }),
        field("recommendations", "Advice", Kind::Prose, "What would help the score.", move |item| {
            let card = &item.assessment.health.card;
            joined(card.advice.iter().map(|fired| sentence::advice(models, item.account, card, *fired).said()))
        }),
    ]);
    sheet_of_accounts("Health", findings, first(findings.listed(), top).to_vec(), fields)
}

/// The score of the last period as the input gives it.
fn previous<'a>(name: &str, title: &str, slot: Option<Slot>) -> Field<'a, ()> {
    let note = "The score of the last period, as the input gives it.";
    field(format!("previous.{name}"), title, Kind::Score, note, move |item| {
        Cell::or_empty(slot.and_then(|slot| item.account.row.get(slot).number()), Cell::Score)
    })
}
