//! What moved a score, in words.

use super::super::number::signed_hundredths;
use super::super::sentence::{Say as _, ValueText};
use super::super::short_number;
use super::Comparison;
use crate::account::Account;
use crate::analysis::Model;
use crate::config::Models;
use crate::engine::{Hundredths, Presence, Scorecard};
use crate::evidence::difference::{ComparedAccount, Part, Shift};

/// The value of a signal as it was found: what stands in for an absent one is not said.
pub(super) fn value(models: &Models, model: &Model, account: &Account, card: &Scorecard, signal: usize) -> String {
    let (Some(name), Some(scored)) = (model.signals().get(signal), card.signals.get(signal)) else {
        return String::new();
    };
    match scored.presence {
        Presence::Present => ValueText { models, account, slot: name.slot, value: scored.value }.said(),
        Presence::Absent => "no data".to_owned(),
        Presence::Stale => "too old".to_owned(),
    }
}

/// What a part of a change is about.
pub(super) fn cause(
    comparison: &Comparison<'_>,
    model: &Model,
    compared: &ComparedAccount,
    shift: &Shift,
    part: Part,
) -> String {
    let models = comparison.now.models;
    let moved = |signal: usize| {
        let label = label(models, model, signal);
        let from = value(models, model, &compared.old, &shift.before, signal);
        let to = value(models, model, &compared.new, &shift.after, signal);
        if from == to { format!("weight of {}", label.to_lowercase()) } else { format!("{label} {from} → {to}") }
    };
    match part {
        Part::Model => "another model".to_owned(),
        Part::Segment => {
            let name = |account: &Account| models.segments.name(account.profile);
            format!("segment {} → {}", name(&compared.old), name(&compared.new))
        }
        Part::Data(signal) => moved(signal),
        Part::Coverage(signal) => {
            let is_seen =
                |card: &Scorecard| card.signals.get(signal).is_some_and(|scored| scored.presence.is_present());
            if is_seen(&shift.before) == is_seen(&shift.after) {
                format!("weight of {}", label(models, model, signal).to_lowercase())
            } else {
                moved(signal)
            }
        }
        Part::Urgency => {
            format!("renewal × {} → × {}", short_number(shift.before.multiplier), short_number(shift.after.multiplier))
        }
        Part::Rest => "rounding and limits".to_owned(),
    }
}

/// What people call the metric of a signal.
pub(super) fn label<'m>(models: &'m Models, model: &Model, signal: usize) -> &'m str {
    model.signals().get(signal).map_or("", |name| &models.schema.metric(name.slot).label)
}

/// The parts that moved a score most, in words; rounding only where there is nothing else.
pub(in crate::report) fn reasons(
    comparison: &Comparison<'_>,
    model: &Model,
    compared: &ComparedAccount,
    shift: &Shift,
    most: usize,
) -> String {
    let Some(parts) = &shift.parts else { return String::new() };
    let mut largest = parts.largest();
    if largest.len() > 1 {
        largest.retain(|(part, _)| *part != Part::Rest);
    }
    let said = largest.into_iter().take(most).map(|(part, points): (Part, Hundredths)| {
        format!("{}: {}", cause(comparison, model, compared, shift, part), signed_hundredths(points))
    });
    said.collect::<Vec<_>>().join("; ")
}
