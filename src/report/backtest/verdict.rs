//! What a backtest comes to, in words.

use super::signals::towards;
use super::{Backtested, alarmed, band_name};
use crate::evidence::{AccountCounts, Backtest, Direction, ENOUGH, Lives, SignalEvidence, Strength, Verdict};
use crate::report::document::{Cell, Line, Tone, line};
use crate::report::sentence::capitalised;
use crate::report::short_number;

/// So many metrics are named in a sentence.
const NAMED: usize = 5;
/// The early warning that the verdict tells of, by its position: 60 days.
const EARLY: usize = 1;

/// The sentences of the verdict, the plainest first.
pub(in crate::report) fn verdict(subject: Backtested<'_>) -> Vec<Line> {
    let backtest = subject.backtest;
    let on = backtest.sample.on;
    let name = on.label();
    let mut lines: Vec<Line> = subject.lives.and_then(doubtful_ids).into_iter().collect();
    lines.push(match backtest.verdict {
        Verdict::Withheld(accounts) if accounts.is_enough() => line![
            Cell::toned("No verdict: ", Tone::Caution),
            "the observations come from too few accounts, or from accounts whose scores hardly change from one date to the other, to tell \
             how sure the figures below are.",
        ],
        Verdict::Withheld(AccountCounts { churned, retained }) => line![
            Cell::toned("No verdict: ", Tone::Caution),
            Cell::Count(churned),
            if churned == 1 { " account left and " } else { " accounts left and " },
            Cell::Count(retained),
            format!(" stayed, and it takes at least {ENOUGH} of each. The figures below have wide intervals."),
        ],
        Verdict::NoEvidence => line![
            Cell::toned("No evidence: ", Tone::Bad),
            format!("{name} does not tell those who left from those who stayed better than chance does"),
            auc(subject),
        ],
        Verdict::Reversed => line![
            Cell::toned("Reversed: ", Tone::Bad),
            format!("those who left had the better {name} scores"),
            auc(subject),
        ],
        Verdict::Predicts(strength) => {
            let (word, tone) = match strength {
                Strength::Weak => ("weakly", Tone::Caution),
                Strength::Fair => ("fairly well", Tone::Good),
                Strength::Good => ("well", Tone::Good),
            };
            line![
                Cell::toned(format!("{} foretells {word} who leaves", capitalised(name)), tone),
                auc(subject),
            ]
        }
    });
    if matches!(backtest.verdict, Verdict::Withheld(_)) {
        return lines;
    }
    lines.extend(gravest(backtest));
    if !backtest.misordered.is_empty() {
        let pairs: Vec<String> = backtest
            .misordered
            .iter()
            .map(|(worse, better)| format!("{} no more often than {}", band_name(on, *worse), band_name(on, *better)))
            .collect();
        let text = format!("The bands are out of order: {} accounts left.", pairs.join(" and "));
        lines.push(Line::from(Cell::toned(text, Tone::Bad)));
    }
    if let Some(timing) = &backtest.timing {
        let caught = timing.caught[EARLY];
        if let Some(share) = caught.rate.share() {
            lines.push(line![
                Cell::Share(share),
                format!(" of those who left were {} {} days before.", alarmed(on), caught.days),
            ]);
        }
    }
    lines.extend(without_evidence(subject));
    lines.extend(reversed(subject));
    lines
}

/// The chance that the score puts the right one of two accounts first.
fn auc(subject: Backtested<'_>) -> Cell {
    let figures = &subject.backtest.ranking;
    match figures.auc.zip(figures.interval) {
        Some((auc, interval)) => Cell::Text(format!(" (AUC {auc:.2}, {:.2} to {:.2}).", interval.low, interval.high)),
        None => ".".into(),
    }
}

