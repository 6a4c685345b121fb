//! `csm validate`: what is wrong with the data, and how much of it there is.

use super::Failure;
use super::args::{Format, InvalidArgs, ThreadArgs, Top, ValidateArgs};
use super::input::Input;
use super::output::{self, Words, write_document};
use crate::analysis::{Inventory, Scope};
use crate::intake::{Dating, Keep, Needs, Severity};
use crate::render::Clean;
use crate::render::csv::write_problems;
use crate::render::json::Json;
use crate::report::record::write_validation;
use crate::report::{self, Context, Validation};

/// Problems of each severity that a document shows unless told otherwise.
const DOCUMENT_ROWS: usize = 50;

pub fn run(args: &ValidateArgs) -> Result<(), Failure> {
    let format = Format::chosen(args.format, &args.target, Format::VALIDATIONS)?;
    let target = args.target.output.as_deref();
    let words = Words::new(args.target.quiet);
    let input = Input::new(&args.sources, &InvalidArgs::default(), target, words, ThreadArgs::default())?;
    let needs =
        Needs { footprint: true, review: true, dating: Dating::Read, ..input.needs(&input.assessor(Scope::ALL)) };
    let mut inventory = Inventory::new(&input.models.schema);
    let reading = input.read_quietly(&needs, Keep::All, &mut |account| inventory.add(account))?;
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    let validation = Validation::new(&context, &mut inventory);
    output::write(target, |out| match format {
        Format::Document(format) => {
            let top = args.top.map_or(Some(DOCUMENT_ROWS), Top::limit);
            let document = report::validation(context, &inventory, &validation, top);
            write_document(out, document, format, &args.target)
        }
        Format::Json => write_validation(&context, &inventory, &validation, &mut Json::new(out)),
        Format::Csv => write_problems(out, validation.problems.iter(), args.guard.guard()),
        Format::Ndjson | Format::Xlsx => Err(format.refused()),
    })?;
    let (errors, warnings) = (validation.count(Severity::Error), validation.count(Severity::Warning));
    if errors > 0 {
        let what = if errors == 1 { "1 error".to_owned() } else { format!("{errors} errors") };
        return Err(Failure::Input(format!("{} has {what}", Clean(&input.name))));
    }
    if args.strict && warnings > 0 {
        let what = if warnings == 1 { "1 warning".to_owned() } else { format!("{warnings} warnings") };
        return Err(Failure::Gate(vec![format!("{} has {what}, and --strict allows none", Clean(&input.name))]));
    }
    Ok(())
}
