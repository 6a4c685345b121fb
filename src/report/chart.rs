//! Pictures of figures: what is shown, before anybody draws it.

use chrono::NaiveDate;

use super::document::{Bars, Cell, Line, Tone, line};

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
