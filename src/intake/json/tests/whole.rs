//! A record that is read completely, and what absent and unread fields give.

use super::{read_all, read_as, schema};
use crate::account::{Account, Lifecycle, Module, Profile};
use crate::engine::{Slot, Value, Word};

pub(super) const FULL: &str = r#"{
 "generated": "2026-06-30", "other": [1, {"deep": [[[]]]}],
 "customers": [
  {
   "customer_id": "C-1", "name": "Zoë's \u0043afé 東京", "segment": "Enterprise", "arr": 75000.1, "currency": "eur",
   "contract_start_date": "2026-01-01", "contract_end_date": "2026-12-28T00:00:00Z", "notice_date": "2026-09-30",
   "auto_renew": "yes", "lifecycle": "ONBOARDING", "csm": "Jo", "region": {"unread": ["x", 1e999]},
   "usage": {"login_frequency": 26, "unread": "\ud800", "feature": null},
   "support": {"escalation_rate": "0.25"},
   "engagement": {"csat_score": 3.2},
   "relationship": {"renewal_sentiment": "Negative", "champion_left": true},
   "health_index": -1.5e1, "a": {"b": {"c": 7}},
   "contract": {"licensed_seats": 100, "active_seats": 93, "plan_tier": "Professional",
                "available_tiers": ["professional", null, "enterprise"]},
   "product_usage": {"sso_module": {"adopted": true}, "x.y": {"usage_pct": "12.5", "adopted": 0}, "none": null, "empty": {}},
   "departments": {"current": ["legal", "support"], "potential": []}
  },
  {"customer_id": 17, "name": 12345678901234567890123, "csm": -0}
 ],
 "currency": "EUR"
}
"#;

#[test]
fn every_field_of_a_record_is_read() {
    let outcome = read_all(FULL);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    assert_eq!((outcome.reading.records, outcome.reading.invalid), (2, 0));
    assert_eq!(outcome.reading.currency.as_deref(), Some("EUR"));
    let [full, named] = outcome.accounts.as_slice() else { panic!("two accounts") };

    let mut expected = Account::new(&schema());
    expected.id = "C-1".into();
    expected.name = "Zoë's Café 東京".into();
    expected.segment = Some("Enterprise".into());
    expected.profile = Profile(0);
    expected.arr = 75000.1;
    expected.term.start = "2026-01-01".parse().ok();
    expected.term.end = "2026-12-28".parse().ok();
    expected.term.notice = "2026-09-30".parse().ok();
    expected.term.auto_renew = Some(true);
    expected.lifecycle = Lifecycle::Onboarding;
    expected.owner = "Jo".into();
    for (slot, value) in [
        Value::Number(26.0),
        Value::Number(0.25),
        Value::Number(3.2),
        Value::Word(Word(2)),
        Value::Flag(true),
        Value::Number(-15.0),
        Value::Number(7.0),
        Value::Number(181.0),
        Value::Number(180.0),
    ]
    .into_iter()
    .enumerate()
    {
        expected.row.set(Slot(u16::try_from(slot).expect("few")), value);
    }
    let footprint = &mut expected.footprint;
    footprint.licensed_seats = 100.0;
    footprint.active_seats = 93.0;
    footprint.plan_tier = "Professional".into();
    footprint.available_tiers.push("professional");
    footprint.available_tiers.push("enterprise");
    for (name, adopted, usage_pct) in [("sso_module", true, 0.0), ("x.y", false, 12.5), ("empty", false, 0.0)] {
        footprint.modules.push(Module { name, adopted, usage_pct });
    }
    footprint.departments.current.push("legal");
    footprint.departments.current.push("support");
    assert_eq!(*full, expected);

    assert_eq!((named.id.as_str(), named.name.as_str(), named.owner.as_str()), ("17", "12345678901234567890123", "-0"));
}

#[test]
fn absent_fields_are_absent() {
    let nulls = r#"{"customer_id": "a", "name": null, "segment": null, "arr": null, "currency": null, "contract_end_date": null,
        "contract_start_date": null, "notice_date": null, "auto_renew": null, "lifecycle": null, "csm": null, "usage": null,
        "support": {"escalation_rate": null}, "relationship": {"renewal_sentiment": null, "champion_left": null},
        "a": {"b": null}, "contract": null, "product_usage": {"x": null}, "departments": {"current": null}}"#;
    for record in [r#"{"customer_id": "a"}"#, r#"{"customer_id": "a", "name": "", "segment": ""}"#, nulls] {
        let outcome = read_all(format!("{{\"customers\": [{record}]}}"));
        assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]), "{record}");
        let mut expected = Account::new(&schema());
        expected.id = "a".into();
        expected.name = "Unknown".into();
        expected.profile = Profile(1);
        assert_eq!(outcome.accounts, [expected], "{record}");
        assert_eq!(outcome.reading.currency, None);
    }
}

#[test]
fn an_account_is_not_filled_from_the_one_before() {
    let outcome = read_all(FULL.replace(r#", "csm": -0"#, ""));
    let alone = read_all(r#"{"customers": [{"customer_id": 17, "name": 12345678901234567890123}]}"#);
    assert_eq!(outcome.accounts[1], alone.accounts[0]);
}

#[test]
fn without_the_footprint_its_blocks_are_passed_over() {
    let record = r#"{"customers": [{"customer_id": "a", "contract": 1, "product_usage": {"x": 1, "x": 2}, "departments": "d"}]}"#;
    let outcome = read_as(&schema(), false, record.as_bytes(), super::super::CHUNK);
    assert_eq!((outcome.errors(), outcome.warnings(), outcome.accounts.len()), (vec![], vec![], 1));
}

#[test]
fn a_metric_may_stand_in_any_field_and_block() {
    let paths =
        ["arr", "product_usage.sso.usage_pct", "product_usage.sso.depth", "usage", "usage.x", "contract.active_seats"];
    let schema = crate::account::Schema::new(paths.map(super::metric).to_vec());
    let record = r#"{"customers": [
        {"customer_id": "a", "arr": 5, "usage": {"x": 6}, "product_usage": {"other": {"adopted": 1}, "sso": {"depth": 3, "usage_pct": 40}},
         "contract": {"active_seats": 9}},
        {"customer_id": "b", "usage": 4}]}"#;
    let outcome = read_as(&schema, true, record.as_bytes(), super::super::CHUNK);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    let number = Value::Number;
    let [first, second] = outcome.accounts.as_slice() else { panic!("two accounts") };
    assert_eq!(first.row.values(), [number(5.0), number(40.0), number(3.0), Value::Absent, number(6.0), number(9.0)]);
    assert_eq!((first.arr, first.footprint.active_seats), (5.0, 9.0));
    let modules: Vec<Module<'_>> = first.footprint.modules.iter().collect();
    assert_eq!(
        modules,
        [
            Module { name: "other", adopted: true, usage_pct: 0.0 },
            Module { name: "sso", adopted: false, usage_pct: 40.0 }
        ]
    );
    assert_eq!(second.row.get(Slot(3)), number(4.0));
}
