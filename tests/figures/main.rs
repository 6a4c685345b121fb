//! Every figure in the tables of a report, in every format, against the JSON of the same reports.
//!
//! A format for people is a [`Reader`], which gives back the tables and the words that it finds; a table is a [`Wanted`], which says what
//! stands in its rows. A table or a column that nothing is said of fails. So it is with the flat tables of CSV and workbooks in
//! [`sheets`]; [`words`] has the figures in sentences, [`documents`] those of documents made from templates.

mod cell;
mod difference;
mod documents;
mod evidence;
mod markup;
mod readers;
mod sheets;
mod tables;
mod words;

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use cell::{Kind, shows};
use readers::{READERS, Reader, Shown};
use tables::{CHURN, EXPAND, HEALTH, PAGE, REPORT, Wanted};

const AS_OF: &str = "2026-06-30";

/// Portfolios with the field that the report groups them by.
const PORTFOLIOS: [(&str, &str); 2] =
    [("assets/sample_customer_data.json", "csm"), ("tests/parity/portfolio.json", "segment")];

/// What the team means to do for accounts of both.
const INTERVENTIONS: &str = "assets/sample_interventions.csv";

const COMMANDS: [&str; 4] = ["health", "churn", "expand", "report"];

/// Tables that show no more rows than this, whatever is asked for.
const SHORTENED: [(&str, usize); 2] = [("Quick wins", 12), ("Data gaps", 10)];

/// What the program prints.
fn written(arguments: &[&str]) -> Vec<u8> {
    let mut csm = Command::new(env!("CARGO_BIN_EXE_csm"));
    csm.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("CSM_CONFIG").env("XDG_CONFIG_HOME", "/nowhere");
    let output = csm.args(arguments).output().expect("csm runs");
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// What the program prints of all accounts.
fn csm(command: &str, portfolio: (&str, &str), arguments: &[&str]) -> Vec<u8> {
    written(&[&[command, portfolio.0, "--as-of", AS_OF, "--quiet"], arguments].concat())
}

/// A report in a format.
fn report(command: &str, portfolio: (&str, &str), format: &str) -> Vec<u8> {
    let options = ["--top", "all", "--format", format];
    match command {
        "report" => csm(
            command,
            portfolio,
            &[&options[..], &["--strategic", "--by", portfolio.1, "--interventions", INTERVENTIONS]].concat(),
        ),
        _ => csm(command, portfolio, &[&options[..], &["--sort", "input"]].concat()),
    }
}

/// All reports as JSON, by their commands, and the portfolio itself as `input`.
fn records(portfolio: (&str, &str)) -> Value {
    let input = fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(portfolio.0)).expect("a portfolio");
    let mut records = json!({ "input": serde_json::from_slice::<Value>(&input).expect("JSON") });
    for command in COMMANDS {
        records[command] = serde_json::from_slice(&report(command, portfolio, "json")).expect("JSON");
    }
    records
}

/// Checks the tables of a report; how many cells were compared.
fn check(shown: &[Shown], wanted: &[&Wanted], reader: &Reader, records: &Value, what: &str) -> usize {
    let mut cells = 0;
    let mut found = vec![false; wanted.len()];
    for table in shown {
        let place = format!("{what}: {:?}: {:?}", table.heading, table.columns);
        let is_it = |wanted: &&&Wanted| {
            table.heading.starts_with(wanted.heading)
                && table.columns.first().is_some_and(|first| first == wanted.first)
        };
        let known =
            wanted.iter().position(|wanted| is_it(&wanted)).unwrap_or_else(|| panic!("nothing is known of {place}"));
        found[known] = true;
        let rows = (wanted[known].rows)(records);
        let most = SHORTENED
            .iter()
            .find(|(heading, _)| table.heading.starts_with(heading))
            .map_or(usize::MAX, |(_, most)| *most);
        assert_eq!(table.rows.len(), rows.len().min(most), "{place}");
        for (position, title) in table.columns.iter().enumerate() {
            // Columns of one title stand in the order in which they are described.
            let before = table.columns[..position].iter().filter(|other| *other == title).count();
            let column = wanted[known].columns.iter().filter(|(known, ..)| known == title).nth(before);
            let (_, pointer, kind) = column.unwrap_or_else(|| panic!("nothing is known of {title} in {place}"));
            for (row, record) in table.rows.iter().zip(&rows) {
                assert_eq!(row.len(), table.columns.len(), "{place}: {row:?}");
                let value = record.pointer(pointer).unwrap_or(&Value::Null);
                assert!(shows(&row[position], value, *kind), "{place}: {title}: {:?} is not {value}", row[position]);
                cells += usize::from(*kind != Kind::Unrecorded);
            }
        }
    }
    for (found, wanted) in found.into_iter().zip(wanted) {
        // Some tables are there only where there is something to show; on a terminal, bars are no table.
        let is_bars = ["Band", "Tier", "Play"].contains(&wanted.first);
        let may_lack = || (wanted.rows)(records).is_empty() || is_bars && !reader.has_bars;
        assert!(found || may_lack(), "{what}: no table {:?} of {:?}", wanted.heading, wanted.first);
    }
    cells
}

#[test]
fn every_format_shows_the_figures_of_the_json() {
    for portfolio in PORTFOLIOS {
        let records = records(portfolio);
        for reader in &READERS {
            for (command, wanted) in COMMANDS.into_iter().zip([HEALTH, CHURN, EXPAND, REPORT]) {
                let text = report(command, portfolio, reader.format);
                let page = (reader.read)(std::str::from_utf8(&text).expect("UTF-8"));
                let what = format!("{} {command} {}", portfolio.0, reader.format);
                let is_page = reader.format == "html" && command == "report";
                // A page has the bands in a chart, which is among its own tables.
                let in_chart = |wanted: &&Wanted| is_page && wanted.first == "Band";
                let wanted = wanted.iter().filter(|wanted| !in_chart(wanted));
                let wanted: Vec<&Wanted> = wanted.chain(PAGE.iter().filter(|_| is_page)).collect();
                let cells = check(&page.tables, &wanted, reader, &records, &what);
                assert!(cells > 60, "{what}: only {cells} cells were compared");
                let figures = words::check(&page.words, command, reader, &records, &what);
                assert!(figures >= 3, "{what}: only {figures} figures in sentences were compared");
            }
        }
        sheets::check_all(portfolio, &records);
        documents::check_all(portfolio, &records);
    }
}
