//! Fields of text that a caller asks for by their paths.

use super::{How, Outcome};
use crate::intake::Key;

fn read(attributes: &[&str], mapping: &str, sources: &[(&str, &str)]) -> Outcome {
    How { mapping, attributes, ..How::default() }.read(sources)
}

/// What the accounts have, by the positions of the request.
fn values(outcome: &Outcome) -> Vec<Vec<&str>> {
    outcome.accounts.iter().map(|account| account.attributes.iter().collect()).collect()
}

/// What no source has, and what is nearest to it.
fn unknown(outcome: &Outcome) -> Vec<(usize, Option<&str>)> {
    let unknown = &outcome.reading.unknown_attributes;
    unknown.iter().map(|attribute| (attribute.position, attribute.near.as_deref())).collect()
}

const NONE: [&str; 0] = [];

#[test]
fn json_gives_text_as_it_stands_and_other_scalars_as_they_are_written() {
    let text = r#"[{"customer_id":"a","region":" EMEA ","company":{"country":"DE","size":1.50},"tier":2,"is_key":true,"rank":-7},
                   {"customer_id":"b","region":null,"company":null,"tier":1e3,"is_key":false,"rank":12345678901234567890123},
                   {"customer_id":"c"}]"#;
    let attributes = ["company.size", "region", "tier", "company.country", "is_key", "rank"];
    for source in [("p.json", text), ("p.ndjson", &text[1..text.len() - 1].replace("},\n", "}\n"))] {
        let outcome = read(&attributes, "", &[source]);
        assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
        assert_eq!(
            values(&outcome),
            [
                ["1.50", " EMEA ", "2", "DE", "true", "-7"],
                ["", "", "1e3", "", "false", "12345678901234567890123"],
                ["", "", "", "", "", ""]
            ]
        );
        assert_eq!(unknown(&outcome), []);
    }
    assert!(read(&[], "", &[("p.json", text)]).accounts[0].attributes.is_empty());
}

#[test]
fn objects_and_lists_are_errors_at_their_field() {
    let text = "[\n{\"customer_id\":\"a\",\"region\":[\"x\"],\"company\":{\"country\":{}}},\n{\"customer_id\":\"b\",\"company\":\"x\"}]";
    let outcome = read(&["region", "company.country"], "", &[("p.json", text)]);
    assert_eq!(
        outcome.errors(),
        [
            "p.json:2:29: record 1 (a): region: found a list, expected text, a number, or true or false",
            "p.json:2:56: record 1 (a): company.country: found an object, expected text, a number, or true or false",
            "p.json:3:30: record 2 (b): company: found \"x\", expected an object",
        ]
    );
}

#[test]
fn tables_have_them_in_columns_whose_headers_are_their_paths_or_that_are_mapped() {
    let table = "customer_id,region,company.country,Billing Region,is_key\na,EMEA,DE,North,TRUE\nb,,0049,South,\n";
    let outcome = read(&["is_key", "company.country", "region"], "", &[("t.csv", table)]);
    assert_eq!(values(&outcome), [["TRUE", "DE", "EMEA"], ["", "0049", ""]]);
    assert_eq!(outcome.notes(), ["t.csv: 1 column is not used, as nothing is known by that name: \"Billing Region\""]);
    let mapping = "[sources.t]\nfile = \"t.csv\"\n[sources.t.attributes]\n\"billing region\" = \"region\"\n\
                   is_key = { path = \"key\", words = { \"TRUE\" = \"yes\" } }\n";
    let outcome = read(&["region", "key"], mapping, &[("t.csv", table)]);
    assert_eq!(values(&outcome), [["North", "yes"], ["South", ""]]);
    // A column that a mapping speaks of is no unused one, also where nobody asks for it.
    assert_eq!(
        read(&["key"], mapping, &[("t.csv", table)]).notes(),
        ["t.csv: 1 column is not used, as nothing is known by that name: \"company.country\""]
    );
}

