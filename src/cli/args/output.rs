//! Where results go, and how they look.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// How results are written, and where to.
#[derive(Debug, Args)]
pub struct OutputArgs {
    /// How results are written
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    pub format: Format,

    #[command(flatten)]
    pub target: TargetArgs,
}

/// Where output goes, and how it looks.
#[derive(Debug, Args)]
pub struct TargetArgs {
    /// Write to this file instead of standard output; whole or not at all
    #[arg(short, long, value_name = "FILE", help_heading = "Output")]
    pub output: Option<PathBuf>,

    /// When to use colour; auto looks at the terminal, `NO_COLOR` and `CLICOLOR_FORCE`
    #[arg(long, value_name = "WHEN", default_value = "auto", help_heading = "Output")]
    pub color: When,

    /// Say nothing but errors on standard error
    #[arg(short, long, help_heading = "Output")]
    pub quiet: bool,
}

/// How results are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// How results are written where a table is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TableFormat {
    /// For people
    Text,
    /// For programs
    Json,
    /// For spreadsheets
    Csv,
}

/// When to use colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum When {
    /// On a terminal, unless the environment says otherwise
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}
