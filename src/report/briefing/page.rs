//! The briefing with room for pictures: figures and charts before it, all accounts behind it.

use super::super::Context;
use super::super::document::Document;
use super::super::piece::{Setting, View};
use super::accounts::accounts;
use super::averages::Averages;
use super::{Past, briefing_over_time, charts};
use crate::analysis::Briefing;

/// The briefing, opened by its key figures and charts and closed by a table of all accounts. The view cuts the lists of the briefing,
/// `table` the table.
pub fn briefing_page<'a>(context: Context<'a>, of: &'a Briefing<'a>, view: View, table: View) -> Document<'a> {
    briefing_page_over_time(context, of, Past::default(), view, table)
}

/// The same with what is known of the days before.
pub fn briefing_page_over_time<'a>(
    context: Context<'a>,
    of: &'a Briefing<'a>,
    past: Past<'a>,
    view: View,
    table: View,
) -> Document<'a> {
    if of.findings.listed().is_empty() {
        return briefing_over_time(context, of, past, view);
    }
    let setting = if table.top.is_none() { Setting::Page } else { Setting::CutPage };
    let document = briefing_over_time(context, of, past, View { setting, ..view });
    let averages = Averages::of(&context, &of.findings);
    let opening = charts::at_a_glance(&context, of, &averages);
    let closing = accounts(context, of, averages, table);
    Document { blocks: Box::new(opening.into_iter().chain(document.blocks).chain(closing)), ..document }
}
