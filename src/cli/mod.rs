//! The command line: arguments → options → calls. Only this module touches files, the clock, the environment and the terminal.

mod args;
mod backtest;
mod bounds;
mod calibrate;
mod config;
mod dated;
mod diff;
mod explain;
mod failure;
mod flow;
mod gate;
mod history;
mod init;
mod input;
mod interrupt;
mod joined;
mod map;
mod models;
mod nearest;
mod outcomes;
mod output;
mod previous;
mod progress;
mod report;
mod schema;
mod survey;
mod template;
mod trend;
mod validate;

pub use args::Cli;
pub use failure::Failure;

use args::Command;

/// Runs a command.
///
/// # Errors
///
/// A [`Failure`] says what was unusable, or which gate is not met, and with which code to exit.
pub fn run(cli: Cli) -> Result<(), Failure> {
    interrupt::watch();
    match cli.command {
        Command::Health(args) => survey::health(&args),
        Command::Churn(args) => survey::churn(&args),
        Command::Expand(args) => survey::expand(&args),
        Command::Report(args) => report::run(&args),
        Command::Trend(args) => trend::run(&args),
        Command::Explain(args) => explain::run(&args),
        Command::Diff(args) => diff::run(&args),
        Command::Map(args) => map::run(&args),
        Command::Validate(args) => validate::run(&args),
        Command::Config(args) => config::run(&args),
        Command::Init(args) => init::run(&args),
        Command::Schema(args) => schema::run(&args),
        Command::Template(args) => template::run(&args),
        Command::Backtest(args) => backtest::run(&args),
        Command::Calibrate(args) => calibrate::run(&args),
    }
}
