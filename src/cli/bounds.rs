//! Writing bounds into the model that is in use.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::Failure;
use super::args::ModelArgs;
use super::models::folders;
use super::output::Pending;
use crate::config::{self, Bound, Layer, ModelFile, Models, SourceFile, write_bounds};

/// What a file starts with that holds nothing but bounds.
const NEW: &str = "format = 1\n";

/// Writes bounds, with a note of where they come from, into the files that the model in use is made of: each into the uppermost file of its
/// name, which overrules those below it. Where only the embedded one is in use, a new file comes into the folder that is asked for by
/// name, else into `./config`. Gives the paths of what was written. Nothing is written where the
/// new model would not load or a text could not be put beside its place; taking its place is one step for each file.
pub fn write(args: &ModelArgs, models: &Models, bounds: &[(Bound, f64)], note: &str) -> Result<Vec<PathBuf>, Failure> {
    let folders = folders(args)?;
    let mut layers: Vec<Layer> = folders.iter().map(super::models::Folder::layer).collect::<Result<_, _>>()?;
    if config::load(layers.clone()).map_err(Failure::Model)?.fingerprint != models.fingerprint {
        return Err(Failure::Usage(
            "the model was changed while csm ran, so no bounds were written into it; run it again".to_owned(),
        ));
    }
    let mut files: Vec<(PathBuf, String)> = Vec::new();
    for file in [ModelFile::Segments, ModelFile::Churn] {
        if !bounds.iter().any(|(bound, _)| bound.file() == file) {
            continue;
        }
        let holds = |layer: &Layer| layer.files.iter().any(|source| source.file == file);
        let Some(place) = layers.iter().rposition(holds).or(layers.len().checked_sub(1)) else { continue };
        let path = folders[place].path.join(file.file_name());
        let layer = &mut layers[place].files;
        let present = layer.iter().position(|source| source.file == file).map(|position| layer.swap_remove(position));
        let source =
            present.unwrap_or_else(|| SourceFile { file, path: path.display().to_string(), text: NEW.to_owned() });
        let text = write_bounds(models, &source, bounds, note).map_err(Failure::Model)?;
        if text != source.text {
            files.push((path, text.clone()));
        }
        layer.push(SourceFile { text, ..source });
    }
    let changed = config::load(layers).map_err(Failure::Model)?;
    if let Some((bound, figure)) = bounds.iter().find(|(bound, figure)| bound.of(&changed) != Some(*figure)) {
        return Err(Failure::Usage(format!("no bounds were written: {bound:?} would not become {figure}")));
    }
    put(&files)?;
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

/// Writes all texts beside their places before the first takes its place.
fn put(files: &[(PathBuf, String)]) -> Result<(), Failure> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source: io::Error| Failure::File { action: "write", path, source }
    };
    let mut pending = Vec::with_capacity(files.len());
    for (path, text) in files {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(failed(folder))?;
        }
        let mut file = Pending::open(path).map_err(failed(path))?;
        file.write_all(text.as_bytes()).map_err(failed(path))?;
        pending.push((path, file));
    }
    pending.into_iter().try_for_each(|(path, file)| file.keep().map_err(failed(path)))
}
