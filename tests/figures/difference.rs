//! What changed between two portfolios: the tables of every format, and CSV, against the JSON.

use serde_json::{Value, json};

use super::cell::Kind::{Figure, Pair, Text, Unrecorded, Word};
use super::cell::{list, number};
use super::readers::READERS;
use super::tables::Wanted;
use super::{AS_OF, check, sheets};

const OLD: &str = "examples/last-quarter/2026-03-31.json";
const NEW: &str = "assets/sample_customer_data.json";
/// Each with what it compares: another portfolio, another model, and accounts that are not scored.
const RUNS: [&[&str]; 4] = [
    &["diff", OLD, NEW],
    &["diff", OLD, NEW, "--old-config", "examples/custom-model/model"],
    &["diff", "tests/parity/portfolio.json", "tests/cli/missing.in/portfolio.json"],
    &["diff", "tests/cli/missing.in/portfolio.json", OLD, "--config", "tests/cli/missing.in/handed_on"],
];

const MOVES: &[(&str, &str, super::Kind)] = &[
    ("Accounts from", "/from", Word),
    ("ARR from", "/from", Word),
    ("Green", "/green", Figure),
    ("Yellow", "/yellow", Figure),
    ("Red", "/red", Figure),
    ("Critical", "/critical", Figure),
    ("High", "/high", Figure),
    ("Medium", "/medium", Figure),
    ("Low", "/low", Figure),
    ("Not scored", "/not_scored", Figure),
    ("Left", "/absent", Figure),
    ("All", "/all", Figure),
];
const CAUSES: &[(&str, &str, super::Kind)] = &[
    ("Cause", "", Unrecorded),
    ("Part", "", Unrecorded),
    ("Points", "/points", Figure),
    ("Of these, data coming or going", "/coverage", Figure),
    ("Accounts up", "/accounts_up", Figure),
    ("Accounts down", "/accounts_down", Figure),
];
const MOVERS: &[(&str, &str, super::Kind)] = &[
    ("Account", "/name", Text),
    ("Id", "/customer_id", Text),
    ("Segment", "/segment", Word),
    ("ARR", "/arr", Figure),
    ("Health", "/health/course", Pair),
    ("Change", "/health/change", Figure),
    ("Band", "/health/places", Text),
    ("Churn risk", "/churn/course", Pair),
    ("Tier", "/churn/places", Text),
    ("Mainly", "", Unrecorded),
];
const SINGLES: &[(&str, &str, super::Kind)] = &[
    ("Account", "/name", Text),
    ("Id", "/customer_id", Text),
    ("Segment", "/segment", Word),
    ("ARR", "/arr", Figure),
    ("Health", "/overall_score", Figure),
    ("Band", "/classification", Word),
    ("Churn risk", "/risk_tier", Word),
    ("Came", "", Unrecorded),
    ("Gone", "", Unrecorded),
];

const fn wanted(
    heading: &'static str,
    first: &'static str,
    rows: fn(&Value) -> Vec<Value>,
    columns: &'static [(&'static str, &'static str, super::Kind)],
) -> Wanted {
    Wanted { heading, first, rows, columns }
}

const TABLES: &[Wanted] = &[
    wanted("Moves between bands of health", "Accounts from", |all| moves(all, "health", "accounts"), MOVES),
    wanted("Moves between bands of health", "ARR from", |all| moves(all, "health", "arr"), MOVES),
    wanted("Moves between tiers of churn risk", "Accounts from", |all| moves(all, "churn", "accounts"), MOVES),
    wanted("Moves between tiers of churn risk", "ARR from", |all| moves(all, "churn", "arr"), MOVES),
    wanted("What moved health", "Cause", |all| causes(all, "health"), CAUSES),
    wanted("What moved churn risk", "Cause", |all| causes(all, "churn"), CAUSES),
    wanted("Fell most", "Account", |all| movers(all, -1.0), MOVERS),
    wanted("Rose most", "Account", |all| movers(all, 1.0), MOVERS),
    wanted("New", "Account", |all| list(&all["arrived"]), SINGLES),
    wanted("Left", "Account", |all| list(&all["departed"]), SINGLES),
];

