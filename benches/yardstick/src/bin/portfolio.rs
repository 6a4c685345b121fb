//! Writes a made-up portfolio.
//!
//! Usage: `portfolio ACCOUNTS json|ndjson|csv > FILE`

use std::env;
use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

#[path = "../../../../tests/portfolio/made.rs"]
mod made;

use made::Form;

fn main() -> ExitCode {
    let words: Vec<String> = env::args().skip(1).collect();
    let form = |word: &str| match word {
        "json" => Some(Form::Json),
        "ndjson" => Some(Form::JsonLines),
        "csv" => Some(Form::Csv),
        _ => None,
    };
    let wanted = match words.as_slice() {
        [accounts, word] => accounts.parse().ok().zip(form(word)),
        _ => None,
    };
    let Some((accounts, form)) = wanted else {
        eprintln!("usage: portfolio ACCOUNTS json|ndjson|csv > FILE");
        return ExitCode::from(2);
    };
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    match made::write(&mut out, form, accounts).and_then(|()| out.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("cannot write the portfolio: {error}");
            ExitCode::FAILURE
        }
    }
}
