//! The charts of a backtest, from made-up accounts of which it is known who left.

#[expect(dead_code, reason = "only the shipped models are needed here")]
mod portfolio;

use std::num::NonZeroUsize;

use chrono::NaiveDate;
use csm::account::Book;
use csm::analysis::Scope;
use csm::config::Models;
use csm::engine::Slot;
use csm::evidence::{Backtest, History, On, Sample, Subject};
use csm::intake::{self, Needs, Options, Reading, Source};
use csm::render::{html, markdown};
use csm::report::document::{Block, Line};
use csm::report::{Backtested, Context, backtest};
use csm::workers::Threads;
use serde_json::{Value, json};

use portfolio::shipped;

fn as_of() -> NaiveDate {
    "2026-06-30".parse().expect("a day")
}

/// Numbers of 0–99 that look random and are the same each time.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % 100
    }
}

/// Accounts of which those that log in rarely leave more often, though nothing else tells them from the others.
fn portfolio(count: u64) -> (String, Vec<bool>) {
    let mut numbers = Numbers(7);
    let mut left = Vec::new();
    let customers: Vec<Value> = (0..count)
        .map(|number| {
            let logins = numbers.next();
            left.push(numbers.next() < 45_u64.saturating_sub(logins / 2));
            json!({
                "customer_id": format!("C-{number}"),
                "name": format!("<Made & up {number}>"),
                "arr": 10_000 + 1_000 * numbers.next(),
                "usage": { "login_frequency": logins, "feature_adoption": numbers.next() },
                "engagement": { "meeting_attendance": numbers.next(), "nps_score": numbers.next() / 10 },
                "support": { "open_tickets": numbers.next() / 10 },
                "relationship": { "multi_threading_depth": numbers.next() / 12 },
            })
        })
        .collect();
    (json!({ "customers": customers }).to_string(), left)
}

/// A backtest of accounts, and what is made of it.
fn with_backtest<T>(on: On, count: u64, left: impl Fn(bool) -> bool, make: impl FnOnce(Backtested<'_>) -> T) -> T {
    let models: Models = shipped();
    let (text, labels) = portfolio(count);
    let slots = (0..).map(Slot).take(models.schema.metrics().len()).collect();
    let needs = Needs { slots, ..Needs::default() };
    let options = Options::new(&models.schema, &models.segments, &needs, as_of());
    let mut book = Book::default();
    let source = Source::new("portfolio.json", text.as_bytes());
    let reading: Reading =
        intake::read(vec![source], &options, &mut |account| _ = book.push(account)).expect("text can be read");
    assert_eq!(reading.records, count, "{:?}", reading.problems.errors());
    let mut history = History::new(&models.schema);
    assert!(history.add(as_of(), "portfolio.json".to_owned(), book).is_ok(), "the only day");
    let threads = Threads::new(NonZeroUsize::MIN);
    let assessor = models.assessor(as_of(), Scope { health: true, churn: true, expansion: false });
    let points = history.points(&assessor, threads);
    let labelled = points[0].iter().map(|point| (*point, left(labels[point.customer.index()])));
    let sample = Sample::of_labels(on, as_of(), labelled);
    let subject =
        Subject { history: &history, points: &points, lives: None, schema: &models.schema, assessor: &assessor };
    let found = Backtest::of(subject, sample, threads);
    let context = Context { models: &models, as_of: as_of(), source: "portfolio.json", reading: &reading };
    make(Backtested { context, history: &history, lives: None, backtest: &found })
}

/// The titles and summaries of the charts, and the page that they stand on.
fn charts(on: On, count: u64, left: impl Fn(bool) -> bool) -> (Vec<String>, String) {
    with_backtest(on, count, left, |subject| {
        let summaries = backtest(subject, None, true).blocks.filter_map(|block| match block {
            Block::Chart(chart) => Some(plain(chart.into_line())),
            _ => None,
        });
        let summaries = summaries.collect();
        let mut page = Vec::new();
        html::write(&mut page, backtest(subject, None, true)).expect("memory takes it");
        (summaries, String::from_utf8(page).expect("a page is UTF-8"))
    })
}

/// A line as Markdown has it.
fn plain(line: Line) -> String {
    let document = csm::report::document::Document {
        title: String::new(),
        masthead: csm::report::document::Masthead::default(),
        currency: csm::report::document::Currency::default(),
        blocks: Box::new([Block::Text(line)].into_iter()),
    };
    let mut text = Vec::new();
    markdown::write(&mut text, document).expect("memory takes it");
    let text = String::from_utf8(text).expect("Markdown is UTF-8");
    text.trim_start_matches('#').trim().to_owned()
}

/// What stands between two texts, each time they do.
fn between<'t>(text: &'t str, before: &'t str, behind: &'t str) -> Vec<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split(behind).next()).collect()
}

