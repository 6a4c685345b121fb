//! Every figure in the tables of a report, in every format that is for people, against the JSON of the same reports.
//!
//! A format is a [`Reader`], which gives back the tables that it finds; a table is a [`Wanted`], which says what stands in its rows.
//! A table or a column that nothing is said of fails.

use std::process::Command;

use chrono::NaiveDate;
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use serde_json::{Value, json};

const AS_OF: &str = "2026-06-30";
const PORTFOLIOS: [&str; 2] = ["assets/sample_customer_data.json", "tests/parity/portfolio.json"];

/// Tables that show no more rows than this, whatever is asked for.
const SHORTENED: [(&str, usize); 2] = [("Quick wins", 12), ("Data gaps", 10)];

/// Tables that are days and sentences, of which JSON has no list.
const UNRECORDED: [&str; 2] = ["Renewal work that is due", "Strategic accounts that are not ready"];

/// A format that can be read back.
struct Reader {
    /// As `--format` names it.
    format: &'static str,
    /// The tables in it, in their order.
    read: fn(&[u8]) -> Vec<Shown>,
}

const READERS: [Reader; 1] = [Reader { format: "markdown", read: read_markdown }];

/// A table as a format shows it.
#[derive(Debug, Default)]
struct Shown {
    /// The last heading before it.
    heading: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// A table as it must be.
struct Wanted {
    /// How its heading begins.
    heading: &'static str,
    /// Its first column.
    first: &'static str,
    /// What its rows show, in their order.
    rows: fn(&Value) -> Vec<Value>,
    /// Its columns, each with where its value stands in a row and how it is shown. Columns may be absent.
    columns: &'static [(&'static str, &'static str, Kind)],
}

/// How a value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// As it is.
    Text,
    /// By a word that may begin with a capital, or stands last.
    Word,
    /// As a figure, rounded to the digits that are shown.
    Figure,
    /// As a figure whose value is rounded to one decimal itself.
    Tenth,
    /// As a share of a value out of 100.
    Percent,
    /// As a share that is left out where it is all.
    Coverage,
    /// With more behind it.
    Start,
    /// As two figures with a slash or an arrow between; the two values are a list.
    Pair,
    /// A day, as the days until then, or since.
    Days,
    /// By nothing that JSON has.
    Unrecorded,
}

use Kind::{Coverage, Days, Figure, Pair, Percent, Start, Tenth, Text, Unrecorded, Word};

const BANDS: Wanted = Wanted {
    heading: "",
    first: "Band",
    rows: |all| tallies(&all["health"]["summary"], &["green", "yellow", "red"]),
    columns: TALLIES,
};
const TIERS: Wanted = Wanted {
    heading: "",
    first: "Tier",
    rows: |all| tiers(&all["churn"]["summary"], &all["churn"]["customers"]),
    columns: TALLIES,
};
const TALLIES: &[(&str, &str, Kind)] = &[
    ("Band", "/name", Word),
    ("Tier", "/name", Word),
    ("Accounts", "/accounts", Figure),
    ("Share", "/share", Figure),
    ("ARR", "/arr", Figure),
    ("Share of ARR", "/share_of_arr", Figure),
];
const WHITESPACE: &[(&str, &str, Kind)] = &[
    ("Module", "", Unrecorded),
    ("Department", "/name", Text),
    ("Adopted", "/adopted", Figure),
    ("Unused", "/unused", Figure),
    ("Absent", "/absent", Figure),
    ("Adopted where named", "/share", Figure),
];

const HEALTH: &[Wanted] = &[
    BANDS,
    Wanted {
        heading: "Accounts",
        first: "Account",
        rows: accounts,
        columns: &[
            ("Account", "/health/name", Text),
            ("Id", "/health/customer_id", Text),
            ("Segment", "/health/segment", Word),
            ("ARR", "/health/arr", Figure),
            ("Health", "/health/overall_score", Figure),
            ("Band", "/health/classification", Word),
            ("Trend", "/health/trends/overall", Word),
            ("Usage", "/health/dimensions/usage/score", Figure),
            ("Engagement", "/health/dimensions/engagement/score", Figure),
            ("Support", "/health/dimensions/support/score", Figure),
            ("Relationship", "/health/dimensions/relationship/score", Figure),
            ("Churn risk", "/churn/risk_tier", Word),
            ("Renewal", "/renewal", Days),
            ("Data", "/health/coverage", Coverage),
            ("Attention", "", Unrecorded),
        ],
    },
];

