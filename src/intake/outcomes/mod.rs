//! What a team has on record of its customers beside their data: who left and who renewed, and what was done for whom.
//!
//! Both are tables with a row per event. Columns are found by their names, in any order; others do no harm.

mod rows;
mod words;

pub use words::fate;

use super::text::{self, quoted};
use super::{MAX_UNPACKED, Problems, ReadError, Source};
use crate::config::mapping::DateFormat;
use crate::evidence::{Fate, Intervention, InterventionStatus, Outcome};
use rows::{Column, read};
use words::{fate_of_stayed, status, told};

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

/// What the words of a column say of a customer.
type Meaning = fn(&str) -> Option<Fate>;

/// How a table of events is read.
#[derive(Debug, Clone, Copy)]
pub struct EventOptions<'a> {
    /// The most bytes that a compressed file may unpack to.
    pub max_unpacked: u64,
    /// How dates are written in cells of text; `None` for 2026-12-31.
    pub dates: Option<&'a DateFormat>,
}

impl Default for EventOptions<'_> {
    fn default() -> Self {
        Self { max_unpacked: MAX_UNPACKED, dates: None }
    }
}

/// What may stand in a column with what became of a customer, by its place among those that [`read_outcomes`] looks for.
fn expected_fate(column: usize) -> String {
    const WORDS: &str = "churned, lost, cancelled, not renewed or such for those who left, renewed, retained, active or such for those who stayed";
    if column == 1 { format!("expected {WORDS}") } else { format!("expected yes or no, or {WORDS}") }
}

/// Reads who left and who renewed.
///
/// # Errors
///
/// Where bytes cannot be read. What is wrong with the content is among the problems.
pub fn read_outcomes(source: Source<'_>, options: EventOptions<'_>) -> Result<(Vec<Outcome>, Problems), ReadError> {
    let mut outcomes = Vec::new();
    // Where what became of a customer stands, and what the words there mean.
    let asked: [(usize, Meaning); 3] = [(1, told), (3, fate), (4, fate_of_stayed)];
    let problems = read(source, options, &[ID, FATE, DAY, CHURNED, RENEWED], &asked.map(|(place, _)| place), |row| {
        let customer = row.id()?;
        let mut known: Option<(usize, Fate)> = None;
        let mut sound = true;
        for (column, meaning) in asked {
            let Some(text) = row.text(column) else { continue };
            let Some(fate) = meaning(&text) else {
                row.refuse(column, quoted(&text), expected_fate(column));
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
            row.refuse(column, "nothing".to_owned(), expected_fate(column));
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
pub fn read_interventions(
    source: Source<'_>,
    options: EventOptions<'_>,
) -> Result<(Vec<Intervention>, Problems), ReadError> {
    let mut interventions = Vec::new();
    let problems = read(source, options, &[ID, DAY, STATUS, PLAY, OWNER, RESULT], &[], |row| {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn outcomes(text: &str) -> (Vec<String>, Vec<String>) {
        let (outcomes, problems) =
            read_outcomes(Source::new("outcomes.csv", text.as_bytes()), EventOptions::default()).expect("bytes");
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
                "outcomes.csv:3:3: record 2 (B): date: found \"03/01/2026\", expected a date such as 2026-12-31; dates that are written in another way must be declared (--date-format)"
                    .to_owned(),
                "outcomes.csv:4:3: record 3 (C): date: found nothing, expected a date such as 2026-12-31; dates that are written in another way must be declared (--date-format)".to_owned(),
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
    fn dates_are_read_as_declared() {
        let format = DateFormat::new("M/D/YYYY").expect("a format");
        let options = EventOptions { dates: Some(&format), ..EventOptions::default() };
        let text = "id,outcome,date\nA,churned,3/1/2026\nB,churned,2026-03-01\n";
        let (outcomes, problems) = read_outcomes(Source::new("o.csv", text.as_bytes()), options).expect("bytes");
        let dates: Vec<String> = outcomes.iter().map(|outcome| outcome.date.to_string()).collect();
        assert_eq!(dates, ["2026-03-01"]);
        let problems: Vec<String> = problems.errors().iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            ["o.csv:3:3: record 2 (B): date: found \"2026-03-01\", expected a date written as M/D/YYYY"]
        );
    }

    #[test]
    fn interventions_have_a_status() {
        let text =
            "customer_id,date,play,owner,status\nA,2026-03-01,Save call,Mia,In progress\nB,2026-03-02,,,someday\n";
        let read = read_interventions(Source::new("i.csv", text.as_bytes()), EventOptions::default()).expect("bytes");
        let found: Vec<_> = read.0.iter().map(|one| (one.customer.as_str(), one.play.as_str(), one.status)).collect();
        assert_eq!(found, [("A", "Save call", InterventionStatus::Started)]);
        let problems: Vec<String> = read.1.errors().iter().map(ToString::to_string).collect();
        assert_eq!(
            problems,
            ["i.csv:3:5: record 2 (B): status: found \"someday\", expected open, started, done or cancelled"]
        );
    }
}
