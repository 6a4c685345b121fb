//! Telling what is wrong with an input.

use super::Input;
use super::rejects::rejects_paths;
use crate::analysis::Totals;
use crate::cli::Failure;
use crate::cli::output::Words;
use crate::intake::{self, Problem, Reading};
use crate::render::Clean;

/// Problems that are shown; the rest are counted.
const SHOWN: usize = 50;
/// Notes that are shown: they are the same at each run.
const NOTES: usize = 3;

impl Input<'_> {
    /// Where no account is left to score, says that, and what to look at.
    pub fn say_where_nothing_is_left(&self, totals: &Totals) {
        if totals.all.accounts > 0 {
            return;
        }
        let segments = self.models.segments.names().join(", ");
        self.words.say(format_args!(
            "csm: no account is left to score: check --segment (the model knows {segments}), --customer, --min-arr and the \
             lifecycle of the accounts"
        ));
    }

    /// Tells the problems of a reading, and fails where it is unusable. So many accounts are in the output already.
    pub fn tell(&self, reading: &Reading, written: u64) -> Result<(), Failure> {
        let problems = &reading.problems;
        for problem in problems.errors().iter().take(SHOWN) {
            Words::tell(format_args!("error: {}", Located(problem)));
        }
        let rest = problems.error_count().saturating_sub(problems.errors().len().min(SHOWN) as u64);
        if rest > 0 {
            Words::tell(format_args!("… and {rest} more errors: csm validate lists all"));
        }
        for line in grouped(problems.warnings()) {
            self.words.say(line);
        }
        let rest = problems.warning_count().saturating_sub(problems.warnings().len() as u64);
        if rest > 0 {
            self.words.say(format_args!("… and {rest} more warnings"));
        }
        for note in problems.notes().iter().take(NOTES) {
            self.words.say(format_args!("note: {note}"));
        }
        let rest = problems.note_count().saturating_sub(NOTES as u64);
        if rest > 0 {
            let notes = if rest == 1 { "note" } else { "notes" };
            self.words.say(format_args!("… and {rest} more {notes}: csm validate lists all"));
        }
        if problems.error_count() == 0 {
            return Ok(());
        }
        if problems.unusable() || !self.invalid.skip_invalid {
            let hint = if problems.unusable() { "" } else { "; --skip-invalid scores the valid records" };
            let from = match written {
                0 => "is unusable, nothing was scored".to_owned(),
                1 => "is unusable from there on, 1 account was written before".to_owned(),
                _ => format!("is unusable from there on, {written} accounts were written before"),
            };
            return Err(Failure::Input(format!("{} {from}{hint}", Clean(&self.name))));
        }
        if reading.invalid == reading.records {
            return Err(Failure::Input(format!("{} has no valid record, nothing was scored", Clean(&self.name))));
        }
        let rejects: Vec<String> = rejects_paths(&self.files, &self.invalid)
            .iter()
            .map(|path| Clean(&path.display().to_string()).to_string())
            .collect();
        let kept = if rejects.is_empty() { String::new() } else { format!(", kept in {}", rejects.join(", ")) };
        // Records that are left out are never passed over in silence.
        Words::tell(format_args!("csm: {} of {} records left out as invalid{kept}", reading.invalid, reading.records));
        Ok(())
    }
}

/// Warnings of one kind about one field told together: the first in full, the others counted.
fn grouped(warnings: &[Problem]) -> Vec<String> {
    let kinds = intake::by_kind(warnings);
    let rest = kinds.len().saturating_sub(SHOWN);
    let mut lines: Vec<String> = kinds
        .into_iter()
        .take(SHOWN)
        .map(|(first, count)| match count {
            1 => format!("warning: {}", Located(first)),
            _ => format!("warning: {} (and {} more like it)", Located(first), count - 1),
        })
        .collect();
    if rest > 0 {
        lines.push(format!("… and warnings of {rest} more kinds"));
    }
    lines
}

/// A problem with the text around its place, where there is some.
struct Located<'a>(&'a Problem);

impl std::fmt::Display for Located<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        if let Some(excerpt) = self.0.excerpt.as_ref().filter(|excerpt| !excerpt.text.trim().is_empty()) {
            for line in excerpt.to_string().lines() {
                write!(f, "\n  | {line}")?;
            }
        }
        Ok(())
    }
}
