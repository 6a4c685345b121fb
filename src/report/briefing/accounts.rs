//! The table of all accounts, to find one's own in.

use super::super::chart::Gauge;
use super::super::document::{Block, Cell, Column, Table};
use super::super::piece::{self, View};
use super::super::{Context, sentence};
use super::averages::Averages;
use crate::account::Account;
use crate::analysis::{Briefing, Health};

/// A heading, what the columns mean, and a row per account, the most urgent first.
pub(super) fn accounts<'a>(
    context: Context<'a>,
    briefing: &'a Briefing<'a>,
    averages: Averages,
    view: View,
) -> Vec<Block<'a>> {
    let findings = &briefing.findings;
    let models = context.models;
    let dimensions = models.health.model.groups();
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 3),
        Column::text("Segment", 2),
        Column::text("Owner", 2),
        Column::figure("ARR", 0),
        Column::figure("Health", 0),
        piece::band_column("Band", 0),
        Column::text("Course", 3),
        piece::trend_column("Trend", 1),
        Column::text("Profile", 3),
        Column::figure("Risk", 1),
        piece::tier_column("Churn risk", 0),
        Column::text("Renewal", 1),
        piece::attention_column("Attention", 0),
        Column::figure("Expansion", 1),
    ];
    let rows = piece::each(findings, view.of(findings.listed()), move |account, assessment| {
        let (health, churn) = (&assessment.health, &assessment.churn);
        let expansion = assessment.expansion.pipeline.base;
        vec![
            Cell::from(account.name.clone()),
            Cell::from(account.id.clone()),
            Cell::from(sentence::segment(models, account).into_owned()),
            Cell::from(account.owner.clone()),
            Cell::Money(account.arr),
            Cell::or_empty(health.card.score(), Cell::Score),
            piece::band(health.band()),
            course(health),
            piece::trend(health.trend),
            profile(&averages, account, health),
            Cell::or_empty(churn.card.score(), Cell::Score),
            piece::tier(churn.tier()),
            piece::renewal_in_order(account, context.as_of),
            piece::attention(assessment.attention()),
            if expansion > 0.0 { Cell::Money(expansion) } else { Cell::Empty },
        ]
    });
    let labels: Vec<String> = dimensions.iter().map(|dimension| dimension.label.to_lowercase()).collect();
    let remark = format!(
        "Course: from the last period to now. Profile: {}; the line across each bar is the mean of the account's segment. \
         Expansion: an estimate, without double counting.",
        labels.join(", ")
    );
    let table = Block::Browse(Table { columns, rows: Box::new(rows) });
    let mut blocks = vec![Block::Heading("All accounts".into()), Block::Remark(remark.into()), table];
    blocks.extend(view.remark(findings.listed(), "accounts"));
    blocks
}

/// From the score of the last period to that of now, where both are known.
fn course(health: &Health) -> Cell {
    let scores = health.last.zip(health.card.score());
    Cell::or_empty(scores, |(last, now)| Cell::Trend(vec![last.score, now]))
}

/// The dimensions of an account against the means of its segment.
fn profile(averages: &Averages, account: &Account, health: &Health) -> Cell {
    if health.card.grade.is_none() {
        return Cell::Empty;
    }
    let gauges = health.card.groups.iter().enumerate().map(|(dimension, grade)| Gauge {
        score: grade.map(|grade| grade.score),
        mark: averages.of_segment(account.profile, dimension),
    });
    Cell::Profile(gauges.collect())
}
