//! Standard output or a file, written whole or not at all; words on standard error; colour, decided once.

use std::env;
use std::fmt;
use std::fs::File;
use std::io::{self, BufWriter, IsTerminal, StdoutLock, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::Failure;
use super::args::{DocumentFormat, TargetArgs, When};
use super::interrupt::{Begun, Undo};
use super::progress::{Progress, Work};
use crate::render::html;
use crate::render::markdown;
use crate::render::text::{self, Layout};
use crate::report::document::Document;

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

    /// Whether anything but errors is said.
    pub fn are_wanted(self) -> bool {
        !self.quiet
    }

    /// Says something that is not an error.
    pub fn say(self, message: impl fmt::Display) {
        if !self.quiet {
            Self::tell(message);
        }
    }

    /// Says an error.
    pub fn tell(message: impl fmt::Display) {
        // At one go, so that nothing else comes between; nobody is left to tell where standard error is closed.
        let _ = io::stderr().write_all(format!("{message}\n").as_bytes());
    }
}

/// Writes a document.
pub fn write_document(
    out: &mut dyn Write,
    document: Document<'_>,
    format: DocumentFormat,
    target: &TargetArgs,
) -> io::Result<()> {
    match format {
        DocumentFormat::Text => text::write(out, document, layout(target)),
        DocumentFormat::Markdown => markdown::write(out, document),
        DocumentFormat::Html => html::write(out, document),
    }
}

/// How text is laid out for where it goes.
fn layout(args: &TargetArgs) -> Layout {
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
    let mut out = Destination::open(target)?;
    write(&mut out).map_err(|source| out.failure(source))?;
    out.keep()
}

/// The same, with progress where the results do not go to a terminal themselves.
pub fn write_long(
    target: Option<&Path>,
    words: Words,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut out = Destination::open(target)?;
    let progress = if out.is_terminal() { Progress::hidden() } else { Progress::new(Work::Writing, words) };
    let written = write(&mut progress.bytes(&mut out));
    drop(progress);
    written.map_err(|source| out.failure(source))?;
    out.keep()
}

/// Where results go while they are written.
#[derive(Debug)]
pub struct Destination<'p> {
    path: Option<&'p Path>,
    out: BufWriter<Stream>,
}

#[derive(Debug)]
enum Stream {
    Stdout(StdoutLock<'static>),
    File(Pending),
}

impl<'p> Destination<'p> {
    /// Opens the file at this path, or standard output.
    pub fn open(path: Option<&'p Path>) -> Result<Self, Failure> {
        let stream = match path {
            None => Ok(Stream::Stdout(io::stdout().lock())),
            Some(path) => Pending::open(path).map(Stream::File),
        };
        let stream = stream.map_err(|source| failure(path, source))?;
        Ok(Self { path, out: BufWriter::with_capacity(1 << 16, stream) })
    }

    /// Whether what is written is seen at once, and stays whatever happens then.
    pub fn is_seen(&self) -> bool {
        !matches!(self.out.get_ref(), Stream::File(Pending::Whole { .. }))
    }

    /// Whether it is the terminal.
    pub fn is_terminal(&self) -> bool {
        matches!(self.out.get_ref(), Stream::Stdout(out) if out.is_terminal())
    }

    /// What it means that writing failed.
    pub fn failure(&self, source: io::Error) -> Failure {
        failure(self.path, source)
    }

    /// Ends the writing: a file appears in its place.
    pub fn keep(self) -> Result<(), Failure> {
        let Self { path, out } = self;
        let stream = out.into_inner().map_err(io::IntoInnerError::into_error);
        let kept = stream.and_then(|stream| match stream {
            Stream::Stdout(mut out) => out.flush(),
            Stream::File(file) => file.keep(),
        });
        kept.map_err(|source| failure(path, source))
    }
}

fn failure(path: Option<&Path>, source: io::Error) -> Failure {
    match path {
        Some(path) => Failure::File { action: "write", path: path.to_owned(), source },
        None if source.kind() == io::ErrorKind::BrokenPipe => Failure::Closed,
        None => Failure::Stdout { source },
    }
}

impl Write for Destination<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(out) => out.write(bytes),
            Self::File(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(out) => out.flush(),
            Self::File(file) => file.flush(),
        }
    }
}

/// A file that appears in its place only once it is kept. Devices and pipes, which nothing can replace, are written as it comes.
#[derive(Debug)]
pub enum Pending {
    /// Stands beside its place until then.
    Whole {
        /// The file as it grows.
        file: NamedTempFile,
        /// Its place.
        place: PathBuf,
        /// It is removed where the program is ended before.
        begun: Begun,
    },
    /// Is written as it comes.
    Device(File),
}

impl Pending {
    /// Opens a file that will take the place of `path`, which may lead there by links. It keeps the permissions of a file that is there.
    pub fn open(path: &Path) -> io::Result<Self> {
        let there = std::fs::metadata(path).ok();
        if there.as_ref().is_some_and(std::fs::Metadata::is_dir) {
            return Err(io::ErrorKind::IsADirectory.into());
        }
        if there.as_ref().is_some_and(|there| !there.is_file()) {
            return Ok(Self::Device(File::options().write(true).open(path)?));
        }
        let place = followed(path)?;
        let folder = folder_of(&place);
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
        let (begun, file) = Begun::new(|| {
            // An error would name the temporary file, which is of no use to anybody.
            let file = builder.tempfile_in(folder).map_err(|error| io::Error::from(error.kind()))?;
            let path = file.path().to_owned();
            // Where it has just been put in its place, there is none.
            let undo: Undo = Box::new(move || drop(std::fs::remove_file(&path)));
            Ok((file, undo))
        })?;
        if let Some(there) = there {
            file.as_file().set_permissions(there.permissions())?;
        }
        Ok(Self::Whole { file, place, begun })
    }

    /// Puts the finished file in its place.
    pub fn keep(self) -> io::Result<()> {
        match self {
            Self::Whole { file, place, begun } => {
                let kept = file.persist(place).map(drop).map_err(|error| error.error);
                drop(begun);
                kept
            }
            Self::Device(_) => Ok(()),
        }
    }
}

impl Write for Pending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Whole { file, .. } => file.write(bytes),
            Self::Device(file) => file.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Whole { file, .. } => file.flush(),
            Self::Device(file) => file.flush(),
        }
    }
}

/// Whether two paths lead to one regular file that is there.
pub fn is_same_file(a: &Path, b: &Path) -> bool {
    let there = |path: &Path| path.canonicalize().ok().filter(|path| path.is_file());
    there(a).is_some_and(|a| there(b) == Some(a))
}

/// Whether two paths lead to one place where a file is or may come to be. Devices can take anything twice.
pub fn is_same_place(a: &Path, b: &Path) -> bool {
    let place = |path: &Path| {
        let place = followed(path).ok()?;
        Some((folder_of(&place).canonicalize().ok()?, place.file_name()?.to_owned()))
    };
    let is_device = std::fs::metadata(a).is_ok_and(|there| !there.is_file());
    !is_device && place(a).is_some_and(|a| place(b) == Some(a))
}

/// Where a path leads by its links, also where nothing is there yet.
fn followed(path: &Path) -> io::Result<PathBuf> {
    /// More links than this lead round in a circle.
    const MOST_LINKS: usize = 40;
    let mut path = path.to_owned();
    for _ in 0..MOST_LINKS {
        match std::fs::read_link(&path) {
            Ok(target) => path = folder_of(&path).join(target),
            Err(_) => return Ok(path),
        }
    }
    Err(io::Error::other("too many links"))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}
