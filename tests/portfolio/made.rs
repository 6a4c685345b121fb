//! A made-up portfolio of any size, the same on every machine: for what is measured, where the sample is too small.
//!
//! An account depends on its position only, so a smaller portfolio is the beginning of a larger one. Its figures lean on how well
//! the customer is doing, and some blocks and fields are missing, as in exports.

use std::fmt::Write as _;
use std::io::{self, Write};

#[rustfmt::skip]
const FIRST: [&str; 40] = [
    "Acme",
    "Nordwind",
    "Müller",
    "Ålesund",
    "São Bento",
    "Zürich",
    "Kōbe",
    "Łódź",
    "Œuvre",
    "Ångström",
    "Blue Heron",
    "Cobalt",
    "Delta",
    "Evergreen",
    "Fjord",
    "Granite",
    "Harbour",
    "Iberia",
    "Juniper",
    "Kestrel",
    "Lumen",
    "Meridian",
    "Northgate",
    "Orchard",
    "Pinnacle",
    "Quartz",
    "Redwood",
    "Summit",
    "Tidewater",
    "Umbra",
    "Vantage",
    "Willow",
    "Zephyr",
    "東京",
    "北京",
    "서울",
    "Αθήνα",
    "Москва",
    "O'Brien",
    "García",
];
#[rustfmt::skip]
const SECOND: [&str; 20] = [
    "Logistics",
    "Medical",
    "Software",
    "Foods",
    "Énergie",
    "Bank",
    "Robotics",
    "Travel",
    "Textiles",
    "Analytics",
    "Enterprises",
    "Systems",
    "Media",
    "Studios",
    "Pharma",
    "Motors",
    "Insurance",
    "Retail",
    "Labs",
    "商事",
];
const SUFFIX: [&str; 10] = ["Inc", "Corp", "GmbH", "S.A.", "Ltd", "AB", "LLC", "& Söhne", "株式会社", "Pty"];
#[rustfmt::skip]
const MODULES: [&str; 12] = [
    "core_platform",
    "analytics_module",
    "integrations_module",
    "api_access",
    "advanced_reporting",
    "security_module",
    "automation_module",
    "collaboration_module",
    "data_export",
    "custom_workflows",
    "sso_module",
    "audit_module",
];
#[rustfmt::skip]
const DEPARTMENTS: [&str; 14] = [
    "engineering",
    "product",
    "marketing",
    "sales",
    "support",
    "finance",
    "operations",
    "legal",
    "HR",
    "IT",
    "research",
    "compliance",
    "logistics",
    "design",
];
const TIERS: [&str; 4] = ["starter", "professional", "enterprise", "enterprise_plus"];
const SENTIMENTS: [&str; 4] = ["neutral", "neutral", "neutral", "unknown"];
const SATISFACTION: [&str; 4] = ["improving", "stable", "declining", "critical"];
const CONTRACTS: [&str; 6] = ["annual", "annual", "annual", "multi-year", "quarterly", "month-to-month"];
/// A segment: its share of the customers, the smallest and the largest ARR, the most seats.
const SEGMENTS: [(&str, f64, f64, f64, i64); 3] = [
    ("smb", 0.55, 3_000.0, 30_000.0, 60),
    ("mid-market", 0.30, 25_000.0, 120_000.0, 400),
    ("enterprise", 0.15, 100_000.0, 900_000.0, 4_000),
];
/// What may be missing; of the first twelve, a field alone may be missing too.
#[rustfmt::skip]
const DROPPABLE: [&str; 16] = [
    "usage",
    "engagement",
    "support",
    "relationship",
    "previous_period",
    "usage_decline",
    "engagement_drop",
    "support_issues",
    "relationship_signals",
    "commercial_factors",
    "contract",
    "product_usage",
    "departments",
    "contract_end_date",
    "arr",
    "segment",
];

/// How a portfolio is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// An object with the list `customers`, one to a line.
    Json,
    /// A customer to a line.
    JsonLines,
    /// A table whose columns are dotted paths.
    Csv,
}

/// Writes the first `accounts` customers.
pub fn write(out: &mut dyn Write, form: Form, accounts: u64) -> io::Result<()> {
    let columns = columns();
    let mut text = String::new();
    match form {
        Form::Json => out.write_all(b"{\"customers\": [\n")?,
        Form::JsonLines => {}
        Form::Csv => {
            let names: Vec<String> = columns.iter().map(Path::dotted).collect();
            writeln!(out, "{}", names.join(","))?;
        }
    }
    for number in 0..accounts {
        let record = record(number, Gaps::Some);
        text.clear();
        match form {
            Form::Json | Form::JsonLines => write_object(&mut text, &record),
            Form::Csv => write_row(&mut text, &record, &columns),
        }
        let end = if form == Form::Json && number + 1 < accounts { ",\n" } else { "\n" };
        out.write_all(text.as_bytes())?;
        out.write_all(end.as_bytes())?;
    }
    if form == Form::Json { out.write_all(b"]}\n") } else { Ok(()) }
}

