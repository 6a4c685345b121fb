//! Records that say of which day they are.

use super::{How, Outcome};
use crate::intake::{Dating, Kept, MAX_UNPACKED, Source, kept_in};

fn read(dating: Dating, source: (&str, &str)) -> Outcome {
    How { dating, ..How::default() }.read(&[source])
}

/// The id, the day and the days to the renewal of each account.
fn days(outcome: &Outcome) -> Vec<(&str, String, String)> {
    let accounts = outcome.accounts.iter().enumerate();
    accounts
        .map(|(position, account)| {
            let day = account.snapshot.map(|day| day.to_string()).unwrap_or_default();
            (account.id.as_str(), day, outcome.value(position, "account.days_to_renewal"))
        })
        .collect()
}

fn rows<'r>(rows: &[(&'r str, &str, &str)]) -> Vec<(&'r str, String, String)> {
    rows.iter().map(|(id, day, left)| (*id, (*day).to_owned(), (*left).to_owned())).collect()
}

const CSV: &str = "customer_id,contract_end_date,snapshot_date\n\
                   a,2026-07-31,2026-05-31\n\
                   b,2026-07-31,2026-05-31\n\
                   a,2026-07-31,2026-06-30\n\
                   c,2026-07-31,\n";

#[test]
fn a_record_is_of_its_own_day_and_customers_stand_once_a_day() {
    let list = r#"[{"snapshot_date":"2026-05-31","customer_id":"a","contract_end_date":"2026-07-31"},
                   {"customer_id":"b","contract_end_date":"2026-07-31","snapshot_date":"2026-05-31T23:00:00Z"},
                   {"customer_id":"a","contract_end_date":"2026-07-31","snapshot_date":"2026-06-30"},
                   {"customer_id":"c","contract_end_date":"2026-07-31","snapshot_date":null}]"#;
    let lines = list[1..list.len() - 1].replace("},\n", "}\n");
    let expected =
        rows(&[("a", "2026-05-31", "61"), ("b", "2026-05-31", "61"), ("a", "2026-06-30", "31"), ("c", "", "31")]);
    for source in [("h.csv", CSV), ("h.json", list), ("h.ndjson", &lines)] {
        for dating in [Dating::Read, Dating::Followed] {
            let outcome = read(dating, source);
            assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]), "{}", source.0);
            assert_eq!(days(&outcome), expected, "{}", source.0);
        }
    }
}

#[test]
fn a_day_that_is_not_asked_for_is_passed_over_and_repeats_are_explained() {
    let outcome = read(Dating::Ignored, ("h.csv", CSV));
    assert_eq!(
        outcome.errors(),
        [
            "h.csv:4:1: record 3 (a): customer_id: found \"a\", stands in record 1 too: expected each customer once, or a mapping that \
          aggregates rows"
        ]
    );
    assert_eq!(
        outcome.notes(),
        ["h.csv:1:3: \"snapshot_date\": its rows are of several days: csm trend reads such a history"]
    );
    assert!(outcome.accounts.iter().all(|account| account.snapshot.is_none()));
    let once = read(Dating::Ignored, ("h.csv", "customer_id,snapshot_date\na,2026-05-31\nb,never\n"));
    assert_eq!((once.errors(), once.notes()), (vec![], vec![]));
}

#[test]
fn a_head_says_the_day_of_all_records_that_do_not() {
    let text = r#"{"snapshot_date":"2026-05-31","customers":[{"customer_id":"a","contract_end_date":"2026-07-31"},
                   {"customer_id":"a","contract_end_date":"2026-07-31","snapshot_date":"2026-06-30"}]}"#;
    let outcome = read(Dating::Required, ("h.json", text));
    assert_eq!(outcome.errors(), Vec::<String>::new());
    assert_eq!(days(&outcome), rows(&[("a", "2026-05-31", "61"), ("a", "2026-06-30", "31")]));
    for (head, message) in [
        (
            r#""snapshot_date":"soon","customers":[{"customer_id":"a"}]"#,
            "h.json:1:18: snapshot_date: found \"soon\", expected a date such as 2026-12-31",
        ),
        (
            r#""snapshot_date":3,"customers":[{"customer_id":"a"}]"#,
            "h.json:1:18: snapshot_date: found 3, expected a date such as 2026-12-31",
        ),
        (
            r#""customers":[{"customer_id":"a"}],"snapshot_date":"2026-05-31""#,
            "h.json:1:52: snapshot_date: found \"2026-05-31\", expected before `customers`",
        ),
    ] {
        let outcome = read(Dating::Followed, ("h.json", &format!("{{{head}}}")));
        assert_eq!((outcome.errors(), outcome.reading.problems.unusable()), (vec![message.to_owned()], true), "{head}");
        let outcome = read(Dating::Ignored, ("h.json", &format!("{{{head}}}")));
        assert_eq!(outcome.errors(), Vec::<String>::new(), "{head}");
    }
}