const CHURN: &[Wanted] = &[
    TIERS,
    Wanted {
        heading: "Accounts",
        first: "Account",
        rows: accounts,
        columns: &[
            ("Account", "/churn/name", Text),
            ("Id", "/churn/customer_id", Text),
            ("Segment", "/health/segment", Word),
            ("ARR", "/churn/arr", Figure),
            ("Risk", "/churn/risk_score", Figure),
            ("Tier", "/churn/risk_tier", Word),
            ("Raw", "/churn/raw_score", Tenth),
            ("Urgency", "/churn/urgency_multiplier", Figure),
            ("Renewal", "/renewal", Days),
            ("Attention", "", Unrecorded),
            ("Data", "/churn/coverage", Coverage),
            ("Gravest warning", "/churn/warning_signals/0/signal", Text),
        ],
    },
];

const EXPAND: &[Wanted] = &[
    Wanted {
        heading: "",
        first: "Play",
        rows: plays,
        columns: &[
            ("Play", "/label", Text),
            ("Plays", "/opportunities", Figure),
            ("Est. revenue", "/estimated_revenue", Figure),
            ("Share", "/share", Figure),
        ],
    },
    Wanted { heading: "Whitespace", first: "Module", rows: |all| whitespace(all, "modules"), columns: WHITESPACE },
    Wanted {
        heading: "Whitespace",
        first: "Department",
        rows: |all| whitespace(all, "departments"),
        columns: WHITESPACE,
    },
    Wanted {
        heading: "Quick wins",
        first: "Account",
        rows: quick_wins,
        columns: &[
            ("Account", "/name", Text),
            ("Play", "/label", Start),
            ("Est. revenue", "/estimated_revenue", Figure),
            ("Priority", "/priority_score", Figure),
        ],
    },
    Wanted {
        heading: "Accounts",
        first: "Account",
        rows: accounts,
        columns: &[
            ("Account", "/expand/name", Text),
            ("Id", "/expand/customer_id", Text),
            ("Segment", "/health/segment", Word),
            ("ARR", "/expand/arr", Figure),
            ("Seats used", "/expand/adoption_summary/seat_utilisation", Percent),
            ("Modules", "/modules", Pair),
            ("Plays", "/expand/opportunity_count", Figure),
            ("Est. revenue", "/expand/total_estimated_revenue", Figure),
            ("Best play", "/best_play", Start),
            ("Effort", "/expand/opportunities/0/effort", Word),
            ("Priority", "/expand/opportunities/0/priority_score", Figure),
        ],
    },
];

const RENEWALS: &[(&str, &str, Kind)] = &[
    ("Decided", "/decided", Text),
    ("Contract end", "/contract_end_date", Days),
    ("Account", "/name", Text),
    ("Owner", "/csm", Text),
    ("ARR", "/arr", Figure),
    ("Health", "/classification", Word),
    ("Trend", "/trend", Word),
    ("Churn risk", "/risk_tier", Word),
];