/// What the metrics are called that the model reads and that say nothing, whole dimensions together.
fn without_evidence(subject: Backtested<'_>) -> Option<Line> {
    let (models, backtest) = (subject.context.models, subject.backtest);
    let model = super::signals::model_of(models, backtest.sample.on);
    let read = || backtest.signals.iter().filter(|signal| signal.group.is_some());
    let silent: Vec<&SignalEvidence> = read().filter(|signal| signal.direction.is_none()).collect();
    if silent.is_empty() {
        return None;
    }
    let mut names: Vec<String> = Vec::new();
    if silent.len() == read().count() {
        return Some(Cell::toned("No metric of the model says anything on its own.", Tone::Caution).into());
    }
    for (position, group) in model.groups().iter().enumerate() {
        let of_group = |signal: &&SignalEvidence| signal.group == Some(position);
        let (all, quiet) = (read().filter(of_group).count(), silent.iter().copied().filter(of_group));
        let quiet: Vec<&SignalEvidence> = quiet.collect();
        if quiet.len() == all && all > 1 {
            names.push(format!("all metrics of {}", group.label.to_lowercase()));
        } else {
            names.extend(quiet.iter().map(|signal| models.schema.metric(signal.slot).label.clone()));
        }
    }
    let weight: f64 = silent.iter().filter_map(|signal| signal.weight).sum();
    let more = names.len().saturating_sub(NAMED);
    names.truncate(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    Some(line![
        format!("No evidence of their own: {}{more}, with ", names.join(", ")),
        Cell::Share(weight),
        " of the weight.",
    ])
}

/// That what follows rests on few of the outcomes.
pub(in crate::report) fn doubtful_ids(lives: &Lives) -> Option<Line> {
    lives.are_ids_doubtful().then(|| {
        let unknown = &lives.oddities.unknown;
        line![
            Cell::toned("Are the ids the same? ", Tone::Bad),
            Cell::Count(unknown.count),
            " of ",
            Cell::Count(lives.outcomes),
            format!(
                " outcomes are of customers that no snapshot has, such as {}: what follows rests on the others.",
                unknown.examples.iter().take(3).map(String::as_str).collect::<Vec<_>>().join(", ")
            ),
        ]
    })
}

/// How often those of the gravest band or tier left.
fn gravest(backtest: &Backtest) -> Option<Line> {
    let rate = backtest.bands[0].rate;
    let band = band_name(backtest.sample.on, 0);
    if rate.of < ENOUGH {
        let text = match rate.of {
            0 => format!("No observation was {band}."),
            of => format!("Few observations were {band}, {of} in all, of which {} left.", rate.hits),
        };
        return Some(Cell::toned(text, Tone::Caution).into());
    }
    let (rate, base) = (rate.share()?, backtest.sample.base_rate().filter(|base| *base > 0.0)?);
    let often = match short_number((rate / base * 10.0).round() / 10.0).as_str() {
        "0" => "hardly ever".to_owned(),
        "1" => "as often as all".to_owned(),
        times => format!("{times} times as often as all"),
    };
    Some(line![
        format!("{} accounts left {often}: ", capitalised(band)),
        Cell::Share(rate),
        " against ",
        Cell::Share(base),
        ".",
    ])
}

/// The metrics that speak against the model.
fn reversed(subject: Backtested<'_>) -> Option<Line> {
    let models = subject.context.models;
    let reversed = subject.backtest.signals.iter().filter(|signal| signal.is_reversed());
    let names: Vec<String> = reversed
        .map(|signal| {
            let values = match signal.direction {
                Some(Direction::Low) => "low",
                Some(Direction::High) | None => "high",
            };
            let auc = towards(signal).0.map_or_else(String::new, |auc| format!(", AUC {auc:.2}"));
            format!("{} (leavers are {values}{auc})", models.schema.metric(signal.slot).label)
        })
        .collect();
    (!names.is_empty())
        .then(|| Line::from(Cell::toned(format!("Against the model: {}.", names.join(", ")), Tone::Caution)))
}

/// A sentence as text: shares as whole percentages, other numbers with two decimals at most.
pub(in crate::report) fn plain(line: &Line) -> String {
    let text = |cell: &Cell| match cell {
        Cell::Text(text) | Cell::Toned(text, _) => text.clone(),
        Cell::Count(count) => count.to_string(),
        Cell::Share(share) => format!("{} %", short_number((share * 1000.0).round() / 10.0)),
        Cell::Number(number) | Cell::Score(number) | Cell::Money(number) => short_number(*number),
        Cell::Date(date) => date.to_string(),
        _ => String::new(),
    };
    line.0.iter().map(text).collect()
}