#[test]
fn customers_that_cannot_be_followed_are_errors() {
    let csv = "customer_id,snapshot_date,arr\na,2026-05-31,1\na,2026-05-31,1\n,2026-05-31,1\nb,,1\nc,31.5.26,1\n";
    let expected = [
        "h.csv:3:1: record 2 (a): customer_id: found \"a\", stands in record 1 too: expected each customer once a day",
        "h.csv:4:1: record 3: customer_id: found nothing, expected an id, by which a customer is followed from day to day",
        "h.csv:5:2: record 4 (b): snapshot_date: found nothing, expected the day of the snapshot, a date such as 2026-12-31",
        "h.csv:6:2: record 5 (c): snapshot_date: found \"31.5.26\", expected a date written as 2026-12-31, or as a mapping declares",
    ];
    let outcome = read(Dating::Required, ("h.csv", csv));
    assert_eq!(outcome.errors(), expected);
    assert_eq!(outcome.ids(), ["a"]);
    let json = r#"[{"customer_id":"a","snapshot_date":"2026-05-31"},
{"customer_id":"a","snapshot_date":"2026-05-31"},
{"snapshot_date":"2026-05-31"},
{"customer_id":"b"},
{"customer_id":"c","snapshot_date":20260531}]"#;
    let outcome = read(Dating::Required, ("h.json", json));
    assert_eq!(
        outcome.errors(),
        [
            "h.json:2:16: record 2 (a): customer_id: found \"a\", stands in record 1 too: expected each customer once a day",
            "h.json:3:1: record 3: customer_id: found nothing, expected an id, by which a customer is followed from day to day",
            "h.json:4:1: record 4 (b): snapshot_date: found nothing, expected the day of the snapshot, a date such as 2026-12-31",
            "h.json:5:36: record 5 (c): snapshot_date: found 20260531, expected a date such as 2026-12-31",
        ]
    );
}

#[test]
fn ages_are_counted_from_the_record_s_own_day_wherever_it_stands() {
    let mut found = Vec::new();
    for text in [
        r#"[{"customer_id":"a","snapshot_date":"2026-05-31","usage":{"login_frequency":40,"as_of":"2026-05-01"}}]"#,
        r#"[{"customer_id":"a","usage":{"login_frequency":40,"as_of":"2026-05-01"},"snapshot_date":"2026-05-31"}]"#,
    ] {
        let outcome = read(Dating::Followed, ("h.json", text));
        assert_eq!(outcome.warnings(), Vec::<String>::new());
        found.push(outcome.value(0, "usage.login_frequency.age"));
    }
    assert_eq!(found, ["30", "30"]);
    let late =
        r#"[{"customer_id":"a","snapshot_date":"2026-04-30","usage":{"login_frequency":40,"as_of":"2026-05-01"}}]"#;
    assert_eq!(
        read(Dating::Followed, ("h.json", late)).warnings(),
        [
            "h.json:1:88: record 1 (a): usage.as_of: found \"2026-05-01\", which is after 2026-04-30, the day that counts as today: taken as of \
          that day"
        ]
    );
}

#[test]
fn a_mapping_may_feed_the_day() {
    let mapping = "[sources.all]\nfile = \"*\"\ndate = \"DD.MM.YYYY\"\ncolumns = { \"Stand\" = \"snapshot_date\", \"Kunde\" = \"customer_id\" }";
    let csv = "Kunde;Stand\na;31.05.2026\na;30.06.2026\n";
    let outcome = How { dating: Dating::Required, mapping, ..How::default() }.read(&[("h.csv", csv)]);
    assert_eq!((outcome.errors(), outcome.notes()), (vec![], vec![]));
    assert_eq!(outcome.accounts.iter().filter_map(|account| account.snapshot).count(), 2);
    let outcome = How { mapping, ..How::default() }.read(&[("h.csv", csv)]);
    assert_eq!(
        (outcome.errors().len(), outcome.notes()),
        (1, vec!["h.csv:1:2: \"Stand\": its rows are of several days: csm trend reads such a history".to_owned()])
    );
}

#[test]
fn the_beginning_tells_what_a_file_holds() {
    let line = r#"{"customer_id":"a","overall_score":80.0,"classification":"green","dimensions":{}}"#;
    for (name, text, has_day, kept) in [
        ("h.csv", "customer_id,snapshot_date\n", false, Kept::Dated),
        ("h.csv", "customer_id,snapshot_date\n", true, Kept::Undated),
        ("h.csv", "customer_id,arr\nsnapshot_date,1\n", false, Kept::Undated),
        ("h.json", r#"[{"customer_id":"a","snapshot_date":"2026-05-31"}]"#, false, Kept::Dated),
        ("h.json", r#"[{"customer_id":"a"}]"#, true, Kept::Undated),
        ("h.json", r#"{"report":"customer_health_scores","provenance":{"csm_version":"1"}}"#, false, Kept::Results),
        ("h.json", r#"{"report":"Q2","customers":[]}"#, false, Kept::Undated),
        ("h.ndjson", line, true, Kept::Results),
        ("h.csv", "", false, Kept::Undated),
        ("h.bin", "\u{0}\u{1}\u{2}", false, Kept::Undated),
    ] {
        let source = Source::new(name, text.as_bytes());
        assert_eq!(kept_in(source, MAX_UNPACKED, has_day).expect("bytes in memory"), kept, "{name} {text}");
    }
}
