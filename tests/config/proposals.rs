//! Proposals of mappings: what is proposed for exports as other tools write them, and that every proposal loads.
//!
//! The cases are data: `proposals/*.case` holds, for each, a line `## NAME`, the tables, each behind `>> FILE` as rows of cells between
//! `|`, and behind `<<` the mapping that is proposed, without the metrics that nothing feeds. `CSM_BLESS=1 cargo test` writes what is proposed now.

use std::sync::LazyLock;

use csm::config::mapping::propose::{Certainty, ColumnSample, Proposal, TableSample, propose, to_toml};
use csm::config::mapping::{ColumnMapping, Convert, Mapping, ValueReading, same_header};
use proptest::prelude::*;

use super::*;

fn table(name: &str, headers: &[&str], rows: &[Vec<&str>]) -> TableSample {
    let column = |(position, header): (usize, &&str)| {
        let cells = || rows.iter().filter_map(|row| row.get(position)).filter(|cell| !cell.trim().is_empty());
        ColumnSample {
            header: (*header).to_owned(),
            values: cells().map(|cell| (*cell).to_owned()).collect(),
            filled: cells().count(),
            rows: rows.len(),
        }
    };
    TableSample {
        name: name.to_owned(),
        position: 1,
        columns: headers.iter().enumerate().map(column).collect(),
        ..TableSample::default()
    }
}

/// The tables of a case.
fn tables(text: &str) -> Vec<TableSample> {
    let tables = text.split(">> ").skip(1).enumerate().map(|(index, text)| {
        let mut lines = text.lines();
        let name = lines.next().unwrap_or_default();
        let mut rows = lines.filter(|line| !line.is_empty()).map(|line| line.split('|').map(str::trim).collect());
        let headers: Vec<&str> = rows.next().unwrap_or_default();
        TableSample { position: index + 1, ..table(name, &headers, &rows.collect::<Vec<_>>()) }
    });
    tables.collect()
}

/// The mapping that a written proposal is; all that is in force must be in it, and nothing else.
fn loaded(proposal: &Proposal, models: &Models) -> Mapping {
    let text = to_toml(proposal);
    let mapping = config::load_mapping("mapping.toml", &text, &models.schema, None);
    let mapping = mapping.unwrap_or_else(|error| panic!("{error}\n\n{text}"));
    assert_eq!(mapping.sources.len(), proposal.tables.len(), "{text}");
    for (source, table) in mapping.sources.iter().zip(&proposal.tables) {
        let mut expected = table.source.clone();
        for column in table.columns.iter().filter(|column| column.certainty.is_in_force()) {
            let found = source.columns.iter().find(|known| same_header(&known.header, &column.header));
            let found = found.unwrap_or_else(|| panic!("{:?} in {text}", column.header));
            assert_eq!((&found.path, &found.reading), (&column.path, &column.reading), "{text}");
            expected.columns.push(found.clone());
        }
        let attributes = table.attributes.iter().map(|(header, path)| ColumnMapping {
            header: header.clone(),
            path: path.clone(),
            reading: ValueReading::default(),
        });
        expected.columns.extend(attributes);
        let aggregates = table.aggregates.iter().filter(|proposal| proposal.certainty.is_in_force());
        expected.aggregates = aggregates.map(|proposal| proposal.aggregate.clone()).collect();
        assert_eq!(source, &expected, "{text}");
    }
    mapping
}

#[test]
fn exports_of_other_tools_get_the_mapping_that_is_stored() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/config/proposals");
    let bless = std::env::var_os("CSM_BLESS").is_some();
    let models = shipped();
    let mut paths: Vec<_> =
        std::fs::read_dir(folder).expect("a folder of cases").map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    for path in paths {
        let text = std::fs::read_to_string(&path).expect("a file of cases");
        let mut now = String::new();
        for case in text.split("\n## ").map(|case| case.trim_start_matches("## ")) {
            let (name, body) = case.split_once('\n').expect("a name and a case");
            let (given, expected) = body.split_once("\n<<\n").unwrap_or((body, ""));
            let proposal = propose(&tables(given), &models.schema, &models.segments);
            loaded(&proposal, &models);
            let written = to_toml(&proposal);
            let written = written.split("\n# Metrics that nothing feeds:").next().unwrap_or_default();
            if !bless {
                assert_eq!(written.trim_end(), expected.trim_end(), "{} of {}", name, path.display());
            }
            now.extend(["## ", name, "\n", given.trim_end(), "\n<<\n", written, "\n"]);
        }
        if bless {
            std::fs::write(&path, now.trim_end().to_owned() + "\n").expect("the cases are written");
        }
    }
}