#[test]
fn what_no_source_has_is_told_with_what_is_nearest() {
    let table = "customer_id,Region,Sub-Region,Plan Name\na,,,\n";
    let json = r#"[{"customer_id":"a","industry":"x","company":{"country":"DE"},"zone":null}]"#;
    let attributes = ["region", "regon", "idustry", "colour", "company.contry", "company.country", "zone"];
    let outcome = read(&attributes, "", &[("t.csv", table), ("p.json", json)]);
    assert_eq!(
        unknown(&outcome),
        [(0, Some("Region")), (1, Some("Region")), (2, Some("industry")), (3, None), (4, None), (6, None)]
    );
    // A column is there although it is empty.
    assert_eq!(unknown(&read(&["Region"], "", &[("t.csv", table)])), []);
    let mapping = "[sources.t]\nfile = \"t.csv\"\n[sources.t.attributes]\n\"Plan Name\" = \"package\"\n";
    assert_eq!(unknown(&read(&["packages"], mapping, &[("t.csv", table)])), [(0, Some("package"))]);
}

#[test]
fn joined_sources_fill_what_others_lack() {
    let crm = "customer_id,region,industry\na,EMEA,\nb,,Retail\n";
    let more = r#"[{"customer_id":"a","region":"APAC","industry":"Legal"},{"customer_id":"b","region":"EMEA","industry":"Retail"}]"#;
    let outcome = read(&["industry", "region"], "", &[("crm.csv", crm), ("more.json", more)]);
    assert_eq!(values(&outcome), [["Legal", "EMEA"], ["Retail", "EMEA"]]);
    assert_eq!(
        outcome.warnings(),
        ["crm.csv:2:2: record 1 (a): region: found \"EMEA\", more.json:1 has \"APAC\"; the source listed first counts"]
    );
    let outcome = How { attributes: &["region"], outer: true, ..How::default() }
        .read(&[("crm.csv", "customer_id\nc\n"), ("more.json", more)]);
    assert_eq!(values(&outcome), [[""], ["APAC"], ["EMEA"]]);
}

#[test]
fn a_path_may_be_what_sources_are_joined_by_too() {
    let (crm, usage) = ("customer_id,crm_id,arr\na,X1,5\n", "crm_id,region\nX1,EMEA\n");
    let how = How { attributes: &["crm_id", "region"], key: Key::Path("crm_id".to_owned()), ..How::default() };
    let outcome = how.read(&[("crm.csv", crm), ("usage.csv", usage)]);
    assert_eq!((outcome.errors(), values(&outcome)), (vec![], vec![vec!["X1", "EMEA"]]));
    assert_eq!(outcome.warnings(), NONE);
}

#[test]
fn a_path_within_a_module_leaves_the_module_as_it_is() {
    let text = r#"[{"customer_id":"a","product_usage":{"api":{"adopted":true,"plan":"Pro"}}}]"#;
    let outcome = read(&["product_usage.api.plan"], "", &[("p.json", text)]);
    assert_eq!(values(&outcome), [["Pro"]]);
    let modules = outcome.accounts[0].footprint.modules.iter().map(|module| (module.name, module.adopted));
    assert_eq!(modules.collect::<Vec<_>>(), [("api", true)]);
}

#[test]
fn the_first_row_of_an_id_counts_where_rows_are_put_together() {
    let mapping = "[sources.t]\nfile = \"t.csv\"\n[sources.t.attributes]\n\"Region\" = \"region\"\n\
                   [sources.t.aggregates.\"support.open_tickets\"]\ncount = true\n";
    let table = "customer_id,Region\na,\na,EMEA\na,APAC\n";
    let outcome = read(&["region"], mapping, &[("t.csv", table)]);
    assert_eq!(values(&outcome), [["EMEA"]]);
    assert_eq!(
        outcome.warnings(),
        [
            "t.csv:4:2: record 3 (a): region (\"Region\"): found \"APAC\", record 2 has \"EMEA\"; the first filled row counts"
        ]
    );
}
