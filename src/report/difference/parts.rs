//! What moved a score over the whole portfolio.

use super::super::document::{Block, Cell, Column, Table, Tone, line};
use super::super::piece::{Good, counted};
use super::reason::label;
use super::{Comparison, OfScore, change};
use crate::engine::Hundredths;

/// What a change means, where one end of the score is the good one.
pub(super) fn tone(good: Good, points: f64) -> Tone {
    if points == 0.0 {
        Tone::Plain
    } else if (points > 0.0) == (good == Good::High) {
        Tone::Good
    } else {
        Tone::Bad
    }
}

/// A row of what moved the mean score.
struct Row {
    cells: [Cell; 2],
    points: Hundredths,
    coverage: Hundredths,
    accounts: Option<(u64, u64)>,
}

/// What moved the mean of a score, the largest first; nothing where no account is scored on both days.
pub(super) fn of_portfolio(comparison: &Comparison<'_>, of: OfScore<'_>) -> Vec<Block<'static>> {
    let OfScore { score, model, totals } = of;
    let models = comparison.now.models;
    if totals.compared.accounts == 0 {
        return Vec::new();
    }
    let parts = &totals.parts;
    let signals = parts.change.data.iter().zip(&parts.change.coverage).zip(&totals.signals).enumerate();
    let mut rows: Vec<Row> = signals
        .map(|(signal, ((data, coverage), accounts))| {
            let group = model.signals().get(signal).map_or("", |name| &model.groups()[name.group].label);
            Row {
                cells: [label(models, model, signal).into(), group.into()],
                points: *data + *coverage,
                coverage: *coverage,
                accounts: Some((accounts.up, accounts.down)),
            }
        })
        .collect();
    for (name, points) in [
        ("Another model", parts.model),
        ("Another segment", parts.segment),
        ("Nearness of the renewal", parts.change.multiplier),
        ("Rounding and limits", parts.change.rest),
    ] {
        let cells = [Cell::toned(name, Tone::Muted), Cell::Empty];
        rows.push(Row { cells, points, coverage: Hundredths(0), accounts: None });
    }
    rows.retain(|row| row.points.0 != 0 || row.accounts.is_some_and(|accounts| accounts != (0, 0)));
    let heading = Block::Heading(format!("What moved {}", score.label()));
    if rows.is_empty() {
        return vec![heading, Block::Text("Nothing did.".into())];
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.points.0.unsigned_abs()));
    let covered = rows.iter().any(|row| row.coverage.0 != 0);
    let mut columns = vec![Column::text("Cause", 0), Column::text("Part", 3), Column::figure("Points", 0)];
    columns.extend(covered.then(|| Column::figure("Of these, data coming or going", 2)));
    columns.extend(["Accounts up", "Accounts down"].map(|title| Column::figure(title, 1)));
    let mean = |points: Hundredths| {
        let mean = totals.mean(points);
        let shown = signed_mean(mean);
        // What rounds to nothing is neither good nor bad.
        let mean = if shown == NO_POINTS { 0.0 } else { mean };
        change(score.good(), mean, shown)
    };
    let rows: Vec<Vec<Cell>> = rows
        .into_iter()
        .map(|row| {
            let points = mean(row.points);
            let coverage = covered.then(|| if row.coverage.0 == 0 { Cell::Empty } else { mean(row.coverage) });
            let accounts = match row.accounts {
                Some((up, down)) => [up, down].map(Cell::Count),
                None => [Cell::Empty, Cell::Empty],
            };
            row.cells.into_iter().chain([points]).chain(coverage).chain(accounts).collect()
        })
        .collect();
    let mut remark = line!["Points of the mean score over "];
    remark.0.extend(counted(totals.compared.accounts, "account", "accounts").0);
    remark.push(" scored on both days; all rows together are its change.");
    vec![heading, Block::Remark(remark), Block::Table(Table::of(columns, rows))]
}

/// A mean that is nothing, as far as its digits go.
const NO_POINTS: &str = "±0.00";

/// A mean of points with its sign, two decimals.
fn signed_mean(points: f64) -> String {
    let shown = format!("{points:+.2}");
    if matches!(shown.as_str(), "+0.00" | "-0.00") { NO_POINTS.to_owned() } else { shown }
}
