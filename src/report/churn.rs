//! Churn risk for people.

use super::document::{Block, Cell, Column, Document, Line, Table, Tone, line};
use super::piece::{self, Good, View};
use super::sentence::{self, Say as _};
use super::{Context, coverage, short_number};
use crate::account::Account;
use crate::analysis::{Assessment, ChurnTotals, Findings, Tier};

/// The churn risk of a portfolio and of its accounts. The findings must have health and churn in scope.
pub fn churn<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Document<'a> {
    let totals = findings.totals();
    let mut opening = vec![];
    if view.summary && totals.churn.all.accounts > 0 {
        opening.extend(standing(&context, &totals.churn));
        opening.extend(renewals(&totals.churn));
        let model = &context.models.churn.model;
        opening.extend(coverage::mean_coverage(model, totals.churn.coverage(), totals.churn.low_coverage));
    }
    opening.extend(piece::lifecycles(totals.onboarding, totals.churned, false));
    piece::frame(
        &context,
        findings,
        view,
        ("Churn risk", ""),
        opening,
        move |account, assessment| card(&context, account, assessment),
        || accounts(context, findings, view),
    )
}

/// The spread of the scores over the tiers, what is at risk, and who is not scored.
pub(super) fn standing(context: &Context<'_>, totals: &ChurnTotals) -> Vec<Block<'static>> {
    let mut blocks = Vec::new();
    if totals.scored.accounts > 0 {
        blocks.extend([tiers(totals), Block::Text(at_risk(totals))]);
    }
    blocks.extend(coverage::not_scored(&context.models.churn.model, totals.not_scored, "tiers and ARR at risk"));
    blocks
}

/// Accounts and ARR by tier.
fn tiers(totals: &ChurnTotals) -> Block<'static> {
    let part = |tier: Tier| (piece::tier(Some(tier)), piece::tier_tone(tier), totals.tiers[tier.index()]);
    piece::tallies("Tier", totals.scored, Tier::ALL.into_iter().map(part))
}

/// The ARR of the critical and the high tier.
fn at_risk(totals: &ChurnTotals) -> Line {
    let mut line = line!["ARR at risk (critical and high): ", Cell::Money(totals.arr_at_risk)];
    if totals.scored.arr > 0.0 {
        line.push(", ");
        line.push(Cell::Share(totals.arr_at_risk / totals.scored.arr));
        line.push(" of ");
        line.push(Cell::Money(totals.scored.arr));
    }
    line.push(".");
    line
}

fn renewals(totals: &ChurnTotals) -> Option<Block<'static>> {
    let mut line = Line::default();
    if totals.overdue.accounts > 0 {
        line.0.extend(piece::counted(totals.overdue.accounts, "account is", "accounts are").0);
        line.push(" past the end of the contract (urgency as on its last day). ");
    }
    if totals.no_renewal.accounts > 0 {
        line.0.extend(piece::counted(totals.no_renewal.accounts, "account has", "accounts have").0);
        line.push(" no contract end: no urgency is applied. ");
    }
    (!line.0.is_empty()).then_some(Block::Remark(line))
}

fn accounts<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Table<'a> {
    let models = context.models;
    let totals = &findings.totals().churn;
    let covered = totals.not_scored.accounts == 0 && totals.coverage().is_none_or(|coverage| coverage >= 1.0);
    let mut columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 4),
        Column::text("Segment", 7),
        Column::figure("ARR", 1),
        Column::figure("Risk", 0),
        piece::tier_column("Tier", 0),
        Column::figure("Raw", 8),
        Column::figure("Urgency", 8),
        Column::text("Renewal", 3),
        piece::attention_column("Attention", 2),
    ];
    if !covered {
        columns.push(Column::figure("Data", 5));
    }
    columns.push(Column::text("Gravest warning", 6));
    let rows = piece::each(findings, view.of(findings.listed()), move |account, assessment| {
        let churn = &assessment.churn;
        let first = churn.card.warnings.first();
        let mut row = vec![
            Cell::from(account.name.clone()),
            Cell::from(account.id.clone()),
            Cell::from(sentence::segment(models, account).into_owned()),
            Cell::Money(account.arr),
            piece::score(churn.card.score()),
            Cell::or_empty(churn.tier(), |tier| piece::tier(Some(tier))),
            Cell::or_empty(churn.card.grade, |_| Cell::Number(churn.card.raw)),
            Cell::Text(format!("× {}", short_number(churn.card.multiplier))),
            piece::renewal_in_order(account, context.as_of),
            piece::attention(assessment.attention()),
        ];
        if !covered {
            row.push(coverage::data(churn.card.coverage));
        }
        row.push(Cell::or_empty(first, |fired| {
            Cell::from(sentence::warning(models, account, &churn.card, *fired).said())
        }));
        row
    });
    Table { columns, rows: Box::new(rows) }
}

/// How a risk score comes from its raw score and the urgency of the renewal.
pub(super) fn urgency(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Line {
    let card = &assessment.churn.card;
    let Some(score) = card.score() else {
        return line!["Churn risk not scored (renewal ", piece::renewal(account, context.as_of), ")"];
    };
    line![
        "Raw ",
        Cell::Number(card.raw),
        format!(" × urgency {} (renewal ", short_number(card.multiplier)),
        piece::renewal(account, context.as_of),
        "), at most 100 = ",
        Cell::Score(score),
        ": ",
        piece::tier(assessment.churn.tier()),
    ]
}

/// All about one account's churn risk.
fn card(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Vec<Block<'static>> {
    let models = context.models;
    let churn = &assessment.churn;
    let mut blocks = vec![piece::card_heading(context, account), Block::Text(urgency(context, account, assessment))];
    let (model, scored) = (&models.churn.model, &churn.card);
    blocks.extend(coverage::of(model, scored));
    let tone = |band| piece::tier_tone(Tier::at(band));
    blocks.extend(piece::groups(model, account, scored, tone, None));
    let contributions = model.plan(account.profile).contributions(scored);
    blocks.push(piece::contributions(context, model, account, scored, contributions.as_ref(), Good::Low));
    if let Some(warnings) = piece::warnings(context, account, assessment) {
        blocks.push(Block::Text(Cell::toned("Warnings", Tone::Strong).into()));
        blocks.push(warnings);
    }
    blocks.extend(piece::playbook(context, assessment));
    blocks
}
