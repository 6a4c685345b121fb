//! Three exports of other tools, from the proposal of a mapping to scores that rest on them.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use chrono::NaiveDate;
use serde_json::Value;

const FILES: [&str; 3] = ["crm_accounts.csv", "product_usage.csv", "support_tickets.csv"];

fn source(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/three-exports").join(name)
}

/// A folder with the three exports.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in FILES {
        fs::copy(source(name), folder.path().join(name)).expect("a file");
    }
    folder
}

fn csm(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder)
        .args(arguments)
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .output()
        .expect("csm runs")
}

fn json(folder: &Path, arguments: &[&str]) -> Value {
    let arguments = [arguments, &FILES, &["--as-of", "2026-06-30", "--format", "json"]].concat();
    let output = csm(folder, &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).expect("JSON")
}

/// The contributions of an account's health, by metric: the value that counted.
fn values(results: &Value, id: &str) -> HashMap<String, Value> {
    let customers = results["customers"].as_array().expect("a list");
    let customer = customers.iter().find(|customer| customer["customer_id"] == id).expect("the customer");
    let contributions = customer["contributions"]["signals"].as_array().expect("signals");
    let pair = |signal: &Value| (signal["metric"].as_str().expect("a metric").to_owned(), signal["value"].clone());
    contributions.iter().map(pair).collect()
}

