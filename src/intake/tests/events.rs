//! Tables with several rows of each customer.

use super::{How, Outcome};
use crate::intake::Key;

const CRM: &str = "customer_id,name,segment\na,Ay,smb\nb,Bee,smb\nc,See,smb\n";

/// A mapping of `events.csv`, whose column Org is the id, with further lines.
fn mapping(lines: &str) -> String {
    format!("[sources.events]\nfile = \"events*\"\n{lines}")
}

/// Reads rows of `events.csv` alone with aggregates.
fn events(lines: &str, text: &str) -> Outcome {
    let header = text.lines().next().unwrap_or_default();
    let known = [("Org", "customer_id"), ("Cur", "currency"), ("Seg", "segment")];
    let columns = known.iter().filter(|(column, _)| header.split(',').any(|own| own == *column));
    let columns: Vec<String> = columns.map(|(column, path)| format!("{column} = \"{path}\"\n")).collect();
    let lines = format!("[sources.events.columns]\n{}{lines}", columns.concat());
    How { mapping: &mapping(&lines), ..How::default() }.read(&[("events.csv", text)])
}

const ARR: &str = "[sources.events.aggregates.arr]\nsum = \"Amount\"\n";
const RATES: &str = "[rates]\nbase = \"EUR\"\nUSD = 0.5\n";
const OPEN: &str = "[sources.events.aggregates.\"support.open_tickets\"]\n";

#[test]
fn amounts_of_a_customer_have_one_currency_or_are_converted() {
    let latest = "[sources.events.aggregates.arr]\nlatest = \"Amount\"\nby = \"Day\"\n";
    let converted = format!("{ARR}{RATES}");
    let latest_converted = format!("{latest}{RATES}");
    for (lines, text, arr, currency, errors) in [
        (ARR, "Org,Amount\na,\"$1,000\"\na,$500\n", Some(1500.0), None, vec![]),
        (ARR, "Org,Amount,Cur\na,100,eur\na,\"€50\",\na,5,\n", Some(155.0), Some("EUR"), vec![]),
        (ARR, "Org,Amount,Cur\na,$100,\na,50,CAD\n", Some(150.0), Some("CAD"), vec![]),
        (
            ARR,
            "Org,Amount\na,\"$1,000\"\na,€500\n",
            None,
            None,
            vec![
                "events.csv:3:2: record 2 (a): arr (\"Amount\"): found \"€500\", expected $: one portfolio has one currency",
            ],
        ),
        (
            ARR,
            "Org,Amount,Cur\na,100,USD\na,50,EUR\n",
            None,
            None,
            vec![
                "events.csv:3:3: record 2 (a): currency (\"Cur\"): found \"EUR\", expected USD: one portfolio has one currency",
            ],
        ),
        (
            ARR,
            "Org,Amount,Cur\na,$100,EUR\n",
            None,
            None,
            vec![
                "events.csv:2:2: record 1 (a): arr (\"Amount\"): found \"$100\", expected EUR: one portfolio has one currency",
            ],
        ),
        (&converted, "Org,Amount,Cur\na,100,USD\na,50,EUR\na,$20,\na,3,\n", Some(113.0), Some("EUR"), vec![]),
        (
            &converted,
            "Org,Amount,Cur\na,100,USD\na,50,CHF\n",
            None,
            Some("EUR"),
            vec![
                "events.csv:3:3: record 2 (a): currency (\"Cur\"): found \"CHF\", expected a currency that the mapping has a rate for: EUR, USD",
            ],
        ),
        (
            latest,
            "Org,Amount,Cur,Day\na,100,USD,2026-01-01\na,50,EUR,2026-02-01\na,7,GBP,2025-12-31\n",
            Some(50.0),
            Some("EUR"),
            vec![],
        ),
        (
            &latest_converted,
            "Org,Amount,Cur,Day\na,100,EUR,2026-01-01\na,50,USD,2026-02-01\n",
            Some(25.0),
            Some("EUR"),
            vec![],
        ),
    ] {
        let outcome = events(lines, text);
        assert_eq!(outcome.errors(), errors, "{lines}{text}");
        assert_eq!(outcome.warnings(), [] as [&str; 0], "{lines}{text}");
        assert_eq!(outcome.accounts.first().map(|account| account.arr), arr, "{lines}{text}");
        assert_eq!(outcome.reading.currency.as_deref(), currency, "{lines}{text}");
    }
}

