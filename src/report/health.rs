//! Health for people.

use super::document::{Block, Cell, Column, Document, Line, Table, Tone, line};
use super::piece::{self, Good, View};
use super::{Context, coverage, sentence};
use crate::account::Account;
use crate::analysis::{Assessment, Band, Findings, HealthTotals};

/// The health of a portfolio and of its accounts. The findings must have health and churn in scope.
pub fn health<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Document<'a> {
    let totals = findings.totals();
    let mut opening = vec![];
    if view.summary && totals.health.all.accounts > 0 {
        opening.extend(standing(&context, &totals.health));
        let model = &context.models.health.model;
        opening.extend(coverage::mean_coverage(model, totals.health.coverage(), totals.health.low_coverage));
    }
    opening.extend(piece::lifecycles(totals.onboarding, totals.churned, false));
    piece::frame(
        &context,
        findings,
        view,
        ("Customer health", ""),
        opening,
        move |account, assessment| card(&context, account, assessment),
        || accounts(context, findings, view),
    )
}

/// The spread of the scores over the bands, their means, how far they are from what is usually aimed at, and who is not scored.
pub(super) fn standing(context: &Context<'_>, totals: &HealthTotals) -> Vec<Block<'static>> {
    let mut blocks = Vec::new();
    let any = totals.scored.accounts > 0;
    blocks.extend(any.then(|| bands(totals)));
    blocks.push(Block::Text(averages(totals)));
    blocks.extend(any.then(|| Block::Text(targets(context, totals))));
    blocks.extend(coverage::not_scored(&context.models.health.model, totals.not_scored, "bands and averages"));
    blocks
}

/// Accounts and ARR by band.
fn bands(totals: &HealthTotals) -> Block<'static> {
    let part = |band: Band| (piece::band(Some(band)), piece::band_tone(band), totals.bands[band as usize]);
    piece::tallies("Band", totals.scored, Band::ALL.into_iter().map(part))
}

/// The mean score by count and by ARR.
fn averages(totals: &HealthTotals) -> Line {
    let mut line = piece::counted(totals.all.accounts, "account", "accounts");
    line.push(", ARR ");
    line.push(Cell::Money(totals.all.arr));
    if let Some(average) = totals.average() {
        line.push(". Average score ");
        line.push(Cell::Score(average));
    }
    if let Some(by_arr) = totals.average_by_arr() {
        line.push(", weighted by ARR ");
        line.push(Cell::Score(by_arr));
    }
    line.push(".");
    line
}

/// How far the portfolio is from what is usually aimed at.
fn targets(context: &Context<'_>, totals: &HealthTotals) -> Line {
    let targets = &context.models.industry.targets;
    let share = |band: Band| totals.bands[band as usize].share_of(&totals.scored).unwrap_or(0.0);
    let (green, red) = (share(Band::Green), share(Band::Red));
    let verdict = |met: bool| if met { Cell::toned("met", Tone::Good) } else { Cell::toned("missed", Tone::Bad) };
    let distance = |by: f64| Cell::Text(format!("{:.1}", by.abs() * 100.0));
    let mut line = line![
        "Green ",
        Cell::Share(green),
        " of accounts, usual target at least ",
        Cell::Share(targets.green_share_at_least),
        ": "
    ];
    line.push(verdict(green >= targets.green_share_at_least));
    line.push(" by ");
    line.push(distance(green - targets.green_share_at_least));
    line.push(" points. Red ");
    line.push(Cell::Share(red));
    line.push(", usual target under ");
    line.push(Cell::Share(targets.red_share_below));
    line.push(": ");
    line.push(verdict(red < targets.red_share_below));
    line.push(" by ");
    line.push(distance(red - targets.red_share_below));
    line.push(" points.");
    line
}

fn accounts<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Table<'a> {
    let models = context.models;
    let groups = models.health.model.groups();
    let totals = &findings.totals().health;
    let covered = totals.not_scored.accounts == 0 && totals.coverage().is_none_or(|coverage| coverage >= 1.0);
    let mut columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 3),
        Column::text("Segment", 8),
        Column::figure("ARR", 1),
        Column::figure("Health", 0),
        piece::band_column("Band", 0),
        piece::trend_column("Trend", 5),
    ];
    columns.extend(groups.iter().map(|group| Column::figure(&group.label, 9)));
    columns.push(piece::tier_column("Churn risk", 6));
    columns.push(Column::text("Renewal", 7));
    if !covered {
        columns.push(Column::figure("Data", 4));
    }
    columns.push(piece::attention_column("Attention", 2));
    let rows = piece::each(findings, view.of(findings.listed()), move |account, assessment| {
        let health = &assessment.health;
        let mut row = vec![
            Cell::from(account.name.clone()),
            Cell::from(account.id.clone()),
            Cell::from(sentence::segment(models, account).into_owned()),
            Cell::Money(account.arr),
            piece::score(health.card.score()),
            Cell::or_empty(health.band(), |band| piece::band(Some(band))),
            piece::trend(health.trend),
        ];
        row.extend((0..groups.len()).map(|group| piece::group_score(&health.card, group)));
        row.push(piece::tier(assessment.churn.tier()));
        row.push(piece::renewal_in_order(account, context.as_of));
        if !covered {
            row.push(coverage::data(health.card.coverage));
        }
        row.push(piece::attention(assessment.attention()));
        row
    });
    Table { columns, rows: Box::new(rows) }
}

/// All about one account's health, and the churn warnings and steps that go with it.
fn card(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Vec<Block<'static>> {
    let models = context.models;
    let health = &assessment.health;
    let churn = &assessment.churn;
    let mut blocks = vec![piece::card_heading(context, account)];
    let mut standing = line!["Health "];
    standing.0.extend(piece::graded(health.card.score(), piece::band(health.band())).0);
    if health.card.grade.is_some() {
        standing.push(", ");
        standing.push(piece::trend(health.trend));
    }
    standing.push(" · churn risk ");
    standing.0.extend(piece::graded(churn.card.score(), piece::tier(churn.tier())).0);
    standing.push(" · renewal ");
    standing.push(piece::renewal(account, context.as_of));
    standing.push(" · attention ");
    standing.push(piece::attention(assessment.attention()));
    blocks.push(Block::Text(standing));
    let (model, scored) = (&models.health.model, &health.card);
    blocks.extend(coverage::of(model, scored));
    let tone = |band| piece::band_tone(Band::at(band));
    blocks.extend(piece::groups(model, account, scored, tone, Some(&health.trends)));
    let contributions = model.plan(account.profile).contributions(scored);
    blocks.push(piece::contributions(context, model, account, scored, contributions.as_ref(), Good::High));
    if let Some(warnings) = piece::warnings(context, account, assessment) {
        blocks.push(Block::Text(Cell::toned("Warnings", Tone::Strong).into()));
        blocks.push(warnings);
    }
    if let Some(advice) = piece::advice(context, account, assessment) {
        blocks.push(Block::Text(Cell::toned("Advice", Tone::Strong).into()));
        blocks.push(advice);
    }
    blocks.extend(piece::playbook(context, assessment));
    blocks
}
