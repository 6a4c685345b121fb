//! Runs a program with its output thrown away, and prints its seconds and the bytes that it had in memory at its peak.
//!
//! Usage: `measure PROGRAM [ARGUMENTS]`; its exit code is that of the program
//!
//! A process begins with the peak of the one that started it, so the one that starts it must be small. That is why this is no script.

use std::env;
use std::process::{Command, ExitCode, Stdio};
use std::time::Instant;

use wait4::Wait4;

fn main() -> ExitCode {
    let mut words = env::args_os().skip(1);
    let Some(program) = words.next() else {
        eprintln!("usage: measure PROGRAM [ARGUMENTS]");
        return ExitCode::from(2);
    };
    let start = Instant::now();
    let child = Command::new(&program).args(words).stdin(Stdio::null()).stdout(Stdio::null()).spawn();
    match child.and_then(|mut child| child.wait4()) {
        Ok(used) => {
            println!("{} {}", start.elapsed().as_secs_f64(), used.rusage.maxrss);
            used.status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from)
        }
        Err(error) => {
            eprintln!("cannot run {}: {error}", program.display());
            ExitCode::FAILURE
        }
    }
}