#[test]
fn currencies_of_customers_are_checked_against_each_other() {
    let outcome = events(ARR, "Org,Amount\na,€5\nb,$5\nb,$6\n");
    assert_eq!(
        outcome.errors(),
        [
            "events.csv:3: record 2 (b): currency: found \"$\", expected EUR as in record 1: one portfolio has one currency"
        ]
    );
}

#[test]
fn the_segment_of_customers_without_a_row_is_looked_up() {
    let lines = "[sources.events.columns]\nOrg = \"customer_id\"\n\
                 [sources.events.aggregates.segment]\nlatest = \"Seg\"\nby = \"Day\"\notherwise = \"Enterprise\"\n";
    let how = How { mapping: &mapping(lines), ..How::default() };
    let outcome = how.read(&[("crm.csv", "customer_id\na\nb\n"), ("events.csv", "Org,Seg,Day\na,smb,2026-01-01\n")]);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    let profiles: Vec<usize> = outcome.accounts.iter().map(|account| account.profile.index()).collect();
    assert_eq!(profiles, [2, 0]);
}

#[test]
fn numbers_that_are_read_in_two_ways_are_told_once() {
    let lines = format!(
        "{OPEN}sum = \"Open\"\n[sources.events.aggregates.\"support.avg_resolution_hours\"]\nmean = \"Open\"\n\
         where = {{ \"Size\" = {{ at-least = 2 }} }}\n"
    );
    for (text, errors) in [
        ("Org,Open,Size\na,\"1.234\",5\na,\"2,5\",5\n", 1),
        ("Org,Open,Size\na,3,\"1.234\"\na,3,\"2,5\"\n", 1),
        ("Org,Open,Size\na,3,\"1,5\"\na,3,\"2,5\"\n", 0),
    ] {
        let errors_found = events(&lines, text).errors();
        assert_eq!(errors_found.len(), errors, "{text}: {errors_found:?}");
    }
}

#[test]
fn rows_that_are_none_leave_their_customer_out() {
    let lines = "[sources.events.columns]\nOrg = \"customer_id\"\n\
                 [sources.events.aggregates.\"support.open_tickets\"]\ncount = true\notherwise = 0\n";
    let counted = mapping(lines);
    for (mapping, second) in [
        (counted.as_str(), "Org,Subject,State\na,x,open\nb,y\nb,z,open\n"),
        (&counted, "Org,Subject,State\nb,z,open\nb,y\na,x,open\n"),
        (&counted, "Org,Subject,State\na,x,open\nb\nc,z,open\n"),
        ("", "customer_id,support.open_tickets,name\na,1,\nb,2\nc,3,\n"),
        ("", "customer_id,support.open_tickets,name\na,1,\nb\nc,3,\n"),
    ] {
        let outcome = How { mapping, ..How::default() }.read(&[("crm.csv", CRM), ("events.csv", second)]);
        assert_eq!((outcome.ids(), outcome.errors().len()), (vec!["a", "c"], 1), "{second}: {:?}", outcome.errors());
    }
}

#[test]
fn plain_columns_are_read_in_all_rows() {
    let lines = format!("{OPEN}count = true\n");
    for (text, segment, errors, warnings) in [
        ("Org,Seg\na,\na,smb\na,SMB\n", Some("smb"), vec![], vec![]),
        (
            "Org,Seg\na,smb\na,enterprise\na,enterprise\nb,smb\n",
            Some("smb"),
            vec![],
            vec![
                "events.csv:3:2: record 2 (a): segment (\"Seg\"): found \"enterprise\", record 1 has \"smb\"; the first filled row counts",
            ],
        ),
        (
            "Org,arr\na,5\na,many\n",
            None,
            vec!["events.csv:3:2: record 2 (a): arr: found \"many\", expected a number of at least 0"],
            vec![],
        ),
        (
            "Org,arr\na,many\na,5\n",
            None,
            vec!["events.csv:2:2: record 1 (a): arr: found \"many\", expected a number of at least 0"],
            vec![],
        ),
    ] {
        let outcome = events(&lines, text);
        assert_eq!((outcome.errors(), outcome.warnings()), (to_strings(&errors), to_strings(&warnings)), "{text}");
        let found = outcome.accounts.first().and_then(|account| account.segment.as_deref());
        assert_eq!(found, segment, "{text}");
    }
}

