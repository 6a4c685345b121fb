//! Neutral documents: what is to be shown, before anybody decides how it looks.
//!
//! Cells hold values, not text: rounding for show, colour and escaping are up to whoever renders them.

use chrono::NaiveDate;

use super::chart::{Chart, Gauge};
use crate::engine::Hundredths;

/// A document: blocks one after the other, made as they are asked for.
pub struct Document<'a> {
    /// What it is, in one line.
    pub title: String,
    /// The same in parts.
    pub masthead: Masthead,
    /// The currency of all amounts.
    pub currency: Currency,
    /// Its content.
    pub blocks: Box<dyn Iterator<Item = Block<'a>> + 'a>,
}

/// What a document is and what it rests on, for whoever has room to set these apart.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Masthead {
    /// What it is, without the figures that follow.
    pub title: String,
    /// What it rests on: labels with what belongs to them.
    pub facts: Vec<(String, String)>,
}

/// The currency of a portfolio, as the input names it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Currency {
    /// The code, such as `EUR`; `None` where the input names none.
    pub code: Option<String>,
}

/// A piece of a document.
pub enum Block<'a> {
    /// Starts a section.
    Heading(String),
    /// Starts a part of a section.
    Subheading(Line),
    /// A sentence or two.
    Text(Line),
    /// A remark that matters less than what stands around it.
    Remark(Line),
    /// Labels with what belongs to them.
    Facts(Vec<(String, Line)>),
    /// Points, one below the other.
    List(Vec<Line>),
    /// Bars of shares.
    Bars(Bars),
    /// Rows and columns.
    Table(Table<'a>),
    /// The same, where readers look for rows of their own: to be sorted and filtered by whoever can.
    Browse(Table<'a>),
    /// The figures that come first.
    Tiles(Vec<Tile>),
    /// One of several things of the same kind, with what is to be known of it.
    Card(Card),
    /// A picture of figures.
    Chart(Chart),
}

/// A figure that comes first.
pub struct Tile {
    /// What it is.
    pub label: String,
    /// The figure.
    pub value: Cell,
    /// What to hold it against; may be empty.
    pub note: Line,
    /// What it means.
    pub tone: Tone,
}

impl Tile {
    /// The figure as a fact: its label, and the value with its note.
    pub fn into_fact(self) -> (String, Line) {
        let mut line = line![self.value];
        if !self.note.0.is_empty() {
            line.push(" · ");
            line.0.extend(self.note.0);
        }
        (self.label, line)
    }
}

/// A thing, what it is like, and what is to be known of it.
pub struct Card {
    /// What it is.
    pub title: String,
    /// What it is like, in a line.
    pub about: Line,
    /// What it means.
    pub tone: Tone,
    /// Labels with what belongs to them.
    pub facts: Vec<(String, Line)>,
}

/// Bars of shares, one below the other.
pub struct Bars {
    /// What their labels are and what each of their figures is.
    pub columns: Vec<Column>,
    /// The bars.
    pub bars: Vec<Bar>,
}

/// A bar with its label before it and its figures behind it.
pub struct Bar {
    /// What it shows.
    pub label: Cell,
    /// How long it is, 0–1.
    pub share: f64,
    /// What it means.
    pub tone: Tone,
    /// The figures, each in a column of its own.
    pub figures: Vec<Cell>,
}

/// Rows under titled columns.
pub struct Table<'a> {
    /// The columns.
    pub columns: Vec<Column>,
    /// The rows; each has a cell per column.
    pub rows: Box<dyn Iterator<Item = Vec<Cell>> + 'a>,
}

impl<'a> Table<'a> {
    /// A table of rows with a cell per column each.
    pub fn of(columns: Vec<Column>, rows: impl IntoIterator<Item = Vec<Cell>, IntoIter: 'a>) -> Self {
        Self { columns, rows: Box::new(rows.into_iter()) }
    }
}

/// A column of a table.
pub struct Column {
    /// Its title.
    pub title: String,
    /// Where its cells stand.
    pub align: Align,
    /// How much it is needed where space is short: columns of the highest rank go first, those of one rank together, and those
    /// of rank 0 stay.
    pub rank: u8,
    /// The texts that its cells hold, in the order of their meaning; empty where they are free.
    pub words: Vec<String>,
}

/// Where the content of a cell stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Text.
    Left,
    /// Figures.
    Right,
}

impl Column {
    /// A column of text.
    pub fn text(title: &str, rank: u8) -> Self {
        Self { title: title.to_owned(), align: Align::Left, rank, words: Vec::new() }
    }

    /// A column of figures.
    pub fn figure(title: &str, rank: u8) -> Self {
        Self { title: title.to_owned(), align: Align::Right, rank, words: Vec::new() }
    }

    /// A column of texts that have an order of their own.
    pub fn words(title: &str, rank: u8, words: impl IntoIterator<Item = String>) -> Self {
        Self { words: words.into_iter().collect(), ..Self::text(title, rank) }
    }
}

/// What a text or a bar means for the reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// To be watched.
    Caution,
    /// To be acted on.
    Bad,
    /// What the eye should find first.
    Strong,
    /// What the eye may skip.
    Muted,
}

/// A value.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    /// Nothing to say.
    #[default]
    Empty,
    /// A text.
    Text(String),
    /// A text with a meaning.
    Toned(String, Tone),
    /// A score, one decimal.
    Score(f64),
    /// Points of a score.
    Points(Hundredths),
    /// A number in some unit, at most two decimals.
    Number(f64),
    /// A whole count.
    Count(u64),
    /// An amount in the currency of the document.
    Money(f64),
    /// A share, 0–1.
    Share(f64),
    /// A day.
    Date(NaiveDate),
    /// A short bar, 0–1.
    Bar(f64, Tone),
    /// How a score came here, the latest last.
    Trend(Vec<f64>),
    /// The same over many days, as a line; `None` where a day has none.
    Sparkline(Vec<Option<f64>>),
    /// Scores of several parts beside each other, each with a mark to hold it against.
    Profile(Vec<Gauge>),
    /// A value that is not in order by its text, and the number that it is ordered by.
    Ordered(Box<Self>, f64),
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl Cell {
    /// A text with a meaning.
    pub fn toned(text: impl Into<String>, tone: Tone) -> Self {
        Self::Toned(text.into(), tone)
    }

    /// A value that is ordered by a number, or by its text without one.
    #[must_use]
    pub fn ordered_by(self, key: Option<f64>) -> Self {
        match key {
            Some(key) => Self::Ordered(Box::new(self), key),
            None => self,
        }
    }

    /// What the value means for the reader.
    pub fn tone(&self) -> Tone {
        match self {
            Self::Toned(_, tone) | Self::Bar(_, tone) => *tone,
            Self::Ordered(cell, _) => cell.tone(),
            _ => Tone::Plain,
        }
    }

    /// The cell of a value, or an empty one.
    pub fn or_empty<T>(value: Option<T>, cell: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::Empty, cell)
    }
}

/// Values in a row that make a sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Line(pub Vec<Cell>);

impl Line {
    /// Puts a value behind the others.
    pub fn push(&mut self, cell: impl Into<Cell>) {
        self.0.push(cell.into());
    }
}

impl<T: Into<Cell>> From<T> for Line {
    fn from(cell: T) -> Self {
        Self(vec![cell.into()])
    }
}

/// Makes a [`Line`] of texts and cells.
macro_rules! line {
    ($($cell:expr),* $(,)?) => {
        $crate::report::document::Line(vec![$($crate::report::document::Cell::from($cell)),*])
    };
}
pub(crate) use line;
