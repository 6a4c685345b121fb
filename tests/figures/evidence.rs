//! How scores moved, and how they are held against what happened: the tables of every format against the JSON.

#[path = "../../examples/make_history.rs"]
#[allow(dead_code)]
mod make_history;

use std::path::Path;

use serde_json::{Value, json};

use super::cell::Kind::{Figure, Figures, Text, Unrecorded, Word};
use super::cell::{list, number};
use super::check;
use super::readers::READERS;
use super::tables::Wanted;

const fn wanted(
    heading: &'static str,
    first: &'static str,
    rows: fn(&Value) -> Vec<Value>,
    columns: &'static [(&'static str, &'static str, super::Kind)],
) -> Wanted {
    Wanted { heading, first, rows, columns }
}

const BANDS: &[(&str, &str, super::Kind)] = &[
    ("Band", "/band", Word),
    ("Tier", "/band", Word),
    ("Observations", "/observations", Figure),
    ("ARR", "/arr", Figure),
    ("Left", "/churn_rate/hits", Figure),
    ("Churn rate", "/churn_rate/share", Figure),
    ("from", "/churn_rate/interval/0", Figure),
    ("to", "/churn_rate/interval/1", Figure),
    ("of ARR", "/churn_rate_by_arr", Figure),
    ("of all who left", "/recall/share", Figure),
    ("of their ARR", "/recall_by_arr", Figure),
];
const RETENTION: &[(&str, &str, super::Kind)] = &[
    ("Band", "/band", Word),
    ("Tier", "/band", Word),
    ("Observations", "/observations", Figure),
    ("ARR at the start", "/start_arr", Figure),
    ("Churn", "/churn", Figure),
    ("Contraction", "/contraction", Figure),
    ("Expansion", "/expansion", Figure),
    ("GRR", "/grr", Figure),
    ("NRR", "/nrr", Figure),
];
const TREATMENT: &[(&str, &str, super::Kind)] = &[
    ("Band", "/band", Word),
    ("Tier", "/band", Word),
    ("Treated", "/treated_churned/of", Figure),
    ("left", "/treated_churned/share", Figure),
    ("from", "/treated_churned/interval/0", Figure),
    ("to", "/treated_churned/interval/1", Figure),
    ("Untreated", "/untreated_churned/of", Figure),
    ("left", "/untreated_churned/share", Figure),
    ("from", "/untreated_churned/interval/0", Figure),
    ("to", "/untreated_churned/interval/1", Figure),
];

const BACKTEST: &[Wanted] = &[
    wanted(
        "Ranking",
        "Accounts",
        |all| {
            let mut rows = list(&all["segments"]);
            rows.insert(0, all["ranking"].clone());
            rows[0]["segment"] = "all".into();
            rows
        },
        &[
            ("Accounts", "/segment", Word),
            ("Left", "/churned", Figure),
            ("Stayed", "/retained", Figure),
            ("AUC", "/auc", Figure),
            ("from", "/auc_interval/0", Figure),
            ("to", "/auc_interval/1", Figure),
            ("Average precision", "/average_precision", Figure),
            ("Lift of top 10 %", "/lift_top_10_percent", Figure),
            ("at most", "/lift_ceiling", Figure),
        ],
    ),
    wanted("Bands", "Band", |all| bands_of(all, "health"), BANDS),
    wanted("Bands", "Tier", |all| bands_of(all, "churn"), BANDS),
    wanted(
        "Caught in time",
        "Days before",
        |all| list(&all["caught_in_time"]),
        &[
            ("Days before", "/days", Figure),
            ("Who left and were seen", "/caught/of", Figure),
            ("below green", "/caught/hits", Figure),
            ("above low risk", "/caught/hits", Figure),
            ("Share", "/caught/share", Figure),
            ("from", "/caught/interval/0", Figure),
            ("to", "/caught/interval/1", Figure),
            ("Without a snapshot", "/without_snapshot", Figure),
        ],
    ),
    wanted(
        "Left although",
        "Customer",
        |all| list(&all["false_greens"]),
        &[
            ("Customer", "/customer_id", Text),
            ("Name", "/name", Text),
            ("ARR", "/arr", Figure),
            ("Health", "/score", Figure),
            ("Risk", "/score", Figure),
            ("Last look", "/last_snapshot", Text),
            ("Left", "/churned", Text),
        ],
    ),
    wanted(
        "Metrics",
        "Metric",
        metrics,
        &[
            ("Metric", "", Unrecorded),
            ("Weight", "/weight", Figure),
            ("Coverage", "/coverage", Figure),
            ("AUC", "/towards/auc", Figure),
            ("from", "/towards/low", Figure),
            ("to", "/towards/high", Figure),
            ("Alone it says", "/says", Text),
            ("Days ahead", "/lead/median_days", Figure),
        ],
    ),
    wanted(
        "As a forecast",
        "Score",
        |all| {
            let mut rows = list(&all["forecast"]["calibration"]);
            for row in &mut rows {
                row["score"] = json!([row["score_from"], row["score_to"]]);
            }
            rows
        },
        &[
            ("Score", "/score", Figures),
            ("Observations", "/churned/of", Figure),
            ("Left", "/churned/hits", Figure),
            ("Churn rate", "/churned/share", Figure),
            ("from", "/churned/interval/0", Figure),
            ("to", "/churned/interval/1", Figure),
        ],
    ),
    wanted("Retention over", "Band", |all| retention(all, "health"), RETENTION),
    wanted("Retention over", "Tier", |all| retention(all, "churn"), RETENTION),
    wanted("Treated and untreated", "Band", |all| treatment(all, "health"), TREATMENT),
    wanted("Treated and untreated", "Tier", |all| treatment(all, "churn"), TREATMENT),
];

