//! `csm schema`: the JSON Schemas of what is read and written.

use super::args::{SchemaArgs, SchemaCommand};
use super::config::{model_file, names_of_files};
use super::output::Words;
use super::{Failure, models, output};
use crate::config::FileSchema;
use crate::render::Clean;
use crate::render::json::Json;
use crate::report::schema;

pub fn run(args: &SchemaArgs) -> Result<(), Failure> {
    let text = match &args.command {
        SchemaCommand::Input { model } => {
            let models = models::load(model)?;
            models::tell(&models, Words::new(false));
            return output::write(None, |out| schema::write_input(&models, &mut Json::new(out)));
        }
        SchemaCommand::Mapping => FileSchema::Mapping.text(),
        SchemaCommand::Config { file: None } => {
            return Err(Failure::Usage(format!("which model file? One of {}", names_of_files())));
        }
        SchemaCommand::Config { file: Some(name) } => match model_file(name) {
            Some(file) => FileSchema::Model(file).text(),
            None => {
                let names = names_of_files();
                return Err(Failure::Usage(format!("no model file {}, expected one of {names}", Clean(name))));
            }
        },
        SchemaCommand::Output => schema::OUTPUT,
    };
    output::write(None, |out| out.write_all(text.as_bytes()))
}
