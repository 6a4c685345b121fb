//! What became of each account from one day to another, a row each.

use std::rc::Rc;

use super::super::difference::{Comparison, OfScore, Scored, reasons};
use super::super::document::{Cell, Tone};
use super::super::record::band_name;
use super::super::sentence;
use super::field::{text, unlike};
use super::{BANDS, Kind, Rows, Sheet, SheetColumn, TIERS};
use crate::account::Account;
use crate::engine::Hundredths;
use crate::evidence::difference::{ComparedAccount, MoverOrder, Pair, Parts, Shift, Single};

/// What became of an account.
const STATUSES: Kind = Kind::Word(&[
    ("stayed", Tone::Plain),
    ("arrived", Tone::Good),
    ("returned", Tone::Good),
    ("departed", Tone::Bad),
    ("churned", Tone::Bad),
]);

/// Reasons that are given of a move.
const REASONS: usize = 3;

/// What one row is about.
enum Item<'r> {
    /// An account on both days.
    Pair(&'r ComparedAccount),
    /// One that came.
    Arrived(&'r Single, &'r Account),
    /// One that left.
    Departed(&'r Single, &'r Account),
}

impl Item<'_> {
    /// The account as it is, or as it was where it left.
    fn account(&self) -> &Account {
        match self {
            Self::Pair(compared) => &compared.new,
            Self::Arrived(_, account) | Self::Departed(_, account) => account,
        }
    }

    fn status(&self) -> &'static str {
        match self {
            Self::Pair(_) => "stayed",
            Self::Arrived(Single { churned, .. }, _) => {
                if *churned {
                    "returned"
                } else {
                    "arrived"
                }
            }
            Self::Departed(Single { churned, .. }, _) => {
                if *churned {
                    "churned"
                } else {
                    "departed"
                }
            }
        }
    }

    fn shift(&self, score: Scored) -> Option<&Shift> {
        match (self, score) {
            (Self::Pair(compared), Scored::Health) => Some(&compared.health),
            (Self::Pair(compared), Scored::Churn) => Some(&compared.churn),
            _ => None,
        }
    }

    /// The score of before and that of now.
    fn scores(&self, score: Scored) -> [Option<crate::evidence::Score>; 2] {
        let of = |single: &Single| match score {
            Scored::Health => single.health,
            Scored::Churn => single.churn,
        };
        match self {
            Self::Pair(_) => self.shift(score).map_or([None, None], |shift| [shift.old, shift.new]),
            Self::Arrived(single, _) => [None, of(single)],
            Self::Departed(single, _) => [of(single), None],
        }
    }
}

type MakeCell<'a> = Box<dyn Fn(&Item<'_>) -> Cell + 'a>;

/// A column and what makes its cells.
type Field<'a> = (SheetColumn, MakeCell<'a>);

fn field<'a>(
    key: impl Into<String>,
    title: impl Into<String>,
    kind: Kind,
    note: impl Into<String>,
    cell: impl Fn(&Item<'_>) -> Cell + 'a,
) -> Field<'a> {
    (SheetColumn::new(key, title, kind, note), Box::new(cell))
}

