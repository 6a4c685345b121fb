//! What is wrong with a record, and what of it is a warning.

use std::fmt::Write as _;

use super::read_all;
use crate::intake::{MAX_ERRORS, MAX_WARNINGS};

/// The problems of a record that is `{"customer_id":"a",` and then `rest`; its fields begin in column 36.
fn check(rest: &str, errors: &[&str], warnings: &[&str]) {
    let outcome = read_all(format!("{{\"customers\": [\n{{\"customer_id\":\"a\",{rest}}}]}}"));
    let place = |messages: &[&str]| -> Vec<String> {
        messages
            .iter()
            .map(|message| message.replacen(' ', ": record 1 (a): ", 1))
            .map(|text| format!("p.json:2:{text}"))
            .collect()
    };
    assert_eq!(outcome.errors(), place(errors), "{rest}");
    assert_eq!(outcome.warnings(), place(warnings), "{rest}");
    assert_eq!(outcome.accounts.len(), usize::from(errors.is_empty()), "{rest}");
    assert_eq!(outcome.reading.invalid, u64::from(!errors.is_empty()), "{rest}");
    assert!(!outcome.reading.problems.unusable(), "{rest}");
}

#[test]
fn values_of_the_wrong_kind_are_errors() {
    for (rest, error) in [
        (r#""arr":"12k""#, r#"26 arr: found "12k", expected a number of at least 0"#),
        (r#""arr":"NaN""#, r#"26 arr: found "NaN", expected a number of at least 0"#),
        (r#""arr":"1e999""#, r#"26 arr: found "1e999", expected a number of at least 0"#),
        (r#""arr":-0.01"#, "26 arr: found -0.01, expected a number of at least 0"),
        (r#""arr":"-5""#, r#"26 arr: found "-5", expected a number of at least 0"#),
        (r#""arr":1.1e15"#, "26 arr: found 1.1e15, expected at most 1e15"),
        (r#""arr":true"#, "26 arr: found true, expected a number of at least 0"),
        (r#""arr":{"a":1}"#, "26 arr: found an object, expected a number of at least 0"),
        (r#""arr":[1]"#, "26 arr: found a list, expected a number of at least 0"),
        (r#""arr":1e999"#, "26 arr: found 1e999, expected a number that is finite"),
        (r#""arr":-1e999"#, "26 arr: found -1e999, expected a number that is finite"),
        (r#""usage":{"login_frequency":{"x":1}}"#, "47 usage.login_frequency: found an object, expected a number"),
        (r#""usage":{"login_frequency":""}"#, r#"47 usage.login_frequency: found "", expected a number"#),
        (r#""usage":3"#, "28 usage: found 3, expected an object"),
        (r#""usage":[]"#, "28 usage: found a list, expected an object"),
        (r#""a":{"b":false}"#, "29 a.b: found false, expected an object"),
        (
            r#""support":{"escalation_rate":-1}"#,
            "49 support.escalation_rate: found -1, expected a number of at least 0",
        ),
        (
            r#""relationship":{"champion_left":"maybe"}"#,
            r#"52 relationship.champion_left: found "maybe", expected true or false, 1 or 0, yes or no"#,
        ),
        (
            r#""relationship":{"champion_left":2}"#,
            "52 relationship.champion_left: found 2, expected true or false, 1 or 0, yes or no",
        ),
        (
            r#""relationship":{"renewal_sentiment":1}"#,
            "56 relationship.renewal_sentiment: found 1, expected a word: positive, neutral or negative",
        ),
        (
            r#""relationship":{"renewal_sentiment":true}"#,
            "56 relationship.renewal_sentiment: found true, expected a word: positive, neutral or negative",
        ),
        (
            r#""contract_end_date":"2026-13-01""#,
            r#"40 contract_end_date: found "2026-13-01", expected a date such as 2026-12-31"#,
        ),
        (
            r#""contract_end_date":"12/28/2026""#,
            r#"40 contract_end_date: found "12/28/2026", expected a date such as 2026-12-31"#,
        ),
        (r#""notice_date":"""#, r#"34 notice_date: found "", expected a date such as 2026-12-31"#),
        (
            r#""contract_start_date":20260101"#,
            "42 contract_start_date: found 20260101, expected a date such as 2026-12-31",
        ),
        (r#""auto_renew":"perhaps""#, r#"33 auto_renew: found "perhaps", expected true or false, 1 or 0, yes or no"#),
        (r#""name":true"#, "27 name: found true, expected text or a number"),
        (r#""csm":["x"]"#, "26 csm: found a list, expected text or a number"),
        (r#""segment":3"#, "30 segment: found 3, expected text"),
        (r#""currency":978"#, "31 currency: found 978, expected text"),
        (r#""lifecycle":1"#, "32 lifecycle: found 1, expected text"),
        (
            r#""contract":{"licensed_seats":-1}"#,
            "49 contract.licensed_seats: found -1, expected a number of at least 0",
        ),
        (
            r#""contract":{"active_seats":"many"}"#,
            r#"47 contract.active_seats: found "many", expected a number of at least 0"#,
        ),
        (r#""contract":{"plan_tier":5}"#, "44 contract.plan_tier: found 5, expected text"),
        (
            r#""contract":{"available_tiers":"pro"}"#,
            r#"50 contract.available_tiers: found "pro", expected a list of text"#,
        ),
        (r#""contract":{"available_tiers":["pro",7]}"#, "57 contract.available_tiers[1]: found 7, expected text"),
        (r#""departments":{"current":[{"a":[1]}]}"#, "46 departments.current[0]: found an object, expected text"),
        (r#""departments":{"potential":[null,[]]}"#, "53 departments.potential[1]: found a list, expected text"),
        (r#""departments":{"potential":{}}"#, "47 departments.potential: found an object, expected a list of text"),
        (r#""product_usage":["x"]"#, "36 product_usage: found a list, expected an object"),
        (r#""product_usage":{"x":true}"#, "41 product_usage.x: found true, expected an object"),
        (
            r#""product_usage":{"x":{"usage_pct":"lots"}}"#,
            r#"54 product_usage.x.usage_pct: found "lots", expected a number of at least 0"#,
        ),
        (
            r#""product_usage":{"x":{"usage_pct":-1}}"#,
            "54 product_usage.x.usage_pct: found -1, expected a number of at least 0",
        ),
        (
            r#""product_usage":{"x":{"adopted":"half"}}"#,
            r#"52 product_usage.x.adopted: found "half", expected true or false, 1 or 0, yes or no"#,
        ),
    ] {
        check(rest, &[error], &[]);
    }
    let id = read_all(r#"{"customers": [{"customer_id": false}]}"#);
    assert_eq!(id.errors(), ["p.json:1:32: record 1: customer_id: found false, expected text or a number"]);
}

#[test]
fn keys_that_are_read_stand_once() {
    for (rest, error) in [
        (r#""arr":1,"arr":2"#, "28 arr: found a second value, expected each key once"),
        (r#""arr":null,"arr":2"#, "31 arr: found a second value, expected each key once"),
        (r#""arr":1,"x":0,"\u0061rr":1"#, "34 arr: found a second value, expected each key once"),
        (r#""usage":{},"usage":{}"#, "31 usage: found a second value, expected each key once"),
        (
            r#""usage":{"login_frequency":1,"login_frequency":1}"#,
            "49 usage.login_frequency: found a second value, expected each key once",
        ),
        (r#""customer_id":"b""#, "20 customer_id: found a second value, expected each key once"),
        (r#""product_usage":{"x":{},"x":{}}"#, "44 product_usage.x: found a second value, expected each key once"),
        (
            r#""product_usage":{"y":{},"x":{"adopted":1,"adopted":1}}"#,
            "61 product_usage.x.adopted: found a second value, expected each key once",
        ),
    ] {
        check(rest, &[error], &[]);
    }
    check(
        r#""unread":1,"unread":2,"usage":{"u":1,"u":2},"product_usage":{"x":{"u":1,"u":1},"y":{"adopted":1}}"#,
        &[],
        &[],
    );

    let mut many = String::from(r#""product_usage":{"#);
    for module in 0..100 {
        write!(many, "\"m{module}\":{{}},").expect("text");
    }
    check(&format!("{many}\"last\":{{}}}}"), &[], &[]);
    let place = many.len() + 20;
    let error = format!("{place} product_usage.m70: found a second value, expected each key once");
    check(&format!("{many}\"m70\":{{}}}}"), &[&error], &[]);
}

#[test]
fn odd_values_are_warnings() {
    for (rest, warning) in [
        (
            r#""support":{"escalation_rate":18}"#,
            "49 support.escalation_rate: found 18, looks like a percentage, expected 0 to 1",
        ),
        (
            r#""support":{"escalation_rate":1.01}"#,
            "49 support.escalation_rate: found 1.01, looks like a percentage, expected 0 to 1",
        ),
        (
            r#""support":{"escalation_rate":"100.5"}"#,
            r#"49 support.escalation_rate: found "100.5", outside the plausible range 0 to 1"#,
        ),
        (r#""engagement":{"csat_score":42}"#, "47 engagement.csat_score: found 42, outside the plausible range 1 to 5"),
        (
            r#""engagement":{"csat_score":0.9}"#,
            "47 engagement.csat_score: found 0.9, outside the plausible range 1 to 5",
        ),
        (
            r#""usage":{"login_frequency":-1}"#,
            "47 usage.login_frequency: found -1, outside the plausible range 0 to 100",
        ),
        (
            r#""relationship":{"renewal_sentiment":"meh\u202e"}"#,
            r#"56 relationship.renewal_sentiment: found "meh\u{202e}", not a known word: positive, neutral or negative"#,
        ),
        (
            r#""segment":"startup""#,
            r#"30 segment: found "startup", not a segment of the model: enterprise, mid-market or smb; scored as mid-market"#,
        ),
        (
            r#""lifecycle":"asleep""#,
            r#"32 lifecycle: found "asleep", not a known word: onboarding, live or churned; taken as live"#,
        ),
        (
            r#""product_usage":{"x":{"usage_pct":101}}"#,
            "54 product_usage.x.usage_pct: found 101, outside the plausible range 0 to 100",
        ),
    ] {
        check(rest, &[], &[warning]);
    }
    for rest in [
        r#""support":{"escalation_rate":1}"#,
        r#""engagement":{"csat_score":5}"#,
        r#""engagement":{"csat_score":1.0}"#,
        r#""product_usage":{"x":{"usage_pct":100}}"#,
        r#""segment":"SMB","lifecycle":"Live""#,
    ] {
        check(rest, &[], &[]);
    }
}

#[test]
fn an_unknown_word_is_kept() {
    use crate::engine::{Slot, Value, Word};
    let outcome = read_all(
        r#"{"customers": [{"customer_id": 1, "relationship": {"renewal_sentiment": "Meh"}, "segment": "x"}]}"#,
    );
    let account = &outcome.accounts[0];
    assert_eq!(account.row.get(Slot(3)), Value::Word(Word::OTHER));
    assert_eq!(account.other_word(Slot(3)), Some("Meh"));
    assert_eq!((account.segment.as_deref(), account.profile.index()), (Some("x"), 1));
}

#[test]
fn all_problems_of_a_record_are_listed_at_once() {
    check(
        r#""arr":-1,"usage":{"login_frequency":200},"contract_end_date":"soon","health_index":"high""#,
        &[
            "26 arr: found -1, expected a number of at least 0",
            r#"81 contract_end_date: found "soon", expected a date such as 2026-12-31"#,
            r#"103 health_index: found "high", expected a number"#,
        ],
        &["56 usage.login_frequency: found 200, outside the plausible range 0 to 100"],
    );
}

#[test]
fn ids_are_checked_against_each_other() {
    let outcome = read_all(
        r#"{"customers": [{"customer_id":"a"}, {"customer_id":"b"},
{"customer_id":"a"}, {"name":"x"}, {"customer_id":""}, {"customer_id":null}, {"customer_id":7,"arr":-1}, {"customer_id":"7"}]}"#,
    );
    assert_eq!(
        outcome.warnings(),
        [
            r#"p.json:2:16: record 3 (a): customer_id: found "a", also the id of record 1"#,
            "p.json:2:22: record 4: customer_id: found nothing, expected an id; shown as unknown",
            r#"p.json:2:51: record 5: customer_id: found "", expected an id; shown as unknown"#,
            "p.json:2:71: record 6: customer_id: found null, expected an id; shown as unknown",
            r#"p.json:2:121: record 8 (7): customer_id: found "7", also the id of record 7"#,
        ]
    );
    let ids: Vec<&str> = outcome.accounts.iter().map(|account| account.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "a", "unknown", "unknown", "unknown", "7"]);
}

#[test]
fn a_portfolio_has_one_currency() {
    let mixed = "expected EUR as in record 1: one portfolio has one currency";
    let file = "expected EUR as the file says: one portfolio has one currency";
    for (input, currency, error, unusable) in [
        (
            r#"{"currency": "eur", "customers": [{"customer_id":1,"currency":"EUR"},{"customer_id":2}]}"#,
            Some("EUR"),
            None,
            false,
        ),
        (r#"{"customers": [{"customer_id":1},{"customer_id":2,"currency":"usd"}]}"#, Some("USD"), None, false),
        (r#"{"customers": [{"customer_id":1,"currency":""}], "currency": null}"#, None, None, false),
        (
            r#"{"customers": [{"customer_id":1,"currency":"eur"},{"customer_id":2,"currency":"USD"}]}"#,
            Some("EUR"),
            Some(format!("p.json:1:79: record 2 (2): currency: found \"USD\", {mixed}")),
            false,
        ),
        (
            r#"{"currency": "EUR", "customers": [{"customer_id":1,"currency":"USD"}]}"#,
            Some("EUR"),
            Some(format!("p.json:1:63: record 1 (1): currency: found \"USD\", {file}")),
            false,
        ),
        (
            r#"{"customers": [{"customer_id":1,"currency":"EUR"}], "currency": "USD"}"#,
            Some("EUR"),
            Some(format!("p.json:1:65: currency: found \"USD\", {mixed}")),
            true,
        ),
        (
            r#"{"customers": [{"customer_id":1}], "currency": 5}"#,
            None,
            Some("p.json:1:48: currency: found 5, expected text".to_owned()),
            true,
        ),
    ] {
        let outcome = read_all(input);
        assert_eq!(outcome.errors(), Vec::from_iter(error), "{input}");
        assert_eq!(outcome.reading.currency.as_deref(), currency, "{input}");
        assert_eq!(outcome.reading.problems.unusable(), unusable, "{input}");
    }
}

#[test]
fn records_that_are_left_out_can_be_mended_and_read_again() {
    let input = r#"{"currency":"EUR","customers": [{"customer_id":"a"}, {"customer_id":"b", "arr":"x" }, 5, {"customer_id":"c","arr":-1}]}"#;
    let outcome = read_all(input);
    assert_eq!((outcome.reading.records, outcome.reading.invalid, outcome.accounts.len()), (4, 3, 1));
    assert_eq!(
        outcome.rejects,
        "{\"currency\": \"EUR\", \"customers\": [\n{\"customer_id\":\"b\", \"arr\":\"x\" },\n5,\n{\"customer_id\":\"c\",\"arr\":-1}\n]}\n"
    );
    let again = read_all(&outcome.rejects);
    assert_eq!((again.reading.records, again.reading.invalid), (3, 3));
    assert_eq!(again.rejects, outcome.rejects);
    assert_eq!(read_all(r#"{"customers": [{"customer_id":"a"}]}"#).rejects, "{\"customers\": [\n]}\n");
}

#[test]
fn memory_for_problems_is_bounded_and_all_are_counted() {
    let mut input = String::from("{\"customers\": [");
    for record in 0..2000 {
        writeln!(input, "{{\"customer_id\":{record},\"arr\":-1,\"usage\":{{\"login_frequency\":500}}}},")
            .expect("text");
    }
    let outcome = read_all(input.trim_end_matches(",\n").to_owned() + "]}");
    let problems = &outcome.reading.problems;
    assert_eq!((problems.errors().len(), problems.error_count()), (MAX_ERRORS, 2000));
    assert_eq!((problems.warnings().len(), problems.warning_count()), (MAX_WARNINGS, 2000));
    assert_eq!(outcome.reading.invalid, 2000);
    assert_eq!(problems.errors()[49].record, Some(50));
    assert_eq!(problems.warnings()[999].line, 1000);
}
