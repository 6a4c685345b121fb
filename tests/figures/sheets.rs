//! The flat tables: CSV and the sheets of workbooks, to the last digit.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::cell::{list, number};
use super::markup::{Piece, pieces};
use super::{COMMANDS, report};

/// A sheet: its keys or titles, and its rows.
struct Sheet {
    name: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// What nothing in JSON says: what is derived from the same data for people, and what only the input has.
const UNRECORDED: [(&str, &[&str]); 8] = [
    ("Summary", &["section", "label", "unit", "note"]),
    ("Accounts", &["notice_date", "auto_renew", "decided", "start_with"]),
    ("Health", &["stale"]),
    ("Churn", &["first_step", "first_step_owner", "first_step_within", "stale"]),
    ("Warnings", &["metric"]),
    ("Expansion", &["next_step"]),
    ("Renewals", &["auto_renew"]),
    ("Data quality", &["place", "allowed"]),
];

fn csv(bytes: &[u8], name: &str) -> Sheet {
    let mut reader = csv::Reader::from_reader(bytes);
    let cells = |record: &csv::StringRecord| record.iter().map(str::to_owned).collect::<Vec<_>>();
    let columns = cells(reader.headers().expect("a head"));
    Sheet { name: name.to_owned(), columns, rows: reader.records().map(|row| cells(&row.expect("a row"))).collect() }
}

/// The sheets of a workbook. Their heads are titles.
fn sheets(workbook: &[u8]) -> Vec<Sheet> {
    let mut archive = zip::ZipArchive::new(Cursor::new(workbook)).expect("a workbook");
    let mut part = |name: &str| {
        let mut text = String::new();
        archive.by_name(name).expect("a part").read_to_string(&mut text).expect("UTF-8");
        pieces(&text)
    };
    let shared = shared_texts(&part("xl/sharedStrings.xml"));
    let book = part("xl/workbook.xml");
    let names = book.iter().filter(|piece| matches!(piece, Piece::Open(name, _) if name == "sheet"));
    let names = names.map(|sheet| sheet.attribute("name").expect("a name").to_owned());
    let mut sheets = Vec::new();
    for (position, name) in names.enumerate() {
        let mut rows = rows(&part(&format!("xl/worksheets/sheet{}.xml", position + 1)), &shared);
        // What stands above a table is not as wide as it.
        let width = rows.iter().map(Vec::len).max().expect("a row");
        let head = rows.iter().position(|row| row.len() == width).expect("a head");
        let mut rows = rows.split_off(head);
        for row in &mut rows {
            row.resize(width, String::new());
        }
        sheets.push(Sheet { name, columns: rows.remove(0), rows });
    }
    sheets
}

fn shared_texts(pieces: &[Piece]) -> Vec<String> {
    let mut texts = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Open(name, _) if name == "si" => texts.push(String::new()),
            Piece::Text(text) => {
                if let Some(last) = texts.last_mut() {
                    last.push_str(text);
                }
            }
            _ => {}
        }
    }
    texts
}

/// The cells of a sheet, each where its reference says.
fn rows(pieces: &[Piece], shared: &[String]) -> Vec<Vec<String>> {
    let mut rows: Vec<Vec<String>> = Vec::new();
    let (mut kind, mut is_cell) = (None, false);
    for piece in pieces {
        match piece {
            Piece::Open(name, _) if name == "row" => rows.push(Vec::new()),
            Piece::Open(name, _) if name == "c" => {
                let letters = piece.attribute("r").expect("a place").chars().filter(char::is_ascii_uppercase);
                let column = letters.fold(0, |column, letter| column * 26 + (letter as usize - 'A' as usize) + 1);
                rows.last_mut().expect("a row").resize(column, String::new());
                (kind, is_cell) = (piece.attribute("t"), true);
            }
            Piece::Open(name, _) if name == "f" => panic!("a formula"),
            Piece::Close(name) if name == "c" => is_cell = false,
            Piece::Text(text) if is_cell => {
                let text = match kind {
                    Some("s") => shared[text.parse::<usize>().expect("a position")].clone(),
                    Some("b") => if text == "1" { "true" } else { "false" }.to_owned(),
                    _ => text.clone(),
                };
                rows.last_mut().and_then(|row| row.last_mut()).expect("a cell").push_str(&text);
            }
            _ => {}
        }
    }
    rows.retain(|row| !row.is_empty());
    rows
}

