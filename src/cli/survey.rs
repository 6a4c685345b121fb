//! `csm health`, `csm churn` and `csm expand`: one survey each.

use std::io;
use std::io::Write;

use serde::Serialize;

use super::Failure;
use super::args::{ChurnArgs, ExpandArgs, Format, HealthArgs, InputArgs, OutputArgs, PopulationArgs, RowArgs, Top};
use super::gate;
use super::input::Input;
use super::output::{self, Words};
use crate::account::Account;
use crate::analysis::{Assessment, FailOn, Findings, Onboarding, Order, Population, Scope, Selection, Survey};
use crate::render::json::{List, Object};
use crate::render::text;
use crate::report::document::Document;
use crate::report::record::{
    ChurnRecord, ChurnSummary, ExpansionRecord, ExpansionSummary, Head, HealthRecord, HealthSummary,
};
use crate::report::{self, Context, View};

/// Accounts that text shows unless told otherwise.
const TEXT_ROWS: usize = 20;

pub fn health(args: &HealthArgs) -> Result<(), Failure> {
    let text = args.output.format == Format::Text;
    let request = Request {
        input: &args.input,
        population: &args.population,
        rows: &args.rows,
        output: &args.output,
        fail_on: &args.gate.fail_on,
        scope: Scope { health: true, churn: text, expansion: false },
        selection: Selection { bands: args.band.clone(), ..Selection::default() },
        order: if text { Order::Attention } else { Order::Input },
    };
    let detail = args.rows.detail;
    request.run(report::health, |context, findings, limit, out| {
        let head = Head::new("customer_health_scores", context, HealthSummary::of(findings));
        records(findings, limit, &head, out, |account, assessment, list| {
            list.push(&HealthRecord::new(context, account, &assessment.health, detail))
        })
    })
}

pub fn churn(args: &ChurnArgs) -> Result<(), Failure> {
    let request = Request {
        input: &args.input,
        population: &args.population,
        rows: &args.rows,
        output: &args.output,
        fail_on: &args.gate.fail_on,
        scope: Scope { health: false, churn: true, expansion: false },
        selection: Selection { tiers: args.tier.clone(), ..Selection::default() },
        order: if args.output.format == Format::Text { Order::RiskAndArr } else { Order::Risk },
    };
    let detail = args.rows.detail;
    request.run(report::churn, |context, findings, limit, out| {
        let head = Head::new("churn_risk_analysis", context, ChurnSummary::of(findings));
        records(findings, limit, &head, out, |account, assessment, list| {
            list.push(&ChurnRecord::new(context, account, assessment, detail))
        })
    })
}

pub fn expand(args: &ExpandArgs) -> Result<(), Failure> {
    let request = Request {
        input: &args.input,
        population: &args.population,
        rows: &args.rows,
        output: &args.output,
        fail_on: &args.gate.fail_on,
        scope: Scope { health: false, churn: false, expansion: true },
        selection: Selection { types: args.kind.clone(), max_effort: args.max_effort, ..Selection::default() },
        order: Order::Expansion,
    };
    request.run(report::expansion, |context, findings, limit, out| {
        let head = Head::new("expansion_opportunities", context, ExpansionSummary::of(context, findings));
        records(findings, limit, &head, out, |account, assessment, list| {
            list.push(&ExpansionRecord::new(context, account, &assessment.expansion))
        })
    })
}

/// What the arguments of a survey come down to.
struct Request<'a> {
    input: &'a InputArgs,
    population: &'a PopulationArgs,
    rows: &'a RowArgs,
    output: &'a OutputArgs,
    fail_on: &'a [FailOn],
    scope: Scope,
    selection: Selection,
    order: Order,
}

impl Request<'_> {
    fn run(
        self,
        document: impl for<'a> Fn(Context<'a>, &'a Findings<'a>, View) -> Document<'a>,
        write_json: impl Fn(&Context<'_>, &Findings<'_>, usize, &mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Failure> {
        let order = self.rows.sort.map_or(self.order, Order::from);
        let scope = self.scope.with(order.scope()).with(gate::scope(self.fail_on));
        let input = Input::new(self.input, self.output.output.as_deref(), Words::new(self.output.quiet))?;
        let mut survey = Survey::new(
            input.assessor(scope),
            &input.models.segments,
            population(self.population),
            self.selection,
            order,
            Onboarding::WithOthers,
        );
        let reading = input.read(&input.needs(scope), &mut |account| survey.add(account))?;
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
                let document = document(context, &findings, view);
                text::write(out, document, output::layout(self.output))
            }
            Format::Json => {
                let limit = self.rows.top.and_then(Top::limit).unwrap_or(usize::MAX);
                write_json(&context, &findings, limit.min(findings.listed().len()), out)
            }
        })?;
        gate::judge(self.fail_on, findings.totals())
    }
}

/// The population that the arguments ask for.
pub fn population(args: &PopulationArgs) -> Population {
    Population { segments: args.segment.clone(), customers: args.customer.clone(), min_arr: args.min_arr }
}

/// Writes the first accounts of the findings behind the head of their report.
fn records(
    findings: &Findings<'_>,
    limit: usize,
    head: &impl Serialize,
    out: &mut dyn Write,
    push: impl Fn(&Account, &Assessment, &mut List<'_, '_>) -> io::Result<()>,
) -> io::Result<()> {
    let mut object = Object::begin(out, head)?;
    object.list("customers", |list| {
        findings.each(&findings.listed()[..limit], |account, assessment| push(account, assessment, list))
    })?;
    object.end()
}
