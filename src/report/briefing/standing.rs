//! Where a portfolio stands: health, segments, the last period, churn risk.

use crate::account::Profile;
use crate::analysis::{Band, Briefing, Compared};
use crate::engine::round1;
use crate::report::document::{Block, Cell, Column, Line, Table, Tone, line};
use crate::report::piece::{Setting, View};
use crate::report::{Context, churn, health, piece, short_number, signed};

/// Health by band and by segment, against benchmarks and the last period, and churn risk by tier.
pub(super) fn standing(context: &Context<'_>, briefing: &Briefing<'_>, view: View) -> Vec<Block<'static>> {
    let totals = briefing.findings.totals();
    let mut blocks = vec![Block::Heading("Where the portfolio stands".into())];
    // A page has the bands among its charts.
    let charted = view.setting != Setting::Alone;
    let health = health::standing(context, &totals.health).into_iter();
    blocks.extend(health.filter(|block| !(charted && matches!(block, Block::Bars(_)))));
    blocks.extend(last_period(&totals.health.compared).map(Block::Text));
    blocks.extend([Block::Table(segments(context, briefing)), Block::Subheading("Churn risk".into())]);
    blocks.extend(churn::standing(context, &totals.churn));
    blocks
}

/// The portfolio of now against that of the last period, over the accounts that have both.
fn last_period(compared: &Compared) -> Option<Line> {
    let (before, now) = compared.averages()?;
    let change = round1(now - before);
    let moved = if change < 0.0 { Tone::Bad } else { Tone::Good };
    let mut line = line!["Against the last period ("];
    line.0.extend(piece::counted(compared.all.accounts, "account with both scores", "accounts with both scores").0);
    line.0.extend([
        "): average ".into(),
        Cell::Score(before),
        " → ".into(),
        Cell::Score(now),
        " (".into(),
        Cell::toned(signed(change), if change == 0.0 { Tone::Plain } else { moved }),
        ")".into(),
    ]);
    for band in Band::ALL {
        let [before, now] = [compared.before, compared.now].map(|bands| bands[band as usize].accounts);
        line.0.extend([format!(", {} ", band.name()).into(), Cell::Count(before), " → ".into(), Cell::Count(now)]);
    }
    line.push(".");
    Some(line)
}

/// What a segment has against what is aimed at.
fn against(value: Option<f64>, with: Option<f64>) -> Cell {
    match (value, with) {
        (Some(value), Some(with)) => {
            let tone = if value >= with { Tone::Good } else { Tone::Caution };
            Cell::toned(format!("{value:.1} / {}", short_number(with)), tone)
        }
        (value, _) => Cell::or_empty(value, Cell::Score),
    }
}

/// Health by segment: accounts and ARR by band, and the averages against those of the field and of the last period.
fn segments(context: &Context<'_>, briefing: &Briefing<'_>) -> Table<'static> {
    let models = context.models;
    let totals = briefing.findings.totals();
    let some_are_not = totals.health.not_scored.accounts > 0;
    let rows: Vec<Vec<Cell>> = (0..)
        .map(Profile)
        .zip(&totals.health_by_segment)
        .filter(|(_, health)| health.all.accounts > 0)
        .map(|(profile, health)| {
            let benchmark = models.industry.health_of(profile);
            let counts = health.bands.map(|band| Cell::Count(band.accounts));
            let amounts = health.bands.map(|band| Cell::Money(band.arr));
            let mut row = vec![
                Cell::from(models.segments.label(profile)),
                Cell::Count(health.all.accounts),
                Cell::Money(health.all.arr),
            ];
            row.extend(counts);
            row.extend(some_are_not.then_some(Cell::Count(health.not_scored.accounts)));
            row.extend(amounts);
            row.push(against(health.average(), benchmark.map(|benchmark| benchmark.target)));
            row.push(Cell::or_empty(health.compared.averages(), |(before, now)| {
                Cell::from(format!("{before:.1} → {now:.1}"))
            }));
            row.push(against(health.median(), benchmark.map(|benchmark| benchmark.median)));
            row
        })
        .collect();
    let mut columns = vec![Column::text("Segment", 0), Column::figure("Accounts", 0), Column::figure("ARR", 0)];
    columns.extend(["Green", "Yellow", "Red"].map(|band| Column::figure(band, 1)));
    columns.extend(some_are_not.then(|| Column::figure("Not scored", 1)));
    columns.extend(["Green ARR", "Yellow ARR", "Red ARR"].map(|title| Column::figure(title, 5)));
    columns.extend([
        Column::figure("Average / target", 2),
        Column::figure("Last period", 3),
        Column::figure("Median / industry", 4),
    ]);
    Table::of(columns, rows)
}
