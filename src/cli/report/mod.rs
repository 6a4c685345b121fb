//! `csm report`: the three analyses joined.

use super::args::{Format, ReportArgs, Top};
use super::input::Input;
use super::output::{self, Words};
use super::{Failure, gate, survey};
use crate::analysis::{Briefing, Onboarding, Order, Scope, Selection, Survey};
use crate::render::json::Json;
use crate::render::text;
use crate::report::record::{Extent, write_briefing};
use crate::report::{self, Context, View};

/// Accounts that each list of a text shows unless told otherwise.
const TEXT_ROWS: usize = 10;

pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let target = &args.output.target;
    let words = Words::new(target.quiet);
    let input = Input::new(&args.input.sources, &args.input.invalid, target.output.as_deref(), words)?;
    let mut survey = Survey::new(
        input.assessor(Scope::ALL),
        &input.models.segments,
        survey::population(&args.population),
        Selection::default(),
        Order::AttentionAndStake,
        Onboarding::Apart,
    );
    let needs = input.needs(survey.assessor());
    let reading = input.read(&needs, &mut |account| survey.add(account))?;
    let briefing = Briefing::new(survey.finish());
    if briefing.findings.totals().all.accounts == 0 {
        input.say_nothing_left();
    }
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    output::write(target.output.as_deref(), |out| match args.output.format {
        Format::Text => {
            let top = args.top.map_or(Some(TEXT_ROWS), Top::limit);
            let document = report::briefing(context, &briefing, View { top, cards: false, summary: true });
            text::write(out, document, output::layout(target))
        }
        Format::Json => {
            let extent = Extent { top: args.top.and_then(Top::limit), detail: false };
            write_briefing(&context, &briefing, extent, &mut Json::new(out))
        }
    })?;
    gate::judge(&args.gate.fail_on, briefing.findings.totals())
}
