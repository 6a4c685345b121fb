//! The flat tables: CSV, the workbook and the forecast. That they have the figures of the JSON output is held in `figures`.

use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use csm::account::Book;
use csm::analysis::{Assessor, Briefing, Onboarding, Order, Population, Scope, Selection, Survey};
use csm::config::{self, Models};
use csm::evidence::difference::{Difference, MoverOrder, Side};
use csm::evidence::{Following, History, On, PERIODS, Trajectories};
use csm::intake::Reading;
use csm::report::{Comparison, Context, TrendFindings, sheet};
use serde_json::{Value, json};
use tempfile::TempDir;

const AS_OF: &str = "2026-06-30";

fn csm(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder)
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .args(arguments)
        .args(["--as-of", AS_OF, "--quiet"])
        .stdin(Stdio::null())
        .output()
        .expect("csm runs")
}

fn written(folder: &Path, arguments: &[&str]) -> Vec<u8> {
    let run = csm(folder, arguments);
    assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
    run.stdout
}

/// A folder with the sample as `portfolio.json`.
fn sample() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/sample_customer_data.json");
    fs::copy(sample, folder.path().join("portfolio.json")).expect("a copy");
    folder
}

/// Names that mean something to spreadsheets, terminals, browsers or readers of XML.
fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "=HYPERLINK(\"http://example.com\",\"click\")",
        "+1",
        "+cmd|' /C calc'!A0",
        "@x",
        "-2+3",
        "\t=1+1",
        "  =1+1",
        "user\u{202e}gpj.exe",
        "\u{1b}[31mred\u{1b}[0m",
        "<script>alert(1)</script> & ]]>",
        "_x0041_ _x000D_",
        "a\u{ffff}b\u{0}c",
        "two\r\nlines",
        "Þór 株式会社 😀",
        "../../x",
    ]
    .map(str::to_owned)
    .to_vec();
    names.extend(["x".repeat(10_000), "ä".repeat(40_000)]);
    names
}

/// A folder with a portfolio of such names, as everything that is text.
fn hostile() -> TempDir {
    let folder = sample();
    let path = folder.path().join("portfolio.json");
    let mut portfolio: Value = serde_json::from_slice(&fs::read(&path).expect("a file")).expect("JSON");
    let accounts = portfolio["customers"].as_array().expect("accounts").clone();
    let of = |(at, name): (usize, String)| {
        let mut account = accounts[at % accounts.len()].clone();
        account["customer_id"] = json!(format!("={at}"));
        account["csm"] = json!(name);
        account["segment"] = json!(name);
        account["departments"]["potential"] = json!([name]);
        account["name"] = json!(name);
        account
    };
    portfolio["customers"] = hostile_names().into_iter().enumerate().map(of).collect();
    portfolio["currency"] = json!("EUR");
    fs::write(&path, portfolio.to_string()).expect("a file");
    folder
}

/// The head of a table and its rows.
fn table(text: &[u8]) -> (Vec<String>, Vec<Vec<String>>) {
    let mut reader = csv::Reader::from_reader(text);
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let head = cells(reader.headers().expect("a head"));
    let rows = reader.records().map(|record| cells(&record.expect("a row"))).collect();
    (head, rows)
}

/// The sheets of a workbook by name, each as its XML; and all parts by their names.
fn parts(workbook: &[u8]) -> BTreeMap<String, String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(workbook)).expect("a workbook");
    let names: Vec<String> = archive.file_names().map(|name| name.expect("a name").into_owned()).collect();
    let read = |name: String| {
        let mut text = String::new();
        archive.by_name(&name).expect("a part").read_to_string(&mut text).expect("UTF-8");
        (name, text)
    };
    names.into_iter().map(read).collect()
}

