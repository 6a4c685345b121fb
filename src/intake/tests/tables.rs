//! Tables: what is read, and what is told of what cannot be.

use proptest::prelude::*;

use super::{How, read_one};
use crate::account::{Lifecycle, Module};

/// Checks the errors, warnings and notes of a table named `t.csv`, and the ids of the accounts that it gives.
fn check(text: &str, ids: &[&str], errors: &[&str], warnings: &[&str], notes: &[&str]) {
    let outcome = read_one("t.csv", text);
    assert_eq!(outcome.errors(), errors, "{text}");
    assert_eq!(outcome.warnings(), warnings, "{text}");
    assert_eq!(outcome.notes(), notes, "{text}");
    assert_eq!(outcome.ids(), ids, "{text}");
}

#[test]
fn headers_that_are_paths_feed_their_fields() {
    let outcome = read_one(
        "t.csv",
        "name,customer_id,segment,arr,contract_end_date,lifecycle,auto_renew,usage.login_frequency,support.escalation_rate,\
         relationship.renewal_sentiment,relationship.champion_left,contract.licensed_seats,contract.available_tiers,\
         departments.potential,product_usage.api.adopted,product_usage.crm.usage_pct,product_usage.api.usage_pct\n\
         Fenbridge,A-1,SMB,\"$120,000\",2026-12-31,Onboarding,yes,85%,12%,Positive,x,1.2k,a;b ; c,,no,,0\n\
         ,A-2,,,,,,,,,,,,Sales,,30,\n",
    );
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    let account = &outcome.accounts[0];
    assert_eq!((account.id.as_str(), account.name.as_str()), ("A-1", "Fenbridge"));
    assert_eq!((account.segment.as_deref(), account.arr), (Some("SMB"), 120_000.0));
    assert_eq!(account.term.end.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
    assert_eq!((account.lifecycle, account.term.auto_renew), (Lifecycle::Onboarding, Some(true)));
    for (path, value) in [
        ("usage.login_frequency", "85"),
        ("support.escalation_rate", "0.12"),
        ("relationship.renewal_sentiment", "positive"),
        ("relationship.champion_left", "true"),
        ("engagement.csat_score", "absent"),
    ] {
        assert_eq!(outcome.value(0, path), value, "{path}");
    }
    assert_eq!(account.footprint.licensed_seats, 1200.0);
    assert_eq!(account.footprint.available_tiers.iter().collect::<Vec<_>>(), ["a", "b", "c"]);
    assert!(account.footprint.departments.potential.is_empty());
    let modules = |account: usize| outcome.accounts[account].footprint.modules.iter().collect::<Vec<_>>();
    assert_eq!(modules(0), [Module { name: "api", adopted: false, usage_pct: 0.0 }]);
    assert_eq!(modules(1), [Module { name: "crm", adopted: false, usage_pct: 30.0 }]);
    assert_eq!(outcome.accounts[1].name, "Unknown");
    assert_eq!(outcome.reading.currency, None);
}

#[test]
fn faults_name_line_column_header_and_what_is_allowed() {
    check(
        "customer_id,arr,contract_end_date,usage.login_frequency,support.escalation_rate,relationship.champion_left\n\
         a,12k5,31.12.2026,many,5%%,perhaps\n\
         b,-1,,120,85,\n\
         c,,,,\"#N/A\",\n",
        &["b", "c"][1..],
        &[
            "t.csv:2:2: record 1 (a): arr: found \"12k5\", expected a number of at least 0",
            "t.csv:2:3: record 1 (a): contract_end_date: found \"31.12.2026\", expected a date written as 2026-12-31, or as a mapping declares",
            "t.csv:2:4: record 1 (a): usage.login_frequency: found \"many\", expected a number",
            "t.csv:2:5: record 1 (a): support.escalation_rate: found \"5%%\", expected a number",
            "t.csv:2:6: record 1 (a): relationship.champion_left: found \"perhaps\", expected true or false, 1 or 0, yes or no",
            "t.csv:3:2: record 2 (b): arr: found \"-1\", expected a number of at least 0",
        ],
        &[
            "t.csv:3:4: record 2 (b): usage.login_frequency: found \"120\", outside the plausible range 0 to 100",
            "t.csv:3:5: record 2 (b): support.escalation_rate: found \"85\", looks like a percentage, expected 0 to 1",
            "t.csv:4:5: record 3 (c): support.escalation_rate: found \"#N/A\", which is no value: taken as absent",
        ],
        &[],
    );
}

#[test]
fn a_table_has_one_column_of_each_field_and_one_of_ids() {
    let hint =
        "expected a column customer_id, or a mapping that names the column which feeds it: `csm map` proposes one";
    check(
        "",
        &[],
        &["t.csv: found nothing, expected a table with a header and a row for each customer, or JSON with customers"],
        &[],
        &[],
    );
    check("Account,ARR\nx,5\n", &[], &[&format!("t.csv:1: found the headers \"Account\", \"ARR\", {hint}")], &[], &[]);
    check("12,13\n14,15\n", &[], &[&format!("t.csv:1: found the headers \"12\", \"13\", {hint}")], &[], &[]);
    check(
        "customer_id,arr,customer_id, arr \n",
        &[],
        &[
            "t.csv:1:3: \"customer_id\": feeds customer_id, as column 1 (\"customer_id\") does: expected one column of it",
            "t.csv:1:4: \"arr\": feeds arr, as column 2 (\"arr\") does: expected one column of it",
        ],
        &[],
        &[],
    );
    check(
        "customer_id,arr\n",
        &[],
        &["t.csv:1: found no row behind the header, expected a row for each customer"],
        &[],
        &[],
    );
}

#[test]
fn ids_stand_once_and_not_nowhere() {
    check(
        "customer_id,name\na,x\nb,y\na,z\n",
        &["a", "b"],
        &[
            "t.csv:4:1: record 3 (a): customer_id: found \"a\", stands in record 1 too: expected each customer once, or a \
           mapping that aggregates rows",
        ],
        &[],
        &[],
    );
    check(
        "customer_id,name,arr\n,x,5\n",
        &["unknown"],
        &["t.csv: \"customer_id\": found no value in any row, expected what says whose row it is"],
        &["t.csv:2:1: record 1: customer_id: found nothing, expected an id; shown as unknown"],
        &[],
    );
    check(
        "customer_id,name,arr\n,x,5\nb,y,6\n",
        &["unknown", "b"],
        &[],
        &["t.csv:2:1: record 1: customer_id: found nothing, expected an id; shown as unknown"],
        &[],
    );
}

#[test]
fn rows_have_the_cells_of_the_header() {
    check(
        "customer_id,name,arr\na,x\nb,y,1,,\nc,y,1,9\nd,\"x\ny\n",
        &["b"],
        &[
            "t.csv:2: record 1: found 2 cells, expected 3 as in the header",
            "t.csv:4: record 3: found 4 cells, expected 3 as in the header",
            "t.csv:5: record 4: found 2 cells, expected 3 as in the header; is a quote not closed?",
        ],
        &[],
        &[],
    );
}

#[test]
fn cells_without_a_header_and_columns_without_a_use_are_told() {
    check(
        "customer_id,,Region,Phase of the moon\na,,EMEA,full\nb,7,EMEA,new\nc,8,,\n",
        &["a", "b", "c"],
        &[],
        &["t.csv:3:2: found \"7\", in a column without a header, whose cells are not read"],
        &["t.csv: 2 columns are not used, as nothing is known by that name: \"Region\", \"Phase of the moon\""],
    );
}

#[test]
fn footers_are_passed_over_and_told() {
    let note = |text: &str| format!("t.csv:4: the last row holds no data and is passed over: \"{text}\"");
    let table = "customer_id,name,arr\na,x,1\nb,y,2\n";
    for footer in [
        "Total",
        "Grand total:,,3",
        "Total,,3",
        "TOTAL:,,$3",
        "Grand Totals (3 records),,300",
        "Total (2),,",
        "Count: 2",
        "Gesamtsumme,,3",
        "Generated by nobody on Friday",
        ",,3",
    ] {
        let text = footer.split(',').find(|cell| !cell.is_empty()).unwrap_or_default();
        check(&format!("{table}{footer}\n"), &["a", "b"], &[], &[], &[&note(text)]);
    }
    for data in ["Confidential,,", "TOTAL,Total SE,900", "Total,enterprise,", "Totalis,,3", "total-7x,,3"] {
        let id = data.split(',').next().unwrap_or_default();
        check(&format!("{table}{data}\n"), &["a", "b", id], &[], &[], &[]);
    }
    check(
        &format!("{table}\n\nCopyright\nAll rights reserved by somebody\n"),
        &["a", "b"],
        &[],
        &[],
        &["t.csv:6: the last 2 rows (to 7) hold no data and are passed over: \"Copyright\", …"],
    );
    check(
        "customer_id,name,arr\na,x,1\nTotal\nb,y,2\n",
        &["a", "b"],
        &["t.csv:3: record 2: found a row with only \"Total\", expected the data of a customer"],
        &[],
        &[],
    );
    // More rows than a footer has are data that lack something.
    for (count, errors) in [(20, 0), (21, 21)] {
        let outcome = read_one("t.csv", &format!("{table}{}", "footer\n".repeat(count)));
        assert_eq!(outcome.errors().len(), errors, "{count}");
    }
}

#[test]
fn customers_are_no_footers_by_their_names() {
    let how = How { key: crate::intake::Key::Path("name".to_owned()), ..How::default() };
    for row in ["Bank of America,", "Total Energies,500", "Bank of Total,"] {
        let outcome = how.read(&[("t.csv", &format!("name,arr\nAcme,1\n{row}\n"))]);
        assert_eq!((outcome.accounts.len(), outcome.notes()), (2, vec![]), "{row}");
    }
    assert_eq!(how.read(&[("t.csv", "name\nAcme\nBank of America\n")]).accounts.len(), 2);
}

#[test]
fn titles_above_the_header_are_passed_over() {
    check(
        "Accounts of the quarter\n\nas of June\ncustomer_id,name\na,x\n",
        &["a"],
        &[],
        &[],
        &["t.csv:1: 2 lines above the header are passed over: \"Accounts of the quarter\", …"],
    );
    check("customer_id\na\n", &["a"], &[], &[], &[]);
    let how = |row| How {
        mapping: Box::leak(format!("[sources.t]\nposition = 1\nheader-row = {row}\n").into_boxed_str()),
        ..How::default()
    };
    let text = "Title,x\n\ncustomer_id,name\na,x\n";
    assert_eq!(how(3).read(&[("t.csv", text)]).ids(), ["a"]);
    for row in [2, 9] {
        let outcome = how(row).read(&[("t.csv", text)]);
        let error =
            format!("t.csv:{row}: found no row, expected the header there, as header-row = {row} in the mapping says");
        assert_eq!(outcome.errors(), [error]);
    }
}

#[test]
fn headers_that_are_nearly_paths_are_told() {
    check(
        "customer_id,ARR,usage.login_frequncy,Region\na,5,7,\n",
        &["a"],
        &[],
        &[
            "t.csv:1:2: found \"ARR\", which is not used: is it arr? Headers are paths letter by letter, or mapped",
            "t.csv:1:3: found \"usage.login_frequncy\", which is not used: is it usage.login_frequency? Headers are paths \
             letter by letter, or mapped",
        ],
        &["t.csv: 1 column is not used, as nothing is known by that name: \"Region\""],
    );
}

#[test]
fn an_amount_that_no_number_of_its_column_decides_is_told() {
    check(
        "customer_id;arr;usage.login_frequency\na;120.000;12.345\nb;85.000;\n",
        &["a", "b"],
        &[],
        &[
            "t.csv:2:2: \"arr\": found \"120.000\", taken as 120: where 120000 is meant, say decimal = \",\" in a mapping, for no \
           number of the column decides",
        ],
        &[],
    );
}

#[test]
fn words_for_nothing_are_named() {
    check(
        "customer_id,arr,contract_end_date\na,n/a,TBD\n",
        &[],
        &[
            "t.csv:2:2: record 1 (a): arr: found \"n/a\", expected a number of at least 0, or an empty cell: absent = [\"…\"] in a \
             mapping declares such words",
            "t.csv:2:3: record 1 (a): contract_end_date: found \"TBD\", expected a date such as 2026-12-31, or an empty cell: \
             absent = [\"…\"] in a mapping declares such words",
        ],
        &[],
        &[],
    );
}

#[test]
fn a_number_with_two_readings_is_never_guessed() {
    let two = |line: u32, found: &str, point: &str, comma: &str, beside: &str, record: &str| {
        format!(
            "t.csv:{line}:2: {record}arr: found \"{found}\", which is {point} or {comma}: the column has \"{beside}\" too; \
             say in a mapping whether \".\" or \",\" stands before decimals"
        )
    };
    check(
        "customer_id;arr\na;120.000,50 €\nb;12.345\n",
        &["a"],
        &[&two(3, "12.345", "12.345", "12345", "120.000,50 €", "record 2 (b): ")],
        &[],
        &[],
    );
    // What was taken one way before the column spoke for the other makes the file unusable.
    let outcome = read_one("t.csv", "customer_id;arr\na;12.345\nb;$7\n");
    assert_eq!(outcome.errors(), [two(2, "12.345", "12.345", "12345", "$7", "").replace(": arr:", ": \"arr\":")]);
    assert!(outcome.reading.problems.unusable());
    check("customer_id,arr\na,12.345\nb,7.5\n", &["a", "b"], &[], &[], &[]);
    check(
        "customer_id;arr\na;12,5\nb;1,234.5\n",
        &["a"],
        &[
            "t.csv:3:2: record 2 (b): arr: found \"1,234.5\", expected the sign before decimals that \"12,5\" has in this \
           column, or one that the mapping declares",
        ],
        &[],
        &[],
    );
}

#[test]
fn a_sign_beside_the_arr_is_the_currency() {
    let outcome = read_one("t.csv", "customer_id;arr\na;120.000,50 €\nb;7 EUR\n");
    assert_eq!((outcome.errors(), outcome.reading.currency.as_deref()), (vec![], Some("EUR")));
    check(
        "customer_id,arr\na,£5\nb,$7\n",
        &["a"],
        &["t.csv:3:2: record 2 (b): arr: found \"$7\", expected GBP as in record 1: one portfolio has one currency"],
        &[],
        &[],
    );
    check(
        "customer_id,arr,currency\na,€5,USD\nb,$5,USD\n",
        &["b"],
        &["t.csv:2:2: record 1 (a): arr: found \"€5\", the record's currency is USD"],
        &[],
        &[],
    );
}

#[test]
fn rejects_can_be_mended_and_read_again() {
    let outcome = read_one("t.csv", "customer_id;name;arr\na;\"x; y\";1\nb;\"y; z\";no\nc;x\n");
    assert_eq!(outcome.rejects[0], "customer_id;name;arr\nb;\"y; z\";no\nc;x\n");
    assert_eq!((outcome.reading.records, outcome.reading.invalid), (3, 2));
}

#[test]
fn mappings_feed_fields_from_columns_of_any_name() {
    let how = How {
        mapping: r#"
            [sources.crm]
            file = "crm*.csv"
            date = "DD.MM.YYYY"
            decimal = ","
            absent = ["N/A", "-"]
            [sources.crm.columns]
            "Account ID" = "customer_id"
            "MRR" = { path = "arr", convert = "monthly-to-yearly" }
            "Renewal" = "contract_end_date"
            "Mood" = { path = "relationship.renewal_sentiment", words = { "Happy" = "positive", "At risk" = "negative" } }
            "Days to resolve" = { path = "support.avg_resolution_hours", convert = "days-to-hours" }
            "Gone" = "engagement.csat_score"
        "#,
        ..How::default()
    };
    let text = "account  id,mrr,Renewal,Mood,Days to resolve,usage.login_frequency\n\
                a,\"1.250,50\",31.12.2026,happy,2,-\n\
                b,12.345,2026-12-31,at risk,\"1,5\",n/a\n";
    let outcome = how.read(&[("crm-june.csv", text)]);
    assert_eq!(
        outcome.errors(),
        [
            "crm-june.csv:3:3: record 2 (b): contract_end_date (\"Renewal\"): found \"2026-12-31\", expected a date written as DD.MM.YYYY"
        ]
    );
    assert_eq!(
        outcome.warnings(),
        ["crm-june.csv: the mapping feeds engagement.csat_score from a column \"Gone\", which is not in the file"]
    );
    assert_eq!(outcome.accounts[0].arr, 15_006.0);
    assert_eq!(outcome.accounts[0].term.end.map(|day| day.to_string()).as_deref(), Some("2026-12-31"));
    for (path, value) in [
        ("relationship.renewal_sentiment", "positive"),
        ("support.avg_resolution_hours", "48"),
        ("usage.login_frequency", "absent"),
    ] {
        assert_eq!(outcome.value(0, path), value, "{path}");
    }
}

#[test]
fn rows_of_one_customer_are_put_together() {
    let how = How {
        mapping: r#"
            [sources.tickets]
            file = "tickets.csv"
            [sources.tickets.columns]
            "Organization" = "customer_id"
            "Org name" = "name"
            [sources.tickets.aggregates."support.open_tickets"]
            count = true
            where = { Status = ["open", "pending"] }
            [sources.tickets.aggregates."support.escalation_rate"]
            share = true
            where = { Escalated = { is = ["yes"] }, "Created at" = { within-days = 90 } }
            [sources.tickets.aggregates."support.avg_resolution_hours"]
            mean = "Hours"
            [sources.tickets.aggregates."engagement.csat_score"]
            latest = "CSAT"
            by = "Created at"
        "#,
        ..How::default()
    };
    let text = "Organization,Org name,Status,Escalated,Created at,Hours,CSAT\n\
                b,,Open,yes,2026-06-30,10,4\n\
                a,Ay,closed,no,2026-06-01,,2\n\
                b,Bee,PENDING,yes,2026-03-31,20,3\n\
                b,Bea,closed,yes,2026-04-02,,1\n\
                ,,open,no,2026-06-01,1,1\n\
                c,See,open,no,soon,1,1\n\
                c,See,open,no,2026-06-01,x,1\n";
    let outcome = how.read(&[("tickets.csv", text)]);
    assert_eq!(
        outcome.errors(),
        [
            "tickets.csv:7:5: record 6 (c): engagement.csat_score (\"Created at\"): found \"soon\", expected a date written as 2026-12-31, or as a mapping declares",
            "tickets.csv:8:6: record 7 (c): support.avg_resolution_hours (\"Hours\"): found \"x\", expected a number",
        ]
    );
    assert_eq!(
        outcome.warnings(),
        [
            "tickets.csv:5:2: record 4 (b): name (\"Org name\"): found \"Bea\", record 3 has \"Bee\"; the first filled row counts",
            "tickets.csv: 1 row names no customer (line 6) and is not counted",
        ]
    );
    assert_eq!(outcome.ids(), ["b", "a"]);
    assert_eq!((outcome.reading.records, outcome.reading.invalid), (3, 1));
    assert_eq!(outcome.accounts[0].name, "Bee");
    let rows: Vec<[String; 4]> = (0..2)
        .map(|account| {
            ["support.open_tickets", "support.escalation_rate", "support.avg_resolution_hours", "engagement.csat_score"]
                .map(|path| outcome.value(account, path))
        })
        .collect();
    assert_eq!(rows, [["2", "0.6666666666666666", "15", "4"], ["0", "0", "absent", "2"]]);
}

#[test]
fn words_of_a_mapping_are_values_and_words_for_nothing_may_look_like_errors() {
    let how = How {
        mapping: r##"
            [sources.t]
            position = 1
            decimal = ","
            date = "DD/MM/YYYY"
            absent = ["#N/A", "none"]
            [sources.t.columns]
            "Renewal" = { path = "contract_end_date", words = { "evergreen" = "2099-12-31" } }
            "Logins" = { path = "usage.login_frequency", words = { "daily" = 99.5 }, convert = "ratio-to-percent" }
            "Left" = { path = "relationship.champion_left", words = { "gone" = true } }
        "##,
        ..How::default()
    };
    let text = "customer_id,Renewal,Logins,Left\na,Evergreen,Daily,Gone\nb,#N/A,\"0,5\",None\n";
    let outcome = how.read(&[("t.csv", text)]);
    assert_eq!((outcome.errors(), outcome.warnings()), (vec![], vec![]));
    assert_eq!(outcome.accounts[0].term.end.map(|day| day.to_string()).as_deref(), Some("2099-12-31"));
    let values =
        |account| ["usage.login_frequency", "relationship.champion_left"].map(|path| outcome.value(account, path));
    assert_eq!(values(0), ["99.5", "true"]);
    assert_eq!(values(1), ["50", "absent"]);
}

#[test]
fn several_contracts_begin_with_the_first_and_end_with_the_last() {
    let how = How {
        mapping: r#"
            [sources.contracts]
            position = 1
            [sources.contracts.columns]
            "Account" = "customer_id"
            [sources.contracts.aggregates.contract_start_date]
            min = "Start"
            [sources.contracts.aggregates.contract_end_date]
            max = "End"
        "#,
        ..How::default()
    };
    let text = "Account,Start,End\na,2025-02-01,2026-12-31\na,2024-01-01,2026-06-30\na,2024-06-01,\nb,,\n";
    let outcome = how.read(&[("contracts.csv", text)]);
    assert_eq!(outcome.errors(), [] as [&str; 0]);
    let term = outcome.accounts[0].term;
    assert_eq!([term.start, term.end].map(|day| day.expect("a day").to_string()), ["2024-01-01", "2026-12-31"]);
    assert_eq!(outcome.accounts[1].term.end, None);
}

#[test]
fn problems_are_all_counted_and_listed_up_to_a_bound() {
    let text = format!("customer_id,arr\n{}", "a,x\n".repeat(crate::intake::MAX_LISTED / 2 + 1));
    let problems = read_one("t.csv", &text).reading.problems;
    // The amount is no number, and the id stands there again in all rows but the first.
    assert_eq!(problems.error_count(), crate::intake::MAX_LISTED as u64 + 1);
    assert_eq!(problems.errors().len(), crate::intake::MAX_LISTED);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Whatever quotes, line ends, numbers and rows without data a table has, blocks of any size give the same: reading compares them.
    #[test]
    fn tables_may_be_cut_anywhere(
        rows in prop::collection::vec(
            prop_oneof![
                6 => ("[A-D][0-9]?", cell(), cell(), cell()).prop_map(|(id, name, arr, csat)| format!("{id},{name},{arr},{csat}")),
                1 => Just("Total,,5,".to_owned()),
                1 => Just(",,,".to_owned()),
                1 => Just("only one".to_owned()),
                1 => Just("A,b,1,2,beyond".to_owned()),
            ],
            0..12,
        ),
        ends in prop::collection::vec(prop::sample::select(vec!["\n", "\n", "\r\n", "\r", "\n\n"]), 12),
    ) {
        let rows = rows.iter().zip(&ends).flat_map(|(row, end)| [row.as_str(), end]).collect::<String>();
        read_one("t.csv", &format!("customer_id,name,arr,engagement.csat_score\n{rows}"));
    }
}

/// A cell as it may stand in a table.
fn cell() -> impl Strategy<Value = String> {
    let cells = [
        "",
        "1",
        "2.5",
        "1.234",
        "\"1,234\"",
        "\"1,5\"",
        "$7",
        "EUR 9",
        "x",
        "\"a \"\"b\"\"\"",
        "\"line\nfeed\"",
        "\"carriage\r\nreturn\"",
        "5\" wide",
        "\"open",
        "\"a\"b",
        "n/a",
        " \"",
        "é",
    ];
    prop::sample::select(cells.to_vec()).prop_map(str::to_owned)
}
