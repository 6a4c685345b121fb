//! The same accounts and problems wherever the buffer ends.

use proptest::prelude::*;

use super::whole::FULL;
use super::{Pieces, Way, read_all, read_as, read_by, schema};

/// Whether every size of the buffer and of what comes at a time gives the same.
fn check(input: &[u8]) {
    let whole = read_all(input);
    let shown = String::from_utf8_lossy(input).into_owned();
    for chunk in 1..=input.len() + 1 {
        for way in [Way::OneByOne, Way::InPortions(2)] {
            let outcome = read_by(way, &schema(), true, input, chunk);
            assert_eq!(outcome, whole, "{way:?}, a buffer of {chunk} for {shown}");
        }
    }
    for size in [1, 2, 3, 7, 64] {
        for chunk in [1, 5, 100, 1 << 20] {
            for way in [Way::OneByOne, Way::InPortions(2)] {
                let pieces = Pieces { bytes: input, size, interrupt: false };
                let outcome = read_by(way, &schema(), true, pieces, chunk);
                assert_eq!(outcome, whole, "{way:?}, pieces of {size}, a buffer of {chunk} for {shown}");
            }
        }
    }
}

#[test]
fn a_valid_file_may_be_cut_anywhere() {
    check(FULL.as_bytes());
    let blanks = format!("\u{feff}{}", FULL.replace(',', " ,\r\n\t ").replace(':', " : "));
    check(blanks.as_bytes());
}

#[test]
fn notes_for_reviews_may_be_cut_anywhere() {
    let with = |block: &str| FULL.replace("\"arr\"", &format!("\"qbr\": {block}, \"arr\""));
    for block in [
        r#"{"period": "Q\u00e9", "goals": [{"title": "é", "target": -1.5e1, "due": "2026-12-31"}, "b", null]}"#,
        r#"{"perod": "Q2", "goals": [{"title": "é", "due": "soon", "due": 1}, {"x": 1e999}], "risks": {}}"#,
        r#"{"summary": "\ud83d", "goals": [tru]}"#,
        "12.5",
    ] {
        check(with(block).as_bytes());
    }
    let garbled = with(r#"{"summary": "J"}"#);
    check(&garbled.bytes().map(|byte| if byte == b'J' { 0xff } else { byte }).collect::<Vec<u8>>());
}

#[test]
fn a_file_with_problems_may_be_cut_anywhere() {
    let long = "é".repeat(300);
    for input in [
        FULL.replace("26", "-26e0").replace("75000.1", "\"x\"").replace("\"Enterprise\"", "\"none\""),
        FULL.replace("100", "1e999").replace("93", "12.5e-1"),
        FULL.replace("\"Jo\"", "\"\\ud83d\\u00e9\""),
        FULL.replace("\"Jo\"", "\"\\ud83d\\ude00\"").replace("true", "false").replace("null", "-0.0e-0"),
        FULL.replace("true", "tru"),
        FULL.replace("-15e1", "-"),
        FULL.replace("-1.5e1", "1.e"),
        FULL.replace("\"arr\"", "\"arr\": 1, \"arr\""),
        FULL.replace("\"arr\"", &format!("\"note\": \"{long}\", x \"{long}\"")),
        FULL.replace("\"currency\": \"EUR\"", "\"currency\": \"USD\""),
        format!("{FULL} {{}}"),
        format!("[{FULL}]"),
        "{\"customers\": [1, 22, 333, -4e5, true, null, \"x\", [1], {\"customer_id\": 5}]}".to_owned(),
        "{\"a\": 1, \"b\": 2, \"customers\": 1234567}".to_owned(),
        "  1234567 ".to_owned(),
        "{\"a\": \"x\", \"customers\": []".to_owned(),
        "\u{feff}".to_owned(),
        String::new(),
    ] {
        check(input.as_bytes());
    }
    check(&FULL.bytes().map(|byte| if byte == b'J' { 0xff } else { byte }).collect::<Vec<u8>>());
    check(&FULL.bytes().map(|byte| if byte == b'M' { 0xc3 } else { byte }).collect::<Vec<u8>>());
    check(b"\xff\xfe{\0");
}

#[test]
fn a_file_may_end_anywhere() {
    let text = FULL.as_bytes();
    for end in 0..text.len() - 1 {
        let whole = read_all(&text[..end]);
        for chunk in [1, 2, 3, 100, end.max(2) - 1] {
            assert_eq!(read_as(&schema(), true, &text[..end], chunk), whole, "{end} {chunk}");
        }
        let closed = end + 2 >= text.len();
        assert!(closed || whole.reading.problems.unusable(), "{end}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Bytes that were changed anywhere, cut anywhere: no panic, and the same outcome.
    #[test]
    fn any_bytes_give_the_same_however_they_come(
        changes in prop::collection::vec((0..FULL.len(), prop_oneof![any::<u8>(), prop::sample::select(b"{}[]\",:\\0e-.\n ".to_vec())]), 0..4),
        chunk in 1_usize..3000,
        size in 1_usize..200,
    ) {
        let mut input = FULL.as_bytes().to_vec();
        for (at, byte) in changes {
            input[at] = byte;
        }
        let whole = read_all(&input);
        prop_assert_eq!(&read_as(&schema(), true, input.as_slice(), chunk), &whole);
        let pieces = || Pieces { bytes: &input, size, interrupt: false };
        prop_assert_eq!(&read_as(&schema(), true, pieces(), chunk), &whole);
        prop_assert_eq!(&read_by(Way::InPortions(2), &schema(), true, pieces(), chunk), &whole);
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), text in "[\\[\\]{}\",:a0-9e.\\\\ -]{0,80}") {
        for input in [bytes, text.clone().into_bytes(), format!("{{\"customers\": [{text}").into_bytes()] {
            prop_assert_eq!(&read_as(&schema(), true, input.as_slice(), 3), &read_all(&input));
        }
    }
}
