use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Map, Number, Value};

use super::*;
use crate::render::json::escape::tests::harmless;

fn written(value: &impl Serialize, layout: Layout) -> Result<String> {
    let mut out = Vec::new();
    value.serialize(&mut Writer::new(&mut out, layout))?;
    Ok(String::from_utf8(out).expect("UTF-8"))
}

/// Checks that a value is written as `serde_json` does, but for harmful characters.
fn check(value: &impl Serialize) {
    let line = serde_json::to_string(value).expect("JSON");
    assert_eq!(written(value, Layout::Line).expect("JSON"), harmless(&line));
    let lines = serde_json::to_string_pretty(value).expect("JSON");
    assert_eq!(written(value, Layout::Lines(0)).expect("JSON"), harmless(&lines));
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Word {
    InTime,
    Renamed(u8),
    With { field: u8 },
    Pair(u8, u8),
}

#[derive(Serialize)]
struct Newtype<'a>(&'a str);

#[derive(Serialize)]
struct Pair(u8, Option<f32>);

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Inner<'a> {
    letter: char,
    #[serde(skip_serializing_if = "Option::is_none")]
    skipped: Option<u8>,
    bytes: &'a [u8],
}

#[derive(Serialize)]
struct Outer<'a> {
    none: Option<u8>,
    some: Option<i64>,
    unit: Unit,
    nothing: (),
    newtype: Newtype<'a>,
    pair: Pair,
    tuple: (bool, u64),
    word: Word,
    words: BTreeMap<&'a str, Vec<Inner<'a>>>,
    #[serde(flatten)]
    flat: Inner<'a>,
    empty: [u8; 0],
}

#[test]
fn records_of_all_kinds_are_written() {
    let inner = |letter| Inner { letter, skipped: None, bytes: b"ab" };
    check(&Outer {
        none: None,
        some: Some(i64::MIN),
        unit: Unit,
        nothing: (),
        newtype: Newtype("a\u{202e}b"),
        pair: Pair(u8::MAX, Some(0.1)),
        tuple: (true, u64::MAX),
        word: Word::InTime,
        words: BTreeMap::from([("", vec![]), ("\"\u{7f}", vec![inner('\n'), inner('é')])]),
        flat: inner('\u{9b}'),
        empty: [],
    });
    check(&format_args!("{}{:?}{}", 1.5, "quoted", '\u{200b}'));
}

#[test]
fn numbers_are_written() {
    for number in [0.0, -0.0, 1.0, 0.1, 1e15, 1e16, 1e21, 1e-7, 5e-324, f64::MAX, f64::NAN, f64::INFINITY] {
        check(&number);
        check(&-number);
    }
    check(&(i8::MIN, i16::MIN, i32::MIN, u16::MAX, u32::MAX, f32::MAX, f32::NAN));
}

#[test]
fn what_no_record_holds_is_refused() {
    for word in [Word::Renamed(1), Word::With { field: 1 }, Word::Pair(1, 2)] {
        assert!(written(&word, Layout::Line).is_err());
    }
    assert!(written(&BTreeMap::from([(1, 2)]), Layout::Line).is_err());
}

fn text() -> impl Strategy<Value = String> {
    let special =
        "[\0-\x1f\"\\\\/\x7f-\u{a0}\u{ad}\u{200b}-\u{200f}\u{2028}-\u{202e}\u{feff}\u{1d173}\u{e0041}🙂é株]{0,6}";
    prop_oneof!["[ -~]{0,60}", special, "\\PC{0,20}", ".{0,20}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| Number::from_f64(number).map_or(Value::Null, Value::Number)),
        (-1_000_000..1_000_000_i32).prop_map(|hundredths| Value::from(f64::from(hundredths) / 100.0)),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 60, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            proptest::collection::btree_map(text(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_written_as_serde_json_does(value in value()) {
        check(&value);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn numbers_are_written_as_by_serde_json(number in prop_oneof![
        any::<f64>(),
        // Hundredths, as most figures are, and their neighbours.
        (-4_000_000_i64..4_000_000, -1_i64..=1).prop_map(|(hundredths, ulps)| neighbour(hundredths as f64 / 100.0, ulps)),
        (-(1_i64 << 42)..1 << 42, -1_i64..=1).prop_map(|(hundredths, ulps)| neighbour(hundredths as f64 / 100.0, ulps)),
        (-1000..1000_i32, -4..20_i32).prop_map(|(digits, exponent)| f64::from(digits) * 10_f64.powi(exponent)),
    ]) {
        check(&number);
    }
}

/// The double so many steps away, by its bits.
fn neighbour(number: f64, ulps: i64) -> f64 {
    f64::from_bits(number.to_bits().wrapping_add_signed(ulps))
}
