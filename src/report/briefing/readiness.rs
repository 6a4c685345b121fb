//! Strategic accounts that lack what a business review cannot do without.

use crate::analysis::Briefing;
use crate::report::document::{Block, Cell, Column, Table, line};
use crate::report::piece::{self, View};
use crate::report::{Context, need_label};

/// The strategic accounts that are not ready for a review, each with what it lacks; nothing where that was not asked for.
pub(super) fn readiness<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Vec<Block<'a>> {
    let Some(readiness) = &briefing.readiness else { return Vec::new() };
    let unready = &readiness.unready;
    let mut blocks = vec![Block::Heading("Strategic accounts that are not ready for a review".into())];
    if readiness.strategic.accounts == 0 {
        blocks.push(Block::Text("No account is strategic by the rule in engagement.toml.".into()));
        return blocks;
    }
    let mut summary = line![Cell::Count(unready.len() as u64), " of "];
    summary
        .0
        .extend(piece::counted(readiness.strategic.accounts, "strategic account lacks", "strategic accounts lack").0);
    summary.push(" something that a business review cannot do without.");
    blocks.push(Block::Text(summary));
    if unready.is_empty() {
        return blocks;
    }
    let mut account = briefing.findings.blank_account();
    let rows = view.of(unready).iter().map(move |unready| {
        briefing.findings.account(unready.entry, &mut account);
        let lacking: Vec<String> = unready.lacking.iter().map(|need| need_label(context.models, *need)).collect();
        vec![
            Cell::from(account.name.clone()),
            Cell::from(account.owner.clone()),
            Cell::Money(account.arr),
            Cell::from(lacking.join(", ")),
        ]
    });
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Owner", 1),
        Column::figure("ARR", 0),
        Column::text("What is missing", 0),
    ];
    blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
    blocks.extend(view.remark(unready, "accounts"));
    blocks
}
