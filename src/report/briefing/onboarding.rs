//! Accounts that are being set up, apart from all figures.

use crate::analysis::Findings;
use crate::report::Context;
use crate::report::document::{Block, Cell, Column, Table};
use crate::report::piece::{self, View};

pub(super) fn onboarding<'a>(context: Context<'a>, findings: &'a Findings<'a>, view: View) -> Vec<Block<'a>> {
    let totals = findings.totals();
    let mut blocks: Vec<Block<'a>> = Vec::new();
    let apart = findings.onboarding();
    if !apart.is_empty() {
        blocks.push(Block::Heading("Onboarding, not in the figures above".into()));
        let rows = piece::each(findings, view.of(apart), move |account, assessment| {
            let started = account.term.days_since_start(context.as_of);
            vec![
                Cell::from(account.name.clone()),
                Cell::from(account.owner.clone()),
                Cell::Money(account.arr),
                Cell::or_empty(started, |days| {
                    Cell::from(if days < 0 { format!("starts in {}", -days) } else { format!("day {days}") })
                }),
                piece::score(assessment.health.card.score()),
                Cell::or_empty(assessment.health.band(), |band| piece::band(Some(band))),
            ]
        });
        let columns = vec![
            Column::text("Account", 0),
            Column::text("Owner", 2),
            Column::figure("ARR", 1),
            Column::text("Since start", 0),
            Column::figure("Health", 0),
            Column::text("Band", 1),
        ];
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
        blocks.extend(view.remark(apart, "accounts"));
    }
    blocks.extend(piece::lifecycles(totals.onboarding, totals.churned, true));
    blocks
}
