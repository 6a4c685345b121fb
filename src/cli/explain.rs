//! `csm explain`: why one account scores as it does.

use super::Failure;
use super::args::{ExplainArgs, Format, InputArgs, ThreadArgs};
use super::input::Input;
use super::nearest::Nearest;
use super::output::{self, Words, write_document};
use crate::account::Account;
use crate::analysis::{Assessment, Scope};
use crate::render::Clean;
use crate::render::json::Json;
use crate::report::record::write_explanation;
use crate::report::{self, Context};

pub fn run(args: &ExplainArgs) -> Result<(), Failure> {
    let target = &args.target;
    let format = Format::chosen(args.format, target, Format::EXPLANATIONS)?;
    let words = Words::new(target.quiet);
    let InputArgs { sources, invalid } = &args.input;
    let input = Input::new(sources, invalid, target.output.as_deref(), words, ThreadArgs::default())?;
    let scope = Scope::SCORES;
    let mut found: Option<Account> = None;
    let mut nearest = Nearest::to(&args.id);
    let assessor = input.assessor(scope);
    let reading = input.read(&input.needs(&assessor), &mut |account| {
        if account.id == args.id {
            found.get_or_insert_with(|| account.clone());
        } else if found.is_none() {
            nearest.see(&account.id);
        }
    })?;
    let Some(account) = found else {
        let hint = nearest.hint();
        return Err(Failure::Usage(format!("no account {} in {}{hint}", Clean(&args.id), Clean(&input.name))));
    };
    let mut assessment = Assessment::default();
    assessor.assess(&account, &mut assessment);
    let explanation = assessor.explain(&account, &assessment);
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    output::write(target.output.as_deref(), |out| match format {
        Format::Document(format) => {
            let document = report::explanation(context, &account, &assessment, &explanation);
            write_document(out, document, format, target)
        }
        Format::Json => write_explanation(&context, &account, &assessment, &explanation, &mut Json::new(out)),
        Format::Ndjson | Format::Csv | Format::Xlsx => Err(format.refused()),
    })
}