/// A value of JSON as a cell has it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(list) => list.iter().map(cell).collect::<Vec<_>>().join("; "),
        Value::Object(warning) => format!("{}: {}", cell(&warning["severity"]), cell(&warning["signal"])),
        other => other.to_string(),
    }
}

/// Whether a cell has a value: numbers to the last digit, days as texts or as workbooks count them.
fn has(found: &str, value: &Value) -> bool {
    let day = |text: &str| text.get(..10)?.parse::<NaiveDate>().ok();
    let counted = |found: &str| {
        let days = found.parse().ok()?;
        NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(chrono::Days::new(days))
    };
    match value {
        Value::Number(number) => found.parse().ok() == number.as_f64(),
        Value::String(text) if day(text).is_some() => day(found).or_else(|| counted(found)) == day(text),
        value => found == cell(value),
    }
}

/// What stands at a dotted path.
fn at(value: &Value, path: &str) -> Option<Value> {
    let found = path.split('.').try_fold(value, |value, key| match value {
        Value::Array(list) => list.get(key.parse::<usize>().ok()?),
        value => value.get(key),
    });
    found.cloned()
}

/// Everything that JSON has of each account, by its id: the records of all reports, the first of which has a key counts, and what
/// follows from them.
type Accounts = BTreeMap<String, Vec<Value>>;

/// The record of an account in a list.
fn find<'v>(list: &'v Value, id: &Value) -> Option<&'v Value> {
    list.as_array()?.iter().find(|record| record["customer_id"] == *id)
}

fn accounts(records: &Value) -> Accounts {
    let report = &records["report"];
    let account = |input: &Value| {
        let id = &input["customer_id"];
        let of = |command: &str| find(&records[command]["customers"], id).expect("an account");
        let [health, churn, expand] = ["health", "churn", "expand"].map(of);
        let names = ["overall", "usage", "engagement", "support", "relationship"];
        let previous = names.map(|name| (name, &input["previous_period"][format!("{name}_score")]));
        let action = find(&report["actions"], id);
        let derived = json!({
            "lifecycle": if action.is_some() { "live" } else { "onboarding" },
            "segment": health["segment"].as_str().map(str::to_lowercase),
            "csm": input["csm"],
            "previous": BTreeMap::from(previous),
            "trend": health["trends"]["overall"],
            "attention_trend": health["trends"]["overall"],
            "doubts": find(&report["false_greens"], id).map(|found| &found["reason"]),
            "health_coverage": health["coverage"],
            "churn_coverage": churn["coverage"],
            "recommendation_count": health["recommendations"].as_array().map(Vec::len),
            "warning_count": churn["warning_signals"].as_array().map(Vec::len),
            "contract_start_date": input["contract_start_date"],
            "contract_end_date": input["contract_end_date"],
        });
        let records =
            [action, find(&report["onboarding"], id), Some(health), Some(churn), Some(expand), Some(&derived)];
        (id.as_str().expect("an id").to_owned(), records.into_iter().flatten().cloned().collect())
    };
    records["input"]["customers"].as_array().expect("a list").iter().map(account).collect()
}

/// What a row shows: a record of its own, and those of its account.
type Row<'a> = (Value, &'a [Value]);

