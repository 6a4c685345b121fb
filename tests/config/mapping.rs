//! Mappings of columns: what a whole one gives.

use csm::config::Mapping;
use csm::config::mapping::{
    Aggregate, ColumnMapping, Convert, DateFormat, Decimal, FilePattern, Filter, FilterTest, How, Literal, Matches,
    Rates, SourceMapping, ValueReading,
};

use super::*;

fn mapping(text: &str) -> Mapping {
    let text = format!("format = 1\n{text}");
    config::load_mapping("mapping.toml", &text, &shipped().schema, None).unwrap_or_else(|error| panic!("{error}"))
}

fn date(format: &str) -> DateFormat {
    DateFormat::new(format).expect("a date format")
}

#[test]
fn every_key_of_a_source_arrives() {
    let found = mapping(
        r#"
        [rates]
        base = "eur"
        usd = 0.92
        [sources.crm]
        file = ["crm*.csv", "Accounts.xlsx"]
        sheet = "Accounts"
        header-row = 3
        encoding = " windows-1252 "
        date = "DD/MM/YYYY"
        decimal = ","
        absent = ["N/A", "-"]
        [sources.crm.columns]
        "Account ID" = "customer_id"
        "MRR" = { path = "arr", convert = "monthly-to-yearly", decimal = "." }
        "Sentiment" = { path = "relationship.renewal_sentiment", words = { "Happy" = "positive" } }
        "Champion" = { path = "relationship_signals.champion_left", words = { "gone" = true } }
        "Last seen" = { path = "engagement.nps_score_as_of", date = "%d.%m.%y", words = { "go-live" = "2026-01-31" } }
        "Logins" = { path = "usage.login_frequency", words = { "never" = 0 } }
        "Next review" = "qbr.meeting_date"
        [sources.crm.attributes]
        "Billing Region" = "region"
        "MRR" = { path = "company.size", words = { "0" = "none" } }
        "#,
    );
    let column =
        |header: &str, path: &str, reading| ColumnMapping { header: header.to_owned(), path: path.to_owned(), reading };
    let words = |theirs: &str, ours: &str| vec![(theirs.to_owned(), ours.to_owned())];
    let none = ValueReading::default;
    let crm = SourceMapping {
        name: "crm".to_owned(),
        matches: Matches::Files(vec![FilePattern::new("crm*.csv"), FilePattern::new("Accounts.xlsx")]),
        sheet: Some("Accounts".to_owned()),
        encoding: Some("windows-1252".to_owned()),
        header_row: Some(3),
        date: Some(date("DD/MM/YYYY")),
        decimal: Some(Decimal::Comma),
        absent: vec!["N/A".to_owned(), "-".to_owned()],
        columns: vec![
            column("Account ID", "customer_id", none()),
            column(
                "MRR",
                "arr",
                ValueReading { convert: Some(Convert::MonthlyToYearly), decimal: Some(Decimal::Point), ..none() },
            ),
            column(
                "Sentiment",
                "relationship.renewal_sentiment",
                ValueReading { words: words("Happy", "positive"), ..none() },
            ),
            column(
                "Champion",
                "relationship_signals.champion_left",
                ValueReading { words: words("gone", "true"), ..none() },
            ),
            column(
                "Last seen",
                "engagement.nps_score_as_of",
                ValueReading { words: words("go-live", "2026-01-31"), date: Some(date("%d.%m.%y")), ..none() },
            ),
            column("Logins", "usage.login_frequency", ValueReading { words: words("never", "0"), ..none() }),
            column("Next review", "qbr.meeting_date", none()),
            column("Billing Region", "region", none()),
            column("MRR", "company.size", ValueReading { words: words("0", "none"), ..none() }),
        ],
        aggregates: Vec::new(),
    };
    let rates = Rates { base: "EUR".to_owned(), per_unit: vec![("USD".to_owned(), 0.92)] };
    assert_eq!(found, Mapping { sources: vec![crm], rates: Some(rates) });
}