/// What is proposed for a column of an account with a sound id beside it: path, change of unit, and how firmly.
fn column(header: &str, values: &[&str]) -> Option<(String, Option<Convert>, Firmness)> {
    static MODELS: LazyLock<Models> = LazyLock::new(shipped);
    let ids: Vec<String> = (0..values.len()).map(|id| format!("C-{id}")).collect();
    let rows: Vec<Vec<&str>> = ids.iter().zip(values).map(|(id, value)| vec![id.as_str(), value]).collect();
    let proposal = propose(&[table("t.csv", &["Account ID", header], &rows)], &MODELS.schema, &MODELS.segments);
    loaded(&proposal, &MODELS);
    let found = proposal.tables[0].columns.iter().find(|column| column.header == header)?;
    let firmness = match found.certainty {
        Certainty::Sure => Firmness::Sure,
        Certainty::Unsure(_) => Firmness::Unsure,
        Certainty::Doubtful(_) => Firmness::Doubtful,
    };
    Some((found.path.clone(), found.reading.convert, firmness))
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Firmness {
    Sure,
    Unsure,
    Doubtful,
}

#[test]
fn units_follow_from_header_and_values() {
    use Convert::*;
    use Firmness::*;
    let percent = "usage.login_frequency";
    let ratio = "usage.dau_mau_ratio";
    let nps = "engagement.nps_score";
    let csat = "engagement.csat_score";
    let hours = "support.avg_resolution_hours";
    let days = "engagement_drop.response_time_days";
    for (header, values, path, convert, firmness) in [
        ("Login rate", &["88", "35"][..], percent, None, Sure),
        ("Login rate", &["1", "0.35"], percent, Some(RatioToPercent), Unsure),
        ("Login rate", &["1.01", "0.35"], percent, None, Sure),
        ("Login rate ratio", &["1", "0.35"], percent, Some(RatioToPercent), Sure),
        ("Login rate (%)", &["1", "0.35"], percent, None, Unsure),
        ("Login rate", &["0", "1"], percent, None, Unsure),
        ("Login rate", &["88%", "0.5%"], percent, None, Sure),
        ("Login rate", &["88%", "50"], percent, None, Unsure),
        ("Login rate", &["100", "100", "100", "100", "101"], percent, None, Unsure),
        ("Login rate", &["100", "100", "100", "101"], percent, None, Doubtful),
        ("DAU/MAU", &["1", "0.2"], ratio, None, Sure),
        ("DAU/MAU", &["1.1", "20"], ratio, Some(PercentToRatio), Unsure),
        ("DAU/MAU %", &["35", "20"], ratio, Some(PercentToRatio), Sure),
        ("DAU/MAU %", &["0.35", "0.2"], ratio, None, Unsure),
        ("DAU/MAU", &["35%", "20%"], ratio, None, Sure),
        ("DAU/MAU", &["135%", "120%"], ratio, None, Doubtful),
        ("NPS", &["0", "10"], nps, None, Sure),
        ("NPS", &["0", "11"], nps, Some(NpsToTen), Unsure),
        ("NPS", &["-1", "10"], nps, Some(NpsToTen), Unsure),
        ("NPS", &["-1", "101"], nps, Some(NpsToTen), Doubtful),
        ("CSAT", &["1", "5"], csat, None, Sure),
        ("CSAT", &["1", "5.1"], csat, Some(CsatTenToFive), Unsure),
        ("CSAT", &["1", "10"], csat, Some(CsatTenToFive), Unsure),
        ("CSAT", &["1", "10.1"], csat, Some(CsatPercentToFive), Unsure),
        ("CSAT %", &["91", "100"], csat, Some(CsatPercentToFive), Sure),
        ("CSAT", &["91%", "100%"], csat, Some(CsatPercentToFive), Sure),
        ("CSAT", &["0.91", "1"], csat, None, Doubtful),
        ("Resolution Time (hours)", &["3", "12"], hours, None, Sure),
        ("Resolution Time (days)", &["3", "12"], hours, Some(DaysToHours), Sure),
        ("Resolution Time in minutes", &["90"], hours, Some(MinutesToHours), Sure),
        ("Resolution Time (sec)", &["90"], hours, None, Doubtful),
        ("Resolution Time", &["3", "12"], hours, None, Unsure),
        ("Reply time (days)", &["3", "12"], days, None, Sure),
        ("Reply time (hours)", &["3", "12"], days, Some(HoursToDays), Sure),
        ("Reply time (min)", &["3", "12"], days, None, Doubtful),
        ("Reply time", &["3", "12"], days, None, Unsure),
        ("ARR", &["$1,200", "300"], "arr", None, Sure),
        ("MRR", &["100"], "arr", Some(MonthlyToYearly), Sure),
        ("QRR", &["100"], "arr", Some(QuarterlyToYearly), Sure),
        ("ARR (monthly)", &["100"], "arr", Some(MonthlyToYearly), Unsure),
        ("ARR", &["-1"], "arr", None, Doubtful),
        ("ARR", &["5%"], "arr", None, Doubtful),
        ("ARR", &["1.5", "1,5"], "arr", None, Doubtful),
        ("Open Tickets", &["5%"], "support.open_tickets", None, Doubtful),
        ("Sponsor Engagement", &["5%"], "relationship.executive_sponsor_engagement", None, Sure),
        ("ARR", &["1.234"], "arr", None, Doubtful),
        ("ACV", &["100"], "arr", None, Doubtful),
        ("ARR", &[""], "arr", None, Unsure),
        ("ARR", &["₹12,34,567", "₹900"], "arr", None, Sure),
        ("ARR", &["US$5", "1e5"], "arr", None, Sure),
        ("DAU/MAU", &["0.166", "0.421"], ratio, None, Sure),
        ("Score (0-10)", &["9", "3"], nps, None, Doubtful),
        ("Close Date", &["2027-03-04", "2028-01-01"], "contract_start_date", None, Doubtful),
    ] {
        let expected = Some((path.to_owned(), convert, firmness));
        assert_eq!(column(header, values), expected, "{header}: {values:?}");
    }
}

#[test]
fn values_of_another_kind_feed_nothing() {
    for (header, values) in [
        ("ARR", &["large", "small"][..]),
        ("ARR", &["1", "2", "3", "n.b."]),
        ("Renewal Date", &["soon"]),
        ("Renewal Date", &["12"]),
        ("Auto Renewal", &["sometimes"]),
        ("Sentiment", &["4", "5"]),
        ("Contract Type", &["12"]),
        ("Currency", &["Euro and others"]),
        ("Account Name", &["2026-03-04"]),
        ("CSM", &["1001", "1002"]),
    ] {
        assert_eq!(column(header, values), None, "{header}: {values:?}");
    }
    // One in five may be of another kind, and is said to be.
    let found = column("ARR", &["1", "2", "3", "4", "n.b."]);
    assert_eq!(found, Some(("arr".to_owned(), None, Firmness::Unsure)));
}

#[test]
fn ids_of_other_tools_may_be_those_of_accounts() {
    let models = shipped();
    // Of ten names, so many are different; so many ids too.
    for (header, names, ids, found) in [
        ("GSID", 10, 10, true),
        ("GSID", 9, 10, true),
        ("GSID", 8, 10, false),
        ("GSID", 10, 9, false),
        ("Workday ID", 10, 10, true),
        ("Colour", 10, 10, false),
        ("Ticket ID", 10, 10, false),
    ] {
        let rows: Vec<Vec<String>> =
            (0..10).map(|row| vec![format!("x{}", row % ids), format!("Name {}", row % names)]).collect();
        let rows: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let sample = table("t.csv", &[header, "Account Name"], &rows);
        let proposal = propose(&[sample], &models.schema, &models.segments);
        let id = proposal.tables[0].columns.iter().find(|column| column.path == "customer_id").expect("a proposal");
        assert!(!id.certainty.is_in_force());
        assert_eq!(id.header == header, found, "{header}: {names} names, {ids} ids");
    }
}

#[test]
fn metrics_that_nothing_feeds_are_listed_with_label_and_unit() {
    let models = shipped();
    let sample = table("t.csv", &["Account ID", "NPS", "ACV"], &[vec!["C-1", "9", "100"]]);
    let proposal = propose(&[sample], &models.schema, &models.segments);
    let paths: Vec<&str> = proposal.unfed.iter().map(|metric| metric.path.as_str()).collect();
    assert!(paths.contains(&"engagement.csat_score") && !paths.contains(&"engagement.nps_score"));
    // What follows from the dates need not be fed.
    assert!(!paths.contains(&"account.days_to_renewal"));
    let text = to_toml(&proposal);
    assert!(text.contains("\n#   engagement.csat_score: CSAT (points 1-5)\n"), "{text}");
    assert!(text.contains("\n#   relationship_signals.champion_left: Champion left\n"), "{text}");
}

/// Headers and values that occur, and those that should not.
const HEADERS: [&str; 36] = [
    "Account ID",
    "account_id",
    "AccountId",
    "Id",
    "Name",
    "ARR",
    "MRR",
    "arr",
    "Renewal Date",
    "Contract End",
    "Segment",
    "Status",
    "NPS",
    "CSAT (%)",
    "Ticket ID",
    "Created at",
    "Closed at",
    "Priority",
    "Escalated",
    "Resolution Time (min)",
    "usage.login_frequency",
    "product_usage.a \"b\".adopted",
    "departments.current",
    "Score",
    "Responded At",
    "Month",
    "say \"x\"",
    "back\\slash",
    "two\nlines",
    "dot.ted",
    "größe\u{202e}",
    "'single'",
    "#",
    "=1+1",
    "[table]",
    "\u{7f}\u{0}",
];
const VALUES: [&str; 32] = [
    "",
    " ",
    "C-1",
    "C-2",
    "1",
    "0",
    "0.35",
    "12",
    "85%",
    "85,5 %",
    "1.234",
    "1.234,50",
    "1,234.50",
    "$120,000",
    "-20",
    "2026-03-04",
    "13/04/2026",
    "03/04/2026",
    "04.03.2026",
    "46085",
    "yes",
    "Y",
    "N/A",
    "\u{feff}none",
    "Open",
    "Solved",
    "Urgent",
    "Happy",
    "At \"Risk\"",
    "Mid Market",
    "a\\b\nc",
    "\u{2028}\u{1b}[31m",
];

fn samples() -> impl Strategy<Value = Vec<TableSample>> {
    let header = prop_oneof![4 => proptest::sample::select(&HEADERS[..]).prop_map(str::to_owned), 1 => any::<String>()];
    let value = prop_oneof![6 => proptest::sample::select(&VALUES[..]).prop_map(str::to_owned), 1 => any::<String>()];
    // Values of one column are mostly alike.
    let values = prop_oneof![
        proptest::collection::vec(value.clone(), 0..6),
        (value, 0..6_usize).prop_map(|(value, count)| vec![value; count]),
    ];
    let column = (header, values).prop_map(|(header, values)| {
        let filled = values.len();
        ColumnSample { header, values, filled, rows: 6 }
    });
    let name = prop_oneof![
        proptest::sample::select(&["crm.csv", "a/crm.csv", "CRM.CSV.gz", "nps*.csv", "-", "", "tickets.xlsx"][..])
            .prop_map(str::to_owned),
        any::<String>(),
    ];
    let sheet = proptest::option::of(any::<String>());
    let encoding = proptest::option::of(proptest::sample::select(&["windows-1252", "UTF-16LE"][..]));
    let header_row = proptest::option::of(1..=1_048_576_u32);
    let table = (name, sheet, encoding, header_row, proptest::collection::vec(column, 0..12), any::<bool>());
    let table = table.prop_map(|(name, sheet, encoding, header_row, columns, repeated_ids)| TableSample {
        name,
        position: 0,
        sheet,
        encoding: encoding.map(str::to_owned),
        header_row,
        columns,
        repeated_ids,
    });
    // Between them may stand files that are no tables.
    let tables = proptest::collection::vec((table, 1..3_usize), 1..4);
    tables.prop_map(|tables| {
        let mut position = 0;
        let mut placed = |(table, step)| {
            position += step;
            TableSample { position, ..table }
        };
        tables.into_iter().map(&mut placed).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_proposal_loads_and_says_what_it_proposes(samples in samples()) {
        static MODELS: LazyLock<Models> = LazyLock::new(shipped);
        let proposal = propose(&samples, &MODELS.schema, &MODELS.segments);
        let mapping = loaded(&proposal, &MODELS);
        // A path is fed by one file, but for the id.
        let mut fed = std::collections::HashSet::new();
        for source in &mapping.sources {
            let columns = source.columns.iter().map(|column| &column.path);
            for path in columns.chain(source.aggregates.iter().map(|aggregate| &aggregate.path)) {
                prop_assert!(path == "customer_id" || fed.insert(path.clone()), "{} is fed twice", path);
            }
        }
        // A file is found by its own source.
        for (sample, source) in samples.iter().zip(&mapping.sources) {
            let found = mapping.source_for(&sample.name, sample.position);
            prop_assert_eq!(found.map(|source| &source.name), Some(&source.name));
        }
        // Nothing in the file can change what a terminal shows.
        let written = to_toml(&proposal);
        prop_assert!(written.chars().all(|letter| letter == '\n' || !letter.is_control()));
        prop_assert_eq!(written, to_toml(&propose(&samples, &MODELS.schema, &MODELS.segments)));
    }
}
