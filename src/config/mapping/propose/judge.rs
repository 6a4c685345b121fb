//! Whether the values of a column fit a path, and how they are read.

use super::Certainty;
use super::Known;
use super::cells::{self, Dates, Decimals, Figure, ISO};
use super::header::{self, Header};
use super::lexicon::Lexicon;
use super::names::{Candidate, Closeness};
use super::units::{Measure, Sampled, Signs, convert, measure};
use crate::account::{Field, same_word};
use crate::config::mapping::target::{Holds, holds};
use crate::config::mapping::{DateFormat, Decimal, ValueReading};

/// What the columns of a table have in common.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Manner {
    /// How the dates are written, where all that are no ISO dates are written alike.
    pub date: Option<DateFormat>,
    /// What stands before decimals, where it is not the point.
    pub decimal: Option<Decimal>,
}

/// What the values say of a column that may feed a path.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Judgement {
    pub reading: ValueReading,
    /// Words that mean that nothing is known.
    pub absent: Vec<String>,
    /// Why it should be looked at.
    pub concerns: Vec<String>,
    /// Why it should not be in force.
    pub doubts: Vec<String>,
}

impl Judgement {
    pub(super) fn certainty(&self) -> Certainty {
        let reason = || self.doubts.iter().chain(&self.concerns).map(String::as_str).collect::<Vec<_>>().join("; ");
        if !self.doubts.is_empty() {
            Certainty::Doubtful(reason())
        } else if !self.concerns.is_empty() {
            Certainty::Unsure(reason())
        } else {
            Certainty::Sure
        }
    }

    pub(super) fn concern(&mut self, reason: impl Into<String>) {
        self.concerns.push(reason.into());
    }

    pub(super) fn doubt(&mut self, reason: impl Into<String>) {
        self.doubts.push(reason.into());
    }
}

/// From so many different words on, they are no words of a vocabulary.
const MOST_WORDS: usize = 40;

/// Judges the values of a column; `None` where they are of another kind than the path holds.
pub(super) fn judge(
    candidate: &Candidate,
    header: &Header,
    values: &[String],
    manner: &Manner,
    known: Known<'_>,
) -> Option<Judgement> {
    let mut judgement = Judgement::default();
    let found = holds(known.schema, &candidate.path).ok()?;
    let cells = filled(values, &found, &mut judgement.absent);
    match candidate.closeness {
        Closeness::Path | Closeness::Name | Closeness::Bare => {}
        // A sum of money that is of another kind does harm everywhere.
        Closeness::Loose if candidate.path == Field::Arr.path() => {
            judgement.doubt("the name says too little: is it recurring, and is it per year?");
        }
        Closeness::Loose => judgement.concern("the name may mean something else"),
        Closeness::Spelling => judgement.concern(format!("spelt like \"{}\"", candidate.name)),
        Closeness::Faint => judgement.doubt("the name mostly means something else"),
        Closeness::Shared => judgement.doubt(format!("only the name is like \"{}\"", candidate.name)),
    }
    if cells.is_empty() {
        judgement.concern("the sample has no value");
        judgement.reading.convert = candidate.convert;
        return Some(judgement);
    }
    let is_certain = candidate.closeness == Closeness::Path;
    let fits = match &found {
        Holds::Number => number(candidate, header, &cells, manner, known, &mut judgement),
        Holds::Date => date(&cells, manner, &mut judgement),
        Holds::Flag => flag(&cells, &mut judgement),
        Holds::Word(words) => {
            let lexicon = Lexicon::shipped().words_of(&candidate.path);
            word(&cells, words, lexicon, &mut judgement).is_some_and(|matched| matched > 0)
        }
        Holds::Text if candidate.path == Field::Segment.path() => segment(&cells, known, &mut judgement),
        Holds::Text => text(&candidate.path, &cells),
        Holds::Texts => {
            if cells.iter().any(|cell| cell.contains([',', '|', '/'])) && !cells.iter().any(|cell| cell.contains(';')) {
                judgement.concern("lists are split at ; and these seem to be split at something else");
            }
            true
        }
    };
    if !fits && is_certain {
        let example = shown(cells[0]);
        judgement.concern(format!("the values do not look like {}, such as {example}", found.kind()));
        return Some(judgement);
    }
    fits.then_some(judgement)
}

