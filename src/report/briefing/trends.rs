//! Scores over a history: the portfolio, then whose fall is confirmed.

use crate::evidence::Course;
use crate::report::document::{Block, Table};
use crate::report::piece::View;
use crate::report::trend::{self, TrendFindings};

/// A heading, how the portfolio moved, and the accounts whose score fell or dipped.
pub(super) fn trends(findings: TrendFindings<'_>, view: View) -> Vec<Block<'_>> {
    let found = findings.found;
    let mut blocks = vec![Block::Heading("Trends".into())];
    blocks.extend(trend::summary(found));
    blocks.extend(trend::notes(findings));
    blocks.push(Block::Table(trend::portfolio(found)));
    let moved = |position: &&usize| {
        let course = found.accounts.get(**position).map(|account| account.course);
        matches!(course, Some(Course::Fall | Course::Dip))
    };
    // Falls come before dips in the order of the findings.
    let count = findings.listed.iter().take_while(moved).count();
    let listed = &findings.listed[..count];
    if listed.is_empty() {
        return blocks;
    }
    blocks.push(Block::Remark(trend::rule(found)));
    let Table { columns, rows } = trend::accounts(findings, view.of(listed));
    blocks.push(Block::Table(Table { columns, rows }));
    blocks.extend(view.remark(listed, "accounts"));
    blocks
}
