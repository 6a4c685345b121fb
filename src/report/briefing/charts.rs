//! The key figures of a briefing, and its charts.

use super::super::chart::{Chart, Figure, Gauge, Legend, Map, Mark, Part, Point, Profile, Timeline, Whole};
use super::super::document::{Bar, Bars, Block, Cell, Column, Line, Tile, Tone, line};
use super::super::{Context, piece, sentence};
use super::averages::Averages;
use super::retention;
use crate::account::{self, Entry};
use crate::analysis::{
    Assessment, Attention, Band, Briefing, Outlook, Play, RENEWAL_WINDOW_DAYS, RenewalWindow, RetentionOutlook, Tally,
    Totals, UpcomingRenewal,
};

/// A map of more points than this shows nothing (our choice): it leaves out those with the least ARR.
const MOST_POINTS: usize = 2_000;

/// Key figures, then charts.
pub(super) fn at_a_glance(context: &Context<'_>, briefing: &Briefing<'_>, averages: &Averages) -> Vec<Block<'static>> {
    let totals = briefing.findings.totals();
    let mut blocks = vec![Block::Heading("At a glance".into()), Block::Tiles(tiles(context, briefing))];
    let charts = [
        (totals.health.scored.accounts > 0).then(|| bands(totals)),
        (totals.expansion.total.plays > 0).then(|| expansion(context, totals)),
        map(briefing),
        timeline(context, briefing),
        profiles(context, totals, averages),
    ];
    blocks.extend(charts.into_iter().flatten().map(Block::Chart));
    blocks
}

fn tiles(context: &Context<'_>, briefing: &Briefing<'_>) -> Vec<Tile> {
    let totals = briefing.findings.totals();
    let tile = |label: &str, value: Cell, note: Line, tone: Tone| Tile { label: label.to_owned(), value, note, tone };
    let mut owned = Line::default();
    if totals.onboarding.accounts > 0 {
        owned = line![Cell::Count(totals.onboarding.accounts), " more onboarding"];
    }
    let mut tiles = vec![
        tile("Accounts", Cell::Count(totals.all.accounts), owned, Tone::Plain),
        tile("ARR", Cell::Money(totals.all.arr), Line::default(), Tone::Plain),
    ];
    if let Some(average) = totals.health.average() {
        let by_arr = totals.health.average_by_arr();
        let note = by_arr.map_or_else(Line::default, |by_arr| line![Cell::Score(by_arr), " weighted by ARR"]);
        tiles.push(tile("Average health", Cell::Score(average), note, Tone::Plain));
    }
    let churn = &totals.churn;
    if churn.scored.arr > 0.0 {
        let share = Cell::Share(churn.arr_at_risk / churn.scored.arr);
        let tone = if churn.arr_at_risk > 0.0 { Tone::Bad } else { Tone::Good };
        tiles.push(tile("ARR at risk", Cell::Money(churn.arr_at_risk), line![share, " of ARR"], tone));
    }
    let renewals = briefing.widest_window().renewals;
    let note = line!["ARR ", Cell::Money(renewals.arr)];
    let label = format!("Renewals, {RENEWAL_WINDOW_DAYS} days");
    tiles.push(tile(&label, Cell::Count(renewals.accounts), note, Tone::Plain));
    if let Some(retention) = retention(context, briefing) {
        tiles.extend(retained(&retention, tile));
        let goal = context.models.expansion.coverage_goal;
        let note = retention.pipeline_coverage.map_or_else(
            || Line::from("to propose, an estimate"),
            |coverage| line![Cell::Share(coverage), " of the NRR target, goal ", Cell::Share(goal)],
        );
        let tone = retention.pipeline_coverage.map_or(Tone::Plain, |coverage| against(coverage, goal));
        tiles.push(tile("Expansion pipeline", Cell::Money(totals.pipeline.base), note, tone));
    }
    tiles
}

fn retained(retention: &RetentionOutlook, tile: impl Fn(&str, Cell, Line, Tone) -> Tile) -> [Tile; 2] {
    let rate = |label: &str, outlook: Outlook, field: Option<f64>| {
        let mut note = line![Cell::Share(outlook.low), " to ", Cell::Share(outlook.high)];
        if let Some(field) = field {
            note.push(" · field ");
            note.push(Cell::Share(field));
        }
        tile(label, Cell::Share(outlook.base), note, field.map_or(Tone::Plain, |field| against(outlook.base, field)))
    };
    [
        rate("GRR, next 12 months", retention.grr, retention.field.map(|field| field.grr)),
        rate("NRR, next 12 months", retention.nrr, retention.field.map(|field| field.nrr)),
    ]
}