/// What values are not that do not fit a path.
pub(super) fn unlike(candidate: &Candidate, values: &[String], known: Known<'_>) -> &'static str {
    // Digits with signs between them.
    let is_dated = |value: &String| {
        let parts = value.split(|letter: char| !letter.is_ascii_digit()).filter(|part| !part.is_empty());
        value.starts_with(|first: char| first.is_ascii_digit()) && parts.count() >= 3
    };
    match holds(known.schema, &candidate.path) {
        Ok(Holds::Number) => "its values are no numbers",
        Ok(Holds::Date) if values.iter().any(is_dated) => "its dates fit no one format",
        Ok(Holds::Date) => "its values are no dates",
        Ok(Holds::Flag) => "its values are not yes or no",
        Ok(Holds::Word(_)) => "none of its words is known",
        Ok(Holds::Text | Holds::Texts) | Err(_) => "its values are of another kind",
    }
}

/// The cells that hold something, without those that say that nothing is known.
fn filled<'v>(values: &'v [String], found: &Holds<'_>, absent: &mut Vec<String>) -> Vec<&'v str> {
    let lexicon = Lexicon::shipped();
    let is_text = matches!(found, Holds::Text | Holds::Texts);
    let is_known = |cell: &str| match found {
        Holds::Word(words) => words.iter().any(|word| same_word(word, cell)),
        Holds::Flag => READ_FLAGS.contains(&cell),
        _ => false,
    };
    let says_nothing = |cell: &str| {
        let is_in = |list: &[String]| list.iter().any(|word| same_word(word, cell));
        (is_in(&lexicon.absent) || (!is_text && is_in(&lexicon.absent_without_text))) && !is_known(cell)
    };
    let mut cells = Vec::with_capacity(values.len());
    for cell in values.iter().map(|value| value.trim()).filter(|value| !value.is_empty()) {
        if !says_nothing(cell) {
            cells.push(cell);
        } else if !absent.iter().any(|known| same_word(known, cell)) {
            absent.push(cell.to_owned());
        }
    }
    cells
}

/// A cell as reasons show it.
fn shown(cell: &str) -> String {
    const MOST: usize = 30;
    let short: String = cell.chars().take(MOST).collect();
    let more = if short.len() < cell.len() { "…" } else { "" };
    format!("\"{short}{more}\"")
}

/// Says that some cells are of another kind; false where that are more than one in five.
fn mostly(matched: usize, cells: &[&str], kind: &str, fails: impl Fn(&str) -> bool, judgement: &mut Judgement) -> bool {
    if matched * 5 < cells.len() * 4 {
        return false;
    }
    if let Some(other) = cells.iter().find(|cell| fails(cell)) {
        let others = cells.len() - matched;
        let count = cells.len();
        judgement.concern(format!("{others} of {count} sampled values are no {kind}, such as {}", shown(other)));
    }
    true
}

fn number(
    candidate: &Candidate,
    header: &Header,
    cells: &[&str],
    manner: &Manner,
    known: Known<'_>,
    judgement: &mut Judgement,
) -> bool {
    let figures: Vec<Figure> = cells.iter().filter_map(|cell| Figure::read(cell)).collect();
    if !mostly(figures.len(), cells, "numbers", |cell| Figure::read(cell).is_none(), judgement) {
        return false;
    }
    let decimal = decimal(&figures, candidate, manner, judgement);
    let metric = known.schema.slot(&candidate.path).map(|slot| known.schema.metric(slot));
    let measure = measure(&candidate.path, metric);
    let sampled = Sampled::new(&figures, decimal);
    judgement.reading.convert = candidate.convert.or_else(|| convert(measure, header.unit, &sampled, judgement));
    let convert = judgement.reading.convert;
    let takes_percent = match metric {
        _ if convert.is_some() || matches!(measure, Measure::Percent | Measure::Ratio) => true,
        Some(metric) => matches!(metric.range, Some((_, 100.0))),
        None => false,
    };
    if sampled.percent != Signs::None && !takes_percent {
        judgement.doubt("there are percentages, which are no values of it");
    }
    let value = |figure: &Figure| {
        let value = figure.value(decimal);
        let value = if figure.is_percent && measure == Measure::Ratio { value / 100.0 } else { value };
        convert.map_or(value, |convert| convert.apply(value))
    };
    let (low, high) = match metric {
        Some(metric) => metric.range.unwrap_or((f64::NEG_INFINITY, f64::INFINITY)),
        None if measure == Measure::Percent => (0.0, 100.0),
        None => (0.0, f64::INFINITY),
    };
    let beyond: Vec<f64> = figures.iter().map(value).filter(|value| *value < low || *value > high).collect();
    if let Some(example) = beyond.first() {
        let expected = if high.is_finite() { format!("{low} to {high}") } else { format!("at least {low}") };
        let reason = format!(
            "{} of {} sampled values are not within {expected}, such as {example}",
            beyond.len(),
            figures.len()
        );
        if beyond.len() * 5 > figures.len() { judgement.doubt(reason) } else { judgement.concern(reason) }
    }
    true
}

/// What stands before the decimals of a column; noted where the table has another.
fn decimal(figures: &[Figure], candidate: &Candidate, manner: &Manner, judgement: &mut Judgement) -> Decimal {
    let usual = manner.decimal.unwrap_or(Decimal::Point);
    match cells::decimals(figures) {
        Decimals::Decided(decimal) => {
            if decimal != usual {
                judgement.reading.decimal = Some(decimal);
            }
            decimal
        }
        Decimals::Open if manner.decimal.is_none() => {
            let reason =
                "a number such as 1.234 may be more than a thousand; decimal = \",\" or \".\" says which it is";
            // Sums of money hardly ever have three decimals.
            if candidate.path == Field::Arr.path() {
                judgement.doubt(reason);
                judgement.reading.decimal = Some(Decimal::Comma);
            } else {
                judgement.concern(reason);
            }
            usual
        }
        Decimals::Mixed => {
            judgement.doubt("some numbers have a point before decimals, and some a comma");
            usual
        }
        Decimals::Open | Decimals::Unknown => usual,
    }
}

fn date(cells: &[&str], manner: &Manner, judgement: &mut Judgement) -> bool {
    if cells::are_serials(cells)
        && let Ok(excel) = DateFormat::new("excel")
    {
        judgement.concern("taken as the day numbers of a spreadsheet");
        judgement.reading.date = Some(excel);
        return true;
    }
    let Some(found) = cells::dates(cells) else { return false };
    let format = match &found.dates {
        // Where a format is declared for the file, ISO dates must be declared too.
        Dates::Iso => manner.date.as_ref().and(DateFormat::new(ISO).ok()),
        Dates::Decided(format) => Some(format.clone()),
        Dates::Open(first, second) => match manner.date.as_ref().filter(|usual| [first, second].contains(usual)) {
            Some(usual) => {
                judgement.concern(format!("taken as {usual} like the other dates of the file"));
                Some(usual.clone())
            }
            None => {
                judgement.doubt(format!("the sample does not say whether these are {first} or {second}"));
                Some(first.clone())
            }
        },
    };
    let iso = DateFormat::new(ISO).ok();
    let reads = format.as_ref().or(iso.as_ref());
    mostly(found.cells, cells, "dates", |cell| reads.is_some_and(|format| format.parse(cell).is_none()), judgement);
    judgement.reading.date = format.filter(|format| manner.date.as_ref() != Some(format));
    true
}

/// The words for yes and no that are read without being mapped.
const READ_FLAGS: [&str; 10] = ["yes", "no", "y", "n", "true", "false", "1", "0", "x", "-"];

fn flag(cells: &[&str], judgement: &mut Judgement) -> bool {
    let (yes, no) = &Lexicon::shipped().flags;
    let is_read = |cell: &str| READ_FLAGS.iter().any(|word| same_word(word, cell));
    let meaning = |cell: &str| {
        let word = header::squeezed(cell);
        if yes.contains(&word) { Some("true") } else { no.contains(&word).then_some("false") }
    };
    let mut matched = 0;
    for cell in cells {
        if is_read(cell) {
            matched += 1;
        } else if let Some(meaning) = meaning(cell) {
            matched += 1;
            add_word(cell, meaning, judgement);
        }
    }
    mostly(matched, cells, "yes or no", |cell| !is_read(cell) && meaning(cell).is_none(), judgement)
}

fn add_word(theirs: &str, ours: &str, judgement: &mut Judgement) {
    let words = &mut judgement.reading.words;
    if !words.iter().any(|(known, _)| same_word(known, theirs)) {
        words.push((theirs.to_owned(), ours.to_owned()));
    }
}

/// Finds the words of a vocabulary that cells stand for. Gives how many different ones are known; `None` where the cells are no words
/// at all.
fn word(cells: &[&str], ours: &[&str], lexicon: &[(String, Vec<String>)], judgement: &mut Judgement) -> Option<usize> {
    let mut different: Vec<&str> = Vec::new();
    for cell in cells {
        if !different.iter().any(|known| same_word(known, cell)) {
            different.push(cell);
        }
        if different.len() > MOST_WORDS {
            return None;
        }
    }
    let mut matched = 0;
    let mut guessed = Vec::new();
    let mut unknown = Vec::new();
    for cell in &different {
        let squeezed = header::squeezed(cell);
        let meant = lexicon.iter().find(|(_, theirs)| theirs.contains(&squeezed)).map(|(word, _)| word.as_str());
        let meant = meant.filter(|word| ours.iter().any(|known| same_word(known, word)));
        if ours.iter().any(|word| same_word(word, cell)) {
            matched += 1;
        } else if let Some(word) = ours.iter().find(|word| header::squeezed(word) == squeezed) {
            matched += 1;
            add_word(cell, word, judgement);
        } else if let Some(word) = meant {
            matched += 1;
            guessed.push(shown(cell));
            add_word(cell, word, judgement);
        } else {
            unknown.push(shown(cell));
        }
    }
    if !guessed.is_empty() {
        judgement.concern(format!("what {} stands for is a guess", few(&guessed)));
    }
    if !unknown.is_empty() && matched > 0 {
        let reason = format!("no word is known for {}", few(&unknown));
        if matched < unknown.len() { judgement.doubt(reason) } else { judgement.concern(reason) }
    }
    Some(matched)
}

/// The first few of a list.
pub(super) fn few(list: &[String]) -> String {
    const MOST: usize = 5;
    let first = list.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if list.len() > MOST { format!("{first} and {} more", list.len() - MOST) } else { first }
}

fn segment(cells: &[&str], known: Known<'_>, judgement: &mut Judgement) -> bool {
    let names: Vec<&str> = known.segments.names().iter().map(String::as_str).collect();
    match word(cells, &names, Lexicon::shipped().words_of(Field::Segment.path()), judgement) {
        None => return false,
        Some(0) => judgement.doubt("none of its words is a segment of the model"),
        Some(_) => {}
    }
    true
}

/// Whether cells may be what a text field holds.
fn text(path: &str, cells: &[&str]) -> bool {
    let has_letters = |cell: &&&str| cell.chars().any(char::is_alphabetic);
    let lettered = cells.iter().filter(has_letters).count();
    if path == Field::Id.path() {
        return cells::dates(cells).is_none();
    }
    if path == Field::Currency.path() {
        let is_currency = |cell: &str| {
            let is_code = cell.len() == 3 && cell.bytes().all(|byte| byte.is_ascii_alphabetic());
            is_code || (!cell.is_empty() && cell.chars().all(|letter| "$€£¥".contains(letter)))
        };
        return cells.iter().all(|cell| is_currency(cell));
    }
    lettered * 2 >= cells.len() && cells::dates(cells).is_none()
}
