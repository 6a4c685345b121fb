//! What is written where: results, records left out, devices, links, permissions. And what is said of it.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};
use tempfile::TempDir;

const GOOD: &str = r#"{"customers": [{"customer_id": "A", "arr": 12000}]}"#;
const HALF: &str = r#"{"customers": [{"customer_id": "A", "arr": 12000}, {"customer_id": "B", "arr": "12k"}]}"#;
const BAD: &str = r#"{"customers": [{"customer_id": "A", "arr": "12k"}, {"customer_id": "B", "arr": -1}]}"#;

/// A folder with the three portfolios.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("good.json", GOOD), ("half.json", HALF), ("bad.json", BAD)] {
        fs::write(folder.path().join(name), text).expect("a file");
    }
    folder
}

/// Runs a command line in a folder, with this text on its standard input.
fn csm(folder: &Path, line: &str, input: &str) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder)
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .args(line.split_whitespace())
        .args(["--as-of", "2026-06-30"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("csm runs");
    // Where the command line is refused, nobody reads.
    let _ = child.stdin.take().expect("a pipe").write_all(input.as_bytes());
    child.wait_with_output().expect("csm ends")
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).expect("UTF-8")
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

fn parsed(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

#[test]
fn one_file_cannot_take_results_and_rejects() {
    for (output, rejects, there) in [
        ("x.json", "x.json", false),
        ("x.json", "./x.json", false),
        ("./x.json", "x.json", false),
        ("x.json", "x.json", true),
        ("x.json", "./x.json", true),
        ("good.json", "x.json", false),
        ("x.json", "good.json", false),
    ] {
        let folder = folder();
        if there {
            fs::write(folder.path().join("x.json"), "kept").expect("a file");
        }
        let run = csm(folder.path(), &format!("health good.json -o {output} --skip-invalid --rejects {rejects}"), "");
        let said = text(&run.stderr);
        let why = if [output, rejects].contains(&"good.json") { "is the portfolio itself" } else { "cannot take both" };
        assert!(run.status.code() == Some(2) && said.contains(why), "-o {output} --rejects {rejects}: {said}");
        assert_eq!(read(&folder, "good.json"), GOOD);
        let left = folder.path().join("x.json");
        let left = left.exists().then(|| fs::read_to_string(left).expect("a file"));
        assert_eq!(left.as_deref(), there.then_some("kept"), "-o {output} --rejects {rejects}");
    }
}

#[test]
fn rejects_are_those_of_this_run() {
    for (portfolio, code, ids) in
        [("good.json", 0, json!([])), ("half.json", 0, json!(["B"])), ("bad.json", 2, json!(["A", "B"]))]
    {
        let folder = folder();
        fs::write(folder.path().join("left.json"), r#"{"customers": [{"customer_id": "stale"}]}"#).expect("a file");
        let run = csm(folder.path(), &format!("health {portfolio} --skip-invalid --rejects left.json"), "");
        assert_eq!(run.status.code(), Some(code), "{portfolio}");
        let left = parsed(&read(&folder, "left.json"));
        let found: Vec<&Value> =
            left["customers"].as_array().expect("a list").iter().map(|record| &record["customer_id"]).collect();
        assert_eq!(json!(found), ids, "{portfolio}");
    }
}

#[test]
fn without_a_valid_record_nothing_is_scored() {
    for command in ["health", "churn", "expand", "report"] {
        let folder = folder();
        fs::write(folder.path().join("out.txt"), "kept").expect("a file");
        for line in
            [format!("{command} bad.json --skip-invalid"), format!("{command} bad.json --skip-invalid -o out.txt -q")]
        {
            let run = csm(folder.path(), &line, "");
            assert_eq!((run.status.code(), text(&run.stdout)), (Some(2), ""), "{line}");
            let said = text(&run.stderr);
            assert!(said.ends_with("csm: bad.json has no valid record, nothing was scored\n"), "{line}: {said}");
        }
        assert_eq!(read(&folder, "out.txt"), "kept", "{command}");
    }
}

#[cfg(unix)]
#[test]
fn a_device_stays_a_device() {
    use std::os::unix::fs::FileTypeExt as _;
    let folder = folder();
    for (line, code) in [
        ("health good.json --skip-invalid --rejects /dev/null -q", 0),
        ("health half.json --skip-invalid --rejects /dev/null -q", 0),
        ("health bad.json --skip-invalid --rejects /dev/null -q", 2),
        ("health good.json -o /dev/null -q", 0),
    ] {
        let run = csm(folder.path(), line, "");
        assert_eq!(run.status.code(), Some(code), "{line}: {}", text(&run.stderr));
        let device = fs::symlink_metadata("/dev/null").expect("a device").file_type();
        assert!(device.is_char_device(), "{line}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_written_whole_is_said_and_not_left_behind() {
    const COMMANDS: [&str; 5] =
        ["health good.json", "churn good.json", "expand good.json", "report good.json", "explain good.json A"];
    for command in COMMANDS {
        for format in ["text", "json", "markdown"] {
            let folder = folder();
            let check = |place: &str, why: &str| {
                let run = csm(folder.path(), &format!("{command} --format {format} -q -o {place}"), "");
                let said = format!("csm: cannot write {place}: {why}");
                assert_eq!((run.status.code(), text(&run.stdout)), (Some(2), ""), "{command} {format} -o {place}");
                assert!(text(&run.stderr).starts_with(&said), "{command} {format}: {}", text(&run.stderr));
            };
            check("/dev/full", "No space left on device");
            check("/proc/x", "");
            check("none/x", "there is no such folder");
            assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 3, "{command} {format}");
        }
    }
}

#[cfg(unix)]
#[test]
fn results_keep_the_permissions_of_a_file_and_follow_a_link() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};
    for mode in [0o600, 0o640, 0o644, 0o660] {
        for (option, expected) in [("-o", "customer_health_scores"), ("-o /dev/null --rejects", "customers")] {
            let folder = folder();
            let inner = folder.path().join("inner");
            fs::create_dir(&inner).expect("a folder");
            let target = inner.join("target.json");
            fs::write(&target, "old").expect("a file");
            fs::set_permissions(&target, fs::Permissions::from_mode(mode)).expect("permissions");
            let link = folder.path().join("link.json");
            symlink("inner/target.json", &link).expect("a link");
            for name in ["inner/target.json", "link.json"] {
                let run = csm(
                    folder.path(),
                    &format!("health half.json --skip-invalid -q --format json {option} {name}"),
                    "",
                );
                assert_eq!(run.status.code(), Some(0), "{option} {name}: {}", text(&run.stderr));
                assert!(fs::read_to_string(&target).expect("a file").contains(expected), "{option} {name}");
                let found = fs::metadata(&target).expect("a file").permissions().mode() & 0o777;
                assert_eq!(found, mode, "{option} {name}: {found:o}");
                assert!(fs::symlink_metadata(&link).expect("a link").is_symlink(), "{option} {name}");
                fs::write(&target, "old").expect("a file");
            }
            assert_eq!(fs::read_dir(&inner).expect("a folder").count(), 1, "nothing else is left behind");
        }
    }
}

#[test]
fn shares_are_compared_with_gates_exactly() {
    let yellow = r#"{"usage": {"login_frequency": 60, "feature_adoption": 40, "dau_mau_ratio": 0.2}, "engagement": {"meeting_attendance": 60}}"#;
    let green = r#"{"usage": {"login_frequency": 100, "feature_adoption": 100, "dau_mau_ratio": 1}, "engagement": {"meeting_attendance": 100, "nps_score": 10, "csat_score": 5}}"#;
    let records = [[yellow; 7].as_slice(), [green; 18].as_slice()].concat();
    let portfolio = format!("{{\"customers\": [{}]}}", records.join(","));
    // 7 ÷ 25 × 100 is above 28 in doubles.
    for (gate, code) in [
        ("yellow>28%", 0),
        ("yellow>=28%", 1),
        ("yellow<28%", 0),
        ("yellow<=28%", 1),
        ("yellow>27.99%", 1),
        ("yellow>=28.01%", 0),
        ("yellow>7", 0),
        ("yellow>6", 1),
        ("green<72%", 0),
        ("green<=72%", 1),
    ] {
        let run = csm(Path::new("."), &format!("health - -q --format json --fail-on {gate}"), &portfolio);
        assert_eq!(run.status.code(), Some(code), "{gate}: {}", text(&run.stderr));
    }
}

#[test]
fn warnings_of_one_kind_are_told_once() {
    let startups = |count: usize| vec![r#""segment": "startup""#; count];
    for (records, ends) in [
        (startups(1), vec!["scored as mid-market"]),
        (startups(2), vec!["scored as mid-market (and 1 more like it)"]),
        (startups(12), vec!["scored as mid-market (and 11 more like it)"]),
        (
            [startups(2), vec![r#""support": {"escalation_rate": 18}"#], startups(1)].concat(),
            vec!["scored as mid-market (and 2 more like it)", "looks like a percentage, expected 0 to 1"],
        ),
    ] {
        let records: Vec<String> =
            (1..).zip(&records).map(|(id, fields)| format!("{{\"customer_id\": \"{id}\", {fields}}}")).collect();
        let portfolio = format!("{{\"customers\": [{}]}}", records.join(","));
        let run = csm(Path::new("."), "health - --format json", &portfolio);
        let lines: Vec<&str> = text(&run.stderr).lines().filter(|line| line.starts_with("warning: ")).collect();
        assert_eq!(lines.len(), ends.len(), "{lines:?}");
        for (line, end) in lines.iter().zip(ends) {
            assert!(line.ends_with(end), "{line}");
        }
        // The list for machines has them all.
        assert_eq!(parsed(text(&run.stdout))["data_quality"]["warning_count"], lines_in(&lines), "{portfolio}");
    }
}

#[test]
fn validation_shows_names_as_spelt_and_nothing_harmful() {
    let rows = "customer_id,name\n\u{1b}[31ma\u{202e},ACME \u{202e}x\nb,acme \u{202e}X\n";
    for (format, name) in
        [("csv", "\"\"ACME \\u{202e}x\"\""), ("json", "ACME \\\\u{202e}x"), ("text", "\"ACME \\u{202e}x\"")]
    {
        let run = csm(Path::new("."), &format!("validate - --format {format}"), rows);
        let told = text(&run.stdout);
        let problem = told.lines().find(|line| line.contains("several times")).expect("a problem");
        assert!(problem.contains(name) && !problem.contains(['\u{1b}', '\u{202e}']), "{problem:?}");
        assert!(problem.contains("u{1b}[31ma"), "{problem:?}");
    }
}

#[test]
fn validation_tells_doubts_about_columns_first_and_warnings_of_one_kind_once() {
    let rows: Vec<String> = (1..=31).map(|id| format!("{id},N{},20", id.max(2))).collect();
    let rows = format!("customer_id,name,support.escalation_rate\n{}", rows.join("\n"));
    let run = csm(Path::new("."), "validate -", &rows);
    let told = text(&run.stdout);
    let places: Vec<Option<usize>> = [
        "Warnings (33)",
        "which look like percentages",
        "found \"N2\" for 2 customers",
        "looks like a percentage, expected 0 to 1 (and 30",
        "--format csv writes each of them",
    ]
    .into_iter()
    .map(|part| told.find(part))
    .collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{places:?} {told}");
    assert_eq!(told.matches("looks like a percentage").count(), 1, "{told}");
    let run = csm(Path::new("."), "validate - --format csv", &rows);
    assert_eq!(text(&run.stdout).matches("looks like a percentage").count(), 31);
}

#[test]
fn nothing_can_be_scored_of_what_is_unusable_as_a_whole() {
    let run = csm(Path::new("."), "validate -", "{\"customers\": [{\"customer_id\": \"A\"}, {\"customer_id\": \"B\"}");
    assert!(text(&run.stdout).contains(" 0 of 2 records can be scored."), "{}", text(&run.stdout));
    let run = csm(Path::new("."), "validate -", "customer_id\nA\n");
    assert!(text(&run.stdout).contains(" 1 of 1 record can be scored."), "{}", text(&run.stdout));
}

#[test]
fn a_sheet_is_not_looked_for_in_a_text() {
    let run = csm(Path::new("."), "validate - --sheet Two", "customer_id\nA\n");
    let told = text(&run.stdout);
    assert!(told.contains("the sheet \"Two\" is not looked for: only a workbook has sheets"), "{told}");
}

#[test]
fn the_sheet_that_is_read_is_told_where_others_have_cells_too() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(csm_init(folder.path()).status.success());
    for (options, told) in [("", true), ("--sheet Portfolio", false)] {
        let run = csm(folder.path(), &format!("validate portfolio.xlsx {options}"), "");
        let note = "portfolio.xlsx: the sheet Portfolio is read; also there: Columns";
        assert_eq!(text(&run.stdout).contains(note), told, "{}", text(&run.stdout));
    }
}

/// Writes an empty workbook, which has two sheets, into a folder.
fn csm_init(folder: &Path) -> Output {
    let mut init = Command::new(env!("CARGO_BIN_EXE_csm"));
    init.current_dir(folder).args(["init", "--blank", "xlsx", "."]).output().expect("csm runs")
}

/// How many warnings these lines stand for.
fn lines_in(lines: &[&str]) -> u64 {
    let more = |line: &&str| {
        line.split_once("(and ")
            .map_or(0, |(_, rest)| rest.split(' ').next().expect("a word").parse().expect("a number"))
    };
    lines.iter().map(|line| 1 + more(line)).sum()
}

#[test]
fn no_row_is_shown_of_the_top_0_and_the_totals_stay() {
    let portfolio = [r#"{"arr": 1000, "contract": {"licensed_seats": 10, "active_seats": 10}}"#; 3].join(",");
    let portfolio = format!("{{\"customers\": [{portfolio}]}}");
    for command in ["health", "churn", "expand", "report"] {
        let run = |top: &str| {
            let run = csm(Path::new("."), &format!("{command} - --format json -q --top {top}"), &portfolio);
            assert_eq!(run.status.code(), Some(0), "{command} --top {top}");
            parsed(text(&run.stdout))
        };
        let (none, all) = (run("0"), run("all"));
        assert_eq!(none["summary"], all["summary"], "{command}");
        let lists: &[&str] =
            if command == "report" { &["actions", "renewals", "proposals", "earn_first"] } else { &["customers"] };
        for list in lists {
            assert_eq!(none[list], json!([]), "{command}: {list}");
        }
        let shown = csm(Path::new("."), &format!("{command} - -q --top 0"), &portfolio);
        let what = "0 of 3 accounts shown; --top N shows more, --top all shows all.";
        assert!(text(&shown.stdout).contains(what), "{command}: {}", text(&shown.stdout));
    }
}

#[test]
fn what_turns_text_around_is_escaped_in_json() {
    for (character, escape) in
        [('\u{202e}', r"\u202e"), ('\u{9b}', r"\u009b"), ('\u{1b}', r"\u001b"), ('\u{2066}', r"\u2066")]
    {
        let name = format!("a{character}b");
        let record = json!({
            "customer_id": name, "name": name, "segment": name, "csm": name, "arr": 1000,
            "contract": {"plan_tier": name, "available_tiers": ["enterprise"]},
            "product_usage": {name.as_str(): {"adopted": false}},
            "departments": {"potential": [name]},
        });
        let portfolio = json!({"currency": name, "customers": [record]}).to_string();
        for command in ["health", "churn", "expand", "report"] {
            let run = csm(Path::new("."), &format!("{command} - --format json"), &portfolio);
            assert_eq!(run.status.code(), Some(0), "{command}: {}", text(&run.stderr));
            let out = text(&run.stdout);
            assert!(!out.contains(character) && out.contains(&format!("a{escape}b")), "{command}: {escape}: {out}");
            let list = if command == "report" { "earn_first" } else { "customers" };
            assert_eq!(parsed(out)[list][0]["name"], name.as_str(), "{command}: {escape}");
        }
    }
}
