//! `csm init --blank`: tables to be filled in.

use std::fs;
use std::io::Read as _;
use std::path::Path;
use std::process::{Command, Output};

use csm::account::{Field, Place};
use csm::config;
use serde_json::Value;
use tempfile::TempDir;

fn init(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(folder)
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .arg("init")
        .args(arguments)
        .output()
        .expect("csm runs")
}

/// A folder with a model in which texts would be formulas where nobody looked after them.
fn folder_with_formulas() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("config")).expect("a folder");
    let metric = "format = 1\n[metrics.\"own.figure\"]\nlabel = \"=HYPERLINK(\\\"x\\\")\"\nunit = \"@SUM(A1), or so\"\nkind = \"word\"\n\
                  words = [\"=1+1\", \"+2\"]\n[metrics.\"=1+1\"]\nkind = \"number\"\nrange = [-1, 1]\n";
    fs::write(folder.path().join("config/metrics.toml"), metric).expect("a file");
    folder
}

fn read(folder: &TempDir, name: &str) -> String {
    fs::read_to_string(folder.path().join(name)).expect("a file")
}

/// The parts of a workbook, by their names in it.
fn part(folder: &TempDir, name: &str) -> String {
    let file = fs::File::open(folder.path().join("portfolio.xlsx")).expect("a file");
    let mut archive = zip::ZipArchive::new(file).expect("a workbook");
    let mut text = String::new();
    archive.by_name(name).expect(name).read_to_string(&mut text).expect("UTF-8");
    text
}

#[test]
fn a_csv_has_a_header_of_what_is_read_and_nothing_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = init(folder.path(), &["--blank", "csv"]);
    assert_eq!(run.stdout, b"wrote portfolio.csv\nwrote portfolio-columns.csv\n");
    let header = read(&folder, "portfolio.csv");
    let paths: Vec<&str> = header.strip_suffix('\n').expect("a line").split(',').collect();
    assert_eq!(paths[..Field::ALL.len()], Field::ALL.map(Field::path));
    let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let places: Vec<Place<'_>> = paths.iter().map(|path| models.schema.place(path).expect(path)).collect();
    let metrics = models.schema.metrics().iter().filter(|metric| metric.derived.is_none()).count();
    assert_eq!(places.iter().filter(|place| matches!(place, Place::Metric(_))).count(), metrics);
    assert_eq!(places.len(), Field::ALL.len() + metrics + 2 * models.expansion.modules.len());
    let notes = read(&folder, "portfolio-columns.csv");
    let mut lines = notes.lines();
    assert_eq!(lines.next(), Some("Column,Label,Unit,Plausible range,Words,If absent"));
    let named: Vec<&str> = lines.map(|line| line.split(',').next().expect("a name")).collect();
    assert_eq!(named, paths);
    let line = "usage_decline.login_trend,Login trend,% change,between -100 and 300,,0";
    assert!(notes.lines().any(|found| found == line), "{notes}");
}

#[test]
fn a_workbook_has_notes_and_warns_without_stopping() {
    let folder = tempfile::tempdir().expect("a folder");
    assert_eq!(init(folder.path(), &["--blank", "xlsx"]).stdout, b"wrote portfolio.xlsx\n");
    let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let columns = csm::report::columns::columns(&models);
    let form = part(&folder, "xl/worksheets/sheet1.xml");
    assert_eq!(form.matches("<row ").count(), 1, "only the header is filled in");
    assert!(form.contains("state=\"frozen\""));
    let validations = form.matches("<dataValidation ").count();
    assert!(validations > 40, "{validations} columns are watched");
    assert_eq!(form.matches("errorStyle=\"warning\"").count(), validations, "nothing is refused");
    assert!(form.contains("<formula1>\"enterprise,mid-market,smb\"</formula1>"), "{form}");
    assert!(form.contains("<formula1>-100</formula1><formula2>300</formula2>"));
    let notes = part(&folder, "xl/comments1.xml");
    assert_eq!(notes.matches("<comment ").count(), columns.len());
    assert!(notes.contains("Unit: % of expected days\nPlausible range: between 0 and 100\nIf absent: 0"), "{notes}");
    let sheet = part(&folder, "xl/worksheets/sheet2.xml");
    assert_eq!(sheet.matches("<row ").count(), columns.len() + 1);
    assert!(part(&folder, "xl/styles.xml").contains("formatCode=\"yyyy-mm-dd\""));
}

