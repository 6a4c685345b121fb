//! Churn risk for people.

use super::document::{Bar, Block, Cell, Column, Document, Line, Table, Tone, line};
use super::piece::{self, Good, View};
use super::{Context, sentence};
use crate::account::Account;
use crate::analysis::{Assessment, ChurnTotals, Findings, Tier};

/// The churn risk of a portfolio and of its accounts. The findings must have churn in scope.
pub fn churn<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Document<'a> {
    let totals = findings.totals();
    let mut opening = vec![];
    if view.summary && totals.churn.all.accounts > 0 {
        opening.push(tiers(&totals.churn));
        opening.push(Block::Text(at_risk(&totals.churn)));
        opening.extend(renewals(&totals.churn));
    }
    opening.extend(piece::lifecycles(totals.onboarding, totals.churned, false));
    let shown = view.of(findings.listed());
    let body: Box<dyn Iterator<Item = Block<'a>> + 'a> = if shown.is_empty() {
        Box::new(std::iter::once(Block::Text(Line::from("No account to show."))))
    } else if view.cards {
        let cards = piece::each(findings, shown, move |account, assessment| card(&context, account, assessment));
        Box::new(cards.flatten())
    } else {
        Box::new([Block::Heading("Accounts".into()), Block::Table(accounts(context, findings, view))].into_iter())
    };
    Document {
        title: format!("Churn risk as of {} · {}", context.as_of, context.source),
        currency: context.currency(),
        blocks: Box::new(opening.into_iter().chain(body).chain(view.remark(findings.listed(), "accounts"))),
    }
}

/// Accounts and ARR by tier.
pub(super) fn tiers(totals: &ChurnTotals) -> Block<'static> {
    let bar = |tier: Tier| {
        let tally = totals.tiers[tier.index()];
        let share = tally.share_of(&totals.all).unwrap_or(0.0);
        let arr_share = (totals.all.arr > 0.0).then(|| tally.arr / totals.all.arr);
        Bar {
            label: piece::tier(tier),
            share,
            tone: piece::tier_tone(tier),
            figures: vec![
                Cell::Count(tally.accounts),
                Cell::Share(share),
                Cell::Money(tally.arr),
                Cell::or_empty(arr_share, Cell::Share),
            ],
        }
    };
    Block::Bars(Tier::ALL.into_iter().map(bar).collect())
}

/// The ARR of the critical and the high tier.
pub(super) fn at_risk(totals: &ChurnTotals) -> Line {
    let mut line = line!["ARR at risk (critical and high): ", Cell::Money(totals.arr_at_risk)];
    if totals.all.arr > 0.0 {
        line.push(", ");
        line.push(Cell::Share(totals.arr_at_risk / totals.all.arr));
        line.push(" of ");
        line.push(Cell::Money(totals.all.arr));
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
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 2),
        Column::text("Segment", 5),
        Column::figure("ARR", 1),
        Column::figure("Risk", 0),
        Column::text("Tier", 0),
        Column::figure("Raw", 6),
        Column::figure("Urgency", 6),
        Column::text("Renewal", 3),
        Column::text("Gravest warning", 4),
    ];
    let rows = piece::each(findings, view.of(findings.listed()), move |account, assessment| {
        let churn = &assessment.churn;
        let first = churn.card.warnings.first();
        vec![
            Cell::from(account.name.clone()),
            Cell::from(account.id.clone()),
            Cell::from(sentence::segment(models, account).into_owned()),
            Cell::Money(account.arr),
            Cell::Score(churn.card.score),
            piece::tier(churn.tier()),
            Cell::Score(churn.card.raw),
            Cell::Text(format!("× {}", sentence::short_number(churn.card.multiplier))),
            piece::renewal(churn.renewal),
            Cell::or_empty(first, |fired| {
                Cell::from(sentence::warning(models, account, &churn.card, *fired).to_string())
            }),
        ]
    });
    Table { columns, rows: Box::new(rows) }
}

/// How a risk score comes from its raw score and the urgency of the renewal.
pub(super) fn urgency(assessment: &Assessment) -> Line {
    let card = &assessment.churn.card;
    line![
        "Raw ",
        Cell::Score(card.raw),
        format!(" × urgency {} (renewal ", sentence::short_number(card.multiplier)),
        piece::renewal(assessment.churn.renewal),
        ") = ",
        Cell::Score(card.score),
        ": ",
        piece::tier(assessment.churn.tier()),
    ]
}

/// All about one account's churn risk.
fn card(context: &Context<'_>, account: &Account, assessment: &Assessment) -> Vec<Block<'static>> {
    let models = context.models;
    let churn = &assessment.churn;
    let mut blocks = vec![piece::card_heading(context, account), Block::Text(urgency(assessment))];
    if churn.card.coverage < 1.0 {
        blocks.push(Block::Remark(line!["Rests on ", Cell::Share(churn.card.coverage), " of the model's weight."]));
    }
    let groups = models.churn.model.groups().iter().zip(&churn.card.groups);
    blocks.push(Block::Bars(
        groups
            .map(|(group, scored)| Bar {
                label: Cell::from(group.label.clone()),
                share: scored.score / 100.0,
                tone: piece::tier_tone(Tier::at(scored.band)),
                figures: vec![Cell::Score(scored.score)],
            })
            .collect(),
    ));
    let contributions = models.churn.model.plan(account.profile).contributions(&churn.card);
    blocks.push(piece::contributions(context, &models.churn.model, account, &churn.card, &contributions, Good::Low));
    if let Some(warnings) = piece::warnings(context, account, assessment) {
        blocks.push(Block::Text(Cell::toned("Warnings", Tone::Strong).into()));
        blocks.push(warnings);
    }
    blocks.extend(piece::playbook(context, assessment));
    blocks
}
