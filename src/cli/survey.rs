//! `csm health`, `csm churn` and `csm expand`: one survey each.

use std::io;

use super::args::{
    ChurnArgs, DocumentFormat, ExpandArgs, Format, HealthArgs, PopulationArgs, PreviousArgs, Sort, SurveyArgs, Top,
};
use super::input::Input;
use super::output::{self, Words, write_document};
use super::previous::{Previous, check_output};
use super::{Failure, flow, gate};
use crate::account::Account;
use crate::analysis::{Assessment, Findings, Onboarding, Order, Population, Scope, Selection, Survey};
use crate::render::json::{Json, push_line};
use crate::render::{csv, xlsx};
use crate::report::document::Document;
use crate::report::record::{
    ChurnRecord, ExpansionRecord, Extent, HealthRecord, write_churn, write_expansion, write_health,
};
use crate::report::sheet::{self, Sheet, Workbook};
use crate::report::{self, Context, Setting, View};

/// Accounts that a document shows unless told otherwise.
const DOCUMENT_ROWS: usize = 20;

pub fn health(args: &HealthArgs) -> Result<(), Failure> {
    let request = Request {
        args: &args.survey,
        previous: Some(&args.previous),
        scope: Scope { health: true, ..Scope::default() },
        selection: Selection { bands: args.band.clone(), ..Selection::default() },
        document_order: Order::Attention,
        record_order: Order::Input,
    };
    request.run(
        report::health,
        |context, findings, extent, json| write_health(context, findings, extent, json),
        |context, account, assessment, detail, lines| {
            push_line(lines, &HealthRecord::new(context, account, &assessment.health, detail))
        },
        sheet::health,
        sheet::health_workbook,
    )
}

pub fn churn(args: &ChurnArgs) -> Result<(), Failure> {
    let request = Request {
        args: &args.survey,
        previous: None,
        scope: Scope { churn: true, ..Scope::default() },
        selection: Selection { tiers: args.tier.clone(), ..Selection::default() },
        document_order: Order::Attention,
        record_order: Order::Risk,
    };
    request.run(
        report::churn,
        |context, findings, extent, json| write_churn(context, findings, extent, json),
        |context, account, assessment, detail, lines| {
            push_line(lines, &ChurnRecord::new(context, account, assessment, detail))
        },
        sheet::churn,
        sheet::churn_workbook,
    )
}

pub fn expand(args: &ExpandArgs) -> Result<(), Failure> {
    let request = Request {
        args: &args.survey,
        previous: None,
        scope: Scope { expansion: true, ..Scope::default() },
        selection: Selection { types: args.kind.clone(), max_effort: args.max_effort, ..Selection::default() },
        document_order: Order::Expansion,
        record_order: Order::Expansion,
    };
    request.run(
        report::expansion,
        |context, findings, extent, json| write_expansion(context, findings, extent, json),
        |context, account, assessment, _, lines| {
            push_line(lines, &ExpansionRecord::new(context, account, &assessment.expansion))
        },
        sheet::expansion,
        sheet::expansion_workbook,
    )
}

/// One survey: what the command is about, and what the arguments ask for.
struct Request<'a> {
    args: &'a SurveyArgs,
    /// What stands for the last period, where the command looks at it.
    previous: Option<&'a PreviousArgs>,
    scope: Scope,
    selection: Selection,
    /// The order of the accounts unless told otherwise. A document shows what it rests on whatever the order.
    document_order: Order,
    record_order: Order,
}

impl Request<'_> {
    fn run(
        self,
        document: impl for<'a> Fn(Context<'a>, &'a Findings<'a>, View) -> Document<'a>,
        write_records: impl Fn(&Context<'_>, &Findings<'_>, Extent, &mut Json<'_>) -> io::Result<()>,
        push_record: impl Fn(&Context<'_>, &Account, &Assessment, bool, &mut Vec<u8>) -> io::Result<()> + Sync,
        table: impl for<'a> Fn(Context<'a>, &'a Findings<'a>, Option<usize>) -> Sheet<'a>,
        workbook: impl for<'a> Fn(Context<'a>, &'a Findings<'a>, Option<usize>) -> Workbook<'a>,
    ) -> Result<(), Failure> {
        let SurveyArgs { input, population: chosen, rows, format, output, gate, threads } = self.args;
        let format = output.format(*format, Format::SURVEYS)?;
        let (order, shown) = match format {
            Format::Document(_) => (self.document_order, self.scope.with(self.document_order.scope())),
            Format::Ndjson => (Order::Input, self.scope),
            Format::Json | Format::Csv | Format::Xlsx => (self.record_order, self.scope),
        };
        if format == Format::Ndjson && rows.sort.is_some_and(|sort| sort != Sort::Input) {
            let why =
                "ndjson is written as the portfolio is read, in its order: leave --sort away, or take --format json";
            return Err(Failure::Usage(why.to_owned()));
        }
        let most = rows.top.and_then(Top::limit);
        let extent = Extent { top: most, detail: rows.detail };
        let order = rows.sort.map_or(order, Order::from);
        let target = output.target.output.as_deref();
        let mut input = Input::new(&input.sources, &input.invalid, target, Words::new(output.target.quiet), *threads)?;
        if let Some(previous) = self.previous {
            check_output(previous, target)?;
            Previous::read(&mut input, previous, Scope { health: true, ..Scope::default() })?;
        }
        let input = input;
        let mut survey = Survey::new(
            input.assessor(shown.with(gate::scope(&gate.fail_on))),
            &input.models.segments,
            population(chosen),
            self.selection,
            order,
            Onboarding::WithOthers,
        );
        if format == Format::Ndjson {
            let findings = flow::write(&input, survey, target, extent, &push_record)?;
            return gate::judge(&gate.fail_on, findings.totals());
        }
        let needs = input.needs(survey.assessor());
        let reading = input.survey(&needs, &mut survey)?;
        let findings = survey.finish();
        input.say_where_nothing_is_left(findings.totals());
        let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
        let single = !chosen.customer.is_empty();
        output::write_long(target, input.words, |out| match format {
            Format::Document(format) => {
                // The table of a page is for finding accounts, not for reading from end to end.
                let all = format == DocumentFormat::Html && !rows.detail;
                let top = rows.top.map_or((!all).then_some(DOCUMENT_ROWS), Top::limit);
                let view = View { top, cards: rows.detail || single, summary: !single, setting: Setting::Alone };
                write_document(out, document(context, &findings, view), format, &output.target)
            }
            Format::Json => write_records(&context, &findings, extent, &mut Json::new(out).on(input.threads())),
            Format::Ndjson => Err(format.refused()),
            Format::Csv => csv::write_sheet(out, &table(context, &findings, most), output.guard.guard()),
            Format::Xlsx => xlsx::write(out, &workbook(context, &findings, most)),
        })?;
        gate::judge(&gate.fail_on, findings.totals())
    }
}

/// The population that the arguments ask for.
pub fn population(args: &PopulationArgs) -> Population {
    Population { segments: args.segment.clone(), customers: args.customer.clone(), min_arr: args.min_arr }
}