#[test]
fn the_same_model_gives_the_same_bytes() {
    for (format, names) in [("csv", ["portfolio.csv", "portfolio-columns.csv"]), ("xlsx", ["portfolio.xlsx"; 2])] {
        let folder = tempfile::tempdir().expect("a folder");
        let written = |name: &str| {
            assert!(init(folder.path(), &["--blank", format, name]).status.success());
            names.map(|file| fs::read(folder.path().join(name).join(file)).expect("a file"))
        };
        let first = written("first");
        // A workbook that held the time would have another one by now.
        std::thread::sleep(std::time::Duration::from_millis(1100));
        assert_eq!(written("second"), first, "{format}");
    }
}

#[test]
fn text_of_a_model_never_becomes_a_formula() {
    let folder = folder_with_formulas();
    let run = init(folder.path(), &["--blank", "csv"]);
    assert_eq!(run.stderr, b"csm: model: config/metrics.toml\n");
    let notes = read(&folder, "portfolio-columns.csv");
    for line in [
        "own.figure,\"'=HYPERLINK(\"\"x\"\")\",\"'@SUM(A1), or so\",,\"'=1+1, +2\",no score changes",
        "'=1+1,'=1+1,,between -1 and 1,,no score changes",
    ] {
        assert!(notes.lines().any(|found| found == line), "{line}\n{notes}");
    }
    assert!(init(folder.path(), &["--blank", "xlsx"]).status.success());
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
        let text = part(&folder, sheet);
        assert!(!text.contains("<f>") && !text.contains("<f "), "{sheet}");
    }
    assert!(part(&folder, "xl/sharedStrings.xml").contains("<t>=HYPERLINK("));
}

#[test]
fn what_is_there_stays_unless_it_is_meant() {
    for (format, name) in [("csv", "portfolio-columns.csv"), ("xlsx", "portfolio.xlsx")] {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(name), "kept").expect("a file");
        let run = init(folder.path(), &["--blank", format]);
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert_eq!(run.status.code(), Some(2), "{said}");
        assert_eq!(
            said,
            format!(
                "csm: the current folder holds {name} already, nothing was written; --force writes over what is there\n"
            )
        );
        assert_eq!(read(&folder, name), "kept");
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "nothing else is written");
        assert!(init(folder.path(), &["--blank", format, "--force"]).status.success());
        assert_ne!(fs::read(folder.path().join(name)).expect("a file"), b"kept");
    }
}

#[test]
fn columns_are_those_of_the_model_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let model = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/custom-model/model");
    assert!(init(folder.path(), &["--blank", "csv", "--config", model]).status.success());
    assert!(read(&folder, "portfolio.csv").contains(",value.outcomes_reached,"));
    let run = init(folder.path(), &["--config", model]);
    assert_eq!(run.status.code(), Some(2), "a model is only asked for with a table: {run:?}");
}

/// What stands at a path of a customer, as a table has it.
fn cell(customer: &Value, path: &str) -> String {
    match path.split('.').try_fold(customer, |inner, key| inner.get(key)) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("; "),
        Some(value) => value.to_string(),
    }
}

#[test]
fn a_table_that_is_filled_in_gives_what_json_gives() {
    let folder = tempfile::tempdir().expect("a folder");
    assert!(init(folder.path(), &["--blank", "csv"]).status.success());
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/assets/sample_customer_data.json");
    let portfolio: Value = serde_json::from_str(&fs::read_to_string(sample).expect("a file")).expect("JSON");
    let mut table = read(&folder, "portfolio.csv");
    let paths: Vec<String> = table.trim_end().split(',').map(str::to_owned).collect();
    for customer in portfolio["customers"].as_array().expect("a list") {
        let cells: Vec<String> = paths.iter().map(|path| format!("\"{}\"", cell(customer, path))).collect();
        table.push_str(&(cells.join(",") + "\n"));
    }
    fs::write(folder.path().join("portfolio.csv"), table).expect("a file");
    for command in ["health", "churn", "expand"] {
        let scored = |portfolio: &str| -> Value {
            let run = Command::new(env!("CARGO_BIN_EXE_csm"))
                .current_dir(folder.path())
                .env_remove("CSM_CONFIG")
                .env("XDG_CONFIG_HOME", "/nowhere")
                .args([command, portfolio, "--as-of", "2026-06-30", "--format", "json", "--sort", "input"])
                .output()
                .expect("csm runs");
            assert_eq!(String::from_utf8_lossy(&run.stderr), "", "{command} {portfolio}");
            serde_json::from_slice(&run.stdout).expect("JSON")
        };
        let (filled, json) = (scored("portfolio.csv"), scored(sample));
        if command == "expand" {
            // The order of the columns decides that of modules which are alike.
            let total = &json["summary"]["total_estimated_revenue"];
            assert_eq!(&filled["summary"]["total_estimated_revenue"], total, "{command}");
        } else {
            assert_eq!((&filled["customers"], &filled["summary"]), (&json["customers"], &json["summary"]), "{command}");
        }
    }
}
