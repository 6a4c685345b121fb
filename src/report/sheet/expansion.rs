//! Expansion, a row per play.

use super::super::Context;
use super::super::document::{Cell, Tone};
use super::super::sentence::{self, Rationale, Say as _};
use super::field::{Field, Item, field, identity, sheet};
use super::{Kind, Sheet, first, flag};
use crate::analysis::{Findings, Opportunity, Scope};

const EFFORTS: Kind = Kind::Word(&[("low", Tone::Good), ("medium", Tone::Plain), ("high", Tone::Caution)]);

/// The plays of every listed account, in their order, a row each. The findings must have expansion in scope; whether a play passes
/// the gate is said where they have everything in scope.
pub fn expansion<'a>(context: Context<'a>, findings: &'a Findings<'a>, top: Option<usize>) -> Sheet<'a> {
    let models = context.models;
    let terms = move |play: &Opportunity| models.expansion.terms[play.play.index()];
    let mut fields: Vec<Field<'a, Opportunity>> = identity(context);
    fields.extend([
        field(
            "type",
            "Type",
            Kind::Text,
            "The type of business: expansion, upsell or cross_sell.",
            move |item: &Item<'_, Opportunity>| Cell::from(terms(&item.part).kind.name()),
        ),
        field("category", "Play", Kind::Text, "The play.", |item: &Item<'_, Opportunity>| {
            Cell::from(item.part.play.name())
        }),
        field(
            "target",
            "Target",
            Kind::Text,
            "The plan, module or department; empty for seats.",
            |item: &Item<'_, Opportunity>| {
                Cell::or_empty(sentence::target(&item.account.footprint, &item.part), Cell::from)
            },
        ),
        field(
            "estimated_revenue",
            "Est. revenue",
            Kind::Money,
            "Estimate: the revenue a year if won.",
            |item: &Item<'_, Opportunity>| Cell::Money(item.part.revenue),
        ),
        field("effort", "Effort", EFFORTS, "How much work the play is.", move |item: &Item<'_, Opportunity>| {
            Cell::from(terms(&item.part).effort.name())
        }),
        field(
            "priority_score",
            "Priority",
            Kind::Number,
            "Revenue against effort, higher is better.",
            |item: &Item<'_, Opportunity>| Cell::Number(item.part.priority),
        ),
    ]);
    if findings.assessor().scope == Scope::ALL {
        let note = "Whether the account's health and churn risk allow to propose it now.";
        fields.push(field("passes_gate", "Passes gate", Kind::Flag, note, move |item: &Item<'_, Opportunity>| {
            flag(item.assessment.passes(&models.expansion.gate))
        }));
    }
    fields.extend([
        field(
            "counts_in_pipeline",
            "Counts in base",
            Kind::Flag,
            "Whether it counts beside the account's other plays, which may overlap with it.",
            |item: &Item<'_, Opportunity>| flag(item.part.counts),
        ),
        field("rationale", "Why", Kind::Prose, "Why the play is open.", move |item: &Item<'_, Opportunity>| {
            let rationale = Rationale { models, footprint: &item.account.footprint, opportunity: item.part };
            Cell::from(rationale.said())
        }),
        field("next_step", "Next step", Kind::Prose, "What to do next.", move |item: &Item<'_, Opportunity>| {
            Cell::from(models.wording.plays[item.part.play.index()].next.clone())
        }),
    ]);
    let entries = first(findings.listed(), top).to_vec();
    sheet("Expansion", findings, entries, fields, |_, assessment| assessment.expansion.opportunities.clone())
}