#[test]
fn three_exports_are_mapped_and_scored() {
    let folder = folder();
    let output = csm(folder.path(), &[&["map"][..], &FILES].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mapping = fs::read_to_string(folder.path().join("mapping.toml")).expect("a mapping");
    for line in [
        "date = \"MM/DD/YYYY\"",
        "\"Account ID\" = \"customer_id\"",
        "\"ARR\" = \"arr\"",
        "\"Renewal Sentiment\" = { path = \"relationship.renewal_sentiment\", words = { \"At risk\" = \"negative\" } }",
        "\"login_frequency_pct\" = \"usage.login_frequency\"",
        "\"analytics_module_adopted\" = \"product_usage.analytics_module.adopted\"",
        "[sources.support-tickets.aggregates.\"support.open_tickets\"]",
        "#   engagement.nps_score: NPS answer (points 0-10)",
        "\"Region\" = \"region\"",
        "#   \"Ticket ID\", such as \"40116\"",
    ] {
        assert!(mapping.lines().any(|found| found == line), "{line}\n{mapping}");
    }

    // The figures of the tickets, counted here row by row.
    let text = fs::read_to_string(source("support_tickets.csv")).expect("tickets");
    let mut tickets = csv::Reader::from_reader(text.as_bytes());
    let as_of = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
    let mut open: HashMap<String, f64> = HashMap::new();
    let mut recent: HashMap<String, f64> = HashMap::new();
    let mut hours: HashMap<String, Vec<f64>> = HashMap::new();
    let mut all: HashMap<String, [f64; 2]> = HashMap::new();
    for ticket in tickets.records() {
        let ticket = ticket.expect("a row");
        let id = ticket[1].to_owned();
        let created: NaiveDate = ticket[6].parse().expect("a date");
        *open.entry(id.clone()).or_default() += f64::from(u8::from(matches!(&ticket[4], "Open" | "Pending")));
        *recent.entry(id.clone()).or_default() += f64::from(u8::from((as_of - created).num_days() <= 30));
        hours.entry(id.clone()).or_default().extend(ticket[8].parse::<f64>());
        let [escalated, rows] = all.entry(id).or_default();
        *escalated += f64::from(u8::from(&ticket[9] == "Yes"));
        *rows += 1.0;
    }

    let health = json(folder.path(), &["health", "--detail", "--quiet"]);
    let ids: Vec<&str> = health["customers"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|customer| customer["customer_id"].as_str().expect("an id"))
        .collect();
    assert_eq!(ids.len(), 9);
    for id in ids {
        let values = values(&health, id);
        assert_eq!(values["support.open_tickets"], open.get(id).copied().unwrap_or(0.0), "{id}");
        assert_eq!(values["engagement.support_ticket_volume"], recent.get(id).copied().unwrap_or(0.0), "{id}");
        if let Some([escalated, rows]) = all.get(id) {
            assert_eq!(values["support.escalation_rate"], escalated / rows, "{id}");
        }
        let hours = hours.get(id).map_or(&[][..], Vec::as_slice);
        if !hours.is_empty() {
            let mean = hours.iter().sum::<f64>() / hours.len() as f64;
            assert_eq!(values["support.avg_resolution_hours"], mean, "{id}");
        }
    }
    let calder = values(&health, "0015g00001AbQ2");
    assert_eq!(calder["usage.login_frequency"], 48.0);
    assert_eq!(calder["relationship.renewal_sentiment"], "negative");

    let report = json(folder.path(), &["report", "--quiet"]);
    assert_eq!(report["provenance"]["currency"], "USD");
    assert_eq!(report["actions"][0]["customer_id"], "0015g00001AbQ2");
    assert_eq!(report["actions"][0]["arr"], 310_000.0);
    let warnings = report["data_quality"]["warnings"].to_string();
    assert!(warnings.contains("0015g00001AbZ0"), "{warnings}");
}

#[test]
fn the_mapping_of_the_example_gives_what_the_proposal_gives() {
    let folder = folder();
    fs::copy(source("mapping.toml"), folder.path().join("decided.toml")).expect("a file");
    assert!(csm(folder.path(), &[&["map"][..], &FILES].concat()).status.success());
    for command in ["health", "churn", "expand"] {
        let proposed = json(folder.path(), &[command, "--detail", "--quiet"]);
        let decided = json(folder.path(), &[command, "--detail", "--quiet", "--mapping", "decided.toml"]);
        assert_eq!(proposed, decided, "{command}");
    }
}

#[test]
fn a_mapping_says_how_its_file_is_read() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = b"Kunden\n\nKundennummer;Kundenname;ARR\nK-1;Gr\xf6\xdfe & S\xf6hne;1.200,50 \x80\n";
    fs::write(folder.path().join("t.csv"), text).expect("a file");
    let output = csm(folder.path(), &["map", "t.csv", "--encoding", "windows-1252"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mapping = fs::read_to_string(folder.path().join("mapping.toml")).expect("a mapping");
    for line in ["encoding = \"windows-1252\"", "header-row = 3"] {
        assert!(mapping.lines().any(|found| found == line), "{line}\n{mapping}");
    }
    let arguments = ["health", "t.csv", "--as-of", "2026-06-30", "--format", "json", "--quiet"];
    let output = csm(folder.path(), &arguments);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let results: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(results["customers"][0]["name"], "Größe & Söhne");
    assert_eq!(results["customers"][0]["arr"], 1200.5);
    assert!(csm(folder.path(), &["validate", "t.csv", "--as-of", "2026-06-30"]).status.success());
}

#[test]
fn numbers_of_a_proposal_are_numbers_to_the_reader() {
    let folder = tempfile::tempdir().expect("a folder");
    for (text, arr) in [
        ("₹12,34,567", 1_234_567.0),
        ("US$5", 5.0),
        ("CA$ 1,200.50", 1200.5),
        ("1.5e3", 1500.0),
        ("1’200.50 CHF", 1200.5),
        ("1 234 567", 1_234_567.0),
        ("+€1.2M", 1_200_000.0),
    ] {
        fs::write(folder.path().join("t.csv"), format!("Account ID;ARR\nC-1;{text}\n")).expect("a file");
        assert!(csm(folder.path(), &["map", "t.csv", "--force", "--quiet"]).status.success());
        let mapping = fs::read_to_string(folder.path().join("mapping.toml")).expect("a mapping");
        assert!(mapping.contains("\n\"ARR\" = \"arr\"\n"), "{text}\n{mapping}");
        let output = csm(folder.path(), &["health", "t.csv", "--as-of", "2026-06-30", "--format", "json", "--quiet"]);
        assert!(output.status.success(), "{text}: {}", String::from_utf8_lossy(&output.stderr));
        let results: Value = serde_json::from_slice(&output.stdout).expect("JSON");
        assert_eq!(results["customers"][0]["arr"], arr, "{text}");
    }
}

#[test]
fn a_position_is_that_on_the_command_line() {
    let folder = tempfile::tempdir().expect("a folder");
    for (place, text) in [
        ("list.json", "{\"customers\": [{\"customer_id\": \"C-1\"}]}"),
        ("a/export.csv", "Account ID,ARR\nC-1,100\n"),
        ("b/export.csv", "Account ID,NPS\nC-1,9\n"),
    ] {
        let place = folder.path().join(place);
        fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
        fs::write(place, text).expect("a file");
    }
    let files = ["list.json", "a/export.csv", "b/export.csv"];
    assert!(csm(folder.path(), &[&["map"][..], &files].concat()).status.success());
    let options = ["health", "--as-of", "2026-06-30", "--detail", "--format", "json", "--quiet"];
    let output = csm(folder.path(), &[&options[..], &files].concat());
    let results: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert_eq!(results["customers"][0]["arr"], 100.0);
    assert_eq!(values(&results, "C-1")["engagement.nps_score"], 9.0);
}

#[test]
fn each_column_is_counted_once() {
    let folder = folder();
    let summary = |arguments: &[&str]| {
        let output = csm(folder.path(), arguments);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("text")
    };
    let shown = summary(&[&["map"][..], &FILES].concat());
    for line in [
        "  product_usage.csv: 12 columns: 10 read (5 sure, 5 to be checked), 1 left as a comment, 1 not used",
        "  support_tickets.csv: 11 columns: 1 read (1 sure), 6 computed with, 4 not used",
        "    7 figures computed from rows: 4 sure, 3 to be checked",
    ] {
        assert!(shown.lines().any(|found| found == line), "{line}\n{shown}");
    }
    assert_eq!(summary(&["map", "--force", "--quiet", "crm_accounts.csv"]), "");
}

#[test]
fn a_mapping_that_is_there_is_not_written_over() {
    let folder = folder();
    let place = folder.path().join("mapping.toml");
    fs::write(&place, "mine").expect("a file");
    let output = csm(folder.path(), &["map", "crm_accounts.csv"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "csm: mapping.toml is there already, nothing was written; --force writes over it\n"
    );
    assert_eq!(fs::read_to_string(&place).expect("the file"), "mine");
    assert!(csm(folder.path(), &["map", "crm_accounts.csv", "--force"]).status.success());
    assert!(fs::read_to_string(&place).expect("the file").contains("[sources.crm-accounts]"));
    let output = csm(folder.path(), &["map", "crm_accounts.csv", "-o", "crm_accounts.csv", "--force"]);
    assert_eq!(output.status.code(), Some(2));
}