/// The charts of a page that are tables.
const CHARTS: &[Wanted] = &[
    wanted("Churn rate by", "Band", |all| bands_of(all, "health"), RATES),
    wanted("Churn rate by", "Tier", |all| bands_of(all, "churn"), RATES),
    wanted(
        "What each metric says",
        "Metric",
        |all| {
            let mut rows = metrics(all);
            rows.sort_by(|a, b| number(&b["towards"]["auc"]).total_cmp(&number(&a["towards"]["auc"])));
            rows
        },
        &[("Metric", "", Unrecorded), ("AUC towards what it says", "", Unrecorded), ("AUC", "/towards/auc", Figure)],
    ),
];
const RATES: &[(&str, &str, super::Kind)] = &[
    ("Band", "/band", Word),
    ("Tier", "/band", Word),
    ("Churn rate", "", Unrecorded),
    ("Rate", "/churn_rate/share", Figure),
    ("Left", "/churn_rate/hits", Figure),
    ("of", "/churn_rate/of", Figure),
];

/// Each metric with its AUC towards what it says, and that in words.
fn metrics(all: &Value) -> Vec<Value> {
    let mut rows = list(&all["metrics"]);
    for row in &mut rows {
        let direction = if row["leavers_have"].is_null() { &row["model_expects"] } else { &row["leavers_have"] };
        let auc = number(&row["auc"]);
        let [low, high] = [0, 1].map(|end| number(&row["auc_interval"][end]));
        let is_low = direction.as_str().map_or(auc < 0.5, |direction| direction == "low");
        row["towards"] = if is_low {
            json!({ "auc": 1.0 - auc, "low": 1.0 - high, "high": 1.0 - low })
        } else {
            json!({ "auc": auc, "low": low, "high": high })
        };
        row["says"] = match (row["leavers_have"].as_str(), row["against_model"].as_bool()) {
            (None, _) => "no evidence".into(),
            (Some(values), Some(true)) => format!("leavers are {values}: against the model").into(),
            (Some(values), _) => format!("leavers are {values}").into(),
        };
    }
    rows
}

/// The bands of one score; none where the other is held against what happened.
fn bands_of(all: &Value, on: &str) -> Vec<Value> {
    if all["on"] == on { list(&all["bands"]) } else { Vec::new() }
}

/// The parts of a block by band, and then that of all, under this name.
fn with_all(block: &Value, last: &str, name: &str) -> Vec<Value> {
    let mut rows = list(&block["bands"]);
    let mut all = block[last].clone();
    all["band"] = name.into();
    rows.push(all);
    rows
}

fn retention(all: &Value, on: &str) -> Vec<Value> {
    if all["on"] == on { with_all(&all["retention"], "all", "all") } else { Vec::new() }
}

fn treatment(all: &Value, on: &str) -> Vec<Value> {
    let name = if on == "health" { "below green" } else { "above low risk" };
    if all["on"] == on { with_all(&all["treatment"], "alarmed", name) } else { Vec::new() }
}