/// Where a value stands: its keys from the outermost, up to three, the rest empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Path([&'static str; 3]);

impl Path {
    fn keys(&self) -> &[&'static str] {
        &self.0[..self.0.iter().position(|key| key.is_empty()).unwrap_or(self.0.len())]
    }

    fn dotted(&self) -> String {
        self.keys().join(".")
    }
}

#[derive(Debug, Clone)]
enum Value {
    Text(String),
    Word(&'static str),
    Whole(i64),
    Decimal(f64),
    Flag(bool),
    List(Vec<&'static str>),
}

type Record = Vec<(Path, Value)>;

/// Whether something may be missing of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Gaps {
    Some,
    None,
}

/// The columns of a table: those of a record that lacks nothing, with all modules.
fn columns() -> Vec<Path> {
    let mut columns = Vec::new();
    for (path, _) in record(0, Gaps::None) {
        let [block, module, _] = path.0;
        if block != "product_usage" {
            columns.push(path);
        } else if module == MODULES[0] && !columns.iter().any(|known: &Path| known.0[0] == block) {
            let cells =
                MODULES.iter().flat_map(|module| ["adopted", "usage_pct"].map(|key| Path([block, module, key])));
            columns.extend(cells);
        }
    }
    columns
}

fn write_object(text: &mut String, record: &Record) {
    let mut open: Vec<&str> = Vec::new();
    text.push('{');
    for (at, (path, value)) in record.iter().enumerate() {
        let (key, outer) = path.keys().split_last().expect("a path has a key");
        let shared = open.iter().zip(outer).take_while(|(open, outer)| open == outer).count();
        open.drain(shared..).for_each(|_| text.push('}'));
        if at > 0 {
            text.push(',');
        }
        for block in &outer[shared..] {
            text.extend(["\"", block, "\":{"]);
            open.push(block);
        }
        text.extend(["\"", key, "\":"]);
        match value {
            Value::Text(value) => quote(text, value, '\\'),
            Value::Word(value) => quote(text, value, '\\'),
            Value::List(words) if words.is_empty() => text.push_str("[]"),
            Value::List(words) => text.extend(["[\"", &words.join("\",\""), "\"]"]),
            Value::Whole(_) | Value::Decimal(_) | Value::Flag(_) => write_plain(text, value),
        }
    }
    open.drain(..).for_each(|_| text.push('}'));
    text.push('}');
}

fn write_row(text: &mut String, record: &Record, columns: &[Path]) {
    for (at, column) in columns.iter().enumerate() {
        if at > 0 {
            text.push(',');
        }
        match record.iter().find(|(path, _)| path == column).map(|(_, value)| value) {
            None => {}
            Some(Value::Text(value)) if value.contains('"') => quote(text, value, '"'),
            Some(value) => write_plain(text, value),
        }
    }
}

/// Writes a value without quotes and brackets.
fn write_plain(text: &mut String, value: &Value) {
    let written = match value {
        Value::Text(value) => write!(text, "{value}"),
        Value::Word(value) => write!(text, "{value}"),
        Value::Whole(value) => write!(text, "{value}"),
        Value::Decimal(value) => write!(text, "{value:?}"),
        Value::Flag(value) => write!(text, "{value}"),
        Value::List(words) => write!(text, "{}", words.join(";")),
    };
    written.expect("text takes what is written");
}

/// Quotes a text in which the mark stands before each quotation mark and before itself.
fn quote(text: &mut String, value: &str, mark: char) {
    text.push('"');
    for character in value.chars() {
        if character == '"' || character == mark {
            text.push(mark);
        }
        text.push(character);
    }
    text.push('"');
}

/// The generator that is known as `SplitMix64`.
struct Dice(u64);

impl Dice {
    /// From 0 to below 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }

    /// A whole number, both ends included.
    fn between(&mut self, low: i64, high: i64) -> i64 {
        low + whole((self.roll() * (high - low + 1) as f64).floor())
    }

    /// A whole number scattered about a value.
    fn near(&mut self, value: f64, low: i64, high: i64, spread: f64) -> Value {
        let scattered = value + (self.roll() - 0.5) * 2.0 * spread;
        Value::Whole(whole(scattered.round()).clamp(low, high))
    }

