//! `csm health`, `csm churn` and `csm expand`: one survey each.

use std::io;

use super::Failure;
use super::args::{
    ChurnArgs, ExpandArgs, Format, GateArgs, HealthArgs, InputArgs, OutputArgs, PopulationArgs, RowArgs, Top,
};
use super::gate;
use super::input::Input;
use super::output::{self, Words};
use crate::analysis::{Findings, Onboarding, Order, Population, Scope, Selection, Survey};
use crate::render::json::Json;
use crate::render::text;
use crate::report::document::Document;
use crate::report::record::{Extent, write_churn, write_expansion, write_health};
use crate::report::{self, Context, View};

/// Accounts that text shows unless told otherwise.
const TEXT_ROWS: usize = 20;

pub fn health(args: &HealthArgs) -> Result<(), Failure> {
    let request = Request {
        input: &args.input,
        population: &args.population,
        rows: &args.rows,
        output: &args.output,
        gate: &args.gate,
        scope: Scope { health: true, ..Scope::default() },
        selection: Selection { bands: args.band.clone(), ..Selection::default() },
        text_order: Order::Attention,
        json_order: Order::Input,
    };
    request.run(report::health, |context, findings, extent, json| write_health(context, findings, extent, json))
}

pub fn churn(args: &ChurnArgs) -> Result<(), Failure> {
    let request = Request {
        input: &args.input,
        population: &args.population,
        rows: &args.rows,
        output: &args.output,
        gate: &args.gate,
        scope: Scope { churn: true, ..Scope::default() },
        selection: Selection { tiers: args.tier.clone(), ..Selection::default() },
        text_order: Order::Attention,
        json_order: Order::Risk,
    };
    request.run(report::churn, |context, findings, extent, json| write_churn(context, findings, extent, json))
}

pub fn expand(args: &ExpandArgs) -> Result<(), Failure> {
    let request = Request {
        input: &args.input,
        population: &args.population,
        rows: &args.rows,
        output: &args.output,
        gate: &args.gate,
        scope: Scope { expansion: true, ..Scope::default() },
        selection: Selection { types: args.kind.clone(), max_effort: args.max_effort, ..Selection::default() },
        text_order: Order::Expansion,
        json_order: Order::Expansion,
    };
    request.run(report::expansion, |context, findings, extent, json| write_expansion(context, findings, extent, json))
}

/// What the arguments of a survey come down to.
struct Request<'a> {
    input: &'a InputArgs,
    population: &'a PopulationArgs,
    rows: &'a RowArgs,
    output: &'a OutputArgs,
    gate: &'a GateArgs,
    scope: Scope,
    selection: Selection,
    /// The order of the accounts unless told otherwise. Text shows attention whatever the order, and so needs what it rests on.
    text_order: Order,
    json_order: Order,
}

impl Request<'_> {
    fn run(
        self,
        document: impl for<'a> Fn(Context<'a>, &'a Findings<'a>, View) -> Document<'a>,
        write_records: impl Fn(&Context<'_>, &Findings<'_>, Extent, &mut Json<'_>) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let (order, shown) = match self.output.format {
            Format::Text => (self.text_order, self.scope.with(self.text_order.scope())),
            Format::Json => (self.json_order, self.scope),
        };
        let order = self.rows.sort.map_or(order, Order::from);
        let input = Input::new(self.input, self.output.output.as_deref(), Words::new(self.output.quiet))?;
        let mut survey = Survey::new(
            input.assessor(shown.with(gate::scope(&self.gate.fail_on))),
            &input.models.segments,
            population(self.population),
            self.selection,
            order,
            Onboarding::WithOthers,
        );
        let needs = input.needs(survey.assessor());
        let reading = input.read(&needs, &mut |account| survey.add(account))?;
        let findings = survey.finish();
        if findings.totals().all.accounts == 0 {
            input.say_nothing_left();
        }
        let context = Context { models: &input.models, as_of: input.as_of, source: &input.name, reading: &reading };
        let single = !self.population.customer.is_empty();
        output::write(self.output.output.as_deref(), |out| match self.output.format {
            Format::Text => {
                let top = self.rows.top.map_or(Some(TEXT_ROWS), Top::limit);
                let view = View { top, cards: self.rows.detail || single, summary: !single };
                text::write(out, document(context, &findings, view), output::layout(self.output))
            }
            Format::Json => {
                let extent = Extent { top: self.rows.top.and_then(Top::limit), detail: self.rows.detail };
                write_records(&context, &findings, extent, &mut Json::new(out))
            }
        })?;
        gate::judge(&self.gate.fail_on, findings.totals())
    }
}

/// The population that the arguments ask for.
pub fn population(args: &PopulationArgs) -> Population {
    Population { segments: args.segment.clone(), customers: args.customer.clone(), min_arr: args.min_arr }
}
