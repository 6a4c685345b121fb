//! The portfolio by what its accounts have in common, with what to do first in each group.

use crate::analysis::{Band, Briefing, GROUP_RENEWAL_DAYS, Group};
use crate::report::document::{Block, Cell, Column, Table, Tone, line};
use crate::report::piece::{self, Setting, View};
use crate::report::{Context, sentence};

/// Accounts that each group names first.
const FIRST: usize = 3;

/// A table of the groups, and a section for each of them; nothing where no groups were asked for.
pub(super) fn groups<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Vec<Block<'a>> {
    let Some(grouped) = &briefing.grouped else { return Vec::new() };
    let shown = view.of(&grouped.groups);
    let mut blocks = vec![Block::Heading(format!("By {}", grouped.field))];
    if view.setting == Setting::Page && shown.len() < grouped.groups.len() {
        blocks.push(Block::Browse(table(&grouped.field, &grouped.groups)));
        blocks.push(Block::Remark(line![
            "What to do first, in the first ",
            Cell::Count(shown.len() as u64),
            " groups:"
        ]));
    } else {
        blocks.push(Block::Table(table(&grouped.field, shown)));
        blocks.extend(view.remark(&grouped.groups, "groups"));
    }
    for group in shown.iter().filter(|group| !group.urgent.is_empty()) {
        blocks.extend(section(&context, briefing, group));
    }
    blocks
}

fn name(group: &Group) -> Cell {
    if group.name.is_empty() { Cell::toned("unknown", Tone::Muted) } else { group.name.clone().into() }
}

fn table(field: &str, groups: &[Group]) -> Table<'static> {
    let rows: Vec<Vec<Cell>> = groups
        .iter()
        .map(|group| {
            let mut row = vec![name(group), Cell::Count(group.all.accounts), Cell::Money(group.all.arr)];
            row.extend(Band::ALL.map(|band| Cell::Count(group.band(band).accounts)));
            row.extend([
                Cell::or_empty(group.average(), Cell::Score),
                Cell::Money(group.at_risk.arr),
                Cell::Count(group.urgent.len() as u64),
                Cell::Count(group.renewals.accounts),
                Cell::Money(group.pipeline),
            ]);
            row
        })
        .collect();
    let mut columns = vec![Column::text(field, 0), Column::figure("Accounts", 0), Column::figure("ARR", 0)];
    columns.extend(["Green", "Yellow", "Red"].map(|band| Column::figure(band, 1)));
    columns.extend([
        Column::figure("Average", 1),
        Column::figure("ARR at risk", 0),
        Column::figure("To act on", 2),
        Column::figure(&format!("Renewals in {GROUP_RENEWAL_DAYS} days"), 3),
        Column::figure("Est. expansion", 4),
    ]);
    Table::of(columns, rows)
}

/// What to do first in a group.
fn section(context: &Context<'_>, briefing: &Briefing<'_>, group: &Group) -> [Block<'static>; 2] {
    let models = context.models;
    let mut heading = line![name(group), " · "];
    heading.0.extend(piece::counted(group.urgent.len() as u64, "account to act on", "accounts to act on").0);
    heading.0.extend([" of ".into(), Cell::Count(group.all.accounts), ", ARR at risk ".into()]);
    heading.push(Cell::Money(group.at_risk.arr));
    let first = piece::first(&group.urgent, Some(FIRST));
    let mut lines: Vec<_> = piece::each(&briefing.findings, first, |account, assessment| {
        let mut item = line![
            Cell::toned(account.name.clone(), Tone::Strong),
            format!(" ({}), ", account.id),
            piece::attention(assessment.attention()),
            ", ",
            Cell::Money(account.arr),
            ": ",
            sentence::reason(models, account, assessment),
            ".",
        ];
        if let Some(step) = sentence::next_step(models, account, assessment, context.as_of) {
            item.push(format!(" Next: {} (", step.action));
            item.0.extend(piece::who_by_when(&step).0);
            item.push(")");
        }
        item
    })
    .collect();
    if group.urgent.len() > first.len() {
        lines.push(line!["and ", Cell::Count((group.urgent.len() - first.len()) as u64), " more"]);
    }
    [Block::Subheading(heading), Block::List(lines)]
}
