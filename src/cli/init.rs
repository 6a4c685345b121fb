//! `csm init`: the commented default model, or an empty table to be filled in, written out.

use std::fs;
use std::path::{Path, PathBuf};

use super::args::{BlankFormat, InitArgs, ModelArgs};
use super::output::{self, Words};
use super::{Failure, models};
use crate::config::{FileSchema, ModelFile};
use crate::render::csv::{self, Guard};
use crate::render::{Clean, xlsx};
use crate::report::columns::{Column, columns};

pub fn run(args: &InitArgs) -> Result<(), Failure> {
    let dir = |default: &str| args.dir.clone().unwrap_or_else(|| PathBuf::from(default));
    let overwrite = if args.force { Overwrite::Yes } else { Overwrite::No };
    match args.blank {
        None => model(&dir("config"), overwrite),
        Some(format) => blank(&dir("."), format, &ModelArgs { config: args.config.clone() }, overwrite),
    }
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

/// Writes a table with all columns that the model reads and no row.
fn blank(dir: &Path, format: BlankFormat, model: &ModelArgs, overwrite: Overwrite) -> Result<(), Failure> {
    let models = models::load(model)?;
    models::tell(&models, Words::new(false));
    let columns = columns(&models);
    let files = match format {
        BlankFormat::Csv => {
            let table = |name: &str, rows: &mut dyn Iterator<Item = Vec<&str>>| {
                let mut bytes = Vec::new();
                let failed = |source| Failure::File { action: "write", path: dir.join(name), source };
                csv::write_rows(&mut bytes, rows, Guard::On).map_err(failed)?;
                Ok::<_, Failure>(NewFile::new(name, bytes))
            };
            let header = columns.iter().map(|column| column.path.as_str()).collect();
            let notes = notes(&columns);
            let mut rows = notes.iter().map(|row| row.iter().map(String::as_str).collect());
            vec![table("portfolio.csv", &mut std::iter::once(header))?, table("portfolio-columns.csv", &mut rows)?]
        }
        BlankFormat::Xlsx => {
            let path = dir.join("portfolio.xlsx");
            let failed = |source| Failure::File { action: "write", path, source };
            vec![NewFile::new("portfolio.xlsx", xlsx::blank(&columns).map_err(failed)?)]
        }
    };
    let names: Vec<PathBuf> = files.iter().map(|file| dir.join(&file.path)).collect();
    write(dir, files, overwrite)?;
    output::write(None, |out| {
        for name in &names {
            // The current folder goes without saying.
            let name = name.strip_prefix(".").unwrap_or(name);
            writeln!(out, "wrote {}", Clean(&name.display().to_string()))?;
        }
        Ok(())
    })
}

/// What is to be known of the columns, as a table with a header.
fn notes(columns: &[Column]) -> Vec<[String; 6]> {
    let header = Column::NOTES.map(str::to_owned);
    [header].into_iter().chain(columns.iter().map(Column::row)).collect()
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
        let folder = if dir == Path::new(".") { "the current folder".to_owned() } else { dir.display().to_string() };
        return Err(Failure::Usage(format!(
            "{} holds {} already, nothing was written; --force writes over what is there",
            Clean(&folder),
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
