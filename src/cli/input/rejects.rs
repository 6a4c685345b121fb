//! The files into which records go that are left out.

use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crate::cli::Failure;
use crate::cli::args::InvalidArgs;
use crate::cli::output::{self, Pending};
use crate::render::Clean;

/// What is written must be none of the files that are read, and nothing is written twice.
pub(super) fn check_outputs(
    portfolios: &[PathBuf],
    invalid: &InvalidArgs,
    output: Option<&Path>,
) -> Result<(), Failure> {
    let rejects = rejects_paths(portfolios, invalid);
    for written in output.into_iter().chain(rejects.iter().map(PathBuf::as_path)) {
        if portfolios.iter().any(|portfolio| output::is_same_file(written, portfolio)) {
            let path = Clean(&written.display().to_string()).to_string();
            return Err(Failure::Usage(format!("{path} is the portfolio itself, and would be written over")));
        }
    }
    if let Some(output) = output
        && rejects.iter().any(|rejects| output::is_same_place(output, rejects))
    {
        let path = Clean(&output.display().to_string()).to_string();
        return Err(Failure::Usage(format!("{path} cannot take both the results and the records left out")));
    }
    Ok(())
}

/// Where the records that are left out are kept: of several files, each has a file of its own with its name in it.
pub(super) fn rejects_paths(portfolios: &[PathBuf], invalid: &InvalidArgs) -> Vec<PathBuf> {
    let Some(path) = &invalid.rejects else { return Vec::new() };
    if portfolios.len() == 1 {
        return vec![path.clone()];
    }
    let stem = |path: &Path| path.file_stem().map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    let ending = path.extension().map_or_else(String::new, |ending| format!(".{}", ending.to_string_lossy()));
    let of = |(position, portfolio): (usize, &PathBuf)| {
        path.with_file_name(format!("{}-{}-{}{ending}", stem(path), position + 1, stem(portfolio)))
    };
    portfolios.iter().enumerate().map(of).collect()
}

/// A file of records that are left out.
pub(super) struct Rejects {
    path: PathBuf,
    pub(super) out: BufWriter<Pending>,
}

impl Rejects {
    pub(super) fn open(path: PathBuf) -> Result<Self, Failure> {
        let file = Pending::open(&path);
        let file = file.map_err(|source| Failure::File { action: "write", path: path.clone(), source })?;
        Ok(Self { path, out: BufWriter::new(file) })
    }

    /// Puts the file in its place, or forgets it.
    pub(super) fn end(self, keep: bool) -> Result<(), Failure> {
        let Self { path, out } = self;
        let failed = |source| Failure::File { action: "write", path: path.clone(), source };
        let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
        if keep { file.keep().map_err(failed) } else { Ok(()) }
    }
}
