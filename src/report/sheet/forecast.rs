//! Renewals and plays for whoever forecasts revenue, a row each.

use super::super::document::Cell;
use super::super::{Context, expansion as plays};
use super::field::{Field, Item, field, identity, sheet, tier};
use super::{Kind, Sheet};
use crate::analysis::{Briefing, Effort, Opportunity, Outlook};

/// What a row forecasts.
#[derive(Clone, Copy)]
enum Part {
    /// The renewal of the account's ARR.
    Renewal,
    /// A play to propose.
    Play(Opportunity),
}

/// A case of an outlook.
#[derive(Clone, Copy)]
enum Case {
    Low,
    Base,
    High,
}

impl Case {
    const ALL: [Self; 3] = [Self::Low, Self::Base, Self::High];

    fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Base => "base",
            Self::High => "high",
        }
    }

    fn of(self, outlook: Outlook) -> f64 {
        match self {
            Self::Low => outlook.low,
            Self::Base => outlook.base,
            Self::High => outlook.high,
        }
    }
}

/// A row for the renewal of every account and a row for every play that passes the gate, in the order of what to do first. The
/// weighted amounts add up to the retention outlook of the briefing: those of the renewals ÷ the ARR of the accounts that are scored
/// is GRR, all of them NRR.
pub fn forecast<'a>(context: Context<'a>, briefing: &'a Briefing<'a>) -> Sheet<'a> {
    let mut fields: Vec<Field<'a, Part>> = identity(context);
    let kind = field("kind", "Kind", Kind::Text, "renewal or play.", |item: &Item<'_, Part>| {
        Cell::from(match item.part {
            Part::Renewal => "renewal",
            Part::Play(_) => "play",
        })
    });
    fields.insert(0, kind);
    let currency = context.reading.currency.as_deref();
    fields.extend([
        field("currency", "Currency", Kind::Text, "The currency of the input.", move |_| {
            Cell::or_empty(currency, Cell::from)
        }),
        tier(),
        field(
            "expected_close_date",
            "Expected close",
            Kind::Date,
            "Of a renewal, the day it is decided, or the contract's end once that is past or notice can be given no more; \
             of a play none is known.",
            move |item| match item.part {
                Part::Renewal => {
                    let term = &item.account.term;
                    Cell::or_empty(term.pending(context.as_of).or(term.end), Cell::Date)
                }
                Part::Play(_) => Cell::Empty,
            },
        ),
        field("amount", "Amount", Kind::Money, "The ARR to renew, or the estimated revenue of the play.", |item| {
            Cell::Money(match item.part {
                Part::Renewal => item.account.arr,
                Part::Play(play) => play.revenue,
            })
        }),
    ]);
    for case in Case::ALL {
        let note = "The renewal rate of the tier, or the win rate of the play: assumptions until calibrated.";
        let (key, title) = (format!("rate_{}", case.name()), format!("Rate, {}", case.name()));
        fields.push(field(key, title, Kind::Share, note, move |item| {
            Cell::or_empty(rates(&context, item), |rates| Cell::Share(case.of(rates)))
        }));
    }
    for case in Case::ALL {
        let note = "What counts of the amount in this case × the rate; empty where churn risk is not scored.";
        let (key, title) = (format!("weighted_{}", case.name()), format!("Weighted, {}", case.name()));
        fields.push(field(key, title, Kind::Money, note, move |item| {
            Cell::or_empty(weighted(&context, item), |weighted| Cell::Money(case.of(weighted)))
        }));
    }
    fields
        .push(field("basis", "Basis", Kind::Prose, "What the row rests on.", move |item| basis(&context, item).into()));
    let gate = &context.models.expansion.gate;
    let findings = &briefing.findings;
    sheet("Forecast", findings, findings.listed().to_vec(), fields, move |_, assessment| {
        let plays = assessment.expansion.opportunities.iter().filter(|_| assessment.passes(gate));
        std::iter::once(Part::Renewal).chain(plays.map(|play| Part::Play(*play))).collect()
    })
}

/// The rates of a row; `None` for the renewal of an account whose churn risk is not scored.
fn rates(context: &Context<'_>, item: &Item<'_, Part>) -> Option<Outlook> {
    match item.part {
        Part::Renewal => item.assessment.churn.tier().map(|tier| context.models.churn.renewal_rates[tier.index()]),
        Part::Play(play) => Some(context.models.expansion.terms[play.play.index()].win_rate),
    }
}

fn weighted(context: &Context<'_>, item: &Item<'_, Part>) -> Option<Outlook> {
    let amount = match item.part {
        Part::Renewal => Outlook { low: item.account.arr, base: item.account.arr, high: item.account.arr },
        Part::Play(play) => {
            let base = if play.counts { play.revenue } else { 0.0 };
            let easy = context.models.expansion.terms[play.play.index()].effort == Effort::Low;
            Outlook { low: if easy { base } else { 0.0 }, base, high: play.revenue }
        }
    };
    Some(amount.with(rates(context, item)?, |amount, rate| without_noise(amount * rate)))
}

/// An amount to the millionth: what binary arithmetic leaves behind it, as in 15119.999999999998, is nothing that anybody owes.
fn without_noise(amount: f64) -> f64 {
    let rounded = (amount * 1e6).round() / 1e6;
    if rounded.is_finite() { rounded } else { amount }
}

fn basis(context: &Context<'_>, item: &Item<'_, Part>) -> String {
    match item.part {
        Part::Renewal => {
            let date = match item.account.term.renewal(context.as_of) {
                None => ", no contract end known",
                Some(crate::account::Renewal::Overdue { .. }) => ", past the contract's end",
                Some(crate::account::Renewal::Due { .. }) => "",
            };
            match item.assessment.churn.tier() {
                Some(tier) => format!("renewal rate of {} churn risk{date}", tier.name()),
                None => format!("churn risk not scored: no rate{date}"),
            }
        }
        Part::Play(play) => {
            let name = plays::named(context, item.account, &play);
            let effort = context.models.expansion.terms[play.play.index()].effort;
            let counts = match (play.counts, effort) {
                (true, Effort::Low) => "counts in all cases",
                (true, _) => "counts in base and high",
                (false, _) => "overlaps with another play: counts in high only",
            };
            format!("{name}; win rate of the play, {} effort; {counts}", effort.name())
        }
    }
}
