//! The same portfolio in every format, whole and split over joined sources, gives the same results to the last digit.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value};

/// The path of a file for a test, in a folder of its own.
fn place(test: &str, name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("formats").join(test);
    fs::create_dir_all(&folder).expect("a folder");
    folder.join(name)
}

fn customers() -> Vec<Map<String, Value>> {
    let text = fs::read_to_string("tests/parity/portfolio.json").expect("the portfolio");
    let mut portfolio: Value = serde_json::from_str(&text).expect("JSON");
    let Value::Array(customers) = portfolio["customers"].take() else { panic!("a list") };
    customers.into_iter().map(|customer| customer.as_object().expect("an object").clone()).collect()
}

/// A customer as the cells of a row: dotted paths with their values.
fn flat(customer: &Map<String, Value>) -> Vec<(String, String)> {
    fn visit(path: &str, value: &Value, cells: &mut Vec<(String, String)>) {
        match value {
            Value::Null => {}
            Value::Object(inner) => {
                for (key, value) in inner {
                    visit(&format!("{path}.{key}"), value, cells);
                }
            }
            Value::Array(items) => {
                let items: Vec<&str> = items.iter().map(|item| item.as_str().expect("text")).collect();
                cells.push((path.to_owned(), items.join(";")));
            }
            Value::String(text) => cells.push((path.to_owned(), text.clone())),
            other => cells.push((path.to_owned(), other.to_string())),
        }
    }
    let mut cells = Vec::new();
    for (key, value) in customer {
        visit(key, value, &mut cells);
    }
    cells
}

/// A header and rows.
struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn of(customers: &[Map<String, Value>]) -> Self {
        let cells: Vec<Vec<(String, String)>> = customers.iter().map(flat).collect();
        let mut header: Vec<String> = Vec::new();
        for (path, _) in cells.iter().flatten() {
            if !header.contains(path) {
                header.push(path.clone());
            }
        }
        let value = |cells: &[(String, String)], path: &String| {
            cells.iter().find(|(known, _)| known == path).map_or_else(String::new, |(_, value)| value.clone())
        };
        let rows = cells.iter().map(|cells| header.iter().map(|path| value(cells, path)).collect()).collect();
        Self { header, rows }
    }

    /// The columns at these positions.
    fn part(&self, chosen: &[usize]) -> Self {
        let pick = |cells: &Vec<String>| chosen.iter().map(|position| cells[*position].clone()).collect();
        Self { header: pick(&self.header), rows: self.rows.iter().map(pick).collect() }
    }

    /// Three tables that have the id and every third of the other columns each.
    fn thirds(&self) -> [Self; 3] {
        let id = self.header.iter().position(|path| path == "customer_id").expect("an id");
        [0, 1, 2].map(|third| {
            let others = (0..self.header.len()).filter(|position| *position != id && position % 3 == third);
            self.part(&[id].into_iter().chain(others).collect::<Vec<_>>())
        })
    }

    fn text(&self, delimiter: u8) -> Vec<u8> {
        let mut out = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        out.write_record(&self.header).expect("memory");
        for row in &self.rows {
            out.write_record(row).expect("memory");
        }
        out.into_inner().expect("memory")
    }

    /// A workbook whose numbers, flags and dates are such.
    fn workbook(&self) -> Vec<u8> {
        let mut workbook = rust_xlsxwriter::Workbook::new();
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy-mm-dd");
        let sheet = workbook.add_worksheet();
        for (column, path) in (0..).zip(&self.header) {
            sheet.write_string(0, column, path).expect("a cell");
        }
        for (row, cells) in (1..).zip(&self.rows) {
            for ((column, path), cell) in (0..).zip(&self.header).zip(cells) {
                let is_text = matches!(path.as_str(), "customer_id" | "name");
                if cell.is_empty() {
                    continue;
                }
                if let (false, Ok(number)) = (is_text, cell.parse::<f64>()) {
                    sheet.write_number(row, column, number).expect("a cell");
                } else if let (false, Ok(flag)) = (is_text, cell.parse::<bool>()) {
                    sheet.write_boolean(row, column, flag).expect("a cell");
                } else if let Ok(day) = rust_xlsxwriter::ExcelDateTime::parse_from_str(cell) {
                    sheet.write_datetime_with_format(row, column, &day, &date).expect("a cell");
                } else {
                    sheet.write_string(row, column, cell).expect("a cell");
                }
            }
        }
        workbook.save_to_buffer().expect("memory")
    }
}

/// What a command says of files, but for where they stand.
fn results(command: &str, files: &[PathBuf]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_csm"))
        .arg(command)
        .args(files)
        .args(["--as-of", "2026-06-30", "--format", "json", "--detail", "--quiet"])
        .env_remove("CSM_CONFIG")
        .env("XDG_CONFIG_HOME", "/nowhere")
        .output()
        .expect("csm runs");
    assert!(output.status.success(), "{command} {files:?}: {}", String::from_utf8_lossy(&output.stderr));
    let mut results: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    results["provenance"]["input"].take();
    results["data_quality"].take();
    if command == "expand" {
        // Modules stand in the order of the columns of a table, plays of equal priority with them.
        for (key, value) in results.as_object_mut().expect("an object") {
            match value {
                Value::Array(customers) if key == "customers" => customers.iter_mut().for_each(sort_lists),
                value => sort_lists(value),
            }
        }
    }
    results
}

