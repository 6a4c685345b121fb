//! Columns with what makes their cells, and the ones that most sheets begin with.

use std::convert::Infallible;
use std::rc::Rc;

use super::super::document::Cell;
use super::super::record::{absent, stale};
use super::super::{Context, sentence};
use super::{Kind, Rows, Sheet, SheetColumn, joined};
use crate::account::{Account, Entry, Renewal};
use crate::analysis::{Assessment, Band, Findings, Model, Tier};
use crate::engine::Scorecard;

/// What one row is about: an account, and perhaps a part of it such as one of its plays.
pub(super) struct Item<'r, P> {
    pub(super) account: &'r Account,
    pub(super) assessment: &'r Assessment,
    pub(super) part: P,
}

type MakeCell<'a, P> = dyn for<'r> Fn(&Item<'r, P>) -> Cell + 'a;

/// A column and what makes its cells.
pub(super) struct Field<'a, P> {
    pub(super) column: SheetColumn,
    cell: Box<MakeCell<'a, P>>,
}

/// A column whose cells are made of the items.
pub(super) fn field<'a, P>(
    key: impl Into<String>,
    title: impl Into<String>,
    kind: Kind,
    note: impl Into<String>,
    cell: impl Fn(&Item<'_, P>) -> Cell + 'a,
) -> Field<'a, P> {
    Field { column: SheetColumn::new(key, title, kind, note), cell: Box::new(cell) }
}

/// Who a row is about: id, name, segment, owner, ARR.
pub(super) fn identity<'a, P: 'a>(context: Context<'a>) -> Vec<Field<'a, P>> {
    vec![
        field("customer_id", "Customer id", Kind::Text, "The customer's id.", |item| {
            Cell::from(item.account.id.clone())
        }),
        field("name", "Name", Kind::Text, "The customer's name.", |item| Cell::from(item.account.name.clone())),
        field(
            "segment",
            "Segment",
            Kind::Text,
            "The segment in lower case; the model's default where the input names none.",
            move |item| Cell::from(sentence::segment(context.models, item.account).into_owned()),
        ),
        field("csm", "CSM", Kind::Text, "Who owns the account.", |item| text(&item.account.owner)),
        field("arr", "ARR", Kind::Money, "Annual recurring revenue.", |item| Cell::Money(item.account.arr)),
    ]
}

/// A text, or an empty cell.
pub(super) fn text(text: &str) -> Cell {
    if text.is_empty() { Cell::Empty } else { Cell::from(text) }
}

/// Where the account is in its life.
pub(super) fn lifecycle<'a, P: 'a>() -> Field<'a, P> {
    let note = "Where the account is in its life: live or onboarding.";
    field("lifecycle", "Lifecycle", Kind::Text, note, |item| Cell::from(item.account.lifecycle.name()))
}

/// The overall health score.
pub(super) fn score<'a, P: 'a>() -> Field<'a, P> {
    let note = "Health, 0 to 100, higher is better; empty where it is not scored.";
    field("overall_score", "Health", Kind::Score, note, |item| {
        Cell::or_empty(item.assessment.health.card.score(), Cell::Score)
    })
}

/// The band of the health score.
pub(super) fn band<'a, P: 'a>() -> Field<'a, P> {
    let note = "The band of the health score in the account's segment.";
    field("classification", "Band", super::BANDS, note, |item| {
        Cell::or_empty(item.assessment.health.band().map(Band::name), Cell::from)
    })
}

/// The churn risk score.
pub(super) fn risk<'a, P: 'a>() -> Field<'a, P> {
    let note =
        "Churn risk, 0 to 100, higher is worse, with the urgency of the renewal in it; empty where it is not scored.";
    field("risk_score", "Churn risk", Kind::Score, note, |item| {
        Cell::or_empty(item.assessment.churn.card.score(), Cell::Score)
    })
}

/// The tier of the churn risk.
pub(super) fn tier<'a, P: 'a>() -> Field<'a, P> {
    field("risk_tier", "Risk tier", super::TIERS, "The tier of the churn risk.", |item| {
        Cell::or_empty(item.assessment.churn.tier().map(Tier::name), Cell::from)
    })
}

/// What the urgency of the renewal does to the churn risk.
pub(super) fn urgency<'a, P: 'a>() -> Field<'a, P> {
    let note = "What the nearness of the renewal multiplies the raw churn risk by.";
    field("urgency_multiplier", "Urgency", Kind::Number, note, |item| {
        Cell::Number(item.assessment.churn.card.multiplier)
    })
}

/// How near the renewal is.
pub(super) fn days_to_renewal<'a, P: 'a>() -> Field<'a, P> {
    let note = "Days to the end of the contract, 0 once it is past; empty where no end is known.";
    field("days_to_renewal", "Days to renewal", Kind::Count, note, |item| {
        days(item.assessment.churn.renewal.map(Renewal::days_left))
    })
}

/// How long the contract is past its end.
pub(super) fn days_overdue<'a, P: 'a>() -> Field<'a, P> {
    let note = "Days since the contract ended, where it has.";
    field("days_overdue", "Days overdue", Kind::Count, note, |item| {
        days(item.assessment.churn.renewal.and_then(Renewal::days_overdue))
    })
}

/// A count of days.
fn days(days: Option<i64>) -> Cell {
    Cell::or_empty(days.and_then(|days| u64::try_from(days).ok()), Cell::Count)
}