#[test]
fn no_text_of_the_data_becomes_a_formula() {
    for folder in [sample(), hostile()] {
        for command in ["health", "churn", "expand", "report"] {
            let workbook = written(folder.path(), &[command, "portfolio.json", "--format", "xlsx"]);
            for (name, text) in parts(&workbook).iter().filter(|(name, _)| name.starts_with("xl/worksheets/sheet")) {
                assert!(!text.contains("<f>") && !text.contains("<f "), "{command}: {name} has a formula");
            }
            let (_, rows) = table(&written(folder.path(), &[command, "portfolio.json", "--format", "csv"]));
            let formula = |text: &&String| {
                text.trim_start().starts_with(['=', '+', '-', '@', '\t']) && text.parse::<f64>().is_err()
            };
            let found: Vec<&String> = rows.iter().flatten().filter(formula).collect();
            assert!(found.is_empty(), "{command}: {found:?}");
        }
        let bare = written(folder.path(), &["health", "portfolio.json", "--format", "csv", "--no-csv-guard"]);
        let guarded = written(folder.path(), &["health", "portfolio.json", "--format", "csv"]);
        let names = hostile_names();
        let is_hostile = String::from_utf8_lossy(&bare).contains(&names[3]);
        assert_eq!(bare != guarded, is_hostile, "only what would be a formula is guarded");
    }
}

