//! Figures in sentences.

use serde_json::Value;

use super::cell::{are_figures, list, number};
use super::readers::{Reader, spoken};

/// A sentence with `{}` for each figure, and the figures.
struct Said {
    sentence: String,
    figures: Vec<f64>,
}

fn said(sentence: &str, figures: &[&Value]) -> Said {
    Said { sentence: sentence.to_owned(), figures: figures.iter().map(|figure| number(figure)).collect() }
}

/// A part of a whole; nothing where the whole is nothing.
fn share(part: &Value, whole: &Value) -> Value {
    let whole = number(whole);
    (if whole > 0.0 { number(part) / whole } else { 0.0 }).into()
}

fn health(summary: &Value) -> Vec<Said> {
    let [green, red] = ["green_count", "red_count"].map(|key| share(&summary[key], &summary["total_customers"]));
    let targets = "Green {} of accounts, usual target at least 60.0 %";
    vec![
        said(
            "{} accounts, ARR {}. Average score {}, weighted by ARR {}.",
            &["total_customers", "total_arr", "average_score", "average_score_by_arr"].map(|key| &summary[key]),
        ),
        said(targets, &[&green]),
        said("Red {}, usual target under 15.0 %", &[&red]),
    ]
}

fn churn(summary: &Value) -> Vec<Said> {
    let (at_risk, arr) = (&summary["total_arr_at_risk"], &summary["total_arr"]);
    vec![said("ARR at risk (critical and high) {}, {} of {}.", &[at_risk, &share(at_risk, arr), arr])]
}

fn expand(summary: &Value) -> Vec<Said> {
    let keys = ["total_customers", "total_arr", "total_opportunities", "total_estimated_revenue"];
    vec![said("{} accounts, ARR {}. {} plays, estimated revenue {} a year", &keys.map(|key| &summary[key]))]
}

fn report(report: &Value) -> Vec<Said> {
    let summary = &report["summary"];
    let mut all = health(&summary["health"]);
    all.extend(churn(&summary["churn"]));
    let retention = &summary["retention"];
    for (name, rate, field) in
        [("Gross retention (GRR)", "grr", "field_grr"), ("Net retention (NRR)", "nrr", "field_nrr")]
    {
        let outlook = &retention[rate];
        let figures = [&outlook["base"], &outlook["low"], &outlook["high"], &retention[field]];
        all.push(said(&format!("{name} {{}} (low {{}}, high {{}}), field median {{}}"), &figures));
    }
    let pipeline = &summary["expansion"]["estimated_pipeline"];
    let figures = ["base", "low", "high"].map(|case| &pipeline[case]);
    all.push(said("Expansion to propose, estimate {} (low {}, high {})", &figures));
    let coverage = [&retention["pipeline_coverage"], &retention["pipeline_coverage_goal"]];
    all.push(said("Pipeline coverage {} of the NRR target (the field median), goal {}", &coverage));
    let last = &summary["last_period"];
    let change = Value::from(number(&last["average_now"]) - number(&last["average_before"]));
    let mut figures = vec![&last["accounts"], &last["average_before"], &last["average_now"], &change];
    for band in ["green", "yellow", "red"] {
        figures.extend(["before", "now"].map(|when| &last[when][band]["accounts"]));
    }
    let sentence = "Against the last period ({} accounts with both scores) average {} → {} ({}), green {} → {}, \
                    yellow {} → {}, red {} → {}.";
    all.push(said(sentence, &figures));
    for action in list(&report["actions"]).iter().filter(|action| action["attention"] != "low") {
        let [name, id, attention] =
            ["name", "customer_id", "attention"].map(|key| action[key].as_str().expect("a text"));
        if action["stake"].is_number() && attention != "not_scored" {
            let title = format!("{name} ({id}) attention {}{}", attention[..1].to_uppercase(), &attention[1..]);
            all.push(said(&format!("{title} {{}} at stake of {{}} renewal"), &[&action["stake"], &action["arr"]]));
        }
    }
    for group in list(&report["groups"]).iter().filter(|group| group["urgent_count"] != 0) {
        let name = group["name"].as_str().unwrap_or("unknown");
        let figures = [&group["urgent_count"], &group["accounts"], &group["at_risk"]["arr"]];
        let accounts = if figures[0] == 1 { "account" } else { "accounts" };
        all.push(said(&format!("{name} {{}} {accounts} to act on of {{}}, ARR at risk {{}}"), &figures));
    }
    all
}

/// What stands beside the bars of a terminal.
fn bars(command: &str, records: &Value) -> Vec<Said> {
    let tables = match command {
        "health" => super::tables::HEALTH,
        "churn" => super::tables::CHURN,
        "expand" => super::tables::EXPAND,
        _ => super::tables::REPORT,
    };
    let bars = tables.iter().filter(|table| ["Band", "Tier", "Play"].contains(&table.first));
    let rows = bars.flat_map(|table| (table.rows)(records));
    let row = |row: Value| {
        if row["label"].is_string() {
            let figures = ["opportunities", "estimated_revenue", "share"].map(|key| &row[key]);
            return said(&format!("{} {{}} {{}} {{}}", row["label"].as_str().expect("a label")), &figures);
        }
        let name = row["name"].as_str().expect("a name");
        let figures = ["accounts", "share", "arr", "share_of_arr"].map(|key| &row[key]);
        said(&format!("{}{} {{}} {{}} {{}} {{}}", name[..1].to_uppercase(), &name[1..]), &figures)
    };
    rows.map(row).collect()
}