/// The rows that a sheet must have.
fn wanted<'a>(sheet: &str, command: &str, records: &Value, accounts: &'a Accounts) -> Vec<Row<'a>> {
    let report = &records["report"];
    let of = |record: &Value| accounts[record["customer_id"].as_str().expect("an id")].as_slice();
    // In the order of their command; those of a report are in the order of its actions.
    let ordered = if command == "report" { &report["actions"] } else { &records[command]["customers"] };
    let ordered = ordered.as_array().expect("a list").iter();
    let in_command = |command: &str, record: &Value| {
        find(&records[command]["customers"], &record["customer_id"]).expect("an account").clone()
    };
    match sheet {
        "Accounts" => {
            let onboarding = report["onboarding"].as_array().expect("a list");
            ordered.chain(onboarding).map(|record| (json!({}), of(record))).collect()
        }
        "Health" => ordered.map(|record| (in_command("health", record), of(record))).collect(),
        "Churn" => ordered.map(|record| (in_command("churn", record), of(record))).collect(),
        "Warnings" => {
            let warnings = |record: &'_ Value| {
                let account = of(record);
                list(&in_command("churn", record)["warning_signals"]).into_iter().map(move |warning| (warning, account))
            };
            ordered.flat_map(warnings).collect()
        }
        "Expansion" => {
            let plays = |record: &'_ Value| {
                let account = of(record);
                let is_proposed = find(&report["proposals"], &record["customer_id"]).is_some();
                let play = move |mut play: Value| {
                    let targets = ["target_tier", "module", "department"];
                    play["target"] = targets.iter().find_map(|key| play.get(key).cloned()).unwrap_or(Value::Null);
                    play["passes_gate"] = is_proposed.into();
                    (play, account)
                };
                list(&in_command("expand", record)["opportunities"]).into_iter().map(play)
            };
            ordered.flat_map(plays).collect()
        }
        "Renewals" => list(&report["renewals"]).into_iter().map(|renewal| (renewal.clone(), of(&renewal))).collect(),
        "Data quality" => {
            let gap = |mut gap: Value| {
                gap["kind"] = "missing".into();
                gap["field"] = gap["metric"].clone();
                gap["customer_id"] = Value::Null;
                gap["found"] = Value::Null;
                (gap, &[][..])
            };
            list(&report["summary"]["data_gaps"]).into_iter().map(gap).collect()
        }
        _ => panic!("nothing is known of the sheet {sheet}"),
    }
}

/// What the first record that has a key has there.
fn recorded((own, account): &Row<'_>, key: &str) -> Option<Value> {
    if key == "segment" {
        // The standard has it in each report in another way; tables have that by which the account is judged.
        return at(account.last()?, key);
    }
    [own].into_iter().chain(*account).find_map(|record| at(record, key))
}

