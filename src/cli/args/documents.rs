//! Documents per account.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

/// Which documents are written of accounts, for whom, and where to.
#[derive(Debug, Args)]
pub struct DocumentArgs {
    /// Write no briefing but a document per account: qbr, ebr, success-plan, onboarding, prep, or the path of a template of your own
    #[arg(long, value_name = "NAME|PATH", conflicts_with_all = ["top", "by", "strategic", "pdf", "forecast"], help_heading = "Documents per account")]
    pub template: Option<String>,

    /// Only the document for the customer, or only the sheet for the team [default: both to files, internal to standard output]
    #[arg(long, value_name = "WHO", requires = "template", help_heading = "Documents per account")]
    pub audience: Option<AudienceName>,

    /// Write the documents of all accounts into this folder, with an index.md that links them
    #[arg(
        long,
        value_name = "DIR",
        requires = "template",
        conflicts_with = "output",
        help_heading = "Documents per account"
    )]
    pub out_dir: Option<PathBuf>,
}

/// Who reads a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AudienceName {
    /// The customer
    Customer,
    /// The team, and nobody else
    Internal,
}