fn against(value: f64, goal: f64) -> Tone {
    if value >= goal { Tone::Good } else { Tone::Caution }
}

/// The bands of health by accounts and by ARR.
fn bands(totals: &Totals) -> Chart {
    let scored = totals.health.scored;
    let share = |part: f64, all: f64| if all > 0.0 { part / all } else { 0.0 };
    let whole = |label: &str, figure: fn(Tally) -> f64, cell: fn(Tally) -> Cell| Whole {
        label: label.to_owned(),
        parts: Band::ALL
            .into_iter()
            .map(|band| Part {
                label: sentence::capitalised(band.name()),
                value: cell(totals.band(band)),
                share: share(figure(totals.band(band)), figure(scored)),
                tone: piece::band_tone(band),
            })
            .collect(),
    };
    let mut summary = Line::default();
    for (position, band) in Band::ALL.into_iter().enumerate() {
        let tally = totals.band(band);
        summary.push(if position == 0 { "" } else { ", " });
        summary.push(Cell::Share(share(tally.arr, scored.arr)));
        summary.push(format!(" of ARR {}", band.name()));
    }
    summary.push(".");
    Chart {
        title: "Health by band".into(),
        summary,
        figure: Figure::Shares(vec![
            whole("Accounts", |tally| tally.accounts as f64, |tally| Cell::Count(tally.accounts)),
            whole("ARR", |tally| tally.arr, |tally| Cell::Money(tally.arr)),
        ]),
    }
}

/// Health against churn risk; `None` where no account has both.
fn map(briefing: &Briefing<'_>) -> Option<Chart> {
    let findings = &briefing.findings;
    let mut places: Vec<(f64, Entry)> = Vec::new();
    let mut urgent = 0;
    piece::each(findings, findings.listed(), |account, assessment| {
        let scores = assessment.health.card.score().zip(assessment.churn.card.score());
        urgent += u64::from(scores.is_some() && assessment.attention() <= Attention::High);
        scores.map(|_| account.arr)
    })
    .zip(findings.listed())
    .for_each(|(arr, entry)| places.extend(arr.map(|arr| (arr, *entry))));
    if places.is_empty() {
        return None;
    }
    let all = places.len();
    places.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    places.truncate(MOST_POINTS);
    let entries: Vec<Entry> = places.into_iter().map(|(_, entry)| entry).collect();
    let points = piece::each(findings, &entries, |account, assessment| {
        let (health, risk) = assessment.health.card.score().zip(assessment.churn.card.score())?;
        Some(Point {
            about: line![
                account.name.clone(),
                " · health ",
                Cell::Score(health),
                " · churn risk ",
                Cell::Score(risk),
                " · ARR ",
                Cell::Money(account.arr),
            ],
            across: health,
            up: risk,
            size: account.arr,
            tone: match assessment.attention() {
                Attention::Critical | Attention::High => Tone::Bad,
                Attention::Medium => Tone::Caution,
                Attention::Low => Tone::Good,
                Attention::NotScored => Tone::Muted,
            },
        })
    });
    let points: Vec<Point> = points.flatten().collect();
    let mut summary = piece::counted(all as u64, "account", "accounts");
    summary.push(" by health and churn risk, ARR as size; ");
    summary.push(Cell::Count(urgent));
    summary.push(if urgent == 1 { " asks" } else { " ask" });
    summary.push(" for critical or high attention.");
    if points.len() < all {
        summary.push(" Shown are the ");
        summary.push(Cell::Count(MOST_POINTS as u64));
        summary.push(" with the highest ARR.");
    }
    let legend =
        [(Tone::Bad, "Critical or high attention"), (Tone::Caution, "Medium attention"), (Tone::Good, "Low attention")];
    let figure = Figure::Map(Map {
        across: "Health".into(),
        up: "Churn risk".into(),
        corners: ["Unhealthy, at risk", "Healthy, at risk", "Unhealthy, quiet", "Healthy, safe"].map(str::to_owned),
        legend: named(&legend),
        points,
    });
    Some(Chart { title: "Health against churn risk".into(), summary, figure })
}

fn named(legend: &[(Tone, &str)]) -> Legend {
    legend.iter().map(|(tone, label)| (*tone, (*label).to_owned())).collect()
}

