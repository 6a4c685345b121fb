//! Standard output or a file, written whole or not at all; words on standard error; colour, decided once.

use std::env;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Failure;
use super::args::{OutputArgs, When};
use crate::render::text::Layout;

/// The columns of text that goes to no terminal.
const PLAIN_WIDTH: usize = 120;
/// The fewest columns that text is laid out for.
const LEAST_WIDTH: usize = 40;

/// Writes words about the data on standard error, unless they are unwanted.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    quiet: bool,
}

impl Words {
    /// Words as the arguments want them.
    pub fn new(quiet: bool) -> Self {
        Self { quiet }
    }

    /// Says something that is not an error.
    pub fn say(self, message: impl fmt::Display) {
        if !self.quiet {
            Self::tell(message);
        }
    }

    /// Says an error.
    pub fn tell(message: impl fmt::Display) {
        // Nobody is left to tell where standard error is closed.
        let _ = writeln!(io::stderr(), "{message}");
    }
}

/// How text is laid out for where it goes.
pub fn layout(args: &OutputArgs) -> Layout {
    let terminal = args.output.is_none() && io::stdout().is_terminal();
    let width = if terminal { terminal_size::terminal_size().map(|(width, _)| usize::from(width.0)) } else { None };
    let colour = match args.color {
        When::Always => true,
        When::Never => false,
        When::Auto => {
            let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
            let forced = env::var_os("CLICOLOR_FORCE").is_some_and(|value| !value.is_empty() && value != "0");
            let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
            !set("NO_COLOR") && args.output.is_none() && (forced || (terminal && !dumb))
        }
    };
    Layout { width: width.unwrap_or(PLAIN_WIDTH).max(LEAST_WIDTH), colour }
}

/// Writes results where the arguments want them. A file appears only once all is written.
pub fn write(target: Option<&Path>, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    match target {
        None => {
            let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
            write(&mut out).and_then(|()| out.flush()).map_err(|source| match source.kind() {
                io::ErrorKind::BrokenPipe => Failure::Closed,
                _ => Failure::Stdout { source },
            })
        }
        Some(path) => whole_file(path, write),
    }
}

fn whole_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Failure> {
    let failed = |source| Failure::File { action: "write", path: path.to_owned(), source };
    // Devices and pipes cannot be replaced by a finished file.
    if std::fs::metadata(path).is_ok_and(|metadata| !metadata.is_file() && !metadata.is_dir()) {
        let mut out = BufWriter::new(File::options().write(true).open(path).map_err(failed)?);
        return write(&mut out).and_then(|()| out.flush()).map_err(failed);
    }
    if path.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    let mut file = temporary(path).map_err(failed)?;
    let mut out = BufWriter::with_capacity(1 << 16, file.as_file_mut());
    write(&mut out).and_then(|()| out.flush()).map_err(failed)?;
    drop(out);
    keep(file, path)
}

/// Whether two paths lead to one regular file that is there.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let there = |path: &Path| path.canonicalize().ok().filter(|path| path.is_file());
    there(a).is_some_and(|a| there(b) == Some(a))
}

/// A file beside `path` that takes its place when it is kept.
pub fn temporary(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "there is no such folder"));
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".csm-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // The user's umask takes from these, as it does for any file that a command creates.
        builder.permissions(std::fs::Permissions::from_mode(0o666));
    }
    // The error would name the temporary file, which is of no use to anybody.
    builder.tempfile_in(folder).map_err(|error| error.kind().into())
}

/// Puts a finished file in its place.
pub fn keep(file: NamedTempFile, path: &Path) -> Result<(), Failure> {
    let failed = |source| Failure::File { action: "write", path: PathBuf::from(path), source };
    file.persist(path).map(drop).map_err(|error| failed(error.error))
}
