//! The accounts that moved most, those that came and those that left.

use super::super::document::{Block, Cell, Column, Table, Tone};
use super::super::piece::{self, View};
use super::super::{sentence, signed};
use super::reason::reasons;
use super::{Comparison, NONE, Scored, account, change};
use crate::analysis::{Band, Model, Tier};
use crate::evidence::difference::{MoverOrder, Pair, Shift, Single};

/// Reasons that are given of a move.
const REASONS: usize = 2;

/// Blocks that are made as they are asked for.
type Blocks<'a> = Box<dyn Iterator<Item = Block<'a>> + 'a>;

/// The accounts that fell most and those that rose most, or all in an order; a card each where that is asked for.
pub(super) fn movers<'a>(comparison: Comparison<'a>, order: Option<MoverOrder>, view: View) -> Blocks<'a> {
    let difference = comparison.difference;
    if difference.pairs().is_empty() {
        return Box::new(std::iter::empty());
    }
    let order = order.or_else(|| view.cards.then_some(MoverOrder::Fall));
    if let Some(order) = order {
        return listed(comparison, "Accounts", difference.in_order(order), order, view);
    }
    let [fallen, risen] = [("Fell most", MoverOrder::Fall, -1), ("Rose most", MoverOrder::Rise, 1)].map(
        |(heading, order, sign)| -> Blocks<'a> {
            let mut pairs = difference.in_order(order);
            pairs.retain(|pair| pair.health.is_some_and(|points| points.0.signum() == sign));
            if !pairs.is_empty() {
                return listed(comparison, heading, pairs, order, view);
            }
            let none = format!("No account's health {}.", if sign < 0 { "fell" } else { "rose" });
            Box::new([Block::Heading(heading.to_owned()), Block::Text(none.into())].into_iter())
        },
    );
    Box::new(fallen.chain(risen))
}

fn listed<'a>(
    comparison: Comparison<'a>,
    heading: &str,
    pairs: Vec<Pair>,
    order: MoverOrder,
    view: View,
) -> Blocks<'a> {
    let by = match order {
        MoverOrder::Fall => "By fall of health × ARR.",
        MoverOrder::Rise => "By rise of health × ARR.",
        MoverOrder::Risk => "By rise of churn risk × ARR.",
        MoverOrder::Arr => "By ARR.",
        MoverOrder::Name => "By name.",
        MoverOrder::Input => "In the order of the input.",
    };
    let heading = [Block::Heading(heading.to_owned()), Block::Remark(by.into())].into_iter();
    let remark = view.remark(&pairs, "accounts");
    let shown = view.of(&pairs).len();
    let pairs = pairs.into_iter().take(shown);
    if view.cards {
        let mut compared = comparison.difference.blank();
        let cards = pairs.flat_map(move |pair| {
            comparison.difference.read(&pair, &mut compared);
            account::card(&comparison, &compared)
        });
        return Box::new(heading.chain(cards).chain(remark));
    }
    Box::new(heading.chain([Block::Browse(table(comparison, pairs.collect(), order))]).chain(remark))
}

fn table(comparison: Comparison<'_>, pairs: Vec<Pair>, order: MoverOrder) -> Table<'_> {
    let models = comparison.now.models;
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 5),
        Column::text("Segment", 6),
        Column::figure("ARR", 0),
        Column::figure("Health", 0),
        Column::figure("Change", 0),
        Column::text("Band", 1),
        Column::figure("Churn risk", 3),
        Column::text("Tier", 4),
        Column::text("Mainly", 0),
    ];
    let mut compared = comparison.difference.blank();
    let rows = pairs.into_iter().map(move |pair| {
        comparison.difference.read(&pair, &mut compared);
        let (health, churn) = (&compared.health, &compared.churn);
        let is_by_risk = order == MoverOrder::Risk || health.change().is_none_or(|points| points.0 == 0);
        let (shift, model): (&Shift, &Model) =
            if is_by_risk { (churn, &models.churn.model) } else { (health, &models.health.model) };
        let mut why = reasons(&comparison, model, &compared, shift, REASONS);
        if is_by_risk && !why.is_empty() && order != MoverOrder::Risk {
            why.insert_str(0, "churn risk: ");
        }
        vec![
            Cell::from(compared.new.name.clone()),
            Cell::from(compared.new.id.clone()),
            Cell::from(sentence::segment(models, &compared.new).into_owned()),
            Cell::Money(compared.new.arr),
            course(health),
            moved(Scored::Health, health),
            places(Scored::Health, health),
            course(churn),
            places(Scored::Churn, churn),
            Cell::from(why),
        ]
    });
    Table { columns, rows: Box::new(rows) }
}

