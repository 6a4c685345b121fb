//! Portfolios: samples, and each kind of value as the program takes it.

use csm::account::{Derived, Field, Part, PartKind, REVIEW, Schema};
use csm::config::{self, Layer, ModelFile, Models, SourceFile};
use csm::engine::Slot;
use csm::intake::{
    self, Dating, MAX_ERRORS, MOST_REVIEW_CHARACTERS, MOST_REVIEW_ENTRIES, Needs, Options, Reading, Source,
};
use serde_json::{Value, json};

use super::{assert_valid, json, read, schema};

fn shipped() -> Models {
    config::load(Vec::new()).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn samples_are_valid() {
    let custom = schema(&["input", "--config", "examples/custom-model/model"]);
    let shipped = schema(&["input"]);
    for path in [
        "assets/sample_customer_data.json",
        "tests/parity/portfolio.json",
        "tests/cli/init.in/portfolio.json",
        "examples/custom-model/portfolio.json",
    ] {
        let portfolio = json(&read(path));
        for schema in [&shipped, &custom] {
            assert_valid(schema, &portfolio, path);
            assert_valid(schema, &portfolio["customers"], path);
        }
    }
    // Only the model that has the metric looks at it.
    let wrong = json!({ "customers": [{ "value": { "outcomes_reached": "many" } }] });
    assert!(!custom.is_valid(&wrong) && shipped.is_valid(&wrong));
}

/// What the program says of a portfolio.
fn reading(models: &Models, portfolio: &str) -> Reading {
    let slots = (0..).map(Slot).take(models.schema.metrics().len()).collect();
    let needs = Needs { slots, footprint: true, review: true, dating: Dating::Read, ..Needs::default() };
    let as_of = "2026-06-30".parse().expect("a date");
    let options = Options::new(&models.schema, &models.segments, &needs, as_of);
    let source = Source::new("portfolio.json", portfolio.as_bytes());
    intake::read(vec![source], &options, &mut |_| {}).expect("text can be read")
}

/// Every path that is read, and every block of them.
fn paths(schema: &Schema) -> Vec<String> {
    let fields = Field::ALL.into_iter().map(|field| field.path().to_owned());
    let metrics = schema.metrics().iter().filter(|metric| metric.derived.is_none()).map(|metric| metric.path.clone());
    let modules = ["core_platform", "own", "v1/0"].into_iter().flat_map(|name| {
        [
            format!("product_usage.{name}.adopted"),
            format!("product_usage.{name}.usage_pct"),
            format!("product_usage.{name}"),
        ]
    });
    let dates = schema.metrics().iter().filter_map(|metric| match metric.derived {
        Some(Derived::Age(of)) => Some(&schema.metric(of).path),
        _ => None,
    });
    let dates = dates.flat_map(|path| {
        let block = path.rsplit_once('.').expect("a block").0;
        [format!("{path}_as_of"), format!("{block}.as_of")]
    });
    let parts = Part::all().flat_map(|part| {
        let path = part.path().to_owned();
        let PartKind::List(list) = part.kind() else { return vec![path] };
        let keys = list.keys().into_iter().map(|key| format!("{path}[].{}", key.name)).collect::<Vec<_>>();
        [path.clone(), format!("{path}[]")].into_iter().chain(keys).collect()
    });
    let day = ["snapshot_date".to_owned()];
    let mut paths: Vec<String> = fields.chain(metrics).chain(modules).chain(dates).chain(parts).chain(day).collect();
    let blocks = paths.iter().filter_map(|path| Some(path.split_once('.')?.0.to_owned()));
    paths.extend(blocks.collect::<std::collections::BTreeSet<_>>());
    paths
}

/// A customer of which only this is known; entries of lists have a title too.
fn customer(path: &str, value: &Value) -> Value {
    if let Some((list, key)) = path.split_once("[].") {
        let Some(PartKind::List(kind)) = Part::at(list).map(Part::kind) else { panic!("no list {list}") };
        let entry = json!({ (kind.keys()[0].name): "x", (key): value });
        return customer(&format!("{list}[]"), &entry);
    }
    path.rsplit('.').fold(value.clone(), |inner, key| match key.strip_suffix("[]") {
        None => json!({ key: inner }),
        Some(key) => json!({ key: [inner] }),
    })
}

#[test]
fn the_schema_refuses_what_the_program_calls_an_error() {
    let dated = "tests/cli/stale.in/handed_on";
    let text = |file: ModelFile| SourceFile {
        file,
        path: file.file_name().to_owned(),
        text: read(format!("{dated}/{}", file.file_name())),
    };
    let overlay = Layer { files: vec![text(ModelFile::Health), text(ModelFile::Churn)] };
    let models = config::load(vec![overlay]).unwrap_or_else(|error| panic!("{error}"));
    let schema = schema(&["input", "--config", dated]);
    let values = [
        json!(null),
        json!(true),
        json!(false),
        json!(0),
        json!(1),
        json!(2),
        json!(-1),
        json!(0.5),
        json!(-0.5),
        json!(1.0),
        json!(1_000_000),
        json!(1e15),
        json!(1.1e15),
        json!(""),
        json!(" "),
        json!("x"),
        json!("85"),
        json!(" 85 "),
        json!("-3"),
        json!("-0"),
        json!("+5"),
        json!("1e3"),
        json!("1e-3"),
        json!("-1e-3"),
        json!(".5"),
        json!("5."),
        json!("."),
        json!("12k"),
        json!("1,5"),
        json!("0x10"),
        json!("NaN"),
        json!("yes"),
        json!("NO"),
        json!("True"),
        json!("false"),
        json!("1"),
        json!("0"),
        json!("on"),
        json!("1.0"),
        json!("enterprise"),
        json!("POSITIVE"),
        json!("Live"),
        json!("stable"),
        json!("annual"),
        json!("2026-12-31"),
        json!("2026-12-31T10:00:00Z"),
        json!("2026-12-31 24:00"),
        json!("2026-12-31T10:00:00.123+02:00"),
        json!("2026-12-31T10:00-0530"),
        json!("2026-12-31T25:00"),
        json!("2026-13-01"),
        json!("2026-1-1"),
        json!("31.12.2026"),
        json!("2026-12-31x"),
        json!("2026-00-10"),
        json!("2026-12-00"),
        json!("2026-12-32"),
        json!(" 2026-12-31"),
        json!([]),
        json!(["a"]),
        json!(["a", null]),
        json!([1]),
        json!([[]]),
        json!([{}]),
        json!({}),
        json!({ "a": 1 }),
    ];
    let (mut refused, mut accepted) = (0, 0);
    for path in paths(&models.schema) {
        // Records must agree on a currency, so each stands alone; of the others, all errors of some records are told.
        for values in values.chunks(if path == "currency" { 1 } else { MAX_ERRORS }) {
            let records: Vec<Value> = values.iter().map(|value| customer(&path, value)).collect();
            let reading = reading(&models, &json!({ "customers": records }).to_string());
            for ((at, record), value) in (1..).zip(&records).zip(values) {
                let is_read = !reading.problems.errors().iter().any(|error| error.record == Some(at));
                let is_valid = schema.is_valid(&json!({ "customers": [record] }));
                assert_eq!(is_valid, is_read, "{path}: {value}");
                *(if is_read { &mut accepted } else { &mut refused }) += 1;
            }
        }
    }
    assert!(refused > 1000 && accepted > 1000, "{accepted} values are read, {refused} are not");
}

#[test]
fn the_file_around_the_customers_is_as_the_program_wants_it() {
    let models = shipped();
    let schema = schema(&["input"]);
    for portfolio in [
        json!({}),
        json!({ "customers": [] }),
        json!({ "customers": null }),
        json!({ "customers": {} }),
        json!({ "customers": "x" }),
        json!({ "customers": [1] }),
        json!({ "customers": [null] }),
        json!({ "customers": [{}] }),
        json!({ "customers": [{}], "currency": "EUR" }),
        json!({ "customers": [{}], "currency": null }),
        json!({ "customers": [{}], "currency": 3 }),
        json!({ "snapshot_date": null, "customers": [{}] }),
        json!({ "snapshot_date": "June", "customers": [{}] }),
        json!({ "snapshot_date": 3, "customers": [{}] }),
        json!({ "customers": [{}], "made_by": { "tool": 1 } }),
        json!({ "customers": [{ "further": [1], "usage": { "further": {} } }] }),
        json!([]),
        json!([{}]),
        json!([1]),
        json!(3),
    ] {
        let is_read = reading(&models, &portfolio.to_string()).problems.errors().is_empty();
        assert_eq!(schema.is_valid(&portfolio), is_read, "{portfolio}");
    }
}

#[test]
fn notes_for_reviews_are_as_the_program_wants_them() {
    let models = shipped();
    let schema = schema(&["input"]);
    let text = |length: usize| Value::from("é".repeat(length));
    for (review, valid) in [
        (json!({}), true),
        (json!(null), true),
        (json!(3), false),
        (json!([]), false),
        (json!({ "further": [1], "goals": [{ "title": "a", "further": {} }] }), true),
        (json!({ "goals": [{ "title": "a" }, { "due": "2026-12-31" }] }), false),
        (json!({ "goals": [{ "title": " " }] }), false),
        (json!({ "goals": ["a", 3, true, null, "", { "title": 3, "due": null, "owner": false }] }), true),
        (json!({ "goals": vec!["a"; MOST_REVIEW_ENTRIES] }), true),
        (json!({ "goals": vec!["a"; MOST_REVIEW_ENTRIES + 1] }), false),
        (json!({ "summary": text(MOST_REVIEW_CHARACTERS) }), true),
        (json!({ "summary": text(MOST_REVIEW_CHARACTERS + 1) }), false),
        (json!({ "goals": [{ "title": text(MOST_REVIEW_CHARACTERS) }] }), true),
        (json!({ "goals": [{ "title": text(MOST_REVIEW_CHARACTERS + 1) }] }), false),
        (json!({ "internal_notes": text(MOST_REVIEW_CHARACTERS + 1) }), false),
    ] {
        let portfolio = json!({ "customers": [{ (REVIEW): review }] });
        let is_read = reading(&models, &portfolio.to_string()).problems.errors().is_empty();
        assert_eq!((is_read, schema.is_valid(&portfolio)), (valid, valid), "{:.200}", portfolio.to_string());
    }
}