/// Holds a sheet against the records; how many cells were compared.
fn hold(sheet: &Sheet, keys: &[String], rows: &[Row<'_>], what: &str) -> usize {
    let mut found_rows = sheet.rows.clone();
    if sheet.name == "Data quality" {
        // What reading had to say is told in sentences.
        found_rows.retain(|row| row[0] == "missing");
    }
    assert_eq!(found_rows.len(), rows.len(), "{what}");
    let unrecorded = UNRECORDED.iter().find(|(name, _)| *name == sheet.name).map_or(&[][..], |(_, keys)| *keys);
    let mut compared = 0;
    for (column, key) in keys.iter().enumerate().filter(|(_, key)| !unrecorded.contains(&key.as_str())) {
        let values: Vec<Option<Value>> = rows.iter().map(|row| recorded(row, key)).collect();
        assert!(rows.is_empty() || values.iter().any(Option::is_some), "{what}: nothing is known of {key}");
        for (row, value) in found_rows.iter().zip(values) {
            let value = value.unwrap_or(Value::Null);
            assert!(has(&row[column], &value), "{what}: {key} of {}: {:?}, JSON has {value}", row[0], row[column]);
            compared += 1;
        }
    }
    compared
}

/// The key figures: what has a key stands there.
fn hold_summary(sheet: &Sheet, records: &Value, what: &str) -> usize {
    let column = |title: &str| sheet.columns.iter().position(|known| known == title).expect(title);
    let (key, value) = (column("Key"), column("Value"));
    let figures = sheet.rows.iter().filter(|row| !row[key].is_empty());
    let mut held = 0;
    for row in figures {
        let recorded =
            at(&records["report"]["summary"], &row[key]).unwrap_or_else(|| panic!("{what}: no {}", row[key]));
        assert!(has(&row[value], &recorded), "{what}: {}: {:?}, JSON has {recorded}", row[key], row[value]);
        held += 1;
    }
    held
}

/// The keys of a sheet by its titles, as `references/outputs.md` lists them.
fn keys(sheet: &Sheet, what: &str) -> Vec<String> {
    let reference = include_str!("../../references/outputs.md");
    let (_, section) = reference.split_once(&format!("\n## {}\n", sheet.name)).unwrap_or_else(|| panic!("{what}"));
    let section = section.split("\n## ").next().expect("a section");
    let rows = section.lines().filter_map(|line| line.strip_prefix("| `"));
    let pairs: Vec<(&str, &str)> = rows.filter_map(|row| row.split('|').next().zip(row.split('|').nth(1))).collect();
    let key = |title: &String| {
        let found = pairs.iter().find(|(_, known)| known.trim() == title);
        found.unwrap_or_else(|| panic!("{what}: no key of {title}")).0.trim_end_matches(['`', ' ']).to_owned()
    };
    sheet.columns.iter().map(key).collect()
}

/// Checks the CSV of what changed, a row per account; how many cells were compared.
pub fn check_difference(bytes: &[u8], all: &Value, what: &str) -> usize {
    let sheet = csv(bytes, "Difference");
    let mut rows: Vec<Value> = Vec::new();
    for mut customer in list(&all["customers"]) {
        customer["status"] = "stayed".into();
        for score in ["health", "churn"] {
            let signals: Vec<Value> = customer[score]["parts"]["signals"].as_array().cloned().unwrap_or_default();
            let mut points = serde_json::Map::new();
            for signal in signals {
                let sum = (number(&signal["coverage"]) * 100.0).round() + (number(&signal["data"]) * 100.0).round();
                points.insert(signal["metric"].as_str().expect("a path").to_owned(), json!(sum / 100.0));
            }
            customer[score]["points"] = points.into();
        }
        rows.push(customer);
    }
    for (name, end, churned, other) in
        [("arrived", "new", "returned", "arrived"), ("departed", "old", "churned", "departed")]
    {
        for mut single in list(&all[name]) {
            single["status"] = if single["churned"] == true { churned } else { other }.into();
            if end == "old" {
                single["arr_old"] = single["arr"].take();
            }
            for (score, value, band) in
                [("health", "overall_score", "classification"), ("churn", "risk_score", "risk_tier")]
            {
                single[score] = json!({ end: single[value], format!("band_{end}"): single[band] });
            }
            rows.push(single);
        }
    }
    assert_eq!(sheet.rows.len(), rows.len(), "{what}");
    let mut compared = 0;
    for (column, key) in sheet.columns.iter().enumerate().filter(|(_, key)| !key.ends_with(".reasons")) {
        for (row, record) in sheet.rows.iter().zip(&rows) {
            let value = match key.split_once(".points.") {
                // Signals that moved nothing are not in JSON, and without parts there are no points.
                Some((score, _)) if record[score]["parts"].is_null() => Value::Null,
                Some((score, metric)) => record[score]["points"].get(metric).cloned().unwrap_or(json!(0)),
                None => at(record, key).unwrap_or(Value::Null),
            };
            assert!(has(&row[column], &value), "{what}: {key} of {}: {:?}, JSON has {value}", row[0], row[column]);
            compared += 1;
        }
    }
    compared
}

/// Checks CSV and workbooks of every command.
pub fn check_all(portfolio: (&str, &str), records: &Value) {
    let accounts = accounts(records);
    for (command, name) in COMMANDS.into_iter().zip(["Health", "Churn", "Expansion", "Accounts"]) {
        let table = csv(&report(command, portfolio, "csv"), name);
        let what = format!("{} {command} csv", portfolio.0);
        let compared = hold(&table, &table.columns, &wanted(name, command, records, &accounts), &what);
        assert!(compared > 100, "{what}: only {compared} cells were compared");
        for sheet in sheets(&report(command, portfolio, "xlsx")) {
            let what = format!("{} {command} xlsx {}", portfolio.0, sheet.name);
            match sheet.name.as_str() {
                // What the model says is told by `csm config`.
                "Model" => {}
                "Summary" => {
                    let held = hold_summary(&sheet, records, &what);
                    assert!(held > 60, "{what}: only {held} figures were compared");
                }
                _ => {
                    let keys = keys(&sheet, &what);
                    hold(&sheet, &keys, &wanted(&sheet.name, command, records, &accounts), &what);
                }
            }
        }
    }
}