const PROPOSALS: &[(&str, &str, super::Kind)] = &[
    ("Segment", "/segment", Word),
    ("green from", "/alarm", Figures),
    ("yellow from", "/grave", Figures),
    ("medium from", "/alarm", Figures),
    ("high from", "/grave", Figures),
    ("Proposal", "/what", Text),
    ("Share of the capacity", "/capacity", Figure),
];
const JUDGED: &[(&str, &str, super::Kind)] = &[
    ("Segment", "/segment", Word),
    ("Bounds", "/which", Text),
    ("below green 60 days before", "/caught_early/share", Figure),
    ("above low risk 60 days before", "/caught_early/share", Figure),
    ("of", "/caught_early/of", Figure),
    ("from", "/caught_early/interval/0", Figure),
    ("to", "/caught_early/interval/1", Figure),
    ("Alarms", "/alarms/share", Figure),
    ("of which left", "/precision/share", Figure),
    ("red left", "/grave_churned/share", Figure),
    ("yellow left", "/mild_churned/share", Figure),
    ("green left", "/calm_churned/share", Figure),
    ("high left", "/grave_churned/share", Figure),
    ("medium left", "/mild_churned/share", Figure),
    ("low left", "/calm_churned/share", Figure),
    ("Net benefit per 100", "/gain_figures", Figures),
    ("More caught, %", "/gain_figures", Figures),
    ("Saved per 100", "/gain_figures", Figures),
];
const TODAY: &[(&str, &str, super::Kind)] = &[
    ("Segment", "/segment", Word),
    ("Band", "/band", Word),
    ("Tier", "/band", Word),
    ("Accounts", "/before/accounts", Figure),
    ("after", "/after/accounts", Figure),
    ("ARR", "/before/arr", Figure),
    ("after", "/after/arr", Figure),
];

/// The tables of a calibration of one score.
const CALIBRATION: &[Wanted] = &[
    wanted("Bands of health", "Segment", |all| proposals(all, "health"), PROPOSALS),
    wanted("Tiers of churn risk", "Segment", |all| proposals(all, "churn"), PROPOSALS),
    wanted("On the later part", "Segment", judged, JUDGED),
    wanted("Accounts of the last snapshot", "Segment", today, TODAY),
];

/// The score that a calibration is of.
fn score(all: &Value) -> &str {
    let [score] = all["scores"].as_array().expect("scores").as_slice() else { panic!("one score is calibrated") };
    score["on"].as_str().expect("a score")
}

fn named(all: &Value) -> Vec<Value> {
    let mut proposals = list(&all["proposals"]);
    for proposal in &mut proposals {
        if proposal["segment"].is_null() {
            proposal["segment"] = "All accounts".into();
        }
    }
    proposals
}

fn bound_names(on: &str) -> [&'static str; 2] {
    if on == "health" { ["green", "yellow"] } else { ["medium", "high"] }
}

fn proposals(all: &Value, on: &str) -> Vec<Value> {
    if score(all) != on {
        return Vec::new();
    }
    let mut rows = named(all);
    for row in &mut rows {
        for (key, name) in ["alarm", "grave"].into_iter().zip(bound_names(on)) {
            let (now, then) = (row["present"][name].clone(), row["proposed"][name].clone());
            row[key] = if then.is_null() || then == now { json!([now]) } else { json!([now, then]) };
        }
        let refused = !list(&row["refusals"]).is_empty();
        row["what"] = match (row["proposed"].is_null(), refused) {
            (false, _) => "change",
            (true, true) => "stays",
            (true, false) => "stays: the rule chooses the same",
        }
        .into();
    }
    rows
}

/// What bounds of now and others do on the later part.
fn judged(all: &Value) -> Vec<Value> {
    let mut rows = Vec::new();
    for proposal in named(all) {
        let row = |figures: &Value, which: &str| {
            let mut row = figures.clone();
            row["segment"] = proposal["segment"].clone();
            row["which"] = which.into();
            row
        };
        rows.push(row(&proposal["holdout"]["before"], "now"));
        let is_other = proposal["considered"] != proposal["present"];
        if is_other && !proposal["holdout"]["after"].is_null() {
            let which = if proposal["proposed"].is_null() { "considered" } else { "proposed" };
            let mut after = row(&proposal["holdout"]["after"], which);
            if let Some(gain) = proposal["gain"].as_object() {
                let hundredfold = |value: &Value| number(value) * 100.0;
                let mut figures = vec![hundredfold(&gain["value"])];
                figures.extend(gain["interval"].as_array().into_iter().flatten().map(hundredfold));
                after["gain_figures"] = json!(figures);
            }
            rows.push(after);
        }
    }
    rows
}

/// The accounts of the last snapshot by the bounds of now and by the proposed ones.
fn today(all: &Value) -> Vec<Value> {
    let names =
        if score(all) == "health" { ["red", "yellow", "green"] } else { ["critical and high", "medium", "low"] };
    let mut proposals = named(all);
    proposals.retain(|proposal| !proposal["proposed"].is_null());
    let rows = proposals.iter().flat_map(|proposal| {
        names.into_iter().enumerate().map(|(part, band)| {
            let [before, after] = ["before", "after"].map(|when| proposal["last_snapshot"][when][part].clone());
            json!({ "segment": proposal["segment"], "band": band, "before": before, "after": after })
        })
    });
    rows.collect()
}

