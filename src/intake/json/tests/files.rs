//! What makes an input unusable as a whole.

use super::super::portfolio::EXPECTED;
use super::read_all;

/// Checks the errors of an input that is unusable.
fn check(input: impl AsRef<[u8]>, errors: &[&str]) {
    let outcome = read_all(&input);
    let shown = String::from_utf8_lossy(input.as_ref()).into_owned();
    assert_eq!(outcome.errors(), errors, "{shown}");
    assert!(outcome.reading.problems.unusable(), "{shown}");
}

#[test]
fn the_top_level_is_an_object_with_customers() {
    let expected = EXPECTED;
    for (input, error) in [
        ("", format!("1:1: found nothing, {expected}")),
        (" \n\n ", format!("3:2: found nothing, {expected}")),
        ("\u{feff}", format!("1:1: found nothing, {expected}")),
        ("{}", format!("1:1: found an object without that list, {expected}")),
        ("\n {\"Customers\": []}", format!("2:2: found an object without that list, {expected}")),
        ("[ ]", "1:1: found an empty list, expected at least one customer".to_owned()),
        (" 12 ", format!("1:2: found 12, {expected}")),
        ("\"x\"", format!("1:1: found \"x\", {expected}")),
        ("null", format!("1:1: found null, {expected}")),
        ("{\"customers\": null}", "1:15: customers: found null, expected a list of customers".to_owned()),
        ("{\"customers\": {\"a\": 1}}", "1:15: customers: found an object, expected a list of customers".to_owned()),
        ("{\"customers\": \"a\"}", "1:15: customers: found \"a\", expected a list of customers".to_owned()),
        ("{\"customers\": [ ]}", "1:15: customers: found an empty list, expected at least one customer".to_owned()),
    ] {
        check(input, &[&format!("p.json:{error}")]);
    }
    check(
        "{\"customers\": [1], \"customers\": [2]}",
        &[
            "p.json:1:16: record 1: found 1, expected an object",
            "p.json:1:20: customers: found a second value, expected each key once",
        ],
    );
}

#[test]
fn other_formats_are_named() {
    let utf16 = |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    for (input, found) in [
        (utf16("\u{feff}{}", u16::to_le_bytes), "UTF-16 text, little-endian"),
        (utf16("\u{feff}{}", u16::to_be_bytes), "UTF-16 text, big-endian"),
        (utf16("{}", u16::to_le_bytes), "UTF-16 text, little-endian"),
        (utf16("{}", u16::to_be_bytes), "UTF-16 text, big-endian"),
        (b"\xff\xfe\0\0{\0\0\0".to_vec(), "UTF-32 text, little-endian"),
        (b"\0\0\xfe\xff\0\0\0{".to_vec(), "UTF-32 text, big-endian"),
        (b"{\0\0\0".to_vec(), "UTF-32 text, little-endian"),
        (b"\x1f\x8b\x08\0".to_vec(), "gzip data"),
        (b"\x28\xb5\x2f\xfd\x00".to_vec(), "zstd data"),
        (b"PK\x03\x04abc".to_vec(), "a zip archive, such as an XLSX file"),
    ] {
        check(input, &[&format!("p.json:1:1: found {found}, expected JSON in UTF-8")]);
    }
}

#[test]
fn a_byte_order_mark_is_no_column() {
    let outcome = read_all("\u{feff}{\"customers\": [{\"customer_id\": 1, \"arr\": -1}]}");
    assert_eq!(outcome.errors(), ["p.json:1:42: record 1 (1): arr: found -1, expected a number of at least 0"]);
}

#[test]
fn what_is_no_json_ends_the_reading() {
    for (input, error, excerpt) in [
        ("x", "1:1: found \"x\", not JSON: expected value", "x\n^"),
        ("customer_id,arr\nC-1,5", "1:1: found \"c\", not JSON: expected value", "customer_id,arr\n^"),
        ("{customers: []}", "1:2: found \"c\", not JSON: expected a key or `}`", "{customers: []}\n ^"),
        ("{\"customers\" []}", "1:14: found \"[\", not JSON: expected `:`", "{\"customers\" []}\n             ^"),
        ("{\"a\": 1,}", "1:9: found \"}\", not JSON: expected a key", "{\"a\": 1,}\n        ^"),
        ("{\"a\": 1 \"b\": 2}", "1:9: found \"\\\"\", not JSON: expected `,` or `}`", "{\"a\": 1 \"b\": 2}\n        ^"),
        ("{\"a\": [1,, 2]}", "1:10: found \",\", not JSON: expected value", "{\"a\": [1,, 2]}\n         ^"),
        (
            "{\"customers\": [{}",
            "1:18: found the end of the input, expected more: it is cut off",
            "{\"customers\": [{}\n                 ^",
        ),
        ("{\"customers\": [\n{}\n", "3:1: found the end of the input, expected more: it is cut off", "\n^"),
        (
            "{\"customers\":",
            "1:14: found the end of the input, expected more: it is cut off",
            "{\"customers\":\n             ^",
        ),
        ("{", "1:2: found the end of the input, expected more: it is cut off", "{\n ^"),
        (
            "{\"customers\": [{} {}]}",
            "1:19: found \"{\", not JSON: expected `,` or `]`",
            "{\"customers\": [{} {}]}\n                  ^",
        ),
    ] {
        let outcome = read_all(input);
        assert_eq!(outcome.errors().last().map(String::as_str), Some(format!("p.json:{error}").as_str()), "{input}");
        let shown = outcome.reading.problems.errors().last().and_then(|problem| problem.excerpt.clone());
        assert_eq!(shown.map(|excerpt| excerpt.to_string()).as_deref(), Some(excerpt), "{input}");
        assert!(outcome.reading.problems.unusable(), "{input}");
    }
}

