//! The tables of a backtest.

use super::{Backtested, alarmed, band_name, share};
use crate::analysis::{Band, Tier};
use crate::evidence::{ArrRetention, Backtest, Interval, On, RankingFigures, Rate, RetainedArr, TOP_SHARE};
use crate::report::document::{Block, Cell, Column, Line, Table, Tone, line};
use crate::report::piece;

/// The two ends of an interval.
fn ends(interval: Option<Interval>, cell: impl Fn(f64) -> Cell) -> [Cell; 2] {
    [
        Cell::or_empty(interval.map(|interval| interval.low), &cell),
        Cell::or_empty(interval.map(|interval| interval.high), &cell),
    ]
}

/// A figure of two decimals, all of them shown so that they stand in line.
pub(super) fn figure(value: Option<f64>) -> Cell {
    Cell::or_empty(value, |value| Cell::Text(format!("{value:.2}")).ordered_by(Some(value)))
}

/// A band with its tone.
pub(in crate::report) fn band(on: On, gravity: usize) -> Cell {
    Cell::toned(band_name(on, gravity), tone(on, gravity))
}

pub(super) fn tone(on: On, gravity: usize) -> Tone {
    match on {
        On::Health => piece::band_tone(Band::at(2_usize.saturating_sub(gravity))),
        On::Churn => piece::tier_tone(Tier::at(gravity)),
    }
}

