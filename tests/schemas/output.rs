//! What the program writes with `--format json`.

use jsonschema::Validator;
use serde_json::Value;

use super::{assert_valid, csm, json, misspellings, read, schema};

const SAMPLE: &str = "assets/sample_customer_data.json";
const HISTORY: &str = "tests/cli/trend.in/exports";
const PARITY: &str = "tests/parity/portfolio.json";
/// A labelled table.
const CLINICS: &str = "examples/other-product/clinics.csv";
/// The sample a quarter before.
const BEFORE: &str = "examples/last-quarter/2026-03-31.json";
const INTERVENTIONS: &str = "assets/sample_interventions.csv";

fn written(arguments: &[&str]) -> Value {
    json(&csm(&[arguments, &["--as-of", "2026-06-30", "--format", "json", "--quiet"]].concat()))
}

fn check(schema: &Validator, arguments: &[&str]) -> Value {
    let output = written(arguments);
    assert_valid(schema, &output, &arguments.join(" "));
    output
}

#[test]
fn whatever_is_written_is_valid() {
    let schema = schema(&["output"]);
    for portfolio in [SAMPLE, PARITY] {
        for command in ["health", "churn", "expand", "report"] {
            let mut options: Vec<&[&str]> =
                vec![&[], &["--config", "tests/cli/missing.in/handed_on"], &["--config", "tests/cli/missing.in/all"]];
            if portfolio == SAMPLE {
                options.extend([
                    &["--top", "1"][..],
                    &["--top", "0"],
                    &["--segment", "smb"],
                    &["--segment", "none-of-these"],
                    &["--min-arr", "1e15"],
                    &["--config", "examples/custom-model/model"],
                ]);
            }
            for options in options {
                check(&schema, &[&[command, portfolio], options].concat());
            }
        }
        for arguments in [
            ["report", portfolio, "--strategic", "--by", "segment"].as_slice(),
            &["report", portfolio, "--previous", BEFORE],
            &["report", portfolio, "--interventions", INTERVENTIONS],
            &["health", portfolio, "--previous", BEFORE],
            &["report", portfolio, "--strategic", "--by", "csm", "--config", "tests/cli/missing.in/all"],
            &["health", portfolio, "--detail", "--band=red"],
            &["health", portfolio, "--detail"],
            &["churn", portfolio, "--detail"],
            &["churn", portfolio, "--tier", "critical", "--sort", "renewal"],
            &["expand", portfolio, "--detail", "--type", "upsell"],
        ] {
            check(&schema, arguments);
        }
        check(&schema, &["validate", portfolio]);
        for options in [&[][..], &["--old-config", "examples/custom-model/model"], &["--segment", "smb", "--top", "1"]]
        {
            check(&schema, &[&["diff", BEFORE, portfolio], options].concat());
        }
        let customers = json(&read(portfolio));
        for customer in customers["customers"].as_array().expect("a list").iter().take(12) {
            check(&schema, &["explain", portfolio, customer["customer_id"].as_str().expect("an id")]);
        }
    }
    let broken = ["health", "tests/cli/rejects.in/portfolio.json", "--skip-invalid"];
    let output = check(&schema, &broken);
    assert!(output["data_quality"]["error_count"].as_u64().is_some_and(|count| count > 0), "errors are told too");
}

#[test]
fn what_is_written_without_a_score_or_with_stale_figures_is_valid() {
    let schema = schema(&["output"]);
    let portfolio = "tests/cli/missing.in/portfolio.json";
    for model in ["all", "handed_on", "defaults"].map(|name| format!("tests/cli/missing.in/{name}")) {
        for (command, score) in [("health", "overall_score"), ("churn", "risk_score")] {
            let output = check(&schema, &[command, portfolio, "--config", &model, "--detail"]);
            let unscored = |list: &Vec<Value>| list.iter().filter(|customer| customer[score].is_null()).count();
            let unscored = output["customers"].as_array().map(unscored);
            assert!(unscored.is_some_and(|count| count > 0), "{command} with {model}: {unscored:?} are not scored");
        }
        check(&schema, &["report", portfolio, "--config", &model]);
        let output = check(&schema, &["diff", BEFORE, portfolio, "--config", &model]);
        assert!(output["departed"].as_array().is_some_and(|departed| !departed.is_empty()));
        check(&schema, &["diff", portfolio, portfolio, "--config", &model, "--old-config", "config"]);
        for id in ["NONE", "HALF", "ALL"] {
            check(&schema, &["explain", portfolio, id, "--config", &model]);
        }
    }
    for command in ["health", "churn", "report", "validate"] {
        let portfolio = "tests/cli/stale.in/portfolio.json";
        let output = check(&schema, &[command, portfolio, "--config", "tests/cli/stale.in/handed_on"]);
        let is_stale = |customer: &Value| customer.get("stale").is_some();
        assert!(command != "health" || output["customers"].as_array().is_some_and(|list| list.iter().any(is_stale)));
    }
}

