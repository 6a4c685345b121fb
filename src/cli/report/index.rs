//! The page that links the documents of a folder.

use std::io::{self, Write};

use crate::account::Account;
use crate::analysis::{Assessment, Attention};
use crate::render::markdown::escape;
use crate::report::Context;

/// The page as it grows: a row per account. Where the team's sheets are in the folder, the page is the team's too and says how each
/// account stands; where they are not, it names the accounts and nothing else.
pub struct Index {
    title: String,
    as_of: String,
    is_internal: bool,
    rows: Vec<String>,
}

/// The files of an account that are linked.
pub struct IndexEntry {
    /// The document for the customer.
    pub customer: Option<String>,
    /// The sheet for the team.
    pub internal: Option<String>,
}

impl Index {
    /// The name of the page.
    pub const FILE: &str = "index.md";

    /// A page without an account.
    pub fn new(context: &Context<'_>, title: &str, is_internal: bool) -> Self {
        Self { title: title.to_owned(), as_of: context.as_of.to_string(), is_internal, rows: Vec::new() }
    }

    /// Adds the next account.
    pub fn add(&mut self, account: &Account, assessment: &Assessment, files: IndexEntry) {
        let link =
            |label: &str, file: Option<String>| file.map_or_else(String::new, |file| format!("[{label}]({file})"));
        let name = format!("{} ({})", escape(&account.name), escape(&account.id));
        if !self.is_internal {
            self.rows.push(format!("| {name} | {} |", link("document", files.customer)));
            return;
        }
        let health = match (assessment.health.card.score(), assessment.health.band()) {
            (Some(score), Some(band)) => format!("{score:.1} {}", band.name()),
            _ => "not scored".to_owned(),
        };
        let attention = assessment.attention();
        let attention = if attention == Attention::NotScored { "not scored" } else { attention.name() };
        self.rows.push(format!(
            "| {name} | {} | {} | {health} | {attention} | {} |",
            link("document", files.customer),
            link("prep", files.internal),
            escape(&account.owner),
        ));
    }

    /// Writes the page.
    pub fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "# {} · as of {}\n", escape(&self.title), self.as_of)?;
        if self.is_internal {
            writeln!(out, "**For the team.** This page and the sheets under “prep” are not for customers.\n")?;
            writeln!(
                out,
                "| Account | Document | Prep | Health | Attention | Owner |\n| --- | --- | --- | --- | --- | --- |"
            )?;
        } else {
            writeln!(out, "| Account | Document |\n| --- | --- |")?;
        }
        self.rows.iter().try_for_each(|row| writeln!(out, "{row}"))
    }
}
