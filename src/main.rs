//! The `csm` command.

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use csm::cli::{Cli, run};

fn main() -> ExitCode {
    match run(Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            if !failure.is_silent() {
                let mut messages = vec![failure.to_string()];
                let mut cause = failure.source();
                while let Some(error) = cause {
                    messages.push(error.to_string());
                    cause = error.source();
                }
                // Nobody is left to tell where standard error is closed too.
                let _ = writeln!(std::io::stderr(), "csm: {}", messages.join(": "));
            }
            ExitCode::from(failure.exit_code())
        }
    }
}
