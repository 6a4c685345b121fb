//! Review notes: the same from every format, and as the reference page says.

use std::collections::BTreeMap;
use std::fs;

use csm::account::{Account, EntryKind, Part, PartKind, Review};
use csm::config;
use csm::intake::{self, Needs, Options, Problem, Reading, Source};
use serde_json::{Value, json};

/// What reading gives where notes and two attributes are asked for.
fn read(sources: &[(&str, Vec<u8>)]) -> (Vec<Account>, Reading) {
    let models = config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"));
    let attributes = ["region", "company.size"].map(str::to_owned).to_vec();
    let needs = Needs { attributes, review: true, ..Needs::default() };
    let options = Options::new(&models.schema, &models.segments, &needs, "2026-06-30".parse().expect("a date"));
    let sources = sources.iter().map(|(name, bytes)| Source::new(name, bytes.as_slice())).collect();
    let mut accounts = Vec::new();
    let reading = intake::read(sources, &options, &mut |account| accounts.push(account.clone())).expect("memory");
    (accounts, reading)
}

fn reference() -> String {
    fs::read_to_string("references/review-notes.md").expect("the reference page")
}

/// Two customers whose notes a table can hold: of lists, the titles.
fn customers() -> [Value; 2] {
    let mut block = BTreeMap::new();
    for part in Part::all() {
        let value = match part.kind() {
            PartKind::Text(_) => json!(format!("The {}, \"quoted\" & so on", part.name())),
            PartKind::Date(_) => json!("2026-07-14"),
            PartKind::List(_) => json!([format!("{} one", part.name()), "=two", 3]),
        };
        block.insert(part.name(), value);
    }
    [
        json!({ "customer_id": "a", "region": "EMEA", "company": { "size": 250 }, "qbr": block }),
        json!({ "customer_id": "b", "qbr": { "summary": 12, "risks": "only one" } }),
    ]
}

/// The customers as a header and rows.
fn rows(customers: &[Value]) -> Vec<Vec<String>> {
    let plain = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let cell = |value: &Value| match value {
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join("; "),
        other => plain(other),
    };
    let fields = ["/customer_id", "/region", "/company/size"].map(str::to_owned);
    let parts = Part::all().map(|part| format!("/qbr/{}", part.name()));
    let pointers: Vec<String> = fields.into_iter().chain(parts).collect();
    let header = pointers.iter().map(|pointer| pointer[1..].replace('/', ".")).collect();
    let of = |customer: &Value| pointers.iter().map(|at| customer.pointer(at).map_or_else(String::new, cell)).collect();
    [header].into_iter().chain(customers.iter().map(of)).collect()
}

fn csv(rows: &[Vec<String>]) -> Vec<u8> {
    let mut out = csv::Writer::from_writer(Vec::new());
    for row in rows {
        out.write_record(row).expect("memory");
    }
    out.into_inner().expect("memory")
}

/// A workbook in which dates and numbers are such.
fn workbook(rows: &[Vec<String>]) -> Vec<u8> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
    let sheet = workbook.add_worksheet();
    for (row, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            if let Ok(number) = cell.parse::<f64>() {
                sheet.write_number(row, column, number).expect("a cell");
            } else if let Ok(day) = rust_xlsxwriter::ExcelDateTime::parse_from_str(cell) {
                sheet.write_datetime_with_format(row, column, &day, &date).expect("a cell");
            } else {
                sheet.write_string(row, column, cell).expect("a cell");
            }
        }
    }
    workbook.save_to_buffer().expect("memory")
}