const REPORT: &[Wanted] = &[
    Wanted { rows: |all| tallies(&all["report"]["summary"]["health"], &["green", "yellow", "red"]), ..BANDS },
    Wanted { rows: |all| tiers(&all["report"]["summary"]["churn"], &scored_in_report(all)), ..TIERS },
    Wanted {
        heading: "Where the portfolio stands",
        first: "Segment",
        rows: segments,
        columns: &[
            ("Segment", "/name", Word),
            ("Accounts", "/accounts", Figure),
            ("ARR", "/arr", Figure),
            ("Green", "/green/accounts", Figure),
            ("Yellow", "/yellow/accounts", Figure),
            ("Red", "/red/accounts", Figure),
            ("Not scored", "/not_scored_count", Figure),
            ("Green ARR", "/green/arr", Figure),
            ("Yellow ARR", "/yellow/arr", Figure),
            ("Red ARR", "/red/arr", Figure),
            ("Average / target", "/average", Pair),
            ("Last period", "/change", Pair),
            ("Median / industry", "/median", Pair),
        ],
    },
    Wanted {
        heading: "Green, but look again",
        first: "Account",
        rows: |all| list(&all["report"]["false_greens"]),
        columns: &[
            ("Account", "/name", Text),
            ("Owner", "/csm", Text),
            ("ARR", "/arr", Figure),
            ("Health", "/overall_score", Figure),
            ("Churn risk", "/risk_tier", Word),
            ("What speaks against it", "/reason", Text),
        ],
    },
    Wanted {
        heading: "Renewals ahead",
        first: "Decided",
        rows: |all| list(&all["report"]["summary"]["renewal_windows"]),
        columns: &[
            ("Decided", "/within_days", Figure),
            ("Renewals", "/renewals/accounts", Figure),
            ("ARR", "/renewals/arr", Figure),
            ("At risk", "/at_risk/accounts", Figure),
            ("ARR at risk", "/at_risk/arr", Figure),
        ],
    },
    Wanted { heading: "Decided within", first: "Decided", rows: |all| renewals(all, true), columns: RENEWALS },
    Wanted {
        heading: "Of these, declining",
        first: "Decided",
        rows: |all| list(&all["report"]["declining_renewals"]),
        columns: RENEWALS,
    },
    Wanted { heading: "Past the end", first: "Decided", rows: |all| renewals(all, false), columns: RENEWALS },
    Wanted {
        heading: "Expansion to propose",
        first: "Account",
        rows: proposals,
        columns: &[
            ("Account", "/name", Text),
            ("ARR", "/arr", Figure),
            ("Est. revenue", "/estimated_pipeline/base", Figure),
            ("Start with", "/start", Start),
            ("Data", "/coverage", Coverage),
        ],
    },
    Wanted {
        heading: "Earn it first",
        first: "Account",
        rows: |all| list(&all["report"]["earn_first"]),
        columns: &[
            ("Account", "/name", Text),
            ("ARR", "/arr", Figure),
            ("Est. revenue", "/estimated_pipeline/base", Figure),
            ("What stands in the way", "/reason", Text),
        ],
    },
    Wanted {
        heading: "Onboarding",
        first: "Account",
        rows: |all| list(&all["report"]["onboarding"]),
        columns: &[
            ("Account", "/name", Text),
            ("Owner", "/csm", Text),
            ("ARR", "/arr", Figure),
            ("Since start", "/days_since_start", Figure),
            ("Health", "/overall_score", Figure),
            ("Band", "/classification", Word),
        ],
    },
    Wanted {
        heading: "Data gaps",
        first: "Metric",
        rows: |all| list(&all["report"]["summary"]["data_gaps"]),
        columns: &[
            ("Metric", "", Unrecorded),
            ("Score", "/score", Start),
            ("Weight in it", "/weight", Figure),
            ("Accounts without", "/accounts", Figure),
            ("Share", "/share", Figure),
        ],
    },
];

