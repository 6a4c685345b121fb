//! Values that are JSON but cannot be taken: reading goes on behind the record.

use super::{metric, read_all, read_as};
use crate::account::Schema;

fn check(record: impl AsRef<[u8]>, error: &str) {
    let input = [b"{\"customers\": [\n", record.as_ref(), b",\n{\"customer_id\":\"next\",\"arr\":5}]}"].concat();
    let outcome = read_all(&input);
    let shown = String::from_utf8_lossy(&input).into_owned();
    assert_eq!(outcome.errors(), [format!("p.json:2:{error}")], "{shown}");
    let ids: Vec<&str> = outcome.accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["next"], "{shown}");
    assert_eq!((outcome.reading.records, outcome.reading.invalid), (2, 1));
    assert!(!outcome.reading.problems.unusable());
}

#[test]
fn a_value_that_cannot_be_taken_costs_its_record_only() {
    check(
        r#"{"customer_id":"a","usage":{"login_frequency":1e400}}"#,
        "47: record 1 (a): usage.login_frequency: found 1e400, expected a number that is finite",
    );
    check(
        b"{\"customer_id\":\"a\",\"name\":\"b\xffc\"}",
        "27: record 1 (a): name: found \"b\u{fffd}c\", expected UTF-8",
    );
    check(
        r#"{"customer_id":"a","name":"\ud800"}"#,
        r#"27: record 1 (a): name: found "\ud800", expected whole surrogate pairs in its escapes"#,
    );
    check(
        r#"{"customer_id":"a","name":"\ud800x"}"#,
        r#"27: record 1 (a): name: found "\ud800x", expected whole surrogate pairs in its escapes"#,
    );
    check(
        b"{\"customer_id\":\"a\",\"departments\":{\"current\":[\"x\",\"\xc3\x28\"]}}",
        "50: record 1 (a): departments.current[1]: found \"\u{fffd}(\", expected UTF-8",
    );
    check(
        b"{\"customer_id\":\"a\",\"product_usage\":{\"x\":{\"adopted\":\"\xfe\"}}}",
        "52: record 1 (a): product_usage.x.adopted: found \"\u{fffd}\", expected UTF-8",
    );
    check(
        b"{\"customer_id\":\"a\",\"product_usage\":{\"x\":{},\"n\xffe\":{}}}",
        "46: record 1 (a): product_usage: found a key, expected UTF-8",
    );
    for record in ["5", "null", "true", "\"text\"", "1e999"] {
        check(record, &format!("1: record 1: found {record}, expected an object"));
    }
    check("[[]]", "1: record 1: found a list, expected an object");
}

#[test]
fn what_is_not_read_may_be_anything_that_is_json() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let input = [
        b"{\"x\": \"\xff\", \"customers\": [{\"customer_id\":\"a\",\"u\":\"\xff\",\"\xff\":{},\"v\":1e999,\"w\":",
        deep.as_bytes(),
        b"}]}",
    ]
    .concat();
    let outcome = read_all(input);
    assert_eq!((outcome.errors(), outcome.accounts.len()), (vec![], 1));
}

#[test]
fn what_is_read_is_nested_128_deep_at_most() {
    for (depth, error) in [(127, None), (128, Some("expected at most 128 levels of nesting"))] {
        let path = vec!["a"; depth].join(".");
        let schema = Schema::new(vec![metric(&path)]);
        let input = format!("{{\"customers\": [{}7{}]}}", "{\"a\":".repeat(depth), "}".repeat(depth));
        let outcome = read_as(&schema, false, input.as_bytes(), 1 << 20);
        let errors = outcome.errors();
        assert_eq!(errors.len(), usize::from(error.is_some()), "{errors:?}");
        assert!(errors.iter().all(|text| text.ends_with(error.unwrap_or_default())), "{errors:?}");
        assert_eq!(outcome.reading.records, 1);
    }
    let deep = format!("{{\"customer_id\":\"a\",\"arr\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
    check(deep, "26: record 1 (a): arr: found a list, expected a number of at least 0");
}

#[test]
fn an_account_may_have_16_mebibytes() {
    let limit = 16 << 20;
    for (length, valid) in [(limit, true), (limit + 1, false), (2 * limit, false)] {
        let head = "{\"customer_id\":\"a\",\"notes\":\"";
        let record = format!("{head}{}\"}}", "x".repeat(length - head.len() - 2));
        for chunk in [1 << 20, 1 << 25] {
            let input = format!("{{\"customers\": [\n{record}]}}");
            let outcome = read_as(&super::schema(), false, input.as_bytes(), chunk);
            assert_eq!(outcome.accounts.len(), usize::from(valid), "{length} {chunk}");
            assert_eq!(outcome.reading.problems.unusable(), !valid);
            if !valid {
                assert_eq!(
                    outcome.errors(),
                    ["p.json:2:1: record 1 (a): found more than 16 MiB, expected less in one value"]
                );
            }
        }
    }
}

#[test]
fn messages_are_harmless() {
    let outcome = read_all(
        "{\"customers\": [{\"customer_id\":\"\\u001b[31m\u{202e}x\",\"arr\":\"\u{200b}\\n\",\"product_usage\":{\"\\u0007.m\":1}}]}",
    );
    assert_eq!(
        outcome.errors(),
        [
            r#"p.json:1:54: record 1 (\u{1b}[31m\u{202e}x): arr: found "\u{200b}\u{a}", expected a number of at least 0"#,
            r"p.json:1:90: record 1 (\u{1b}[31m\u{202e}x): product_usage.\u{7}.m: found 1, expected an object",
        ]
    );
    let long = format!("{{\"customers\": [{{\"customer_id\":\"a\",\"arr\":\"{}\"}}]}}", "9k".repeat(5000));
    let [error] = &read_all(long).errors()[..] else { panic!("one error") };
    assert!(error.ends_with(&format!("found \"{}…\", expected a number of at least 0", "9k".repeat(30))), "{error}");
}
