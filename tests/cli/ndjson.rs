//! `--format ndjson`: a line for each account, as it comes.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

const SAMPLE: &str = "assets/sample_customer_data.json";
const PARITY: &str = "tests/parity/portfolio.json";
const COMMANDS: [&str; 3] = ["health", "churn", "expand"];

fn csm(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csm"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("XDG_CONFIG_HOME", "/nowhere").env_remove("CSM_CONFIG");
    command.args(arguments).args(["--as-of", "2026-06-30"]).stdin(Stdio::null());
    command
}

fn run(arguments: &[&str]) -> Output {
    csm(arguments).output().expect("csm runs")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

/// The lines of the records in JSON output, of the accounts in input order.
fn records_of_json(arguments: &[&str]) -> Vec<String> {
    let output = run(&[arguments, &["--format", "json", "--sort", "input"]].concat());
    let records = text(&output.stdout).lines().skip_while(|line| !line.starts_with("  \"customers\": ["));
    let records =
        records.filter_map(|line| line.strip_prefix("    ")).map(|line| line.trim_end_matches(',').to_owned());
    records.collect()
}

fn lines(output: &Output) -> Vec<&str> {
    let text = text(&output.stdout);
    assert!(text.is_empty() || text.ends_with('\n'), "the last line ends too");
    text.lines().collect()
}

/// The accounts of the parity portfolio, many times over, a line each.
fn many(folder: &Path) -> String {
    let portfolio: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(PARITY).expect("a file")).expect("JSON");
    let customers = portfolio["customers"].as_array().expect("a list");
    let mut lines = Vec::new();
    for round in 0..8 {
        for customer in customers {
            let mut customer = customer.clone();
            customer["customer_id"] = format!("{}-{round}", customer["customer_id"].as_str().expect("an id")).into();
            serde_json::to_writer(&mut lines, &customer).expect("a vector takes all");
            lines.push(b'\n');
        }
    }
    let path = folder.join("many.ndjson");
    fs::write(&path, lines).expect("a file");
    path.to_str().expect("UTF-8").to_owned()
}

fn check_lines(arguments: &[&str], threads: &[&str]) {
    let arguments = [arguments, &["--quiet"]].concat();
    let expected = records_of_json(&arguments);
    for threads in threads {
        let output = run(&[&arguments[..], &["--format", "ndjson", "--threads", threads]].concat());
        assert_eq!((output.status.code(), text(&output.stderr)), (Some(0), ""), "{arguments:?}");
        assert_eq!(lines(&output), expected, "{arguments:?} on {threads} threads");
    }
}

#[test]
fn lines_are_the_records_of_json_in_input_order() {
    for command in COMMANDS {
        let own: [&[&str]; 2] = match command {
            "health" => [&["--band", "red"], &["--band", "green,yellow", "--top", "2"]],
            "churn" => [&["--tier", "critical"], &["--tier", "high,low", "--detail"]],
            _ => [&["--type", "upsell"], &["--max-effort", "low"]],
        };
        let common: [&[&str]; 7] = [
            &["--detail"],
            &["--segment", "enterprise,smb"],
            &["--min-arr", "50000"],
            &["--top", "0"],
            &["--top", "3"],
            &["--top", "all", "--config", "tests/cli/missing.in/handed_on"],
            &["--customer", "CUST-1002"],
        ];
        for options in common.into_iter().chain(own) {
            check_lines(&[&[command, SAMPLE], options].concat(), &["1"]);
        }
        for options in own {
            check_lines(&[&[command, PARITY], options].concat(), &["1"]);
        }
    }
}

#[test]
fn lines_are_the_same_on_any_number_of_threads() {
    let folder = tempfile::tempdir().expect("a folder");
    let many = many(folder.path());
    for command in COMMANDS {
        check_lines(&[command, &many], &["1", "2"]);
    }
    // The last one that is wanted stands in the midst of a portion.
    check_lines(&["churn", &many, "--top", "300", "--detail"], &["1", "2"]);
}