fn list(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

/// A part of a whole; nothing where the whole is nothing.
fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// What health, churn and expansion say of each account, in the order of the input.
fn accounts(all: &Value) -> Vec<Value> {
    let [health, churn, expand] = ["health", "churn", "expand"].map(|command| list(&all[command]["customers"]));
    assert!(health.len() == churn.len() && churn.len() == expand.len());
    let one = |((health, churn), expand): ((Value, Value), Value)| {
        let ids = [&health, &churn, &expand].map(|record| record["customer_id"].clone());
        assert!(ids[0] == ids[1] && ids[1] == ids[2], "{ids:?}");
        let adoption = &expand["adoption_summary"];
        json!({
            "renewal": churn["days_overdue"].as_i64().map_or(churn["days_to_renewal"].clone(), |days| json!(-days)),
            "modules": [adoption["adopted_modules"], adoption["total_modules"]],
            "best_play": label(all, &expand["opportunities"][0]),
            "health": health, "churn": churn, "expand": expand,
        })
    };
    health.into_iter().zip(churn).zip(expand).map(one).collect()
}

/// How a play is called.
fn label(all: &Value, play: &Value) -> Value {
    let plays = list(&all["expand"]["summary"]["plays"]);
    plays.iter().find(|known| known["category"] == play["category"]).map_or(Value::Null, |known| known["label"].clone())
}

fn tallies(summary: &Value, names: &[&str]) -> Vec<Value> {
    let sum = |what: &str| names.iter().map(|name| number(&summary[format!("{name}_{what}")])).sum::<f64>();
    let (accounts, arr) = (sum("count"), sum("arr"));
    let row = |name: &&str| {
        let (count, of_name) = (&summary[format!("{name}_count")], &summary[format!("{name}_arr")]);
        json!({
            "name": name, "accounts": count, "arr": of_name,
            "share": share(number(count), accounts), "share_of_arr": share(number(of_name), arr),
        })
    };
    names.iter().map(row).collect()
}

/// The tiers, whose ARR is summed over the customers.
fn tiers(summary: &Value, customers: &Value) -> Vec<Value> {
    let mut summary = summary.clone();
    let names = ["critical", "high", "medium", "low"];
    for name in names {
        let of_tier = customers.as_array().expect("a list").iter().filter(|customer| customer["risk_tier"] == name);
        summary[format!("{name}_arr")] = json!(of_tier.map(|customer| number(&customer["arr"])).sum::<f64>());
    }
    tallies(&summary, &names)
}

/// The accounts that the figures of a report are of.
fn scored_in_report(all: &Value) -> Value {
    let apart: Vec<Value> =
        list(&all["report"]["onboarding"]).iter().map(|account| account["customer_id"].clone()).collect();
    let customers = list(&all["churn"]["customers"]);
    customers.into_iter().filter(|customer| !apart.contains(&customer["customer_id"])).collect()
}

fn plays(all: &Value) -> Vec<Value> {
    let summary = &all["expand"]["summary"];
    let mut plays = list(&summary["plays"]);
    for play in &mut plays {
        play["share"] = json!(share(number(&play["estimated_revenue"]), number(&summary["total_estimated_revenue"])));
    }
    plays
}

fn whitespace(all: &Value, of: &str) -> Vec<Value> {
    let mut rows = list(&all["expand"]["summary"][of]);
    rows.sort_by_key(|row| std::cmp::Reverse(row["unused"].as_u64()));
    for row in &mut rows {
        let adopted = number(&row["adopted"]);
        row["share"] = json!(share(adopted, adopted + number(&row["unused"])));
    }
    rows
}

fn quick_wins(all: &Value) -> Vec<Value> {
    let win = |customer: &Value| {
        let is_win = |play: &&Value| play["effort"] == "low" && play["counts_in_pipeline"] == true;
        let mut best = list(&customer["opportunities"]).iter().find(is_win)?.clone();
        best["name"] = customer["name"].clone();
        best["label"] = label(all, &best);
        Some(best)
    };
    let mut wins: Vec<Value> = list(&all["expand"]["customers"]).iter().filter_map(win).collect();
    wins.sort_by(|a, b| number(&b["priority_score"]).total_cmp(&number(&a["priority_score"])));
    wins
}

fn segments(all: &Value) -> Vec<Value> {
    let segments = all["report"]["summary"]["segments"].as_object().expect("an object");
    let row = |(name, segment): (&String, &Value)| {
        let mut row = segment.clone();
        row["name"] = json!(name);
        row["average"] = json!([row["average_score"], row["target_average"]]);
        let last = &row["last_period"];
        row["change"] = if last.is_null() { Value::Null } else { json!([last["average_before"], last["average_now"]]) };
        row["median"] = json!([row["median_score"], row["industry_median"]]);
        row
    };
    segments.iter().map(row).collect()
}

/// Renewals that are ahead, or those that are past.
fn renewals(all: &Value, ahead: bool) -> Vec<Value> {
    let renewals = list(&all["report"]["renewals"]).into_iter();
    renewals.filter(|renewal| (renewal["decided"].as_str().expect("a day") >= AS_OF) == ahead).collect()
}

fn proposals(all: &Value) -> Vec<Value> {
    let coverage = |command: &str, id: &Value| {
        let customers = list(&all[command]["customers"]);
        number(&customers.iter().find(|customer| customer["customer_id"] == *id).expect("an account")["coverage"])
    };
    let mut proposals = list(&all["report"]["proposals"]);
    for proposal in &mut proposals {
        let id = &proposal["customer_id"];
        let coverage = coverage("health", id).min(coverage("churn", id));
        let start = list(&proposal["opportunities"]).into_iter().find(|play| play["counts_in_pipeline"] == true);
        proposal["coverage"] = json!(coverage);
        proposal["start"] = start.map_or(Value::Null, |play| label(all, &play));
    }
    proposals
}

fn csm(command: &str, portfolio: &str, format: &str) -> Vec<u8> {
    let mut csm = Command::new(env!("CARGO_BIN_EXE_csm"));
    csm.current_dir(env!("CARGO_MANIFEST_DIR")).env_remove("CSM_CONFIG").env("XDG_CONFIG_HOME", "/nowhere");
    csm.args([command, portfolio, "--as-of", AS_OF, "--quiet", "--top", "all", "--format", format]);
    if command != "report" {
        csm.args(["--sort", "input"]);
    }
    let output = csm.output().expect("csm runs");
    assert!(output.status.success(), "{command} {portfolio}: {}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

/// The tables of a page of Markdown.
fn read_markdown(bytes: &[u8]) -> Vec<Shown> {
    let text = std::str::from_utf8(bytes).expect("UTF-8");
    let (mut tables, mut heading, mut cell) = (Vec::<Shown>::new(), String::new(), String::new());
    let mut row = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) => cell.push_str(&text),
            Event::Start(Tag::Heading { .. } | Tag::TableCell) => cell.clear(),
            Event::End(TagEnd::Heading(_)) => heading = std::mem::take(&mut cell),
            Event::Start(Tag::Table(_)) => tables.push(Shown { heading: heading.clone(), ..Shown::default() }),
            Event::End(TagEnd::TableCell) => row.push(std::mem::take(&mut cell)),
            Event::End(TagEnd::TableHead) => {
                tables.last_mut().expect("a table").columns = std::mem::take(&mut row);
            }
            Event::End(TagEnd::TableRow) => tables.last_mut().expect("a table").rows.push(std::mem::take(&mut row)),
            _ => {}
        }
    }
    tables
}