#[test]
fn a_backtest_has_three_charts_and_says_what_they_show() {
    let (summaries, page) = charts(On::Health, 800, |left| left);
    assert_eq!(
        summaries,
        [
            "**Who left among the worst**: The worst 10.0 % of the accounts hold 19.7 % of those who left, the worst 42.7 % half of \
             them.",
            "**Churn rate by band**: Red 31.2 %, yellow 20.3 %, green 0.0 %, all 19.6 %.",
            "**What each metric says alone**: 1 of 6 metrics tells those who left from those who stayed, most clearly Login \
             frequency (0.74).",
        ]
    );
    let charts = between(&page, "<figure", "</figure>");
    assert_eq!(charts.len(), 3);
    for forbidden in [" style=", "NaN", "inf", "viewBox", "<Made"] {
        assert!(charts.iter().all(|chart| !chart.contains(forbidden)), "{forbidden}");
    }
    // A curve is named by its title and told by its summary; an interval by its ends.
    assert!(charts[0].contains("role=img aria-labelledby=\"c1 d1\""), "{}", charts[0]);
    let ends = between(charts[1], "aria-label=\"", "\"");
    assert_eq!(ends, ["14.2 % to 55.6 %", "17.6 % to 23.4 %", "0 % to 9.4 %"]);
    assert!(charts[1].contains(">all: 19.6 %"), "{}", charts[1]);
    // Those without evidence are not told by colour alone: they have a legend, and what is in no model has none here.
    assert!(charts[2].contains("</svg>no evidence</li>") && !charts[2].contains("not in the model"), "{}", charts[2]);
    assert_eq!(between(charts[2], "<th scope=row>", "<").first(), Some(&"Login frequency"));
}

#[test]
fn a_curve_goes_from_corner_to_corner() {
    let (_, page) = charts(On::Health, 800, |left| left);
    let curve = between(&page, "<svg class=\"plot curve\"", "</svg>")[0];
    let steps = between(curve, "<line class=p ", " />");
    assert!(steps[0].starts_with("x1=0% y1=100%"), "{}", steps[0]);
    assert!(steps[steps.len() - 1].ends_with("x2=100% y2=0%"), "{}", steps[steps.len() - 1]);
    for pair in steps.windows(2) {
        let end = between(pair[0], "x2=", "%").into_iter().chain(between(pair[0], "y2=", "%"));
        let begin = between(pair[1], "x1=", "%").into_iter().chain(between(pair[1], "y1=", "%"));
        assert!(end.eq(begin), "{pair:?}");
    }
}

#[test]
fn without_a_verdict_there_is_no_curve_and_without_accounts_no_chart() {
    for (what, count, left, titles) in [
        ("nobody left", 400, (|_| false) as fn(bool) -> bool, vec!["Churn rate by band"]),
        ("all left", 400, |_| true, vec!["Churn rate by band"]),
        ("few accounts", 60, |left| left, vec!["Churn rate by band", "What each metric says alone"]),
        ("no accounts", 0, |left| left, vec![]),
    ] {
        let (summaries, page) = charts(On::Health, count, left);
        let found: Vec<&str> = summaries.iter().filter_map(|summary| summary.split("**").nth(1)).collect();
        assert_eq!(found, titles, "{what}");
        assert!(!page.contains("NaN") && !page.contains("inf %"), "{what}");
    }
}