fn sort_lists(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(sort_lists);
            items.sort_by_key(ToString::to_string);
        }
        Value::Object(fields) => fields.values_mut().for_each(sort_lists),
        _ => {}
    }
}

/// Checks that files give what the portfolio gives.
fn check(test: &str, files: &[(&str, Vec<u8>)]) {
    let files: Vec<PathBuf> = files
        .iter()
        .map(|(name, bytes)| {
            let path = place(test, name);
            fs::write(&path, bytes).expect("a file");
            path
        })
        .collect();
    for command in ["health", "churn", "expand"] {
        let expected = results(command, &[PathBuf::from("tests/parity/portfolio.json")]);
        assert!(expected["customers"].as_array().is_some_and(|customers| customers.len() == 240));
        assert!(results(command, &files) == expected, "{command} {files:?}");
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    out.write_all(bytes).expect("memory");
    out.finish().expect("memory")
}

#[test]
fn text_tables() {
    let table = Table::of(&customers());
    check("comma", &[("p.csv", table.text(b','))]);
    check("semicolon", &[("p.csv", table.text(b';'))]);
    check("tab", &[("p.tsv", table.text(b'\t'))]);
}

#[test]
fn packed_and_encoded_tables() {
    let text = Table::of(&customers()).text(b',');
    let wide = |bytes: fn(u16) -> [u8; 2]| {
        let text = String::from_utf8(text.clone()).expect("UTF-8");
        "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(bytes).collect::<Vec<u8>>()
    };
    check("gzip", &[("p.csv.gz", gzip(&text))]);
    check(
        "zstd",
        &[("p.csv.zst", ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Fastest))],
    );
    check("utf16", &[("p.csv", wide(u16::to_le_bytes))]);
    check("utf16be", &[("p.csv", wide(u16::to_be_bytes))]);
    check("mark", &[("p.csv", [b"\xef\xbb\xbf", text.as_slice()].concat())]);
}

#[test]
fn json_forms() {
    let customers = customers();
    let lines: Vec<String> = customers.iter().map(|customer| serde_json::to_string(customer).expect("JSON")).collect();
    check("list", &[("p.json", serde_json::to_vec_pretty(&customers).expect("JSON"))]);
    check("lines", &[("p.ndjson", lines.join("\n").into_bytes())]);
    check("lines-gzip", &[("p.ndjson.gz", gzip(lines.join("\n").as_bytes()))]);
}

#[test]
fn workbooks() {
    let table = Table::of(&customers());
    check("xlsx", &[("p.xlsx", table.workbook())]);
    let [one, two, three] = table.thirds().map(|table| table.workbook());
    check("xlsx-joined", &[("1.xlsx", one), ("2.xlsx", two), ("3.xlsx", three)]);
}

#[test]
fn three_joined_sources() {
    let table = Table::of(&customers());
    let [one, two, three] = table.thirds();
    check("csv-joined", &[("1.csv", one.text(b',')), ("2.csv", two.text(b',')), ("3.csv", three.text(b','))]);
    check("tsv-joined", &[("1.tsv", one.text(b'\t')), ("2.tsv", two.text(b'\t')), ("3.tsv", three.text(b'\t'))]);
    check("mixed", &[("1.csv", one.text(b';')), ("2.xlsx", two.workbook()), ("3.tsv.gz", gzip(&three.text(b'\t')))]);

    // Blocks of the JSON, split over three sources in other orders of the customers.
    let customers = customers();
    let part = |third: usize| -> Vec<Map<String, Value>> {
        let blocks = |customer: &Map<String, Value>| {
            let keep =
                |(position, (key, _)): &(usize, (&String, &Value))| *key == "customer_id" || position % 3 == third;
            let pairs = customer.iter().enumerate().filter(keep);
            pairs.map(|(_, (key, value))| (key.clone(), value.clone())).collect()
        };
        customers.iter().map(blocks).collect()
    };
    let lines = |customers: Vec<Map<String, Value>>| -> Vec<u8> {
        let lines = customers.iter().rev().map(|customer| serde_json::to_string(customer).expect("JSON"));
        lines.collect::<Vec<_>>().join("\n").into_bytes()
    };
    check(
        "json-joined",
        &[
            ("1.json", serde_json::to_vec(&part(0)).expect("JSON")),
            ("2.ndjson", lines(part(1))),
            (
                "3.json",
                serde_json::to_vec(&Value::from_iter([("customers", serde_json::json!(part(2)))])).expect("JSON"),
            ),
        ],
    );
    check(
        "lines-joined",
        &[
            ("1.ndjson", lines(part(0)).split(|byte| *byte == b'\n').rev().collect::<Vec<_>>().join(&b'\n')),
            ("2.ndjson", lines(part(1))),
            ("3.ndjson", lines(part(2))),
        ],
    );
}
