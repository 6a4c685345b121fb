//! What was to be done for accounts by now, and is not.

use crate::analysis::Findings;
use crate::evidence::Overdue;
use crate::report::document::{Block, Cell, Column, Table};
use crate::report::piece::{self, Setting, View};
use crate::report::trend::of_cases;

/// The interventions that are overdue, those on the highest ARR first.
pub(super) fn overdue<'a>(findings: &'a Findings<'a>, overdue: &'a Overdue<'a>, view: View) -> Vec<Block<'a>> {
    let listed = overdue.interventions.as_slice();
    let mut blocks = vec![Block::Heading("Overdue interventions".into())];
    let mut line = piece::counted(overdue.pending, "pending intervention", "pending interventions");
    line.0.insert(0, "Of ".into());
    if listed.is_empty() {
        line.push(", none is overdue.");
    } else {
        line.0.extend([", ".into(), Cell::Count(listed.len() as u64), " overdue, on ".into()]);
        line.0.extend(piece::counted(overdue.accounts.accounts, "account", "accounts").0);
        line.0.extend([" with ARR ".into(), Cell::Money(overdue.accounts.arr), ".".into()]);
    }
    blocks.push(Block::Text(line));
    if !listed.is_empty() {
        let mut account = findings.blank_account();
        let rows = view.of(listed).iter().map(move |overdue| {
            findings.account(overdue.entry, &mut account);
            let intervention = overdue.intervention;
            vec![
                Cell::from(account.name.clone()),
                Cell::from(account.id.clone()),
                Cell::Money(account.arr),
                Cell::from(intervention.play.clone()),
                Cell::from(intervention.owner.clone()),
                Cell::from(intervention.status.name()),
                Cell::Date(intervention.date),
                Cell::from(overdue.days.to_string()),
            ]
        });
        let columns = vec![
            Column::text("Account", 0),
            Column::text("Id", 2),
            Column::figure("ARR", 0),
            Column::text("Play", 0),
            Column::text("Owner", 0),
            Column::text("Status", 1),
            Column::text("Due", 1),
            Column::figure("Days overdue", 0),
        ];
        blocks.push(Block::Table(Table { columns, rows: Box::new(rows) }));
        // On a page too, no other table has the rest.
        let setting = if view.setting == Setting::Page { Setting::CutPage } else { view.setting };
        blocks.extend(View { setting, ..view }.remark(listed, "interventions"));
    }
    if overdue.elsewhere.count > 0 {
        let label = "Overdue for customers not among these accounts".to_owned();
        blocks.push(Block::Facts(vec![(label, of_cases(&overdue.elsewhere))]));
    }
    blocks
}
