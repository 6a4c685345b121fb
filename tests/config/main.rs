//! Model files: what loads, what is refused and how that is said.

use csm::config::{self, ConfigError, Layer, ModelFile, Models, SourceFile};

mod bounds;
mod effective;
mod mapping;
mod messages;
mod models;
mod properties;
mod proposals;

/// A layer of overlay files; each is a `config/NAME` of this text behind its `format = 1`.
fn layer(files: &[(ModelFile, &str)]) -> Layer {
    let source = |(file, text): &(ModelFile, &str)| SourceFile {
        file: *file,
        path: format!("config/{}", file.file_name()),
        text: format!("format = 1\n{text}"),
    };
    Layer { files: files.iter().map(source).collect() }
}

fn load(files: &[(ModelFile, &str)]) -> Result<Models, ConfigError> {
    config::load(vec![layer(files)])
}

fn shipped() -> Models {
    config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"))
}
