//! What a team has on record of its customers beside their data: who left and who renewed, and what was done for whom.
//!
//! Both are tables with a row per event. Columns are found by their names, in any order; others do no harm.

use std::sync::Arc;

use chrono::NaiveDate;

use super::bytes::{self, Content, TextKind};
use super::date::{self};
use super::fault::DATE;
use super::table::{Broken, Cell, CsvRows, Rows, with_rows};
use super::text::{self, quoted};
use super::{Format, Problem, Problems, ReadError, Severity, Source, encoding_of, shown_name};
use crate::evidence::{Fate, Intervention, InterventionStatus, Outcome};

/// A column of such a table.
struct Column {
    /// What it is called in messages.
    name: &'static str,
    /// The names by which it is known, in lower case, with single blanks for all else than letters and digits.
    headers: &'static [&'static str],
    required: bool,
}

const ID: Column = Column {
    name: "customer_id",
    headers: &["customer id", "account id", "company id", "client id", "organization id", "crm id", "id"],
    required: true,
};
const DAY: Column = Column {
    name: "date",
    headers: &[
        "date",
        "outcome date",
        "churn date",
        "churned on",
        "end date",
        "left on",
        "renewal date",
        "effective date",
        "due",
        "due date",
        "day",
    ],
    required: true,
};
const FATE: Column = Column {
    name: "outcome",
    headers: &["outcome", "status", "result", "renewal outcome", "renewal status", "fate", "what happened"],
    required: false,
};
const CHURNED: Column =
    Column { name: "churned", headers: &["churned", "churn", "left", "is churned"], required: false };
const RENEWED: Column =
    Column { name: "renewed", headers: &["renewed", "retained", "stayed", "is renewed"], required: false };
const PLAY: Column = Column {
    name: "play",
    headers: &["play", "playbook", "intervention", "action", "task", "subject"],
    required: false,
};
const OWNER: Column =
    Column { name: "owner", headers: &["owner", "csm", "assignee", "assigned to", "who"], required: false };
const STATUS: Column = Column { name: "status", headers: &["status", "state"], required: true };
const RESULT: Column =
    Column { name: "outcome", headers: &["outcome", "result", "what came of it", "notes"], required: false };

/// The words for those who left, case, blanks and hyphens ignored.
const LEFT: [&str; 16] = [
    "churned",
    "churn",
    "left",
    "lost",
    "closed lost",
    "cancelled",
    "canceled",
    "terminated",
    "expired",
    "lapsed",
    "nonrenewed",
    "nonrenewal",
    "not renewed",
    "did not renew",
    "no renewal",
    "ended",
];
/// The words for those who stayed.
const STAYED: [&str; 11] = [
    "renewed",
    "renewal",
    "retained",
    "stayed",
    "active",
    "kept",
    "won",
    "closed won",
    "customer",
    "extended",
    "expanded",
];
const YES: [&str; 4] = ["yes", "true", "1", "y"];
const NO: [&str; 4] = ["no", "false", "0", "n"];
/// The words for how far an intervention has come.
const STATUSES: [(InterventionStatus, &[&str]); 4] = [
    (InterventionStatus::Open, &["open", "planned", "todo", "to do", "new", "not started", "scheduled"]),
    (InterventionStatus::Started, &["started", "in progress", "ongoing", "running", "active"]),
    (InterventionStatus::Done, &["done", "completed", "complete", "closed", "finished"]),
    (InterventionStatus::Cancelled, &["cancelled", "canceled", "dropped", "skipped", "void"]),
];

fn is_in(words: &[&str], word: &str) -> bool {
    words.iter().any(|known| plain_word(known) == plain_word(word))
}

/// What became of a customer, in the words of people. Case, blanks and hyphens make no difference.
fn told(word: &str) -> Option<Fate> {
    match () {
        () if is_in(&LEFT, word) => Some(Fate::Churned),
        () if is_in(&STAYED, word) => Some(Fate::Renewed),
        () => None,
    }
}

/// What became of a customer where the column asks whether it left: yes or no, or the words for it.
pub fn fate(word: &str) -> Option<Fate> {
    match () {
        () if is_in(&YES, word) => Some(Fate::Churned),
        () if is_in(&NO, word) => Some(Fate::Renewed),
        () => told(word),
    }
}

