//! `csm health`, `csm churn` and `csm expand`: one survey each.

use std::io;

use super::Failure;
use super::args::{ChurnArgs, DocumentFormat, ExpandArgs, Format, HealthArgs, PopulationArgs, SurveyArgs, Top};
use super::gate;
use super::input::Input;
use super::output::{self, Words, write_document};
use crate::analysis::{Findings, Onboarding, Order, Population, Scope, Selection, Survey};
use crate::render::json::Json;
use crate::render::{csv, xlsx};
use crate::report::document::Document;
use crate::report::record::{Extent, write_churn, write_expansion, write_health};
use crate::report::sheet::{self, Sheet, Workbook};
use crate::report::{self, Context, Setting, View};

/// Accounts that a document shows unless told otherwise.
const DOCUMENT_ROWS: usize = 20;

pub fn health(args: &HealthArgs) -> Result<(), Failure> {
    let request = Request {
        args: &args.survey,
        scope: Scope { health: true, ..Scope::default() },
        selection: Selection { bands: args.band.clone(), ..Selection::default() },
        document_order: Order::Attention,
        record_order: Order::Input,
    };
    request.run(
        report::health,
        |context, findings, extent, json| write_health(context, findings, extent, json),
        sheet::health,
        sheet::health_workbook,
    )
}

pub fn churn(args: &ChurnArgs) -> Result<(), Failure> {
    let request = Request {
        args: &args.survey,
        scope: Scope { churn: true, ..Scope::default() },
        selection: Selection { tiers: args.tier.clone(), ..Selection::default() },
        document_order: Order::Attention,
        record_order: Order::Risk,
    };
    request.run(
        report::churn,
        |context, findings, extent, json| write_churn(context, findings, extent, json),
        sheet::churn,
        sheet::churn_workbook,
    )
}

pub fn expand(args: &ExpandArgs) -> Result<(), Failure> {
    let request = Request {
        args: &args.survey,
        scope: Scope { expansion: true, ..Scope::default() },
        selection: Selection { types: args.kind.clone(), max_effort: args.max_effort, ..Selection::default() },
        document_order: Order::Expansion,
        record_order: Order::Expansion,
    };
    request.run(
        report::expansion,
        |context, findings, extent, json| write_expansion(context, findings, extent, json),
        sheet::expansion,
        sheet::expansion_workbook,
    )
}

/// One survey: what the command is about, and what the arguments ask for.
struct Request<'a> {
    args: &'a SurveyArgs,
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
        table: impl for<'a> Fn(Context<'a>, &'a Findings<'a>, Option<usize>) -> Sheet<'a>,
        workbook: impl for<'a> Fn(Context<'a>, &'a Findings<'a>, Option<usize>) -> Workbook<'a>,
    ) -> Result<(), Failure> {
        let SurveyArgs { input, population: chosen, rows, output, gate, threads } = self.args;
        let format = output.format()?;
        let (order, shown) = match format {
            Format::Document(_) => (self.document_order, self.scope.with(self.document_order.scope())),
            Format::Json | Format::Csv | Format::Xlsx => (self.record_order, self.scope),
        };
        let order = rows.sort.map_or(order, Order::from);
        let target = output.target.output.as_deref();
        let input = Input::new(&input.sources, &input.invalid, target, Words::new(output.target.quiet), *threads)?;
        let mut survey = Survey::new(
            input.assessor(shown.with(gate::scope(&gate.fail_on))),
            &input.models.segments,
            population(chosen),
            self.selection,
            order,
            Onboarding::WithOthers,
        );
        let needs = input.needs(survey.assessor());
        let reading = input.survey(&needs, &mut survey)?;
        let findings = survey.finish();
        if findings.totals().all.accounts == 0 {
            input.say_nothing_left();
        }
        let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
        let single = !chosen.customer.is_empty();
        let most = rows.top.and_then(Top::limit);
        output::write(target, |out| match format {
            Format::Document(format) => {
                // The table of a page is for finding accounts, not for reading from end to end.
                let all = format == DocumentFormat::Html && !rows.detail;
                let top = rows.top.map_or((!all).then_some(DOCUMENT_ROWS), Top::limit);
                let view = View { top, cards: rows.detail || single, summary: !single, setting: Setting::Alone };
                write_document(out, document(context, &findings, view), format, &output.target)
            }
            Format::Json => {
                let extent = Extent { top: most, detail: rows.detail };
                write_records(&context, &findings, extent, &mut Json::new(out))
            }
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
