//! Parses the fields that health rests on, and prints what was found.
//!
//! Usage: `yardstick PORTFOLIO`, with a customer to a line

use std::env;
use std::fs::File;
use std::process::ExitCode;

mod parse;

fn main() -> ExitCode {
    let Some(path) = env::args_os().nth(1) else {
        eprintln!("usage: yardstick PORTFOLIO");
        return ExitCode::from(2);
    };
    match File::open(&path).and_then(parse::parse) {
        Ok(found) => {
            println!("{} accounts, {} bytes of text, sum {}", found.accounts, found.text, found.sum);
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot read {}: {error}", path.display());
            ExitCode::FAILURE
        }
    }
}
