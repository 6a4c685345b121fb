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
    headers: &["outcome", "churned", "churn", "left", "status", "result", "renewal outcome", "fate", "what happened"],
    required: true,
};
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
const LEFT: [&str; 14] = [
    "churned",
    "churn",
    "left",
    "lost",
    "closed lost",
    "cancelled",
    "canceled",
    "terminated",
    "nonrenewed",
    "not renewed",
    "yes",
    "true",
    "1",
    "y",
];
/// The words for those who stayed.
const STAYED: [&str; 13] = [
    "renewed",
    "renewal",
    "retained",
    "stayed",
    "active",
    "kept",
    "won",
    "closed won",
    "customer",
    "no",
    "false",
    "0",
    "n",
];
/// The words for how far an intervention has come.
const STATUSES: [(InterventionStatus, &[&str]); 4] = [
    (InterventionStatus::Open, &["open", "planned", "todo", "to do", "new", "not started", "scheduled"]),
    (InterventionStatus::Started, &["started", "in progress", "ongoing", "running", "active"]),
    (InterventionStatus::Done, &["done", "completed", "complete", "closed", "finished"]),
    (InterventionStatus::Cancelled, &["cancelled", "canceled", "dropped", "skipped", "void"]),
];

/// What became of a customer, as people write it: `churned` and its like, or yes where the column asks whether it left. Case, blanks and
/// hyphens make no difference.
pub fn fate(word: &str) -> Option<Fate> {
    let word = plain_word(word);
    let is_in = |words: &[&str]| words.iter().any(|known| plain_word(known) == word);
    if is_in(&LEFT) {
        Some(Fate::Churned)
    } else if is_in(&STAYED) {
        Some(Fate::Renewed)
    } else {
        None
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

/// Reads who left and who renewed.
///
/// # Errors
///
/// Where bytes cannot be read. What is wrong with the content is among the problems.
pub fn read_outcomes(source: Source<'_>, max_unpacked: u64) -> Result<(Vec<Outcome>, Problems), ReadError> {
    let mut outcomes = Vec::new();
    let problems = read(source, max_unpacked, &[ID, FATE, DAY], |row| {
        let customer = row.id()?;
        let fate = row.word(1, fate, || {
            "expected churned or renewed, or another usual word for it, or yes or no where the column asks who left"
                .to_owned()
        });
        let date = row.date(2);
        outcomes.push(Outcome { customer, fate: fate?, date: date?, record: row.record });
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
    let problems = read(source, max_unpacked, &[ID, DAY, STATUS, PLAY, OWNER, RESULT], |row| {
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

/// Reads a table row by row.
fn read(
    source: Source<'_>,
    max_unpacked: u64,
    columns: &[Column],
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
            rows(&mut CsvRows::new(bytes, delimiter)?, &shown, columns, &mut problems, &mut each)
        }
        Content::Workbook(bytes) => {
            with_rows(&bytes, sheet, max_unpacked, |table| rows(table, &shown, columns, &mut problems, &mut each))?
        }
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
    columns: &[Column],
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
    let missing: Vec<&str> = columns
        .iter()
        .zip(&places)
        .filter(|(column, place)| column.required && place.is_none())
        .map(|(column, _)| column.name)
        .collect();
    if !missing.is_empty() {
        let found: Vec<String> = titles.iter().map(|title| text::plain(title)).collect();
        let needed: Vec<String> = columns.iter().map(|column| column.name.to_owned()).collect();
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
        let words =
            "expected churned or renewed, or another usual word for it, or yes or no where the column asks who left";
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
    fn columns_that_are_missing_are_told_with_those_that_are_there() {
        let (_, problems) = outcomes("customer,when\nA,2026-03-01\n");
        assert_eq!(
            problems,
            [
                "outcomes.csv:1: found the columns customer, when, which lack customer_id and outcome and date: expected customer_id, \
                 outcome, date"
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