/// What a figure is, and half a unit of its last digit. Signs of currencies, groups and words around it are left out.
fn figure(shown: &str) -> Option<(f64, f64)> {
    let digits: String = shown.chars().filter(|character| matches!(character, '0'..='9' | '.' | '-')).collect();
    let decimals = digits.split_once('.').map_or(0, |(_, decimals)| decimals.len());
    let scale = if shown.contains('%') { 0.01 } else { 1.0 };
    let half = 0.5 * 0.1_f64.powi(i32::try_from(decimals).ok()?);
    Some((digits.parse::<f64>().ok()? * scale, half * scale))
}

/// Whether a cell shows a value.
fn shows(shown: &str, value: &Value, kind: Kind) -> bool {
    let is_figure = |shown: &str, value: f64, slack: f64| {
        figure(shown).is_some_and(|(figure, half)| (figure - value).abs() <= half + slack + value.abs() * 1e-12)
    };
    match (kind, value) {
        (Unrecorded, _) => true,
        (Days, Value::Null) => shown == "unknown" || shown.starts_with("notice in"),
        (_, Value::Null) => ["", "not scored", "no data", "unknown"].contains(&shown),
        (Text, _) => value.as_str().is_some_and(|text| shown == text),
        (Word, _) => {
            let word = value.as_str().expect("a word").to_lowercase().replace("no_data", "no trend").replace('_', " ");
            shown.to_lowercase().trim_start_matches(['▲', '▼', '=', ' ']) == word
        }
        (Start, _) => value
            .as_str()
            .is_some_and(|text| !text.is_empty() && shown.to_lowercase().starts_with(&text.to_lowercase())),
        (Figure, _) => is_figure(shown, number(value), 0.0),
        (Tenth, _) => is_figure(shown, number(value), 0.05),
        // Where no seat is licensed, the standard has the share of one.
        (Percent, _) if shown == "unknown" => number(value) % 100.0 == 0.0,
        (Percent, _) => is_figure(shown, number(value) / 100.0, 0.0),
        (Coverage, _) => {
            (shown.is_empty() && number(value) == 1.0) || (!shown.is_empty() && is_figure(shown, number(value), 0.0))
        }
        (Pair, _) => {
            let values = list(value);
            let parts: Vec<&str> = shown.split(['/', '→']).collect();
            parts.len() == values.len()
                && parts.iter().zip(&values).all(|(part, value)| is_figure(part, number(value), 0.0))
        }
        (Days, _) => {
            let day = |text: &str| text.parse::<NaiveDate>().expect("a day");
            let days = value.as_i64().unwrap_or_else(|| (day(value.as_str().expect("a day")) - day(AS_OF)).num_days());
            match days {
                0 => shown == "today" || shown.starts_with("notice"),
                1.. => shown.starts_with(&format!("{days} day")),
                _ => shown.starts_with(&format!("overdue by {} day", -days)),
            }
        }
    }
}