fn to_strings(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn faults_name_module_value_and_first_row() {
    let usage = "[sources.events.aggregates.\"product_usage.api.usage_pct\"]\nmax = \"Used\"\n";
    let open = format!("{OPEN}sum = \"Open\"\n");
    for (lines, text, errors, warnings) in [
        (
            usage,
            "Org,Used\na,lots\n",
            vec![
                "events.csv:2:2: record 1 (a): product_usage.api.usage_pct (\"Used\"): found \"lots\", expected a number of at least 0",
            ],
            vec![],
        ),
        (
            &open,
            "Org,Open,Seg\nb,1,smb\nb,1,\na,200,\na,150,huge\n",
            vec![],
            vec![
                "events.csv:4: record 3 (a): support.open_tickets: found 350, outside the plausible range 0 to 300",
                "events.csv:5:3: record 3 (a): segment (\"Seg\"): found \"huge\", not a segment of the model: enterprise, \
                 mid-market or smb; scored as mid-market",
            ],
        ),
    ] {
        let outcome = events(lines, text);
        assert_eq!((outcome.errors(), outcome.warnings()), (to_strings(&errors), to_strings(&warnings)), "{text}");
    }
}

#[test]
fn an_export_without_events_is_no_error_behind_the_first_source() {
    let lines = "[sources.events.columns]\nOrg = \"customer_id\"\n\
                 [sources.events.aggregates.\"support.open_tickets\"]\ncount = true\notherwise = 0\n";
    let how = How { mapping: &mapping(lines), ..How::default() };
    for (text, open, warnings) in [
        ("Org,Subject\n", "0", vec![]),
        ("Org,Subject\n,x y\n", "0", vec!["events.csv: 1 row names no customer (line 2) and is not counted"]),
        (
            "Org,Subject,State\na,x,y\n,x,y\n,x,y\n",
            "1",
            vec!["events.csv: 2 rows name no customer (first line 3) and are not counted"],
        ),
    ] {
        let text = text.replace("x y", "x\",\"y").replace("Org,Subject\n,", "Org,Subject,State\n,");
        let outcome = how.read(&[("crm.csv", CRM), ("events.csv", &text)]);
        assert_eq!((outcome.errors(), outcome.warnings()), (vec![], to_strings(&warnings)), "{text}");
        assert_eq!(outcome.value(0, "support.open_tickets"), open, "{text}");
    }
    let outcome = how.read(&[("events.csv", "Org,Subject\n")]);
    assert_eq!(outcome.errors().len(), 1, "the first source has nothing beside it");
}

#[test]
fn the_latest_row_is_the_one_further_down_of_a_day_and_may_be_dated_ahead() {
    let lines = format!("{OPEN}latest = \"Open\"\nby = \"Day\"\n");
    for (rows, open) in [
        ("a,1,2026-06-30\na,2,2026-06-30\n", "2"),
        ("a,1,2026-07-01\na,2,2026-06-30\n", "1"),
        ("a,1,\na,2,2026-01-01\na,,2026-02-01\n", "2"),
    ] {
        let outcome = events(&lines, &format!("Org,Open,Day\n{rows}"));
        assert_eq!((outcome.errors(), outcome.value(0, "support.open_tickets").as_str()), (vec![], open), "{rows}");
    }
}

#[test]
fn conditions_hold_up_to_their_bounds() {
    for (test, cell, holds, warnings) in [
        ("{ within-days = 30 }", "2026-06-30", true, 0),
        ("{ within-days = 30 }", "2026-06-01", true, 0),
        ("{ within-days = 30 }", "2026-05-31", true, 0),
        ("{ within-days = 30 }", "2026-05-30", false, 0),
        ("{ within-days = 30 }", "2026-07-01", false, 0),
        ("{ within-days = 30 }", "#N/A", false, 1),
        ("{ at-least = 5 }", "5", true, 0),
        ("{ at-least = 5 }", "4.9", false, 0),
        ("{ at-most = 5 }", "5", true, 0),
        ("{ at-most = 5 }", "5.1", false, 0),
        ("{ filled = false }", "", true, 0),
        ("{ filled = false }", "#N/A", true, 1),
        ("{ not = \"done\" }", "#N/A", true, 1),
        ("{ not = \"done\" }", "DONE", false, 0),
    ] {
        let lines = format!("{OPEN}count = true\nwhere = {{ \"When\" = {test} }}\n");
        let outcome = events(&lines, &format!("Org,When,Subject\na,{cell},x\n"));
        assert_eq!(outcome.errors(), [] as [&str; 0], "{test} {cell}");
        let shown = outcome.value(0, "support.open_tickets");
        assert_eq!(shown, if holds { "1" } else { "0" }, "{test} {cell}");
        assert_eq!(outcome.warnings().len(), warnings, "{test} {cell}: {:?}", outcome.warnings());
    }
}

#[test]
fn amounts_of_a_later_source_are_converted_once() {
    let lines = format!("[sources.events.columns]\nOrg = \"customer_id\"\nCur = \"currency\"\n{ARR}{RATES}");
    let how = How { mapping: &mapping(&lines), ..How::default() };
    let outcome = how.read(&[("crm.csv", CRM), ("events.csv", "Org,Amount,Cur\na,100,USD\na,4,EUR\nb,10,USD\n")]);
    let amounts: Vec<f64> = outcome.accounts.iter().map(|account| account.arr).collect();
    assert_eq!((outcome.errors(), amounts), (vec![], vec![54.0, 5.0, 0.0]));
    let crm = "customer_id,currency\na,USD\n";
    let outcome = how.read(&[("crm.csv", crm), ("events.csv", "Org,Amount,Cur\na,100,USD\na,4,EUR\n")]);
    assert_eq!((outcome.errors(), outcome.accounts[0].arr), (vec![], 54.0));
}

#[test]
fn another_field_groups_rows_too() {
    let lines = format!("[sources.events.columns]\nSite = \"domain\"\n{OPEN}count = true\n");
    let how = How { mapping: &mapping(&lines), key: Key::Path("domain".to_owned()), ..How::default() };
    let crm = "customer_id,domain\na,a.example\nb,b.example\nc,c.example\n";
    let outcome = how.read(&[("crm.csv", crm), ("events.csv", "Site,X\nb.example,1\nc.example\na.example,2\n")]);
    assert_eq!(outcome.ids(), ["a", "b"], "{:?}", outcome.errors());
    assert_eq!(outcome.value(1, "support.open_tickets"), "1");
}

#[test]
fn rejects_are_read_again_when_mended() {
    let grouped = mapping(
        "[sources.events.columns]\nOrg = \"customer_id\"\n[sources.events.aggregates.\"support.open_tickets\"]\nsum = \"Open\"\n",
    );
    let below =
        mapping("header-row = 4\nencoding = \"windows-1252\"\n[sources.events.columns]\nOrg = \"customer_id\"\n");
    for (mapping, text, rejects, mend, ids) in [
        ("", "customer_id;arr\na;5\nb;WRONG\n", "customer_id;arr\nb;WRONG\n", "7", vec!["b"]),
        (&below, "Export\n\nof June\nOrg,arr\na,WRONG\nb,5\n", "\u{feff}\n\n\nOrg,arr\na,WRONG\n", "7", vec!["a"]),
        (
            "",
            "{\"customer_id\":\"a\",\"arr\":\"WRONG\"}\n{\"customer_id\":\"b\"}\n",
            "{\"customer_id\":\"a\",\"arr\":\"WRONG\"}\n",
            "7",
            vec!["a"],
        ),
        (
            &grouped,
            "Org,Open,X\nc,1,x\na,1,x\nb,2,x\na,WRONG,x\nb,2,x\nc,3\n",
            "Org,Open,X\nc,1,x\na,1,x\na,WRONG,x\nc,3\n",
            "7",
            vec!["a"],
        ),
    ] {
        let how = How { mapping, ..How::default() };
        let outcome = how.read(&[("events", text)]);
        assert_eq!(outcome.rejects[0], rejects, "{text}");
        let again = how.read(&[("events", &outcome.rejects[0].replace("WRONG", mend))]);
        assert_eq!(again.ids(), ids, "{text}: {:?}", again.errors());
    }
}
