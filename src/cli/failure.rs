//! Why a run failed, and the code that it exits with.

use std::io;
use std::path::PathBuf;

use crate::config::ConfigError;
use crate::render::Clean;
use crate::render::template::TemplateError;

/// Why a run failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file could not be read or written, or a folder not found.
    #[error("cannot {action} {}", Clean(&path.display().to_string()))]
    File {
        /// What was tried.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// Why it failed.
        source: io::Error,
    },
    /// The standard output could not be written.
    #[error("cannot write to standard output")]
    Stdout {
        /// Why it failed.
        source: io::Error,
    },
    /// The reader of the closed pipe wants no more.
    #[error("the output was closed")]
    Closed,
    /// The model is unusable.
    #[error("the model is unusable\n{0}")]
    Model(ConfigError),
    /// The mapping is unusable.
    #[error("the mapping is unusable\n{0}")]
    Mapping(ConfigError),
    /// A template is unusable.
    #[error("the template is unusable\n{0}")]
    Template(TemplateError),
    /// Templates are unusable: the problems of each.
    #[error("{} unusable\n{}", if .0.len() == 1 { "the template is" } else { "some of the templates are" }, .0.join("\n\n"))]
    Templates(Vec<String>),
    /// A template made no document of an account.
    #[error("no document for {}\n{error}", Clean(account))]
    Document {
        /// The account's id.
        account: String,
        /// What is wrong.
        error: TemplateError,
    },
    /// The input is unusable; its problems have been told.
    #[error("{0}")]
    Input(String),
    /// The input could not be read.
    #[error(transparent)]
    Read(#[from] crate::intake::ReadError),
    /// The command line asks for something that does not exist.
    #[error("{0}")]
    Usage(String),
    /// No browser is there to print with, or it does not print.
    #[error("{0}")]
    Browser(String),
    /// Gates that are not met, a line each.
    #[error("{}", .0.join("\ncsm: "))]
    Gate(Vec<String>),
}

impl Failure {
    /// The code to exit with.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Gate(_) => 1,
            _ => 2,
        }
    }

    /// Whether there is anything to say about it.
    pub fn is_silent(&self) -> bool {
        matches!(self, Self::Closed)
    }
}
