//! Which accounts are listed, and in which order.

use std::process::Command;

use serde_json::Value;

/// The ids that a command line over the sample lists, by their last digits.
fn listed(arguments: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .args(arguments.split_whitespace())
        .args(["assets/sample_customer_data.json", "--as-of", "2026-06-30", "--format", "json", "--quiet"])
        .output()
        .expect("csm runs");
    assert!(output.status.success(), "{arguments}: {}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let list = if arguments.starts_with("report") { "actions" } else { "customers" };
    let ids = report[list].as_array().expect("a list").iter().map(|customer| &customer["customer_id"]);
    ids.map(|id| id.as_str().expect("an id").trim_start_matches("CUST-100")).collect::<Vec<_>>().join(" ")
}

#[test]
fn accounts_are_chosen_and_ordered_as_asked() {
    for (arguments, ids) in [
        ("health", "1 2 3 4 5 6 7 8"),
        ("churn", "2 6 4 5 3 8 7 1"),
        ("expand", "1 2 4 3 8 7 5 6"),
        ("report", "2 4 6 5 3 1 7"),
        ("health --sort attention", "2 4 6 5 1 3 7 8"),
        ("health --sort health", "6 2 4 5 8 3 7 1"),
        ("health --sort risk", "2 6 4 5 3 8 7 1"),
        ("health --sort revenue", "1 2 4 3 8 7 5 6"),
        ("health --sort arr", "1 2 4 3 7 8 6 5"),
        ("health --sort renewal", "6 3 2 4 5 1 7 8"),
        ("health --sort name", "2 5 6 7 1 3 8 4"),
        ("health --sort input", "1 2 3 4 5 6 7 8"),
        ("churn --sort health", "6 2 4 5 8 3 7 1"),
        ("expand --sort arr", "1 2 4 3 7 8 6 5"),
        ("health --segment enterprise", "1 2"),
        ("health --segment Enterprise,SMB", "1 2 5 6 8"),
        ("health --segment smb --segment enterprise", "1 2 5 6 8"),
        ("health --customer CUST-1004,CUST-1002", "2 4"),
        ("health --customer cust-1004", ""),
        ("health --min-arr 72000", "1 2 3 4"),
        ("health --min-arr 72000.01", "1 2 4"),
        ("health --segment smb --min-arr 10000", "6 8"),
        ("health --band red", "2 6"),
        ("health --band RED,yellow", "2 4 5 6"),
        ("health --band green --segment enterprise", "1"),
        ("churn --tier critical", "2 6"),
        ("churn --tier high,medium", "4 5 3"),
        ("churn --top 3", "2 6 4"),
        ("churn --top 0", ""),
        ("churn --top all", "2 6 4 5 3 8 7 1"),
        ("churn --sort arr --top 2", "1 2"),
        ("churn --detail --top 1", "2"),
        ("expand --type upsell", "1 2 4 3 7 8 5"),
        ("expand --type cross-sell,expansion --max-effort low", "1 2 3 4 7 8 5 6"),
        ("expand --max-effort low --top 1", "1"),
        ("report --top 2", "2 4"),
        ("report --segment smb", "6 5"),
    ] {
        assert_eq!(listed(arguments), ids, "{arguments}");
    }
}
