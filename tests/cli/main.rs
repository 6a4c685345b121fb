//! The program as it is typed: command lines and what they must print, as data.
//!
//! - `*.trycmd`: command lines with what they print on both streams, run in the project's folder or, where there is a folder of the same
//!   name that ends in `.in`, in a copy of that folder.
//! - `*.toml`: one command line each, the two streams apart; `unusable/` holds the inputs that must be refused.
//!
//! A new case is a new file or a new line in one. `TRYCMD=overwrite cargo test --test cli` writes what the program prints now
//! into the cases, to be read in the diff.

mod calibrate;
mod chosen;
mod documents;
mod files;
#[cfg(unix)]
mod interrupt;
mod ndjson;
mod progress;
mod streams;

use std::env;
use std::process::Command;

/// Variables that would change what is printed; a case cannot take one away, so the run starts anew without them.
const DISTURBING: [&str; 3] = ["CSM_CONFIG", "CLICOLOR_FORCE", "NO_COLOR"];

#[test]
fn command_lines_print_what_the_cases_say() {
    if DISTURBING.iter().any(|name| env::var_os(name).is_some()) {
        let mut again = Command::new(env::current_exe().expect("this test has a path"));
        for name in DISTURBING {
            again.env_remove(name);
        }
        let status = again.args(["--exact", "command_lines_print_what_the_cases_say"]).status();
        assert!(status.expect("this test runs again").success(), "see above");
        return;
    }
    let models = csm::config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let cases = trycmd::TestCases::new();
    cases.env("XDG_CONFIG_HOME", "/nowhere").env("HOME", "/nowhere").env("COLUMNS", "100");
    cases.insert_var("[MODEL]", models.fingerprint.to_string()).expect("a name in brackets");
    cases.insert_var("[VERSION]", env!("CARGO_PKG_VERSION")).expect("a name in brackets");
    cases.case("tests/cli/*.trycmd").case("tests/cli/*.toml").case("tests/cli/unusable/*.toml");
}