/// The same where the column asks whether it stayed.
fn fate_of_stayed(word: &str) -> Option<Fate> {
    match () {
        () if is_in(&YES, word) => Some(Fate::Renewed),
        () if is_in(&NO, word) => Some(Fate::Churned),
        () => told(word),
    }
}

fn status(word: &str) -> Option<InterventionStatus> {
    let word = plain_word(word);
    let known = STATUSES.iter().find(|(_, words)| words.iter().any(|known| plain_word(known) == word));
    known.map(|(status, _)| *status)
}

/// Letters and digits alone, in lower case.
fn plain_word(text: &str) -> String {
    text.chars().filter(|character| character.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What the words of a column say of a customer.
type Meaning = fn(&str) -> Option<Fate>;

/// Reads who left and who renewed.
///
/// # Errors
///
/// Where bytes cannot be read. What is wrong with the content is among the problems.
pub fn read_outcomes(source: Source<'_>, max_unpacked: u64) -> Result<(Vec<Outcome>, Problems), ReadError> {
    let mut outcomes = Vec::new();
    // Where what became of a customer stands, and what the words there mean.
    let asked: [(usize, Meaning); 3] = [(1, told), (3, fate), (4, fate_of_stayed)];
    let problems =
        read(source, max_unpacked, &[ID, FATE, DAY, CHURNED, RENEWED], &asked.map(|(place, _)| place), |row| {
            let customer = row.id()?;
            let mut known: Option<(usize, Fate)> = None;
            let mut sound = true;
            for (column, meaning) in asked {
                let Some(text) = row.text(column) else { continue };
                let Some(fate) = meaning(&text) else {
                    row.refuse(column, quoted(&text), row.expected_fate(column));
                    sound = false;
                    continue;
                };
                match known {
                    Some((other, before)) if before != fate => {
                        let allowed = format!("but {} says {}: expected one of them", row.title(other), before.name());
                        row.refuse(column, quoted(&text), allowed);
                        sound = false;
                    }
                    _ => known = Some((column, fate)),
                }
            }
            if known.is_none() && sound {
                let column = asked.into_iter().map(|(column, _)| column).find(|column| row.has(*column))?;
                row.refuse(column, "nothing".to_owned(), row.expected_fate(column));
            }
            let date = row.date(2);
            let (_, fate) = known.filter(|_| sound)?;
            outcomes.push(Outcome { customer, fate, date: date?, record: row.record });
            Some(())
        })?;
    Ok((outcomes, problems))
}

/// Reads what was done for whom.
///
/// # Errors
///
/// As [`read_outcomes`].
pub fn read_interventions(source: Source<'_>, max_unpacked: u64) -> Result<(Vec<Intervention>, Problems), ReadError> {
    let mut interventions = Vec::new();
    let problems = read(source, max_unpacked, &[ID, DAY, STATUS, PLAY, OWNER, RESULT], &[], |row| {
        let customer = row.id()?;
        let date = row.date(1);
        let names = InterventionStatus::ALL.map(InterventionStatus::name);
        let status = row.word(2, status, || format!("expected {}", text::one_of(&names)));
        let [play, owner, outcome] = [3, 4, 5].map(|column| row.text(column).unwrap_or_default());
        interventions.push(Intervention {
            customer,
            date: date?,
            play,
            owner,
            status: status?,
            outcome,
            record: row.record,
        });
        Some(())
    })?;
    Ok((interventions, problems))
}

/// Reads a table row by row. Of the columns at the places `any` there must be one.
fn read(
    source: Source<'_>,
    max_unpacked: u64,
    columns: &[Column],
    any: &[usize],
    mut each: impl FnMut(&mut RowAt<'_>) -> Option<()>,
) -> Result<Problems, ReadError> {
    let Source { name, bytes, format, encoding, sheet, .. } = source;
    let shown = shown_name(name);
    let mut problems = Problems::default();
    let content = encoding_of(encoding).and_then(|code| bytes::open(bytes, name, format, code, max_unpacked));
    let read = content.and_then(|content| match content {
        Content::Text { kind: TextKind::Json, .. } => Err(Broken::Content {
            line: 0,
            found: "JSON".to_owned(),
            allowed: "expected a table: CSV or a workbook".to_owned(),
        }),
        Content::Text { bytes, kind: TextKind::Table } => {
            let delimiter = (format == Some(Format::Tsv)).then_some(b'\t');
            rows(&mut CsvRows::new(bytes, delimiter)?, &shown, (columns, any), &mut problems, &mut each)
        }
        Content::Workbook(bytes) => with_rows(&bytes, sheet, max_unpacked, |table| {
            rows(table, &shown, (columns, any), &mut problems, &mut each)
        })?,
    });
    match read {
        Ok(()) => {}
        Err(Broken::Input(source)) => return Err(ReadError::Input { name: shown.to_string(), source }),
        Err(Broken::Content { line, found, allowed }) => {
            problems.refuse(Problem { line, found, ..Problem::of_input(Severity::Error, shown, allowed) });
        }
    }
    Ok(problems)
}

fn rows(
    table: &mut impl Rows,
    input: &Arc<str>,
    (columns, any): (&[Column], &[usize]),
    problems: &mut Problems,
    each: &mut impl FnMut(&mut RowAt<'_>) -> Option<()>,
) -> Result<(), Broken> {
    if !table.advance()? {
        return Err(Broken::Content {
            line: 0,
            found: "nothing".to_owned(),
            allowed: "expected a row with the names of the columns".to_owned(),
        });
    }
    let titles: Vec<String> = (0..table.width()).map(|column| shown(table.cell(column))).collect();
    let places = places(&titles, columns);
    let is_there = |place: &usize| places[*place].is_some();
    let lacks_all = !any.is_empty() && !any.iter().any(is_there);
    let is_missing =
        |place: &usize| !is_there(place) && (columns[*place].required || lacks_all && any.first() == Some(place));
    let missing: Vec<&str> = (0..columns.len()).filter(is_missing).map(|place| columns[place].name).collect();
    if !missing.is_empty() {
        let found: Vec<String> = titles.iter().map(|title| text::plain(title)).collect();
        let any_name: Vec<&str> = any.iter().map(|place| columns[*place].name).collect();
        let needed = (0..columns.len()).filter(|place| !any.iter().skip(1).any(|other| other == place));
        let needed: Vec<String> = needed
            .map(|place| if any.contains(&place) { any_name.join(" or ") } else { columns[place].name.to_owned() })
            .collect();
        return Err(Broken::Content {
            line: table.line(),
            found: format!("the columns {}", found.join(", ")),
            allowed: format!("which lack {}: expected {}", missing.join(" and "), needed.join(", ")),
        });
    }
    let mut record = 0;
    while table.advance()? {
        record += 1;
        let cells = places.iter().map(|place| place.map(|place| Held::of(table.cell(place)))).collect();
        let mut row = RowAt {
            cells,
            columns,
            places: &places,
            titles: &titles,
            record,
            line: table.line(),
            input,
            sheet: table.sheet().cloned(),
            customer: None,
            problems,
        };
        each(&mut row);
    }
    Ok(())
}

/// Where each column stands: under the first of its names that the table has.
fn places(titles: &[String], columns: &[Column]) -> Vec<Option<usize>> {
    let titles: Vec<String> = titles.iter().map(|title| plain_word(title)).collect();
    let mut taken = Vec::new();
    let mut place = |column: &Column| {
        let named = |header: &&&str| plain_word(header);
        let found = column.headers.iter().find_map(|header| {
            titles.iter().position(|title| *title == named(&header)).filter(|place| !taken.contains(place))
        });
        taken.extend(found);
        found
    };
    columns.iter().map(&mut place).collect()
}

/// What stands in a cell, as text.
fn shown(cell: Cell<'_>) -> String {
    match Held::of(cell) {
        Held::Text(text) => text,
        Held::Date(date) => date.to_string(),
        Held::Empty => String::new(),
    }
}

/// What a cell held.
#[derive(Debug, Clone, PartialEq)]
enum Held {
    Empty,
    Text(String),
    Date(NaiveDate),
}

impl Held {
    fn of(cell: Cell<'_>) -> Self {
        match cell {
            Cell::Empty => Self::Empty,
            Cell::Text(text) | Cell::Error(text) => Self::Text(text.to_owned()),
            Cell::Number(number) | Cell::Percent(number) | Cell::Money(number, _) => Self::Text(number.to_string()),
            Cell::Flag(flag) => Self::Text(flag.to_string()),
            Cell::Date(date) => Self::Date(date),
            Cell::Garbled => Self::Text("\u{fffd}".to_owned()),
        }
    }
}

/// A row that is looked at.
struct RowAt<'r> {
    cells: Vec<Option<Held>>,
    columns: &'r [Column],
    places: &'r [Option<usize>],
    titles: &'r [String],
    record: u64,
    line: u64,
    input: &'r Arc<str>,
    sheet: Option<Arc<str>>,
    customer: Option<String>,
    problems: &'r mut Problems,
}

impl RowAt<'_> {
    /// The customer's id, which comes first.
    fn id(&mut self) -> Option<String> {
        match self.text(0) {
            Some(id) => {
                self.customer = Some(id.clone());
                Some(id)
            }
            None => {
                self.refuse(0, String::new(), "it is empty, expected the customer's id".to_owned());
                None
            }
        }
    }

    /// Whether the table has a column.
    fn has(&self, column: usize) -> bool {
        self.places[column].is_some()
    }

    /// What a column is called in the table.
    fn title(&self, column: usize) -> String {
        let title = self.places[column].and_then(|place| self.titles.get(place));
        title.map_or_else(|| self.columns[column].name.to_owned(), |title| text::plain(title))
    }

    /// What may stand in a column with what became of a customer.
    fn expected_fate(&self, column: usize) -> String {
        const WORDS: &str = "churned, lost, cancelled, not renewed or such for those who left, renewed, retained, active or such for those who stayed";
        let is_asked = self.columns[column].name != FATE.name;
        if is_asked { format!("expected yes or no, or {WORDS}") } else { format!("expected {WORDS}") }
    }

    fn text(&self, column: usize) -> Option<String> {
        match self.cells.get(column)?.as_ref()? {
            Held::Empty => None,
            Held::Text(text) => Some(text.clone()),
            Held::Date(date) => Some(date.to_string()),
        }
    }

    fn date(&mut self, column: usize) -> Option<NaiveDate> {
        let found = match self.cells.get(column).and_then(Option::as_ref) {
            Some(Held::Date(date)) => return Some(*date),
            Some(Held::Text(text)) => match date::date(text) {
                Some(date) => return Some(date),
                None => quoted(text),
            },
            Some(Held::Empty) | None => "nothing".to_owned(),
        };
        self.refuse(column, found, format!("expected {DATE}"));
        None
    }

    fn word<T>(
        &mut self,
        column: usize,
        meaning: impl Fn(&str) -> Option<T>,
        allowed: impl Fn() -> String,
    ) -> Option<T> {
        let text = self.text(column);
        let found = text.as_deref().and_then(meaning);
        if found.is_none() {
            self.refuse(column, text.map_or_else(|| "nothing".to_owned(), |text| quoted(&text)), allowed());
        }
        found
    }

    fn refuse(&mut self, column: usize, found: String, allowed: String) {
        let place = self.places[column];
        self.problems.refuse(Problem {
            sheet: self.sheet.clone(),
            line: self.line,
            column: place.map_or(0, |place| place as u64 + 1),
            header: place.and_then(|place| self.titles.get(place)).map(|title| text::plain(title)),
            record: Some(self.record),
            customer: self.customer.as_deref().map(text::plain),
            field: self.columns[column].name.to_owned(),
            found,
            ..Problem::of_input(Severity::Error, self.input.clone(), allowed)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::intake::MAX_UNPACKED;

    fn outcomes(text: &str) -> (Vec<String>, Vec<String>) {
        let (outcomes, problems) =
            read_outcomes(Source::new("outcomes.csv", text.as_bytes()), MAX_UNPACKED).expect("bytes");
        let shown = |outcome: &Outcome| format!("{} {} {}", outcome.customer, outcome.fate.name(), outcome.date);
        (outcomes.iter().map(shown).collect(), problems.errors().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn columns_are_found_by_their_names_in_any_order() {
        for text in [
            "customer_id,outcome,date\nA,churned,2026-03-01\nB,Renewed,2026-04-01\n",
            "Date;Region;Churned;Account ID\n2026-03-01;EMEA;yes;A\n2026-04-01;EMEA;no;B\n",
            "customer_id,outcome,date\nA,Closed-Lost,2026-03-01T10:00:00\nB,closed won,2026-04-01\n",
            "\u{feff}Customer ID\tStatus\tChurn date\nA\tnon-renewed\t2026-03-01\nB\tactive\t2026-04-01\n",
        ] {
            let (found, problems) = outcomes(text);
            assert_eq!(problems, [] as [&str; 0], "{text}");
            assert_eq!(found, ["A churned 2026-03-01", "B renewed 2026-04-01"], "{text}");
        }
    }

    #[test]
    fn all_problems_are_told_with_their_places() {
        let text =
            "customer_id,outcome,date\n,churned,2026-03-01\nB,perhaps,03/01/2026\nC,churned,\nD,left,2026-03-01\n";
        let (found, problems) = outcomes(text);
        assert_eq!(found, ["D churned 2026-03-01"]);
        let words = "expected churned, lost, cancelled, not renewed or such for those who left, renewed, retained, active or such for \
                     those who stayed";
        assert_eq!(
            problems,
            [
                "outcomes.csv:2:1: record 1: customer_id: it is empty, expected the customer's id".to_owned(),
                format!("outcomes.csv:3:2: record 2 (B): outcome: found \"perhaps\", {words}"),
                "outcomes.csv:3:3: record 2 (B): date: found \"03/01/2026\", expected a date such as 2026-12-31"
                    .to_owned(),
                "outcomes.csv:4:3: record 3 (C): date: found nothing, expected a date such as 2026-12-31".to_owned(),
            ]
        );
    }

    #[test]
    fn yes_means_what_the_column_asks() {
        for (text, expected) in [
            ("id,churned,date\nA,yes,2026-03-01\nB,0,2026-03-01\n", ["A churned 2026-03-01", "B renewed 2026-03-01"]),
            ("id,renewed,date\nA,no,2026-03-01\nB,TRUE,2026-03-01\n", ["A churned 2026-03-01", "B renewed 2026-03-01"]),
            (
                "id,outcome,churned,date\nA,,yes,2026-03-01\nB,renewed,,2026-03-01\n",
                ["A churned 2026-03-01", "B renewed 2026-03-01"],
            ),
        ] {
            let (found, problems) = outcomes(text);
            assert_eq!(problems, [] as [&str; 0], "{text}");
            assert_eq!(found, expected, "{text}");
        }
        let (found, problems) = outcomes(
            "id,renewal outcome,churned,date\nA,yes,,2026-03-01\nB,renewed,yes,2026-03-01\nC,,,2026-03-01\nD,lapsed,1,2026-03-01\n",
        );
        assert_eq!(found, ["D churned 2026-03-01"]);
        let words = "churned, lost, cancelled, not renewed or such for those who left, renewed, retained, active or such for those who \
                     stayed";
        assert_eq!(
            problems,
            [
                format!("outcomes.csv:2:2: record 1 (A): outcome (\"renewal outcome\"): found \"yes\", expected {words}"),
                "outcomes.csv:3:3: record 2 (B): churned: found \"yes\", but renewal outcome says renewed: expected one of them"
                    .to_owned(),
                format!("outcomes.csv:4:2: record 3 (C): outcome (\"renewal outcome\"): found nothing, expected {words}"),
            ]
        );
    }

    #[test]
    fn columns_that_are_missing_are_told_with_those_that_are_there() {
        let (_, problems) = outcomes("customer,when\nA,2026-03-01\n");
        assert_eq!(
            problems,
            [
                "outcomes.csv:1: found the columns customer, when, which lack customer_id and outcome and date: expected customer_id, \
                 outcome or churned or renewed, date"
            ]
        );
        assert_eq!(outcomes("").1.len(), 1);
        assert_eq!(outcomes("[1]").1, ["outcomes.csv: found JSON, expected a table: CSV or a workbook"]);
    }

    #[test]
    fn interventions_have_a_status() {
        let text =
            "customer_id,date,play,owner,status\nA,2026-03-01,Save call,Mia,In progress\nB,2026-03-02,,,someday\n";
        let read = read_interventions(Source::new("i.csv", text.as_bytes()), MAX_UNPACKED).expect("bytes");
        let found: Vec<_> = read.0.iter().map(|one| (one.customer.as_str(), one.play.as_str(), one.status)).collect();
        assert_eq!(found, [("A", "Save call", InterventionStatus::Started)]);
        let problems: Vec<String> = read.1.errors().iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            ["i.csv:3:5: record 2 (B): status: found \"someday\", expected open, started, done or cancelled"]
        );
    }
}
