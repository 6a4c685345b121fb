//! `csm init`: the commented default model, written out.

use std::fs;
use std::path::{Path, PathBuf};

use super::Failure;
use super::args::InitArgs;
use super::output;
use crate::config::{FileSchema, ModelFile};
use crate::render::Clean;

pub fn run(args: &InitArgs) -> Result<(), Failure> {
    model(&args.dir, if args.force { Overwrite::Yes } else { Overwrite::No })
}

/// A file to be written, by its path in the folder.
struct NewFile {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl NewFile {
    fn new(path: impl Into<PathBuf>, bytes: impl Into<Vec<u8>>) -> Self {
        Self { path: path.into(), bytes: bytes.into() }
    }
}

/// Whether files that are there are written over.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Overwrite {
    Yes,
    No,
}

/// Writes the shipped model, and beside it the schemas that the first lines of its files name.
fn model(dir: &Path, overwrite: Overwrite) -> Result<(), Failure> {
    let schema = |schema: FileSchema| {
        NewFile::new(Path::new(FileSchema::FOLDER).join(schema.file_name()), schema.text().as_bytes())
    };
    let models = ModelFile::ALL.map(|file| NewFile::new(file.file_name(), file.shipped().as_bytes()));
    write(dir, models.into_iter().chain(FileSchema::ALL.map(schema)).collect(), overwrite)?;
    output::write(None, |out| {
        for file in ModelFile::ALL {
            writeln!(out, "wrote {}", Clean(&dir.join(file.file_name()).display().to_string()))?;
        }
        let schemas = dir.join(FileSchema::FOLDER).display().to_string();
        writeln!(out, "wrote {}: with these, editors check and complete the files above", Clean(&schemas))
    })
}

/// Writes files into a folder, or none of them where one is there that must stay.
fn write(dir: &Path, files: Vec<NewFile>, overwrite: Overwrite) -> Result<(), Failure> {
    let failed = |source| Failure::File { action: "write into", path: dir.to_owned(), source };
    let mut there: Vec<String> = Vec::new();
    for file in &files {
        if fs::symlink_metadata(dir.join(&file.path)).is_ok() {
            // Of a folder, its name says enough.
            let name = file.path.iter().next().unwrap_or_default().to_string_lossy().into_owned();
            if there.last() != Some(&name) {
                there.push(name);
            }
        }
    }
    if !there.is_empty() && overwrite == Overwrite::No {
        return Err(Failure::Usage(format!(
            "{} holds {} already, nothing was written; --force writes over what is there",
            Clean(&dir.display().to_string()),
            there.join(", ")
        )));
    }
    for file in &files {
        if let Some(folder) = dir.join(&file.path).parent() {
            fs::create_dir_all(folder).map_err(failed)?;
        }
    }
    for file in files {
        output::write(Some(&dir.join(&file.path)), |out| out.write_all(&file.bytes))?;
    }
    Ok(())
}
