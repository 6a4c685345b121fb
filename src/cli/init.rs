//! `csm init`: the commented default model, written out.

use std::fs;

use super::Failure;
use super::args::InitArgs;
use super::output;
use crate::config::ModelFile;
use crate::render::Clean;

pub fn run(args: &InitArgs) -> Result<(), Failure> {
    let failed = |source| Failure::File { action: "write the model into", path: args.dir.clone(), source };
    let there: Vec<&str> = ModelFile::ALL
        .iter()
        .map(|file| file.file_name())
        .filter(|name| fs::symlink_metadata(args.dir.join(name)).is_ok())
        .collect();
    if !there.is_empty() && !args.force {
        return Err(Failure::Usage(format!(
            "{} holds {} already, nothing was written; --force writes over what is there",
            Clean(&args.dir.display().to_string()),
            there.join(", ")
        )));
    }
    fs::create_dir_all(&args.dir).map_err(failed)?;
    for file in ModelFile::ALL {
        let path = args.dir.join(file.file_name());
        output::write(Some(&path), |out| out.write_all(file.shipped().as_bytes()))?;
    }
    output::write(None, |out| {
        for file in ModelFile::ALL {
            writeln!(out, "wrote {}", Clean(&args.dir.join(file.file_name()).display().to_string()))?;
        }
        Ok(())
    })
}
