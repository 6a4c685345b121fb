//! Sources that are joined.

use super::How;
use crate::account::Module;
use crate::intake::Key;

const CRM: &str = "customer_id,name,segment,arr,contract.plan_tier,product_usage.api.adopted\n\
                   a,Ay,smb,1,pro,yes\nb,Bee,,2,,\nc,See,smb,3,,\n";

#[test]
fn sources_are_joined_by_id_in_the_order_of_the_first() {
    let usage =
        "customer_id,usage.login_frequency,product_usage.api.usage_pct,product_usage.crm.adopted\nc,30,,no\na,10,40,\n";
    let json = r#"[{"customer_id":"b","segment":"Enterprise","relationship":{"champion_left":true,"renewal_sentiment":"meh"},
                    "departments":{"current":["Ops"]}}]"#;
    let outcome = How::default().read(&[("crm.csv", CRM), ("usage.csv", usage), ("more.json", json)]);
    assert_eq!(outcome.errors(), [] as [&str; 0]);
    assert_eq!(outcome.ids(), ["a", "b", "c"]);
    let logins: Vec<String> = (0..3).map(|account| outcome.value(account, "usage.login_frequency")).collect();
    assert_eq!(logins, ["10", "absent", "30"]);
    assert_eq!(outcome.accounts[1].segment.as_deref(), Some("Enterprise"));
    assert_eq!(outcome.accounts[1].profile.index(), 0);
    assert_eq!(outcome.value(1, "relationship.renewal_sentiment"), "meh");
    assert_eq!(outcome.accounts[1].footprint.departments.current.iter().collect::<Vec<_>>(), ["Ops"]);
    let modules = |account: usize| outcome.accounts[account].footprint.modules.iter().collect::<Vec<_>>();
    assert_eq!(modules(0), [Module { name: "api", adopted: true, usage_pct: 40.0 }]);
    assert_eq!(modules(2), [Module { name: "crm", adopted: false, usage_pct: 0.0 }]);
    assert_eq!(
        outcome.notes(),
        ["usage.csv: no record of 1 customer of crm.csv: b", "more.json: no record of 2 customers of crm.csv: a, c",]
    );
}

#[test]
fn what_sources_give_differently_is_told_with_both_values() {
    let second = "customer_id,name,segment,arr,contract.plan_tier,product_usage.api.adopted\na,AY,SMB,1.0,Pro,no\n";
    let outcome = How::default().read(&[("crm.csv", CRM), ("second.csv", second)]);
    assert_eq!(
        outcome.warnings(),
        [
            "crm.csv:2:2: record 1 (a): name: found \"Ay\", second.csv:2 has \"AY\"; the source listed first counts",
            "crm.csv:2:5: record 1 (a): contract.plan_tier: found \"pro\", second.csv:2 has \"Pro\"; the source listed first counts",
            "crm.csv:2:6: record 1 (a): product_usage.api.adopted: found \"yes\", second.csv:2 has \"false\"; the source listed first counts",
        ]
    );
    assert_eq!((outcome.accounts[0].name.as_str(), outcome.accounts[0].footprint.plan_tier.as_str()), ("Ay", "pro"));
}

#[test]
fn customers_that_the_first_source_lacks_are_told_and_scored_when_asked_for() {
    let (second, third) = ("customer_id,arr\nx,5\na,1\ny,6\n", "customer_id,arr,name\ny,7,Why\nz,8,Zed\n");
    let sources = [("crm.csv", CRM), ("second.csv", second), ("third.csv", third)];
    let outcome = How::default().read(&sources);
    assert_eq!(outcome.ids(), ["a", "b", "c"]);
    assert_eq!(
        outcome.warnings(),
        [
            "second.csv: 2 customers not in crm.csv, not scored without --outer: x, y",
            "third.csv: none of its 2 customers is in crm.csv, not scored without --outer: is customer_id the same thing in \
             both? Here it is y, z, there a, b, …",
        ]
    );
    let outcome = How { outer: true, ..How::default() }.read(&sources);
    assert_eq!(outcome.ids(), ["a", "b", "c", "x", "y", "z"]);
    assert_eq!((outcome.reading.records, outcome.accounts[4].arr, outcome.accounts[4].name.as_str()), (6, 6.0, "Why"));
    assert!(
        outcome.warnings().contains(
            &"second.csv:4: record 3 (y): arr: found \"6\", third.csv:2 has \"7\"; the source listed first counts"
                .to_owned()
        ),
        "{:?}",
        outcome.warnings()
    );
}

#[test]
fn ids_that_nearly_agree_are_told_and_not_joined() {
    for (ours, theirs) in [("a", " A "), ("43", "0043"), ("A 1", "a1"), ("00x", "0X")] {
        let usage = format!("customer_id,usage.login_frequency\n{theirs},5\n");
        let outcome = How::default().read(&[("crm.csv", &format!("customer_id\n{ours}\n")), ("usage.csv", &usage)]);
        assert_eq!(outcome.value(0, "usage.login_frequency"), "absent");
        assert_eq!(
            outcome.warnings()[0],
            format!(
                "usage.csv: \"{ours}\" and \"{}\" differ only in case, blanks or leading zeros and are not joined with \
                 crm.csv: make them equal in one export, or join by another field with --key",
                theirs.trim()
            )
        );
    }
}

