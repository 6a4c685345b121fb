//! The shipped models give the figures of the scoring standard, to the last digit.
//!
//! `tests/parity/portfolio.json` holds 240 made-up accounts; the files beside it hold what they must give as of 2026-06-30. Wording is
//! not part of the standard: of advice only the number is compared, of warnings only the severities.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/parity")
}

fn expected(name: &str) -> Value {
    let file = File::open(folder().join(name)).expect("a stored result");
    serde_json::from_reader(file).expect("JSON")
}

fn computed(command: &str) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder())
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", folder())
        .args([command, "portfolio.json", "--as-of", "2026-06-30", "--format", "json"])
        .output()
        .expect("csm runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// Every key of `expected` stands in `found` with an equal value; numbers are compared by value. Returns the paths that differ.
fn differences(path: &str, expected: &Value, found: &Value, differing: &mut Vec<String>) {
    match (expected, found) {
        (Value::Object(expected), Value::Object(found)) => {
            for (key, value) in expected {
                let path = format!("{path}.{key}");
                match (key.as_str(), found) {
                    ("recommendation_count", found) => {
                        let count = found["recommendations"].as_array().expect("a list").len();
                        differences(&path, value, &count.into(), differing);
                    }
                    ("warning_severities", found) => {
                        differences(&path, value, &severities(found), differing);
                    }
                    (key, found) => differences(&path, value, found.get(key).unwrap_or(&Value::Null), differing),
                }
            }
        }
        (Value::Array(expected), Value::Array(found)) => {
            if expected.len() != found.len() {
                differing.push(format!("{path}: {} entries, expected {}", found.len(), expected.len()));
            }
            for (position, (expected, found)) in expected.iter().zip(found).enumerate() {
                differences(&format!("{path}[{position}]"), expected, found, differing);
            }
        }
        (Value::Number(expected), Value::Number(found)) if expected.as_f64() == found.as_f64() => {}
        (expected, found) if expected == found => {}
        (expected, found) => differing.push(format!("{path}: {found}, expected {expected}")),
    }
}

fn severities(account: &Map<String, Value>) -> Value {
    let warnings = account["warning_signals"].as_array().expect("a list");
    warnings.iter().map(|warning| warning["severity"].clone()).collect()
}

fn check(command: &str, file: &str) {
    let mut differing = Vec::new();
    differences("", &expected(file), &computed(command), &mut differing);
    assert!(
        differing.is_empty(),
        "{} differences, first: {:#?}",
        differing.len(),
        &differing[..differing.len().min(10)]
    );
}

#[test]
fn health_equals_the_standard() {
    check("health", "health.json");
}

#[test]
fn churn_equals_the_standard() {
    check("churn", "churn.json");
}

#[test]
fn expansion_equals_the_standard() {
    check("expand", "expansion.json");
}
