//! What goes where: bytes that are the same twice, colour, text that could harm a terminal, readers that stop reading.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use csm::config::ModelFile;

const SAMPLE: &str = "assets/sample_customer_data.json";
const COMMANDS: [&[&str]; 6] = [
    &["health", SAMPLE],
    &["churn", SAMPLE],
    &["expand", SAMPLE],
    &["report", SAMPLE],
    &["explain", SAMPLE, "CUST-1002"],
    &["health", SAMPLE, "--detail"],
];

fn csm(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_csm"));
    command.current_dir(env!("CARGO_MANIFEST_DIR")).env("XDG_CONFIG_HOME", "/nowhere");
    for name in ["CSM_CONFIG", "CLICOLOR_FORCE", "NO_COLOR", "TERM"] {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

fn run(command: &mut Command) -> Output {
    command.stdin(Stdio::null()).output().expect("csm runs")
}

fn dated(arguments: &[&'static str]) -> Vec<&'static str> {
    [arguments, &["--as-of", "2026-06-30"]].concat()
}

#[test]
fn the_same_input_gives_the_same_bytes_twice() {
    for arguments in COMMANDS {
        for format in ["text", "json", "markdown"] {
            let arguments = [dated(arguments), vec!["--format", format]].concat();
            let [first, second] = [run(&mut csm(&arguments)), run(&mut csm(&arguments))];
            assert!(first.status.success(), "{arguments:?}");
            assert_eq!((first.stdout, first.stderr), (second.stdout, second.stderr), "{arguments:?}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_nothing_else() {
    for arguments in COMMANDS.into_iter().filter(|arguments| arguments[0] != "explain") {
        for format in ["text", "json", "csv"] {
            let with = |threads: &[&str]| {
                let output = run(&mut csm(&[&dated(arguments), &["--format", format][..], threads].concat()));
                assert!(output.status.success(), "{arguments:?} {threads:?}");
                (output.stdout, output.stderr)
            };
            let expected = with(&[]);
            for threads in ["1", "2", "3", "all"] {
                assert_eq!(with(&["--threads", threads]), expected, "{arguments:?} {threads}");
            }
        }
    }
}

#[test]
fn a_reader_that_stops_is_no_failure() {
    // More output than a pipe holds, so that the program is still writing when the reader leaves.
    let record = "{\"customer_id\": \"A\", \"name\": \"A name to fill the pipe with, over and over again\"}";
    let portfolio = format!("{{\"customers\": [{}]}}", vec![record; 2000].join(","));
    for arguments in [
        &["health", "-", "--format", "json", "-q"][..],
        &["health", "-", "--top", "all", "-q"],
        &["churn", "-", "--format", "json", "-q"],
        &["expand", "-", "--format", "json", "-q"],
        &["report", "-", "--format", "json", "-q"],
        &["report", "-", "--format", "html", "-q"],
        &["report", "-", "--format", "csv", "-q"],
        &["health", "-", "--format", "csv", "-q"],
        &["validate", "-", "--format", "csv", "-q"],
    ] {
        let mut child = csm(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("csm runs");
        child.stdin.take().expect("a pipe").write_all(portfolio.as_bytes()).expect("csm reads all");
        let mut out = BufReader::with_capacity(1, child.stdout.take().expect("a pipe"));
        out.read_line(&mut String::new()).expect("a line");
        drop(out);
        let output = child.wait_with_output().expect("csm ends");
        assert_eq!((output.status.code(), output.stderr), (Some(0), Vec::new()), "{arguments:?}");
    }
}

/// Whether a run of `csm health` gives colours: with these variables, and this `--color` if any.
fn is_coloured(variables: &[(&str, &str)], color: Option<&str>) -> bool {
    let color: Vec<&str> = color.map(|when| ["--color", when]).into_iter().flatten().collect();
    let output = run(csm(&[&dated(&["health", SAMPLE]), &color[..]].concat()).envs(variables.iter().copied()));
    assert!(output.status.success() && !output.stdout.is_empty());
    assert!(!output.stderr.contains(&0x1b));
    output.stdout.contains(&0x1b)
}

#[test]
fn colour_is_decided_by_flag_then_environment_then_terminal() {
    for (variables, color, coloured) in [
        (&[][..], None, false),
        (&[], Some("auto"), false),
        (&[], Some("never"), false),
        (&[], Some("always"), true),
        (&[("NO_COLOR", "1")], Some("always"), true),
        (&[("NO_COLOR", "1")], None, false),
        (&[("CLICOLOR_FORCE", "1")], None, true),
        (&[("CLICOLOR_FORCE", "1")], Some("auto"), true),
        (&[("CLICOLOR_FORCE", "1")], Some("never"), false),
        (&[("CLICOLOR_FORCE", "0")], None, false),
        (&[("CLICOLOR_FORCE", "")], None, false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], None, false),
        (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "")], None, true),
    ] {
        assert_eq!(is_coloured(variables, color), coloured, "{variables:?} --color {color:?}");
    }
}

#[test]
fn a_terminal_gets_colour_unless_the_environment_forbids_it() {
    let has_script = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_script {
        eprintln!("not run: there is no script(1) to give csm a terminal");
        return;
    }
    let line = format!("{} health {SAMPLE} --as-of 2026-06-30", env!("CARGO_BIN_EXE_csm"));
    for (variables, coloured) in [
        (&[("TERM", "xterm")][..], true),
        (&[("TERM", "dumb")], false),
        (&[("TERM", "xterm"), ("NO_COLOR", "1")], false),
        (&[("TERM", "dumb"), ("CLICOLOR_FORCE", "1")], true),
    ] {
        let mut script = Command::new("script");
        for name in ["CSM_CONFIG", "CLICOLOR_FORCE", "NO_COLOR"] {
            script.env_remove(name);
        }
        script.current_dir(env!("CARGO_MANIFEST_DIR")).env("XDG_CONFIG_HOME", "/nowhere");
        let output = run(script.args(["-qec", &line, "/dev/null"]).envs(variables.iter().copied()));
        assert!(output.status.success(), "{variables:?}");
        assert_eq!(output.stdout.contains(&0x1b), coloured, "{variables:?}");
    }
}

#[test]
fn a_workbook_is_not_shown_on_a_terminal() {
    let has_script = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_script {
        eprintln!("not run: there is no script(1) to give csm a terminal");
        return;
    }
    let line = format!("{} report {SAMPLE} --as-of 2026-06-30 --format xlsx", env!("CARGO_BIN_EXE_csm"));
    let mut script = Command::new("script");
    script.current_dir(env!("CARGO_MANIFEST_DIR")).env("XDG_CONFIG_HOME", "/nowhere").env_remove("CSM_CONFIG");
    let output = run(script.args(["-qec", &line, "/dev/null"]));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("a workbook is nothing for a terminal: -o FILE.xlsx writes it to a file"), "{said}");
}

#[test]
fn a_narrow_terminal_is_told_which_columns_are_hidden() {
    const COLUMNS: [&str; 12] = [
        "Account",
        "Id",
        "Segment",
        "ARR",
        "Raw",
        "Urgency",
        "Risk",
        "Tier",
        "Renewal",
        "Attention",
        "Data",
        "Gravest warning",
    ];
    let has_script = Command::new("script").arg("--version").output().is_ok_and(|output| output.status.success());
    if !has_script {
        eprintln!("not run: there is no script(1) to give csm a terminal");
        return;
    }
    for (width, all_shown) in [(40, false), (60, false), (80, false), (120, false), (250, true)] {
        let csm = env!("CARGO_BIN_EXE_csm");
        let line =
            format!("stty rows 40 cols {width} <&1; {csm} churn {SAMPLE} --as-of 2026-06-30 --color never --top 1");
        let mut script = Command::new("script");
        script.current_dir(env!("CARGO_MANIFEST_DIR")).env("XDG_CONFIG_HOME", "/nowhere").env_remove("CSM_CONFIG");
        let output = run(script.args(["-qec", &line, "/dev/null"]));
        let text = String::from_utf8(output.stdout).expect("UTF-8").replace('\r', "");
        assert!(output.status.success(), "{text}");
        for line in text.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
        let (_, table) = text.split_once("\nAccounts\n").expect("a list of accounts");
        let header = table.lines().next().expect("a header");
        // The words of the note may stand on several lines.
        let words = table.split_whitespace().collect::<Vec<_>>().join(" ");
        let hidden =
            words.split_once("Hidden for lack of width: ").map(|(_, rest)| rest.split('.').next().expect("a list"));
        assert_eq!(hidden.is_none(), all_shown, "{width}: {text}");
        let hidden: Vec<&str> = hidden.map(|list| list.split(", ").collect()).unwrap_or_default();
        let shown = COLUMNS.into_iter().filter(|column| !hidden.contains(column));
        assert!(hidden.iter().all(|column| COLUMNS.contains(column)), "{width}: {hidden:?}");
        // What is not said to be hidden is there, and nothing else.
        let shown: Vec<&str> = shown.flat_map(str::split_whitespace).collect();
        let mut found: Vec<&str> = header.split_whitespace().collect();
        found.sort_unstable();
        let mut expected = shown;
        expected.sort_unstable();
        assert_eq!(found, expected, "{width}: {text}");
    }
}

/// Characters that no output may hold: they steer a terminal, or turn around or hide what stands beside them.
fn is_harmful(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{61c}' | '\u{200b}' | '\u{200e}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A portfolio whose every text has all that could harm, as JSON escapes.
fn hostile() -> String {
    let bad = r"\u001b[31mX\u001b]0;owned\u0007\u009b2J\u202eevil\u2066\u200b\r\n\tY\u0000\u007f";
    let words = r#""relationship": {"renewal_sentiment": "BAD"}, "support_issues": {"satisfaction_trend": "BAD"}, "commercial_factors": {"contract_type": "BAD"}"#;
    let footprint = r#""contract": {"licensed_seats": 10, "active_seats": 10, "plan_tier": "BAD", "available_tiers": ["enterprise", "BAD"]}, "product_usage": {"BAD": {"adopted": false}}, "departments": {"current": ["BAD"], "potential": ["BAD2"]}"#;
    let record = format!(
        r#"{{"customer_id": "BAD", "name": "BAD", "segment": "BAD", "csm": "BAD", "arr": 1000, "lifecycle": "BAD", "contract_end_date": "2026-08-01", {words}, {footprint}}}"#
    );
    format!(r#"{{"currency": "BAD", "customers": [{record}, {record}]}}"#).replace("BAD", bad)
}

fn check_harmless(output: &Output, what: &str) {
    for (name, stream) in [("stdout", &output.stdout), ("stderr", &output.stderr)] {
        let text = std::str::from_utf8(stream).expect("UTF-8");
        assert_eq!(text.find(is_harmful), None, "{what}: {name}: {text:?}");
    }
}

#[test]
fn hostile_text_prints_harmlessly() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("hostile.json");
    fs::write(&path, hostile()).expect("a file");
    let wrong = folder.path().join("wrong.json");
    fs::write(&wrong, hostile().replace("1000", "\"\\u001b[31m\"")).expect("a file");
    let broken = folder.path().join("broken.json");
    fs::write(&broken, "{\"customers\": [{\"name\": \u{202e}\u{1b}[31m oops").expect("a file");
    let named = folder.path().join("\u{1b}[31mred\u{202e}.json");
    fs::write(&named, "{\"customers\": []}").expect("a file");
    let text = |path: &Path| path.to_str().expect("UTF-8").to_owned();
    let id =
        serde_json::from_str::<serde_json::Value>(&hostile()).expect("JSON")["customers"][0]["customer_id"].clone();
    let wanted: [&[&str]; 4] = [&[], &["--detail"], &["--format", "markdown"], &["--format", "markdown", "--detail"]];
    for command in ["health", "churn", "expand", "report"] {
        for wanted in wanted.into_iter().filter(|wanted| command != "report" || !wanted.contains(&"--detail")) {
            let portfolio = text(&path);
            let arguments = [&[command, &portfolio, "--color", "never", "--as-of", "2026-06-30"], wanted].concat();
            let output = run(&mut csm(&arguments));
            assert!(
                output.status.success() && !output.stdout.is_empty(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            check_harmless(&output, command);
        }
        for path in [&wrong, &broken, &named] {
            let output = run(&mut csm(&[command, &text(path), "--color", "never"]));
            assert_eq!(output.status.code(), Some(2));
            check_harmless(&output, command);
        }
    }
    // No argument can hold the character 0.
    let id = id.as_str().expect("an id").replace('\0', "");
    for format in ["text", "markdown"] {
        check_harmless(&run(&mut csm(&["explain", &text(&path), &id, "--format", format])), "explain");
    }
}

#[test]
fn hostile_file_names_print_harmlessly() {
    let name = "\u{1b}[31mred\u{202e}";
    for arguments in [&["health", name][..], &["health", SAMPLE, "--config", name], &["init", name, "--force"]] {
        check_harmless(&run(csm(arguments).current_dir(env!("CARGO_TARGET_TMPDIR"))), &format!("{arguments:?}"));
    }
}

#[test]
fn init_writes_the_shipped_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let target = folder.path().join("models");
    let output = run(&mut csm(&["init", target.to_str().expect("UTF-8")]));
    assert!(output.status.success());
    for file in ModelFile::ALL {
        let text = fs::read_to_string(target.join(file.file_name())).expect("a file");
        assert_eq!(text, file.shipped(), "{}", file.file_name());
    }
}