/// The renewals that lie ahead, each as a mark.
fn marks(ahead: &[UpcomingRenewal], briefing: &Briefing<'_>) -> Vec<Mark> {
    let findings = &briefing.findings;
    let mut account = findings.blank_account();
    let mut assessment = Assessment::default();
    let mark = |renewal: &UpcomingRenewal| {
        findings.read(renewal.entry, &mut account, &mut assessment);
        let (tier, day) = (assessment.churn.tier(), renewal.decided);
        let about = line![
            account.name.clone(),
            " · ARR ",
            Cell::Money(account.arr),
            " · churn risk ",
            piece::tier(tier),
            " · decided ",
            Cell::Date(day),
        ];
        Mark { about, day, amount: account.arr, tone: tier.map_or(Tone::Muted, piece::tier_tone) }
    };
    ahead.iter().map(mark).collect()
}

/// The renewals that lie ahead; `None` where there are none.
fn timeline(context: &Context<'_>, briefing: &Briefing<'_>) -> Option<Chart> {
    let overdue = briefing.renewals.partition_point(|renewal| renewal.decided < context.as_of);
    let marks = marks(&briefing.renewals[overdue..], briefing);
    if marks.is_empty() {
        return None;
    }
    let RenewalWindow { renewals: all, at_risk, .. } = briefing.widest_window();
    let mut summary = piece::counted(all.accounts, "renewal", "renewals");
    summary.push(", ARR ");
    summary.push(Cell::Money(all.arr));
    summary.push("; of these ");
    summary.push(Cell::Count(at_risk.accounts));
    summary.push(", ARR ");
    summary.push(Cell::Money(at_risk.arr));
    summary.push(", at critical or high churn risk.");
    if overdue > 0 {
        summary.push(" Not shown: ");
        summary.0.extend(piece::counted(overdue as u64, "contract", "contracts").0);
        summary.push(" past the end.");
    }
    let legend = [
        (Tone::Bad, "Critical or high churn risk"),
        (Tone::Caution, "Medium"),
        (Tone::Good, "Low"),
        (Tone::Muted, "Not scored"),
    ];
    let mut legend = named(&legend);
    legend.retain(|(tone, _)| marks.iter().any(|mark| mark.tone == *tone));
    let to = context.as_of + chrono::Days::new(RENEWAL_WINDOW_DAYS.unsigned_abs());
    let figure = Figure::Timeline(Timeline { from: context.as_of, to, legend, marks });
    Some(Chart { title: format!("Renewals by the day they are decided, {RENEWAL_WINDOW_DAYS} days"), summary, figure })
}

/// Estimated revenue by play.
fn expansion(context: &Context<'_>, totals: &Totals) -> Chart {
    let all = &totals.expansion;
    let most = Play::ALL.into_iter().map(|play| all.play(play).revenue).fold(0.0, f64::max);
    let columns = vec![Column::text("Play", 0), Column::figure("Est. revenue", 0), Column::figure("Plays", 0)];
    let bars = Play::ALL.into_iter().filter(|play| all.play(*play).plays > 0).map(|play| {
        let tally = all.play(play);
        Bar {
            label: Cell::from(context.models.wording.plays[play.index()].label.clone()),
            share: if most > 0.0 { tally.revenue / most } else { 0.0 },
            tone: Tone::Plain,
            figures: vec![Cell::Money(tally.revenue), Cell::Count(tally.plays)],
        }
    });
    let summary = line![
        Cell::Money(all.total.revenue),
        " a year if all plays were won, an estimate; ",
        Cell::Money(totals.pipeline.base),
        " to propose now, without double counting.",
    ];
    Chart { title: "Expansion by play".into(), summary, figure: Figure::Bars(Bars { columns, bars: bars.collect() }) }
}

/// The dimensions of each segment against those of all; `None` where nothing is scored.
fn profiles(context: &Context<'_>, totals: &Totals, averages: &Averages) -> Option<Chart> {
    let models = context.models;
    let dimensions = models.health.model.groups();
    let segments = (0..).map(account::Profile).zip(&totals.health_by_segment);
    let profiles = segments.filter(|(_, health)| health.scored.accounts > 0).map(|(profile, _)| Profile {
        label: models.segments.label(profile).to_owned(),
        gauges: dimensions
            .iter()
            .enumerate()
            .map(|(position, dimension)| {
                let gauge = Gauge { score: averages.of_segment(profile, position), mark: averages.of_all(position) };
                (dimension.label.clone(), gauge)
            })
            .collect(),
    });
    let profiles: Vec<Profile> = profiles.collect();
    (!profiles.is_empty()).then(|| Chart {
        title: "Dimensions of health by segment".into(),
        summary: "The mean score of each segment; the line across a bar is the mean of all accounts, and the small figure how far the \
                  segment is from it."
            .into(),
        figure: Figure::Profiles(profiles),
    })
}
