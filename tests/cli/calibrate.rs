//! Bounds that `csm calibrate --write` puts into the model: into which file, what else changes there, and whether scores use them.

#[path = "../../examples/make_history.rs"]
#[allow(dead_code)]
mod make_history;

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use csm::config::ModelFile;
use make_history::{Wanted, make};
use serde_json::Value;
use tempfile::TempDir;

const LINE: &str =
    "calibrate exports --as-of 2026-06-30 --outcomes outcomes.csv --recall 0.7 --recall-red 0.5 --format json --quiet";

/// A folder with a made-up history; what it says lets bounds be chosen for the tiers and for one segment at least.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let made = make(Wanted { seed: 6, ..Wanted::default() });
    fs::create_dir(folder.path().join("exports")).expect("a folder");
    for (day, text) in &made.snapshots {
        fs::write(folder.path().join(format!("exports/{day}.csv")), text).expect("a file");
    }
    fs::write(folder.path().join("outcomes.csv"), &made.outcomes).expect("a file");
    folder
}

fn csm(folder: &Path, line: &str) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder)
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", folder.join("user"))
        .args(line.split_whitespace())
        .output()
        .expect("csm runs")
}

fn json(folder: &Path, line: &str) -> Value {
    let run = csm(folder, line);
    assert!(run.status.success(), "{line}: {}", String::from_utf8_lossy(&run.stderr));
    serde_json::from_slice(&run.stdout).expect("JSON")
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

/// The shipped segments with line ends of Windows and a comment that has no line of its own to end it.
fn commented() -> String {
    format!("{}# The end", ModelFile::Segments.shipped()).replace('\n', "\r\n")
}

#[test]
fn bounds_are_written_into_the_file_that_is_in_use_and_used_from_then_on() {
    let folder = folder();
    let churn = ModelFile::Churn.shipped();
    fs::create_dir(folder.path().join("ours")).expect("a folder");
    fs::write(folder.path().join("ours/segments.toml"), commented()).expect("a file");
    fs::write(folder.path().join("ours/churn.toml"), churn).expect("a file");

    let proposed = json(folder.path(), &format!("{LINE} --config ours"));
    assert_eq!(proposed["written"], Value::Null);
    assert_eq!(read(&folder, "ours/segments.toml"), commented(), "nothing is written unasked");

    let result = json(folder.path(), &format!("{LINE} --config ours --write"));
    assert_eq!(result["proposals"], proposed["proposals"]);
    let paths = ["segments.toml", "churn.toml"].map(|name| Path::new("ours").join(name).display().to_string());
    assert_eq!(result["written"], Value::from(paths.to_vec()));

    // The files as they were, with the new figures in the old places and a line above each.
    let changed =
        result["proposals"].as_array().expect("a list").iter().filter(|proposal| !proposal["proposed"].is_null());
    let (tiers, changed): (Vec<&Value>, Vec<&Value>) = changed.partition(|proposal| proposal["on"] == "churn");
    assert!(!changed.is_empty());
    let [tiers] = tiers[..] else { panic!("one proposal for all tiers") };
    let bound = |name: &str| tiers["proposed"][name].as_f64().expect("a number");
    let (high, medium) = (bound("high"), bound("medium"));
    let note = "# csm calibrate: from exports (2024-07-01 to 2026-06-29) and outcomes.csv: at least 70 % of those who leave raise an \
                alarm 60 days before, and 50 % a grave one\r\n";
    let new = format!("{}[tiers]\ncritical = 80\nhigh = {high}\nmedium = {medium}\n", &note.replace('\r', ""));
    assert_eq!(
        read(&folder, "ours/churn.toml"),
        churn.replacen("[tiers]\ncritical = 80\nhigh = 60\nmedium = 40\n", &new, 1)
    );

    let found =
        json(folder.path(), "churn exports/2026-06-29.csv --as-of 2026-06-29 --format json --quiet --config ours");
    let mut alarms = 0;
    for customer in found["customers"].as_array().expect("a list") {
        let risk = customer["risk_score"].as_f64().expect("a score");
        let tier = match risk {
            _ if risk >= 80.0 => "critical",
            _ if risk >= high => "high",
            _ if risk >= medium => "medium",
            _ => "low",
        };
        assert_eq!(customer["risk_tier"], tier, "{customer}");
        alarms += u32::from(tier != "low");
    }
    let after = |part: usize| tiers["last_snapshot"]["after"][part]["accounts"].as_u64().expect("a number");
    assert_eq!(u64::from(alarms), after(0) + after(1));

    let mut expected = commented();
    for proposal in &changed {
        let bands = |which: &str| {
            let bound = |name: &str| proposal[which][name].as_f64().expect("a number");
            format!("bands = {{ green = {}, yellow = {} }}", bound("green"), bound("yellow"))
        };
        let segment = proposal["segment"].as_str().expect("a segment");
        let (before, after) = expected.split_once(&format!("[segments.{segment}]")).expect("the segment");
        let after = after.replacen(&bands("present"), &format!("{note}{}", bands("proposed")), 1);
        expected = format!("{before}[segments.{segment}]{after}");
    }
    assert_eq!(read(&folder, "ours/segments.toml"), expected);

    let health =
        json(folder.path(), "health exports/2026-06-29.csv --as-of 2026-06-29 --format json --quiet --config ours");
    for proposal in changed {
        let of_segment = health["customers"].as_array().expect("a list").iter();
        let of_segment = of_segment.filter(|customer| customer["segment"] == proposal["segment"]);
        let mut red = 0;
        for customer in of_segment {
            let score = customer["overall_score"].as_f64().expect("a score");
            let reaches = |name: &str| score >= proposal["proposed"][name].as_f64().expect("a number");
            let band = if reaches("green") {
                "green"
            } else if reaches("yellow") {
                "yellow"
            } else {
                red += 1;
                "red"
            };
            assert_eq!(customer["classification"], band, "{customer}");
        }
        assert_eq!(proposal["last_snapshot"]["after"][0]["accounts"], red);
    }
}

#[cfg(unix)]
#[test]
fn without_a_file_in_use_a_new_one_is_written_and_the_uppermost_one_where_there_are_several() {
    let folder = folder();
    let result = json(folder.path(), &format!("{LINE} --write"));
    let path = Path::new("config").join("segments.toml").display().to_string();
    let tiers = Path::new("config").join("churn.toml").display().to_string();
    assert_eq!(result["written"], Value::from(vec![path, tiers]));
    let new = read(&folder, "config/segments.toml");
    assert!(new.starts_with("format = 1\n\n[segments."), "{new}");
    assert!(read(&folder, "config/churn.toml").starts_with("format = 1\n\n"));

    // The user's own file is in use where the folder has none, whatever it says.
    fs::create_dir_all(folder.path().join("user/csm")).expect("a folder");
    fs::remove_dir_all(folder.path().join("config")).expect("a folder");
    let old = "format = 1\n[segments.smb]\nlabel = \"Small\"\n";
    fs::write(folder.path().join("user/csm/segments.toml"), old).expect("a file");
    let result = json(folder.path(), &format!("{LINE} --on health --write"));
    let user = folder.path().join("user/csm/segments.toml").display().to_string();
    assert_eq!(result["written"], Value::from(vec![user]));
    assert_eq!(read(&folder, "user/csm/segments.toml"), new.replacen("format = 1\n", old, 1));
    assert!(!folder.path().join("config/segments.toml").exists());
}