#[test]
fn every_way_to_aggregate_arrives() {
    let found = mapping(
        r#"
        [sources.tickets]
        position = 2
        [sources.tickets.aggregates."support.open_tickets"]
        count = true
        where = { Status = ["open", "pending"], Priority = { not = "low" }, "Closed at" = { filled = false } }
        otherwise = 0
        [sources.tickets.aggregates."engagement.meeting_attendance"]
        share = true
        where = { Attended = "yes" }
        convert = "ratio-to-percent"
        [sources.tickets.aggregates."support.avg_resolution_hours"]
        mean = "Resolution"
        where = { "Created at" = { within-days = 90, filled = true } }
        [sources.tickets.aggregates.arr]
        sum = "Amount"
        [sources.tickets.aggregates.contract_start_date]
        min = "Start"
        date = "excel"
        [sources.tickets.aggregates.contract_end_date]
        max = "End"
        [sources.tickets.aggregates."relationship.renewal_sentiment"]
        latest = "Mood"
        by = "Answered at"
        words = { ":-)" = "positive" }
        where = { Score = { at-least = 1, at-most = 5 } }
        otherwise = "unknown"
        [sources.tickets.aggregates."relationship_signals.champion_left"]
        latest = "Left"
        by = "Day"
        otherwise = false
        "#,
    );
    let filter = |column: &str, test| Filter { column: column.to_owned(), test };
    let words = |words: &[&str]| words.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    let aggregate = |path: &str, how, filters, otherwise, reading| Aggregate {
        path: path.to_owned(),
        how,
        filters,
        otherwise,
        reading,
    };
    let none = ValueReading::default;
    let [ref tickets] = found.sources[..] else { panic!("one source: {found:?}") };
    assert_eq!(tickets.matches, Matches::Position(2));
    let expected = [
        aggregate(
            "support.open_tickets",
            How::Count,
            vec![
                filter("Status", FilterTest::Is(words(&["open", "pending"]))),
                filter("Priority", FilterTest::Not(words(&["low"]))),
                filter("Closed at", FilterTest::Empty),
            ],
            Some(Literal::Number(0.0)),
            none(),
        ),
        aggregate(
            "engagement.meeting_attendance",
            How::Share,
            vec![filter("Attended", FilterTest::Is(words(&["yes"])))],
            None,
            ValueReading { convert: Some(Convert::RatioToPercent), ..none() },
        ),
        aggregate(
            "support.avg_resolution_hours",
            How::Mean { column: "Resolution".to_owned() },
            vec![filter("Created at", FilterTest::WithinDays(90.0)), filter("Created at", FilterTest::Filled)],
            None,
            none(),
        ),
        aggregate("arr", How::Sum { column: "Amount".to_owned() }, vec![], None, none()),
        aggregate(
            "contract_start_date",
            How::Min { column: "Start".to_owned() },
            vec![],
            None,
            ValueReading { date: Some(date("excel")), ..none() },
        ),
        aggregate("contract_end_date", How::Max { column: "End".to_owned() }, vec![], None, none()),
        aggregate(
            "relationship.renewal_sentiment",
            How::Latest { column: "Mood".to_owned(), by: "Answered at".to_owned() },
            vec![filter("Score", FilterTest::AtLeast(1.0)), filter("Score", FilterTest::AtMost(5.0))],
            Some(Literal::Text("unknown".to_owned())),
            ValueReading { words: vec![(":-)".to_owned(), "positive".to_owned())], ..none() },
        ),
        aggregate(
            "relationship_signals.champion_left",
            How::Latest { column: "Left".to_owned(), by: "Day".to_owned() },
            vec![],
            Some(Literal::Flag(false)),
            none(),
        ),
    ];
    assert_eq!(tickets.aggregates, expected);
}

#[test]
fn rates_may_stand_alone() {
    let found = mapping("[rates]\nbase = 'USD'\nEUR = 1.08\n");
    assert!(found.sources.is_empty());
    assert_eq!(found.rates.and_then(|rates| rates.rate("eur")), Some(1.08));
}

#[test]
fn the_mapping_of_the_reference_loads_and_all_changes_of_unit_are_listed() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/references/mapping-files.md");
    let text = std::fs::read_to_string(path).expect("the reference");
    let examples: Vec<&str> = text.split("```toml\n").skip(1).filter_map(|part| part.split("```").next()).collect();
    assert!(!examples.is_empty());
    for example in examples {
        let found = config::load_mapping("mapping-files.md", example, &shipped().schema, None);
        found.unwrap_or_else(|error| panic!("{error}"));
    }
    let rows: Vec<&str> = text.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    for convert in Convert::ALL {
        assert!(rows.contains(&convert.name()), "{} is listed", convert.name());
    }
}
