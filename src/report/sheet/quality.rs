//! What is missing or wrong in the data, a row per finding.

use super::super::Context;
use super::super::briefing::{Gap, gaps};
use super::super::document::{Cell, Tone};
use super::{Kind, Sheet, SheetColumn};
use crate::analysis::Findings;
use crate::intake::Problem;

const FINDINGS: Kind =
    Kind::Word(&[("error", Tone::Bad), ("warning", Tone::Caution), ("missing", Tone::Caution), ("note", Tone::Muted)]);

/// The problems of the data, then the metrics that accounts lack, those first whose absence costs the scores most. The findings must
/// have health and churn in scope.
pub fn quality<'a>(context: &Context<'_>, findings: &Findings<'_>) -> Sheet<'a> {
    let problems = &context.reading.problems;
    let listed = problems.errors().iter().chain(problems.warnings()).chain(problems.notes());
    let mut rows: Vec<Vec<Cell>> = listed.map(problem).collect();
    for (kind, count, listed) in [
        ("error", problems.error_count(), problems.errors().len()),
        ("warning", problems.warning_count(), problems.warnings().len()),
        ("note", problems.note_count(), problems.notes().len()),
    ] {
        let beyond = count.saturating_sub(listed as u64);
        if beyond > 0 {
            let text = format!("… and {beyond} more: csm validate lists them");
            rows.push(row(kind, [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty, text.into()]));
        }
    }
    rows.extend(missing(context, findings));
    let column = SheetColumn::new;
    let columns = vec![
        column("kind", "Kind", FINDINGS, "An error, a warning or a note of reading; or a metric that accounts lack."),
        column("customer_id", "Customer id", Kind::Text, "The customer, where it is about one."),
        column("field", "Field", Kind::Text, "The field or metric."),
        column("place", "Place", Kind::Text, "The file, with line and column or cell."),
        column("found", "Found", Kind::Prose, "What was found."),
        column("allowed", "Expected", Kind::Prose, "What is allowed; of a missing metric, what it is."),
        column("score", "Score", Kind::Text, "The score that the metric is read for."),
        column("weight", "Weight", Kind::Share, "The share of that score that rests on the metric."),
        column("accounts", "Accounts", Kind::Count, "The accounts that lack the metric."),
        column("share", "Share", Kind::Share, "Their share of all accounts."),
    ];
    Sheet { held: 1, ..Sheet::of("Data quality", columns, rows) }
}

fn row(kind: &str, cells: [Cell; 5]) -> Vec<Cell> {
    std::iter::once(kind.into()).chain(cells).chain([const { Cell::Empty }; 4]).collect()
}

fn problem(problem: &Problem) -> Vec<Cell> {
    let cells = [
        Cell::or_empty(problem.customer.as_deref(), Cell::from),
        super::field::text(&problem.field),
        Cell::from(problem.place()),
        super::field::text(&problem.found),
        Cell::from(problem.allowed.clone()),
    ];
    row(problem.severity.name(), cells)
}

/// The metrics that are absent or too old in some accounts.
fn missing(context: &Context<'_>, findings: &Findings<'_>) -> Vec<Vec<Cell>> {
    let row = |gap: Gap<'_>| {
        vec![
            "missing".into(),
            Cell::Empty,
            gap.path.into(),
            Cell::Empty,
            Cell::Empty,
            gap.label.into(),
            gap.score.key().into(),
            Cell::Share(gap.weight),
            Cell::Count(gap.accounts),
            Cell::Share(gap.share),
        ]
    };
    gaps(context, findings.totals()).into_iter().map(row).collect()
}
