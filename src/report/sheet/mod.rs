//! Flat tables for spreadsheets and pipelines: a row per account, warning, play or value, every cell with a type.
//!
//! Where a figure is in the JSON output too, the key of its column is the path there. Figures are not rounded.

mod account;
mod churn;
mod difference;
mod expansion;
mod field;
mod forecast;
mod health;
mod model;
mod quality;
mod summary;
mod trend;
mod workbook;

pub use account::{accounts, renewals};
pub use churn::{churn, warnings};
pub use difference::difference;
pub use expansion::expansion;
pub use forecast::forecast;
pub use health::health;
pub use model::model;
pub use quality::quality;
pub use summary::summary;
pub use trend::trend;
pub use workbook::{Workbook, briefing, churn_workbook, expansion_workbook, health_workbook};

use std::ops::Range;
use std::rc::Rc;

use super::document::{Cell, Tone};
use super::piece::first;

/// Rows under typed columns.
pub struct Sheet<'a> {
    /// Its name, at most 31 letters, digits and spaces.
    pub name: &'static str,
    /// What stands above the table where there is room: a title, then explanations.
    pub opening: Vec<String>,
    /// The columns; their keys differ, and so do their titles.
    pub columns: Vec<SheetColumn>,
    /// How many of the columns say what a row is about and stay in sight.
    pub held: usize,
    /// What of it makes a chart.
    pub charts: Vec<SheetChart>,
    make: Box<dyn Fn() -> Rows<'a> + 'a>,
    count: Box<dyn Fn() -> u64 + 'a>,
}

/// The rows of a sheet, made as they are asked for; each has a cell per column.
pub type Rows<'a> = Box<dyn Iterator<Item = Vec<Cell>> + 'a>;

impl<'a> Sheet<'a> {
    /// The rows from the first; each call makes them anew, and all calls make the same.
    pub fn rows(&self) -> Rows<'a> {
        (self.make)()
    }

    /// How many rows there are, which is found sooner than the rows are made.
    pub fn count(&self) -> u64 {
        (self.count)()
    }

    /// A sheet of rows that are there already.
    pub fn of(name: &'static str, columns: Vec<SheetColumn>, rows: Vec<Vec<Cell>>) -> Self {
        let rows: Rc<[Vec<Cell>]> = rows.into();
        let count = rows.len() as u64;
        let make = move || -> Rows<'a> {
            let rows = rows.clone();
            Box::new((0..rows.len()).map(move |row| rows[row].clone()))
        };
        Self {
            name,
            opening: Vec::new(),
            columns,
            held: 0,
            charts: Vec::new(),
            make: Box::new(make),
            count: Box::new(move || count),
        }
    }
}

/// A column of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetColumn {
    /// The name for programs.
    pub key: String,
    /// The name for people.
    pub title: String,
    /// What its cells hold.
    pub kind: Kind,
    /// What it says, in a sentence.
    pub note: String,
}

impl SheetColumn {
    fn new(key: impl Into<String>, title: impl Into<String>, kind: Kind, note: impl Into<String>) -> Self {
        Self { key: key.into(), title: title.into(), kind, note: note.into() }
    }
}

/// What the cells of a column hold, where they are not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A short text.
    Text,
    /// Sentences.
    Prose,
    /// One of these words, with what they mean.
    Word(&'static [(&'static str, Tone)]),
    /// A score from 0 to 100, one decimal.
    Score,
    /// A number.
    Number,
    /// A whole count.
    Count,
    /// An amount in the currency of the input.
    Money,
    /// A share, 0–1.
    Share,
    /// A day.
    Date,
    /// `true` or `false`.
    Flag,
    /// Each cell is of its own kind.
    Mixed,
}

impl Kind {
    /// The name of the kind.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text | Self::Prose => "text",
            Self::Word(_) => "word",
            Self::Score => "score",
            Self::Number => "number",
            Self::Count => "count",
            Self::Money => "money",
            Self::Share => "share",
            Self::Date => "date",
            Self::Flag => "flag",
            Self::Mixed => "mixed",
        }
    }
}

/// A chart of some rows of a sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SheetChart {
    /// What it shows.
    pub title: String,
    /// The rows, from 0.
    pub rows: Range<u32>,
    /// The column with the labels, from 0.
    pub labels: u16,
    /// The column with the values, from 0.
    pub values: u16,
    /// What each row means.
    pub tones: Vec<Tone>,
}

/// The words of a flag.
fn flag(holds: bool) -> Cell {
    Cell::from(if holds { "true" } else { "false" })
}

/// Texts in one cell.
fn joined<T: ToString>(texts: impl Iterator<Item = T>) -> Cell {
    let texts: Vec<String> = texts.map(|text| text.to_string()).collect();
    if texts.is_empty() { Cell::Empty } else { Cell::Text(texts.join("; ")) }
}

const BANDS: Kind = Kind::Word(&[("green", Tone::Good), ("yellow", Tone::Caution), ("red", Tone::Bad)]);
const TIERS: Kind =
    Kind::Word(&[("critical", Tone::Bad), ("high", Tone::Bad), ("medium", Tone::Caution), ("low", Tone::Good)]);
const ATTENTIONS: Kind = Kind::Word(&[
    ("critical", Tone::Bad),
    ("high", Tone::Bad),
    ("medium", Tone::Caution),
    ("low", Tone::Plain),
    ("not_scored", Tone::Muted),
]);
const TRENDS: Kind = Kind::Word(&[
    ("improving", Tone::Good),
    ("stable", Tone::Plain),
    ("declining", Tone::Bad),
    ("no_data", Tone::Muted),
]);
const SEVERITIES: Kind = Kind::Word(&[("critical", Tone::Bad), ("high", Tone::Bad), ("medium", Tone::Caution)]);