    /// A position below `length`.
    fn position(&mut self, length: usize) -> usize {
        at_most(self.roll() * length as f64, length - 1)
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.position(items.len())]
    }

    /// So many of the items, in any order.
    fn sample(&mut self, items: &[&'static str], count: i64) -> Vec<&'static str> {
        let mut left = items.to_vec();
        (0..count).map(|_| left.swap_remove(self.position(left.len()))).collect()
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the figures of a portfolio are small")]
fn whole(figure: f64) -> i64 {
    figure as i64
}

/// The whole number below a figure that is not negative, up to a most.
fn at_most(figure: f64, most: usize) -> usize {
    usize::try_from(whole(figure)).map_or(0, |found| found.min(most))
}

fn tenths(figure: f64) -> Value {
    Value::Decimal((figure * 10.0).round() / 10.0)
}

fn hundredths(figure: f64) -> Value {
    Value::Decimal((figure * 100.0).round() / 100.0)
}

/// The day so many days from 2026-05-01.
fn date(mut days: i64) -> String {
    let (mut year, mut month) = (2026, 5);
    loop {
        let length = match month {
            2 => 28 + i64::from(year % 4 == 0),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        if days < length {
            return format!("{year}-{month:02}-{:02}", days + 1);
        }
        days -= length;
        (year, month) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    }
}

/// A customer by its number.
#[expect(clippy::too_many_lines, reason = "one list of all fields of a record")]
fn record(number: u64, gaps: Gaps) -> Record {
    let dice = &mut Dice(number.wrapping_mul(0xD134_2543_DE82_EF95));
    let good = dice.roll();
    let bad = 1.0 - good;
    let mut share = dice.roll();
    let of_share = |segment: &&(&str, f64, f64, f64, i64)| {
        share -= segment.1;
        share < 0.0
    };
    let (segment, _, least, most, seats_most) = *SEGMENTS.iter().find(of_share).unwrap_or(&SEGMENTS[2]);
    let arr = ((least + (most - least) * dice.roll().powi(2)) / 100.0).round() * 100.0;

    let mut record = Record::new();
    let mut put = |path: [&'static str; 3], value| record.push((Path(path), value));
    put(["customer_id", "", ""], Value::Text(format!("CUST-{:07}", number + 1)));
    let name = format!("{} {} {}", dice.pick(&FIRST), dice.pick(&SECOND), dice.pick(&SUFFIX));
    // A name that JSON and CSV have to escape.
    let name = if dice.roll() < 0.005 { format!("\"{name}\" \\ {number}") } else { name };
    put(["name", "", ""], Value::Text(name));
    put(["segment", "", ""], Value::Word(segment));
    let arr = if dice.roll() < 0.98 { Value::Whole(whole(arr)) } else { Value::Decimal(arr + 0.5) };
    put(["arr", "", ""], arr);
    put(["contract_end_date", "", ""], Value::Text(date(1 + dice.between(0, 930))));

    put(["usage", "login_frequency", ""], dice.near(100.0 * good, 0, 100, 25.0));
    put(["usage", "feature_adoption", ""], dice.near(100.0 * good, 0, 100, 30.0));
    put(["usage", "dau_mau_ratio", ""], hundredths((0.6 * good + (dice.roll() - 0.5) * 0.2).max(0.01)));

    put(["engagement", "support_ticket_volume", ""], dice.near(9.0 * bad, 0, 20, 3.0));
    put(["engagement", "meeting_attendance", ""], dice.near(100.0 * good, 0, 100, 25.0));
    put(["engagement", "nps_score", ""], dice.near(10.0 * good, 0, 10, 3.0));
    put(["engagement", "csat_score", ""], tenths((1.5 + 3.5 * good + dice.roll() - 0.5).clamp(1.0, 5.0)));

    put(["support", "open_tickets", ""], dice.near(16.0 * bad, 0, 40, 5.0));
    put(["support", "escalation_rate", ""], hundredths((0.4 * bad + (dice.roll() - 0.5) * 0.1).max(0.0)));
    put(["support", "avg_resolution_hours", ""], dice.near(100.0 * bad, 1, 240, 30.0));

    put(["relationship", "executive_sponsor_engagement", ""], dice.near(100.0 * good, 0, 100, 30.0));
    put(["relationship", "multi_threading_depth", ""], dice.near(6.0 * good, 0, 8, 2.0));
    let sentiment = match dice.roll() {
        luck if good + luck > 1.2 => "positive",
        luck if bad + luck > 1.3 => "negative",
        _ => dice.pick(&SENTIMENTS),
    };
    put(["relationship", "renewal_sentiment", ""], Value::Word(sentiment));

    let mut sum = 0.0;
    for dimension in ["usage_score", "engagement_score", "support_score", "relationship_score"] {
        let before = dice.near(100.0 * good, 0, 100, 30.0);
        if let Value::Whole(score) = before {
            sum += score as f64;
        }
        put(["previous_period", dimension, ""], before);
    }
    put(["previous_period", "overall_score", ""], tenths(sum / 4.0));

    put(["usage_decline", "login_trend", ""], dice.near(12.0 - 55.0 * bad, -60, 20, 14.0));
    put(["usage_decline", "feature_adoption_change", ""], dice.near(10.0 - 42.0 * bad, -50, 15, 12.0));
    put(["usage_decline", "dau_mau_change", ""], hundredths(0.05 - 0.3 * bad * dice.roll() - 0.08 * bad));

    put(["engagement_drop", "meeting_cancellations", ""], dice.near(4.5 * bad, 0, 8, 1.5));
    put(["engagement_drop", "response_time_days", ""], dice.near(1.0 + 8.0 * bad, 1, 21, 2.0));
    put(["engagement_drop", "nps_change", ""], dice.near(2.0 - 7.0 * bad, -9, 5, 2.0));

    put(["support_issues", "open_escalations", ""], dice.near(3.5 * bad - 0.6, 0, 6, 1.0));
    put(["support_issues", "unresolved_critical", ""], dice.near(2.6 * bad - 0.6, 0, 4, 1.0));
    let trend = at_most(bad * 3.2 + dice.roll(), 3);
    put(["support_issues", "satisfaction_trend", ""], Value::Word(SATISFACTION[trend]));

    put(["relationship_signals", "champion_left", ""], Value::Flag(dice.roll() < 0.55 * bad));
    put(["relationship_signals", "sponsor_change", ""], Value::Flag(dice.roll() < 0.5 * bad));
    put(["relationship_signals", "competitor_mentions", ""], dice.near(4.0 * bad - 0.8, 0, 7, 1.0));

    put(["commercial_factors", "contract_type", ""], Value::Word(dice.pick(&CONTRACTS)));
    put(["commercial_factors", "pricing_complaints", ""], Value::Flag(dice.roll() < 0.6 * bad));
    put(["commercial_factors", "budget_cuts_mentioned", ""], Value::Flag(dice.roll() < 0.55 * bad));

    let seats = dice.between(5, seats_most);
    let luck = dice.roll();
    let upper = if segment == "enterprise" { luck } else { 0.0 };
    let tier = at_most(dice.roll() * 2.2 + f64::from(u8::from(segment != "smb")) + upper, 3);
    let in_use = (0.25 + 0.9 * good + (dice.roll() - 0.5) * 0.3).min(1.05);
    put(["contract", "licensed_seats", ""], Value::Whole(seats));
    put(["contract", "active_seats", ""], Value::Whole(whole((seats as f64 * in_use).round()).max(0)));
    put(["contract", "plan_tier", ""], Value::Word(TIERS[tier]));
    let (from, to) = (tier.min(usize::from(dice.roll() < 0.5)), dice.pick(&[2, 3, 4]).max(tier + 1));
    put(["contract", "available_tiers", ""], Value::List(TIERS[from..to].to_vec()));

    let count = dice.between(2, 11);
    let shown = dice.sample(&MODULES[1..], count);
    for module in MODULES[..1].iter().chain(&shown) {
        let adopted = *module == MODULES[0] || dice.roll() < 0.15 + 0.75 * good;
        let used = if adopted { dice.near(100.0 * good, 1, 100, 35.0) } else { Value::Whole(0) };
        put(["product_usage", module, "adopted"], Value::Flag(adopted));
        put(["product_usage", module, "usage_pct"], used);
    }

    let count = dice.between(2, 9);
    let departments = dice.sample(&DEPARTMENTS, count);
    let (current, potential) = departments.split_at(1 + dice.position(departments.len() - 1));
    put(["departments", "current", ""], Value::List(current.to_vec()));
    put(["departments", "potential", ""], Value::List(potential.to_vec()));

    if gaps == Gaps::Some {
        if dice.roll() < 0.06 {
            let missing = dice.pick(&DROPPABLE);
            record.retain(|(path, _)| path.0[0] != missing);
        }
        if dice.roll() < 0.06 {
            let block = dice.pick(&DROPPABLE[..12]);
            let fields: Vec<&str> =
                record.iter().filter(|(path, _)| path.0[0] == block).map(|(path, _)| path.0[1]).collect();
            if !fields.is_empty() {
                let missing = dice.pick(&fields);
                record.retain(|(path, _)| path.0[0] != block || path.0[1] != missing);
            }
        }
    }
    record
}
