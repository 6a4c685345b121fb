//! What stands in the tables of each report, and where JSON has it.

use serde_json::{Value, json};

use super::AS_OF;
use super::cell::Kind::{
    self, Coverage, Days, Figure, Figures, KnownWord, Pair, Percent, Start, Tenth, Text, Unrecorded, Word,
};
use super::cell::{list, number};

/// A table as it must be.
pub struct Wanted {
    /// How its heading begins.
    pub heading: &'static str,
    /// Its first column.
    pub first: &'static str,
    /// What its rows show, in their order.
    pub rows: fn(&Value) -> Vec<Value>,
    /// Its columns, each with where its value stands in a row and how it is shown. Columns may be absent.
    pub columns: &'static [(&'static str, &'static str, Kind)],
}

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

pub const HEALTH: &[Wanted] = &[
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
            ("Attention", "/attention", KnownWord),
        ],
    },
];

pub const CHURN: &[Wanted] = &[
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
            ("Attention", "/attention", KnownWord),
            ("Data", "/churn/coverage", Coverage),
            ("Gravest warning", "/churn/warning_signals/0/signal", Text),
        ],
    },
];

pub const EXPAND: &[Wanted] = &[
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

const GROUPS: &[(&str, &str, Kind)] = &[
    ("csm", "/name", Text),
    ("segment", "/name", Text),
    ("Accounts", "/accounts", Figure),
    ("ARR", "/arr", Figure),
    ("Green", "/green/accounts", Figure),
    ("Yellow", "/yellow/accounts", Figure),
    ("Red", "/red/accounts", Figure),
    ("Average", "/average_score", Figure),
    ("ARR at risk", "/at_risk/arr", Figure),
    ("To act on", "/urgent_count", Figure),
    ("Renewals in 90 days", "/renewals_in_90_days/accounts", Figure),
    ("Est. expansion", "/estimated_pipeline", Figure),
];

/// Asked for with `--strategic`, `--by` and `--interventions`.
pub const REPORT: &[Wanted] = &[
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
        heading: "Overdue interventions",
        first: "Account",
        rows: |all| list(&all["report"]["overdue_interventions"]),
        columns: &[
            ("Account", "/name", Text),
            ("Id", "/customer_id", Text),
            ("ARR", "/arr", Figure),
            ("Play", "/play", Text),
            ("Owner", "/owner", Text),
            ("Status", "/status", Word),
            ("Due", "/due", Text),
            ("Days overdue", "/days_overdue", Figure),
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
        heading: "Renewal work that is due",
        first: "Account",
        rows: renewal_work,
        columns: &[
            ("Account", "/name", Text),
            ("Owner", "/csm", Text),
            ("ARR", "/arr", Figure),
            ("Due since", "/stage_due", Text),
            ("Stage", "/stage_days", Figure),
        ],
    },
    Wanted {
        heading: "Strategic accounts that are not ready",
        first: "Account",
        rows: unready,
        columns: &[
            ("Account", "/name", Text),
            ("Owner", "/csm", Text),
            ("ARR", "/arr", Figure),
            ("What is missing", "/missing", Text),
        ],
    },
    Wanted { heading: "By csm", first: "csm", rows: |all| groups(all, "csm"), columns: GROUPS },
    Wanted { heading: "By segment", first: "segment", rows: |all| groups(all, "segment"), columns: GROUPS },
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

/// What stands around the briefing on a page.
pub const PAGE: &[Wanted] = &[
    Wanted {
        heading: "At a glance",
        first: "Accounts",
        rows: |all| vec![tiles(&all["report"]["summary"])],
        columns: &[
            ("Accounts", "/health/total_customers", Figure),
            ("Accounts, note", "/onboarding", Figures),
            ("ARR", "/health/total_arr", Figure),
            ("Average health", "/health/average_score", Figure),
            ("Average health, note", "/health/average_score_by_arr", Figure),
            ("ARR at risk", "/churn/total_arr_at_risk", Figure),
            ("ARR at risk, note", "/share_at_risk", Figure),
            ("Renewals, 180 days", "/renewals/accounts", Figure),
            ("Renewals, 180 days, note", "/renewals/arr", Figure),
            ("GRR, next 12 months", "/retention/grr/base", Figure),
            ("GRR, next 12 months, note", "/grr", Figures),
            ("NRR, next 12 months", "/retention/nrr/base", Figure),
            ("NRR, next 12 months, note", "/nrr", Figures),
            ("Expansion pipeline", "/expansion/estimated_pipeline/base", Figure),
            ("Expansion pipeline, note", "/pipeline", Figures),
        ],
    },
    Wanted {
        heading: "Health by band",
        first: "",
        rows: |all| tallies(&all["report"]["summary"]["health"], &["green", "yellow", "red"]),
        columns: &[
            ("", "/name", Word),
            ("Accounts", "/accounts", Figure),
            ("Accounts 2", "/share", Figure),
            ("ARR", "/arr", Figure),
            ("ARR 2", "/share_of_arr", Figure),
        ],
    },
    Wanted {
        heading: "Expansion by play",
        first: "Play",
        rows: plays_in_report,
        columns: &[
            ("Play", "/label", Text),
            ("Est. revenue", "/estimated_revenue", Figure),
            ("Plays", "/opportunities", Figure),
        ],
    },
    Wanted {
        heading: "Dimensions of health by segment",
        first: "",
        rows: profiles,
        columns: &[
            ("", "/name", Word),
            ("Usage", "/usage", Figures),
            ("Engagement", "/engagement", Figures),
            ("Support", "/support", Figures),
            ("Relationship", "/relationship", Figures),
        ],
    },
    Wanted {
        heading: "All accounts",
        first: "Account",
        rows: ranked,
        columns: &[
            ("Account", "/health/name", Text),
            ("Id", "/health/customer_id", Text),
            ("Segment", "/health/segment", Word),
            ("Owner", "/action/csm", Text),
            ("ARR", "/action/arr", Figure),
            ("Health", "/health/overall_score", Figure),
            ("Band", "/health/classification", Word),
            ("Course", "/course", Pair),
            ("Trend", "/action/trend", Word),
            ("Profile", "/profile", Figures),
            ("Risk", "/action/risk_score", Figure),
            ("Churn risk", "/churn/risk_tier", Word),
            ("Renewal", "/renewal", Days),
            ("Attention", "/action/attention", Word),
            ("Expansion", "/pipeline", Figure),
        ],
    },
];

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
            "attention": attention(all, &health["customer_id"]),
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
    let onboarding = onboarding(all);
    let customers = list(&all["churn"]["customers"]);
    customers.into_iter().filter(|customer| !onboarding.contains(&customer["customer_id"])).collect()
}

/// The ids of the accounts that a report shows apart.
fn onboarding(all: &Value) -> Vec<Value> {
    list(&all["report"]["onboarding"]).iter().map(|account| account["customer_id"].clone()).collect()
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

/// The attention that an account asks for; nothing where it is onboarding, which a report shows apart.
fn attention(all: &Value, id: &Value) -> Value {
    let actions = all["report"]["actions"].as_array().expect("a list");
    actions.iter().find(|action| action["customer_id"] == *id).map_or(Value::Null, |action| action["attention"].clone())
}

/// The steps of the stage in which each renewal ahead is.
/// The renewals ahead that are in a stage.
fn renewal_work(all: &Value) -> Vec<Value> {
    renewals(all, true).into_iter().filter(|renewal| !list(&renewal["steps"]).is_empty()).collect()
}

fn unready(all: &Value) -> Vec<Value> {
    let mut accounts = list(&all["report"]["strategic_not_ready"]);
    for account in &mut accounts {
        let lacking = list(&account["lacking"]);
        account["missing"] = json!(lacking.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(", "));
    }
    accounts
}

fn groups(all: &Value, field: &str) -> Vec<Value> {
    list(&all["report"]["groups"]).into_iter().filter(|group| group["field"] == field).collect()
}

/// The sums of a report with the notes of its tiles.
fn tiles(summary: &Value) -> Value {
    let mut tiles = summary.clone();
    let (churn, retention) = (&summary["churn"], &summary["retention"]);
    tiles["onboarding"] = json!([summary["health"]["onboarding_count"]]);
    tiles["share_at_risk"] = json!(share(number(&churn["total_arr_at_risk"]), number(&churn["total_arr"])));
    tiles["renewals"] = list(&summary["renewal_windows"]).last().expect("a window")["renewals"].clone();
    for rate in ["grr", "nrr"] {
        let outlook = &retention[rate];
        tiles[rate] = json!([outlook["low"], outlook["high"], retention[format!("field_{rate}")]]);
    }
    tiles["pipeline"] = json!([retention["pipeline_coverage"], retention["pipeline_coverage_goal"]]);
    tiles
}

/// What each play of the accounts in a report adds up to.
fn plays_in_report(all: &Value) -> Vec<Value> {
    let onboarding = onboarding(all);
    let customers = list(&all["expand"]["customers"]).into_iter();
    let customers = customers.filter(|customer| !onboarding.contains(&customer["customer_id"]));
    let opportunities: Vec<Value> = customers.flat_map(|customer| list(&customer["opportunities"])).collect();
    let tally = |mut play: Value| {
        let of_play = || opportunities.iter().filter(|opportunity| opportunity["category"] == play["category"]);
        let (count, revenue) =
            (of_play().count(), of_play().map(|opportunity| number(&opportunity["estimated_revenue"])).sum::<f64>());
        play["opportunities"] = json!(count);
        play["estimated_revenue"] = json!(revenue);
        play
    };
    list(&all["expand"]["summary"]["plays"]).into_iter().map(tally).filter(|play| play["opportunities"] != 0).collect()
}

/// The mean score of a dimension of health over some accounts.
fn mean(accounts: &[&Value], dimension: &str) -> f64 {
    let scores = accounts.iter().map(|account| &account["health"]["dimensions"][dimension]["score"]);
    let scores: Vec<f64> = scores.filter_map(Value::as_f64).collect();
    scores.iter().sum::<f64>() / scores.len() as f64
}

const DIMENSIONS: [&str; 4] = ["usage", "engagement", "support", "relationship"];

/// The segment whose figures an account is held against.
fn profile_of(account: &Value) -> &str {
    let segment = account["health"]["segment"].as_str().expect("a segment");
    if ["enterprise", "mid-market", "smb"].contains(&segment) { segment } else { "mid-market" }
}

/// The accounts of a report, in the order of its actions.
fn listed(all: &Value) -> Vec<Value> {
    let accounts = accounts(all);
    let found = |action: &Value| {
        let is_it = |account: &&Value| account["health"]["customer_id"] == action["customer_id"];
        let mut account = accounts.iter().find(is_it).expect("an account").clone();
        account["action"] = action.clone();
        account
    };
    list(&all["report"]["actions"]).iter().map(found).collect()
}

fn profiles(all: &Value) -> Vec<Value> {
    let listed = listed(all);
    let of = |name: &str| listed.iter().filter(|account| profile_of(account) == name).collect::<Vec<_>>();
    let names = ["enterprise", "mid-market", "smb"].into_iter().filter(|name| !of(name).is_empty());
    let row = |name: &str| {
        let mut row = json!({ "name": name });
        for dimension in DIMENSIONS {
            let score = mean(&of(name), dimension);
            row[dimension] = json!([score, score - mean(&listed.iter().collect::<Vec<_>>(), dimension)]);
        }
        row
    };
    names.map(row).collect()
}

/// The accounts of a report with what its table of them shows.
fn ranked(all: &Value) -> Vec<Value> {
    let accounts = listed(all);
    let input = list(&all["input"]["customers"]);
    let row = |account: &Value| {
        let mut row = account.clone();
        let id = &account["health"]["customer_id"];
        let given = input.iter().find(|given| given["customer_id"] == *id).expect("an account");
        let previous = &given["previous_period"]["overall_score"];
        let score = &account["health"]["overall_score"];
        row["course"] = if previous.is_null() { Value::Null } else { json!([previous, score]) };
        let of_segment: Vec<&Value> =
            accounts.iter().filter(|other| profile_of(other) == profile_of(account)).collect();
        let scores = DIMENSIONS.map(|dimension| account["health"]["dimensions"][dimension]["score"].clone());
        let marks = DIMENSIONS.map(|dimension| json!(mean(&of_segment, dimension)));
        row["profile"] = json!([scores, marks].concat());
        let pipeline = account["expand"]["estimated_pipeline"]["base"].clone();
        row["pipeline"] = if number(&pipeline) > 0.0 { pipeline } else { Value::Null };
        row
    };
    accounts.iter().map(row).collect()
}
