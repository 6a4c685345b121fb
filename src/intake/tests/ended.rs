//! Readings that end before their input does.

use std::num::NonZeroUsize;

use chrono::NaiveDate;

use super::schema;
use crate::account::{Account, Profile, Segments};
use crate::intake::{AtError, Needs, Options, Portion, Problem, Reading, Source, read, read_portions};
use crate::workers::{Then, Threads};

/// The ids of accounts.
#[derive(Default)]
struct Ids(Vec<String>);

impl Portion for Ids {
    fn add(&mut self, account: &Account) {
        self.0.push(account.id.clone());
    }
}

/// Reads sources of these names and texts; with threads in portions, of which `take` says whether more are wanted.
fn read_by(
    sources: &[(&str, &str)],
    at_error: AtError,
    outer: bool,
    threads: Option<usize>,
    mut take: impl FnMut(Ids) -> Then,
) -> Reading {
    let schema = schema();
    let segments = Segments::new(vec![("smb".into(), "smb".into())], Profile(0));
    let needs = Needs { slots: schema.slots().map(|(slot, _)| slot).collect(), ..Needs::default() };
    let as_of = NaiveDate::from_ymd_opt(2026, 6, 30).expect("a date");
    let options = Options { outer, at_error, ..Options::new(&schema, &segments, &needs, as_of) };
    let sources = sources.iter().map(|(name, text)| Source::new(name, text.as_bytes())).collect();
    match threads.and_then(NonZeroUsize::new) {
        Some(threads) => read_portions(sources, &options, Threads::new(threads), &Ids::default, &mut take),
        None => read(sources, &options, &mut |account| {
            take(Ids(vec![account.id.clone()]));
        }),
    }
    .expect("bytes in memory")
}

/// What is handed on before the first error, and what is told.
fn until_error(sources: &[(&str, &str)], outer: bool, threads: Option<usize>) -> (Vec<String>, Vec<String>) {
    let mut ids = Vec::new();
    let reading = read_by(sources, AtError::End, outer, threads, |portion| {
        ids.extend(portion.0);
        Then::GoOn
    });
    (ids, reading.problems.errors().iter().map(Problem::to_string).collect())
}

#[test]
fn the_first_error_ends_a_reading_that_is_to_end_there() {
    const WRONG: &str = r#"{"customer_id": "B", "arr": "x", "usage": {"login_frequency": "y"}}"#;
    let list = format!(r#"[{{"customer_id": "A"}}, {WRONG}, {{"customer_id": "C"}}, {{"arr": "z"}}]"#);
    let object = format!(r#"{{"customers": {list}, "currency": 7}}"#);
    let lines = list.trim_matches(['[', ']']).replace(", {", "\n{");
    let no_record = "{\"customer_id\": \"A\"}\n{\"customer_id\": oops}\n{\"customer_id\": \"C\"}\n";
    let no_object = r#"[{"customer_id": "A"}, 7, {"customer_id": "C"}]"#;
    let no_json = r#"[{"customer_id": "A"}, {"customer_id": oops}, {"customer_id": "C"}]"#;
    let table = "customer_id,arr\nA,1\nB,x\nC,1\nD,y\n";
    let ragged = "customer_id,arr\nA,1\nB,1,2\nC,1\n";
    let good = r#"[{"customer_id": "A"}, {"customer_id": "B"}]"#;
    for (sources, ids, errors) in [
        (&[("a.json", object.as_str())][..], &["A"][..], 2),
        (&[("a.json", &list)], &["A"], 2),
        (&[("a.json", &lines)], &["A"], 2),
        (&[("a.json", no_record)], &["A"], 1),
        (&[("a.json", no_object)], &["A"], 1),
        (&[("a.json", no_json)], &["A"], 1),
        (&[("a.csv", table)], &["A"], 1),
        (&[("a.csv", ragged)], &["A"], 1),
        (&[("a.json", "[7]")], &[], 1),
        (&[("a.json", r#"{"currency": 7, "customers": [{"customer_id": "A"}]}"#)], &[], 1),
        (&[("a.json", good)], &["A", "B"], 0),
        // An error of any other file is found before the first file streams.
        (&[("a.json", good), ("b.csv", table)], &[], 1),
        (&[("a.csv", table), ("b.json", good)], &["A"], 1),
        (&[("a.json", good), ("b.csv", "customer_id,arr\nC,1\n")], &["A", "B", "C"], 0),
    ] {
        for threads in [None, Some(1), Some(2)] {
            let (found, told) = until_error(sources, true, threads);
            assert_eq!(found, ids, "{sources:?} {threads:?}");
            assert_eq!(told.len(), errors, "{sources:?} {threads:?}: {told:?}");
        }
    }
}

#[test]
fn no_block_behind_an_error_is_handed_on() {
    // More records than several blocks hold, with an error in one of the first, the middle and the last of them.
    let record = |number: usize| format!("{{\"customer_id\": \"A-{number}\", \"name\": \"{:400}\"}}\n", "");
    for wrong in [3, 1_200, 2_499] {
        let mut records: Vec<String> = (0..2_500).map(record).collect();
        records[wrong] = "{\"arr\": -1}\n".to_owned();
        let lines = records.concat();
        let list = format!("[{}]", records.join(","));
        let expected: Vec<String> = (0..wrong).map(|number| format!("A-{number}")).collect();
        for text in [&lines, &list] {
            for threads in [None, Some(1), Some(2)] {
                let (found, told) = until_error(&[("a.json", text)], false, threads);
                assert!(found == expected, "{wrong} {threads:?}: {} accounts", found.len());
                assert_eq!(told.len(), 1, "{told:?}");
            }
        }
    }
}

#[test]
fn nothing_is_read_for_whoever_wants_no_more() {
    let good = format!("{{\"customer_id\": \"A\", \"name\": \"{:2000}\"}}\n", "").repeat(2_000);
    let rows: Vec<String> = (0..2_000).map(|number| format!("A-{number},{:n<1000}\n", "")).collect();
    let table = format!("customer_id,name\n{}", rows.concat());
    for text in [&good, &format!("{good}[]"), &table] {
        for threads in [1, 2] {
            let mut portions = 0;
            let reading = read_by(&[("a", text)], AtError::GoOn, false, Some(threads), |_| {
                portions += 1;
                if portions == 2 { Then::Stop } else { Then::GoOn }
            });
            assert_eq!(portions, 2, "{threads} threads");
            assert!(reading.records < 2_000, "{threads} threads: {} records", reading.records);
            assert_eq!(reading.problems.error_count(), 0, "{threads} threads");
        }
    }
}