#[test]
fn every_line_is_valid() {
    let schema = schema(&["output"]);
    for arguments in [
        &["health", PARITY, "--detail"][..],
        &["churn", PARITY, "--detail"],
        &["expand", PARITY],
        &["health", "tests/cli/missing.in/portfolio.json", "--config", "tests/cli/missing.in/all"],
        &["churn", "tests/cli/stale.in/portfolio.json", "--config", "tests/cli/stale.in/handed_on"],
    ] {
        let lines = csm(&[arguments, &["--as-of", "2026-06-30", "--format", "ndjson", "--quiet"]].concat());
        assert!(!lines.is_empty(), "{arguments:?}");
        for line in lines.lines().map(json) {
            assert_valid(&schema, &line, &arguments.join(" "));
            let misspelt = misspellings(&line, |path| matches!(path, ["dimensions" | "trends" | "signal_scores"]));
            assert!(misspelt.iter().all(|renamed| !schema.is_valid(&renamed.document)), "{arguments:?}: {line}");
        }
    }
}

/// Whether the names in an object are those of groups or segments.
fn is_free(path: &[&str]) -> bool {
    matches!(
        path,
        ["customers", "dimensions" | "trends" | "signal_scores"]
            | ["health", "dimensions"]
            | ["churn", "categories"]
            | ["summary", "segments"]
    )
}

#[test]
fn a_key_of_another_name_is_refused() {
    let schema = schema(&["output"]);
    let reports: [&[&str]; 13] = [
        &["health", SAMPLE, "--detail", "--customer", "CUST-1008"],
        &["churn", SAMPLE, "--detail", "--customer", "CUST-1004"],
        &["expand", SAMPLE, "--customer", "CUST-1001"],
        &["report", SAMPLE, "--strategic", "--by", "csm"],
        &["report", "tests/cli/trend.in/july.csv", "--history", HISTORY],
        &["explain", SAMPLE, "CUST-1002"],
        &["validate", SAMPLE],
        &["trend", HISTORY],
        &["trend", HISTORY, "--on", "churn"],
        &["diff", BEFORE, SAMPLE],
        &["backtest", CLINICS, "--config", "examples/other-product/model", "--outcome-column", "left"],
        &["report", SAMPLE, "--previous", BEFORE],
        &["report", SAMPLE, "--interventions", INTERVENTIONS],
    ];
    for arguments in reports {
        let output = check(&schema, arguments);
        let misspelt = misspellings(&output, is_free);
        assert!(misspelt.len() > 30, "{arguments:?}: {} keys", misspelt.len());
        for renamed in misspelt {
            assert!(!schema.is_valid(&renamed.document), "{arguments:?}: {}", renamed.path.join("."));
        }
    }
}

#[test]
fn values_of_another_kind_are_refused() {
    let schema = schema(&["output"]);
    let output = check(&schema, &["health", SAMPLE]);
    for (place, value) in [
        ("/report", Value::from("health")),
        ("/provenance/schema_version", 2.into()),
        ("/provenance/as_of", Value::Null),
        ("/summary/total_customers", (-1).into()),
        ("/customers/0/classification", "blue".into()),
        ("/customers/0/overall_score", "88.8".into()),
        ("/customers/0/overall_score", 100.1.into()),
        ("/customers/0/coverage", 1.1.into()),
        ("/customers/0/dimensions/usage/weight", 0.3.into()),
        ("/customers", Value::Null),
    ] {
        let mut wrong = output.clone();
        *wrong.pointer_mut(place).expect(place) = value.clone();
        assert!(!schema.is_valid(&wrong), "{place}: {value}");
    }
}