#[test]
fn sources_without_a_common_customer_are_told_in_one_warning() {
    let usage = "customer_id,usage.login_frequency\n1,5\n2,6\n3,x\n4,6\n";
    let outcome = How::default().read(&[("crm.csv", CRM), ("usage.csv", usage)]);
    assert_eq!(
        outcome.warnings(),
        [
            "usage.csv: none of its 3 customers is in crm.csv, not scored without --outer: is customer_id the same thing in \
          both? Here it is 1, 2, …, there a, b, …"
        ]
    );
    assert_eq!(outcome.notes(), [] as [&str; 0]);
    let outcome = How { outer: true, ..How::default() }.read(&[("crm.csv", CRM), ("usage.csv", "customer_id\n1\nb\n")]);
    assert_eq!(outcome.warnings(), ["usage.csv: 1 customer not in crm.csv, scored by what is known: 1"]);
}

#[test]
fn a_customer_whose_record_has_an_error_in_any_source_is_left_out() {
    let usage = "customer_id,usage.login_frequency\na,many\n,7\nb,5\nb,6\n";
    let sources = [("crm.csv", CRM), ("usage.csv", usage)];
    let outer = How { outer: true, ..How::default() }.read(&sources);
    assert_eq!((outer.ids(), outer.reading.records, outer.reading.invalid), (vec!["c"], 3, 2));
    let outcome = How::default().read(&sources);
    assert_eq!(
        outcome.warnings(),
        [
            "crm.csv:2:1: record 1 (a): customer_id: found \"a\", left out, as its record in usage.csv:2 has an error",
            "crm.csv:3:1: record 2 (b): customer_id: found \"b\", left out, as its record in usage.csv:5 has an error",
        ]
    );
    assert_eq!(outcome.notes(), ["usage.csv: no record of 1 customer of crm.csv: c"]);
    assert_eq!(outcome.ids(), ["c"]);
    assert_eq!((outcome.reading.records, outcome.reading.invalid), (3, 2));
    assert_eq!(
        outcome.errors(),
        [
            "usage.csv:2:2: record 1 (a): usage.login_frequency: found \"many\", expected a number",
            "usage.csv:3: record 2: found a row with only \"7\", expected the data of a customer",
            "usage.csv:5:1: record 4 (b): customer_id: found \"b\", stands in record 3 too: expected each customer once, or \
             a mapping that aggregates rows",
        ]
    );
    assert_eq!(outcome.rejects[1], "customer_id,usage.login_frequency\na,many\n,7\nb,6\n");
}

