//! `csm config`: the effective model, and where it comes from.

use super::args::{ConfigArgs, ConfigCommand, ModelArgs};
use super::{Failure, models, output};
use crate::config::ModelFile;
use crate::render::Clean;

pub fn run(args: &ConfigArgs) -> Result<(), Failure> {
    match &args.command {
        Some(ConfigCommand::Path { model }) => paths(model),
        None => show(args),
    }
}

/// The effective model as TOML, or each of its values with its origin.
fn show(args: &ConfigArgs) -> Result<(), Failure> {
    let files = chosen(&args.files)?;
    let models = models::load(&args.model)?;
    let effective = &models.effective;
    output::write(None, |out| {
        if args.origin {
            for value in effective.origins().iter().filter(|value| files.contains(&value.file)) {
                let file = value.file.file_name();
                let (key, text, path) = (Clean(&value.key), Clean(&value.value), Clean(value.path));
                writeln!(out, "{file}: {key} = {text}  # {path}:{}", value.line)?;
            }
            return Ok(());
        }
        for (position, file) in files.iter().enumerate() {
            let between = if position == 0 { "" } else { "\n" };
            writeln!(out, "{between}# {} of model {}", file.file_name(), models.fingerprint)?;
            out.write_all(effective.to_toml(*file).as_bytes())?;
        }
        Ok(())
    })
}

fn chosen(names: &[String]) -> Result<Vec<ModelFile>, Failure> {
    if names.is_empty() {
        return Ok(ModelFile::ALL.to_vec());
    }
    let find = |wanted: &String| {
        let unknown = || format!("no model file {}, expected some of {}", Clean(wanted), names_of_files());
        model_file(wanted).ok_or_else(|| Failure::Usage(unknown()))
    };
    names.iter().map(find).collect()
}

/// The model file that a word names, with or without its ending.
pub fn model_file(wanted: &str) -> Option<ModelFile> {
    ModelFile::ALL.into_iter().find(|file| wanted == file.name() || wanted == file.file_name())
}

/// The names of all model files, for messages.
pub fn names_of_files() -> String {
    ModelFile::ALL.map(ModelFile::name).join(", ")
}

/// The folders that are looked at, and what is found there.
fn paths(args: &ModelArgs) -> Result<(), Failure> {
    let folders = models::folders(args)?;
    output::write(None, |out| {
        writeln!(out, "embedded: the shipped model")?;
        for folder in &folders {
            let files: Vec<&str> = folder.files.iter().map(|file| file.file_name()).collect();
            let found = if files.is_empty() { "no model file there".to_owned() } else { files.join(", ") };
            writeln!(out, "{} ({}): {found}", Clean(&folder.path.display().to_string()), folder.why)?;
        }
        Ok(())
    })
}
