//! From which bands accounts moved into which.

use super::super::document::{Block, Cell, Column, Table, Tone};
use super::super::piece;
use super::{OfScore, Scored};
use crate::analysis::{Band, Tally, Tier};
use crate::evidence::difference::Standing;

/// What the matrices of a score are about.
pub(super) fn heading(score: Scored) -> &'static str {
    match score {
        Scored::Health => "Moves between bands of health",
        Scored::Churn => "Moves between tiers of churn risk",
    }
}

/// A standing by its name; one in no band by what it means as the end or the beginning of a move.
pub(super) fn name(score: Scored, standing: Standing, gone: &str) -> Cell {
    match (score, standing) {
        (Scored::Health, Standing::Band(band)) => piece::band(Some(Band::at(usize::from(band)))),
        (Scored::Churn, Standing::Band(band)) => piece::tier(Some(Tier::at(usize::from(band)))),
        (_, Standing::NotScored) => piece::band(None),
        (_, Standing::Gone) => Cell::toned(gone, Tone::Muted),
    }
}

fn title(cell: Cell) -> String {
    match cell {
        Cell::Text(text) | Cell::Toned(text, _) => text,
        _ => String::new(),
    }
}

/// Accounts, then ARR, by where they stood and where they stand. Who came and who left is there where somebody did.
pub(super) fn matrices(of: OfScore<'_>) -> [Block<'static>; 2] {
    [
        matrix(of, "Accounts from", |tally| Cell::Count(tally.accounts)),
        matrix(of, "ARR from", |tally| Cell::Money(tally.arr)),
    ]
}

fn matrix(of: OfScore<'_>, corner: &str, figure: impl Fn(Tally) -> Cell) -> Block<'static> {
    let moves = &of.totals.moves;
    let is_shown = |standing: &Standing, tally: Tally| matches!(standing, Standing::Band(_)) || tally.accounts > 0;
    let from: Vec<Standing> = moves.standings().filter(|from| is_shown(from, moves.from(*from))).collect();
    let to: Vec<Standing> = moves.standings().filter(|to| is_shown(to, moves.to(*to))).collect();
    let mut columns = vec![Column::text(corner, 0)];
    columns.extend(to.iter().map(|to| {
        let name = title(name(of.score, *to, "Left"));
        Column::figure(&if *to == Standing::NotScored { "Not scored".to_owned() } else { name }, 0)
    }));
    columns.push(Column::figure("All", 0));
    let row = |from: &Standing| {
        let name = name(of.score, *from, "New");
        let name = if *from == Standing::NotScored { Cell::toned("Not scored", Tone::Muted) } else { name };
        let cells = to.iter().map(|to| figure(moves.between(*from, *to)));
        std::iter::once(name).chain(cells).chain([figure(moves.from(*from))]).collect()
    };
    let mut rows: Vec<Vec<Cell>> = from.iter().map(row).collect();
    let all = from.iter().map(|from| moves.from(*from)).fold(Tally::default(), |sum, tally| Tally {
        accounts: sum.accounts + tally.accounts,
        arr: sum.arr + tally.arr,
    });
    let sums = to.iter().map(|to| figure(moves.to(*to)));
    rows.push(std::iter::once(Cell::toned("All", Tone::Strong)).chain(sums).chain([figure(all)]).collect());
    Block::Table(Table::of(columns, rows))
}
