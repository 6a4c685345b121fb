//! `csm report`: the three analyses joined.

use super::args::{Format, ReportArgs, Top};
use super::input::Input;
use super::output::{self, Words};
use super::{Failure, gate, survey};
use crate::analysis::{Briefing, Onboarding, Order, Scope, Selection, Survey};
use crate::render::text;
use crate::report::record::{ActionRecord, BriefingRecord, Head};
use crate::report::{self, Context, View};

/// Accounts that each list of a text shows unless told otherwise.
const TEXT_ROWS: usize = 10;

pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    gate::check(&args.gate.fail_on, Scope::ALL)?;
    let input = Input::new(&args.input, Words::new(args.output.quiet))?;
    let mut survey = Survey::new(
        input.assessor(Scope::ALL),
        &input.models.segments,
        survey::population(&args.population),
        Selection::default(),
        Order::AttentionAndStake,
        Onboarding::Apart,
    );
    let reading = input.read(&input.needs(Scope::ALL), &mut |account| survey.add(account))?;
    let briefing = Briefing::new(survey.finish());
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    output::write(args.output.output.as_deref(), |out| match args.output.format {
        Format::Text => {
            let top = args.top.map_or(Some(TEXT_ROWS), Top::limit);
            let document = report::briefing(context, &briefing, View { top, cards: false });
            text::write(out, document, output::layout(&args.output))
        }
        Format::Json => {
            let top = args.top.and_then(Top::limit);
            let head = Head::new("portfolio_briefing", &context, BriefingRecord::new(&context, &briefing, top));
            let findings = &briefing.findings;
            let limit = top.unwrap_or(usize::MAX).min(findings.listed().len());
            survey::records(findings, limit, &head, out, |account, assessment, list| {
                list.push(&ActionRecord::new(&context, account, assessment))
            })
        }
    })?;
    gate::judge(&args.gate.fail_on, briefing.findings.totals())
}
