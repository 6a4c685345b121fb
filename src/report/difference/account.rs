//! One account on two days, with all that moved its scores.

use super::super::document::{Block, Cell, Column, Line, Table, Tone, line};
use super::super::number::signed_hundredths;
use super::super::{piece, sentence};
use super::reason::{cause, label, value};
use super::{Comparison, Scored, change, movers};
use crate::analysis::Model;
use crate::engine::Hundredths;
use crate::evidence::difference::{ComparedAccount, Part, Shift};

/// All about one account that was there on both days.
pub(super) fn card(comparison: &Comparison<'_>, compared: &ComparedAccount) -> Vec<Block<'static>> {
    let models = comparison.now.models;
    let mut blocks = vec![piece::card_heading(&comparison.now, &compared.new)];
    let arr = (compared.old.arr, compared.new.arr);
    let mut about = Line::default();
    for (score, shift, model) in [
        (Scored::Health, &compared.health, &models.health.model),
        (Scored::Churn, &compared.churn, &models.churn.model),
    ] {
        if !about.0.is_empty() {
            about.push(" · ");
        }
        about.push(format!("{} ", sentence::capitalised(score.label())));
        about.push(movers::course(shift));
        if shift.change().is_some() {
            about.push(" (");
            about.push(movers::moved(score, shift));
            about.push(")");
        }
        let place = movers::places(score, shift);
        if place != Cell::Empty {
            about.push(", ");
            about.push(place);
        }
        blocks.extend(parts(comparison, score, model, compared, shift));
    }
    if arr.0 != arr.1 && !compared.old.id.is_empty() {
        about.0.extend([" · ARR ".into(), Cell::Money(arr.0), " → ".into(), Cell::Money(arr.1)]);
    }
    blocks.insert(1, Block::Text(about));
    blocks
}

/// What moved a score, the largest part first; nothing where nothing did.
fn parts(
    comparison: &Comparison<'_>,
    score: Scored,
    model: &Model,
    compared: &ComparedAccount,
    shift: &Shift,
) -> Vec<Block<'static>> {
    let models = comparison.now.models;
    let Some((parts, total)) = shift.parts.as_ref().zip(shift.change()) else { return Vec::new() };
    let largest = parts.largest();
    if largest.is_empty() {
        return Vec::new();
    }
    let points = |points: Hundredths| change(score.good(), points.points(), signed_hundredths(points));
    let row = |(part, moved): (Part, Hundredths)| {
        let signal = match part {
            Part::Data(signal) | Part::Coverage(signal) => Some(signal),
            Part::Model | Part::Segment | Part::Urgency | Part::Rest => None,
        };
        let Some(signal) = signal else {
            let name = sentence::capitalised(&cause(comparison, model, compared, shift, part));
            return vec![Cell::toned(name, Tone::Muted), Cell::Empty, Cell::Empty, Cell::Empty, points(moved)];
        };
        let from = value(models, model, &compared.old, &shift.before, signal);
        let to = value(models, model, &compared.new, &shift.after, signal);
        let what = match part {
            Part::Data(_) => "value",
            _ if from == to || is_seen_alike(shift, signal) => "weight",
            _ => "coverage",
        };
        vec![label(models, model, signal).into(), from.into(), to.into(), what.into(), points(moved)]
    };
    let mut rows: Vec<Vec<Cell>> = largest.into_iter().map(row).collect();
    let last = Cell::toned("Change", Tone::Strong);
    rows.push(vec![last, Cell::Empty, Cell::Empty, Cell::Empty, points(total)]);
    let columns = vec![
        Column::text("Cause", 0),
        Column::figure("Before", 0),
        Column::figure("Now", 0),
        Column::text("By its", 1),
        Column::figure("Points", 0),
    ];
    let title = format!("What moved {}", score.label());
    vec![Block::Text(line![Cell::toned(title, Tone::Strong)]), Block::Table(Table::of(columns, rows))]
}

/// Whether a signal is present on both days, or on none.
fn is_seen_alike(shift: &Shift, signal: usize) -> bool {
    let is_seen =
        |card: &crate::engine::Scorecard| card.signals.get(signal).is_some_and(|scored| scored.presence.is_present());
    is_seen(&shift.before) == is_seen(&shift.after)
}
