//! Expansion: what to propose now, and what to earn first.

use std::collections::BTreeSet;

use crate::account::Entry;
use crate::analysis::{Briefing, Findings, Play};
use crate::report::document::{Block, Cell, Column, Table, Tone, line};
use crate::report::piece::{self, View};
use crate::report::{Context, coverage, expansion, sentence};

pub(super) fn proposals<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Vec<Block<'a>> {
    let findings = &briefing.findings;
    let models = context.models;
    let gate = &models.expansion.gate;
    let names = |names: Vec<&str>| names.join(" or ");
    let bands = names(gate.bands.iter().map(|band| band.name()).collect());
    let tiers = names(gate.tiers.iter().map(|tier| tier.name()).collect());
    let mut blocks = vec![
        Block::Heading("Expansion to propose now".into()),
        Block::Remark(
            format!("Accounts in {bands} health and at {tiers} churn risk. All revenue is an estimate, without double counting.").into(),
        ),
    ];
    if briefing.proposals.is_empty() {
        blocks.push(Block::Text("None.".into()));
    } else {
        let rows = piece::each(findings, view.of(&briefing.proposals), move |account, assessment| {
            let plays = &assessment.expansion.opportunities;
            let best = plays.iter().find(|play| play.counts);
            vec![
                Cell::from(account.name.clone()),
                Cell::Money(account.arr),
                Cell::Money(assessment.expansion.pipeline.base),
                Cell::or_empty(best, |play| Cell::from(expansion::named(&context, account, play))),
                coverage::data(assessment.churn.card.coverage.min(assessment.health.card.coverage)),
            ]
        });
        let columns = vec![
            Column::text("Account", 0),
            Column::figure("ARR", 2),
            Column::figure("Est. revenue", 0),
            Column::text("Start with", 0),
            Column::figure("Data", 1),
        ];
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
        blocks.push(next_steps(&context, findings, view.of(&briefing.proposals)));
        blocks.extend(view.remark(&briefing.proposals, "accounts"));
    }
    if !briefing.earn_first.is_empty() {
        blocks.push(Block::Heading("Earn it first".into()));
        let rows = piece::each(findings, view.of(&briefing.earn_first), move |account, assessment| {
            vec![
                Cell::from(account.name.clone()),
                Cell::Money(account.arr),
                Cell::Money(assessment.expansion.pipeline.base),
                Cell::from(sentence::barrier(models, assessment)),
            ]
        });
        let columns = vec![
            Column::text("Account", 0),
            Column::figure("ARR", 1),
            Column::figure("Est. revenue", 0),
            Column::text("What stands in the way", 0),
        ];
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
        blocks.extend(view.remark(&briefing.earn_first, "accounts"));
    }
    blocks
}

/// The next step of each play that an account starts with.
fn next_steps(context: &Context<'_>, findings: &Findings<'_>, proposals: &[Entry]) -> Block<'static> {
    let starts = piece::each(findings, proposals, |_, assessment| {
        assessment.expansion.opportunities.iter().find(|play| play.counts).map(|play| play.play)
    });
    let starts: BTreeSet<Play> = starts.flatten().collect();
    let steps = starts.into_iter().map(|play| {
        let wording = &context.models.wording.plays[play.index()];
        line![Cell::toned(wording.label.clone(), Tone::Strong), format!(": {}", wording.next)]
    });
    Block::List(steps.collect())
}