/// Every account that was there on both days, in an order, then those that came and those that left; at most so many of each.
pub fn difference<'a>(comparison: Comparison<'a>, order: MoverOrder, top: Option<usize>) -> Sheet<'a> {
    let fields = fields(comparison);
    let (columns, cells): (Vec<SheetColumn>, Vec<MakeCell<'a>>) = fields.into_iter().unzip();
    let difference = comparison.difference;
    let most = top.unwrap_or(usize::MAX);
    let mut pairs = difference.in_order(order);
    pairs.truncate(most);
    let first = move |singles: &'a [Single]| super::first(singles, top);
    let (arrived, departed) = (first(difference.arrived()), first(difference.departed()));
    let count = (pairs.len() + arrived.len() + departed.len()) as u64;
    let (pairs, cells): (Rc<[Pair]>, Rc<[MakeCell<'a>]>) = (pairs.into(), cells.into());
    let make = move || -> Rows<'a> {
        let row = |cells: &[MakeCell<'a>], item: &Item<'_>| cells.iter().map(|cell| cell(item)).collect::<Vec<Cell>>();
        let (pairs, of_pairs) = (pairs.clone(), cells.clone());
        let mut compared = difference.blank();
        let stayed = (0..pairs.len()).map(move |position| {
            difference.read(&pairs[position], &mut compared);
            row(&of_pairs, &Item::Pair(&compared))
        });
        let (of_arrived, of_departed) = (cells.clone(), cells.clone());
        let (mut here, mut gone) = (Account::default(), Account::default());
        let arrived = arrived.iter().map(move |single| {
            difference.read_arrived(single, &mut here);
            row(&of_arrived, &Item::Arrived(single, &here))
        });
        let departed = departed.iter().map(move |single| {
            difference.read_departed(single, &mut gone);
            row(&of_departed, &Item::Departed(single, &gone))
        });
        Box::new(stayed.chain(arrived).chain(departed))
    };
    Sheet {
        name: "Difference",
        opening: Vec::new(),
        columns: unlike(columns.into_iter()),
        held: 2,
        charts: Vec::new(),
        make: Box::new(make),
        count: Box::new(move || count),
    }
}

fn fields(comparison: Comparison<'_>) -> Vec<Field<'_>> {
    let mut fields = identity(comparison);
    for of in comparison.scores() {
        fields.extend(scores(comparison, of));
    }
    for of in comparison.scores() {
        fields.extend(signals(comparison, of));
    }
    fields
}

/// Who a row is about, and what became of it.
fn identity(comparison: Comparison<'_>) -> Vec<Field<'_>> {
    let (then, now) = (comparison.then.models, comparison.now.models);
    vec![
        field("customer_id", "Customer id", Kind::Text, "The customer's id.", |item| {
            Cell::from(item.account().id.clone())
        }),
        field("name", "Name", Kind::Text, "The customer's name.", |item| Cell::from(item.account().name.clone())),
        field(
            "segment",
            "Segment",
            Kind::Text,
            "The segment in lower case, that of before for an account that left.",
            move |item| {
                let models = if matches!(item, Item::Departed(..)) { then } else { now };
                Cell::from(sentence::segment(models, item.account()).into_owned())
            },
        ),
        field("csm", "CSM", Kind::Text, "Who owns the account.", |item| text(&item.account().owner)),
        field(
            "status",
            "Status",
            STATUSES,
            "What became of the account: stayed; arrived, or returned after it had churned; departed, or churned by its lifecycle.",
            |item| Cell::from(item.status()),
        ),
        field("arr", "ARR", Kind::Money, "Annual recurring revenue now; empty where the account left.", |item| {
            match item {
                Item::Pair(_) | Item::Arrived(..) => Cell::Money(item.account().arr),
                Item::Departed(..) => Cell::Empty,
            }
        }),
        field("arr_old", "ARR before", Kind::Money, "Annual recurring revenue before.", |item| match item {
            // What the models of now could not read again is not known.
            Item::Pair(compared) if compared.old.id.is_empty() => Cell::Empty,
            Item::Pair(compared) => Cell::Money(compared.old.arr),
            Item::Departed(single, _) => Cell::Money(single.arr),
            Item::Arrived(..) => Cell::Empty,
        }),
    ]
}

/// A score before and now, and what moved it.
fn scores<'a>(comparison: Comparison<'a>, of: OfScore<'a>) -> Vec<Field<'a>> {
    let score = of.score;
    let (key, label) = (score.key(), sentence::capitalised(score.label()));
    let place = score.place();
    let words = match score {
        Scored::Health => BANDS,
        Scored::Churn => TIERS,
    };
    let mut fields = Vec::new();
    for (position, end, when) in [(0, "old", "before"), (1, "new", "now")] {
        let note = format!("{label} {when}, 0 to 100; empty where it is not scored or not there.");
        fields.push(field(format!("{key}.{end}"), format!("{label} {when}"), Kind::Score, note, move |item| {
            Cell::or_empty(item.scores(score)[position], |score| Cell::Score(score.value))
        }));
        let note = format!("The {place} of that score.");
        fields.push(field(format!("{key}.band_{end}"), format!("{label} {place} {when}"), words, note, move |item| {
            Cell::or_empty(item.scores(score)[position], |of| Cell::from(band_name(score, of)))
        }));
    }
    let points = move |name: &str, title: &str, note: &str, points: fn(&Parts) -> Hundredths| {
        let (key, title) = (format!("{key}.{name}"), format!("{label}: {title}"));
        field(key, title, Kind::Number, note, move |item| {
            let parts = item.shift(score).and_then(|shift| shift.parts.as_ref());
            Cell::or_empty(parts, |parts| Cell::Number(points(parts).points()))
        })
    };
    fields.extend([
        points("change", "change", "Now less before, in points; what follows adds up to it.", Parts::total),
        points("parts.model", "by the model", "What another model made of the data of before.", |parts| parts.model),
        points("parts.segment", "by the segment", "What the figures of another segment then made of it.", |parts| {
            parts.segment
        }),
        points(
            "parts.coverage",
            "by coverage",
            "What metrics did that came into view or went out of it, and the weight that this moved.",
            |parts| parts.change.coverage.iter().copied().sum(),
        ),
        points("parts.data", "by values", "What other values of metrics did.", |parts| {
            parts.change.data.iter().copied().sum()
        }),
        points("parts.urgency", "by the renewal", "What the nearness of the renewal did; 0 for health.", |parts| {
            parts.change.multiplier
        }),
        points("parts.rounding_and_limits", "by rounding", "What rounding and the limits of 0 and 100 did.", |parts| {
            parts.change.rest
        }),
    ]);
    let note = "What moved the score most, with the points.";
    fields.push(field(
        format!("{key}.reasons"),
        format!("{}: mainly", sentence::capitalised(score.label())),
        Kind::Prose,
        note,
        move |item| {
            let Item::Pair(compared) = item else { return Cell::Empty };
            let reasons = item.shift(score).map(|shift| reasons(&comparison, of.model, compared, shift, REASONS));
            text(&reasons.unwrap_or_default())
        },
    ));
    fields
}

/// The points of each signal: what its values and its coverage did together.
fn signals<'a>(comparison: Comparison<'a>, of: OfScore<'a>) -> Vec<Field<'a>> {
    let (score, schema) = (of.score, &comparison.now.models.schema);
    let names = of.model.signals().iter().enumerate();
    let fields = names.map(|(signal, name)| {
        let metric = schema.metric(name.slot);
        let key = format!("{}.points.{}", score.key(), metric.path);
        let note =
            format!("What {} did to {}, by value and coverage, in points.", metric.label.to_lowercase(), score.label());
        field(key, format!("{}, points", metric.label), Kind::Number, note, move |item| {
            let parts = item.shift(score).and_then(|shift| shift.parts.as_ref());
            Cell::or_empty(parts, |parts| {
                let of = |points: &[Hundredths]| points.get(signal).copied().unwrap_or_default();
                Cell::Number((of(&parts.change.coverage) + of(&parts.change.data)).points())
            })
        })
    });
    fields.collect()
}
