//! Pictures of figures: what is shown, before anybody draws it.

use chrono::NaiveDate;

use super::document::{Bars, Cell, Column, Line, Tone, line};

/// A picture, and in words what it shows for those who do not see it.
pub struct Chart {
    /// What is shown.
    pub title: String,
    /// What there is to see in it.
    pub summary: Line,
    /// The figures.
    pub figure: Figure,
}

impl Chart {
    /// What the picture shows in words, for whoever cannot draw it.
    pub fn into_line(self) -> Line {
        let mut line = line![Cell::toned(self.title, Tone::Strong), ": "];
        line.0.extend(self.summary.0);
        line
    }
}

/// The figures of a picture, by how they are to be compared.
pub enum Figure {
    /// Wholes and their parts.
    Shares(Vec<Whole>),
    /// Things by two scores.
    Map(Map),
    /// Things by their day.
    Timeline(Timeline),
    /// Scores of several parts, for one thing after the other.
    Profiles(Vec<Profile>),
    /// Amounts.
    Bars(Bars),
    /// Shares by shares.
    Curve(Curve),
    /// Figures and how sure they are.
    Intervals(Intervals),
}

/// A whole.
pub struct Whole {
    /// What it is.
    pub label: String,
    /// Its parts; their shares add up to 1, or to 0 where there is nothing.
    pub parts: Vec<Part>,
}

/// A part of a whole.
pub struct Part {
    /// What it is.
    pub label: String,
    /// How much it is.
    pub value: Cell,
    /// Its share of the whole, 0–1.
    pub share: f64,
    /// What it means.
    pub tone: Tone,
}

/// What the tones of a picture stand for.
pub type Legend = Vec<(Tone, String)>;

/// Things by two scores of 0–100 each.
pub struct Map {
    /// What is shown from left to right.
    pub across: String,
    /// What is shown from bottom to top.
    pub up: String,
    /// What it means to be in a corner: top left, top right, bottom left, bottom right. Empty ones say nothing.
    pub corners: [String; 4],
    /// What the tones stand for.
    pub legend: Legend,
    /// The things.
    pub points: Vec<Point>,
}

/// A thing on a map.
pub struct Point {
    /// What it is, and what is to be known of it.
    pub about: Line,
    /// Its place from left to right, 0–100.
    pub across: f64,
    /// Its place from bottom to top, 0–100.
    pub up: f64,
    /// How large it is beside the others, from 0.
    pub size: f64,
    /// What it means.
    pub tone: Tone,
}

/// Things by their day.
pub struct Timeline {
    /// The first day.
    pub from: NaiveDate,
    /// The last day.
    pub to: NaiveDate,
    /// What the tones stand for, the gravest first.
    pub legend: Legend,
    /// The things, by their day.
    pub marks: Vec<Mark>,
}

/// A thing on a time line.
pub struct Mark {
    /// What it is, and what is to be known of it.
    pub about: Line,
    /// Its day.
    pub day: NaiveDate,
    /// How much is about it, in the currency of the document.
    pub amount: f64,
    /// What it means.
    pub tone: Tone,
}

/// A thing by the scores of its parts.
pub struct Profile {
    /// What it is.
    pub label: String,
    /// Its parts.
    pub gauges: Vec<(String, Gauge)>,
}

/// A score of 0–100 and a mark to hold it against; each may be unknown.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Gauge {
    /// The score.
    pub score: Option<f64>,
    /// The mark.
    pub mark: Option<f64>,
}

/// Lines over two shares, each in percent.
pub struct Curve {
    /// What is shown from left to right.
    pub across: String,
    /// What is shown from bottom to top.
    pub up: String,
    /// The lines.
    pub traces: Vec<Trace>,
    /// What the straight line from the bottom left to the top right stands for; `None` where it is not drawn.
    pub diagonal: Option<String>,
}

/// A line from point to point.
pub struct Trace {
    /// What it is.
    pub label: String,
    /// What it means. No two lines of a curve mean the same.
    pub tone: Tone,
    /// Its points, from left to right and from bottom to top, 0–100.
    pub points: Vec<(f64, f64)>,
}

/// Figures on one axis, each with the interval that it may lie in.
pub struct Intervals {
    /// What the labels are, then what each of the figures is.
    pub columns: Vec<Column>,
    /// What is shown from left to right.
    pub axis: Axis,
    /// The figure that all are held against, and what it is.
    pub reference: Option<(f64, String)>,
    /// What the tones stand for; empty where the labels say it.
    pub legend: Legend,
    /// The figures, one below the other.
    pub spans: Vec<Span>,
}

/// What is shown from left to right.
pub struct Axis {
    /// What it is.
    pub title: String,
    /// The value at the left end.
    pub from: f64,
    /// The value at the right end, which is higher.
    pub to: f64,
    /// How its values are written.
    pub unit: AxisUnit,
}

/// How the values of an axis are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AxisUnit {
    /// Shares of 0–1, in percent.
    Share,
    /// Numbers.
    Number,
}

/// A figure with its interval, in the unit of the axis.
pub struct Span {
    /// What it is of.
    pub label: Cell,
    /// The figure, if there is one.
    pub point: Option<f64>,
    /// Its interval, if there is one.
    pub ends: Option<(f64, f64)>,
    /// What it means.
    pub tone: Tone,
    /// The figures behind, each in a column of its own.
    pub figures: Vec<Cell>,
}