#[test]
fn what_is_no_json_within_a_record_ends_the_reading_too() {
    for (rest, error) in [
        ("\"arr\": }", "2:27: record 1 (a): found \"}\", not JSON: expected value"),
        ("\"arr\": 1,}", "2:29: record 1 (a): found \"}\", not JSON: trailing comma"),
        ("\"arr\": 01}", "2:28: record 1 (a): found \"1\", not JSON: invalid number"),
        ("\"arr\": NaN}", "2:27: record 1 (a): found \"N\", not JSON: expected value"),
        (
            "\"x\": \"a\nb\"}",
            "2:26: record 1 (a): found \"a\", not JSON: control character (\\u0000-\\u001F) found while parsing a string",
        ),
        ("\"x\": \"\\q\"}", "2:27: record 1 (a): found \"q\", not JSON: invalid escape"),
        ("\"x\": tru}", "2:28: record 1 (a): found \"}\", not JSON: expected ident"),
        ("x: 1}", "2:20: record 1 (a): found \"x\", not JSON: key must be a string"),
        ("\"arr\": 1", "2:28: record 1 (a): found the end of the input, expected more: it is cut off"),
        ("\"arr\": -", "2:28: record 1 (a): found the end of the input, expected more: it is cut off"),
        ("\"x\": \"\\u12", "2:30: record 1 (a): found the end of the input, expected more: it is cut off"),
    ] {
        check(
            format!("{{\"customers\": [\n{{\"customer_id\":1, {rest}").replace(":1, ", ":\"a\","),
            &[&format!("p.json:{error}")],
        );
    }
    check(
        "{\"customers\": [{\"customer_id\":1,\"arr\":-1,\"usage\":{]}]}",
        &[
            "p.json:1:39: record 1 (1): arr: found -1, expected a number of at least 0",
            "p.json:1:51: record 1 (1): found \"]\", not JSON: key must be a string",
        ],
    );
}

#[test]
fn nothing_follows_the_object() {
    check(
        "{\"customers\": [{\"customer_id\":1}]} x",
        &["p.json:1:36: found \"x\", not JSON: expected the end of the input behind the object"],
    );
    check(
        "[{\"customer_id\":1}] x",
        &["p.json:1:21: found \"x\", not JSON: expected the end of the input behind the list"],
    );
}

#[test]
fn long_lines_are_shown_around_the_place() {
    let long = format!("{{\"a\": \"{}\", \"b\": \u{1b}?, \"c\": \"{}\"}}", "é".repeat(500), "x".repeat(500));
    let outcome = read_all(&long);
    let problem = &outcome.reading.problems.errors()[0];
    assert_eq!(problem.to_string(), "p.json:1:1016: found \"\\u{1b}\", not JSON: expected value");
    let excerpt = problem.excerpt.as_ref().expect("an excerpt").to_string();
    let expected =
        format!("…{}\", \"b\": \\u{{1b}}?, \"c\": \"{}…\n{}^", "é".repeat(40), "x".repeat(22), " ".repeat(49));
    assert_eq!(excerpt, expected);
}

#[test]
fn bytes_that_cannot_be_read_are_no_problem_but_an_error() {
    use crate::account::{Account, Profile, Schema, Segments};
    use crate::intake::{Needs, Options, Source, read};

    struct Broken;
    impl std::io::Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::Error::other("the disk is gone"))
        }
    }
    let (schema, segments) = (Schema::default(), Segments::new(Vec::new(), Profile(0)));
    let as_of = "2026-06-30".parse().expect("a date");
    let needs = Needs::default();
    let options = Options::new(&schema, &segments, &needs, as_of);
    let each = &mut |_: &Account| panic!("no account");
    let error = read(vec![Source::new("-", Broken)], &options, each).expect_err("an error");
    assert_eq!(error.to_string(), "cannot read <stdin>");
    assert_eq!(std::error::Error::source(&error).map(ToString::to_string).as_deref(), Some("the disk is gone"));

    let reading = read(vec![Source::new("-", &b"{}"[..])], &options, each).expect("bytes in memory");
    let problem = reading.problems.errors()[0].to_string();
    assert_eq!(problem, format!("<stdin>:1:1: found an object without that list, {EXPECTED}"));
}
