//! The files of an input: their names, whether they are there, how long they are.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::output;
use crate::render::Clean;

/// The name of a file for people.
pub fn shown(path: &Path) -> String {
    if path == Path::new("-") { "<stdin>".to_owned() } else { path.display().to_string() }
}

/// What the files are called together.
pub(super) fn name(files: &[PathBuf]) -> String {
    let names: Vec<String> = files.iter().map(|path| shown(path)).collect();
    names.join(" + ")
}

/// Each file once, and standard input at most once.
pub(super) fn check_inputs(paths: &[PathBuf]) -> Result<(), Failure> {
    for (position, path) in paths.iter().enumerate() {
        let is_stdin = path == Path::new("-");
        if paths[..position].iter().any(|other| (is_stdin && other == path) || output::is_same_file(other, path)) {
            let path = Clean(&shown(path)).to_string();
            return Err(Failure::Usage(format!("{path} is given twice: several files are joined, each once")));
        }
    }
    Ok(())
}

/// Opens a file, or standard input for `-`.
pub fn open(path: &Path) -> Result<Box<dyn Read + Send>, Failure> {
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let failed = |source| Failure::File { action: "read", path: path.to_owned(), source };
    if fs::metadata(path).map_err(failed)?.is_dir() {
        return Err(failed(io::Error::new(io::ErrorKind::IsADirectory, "it is a folder, expected a file")));
    }
    Ok(Box::new(File::open(path).map_err(failed)?))
}

/// How many bytes the inputs have together, where all of them are files.
pub(super) fn length(paths: &[PathBuf]) -> Option<u64> {
    paths.iter().try_fold(0_u64, |sum, path| {
        let there = if path == Path::new("-") { stdin_metadata()? } else { fs::metadata(path).ok()? };
        there.is_file().then(|| sum.saturating_add(there.len()))
    })
}

/// What is known of standard input, into which a file may have been led.
pub(super) fn stdin_metadata() -> Option<Metadata> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        File::from(io::stdin().as_fd().try_clone_to_owned().ok()?).metadata().ok()
    }
    #[cfg(not(unix))]
    None
}