/// How much of a score rests on data.
pub(super) fn coverage<'a, P: 'a>(
    key: &str,
    title: &str,
    card: impl for<'r> Fn(&'r Assessment) -> &'r Scorecard + 'a,
) -> Field<'a, P> {
    let note = "The share of the model's weight that rests on data.";
    field(key, title, Kind::Share, note, move |item: &Item<'_, P>| Cell::Share(card(item.assessment).coverage))
}

/// Lists metrics by their paths.
type ListMetrics = for<'c> fn(&Context<'c>, &'c Model, &'c Scorecard) -> Vec<&'c str>;

/// How much of a score rests on data, and which metrics are not there or too old.
pub(super) fn data<'a, P: 'a>(
    context: Context<'a>,
    model: &'a Model,
    card: impl for<'r> Fn(&'r Assessment) -> &'r Scorecard + Copy + 'a,
) -> [Field<'a, P>; 3] {
    let listed = |key, title, note, list: ListMetrics| {
        field(key, title, Kind::Prose, note, move |item: &Item<'_, P>| {
            joined(list(&context, model, card(item.assessment)).into_iter())
        })
    };
    [
        coverage("coverage", "Data", card),
        listed("absent", "Missing metrics", "Metrics that count as absent.", absent),
        listed("stale", "Stale metrics", "Of these, metrics that are there and too old.", stale),
    ]
}

/// The score of each group of a model, under `path`.
pub(super) fn group_scores<'a, P: 'a>(
    model: &'a Model,
    path: &'static str,
    card: impl for<'r> Fn(&'r Assessment) -> &'r Scorecard + Copy + 'a,
    what: &str,
) -> Vec<Field<'a, P>> {
    let groups = model.groups().iter().enumerate();
    let fields = groups.map(|(position, group)| {
        let note = format!("{what}: {}, 0 to 100; empty where nothing of it is known.", group.label);
        field(format!("{path}.{}.score", group.name), &group.label, Kind::Score, note, move |item: &Item<'_, P>| {
            let grade = card(item.assessment).groups.get(position).copied().flatten();
            Cell::or_empty(grade, |grade| Cell::Score(grade.score))
        })
    });
    fields.collect()
}

/// A sheet with a row for each part of each account.
pub(super) fn sheet<'a, P: 'a>(
    name: &'static str,
    findings: &'a Findings<'a>,
    entries: Vec<Entry>,
    fields: Vec<Field<'a, P>>,
    parts: impl Fn(&Account, &Assessment) -> Vec<P> + 'a,
) -> Sheet<'a> {
    let columns = unlike(fields.iter().map(|field| field.column.clone()));
    let held = columns.iter().take_while(|column| matches!(&*column.key, "customer_id" | "name")).count();
    let source = Rc::new((entries, fields, parts));
    let counted = source.clone();
    let count = move || {
        let (entries, _, parts) = &*counted;
        let mut count = 0;
        let each = findings.each(entries, |account, assessment| {
            count += parts(account, assessment).len() as u64;
            Ok::<(), Infallible>(())
        });
        each.map_or_else(|never| match never {}, |()| count)
    };
    let make = move || -> Rows<'a> {
        let source = source.clone();
        let mut account = findings.blank_account();
        let mut assessment = Assessment::default();
        Box::new((0..source.0.len()).flat_map(move |position| {
            let (entries, fields, parts) = &*source;
            findings.read(entries[position], &mut account, &mut assessment);
            let row = |part| {
                let item = Item { account: &account, assessment: &assessment, part };
                fields.iter().map(|field| (field.cell)(&item)).collect::<Vec<Cell>>()
            };
            parts(&account, &assessment).into_iter().map(row).collect::<Vec<_>>()
        }))
    };
    let (opening, charts) = (Vec::new(), Vec::new());
    Sheet { name, opening, columns, held, charts, make: Box::new(make), count: Box::new(count) }
}

/// A sheet with a row for each account.
pub(super) fn sheet_of_accounts<'a>(
    name: &'static str,
    findings: &'a Findings<'a>,
    entries: Vec<Entry>,
    fields: Vec<Field<'a, ()>>,
) -> Sheet<'a> {
    let count = entries.len() as u64;
    Sheet { count: Box::new(move || count), ..sheet(name, findings, entries, fields, |_, _| vec![()]) }
}

/// The columns with titles that differ, case ignored: labels of a model may be the same.
pub(super) fn unlike(columns: impl Iterator<Item = SheetColumn>) -> Vec<SheetColumn> {
    let mut taken: Vec<String> = Vec::new();
    let unlike = |mut column: SheetColumn| {
        let title = column.title.clone();
        let mut number = 1;
        while taken.contains(&column.title.to_lowercase()) {
            number += 1;
            column.title = format!("{title} {number}");
        }
        taken.push(column.title.to_lowercase());
        column
    };
    columns.map(unlike).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_that_are_the_same_are_numbered() {
        let columns = ["Usage", "usage", "Usage 2", "USAGE", "Other"];
        let columns = columns.map(|title| SheetColumn::new(title, title, Kind::Text, ""));
        let titles: Vec<String> = unlike(columns.into_iter()).into_iter().map(|column| column.title).collect();
        assert_eq!(titles, ["Usage", "usage 2", "Usage 2 2", "USAGE 3", "Other"]);
    }
}
