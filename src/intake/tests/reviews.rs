//! The notes for reviews.

use chrono::NaiveDate;

use super::{How, Outcome};
use crate::account::{Achievement, Goal, PastPeriod, Person, Review};
use crate::intake::{MOST_REVIEW_CHARACTERS, MOST_REVIEW_ENTRIES};

fn read(sources: &[(&str, &str)]) -> Outcome {
    How { review: true, ..How::default() }.read(sources)
}

/// What a block gives: its notes, and the problems of its record, whose blocks begin in column 27.
fn block(qbr: &str) -> (Option<Review>, Vec<String>, Vec<String>) {
    let mut outcome = read(&[("p.json", &format!("[{{\"customer_id\":\"a\",\"qbr\":{qbr}}}]"))]);
    let plain = |problems: Vec<String>| -> Vec<String> {
        let plain = |text: String| text.replace("p.json:1:", "").replace(" record 1 (a):", "");
        problems.into_iter().map(plain).collect()
    };
    let (errors, warnings) = (plain(outcome.errors()), plain(outcome.warnings()));
    let review = outcome.accounts.pop().and_then(|account| account.review).map(|review| *review);
    (review, errors, warnings)
}

fn day(text: &str) -> Option<NaiveDate> {
    text.parse().ok()
}

#[expect(clippy::unnecessary_wraps, reason = "texts of notes may be absent")]
fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

