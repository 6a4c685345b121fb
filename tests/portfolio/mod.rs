//! Portfolios as text, assessed through the library or the program.

use std::io::Write as _;
use std::process::{Command, Stdio};

use csm::account::Account;
use csm::analysis::{Assessment, Assessor, Scope};
use csm::config::{self, Layer, ModelFile, Models, SourceFile};
use csm::engine::Slot;
use csm::intake::{self, Needs, Options, Source};
use serde_json::Value;

/// The shipped models.
pub fn shipped() -> Models {
    config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"))
}

/// The models with overlay files of these texts.
pub fn overlaid(files: &[(ModelFile, &str)]) -> Models {
    let source = |(file, text): &(ModelFile, &str)| SourceFile {
        file: *file,
        path: format!("config/{}", file.file_name()),
        text: format!("format = 1\n{text}"),
    };
    config::load(vec![Layer { files: files.iter().map(source).collect() }]).unwrap_or_else(|error| panic!("{error}"))
}

/// Every account of a portfolio with what the models say of it as of 2026-06-30.
pub fn assess(models: &Models, portfolio: &str) -> Vec<(Account, Assessment)> {
    let as_of = "2026-06-30".parse().expect("a date");
    let needs = Needs {
        slots: (0..).map(Slot).take(models.schema.metrics().len()).collect(),
        footprint: true,
        ..Needs::default()
    };
    let options = Options::new(&models.schema, &models.segments, &needs, as_of);
    let assessor = Assessor {
        health: &models.health,
        churn: &models.churn,
        expansion: &models.expansion,
        as_of,
        scope: Scope::ALL,
    };
    let mut accounts = Vec::new();
    let source = Source::new("portfolio.json", portfolio.as_bytes());
    let reading = intake::read(vec![source], &options, &mut |account| {
        let mut assessment = Assessment::default();
        assessor.assess(account, &mut assessment);
        accounts.push((account.clone(), assessment));
    })
    .expect("text can be read");
    assert_eq!(reading.problems.errors(), [], "{portfolio}");
    accounts
}

/// What the program prints for a portfolio on its standard input as of 2026-06-30.
pub fn print(arguments: &[&str], portfolio: &str) -> Vec<u8> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(env!("CARGO_TARGET_TMPDIR"))
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .args(arguments)
        .args(["--as-of", "2026-06-30", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("csm runs");
    child.stdin.take().expect("a pipe").write_all(portfolio.as_bytes()).expect("csm reads all");
    let output = child.wait_with_output().expect("csm ends");
    assert!(output.status.success(), "{arguments:?}");
    output.stdout
}

/// The same as JSON; the arguments ask for that format.
pub fn run(arguments: &[&str], portfolio: &str) -> Value {
    serde_json::from_slice(&print(arguments, portfolio)).expect("JSON")
}
