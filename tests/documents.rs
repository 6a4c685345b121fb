//! What README.md, `examples/` and the guide to calibration say to type can be typed.
//!
//! Everything runs in a copy of the files that a reader has, one after the other, with the program on the path. A block that
//! stands behind the comment `<!-- not run -->` is exempt.

#[path = "../examples/make_history.rs"]
#[allow(dead_code)]
mod make_history;

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use make_history::{Wanted, make};

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
}

/// The parts of a clone, and the sample under the name that the help uses.
fn clone(parts: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for name in parts {
        if project().join(name).exists() {
            copy(&project().join(name), &folder.path().join(name));
        }
    }
    let sample = project().join("assets/sample_customer_data.json");
    copy(&sample, &folder.path().join("portfolio.json"));
    folder
}

fn shell(line: &str, folder: &Path) -> Output {
    let binary = Path::new(env!("CARGO_BIN_EXE_csm")).parent().expect("a folder");
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = [binary.to_owned()].into_iter().chain(env::split_paths(&path)).collect();
    let path: OsString = env::join_paths(folders).expect("a path");
    Command::new("sh")
        .args(["-c", line])
        .current_dir(folder)
        .env("PATH", path)
        .env("HOME", folder)
        .env("XDG_CONFIG_HOME", folder.join(".config"))
        .env("EDITOR", "true")
        .env_remove("CSM_CONFIG")
        .stdin(Stdio::null())
        .output()
        .expect("a shell")
}

/// Whether a run went as a reader would expect; a gate may be missed, since the README shows one on a portfolio that misses it.
fn succeeded(line: &str, output: &Output) -> bool {
    output.status.success() || (line.contains("--fail-on") && output.status.code() == Some(1))
}

/// A command line, and what is shown of its output.
#[derive(Debug, PartialEq)]
struct Shown {
    line: String,
    output: Vec<String>,
}

impl Shown {
    /// The first shown line that the output does not have behind those before it; blank lines and `…` stand for any others.
    fn stale(&self, output: &Output) -> Option<&str> {
        let text = String::from_utf8_lossy(&output.stdout);
        let mut lines = text.lines().map(str::trim);
        let shown = self.output.iter().map(String::as_str).filter(|line| !matches!(*line, "" | "…" | "..."));
        shown.into_iter().find(|shown| !lines.any(|line| line == *shown))
    }
}

/// The command lines of the fenced blocks that start with `csm`, a prompt aside, each with what stands below it where it has a prompt;
/// lines that a backslash continues are joined.
fn commands(text: &str) -> Vec<Shown> {
    let mut commands = Vec::new();
    let mut fence: Option<String> = None;
    let (mut exempt, mut is_last_word_exempt, mut is_prompted) = (false, false, false);
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let ticks: String = line.chars().take_while(|tick| *tick == '`').collect();
        match &fence {
            None if ticks.len() >= 3 => {
                fence = Some(ticks);
                exempt = is_last_word_exempt;
            }
            None => {
                if !line.is_empty() {
                    is_last_word_exempt = line == "<!-- not run -->";
                }
            }
            Some(open) if line == open => {
                fence = None;
                (is_last_word_exempt, is_prompted) = (false, false);
            }
            Some(_) => {
                let mut command = line.strip_prefix("$ ").unwrap_or(line).to_owned();
                while command.ends_with('\\') {
                    command.pop();
                    command.push_str(lines.next().expect("a line that is continued"));
                }
                if command.starts_with("csm ") && !exempt {
                    commands.push(Shown { line: command, output: Vec::new() });
                    is_prompted = line.starts_with("$ ");
                } else if is_prompted && !line.starts_with("$ ") {
                    commands.last_mut().expect("a command").output.push(line.to_owned());
                } else {
                    is_prompted = false;
                }
            }
        }
    }
    commands
}

/// Runs the commands of a document in a folder, one after the other.
fn check(document: &str, folder: &Path) {
    let text = fs::read_to_string(project().join(document)).unwrap_or_else(|error| panic!("{document}: {error}"));
    let commands = commands(&text);
    assert!(!commands.is_empty(), "{document} shows how csm is run");
    let mut failed = Vec::new();
    for command in &commands {
        let line = &command.line;
        let output = shell(line, folder);
        if !succeeded(line, &output) {
            failed.push(format!("{line}\n  {}: {}", output.status, String::from_utf8_lossy(&output.stderr)));
        } else if let Some(stale) = command.stale(&output) {
            failed.push(format!("{line}\n  does not print: {stale}"));
        }
    }
    assert!(failed.is_empty(), "{} of {} commands are wrong:\n{}", failed.len(), commands.len(), failed.join("\n"));
}

#[test]
fn the_commands_of_the_readme_run_and_print_what_it_shows() {
    // Without a model in `config/`, so that `csm init` can write one.
    check("README.md", clone(&["assets", "examples"]).path());
}

#[test]
fn the_guide_to_calibration_shows_the_history_that_the_example_makes() {
    let folder = tempfile::tempdir().expect("a folder");
    make(Wanted::default()).write(&folder.path().join("history")).expect("a history");
    check("references/calibration.md", folder.path());
}

#[test]
fn the_examples_run() {
    let folder = clone(&["assets", "config", "examples"]);
    let entries = fs::read_dir(project().join("examples")).expect("examples");
    let mut names: Vec<OsString> = entries.map(|entry| entry.expect("an entry").file_name()).collect();
    names.retain(|name| project().join("examples").join(name).join("run.sh").is_file());
    names.sort();
    assert!(!names.is_empty(), "examples/ holds examples");
    for name in names {
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let script = fs::metadata(project().join("examples").join(&name).join("run.sh")).expect("a script");
            assert!(script.permissions().mode() & 0o111 != 0, "{} can be run", name.display());
        }
        // A copy cannot be run as a program while another test that starts one still has it open for writing.
        let output = shell("sh ./run.sh", &folder.path().join("examples").join(&name));
        assert!(output.status.success(), "{}: {}", name.display(), String::from_utf8_lossy(&output.stderr));
    }
}

#[test]
fn commands_are_found_in_blocks() {
    let text = "csm not in a block\n\n```sh\ncsm one\ncd elsewhere\ncsm two \\\n  --three | head\n```\n\n<!-- not run -->\n\n```sh\ncsm four\n```\n\n\
                ```console\n$ csm five\ncsm: words\n\n$ ls\nfiles\n```\n- item\n  ```\n  csm six\n  ```\n";
    let shown = |line: &str, output: &[&str]| Shown {
        line: line.to_owned(),
        output: output.iter().map(|line| (*line).to_owned()).collect(),
    };
    let expected = [
        shown("csm one", &[]),
        shown("csm two --three | head", &[]),
        shown("csm five", &["csm: words", ""]),
        shown("csm six", &[]),
    ];
    assert_eq!(commands(text), expected);
}