#[test]
fn a_block_gives_what_stands_in_it() {
    let whole = r#"{"period":"Q2 2026","meeting_date":"2026-07-14T10:00:00Z","next_meeting_date":null,"csm":"Ines","summary":" Fine. ",
        "attendees":["Solveig",{"name":"Ines","role":"CSM","company":"csm","stance":"sponsor"}],
        "achievements":{"__":0},
        "goals":[null,"",{"title":"Seats","baseline":480,"target":1.50,"actual":true,"due":"2026-09-30","owner":""}],
        "history":[{"period":"Q1 2026","overall_score":82.70}],"internal_notes":"one"}"#
        .replace(r#"{"__":0}"#, r#"[{"title":3,"result":"x","date":"2026-04-01"}]"#);
    let review = Review {
        period: text("Q2 2026"),
        meeting_date: day("2026-07-14"),
        lead: text("Ines"),
        summary: text(" Fine. "),
        attendees: vec![
            Person { name: "Solveig".to_owned(), ..Person::default() },
            Person { name: "Ines".to_owned(), role: text("CSM"), company: text("csm"), stance: text("sponsor") },
        ],
        achievements: vec![Achievement { title: "3".to_owned(), result: text("x"), date: day("2026-04-01") }],
        goals: vec![Goal {
            title: "Seats".to_owned(),
            baseline: text("480"),
            target: text("1.50"),
            actual: text("true"),
            due: day("2026-09-30"),
            ..Goal::default()
        }],
        history: vec![PastPeriod { period: "Q1 2026".to_owned(), overall_score: text("82.70") }],
        internal_notes: vec!["one".to_owned()],
        ..Review::default()
    };
    assert_eq!(block(&whole), (Some(review), vec![], vec![]));
    for nothing in ["null", "{}", r#"{"goals":[],"summary":"","risks":null,"milestones":[null]}"#] {
        assert_eq!(block(nothing), (None, vec![], vec![]), "{nothing}");
    }
    let unasked =
        How::default().read(&[("p.json", r#"[{"customer_id":"a","qbr":{"period":[]}},{"customer_id":"b","qbr":3}]"#)]);
    assert_eq!((unasked.errors(), unasked.accounts.len()), (vec![], 2));
    assert_eq!(unasked.accounts[0].review, None);
}

#[test]
fn what_is_wrong_in_a_block_is_told_with_its_place() {
    for (qbr, error) in [
        ("3", "27: qbr: found 3, expected an object"),
        ("[]", "27: qbr: found a list, expected an object"),
        (r#"{"period":{}}"#, "37: qbr.period: found an object, expected text, a number, or true or false"),
        (r#"{"csm":["x"]}"#, "34: qbr.csm: found a list, expected text, a number, or true or false"),
        (r#"{"meeting_date":"soon"}"#, r#"43: qbr.meeting_date: found "soon", expected a date such as 2026-12-31"#),
        (r#"{"meeting_date":20260714}"#, "43: qbr.meeting_date: found 20260714, expected a date such as 2026-12-31"),
        (r#"{"meeting_date":""}"#, r#"43: qbr.meeting_date: found "", expected a date such as 2026-12-31"#),
        (r#"{"goals":{"title":"x"}}"#, "36: qbr.goals: found an object, expected a list, or text"),
        (r#"{"goals":[[]]}"#, "37: qbr.goals[0]: found a list, expected text or an object"),
        (r#"{"goals":["a",{}]}"#, "41: qbr.goals[1]: found an object, expected a title in it"),
        (r#"{"goals":[{"title":null}]}"#, "37: qbr.goals[0]: found an object, expected a title in it"),
        (r#"{"attendees":[{"name":" "}]}"#, "41: qbr.attendees[0]: found an object, expected a name in it"),
        (r#"{"history":[{"overall_score":80}]}"#, "39: qbr.history[0]: found an object, expected a period in it"),
        (
            r#"{"goals":[{"title":[]}]}"#,
            "46: qbr.goals[0].title: found a list, expected text, a number, or true or false",
        ),
        (
            r#"{"goals":[{"title":"a","due":"2026-02-30"}]}"#,
            r#"56: qbr.goals[0].due: found "2026-02-30", expected a date such as 2026-12-31"#,
        ),
        (
            r#"{"risks":[{"title":"a","owner":{"x":1}}]}"#,
            "58: qbr.risks[0].owner: found an object, expected text, a number, or true or false",
        ),
        (
            r#"{"internal_notes":["a",{}]}"#,
            "50: qbr.internal_notes[1]: found an object, expected text, a number, or true or false",
        ),
        (r#"{"period":"a","period":"b"}"#, "41: qbr.period: found a second value, expected each key once"),
        (
            r#"{"goals":[{"title":"a","due":null,"due":null}]}"#,
            "61: qbr.goals[0].due: found a second value, expected each key once",
        ),
        (
            r#"{"summary":"\ud800"}"#,
            r#"38: qbr.summary: found "\ud800", expected whole surrogate pairs in its escapes"#,
        ),
        (
            r#"{"goals":[{"title":"a","status":"\udc00x"}]}"#,
            r#"59: qbr.goals[0].status: found "\udc00x", expected whole surrogate pairs in its escapes"#,
        ),
    ] {
        assert_eq!(block(qbr), (None, vec![error.to_owned()], vec![]), "{qbr}");
    }
}

#[test]
fn keys_that_are_not_known_are_warnings_with_the_nearest_that_is() {
    let (review, errors, warnings) =
        block(r#"{"acheivements":[1],"zzz":{},"goals":[{"title":"a","targt":3},{"title":"b","xyz":null}]}"#);
    let known = "title, measure, baseline, target, actual, due, owner or status";
    let parts = "period, meeting_date, next_meeting_date, csm, summary, attendees, stakeholders, achievements, goals, \
                 value_delivered, roadmap, open_issues, action_items, risks, milestones, history or internal_notes";
    assert_eq!(errors, [] as [&str; 0]);
    assert_eq!(
        warnings,
        [
            r#"28: qbr: found "acheivements", not a known key, and not read: is it achievements?"#.to_owned(),
            format!(r#"47: qbr: found "zzz", not a known key, and not read: {parts}"#),
            r#"78: qbr.goals[0]: found "targt", not a known key, and not read: is it target?"#.to_owned(),
            format!(r#"102: qbr.goals[1]: found "xyz", not a known key, and not read: {known}"#),
        ]
    );
    assert_eq!(review.map(|review| review.goals.len()), Some(2));
}

#[test]
fn lists_and_texts_have_a_bound() {
    let list = |count: usize| format!(r#"{{"goals":[{}]}}"#, vec!["1"; count].join(","));
    assert_eq!(block(&list(MOST_REVIEW_ENTRIES)).0.map(|review| review.goals.len()), Some(MOST_REVIEW_ENTRIES));
    let at = 37 + 2 * MOST_REVIEW_ENTRIES;
    let error = format!("{at}: qbr.goals[200]: found 1, expected at most 200 entries");
    assert_eq!(block(&list(MOST_REVIEW_ENTRIES + 2)), (None, vec![error], vec![]));
    let long = |count: usize| format!(r#"{{"goals":[{{"title":"a","measure":"{}"}}]}}"#, "é".repeat(count));
    assert!(block(&long(MOST_REVIEW_CHARACTERS)).0.is_some());
    let error = format!("60: qbr.goals[0].measure: found \"{}…\", expected at most 10000 characters", "é".repeat(60));
    assert_eq!(block(&long(MOST_REVIEW_CHARACTERS + 1)), (None, vec![error], vec![]));
    let cells = |count: usize| format!("customer_id,qbr.goals\na,{}\n", vec!["x"; count].join(";"));
    assert_eq!(read(&[("t.csv", &cells(MOST_REVIEW_ENTRIES))]).errors(), [] as [&str; 0]);
    let shown = "x;".repeat(30);
    assert_eq!(
        read(&[("t.csv", &cells(MOST_REVIEW_ENTRIES + 2))]).errors(),
        [format!(
            "t.csv:2:2: record 1 (a): qbr.goals[200] (\"qbr.goals\"): found \"{shown}…\", expected at most 200 entries"
        )]
    );
}

#[test]
fn tables_have_texts_dates_and_titles() {
    let table = "customer_id,qbr.period,qbr.meeting_date,qbr.goals,qbr.attendees,qbr.internal_notes,qbr.goal,qbr.summary\n\
                 a,Q2,2026-07-14,More seats; ;Faster answers,Ines;Solveig,one; two,,12\n\
                 b,,,,,,,\nc,,soon,,,,,\n";
    let outcome = read(&[("t.csv", table)]);
    let review = outcome.accounts[0].review.as_deref().expect("notes");
    assert_eq!((&review.period, review.meeting_date, &review.summary), (&text("Q2"), day("2026-07-14"), &text("12")));
    let goals: Vec<&str> = review.goals.iter().map(|goal| goal.title.as_str()).collect();
    let names: Vec<&str> = review.attendees.iter().map(|person| person.name.as_str()).collect();
    assert_eq!((goals, names), (vec!["More seats", "Faster answers"], vec!["Ines", "Solveig"]));
    assert_eq!(review.internal_notes, ["one", "two"]);
    assert_eq!(outcome.accounts[1].review, None);
    assert_eq!(
        outcome.errors(),
        [
            "t.csv:4:3: record 3 (c): qbr.meeting_date: found \"soon\", expected a date written as 2026-12-31, or as a mapping declares"
        ]
    );
    // Where nobody asks for them, the columns are known all the same.
    let unasked = How::default().read(&[("t.csv", "customer_id,qbr.period,qbr.stakeholder\na,Q2,\n")]);
    assert_eq!((unasked.notes(), unasked.accounts[0].review.is_some()), (vec![], false));
    assert_eq!(
        unasked.warnings(),
        [
            "t.csv:1:3: found \"qbr.stakeholder\", which is not used: is it qbr.stakeholders? Headers are paths letter by letter, or mapped"
        ]
    );
}

#[test]
fn joined_sources_fill_the_parts_that_others_lack() {
    let crm = "customer_id,qbr.period,qbr.goals,qbr.meeting_date\na,Q2,More seats,2026-07-14\nb,,,\n";
    let notes = r#"[{"customer_id":"a","qbr":{"period":"Q3","goals":["Fewer"],"meeting_date":"2026-07-15","summary":"Fine","risks":["x"]}},
{"customer_id":"b","qbr":{"period":"Q2"}}]"#;
    let outcome = read(&[("crm.csv", crm), ("notes.json", notes)]);
    assert_eq!(outcome.errors(), [] as [&str; 0]);
    let of = |account: usize| outcome.accounts[account].review.as_deref().expect("notes");
    assert_eq!((&of(0).period, &of(0).summary, of(0).risks.len()), (&text("Q2"), &text("Fine"), 1));
    assert_eq!((of(0).goals[0].title.as_str(), &of(1).period), ("More seats", &text("Q2")));
    let counts = "the source listed first counts";
    assert_eq!(
        outcome.warnings(),
        [
            format!("crm.csv:2:2: record 1 (a): qbr.period: found \"Q2\", notes.json:1 has \"Q3\"; {counts}"),
            format!("crm.csv:2:3: record 1 (a): qbr.goals: found \"More seats\", notes.json:1 has \"Fewer\"; {counts}"),
            format!(
                "crm.csv:2:4: record 1 (a): qbr.meeting_date: found \"2026-07-14\", notes.json:1 has \"2026-07-15\"; {counts}"
            ),
        ]
    );
    let swapped = read(&[("notes.json", notes), ("crm.csv", crm)]);
    let goals =
        format!("notes.json:1:50: record 1 (a): qbr.goals: found a list, crm.csv:2 has \"More seats\"; {counts}");
    assert_eq!(swapped.warnings()[1], goals);
    // The same twice is no conflict, and who stands in the second source alone has its notes from there.
    let outcome = How { review: true, outer: true, ..How::default() }
        .read(&[("a.json", r#"[{"customer_id":"b","qbr":{"period":"Q2"}}]"#), ("notes.json", notes)]);
    assert_eq!(outcome.warnings(), ["notes.json: 1 customer not in a.json, scored by what is known: a"]);
    assert_eq!(outcome.accounts[1].review.as_deref().map(|review| &review.period), Some(&text("Q3")));
}

#[test]
fn a_record_with_an_error_in_its_notes_is_left_out_and_kept() {
    let outcome = read(&[(
        "p.ndjson",
        "{\"customer_id\":\"a\",\"qbr\":{\"goals\":3}}\n{\"customer_id\":\"b\",\"qbr\":{\"goals\":[[]]}}\n",
    )]);
    assert_eq!(outcome.ids(), ["a"]);
    assert_eq!((outcome.reading.records, outcome.reading.invalid), (2, 1));
    assert_eq!(outcome.rejects[0], "{\"customer_id\":\"b\",\"qbr\":{\"goals\":[[]]}}\n");
}