/// The matrix of a score, with its sums; only the bands are always there.
fn moves(all: &Value, score: &str, figure: &str) -> Vec<Value> {
    let moves = list(&all["moves"][score]);
    let bands: &[&str] =
        if score == "health" { &["green", "yellow", "red"] } else { &["critical", "high", "medium", "low"] };
    let sum = |from: Option<&str>, to: Option<&str>| -> f64 {
        let is = |value: &Value, wanted: Option<&str>| wanted.is_none_or(|wanted| value == wanted);
        let found = moves.iter().filter(|moved| is(&moved["from"], from) && is(&moved["to"], to));
        found.map(|moved| number(&moved[figure])).sum()
    };
    let is_there = |from: &str| bands.contains(&from) || moves.iter().any(|moved| moved["from"] == from);
    let froms = bands.iter().copied().chain(["not_scored", "absent"]).filter(|from| is_there(from));
    let row = |from: Option<&str>| {
        let name = match from {
            Some("absent") => "new",
            Some(name) => name,
            None => "all",
        };
        let mut row = json!({ "from": name, "all": sum(from, None) });
        for to in bands.iter().chain(&["not_scored", "absent"]) {
            row[*to] = json!(sum(from, Some(to)));
        }
        row
    };
    froms.map(Some).chain([None]).map(row).collect()
}

/// What moved the mean of a score, the largest first.
fn causes(all: &Value, score: &str) -> Vec<Value> {
    let parts = &all["parts"][score];
    let accounts = number(&all["summary"][score]["compared"]["accounts"]);
    if accounts == 0.0 {
        return Vec::new();
    }
    let mut rows = list(&parts["signals"]);
    for row in &mut rows {
        let coverage = number(&row["coverage"]);
        row["points"] = json!((coverage + number(&row["data"])) / accounts);
        row["coverage"] = if coverage == 0.0 { Value::Null } else { json!(coverage / accounts) };
    }
    for part in ["model", "segment", "urgency", "rounding_and_limits"] {
        rows.push(json!({ "points": number(&parts[part]) / accounts }));
    }
    let moved = |row: &Value| {
        let some = |key: &str| row[key].as_u64().is_some_and(|count| count > 0);
        number(&row["points"]).abs() > 1e-9 || some("accounts_up") || some("accounts_down")
    };
    rows.retain(moved);
    // As in hundredths, so that equal ones stay in the order of the model.
    let hundredths = |row: &Value| -(number(&row["points"]) * accounts * 100.0).round().abs();
    rows.sort_by(|a, b| hundredths(a).total_cmp(&hundredths(b)));
    rows
}

/// The accounts whose health moved in a direction, those that moved most first.
fn movers(all: &Value, sign: f64) -> Vec<Value> {
    let mut rows = list(&all["customers"]);
    rows.retain(|row| row["health"]["change"].as_f64().is_some_and(|change| change * sign > 0.0));
    let key = |row: &Value| {
        let change = number(&row["health"]["change"]) * sign;
        (-change * number(&row["arr"]), -change)
    };
    rows.sort_by(|a, b| key(a).0.total_cmp(&key(b).0).then(key(a).1.total_cmp(&key(b).1)));
    for row in &mut rows {
        for score in ["health", "churn"] {
            let name = |band: &Value| {
                let name = band.as_str().expect("a band");
                format!("{}{}", name[..1].to_uppercase(), &name[1..])
            };
            let shift = &mut row[score];
            let (old, new) = (shift["band_old"].clone(), shift["band_new"].clone());
            if new.is_null() || old.is_null() {
                continue;
            }
            shift["course"] = json!([shift["old"], shift["new"]]);
            let places = if old == new { name(&new) } else { format!("{} → {}", name(&old), name(&new)) };
            shift["places"] = places.into();
        }
    }
    rows
}

#[test]
fn what_changed_is_shown_as_json_has_it() {
    for run in RUNS {
        let dates = ["--as-of", AS_OF, "--old-as-of", "2026-03-31", "--quiet", "--top", "all"];
        let written = |format: &str| super::written(&[run, &dates, &["--format", format]].concat());
        let all: Value = serde_json::from_slice(&written("json")).expect("JSON");
        let what = run.join(" ");
        for reader in &READERS {
            let text = written(reader.format);
            let page = (reader.read)(std::str::from_utf8(&text).expect("UTF-8"));
            let tables: Vec<&Wanted> = TABLES.iter().collect();
            let cells = check(&page.tables, &tables, reader, &all, &format!("{what} {}", reader.format));
            assert!(cells > 40, "{what} {}: only {cells} cells were compared", reader.format);
        }
        let compared = sheets::check_difference(&written("csv"), &all, &what);
        assert!(compared > 50, "{what}: only {compared} cells of CSV were compared");
        for customer in list(&all["customers"]) {
            for score in ["health", "churn"] {
                let Some(parts) = customer[score]["parts"].as_object() else { continue };
                let names = ["model", "segment", "coverage", "data", "urgency", "rounding_and_limits"];
                let sum: f64 = names.map(|name| number(&parts[name])).iter().sum();
                assert!((sum - number(&customer[score]["change"])).abs() < 1e-9, "{what}: {customer}");
            }
        }
    }
}
