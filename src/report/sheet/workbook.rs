//! Which sheets make up the workbook of a command.

use chrono::NaiveDate;

use super::super::Context;
use super::super::document::Currency;
use super::{Sheet, accounts, churn, expansion, health, model, quality, renewals, summary, warnings};
use crate::analysis::{Briefing, Findings};

/// Sheets that belong together.
pub struct Workbook<'a> {
    /// What it is.
    pub title: String,
    /// The date that stood for today.
    pub as_of: NaiveDate,
    /// The currency of all amounts.
    pub currency: Currency,
    /// The sheets, in order; their names differ.
    pub sheets: Vec<Sheet<'a>>,
}

impl<'a> Workbook<'a> {
    fn of(context: &Context<'_>, title: &str, sheets: Vec<Sheet<'a>>) -> Self {
        let title = format!("{title} as of {} · {}", context.as_of, context.source);
        Self { title, as_of: context.as_of, currency: context.currency(), sheets }
    }
}

/// The workbook of a briefing; `top` limits the accounts of each sheet.
pub fn briefing<'a>(context: Context<'a>, briefing: &'a Briefing<'a>, top: Option<usize>) -> Workbook<'a> {
    let findings = &briefing.findings;
    let sheets = vec![
        summary(&context, briefing),
        accounts(context, briefing, top),
        health(context, findings, top),
        churn(context, findings, top),
        warnings(context, findings, top),
        expansion(context, findings, top),
        renewals(context, briefing, top),
        quality(&context, findings),
        model(&context),
    ];
    Workbook::of(&context, "Portfolio briefing", sheets)
}

/// The workbook of a health report. The findings must have health in scope.
pub fn health_workbook<'a>(context: Context<'a>, findings: &'a Findings<'a>, top: Option<usize>) -> Workbook<'a> {
    Workbook::of(&context, "Customer health", vec![health(context, findings, top), model(&context)])
}

/// The workbook of a churn report. The findings must have churn in scope.
pub fn churn_workbook<'a>(context: Context<'a>, findings: &'a Findings<'a>, top: Option<usize>) -> Workbook<'a> {
    let sheets = vec![churn(context, findings, top), warnings(context, findings, top), model(&context)];
    Workbook::of(&context, "Churn risk", sheets)
}

/// The workbook of an expansion report. The findings must have expansion in scope.
pub fn expansion_workbook<'a>(context: Context<'a>, findings: &'a Findings<'a>, top: Option<usize>) -> Workbook<'a> {
    Workbook::of(&context, "Expansion", vec![expansion(context, findings, top), model(&context)])
}