#[test]
fn every_format_gives_the_same() {
    let customers = customers();
    let whole = json!({ "customers": customers }).to_string().into_bytes();
    let lines = format!("{}\n{}\n", customers[0], customers[1]).into_bytes();
    let rows = rows(&customers);
    let (expected, reading) = read(&[("p.json", whole)]);
    assert_eq!(
        (reading.problems.errors(), reading.problems.warnings(), reading.unknown_attributes),
        (&[][..], &[][..], vec![])
    );
    let review = expected[0].review.as_deref().expect("notes");
    for part in Part::all() {
        let mut empty = Review::default();
        part.fill(&mut empty, &mut review.clone());
        assert_ne!(empty, Review::default(), "{part:?} is filled");
    }
    assert_eq!(expected[0].attributes.iter().collect::<Vec<_>>(), ["EMEA", "250"]);
    assert_eq!(review.goals[2].title, "3");
    for (name, bytes) in [("p.ndjson", lines), ("p.csv", csv(&rows)), ("p.xlsx", workbook(&rows))] {
        let (accounts, reading) = read(&[(name, bytes)]);
        assert_eq!(reading.problems.errors(), [] as [Problem; 0], "{name}");
        assert_eq!(accounts, expected, "{name}");
    }
}

#[test]
fn notes_of_a_file_of_their_own_are_joined() {
    let customers = customers();
    let crm = b"customer_id,region,company.size\na,EMEA,250\nb,,\n".to_vec();
    let notes: Vec<Value> =
        customers.iter().map(|one| json!({ "customer_id": one["customer_id"], "qbr": one["qbr"] })).collect();
    let (accounts, reading) = read(&[("crm.csv", crm), ("notes.json", json!(notes).to_string().into_bytes())]);
    let (expected, _) = read(&[("p.json", json!(customers).to_string().into_bytes())]);
    assert_eq!((reading.problems.errors(), reading.problems.warnings()), (&[][..], &[][..]));
    assert_eq!(accounts, expected);
}

#[test]
fn two_accounts_of_the_sample_have_notes_without_a_mistake() {
    let sample = fs::read("assets/sample_customer_data.json").expect("the sample");
    let (accounts, reading) = read(&[("sample.json", sample)]);
    assert_eq!((reading.problems.errors(), reading.problems.warnings()), (&[][..], &[][..]));
    let with_notes: Vec<&str> =
        accounts.iter().filter(|account| account.review.is_some()).map(|account| account.id.as_str()).collect();
    assert_eq!(with_notes, ["CUST-1001", "CUST-1003"]);
    // Nothing of the rich one is left out.
    let mut review = accounts[0].review.as_deref().expect("notes").clone();
    for part in Part::all() {
        let mut empty = Review::default();
        part.fill(&mut empty, &mut review);
        assert_ne!(empty, Review::default(), "{part:?}");
    }
}

#[test]
fn the_example_of_the_reference_page_is_read() {
    let page = reference();
    let example = page.split("```json\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let (accounts, reading) = read(&[("p.json", example.as_bytes().to_vec())]);
    assert_eq!((reading.problems.errors(), reading.problems.warnings()), (&[][..], &[][..]));
    assert_eq!(accounts[0].review.as_ref().map(|review| review.attendees.len()), Some(2));
}

#[test]
fn the_tables_of_the_reference_page_list_every_part_and_key() {
    let page = reference();
    let rows: Vec<(String, String)> = page
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.strip_suffix(" |")?.split_once("` | "))
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .collect();
    let kind = |part: Part| match part.kind() {
        PartKind::Text(_) => "text: ",
        PartKind::Date(_) => "date: ",
        PartKind::List(_) => "list: ",
    };
    let (parts, lists) = rows.split_at(Part::all().count());
    for (part, (name, text)) in Part::all().zip(parts) {
        assert_eq!(part.name(), name);
        assert!(text.starts_with(kind(part)), "{name}: {text}");
    }
    let mut expected = Vec::new();
    for part in Part::all() {
        let PartKind::List(list) = part.kind() else { continue };
        let keys: Vec<String> = list.keys().iter().map(|key| format!("`{}`", key.name)).collect();
        let dates = list.keys().into_iter().filter(|key| key.kind == EntryKind::Date);
        assert!(dates.into_iter().all(|key| matches!(key.name, "due" | "date")), "{part:?}");
        let keys = if keys.is_empty() { "text alone".to_owned() } else { keys.join(", ") };
        expected.push((part.name().to_owned(), keys));
    }
    assert_eq!(lists, expected);
    assert!(page.contains("A text may have 10,000 characters, a list 200 entries."));
    assert_eq!((intake::MOST_REVIEW_CHARACTERS, intake::MOST_REVIEW_ENTRIES), (10_000, 200));
}