#[test]
fn the_same_input_gives_the_same_workbook() {
    let folder = sample();
    let workbook = || written(folder.path(), &["report", "portfolio.json", "--format", "xlsx"]);
    let first = workbook();
    // A workbook that held the time would have another one by now.
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert!(first == workbook());
    let core = &parts(&first)["docProps/core.xml"];
    assert!(core.contains("2026-06-30T00:00:00Z"), "{core}");
    let book = &parts(&first)["xl/workbook.xml"];
    let names: Vec<&str> = book.split("<sheet name=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    let expected =
        ["Summary", "Accounts", "Health", "Churn", "Warnings", "Expansion", "Renewals", "Data quality", "Model"];
    assert_eq!(names, expected);
}

#[test]
fn the_forecast_adds_up_to_the_outlook() {
    let folder = sample();
    let report: Value = serde_json::from_slice(&written(
        folder.path(),
        &["report", "portfolio.json", "--format", "json", "--forecast", "forecast.csv"],
    ))
    .expect("JSON");
    let (head, rows) = table(&fs::read(folder.path().join("forecast.csv")).expect("a file"));
    let column = |key: &str| head.iter().position(|found| found == key).expect(key);
    let sum = |key: &str, kind: &str| {
        let rows = rows.iter().filter(|row| kind.is_empty() || row[column("kind")] == kind);
        rows.map(|row| row[column(key)].parse::<f64>().unwrap_or(0.0)).sum::<f64>()
    };
    let arr = report["summary"]["churn"]["total_arr"].as_f64().expect("ARR");
    assert!((sum("amount", "renewal") - arr).abs() < 1e-6);
    for case in ["low", "base", "high"] {
        let weighted = format!("weighted_{case}");
        let rate = |path: &str| report["summary"]["retention"][path][case].as_f64().expect("a rate");
        assert!((sum(&weighted, "renewal") / arr - rate("grr")).abs() < 1e-9, "{case}");
        assert!((sum(&weighted, "") / arr - rate("nrr")).abs() < 1e-9, "{case}");
        for row in &rows {
            let amount = &row[column(&weighted)];
            assert!(amount.len() < 12, "{amount} has the noise of binary arithmetic");
        }
    }
}

#[test]
fn a_forecast_takes_a_file_of_its_own() {
    let folder = sample();
    for (arguments, message) in [
        (&["--forecast", "portfolio.json"][..], "does not end like CSV, which --forecast writes"),
        (&["--forecast", "forecast.xlsx"], "does not end like CSV, which --forecast writes"),
        (&["--forecast", "a.csv", "-o", "a.csv"], "cannot take both the forecast and something else"),
    ] {
        let run = csm(folder.path(), &[&["report", "portfolio.json"], arguments].concat());
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(run.status.code() == Some(2) && said.contains(message), "{arguments:?}: {said}");
    }
}

/// The columns of every sheet as tables of Markdown.
fn reference(models: &Models) -> String {
    let assessor = Assessor {
        health: &models.health,
        churn: &models.churn,
        expansion: &models.expansion,
        as_of: AS_OF.parse().expect("a date"),
        scope: Scope::ALL,
    };
    let survey = Survey::new(
        assessor,
        &models.segments,
        Population::default(),
        Selection::default(),
        Order::Input,
        Onboarding::Apart,
    );
    let briefing = Briefing::new(survey.finish(), csm::workers::Threads::ONE);
    let reading = Reading::default();
    let context = Context { models, as_of: assessor.as_of, source: "portfolio.json", reading: &reading };
    let history = History::new(&models.schema);
    let following = Following { on: On::Health, threshold: 5.0, periods: PERIODS };
    let found = Trajectories::new(&history, &[], following, |_| true);
    let findings = TrendFindings { history: &history, names: &[], found: &found, notes: &[], listed: &[] };
    let side =
        || Side { assessor, segments: &models.segments, slots: models.schema.metrics().len(), book: Book::default() };
    let difference = Difference::new(side(), None, side(), &Population::default(), csm::workers::Threads::ONE);
    let comparison = Comparison { then: context, now: context, difference: &difference };
    let mut sheets = sheet::briefing(context, &briefing, None).sheets;
    sheets.push(sheet::forecast(context, &briefing));
    sheets.push(sheet::trend(context, findings, None));
    sheets.push(sheet::difference(comparison, MoverOrder::Fall, None));
    let mut text = String::new();
    for sheet in &sheets {
        let name = sheet.name;
        let _ = writeln!(text, "## {name}\n\n| Key | Title | Holds | What it says |\n|---|---|---|---|");
        for column in &sheet.columns {
            let (key, title, kind, note) = (&column.key, &column.title, column.kind.name(), &column.note);
            let _ = writeln!(text, "| `{key}` | {title} | {kind} | {note} |");
        }
        text.push('\n');
    }
    text.trim_end().to_owned() + "\n"
}

#[test]
fn the_reference_lists_the_columns() {
    const START: &str = "<!-- The tables below are made by `CSM_BLESS=1 cargo test --test workbook`. -->\n\n";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("references/outputs.md");
    let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let expected = reference(&models);
    let text = fs::read_to_string(&path).expect("the reference");
    let (opening, found) = text.split_once(START).expect("the place of the tables");
    if env::var_os("CSM_BLESS").is_some() {
        fs::write(&path, format!("{opening}{START}{expected}")).expect("the reference");
    } else {
        assert!(found == expected, "references/outputs.md is not up to date: CSM_BLESS=1 writes it anew");
    }
}

/// A Python that has openpyxl; `None`, said aloud, where there is none and none is demanded.
fn python() -> Option<PathBuf> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/openpyxl/bin/python");
    let python = if own.exists() { own } else { PathBuf::from("python3") };
    let knows = Command::new(&python).args(["-c", "import openpyxl"]).output();
    if knows.is_ok_and(|run| run.status.success()) {
        return Some(python);
    }
    assert!(env::var_os("CSM_REQUIRE_OPENPYXL").is_none(), "{} has no openpyxl", python.display());
    eprintln!("NOT TESTED: {} has no openpyxl, so no other library has read the workbook", python.display());
    None
}

#[test]
fn openpyxl_reads_the_figures_of_the_csv_output() {
    let Some(python) = python() else { return };
    let check = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbook/check.py");
    for folder in [sample(), hostile()] {
        for (command, sheet) in
            [("health", "Health"), ("churn", "Churn"), ("expand", "Expansion"), ("report", "Accounts")]
        {
            for format in ["csv", "xlsx"] {
                written(folder.path(), &[command, "portfolio.json", "-o", &format!("out.{format}")]);
            }
            let rows = format!("{sheet}={}", folder.path().join("out.csv").display());
            let run = Command::new(&python).arg(&check).arg(folder.path().join("out.xlsx")).arg(rows).output();
            let run = run.expect("Python runs");
            assert!(run.status.success(), "{command}: {}", String::from_utf8_lossy(&run.stderr));
            let compared: usize = String::from_utf8_lossy(&run.stdout).trim().parse().expect("a count");
            assert!(compared > 100, "{command}: {compared} cells");
        }
    }
}
