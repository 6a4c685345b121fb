//! The forms in which customers stand in a text.

use std::io::{self, Read};

use super::super::locate::{Keys, keys_until};
use super::{Pieces, read_all, read_as, schema};

const RECORDS: [&str; 3] = [
    r#"{"customer_id": "a", "arr": 5, "usage": {"login_frequency": 40}}"#,
    r#"{"customer_id": "b", "customers": 1, "usage": {"login_frequency": 50}}"#,
    r#"{"name": "no id"}"#,
];

#[test]
fn all_forms_give_the_same_accounts() {
    let object = format!("{{\"customers\": [{}]}}", RECORDS.join(","));
    let expected = read_all(&object).accounts;
    assert_eq!(expected.len(), 3);
    for text in [
        format!("[{}]", RECORDS.join(",\n")),
        RECORDS.join("\n"),
        format!("\u{feff}\n{}\r\n\r\n", RECORDS.join("\r\n")),
        // Values one behind the other, whatever is between them.
        RECORDS.join(" "),
        RECORDS.concat(),
    ] {
        let outcome = read_all(&text);
        assert_eq!((outcome.errors().as_slice(), &outcome.accounts), (&[] as &[String], &expected), "{text}");
        for size in [1, 2, 3, 7, 64] {
            let pieces = Pieces { bytes: text.as_bytes(), size, interrupt: false };
            assert_eq!(read_as(&schema(), true, pieces, size).accounts, expected, "{size}: {text}");
        }
    }
}

#[test]
fn one_customer_alone_is_a_line() {
    assert_eq!(read_all(RECORDS[0]).accounts.len(), 1);
}

#[test]
fn a_line_that_is_no_json_is_left_out_and_the_others_are_read() {
    let text = "{\"customer_id\": \"a\"}\n{\"customer_id\": \"b\", \n{\"customer_id\": \"c\"}\n5\n{\"arr\": tru}\n\n{\"customer_id\": \"d\"}\n{\"custo";
    let outcome = read_all(text);
    assert_eq!(
        outcome.errors(),
        [
            "p.json:3:1: record 2 (b): found \"{\", not JSON: key must be a string",
            "p.json:4:1: record 4: found 5, expected an object",
            "p.json:5:12: record 5: found \"}\", not JSON: expected ident",
            "p.json:8:8: record 7: found the end of the input, expected more: it is cut off",
        ]
    );
    assert!(!outcome.reading.problems.unusable());
    assert_eq!((outcome.reading.records, outcome.reading.invalid), (7, 4));
    let ids: Vec<&str> = outcome.accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["a", "c", "d"]);
    assert_eq!(outcome.rejects, "{\"customer_id\": \"b\", \n5\n{\"arr\": tru}\n{\"custo\n");
}

#[test]
fn records_of_a_list_that_are_left_out_stand_in_a_list() {
    let outcome = read_all(r#"[{"customer_id":"a"}, {"customer_id":"b", "arr":"x" }, 5]"#);
    assert_eq!(outcome.rejects, "[\n{\"customer_id\":\"b\", \"arr\":\"x\" },\n5\n]\n");
    assert_eq!(read_all(&outcome.rejects).rejects, outcome.rejects);
}

#[test]
fn keys_tell_a_portfolio_from_a_customer() {
    for (text, keys) in [
        (r#"{"customers""#, Keys::Cut),
        (r#"{"customers":"#, Keys::Found),
        (r#"{"a": {"customers": 1}, "b": [1, "}"], "customers" :"#, Keys::Found),
        (r#"{"a": {"customers": 1}} x"#, Keys::Ended(23)),
        (r#"{"a": 1"#, Keys::Cut),
        (r#"{"a": "x"#, Keys::Cut),
        (r#"{"a" 1}"#, Keys::Ended(5)),
        ("{}", Keys::Ended(2)),
        ("{,,}", Keys::Ended(4)),
        ("{x}", Keys::Ended(1)),
        (r#"{"a":}"#, Keys::Cut),
        ("[", Keys::Ended(0)),
    ] {
        assert_eq!(keys_until(text.as_bytes(), "customers"), keys, "{text}");
    }
}

#[test]
fn rejects_keep_the_currency_of_the_file() {
    for (input, rejects) in [
        (
            r#"{"currency": "EUR", "customers": [{"customer_id":"a","arr":"x"},5]}"#,
            "{\"currency\": \"EUR\", \"customers\": [\n{\"customer_id\":\"a\",\"arr\":\"x\"},\n5\n]}\n",
        ),
        (r#"{"customers": [5], "currency": "EUR"}"#, "{\"customers\": [\n5\n], \"currency\": \"EUR\"}\n"),
        (r#"{"customers": [{}], "currency": "EUR"}"#, "{\"currency\": \"EUR\", \"customers\": [\n]}\n"),
        (r#"{"customers": [5]}"#, "{\"customers\": [\n5\n]}\n"),
    ] {
        assert_eq!(read_all(input).rejects, rejects, "{input}");
    }
}

/// Counts how often it is read.
struct Counted<'c> {
    bytes: &'c [u8],
    reads: &'c mut usize,
}

impl Read for Counted<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        *self.reads += 1;
        self.bytes.read(out)
    }
}

#[test]
fn lines_that_are_no_json_are_passed_over_without_reading_on() {
    let input = format!("{}\n{}", RECORDS[0], "{]\n".repeat(1 << 13));
    let mut reads = 0;
    let outcome = read_as(&schema(), true, Counted { bytes: input.as_bytes(), reads: &mut reads }, 1 << 12);
    assert_eq!((outcome.reading.records, outcome.reading.invalid), ((1 << 13) + 1, 1 << 13));
    assert!(reads < 20, "{reads} reads");
}
