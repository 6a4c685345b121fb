//! Progress is on a terminal, where work is long, and nowhere else.

use std::fs;
use std::process::{Command, Stdio};

/// What a shell line prints on a terminal in a folder with the sample portfolio; `None` where there is no script(1) to give it one.
fn on_terminal(line: &str) -> Option<String> {
    let has_script = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_script {
        eprintln!("not run: there is no script(1) to give csm a terminal");
        return None;
    }
    let mut script = Command::new("script");
    script.current_dir(env!("CARGO_MANIFEST_DIR")).env("XDG_CONFIG_HOME", "/nowhere").env_remove("CSM_CONFIG");
    script.env("TERM", "xterm").env("CSM", env!("CARGO_BIN_EXE_csm"));
    let output = script.args(["-qec", line, "/dev/null"]).stdin(Stdio::null()).output().expect("script runs");
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stdout));
    Some(String::from_utf8(output.stdout).expect("UTF-8"))
}

const SLOW: &str = "{ cat assets/sample_customer_data.json; sleep 1.6; }";
const HEALTH: &str = "\"$CSM\" health - --as-of 2026-06-30 --format json";

#[test]
fn long_work_shows_progress_and_takes_it_away() {
    let folder = tempfile::tempdir().expect("a folder");
    let said = folder.path().join("said");
    let said_path = said.display();
    for (line, shows) in [
        (format!("{SLOW} | {HEALTH} > /dev/null"), true),
        (format!("{SLOW} | \"$CSM\" churn - --as-of 2026-06-30 --format ndjson > /dev/null"), true),
        (format!("{SLOW} | \"$CSM\" validate - --as-of 2026-06-30 > /dev/null"), true),
        // Lines on the terminal are progress enough.
        (format!("{SLOW} | \"$CSM\" churn - --as-of 2026-06-30 --format ndjson"), false),
        (format!("{SLOW} | {HEALTH} --quiet > /dev/null"), false),
        (format!("{SLOW} | {HEALTH} 2> '{said_path}' > /dev/null"), false),
        (format!("{HEALTH} > /dev/null < assets/sample_customer_data.json"), false),
    ] {
        let Some(shown) = on_terminal(&line) else { return };
        assert_eq!(shown.contains(" accounts, "), shows, "{line}: {shown:?}");
        if shows {
            let (_, behind) = shown.rsplit_once(" accounts, ").expect("it is there");
            assert!(behind.contains("\u{1b}[2K"), "{line}: {shown:?}");
        }
    }
    assert_eq!(fs::read_to_string(&said).expect("a file"), "");
}

#[test]
fn what_is_told_stands_where_the_progress_was() {
    let slow = SLOW.replace("; sleep", " | sed '0,/\"arr\": /s//\"arr\": -/'; sleep");
    let Some(shown) = on_terminal(&format!("{slow} | {HEALTH} --skip-invalid -o /dev/null")) else { return };
    let (before, behind) = shown.rsplit_once("\u{1b}[2K").expect("it is taken away");
    assert!(before.contains(" accounts, ") && !before.contains("error: "), "{shown:?}");
    let told: Vec<&str> = behind.lines().map(str::trim_end).collect();
    assert!(told[0].trim_start_matches('\r').starts_with("error: <stdin>:"), "{told:?}");
    assert_eq!(told.last(), Some(&"csm: 1 of 8 records left out as invalid"), "{told:?}");
}
