//! Model files and mappings.

use csm::config::{self, ConfigError, Layer, ModelFile, Models, SourceFile};

use super::reading::{Given, Portfolio};
use super::{MODELS, parts};

/// A mapping alone.
pub fn mapping(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    match config::load_mapping("mapping.toml", text, &MODELS.schema, None) {
        Ok(mapping) => {
            for (name, position) in [("crm.csv", 1), ("a/tickets-1.XLSX", 2), ("", usize::MAX)] {
                _ = mapping.source_for(name, position);
            }
        }
        Err(error) => check_error(&error),
    }
}

/// Overlays: parts that begin with a line that names their file. A portfolio is scored by what they make of the models.
pub fn config(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let files = parts(text.as_bytes()).into_iter().filter_map(|part| {
        let (name, text) = str::from_utf8(part).ok()?.split_once('\n')?;
        let file = ModelFile::ALL.into_iter().find(|file| file.file_name() == name.trim_matches(['#', ' ']))?;
        Some(SourceFile { file, path: format!("config/{name}"), text: text.to_owned() })
    });
    let files: Vec<SourceFile> = files.collect();
    // Each on its own layer, so that one file may be overlaid several times.
    let layers = files.into_iter().map(|file| Layer { files: vec![file] }).collect();
    match config::load(layers) {
        Ok(models) => check_models(&models),
        Err(error) => check_error(&error),
    }
}

fn check_error(error: &ConfigError) {
    assert!(!error.problems().is_empty());
    let shown = error.to_string();
    let harmful = shown.chars().find(|character| character.is_control() && *character != '\n');
    assert_eq!(harmful, None, "{shown}");
}

fn check_models(models: &Models) {
    let portfolio = include_bytes!("../../cli/missing.in/portfolio.json");
    Portfolio::of(Given::new("portfolio.json", portfolio)).check_and_show_with(models);
    // What is written out is the model again.
    let written = |models: &Models| {
        ModelFile::ALL.map(|file| SourceFile {
            file,
            path: file.file_name().to_owned(),
            text: models.effective.to_toml(file),
        })
    };
    let files = written(models).to_vec();
    let again = config::load(vec![Layer { files }]).unwrap_or_else(|error| panic!("{error}"));
    for (file, other) in written(models).into_iter().zip(written(&again)) {
        assert_eq!(file.text, other.text);
    }
    _ = models.effective.origins();
}