/// What a page says beside its drawings.
fn drawn(records: &Value) -> Vec<Said> {
    let report = &records["report"];
    let point = |action: &Value| {
        let figures = ["overall_score", "risk_score", "arr"].map(|key| &action[key]);
        let name = action["name"].as_str().expect("a name");
        figures
            .iter()
            .all(|figure| figure.is_number())
            .then(|| said(&format!("{name} health {{}} churn risk {{}} ARR {{}}"), &figures))
    };
    let points = list(&report["actions"]);
    points.iter().filter_map(point).chain(time_line(report)).collect()
}

/// What stands beside a time line of more marks than this is said by week.
const CROWDED: usize = 60;

/// The renewals that lie ahead: each, or the sum of those of a week and a tier.
fn time_line(report: &Value) -> Vec<Said> {
    let ahead: Vec<Value> = list(&report["renewals"])
        .into_iter()
        .filter(|renewal| renewal["decided"].as_str().expect("a day") >= super::AS_OF)
        .collect();
    let mark = |renewal: &Value| {
        let [name, tier, day] = ["name", "risk_tier", "decided"].map(|key| renewal[key].as_str().expect("a text"));
        let tier = format!("{}{}", tier[..1].to_uppercase(), &tier[1..]);
        said(&format!("{name} ARR {{}} churn risk {tier} decided {day}"), &[&renewal["arr"]])
    };
    if ahead.len() <= CROWDED {
        return ahead.iter().map(mark).collect();
    }
    let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
    let first = day(super::AS_OF);
    let mut sums = std::collections::BTreeMap::<(chrono::NaiveDate, &str), f64>::new();
    for renewal in &ahead {
        let days = (day(renewal["decided"].as_str().expect("a day")) - first).num_days();
        let tier = match renewal["risk_tier"].as_str() {
            Some("critical" | "high") => "Critical or high churn risk",
            Some("medium") => "Medium",
            Some(_) => "Low",
            None => "Not scored",
        };
        *sums.entry((first + chrono::Duration::days(days / 7 * 7), tier)).or_default() += number(&renewal["arr"]);
    }
    let sum = |((week, tier), arr)| Said { sentence: format!("{week}, {tier} {{}}"), figures: vec![arr] };
    sums.into_iter().map(sum).collect()
}

/// Whether a sentence stands in the words, with its figures.
fn is_said(words: &str, said: &Said) -> bool {
    let sentence = spoken(&said.sentence);
    let mut parts = sentence.split("{}");
    let first = parts.next().expect("a part");
    let rest: Vec<&str> = parts.collect();
    // A sentence that begins with a figure is found by what follows it.
    let (anchor, before) = if first.is_empty() { (rest[0], true) } else { (first, false) };
    words.match_indices(anchor).any(|(place, _)| {
        let start = if before { words[..place].rfind(' ').map_or(0, |space| space + 1) } else { place + first.len() };
        let mut behind = &words[start..];
        let mut figures = String::new();
        for part in &rest {
            // Where no word follows, the figure ends at its sign.
            let end = if part.trim().is_empty() { Some(figure_end(behind)) } else { behind.find(part) };
            let Some(end) = end.filter(|end| *end <= MOST_DIGITS) else { return false };
            figures.push_str(&behind[..end]);
            figures.push(' ');
            let Some(following) = behind[end..].strip_prefix(part) else { return false };
            behind = following;
        }
        are_figures(&figures, &said.figures)
    })
}

/// Longer than this, with its currency, is no figure.
const MOST_DIGITS: usize = 20;

fn figure_end(words: &str) -> usize {
    let end = words.find(' ').unwrap_or(words.len());
    if words[end..].starts_with(" %") { end + 2 } else { end }
}

/// Checks the sentences of a report; how many figures were compared.
pub fn check(words: &str, command: &str, reader: &Reader, records: &Value, what: &str) -> usize {
    let summary = &records[command]["summary"];
    let mut all = match command {
        "health" => health(summary),
        "churn" => churn(summary),
        "expand" => expand(summary),
        _ => report(&records["report"]),
    };
    if !reader.has_bars {
        all.extend(bars(command, records));
    }
    if reader.format == "html" && command == "report" {
        all.extend(drawn(records));
    }
    for said in &all {
        assert!(is_said(words, said), "{what}: not said: {:?} with {:?}", said.sentence, said.figures);
    }
    all.iter().map(|said| said.figures.len()).sum()
}

#[test]
fn a_sentence_is_found_with_its_figures_only() {
    let words = spoken("It is so. 7 accounts, ARR: $976,000. Average score 62.9 · GRR: 81.8 % (low 72.9 %)");
    for (sentence, figures, is_there) in [
        ("{} accounts, ARR {}. Average", vec![7.0, 976_000.0], true),
        ("{} accounts, ARR {}. Average", vec![8.0, 976_000.0], false),
        ("{} accounts, ARR {}. Average", vec![7.0, 976_001.0], false),
        ("Average score {}", vec![62.9], true),
        ("Average score {}", vec![62.8], false),
        ("GRR: {} (low {})", vec![0.818, 0.729], true),
        ("GRR: {} (low {})", vec![0.818, 0.73], false),
        ("NRR: {}", vec![0.818], false),
    ] {
        let said = Said { sentence: sentence.to_owned(), figures };
        assert_eq!(is_said(&words, &said), is_there, "{sentence} {:?}", said.figures);
    }
}