/// Checks the tables of a report; how many cells were compared.
fn check(shown: &[Shown], wanted: &[Wanted], records: &Value, what: &str) -> usize {
    let mut cells = 0;
    let mut found = vec![false; wanted.len()];
    let is_recorded = |table: &&Shown| !UNRECORDED.iter().any(|heading| table.heading.starts_with(heading));
    for table in shown.iter().filter(is_recorded) {
        let place = format!("{what}: {:?}: {:?}", table.heading, table.columns);
        let is_it = |wanted: &&Wanted| {
            table.heading.starts_with(wanted.heading)
                && table.columns.first().is_some_and(|first| first == wanted.first)
        };
        let known =
            wanted.iter().position(|wanted| is_it(&wanted)).unwrap_or_else(|| panic!("nothing is known of {place}"));
        found[known] = true;
        let rows = (wanted[known].rows)(records);
        let most = SHORTENED
            .iter()
            .find(|(heading, _)| table.heading.starts_with(heading))
            .map_or(usize::MAX, |(_, most)| *most);
        assert_eq!(table.rows.len(), rows.len().min(most), "{place}");
        for (position, title) in table.columns.iter().enumerate() {
            let column = wanted[known].columns.iter().find(|(known, ..)| known == title);
            let (_, pointer, kind) = column.unwrap_or_else(|| panic!("nothing is known of {title} in {place}"));
            for (row, record) in table.rows.iter().zip(&rows) {
                let value = record.pointer(pointer).unwrap_or(&Value::Null);
                assert!(shows(&row[position], value, *kind), "{place}: {title}: {:?} is not {value}", row[position]);
                cells += usize::from(*kind != Unrecorded);
            }
        }
    }
    for (found, wanted) in found.into_iter().zip(wanted) {
        // Some tables are there only where there is something to show.
        assert!(found || (wanted.rows)(records).is_empty(), "{what}: no table {:?}", wanted.heading);
    }
    cells
}

#[test]
fn every_format_shows_the_figures_of_the_json() {
    for portfolio in PORTFOLIOS {
        let commands = [("health", HEALTH), ("churn", CHURN), ("expand", EXPAND), ("report", REPORT)];
        let mut records = json!({});
        for (command, _) in commands {
            records[command] = serde_json::from_slice(&csm(command, portfolio, "json")).expect("JSON");
        }
        for Reader { format, read } in READERS {
            for (command, wanted) in commands {
                let shown = read(&csm(command, portfolio, format));
                let cells = check(&shown, wanted, &records, &format!("{portfolio} {command} {format}"));
                assert!(cells > 70, "{portfolio} {command} {format}: only {cells} cells were compared");
            }
        }
    }
}

#[test]
fn a_figure_is_held_to_the_digits_that_are_shown() {
    for (shown, value, kind, same) in [
        ("36.8", json!(36.8), Figure, true),
        ("36.8", json!(36.9), Figure, false),
        ("$310,000", json!(310_000.4), Figure, true),
        ("$310,000", json!(310_000.6), Figure, false),
        ("95.2 %", json!(0.952_4), Figure, true),
        ("95.2 %", json!(0.953), Figure, false),
        ("× 1.35", json!(1.35), Figure, true),
        ("", json!(0), Figure, false),
        ("", json!(1), Coverage, true),
        ("", json!(0.99), Coverage, false),
        ("4/6", json!([4, 6]), Pair, true),
        ("4/6", json!([4, 5]), Pair, false),
        ("▼ declining", json!("declining"), Word, true),
        ("▼ declining", json!("stable"), Word, false),
        ("50 days, notice in 20", json!("2026-08-19"), Days, true),
        ("5 days", json!(50), Days, false),
        ("overdue by 18 days", json!(-18), Days, true),
        ("", Value::Null, Text, true),
        ("x", Value::Null, Text, false),
    ] {
        assert_eq!(shows(shown, &value, kind), same, "{shown:?} {value} {kind:?}");
    }
}
