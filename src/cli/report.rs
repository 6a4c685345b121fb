//! `csm report`: the three analyses joined.

use std::io::{self, Write};

use super::args::{Format, ReportArgs, Top};
use super::input::Input;
use super::output::{self, Words};
use super::{Failure, gate, survey};
use crate::account::Entry;
use crate::analysis::{Briefing, Onboarding, Order, Scope, Selection, Survey, UpcomingRenewal};
use crate::render::json::Object;
use crate::render::text;
use crate::report::record::{
    ActionRecord, BriefingSummary, EarnFirstRecord, Head, OnboardingRecord, ProposalRecord, RenewalRecord,
};
use crate::report::{self, Context, View};

/// Accounts that each list of a text shows unless told otherwise.
const TEXT_ROWS: usize = 10;

pub fn run(args: &ReportArgs) -> Result<(), Failure> {
    let input = Input::new(&args.input, args.output.output.as_deref(), Words::new(args.output.quiet))?;
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
    if briefing.findings.totals().all.accounts == 0 {
        input.say_nothing_left();
    }
    let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
    output::write(args.output.output.as_deref(), |out| match args.output.format {
        Format::Text => {
            let top = args.top.map_or(Some(TEXT_ROWS), Top::limit);
            let document = report::briefing(context, &briefing, View { top, cards: false, summary: true });
            text::write(out, document, output::layout(&args.output))
        }
        Format::Json => write_json(&context, &briefing, args.top.and_then(Top::limit), out),
    })?;
    gate::judge(&args.gate.fail_on, briefing.findings.totals())
}

/// The sums of a briefing, then its lists, each of at most `top` accounts.
fn write_json(
    context: &Context<'_>,
    briefing: &Briefing<'_>,
    top: Option<usize>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let findings = &briefing.findings;
    let first = |entries: &[Entry]| entries[..top.unwrap_or(usize::MAX).min(entries.len())].to_vec();
    let head = Head::new("portfolio_briefing", context, BriefingSummary::of(context, briefing));
    let mut object = Object::begin(out, &head)?;
    object.list("actions", |list| {
        findings.each(&first(findings.listed()), |account, assessment| {
            list.push(&ActionRecord::new(context, account, assessment))
        })
    })?;
    for (name, declining_only) in [("renewals", false), ("declining_renewals", true)] {
        let wanted = briefing.renewals.iter().filter(|renewal| renewal.declining || !declining_only);
        let renewals: Vec<&UpcomingRenewal> = wanted.take(top.unwrap_or(usize::MAX)).collect();
        let entries: Vec<Entry> = renewals.iter().map(|renewal| renewal.entry).collect();
        let mut renewals = renewals.into_iter();
        object.list(name, |list| {
            findings.each(&entries, |account, assessment| {
                let renewal = renewals.next().map(|renewal| RenewalRecord::new(context, renewal, account, assessment));
                renewal.map_or(Ok(()), |record| list.push(&record))
            })
        })?;
    }
    object.list("proposals", |list| {
        findings.each(&first(&briefing.proposals), |account, assessment| {
            list.push(&ProposalRecord::new(context, account, assessment))
        })
    })?;
    object.list("earn_first", |list| {
        findings.each(&first(&briefing.earn_first), |account, assessment| {
            list.push(&EarnFirstRecord::new(context, account, assessment))
        })
    })?;
    object.list("onboarding", |list| {
        findings.each(&first(findings.onboarding()), |account, assessment| {
            list.push(&OnboardingRecord::new(context, account, assessment))
        })
    })?;
    object.end()
}