const TREND: &[Wanted] = &[
    wanted(
        "Portfolio",
        "Day",
        |all| {
            let mut rows = list(&all["snapshots"]);
            for row in &mut rows {
                let counts = row["bands"].as_object().expect("bands");
                let scored: f64 = counts.values().map(|band| number(&band["count"])).sum();
                let shares: serde_json::Map<String, Value> =
                    counts.iter().map(|(name, band)| (name.clone(), json!(number(&band["count"]) / scored))).collect();
                row["shares"] = shares.into();
            }
            rows
        },
        &[
            ("Day", "/snapshot_date", Text),
            ("Accounts", "/count", Figure),
            ("Average", "/average_score", Figure),
            ("Green", "/shares/green", Figure),
            ("Yellow", "/shares/yellow", Figure),
            ("Red", "/shares/red", Figure),
            ("Critical", "/shares/critical", Figure),
            ("High", "/shares/high", Figure),
            ("Medium", "/shares/medium", Figure),
            ("Low", "/shares/low", Figure),
            ("ARR", "/arr", Figure),
            ("ARR at risk", "/arr_at_risk", Figure),
        ],
    ),
    wanted(
        "Accounts",
        "Account",
        |all| list(&all["customers"]),
        &[
            ("Account", "/name", Text),
            ("Id", "/customer_id", Text),
            ("ARR", "/arr", Figure),
            ("Health", "/score", Figure),
            ("Risk", "/score", Figure),
            ("Band", "/band", Word),
            ("Tier", "/band", Word),
            ("Since", "/in_band_since", Text),
            ("Course", "", Unrecorded),
            ("Slope", "/slope", Figure),
            ("Change", "/change", Figure),
            ("Verdict", "", Unrecorded),
        ],
    ),
];

/// A small history in a folder, and its outcomes and interventions beside it.
fn history(folder: &Path) {
    let made = make_history::make(make_history::Wanted { seed: 1, accounts: 900, ..Default::default() });
    std::fs::create_dir(folder.join("history")).expect("a folder");
    for (day, text) in &made.snapshots {
        std::fs::write(folder.join(format!("history/{day}.csv")), text).expect("a file");
    }
    std::fs::write(folder.join("outcomes.csv"), &made.outcomes).expect("a file");
    std::fs::write(folder.join("interventions.csv"), &made.interventions).expect("a file");
}

#[test]
fn what_a_history_says_is_shown_as_json_has_it() {
    let folder = tempfile::tempdir().expect("a folder");
    history(folder.path());
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (snapshots, outcomes, interventions) = (path("history"), path("outcomes.csv"), path("interventions.csv"));
    let files = ["--outcomes", &outcomes, "--horizon", "84"];
    let backtest = [&["backtest", &snapshots, "--interventions", &interventions, "--top", "all"], &files[..]].concat();
    let calibrate = [&["calibrate", &snapshots], &files[..]].concat();
    let runs: [(Vec<&str>, &[Wanted]); 8] = [
        (backtest.clone(), BACKTEST),
        ([&backtest[..], &["--on", "churn"]].concat(), BACKTEST),
        ([&calibrate[..], &["--recall", "0.7", "--recall-red", "0.4", "--on", "health"]].concat(), CALIBRATION),
        ([&calibrate[..], &["--recall", "80%", "--on", "churn"]].concat(), CALIBRATION),
        ([&calibrate[..], &["--capacity", "25", "--on", "health"]].concat(), CALIBRATION),
        ([&calibrate[..], &["--cost-fp", "1", "--cost-fn", "12", "--on", "health"]].concat(), CALIBRATION),
        (vec!["trend", &snapshots, "--top", "all"], TREND),
        (vec!["trend", &snapshots, "--top", "all", "--on", "churn"], TREND),
    ];
    for (run, tables) in runs {
        let written = |format: &str| {
            super::written(&[&run[..], &["--as-of", super::AS_OF, "--quiet", "--format", format]].concat())
        };
        let all: Value = serde_json::from_slice(&written("json")).expect("JSON");
        let what = format!("{} {:?}", run[0], &run[2..]);
        for reader in &READERS {
            let text = written(reader.format);
            let page = (reader.read)(std::str::from_utf8(&text).expect("UTF-8"));
            let charts = CHARTS.iter().filter(|_| reader.format == "html" && run[0] == "backtest");
            let wanted: Vec<&Wanted> = tables.iter().chain(charts).collect();
            let cells = check(&page.tables, &wanted, reader, &all, &format!("{what} {}", reader.format));
            assert!(cells > 15, "{what} {}: only {cells} cells were compared", reader.format);
        }
    }
}
