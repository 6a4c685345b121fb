//! The files of a history, and what each holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use crate::account::Book;
use crate::cli::Failure;
use crate::cli::dated::date_in_name;
use crate::cli::input::Input;
use crate::cli::progress::Progress;
use crate::intake::{self, Dating, Kept, Needs, Problems, Reading, Saved};
use crate::workers::Threads;

/// The files that may hold snapshots, by name.
pub(super) fn files(history: &Path) -> Result<Vec<PathBuf>, Failure> {
    if history == Path::new("-") {
        return Ok(vec![history.to_owned()]);
    }
    let failed = |source| Failure::File { action: "read", path: history.to_owned(), source };
    if !fs::metadata(history).map_err(failed)?.is_dir() {
        return Ok(vec![history.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(history).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = file_name(&path);
        // Model files and mappings may lie beside, and programs leave hidden files and locks.
        let is_aside = name.starts_with('.')
            || name.starts_with("~$")
            || path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("toml"));
        if !is_aside && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

/// A file with snapshots.
pub(super) struct SnapshotFile {
    pub(super) path: PathBuf,
    /// The day in its name.
    pub(super) day: Option<NaiveDate>,
    kept: Kept,
}

/// What a file holds.
pub(super) enum FileContent {
    Days(BTreeMap<NaiveDate, Book>, Reading),
    Saved(Saved),
    /// What is wrong with the file is in the reading.
    Nothing(Reading),
}

/// Files with snapshots, files whose day nothing tells, and files of days behind the as-of date.
pub(super) type Looked = (Vec<SnapshotFile>, Vec<PathBuf>, Vec<PathBuf>);

/// Looks at files to find out what they hold.
pub(super) fn look(input: &Input<'_>, files: Vec<PathBuf>) -> Result<Looked, Failure> {
    let (mut wanted, mut undated, mut later) = (Vec::new(), Vec::new(), Vec::new());
    let is_only = files.len() == 1;
    for path in files {
        let name = file_name(&path);
        if path == Path::new("-") {
            wanted.push(SnapshotFile { path, day: None, kept: Kept::Dated });
            continue;
        }
        let day = date_in_name(&name);
        if !(is_only || intake::is_readable_name(&name)) {
            undated.push(path);
            continue;
        }
        let kept = input.beside(vec![path.clone()], input.as_of)?.kept(day.is_some())?;
        match (kept, day) {
            (Kept::Undated, None) => undated.push(path),
            (Kept::Undated, Some(day)) if day > input.as_of => later.push(path),
            _ => wanted.push(SnapshotFile { path, day, kept }),
        }
    }
    Ok((wanted, undated, later))
}

impl SnapshotFile {
    pub(super) fn read(
        &self,
        input: &Input<'_>,
        progress: &Progress,
        threads: Threads,
    ) -> Result<FileContent, Failure> {
        let beside = input.beside(vec![self.path.clone()], self.day.unwrap_or(input.as_of))?;
        if self.kept == Kept::Results {
            return Ok(match beside.read_saved(progress)? {
                Ok(saved) => FileContent::Saved(saved),
                Err(problem) => {
                    let mut problems = Problems::default();
                    problems.refuse(problem);
                    FileContent::Nothing(Reading { problems, ..Reading::default() })
                }
            });
        }
        let slots = input.models.schema.slots().map(|(slot, _)| slot).collect();
        let dating = if self.day.is_some() { Dating::Followed } else { Dating::Required };
        let needs = Needs { slots, dating, ..Needs::default() };
        let (days, reading) = beside.read_days(&needs, progress, threads)?;
        Ok(FileContent::Days(days, reading))
    }
}