/// A score of before and that of now.
pub(super) fn course(shift: &Shift) -> Cell {
    let score = |score: Option<crate::evidence::Score>| {
        score.map_or_else(|| "–".to_owned(), |score| format!("{:.1}", score.value))
    };
    match (shift.old, shift.new) {
        (None, None) => Cell::toned(sentence::NOT_SCORED, NONE),
        (old, new) => Cell::from(format!("{} → {}", score(old), score(new))).ordered_by(new.map(|score| score.value)),
    }
}

/// How far a score moved.
pub(super) fn moved(score: Scored, shift: &Shift) -> Cell {
    Cell::or_empty(shift.change(), |points| change(score.good(), points.points(), signed(points.points())))
}

/// The band or tier of now, with that of before where it was another one.
pub(super) fn places(score: Scored, shift: &Shift) -> Cell {
    let name = |band: u8| match score {
        Scored::Health => Band::at(usize::from(band)).name(),
        Scored::Churn => Tier::at(usize::from(band)).name(),
    };
    let tone = |band: u8| match score {
        Scored::Health => piece::band_tone(Band::at(usize::from(band))),
        Scored::Churn => piece::tier_tone(Tier::at(usize::from(band))),
    };
    let Some(new) = shift.new else { return Cell::Empty };
    let name_of_new = sentence::capitalised(name(new.band));
    match shift.old {
        Some(old) if old.band != new.band => {
            Cell::toned(format!("{} → {}", sentence::capitalised(name(old.band)), name_of_new), tone(new.band))
        }
        _ => Cell::toned(name_of_new, tone(new.band)),
    }
}

/// Who came and who left.
pub(super) fn singles(comparison: Comparison<'_>, view: View) -> Vec<Block<'_>> {
    let difference = comparison.difference;
    let mut blocks = Vec::new();
    for (heading, singles, came) in [("New", difference.arrived(), true), ("Left", difference.departed(), false)] {
        if singles.is_empty() {
            continue;
        }
        blocks.push(Block::Heading(heading.to_owned()));
        blocks.push(Block::Browse(singles_table(comparison, view.of(singles), came)));
        blocks.extend(view.remark(singles, "accounts"));
    }
    blocks
}

fn singles_table<'a>(comparison: Comparison<'a>, singles: &'a [Single], came: bool) -> Table<'a> {
    let context = if came { comparison.now } else { comparison.then };
    let columns = vec![
        Column::text("Account", 0),
        Column::text("Id", 2),
        Column::text("Segment", 3),
        Column::figure("ARR", 0),
        Column::figure("Health", 0),
        piece::band_column("Band", 0),
        piece::tier_column("Churn risk", 1),
        Column::text(if came { "Came" } else { "Gone" }, 0),
    ];
    let mut account = crate::account::Account::default();
    let rows = singles.iter().map(move |single| {
        if came {
            comparison.difference.read_arrived(single, &mut account);
        } else {
            comparison.difference.read_departed(single, &mut account);
        }
        let how = match (came, single.churned) {
            (true, true) => "back after it had churned",
            (true, false) => "new",
            (false, true) => "churned",
            (false, false) => "no longer listed",
        };
        vec![
            Cell::from(account.name.clone()),
            Cell::from(account.id.clone()),
            Cell::from(sentence::segment(context.models, &account).into_owned()),
            Cell::Money(single.arr),
            piece::score(single.health.map(|score| score.value)),
            Cell::or_empty(single.health, |score| piece::band(Some(Band::at(usize::from(score.band))))),
            piece::tier(single.churn.map(|score| Tier::at(usize::from(score.band)))),
            Cell::toned(how, if single.churned && !came { Tone::Bad } else { Tone::Plain }),
        ]
    });
    Table { columns, rows: Box::new(rows) }
}