/// How well the score ranks, of all and by segment.
pub(super) fn ranking(subject: Backtested<'_>) -> Vec<Block<'static>> {
    let Backtested { context, backtest, .. } = subject;
    let segments = &context.models.segments;
    let columns = vec![
        Column::text("Accounts", 0),
        Column::figure("Left", 1),
        Column::figure("Stayed", 1),
        Column::figure("AUC", 0),
        Column::figure("from", 0),
        Column::figure("to", 0),
        Column::figure("Average precision", 2),
        Column::figure("Lift of top 10 %", 0),
        Column::figure("at most", 2),
    ];
    let row = |name: &str, figures: &RankingFigures| {
        let [low, high] = ends(figures.interval, |end| figure(Some(end)));
        vec![
            name.into(),
            Cell::Count(figures.churned),
            Cell::Count(figures.retained),
            figure(figures.auc),
            low,
            high,
            figure(figures.average_precision),
            figure(figures.lift),
            figure(figures.ceiling),
        ]
    };
    let mut rows = vec![row("all", &backtest.ranking)];
    rows.extend(backtest.segments.iter().map(|(profile, figures)| row(segments.label(*profile), figures)));
    debug_assert_eq!(TOP_SHARE, 0.1, "the title of the column says so");
    vec![
        Block::Heading("Ranking".into()),
        Block::Remark(
            "AUC: of two accounts, one that left and one that stayed, how often the score puts the right one first; 0.5 is chance.".into(),
        ),
        Block::Table(Table::of(columns, rows)),
    ]
}

/// What each band held, and how many of it left.
pub(super) fn bands(subject: Backtested<'_>) -> Vec<Block<'static>> {
    let backtest = subject.backtest;
    let on = backtest.sample.on;
    let columns = vec![
        Column::text(if on == On::Health { "Band" } else { "Tier" }, 0),
        Column::figure("Observations", 0),
        Column::figure("ARR", 1),
        Column::figure("Left", 0),
        Column::figure("Churn rate", 0),
        Column::figure("from", 0),
        Column::figure("to", 0),
        Column::figure("of ARR", 1),
        Column::figure("of all who left", 0),
        Column::figure("of their ARR", 2),
    ];
    let rows = backtest.bands.iter().enumerate().map(|(gravity, figures)| {
        let [low, high] = ends(figures.rate.wilson(), Cell::Share);
        vec![
            band(on, gravity),
            Cell::Count(figures.rate.of),
            Cell::Money(figures.arr),
            Cell::Count(figures.rate.hits),
            share(figures.rate),
            low,
            high,
            Cell::or_empty(figures.rate_by_arr(), Cell::Share),
            share(figures.recall),
            Cell::or_empty(figures.recall_by_arr(), Cell::Share),
        ]
    });
    vec![Block::Heading("Bands".into()), Block::Table(Table::of(columns, rows.collect::<Vec<_>>()))]
}

/// Who was warned of in time, and who was not.
pub(super) fn timing(subject: Backtested<'_>, top: Option<usize>) -> Vec<Block<'static>> {
    let Backtested { history, backtest, .. } = subject;
    let Some(timing) = &backtest.timing else { return Vec::new() };
    let on = backtest.sample.on;
    let columns = vec![
        Column::text("Days before", 0),
        Column::figure("Who left and were seen", 0),
        Column::figure(alarmed(on), 0),
        Column::figure("Share", 0),
        Column::figure("from", 0),
        Column::figure("to", 0),
        Column::figure("Without a snapshot", 1),
    ];
    let rows = timing.caught.iter().map(|caught| {
        let [low, high] = ends(caught.rate.wilson(), Cell::Share);
        vec![
            Cell::Text(caught.days.to_string()),
            Cell::Count(caught.rate.of),
            Cell::Count(caught.rate.hits),
            share(caught.rate),
            low,
            high,
            Cell::Count(caught.without),
        ]
    });
    let mut blocks =
        vec![Block::Heading("Caught in time".into()), Block::Table(Table::of(columns, rows.collect::<Vec<_>>()))];
    let calm = band_name(on, on.bands() - 1);
    blocks.push(Block::Subheading(line![format!("Left although {calm} at the last look")]));
    if timing.missed.is_empty() {
        blocks.push(Block::Text(line!["Nobody left while ", calm, "."]));
        return blocks;
    }
    let mut summary = line![Cell::Count(timing.missed.len() as u64), " of ", Cell::Count(timing.seen)];
    summary.push(format!(" who left were {calm} at their last snapshot."));
    blocks.push(Block::Text(summary));
    let shown = piece::first(&timing.missed, top);
    let mut account = history.blank_account();
    let rows = shown.iter().map(|missed| {
        let snapshot = &history.snapshots()[missed.snapshot];
        let customer = missed.departure.customer;
        let name = if snapshot.read(customer, &mut account) { account.name.clone() } else { String::new() };
        vec![
            history.id(customer).into(),
            name.into(),
            Cell::Money(missed.arr),
            Cell::Score(missed.score.value),
            Cell::Date(snapshot.date),
            Cell::Date(missed.departure.end),
        ]
    });
    let columns = vec![
        Column::text("Customer", 0),
        Column::text("Name", 1),
        Column::figure("ARR", 0),
        Column::figure(if on == On::Health { "Health" } else { "Risk" }, 0),
        Column::text("Last look", 1),
        Column::text("Left", 0),
    ];
    let rows: Vec<Vec<Cell>> = rows.collect();
    blocks.push(Block::Table(Table::of(columns, rows)));
    if shown.len() < timing.missed.len() {
        blocks.push(Block::Remark(line![
            Cell::Count(shown.len() as u64),
            " shown; --top N shows more, --top all shows all.",
        ]));
    }
    blocks
}

/// Band rates as a forecast.
pub(super) fn forecast(backtest: &Backtest) -> Vec<Block<'static>> {
    let Some(forecast) = &backtest.forecast else { return Vec::new() };
    let judged = if forecast.is_out_of_time {
        "The churn rate of each band on the earlier dates as the forecast for the last one"
    } else {
        "The churn rate of each band as the forecast for the same accounts, which flatters it"
    };
    let mut line = line![format!("{judged}: Brier score "), format!("{:.3}", forecast.brier)];
    match forecast.skill {
        Some(skill) => line.0.extend([
            ", skill ".into(),
            Cell::Number(skill),
            " (0 is a forecast that knows the overall churn rate alone, 1 a perfect one).".into(),
        ]),
        None => line.push("."),
    }
    let mut blocks = vec![Block::Heading("As a forecast".into()), Block::Text(line)];
    if forecast.curve.is_empty() {
        blocks.push(Block::Remark(
            "A calibration curve takes 200 observations that left and 200 that stayed; the bands above have to do."
                .into(),
        ));
        return blocks;
    }
    let columns = vec![
        Column::text("Score", 0),
        Column::figure("Observations", 1),
        Column::figure("Left", 0),
        Column::figure("Churn rate", 0),
        Column::figure("from", 0),
        Column::figure("to", 0),
    ];
    let rows = forecast.curve.iter().map(|group| {
        let [low, high] = ends(group.rate.wilson(), Cell::Share);
        vec![
            Cell::Text(format!("{:.1} to {:.1}", group.from, group.to)),
            Cell::Count(group.rate.of),
            Cell::Count(group.rate.hits),
            share(group.rate),
            low,
            high,
        ]
    });
    blocks.push(Block::Table(Table::of(columns, rows.collect::<Vec<_>>())));
    blocks
}

/// What became of ARR.
pub(super) fn retention(backtest: &Backtest) -> Vec<Block<'static>> {
    let Some(ArrRetention { bands, all }) = &backtest.retention else { return Vec::new() };
    if all.observations == 0 {
        return Vec::new();
    }
    let on = backtest.sample.on;
    let columns = vec![
        Column::text(if on == On::Health { "Band" } else { "Tier" }, 0),
        Column::figure("Observations", 2),
        Column::figure("ARR at the start", 0),
        Column::figure("Churn", 1),
        Column::figure("Contraction", 1),
        Column::figure("Expansion", 1),
        Column::figure("GRR", 0),
        Column::figure("NRR", 0),
    ];
    let row = |name: Cell, arr: &RetainedArr| {
        vec![
            name,
            Cell::Count(arr.observations),
            Cell::Money(arr.start),
            Cell::Money(arr.churn),
            Cell::Money(arr.contraction),
            Cell::Money(arr.expansion),
            Cell::or_empty(arr.grr(), Cell::Share),
            Cell::or_empty(arr.nrr(), Cell::Share),
        ]
    };
    let mut rows: Vec<Vec<Cell>> = bands.iter().enumerate().map(|(gravity, arr)| row(band(on, gravity), arr)).collect();
    rows.push(row("all".into(), all));
    vec![
        Block::Heading(format!("Retention over {} days", backtest.sample.horizon)),
        Block::Table(Table::of(columns, rows)),
    ]
}

/// Treated against untreated.
pub(super) fn treatment(backtest: &Backtest) -> Vec<Block<'static>> {
    let Some(treatment) = &backtest.treatment else { return Vec::new() };
    let on = backtest.sample.on;
    let columns = vec![
        Column::text(if on == On::Health { "Band" } else { "Tier" }, 0),
        Column::figure("Treated", 0),
        Column::figure("left", 0),
        Column::figure("from", 1),
        Column::figure("to", 1),
        Column::figure("Untreated", 0),
        Column::figure("left", 0),
        Column::figure("from", 1),
        Column::figure("to", 1),
    ];
    let cells = |rate: &Rate| {
        let [low, high] = ends(rate.wilson(), Cell::Share);
        [Cell::Count(rate.of), share(*rate), low, high]
    };
    let row = |name: Cell, (treated, untreated): &(Rate, Rate)| {
        std::iter::once(name).chain(cells(treated)).chain(cells(untreated)).collect::<Vec<Cell>>()
    };
    let mut rows: Vec<Vec<Cell>> =
        treatment.bands.iter().enumerate().map(|(gravity, rates)| row(band(on, gravity), rates)).collect();
    rows.push(row(alarmed(on).into(), &treatment.alarmed));
    vec![
        Block::Heading("Treated and untreated".into()),
        Block::Remark(Line::from(format!(
            "Treated: an intervention was begun or done within the {} days. A treated account that stayed may be a saved one, so it is no false alarm of {}; \
             and teams treat whom they hope to keep, so the difference is not the effect of the treatment alone.",
            backtest.sample.horizon,
            on.label(),
        ))),
        Block::Table(Table::of(columns, rows)),
    ]
}