#[test]
fn an_encoding_is_that_of_the_sources_that_do_not_say_theirs() {
    let mapping = "[sources.crm]\nfile = \"crm.csv\"\nencoding = \"utf-8\"\n";
    let how = How { mapping, encoding: Some("windows-1252"), ..How::default() };
    let outcome = how.read(&[
        ("crm.csv", "customer_id,name\na,Åse\n"),
        ("more.json", r#"[{"customer_id": "a", "csm": "Élodie"}]"#),
        ("tiers.csv", "customer_id,contract.plan_tier\na,é\n"),
    ]);
    let account = &outcome.accounts[0];
    assert_eq!(
        (account.name.as_str(), account.owner.as_str(), account.footprint.plan_tier.as_str()),
        ("Åse", "Élodie", "Ã©")
    );
}

#[test]
fn another_field_may_be_joined_by() {
    let how = How { key: Key::Path("domain".to_owned()), ..How::default() };
    let outcome = how.read(&[
        ("crm.csv", "customer_id,domain\na,a.example\nb,b.example\n"),
        ("usage.csv", "domain,usage.login_frequency\nb.example,5\n"),
    ]);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    assert_eq!(outcome.ids(), ["a", "b"]);
    assert_eq!(outcome.value(1, "usage.login_frequency"), "5");
    let mapped = How { mapping: "[sources.crm]\nposition = 1\n[sources.crm.columns]\nSite = \"domain\"\n", ..how };
    let outcome = mapped.read(&[
        ("crm.csv", "customer_id,Site\na,a.example\nb,b.example\n"),
        ("usage.csv", "domain,usage.login_frequency\nb.example,5\n"),
    ]);
    assert_eq!((outcome.value(1, "usage.login_frequency").as_str(), outcome.notes().len()), ("5", 1));
    let how = How { key: Key::Path("domain".to_owned()), ..How::default() };
    let outcome = how.read(&[("crm.csv", "customer_id\na\n")]);
    assert!(outcome.errors()[0].contains("expected a column domain"), "{:?}", outcome.errors());
}

#[test]
fn amounts_are_turned_into_one_currency_where_rates_are_given() {
    let how = How { mapping: "[rates]\nbase = \"EUR\"\nUSD = 0.5\n", ..How::default() };
    let text = "customer_id,arr,currency\na,10,EUR\nb,$10,\nc,10,usd\nd,10,CHF\ne,10,\nf,€10,usd\ng,,CHF\nh,0,\n";
    let outcome = how.read(&[("crm.csv", text)]);
    assert_eq!(
        outcome.accounts.iter().map(|account| account.arr).collect::<Vec<_>>(),
        [10.0, 5.0, 5.0, 10.0, 0.0, 0.0]
    );
    assert_eq!(outcome.reading.currency.as_deref(), Some("EUR"));
    assert_eq!(
        outcome.errors(),
        [
            "crm.csv:5:3: record 4 (d): currency: found \"CHF\", expected a currency that the mapping has a rate for: EUR, USD",
            "crm.csv:7:2: record 6 (f): arr: found \"€10\", the record's currency is USD",
        ]
    );
    assert_eq!(
        outcome.warnings(),
        ["crm.csv:6:3: record 5 (e): currency: found nothing, expected a currency: taken as EUR"]
    );
    let how = How { mapping: "[rates]\nbase = \"EUR\"\nUSD = 2\n", ..How::default() };
    let outcome = how.read(&[("crm.csv", "customer_id,arr,currency\na,5e14,usd\nb,500000000000001,usd\n")]);
    assert_eq!(outcome.ids(), ["a"]);
    assert_eq!(
        outcome.errors(),
        ["crm.csv:3:2: record 2 (b): arr: found \"500000000000001\", expected at most 1e15 in EUR"]
    );
}

#[test]
fn an_amount_is_in_the_currency_of_the_source_that_gives_it() {
    let how = How { mapping: "[rates]\nbase = \"USD\"\nEUR = 2\n", ..How::default() };
    let outcome = how.read(&[
        ("crm.csv", "customer_id,arr\na,1000\n"),
        ("usage.json", r#"{"currency": "EUR", "customers": [{"customer_id": "a", "currency": "EUR"}]}"#),
    ]);
    assert_eq!((outcome.errors(), outcome.accounts[0].arr), (vec![], 1000.0));
    assert_eq!(
        outcome.warnings(),
        ["crm.csv:2: record 1 (a): currency: found nothing, expected a currency: taken as USD"]
    );
    let lead = ("lead.csv", "customer_id,currency\na,EUR\nb,EUR\n");
    let outcome = how.read(&[lead, ("bill.csv", "customer_id,arr,currency\na,1000,USD\nb,1000,EUR\n")]);
    assert_eq!(outcome.accounts.iter().map(|account| account.arr).collect::<Vec<_>>(), [1000.0, 2000.0]);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    let outcome = how.read(&[
        ("crm.csv", "customer_id,arr,currency\na,1000,EUR\nb,1000,EUR\n"),
        ("bill.csv", "customer_id,arr,currency\na,2000,USD\nb,1000,USD\n"),
    ]);
    assert_eq!(outcome.accounts.iter().map(|account| account.arr).collect::<Vec<_>>(), [2000.0, 2000.0]);
    assert_eq!(
        outcome.warnings(),
        ["crm.csv:3:2: record 2 (b): arr: found \"1000\", bill.csv:3 has 1000 USD where this is 2000 USD; the source \
             listed first counts"]
    );
}

#[test]
fn customers_without_a_row_have_what_the_mapping_says() {
    let how = How {
        mapping: "[sources.tickets]\nfile = \"tickets.csv\"\n[sources.tickets.columns]\nOrg = \"customer_id\"\n\
                  [sources.tickets.aggregates.\"support.open_tickets\"]\ncount = true\notherwise = 0\n",
        ..How::default()
    };
    let outcome = how.read(&[("crm.csv", CRM), ("tickets.csv", "Org\nb\nb\n")]);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    let tickets: Vec<String> = (0..3).map(|account| outcome.value(account, "support.open_tickets")).collect();
    assert_eq!(tickets, ["0", "2", "0"]);
}

#[test]
fn very_many_modules_are_joined_by_name() {
    let table = |field: &str, modules: std::ops::Range<usize>, cell: &str| {
        let header: Vec<String> = modules.clone().map(|module| format!("product_usage.m{module}.{field}")).collect();
        let cells = vec![cell; modules.len()].join(",");
        format!("customer_id,{}\na,{cells}\n", header.join(","))
    };
    let (crm, usage) = (table("adopted", 0..60, "yes"), table("usage_pct", 20..100, "7"));
    let outcome = How::default().read(&[("crm.csv", &crm), ("usage.csv", &usage)]);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    let modules = &outcome.accounts[0].footprint.modules;
    let found: Vec<(String, bool, f64)> =
        modules.iter().map(|module| (module.name.to_owned(), module.adopted, module.usage_pct)).collect();
    let expected: Vec<(String, bool, f64)> = (0..100)
        .map(|module: usize| (format!("m{module}"), module < 60, if module < 20 { 0.0 } else { 7.0 }))
        .collect();
    assert_eq!(found, expected);
}