#[test]
fn gates_are_judged_behind_the_last_line() {
    for (arguments, code) in [
        (&["health", "--fail-on", "red"][..], 1),
        (&["health", "--fail-on", "red>99%"], 0),
        (&["health", "--fail-on", "arr-at-risk>=1%"], 1),
        (&["health", "--band", "green", "--fail-on", "red"], 1),
        (&["churn", "--fail-on", "critical>=1", "--top", "0"], 1),
        (&["expand", "--type", "upsell", "--fail-on", "plays<1"], 0),
        (&["expand", "--fail-on", "revenue>0", "--fail-on", "average<1"], 1),
    ] {
        let arguments = [&arguments[..1], &[SAMPLE], &arguments[1..]].concat();
        let json = run(&[&arguments[..], &["--format", "json"]].concat());
        let output = run(&[&arguments[..], &["--format", "ndjson"]].concat());
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert_eq!((output.status, text(&output.stderr)), (json.status, text(&json.stderr)), "{arguments:?}");
        assert_eq!(lines(&output), records_of_json(&arguments), "{arguments:?}");
    }
}

#[test]
fn the_first_bad_record_ends_the_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.ndjson");
    let out = folder.path().join("out.ndjson");
    let (path, out) = (path.to_str().expect("UTF-8"), out.to_str().expect("UTF-8"));
    let good = |id| format!("{{\"customer_id\": \"{id}\"}}\n");
    let bad = "{\"customer_id\": \"X\", \"arr\": \"x\"}\n";
    for (portfolio, before, valid) in [
        (format!("{}{bad}{}{bad}", good("A"), good("B")), 1, 2),
        (format!("{}{}{bad}{}", good("A"), good("B"), good("C")), 2, 3),
        (format!("{bad}{}", good("A")), 0, 1),
    ] {
        fs::write(path, &portfolio).expect("a file");
        for threads in ["1", "2"] {
            let ended = run(&["churn", path, "--format", "ndjson", "--threads", threads]);
            assert_eq!((ended.status.code(), lines(&ended).len()), (Some(2), before), "{portfolio}");
            let said = text(&ended.stderr);
            let why = match before {
                0 => "is unusable, nothing was scored",
                1 => "is unusable from there on, 1 account was written before",
                _ => "is unusable from there on, 2 accounts were written before",
            };
            assert_eq!(said.matches("error: ").count(), 1, "{said}");
            assert!(said.ends_with(&format!("a.ndjson {why}; --skip-invalid scores the valid records\n")), "{said}");

            let skipped = run(&["churn", path, "--format", "ndjson", "--threads", threads, "--skip-invalid"]);
            assert_eq!((skipped.status.code(), lines(&skipped).len()), (Some(0), valid), "{portfolio}");

            // A file is whole or not there.
            let ended = run(&["churn", path, "-o", out, "--threads", threads]);
            assert_eq!(ended.status.code(), Some(2), "{portfolio}");
            assert!(text(&ended.stderr).contains("is unusable, nothing was scored"), "{}", text(&ended.stderr));
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "{portfolio}");
        }
    }
}

#[test]
fn a_file_that_ends_like_ndjson_has_the_lines() {
    let folder = tempfile::tempdir().expect("a folder");
    for name in ["out.ndjson", "out.JSONL"] {
        let out = folder.path().join(name);
        let run = run(&["health", SAMPLE, "-o", out.to_str().expect("UTF-8")]);
        assert_eq!((run.status.code(), text(&run.stdout), text(&run.stderr)), (Some(0), "", ""));
        let written = fs::read_to_string(&out).expect("a file");
        assert_eq!(written.lines().collect::<Vec<_>>(), records_of_json(&["health", SAMPLE]));
    }
}

#[test]
fn lines_come_while_the_portfolio_goes_on() {
    let folder = tempfile::tempdir().expect("a folder");
    let accounts = fs::read(many(folder.path())).expect("a file");
    for threads in ["1", "2"] {
        let mut child = csm(&["churn", "-", "--format", "ndjson", "--threads", threads])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("csm runs");
        let mut input = child.stdin.take().expect("a pipe");
        let mut out = BufReader::new(child.stdout.take().expect("a pipe"));
        let accounts = accounts.clone();
        // Another thread feeds the program until the first line has come, and would go on for ever.
        let feeding = std::thread::spawn(move || while input.write_all(&accounts).is_ok() {});
        let mut line = String::new();
        out.read_line(&mut line).expect("a line");
        assert!(line.starts_with("{\"customer_id\":"), "{line}");
        // A reader that stops is no failure.
        drop(out);
        assert_eq!(child.wait().expect("csm ends").code(), Some(0));
        feeding.join().expect("nobody reads any more");
    }
}
