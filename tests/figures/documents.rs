//! Documents made from templates.

use serde_json::{Value, json};

use super::cell::{Kind, are_figures, list, shows};
use super::csm;
use super::readers::{Page, Shown, read_markdown};

/// Accounts of each portfolio to look at.
const ACCOUNTS: usize = 8;

/// The dimensions of health, as documents call them, those for the team behind.
const DIMENSIONS: [&str; 4] = ["usage", "engagement", "support", "relationship"];

fn document(template: &str, audience: &str, id: &str, portfolio: (&str, &str)) -> Page {
    let arguments = ["--template", template, "--audience", audience, "--customer", id];
    read_markdown(std::str::from_utf8(&csm("report", portfolio, &arguments)).expect("UTF-8"))
}

/// The table whose first column has this title.
fn table<'p>(page: &'p Page, first: &str) -> Option<&'p Shown> {
    page.tables.iter().find(|table| table.columns.first().is_some_and(|column| column == first))
}

/// The cell of a row, by the first cell of it and the title of the column.
fn cell<'t>(table: &'t Shown, row: &str, column: &str) -> &'t str {
    let column = table.columns.iter().position(|title| title == column).unwrap_or_else(|| panic!("no column {column}"));
    let found = table.rows.iter().find(|cells| cells[0].eq_ignore_ascii_case(row));
    &found.unwrap_or_else(|| panic!("no row {row} in {table:?}"))[column]
}

/// The prep sheet: attention, scores, stake, dimensions and plays.
fn check_internal(page: &Page, account: &Value, what: &str) {
    let facts = page.tables.iter().find(|table| table.columns.iter().all(String::is_empty)).expect("facts");
    let fact = |label: &str| facts.rows.iter().find(|row| row[0] == label).map(|row| row[1].as_str());
    let action = &account["action"];
    let score = |key: &str| action[key].as_f64();
    let urgency = account["churn"]["urgency_multiplier"].as_f64().filter(|urgency| *urgency != 1.0);
    for (label, figures) in [
        ("Health", vec![score("overall_score")]),
        ("Churn risk", vec![score("risk_score"), urgency]),
        // An ARR of nothing is one that is not known.
        ("At stake", vec![score("stake"), score("arr").filter(|arr| *arr > 0.0)]),
    ] {
        let figures: Vec<f64> = figures.into_iter().flatten().collect();
        let shown = fact(label).unwrap_or_else(|| panic!("{what}: no {label}"));
        assert!(are_figures(shown, &figures), "{what}: {label}: {shown:?}, JSON has {figures:?}");
    }
    let attention = action["attention"].as_str().expect("a word");
    assert_eq!(fact("Attention"), Some(attention), "{what}");
    let parts = table(page, "Part").unwrap_or_else(|| panic!("{what}: no parts"));
    for dimension in DIMENSIONS {
        let (shown, score) = (cell(parts, dimension, "Now"), &account["health"]["dimensions"][dimension]["score"]);
        assert!(shows(shown, score, Kind::Figure), "{what}: {dimension}: {shown:?}, JSON has {score}");
    }
    let plays = list(&account["expand"]["opportunities"]);
    let shown = page.tables.iter().find(|table| table.columns.first().is_some_and(|column| column == "Play"));
    assert_eq!(shown.map_or(0, |table| table.rows.len()), plays.len(), "{what}");
    for (row, play) in shown.into_iter().flat_map(|table| &table.rows).zip(&plays) {
        for (column, key, kind) in [
            (1, "estimated_revenue", Kind::Figure),
            (2, "effort", Kind::Word),
            (3, "priority_score", Kind::Figure),
            (4, "rationale", Kind::Text),
        ] {
            assert!(shows(&row[column], &play[key], kind), "{what}: {row:?}, JSON has {play}");
        }
    }
}

/// The document for the customer: scores and bands of what the customer may see, unless too little of it was measured.
fn check_customer(page: &Page, account: &Value, what: &str) -> usize {
    let scores = table(page, "Health").unwrap_or_else(|| panic!("{what}: no health"));
    assert_eq!(scores.rows.len(), DIMENSIONS.len(), "{what}: what is for the team only is left out");
    let health = &account["health"];
    let absent =
        |part: &str| list(&health["absent"]).iter().filter_map(Value::as_str).any(|path| path.starts_with(part));
    let mut compared = 0;
    for (row, record, part) in [("Overall", health, "")]
        .into_iter()
        .chain(DIMENSIONS[..3].iter().map(|name| (*name, &health["dimensions"][name], *name)))
    {
        let score = if row == "Overall" { &record["overall_score"] } else { &record["score"] };
        let shown = [cell(scores, row, "Score"), cell(scores, row, "Band")];
        if shown == ["no figure", "–"] {
            assert!(absent(part), "{what}: {row} has no score, and nothing is absent");
            continue;
        }
        assert!(shows(shown[0], score, Kind::Figure), "{what}: {row}: {shown:?}, JSON has {score}");
        assert!(shows(shown[1], &record["classification"], Kind::Word), "{what}: {row}: {shown:?}");
        compared += 1;
    }
    compared
}

/// Checks documents of some accounts.
pub fn check_all(portfolio: (&str, &str), records: &Value) {
    let find = |value: &Value, id: &Value| list(value).into_iter().find(|record| record["customer_id"] == *id);
    let actions = list(&records["report"]["actions"]);
    let mut compared = 0;
    let step = (actions.len() / ACCOUNTS).max(1);
    for action in actions.iter().step_by(step) {
        let id = &action["customer_id"];
        let [health, churn, expand] =
            ["health", "churn", "expand"].map(|command| find(&records[command]["customers"], id));
        let account = json!({ "action": action, "health": health, "churn": churn, "expand": expand });
        let id = id.as_str().expect("an id");
        let what = format!("{} {id}", portfolio.0);
        check_internal(&document("qbr", "internal", id, portfolio), &account, &what);
        compared += check_customer(&document("qbr", "customer", id, portfolio), &account, &what);
    }
    assert!(compared >= 3 * ACCOUNTS, "only {compared} scores for customers were compared");
}
