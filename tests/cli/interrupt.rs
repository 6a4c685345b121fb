//! The program is ended from outside, at once, and leaves nothing half done.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// It ends at once: within this time even where the machine is busy.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs csm in a folder, with a pipe for its input that stays open.
fn start(folder: &Path, arguments: &str) -> Child {
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/missing.in/handed_on");
    let mut command = Command::new(env!("CARGO_BIN_EXE_csm"));
    command.current_dir(folder).env("XDG_CONFIG_HOME", "/nowhere").env("TMPDIR", folder);
    // It names its model as soon as it runs.
    command.args(arguments.split_whitespace()).args(["--config", models]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("csm runs")
}

fn wait_for(what: &str, holds: impl Fn() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "{what}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn send(signal: &str, process: &str) -> bool {
    Command::new("kill").args([signal, process]).stderr(Stdio::null()).status().expect("kill runs").success()
}

/// Sends a signal to csm, and checks that it ends at once with a code, having said no more.
fn end(mut child: Child, signal: &str, code: i32) {
    assert!(send(signal, &child.id().to_string()), "csm runs");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("csm can be waited for") {
            break status;
        }
        assert!(start.elapsed() < PATIENCE, "csm goes on after {signal}");
        thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(status.code(), Some(code), "{signal}: {status}");
    let mut said = String::new();
    child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("UTF-8");
    assert!(said.lines().all(|line| line.starts_with("csm: model: ")), "{said}");
}

fn count(folder: &Path) -> usize {
    fs::read_dir(folder).expect("a folder").count()
}

const SIGNALS: [(&str, i32); 2] = [("-INT", 130), ("-TERM", 143)];

#[test]
fn no_file_is_left_half_written() {
    for (signal, code) in SIGNALS {
        for (arguments, files) in [
            ("health - --format ndjson -o out.ndjson", 1),
            ("expand - --format ndjson -o out.ndjson --threads 2", 1),
            ("churn - --skip-invalid --rejects left.json", 1),
            ("health - --format ndjson -o out.ndjson --skip-invalid --rejects left.json", 2),
        ] {
            let folder = tempfile::tempdir().expect("a folder");
            let mut child = start(folder.path(), arguments);
            let mut input = child.stdin.take().expect("a pipe");
            input.write_all(b"{\"customer_id\": \"A\"}\n{\"customer_id\": \"B\"}\n").expect("csm reads");
            wait_for("files are begun", || count(folder.path()) == files);
            end(child, signal, code);
            assert_eq!(count(folder.path()), 0, "{arguments} {signal}");
        }
    }
}

#[test]
fn a_file_that_is_there_stays_as_it_was() {
    let folder = tempfile::tempdir().expect("a folder");
    let out = folder.path().join("out.ndjson");
    fs::write(&out, "kept").expect("a file");
    let child = start(folder.path(), "health - -o out.ndjson");
    wait_for("a file is begun", || count(folder.path()) == 2);
    end(child, "-INT", 130);
    assert_eq!((fs::read_to_string(&out).expect("a file").as_str(), count(folder.path())), ("kept", 1));
}

#[test]
fn a_program_that_waits_for_its_input_ends_too() {
    for (signal, code) in SIGNALS {
        for arguments in ["health -", "report - --format json", "churn - --format ndjson", "explain - A", "validate -"]
        {
            let folder = tempfile::tempdir().expect("a folder");
            let mut child = start(folder.path(), arguments);
            let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
            stderr.read_line(&mut String::new()).expect("a line");
            child.stderr = Some(stderr.into_inner());
            end(child, signal, code);
        }
    }
}

#[test]
fn a_browser_that_prints_is_ended_with_the_program() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let tools = tempfile::tempdir().expect("a folder");
    let (browser, started) = (tools.path().join("browser"), tools.path().join("started"));
    fs::write(
        &browser,
        format!("#!/bin/sh\necho $$ > '{0}.new'; mv '{0}.new' '{0}'\nexec sleep 600\n", started.display()),
    )
    .expect("a file");
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).expect("permissions");
    let models = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cli/missing.in/handed_on");
    let child = Command::new(env!("CARGO_BIN_EXE_csm"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("XDG_CONFIG_HOME", "/nowhere")
        .env("TMPDIR", folder.path())
        .env("CSM_BROWSER", &browser)
        .args(["report", "assets/sample_customer_data.json", "--config", models, "--pdf"])
        .arg(folder.path().join("out.pdf"))
        .stderr(Stdio::piped())
        .spawn()
        .expect("csm runs");
    wait_for("the browser runs", || started.exists());
    let process = fs::read_to_string(&started).expect("a file");
    assert!(send("-0", process.trim()), "the browser runs");
    end(child, "-TERM", 143);
    assert!(!send("-0", process.trim()), "the browser has ended");
    assert_eq!(count(folder.path()), 0);
}
