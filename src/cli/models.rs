//! Where model files are found, and how they become models.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;

use super::Failure;
use super::args::ModelArgs;
use super::output::Words;
use crate::config::mapping::{FILE_NAME as MAPPING_FILE, Mapping};
use crate::config::{self, Layer, ModelFile, Models, SourceFile};
use crate::intake::Key;
use crate::render::Clean;

/// A folder that is looked at for model files.
#[derive(Debug)]
pub struct Folder {
    /// Where it is.
    pub path: PathBuf,
    /// Why it is looked at.
    pub why: &'static str,
    /// The model files in it.
    pub files: Vec<ModelFile>,
}

/// The folders that are looked at, lowest first. A folder that is asked for by name must be there and hold a model file.
pub fn folders(args: &ModelArgs) -> Result<Vec<Folder>, Failure> {
    if let Some(path) = asked_for(args) {
        let folder = Folder::at(path.clone(), "--config or CSM_CONFIG");
        if folder.files.is_empty() && !path.join(MAPPING_FILE).is_file() {
            let error = |kind: io::ErrorKind, why: String| Failure::File {
                action: "read the model in",
                path: path.clone(),
                source: io::Error::new(kind, why),
            };
            return Err(match fs::metadata(&path) {
                Err(source) => Failure::File { action: "read the model in", path, source },
                Ok(metadata) if !metadata.is_dir() => error(io::ErrorKind::NotADirectory, "not a folder".to_owned()),
                Ok(_) => {
                    let names: Vec<&str> = ModelFile::ALL.iter().map(|file| file.file_name()).collect();
                    error(
                        io::ErrorKind::NotFound,
                        format!("no model file in it, expected some of {}", names.join(", ")),
                    )
                }
            });
        }
        return Ok(vec![folder]);
    }
    let user = user_folder().map(|path| Folder::at(path, "the user's configuration"));
    Ok(user.into_iter().chain([Folder::at(PathBuf::from("config"), "the folder that csm is run in")]).collect())
}

/// The folder that is asked for by name.
fn asked_for(args: &ModelArgs) -> Option<PathBuf> {
    let from_environment = || env::var_os("CSM_CONFIG").filter(|folder| !folder.is_empty()).map(PathBuf::from);
    args.config.clone().or_else(from_environment)
}

fn user_folder() -> Option<PathBuf> {
    etcetera::choose_base_strategy().ok().map(|base| base.config_dir().join("csm"))
}

/// Where a mapping may be found, lowest first: beside the model files, and in the folder that csm is run in.
fn roots(args: &ModelArgs) -> Vec<PathBuf> {
    match asked_for(args) {
        Some(path) => vec![path],
        None => user_folder().into_iter().chain([PathBuf::from("config"), PathBuf::new()]).collect(),
    }
}

impl Folder {
    fn at(path: PathBuf, why: &'static str) -> Self {
        let files = ModelFile::ALL.into_iter().filter(|file| path.join(file.file_name()).is_file()).collect();
        Self { path, why, files }
    }

    /// The texts of its model files.
    pub fn layer(&self) -> Result<Layer, Failure> {
        let read = |file: &ModelFile| {
            let path = self.path.join(file.file_name());
            let text = read(&path)?;
            Ok(SourceFile { file: *file, path: path.display().to_string(), text })
        };
        Ok(Layer { files: self.files.iter().map(read).collect::<Result<_, Failure>>()? })
    }
}

fn read(path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|source| Failure::File { action: "read", path: path.to_owned(), source })
}

/// Loads the mapping of columns: the file that is asked for, else the highest one where model files are found; its path comes with it.
pub fn mapping(
    args: &ModelArgs,
    asked_for: Option<&Path>,
    key: &Key,
    models: &Models,
) -> Result<Option<(PathBuf, Mapping)>, Failure> {
    let found = match asked_for {
        Some(path) => Some(path.to_owned()),
        None => roots(args).into_iter().rev().map(|root| root.join(MAPPING_FILE)).find(|path| path.is_file()),
    };
    let Some(path) = found else { return Ok(None) };
    let text = read(&path)?;
    let mapping = config::load_mapping(&path.display().to_string(), &text, &models.schema, key.path())
        .map_err(Failure::Mapping)?;
    Ok(Some((path, mapping)))
}

/// Loads the models that the arguments ask for.
pub fn load(args: &ModelArgs) -> Result<Models, Failure> {
    let folders = folders(args)?;
    let layers = folders.iter().filter(|folder| !folder.files.is_empty()).map(Folder::layer);
    config::load(layers.collect::<Result<_, _>>()?).map_err(Failure::Model)
}

/// Says which model files are not the embedded ones.
pub fn tell(models: &Models, words: Words) {
    for (_, overlay) in models.effective.overlays() {
        words.say(format_args!("csm: model: {}", Clean(overlay)));
    }
}
