//! The three analyses joined, for people.

mod accounts;
mod actions;
mod averages;
mod charts;
mod gaps;
mod groups;
mod growth;
mod onboarding;
mod outlook;
mod overdue;
mod page;
mod readiness;
mod renewals;
mod standing;
mod trends;

use super::Context;
use super::difference::{self, Comparison};
use super::document::{Block, Document};
use super::note;
use super::piece::View;
use super::trend::TrendFindings;
use crate::analysis::Briefing;
use crate::evidence::Overdue;

pub(super) use gaps::{Gap, gaps};
pub(super) use outlook::retention;
pub use page::{briefing_page, briefing_page_over_time};

/// Where the portfolio stands, what to do first, what renews, what to propose, and what to be careful with.
pub fn briefing<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, view: View) -> Document<'a> {
    briefing_over_time(context, briefing, Past::default(), view)
}

/// What is known of the days before, as far as it was read.
#[derive(Debug, Clone, Copy, Default)]
pub struct Past<'a> {
    /// How the scores moved over a history.
    pub trends: Option<TrendFindings<'a>>,
    /// What changed since the last period.
    pub changes: Option<Comparison<'a>>,
    /// What was to be done by now.
    pub overdue: Option<&'a Overdue<'a>>,
}

/// The same with what is known of the days before.
pub fn briefing_over_time<'a>(
    context: Context<'a>,
    briefing: &'a Briefing<'a>,
    past: Past<'a>,
    view: View,
) -> Document<'a> {
    let findings = &briefing.findings;
    let overdue_section = past.overdue.into_iter().flat_map(|of| overdue::overdue(findings, of, view));
    let mut blocks: Vec<Block<'a>> = Vec::new();
    if findings.totals().all.accounts == 0 {
        blocks.push(Block::Text("No account to report on.".into()));
        blocks.extend(overdue_section);
    } else {
        blocks.extend(standing::standing(&context, briefing, view));
        blocks.extend(past.changes.into_iter().flat_map(|changes| difference::section(changes, view)));
        blocks.extend(past.trends.into_iter().flat_map(|findings| trends::trends(findings, view)));
        blocks.extend(outlook::outlook(&context, briefing));
        blocks.extend(actions::what_to_do_first(&context, briefing, view));
        blocks.extend(overdue_section);
        blocks.extend(actions::false_greens(context, briefing, view));
        blocks.extend(renewals::renewals(context, briefing, view));
        blocks.extend(growth::proposals(context, briefing, view));
        blocks.extend(readiness::readiness(context, briefing, view));
        blocks.extend(groups::groups(context, briefing, view));
    }
    blocks.extend(onboarding::onboarding(context, findings, view));
    blocks.extend(gaps::section(&context, findings.totals()));
    blocks.extend(note::notes(&context, briefing));
    Document {
        title: format!("Portfolio briefing as of {} · {}", context.as_of, context.source),
        masthead: context.masthead("Portfolio briefing"),
        currency: context.currency(),
        blocks: Box::new(blocks.into_iter()),
    }
}
